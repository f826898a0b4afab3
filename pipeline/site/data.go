package site

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// How many projects pages name: the site is for looking, the files hold all of them.
const (
	stalledShown       = 20 // of each transition
	stalledShownOfZone = 10
	projectsShown      = 20 // of a zone's ledger
)

// Edition is what a site is made of: one published version, and the campaign that its
// pages are about. The other campaigns have a page each.
type Edition struct {
	Version  string             // name of the version
	Made     string             // when it was made, UTC, as RFC 3339
	AsOf     string             // the day whose knowledge it holds; "" for today's
	Campaign string             // "" for the first with a headline series
	Outputs  []warehouse.Output // which it offers below data/
	Release  *Release           // nil for none
	API      string             // address below the site's root at which SQL is answered; "" for a site of files
}

// EditionOf is what the manifest of a version tells.
func EditionOf(m *warehouse.Manifest) Edition {
	return Edition{Version: m.Version, Made: m.CreatedAt, AsOf: m.AsOf, Outputs: m.Outputs}
}

// data is all that the pages say, as read from one version.
type data struct {
	Edition
	main      campaignRow
	campaigns []campaignRow
	synthetic bool // the ledgers shown are generated
	hasLedger bool

	rounds      []roundRow
	areas       []areaRow
	facts       []factRow
	claims      []claimRow
	series      []seriesRow
	residuals   []residualRow
	conversions []conversionRow
	sheets      []sheetRow
	progress    []progressRow
	stalled     []stalledRow
	scores      []scoreRow
	indicators  []indicatorRow
	projects    []projectRow
	coverage    []coverageRow
	cells       []cellRow
	conflicts   []conflictRow
	sums        []sumRow
	cohorts     []cohortRow
	schema      []schemaRow
	universes   map[string]universeRow
	counts      countsRow

	area      map[[2]string]*areaRow // by campaign and id
	claimByID map[[2]string]*claimRow
	factOf    map[[2]string]*factRow // by campaign and the claim held
}

// readData reads what the pages of an edition say.
func readData(ctx context.Context, db *sql.DB, e Edition) (*data, error) {
	d := &data{Edition: e}
	r := reader{ctx: ctx, db: db}
	d.campaigns = rowsOf[campaignRow](&r, "campaigns")
	d.sheets = rowsOf[sheetRow](&r, "sheets")
	if r.err != nil {
		return nil, r.err
	}
	if err := d.chooseMain(); err != nil {
		return nil, err
	}
	d.chooseLedgers()
	campaign, kind := sql.Named("campaign", d.main.ID), sql.Named("synthetic", d.synthetic)

	d.rounds = rowsOf[roundRow](&r, "rounds")
	d.areas = rowsOf[areaRow](&r, "areas")
	d.facts = rowsOf[factRow](&r, "facts")
	d.claims = rowsOf[claimRow](&r, "claims")
	d.series = rowsOf[seriesRow](&r, "series")
	d.residuals = rowsOf[residualRow](&r, "residuals")
	d.conversions = rowsOf[conversionRow](&r, "conversions")
	d.progress = rowsOf[progressRow](&r, "progress", campaign, kind)
	d.stalled = rowsOf[stalledRow](&r, "stalled", campaign, kind, sql.Named("most", stalledShown), sql.Named("most_of_zone", stalledShownOfZone))
	d.scores = rowsOf[scoreRow](&r, "scorecard", campaign, kind)
	d.indicators = rowsOf[indicatorRow](&r, "indicators", campaign, kind)
	d.projects = rowsOf[projectRow](&r, "projects", sql.Named("most", projectsShown))
	d.coverage = rowsOf[coverageRow](&r, "coverage")
	d.cells = rowsOf[cellRow](&r, "cells")
	d.conflicts = rowsOf[conflictRow](&r, "conflicts")
	d.sums = rowsOf[sumRow](&r, "sums")
	d.cohorts = rowsOf[cohortRow](&r, "cohorts", campaign, kind)
	d.schema = rowsOf[schemaRow](&r, "schema")
	d.universes = map[string]universeRow{}
	for _, u := range rowsOf[universeRow](&r, "universes") {
		d.universes[u.Code] = u
	}
	if counts := rowsOf[countsRow](&r, "counts"); len(counts) == 1 {
		d.counts = counts[0]
	}
	if r.err != nil {
		return nil, r.err
	}
	d.index()
	return d, nil
}

// reader runs queries until one fails.
type reader struct {
	ctx context.Context
	db  *sql.DB
	err error
}

