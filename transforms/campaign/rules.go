package campaign

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Rules are how an office measures: what counts as stalled, what zones are assessed
// by, and how projects are classed.
type Rules struct {
	Limits        []record.Limit
	Indicators    []record.Indicator
	Assessments   []record.Assessment
	Industries    []record.Industry
	IndustryWords []record.IndustryWord
}

// LoadRules sets c.Rules: each file from the campaign's own folder in fsys, where it
// has it, else from the folder rules of the first of shared that has it; none need
// have it. What is wrong comes back as an *InvalidError.
func (c *Campaign) LoadRules(fsys fs.FS, shared ...fs.FS) error {
	l := &loader{sourceByID: map[record.SourceID]record.Source{}}
	l.c.Campaign, l.c.Sources = c.Campaign, c.Sources
	for _, s := range c.Sources {
		l.sourceByID[s.SourceID] = s
	}
	for _, step := range []struct {
		file string
		read func()
	}{
		{"limits.csv", l.limits},
		{"indicators.csv", l.indicators},
		{"assessments.csv", func() { l.assessments(c.Areas) }},
		{"industries.csv", l.industries},
		{"industry_words.csv", l.industryWords},
	} {
		l.fsys, l.id = fsys, c.ID
		for _, other := range shared {
			if l.has(step.file) {
				break
			}
			l.fsys, l.id = other, "rules"
		}
		if l.has(step.file) {
			step.read()
		}
	}
	if len(l.problems) > 0 {
		return &InvalidError{c.ID, l.problems}
	}
	c.Rules = l.c.Rules
	return nil
}

func (l *loader) has(file string) bool {
	_, err := fs.Stat(l.fsys, l.id+"/"+file)
	return !errors.Is(err, fs.ErrNotExist)
}

func (l *loader) limits() {
	seen := map[string]int{}
	for r := range l.readTable("limits.csv", "transition limit_days | zone_type note") {
		x := record.Limit{
			Campaign: l.c.ID, ZoneType: word(r, "zone_type", record.ParseZoneType),
			Transition: r.oneOf("transition", slices.Clone(record.Transitions)...), LimitDays: r.int32("limit_days"), Note: r.text("note"),
		}
		if x.LimitDays < 0 {
			r.fail("limit_days", "%d days are no limit; give a number of days from 0", x.LimitDays)
		}
		r.claimed(seen, "transition", x.Transition+" "+string(x.ZoneType))
		l.c.Rules.Limits = append(l.c.Rules.Limits, x)
	}
}

// fullWeight is what the weights of all indicators add up to.
const fullWeight = 100 * record.ValueScale

func (l *loader) indicators() {
	seen := map[string]int{}
	var sum record.Value
	sound := true
	for r := range l.readTable("indicators.csv", "indicator pair measure weight direction missing name | least_base name_en note") {
		x := record.Indicator{
			Campaign: l.c.ID, Indicator: r.required("indicator"), Pair: r.oneOf("pair", slices.Clone(record.Pairs)...), Measure: r.oneOf("measure", append(slices.Clone(record.Measures), record.Survey)...),
			Direction: r.oneOf("direction", "higher", "lower"), Missing: r.oneOf("missing", "skip", "unassessed"),
			Name: r.required("name"), NameEN: r.text("name_en"), Note: r.text("note"),
		}
		if r.text("least_base") != "" {
			x.LeastBase = r.int32("least_base")
		}
		weight, ok := r.value("weight")
		if ok && weight < 0 {
			r.fail("weight", "the weight %s is below zero; turn the indicator round with direction = lower", weight)
		}
		sound = sound && ok
		x.Weight = weight
		sum += weight
		r.claimed(seen, "indicator", x.Indicator)
		l.c.Rules.Indicators = append(l.c.Rules.Indicators, x)
	}
	if n := len(l.c.Rules.Indicators); n > 0 && sound && sum != fullWeight {
		l.failAt("indicators.csv", 0, "weight", "the weights of the %d indicators add up to %s; mend them so that they add up to 100", n, sum)
	}
}

