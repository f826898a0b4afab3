package date

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/transforms/record"
)

var goodDates = []struct {
	text      string
	precision Precision
	from, to  string
}{
	{"2021-01-01", Day, "2021-01-01", "2021-01-01"},
	{"2021-3-5", Day, "2021-03-05", "2021-03-05"},
	{"2021/3/5", Day, "2021-03-05", "2021-03-05"},
	{"2021.3.5", Day, "2021-03-05", "2021-03-05"},
	{"2021 - 03 - 05", Day, "2021-03-05", "2021-03-05"},
	{"20210305", Day, "2021-03-05", "2021-03-05"},
	{"2021年3月5日", Day, "2021-03-05", "2021-03-05"},
	{"2021 年 3 月 5 日", Day, "2021-03-05", "2021-03-05"},
	{"2021年3月5号", Day, "2021-03-05", "2021-03-05"},
	{"２０２１年３月５日", Day, "2021-03-05", "2021-03-05"},
	{"２０２１－０３－０５", Day, "2021-03-05", "2021-03-05"},
	{"二〇二一年三月五日", Day, "2021-03-05", "2021-03-05"},
	{"二○二一年十二月三十一日", Day, "2021-12-31", "2021-12-31"},
	{"二零二一年十月二十日", Day, "2021-10-20", "2021-10-20"},
	{"二〇二一年一〇月二〇日", Day, "2021-10-20", "2021-10-20"},
	{"2024-02-29", Day, "2024-02-29", "2024-02-29"},
	{"1971-01-01", Day, "1971-01-01", "1971-01-01"},
	{"2099-12-31", Day, "2099-12-31", "2099-12-31"},
	{"\ufeff2021-01-01\u200b", Day, "2021-01-01", "2021-01-01"},

	// English.
	{"Jan 1, 2021", Day, "2021-01-01", "2021-01-01"},
	{"Jan. 1, 2021", Day, "2021-01-01", "2021-01-01"},
	{"January 1, 2021", Day, "2021-01-01", "2021-01-01"},
	{"JANUARY 1 2021", Day, "2021-01-01", "2021-01-01"},
	{"January 1st, 2021", Day, "2021-01-01", "2021-01-01"},
	{"1 January 2021", Day, "2021-01-01", "2021-01-01"},
	{"22nd Sept. 2022", Day, "2022-09-22", "2022-09-22"},
	{"31 Dec 2022", Day, "2022-12-31", "2022-12-31"},
	{"May 8, 2023", Day, "2023-05-08", "2023-05-08"},
	{"March 2021", Month, "2021-03-01", "2021-03-31"},
	{"March, 2021", Month, "2021-03-01", "2021-03-31"},

	// A clock time is left out.
	{"2021-01-01 08:30", Day, "2021-01-01", "2021-01-01"},
	{"2021-01-01 23:59:59", Day, "2021-01-01", "2021-01-01"},
	{"2021-01-01T08:30:00.5", Day, "2021-01-01", "2021-01-01"},
	{"2021-01-01T08:30:00+08:00", Day, "2021-01-01", "2021-01-01"},
	{"20210101 8:30", Day, "2021-01-01", "2021-01-01"},
	{"2021年1月1日 8:30", Day, "2021-01-01", "2021-01-01"},
	{"2021年1月1日上午10时", Day, "2021-01-01", "2021-01-01"},
	{"2021年1月1日10时30分", Day, "2021-01-01", "2021-01-01"},
	{"January 1, 2021 8:30 PM", Day, "2021-01-01", "2021-01-01"},

	// Months.
	{"2021-03", Month, "2021-03-01", "2021-03-31"},
	{"2021/3", Month, "2021-03-01", "2021-03-31"},
	{"2021.3", Month, "2021-03-01", "2021-03-31"},
	{"202103", Month, "2021-03-01", "2021-03-31"},
	{"2021年3月", Month, "2021-03-01", "2021-03-31"},
	{"2021年3月份", Month, "2021-03-01", "2021-03-31"},
	{"二零二一年三月", Month, "2021-03-01", "2021-03-31"},
	{"2020年2月", Month, "2020-02-01", "2020-02-29"},
	{"2021年12月底", Month, "2021-12-01", "2021-12-31"},
	{"2021年12月初", Month, "2021-12-01", "2021-12-31"},
	{"2021年12月中旬", Month, "2021-12-01", "2021-12-31"},

	// Longer spans.
	{"2021年上半年", Half, "2021-01-01", "2021-06-30"},
	{"2021年下半年", Half, "2021-07-01", "2021-12-31"},
	{"2021年一季度", Quarter, "2021-01-01", "2021-03-31"},
	{"2021年第三季度", Quarter, "2021-07-01", "2021-09-30"},
	{"2021年第4季度", Quarter, "2021-10-01", "2021-12-31"},
	{"2021", Year, "2021-01-01", "2021-12-31"},
	{"2021年", Year, "2021-01-01", "2021-12-31"},
	{"2021年度", Year, "2021-01-01", "2021-12-31"},
	{"2021年底", Year, "2021-01-01", "2021-12-31"},
	{"二〇二一年", Year, "2021-01-01", "2021-12-31"},
}

