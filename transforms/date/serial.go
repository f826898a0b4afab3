package date

import (
	"fmt"
	"math"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// FromSerial reads the day count of a spreadsheet: days since 1899-12-30, or
// since 1904-01-01 in workbooks that say so (date1904, once usual on the
// Macintosh). The fraction is the time of day and is left out; half a second
// short of midnight counts as midnight, because the fraction is a float.
//
// Excel counts a 1900-02-29 that never was, so its first sixty days are off by
// one. They lie far before the first year that is taken here.
func FromSerial(serial float64, date1904 bool) (record.Date, error) {
	epoch := record.NewDate(1899, 12, 30)
	if date1904 {
		epoch = record.NewDate(1904, 1, 1)
	}
	first, last := record.NewDate(firstYear, 1, 1), record.NewDate(lastYear, 12, 31)
	day := math.Floor(serial + 0.5/86400)
	if !(day >= float64(first-epoch) && day <= float64(last-epoch)) {
		return 0, fmt.Errorf("read serial date %v: it lies outside %s to %s; check that the cell holds a date", serial, first, last)
	}
	return epoch + record.Date(day), nil
}
