package site

import (
	"slices"
)

// factView is the provenance of one number: what is held, why, and every claim for it.
type factView struct {
	ID, Title, Area, AreaHref string
	Value, Unit, Exact        string
	Facts                     []link // definitions: what is said of it, Text is the term and Href the text
	Formula                   []cell // of a derived number: what it is made of
	Claims                    []claimView
}

type claimView struct {
	ID, Says                string
	Held, IsOwn             bool
	Judgement               string
	Publisher, Origin       string
	Kind, Address, Href     string
	Published, Retrieved    string
	Locator, Quote, Remarks string
	AsPublished, Label      string
	QuoteLang, SHA256       string
	RemarkLang              string
}

// provenancePage says of every number of a period what it rests on.
func provenancePage(p *page, campaign campaignRow, period string) {
	d := p.d
	kind := ""
	for _, f := range d.facts {
		if f.Campaign == campaign.ID && f.PeriodID == period {
			kind = f.Period
			break
		}
	}
	p.Kicker = p.T("provenance_kicker")
	p.Title = p.T("provenance_title", p.campaignName(campaign), p.period(kind, period))
	p.Lead = p.T("provenance_lead")
	p.Trail = []link{{p.T("nav_index"), p.to("index.html")}, {p.campaignName(campaign), p.to("campaigns/" + slug(campaign.ID) + ".html")}}

	held := section{ID: "held", Title: p.T("facts_title")}
	told := map[string]bool{}
	for i, f := range d.facts {
		if f.Campaign == campaign.ID && f.PeriodID == period {
			v := p.factView(&d.facts[i])
			for _, c := range v.Claims {
				told[c.ID] = true
			}
			held.Facts = append(held.Facts, v)
		}
	}
	var aside []claimView
	for i, c := range d.claims {
		if c.Campaign == campaign.ID && c.PeriodID == period && !told[slug(c.ClaimID)] {
			aside = append(aside, p.claimView(&d.claims[i], false))
		}
	}
	if len(aside) > 0 {
		held.Facts = append(held.Facts, factView{ID: "aside", Title: p.T("aside_title"), Claims: aside})
	}
	if len(held.Facts) > 0 {
		p.Sections = append(p.Sections, held)
	}
	derived := section{ID: "derived", Title: p.T("derived_title"), Lead: []string{p.T("derived_lead")}}
	for _, c := range d.conversions {
		if c.Campaign == campaign.ID && c.PeriodID == period && c.Basis == "published_flow" {
			derived.Facts = append(derived.Facts, p.ratioView(c))
		}
	}
	for _, r := range d.residuals {
		if r.Campaign == campaign.ID && r.PeriodID == period {
			derived.Facts = append(derived.Facts, p.residualView(r))
		}
	}
	if len(derived.Facts) > 0 {
		p.Sections = append(p.Sections, derived)
	}
}

func (p *page) factView(f *factRow) factView {
	k := kindOf(f.Metric)
	a := p.d.area[[2]string{f.Campaign, f.AreaID}]
	v := factView{ID: factAnchor(f), Title: p.T("fact_title", p.areaName(f.Campaign, f.AreaID), p.figureName(f.Stage, f.Metric)), Value: "—", AreaHref: p.areaHref(a)}
	v.Area = p.areaName(f.Campaign, f.AreaID)
	if f.Value.known {
		v.Value, v.Unit, v.Exact = show(f.Value.v, k), p.unit(f.Metric), machine(f.Value.v)
	}
	say := func(key, what string) {
		if what != "" {
			v.Facts = append(v.Facts, link{p.T(key), what})
		}
	}
	say("agreement", p.T("agreement_line", p.word("agreement_"+f.Agreement), f.Claims, f.Voices))
	if f.Low.known && f.High.known && f.Low != f.High {
		say("range", show(f.Low.v, k)+" – "+show(f.High.v, k))
	}
	if f.Universe != "as_published" {
		say("counts", p.universe(f.Universe))
	}
	say("method", f.Method)
	if f.Approximate {
		say("about", p.T("mark_about"))
	}
	if f.Doubt != "" {
		say("doubt", p.word("doubt_"+f.Doubt))
	}
	for i, c := range p.d.claims {
		if c.Campaign == f.Campaign && c.PeriodID == f.PeriodID && c.AreaID == f.AreaID && c.Universe == f.Universe && c.Stage == f.Stage && c.Metric == f.Metric && c.Method == f.Method {
			v.Claims = append(v.Claims, p.claimView(&p.d.claims[i], c.ClaimID == f.ClaimID))
		}
	}
	slices.SortStableFunc(v.Claims, func(a, b claimView) int {
		switch {
		case a.Held && !b.Held:
			return -1
		case b.Held && !a.Held:
			return 1
		}
		return 0
	})
	return v
}

