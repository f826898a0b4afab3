package site

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// figure is a picture with the data that it was drawn from, beside which the same
// numbers stand in a table.
type figure struct {
	ID, Caption, Class string
	SVG                template.HTML
	Kind               string // of the data island; "" for none
	Data               any
	Legend             []legendItem
	Note               string
}

type legendItem struct{ Class, Text string }

var stages = []string{"signed", "started", "commissioned"}

// slot is a round of a series in a chart.
type slot struct {
	Round  string `json:"round"`
	HeldOn string `json:"held_on,omitempty"`
	Value  any    `json:"value"` // null when not known
	Status string `json:"status"`
	value  num
	marks  string
}

// block is a sum over rounds next to each other that no source parts.
type block struct {
	From  int     `json:"from"` // first slot, from 0
	To    int     `json:"to"`   // last
	Value float64 `json:"value"`
	marks string
}

// panelData is the data island of a panel.
type panelData struct {
	Stage  string  `json:"stage"`
	Metric string  `json:"metric"`
	Unit   string  `json:"unit"`
	Slots  []slot  `json:"slots"`
	Blocks []block `json:"blocks,omitempty"`
}

// panel draws one stage of a series as bars: a round that is not known is a hatched
// gap, rounds known only together are one outlined block as high as their mean.
func (p *page) panel(id, stage, metric string, slots []slot, blocks []block, most float64) figure {
	const width, height, left, right, top, bottom = 340.0, 208.0, 40.0, 4.0, 34.0, 26.0
	title := p.T("panel_title", p.word(stage), p.word(metric), p.unit(metric))
	var said []string
	k := kindOf(metric)
	for _, s := range slots {
		if s.value.known {
			said = append(said, p.T("panel_known", s.Round, show(s.value.v, k)))
		} else {
			said = append(said, p.T("panel_unknown", s.Round))
		}
	}
	d := newDrawing(id, "chart panel "+stage, width, height, title, strings.Join(said, p.T("list")))
	scale := ticks(most, 4)
	highest := scale[len(scale)-1]
	y := func(v float64) float64 { return height - bottom - v/highest*(height-top-bottom) }
	step := (width - left - right) / float64(max(len(slots), 1))
	d.text("unit", 0, 11, start, p.unit(metric))
	for _, v := range scale {
		d.line("grid", left, y(v), width-right, y(v))
		d.text("tick", left-5, y(v)+4, end, axisNumber(v, k))
	}
	bar := step * 0.68
	for i, s := range slots {
		x := left + step*float64(i)
		d.text("tick", x+step/2, height-9, middle, shortRound(s.Round))
		if !s.value.known {
			d.rect("gap", x+(step-bar)/2, top, bar, height-top-bottom, p.T("panel_unknown", s.Round))
			continue
		}
		d.rect("bar", x+(step-bar)/2, y(s.value.v), bar, height-bottom-y(s.value.v), p.T("panel_known", s.Round, show(s.value.v, k)))
		d.text("value", x+step/2, y(s.value.v)-5, middle, barLabel(s.value.v, k)+s.marks)
	}
	for _, b := range blocks {
		mean := b.Value / float64(b.To-b.From+1)
		x, w := left+step*float64(b.From)+(step-bar)/2, step*float64(b.To-b.From)+bar
		label := p.T("together", barLabel(b.Value, k)) + b.marks
		d.rect("block", x, y(mean), w, height-bottom-y(mean), p.T("together_long", slots[b.From].Round, slots[b.To].Round, show(b.Value, k)))
		room := letters(label)*6.6 + 8
		d.rect("label", x+w/2-room/2, y(mean)-19, room, 16)
		d.text("value", x+w/2, y(mean)-7, middle, label)
	}
	d.line("axis", left, height-bottom, width-right, height-bottom)
	return figure{ID: id, Class: stage, Caption: p.word(stage), SVG: d.done(), Kind: "series",
		Data: panelData{stage, metric, unitCode(k), slots, blocks}}
}

func unitCode(k kind) string {
	switch k {
	case moneyKind:
		return "cny"
	case countKind:
		return "projects"
	}
	return "ratio"
}

// axisNumber writes a number of an axis, money in 亿元.
func axisNumber(v float64, k kind) string {
	switch k {
	case moneyKind:
		return grouped(strconv.FormatFloat(v/1e8, 'g', 6, 64))
	case shareKind:
		return strconv.FormatFloat(100*v, 'g', 6, 64) + " %"
	}
	return grouped(strconv.FormatFloat(v, 'g', 6, 64))
}

// barLabel is a number as short as a bar is narrow.
func barLabel(v float64, k kind) string {
	if k == moneyKind {
		return grouped(strconv.FormatFloat(v/1e8, 'f', 0, 64))
	}
	return show(v, k)
}

