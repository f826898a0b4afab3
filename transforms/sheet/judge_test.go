package sheet

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// The stages of a project follow each other. What only a part of is printed is
// out of order when no day of it fits.
func TestOrder(t *testing.T) {
	const head = "项目名称,签约日期,开工日期,投产日期,达效日期"
	for _, test := range []struct {
		signed, started, commissioned, target string
		wrong                                 []Field
	}{
		{"2021-03-05", "2021-03-05", "2021-03-05", "2021-03-05", nil},
		{"2021-03-05", "2021-04-01", "2022-04-01", "2023-04-01", nil},
		{"2021-03-05", "", "2021-04-01", "", nil},
		{"", "", "2021-04-01", "2021-04-01", nil},
		{"2021-03-05", "2021-03-04", "", "", []Field{StartedOn}},
		{"2021-03-05", "", "", "2021-03-04", []Field{OnTargetOn}},
		{"2021-03-05", "2021-05-01", "2021-04-01", "", []Field{Commissioned}},
		{"2021-03-05", "2021-02-01", "2021-03-01", "", []Field{StartedOn, Commissioned}},
		{"2021-03-05", "2021-02-01", "2021-04-01", "", []Field{StartedOn}},
		{"2021-03-05", "2021年3月", "", "", nil},
		{"2021-03-05", "2021年2月", "", "", []Field{StartedOn}},
		{"2021年3月", "2021-03-01", "", "", nil},
		{"2021年3月", "2021-02-28", "", "", []Field{StartedOn}},
		{"2021年", "2021-01-01", "", "", nil},
		{"2021-03-05", "2021年", "", "", nil},
		{"2021-03-05", "2020年", "", "", []Field{StartedOn}},
		{"2021-03-05", "2021年3月", "2021-03-04", "", []Field{Commissioned}}, // the month does not hide the signing
		{"2021-03-05", "2021年第一季度", "2021-03-06", "", nil},
	} {
		ctx := testContext()
		ctx.AsOf = record.NewDate(2024, 12, 31)
		got := readRow(t, ctx, format.Sheet{}, Scale{}, "", head, cellsOf("铝材项目", test.signed, test.started, test.commissioned, test.target)...)
		var wrong []Field
		for _, p := range got.Problems {
			if p.Reason != "impossible_order" {
				t.Errorf("%+v: %+v", test, p)
			}
			wrong = append(wrong, p.Field)
		}
		if !slices.Equal(wrong, test.wrong) {
			t.Errorf("%+v: %v", test, got.Problems)
		}
	}
}

// No event lies after the day for which the ledger speaks, nor after today.
func TestFuture(t *testing.T) {
	asOf, today := record.NewDate(2021, 6, 30), record.NewDate(2022, 1, 1)
	for _, test := range []struct {
		asOf, today record.Date
		text        string
		future      bool
	}{
		{asOf, today, "2021-06-30", false},
		{asOf, today, "2021-07-01", true},
		{asOf, today, "2021年6月", false},
		{asOf, today, "2021年", false}, // it may have been before
		{asOf, today, "2021年7月", true},
		{asOf, today, "2099-12-31", true},
		{0, today, "2022-01-01", false},
		{0, today, "2022-01-02", true},
		{asOf, 0, "2021-07-01", true},
		{0, 0, "2099-12-31", false},
		{record.NewDate(2031, 6, 30), today, "2022-01-02", true}, // a slip in the title opens no door
		{record.NewDate(2031, 6, 30), today, "2022-01-01", false},
	} {
		ctx := testContext()
		ctx.AsOf, ctx.Today = test.asOf, test.today
		for _, header := range []string{"签约日期", "开工日期", "投产日期", "达效日期"} {
			got := readRow(t, ctx, format.Sheet{}, Scale{}, "", "项目名称,"+header, cellsOf("铝材项目", test.text)...)
			want := ""
			if test.future {
				want = "future_date"
			}
			if !only(got, want, "") {
				t.Errorf("%+v under %s: %+v", test, header, got.Problems)
			}
		}
	}
}

