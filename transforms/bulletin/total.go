package bulletin

import (
	"slices"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// mostClaims is how many figures a text may claim and still be a bulletin.
const mostClaims = 2000

// finish settles the totals by arithmetic, joins what is told twice, and puts
// what contradicts itself to review.
func (d *document) finish() {
	if len(d.out.Claims) > mostClaims {
		for i := range d.out.Claims {
			d.out.Claims[i].Review = "too_many_figures"
		}
		return
	}
	d.provinces()
	d.totals()
	d.headlines()
	d.conflicts()
	d.twice()
}

// totals gives each count of no stage the stages whose counts add up to it, and
// checks the totals whose stages are printed.
func (d *document) totals() {
	var drop []int
	for _, g := range d.groups {
		if len(g.claims) == 0 || len(g.stages) == 1 {
			continue
		}
		first := &d.out.Claims[g.claims[0]]
		if first.Review == "stage_unclear" {
			continue
		}
		var sums string
		known := false
		for _, k := range g.claims {
			c := &d.out.Claims[k]
			of, parts := d.adds(c)
			known = known || parts
			if of != "" && (sums == "" || c.Metric == record.Projects) {
				sums = of
			}
		}
		switch {
		case g.alone && sums == "" && !known && !g.named:
			drop = append(drop, g.claims...)
		case g.alone && sums == "":
			d.mark(g, "total_unclear")
		case sums != "" && (g.alone || len(sums) < len(g.totalOf)):
			for _, k := range g.claims {
				d.out.Claims[k].TotalOf = sums
			}
		case sums == "" && known:
			d.mark(g, "total_unclear")
		}
	}
	d.drop(drop, "no stage, and no stages of the text add up to it")
}

// headlines takes out the figures of a title that names no area, or does not say what
// it counts, where the text tells the same figure and does: 63个项目集中签约.
func (d *document) headlines() {
	if len(d.lines) == 0 {
		return
	}
	l := d.lines[d.titleLine]
	end := d.tokens[l.to-1].To
	var drop []int
	for i := range d.out.Claims {
		c := &d.out.Claims[i]
		if c.Quote.From > end {
			continue
		}
		part, own := false, false // the text tells it of a part of the area, and of the area itself
		for k := range d.out.Claims {
			o := &d.out.Claims[k]
			if o.Quote.From <= end || o.Stage != c.Stage || o.Metric != c.Metric || o.Value != c.Value || o.Round != c.Round || o.Period != c.Period {
				continue
			}
			if o.AreaID != c.AreaID && o.namesArea() && !c.namesArea() || o.AreaID == c.AreaID && c.Universe == "" && o.Universe != "" {
				drop = append(drop, i)
				break
			}
			part, own = part || d.within(o.AreaID, c.AreaID), own || o.AreaID == c.AreaID
		}
		if part && !own && c.Review == "" {
			c.Review = "area_unclear" // 太原起步区：13个项目开工, where the text has 13 of one part
		}
	}
	d.drop(drop, "the text tells it of the area that it is of")
}

// provinces gives the figures of 全省第四期“三个一批”活动 in the text of a city to the
// province, where the city's own of the same kind are told elsewhere and differ.
func (d *document) provinces() {
	for i := range d.out.Claims {
		c := &d.out.Claims[i]
		if c.event == (Span{}) || c.Review != "area_unclear" {
			continue
		}
		own, same := false, false
		for k := range d.out.Claims {
			if o := &d.out.Claims[k]; o.Review == "" && o.AreaID == c.AreaID && o.Stage != record.Total && o.Metric == record.Projects && o.Round == c.Round && o.Period == c.Period {
				own = true
				same = same || o.Stage == c.Stage && o.Metric == c.Metric && o.Value == c.Value
			}
		}
		if id := d.provinceOf(c.AreaID); own && !same && id != "" {
			c.AreaID, c.Review = id, ""
			c.AreaAsPublished = ""
			for k := range c.Parts {
				if c.Parts[k].Role == AreaPart {
					c.Parts[k].Span = c.event
				}
			}
			slices.SortFunc(c.Parts, func(a, b Part) int { return a.From - b.From })
		}
	}
}

func (d *document) provinceOf(id record.AreaID) record.AreaID {
	if d.r.campaign.AreaID != "" {
		return d.r.campaign.AreaID
	}
	return d.r.province(id)
}

func (d *document) mark(g *group, review string) {
	for _, k := range g.claims {
		if d.out.Claims[k].Review == "" {
			d.out.Claims[k].Review = review
		}
	}
}

// adds finds the stages whose claims of the same area, time and metric add up to
// a total. It reports whether at least two parts are known.
func (d *document) adds(total *Claim) (of string, known bool) {
	parts := map[record.Stage]record.Value{}
	var stages []record.Stage
	for i := range d.out.Claims {
		c := &d.out.Claims[i]
		if c.Metric != total.Metric || c.AreaID != total.AreaID || c.Round != total.Round || c.Period != total.Period ||
			c.PeriodFrom != total.PeriodFrom || c.Stage == record.Total || c.Universe != total.Universe {
			continue
		}
		if _, ok := parts[c.Stage]; !ok {
			parts[c.Stage] = c.Value
			stages = append(stages, c.Stage)
		}
	}
	if len(stages) < 2 {
		return "", false
	}
	for _, set := range [][]record.Stage{
		{record.Signed, record.Started, record.Commissioned}, {record.Signed, record.Started},
		{record.Started, record.Commissioned}, {record.Signed, record.Commissioned},
	} {
		sum, all := record.Value(0), true
		for _, st := range set {
			v, ok := parts[st]
			sum, all = sum+v, all && ok
		}
		if all && near(sum, total.Value, total) {
			return totalOf(set), true
		}
	}
	return "", true
}

// near reports whether a sum is a total: to the last figure for projects, to a
// rounding for money.
func near(sum, total record.Value, c *Claim) bool {
	diff := sum - total
	if diff < 0 {
		diff = -diff
	}
	switch {
	case c.Metric.Dimension() == record.Count:
		return diff == 0
	case c.Approximate:
		return diff < total/50
	}
	return diff <= record.WholeValue(10_000_000) || diff < total/2000
}

// drop takes claims out, by index.
func (d *document) drop(list []int, why string) {
	if len(list) == 0 {
		return
	}
	gone := make([]bool, len(d.out.Claims))
	for _, k := range list {
		gone[k] = true
	}
	var kept []Claim
	for k, c := range d.out.Claims {
		if !gone[k] {
			kept = append(kept, c)
			continue
		}
		for _, p := range c.Parts {
			if p.Role == ValuePart {
				d.out.Passed = append(d.out.Passed, Passed{Figure: p.Span, Near: c.Rule, Why: why})
			}
		}
	}
	slices.SortStableFunc(d.out.Passed, func(a, b Passed) int { return a.Figure.From - b.Figure.From })
	d.out.Claims = kept
	d.groups = nil
}

// key is what makes two claims speak of the same figure.
type key struct {
	round    record.RoundID
	area     record.AreaID
	universe string
	stage    record.Stage
	metric   record.Metric
	method   string
	period   record.PeriodKind
	from, to record.Date
	totalOf  string
}

func (c *Claim) key() key {
	return key{c.Round, c.AreaID, c.Universe, c.Stage, c.Metric, c.Method, c.Period, c.PeriodFrom, c.PeriodTo, c.TotalOf}
}

// conflicts puts to review what is told with two values: one of them belongs to
// somebody else.
func (d *document) conflicts() {
	first := map[key]int{}
	for i := range d.out.Claims {
		c := &d.out.Claims[i]
		if c.Review != "" || c.Metric == record.Representative {
			continue
		}
		k, ok := first[c.key()]
		if !ok {
			first[c.key()] = i
			continue
		}
		o := &d.out.Claims[k]
		if o.Value == c.Value || o.Approximate != c.Approximate {
			continue
		}
		was, is := o.namesArea(), c.namesArea()
		if was == is || !was {
			o.Review = "area_unclear"
		}
		if was == is || !is {
			c.Review = "area_unclear"
		}
	}
}

// namesArea reports whether the sentence itself tells the claim's area.
func (c *Claim) namesArea() bool {
	for _, p := range c.Parts {
		if p.Role == AreaPart && p.From >= c.Quote.From && p.To <= c.Quote.To {
			return true
		}
	}
	return false
}

// alike reports whether one value may be the other, rounded.
func alike(a, b record.Value) bool {
	if a > b {
		a, b = b, a
	}
	return b-a <= b/8
}

// twice leaves one claim of a figure that is told twice: the certain one, else
// the first.
func (d *document) twice() {
	seen := make(map[key][]int, len(d.out.Claims))
	kept := d.out.Claims[:0] // a claim is read before its place is taken
next:
	for _, c := range d.out.Claims {
		for _, k := range seen[c.key()] {
			o := &kept[k]
			if o.Approximate != c.Approximate && alike(o.Value, c.Value) && o.Review == c.Review {
				if o.Approximate { // a headline rounds what the text tells
					*o = c
				}
				continue next
			}
			if o.Value != c.Value {
				continue
			}
			if o.Review != "" && c.Review == "" {
				*o = c
			}
			continue next
		}
		seen[c.key()] = append(seen[c.key()], len(kept))
		kept = append(kept, c)
	}
	d.out.Claims = kept
}
