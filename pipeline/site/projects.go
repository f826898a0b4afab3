package site

import (
	"slices"
	"strings"
)

// projectsSection names the projects of an area: all that pages name, and the largest of
// its ledger.
func (p *page) projectsSection(a *areaRow) section {
	s := section{ID: "projects", Title: p.T("projects_title")}
	named := table{ID: "named", Caption: p.T("named_caption"), Columns: p.projectColumns(true)}
	ledger := table{ID: "ledger-projects", Columns: p.projectColumns(false)}
	total := 0.0
	for _, x := range p.d.projects {
		if x.Campaign != a.Campaign || x.ZoneID != a.AreaID && (a.Level != "city" || x.CityID != a.AreaID) {
			continue
		}
		switch {
		case !x.InLedger:
			named.Rows = append(named.Rows, row{Cells: p.projectCells(x, true)})
		case x.Synthetic == p.d.synthetic && a.Level != "city":
			total = x.InZone.v
			r := row{Cells: p.projectCells(x, false)}
			if x.Synthetic {
				r.Class = "synthetic"
			}
			ledger.Rows = append(ledger.Rows, r)
		}
	}
	if len(named.Rows) > 0 {
		s.Tables = append(s.Tables, named.finish())
	} else {
		s.Lead = append(s.Lead, p.T("named_none", p.name(a)))
	}
	if len(ledger.Rows) > 0 {
		ledger.Caption = p.T("ledger_projects_caption", len(ledger.Rows), show(total, countKind))
		if p.d.synthetic {
			ledger.Note = p.T("synthetic_note")
		}
		s.Tables = append(s.Tables, ledger.finish())
	}
	return s
}

func (p *page) projectColumns(onPages bool) []column {
	all := []column{{Title: p.T("project")}, {Title: p.T("stage")}, {Title: p.T("investment_yi"), Class: "num"}, {Title: p.word("signed")}, {Title: p.word("started")}, {Title: p.word("commissioned")}}
	if onPages {
		return append(all, column{Title: p.T("round")}, column{Title: p.T("source")})
	}
	return append(all, column{Title: p.T("ledger_place")})
}

func (p *page) projectCells(x projectRow, onPages bool) []cell {
	name := cell{Text: x.Name, Head: true, Class: "name", Sub: x.Investor}
	if p.lang == "en" {
		name.Lang, name.SubLang = "zh-Hans", "zh-Hans"
	}
	if x.Synthetic {
		name.Marks = append(name.Marks, p.mark("synthetic"))
	}
	cells := []cell{name, p.plain(p.dash(p.codeWord(x.Stage))), p.figure(x.InvestmentCny, moneyKind, "", "why_unpublished", p.marks(false, false, false, x.Approximate)...)}
	for _, day := range []string{x.SignedOn, x.StartedOn, x.CommissionedOn} {
		c := p.dash(day)
		c.Class = "day"
		cells = append(cells, c)
	}
	if onPages {
		publisher := x.Publisher
		if publisher == "" {
			publisher = x.SourceID
		}
		round := p.dash(x.Round)
		round.Class = "day"
		return append(cells, round, cell{Text: publisher, Href: external(x.URL), External: true})
	}
	place := x.AsOf
	if x.Line.known {
		place = p.T("line_of", x.AsOf, int(x.Line.v))
	}
	return append(cells, cell{Text: place, Class: "day", Href: p.monthHref(x.AsOf)})
}

// monthHref leads to the ledgers of the month of a day.
func (p *page) monthHref(day string) string {
	if day == "" {
		return p.ledgerHref("ledgers")
	}
	return p.ledgerHref("month-" + month(day))
}

// sourcesSection lists the pages that an area's figures and projects rest on.
func (p *page) sourcesSection(a *areaRow) section {
	s := section{ID: "sources", Title: p.T("sources_title")}
	t := table{ID: "source-table", Caption: p.T("sources_caption"), Columns: []column{{Title: p.T("publisher")}, {Title: p.T("source_kind")}, {Title: p.T("published_on")}, {Title: p.T("claims_here"), Class: "num"}, {Title: p.T("address")}}}
	counts := map[string]int{}
	var order []*claimRow
	for i, c := range p.d.claims {
		if c.Campaign == a.Campaign && c.AreaID == a.AreaID {
			if counts[c.SourceID] == 0 {
				order = append(order, &p.d.claims[i])
			}
			counts[c.SourceID]++
		}
	}
	slices.SortStableFunc(order, func(x, y *claimRow) int { return strings.Compare(x.SourceID, y.SourceID) })
	for _, c := range order {
		r := row{Cells: []cell{p.publisherCell(c), text(p.codeWord(c.Kind)), p.plain(p.dash(c.PublishedOn)),
			{Text: show(float64(counts[c.SourceID]), countKind), Value: machine(float64(counts[c.SourceID])), Class: "num"}, p.addressCell(c.URL)}}
		r.Cells[0].Head = true
		t.Rows = append(t.Rows, r)
	}
	if len(t.Rows) == 0 {
		s.Lead = []string{p.T("sources_none")}
		return s
	}
	s.Tables = []table{t.finish()}
	return s
}

func (p *page) publisherCell(c *claimRow) cell {
	x := cell{Text: c.Publisher, Sub: c.Origin}
	if x.Text == "" {
		x.Text = c.SourceID
	}
	if c.Origin != "" {
		x.Sub = p.T("origin", c.Origin)
	}
	return x
}

// addressCell is an address that leads out of the site.
func (p *page) addressCell(address string) cell {
	if address == "" {
		return p.plain(p.unknown("why_no_address"))
	}
	return cell{Text: address, Href: external(address), External: true, Class: "address"}
}

// takeHome says how to get an area's rows.
func (p *page) takeHome(a *areaRow) section {
	mart, key := "zone_conversion", "zone_id"
	if a.Level == "city" {
		mart, key = "city_conversion", "city_id"
	}
	sql := "select * from '" + mart + ".parquet'\nwhere " + key + " = '" + strings.ReplaceAll(a.AreaID, "'", "''") + "'"
	s := section{ID: "take", Title: p.T("take_title"), Lead: []string{p.T("take_lead")}, Snippets: []snippet{{p.T("duckdb"), sql}}}
	for _, o := range p.d.Outputs {
		if o.Relation == mart {
			s.Links = append(s.Links, link{mart + ".parquet", p.Root("data/" + o.Path)})
		}
	}
	s.Links = append(s.Links, link{p.T("doubt_data"), p.to("data.html")})
	return s
}