// learned is the scale of a sheet whose investments are these, in 亿元.
func learned(t *testing.T, header string, amounts ...string) Scale {
	t.Helper()
	l, ok := found(t, "", "项目名称,"+header+"\n", "")
	if !ok {
		t.Fatal("no header")
	}
	scale, _ := NewReader(testContext(), testWords(t), l, format.Sheet{}, Scale{}).Learn(func(yield func(*format.Row) bool) {
		for i, a := range amounts {
			if !yield(&format.Row{Line: 2 + i, Cells: cellsOf(fmt.Sprint("项目", i), a)}) {
				return
			}
		}
	})
	return scale
}

func repeat(n int, texts ...string) []string {
	var all []string
	for i := range n {
		all = append(all, texts[i%len(texts)])
	}
	return all
}

// An amount that is ten thousand times too large or small beside the rest of its
// sheet is kept back, and so is a whole column of them.
func TestUnits(t *testing.T) {
	usual := learned(t, "总投资(亿元)", repeat(40, "0.5", "3", "12", "1.2")...)
	if usual.Median != 3*record.YiYuan {
		t.Fatalf("the median is %s", usual.Median)
	}
	few := learned(t, "总投资(亿元)", repeat(19, "3")...)
	if few != (Scale{}) {
		t.Errorf("%s is learned from too few", few.Median)
	}
	if s := learned(t, "总投资(亿元)", append(repeat(20, "3"), repeat(30, "", "0", "计划")...)...); s.Median != 3*record.YiYuan {
		t.Errorf("what is no amount counts: %s", s.Median)
	}
	inYi := learned(t, "总投资(亿元)", repeat(40, "5000", "30000", "120000", "12000")...) // 万元 in truth
	inWan := learned(t, "总投资(万元)", repeat(40, "0.5", "3", "12", "1.2")...)           // 亿元 in truth
	for _, test := range []struct {
		what    string
		scale   Scale
		header  string
		text    string
		suspect bool
	}{
		{"usual", usual, "总投资(亿元)", "3", false},
		{"a large project", usual, "总投资(亿元)", "900", false},
		{"a small project", usual, "总投资(亿元)", "0.05", false},
		{"nothing", usual, "总投资(亿元)", "0", false},
		{"万元 among 亿元", usual, "总投资(亿元)", "30000", true},
		{"万元 among 亿元, below the most of all", usual, "总投资(亿元)", "5000", true},
		{"亿元 among 万元", usual, "总投资(万元)", "3", true},
		{"the same in full", usual, "总投资(万元)", "3亿元", false},
		{"nobody has so much", Scale{}, "总投资(亿元)", "10001", true},
		{"the most", Scale{}, "总投资(亿元)", "10000", false},
		{"few rows tell nothing", few, "总投资(亿元)", "5000", false},
		{"a column of 万元 called 亿元", inYi, "总投资(亿元)", "5000", true},
		{"a column of 万元 called 亿元", inYi, "总投资(亿元)", "600", true},
		{"a row of it in full", inYi, "总投资(亿元)", "3亿元", false},
		{"a column of 亿元 called 万元", inWan, "总投资(万元)", "12", true},
		{"a column of 亿元 called 万元", inWan, "总投资(万元)", "0.5", true},
		{"a row of it in full", inWan, "总投资(万元)", "3亿元", false},
	} {
		got := readRow(t, testContext(), format.Sheet{}, test.scale, "", "项目名称,"+test.header, cellsOf("铝材项目", test.text)...)
		want := ""
		if test.suspect {
			want = "unit_suspect"
		}
		if !only(got, want, "") {
			t.Errorf("%s: %s %s: %+v", test.what, test.header, test.text, got.Problems)
		}
		if test.suspect && (got.Problems[0].Field != Investment || got.Problems[0].Raw != test.text) {
			t.Errorf("%s: %+v", test.what, got.Problems[0])
		}
	}
}

// Learn tells a ledger that calls its rows synthetic.
func TestLearnSynthetic(t *testing.T) {
	for note, want := range map[string]bool{"合成数据 synthetic": true, "": false, "已落地": false} {
		l, _ := found(t, "", "项目名称,备注\n", "")
		_, got := NewReader(testContext(), testWords(t), l, format.Sheet{}, Scale{}).Learn(func(yield func(*format.Row) bool) {
			yield(&format.Row{Line: 2, Cells: cellsOf("铝材项目", note)})
		})
		if got != want {
			t.Errorf("%q: synthetic is %t", note, got)
		}
	}
}