func (p *page) claimView(c *claimRow, held bool) claimView {
	v := claimView{ID: slug(c.ClaimID), Says: c.ValueAsPublished + " " + c.Unit, Held: held, Publisher: c.Publisher, Kind: p.codeWord(c.Kind), Address: c.URL, Href: external(c.URL),
		Published: c.PublishedOn, Retrieved: c.RetrievedAt, Locator: c.Locator, Quote: c.Quote, SHA256: c.SHA256, Label: c.RoundLabel}
	if v.Publisher == "" {
		v.Publisher = c.SourceID
	}
	if c.Origin != "" {
		v.Origin = p.T("origin", c.Origin)
	}
	if c.Approximate {
		v.Says = p.T("about_value", v.Says)
	}
	if a := p.d.area[[2]string{c.Campaign, c.AreaID}]; a != nil && c.AreaAsPublished != a.Name {
		v.AsPublished = c.AreaAsPublished
	}
	if c.Directness != "" {
		v.Kind = p.T("kind_and_way", v.Kind, p.word("way_"+c.Directness))
	}
	switch {
	case held && c.Doubt != "":
		v.Judgement = p.T("held_side") + p.T("because", p.word("doubt_"+c.Doubt))
	case held:
		v.Judgement = p.T("held_side")
	case c.Doubt != "":
		v.Judgement = p.T("doubted") + p.T("because", p.word("doubt_"+c.Doubt))
	}
	if v.IsOwn = c.IsOwn; v.IsOwn {
		v.Publisher = p.T("own_file", v.Publisher)
	}
	if v.QuoteLang = "zh-Hans"; c.Language == "en" {
		v.QuoteLang = "en"
	}
	v.Remarks = joined(slices.DeleteFunc([]string{c.Note, c.SourceNote}, func(s string) bool { return s == "" }), " ")
	v.RemarkLang = p.remarkLang(v.Remarks)
	return v
}

// operands are the facts whose claims a derived number rests on.
func (p *page) operands(campaign string, claims []string) []cell {
	var all []cell
	for _, id := range claims {
		f := p.d.factOf[[2]string{campaign, id}]
		if f == nil {
			if href := p.claimHref(campaign, id); href != "" {
				all = append(all, cell{Text: id, Href: href})
			}
			continue
		}
		c := p.factCell(f)
		c.Sub = p.T("operand", p.areaName(campaign, f.AreaID), p.period(f.Period, f.PeriodID), p.figureName(f.Stage, f.Metric))
		all = append(all, c)
	}
	return all
}

func (p *page) ratioView(c conversionRow) factView {
	v := factView{ID: ratioAnchor(c), Title: p.T("ratio_title", p.areaName(c.Campaign, c.AreaID), p.periodLong(c)), AreaHref: p.areaHref(p.d.area[[2]string{c.Campaign, c.AreaID}]), Area: p.areaName(c.Campaign, c.AreaID)}
	add := func(key string, over, under, ratio num) {
		if over.known && under.known && ratio.known {
			v.Facts = append(v.Facts, link{p.T(key), show(over.v, countKind) + " ÷ " + show(under.v, countKind) + " = " + show(ratio.v, ratioKind)})
		}
	}
	add("start_ratio", c.Started, c.Signed, c.StartRatio)
	add("commission_ratio", c.Commissioned, c.Started, c.CommissionRatio)
	add("overall_ratio", c.Commissioned, c.Signed, c.OverallRatio)
	money := func(key string, over, under, ratio num) {
		if over.known && under.known && ratio.known {
			v.Facts = append(v.Facts, link{p.T(key) + p.T("in_money"), show(over.v, moneyKind) + " ÷ " + show(under.v, moneyKind) + " = " + show(ratio.v, ratioKind)})
		}
	}
	money("start_ratio", c.StartedInvestmentCny, c.SignedInvestmentCny, c.StartInvestmentRatio)
	money("commission_ratio", c.CommissionedInvestmentCny, c.StartedInvestmentCny, c.CommissionInvestmentRatio)
	if u := p.universe(c.Universe); u != "" {
		v.Facts = append(v.Facts, link{p.T("counts"), u})
	}
	v.Facts = append(v.Facts, link{p.T("basis"), p.T("basis_flow")})
	v.Formula = p.operands(c.Campaign, c.ClaimIds)
	return v
}

