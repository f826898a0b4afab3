package campaign

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/record"
)

func (l *loader) projects() {
	seen := map[string]int{}
	for r := range l.readTable("projects.csv",
		"source_id name stage | zone city county round event_on investor investment investment_unit expected_output "+
			"expected_output_unit approximate industry industry_status note") {
		p, ok := l.project(r)
		if !ok {
			continue
		}
		r.claimed(seen, "name", string(p.ProjectID)+" "+string(p.SourceID)+" "+string(p.Stage))
		l.c.Projects = append(l.c.Projects, p)
	}
}

// project reads one row. It reports false when the row is quarantined or has a
// problem.
func (l *loader) project(r row) (record.Project, bool) {
	problems := len(l.problems)
	p := record.Project{
		Campaign: l.id, SourceID: record.SourceID(r.required("source_id")), Name: r.required("name"),
		Industry: r.text("industry"), IndustryStatus: r.oneOf("industry_status", "", "published", "assigned"),
		Investor: r.text("investor"), Round: record.RoundID(r.text("round")), Line: int32(r.line), Note: r.text("note"),
		InvestmentCNY:     r.money("investment", "investment_unit"),
		ExpectedOutputCNY: r.money("expected_output", "expected_output_unit"),
	}
	source, ok := l.sourceByID[p.SourceID]
	if !ok {
		r.fail("source_id", "source %q is not in sources.csv; add it there or mend the id", p.SourceID)
	}
	p.AsOf = source.PublishedOn
	x, ok := l.roundByID[p.Round]
	if !ok && p.Round != "" {
		r.fail("round", "round %q is not in rounds.csv; add it there or mend the id", p.Round)
	}
	near := date.Near{Year: x.HeldOn.Year()}
	if near.Year == 0 {
		near.Year = source.PublishedOn.Year()
	}
	on := r.day("event_on", near)
	if on == 0 {
		on = x.HeldOn
	}
	l.readStage(r, &p, on)
	for _, place := range []struct {
		field  string
		id     *record.AreaID
		within *record.AreaID
		levels []record.AreaLevel
	}{
		{"city", &p.CityID, &l.c.AreaID, []record.AreaLevel{record.City}},
		{"county", &p.CountyID, &p.CityID, []record.AreaLevel{record.County}},
		{"zone", &p.ZoneID, &p.CityID, []record.AreaLevel{record.Zone, record.ZonePart, record.Cluster}},
	} {
		if r.text(place.field) == "" {
			continue
		}
		id, err := l.resolver.Resolve(area.Query{Name: r.text(place.field), On: on, Within: *place.within, Levels: place.levels})
		if err != nil {
			if l.quarantine(r, place.field, p.SourceID, err) {
				return p, false
			}
			r.fail(place.field, "%v", err)
		}
		*place.id = id
	}
	if p.CityID == "" {
		p.CityID = l.resolver.CityOf(p.ZoneID)
	}
	p.ProjectID = record.NewProjectID(l.id, plainName(p.Name), string(firstID(p.ZoneID, p.CountyID, p.CityID)), plainName(p.Investor))
	return p, len(l.problems) == problems
}

// readStage sets the stage and, when the day is known, the date that the stage
// gives the project.
func (l *loader) readStage(r row, p *record.Project, on record.Date) {
	if r.text("stage") == "" {
		return
	}
	p.Stage = word(r, "stage", record.ParseStage)
	switch p.Stage {
	case record.Signed:
		p.SignedOn, p.SignedRound = on, p.Round
	case record.Started:
		p.StartedOn = on
	case record.Commissioned:
		p.CommissionedOn = on
	case record.OnTarget:
		p.OnTargetOn = on
	case record.Total:
		r.fail("stage", "a project has a stage of its own, not a total")
	}
}

// money reads an amount in yuan from its number and unit; nil is not known.
func (r row) money(number, unit string) *record.CNY {
	if r.text(number) == "" {
		return nil
	}
	a, err := amount.ParseParts(r.text(number), r.text(unit))
	if err != nil {
		r.fail(number, "%v", err)
		return nil
	}
	if a.Dimension != record.Money || a.Currency != "CNY" {
		r.fail(unit, "%q is not an amount in yuan", r.text(unit))
		return nil
	}
	cny := a.Value.CNY()
	return &cny
}

// plainName drops what editors change in a project's name: width, case, spaces
// and punctuation.
func plainName(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, width.Fold.String(name))
}

func firstID(ids ...record.AreaID) record.AreaID {
	for _, id := range ids {
		if id != "" {
			return id
		}
	}
	return ""
}
