package site

import (
	"slices"
	"strings"
)

// conflictsPage is where sources disagree, each side with its source.
func conflictsPage(p *page) {
	p.Title, p.Lead = p.T("conflicts_title"), p.T("conflicts_lead")
	for _, kind := range []string{"value", "round_label", "definition"} {
		s := section{ID: strings.ReplaceAll(kind, "_", "-"), Title: p.T("conflict_" + kind), Lead: []string{p.T("conflict_" + kind + "_lead")}}
		for _, c := range p.d.campaigns {
			t := p.conflictTable(c, kind)
			if len(t.Rows) > 0 {
				s.Tables = append(s.Tables, t)
			}
		}
		if len(s.Tables) == 0 {
			s.After = []string{p.T("no_conflicts")}
		}
		p.Sections = append(p.Sections, s)
	}
	p.Sections = append(p.Sections, p.sumsSection())
}

func (p *page) conflictTable(c campaignRow, kind string) table {
	t := table{ID: "conflict-" + slug(kind) + "-" + slug(c.ID), Caption: p.T("conflict_caption_"+kind, p.campaignName(c))}
	if kind == "round_label" {
		t.Columns = []column{{Title: p.T("round")}, {Title: p.T("label")}, {Title: p.T("ordinal"), Class: "num"}, {Title: p.T("counting")}, {Title: p.T("publisher")}, {Title: p.T("published_on")}, {Title: p.T("remark")}}
	} else {
		t.Columns = []column{{Title: p.T("period")}, {Title: p.T("area")}, {Title: p.T("figure")}, {Title: p.T("says"), Class: "num"}, {Title: p.T("unit")}, {Title: p.T("judgement")}, {Title: p.T("publisher")}, {Title: p.T("published_on")}}
		if kind == "definition" {
			t.Columns = slices.Insert(t.Columns, 3, column{Title: p.T("counts")})
		}
	}
	before := ""
	for _, x := range p.d.conflicts {
		if x.Campaign != c.ID || x.Kind != kind {
			continue
		}
		source := cell{Text: x.Publisher, Href: external(x.URL), External: true}
		if x.Publisher == "" {
			source = p.plain(p.unknown("why_no_source"))
		}
		published := p.plain(p.dash(x.PublishedOn))
		published.Class = "day"
		group := x.PeriodID + "|" + x.AreaID + "|" + x.Stage + "|" + x.Metric
		if kind == "round_label" {
			group = x.PeriodID
		}
		r := row{}
		if group != before && before != "" {
			r.Class = "first"
		}
		before = group
		if kind == "round_label" {
			ordinal := p.figure(x.Ordinal, countKind, "", "why_unpublished")
			label := p.plain(p.dash(x.Label))
			label.Lang = "zh-Hans"
			r.Cells = []cell{{Text: x.PeriodID, Head: true}, label, ordinal, text(p.codeWord(x.Counting)), source, published, {Text: x.Note, Lang: p.remarkLang(x.Note)}}
			t.Rows = append(t.Rows, r)
			continue
		}
		judgement := p.T("set_aside")
		if x.IsHeld {
			judgement = p.T("held_side")
			r.Class = strings.TrimSpace(r.Class + " held")
		}
		if x.Doubt != "" {
			judgement += p.T("because", p.word("doubt_"+x.Doubt))
		}
		r.Cells = []cell{{Text: p.period("", x.PeriodID), Head: true}, text(p.areaName(x.Campaign, x.AreaID)), text(p.figureName(x.Stage, x.Metric)),
			p.figure(x.Value, kindOf(x.Metric), p.claimHref(x.Campaign, x.ClaimID), "why_unpublished"), text(p.unit(x.Metric)), text(judgement), source, published}
		if kind == "definition" {
			counts := p.universe(x.Universe)
			if counts == "" {
				counts = p.T("as_published")
			}
			r.Cells = slices.Insert(r.Cells, 3, text(counts))
		}
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}

// sumsSection is published totals beside the sum of their parts.
func (p *page) sumsSection() section {
	s := section{ID: "sums", Title: p.T("sums_title"), Lead: []string{p.T("sums_lead")}}
	t := table{ID: "sums-table", Caption: p.T("sums_caption"), Sortable: true, Columns: []column{{Title: p.T("area")}, {Title: p.T("period")}, {Title: p.T("figure")}, {Title: p.T("sum_of")}, {Title: p.T("total"), Class: "num"},
		{Title: p.T("parts_sum"), Class: "num"}, {Title: p.T("difference"), Class: "num"}, {Title: p.T("unit")}, {Title: p.T("parts_known")}, {Title: p.T("result")}}}
	for _, x := range p.d.sums {
		k := kindOf(x.Metric)
		parts := show(x.PartsKnown.v, countKind)
		if x.PartsExpected.known {
			parts = p.T("of", int(x.PartsKnown.v), int(x.PartsExpected.v))
		}
		page := p.to(factsPage(x.Campaign, x.PeriodID))
		t.Rows = append(t.Rows, row{Class: x.Status, Cells: []cell{{Text: p.areaName(x.Campaign, x.AreaID), Head: true}, {Text: p.period("", x.PeriodID), Href: page}, text(p.figureName(x.Stage, x.Metric)), text(p.word("sum_" + x.Kind)),
			p.figure(x.Total, k, "", "why_unpublished"), p.figure(x.PartsSum, k, "", "why_unpublished"), p.figure(x.Difference, k, "", "why_unpublished"), text(p.unit(x.Metric)), text(parts), text(p.word("sums_" + x.Status))}})
	}
	s.Tables = []table{t.finish()}
	return s
}

// coveragePage is what is published, and what is not.
func coveragePage(p *page) {
	p.Title, p.Lead = p.T("coverage_title"), p.T("coverage_lead")
	for _, c := range p.d.campaigns {
		s := section{ID: slug(c.ID), Title: p.campaignName(c)}
		if t := p.gridTable(c); len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
		s.Tables = append(s.Tables, p.coverageTable(c))
		p.Sections = append(p.Sections, s)
	}
}

// gridTable is every round of a province by figure: published, disputed, only within a
// span, or missing.
func (p *page) gridTable(c campaignRow) table {
	t := table{ID: "grid-" + slug(c.ID), Caption: p.T("grid_caption", p.campaignName(c)), Note: p.T("grid_note"), Columns: append([]column{{Title: p.T("round")}, {Title: p.T("held")}}, p.sixColumns()...)}
	for i := range t.Columns {
		t.Columns[i].Class = ""
	}
	if c.AreaID == "" {
		return t
	}
	cells := map[[3]string]cellRow{}
	for _, x := range p.d.cells {
		if x.Campaign == c.ID && x.AreaID == c.AreaID {
			cells[[3]string{x.Round, x.Stage, x.Metric}] = x
		}
	}
	for _, r := range p.d.rounds {
		if r.Campaign != c.ID {
			continue
		}
		x := row{Cells: []cell{{Text: r.Round, Head: true, Href: p.to("campaigns/"+slug(c.ID)+".html") + "#" + slug("round-"+r.Round)}, p.dayOf(r)}}
		if r.Position > 0 {
			x.Cells[0].Sub = p.T("of_series", r.Position)
		}
		for _, metric := range []string{"projects", "investment"} {
			for _, stage := range stages {
				x.Cells = append(x.Cells, p.gridCell(c, r, cells[[3]string{r.Round, stage, metric}], stage, metric))
			}
		}
		t.Rows = append(t.Rows, x)
	}
	return t.finish()
}

func (p *page) gridCell(c campaignRow, r roundRow, x cellRow, stage, metric string) cell {
	signs := map[string]string{"published": "●", "conflict": "◐", "span_only": "◌", "missing": "—"}
	status := x.Status
	if status == "" {
		status = "missing"
	}
	y := cell{Text: signs[status] + " " + p.word("coverage_"+status), Class: "status " + status}
	if status == "published" || status == "conflict" {
		for i, f := range p.d.facts {
			if f.Campaign == c.ID && f.Round == r.Round && f.AreaID == c.AreaID && f.Stage == stage && f.Metric == metric {
				y.Href = p.factHref(&p.d.facts[i])
				break
			}
		}
	}
	return y
}

func (p *page) coverageTable(c campaignRow) table {
	t := table{ID: "levels-" + slug(c.ID), Caption: p.T("levels_caption", p.campaignName(c)), Columns: []column{{Title: p.T("level")}, {Title: p.T("metric")}, {Title: p.T("stage")},
		{Title: p.T("in_series"), Class: "num"}, {Title: p.T("in_all"), Class: "num"}, {Title: p.T("figures"), Class: "num"}}}
	for _, x := range p.d.coverage {
		if x.Campaign != c.ID {
			continue
		}
		series := p.unknown("why_no_series")
		if x.Series.v > 0 {
			series = cell{Text: p.T("of", int(x.SeriesKnown.v), int(x.Series.v)), Value: machine(x.SeriesKnown.v), Class: "num"}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{{Text: p.word(x.Level), Head: true}, text(p.word(x.Metric)), text(p.word(x.Stage)), series,
			{Text: p.T("of", int(x.Known.v), int(x.Rounds.v)), Value: machine(x.Known.v), Class: "num"}, p.figure(x.Figures, countKind, "", "why_unknown")}})
	}
	return t.finish()
}

