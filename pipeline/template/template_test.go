package template

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

var lists = Lists{
	Zones:  []string{"太原中北高新技术产业开发区", " ", "大同经济技术开发区", "太原中北高新技术产业开发区", `=HYPERLINK("a")`, "交城经济开发区<东>&“西”"},
	Rounds: []string{"2021年第一次", "2022年第一次"},
}

func written(t *testing.T, lists Lists) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, lists); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestSheets(t *testing.T) {
	f := written(t, lists)
	if got := f.GetSheetList(); !slices.Equal(got, []string{LedgerSheet, NotesSheet, ListsSheet}) {
		t.Errorf("sheets %q", got)
	}
	for sheet, want := range map[string]bool{LedgerSheet: true, NotesSheet: true, ListsSheet: false} {
		if visible, err := f.GetSheetVisible(sheet); err != nil || visible != want {
			t.Errorf("%s: visible %v, %v", sheet, visible, err)
		}
	}
	if f.GetSheetName(f.GetActiveSheetIndex()) != LedgerSheet {
		t.Error("the workbook does not open at the ledger")
	}
}

func TestLedger(t *testing.T) {
	f := written(t, lists)
	rows, err := f.GetRows(LedgerSheet)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(`项目代码 项目名称 所在开发区 所在市 所在县(市、区) 行业 投资方 建设内容 总投资(亿元) 预计年产值(亿元) 实际年产值(亿元)
		签约日期 签约期次 开工日期 投产日期 达效日期 项目阶段 承诺制 标准地 全代办 链主企业 存在问题 备注`)
	if len(rows) != 1 || !slices.Equal(rows[0], want) {
		t.Errorf("rows %q", rows)
	}
	panes, err := f.GetPanes(LedgerSheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 2 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	// What a keeper types is shown, and stays, as it should.
	for at, c := range map[string]struct {
		value any
		want  string
	}{
		"A2": {"140171890110000100012345", "140171890110000100012345"}, "L2": {44393.0, "2021-07-16"}, "I2": {12.5, "12.50"}, "I3": {0.00012, "0.00012"},
	} {
		style, err := f.GetColStyle(LedgerSheet, at[:1])
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.SetCellValue(LedgerSheet, at, c.value), f.SetCellStyle(LedgerSheet, at, at, style)); err != nil {
			t.Fatal(err)
		}
		if got, err := f.GetCellValue(LedgerSheet, at); err != nil || got != c.want {
			t.Errorf("%s: shows %q, want %q", at, got, c.want)
		}
	}
	header, err := f.GetCellStyle(LedgerSheet, "B1")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(header); err != nil || !style.Font.Bold {
		t.Errorf("the header is not bold: %+v, %v", style, err)
	}
}

// validations gives each column's rule by its field.
func validations(t *testing.T, f *excelize.File) map[string]*excelize.DataValidation {
	t.Helper()
	all, err := f.GetDataValidations(LedgerSheet)
	if err != nil {
		t.Fatal(err)
	}
	byField := map[string]*excelize.DataValidation{}
	for i, c := range columns {
		for _, v := range all {
			if v.Sqref == fmt.Sprintf("%s2:%s1048576", letters(i+1), letters(i+1)) {
				byField[c.Field] = v
			}
		}
	}
	return byField
}

