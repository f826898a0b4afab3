package format

import (
	"math"
	"strconv"
	"testing"
	"testing/quick"
	"time"
)

func TestNumbers(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"0", "0"}, {"-0", "0"}, {"-0.0", "0"}, {"007", "7"}, {"12", "12"}, {"12.50", "12.5"}, {"12.00", "12"}, {"5.", "5"}, {".5", "0.5"},
		{"0.10000000000000001", "0.1"}, {"0.30000000000000004", "0.3"}, {"1234.5600000000002", "1234.56"}, {"0.33333333333333331", "0.333333333333333"},
		{"1.2E+5", "120000"}, {"1e-7", "0.0000001"}, {"1.5E3", "1500"}, {"-2.5e+2", "-250"}, {"9007199254740993", "9007199254740993"},
		{"410105198001011234", "410105198001011234"}, {"1.1010119900101E+17", "110101199001010000"}, {"99999999999999.95", "100000000000000"},
	} {
		if got, ok := appendNumber(nil, []byte(test.in)); !ok || string(got) != test.want {
			t.Errorf("%s is %s, %v; want %s", test.in, got, ok, test.want)
		}
	}
	for _, in := range []string{"", "-", ".", "x", "1x", "1..2", "1-2", "NaN", "inf", "-Infinity", "0x10", "1_000", "1e999", "１２", "1,234"} {
		if got, ok := appendNumber([]byte("kept"), []byte(in)); ok || string(got) != "kept" {
			t.Errorf("%q is a number: %s", in, got)
		}
	}
}

// A number of up to fifteen digits means the same before and after, whatever
// its form; one of more is the same to fifteen digits.
func TestNumbersKeepTheirValue(t *testing.T) {
	same := func(bits uint64, form uint8) bool {
		f := math.Float64frombits(bits)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return true
		}
		text := strconv.FormatFloat(f, "efgG"[form%4], []int{-1, 16, 3}[form%3], 64)
		want, _ := strconv.ParseFloat(text, 64)
		got, ok := appendNumber(nil, []byte(text))
		back, err := strconv.ParseFloat(string(got), 64)
		return ok && err == nil && (back == want || math.Abs(back-want) <= math.Abs(want)*6e-15)
	}
	if err := quick.Check(same, &quick.Config{MaxCount: 20_000}); err != nil {
		t.Error(err)
	}
}

// Every day that a serial can name, against the standard library.
func TestDaysOfSerials(t *testing.T) {
	first := time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)
	for n := 61; n <= lastSerial; n += 1 + n%3*11 {
		day := first.AddDate(0, 0, n-61).Format(time.DateOnly)
		if got, ok := appendDay(nil, []byte(strconv.Itoa(n)), false); !ok || string(got) != day {
			t.Fatalf("%d is %s, want %s", n, got, day)
		}
		if n >= 1462 {
			if got, ok := appendDay(nil, []byte(strconv.Itoa(n-1462)), true); !ok || string(got) != day {
				t.Fatalf("%d from 1904 is %s, want %s", n-1462, got, day)
			}
		}
	}
	for _, in := range []string{"", "-1", "0", "0.9", "60", "2958466", "99999999999", "x", "12x", "1.2.x", "NaN"} {
		if got, ok := appendDay(nil, []byte(in), false); ok {
			t.Errorf("%q is a day: %s", in, got)
		}
	}
}

func TestDayFormats(t *testing.T) {
	for _, code := range []string{"yyyy-mm-dd", "yyyy/m/d;@", `yyyy"年"m"月"d"日";@`, `m"月"d"日"`, "mmm-yy", "[$-804]yyyy\\年m\\月", "[DBNum1][$-804]yyyy\"年\"m\"月\"", "d/m/yy h:mm AM/PM", "YYYY.MM.DD", "m", "[红色]yyyy-mm", "e\"年\"m\"月\"d\"日\""} {
		if !isDayFormat(code) {
			t.Errorf("%s is no day", code)
		}
	}
	for _, code := range []string{"General", "0.00", "h:mm", "[h]:mm", "[mm]:ss", "mm:ss.0", "h:mm AM/PM", `0.00"亿元 (ymd)"`, "[Red]0", "[$ydm-804]0", `0\d`, "0_d", "*y0", "@", "0;yyyy", "", `"`, "[", `h"时"mm"分"`, "#,##0.00E+00"} {
		if isDayFormat(code) {
			t.Errorf("%s is a day", code)
		}
	}
	for _, id := range []int{14, 17, 22, 27, 31, 36, 50, 57, 58} {
		if !builtInDay(id) {
			t.Errorf("format %d is no day", id)
		}
	}
	for _, id := range []int{0, 1, 13, 18, 21, 23, 32, 35, 45, 47, 49, 55, 56, 59, 176, -1} {
		if builtInDay(id) {
			t.Errorf("format %d is a day", id)
		}
	}
}
