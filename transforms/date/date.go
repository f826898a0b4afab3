// Package date reads dates as Chinese and English pages and spreadsheets print
// them. The grammar, after full-width forms are folded and with Y a year of four
// digits, M and D numbers of one or two digits or Chinese numerals:
//
//	day     = Y-M-D | Y/M/D | Y.M.D | YYYYMMDD | [ Y年 ] M月D日
//	        | Jan 1, 2021 | January 1, 2021 | 1 January 2021 | January 1
//	month   = YYYY-MM | Y/M | Y.M | YYYYMM | [ Y年 ] M月 [ part ] | January 2021
//	quarter = [ Y年 ] [ 第 ] 三季度
//	half    = [ Y年 ] 上半年 | [ Y年 ] 下半年
//	year    = Y | Y年 | Y年度 | Y年底
//	part    = 初 中 底 末 上旬 中旬 下旬
//	clock   = 8:30 | T08:30:00 | 8时30分, behind a day
//
// A clock time is checked and left out; one with a time zone is refused unless
// it is China's, since midnight there is another day in UTC. A date of which
// only a part is printed keeps that precision: 2021年12月底 is December, since
// nobody can say on which day it begins. 2021-1 is refused, because it is also
// how a round is named.
//
// Years run from 1971 to 2099: the rest is damage, and 1970-01-01 is the
// record.Date that means "not known".
package date

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// ErrNoYear says that a date prints no year and that none is known from its
// surroundings.
var ErrNoYear = errors.New("it has no year and none is known from its surroundings; write the year before it")

// Precision is how much of a date is printed.
type Precision = record.Precision

const (
	Day     = record.ToTheDay
	Month   = record.ToTheMonth
	Quarter = record.ToTheQuarter
	Half    = record.ToTheHalf
	Year    = record.ToTheYear
)

// Date is a date as printed: the day, or the first and last day it may be.
type Date struct {
	Day       record.Date // the day; 0 unless Precision is Day
	Precision Precision
	From, To  record.Date // both are Day when Precision is Day
}

// Near says what is known of the time of a text. A date without a year (2月26日)
// takes it from here, and cannot be read from a zero Near. Year, when known, is
// that year, and a date that would end before After is then an error. Otherwise
// the year is the first in which the date does not end before After, as for a
// start that follows a signing.
type Near struct {
	Year  int         // the year of the text; 0 when not known
	After record.Date // no date of the text lies before this day; 0 when not known
}

// Parse reads a printed date.
func Parse(text string, near Near) (Date, error) {
	d, err := parse(text, near)
	if err != nil {
		return Date{}, fmt.Errorf("read date %q: %w", text, err)
	}
	return d, nil
}

func parse(text string, near Near) (Date, error) {
	plain, hasClock, err := cutClock(fold(text))
	if err != nil {
		return Date{}, err
	}
	p, err := match(plain)
	if err != nil {
		return Date{}, err
	}
	if hasClock && p.day == 0 {
		return Date{}, errors.New("it has a time of day and no day; check the page")
	}
	if p.year != 0 {
		return p.date()
	}
	return p.near(near)
}

// printed is a date taken apart. A number that is not printed is 0.
type printed struct {
	year, month, day int
	quarter, half    int
}

// near gives a year to a date that prints none.
func (p printed) near(n Near) (Date, error) {
	p.year = n.Year
	if p.year == 0 {
		p.year = n.After.Year()
	}
	if p.year == 0 {
		return Date{}, ErrNoYear
	}
	d, err := p.date()
	if err != nil || d.To >= n.After {
		return d, err
	}
	if n.Year != 0 {
		return Date{}, fmt.Errorf("in %d it lies before %s; write the year before it", n.Year, n.After)
	}
	p.year++
	return p.date()
}

const firstYear, lastYear = 1971, 2099

// date checks the numbers and bounds the span that they leave.
func (p printed) date() (Date, error) {
	switch {
	case p.year < firstYear || p.year > lastYear:
		return Date{}, fmt.Errorf("the year %d lies outside %d..%d; check the page", p.year, firstYear, lastYear)
	case p.month > 12:
		return Date{}, fmt.Errorf("there is no month %d; check the page", p.month)
	case p.day != 0:
		d := record.NewDate(p.year, time.Month(p.month), p.day)
		if d.Time().Day() != p.day {
			return Date{}, fmt.Errorf("%d-%02d has no day %d; check the page", p.year, p.month, p.day)
		}
		return Date{Day: d, Precision: Day, From: d, To: d}, nil
	case p.month != 0:
		return p.span(Month, p.month, 1), nil
	case p.quarter != 0:
		return p.span(Quarter, 3*p.quarter-2, 3), nil
	case p.half != 0:
		return p.span(Half, 6*p.half-5, 6), nil
	}
	return p.span(Year, 1, 12), nil
}

func (p printed) span(precision Precision, first, months int) Date {
	return Date{
		Precision: precision,
		From:      record.NewDate(p.year, time.Month(first), 1),
		To:        record.NewDate(p.year, time.Month(first+months), 1) - 1,
	}
}

var usual = strings.NewReplacer("−", "-", "–", "-", "—", "-", "‐", "-", "○", "〇", "\ufeff", "", "\u200b", "")

// fold brings a text to one spelling: width, case, dashes, and spaces, which
// stay only between two letters or digits: Jan. 1, 2021 becomes jan.1,2021.
func fold(text string) string {
	var b strings.Builder
	var last rune
	spaced := false
	for _, c := range usual.Replace(strings.ToLower(width.Fold.String(text))) {
		if unicode.IsSpace(c) {
			spaced = true
			continue
		}
		if spaced && isLatin(last) && isLatin(c) {
			b.WriteByte(' ')
		}
		spaced, last = false, c
		b.WriteRune(c)
	}
	return b.String()
}

func isLatin(c rune) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