func (p *page) residualView(r residualRow) factView {
	k := kindOf(r.Metric)
	v := factView{ID: residualAnchor(r), Title: p.T("residual_title", p.areaName(r.Campaign, r.AreaID), joined(r.RoundsMissing, " + "), p.figureName(r.Stage, r.Metric)), Area: p.areaName(r.Campaign, r.AreaID),
		AreaHref: p.areaHref(p.d.area[[2]string{r.Campaign, r.AreaID}]), Value: "—"}
	if r.Residual.known {
		v.Value, v.Unit, v.Exact = show(r.Residual.v, k), p.unit(r.Metric), machine(r.Residual.v)
		v.Facts = append(v.Facts, link{p.T("formula"), show(r.Total.v, k) + " − " + show(r.KnownSum.v, k) + " = " + show(r.Residual.v, k)})
	}
	if len(r.RoundsKnown) > 0 {
		v.Facts = append(v.Facts, link{p.T("taken_away"), joined(r.RoundsKnown, " + ")})
	}
	if r.HasConflict {
		v.Facts = append(v.Facts, link{p.T("doubt"), p.T("mark_conflict")})
	}
	v.Formula = p.operands(r.Campaign, r.ClaimIds)
	return v
}

// ledgerProvenance says what numbers of ledgers rest on: how they are counted, and which
// file speaks for which month.
func ledgerProvenance(p *page) {
	d := p.d
	p.Kicker, p.Title, p.Lead = p.T("provenance_kicker"), p.T("ledgers_title", p.campaignName(d.main)), p.T("ledgers_lead")
	p.Trail = []link{{p.T("nav_index"), p.to("index.html")}, {p.T("nav_progress"), p.to("progress.html")}}
	p.Sections = []section{{ID: "cohort", Title: p.T("cohort_title"), Badge: p.syntheticBadge(), Lead: []string{p.T("ledger_cohort_how"), p.T("interval_note")}},
		{ID: "rates", Title: p.T("months_title"), Badge: p.syntheticBadge(), Lead: []string{p.T("ledger_rates_how")}}}
	s := section{ID: "ledgers", Title: p.T("ledger_files"), Badge: p.syntheticBadge()}
	t := table{ID: "sheets", Caption: p.T("sheets_caption"), Columns: []column{{Title: p.T("as_of")}, {Title: p.T("file")}, {Title: p.T("sheet")}, {Title: p.T("rows_read"), Class: "num"}, {Title: p.T("rows_loaded"), Class: "num"},
		{Title: p.T("rows_quarantined"), Class: "num"}, {Title: p.T("rows_duplicate"), Class: "num"}, {Title: "SHA-256"}}}
	before := ""
	for _, x := range d.sheets {
		if x.Campaign != d.main.ID || x.Synthetic != d.synthetic {
			continue
		}
		r := row{Cells: []cell{{Text: x.AsOf, Head: true, Class: "day"}, {Text: x.File}, p.plain(p.dash(x.Sheet)), p.figure(x.RowsRead, countKind, "", "why_unknown"), p.figure(x.RowsLoaded, countKind, "", "why_unknown"),
			p.figure(x.RowsQuarantined, countKind, "", "why_unknown"), p.figure(x.RowsDuplicate, countKind, "", "why_unknown"), {Text: x.SHA256, Class: "hash"}}}
		if x.AsOf == "" {
			r.Cells[0] = p.plain(p.unknown("why_undated"))
			r.Cells[0].Head = true
		}
		if m := month(x.AsOf); m != "" && m != before {
			r.ID, before = "month-"+m, m
		}
		if x.Synthetic {
			r.Class = "synthetic"
		}
		t.Rows = append(t.Rows, r)
	}
	s.Tables = []table{t.finish()}
	p.Sections = append(p.Sections, s)
}

// remarkLang is the language of a remark of the compilers, where it is not the page's.
func (p *page) remarkLang(remark string) string {
	if remark == "" || p.lang == "en" {
		return ""
	}
	return "en"
}
