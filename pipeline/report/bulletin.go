package report

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bulletin is what the monthly bulletin is made of.
type Bulletin struct {
	Lang      string
	Province  string // the campaign's area by name; "" when it has none
	Month     time.Time
	Level     string // of Areas: zone, city, zone_type or province
	Synthetic bool
	// First is set for the first month of the ledgers, which has none before it.
	First bool
	// Whole is the province, which heads the table of other levels.
	Whole []BulletinArea
	Areas []BulletinArea
	// Moves are the projects that moved the rates, the areas in the order of Areas and
	// the largest first, at most MovesShown of an area.
	Moves      []Move
	MovesShown int
	// Zones have reported before or do now; Silent are those that did not this month.
	Zones  int
	Silent []string
	From   Provenance
}

// BulletinArea is a row of the mart progress_bulletin. Rates and changes are shares,
// not per cent.
type BulletinArea struct {
	Name, NameEN string
	Type         string // the zone's type, in which it is ranked
	Part         bool   // a part of a zone
	Reported     bool
	Revised      bool

	Projects, Carried                       sql.NullFloat64
	Signed, StartedOfSigned                 sql.NullFloat64
	Started, Commissioned                   sql.NullFloat64
	Outputs, ExpectedYi, ActualYi           sql.NullFloat64
	StartRate, CommissionRate, TargetRate   sql.NullFloat64
	Before                                  sql.NullTime // the month with which it is compared
	StartChange, CommissionChange           sql.NullFloat64
	TargetChange                            sql.NullFloat64
	StartRank, CommissionRank, TargetRank   sql.NullFloat64
	RevisedStartRate, RevisedCommissionRate sql.NullFloat64
}

// Move is a project that moved the rates of an area.
type Move struct {
	Key          string // of the area
	Area, AreaEN string
	InArea       int // how many moved in the area, shown or not
	Project      string
	Moves        []string // codes of progress_moves
	InvestmentYi sql.NullFloat64
	AsOf         sql.NullTime
}

// isMissing reports whether no ledger speaks for the month.
func (b Bulletin) isMissing() bool {
	reported := func(a BulletinArea) bool { return a.Reported }
	return !slices.ContainsFunc(b.Whole, reported) && !slices.ContainsFunc(b.Areas, reported)
}

// Document sets the bulletin out.
func (b Bulletin) Document() Document {
	say := phrases(b.Lang)
	w := say.bulletin
	province := b.Province
	if province == "" {
		province = say.province
	}
	all := append(slices.Clone(b.Whole), b.Areas...)
	older := slices.ContainsFunc(all, b.isOlder)
	revised := slices.ContainsFunc(all, func(a BulletinArea) bool { return a.Revised || !a.Reported })
	notes := []string{w.definitions, w.basis + w.areaBasis}
	if b.Level == "zone" {
		notes = append(notes, w.rankZone)
	} else {
		notes = append(notes, w.rankOther)
	}
	if slices.ContainsFunc(b.Areas, func(a BulletinArea) bool { return a.Part }) {
		notes = append(notes, w.partNote)
	}
	notes = append(notes, w.changeNote)
	if older {
		notes[len(notes)-1] += w.olderNote
	}
	switch {
	case b.isMissing():
		notes = append(notes, w.missingMonth)
	case revised:
		notes = append(notes, w.revisedNote)
	default:
		notes = append(notes, w.unrevised)
	}
	if len(b.Silent) > 0 {
		notes = append(notes, fmt.Sprintf(w.silent, b.Zones, len(b.Silent), say.listed(b.Silent, 10, w.silentMore)))
	} else if b.Zones > 0 {
		notes = append(notes, fmt.Sprintf(w.allReported, b.Zones))
	}
	notes = append(notes, say.unknownNote)
	if b.Synthetic {
		notes = append(notes, say.syntheticNote)
	}
	return Document{
		Lang: b.Lang, Title: fmt.Sprintf(w.title, say.monthOf(b.Month), province), Synthetic: b.Synthetic,
		AsOf: fmt.Sprintf(w.asOf, say.dayOf(b.Month)), Unit: w.unit,
		Tables: []Table{b.rates(say, revised), b.moves(say)},
		Notes:  notes, Source: say.sourceLine(b.From), Made: b.From.Made,
	}
}

