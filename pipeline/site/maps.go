package site

// knownMap says of each city for how many rounds anything is published.
func (p *page) knownMap(id string) (figure, bool) {
	rounds := map[string]map[string]bool{}
	all := map[string]bool{}
	for _, c := range p.d.cells {
		if c.Campaign != p.d.main.ID {
			continue
		}
		all[c.Round] = true
		if rounds[c.AreaID] == nil {
			rounds[c.AreaID] = map[string]bool{}
		}
		if c.Status == "published" || c.Status == "conflict" {
			rounds[c.AreaID][c.Round] = true
		}
	}
	most := 1
	for _, known := range rounds {
		most = max(most, len(known))
	}
	return p.tileMap(id, p.T("map_known", len(all)), p.T("map_note"), func(a areaRow) tileValue {
		n := len(rounds[a.AreaID])
		return tileValue{n: num{float64(n), n > 0}, k: countKind, most: float64(most), title: p.T("map_known_of", n, len(all))}
	})
}

// maps are what the cities' tiles tell.
func (p *page) maps(known figure) []figure {
	all := []figure{known}
	if f, ok := p.figuresMap("map-figures"); ok {
		all = append(all, f)
	}
	if f, ok := p.cohortMap("map-cohort"); ok {
		all = append(all, f)
	}
	return all
}

// figuresMap counts the figures published of each city, its counties and zones.
func (p *page) figuresMap(id string) (figure, bool) {
	counts, most := map[string]int{}, 1
	for _, f := range p.d.facts {
		if a := p.d.area[[2]string{f.Campaign, f.AreaID}]; a != nil && a.Campaign == p.d.main.ID && a.CityID != "" {
			counts[a.CityID]++
			most = max(most, counts[a.CityID])
		}
	}
	return p.tileMap(id, p.T("map_figures"), p.T("map_note"), func(a areaRow) tileValue {
		n := counts[a.AreaID]
		return tileValue{n: num{float64(n), n > 0}, k: countKind, most: float64(most), title: p.T("map_figures_of", n)}
	})
}

// cohortMap says of each city which share of the projects of its ledgers has started.
func (p *page) cohortMap(id string) (figure, bool) {
	if !p.d.hasLedger {
		return figure{}, false
	}
	title := p.T("map_cohort")
	if p.d.synthetic {
		title += p.T("synthetic_suffix")
	}
	shares, least, most := map[string]num{}, 1.0, 0.0
	for _, a := range p.d.cities() {
		for _, c := range p.d.cohortsOf(a.AreaID) {
			if c.PeriodID == "all" && c.StartRatio.known {
				shares[a.AreaID] = c.StartRatio
				least, most = min(least, c.StartRatio.v), max(most, c.StartRatio.v)
			}
		}
	}
	return p.tileMap(id, title, p.T("map_cohort_note"), func(a areaRow) tileValue {
		if n := shares[a.AreaID]; n.known {
			return tileValue{n: n, k: shareKind, least: least, most: most, title: p.T("start_of", show(n.v, shareKind))}
		}
		return tileValue{title: p.T("why_no_ledger")}
	})
}
