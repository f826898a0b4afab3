package site

import (
	"slices"
	"strconv"
)

// progressPage is what ledgers tell month by month: rates, what has stalled, and the
// yearly assessment. Without ledgers it says so, and how to load them.
func progressPage(p *page) {
	d := p.d
	p.Title, p.Lead = p.T("progress_title"), p.T("progress_lead")
	if !d.hasLedger {
		p.Sections = []section{{ID: "empty", Title: p.T("progress_empty_title"), Lead: []string{p.T("progress_empty"), p.T("progress_empty_how")},
			Snippets: []snippet{{p.T("shell"), "sanpi ledger check ledger.xlsx\nsanpi run --ledger ledger.xlsx\nsanpi site public"}},
			Links:    []link{{p.T("flow_instead"), p.to("index.html") + "#conversion"}}}}
		return
	}
	last := d.lastMonth()
	if history := d.progressOf("province", d.main.AreaID); len(history) > 0 {
		p.Sections = append(p.Sections, section{ID: "rates", Title: p.T("rates_title", p.campaignName(d.main)), Lead: []string{p.T("rates_lead")}, Badge: p.syntheticBadge(),
			Groups: []group{{Class: "pairs", Figures: p.rateFigures(history)}}, Tables: []table{p.monthsTable(history)}})
	}
	if last != "" {
		s := section{ID: "bulletin", Title: p.T("bulletin_title", month(last)), Lead: []string{p.T("bulletin_lead")}, Badge: p.syntheticBadge()}
		for _, level := range []string{"zone_type", "city", "zone"} {
			if t := p.bulletinTable(level, last); len(t.Rows) > 0 {
				s.Tables = append(s.Tables, t)
			}
		}
		p.Sections = append(p.Sections, s)
	}
	p.Sections = append(p.Sections, p.stalledSection(), p.scorecardSection())
}

// lastMonth is the last month end of which a ledger speaks.
func (d *data) lastMonth() string {
	last := ""
	for _, p := range d.progress {
		if p.Reported {
			last = max(last, p.Month)
		}
	}
	return last
}

func (p *page) rateFigures(history []progressRow) []figure {
	figures := []figure{p.ratesFigure("rates-figure", history)}
	if len(p.d.cohorts) > 1 {
		figures = append(figures, p.cohortFigure())
	}
	return figures
}

// ratesFigure draws the three monthly rates of an area.
func (p *page) ratesFigure(id string, history []progressRow) figure {
	var months []string
	series := []lineSeries{{class: "started", label: p.T("start_rate")}, {class: "commissioned", label: p.T("commission_rate")}, {class: "target", label: p.T("target_rate")}}
	for _, h := range history {
		months = append(months, h.Month)
		series[0].values = append(series[0].values, h.StartRate)
		series[1].values = append(series[1].values, h.CommissionRate)
		series[2].values = append(series[2].values, h.TargetRate)
	}
	return p.lines(id, p.T("rates_figure"), months, series)
}

// cohortFigure draws the share of the projects signed by months since their signing.
func (p *page) cohortFigure() figure {
	series := []lineSeries{{class: "started", label: p.T("cohort_started")}, {class: "commissioned", label: p.T("cohort_commissioned")}}
	var months []string
	for _, c := range followed(p.d.cohorts) {
		months = append(months, strconv.Itoa(int(c.Months.v)))
		series[0].values = append(series[0].values, c.StartRatio)
		series[1].values = append(series[1].values, c.OverallRatio)
	}
	f := p.lines("cohort-months", p.T("cohort_months"), months, series)
	f.Note = p.T("cohort_months_note")
	return f
}

// followed are the months for which at least half of the projects have been followed. The
// share among the few that are older moves with each one that drops out, and a drawing of
// it would look like projects undone.
func followed(cohorts []cohortRow) []cohortRow {
	i := slices.IndexFunc(cohorts, func(c cohortRow) bool { return c.Observed.v < cohorts[0].Observed.v/2 })
	if i < 0 {
		return cohorts
	}
	return cohorts[:i]
}

