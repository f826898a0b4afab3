package main

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/export"
)

const barWidth = 8

// stageFigures are the three stages in projects and in 亿元.
type stageFigures struct {
	signed, started, commissioned       sql.NullFloat64
	signedYi, startedYi, commissionedYi sql.NullFloat64
	conflict                            bool
	derived                             bool
	doubt                               bool
}

func (s screen) trend() error {
	area := s.areaID
	if area == "" {
		area = s.home
	}
	if area == "" {
		fmt.Fprintf(s.out, s.say.noSeries, s.campaign)
		return nil
	}
	type row struct {
		stageFigures
		position int
		round    string
		held     sql.NullTime
		universe string
	}
	arg := sql.Named("area", area)
	rounds, err := query(s, "trend", func(scan scanner) (row, error) {
		var r row
		var code, zh string
		err := scan(&r.position, &r.round, &r.held, &r.signed, &r.started, &r.commissioned,
			&r.signedYi, &r.startedYi, &r.commissionedYi, &r.conflict, &r.derived, &r.doubt, text(&code), text(&zh))
		r.universe = s.universe(code, zh)
		return r, err
	}, arg)
	if err != nil {
		return err
	}
	if len(rounds) == 0 {
		fmt.Fprintf(s.out, s.say.noSeries, s.campaign)
		return nil
	}
	name := s.homeName
	if s.areaID != "" {
		name = s.areaName
	}
	fmt.Fprintf(s.out, s.say.trendTitle, name, s.campaign, len(rounds))
	most := 0.0
	for _, r := range rounds {
		most = max(most, r.signed.Float64, r.started.Float64, r.commissioned.Float64)
	}
	err = s.draw(func(full bool) *export.Table {
		bar := count
		if full {
			bar = func(v sql.NullFloat64) string { return s.bar(v, most) }
		}
		headers := []export.Header{{Title: s.say.round, Whole: true}, {Title: s.say.heldOn, Whole: true, Spare: 1},
			{Title: s.say.signed, Right: !full, Whole: true}, {Title: s.say.started, Right: !full, Whole: true},
			{Title: s.say.commissioned, Right: !full, Whole: true}, {Title: s.say.signedYi, Right: true, Spare: 2},
			{Title: s.say.startedYi, Right: true, Spare: 3}, {Title: s.say.commissionedYi, Right: true, Spare: 4}}
		if slices.ContainsFunc(rounds, func(r row) bool { return r.universe != "" }) {
			headers = append(headers, export.Header{Title: s.say.universe, Whole: true})
		}
		t := export.NewTable(headers...)
		for _, r := range rounds {
			cells := []string{r.round + r.marks(), day(r.held), bar(r.signed), bar(r.started), bar(r.commissioned),
				yi(r.signedYi), yi(r.startedYi), yi(r.commissionedYi), r.universe}
			t.Row(cells[:len(headers)]...)
		}
		return t
	})
	if err != nil {
		return err
	}
	return s.spans(arg)
}

// universe says what a figure counts, and nothing when it counts what its area
// and campaign say.
func (s screen) universe(code, zh string) string {
	if code == "as_published" {
		return ""
	}
	return s.name(zh, strings.ReplaceAll(code, "_", " "))
}

