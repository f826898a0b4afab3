package site

import "slices"

// overview is the first page: the headline series, the conversions, what is known, and
// where to go on.
func overview(p *page) {
	d := p.d
	home := p.d.main.AreaID
	p.Kicker = p.T("overview_kicker")
	p.Title = p.T("overview_title", p.campaignName(d.main))
	p.Lead = p.T("overview_lead")
	slots := d.slots()
	if len(slots) == 0 || home == "" {
		p.Sections = append(p.Sections, section{ID: "series", Title: p.T("series_title"), Lead: []string{p.T("no_series")},
			Links: []link{{p.T("nav_campaigns"), p.to("campaigns/" + slug(d.main.ID) + ".html")}}})
	} else {
		p.Sections = append(p.Sections, section{ID: "glance", Title: p.T("glance_title"), Cards: p.glance(home, slots)})
		p.Sections = append(p.Sections, p.seriesSection(home, slots))
	}
	p.Sections = append(p.Sections, p.conversionSection(d.main.ID, home))
	if f, ok := p.knownMap("map-known"); ok {
		groups := []group{{Class: "maps", Figures: p.maps(f)}}
		p.Sections = append(p.Sections, section{ID: "map", Title: p.T("map_title"), Lead: []string{p.T("map_lead")}, Groups: groups,
			Links: []link{{p.T("map_table"), p.to("cities.html")}, {p.T("zones_table"), p.to("zones.html")}}})
	}
	p.Sections = append(p.Sections, section{ID: "doubt", Title: p.T("doubt_title"), Lead: []string{
		p.T("doubt_lead", show(d.counts.Claims.v, countKind), show(d.counts.Sources.v, countKind), show(d.counts.Facts.v, countKind), show(d.counts.Conflicts.v, countKind))},
		Links: []link{{p.T("doubt_conflicts"), p.to("conflicts.html")}, {p.T("doubt_coverage"), p.to("coverage.html")}, {p.T("doubt_data"), p.to("data.html")}, {p.T("doubt_sql"), p.to("sql.html")}}})
}

// glance says the last round and year that are known, and how much of the series is.
func (p *page) glance(home string, slots []roundRow) []card {
	d := p.d
	series := d.seriesOf(home)
	var cards []card
	for _, s := range slices.Backward(slots) {
		day := ""
		if s.HeldOn != "" {
			day = p.T("held_on", s.HeldOn)
		}
		c := card{Label: p.T("glance_round", s.Round, day), Note: p.T("glance_round_note"), Href: p.to("campaigns/"+slug(d.main.ID)+".html") + "#" + slug("round-"+s.Round)}
		any := false
		for _, stage := range stages {
			x := series[seriesKey{s.Position, stage, "projects"}]
			any = any || x.Value.known
			v := p.seriesCell(x)
			v.Sub = p.word(stage)
			c.Cells = append(c.Cells, v)
		}
		if any {
			cards = append(cards, c)
			break
		}
	}
	var years []conversionRow
	for _, c := range d.flows(d.main.ID, home) {
		if c.Period == "annual" && c.Universe == "as_published" {
			years = append(years, c)
		}
	}
	if len(years) > 0 {
		y := years[len(years)-1]
		c := card{Label: p.T("glance_year", y.PeriodID), Note: p.T("glance_year_note")}
		for i, v := range []num{y.Signed, y.Started, y.Commissioned} {
			x := p.figure(v, countKind, p.flowFigureHref(y, stages[i], "projects"), "why_unknown", p.marks(y.HasConflict, false, y.HasDoubt, y.HasApproximate)...)
			x.Sub = p.word(stages[i])
			c.Cells = append(c.Cells, x)
		}
		cards = append(cards, c)
	}
	known := map[string]int{}
	for _, s := range slots {
		for _, metric := range []string{"projects", "investment"} {
			for _, stage := range stages {
				if series[seriesKey{s.Position, stage, metric}].Value.known {
					known[metric]++
					break
				}
			}
		}
	}
	c := card{Label: p.T("glance_known"), Note: p.T("glance_known_note"), Href: p.to("coverage.html")}
	for _, metric := range []string{"projects", "investment"} {
		c.Cells = append(c.Cells, cell{Text: p.T("of", known[metric], len(slots)), Sub: p.word(metric), Class: "num", Href: p.to("coverage.html")})
	}
	return append(cards, c)
}