// shortRound is a round's id cut to fit below a bar: '21-1.
func shortRound(id string) string {
	if len(id) > 4 && strings.HasPrefix(id, "20") && id[4] == '-' {
		return "’" + id[2:]
	}
	return id
}

// funnelData is the data island of a funnel.
type funnelData struct {
	Basis     string `json:"basis"`
	Period    string `json:"period"`
	Synthetic bool   `json:"synthetic"`
	Stages    []any  `json:"stages"` // signed, started, commissioned; null when not known
	Ratios    []any  `json:"ratios"` // started of signed, commissioned of started
	Intervals []any  `json:"intervals,omitempty"`
}

// funnel draws the three stages of one period below each other, with the ratio of each
// to the one before.
func (p *page) funnel(id string, c conversionRow) figure {
	const width, height, left, rowHeight, top = 400.0, 150.0, 4.0, 46.0, 14.0
	values := []num{c.Signed, c.Started, c.Commissioned}
	ratios := []num{{}, c.StartRatio, c.CommissionRatio}
	most := 1.0
	for _, v := range values {
		most = max(most, v.v)
	}
	isCohort := c.Basis == "ledger_cohort"
	var said, notes []string
	for i, v := range values {
		what, note := p.T("not_known"), ""
		if v.known {
			what = show(v.v, countKind)
		}
		if ratios[i].known {
			note = p.T("funnel_flow_"+stages[i], show(ratios[i].v, ratioKind))
			if isCohort {
				low, high := c.StartCiLow, c.StartCiHigh
				if i == 2 {
					low, high = c.CommissionCiLow, c.CommissionCiHigh
				}
				note = p.T("funnel_cohort_"+stages[i], show(ratios[i].v, shareKind), show(low.v, shareKind), show(high.v, shareKind))
			}
		}
		notes = append(notes, note)
		said = append(said, strings.TrimSpace(p.word(stages[i])+" "+what+" "+note))
	}
	d := newDrawing(id, "chart funnel", width, height, p.T("funnel_title_"+c.Basis, p.period(c.Period, c.PeriodID)), strings.Join(said, p.T("list")))
	for i, v := range values {
		y := top + rowHeight*float64(i)
		d.text("tick", left, y, start, p.word(stages[i]))
		if notes[i] != "" {
			d.text("note", width-4, y, end, notes[i])
		}
		if !v.known {
			d.rect("gap", left, y+6, width-2*left, 20)
			d.text("value", left+8, y+21, start, "—")
			continue
		}
		w := (width - 2*left - 60) * v.v / most
		d.rect("bar "+stages[i], left, y+6, w, 20)
		d.text("value", left+w+6, y+21, start, show(v.v, countKind))
	}
	f := figure{ID: id, Caption: p.periodLong(c), SVG: d.done(), Kind: "funnel"}
	data := funnelData{Basis: c.Basis, Period: c.PeriodID, Synthetic: c.Synthetic, Stages: list(values...), Ratios: list(c.StartRatio, c.CommissionRatio)}
	if isCohort {
		data.Intervals = []any{list(c.StartCiLow, c.StartCiHigh), list(c.CommissionCiLow, c.CommissionCiHigh)}
	}
	f.Data = data
	return f
}

// periodLong names the period of a conversion with how much it adds up.
func (p *page) periodLong(c conversionRow) string {
	if c.PeriodID != "all" {
		return p.period(c.Period, c.PeriodID)
	}
	if c.Basis == "ledger_cohort" {
		return p.T("all_cohorts")
	}
	return p.T("rounds_added", int(c.RoundsCovered.v))
}

// list makes JSON's null of what is not known.
func list(values ...num) []any {
	all := make([]any, len(values))
	for i, v := range values {
		if v.known {
			all[i] = v.v
		}
	}
	return all
}

// dot is one number of a dot plot, with its interval where it has one.
type dot struct {
	value, low, high num
	class            string
	isDiamond        bool
	title            string
}

type dotRow struct {
	label string
	marks string
	dots  []dot
}