func (l *loader) assessments(areas []record.Area) {
	zones := map[record.AreaID]bool{}
	for _, a := range areas {
		zones[a.AreaID] = a.Level == record.Zone
	}
	seen := map[string]int{}
	for r := range l.readTable("assessments.csv", "year zone_id indicator value source_id | synthetic note") {
		x := record.Assessment{
			Campaign: l.c.ID, Year: r.int32("year"), ZoneID: record.AreaID(r.required("zone_id")), Indicator: r.required("indicator"),
			Synthetic: r.oneOf("synthetic", "", "true", "false") == "true", SourceID: record.SourceID(r.text("source_id")), Note: r.text("note"),
		}
		x.Value, _ = r.value("value")
		if !zones[x.ZoneID] {
			r.fail("zone_id", "%q is no zone of areas.csv; give the area_id of a zone", x.ZoneID)
		}
		if !slices.ContainsFunc(l.c.Rules.Indicators, func(i record.Indicator) bool {
			return i.Indicator == x.Indicator && i.Measure == record.Survey
		}) {
			r.fail("indicator", "%q is no indicator of indicators.csv with the measure %s; add it there or mend the name", x.Indicator, record.Survey)
		}
		if x.SourceID == "" && !x.Synthetic {
			r.fail("source_id", "the value has no source; name a row of sources.csv")
		}
		l.checkSource("assessments.csv", string(x.ZoneID)+" "+x.Indicator, x.SourceID)
		r.claimed(seen, "indicator", strconv.Itoa(int(x.Year))+" "+string(x.ZoneID)+" "+x.Indicator+" "+strconv.FormatBool(x.Synthetic))
		l.c.Rules.Assessments = append(l.c.Rules.Assessments, x)
	}
}

func (l *loader) industries() {
	seen := map[string]int{}
	for r := range l.readTable("industries.csv", "scheme industry name | name_en gbt_4754 note") {
		x := record.Industry{
			Campaign: l.c.ID, Scheme: r.required("scheme"), Industry: r.required("industry"), Position: int32(len(seen) + 1),
			Name: r.required("name"), NameEN: r.text("name_en"), GBT4754: r.text("gbt_4754"), Note: r.text("note"),
		}
		if x.Industry == record.Unclassified {
			r.fail("industry", "%q is what projects without a class are called; use another word", x.Industry)
		}
		if x.Scheme == record.ChainLeader {
			r.fail("scheme", "%q is the scheme of the leaders that ledgers name; use another word", x.Scheme)
		}
		r.claimed(seen, "industry", x.Scheme+" "+x.Industry)
		l.c.Rules.Industries = append(l.c.Rules.Industries, x)
	}
}

func (l *loader) industryWords() {
	seen := map[string]int{}
	for r := range l.readTable("industry_words.csv", "scheme industry field word | note") {
		x := record.IndustryWord{
			Campaign: l.c.ID, Scheme: r.required("scheme"), Industry: r.required("industry"),
			Field: r.oneOf("field", slices.Clone(record.IndustryFields)...), Word: r.required("word"), Note: r.text("note"),
		}
		if !slices.ContainsFunc(l.c.Rules.Industries, func(i record.Industry) bool { return i.Scheme == x.Scheme && i.Industry == x.Industry }) {
			r.fail("industry", "the scheme %q has no industry %q; add it to industries.csv or mend the word", x.Scheme, x.Industry)
		}
		r.claimed(seen, "word", x.Scheme+" "+x.Field+" "+x.Word)
		l.c.Rules.IndustryWords = append(l.c.Rules.IndustryWords, x)
	}
}

// value reads an exact number with up to four decimals; anything else is a problem.
func (r row) value(field string) (record.Value, bool) {
	v, err := record.ParseValue(r.text(field))
	if err != nil {
		r.fail(field, "%v", err)
	}
	return v, err == nil
}