// seriesCell is a figure of the headline series.
func (p *page) seriesCell(x seriesRow) cell {
	href := ""
	switch {
	case x.Status == "derived":
		for _, r := range p.d.residuals {
			if r.Campaign == x.Campaign && r.AreaID == x.AreaID && r.Stage == x.Stage && r.Metric == x.Metric && slices.Equal(r.RoundsMissing, []string{x.Round}) {
				href = p.residualHref(r)
			}
		}
	case x.ClaimID != "":
		href = p.factHref(p.d.factOf[[2]string{x.Campaign, x.ClaimID}])
	}
	return p.figure(x.Value, kindOf(x.Metric), href, "why_unpublished", p.marks(x.Status == "conflict", x.Status == "derived", x.Doubt != "", x.Approximate)...)
}

// flowFigureHref leads a figure of a flow to its fact, and a sum of rounds to where it
// is added up.
func (p *page) flowFigureHref(c conversionRow, stage, metric string) string {
	if c.PeriodID == "all" || c.Basis == "ledger_cohort" {
		return p.ratioHref(c)
	}
	for i, f := range p.d.facts {
		if f.Campaign == c.Campaign && f.PeriodID == c.PeriodID && f.AreaID == c.AreaID && f.Universe == c.Universe && f.Stage == stage && f.Metric == metric && f.Method == "" {
			return p.factHref(&p.d.facts[i])
		}
	}
	return p.ratioHref(c)
}

// seriesSection draws the series of an area, and says it as a table.
func (p *page) seriesSection(area string, slots []roundRow) section {
	s := section{ID: "series", Title: p.T("series_title"), Lead: []string{p.T("series_lead")}}
	for _, metric := range []string{"projects", "investment"} {
		g := group{Class: "panels", Title: p.T("series_" + metric)}
		panels, blocks, most := p.panelData(area, metric, slots)
		for _, stage := range stages {
			g.Figures = append(g.Figures, p.panel("series-"+metric+"-"+stage, stage, metric, panels[stage], blocks[stage], most))
		}
		s.Groups = append(s.Groups, g)
	}
	s.Tables = append(s.Tables, p.seriesTable(area, slots))
	if t := p.spansTable(p.d.main.ID, area); len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	return s
}

func (p *page) panelData(area, metric string, rounds []roundRow) (panels map[string][]slot, blocks map[string][]block, most float64) {
	series := p.d.seriesOf(area)
	panels, blocks = map[string][]slot{}, map[string][]block{}
	for _, stage := range stages {
		for _, r := range rounds {
			x := series[seriesKey{r.Position, stage, metric}]
			s := slot{Round: r.Round, HeldOn: r.HeldOn, Status: x.Status, value: x.Value}
			if s.Status == "" {
				s.Status = "missing"
			}
			if x.Value.known {
				s.Value = x.Value.v
			}
			for _, m := range p.marks(x.Status == "conflict", x.Status == "derived", x.Doubt != "", x.Approximate) {
				s.marks += m.Sign
			}
			most = max(most, x.Value.v)
			panels[stage] = append(panels[stage], s)
		}
		for _, r := range p.d.residuals {
			if r.Campaign != p.d.main.ID || r.AreaID != area || r.Stage != stage || r.Metric != metric || r.Universe != "as_published" || len(r.RoundsMissing) < 2 || !r.Residual.known || r.Residual.v < 0 {
				continue
			}
			from := slices.IndexFunc(rounds, func(x roundRow) bool { return x.Round == r.RoundsMissing[0] })
			to := from + len(r.RoundsMissing) - 1
			if from < 0 || to >= len(rounds) || rounds[to].Round != r.RoundsMissing[len(r.RoundsMissing)-1] {
				continue // not next to each other in the series: the table says it
			}
			b := block{From: from, To: to, Value: r.Residual.v}
			for _, m := range p.marks(r.HasConflict, true, r.HasDoubt, r.HasApproximate) {
				b.marks += m.Sign
			}
			blocks[stage] = append(blocks[stage], b)
			most = max(most, r.Residual.v/float64(len(r.RoundsMissing)))
		}
	}
	return panels, blocks, most
}

// sixColumns are the columns of three stages in projects and in money.
func (p *page) sixColumns() []column {
	var all []column
	for _, metric := range []string{"projects", "investment"} {
		for _, stage := range stages {
			all = append(all, column{Title: p.word(stage), Group: p.T("head_" + metric), Class: "num"})
		}
	}
	return all
}

