package sheet

import (
	"fmt"
	"slices"

	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Scale is what investments of a sheet usually are, by which one that is off by
// ten thousand is told. The zero Scale knows nothing.
type Scale struct {
	Median record.CNY // of the sheet's first rows that have an amount; 0 when fewer than learnFrom have
}

const learnFrom = 20 // amounts that a median needs

// Learn finds a sheet's scale from the amounts of its first rows, and whether
// one of them calls itself synthetic.
func (r *Reader) Learn(rows func(func(*format.Row) bool)) (scale Scale, synthetic bool) {
	var amounts []record.CNY
	for row := range rows {
		res := r.Read(row)
		synthetic = synthetic || slices.ContainsFunc(res.Problems, func(f Finding) bool { return f.Reason == "synthetic_row" })
		if res.Project.InvestmentCNY != nil && *res.Project.InvestmentCNY > 0 {
			amounts = append(amounts, *res.Project.InvestmentCNY)
		}
	}
	if len(amounts) < learnFrom {
		return Scale{}, synthetic
	}
	slices.Sort(amounts)
	return Scale{amounts[len(amounts)/2]}, synthetic
}

// The bounds of a project's investment. No project of these campaigns reaches
// 10 000 亿元, and none that is worth a ceremony costs less than a flat.
const (
	mostEver    = 10_000 * record.YiYuan
	much        = 500 * record.YiYuan
	little      = record.YiYuan / 100 // 100 万元
	timesMedian = 1000
)

// suspect says why an investment looks as if 万元 and 亿元 were mixed up; "" when
// it does not.
func (s Scale) suspect(v record.CNY) string {
	switch {
	case v > mostEver:
		return "no project is that large"
	case s.Median == 0 || v == 0:
		return ""
	case s.Median > much && v > much/10:
		return fmt.Sprintf("the whole column is: its median is %s", s.Median)
	case s.Median < little/10 && v < little:
		return fmt.Sprintf("the whole column is: its median is %s", s.Median)
	case v > much && v/timesMedian > s.Median, v < little && v < s.Median/timesMedian:
		return fmt.Sprintf("the median of the sheet is %s", s.Median)
	}
	return ""
}

// judge applies the rules that look at several fields or rows.
func (r *Reader) judge(p *record.Project) {
	before := -1
	for i, s := range r.spans {
		if s.from == 0 {
			continue
		}
		c := r.dates[i]
		switch {
		case p.AsOf != 0 && s.from > p.AsOf:
			r.problem(c.field, c.at, "future_date", "after "+p.AsOf.String())
		case r.ctx.Today != 0 && s.from > r.ctx.Today:
			// The day of the reading is not told: what is read tomorrow is the same.
			r.problem(c.field, c.at, "future_date", "still to come")
			r.until = earliest(r.until, s.from)
		}
		if before >= 0 && s.to < r.spans[before].from {
			r.problem(c.field, c.at, "impossible_order",
				fmt.Sprintf("%s before %s %s", s.from, r.dates[before].field, r.spans[before].from))
		}
		if before < 0 || s.from >= r.spans[before].from {
			before = i
		}
	}
	if p.InvestmentCNY != nil {
		if detail := r.scale.suspect(*p.InvestmentCNY); detail != "" {
			r.problem(Investment, r.money[0].at, "unit_suspect", detail)
		}
	}
}

// Until is the first day on which a row read so far would be judged otherwise,
// because a date in it has come by then; 0 when no day makes a difference.
func (r *Reader) Until() record.Date { return r.until }

// earliest is the earlier of two days, of which 0 is none.
func earliest(a, b record.Date) record.Date {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