func TestParse(t *testing.T) {
	for _, test := range goodDates {
		got, err := Parse(test.text, Near{})
		if err != nil {
			t.Error(err)
			continue
		}
		checkDate(t, test.text, got, test.precision, test.from, test.to)
	}
}

func checkDate(t *testing.T, text string, got Date, precision Precision, from, to string) {
	t.Helper()
	if got.Precision != precision || got.From.String() != from || got.To.String() != to {
		t.Errorf("%q: got %s %s..%s, want %s %s..%s", text, got.Precision, got.From, got.To, precision, from, to)
	}
	if want := map[bool]record.Date{true: got.From}[precision == Day]; got.Day != want {
		t.Errorf("%q: Day is %q, want %q", text, got.Day, want)
	}
}

func TestParseNear(t *testing.T) {
	day := record.NewDate
	for _, test := range []struct {
		text      string
		near      Near
		precision Precision
		from, to  string
	}{
		{"2月26日", Near{Year: 2022}, Day, "2022-02-26", "2022-02-26"},
		{"二月二十六日", Near{Year: 2022}, Day, "2022-02-26", "2022-02-26"},
		{"February 26", Near{Year: 2022}, Day, "2022-02-26", "2022-02-26"},
		{"26 Feb.", Near{Year: 2022}, Day, "2022-02-26", "2022-02-26"},
		{"2月29日", Near{Year: 2024}, Day, "2024-02-29", "2024-02-29"},
		{"3月", Near{Year: 2022}, Month, "2022-03-01", "2022-03-31"},
		{"3月底", Near{Year: 2022}, Month, "2022-03-01", "2022-03-31"},
		{"三季度", Near{Year: 2022}, Quarter, "2022-07-01", "2022-09-30"},
		{"上半年", Near{Year: 2022}, Half, "2022-01-01", "2022-06-30"},
		{"2月26日 10:00", Near{Year: 2022, After: day(2022, 2, 26)}, Day, "2022-02-26", "2022-02-26"},

		// The first such date that does not end before After.
		{"12月31日", Near{After: day(2021, 12, 20)}, Day, "2021-12-31", "2021-12-31"},
		{"1月5日", Near{After: day(2021, 12, 20)}, Day, "2022-01-05", "2022-01-05"},
		{"12月", Near{After: day(2021, 12, 20)}, Month, "2021-12-01", "2021-12-31"},
		{"11月", Near{After: day(2021, 12, 20)}, Month, "2022-11-01", "2022-11-30"},

		// A printed year needs nothing near.
		{"2020年2月26日", Near{Year: 2022, After: day(2022, 1, 1)}, Day, "2020-02-26", "2020-02-26"},
	} {
		got, err := Parse(test.text, test.near)
		if err != nil {
			t.Error(err)
			continue
		}
		checkDate(t, test.text, got, test.precision, test.from, test.to)
	}
}

var badDates = []struct{ text, message string }{
	{"", "is empty"},
	{" \u3000", "is empty"},

	// Days that never were.
	{"2021-02-30", "2021-02 has no day 30"},
	{"2021-02-29", "no day 29"},
	{"2021年4月31日", "no day 31"},
	{"2021-13-01", "no month 13"},
	{"2021年13月", "no month 13"},
	{"202113", "no month 13"},
	{"2021-00-10", `"00" is not a number`},
	{"20210300", `"00" is not a number`},
	{"January 0, 2021", `"0" is not a number`},
	{"1970-01-01", "the year 1970 lies outside 1971..2099"},
	{"0021-01-01", `the year 21 lies outside`},
	{"2100", "outside"},
	{"210305", "outside"},

	// Forms that may mean several things.
	{"2021-3", "write the month as 2021-03"},
	{"2021-3/5", "form is not known"},
	{"3-5", "form is not known"},
	{"3/5/2021", "form is not known"},
	{"21年3月5日", "form is not known"},
	{"44197", "form is not known"},
	{"二〇二一年一二月", `"一二" is not a number`},
	{"二〇二一年三十十月", `"三十十" is not a number`},
	{"二〇二一年一三五月", `"一三五" is not a number`},
	{"2021年二十一十日", "form is not known"},
	{"2021年第五季度", "form is not known"},
	{"2021年春季", "form is not known"},
	{"2021年3月5", "form is not known"},
	{"2021-01-01至2021-03-05", "form is not known"},
	{"Sepember 1, 2021", "form is not known"},
	{"近日", "form is not known"},

	// Clock times.
	{"2021-01-01 24:00", "not a time of day"},
	{"2021-01-01 08:60", "not a time of day"},
	{"2021-01-01 08:30:60", "not a time of day"},
	{"2021年1月1日25时", "not a time of day"},
	{"2021-01-01T16:00:00Z", "not China's"},
	{"2021-01-01T16:00:00-05:00", "not China's"},
	{"2021-01 08:30", "no day"},
	{"08:30", "form is not known"},

	// No year.
	{"2月26日", "no year"},
	{"3月", "no year"},
	{"一季度", "no year"},
	{"May 8", "no year"},
}