func (p *page) seriesTable(area string, slots []roundRow) table {
	t := table{ID: "series-table", Caption: p.T("series_caption", p.areaName(p.d.main.ID, area)), Columns: append([]column{{Title: p.T("round")}, {Title: p.T("held")}}, p.sixColumns()...)}
	series := p.d.seriesOf(area)
	for _, s := range slots {
		r := row{Cells: []cell{{Text: s.Round, Head: true, Href: p.to("campaigns/"+slug(p.d.main.ID)+".html") + "#" + slug("round-"+s.Round)}, p.dayOf(s)}}
		for _, metric := range []string{"projects", "investment"} {
			for _, stage := range stages {
				r.Cells = append(r.Cells, p.seriesCell(series[seriesKey{s.Position, stage, metric}]))
			}
		}
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}

// dayOf is the day of a round, or the days between which it fell.
func (p *page) dayOf(r roundRow) cell {
	switch {
	case r.HeldOn != "":
		return cell{Text: r.HeldOn, Class: "day"}
	case r.HeldFrom != "" && r.HeldTo != "":
		return cell{Text: r.HeldFrom + " – " + r.HeldTo, Class: "day", Sub: p.T("between")}
	}
	return p.plain(p.unknown("why_unpublished"))
}

// spansTable is what is published for years and spans, and what that leaves for the
// rounds that are missing.
func (p *page) spansTable(campaign, area string) table {
	t := table{ID: "spans", Caption: p.T("spans_caption"), Note: p.T("spans_note"), Columns: append([]column{{Title: p.T("period")}}, p.sixColumns()...)}
	for _, c := range p.d.conversionsOf(campaign, area, func(c conversionRow) bool {
		return c.Basis == "published_flow" && c.Universe == "as_published" && (c.Period == "annual" || c.Period == "cumulative")
	}) {
		r := row{Cells: []cell{{Text: p.period(c.Period, c.PeriodID), Head: true, Marks: p.marks(c.HasConflict, false, c.HasDoubt, c.HasApproximate)}}}
		for i, v := range []num{c.Signed, c.Started, c.Commissioned} {
			r.Cells = append(r.Cells, p.figure(v, countKind, p.flowFigureHref(c, stages[i], "projects"), "why_unpublished"))
		}
		for i, v := range []num{c.SignedInvestmentCny, c.StartedInvestmentCny, c.CommissionedInvestmentCny} {
			r.Cells = append(r.Cells, p.figure(v, moneyKind, p.flowFigureHref(c, stages[i], "investment"), "why_unpublished"))
		}
		t.Rows = append(t.Rows, r)
	}
	type key struct{ period, missing string }
	rests := map[key]map[[2]string]residualRow{}
	var order []key
	for _, r := range p.d.residuals {
		if r.Campaign != campaign || r.AreaID != area || r.Universe != "as_published" {
			continue
		}
		k := key{r.PeriodID, joined(r.RoundsMissing, " + ")}
		if rests[k] == nil {
			rests[k] = map[[2]string]residualRow{}
			order = append(order, k)
		}
		rests[k][[2]string{r.Stage, r.Metric}] = r
	}
	for _, k := range order {
		head := cell{Text: p.T("together_of", k.missing), Head: true}
		r := row{Class: "derived"}
		var conflict, doubt, about bool
		var cells []cell
		for _, metric := range []string{"projects", "investment"} {
			for _, stage := range stages {
				x := rests[k][[2]string{stage, metric}]
				conflict, doubt, about = conflict || x.HasConflict, doubt || x.HasDoubt, about || x.HasApproximate
				href := ""
				if x.Residual.known {
					href = p.residualHref(x)
				}
				cells = append(cells, p.figure(x.Residual, kindOf(metric), href, "why_unpublished"))
			}
		}
		head.Marks = p.marks(conflict, true, doubt, about)
		r.Cells = append([]cell{head}, cells...)
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}

func joined(parts []string, by string) string {
	s := ""
	for i, part := range parts {
		if i > 0 {
			s += by
		}
		s += part
	}
	return s
}

// conversionSection shows flow and cohort beside each other, and never mixed.
func (p *page) conversionSection(campaign, area string) section {
	s := section{ID: "conversion", Title: p.T("conversion_title"), Lead: []string{p.T("conversion_lead")}}
	flows := p.d.flows(campaign, area)
	flow := group{Class: "half", Title: p.T("flow_title"), Lead: p.T("flow_lead"), Badge: "flow", Empty: p.T("flow_empty")}
	if best := lastWhole(flows); best != nil {
		f := p.funnel("flow-funnel", *best)
		if best.Signed.known && best.Started.known && best.Commissioned.known {
			f.Caption = p.T("flow_latest", f.Caption)
		}
		flow.Figures = append(flow.Figures, f)
	}
	if len(flows) > 1 {
		flow.Figures = append(flow.Figures, p.conversionDots("flow-dots", flows))
	}
	cohort := group{Class: "half", Title: p.T("cohort_title"), Lead: p.T("cohort_lead"), Badge: "cohort", Empty: p.T("cohort_empty")}
	var cohorts []conversionRow
	if campaign == p.d.main.ID {
		cohorts = p.d.cohortsOf(area)
	}
	if len(cohorts) > 0 {
		if p.d.synthetic {
			cohort.Badge = "synthetic"
		}
		cohort.Figures = append(cohort.Figures, p.funnel("cohort-funnel", cohorts[len(cohorts)-1]))
		if len(cohorts) > 1 {
			cohort.Figures = append(cohort.Figures, p.conversionDots("cohort-dots", cohorts))
		}
	}
	s.Groups = []group{flow, cohort}
	if len(flows) > 0 {
		s.Tables = append(s.Tables, p.conversionTable("flows", p.T("flows_caption"), flows))
	}
	if len(cohorts) > 0 {
		s.Tables = append(s.Tables, p.conversionTable("cohorts", p.T("cohorts_caption"), cohorts))
	}
	return s
}

// lastWhole is the last round of which all three stages are published, or else any
// period of which they are; nil when there is none.
func lastWhole(rows []conversionRow) *conversionRow {
	var best *conversionRow
	for i, c := range rows {
		if c.Signed.known && c.Started.known && c.Commissioned.known && c.PeriodID != "all" &&
			(best == nil || c.Period == "round" && !c.HasDoubt || best.Period != "round") {
			best = &rows[i]
		}
	}
	if best == nil && len(rows) > 0 {
		best = &rows[0]
	}
	return best
}

// conversionTable is the ratios of an area by period.
func (p *page) conversionTable(id, caption string, rows []conversionRow) table {
	isCohort := rows[0].Basis == "ledger_cohort"
	k := ratioKind
	if isCohort {
		k = shareKind
	}
	t := table{ID: id, Caption: caption, Columns: []column{{Title: p.T("period")}, {Title: p.word("signed"), Class: "num"}, {Title: p.word("started"), Class: "num"}, {Title: p.word("commissioned"), Class: "num"},
		{Title: p.T("start_ratio"), Group: p.T("by_projects"), Class: "num"}, {Title: p.T("commission_ratio"), Group: p.T("by_projects"), Class: "num"}, {Title: p.T("overall_ratio"), Group: p.T("by_projects"), Class: "num"},
		{Title: p.T("start_ratio"), Group: p.T("by_investment"), Class: "num"}, {Title: p.T("commission_ratio"), Group: p.T("by_investment"), Class: "num"}}}
	counts := slices.ContainsFunc(rows, func(c conversionRow) bool { return !isCohort && p.universe(c.Universe) != "" })
	if isCohort {
		t.Columns[0].Title = p.T("signed_in")
		t.Note = p.T("interval_note")
	} else if counts {
		t.Columns = append(t.Columns, column{Title: p.T("counts")})
	}
	for _, c := range rows {
		href := p.ratioHref(c)
		r := row{Cells: []cell{{Text: p.periodLong(c), Head: true, Marks: p.marks(c.HasConflict, false, c.HasDoubt, c.HasApproximate && !isCohort)}}}
		if c.Synthetic {
			r.Class = "synthetic"
		}
		for i, v := range []num{c.Signed, c.Started, c.Commissioned} {
			r.Cells = append(r.Cells, p.figure(v, countKind, p.flowFigureHref(c, stages[i], "projects"), "why_unpublished"))
		}
		if isCohort {
			r.Cells = append(r.Cells, p.shareCell(c.StartRatio, c.StartCiLow, c.StartCiHigh, href), p.shareCell(c.CommissionRatio, c.CommissionCiLow, c.CommissionCiHigh, href),
				p.shareCell(c.OverallRatio, c.OverallCiLow, c.OverallCiHigh, href), p.figure(c.StartInvestmentRatio, shareKind, href, "why_no_base"), p.figure(c.CommissionInvestmentRatio, shareKind, href, "why_no_base"))
		} else {
			r.Cells = append(r.Cells, p.figure(c.StartRatio, k, href, "why_no_ratio"), p.figure(c.CommissionRatio, k, href, "why_no_ratio"), p.figure(c.OverallRatio, k, href, "why_no_ratio"),
				p.figure(c.StartInvestmentRatio, k, href, "why_no_ratio"), p.figure(c.CommissionInvestmentRatio, k, href, "why_no_ratio"))
			if counts {
				r.Cells = append(r.Cells, cell{Text: p.universe(c.Universe)})
			}
		}
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}
