package amount

import (
	"errors"
	"fmt"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func FuzzParse(f *testing.F) {
	for _, tests := range [][]amountCase{goodMoney, goodCounts, goodRatios} {
		for _, test := range tests {
			f.Add(test.text)
		}
	}
	for _, test := range badAmounts {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		if a.Value < 0 || a.Value > record.MaxValue {
			t.Errorf("%q: %d lies outside 0..MaxValue", text, a.Value)
		}
		if (a.Currency != "") != (a.Dimension == record.Money) {
			t.Errorf("%q: currency %q of a %s", text, a.Currency, a.Dimension)
		}
		if a.Dimension == record.Count && !a.Value.IsWhole() {
			t.Errorf("%q: %s projects", text, a.Value)
		}
		if a.Unit == "" {
			return
		}
		if _, err := lookUp(fold(a.Unit)); err != nil {
			t.Errorf("%q: the unit %q is not in the set: %v", text, a.Unit, err)
		}
	})
}

func FuzzParseParts(f *testing.F) {
	f.Add("120", "万元")
	f.Add("1.8万", "亿元")
	f.Add("5.2 billion", "yuan")
	f.Add("353.1亿元", "亿元")
	f.Fuzz(func(t *testing.T, number, unit string) {
		a, err := ParseParts(number, unit)
		if err == nil && (a.Value < 0 || a.Value > record.MaxValue || a.Dimension == "") {
			t.Errorf("%q beside %q: %+v", number, unit, a)
		}
	})
}

func FuzzParseRange(f *testing.F) {
	f.Add("10-15", "亿元")
	f.Add("1000～1500万元", "")
	f.Add("1.5至2", "万美元")
	f.Add("-5--3", "元")
	f.Fuzz(func(t *testing.T, text, unit string) {
		low, high, err := ParseRange(text, unit)
		if err != nil {
			return
		}
		if low.Value < 0 || low.Value >= high.Value || high.Value > record.MaxValue || low.Dimension != high.Dimension || low.Currency != high.Currency {
			t.Errorf("%q in %q: %+v to %+v", text, unit, low, high)
		}
		if _, err := Parse(text); err == nil {
			t.Errorf("%q is an amount and a range", text)
		}
	})
}

func FuzzParseMoneyUnit(f *testing.F) {
	for _, text := range []string{"亿元", "万", "百万美元", "yuan", "100 million", "元人民币"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseMoneyUnit(text)
		if err != nil {
			return
		}
		if u.Exp < 0 || u.Exp > 16 || len(u.Currency) != 3 {
			t.Errorf("%q is %+v", text, u)
		}
		// One of the unit is 10^Exp of the currency's.
		want := record.WholeValue(1)
		for range u.Exp {
			want *= 10
		}
		if a, err := ParseParts("1", text); err == nil && (a.Value != want || a.Currency != u.Currency) {
			t.Errorf("1 %q is %+v, want 10^%d %s", text, a, u.Exp, u.Currency)
		}
	})
}

func ExampleParse() {
	for _, text := range []string{"353.1亿元", "近百亿元", "三十个", "58.82%", "628.1 billion yuan"} {
		a, err := Parse(text)
		fmt.Println(a.Value, a.Unit, a.Dimension, a.Approximate, err)
	}
	// Output:
	// 35310000000 亿元 money false <nil>
	// 10000000000 亿元 money true <nil>
	// 30 个 count false <nil>
	// 0.5882 % ratio false <nil>
	// 628100000000 billion yuan money false <nil>
}

func ExampleParse_refused() {
	_, err := Parse(".1亿元")
	fmt.Println(err)
	_, err = Parse("10-20亿元")
	fmt.Println(errors.Is(err, ErrRange))
	// Output:
	// read amount ".1亿元": it begins with a point, so digits may be lost; check the page
	// true
}

func ExampleParseParts() {
	a, err := ParseParts("1.8万", "亿元")
	fmt.Println(a.Value.CNY(), err)
	// Output:
	// 18000亿元 <nil>
}