func TestParseRefuses(t *testing.T) {
	for _, test := range badDates {
		got, err := Parse(test.text, Near{})
		if err == nil || !strings.Contains(err.Error(), test.message) || !strings.HasPrefix(err.Error(), "read date ") {
			t.Errorf("%q: got %v, %v; want an error with %q", test.text, got, err, test.message)
		}
		if got != (Date{}) {
			t.Errorf("%q: a refused text gave %v", test.text, got)
		}
		if isNoYear := test.message == "no year"; errors.Is(err, ErrNoYear) != isNoYear {
			t.Errorf("%q: ErrNoYear is %v", test.text, !isNoYear)
		}
	}
}

func TestParseNearRefuses(t *testing.T) {
	for _, test := range []struct {
		text    string
		near    Near
		message string
	}{
		{"2月29日", Near{Year: 2022}, "no day 29"},
		{"2月29日", Near{After: record.NewDate(2024, 3, 1)}, "no day 29"},
		{"1月5日", Near{Year: 2021, After: record.NewDate(2021, 12, 20)}, "lies before 2021-12-20"},
		{"1月5日", Near{Year: 21}, "outside"},
		{"1月5日", Near{After: record.NewDate(2099, 12, 20)}, "outside"},
	} {
		if got, err := Parse(test.text, test.near); err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%q near %v: got %v, %v; want an error with %q", test.text, test.near, got, err, test.message)
		}
	}
}

// Every day of a leap year is read back in each form of a day.
func TestParseEveryDay(t *testing.T) {
	for d := record.NewDate(2024, 1, 1); d <= record.NewDate(2024, 12, 31); d++ {
		for _, layout := range []string{
			"2006-01-02", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日", "Jan 2, 2006", "2 January 2006",
			"2006-01-02T15:04:05", "2006年01月02日 15:04",
		} {
			text := d.Time().Format(layout)
			if got, err := Parse(text, Near{}); got.Day != d || err != nil {
				t.Errorf("%q: got %s, %v", text, got.Day, err)
			}
		}
	}
}

func TestFromSerial(t *testing.T) {
	for _, test := range []struct {
		serial   float64
		date1904 bool
		want     string
	}{
		{44197, false, "2021-01-01"},
		{44197.75, false, "2021-01-01"},
		{44196.9999999, false, "2021-01-01"},
		{44196.9999, false, "2020-12-31"},
		{42735, true, "2021-01-01"},
		{25934, false, "1971-01-01"},
		{73050, false, "2099-12-31"},
	} {
		got, err := FromSerial(test.serial, test.date1904)
		if err != nil || got.String() != test.want {
			t.Errorf("%v (1904: %v): got %s, %v; want %s", test.serial, test.date1904, got, err, test.want)
		}
	}
	for _, serial := range []float64{-1, 0, 60, 2021, 25933, 73051, 20210305, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got, err := FromSerial(serial, false); err == nil || got != 0 {
			t.Errorf("%v: got %s, want an error", serial, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, test := range goodDates {
		f.Add(test.text, 2021)
	}
	for _, test := range badDates {
		f.Add(test.text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, year int) {
		d, err := Parse(text, Near{Year: year, After: record.NewDate(2021, time.June, 1)})
		if err != nil {
			return
		}
		if d.From <= 0 || d.From > d.To {
			t.Errorf("%q: %s..%s", text, d.From, d.To)
		}
		if d.Precision == Day && (d.Day != d.From || d.Day != d.To) || d.Precision != Day && d.Day != 0 {
			t.Errorf("%q: day %s of %s..%s at precision %s", text, d.Day, d.From, d.To, d.Precision)
		}
	})
}

func FuzzFromSerial(f *testing.F) {
	f.Add(44197.5, false)
	f.Add(42735.0, true)
	f.Fuzz(func(t *testing.T, serial float64, date1904 bool) {
		if d, err := FromSerial(serial, date1904); err == nil && (d.Year() < firstYear || d.Year() > lastYear) {
			t.Errorf("%v: %s", serial, d)
		}
	})
}

func ExampleParse() {
	for _, text := range []string{"2021年1月1日", "2月26日", "2021年12月底", "2021年第三季度"} {
		d, err := Parse(text, Near{Year: 2022})
		fmt.Println(d.Precision, d.From, d.To, err)
	}
	// Output:
	// day 2021-01-01 2021-01-01 <nil>
	// day 2022-02-26 2022-02-26 <nil>
	// month 2021-12-01 2021-12-31 <nil>
	// quarter 2021-07-01 2021-09-30 <nil>
}

func ExampleParse_refused() {
	_, err := Parse("2021-02-30", Near{})
	fmt.Println(err)
	// Output:
	// read date "2021-02-30": 2021-02 has no day 30; check the page
}

func ExampleFromSerial() {
	d, err := FromSerial(44197.354, false)
	fmt.Println(d, err)
	// Output:
	// 2021-01-01 <nil>
}
