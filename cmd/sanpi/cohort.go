package main

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/export"
)

// ledgers draws what became of the ledgers' rows, and the cohorts that they make.
func (s screen) ledgers() error { return s.ledgersAt("province,city,zone") }

// ledgersAt does so with the cohorts of areas of some levels.
func (s screen) ledgersAt(levels string) error {
	sheets, err := s.ledgerSheets()
	if err != nil {
		return err
	}
	if len(sheets) == 0 {
		fmt.Fprintln(s.out, s.say.noLedgers)
		return nil
	}
	fmt.Fprintln(s.out, s.say.ledgersTitle)
	err = s.draw(func(bool) *export.Table {
		t := export.NewTable(export.Header{Title: s.say.file, Whole: true}, export.Header{Title: s.say.asOfDay, Whole: true, Spare: 4},
			export.Header{Title: s.say.read, Right: true, Spare: 3}, export.Header{Title: s.say.loaded, Right: true, Whole: true},
			export.Header{Title: s.say.quarantined, Right: true, Whole: true}, export.Header{Title: s.say.duplicates, Right: true, Spare: 2})
		for _, x := range sheets {
			t.Row(x.name(s.say), day(x.asOf), count(x.read), count(x.loaded), count(x.quarantined), count(x.duplicates))
		}
		return t
	})
	if err != nil {
		return err
	}
	if err := s.reasons(); err != nil {
		return err
	}
	fmt.Fprintln(s.out)
	return s.cohorts(levels)
}

type ledgerSheet struct {
	file, sheet                           string
	asOf                                  sql.NullTime
	synthetic                             bool
	read, loaded, quarantined, duplicates sql.NullFloat64
}

// name is what a sheet is called; a synthetic one never without saying so.
func (x ledgerSheet) name(say phrasebook) string {
	name := x.file
	if x.sheet != "" {
		name += " / " + x.sheet
	}
	if x.synthetic {
		name += " " + say.synthetic
	}
	return name
}

func (s screen) ledgerSheets() ([]ledgerSheet, error) {
	return query(s, "ledgers", func(scan scanner) (ledgerSheet, error) {
		var x ledgerSheet
		return x, scan(&x.file, text(&x.sheet), &x.asOf, &x.synthetic, &x.read, &x.loaded, &x.quarantined, &x.duplicates)
	})
}

// reasons says why rows were kept back, and what is marked.
func (s screen) reasons() error {
	type row struct {
		what, reason string
		rows         sql.NullFloat64
	}
	rows, err := query(s, "reasons", func(scan scanner) (row, error) {
		var r row
		return r, scan(&r.what, &r.reason, &r.rows)
	})
	if err != nil {
		return err
	}
	for _, what := range []struct{ code, title string }{{"quarantine", s.say.keptBack}, {"flags", s.say.marked}} {
		var parts []string
		for _, r := range rows {
			if r.what == what.code {
				parts = append(parts, fmt.Sprintf("%s %s", r.reason, count(r.rows)))
			}
		}
		if len(parts) > 0 {
			fmt.Fprintln(s.out, what.title, strings.Join(parts, ", "))
		}
	}
	return nil
}

// cohorts draws the share of the signed projects that started and were
// commissioned, with its interval.
func (s screen) cohorts(levels string) error {
	type row struct {
		level, area, areaEN           string
		synthetic                     bool
		asOf                          sql.NullTime
		signed, started, commissioned sql.NullFloat64
		start, startLow, startHigh    sql.NullFloat64
		whole, wholeLow, wholeHigh    sql.NullFloat64
	}
	rows, err := query(s, "cohorts", func(scan scanner) (row, error) {
		var r row
		return r, scan(&r.level, &r.area, text(&r.areaEN), &r.synthetic, &r.asOf, &r.signed, &r.started, &r.start, &r.startLow,
			&r.startHigh, &r.commissioned, &r.whole, &r.wholeLow, &r.wholeHigh)
	}, sql.Named("levels", levels))
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		fmt.Fprintln(s.out, s.say.noCohorts)
		return nil
	}
	fmt.Fprintln(s.out, s.say.cohortsTitle)
	interval := func(v, low, high sql.NullFloat64) string {
		if !v.Valid {
			return "·"
		}
		return fmt.Sprintf("%s [%s, %s]", ratio(v), ratio(low), ratio(high))
	}
	return s.draw(func(full bool) *export.Table {
		headers := []export.Header{{Title: s.say.area, Whole: true}, {Title: s.say.asOfDay, Whole: true, Spare: 3},
			{Title: s.say.signed, Right: true, Whole: true}, {Title: s.say.started, Right: true, Whole: true}, {Title: s.say.startShare, Whole: true},
			{Title: s.say.commissioned, Right: true, Whole: true, Spare: 2}, {Title: s.say.commissionShare, Whole: true, Spare: 1}}
		if full {
			headers = append(headers, export.Header{Spare: 4})
		}
		t := export.NewTable(headers...)
		for _, r := range rows {
			name := r.area
			if s.lang == "en" && r.areaEN != "" {
				name = r.areaEN
			}
			if r.synthetic {
				name += " " + s.say.synthetic
			}
			cells := []string{name, day(r.asOf), count(r.signed), count(r.started), interval(r.start, r.startLow, r.startHigh),
				count(r.commissioned), interval(r.whole, r.wholeLow, r.wholeHigh)}
			if full {
				cells = append(cells, export.Bar(r.start.Float64, 1, barWidth))
			}
			t.Row(cells...)
		}
		return t
	})
}