// dots draws ratios of periods below each other: no line joins them, since the periods
// are not a row. mark1 draws the line at 1, which flows may pass.
func (p *page) dots(id, class, title string, rows []dotRow, k kind, axis string) figure {
	const width, right, top, bottom, rowHeight = 400.0, 14.0, 18.0, 22.0, 26.0
	longest, most := 6.0, 1.0
	for _, r := range rows {
		longest = max(longest, letters(r.label+r.marks))
		for _, x := range r.dots {
			most = max(most, x.value.v, x.high.v)
		}
	}
	left := min(longest*6.8+12, 170)
	height := top + bottom + rowHeight*float64(len(rows))
	scale := ticks(most, 5)
	highest := scale[len(scale)-1]
	x := func(v float64) float64 { return left + v/highest*(width-left-right) }
	var said []string
	for _, r := range rows {
		for _, o := range r.dots {
			if o.value.known {
				said = append(said, r.label+": "+o.title)
			}
		}
	}
	d := newDrawing(id, "chart dots "+class, width, height, title, strings.Join(said, p.T("list")))
	for _, v := range scale {
		d.line("grid", x(v), top-4, x(v), height-bottom)
		d.text("tick", x(v), height-7, middle, axisNumber(v, k))
	}
	if k == ratioKind {
		d.line("one", x(1), top-6, x(1), height-bottom)
	}
	d.text("unit", width-right, 9, end, axis)
	for i, r := range rows {
		y := top + rowHeight*(float64(i)+0.5)
		d.text("rowlabel", left-8, y+4, end, r.label+r.marks)
		d.line("row", left, y, width-right, y)
		for j, o := range r.dots {
			if !o.value.known {
				continue
			}
			oy := y
			if o.low.known && len(r.dots) > 1 {
				oy += float64(j)*8 - 4
			}
			if o.low.known && o.high.known {
				d.line("range "+o.class, x(o.low.v), oy, x(o.high.v), oy)
			}
			if o.isDiamond {
				d.diamond("mark "+o.class, x(o.value.v), oy, 5.5, r.label+": "+o.title)
			} else {
				d.circle("mark "+o.class, x(o.value.v), oy, 4.8, r.label+": "+o.title)
			}
		}
	}
	return figure{ID: id, Caption: title, SVG: d.done()}
}

// conversionDots draws the two ratios of each period.
func (p *page) conversionDots(id string, rows []conversionRow) figure {
	isCohort := len(rows) > 0 && rows[0].Basis == "ledger_cohort"
	k, class, axis := ratioKind, "flow", p.T("axis_ratio")
	if isCohort {
		k, class, axis = shareKind, "cohort", p.T("axis_share")
	}
	var drawn []dotRow
	var island []funnelData
	for _, c := range rows {
		if c.Universe == "all_projects" {
			continue // more than the campaign: context, which the table tells
		}
		r := dotRow{label: p.periodShort(c)}
		for _, m := range p.marks(c.HasConflict, false, c.HasDoubt, false) {
			r.marks += m.Sign
		}
		r.dots = append(r.dots, dot{c.StartRatio, c.StartCiLow, c.StartCiHigh, "started", false, p.T("start_of", show(c.StartRatio.v, k))})
		r.dots = append(r.dots, dot{c.CommissionRatio, c.CommissionCiLow, c.CommissionCiHigh, "commissioned", true, p.T("commission_of", show(c.CommissionRatio.v, k))})
		drawn = append(drawn, r)
		data := funnelData{Basis: c.Basis, Period: c.PeriodID, Synthetic: c.Synthetic, Stages: list(c.Signed, c.Started, c.Commissioned), Ratios: list(c.StartRatio, c.CommissionRatio)}
		if isCohort {
			data.Intervals = []any{list(c.StartCiLow, c.StartCiHigh), list(c.CommissionCiLow, c.CommissionCiHigh)}
		}
		island = append(island, data)
	}
	f := p.dots(id, class, p.T("dots_title_"+class), drawn, k, axis)
	f.Kind, f.Data = "conversion", island
	f.Legend = []legendItem{{"started", p.T("legend_start_" + class)}, {"commissioned diamond", p.T("legend_commission_" + class)}}
	return f
}

func (p *page) periodShort(c conversionRow) string {
	if c.PeriodID == "all" {
		if c.Basis == "ledger_cohort" {
			return p.T("all_short")
		}
		return p.T("rounds_added", int(c.RoundsCovered.v))
	}
	return p.period(c.Period, c.PeriodID)
}

// lineSeries is one line of months; months that are not known part it.
type lineSeries struct {
	class, label string
	values       []num
}

type linesData struct {
	Months []string         `json:"months"`
	Series map[string][]any `json:"series"`
}

