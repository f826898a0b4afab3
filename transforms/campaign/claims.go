package campaign

import (
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/record"
)

func (l *loader) claims() {
	seen := map[string]int{}
	for r := range l.readTable("claims.csv",
		"source_id period round area stage metric value unit | round_label period_from period_to within area_as_published "+
			"universe total_of method approximate doubt locator note") {
		c, ok := l.claim(r)
		if !ok {
			continue
		}
		c.ClaimID = record.NewClaimID(c)
		r.claimed(seen, "source_id", string(c.ClaimID))
		l.c.Claims = append(l.c.Claims, c)
	}
}

// claim reads one row. It reports false when the row is quarantined or has a
// problem.
func (l *loader) claim(r row) (record.Claim, bool) {
	problems := len(l.problems)
	c := record.Claim{
		Campaign: l.id, SourceID: record.SourceID(r.required("source_id")), AreaAsPublished: r.text("area_as_published"),
		Universe: r.text("universe"), Stage: word(r, "stage", record.ParseStage), TotalOf: r.text("total_of"),
		Metric: word(r, "metric", record.ParseMetric), ValueAsPrinted: r.required("value"), Unit: r.required("unit"),
		Method: r.text("method"), Period: word(r, "period", record.ParsePeriodKind), RoundLabel: r.text("round_label"),
		Doubt: r.text("doubt"), Extractor: record.Curated, Locator: r.text("locator"), Note: r.text("note"),
	}
	if c.Universe == "" {
		c.Universe = record.AsPublished
	}
	source, ok := l.sourceByID[c.SourceID]
	if !ok && !l.lacksSources() {
		r.fail("source_id", "source %q is not in sources.csv; add it there or mend the id", c.SourceID)
	}
	l.checkWords(r, c)
	l.readValue(r, &c)
	if err := l.readPeriod(r, &c, source); err != nil {
		if l.quarantine(r, "round_label", c.SourceID, err) {
			return c, false
		}
		r.fail("round", "%v", err)
	}
	on := c.PeriodTo
	if on == 0 {
		on = source.PublishedOn
	}
	id, field, err := l.place(r, "area", on)
	if err != nil {
		if l.quarantine(r, field, c.SourceID, err) {
			return c, false
		}
		r.fail(field, "%v", err)
	}
	c.AreaID = id
	if c.AreaAsPublished == "" {
		c.AreaAsPublished = r.text("area")
	}
	return c, len(l.problems) == problems
}

// place resolves the area named in a field, within the one named in "within" if
// any. It returns the field that the error speaks of.
func (l *loader) place(r row, field string, on record.Date, levels ...record.AreaLevel) (record.AreaID, string, error) {
	var within record.AreaID
	if text := r.text("within"); text != "" {
		var err error
		if within, err = l.resolver.Resolve(area.Query{Name: text, On: on}); err != nil {
			return "", "within", err
		}
	}
	id, err := l.resolver.Resolve(area.Query{Name: r.text(field), On: on, Within: within, Levels: levels})
	return id, field, err
}

func (l *loader) checkWords(r row, c record.Claim) {
	if !l.words.HasUniverse(c.Universe) {
		r.fail("universe", "unknown universe %q; use one of words/universes.csv or leave the cell empty", c.Universe)
	}
	if c.Doubt != "" && !slices.Contains(l.words.Doubts, c.Doubt) {
		r.fail("doubt", "unknown doubt %q; use one of %s or leave the cell empty", c.Doubt, strings.Join(l.words.Doubts, ", "))
	}
	switch {
	case c.TotalOf != "" && c.Stage != record.Total:
		r.fail("total_of", "total_of goes with the stage total only, and this is %s", c.Stage)
	case c.TotalOf != "" && c.TotalOf != "signed+started" && c.TotalOf != "signed+started+commissioned":
		r.fail("total_of", "unknown total_of %q; use signed+started, signed+started+commissioned, or leave the cell empty", c.TotalOf)
	case c.Metric.IsRate() && c.Method == "":
		r.fail("method", "a published rate needs its method, such as started/signed: rates of different method are never compared")
	}
}

func (l *loader) readValue(r row, c *record.Claim) {
	if c.ValueAsPrinted == "" || c.Unit == "" {
		return
	}
	a, err := amount.ParseParts(c.ValueAsPrinted, c.Unit)
	if err != nil {
		r.fail("value", "%v", err)
		return
	}
	c.Value = a.Value
	c.Approximate = a.Approximate || r.text("approximate") != ""
	switch want := c.Metric.Dimension(); {
	case c.Metric == "": // reported already
	case a.Dimension != want:
		r.fail("unit", "the unit %q is a %s, and %s is a %s", c.Unit, a.Dimension, c.Metric, want)
	case want == record.Money && a.Currency != "CNY":
		r.fail("unit", "the amount is in %s; only yuan can be compared, and nothing is converted in silence", a.Currency)
	case want == record.Count && !a.Value.IsWhole():
		r.fail("value", "%s projects is not a whole number", a.Value)
	}
}

// readPeriod fills the period of a claim: the round and its day, the year, or
// the span. The error is that of the round index.
func (l *loader) readPeriod(r row, c *record.Claim, source record.Source) error {
	near := date.Near{Year: source.PublishedOn.Year()}
	c.PeriodFrom, c.PeriodTo = r.day("period_from", near), r.day("period_to", near)
	if c.PeriodFrom != 0 && c.PeriodTo != 0 && c.PeriodFrom > c.PeriodTo {
		r.fail("period_to", "the period ends on %s, before it begins on %s", c.PeriodTo, c.PeriodFrom)
	}
	if c.Period == record.OfRound {
		return l.readRound(r, c)
	}
	if r.text("round") != "" {
		r.fail("round", "a round goes with the period round only, and this is %s", c.Period)
	}
	switch {
	case c.PeriodFrom == 0 && c.PeriodTo == 0:
		if c.Period != "" {
			r.fail("period_to", "a figure of period %s needs period_from or period_to", c.Period)
		}
	case c.Period == record.Annual && c.PeriodFrom != 0 && c.PeriodTo != 0 && c.PeriodFrom.Year() != c.PeriodTo.Year():
		r.fail("period_from", "an annual figure lies in one year; use the period cumulative for %s..%s", c.PeriodFrom, c.PeriodTo)
	}
	c.PeriodID = record.PeriodID(c.Period, c.Round, c.PeriodFrom, c.PeriodTo)
	return nil
}

func (l *loader) readRound(r row, c *record.Claim) error {
	c.Round = record.RoundID(r.text("round"))
	if c.Round == "" {
		id, err := l.roundIndex.Resolve(c.RoundLabel, c.PeriodTo)
		if err != nil {
			return err
		}
		c.Round = id
	}
	x, ok := l.roundByID[c.Round]
	if !ok {
		r.fail("round", "round %q is not in rounds.csv; add it there or mend the id", c.Round)
	}
	c.PeriodFrom, c.PeriodTo = x.HeldOn, x.HeldOn
	c.PeriodID = record.PeriodID(c.Period, c.Round, c.PeriodFrom, c.PeriodTo)
	return nil
}