// spans draws the years and spans beside the rounds, in a table of their own:
// they are sums over several rounds and no round's figure.
func (s screen) spans(area sql.NamedArg) error {
	type row struct {
		stageFigures
		kind, label string
	}
	spans, err := query(s, "spans", func(scan scanner) (row, error) {
		var r row
		return r, scan(&r.kind, &r.label, &r.signed, &r.started, &r.commissioned, &r.signedYi, &r.startedYi, &r.commissionedYi, &r.conflict, &r.doubt)
	}, area)
	if err != nil || len(spans) == 0 {
		return err
	}
	fmt.Fprintf(s.out, "\n%s\n", s.say.spansTitle)
	err = s.draw(func(bool) *export.Table {
		t := export.NewTable(export.Header{Title: s.say.span, Whole: true}, export.Header{Title: s.say.signed, Right: true},
			export.Header{Title: s.say.started, Right: true}, export.Header{Title: s.say.commissioned, Right: true},
			export.Header{Title: s.say.signedYi, Right: true, Spare: 1}, export.Header{Title: s.say.startedYi, Right: true, Spare: 2},
			export.Header{Title: s.say.commissionedYi, Right: true, Spare: 3})
		for _, r := range spans {
			r.derived = r.kind == "residual"
			label := r.label
			if r.derived {
				label = fmt.Sprintf(s.say.together, label)
			}
			t.Row(label+r.marks(), count(r.signed), count(r.started), count(r.commissioned), yi(r.signedYi), yi(r.startedYi), yi(r.commissionedYi))
		}
		return t
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, s.say.marks)
	return err
}

func (s screen) zones() error  { return s.conversions(s.say.zonesTitle, "zone,zone_part") }
func (s screen) cities() error { return s.conversions(s.say.citiesTitle, "city") }

// mainConversions draws what a run ends with: the province, then its zones.
func (s screen) mainConversions() error {
	s.areaID = ""
	return s.conversions(s.say.conversionTitle, "province,city,zone,zone_part")
}

func (s screen) conversions(title, levels string) error {
	type row struct {
		level, area, areaEN, period, periodID string
		universe, universeZH                  string
		verified, conflict, doubt             bool
		rounds                                sql.NullInt32
		signed, started, commissioned         sql.NullFloat64
		start, commission, overall            sql.NullFloat64
	}
	rows, err := query(s, "conversion", func(scan scanner) (row, error) {
		var r row
		return r, scan(&r.level, &r.area, text(&r.areaEN), &r.verified, &r.period, &r.periodID, &r.universe, text(&r.universeZH), &r.rounds,
			&r.signed, &r.started, &r.commissioned, &r.start, &r.commission, &r.overall, &r.conflict, &r.doubt)
	}, sql.Named("levels", levels), sql.Named("area", s.areaID))
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, title)
	if len(rows) == 0 {
		fmt.Fprintln(s.out, s.say.none)
		return nil
	}
	return s.draw(func(full bool) *export.Table {
		headers := []export.Header{{Title: s.say.area, Whole: true}, {Title: s.say.period, Whole: true},
			{Title: s.say.signed, Right: true}, {Title: s.say.started, Right: true, Spare: 1},
			{Title: s.say.commissioned, Right: true, Spare: 2}, {Title: s.say.startRatio, Right: true, Spare: 3},
			{Title: s.say.commissionRatio, Right: true, Spare: 4}, {Title: s.say.overallRatio, Right: true, Spare: 5}}
		if slices.ContainsFunc(rows, func(r row) bool { return s.universe(r.universe, r.universeZH) != "" }) {
			headers = append(headers, export.Header{Title: s.say.universe, Whole: true})
		}
		t := export.NewTable(headers...)
		for _, r := range rows {
			name := s.name(r.area, r.areaEN)
			if !full {
				name = s.shortName(r.area, r.areaEN)
			}
			if !r.verified {
				name += " " + s.say.unverified
			}
			period := r.periodID
			if r.period == "all" {
				period = fmt.Sprintf(s.say.allRounds, r.rounds.Int32)
			}
			period += stageFigures{conflict: r.conflict, doubt: r.doubt}.marks()
			cells := []string{name, period, count(r.signed), count(r.started), count(r.commissioned),
				ratio(r.start), ratio(r.commission), ratio(r.overall), s.universe(r.universe, r.universeZH)}
			t.Row(cells[:len(headers)]...)
		}
		return t
	})
}

// coverageRow counts, for one level of areas, the rounds that are known.
type coverageRow struct {
	level, stage, metric string
	seriesKnown, series  int
	known, rounds        int
	figures              int
}