// monthsTable is the history of an area, the last month first.
func (p *page) monthsTable(history []progressRow) table {
	t := table{ID: "month-table", Caption: p.T("months_caption"), Columns: append([]column{{Title: p.T("month")}}, p.rateColumns(false)...)}
	for _, h := range slices.Backward(history) {
		r := row{Cells: append([]cell{{Text: month(h.Month), Head: true}}, p.rateCells(h, false)...)}
		if p.d.synthetic {
			r.Class = "synthetic"
		}
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}

func (p *page) rateColumns(withRank bool) []column {
	start, commission, target := p.T("start_rate"), p.T("commission_rate"), p.T("target_rate")
	all := []column{{Title: p.word("signed"), Group: start, Class: "num"}, {Title: p.T("of_these_started"), Group: start, Class: "num"}, {Title: p.T("rate"), Group: start, Class: "num"}, {Title: p.T("change_points"), Group: start, Class: "num"}}
	if withRank {
		all = append(all, column{Title: p.T("rank"), Group: start, Class: "num"})
	}
	all = append(all, column{Title: p.word("started"), Group: commission, Class: "num"}, column{Title: p.T("of_these_commissioned"), Group: commission, Class: "num"}, column{Title: p.T("rate"), Group: commission, Class: "num"})
	if withRank {
		all = append(all, column{Title: p.T("rank"), Group: commission, Class: "num"})
	}
	return append(all, column{Title: p.T("expected"), Group: target, Class: "num"}, column{Title: p.T("actual"), Group: target, Class: "num"}, column{Title: p.T("rate"), Group: target, Class: "num"})
}

func (p *page) rateCells(h progressRow, withRank bool) []cell {
	why, href := "why_no_base", p.monthHref(h.Month)
	if !h.Reported {
		why, href = "why_silent", ""
	}
	cells := []cell{p.figure(h.Signed, countKind, href, why), p.figure(h.StartedOfSigned, countKind, href, why), p.figure(h.StartRate, shareKind, href, why), p.figure(h.StartChange, pointKind, href, "why_no_before")}
	if withRank {
		cells = append(cells, p.figure(h.StartRank, countKind, "", why))
	}
	cells = append(cells, p.figure(h.Started, countKind, href, why), p.figure(h.Commissioned, countKind, href, why), p.figure(h.CommissionRate, shareKind, href, why))
	if withRank {
		cells = append(cells, p.figure(h.CommissionRank, countKind, "", why))
	}
	return append(cells, p.figure(h.ExpectedOutputCny, moneyKind, href, why), p.figure(h.ActualOutputCny, moneyKind, href, why), p.figure(h.TargetRate, shareKind, href, why))
}

// bulletinTable is one month for the areas of a level.
func (p *page) bulletinTable(level, last string) table {
	t := table{ID: "bulletin-" + level, Caption: p.T("bulletin_caption_"+level, month(last)), Sortable: true, Columns: append([]column{{Title: p.T("col_" + level)}}, p.rateColumns(true)...)}
	ranked := "-"
	for _, h := range p.d.progress {
		if h.Level != level || h.Month != last {
			continue
		}
		if level == "zone" && h.RankedIn != ranked {
			ranked = h.RankedIn
			heading := p.T("no_type")
			if ranked != "" {
				heading = p.word(ranked)
			}
			t.Rows = append(t.Rows, row{Heading: heading})
		}
		head := cell{Text: h.Name, Head: true}
		if a := p.d.area[[2]string{p.d.main.ID, h.Key}]; a != nil {
			head = p.nameCell(a)
		} else {
			head.Text = p.word(h.Key)
		}
		r := row{Cells: append([]cell{head}, p.rateCells(h, true)...)}
		if p.d.synthetic {
			r.Class = "synthetic"
		}
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}

var transitions = []string{"signed_to_started", "started_to_commissioned", "commissioned_to_on_target"}

func (p *page) stalledSection() section {
	s := section{ID: "stalled", Title: p.T("stalled_title"), Lead: []string{p.T("stalled_lead")}, Badge: p.syntheticBadge()}
	for _, transition := range transitions {
		var rows []stalledRow
		for _, x := range p.d.stalled {
			if x.Transition == transition && x.Position.v <= stalledShown {
				rows = append(rows, x)
			}
		}
		if len(rows) == 0 {
			continue
		}
		money := "—"
		if rows[0].AtStakeInTransitionCny.known {
			money = show(rows[0].AtStakeInTransitionCny.v, moneyKind)
		}
		s.Tables = append(s.Tables, p.stalledTable("stalled-"+transition, p.T("stalled_caption", p.word(transition), show(rows[0].InTransition.v, countKind), money, len(rows)), rows, true))
	}
	if len(s.Tables) == 0 {
		s.After = []string{p.T("stalled_none")}
	}
	return s
}

// stalledOf is the stalled projects of a zone.
func (p *page) stalledOf(a *areaRow) (section, bool) {
	var rows []stalledRow
	for _, x := range p.d.stalled {
		if x.ZoneID == a.AreaID && x.ZonePosition.v <= stalledShownOfZone {
			rows = append(rows, x)
		}
	}
	if len(rows) == 0 {
		return section{}, false
	}
	return section{ID: "stalled", Title: p.T("stalled_title"), Lead: []string{p.T("stalled_lead")}, Badge: p.syntheticBadge(),
		Tables: []table{p.stalledTable("stalled-table", p.T("stalled_of_caption", len(rows), show(rows[0].InZone.v, countKind)), rows, false)}}, true
}

func (p *page) stalledTable(id, caption string, rows []stalledRow, withZone bool) table {
	t := table{ID: id, Caption: caption, Columns: []column{{Title: p.T("project")}, {Title: p.T("waits_for")}, {Title: p.T("at_stake"), Class: "num"}, {Title: p.T("since_day")},
		{Title: p.T("waiting"), Class: "num"}, {Title: p.T("limit"), Class: "num"}, {Title: p.T("over"), Class: "num"}, {Title: p.T("limit_basis")}, {Title: p.T("obstacle")}, {Title: p.T("ledger_place")}}}
	if withZone {
		t.Columns[1] = column{Title: p.T("zone")}
	}
	for _, x := range rows {
		name := cell{Text: x.Name, Head: true, Class: "name"}
		if p.lang == "en" {
			name.Lang = "zh-Hans"
		}
		second := text(p.word(x.Transition))
		if withZone {
			zone := p.d.area[[2]string{p.d.main.ID, x.ZoneID}]
			second = cell{Text: p.name(zone), Href: p.areaHref(zone), Class: "name"}
			if zone == nil {
				second = p.plain(p.unknown("why_no_zone"))
			}
		}
		obstacle := p.dash(x.Obstacle)
		obstacle.Class = "words"
		if p.lang == "en" && x.Obstacle != "" {
			obstacle.Lang = "zh-Hans"
		}
		r := row{Cells: []cell{name, second, p.figure(x.AtStakeCny, moneyKind, "", "why_unpublished", p.marks(false, false, false, x.Approximate)...), {Text: x.Since, Class: "day"},
			p.figure(x.WaitingDays, countKind, "", "why_unknown"), p.figure(x.LimitDays, countKind, "", "why_unknown"), p.figure(x.OverDays, countKind, "", "why_unknown"),
			text(p.word("limit_" + x.LimitBasis)), obstacle, {Text: p.T("line_of", x.ObservedOn, int(x.Line.v)), Class: "day", Href: p.monthHref(x.ObservedOn)}}}
		if p.d.synthetic {
			r.Class = "synthetic"
		}
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}

// scorecardSection is the last yearly assessment.
func (p *page) scorecardSection() section {
	s := section{ID: "scorecard", Title: p.T("scorecard_title"), Lead: []string{p.T("scorecard_lead")}, Badge: p.syntheticBadge()}
	if len(p.d.scores) == 0 {
		s.After = []string{p.T("scorecard_none")}
		return s
	}
	year := p.d.scores[len(p.d.scores)-1].Year
	t := table{ID: "scorecard-table", Caption: p.T("scorecard_caption", year), Note: p.T("scorecard_note"), Sortable: true, Columns: []column{{Title: p.T("zone")},
		{Title: p.T("rank"), Class: "num"}, {Title: p.T("rank_range"), Class: "num"}, {Title: p.T("rank_picture"), Class: "spark"}, {Title: p.T("score"), Class: "num"},
		{Title: p.T("pair_reserve"), Group: p.T("pairs"), Class: "num"}, {Title: p.T("pair_recruitment"), Group: p.T("pairs"), Class: "num"}, {Title: p.T("pair_construction"), Group: p.T("pairs"), Class: "num"}, {Title: p.T("pair_service"), Group: p.T("pairs"), Class: "num"},
		{Title: p.T("data_share"), Class: "num"}, {Title: p.word("projects"), Class: "num"}}}
	zoneType, apart := "-", 0
	for _, x := range p.d.scores {
		if x.Year != year {
			continue
		}
		if !x.Assessed {
			apart++
			continue
		}
		if x.ZoneType != zoneType {
			zoneType = x.ZoneType
			heading := p.T("no_type")
			if zoneType != "" {
				heading = p.word(zoneType)
			}
			t.Rows = append(t.Rows, row{Heading: heading})
		}
		t.Rows = append(t.Rows, p.scoreRow(x))
	}
	s.Tables = []table{t.finish()}
	if apart > 0 {
		s.After = []string{p.T("scorecard_apart", apart)}
	}
	return s
}

func (p *page) scoreRow(x scoreRow) row {
	head := cell{Text: x.ZoneID, Head: true}
	if a := p.d.area[[2]string{p.d.main.ID, x.ZoneID}]; a != nil {
		head = p.nameCell(a)
		head.Href += "#scorecard"
	}
	ranks := cell{Text: show(x.RankLow.v, countKind) + "–" + show(x.RankHigh.v, countKind), Class: "num"}
	if !x.RankLow.known || !x.RankHigh.known {
		ranks = p.unknown("why_no_base")
	}
	r := row{Cells: []cell{head, p.figure(x.Rank, countKind, "", "why_no_base"), ranks, {SVG: rankBar(x), Class: "spark"}, p.figure(x.Score, scoreKind, head.Href, "why_no_base")}}
	for _, v := range []num{x.ReserveScore, x.RecruitmentScore, x.ConstructionScore, x.ServiceScore} {
		r.Cells = append(r.Cells, p.figure(v, scoreKind, head.Href, "why_no_base"))
	}
	r.Cells = append(r.Cells, p.figure(x.Coverage, shareKind, "", "why_no_base"), p.figure(x.Projects, countKind, "", "why_no_base"))
	if p.d.synthetic {
		r.Class = "synthetic"
	}
	return r
}

// scoreOf is the assessments of a zone, and what the last rests on.
func (p *page) scoreOf(a *areaRow) (section, bool) {
	s := section{ID: "scorecard", Title: p.T("scorecard_title"), Lead: []string{p.T("scorecard_lead")}, Badge: p.syntheticBadge()}
	years := table{ID: "score-years", Caption: p.T("scores_caption"), Columns: []column{{Title: p.T("year_column")}, {Title: p.T("rank"), Class: "num"}, {Title: p.T("rank_range"), Class: "num"}, {Title: p.T("score"), Class: "num"}, {Title: p.T("remark")}}}
	for _, x := range p.d.scores {
		if x.ZoneID != a.AreaID {
			continue
		}
		full := p.scoreRow(x)
		r := row{Class: full.Class, Cells: []cell{{Text: strconv.Itoa(x.Year), Head: true}, full.Cells[1], full.Cells[2], p.figure(x.Score, scoreKind, "", "why_no_base"), text(p.codeWord(x.Reason))}}
		if x.Rank.known && x.RankedOf.known {
			r.Cells[1].Sub = p.T("out_of", int(x.RankedOf.v))
		}
		years.Rows = append(years.Rows, r)
	}
	if len(years.Rows) == 0 {
		return s, false
	}
	s.Tables = append(s.Tables, years.finish())
	t := table{ID: "indicators", Columns: []column{{Title: p.T("indicator")}, {Title: p.T("pair")}, {Title: p.T("value"), Class: "num"}, {Title: p.T("base"), Class: "num"}, {Title: p.T("score"), Class: "num"}, {Title: p.T("weight"), Class: "num"}}}
	for _, x := range p.d.indicators {
		if x.ZoneID != a.AreaID {
			continue
		}
		t.Caption = p.T("indicators_caption", x.Year)
		name := x.Name
		if p.lang == "en" && x.NameEN != "" {
			name = x.NameEN
		}
		value := p.unknown("why_no_base")
		if x.Value.known {
			value = cell{Text: strconv.FormatFloat(x.Value.v, 'f', 3, 64), Value: machine(x.Value.v), Class: "num"}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{{Text: name, Head: true}, text(p.T("pair_" + x.Pair)), value, p.figure(x.Base, countKind, "", "why_no_base"),
			p.figure(x.Score, scoreKind, "", "why_no_base"), p.figure(x.WeightUsed, scoreKind, "", "why_no_base")}})
	}
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t.finish())
	}
	return s, true
}