// campaignsPage lists the campaigns of the version.
func campaignsPage(p *page) {
	p.Title, p.Lead = p.T("campaigns_title"), p.T("campaigns_lead")
	t := table{ID: "campaigns", Caption: p.T("campaigns_caption"), Columns: []column{{Title: p.T("campaign")}, {Title: p.T("rounds"), Class: "num"}, {Title: p.T("facts_held"), Class: "num"}, {Title: p.T("first_round")}, {Title: p.T("last_round")}}}
	for _, c := range p.d.campaigns {
		facts, first, last := 0, "", ""
		for _, f := range p.d.facts {
			if f.Campaign == c.ID {
				facts++
			}
		}
		for _, r := range p.d.rounds {
			if r.Campaign == c.ID && r.HeldOn != "" {
				if first == "" {
					first = r.HeldOn
				}
				last = r.HeldOn
			}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{{Text: p.campaignName(c), Head: true, Href: p.to("campaigns/" + slug(c.ID) + ".html")}, {Text: show(float64(c.Rounds), countKind), Value: machine(float64(c.Rounds)), Class: "num"},
			{Text: show(float64(facts), countKind), Value: machine(float64(facts)), Class: "num"}, p.plain(p.dash(first)), p.plain(p.dash(last))}})
	}
	p.Sections = []section{{ID: "all", Title: p.T("campaigns_all"), Tables: []table{t.finish()}}}
}