func (s screen) coverageRows() ([]coverageRow, error) {
	return query(s, "coverage", func(scan scanner) (coverageRow, error) {
		var r coverageRow
		return r, scan(&r.level, &r.stage, &r.metric, &r.seriesKnown, &r.series, &r.known, &r.rounds, &r.figures)
	})
}

func (s screen) coverage() error {
	rows, err := s.coverageRows()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, s.say.coverageTitle, s.campaign)
	return s.draw(func(full bool) *export.Table {
		headers := []export.Header{{Title: s.say.level, Whole: true}, {Title: s.say.metric, Whole: true}, {Title: s.say.stage, Whole: true},
			{Title: s.say.seriesRounds, Right: true}, {Title: s.say.allKnown, Right: true}, {Title: s.say.figures, Right: true, Spare: 1}}
		if full {
			headers = slices.Insert(headers, 5, export.Header{})
		}
		t := export.NewTable(headers...)
		for _, r := range rows {
			series := "·"
			if r.series > 0 {
				series = fmt.Sprintf(s.say.of, r.seriesKnown, r.series)
			}
			cells := []string{s.say.word(r.level), s.say.word(r.metric), s.say.word(r.stage), series,
				fmt.Sprintf(s.say.of, r.known, r.rounds), strconv.Itoa(r.figures)}
			if full {
				cells = slices.Insert(cells, 5, export.Bar(float64(r.known), float64(r.rounds), barWidth))
			}
			t.Row(cells...)
		}
		return t
	})
}

// coverageLines says in a sentence a metric how much of the series is known.
func (s screen) coverageLines() error {
	rows, err := s.coverageRows()
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, s.say.coverageLead)
	best := map[string]coverageRow{}
	for _, r := range rows {
		if r.level == "province" && (best[r.metric].metric == "" || r.seriesKnown > best[r.metric].seriesKnown) {
			best[r.metric] = r
		}
	}
	for _, metric := range []string{"projects", "investment", "annual_output"} {
		if r := best[metric]; r.series > 0 {
			fmt.Fprintf(s.out, s.say.coverageLine, r.seriesKnown, r.series, s.say.word(metric), r.known, r.rounds)
		}
	}
	return nil
}

// side is one side of a disagreement.
type side struct {
	kind, period, area, areaEN string
	universe, stage, metric    string
	value                      sql.NullFloat64
	label, counting            string
	ordinal                    sql.NullInt32
	held                       sql.NullBool
	publisher, url, doubt      string
	published                  sql.NullTime
}

func (s screen) sides(kind string) ([]side, error) {
	return query(s, "conflicts", func(scan scanner) (side, error) {
		var x side
		return x, scan(&x.kind, &x.period, text(&x.area), text(&x.areaEN), text(&x.universe), text(&x.stage), text(&x.metric), &x.value, text(&x.label),
			&x.ordinal, text(&x.counting), &x.held, text(&x.publisher), text(&x.url), &x.published, text(&x.doubt))
	}, sql.Named("kind", kind))
}

func (s screen) conflicts() error {
	sides, err := s.sides("")
	if err != nil {
		return err
	}
	if len(sides) == 0 {
		fmt.Fprintln(s.out, s.say.noConflicts)
		return nil
	}
	var pages addresses
	if err := s.drawSides(sides, &pages); err != nil {
		return err
	}
	fmt.Fprintln(s.out)
	for i, url := range pages {
		fmt.Fprintf(s.out, "[%d] %s\n", i+1, url)
	}
	return nil
}

// addresses numbers the pages that a drawing names, so that an address stands
// whole on a line of its own.
type addresses []string

func (a *addresses) mark(url string) string {
	if url == "" {
		return "·"
	}
	i := slices.Index(*a, url)
	if i < 0 {
		*a, i = append(*a, url), len(*a)
	}
	return fmt.Sprintf("[%d]", i+1)
}

