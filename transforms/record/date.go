package record

import "time"

// Date is a calendar day, counted from 1970-01-01 as Parquet and Arrow count
// them. The zero Date is "not known": no campaign reaches back that far.
type Date int32

// NewDate returns the day of a calendar date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads an ISO 8601 date (2021-01-01); "" is not known. Dates as
// people print them are the business of package date.
func ParseDate(text string) (Date, error) {
	if text == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, err
	}
	return NewDate(t.Date()), nil
}

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Year returns the calendar year, or 0 when the date is not known.
func (d Date) Year() int {
	if d == 0 {
		return 0
	}
	return d.Time().Year()
}

// String writes the date as 2021-01-01, or "" when it is not known.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}