// campaignPage is every round of a campaign, and every figure of its areas.
func campaignPage(p *page, c campaignRow) {
	p.Title, p.Kicker = p.T("campaign_title", p.campaignName(c)), p.T("campaign")
	p.Trail = []link{{p.T("nav_index"), p.to("index.html")}, {p.T("nav_campaigns"), p.to("campaigns.html")}}
	t := table{ID: "rounds", Caption: p.T("rounds_caption", p.campaignName(c)), Columns: append([]column{{Title: p.T("round")}, {Title: p.T("held")}, {Title: p.T("label")}}, p.sixColumns()...)}
	for _, r := range p.d.rounds {
		if r.Campaign != c.ID {
			continue
		}
		label := p.plain(p.dash(r.Label))
		label.Lang = "zh-Hans"
		if r.Label == "" {
			label.Lang = ""
		}
		x := row{ID: slug("round-" + r.Round), Cells: []cell{{Text: r.Round, Head: true, Href: p.to(factsPage(c.ID, r.Round))}, p.dayOf(r), label}}
		for _, metric := range []string{"projects", "investment"} {
			for _, stage := range stages {
				x.Cells = append(x.Cells, p.roundCell(c, r, stage, metric))
			}
		}
		if !p.hasFacts(c.ID, r.Round) {
			x.Cells[0].Href = ""
		}
		t.Rows = append(t.Rows, x)
	}
	s := section{ID: "rounds-all", Title: p.T("rounds"), Tables: []table{t.finish()}}
	if c.AreaID == "" {
		s.Lead = []string{p.T("many_provinces")}
	}
	p.Sections = []section{s}
	if c.ID != p.d.main.ID && c.AreaID != "" {
		p.Sections = append(p.Sections, p.conversionSection(c.ID, c.AreaID))
	}
	var facts []factRow
	for _, f := range p.d.facts {
		if f.Campaign == c.ID {
			facts = append(facts, f)
		}
	}
	p.Sections = append(p.Sections, section{ID: "figures", Title: p.T("figures_all"), Lead: []string{p.T("published_lead")}, Tables: []table{p.factTable("facts", p.T("figures_caption", p.campaignName(c)), facts, true)}})
}

func (p *page) hasFacts(campaign, period string) bool {
	return slices.ContainsFunc(p.d.claims, func(c claimRow) bool { return c.Campaign == campaign && c.PeriodID == period })
}

// roundCell is the province's figure of a round.
func (p *page) roundCell(c campaignRow, r roundRow, stage, metric string) cell {
	for i, f := range p.d.facts {
		if c.AreaID != "" && f.Campaign == c.ID && f.Round == r.Round && f.AreaID == c.AreaID && f.Stage == stage && f.Metric == metric && f.Universe == "as_published" && f.Method == "" {
			return p.factCell(&p.d.facts[i])
		}
	}
	return p.unknown("why_unpublished")
}