// conflictLines is the short form for the end of a run: what differs in value,
// and the rounds whose number is disputed.
func (s screen) conflictLines() error {
	for _, kind := range []string{"value", "round_label"} {
		sides, err := s.sides(kind)
		if err != nil {
			return err
		}
		if err := s.drawSides(sides, nil); err != nil {
			return err
		}
	}
	return nil
}

// drawSides draws a table for each kind of disagreement, with the number of each
// page when pages are wanted.
func (s screen) drawSides(sides []side, pages *addresses) error {
	headers := []export.Header{{Title: s.say.period, Whole: true}, {Title: s.say.area, Whole: true, Spare: 2},
		{Title: s.say.figure, Whole: true}, {Title: s.say.says, Right: true}, {Whole: true}, {Title: s.say.publisher, Whole: true, Spare: 3},
		{Title: s.say.published, Whole: true, Spare: 4}, {Title: s.say.address, Whole: true, Spare: 1}}
	if pages == nil {
		headers = headers[:len(headers)-1]
	}
	for first := 0; first < len(sides); {
		kind := sides[first].kind
		if first > 0 {
			fmt.Fprintln(s.out)
		}
		fmt.Fprintln(s.out, s.say.conflictTitles[kind])
		begin := first
		for first < len(sides) && sides[first].kind == kind {
			first++
		}
		err := s.draw(func(bool) *export.Table {
			t := export.NewTable(headers...)
			for _, x := range sides[begin:first] {
				cells := s.sideCells(x)
				if pages != nil {
					cells = append(cells, pages.mark(x.url))
				}
				t.Row(cells...)
			}
			return t
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s screen) sideCells(x side) []string {
	figure, says, mark := s.say.word(x.stage)+" "+s.say.word(x.metric), number(x.value), ""
	if x.metric == "investment" || x.metric == "annual_output" || x.metric == "actual_output" {
		says += " " + s.say.yi
	}
	if x.universe != "" && x.universe != "as_published" {
		figure += " (" + x.universe + ")"
	}
	if x.kind == "round_label" {
		figure = x.label + " (" + s.say.word(x.counting) + ")"
		says = "·"
		if x.ordinal.Valid {
			says = fmt.Sprintf("№ %d", x.ordinal.Int32)
		}
	}
	if x.held.Valid && x.held.Bool && x.kind == "value" {
		mark = s.say.held
	} else if x.doubt != "" {
		mark = s.say.doubted
	}
	return []string{x.period, s.name(x.area, x.areaEN), strings.TrimSpace(figure), says, mark, x.publisher, day(x.published)}
}

func (f stageFigures) marks() string {
	marks := ""
	if f.conflict {
		marks += " †"
	}
	if f.derived {
		marks += " ‡"
	}
	if f.doubt {
		marks += " ?"
	}
	return marks
}

// bar writes a count and its bar; an unknown count has neither.
func (s screen) bar(v sql.NullFloat64, most float64) string {
	if !v.Valid {
		return "·"
	}
	return export.Pad(count(v), len(strconv.Itoa(int(most))), true) + " " + export.Bar(v.Float64, most, barWidth)
}

func count(v sql.NullFloat64) string {
	if !v.Valid {
		return "·"
	}
	return strconv.FormatInt(int64(v.Float64), 10)
}

func number(v sql.NullFloat64) string {
	if !v.Valid {
		return "·"
	}
	return strconv.FormatFloat(v.Float64, 'f', -1, 64)
}

// yi writes an amount in 亿元 with one decimal more than the press prints.
func yi(v sql.NullFloat64) string {
	if !v.Valid {
		return "·"
	}
	return strconv.FormatFloat(v.Float64, 'f', 2, 64)
}

func ratio(v sql.NullFloat64) string {
	if !v.Valid {
		return "·"
	}
	return strconv.FormatFloat(v.Float64, 'f', 3, 64)
}

func day(t sql.NullTime) string {
	if !t.Valid {
		return "·"
	}
	return t.Time.Format(time.DateOnly)
}
