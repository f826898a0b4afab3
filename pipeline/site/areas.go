package site

import (
	"slices"
	"strings"
)

// zonesPage is the table of all zones.
func zonesPage(p *page) {
	zones := p.d.zones()
	whole, verified := 0, 0
	for _, z := range zones {
		if z.Level == "zone" {
			whole++
			if z.Verified {
				verified++
			}
		}
	}
	p.Title, p.Lead = p.T("zones_title"), p.T("zones_lead", whole, verified)
	var told []areaRow
	for _, z := range zones {
		if len(p.d.factsOf(z.Campaign, z.AreaID)) > 0 || len(p.d.flows(z.Campaign, z.AreaID)) > 0 {
			told = append(told, z)
		}
	}
	if len(told) > 0 {
		p.Sections = append(p.Sections, section{ID: "told", Title: p.T("zones_told"), Lead: []string{p.T("zones_told_lead", len(told))}, Tables: []table{p.areaTable("told-zones", p.T("zones_told_caption"), told)}})
	}
	p.Sections = append(p.Sections, section{ID: "all", Title: p.T("zones_all"), Lead: []string{p.T("zones_how")}, Tables: []table{p.areaTable("areas", p.T("zones_caption"), zones)}})
	if f, ok := p.knownMap("map-known"); ok {
		p.Sections = append(p.Sections, section{ID: "map", Title: p.T("map_title"), Groups: []group{{Class: "maps", Figures: []figure{f}}}})
	}
}

// citiesPage is the map and the table of all cities.
func citiesPage(p *page) {
	p.Title, p.Lead = p.T("cities_title"), p.T("cities_lead", len(p.d.cities()))
	if f, ok := p.knownMap("map-known"); ok {
		p.Sections = append(p.Sections, section{ID: "map", Title: p.T("map_title"), Lead: []string{p.T("map_lead")}, Groups: []group{{Class: "maps", Figures: p.maps(f)}}})
	}
	p.Sections = append(p.Sections, section{ID: "all", Title: p.T("cities_all"), Tables: []table{p.areaTable("areas", p.T("cities_caption"), p.d.cities())}})
}

// areaTable has a row for each area: what is published of it, and what ledgers tell.
func (p *page) areaTable(id, caption string, areas []areaRow) table {
	d := p.d
	isZones := len(areas) > 0 && areas[0].Level != "city"
	t := table{ID: id, Caption: caption, Sortable: true, Empty: p.T("no_areas")}
	published, ledger := p.T("group_published"), p.T("group_ledger")
	if d.synthetic {
		ledger = p.T("group_synthetic")
	}
	if isZones {
		t.Columns = []column{{Title: p.T("zone")}, {Title: p.T("city")}, {Title: p.T("zone_type")}}
	} else {
		t.Columns = []column{{Title: p.T("city")}, {Title: p.T("zones_in"), Class: "num"}}
	}
	slots := d.slots()
	t.Columns = append(t.Columns, column{Title: p.T("rounds_known", len(slots)), Group: published, Class: "num"}, column{Title: p.T("signed_by_round"), Group: published, Class: "spark"},
		column{Title: p.T("figures"), Group: published, Class: "num"}, column{Title: p.T("flow_start"), Group: published, Class: "num"}, column{Title: p.T("named"), Group: published, Class: "num"})
	if d.hasLedger {
		t.Columns = append(t.Columns, column{Title: p.word("signed"), Group: ledger, Class: "num"}, column{Title: p.T("started_share"), Group: ledger, Class: "num"},
			column{Title: p.T("commissioned_share"), Group: ledger, Class: "num"}, column{Title: p.T("monthly_start"), Group: ledger, Class: "spark"})
	}
	for i := range areas {
		a := &areas[i]
		r := row{Cells: []cell{p.nameCell(a)}}
		if isZones {
			city := d.area[[2]string{a.Campaign, a.CityID}]
			r.Cells = append(r.Cells, cell{Text: p.name(city), Href: p.areaHref(city)}, p.typeCell(a))
		} else {
			zones := 0
			for _, z := range d.zones() {
				if z.CityID == a.AreaID && z.Level == "zone" {
					zones++
				}
			}
			r.Cells = append(r.Cells, cell{Text: show(float64(zones), countKind), Value: machine(float64(zones)), Class: "num"})
		}
		values, most := p.slotValues(a.AreaID, slots)
		n := 0
		for _, v := range values {
			if v.known {
				n++
			}
		}
		r.Cells = append(r.Cells, cell{Text: p.T("of", n, len(slots)), Value: machine(float64(n)), Class: "num"}, cell{SVG: sparkSlots("signed", values, most), Class: "spark"})
		facts := d.factsOf(a.Campaign, a.AreaID)
		r.Cells = append(r.Cells, p.countOrDash(len(facts), "#published", a))
		flow := lastWhole(d.flows(a.Campaign, a.AreaID))
		if flow != nil && flow.StartRatio.known {
			c := p.figure(flow.StartRatio, ratioKind, p.ratioHref(*flow), "why_no_ratio", p.marks(flow.HasConflict, false, flow.HasDoubt, false)...)
			c.Sub = p.period(flow.Period, flow.PeriodID)
			r.Cells = append(r.Cells, c)
		} else {
			r.Cells = append(r.Cells, p.unknown("why_no_ratio"))
		}
		named := 0
		for _, x := range d.projects {
			if x.Campaign == a.Campaign && !x.InLedger && (x.ZoneID == a.AreaID || a.Level == "city" && x.CityID == a.AreaID) {
				named++
			}
		}
		r.Cells = append(r.Cells, p.countOrDash(named, "#projects", a))
		if d.hasLedger {
			r.Cells = append(r.Cells, p.ledgerCells(a)...)
		}
		t.Rows = append(t.Rows, r)
	}
	return t.finish()
}

