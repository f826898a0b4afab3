package report

import (
	"database/sql"
	"fmt"
	"path"
	"strings"
	"time"
)

// Stalled is what the list of stalled projects is made of.
type Stalled struct {
	Lang      string
	Province  string
	AsOf      time.Time // the last day on which a project was seen to wait
	Synthetic bool
	Limit     int // projects of each transition that are listed; 0 for all
	Projects  []StalledProject
	From      Provenance
}

// StalledProject is a row of the mart stalled_projects.
type StalledProject struct {
	Transition string
	// InTransition and AtStakeInTransition are over all of the transition, listed or not.
	InTransition        int
	AtStakeInTransition sql.NullFloat64

	Position             sql.NullFloat64
	Name                 string
	Zone, ZoneEN         string
	City, CityEN         string
	Industry, Investor   string
	InvestmentYi, Stake  sql.NullFloat64
	Approximate          bool
	Since                sql.NullTime
	Waiting, Limit, Over sql.NullFloat64
	OverRatio            sql.NullFloat64
	LimitBasis           string
	Obstacle             string
	File, Sheet          string // the ledger
	Line                 sql.NullInt64
}

// Document sets the list out.
func (s Stalled) Document() Document {
	say := phrases(s.Lang)
	w := say.stalled
	province := s.Province
	if province == "" {
		province = say.province
	}
	t := Table{Name: w.sheet, Empty: w.empty, Columns: []Column{
		{"", w.position, Count, true}, {"", w.project, Text, true},
		{w.projectGroup, w.zone, Text, false}, {w.projectGroup, w.city, Text, false},
		{w.projectGroup, w.industry, Text, false}, {w.projectGroup, w.investor, Text, false},
		{w.waitGroup, w.since, Day, false}, {w.waitGroup, w.waiting, Count, false}, {w.waitGroup, w.limit, Count, false},
		{w.waitGroup, w.over, Count, false}, {w.waitGroup, w.overRatio, Ratio, false}, {w.waitGroup, w.basis, Text, false},
		{w.dealGroup, w.investment, Money, false}, {w.dealGroup, w.atStake, Money, false}, {w.dealGroup, w.obstacle, Text, false}, {w.dealGroup, w.ledger, Text, false},
	}}
	isAbout, isCut := false, false
	for i, p := range s.Projects {
		if i == 0 || s.Projects[i-1].Transition != p.Transition {
			listed := 0
			for _, other := range s.Projects {
				if other.Transition == p.Transition {
					listed++
				}
			}
			heading := fmt.Sprintf(w.heading, say.word(p.Transition), p.InTransition)
			if listed < p.InTransition {
				isCut = true
				heading += fmt.Sprintf(w.headingCut, listed)
			}
			if p.AtStakeInTransition.Valid {
				heading += fmt.Sprintf(w.headingMoney, p.AtStakeInTransition.Float64)
			}
			t.Rows = append(t.Rows, Row{Heading: heading})
		}
		isAbout = isAbout || p.Approximate
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			Number(p.Position), Words(p.Name), Words(name(s.Lang, p.Zone, p.ZoneEN)), Words(name(s.Lang, p.City, p.CityEN)), Words(p.Industry), Words(p.Investor),
			DayOf(p.Since), Number(p.Waiting), Number(p.Limit), Number(p.Over), Number(p.OverRatio), Words(say.word(p.LimitBasis)),
			About(Number(p.InvestmentYi), p.Approximate), About(Number(p.Stake), p.Approximate), Words(p.Obstacle), Words(p.place(w)),
		}})
	}
	notes := []string{w.definition, w.order, w.stake, w.observed}
	if isAbout {
		notes = append(notes, w.approximate)
	}
	if isCut {
		notes = append(notes, fmt.Sprintf(w.cut, s.Limit))
	}
	notes = append(notes, say.unknownNote)
	if s.Synthetic {
		notes = append(notes, say.syntheticNote)
	}
	asOf := ""
	if !s.AsOf.IsZero() {
		asOf = fmt.Sprintf(w.asOf, say.dayOf(s.AsOf))
	}
	return Document{
		Lang: s.Lang, Title: fmt.Sprintf(w.title, province), Synthetic: s.Synthetic, AsOf: asOf, Unit: w.unit,
		Tables: []Table{t}, Notes: notes, Source: say.sourceLine(s.From), Made: s.From.Made,
	}
}

// place is where the ledger tells of the project. The folder that the ledger lay in is
// nobody's business who is sent the list.
func (p StalledProject) place(w stalledWords) string {
	var parts []string
	if p.File != "" {
		parts = append(parts, path.Base(p.File))
	}
	if p.Sheet != "" {
		parts = append(parts, p.Sheet)
	}
	if p.Line.Valid {
		parts = append(parts, fmt.Sprintf(w.line, p.Line.Int64))
	}
	return strings.Join(parts, " / ")
}
