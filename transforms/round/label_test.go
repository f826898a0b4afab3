package round

import (
	"errors"
	"fmt"
	"testing"
)

var goodLabels = []struct {
	text string
	want Label
}{
	{"2022年第一次", Label{Year: 2022, Ordinal: 1, Counter: "次"}},
	{"2021年第三期", Label{Year: 2021, Ordinal: 3, Counter: "期"}},
	{"2020年第二期", Label{Year: 2020, Ordinal: 2, Counter: "期"}},
	{"2021年度第十一批", Label{Year: 2021, Ordinal: 11, Counter: "批"}},
	{"２０２１ 年 第 ３ 期", Label{Year: 2021, Ordinal: 3, Counter: "期"}},
	{"二〇二二年第一次", Label{Year: 2022, Ordinal: 1, Counter: "次"}},
	{"二零二二年首批", Label{Year: 2022, Ordinal: 1, Counter: "批"}},
	{"2022年第一次“三个一批”活动", Label{Year: 2022, Ordinal: 1, Counter: "次"}},
	{"2023 first", Label{Year: 2023, Ordinal: 1}},
	{"2023 Third", Label{Year: 2023, Ordinal: 3}},
	{"第八期", Label{Running: 8, Counter: "期"}},
	{"第十期", Label{Running: 10, Counter: "期"}},
	{"第十六期", Label{Running: 16, Counter: "期"}},
	{"第二十期三个一批", Label{Running: 20, Counter: "期"}},
	{"第两期", Label{Running: 2, Counter: "期"}},
	{"“三个一批”项目建设第八期", Label{Running: 8, Counter: "期"}},
	{"第九十九期", Label{Running: 99, Counter: "期"}},
	{"第3批", Label{Running: 3, Counter: "批"}},
	{"首期", Label{Running: 1, Counter: "期"}},
	{"2022年二季度", Label{Year: 2022, Quarter: 2, Counter: "季度"}},
	{"2021年第一季度", Label{Year: 2021, Quarter: 1, Counter: "季度"}},
	{"2021年第4季度", Label{Year: 2021, Quarter: 4, Counter: "季度"}},
}

func TestParse(t *testing.T) {
	for _, test := range goodLabels {
		if got, err := Parse(test.text); got != test.want || err != nil {
			t.Errorf("%q: got %+v, %v; want %+v", test.text, got, err, test.want)
		}
	}
}

var badLabels = []struct {
	text string
	year int
	want error // nil for any other
}{
	{"2021年度4次", 2021, ErrSpan},
	{"3期 (2020-02-28, 2020-06-06, 2020-08-08)", 0, ErrSpan},
	{"2020年3期 (2月28日, 6月6日, 8月8日)", 2020, ErrSpan},
	{"第一期—第六期", 0, ErrSpan},
	{"第一期——第十二期", 0, ErrSpan},
	{"第1期～第3期", 0, ErrSpan},
	{"第一、二批", 0, ErrSpan},
	{"第一批和第二批", 0, ErrSpan},
	{"2023年第一至三批", 2023, ErrSpan},
	{"前三期", 0, ErrSpan},
	{"累计七次", 0, ErrSpan},
	{"四期", 0, ErrSpan},
	{"两次", 0, ErrSpan},
	{"7次", 0, ErrSpan},
	{"2021年二期", 2021, ErrSpan},
	{"four events of 2021", 0, ErrSpan},

	{"2021年春季", 2021, ErrNoNumber},
	{"2021年", 2021, ErrNoNumber},
	{"2021年7月", 2021, ErrNoNumber},
	{"截至2023年1月", 2023, ErrNoNumber},
	{"太谷区2020年", 2020, ErrNoNumber},
	{"2025年重大项目集中开工", 2025, ErrNoNumber},
	{"2022年“三个一批”活动", 2022, ErrNoNumber},
	{"太谷区", 0, ErrNoNumber},

	{"", 0, nil},
	{" \u3000\ufeff", 0, nil},
	{"第期", 0, nil},
	{"第零期", 0, nil},
	{"第0期", 0, nil},
	{"第一二期", 0, nil},
	{"第十十期", 0, nil},
	{"第二三十期", 0, nil},
	{"第一百二十期", 0, nil},
	{"2021-1", 0, nil},
	{"0000年第一次", 0, nil},
	{"三五二一年第一次", 0, nil},
	{"一季度", 0, nil},
	{"2021年第五季度", 2021, nil},
	{"和顺县2023年度第一期", 2023, nil},
	{"2021年第二次 (or 第二期)", 2021, nil},
	{"2023 eleventh", 0, nil},
}

func TestParseRefuses(t *testing.T) {
	for _, test := range badLabels {
		got, err := Parse(test.text)
		if err == nil || got != (Label{Year: test.year}) {
			t.Errorf("%q: got %+v, %v; want an error and the year %d", test.text, got, err, test.year)
		}
		for _, sentinel := range []error{ErrSpan, ErrNoNumber} {
			if errors.Is(err, sentinel) != (test.want == sentinel) {
				t.Errorf("%q: got %v, want %v", test.text, err, test.want)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, test := range goodLabels {
		f.Add(test.text)
	}
	for _, test := range badLabels {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(text)
		numbers := 0
		for _, n := range []int{l.Ordinal, l.Running, l.Quarter} {
			if n < 0 || n > 999 {
				t.Errorf("%q: %+v", text, l)
			}
			if n > 0 {
				numbers++
			}
		}
		if (numbers == 1) != (err == nil) || l.Quarter > 4 || (l.Running > 0 && l.Year != 0) {
			t.Errorf("%q: %+v, %v", text, l, err)
		}
	})
}

func ExampleParse() {
	for _, label := range []string{"2022年第一次", "第八期", "2022年二季度"} {
		l, err := Parse(label)
		fmt.Printf("%+v %v\n", l, err)
	}
	// Output:
	// {Year:2022 Ordinal:1 Running:0 Quarter:0 Counter:次} <nil>
	// {Year:0 Ordinal:0 Running:8 Quarter:0 Counter:期} <nil>
	// {Year:2022 Ordinal:0 Running:0 Quarter:2 Counter:季度} <nil>
}

func ExampleParse_refused() {
	_, err := Parse("第一期—第六期")
	fmt.Println(err)
	fmt.Println(errors.Is(err, ErrSpan))
	// Output:
	// read round label "第一期—第六期": it counts or spans rounds and names no single one; use the period cumulative
	// true
}