// typeCell is a zone's type, with its level beneath.
func (p *page) typeCell(a *areaRow) cell {
	c := p.plain(p.dash(p.codeWord(a.ZoneType)))
	c.Sub = p.codeWord(a.ZoneLevel)
	return c
}

// codeWord names a code, and nothing for none.
func (p *page) codeWord(code string) string {
	if code == "" {
		return ""
	}
	return p.word(code)
}

// countOrDash counts what stands on an area's page; none is a dash, since none was found
// and not none exists.
func (p *page) countOrDash(n int, anchor string, a *areaRow) cell {
	if n == 0 {
		return p.unknown("why_none_found")
	}
	return cell{Text: show(float64(n), countKind), Value: machine(float64(n)), Class: "num", Href: p.areaHref(a) + anchor}
}

func (p *page) ledgerCells(a *areaRow) []cell {
	var spark cell
	if history := p.d.progressOf(a.Level, a.AreaID); len(history) > 0 {
		values := make([]num, 0, len(history))
		for _, h := range history {
			values = append(values, h.StartRate)
		}
		spark = cell{SVG: sparkLine("started", values), Class: "spark"}
	}
	if spark.SVG == "" {
		spark = p.unknown("why_no_ledger")
	}
	for _, c := range p.d.cohortsOf(a.AreaID) {
		if c.PeriodID == "all" {
			href := p.ratioHref(c)
			return []cell{p.figure(c.Signed, countKind, href, "why_no_ledger"), p.shareCell(c.StartRatio, c.StartCiLow, c.StartCiHigh, href),
				p.shareCell(c.OverallRatio, c.OverallCiLow, c.OverallCiHigh, href), spark}
		}
	}
	no := p.unknown("why_no_ledger")
	return []cell{no, no, no, spark}
}

// slotValues are the projects signed in each round of the series, of the figures of
// facts that count what the area and the campaign say, or else the first other.
func (p *page) slotValues(area string, slots []roundRow) (values []num, most float64) {
	values = make([]num, len(slots))
	for i, s := range slots {
		for _, f := range p.d.facts {
			if f.Campaign == p.d.main.ID && f.AreaID == area && f.Round == s.Round && f.Stage == "signed" && f.Metric == "projects" && f.Value.known &&
				(!values[i].known || f.Universe == "as_published") {
				values[i] = f.Value
			}
		}
		most = max(most, values[i].v)
	}
	return values, most
}

// areaPage is the page of a zone or a city: its series, its conversion, its projects and
// the sources of all that.
func areaPage(p *page, a *areaRow) {
	d := p.d
	p.Title = p.name(a)
	if p.lang == "en" && a.NameEN != "" {
		p.TitleAlso = a.Name
	}
	p.Kicker = p.word(a.Level)
	list := "zones"
	if a.Level == "city" {
		list = "cities"
	}
	p.Trail = []link{{p.T("nav_index"), p.to("index.html")}, {p.T("nav_" + list), p.to(list + ".html")}}
	p.Sections = append(p.Sections, p.areaCard(a))
	slots := d.slots()
	if len(d.seriesOf(a.AreaID)) > 0 {
		s := p.seriesSection(a.AreaID, slots)
		s.Lead = nil
		p.Sections = append(p.Sections, s)
	}
	p.Sections = append(p.Sections, p.conversionSection(a.Campaign, a.AreaID), p.publishedSection(a))
	if history := d.progressOf(a.Level, a.AreaID); len(history) > 0 {
		s := section{ID: "months", Title: p.T("months_title"), Lead: []string{p.T("months_lead")}, Badge: p.syntheticBadge(),
			Groups: []group{{Class: "half", Figures: []figure{p.ratesFigure("rates", history)}}}, Tables: []table{p.monthsTable(history)}}
		p.Sections = append(p.Sections, s)
	}
	if s, ok := p.scoreOf(a); ok {
		p.Sections = append(p.Sections, s)
	}
	if s, ok := p.stalledOf(a); ok {
		p.Sections = append(p.Sections, s)
	}
	p.Sections = append(p.Sections, p.projectsSection(a))
	if a.Level == "city" {
		var zones []areaRow
		for _, z := range d.zones() {
			if z.CityID == a.AreaID {
				zones = append(zones, z)
			}
		}
		if len(zones) > 0 {
			p.Sections = append(p.Sections, section{ID: "zones", Title: p.T("zones_of"), Tables: []table{p.areaTable("areas", p.T("zones_caption"), zones)}})
		}
		p.Sections = append(p.Sections, p.countiesSection(a)...)
	}
	p.Sections = append(p.Sections, p.sourcesSection(a), p.takeHome(a))
}