// lines draws shares by month. A month without a value is a gap: nothing is drawn
// across it.
func (p *page) lines(id, title string, months []string, series []lineSeries) figure {
	const width, height, left, right, top, bottom = 400.0, 226.0, 44.0, 22.0, 28.0, 26.0
	most := 1.0
	for _, s := range series {
		for _, v := range s.values {
			most = max(most, v.v)
		}
	}
	scale := ticks(most, 5)
	highest := scale[len(scale)-1]
	step := (width - left - right) / float64(max(len(months)-1, 1))
	x := func(i int) float64 { return left + step*float64(i) }
	y := func(v float64) float64 { return height - bottom - v/highest*(height-top-bottom) }
	var said []string
	for _, s := range series {
		for i := len(s.values) - 1; i >= 0; i-- {
			if s.values[i].known {
				said = append(said, p.T("lines_last", s.label, month(months[i]), show(s.values[i].v, shareKind)))
				break
			}
		}
	}
	d := newDrawing(id, "chart lines", width, height, title, strings.Join(said, p.T("list")))
	d.text("unit", 0, 11, start, p.T("axis_percent"))
	for _, v := range scale {
		d.line("grid", left, y(v), width-right, y(v))
		d.text("tick", left-6, y(v)+4, end, axisNumber(v, shareKind))
	}
	every := max((len(months)+4)/5, 1)
	for i := 0; i < len(months); i += every {
		d.text("tick", x(i), height-8, middle, month(months[i]))
	}
	data := linesData{Series: map[string][]any{}}
	for _, m := range months {
		data.Months = append(data.Months, month(m))
	}
	f := figure{ID: id, Caption: title, Kind: "months"}
	for _, s := range series {
		drawLine(d, "line "+s.class, s.values, x, y, 2.2)
		data.Series[s.class] = list(s.values...)
		f.Legend = append(f.Legend, legendItem{s.class, s.label})
	}
	d.line("axis", left, height-bottom, width-right, height-bottom)
	f.SVG, f.Data = d.done(), data
	return f
}

// drawLine draws the known values: neighbours joined, one alone as a dot.
func drawLine(d *drawing, class string, values []num, x func(int) float64, y func(float64) float64, radius float64) {
	var path strings.Builder
	for i, v := range values {
		if !v.known {
			continue
		}
		before := i > 0 && values[i-1].known
		after := i+1 < len(values) && values[i+1].known
		switch {
		case before:
			fmt.Fprintf(&path, "L%s %s", at(x(i)), at(y(v.v)))
		case after:
			fmt.Fprintf(&path, "M%s %s", at(x(i)), at(y(v.v)))
		default:
			d.circle(class+" lone", x(i), y(v.v), radius)
		}
	}
	if path.Len() > 0 {
		d.path(class, path.String())
	}
}

// month is the month of a day.
func month(day string) string { return day[:min(7, len(day))] }

// sparkLine draws a history in a table's cell, its last value as a dot.
func sparkLine(class string, values []num) template.HTML {
	const width, height, edge = 96.0, 24.0, 3.0
	low, high, last := 1.0, 0.0, -1
	for i, v := range values {
		if v.known {
			low, high, last = min(low, v.v), max(high, v.v), i
		}
	}
	if last < 0 {
		return ""
	}
	if high-low < 0.02 {
		low, high = low-0.01, high+0.01
	}
	d := newSpark("spark "+class, width, height)
	step := (width - 2*edge) / float64(max(len(values)-1, 1))
	x := func(i int) float64 { return edge + step*float64(i) }
	y := func(v float64) float64 { return height - edge - (v-low)/(high-low)*(height-2*edge) }
	drawLine(d, "line", values, x, y, 1.6)
	d.circle("last", x(last), y(values[last].v), 2.4)
	return d.done()
}

// sparkSlots draws which rounds of the series are known, and how much they say: a bar
// for a figure, an open tick for none.
func sparkSlots(class string, values []num, most float64) template.HTML {
	const height, step = 24.0, 11.0
	d := newSpark("spark slots "+class, step*float64(max(len(values), 1)), height)
	for i, v := range values {
		x := step * float64(i)
		if !v.known || most <= 0 {
			d.rect("open", x+1.5, height-5, step-3, 4)
			continue
		}
		h := max((height-2)*v.v/most, 2)
		d.rect("bar", x+1, height-1-h, step-2, h)
	}
	return d.done()
}

// rankBar draws a place among its type, and the places under other weights.
func rankBar(x scoreRow) template.HTML {
	if !x.Rank.known || !x.RankedOf.known || !x.RankLow.known || !x.RankHigh.known {
		return ""
	}
	const width, height, edge = 96.0, 20.0, 5.0
	at := func(rank float64) float64 {
		return edge + (rank-1)/max(x.RankedOf.v-1, 1)*(width-2*edge)
	}
	d := newSpark("spark rank", width, height)
	d.line("scale", edge, height/2, width-edge, height/2)
	d.line("range", at(x.RankLow.v), height/2, at(x.RankHigh.v), height/2)
	d.circle("last", at(x.Rank.v), height/2, 3.6)
	return d.done()
}
