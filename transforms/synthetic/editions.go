package synthetic

import (
	"fmt"
	"iter"
	"time"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Edition is one month's ledger of a history.
type Edition struct {
	Name string // of its file: 台账-2021-06.csv
	AsOf record.Date
	*Generator
}

// Editions yields the ledgers of n month ends in a row, the last that of opt.AsOf's
// month. They speak of the same projects: a later one adds those that were signed
// since, fills in dates, moves stages on, corrects amounts and takes back what was wrong
// (Generator.revise). opt.Rows counts the projects of the last.
func Editions(seed uint64, opt Options, n int) (iter.Seq[Edition], error) {
	last := monthEnd(opt.AsOf, 0)
	opt.AsOf, opt.Horizon = last, max(opt.Horizon, last)
	if n < 1 {
		return nil, fmt.Errorf("make %d editions of a synthetic ledger: give at least 1", n)
	}
	// The options are checked once, for all.
	if _, err := New(seed, opt); err != nil {
		return nil, err
	}
	return func(yield func(Edition) bool) {
		for back := n - 1; back >= 0; back-- {
			of := opt
			of.AsOf = monthEnd(last, back)
			g, err := New(seed, of)
			if err != nil {
				return // not reached: only the day differs from what New took above
			}
			y, m, _ := civil(of.AsOf)
			if !yield(Edition{fmt.Sprintf("台账-%d-%02d.csv", y, m), of.AsOf, g}) {
				return
			}
		}
	}, nil
}

// monthEnd is the last day of the month that lies so many months before a day's; 0
// when the day is not known.
func monthEnd(d record.Date, back int) record.Date {
	if d == 0 {
		return 0
	}
	y, m, _ := civil(d)
	return record.NewDate(y, time.Month(m-back+1), 1) - 1
}