func (p *page) syntheticBadge() string {
	if p.d.synthetic {
		return "synthetic"
	}
	return ""
}

// areaCard is what the registry knows of an area.
func (p *page) areaCard(a *areaRow) section {
	s := section{ID: "registry", Title: p.T("registry_title")}
	t := table{ID: "registry-table", Class: "compact", Caption: p.T("registry_caption"), Columns: []column{{Title: p.T("what")}, {Title: p.T("value")}}}
	add := func(key string, c cell) {
		t.Rows = append(t.Rows, row{Cells: []cell{{Text: p.T(key), Head: true}, c}})
	}
	add("code", cell{Text: a.AreaID})
	if a.Level != "city" {
		city := p.d.area[[2]string{a.Campaign, a.CityID}]
		add("city", cell{Text: p.name(city), Href: p.areaHref(city)})
		add("zone_type", p.plain(p.dash(p.codeWord(a.ZoneType))))
		add("zone_level", p.plain(p.dash(p.codeWord(a.ZoneLevel))))
		if a.Approved != "" {
			add("approved", cell{Text: a.Approved})
		}
		if a.AreaKm2.known {
			add("area_km2", cell{Text: show(a.AreaKm2.v, countKind), Value: machine(a.AreaKm2.v)})
		}
		if len(a.Industries) > 0 {
			add("industries", cell{Text: strings.Join(a.Industries, "、"), Lang: "zh-Hans"})
		}
	}
	source := cell{Text: a.Publisher, Href: external(a.URL), External: true}
	if a.Publisher == "" {
		source = p.plain(p.unknown("why_no_source"))
	}
	add("registry_source", source)
	if !a.Verified {
		s.Notice = p.T("mark_unverified")
	}
	if a.Note != "" {
		s.Remark = a.Note
	}
	s.Tables = []table{t.finish()}
	return s
}

// plain is a cell of words, though it may be unknown.
func (p *page) plain(c cell) cell {
	c.Class = ""
	return c
}

// publishedSection is every figure published of an area.
func (p *page) publishedSection(a *areaRow) section {
	s := section{ID: "published", Title: p.T("published_title")}
	facts := p.d.factsOf(a.Campaign, a.AreaID)
	if len(facts) == 0 {
		s.Lead = []string{p.T("published_none", p.name(a))}
		return s
	}
	s.Lead = []string{p.T("published_lead")}
	s.Tables = []table{p.factTable("facts", p.T("published_caption", p.name(a)), facts, false)}
	return s
}

// factTable is facts one below the other, each with how well it is founded.
func (p *page) factTable(id, caption string, facts []factRow, withArea bool) table {
	t := table{ID: id, Caption: caption, Sortable: true, Columns: []column{{Title: p.T("period")}, {Title: p.T("figure")}, {Title: p.T("value"), Class: "num"},
		{Title: p.T("agreement")}, {Title: p.T("voices"), Class: "num"}, {Title: p.T("counts")}}}
	if withArea {
		t.Columns = slices.Insert(t.Columns, 0, column{Title: p.T("area")})
	}
	for i := range facts {
		f := &facts[i]
		counts := p.universe(f.Universe)
		if f.Method != "" {
			counts = strings.TrimSpace(counts + " " + f.Method)
		}
		cells := []cell{{Text: p.period(f.Period, f.PeriodID), Head: !withArea}, {Text: p.figureName(f.Stage, f.Metric), Sub: p.moneyUnit(f.Metric)}, p.factCell(f),
			text(p.word("agreement_" + f.Agreement)), {Text: show(float64(f.Voices), countKind), Value: machine(float64(f.Voices)), Class: "num"}, text(counts)}
		if withArea {
			a := p.d.area[[2]string{f.Campaign, f.AreaID}]
			head := cell{Text: f.AreaID, Head: true}
			if a != nil {
				head = p.nameCell(a)
			}
			cells = slices.Insert(cells, 0, head)
		}
		t.Rows = append(t.Rows, row{Cells: cells})
	}
	return t.finish()
}

// countiesSection is what is published of the counties of a city.
func (p *page) countiesSection(a *areaRow) []section {
	var facts []factRow
	for _, f := range p.d.facts {
		county := p.d.area[[2]string{f.Campaign, f.AreaID}]
		if f.Campaign == a.Campaign && county != nil && county.Level == "county" && county.CityID == a.AreaID {
			facts = append(facts, f)
		}
	}
	if len(facts) == 0 {
		return nil
	}
	return []section{{ID: "counties", Title: p.T("counties_title"), Tables: []table{p.factTable("county-facts", p.T("counties_caption", p.name(a)), facts, true)}}}
}