func TestValidations(t *testing.T) {
	f := written(t, lists)
	rules := validations(t, f)
	for field, want := range map[string]struct {
		list  []string
		style string
	}{
		"zone":          {[]string{"太原中北高新技术产业开发区", "大同经济技术开发区", `=HYPERLINK("a")`, "交城经济开发区<东>&“西”"}, "warning"},
		"signed_round":  {[]string{"2021年第一次", "2022年第一次"}, "warning"},
		"stage":         {[]string{"谋划储备", "签约", "开工", "投产", "达效"}, "stop"},
		"commitment":    {[]string{"是", "否"}, "stop"},
		"standard_land": {[]string{"是", "否"}, "stop"},
		"full_agency":   {[]string{"是", "否"}, "stop"},
	} {
		v := rules[field]
		if v == nil || v.Type != "list" || v.ErrorStyle == nil || *v.ErrorStyle != want.style {
			t.Errorf("%s: %+v", field, v)
			continue
		}
		if got := list(t, f, v.Formula1); !slices.Equal(got, want.list) {
			t.Errorf("%s: %s offers %q, want %q", field, v.Formula1, got, want.list)
		}
	}
	for _, field := range []string{"investment", "expected_output", "actual_output"} {
		if v := rules[field]; v == nil || v.Type != "decimal" || v.Formula1 != "0" || !v.AllowBlank {
			t.Errorf("%s: %+v", field, v)
		}
	}
	for _, field := range []string{"signed_on", "started_on", "commissioned_on", "on_target_on"} {
		if v := rules[field]; v == nil || v.Type != "date" || *v.ErrorStyle != "warning" {
			t.Errorf("%s: %+v", field, v)
		}
	}
	for _, c := range columns {
		v := rules[c.Field]
		if v == nil || v.Prompt == nil || *v.Prompt != c.ZH {
			t.Errorf("%s does not say how to fill it in: %+v", c.Field, v)
		}
	}
}

// list reads the cells that lists!$A$1:$A$3 names, and checks that they end
// there.
func list(t *testing.T, f *excelize.File, formula string) []string {
	t.Helper()
	var column, same string
	var last int
	if _, err := fmt.Sscanf(strings.NewReplacer("$", " ", ":", " ").Replace(formula), "lists! %s 1 %s %d", &column, &same, &last); err != nil || column != same {
		t.Fatalf("%s: %v", formula, err)
	}
	var words []string
	for row := 1; row <= last+1; row++ {
		word, err := f.GetCellValue(ListsSheet, fmt.Sprint(column, row))
		if err != nil {
			t.Fatal(err)
		}
		if formula, err := f.GetCellFormula(ListsSheet, fmt.Sprint(column, row)); err != nil || formula != "" {
			t.Errorf("row %d is the formula %q, %v", row, formula, err)
		}
		words = append(words, word)
	}
	if words[last] != "" {
		t.Errorf("%s ends before %q", formula, words[last])
	}
	return words[:last]
}

func TestNotes(t *testing.T) {
	f := written(t, lists)
	rows, err := f.GetRows(NotesSheet)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, row := range rows {
		all.WriteString(strings.Join(row, "\t") + "\n")
	}
	for _, c := range columns {
		for _, line := range []string{
			strings.Join([]string{c.Title(), c.Unit, needZH[c.Need], c.ZH}, "\t"),
			c.Title() + " " + c.Field + "\t",
			"\t" + c.EN,
		} {
			if !strings.Contains(all.String(), line) {
				t.Errorf("the notes lack %q", line)
			}
		}
	}
	for _, words := range []string{titleZH, titleEN, "隔离区", "set aside whole", "太原中北高新技术产业开发区", "2021年第一次", "CNY 100 million"} {
		if !strings.Contains(all.String(), words) {
			t.Errorf("the notes lack %q", words)
		}
	}
}

// The limits are those of spreadsheet programs: longer texts make the file
// unreadable to them.
func TestPromptsFit(t *testing.T) {
	for _, c := range columns {
		if len([]rune(c.Title())) > 32 || len([]rune(c.ZH)) > 255 {
			t.Errorf("%s: the prompt is too long", c.Field)
		}
	}
}

func TestWithoutLists(t *testing.T) {
	f := written(t, Lists{Zones: []string{" ", ""}})
	rules := validations(t, f)
	for _, field := range []string{"zone", "signed_round"} {
		if v := rules[field]; v == nil || v.Type == "list" || v.Formula1 != "" {
			t.Errorf("%s: %+v", field, v)
		}
	}
	if v := rules["stage"]; v == nil || len(list(t, f, v.Formula1)) != 5 {
		t.Errorf("stage: %+v", v)
	}
}

func TestEqualBytes(t *testing.T) {
	var first, second, other bytes.Buffer
	if err := errors.Join(Write(&first, lists), Write(&second, lists), Write(&other, Lists{})); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same lists give different files")
	}
	if bytes.Equal(first.Bytes(), other.Bytes()) {
		t.Error("other lists give the same file")
	}
}

type fullDisk struct{}

var errFull = errors.New("no space left on device")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestFullDisk(t *testing.T) {
	if err := Write(fullDisk{}, lists); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}
