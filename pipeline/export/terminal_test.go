package export

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"
)

const projects = `
from (values
    ('襄垣经济技术开发区', 1234567::bigint, 280000000000.0000::decimal(18, 4), 2021, 0.5::double, date '2021-01-05'),
    ('Zhangzhi', 12::bigint, -1234.5000::decimal(18, 4), 1999, 12::double, null),
    (null, null, null, null, null, date '2021-02-05')
) as t(zone, projects, invested, year, ratio, signed_on)`

func TestTable(t *testing.T) {
	for _, test := range []struct {
		name, query string
		opt         Options
		want        string
	}{
		{"whole", projects, Options{}, `
zone                 projects         invested  year  ratio  signed_on
───────────────────────────────────────────────────────────────────────
襄垣经济技术开发区  1,234,567  280,000,000,000  2021    0.5  2021-01-05
Zhangzhi                   12         -1,234.5  1999     12  ·
·                           ·                ·     ·      ·  2021-02-05
3 rows
`},
		{"cut texts", projects, Options{Width: 65}, `
zone           projects         invested  year  ratio  signed_on
─────────────────────────────────────────────────────────────────
襄垣经济技…   1,234,567  280,000,000,000  2021    0.5  2021-01-05
Zhangzhi             12         -1,234.5  1999     12  ·
·                     ·                ·     ·      ·  2021-02-05
3 rows
`},
		{"cut rows", projects, Options{MaxRows: 2, Lang: "zh"}, `
zone                 projects         invested  year  ratio  signed_on
───────────────────────────────────────────────────────────────────────
襄垣经济技术开发区  1,234,567  280,000,000,000  2021    0.5  2021-01-05
Zhangzhi                   12         -1,234.5  1999     12  ·
3 行
另有 1 行未显示
`},
		{"years in a BIGINT", "select year(date '2021-01-05') as year, 1::hugeint as one", Options{}, `
year  one
─────────
2021    1
1 row
`},
		{"many rows", "from range(2000) as r(n) order by n desc", Options{MaxRows: 1, Lang: "en"}, `
   n
────
1999
2,000 rows
1,999 rows not shown
`},
		{"no rows", "select 1 as a, '' as b where false", Options{Lang: "zh"}, `
a  b
────
0 行
`},
		{"nested and control characters", `select [1, 2] as a, E'x\r\ny\tz' || chr(27) || '[31m' as b, false as c`, Options{}, `
a      b           c
────────────────────────
[1,2]  x y z�[31m  false
1 row
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := export(t, "table", test.query, test.opt)
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTableOfEveryType(t *testing.T) {
	got := export(t, "table", everyType, Options{})
	lines := strings.Split(got, "\n")
	for _, cell := range []string{"170,141,183,460,469,231,731,687,303,715,884,105", "280,000,000,000 ", "1 year 2 months", `{"b":1.50,"a":"2021-01-01"}`} {
		if !strings.Contains(lines[2], cell) {
			t.Errorf("%q is missing in %q", cell, lines[2])
		}
	}
	if got, want := strings.Count(lines[3], null), 29; got != want {
		t.Errorf("got %d nulls, want %d", got, want)
	}
}

func TestTableShrinks(t *testing.T) {
	table := NewTable(Header{Title: "name"}, Header{Title: "planned_investment", Right: true}, Header{Title: "note"})
	table.Row("长治市", "12,345", strings.Repeat("很长的说明", 10))
	table.Row("a", "1")
	for _, test := range []struct {
		width int
		want  string
	}{
		{50, `
name    planned_investment  note
──────────────────────────────────────────────────
长治市              12,345  很长的说明很长的说明…
a                        1
`},
		{30, `
name    planned_i…  note
──────────────────────────────
长治市      12,345  很长的说…
a                1
`},
		{20, `
name   plann…  note
────────────────────
长治…  12,345  很长…
a           1
`},
		{1, `
na…  plann…  no…
─
长…  12,345  很…
a         1
`},
	} {
		var out bytes.Buffer
		if err := table.Render(&out, test.width); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), out.String()); diff != "" {
			t.Errorf("width %d:\n%s", test.width, diff)
		}
	}
}

// Ids are never cut: they go on in further lines, and spare columns make room.
func TestTableLeavesOut(t *testing.T) {
	table := NewTable(Header{Title: "period", Whole: true}, Header{Title: "signed", Right: true},
		Header{Title: "started", Right: true, Spare: 1}, Header{Title: "ratio", Right: true, Spare: 2})
	table.Row("2021-2 + 2021-3 together", "1014", "1339", "1.321")
	table.Row("2022-1 †", "347")
	for _, test := range []struct {
		width int
		fits  bool
		want  string
	}{
		{0, true, `
period                    signed  started  ratio
────────────────────────────────────────────────
2021-2 + 2021-3 together    1014     1339  1.321
2022-1 †                     347
`},
		{47, true, `
period                    signed  start…  ratio
───────────────────────────────────────────────
2021-2 + 2021-3 together    1014    1339  1.321
2022-1 †                     347
`},
		{36, false, `
period         signed  start…  ratio
────────────────────────────────────
2021-2 +         1014    1339  1.321
2021-3
together
2022-1 †          347
`},
		{20, false, `
period        signed
────────────────────
2021-2 +        1014
2021-3
together
2022-1 †         347
not shown: ratio, started
`},
		{5, false, `
period    sig…
─────
2021-2 +  1014
2021-3
together
2022-1 †   347
not shown: ratio, started
`},
	} {
		var out bytes.Buffer
		if err := table.Render(&out, test.width); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), out.String()); diff != "" {
			t.Errorf("width %d:\n%s", test.width, diff)
		}
		if got := table.Fits(test.width); got != test.fits {
			t.Errorf("Fits(%d) = %v", test.width, got)
		}
	}
}

func TestTableRowTooLong(t *testing.T) {
	table := NewTable(Header{Title: "a"})
	table.Row("1", "2")
	err := table.Render(&bytes.Buffer{}, 0)
	if got, want := err.Error(), "render table: row 1 has 2 cells for 1 headers"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var out bytes.Buffer
	if err := NewTable().Render(&out, 80); err != nil || out.Len() > 0 {
		t.Errorf("no headers: got %q, %v", out.String(), err)
	}
}

func TestWidthAndPad(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
	}{{"", 0}, {"abc", 3}, {"开工率", 6}, {"…·█─", 4}, {"（表）", 6}, {"e\u0301", 1}, {"👩‍👩‍👧", 2}} {
		if got := Width(test.text); got != test.width {
			t.Errorf("Width(%q) = %d, want %d", test.text, got, test.width)
		}
	}
	for _, test := range []struct {
		text  string
		right bool
		want  string
	}{{"开工", false, "开工  "}, {"开工", true, "  开工"}, {"开工率表", false, "开工率表"}} {
		if got := Pad(test.text, 6, test.right); got != test.want {
			t.Errorf("Pad(%q, 6, %v) = %q, want %q", test.text, test.right, got, test.want)
		}
	}
}

// The locale is read once at start, so another one takes another process.
func TestWidthIgnoresLocale(t *testing.T) {
	const child = "SANPI_TEST_LOCALE_CHILD"
	if os.Getenv(child) != "" {
		if !runewidth.DefaultCondition.EastAsianWidth {
			t.Error("the locale has no effect on go-runewidth, so this test shows nothing")
		}
		if got := Width("…·█"); got != 3 {
			t.Errorf("got %d, want 3", got)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestWidthIgnoresLocale$")
	cmd.Env = append(os.Environ(), child+"=1", "RUNEWIDTH_EASTASIAN=1", "LC_ALL=zh_CN.GBK")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestBar(t *testing.T) {
	for _, test := range []struct {
		value, max float64
		width      int
		want       string
	}{
		{0, 1, 4, ""}, {-1, 1, 4, ""}, {1, 0, 4, ""}, {1, 1, 0, ""}, {math.NaN(), 1, 4, ""}, {1, math.NaN(), 4, ""},
		{1, 1, 4, "████"}, {2, 1, 4, "████"}, {math.Inf(1), 1, 4, "████"}, {math.Inf(1), math.Inf(1), 4, "████"},
		{0.5, 1, 4, "██"}, {1e-9, 1, 4, "▏"}, {1, math.Inf(1), 4, "▏"},
		{1, 8, 1, "▏"}, {2, 8, 1, "▎"}, {3, 8, 1, "▍"}, {4, 8, 1, "▌"}, {5, 8, 1, "▋"}, {6, 8, 1, "▊"}, {7, 8, 1, "▉"}, {8, 8, 1, "█"},
		{21, 32, 4, "██▋"},
	} {
		if got := Bar(test.value, test.max, test.width); got != test.want {
			t.Errorf("Bar(%v, %v, %d) = %q, want %q", test.value, test.max, test.width, got, test.want)
		}
	}
}
