package synthetic

import (
	"strconv"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// perWan is fen in 万元.
const perWan = 10_000 * 100

var (
	dateFields  = [4]string{"signed_on", "started_on", "commissioned_on", "on_target_on"}
	moneyFields = [3]string{"investment", "expected_output", "actual_output"}
)

// flag notes what was left out of the row, once; days stand before amounts.
func (w *printer) flag(reason record.Reason) {
	flags := &w.row.Project.Flags
	switch {
	case *flags == "":
		*flags = string(reason)
	case strings.Contains(*flags, string(reason)):
	case reason == PlannedDate:
		*flags = string(reason) + ";" + *flags
	default:
		*flags += ";" + string(reason)
	}
}

// date prints the day on which the project reached a stage, k from 0.
func (w *printer) date(at, k int, on *record.Date, precision *record.Precision) {
	d := w.p.days[k]
	messy, x := w.messy(), w.r.next()
	plan := w.wants(Plans)
	if w.hurtDate(at, k) {
		return
	}
	if d == 0 {
		// The first stage that is still to come may be planned.
		if plan && x%3 == 0 && k > 0 && w.p.days[k-1] != 0 {
			w.mark(Plans)
			w.flag(PlannedDate)
			w.cell(at, func(b []byte) []byte { return appendPlan(b, w.opt.AsOf, x>>8) })
			return
		}
		w.unknown(at, blankWords)
		return
	}
	if messy && w.kinds.Has(Months) && (x%8 == 0 || !w.kinds.Has(Dates)) {
		w.mark(Months)
		_, _, day := civil(d)
		*on, *precision = d-record.Date(day-1), record.ToTheMonth
		w.cell(at, func(b []byte) []byte { return appendMonth(b, d, x>>8&1 == 0) })
		return
	}
	form := iso
	if messy && w.kinds.Has(Dates) {
		w.mark(Dates)
		form = 1 + int(x>>16%(dateForms-1))
	}
	if w.other {
		form = (form + 1) % dateForms
	}
	*on, *precision = d, record.ToTheDay
	w.cell(at, func(b []byte) []byte { return appendDay(b, d, form, x>>40&1 == 0) })
}

// hurtDate prints a damaged day, if this is the one to damage.
func (w *printer) hurtDate(at, k int) bool {
	form := iso
	if w.other {
		form = chinese
	}
	switch {
	case w.hurt == BadDates && k == int(w.p.index%4):
		w.broken(UnreadableDate, dateFields[k])
		w.word(at, pick(&w.r, badDates))
	case w.hurt == WrongOrder && k == 0:
		// In full, so that no month hides the order.
		w.cell(at, func(b []byte) []byte { return appendDay(b, w.p.days[0], form, true) })
	case w.hurt == WrongOrder && k == 1:
		w.broken(ImpossibleOrder, dateFields[k])
		before := w.p.days[0] - 1 - record.Date(w.r.below(400))
		w.cell(at, func(b []byte) []byte { return appendDay(b, before, form, true) })
	case w.hurt == Futures && k == w.coming():
		w.broken(FutureDate, dateFields[k])
		after := w.opt.AsOf + 1 + record.Date(w.r.below(900))
		w.cell(at, func(b []byte) []byte { return appendDay(b, after, form, true) })
	default:
		return false
	}
	return true
}

// coming is the stage that the project reaches next, or the last.
func (w *printer) coming() int {
	return min(int(w.p.stage()), 3)
}

// appendPlan writes a plan for a time after a day.
func appendPlan(b []byte, after record.Date, x uint64) []byte {
	y, m, _ := civil(after)
	later := int64(y) + 1 + int64(x&1)
	switch x >> 1 % 3 {
	case 0:
		return append(strconv.AppendInt(append(b, "计划"...), later, 10), "年底"...)
	case 1:
		b = append(strconv.AppendInt(append(b, "预计"...), later, 10), "年"...)
		return append(strconv.AppendInt(b, int64(m), 10), "月"...)
	}
	b = append(strconv.AppendInt(append(b, "拟于"...), later, 10), "年"...)
	return append(strconv.AppendInt(b, int64(m), 10), "月底前"...)
}

// The messy forms of an amount.
const (
	paddedUnit = iota // 12.50亿元
	inWan             // 125000万元
	grouped           // 125,000万元, or 1,250.00 from 1000亿元 on
	about             // 约12.5
	shortUnit         // 12.5亿
	wideAmount        // １２．５
	amountForms
)

// money prints an amount of w 万元, 0 when it is not known: slot 0 is the
// investment.
func (w *printer) money(at int, amount int64, slot int) {
	messy, x := w.messy(), w.r.next()
	foreign := slot == 0 && w.kinds.Has(Foreign)
	switch {
	case w.hurt == BadAmounts && slot == int(w.p.index%3):
		w.broken(UnreadableAmount, moneyFields[slot])
		w.word(at, pick(&w.r, badAmounts))
	case w.hurt == WrongUnits && slot == 0:
		w.broken(UnitSuspect, moneyFields[slot])
		w.cell(at, func(b []byte) []byte { return strconv.AppendInt(b, amount, 10) })
	case amount == 0:
		w.unknown(at, blankWords)
	case messy && w.kinds.Has(Ranges) && (x%16 == 0 || !w.kinds.Has(Amounts)) && amount >= 20_000:
		w.mark(Ranges)
		w.rangeCell(at, amount, slot, x)
	case messy && foreign && (x%16 == 1 || !w.kinds.Has(Amounts)):
		w.mark(Foreign)
		w.foreignCell(at, amount)
	default:
		form := amountForms
		if messy && w.kinds.Has(Amounts) {
			w.mark(Amounts)
			form = int(x >> 16 % amountForms)
		}
		w.known(slot, amount)
		w.row.Project.Approximate = w.row.Project.Approximate || form == about
		w.spacedCell(at, func(b []byte) []byte { return appendAmount(b, amount, form) })
	}
}

// known sets the truth of an amount.
func (w *printer) known(slot int, amount int64) {
	t := &w.row.Project
	w.numbers[slot] = record.CNY(amount) * perWan
	switch slot {
	case 0:
		t.InvestmentCNY = &w.numbers[0]
	case 1:
		t.ExpectedOutputCNY = &w.numbers[1]
	case 2:
		t.ActualOutputCNY = &w.numbers[2]
	}
}

func (w *printer) rangeCell(at int, amount int64, slot int, x uint64) {
	low := amount / 10_000
	high := low + 1 + int64(x>>8%5)
	w.flag(AmountRange)
	if slot == 0 {
		w.numbers[3], w.numbers[4] = record.CNY(low)*record.YiYuan, record.CNY(high)*record.YiYuan
		w.row.Project.InvestmentLowCNY, w.row.Project.InvestmentHighCNY = &w.numbers[3], &w.numbers[4]
	}
	w.cell(at, func(b []byte) []byte {
		b = strconv.AppendInt(append(strconv.AppendInt(b, low, 10), '-'), high, 10)
		if x>>16&1 == 0 {
			b = append(b, "亿元"...)
		}
		return b
	})
}

func (w *printer) foreignCell(at int, amount int64) {
	dollars := max(amount/7, 1) // 万美元
	w.flag(ForeignCurrency)
	w.numbers[5] = record.CNY(dollars) * perWan
	w.row.Project.InvestmentForeign, w.row.Project.InvestmentCurrency = &w.numbers[5], "USD"
	w.cell(at, func(b []byte) []byte { return append(strconv.AppendInt(b, dollars, 10), "万美元"...) })
}

func appendAmount(b []byte, amount int64, form int) []byte {
	switch form {
	case paddedUnit:
		return append(appendYiPadded(b, amount), "亿元"...)
	case inWan:
		return append(strconv.AppendInt(b, amount, 10), "万元"...)
	case grouped:
		if amount >= 10_000_000 && amount%10_000 == 0 {
			return append(appendGrouped(b, amount/10_000), ".00"...)
		}
		return append(appendGrouped(b, amount), "万元"...)
	case about:
		return appendYi(append(b, "约"...), amount)
	case shortUnit:
		return append(appendYi(b, amount), "亿"...)
	case wideAmount:
		from := len(b)
		return widen(appendYi(b, amount), from)
	}
	return appendYi(b, amount)
}