// rates is the table of the rates. Columns of revised rates are there when there are
// any.
func (b Bulletin) rates(say phrasebook, revised bool) Table {
	w := say.bulletin
	t := Table{Name: w.sheet, Caption: w.captions[b.Level], Empty: w.movesMissing, Columns: []Column{{Title: w.firstColumn[b.Level], Key: true}}}
	add := func(group string, columns ...Column) {
		for _, c := range columns {
			c.Group = group
			t.Columns = append(t.Columns, c)
		}
	}
	change, rank := Column{Title: w.change, Format: Points}, Column{Title: w.rank, Format: Count}
	add(w.start, Column{Title: w.signed, Format: Count}, Column{Title: w.startedOfSigned, Format: Count}, Column{Title: w.startRate, Format: Rate}, change, rank)
	if revised {
		add(w.start, Column{Title: w.revised, Format: Rate})
	}
	add(w.commission, Column{Title: w.started, Format: Count}, Column{Title: w.commissioned, Format: Count}, Column{Title: w.commissionRate, Format: Rate}, change, rank)
	if revised {
		add(w.commission, Column{Title: w.revised, Format: Rate})
	}
	add(w.target, Column{Title: w.outputs, Format: Count}, Column{Title: w.expected, Format: Money}, Column{Title: w.actual, Format: Money},
		Column{Title: w.targetRate, Format: Rate}, change, rank)
	add(w.report, Column{Title: w.projects, Format: Count}, Column{Title: w.carried, Format: Count}, Column{Title: w.status})

	for _, a := range b.Whole {
		r := b.row(a, say, revised, true)
		t.Rows = append(t.Rows, r)
	}
	for i, a := range b.Areas {
		if b.Level == "zone" && (i == 0 || b.Areas[i-1].Type != a.Type) {
			heading := w.noType
			if a.Type != "" {
				heading = say.word(a.Type)
			}
			t.Rows = append(t.Rows, Row{Heading: heading})
		}
		t.Rows = append(t.Rows, b.row(a, say, revised, false))
	}
	return t
}

// isOlder reports whether an area is compared with a month before the last.
func (b Bulletin) isOlder(a BulletinArea) bool {
	if !a.Before.Valid {
		return false
	}
	first := time.Date(b.Month.Year(), b.Month.Month(), 1, 0, 0, 0, 0, time.UTC)
	return a.Before.Time.Before(first.AddDate(0, -1, 0))
}

func (b Bulletin) row(a BulletinArea, say phrasebook, revised, total bool) Row {
	w := say.bulletin
	title := name(b.Lang, a.Name, a.NameEN)
	if b.Level == "zone_type" && !total {
		title = say.word(a.Name)
	}
	if total {
		title = fmt.Sprintf(w.total, title)
	}
	if b.isOlder(a) {
		title += "*"
	}
	// A province has no place among cities, nor one that stands alone.
	rank := Number
	if total || len(b.Areas) == 1 {
		rank = func(sql.NullFloat64) Cell { return Cell{} }
	}
	// What was not revised has no revised rate beside it.
	again := func(then, now sql.NullFloat64) Cell {
		if a.Reported && (!a.Revised || then == now) {
			return Cell{}
		}
		return Number(now)
	}
	cells := []Cell{Words(title), Number(a.Signed), Number(a.StartedOfSigned), Number(a.StartRate), PointsOf(a.StartChange), rank(a.StartRank)}
	if revised {
		cells = append(cells, again(a.StartRate, a.RevisedStartRate))
	}
	cells = append(cells, Number(a.Started), Number(a.Commissioned), Number(a.CommissionRate), PointsOf(a.CommissionChange), rank(a.CommissionRank))
	if revised {
		cells = append(cells, again(a.CommissionRate, a.RevisedCommissionRate))
	}
	status := w.missing
	if a.Reported {
		status = w.reported
	}
	cells = append(cells, Number(a.Outputs), Number(a.ExpectedYi), Number(a.ActualYi), Number(a.TargetRate), PointsOf(a.TargetChange), rank(a.TargetRank),
		Number(a.Projects), Number(a.Carried), Words(status))
	return Row{Cells: cells, Total: total}
}

// moves is the table of the projects behind the changes.
func (b Bulletin) moves(say phrasebook) Table {
	w := say.bulletin
	t := Table{
		Name: w.moveSheet, Caption: fmt.Sprintf(w.moves, b.MovesShown), Empty: w.movesNone,
		Columns: []Column{{Title: w.project, Key: true}, {Title: w.move}, {Title: w.investment, Format: Money}, {Title: w.ledgerDay, Format: Day}},
	}
	switch {
	case b.isMissing():
		t.Empty = w.movesMissing
	case b.First:
		t.Empty = w.movesFirst
	}
	for i, m := range b.Moves {
		if i == 0 || b.Moves[i-1].Key != m.Key {
			area := name(b.Lang, m.Area, m.AreaEN)
			if b.Level == "zone_type" {
				area = say.word(m.Area)
			}
			t.Rows = append(t.Rows, Row{Heading: fmt.Sprintf(w.moveArea, area, m.InArea)})
		}
		var words []string
		for _, code := range m.Moves {
			words = append(words, say.word(code))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{Words(m.Project), Words(strings.Join(words, say.list)), Number(m.InvestmentYi), DayOf(m.AsOf)}})
	}
	return t
}