func rowsOf[T any](r *reader, name string, args ...any) []T {
	if r.err != nil {
		return nil
	}
	rows, err := read[T](r.ctx, r.db, name, args...)
	r.err = err
	return rows
}

func (d *data) chooseMain() error {
	var ids []string
	for _, c := range d.campaigns {
		ids = append(ids, c.ID)
		if d.main.ID == "" && (d.Campaign == "" || d.Campaign == c.ID) {
			d.main = c
		}
	}
	if len(ids) == 0 {
		return errors.New("the version holds no campaign; run sanpi run")
	}
	if d.main.ID == "" {
		return fmt.Errorf("the version has no campaign %q; use one of %s", d.Campaign, strings.Join(ids, ", "))
	}
	return nil
}

// chooseLedgers takes the real ledgers of the main campaign, or the generated ones where
// there are no others.
func (d *data) chooseLedgers() {
	for _, s := range d.sheets { // the real ones stand first
		if s.Campaign == d.main.ID && s.RowsLoaded.v > 0 {
			d.hasLedger, d.synthetic = true, s.Synthetic
			return
		}
	}
}

func (d *data) index() {
	d.area = map[[2]string]*areaRow{}
	for i, a := range d.areas {
		d.area[[2]string{a.Campaign, a.AreaID}] = &d.areas[i]
	}
	d.claimByID = map[[2]string]*claimRow{}
	for i, c := range d.claims {
		d.claimByID[[2]string{c.Campaign, c.ClaimID}] = &d.claims[i]
	}
	d.factOf = map[[2]string]*factRow{}
	for i, f := range d.facts {
		d.factOf[[2]string{f.Campaign, f.ClaimID}] = &d.facts[i]
	}
}

// zones lists the zones of the main campaign and their parts.
func (d *data) zones() []areaRow {
	return d.areasOf(func(a areaRow) bool { return a.Level == "zone" || a.Level == "zone_part" || a.Level == "cluster" })
}

func (d *data) cities() []areaRow {
	return d.areasOf(func(a areaRow) bool { return a.Level == "city" })
}

func (d *data) areasOf(want func(areaRow) bool) []areaRow {
	var all []areaRow
	for _, a := range d.areas {
		if a.Campaign == d.main.ID && want(a) {
			all = append(all, a)
		}
	}
	return all
}

// slots are the rounds of the headline series of the main campaign, in order.
func (d *data) slots() []roundRow {
	var all []roundRow
	for _, r := range d.rounds {
		if r.Campaign == d.main.ID && r.Position > 0 {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b roundRow) int { return a.Position - b.Position })
	return all
}

// seriesOf finds the figures of an area's headline series by position, stage and metric.
func (d *data) seriesOf(area string) map[seriesKey]seriesRow {
	all := map[seriesKey]seriesRow{}
	for _, s := range d.series {
		if s.Campaign == d.main.ID && s.AreaID == area {
			all[seriesKey{s.Position, s.Stage, s.Metric}] = s
		}
	}
	return all
}

type seriesKey struct {
	position      int
	stage, metric string
}

// flows and cohorts of an area; those that have no ratio at all tell nothing of a
// conversion and are left out.
func (d *data) flows(campaign, area string) []conversionRow {
	return d.conversionsOf(campaign, area, func(c conversionRow) bool {
		return c.Basis == "published_flow" && (c.StartRatio.known || c.CommissionRatio.known || c.OverallRatio.known)
	})
}

func (d *data) cohortsOf(area string) []conversionRow {
	return d.conversionsOf(d.main.ID, area, func(c conversionRow) bool {
		return c.Basis == "ledger_cohort" && c.Synthetic == d.synthetic && c.Signed.known
	})
}

func (d *data) conversionsOf(campaign, area string, want func(conversionRow) bool) []conversionRow {
	var all []conversionRow
	for _, c := range d.conversions {
		if c.Campaign == campaign && c.AreaID == area && want(c) {
			all = append(all, c)
		}
	}
	return all
}

func (d *data) factsOf(campaign, area string) []factRow {
	var all []factRow
	for _, f := range d.facts {
		if f.Campaign == campaign && f.AreaID == area {
			all = append(all, f)
		}
	}
	return all
}

// progressOf is the monthly history of an area, its months in order.
func (d *data) progressOf(level, key string) []progressRow {
	var all []progressRow
	for _, p := range d.progress {
		if p.Level == level && p.Key == key {
			all = append(all, p)
		}
	}
	return all
}
