package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// fuzzHeader has a column of every kind that is read in its own way.
const fuzzHeader = "项目代码,项目名称,开发区,市,县区,建设地点,行业,投资方,建设内容,总投资(亿元),预计年产值,实际年产值(万元),金额单位,币种," +
	"签约日期,开工日期,投产日期,达效日期,签约期次,期次,活动日期,项目阶段,标准地,承诺制,截至日期,存在问题,备注"

// rowOf cuts a fuzzed text into cells and says of each what kind it is.
func rowOf(text, kinds string) *format.Row {
	row := &format.Row{Line: 3}
	for i, cell := range strings.Split(text, "|") {
		c := format.Cell{Text: []byte(cell)}
		if i < len(kinds) {
			c.Kind, c.Merged = format.Kind(kinds[i]%5), kinds[i]&8 > 0
		}
		row.Cells = append(row.Cells, c)
	}
	return row
}

// Whatever the cells: one outcome, reasons that are listed and of the right
// action, raw values that are the cells', and the same outcome when the row is
// read again after others, by a reader that remembers and by one that does not.
func FuzzRead(f *testing.F) {
	f.Add("2021-1|铝材项目|襄垣经开区|长治市|襄垣县|襄垣县王桥镇|新材料|甲公司|厂房|12|3|5|||2021-01-01|3月5日|计划2021年底|44260|2021年第一次|2021-1|1月2日|开工|是|√|2021-06-30|无|备注", "")
	f.Add("|铝材项目||||||||10-15|约3亿元|/|万元|美元|2021.1|2021年3月||99999", "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01")
	f.Add("合计|||||||||12", "")
	f.Add("注:", "")
	f.Add("一、工业类|一、工业类|一、工业类", "\x08\x08\x08")
	f.Add("项目代码|项目名称|开发区|市", "")
	f.Add("|\xff\x00||||||||#REF!", "\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04")
	words := testWords(f)
	layout, ok := found(f, "", "截至2023年6月30日\n"+fuzzHeader+"\n", "")
	if !ok || slices.ContainsFunc(layout.Columns, func(c Column) bool { return c.Status != Synonym }) {
		f.Fatalf("the header: %+v", layout)
	}
	ctx := testContext()
	old := NewReader(ctx, words, layout, format.Sheet{}, Scale{})
	f.Fuzz(func(t *testing.T, text, kinds string) {
		row := rowOf(text, kinds)
		got := *NewReader(ctx, words, layout, format.Sheet{}, Scale{}).Read(row)
		checkResult(t, words, row, &got)
		again := old.Read(row)
		if got.Outcome != again.Outcome || !slices.Equal(reasonsOf(got.Problems), reasonsOf(again.Problems)) || !slices.Equal(reasonsOf(got.Flags), reasonsOf(again.Flags)) ||
			got.Key != again.Key || got.Project.ProjectID != again.Project.ProjectID || got.Project.SignedOn != again.Project.SignedOn ||
			got.Project.StartedOn != again.Project.StartedOn || got.Project.ZoneID != again.Project.ZoneID {
			t.Errorf("%q is another row to a reader that read others before:\n%+v\n%+v", text, got, *again)
		}
	})
}

func checkResult(t *testing.T, words *Words, row *format.Row, got *Result) {
	t.Helper()
	for _, p := range got.Problems {
		if reason, ok := words.Reasons[p.Reason]; !ok || !reason.Quarantines {
			t.Errorf("%s keeps a row back and is not listed so", p.Reason)
		}
	}
	for _, p := range got.Flags {
		if reason, ok := words.Reasons[p.Reason]; !ok || reason.Quarantines {
			t.Errorf("%s flags a row and is not listed so", p.Reason)
		}
		if got.Outcome == Loaded && !strings.Contains(got.Project.Flags, string(p.Reason)) {
			t.Errorf("the project does not bear its flag %s: %q", p.Reason, got.Project.Flags)
		}
	}
	for _, p := range append(slices.Clone(got.Problems), got.Flags...) {
		if p.Column >= len(row.Cells) && p.Raw != "" || p.Column >= 0 && p.Column < len(row.Cells) && !bytes.Contains(row.Cells[p.Column].Text, []byte(p.Raw)) {
			t.Errorf("%+v is not what its cell holds", p)
		}
	}
	p := &got.Project
	switch got.Outcome {
	case Loaded:
		if p.Name == "" || len(got.Problems) > 0 {
			t.Errorf("loaded as %q with %+v", p.Name, got.Problems)
		}
	case Quarantined:
		if len(got.Problems) == 0 {
			t.Error("kept back without a reason")
		}
	case Title, Header, Total, Blank, Remark:
		if len(got.Problems) > 0 || len(got.Flags) > 0 || p.Name != "" {
			t.Errorf("no project, and yet %+v", got)
		}
		return
	default:
		t.Errorf("outcome %d", got.Outcome)
	}
	for _, m := range []*record.CNY{p.InvestmentCNY, p.ExpectedOutputCNY, p.ActualOutputCNY, p.InvestmentLowCNY, p.InvestmentHighCNY, p.InvestmentForeign} {
		if m != nil && (*m < 0 || record.Value(*m) > record.MaxValue/100) {
			t.Errorf("an amount of %d", *m)
		}
	}
	if (p.InvestmentForeign == nil) != (p.InvestmentCurrency == "") || (p.InvestmentLowCNY == nil) != (p.InvestmentHighCNY == nil) ||
		p.InvestmentLowCNY != nil && *p.InvestmentLowCNY >= *p.InvestmentHighCNY {
		t.Errorf("half an amount: %+v", p)
	}
	for _, d := range []struct {
		on        record.Date
		precision record.Precision
	}{{p.SignedOn, p.SignedPrecision}, {p.StartedOn, p.StartedPrecision}, {p.CommissionedOn, p.CommissionedPrecision}, {p.OnTargetOn, p.OnTargetPrecision}} {
		if d.on < 0 || (d.on == 0) != (d.precision == "") {
			t.Errorf("%d to the %q", d.on, d.precision)
		}
	}
	if utf8.ValidString(p.Name) && strings.ContainsAny(p.Name+p.Investor, "\n\t\r") {
		t.Errorf("a line break in %q of %q", p.Name, p.Investor)
	}
}

// Whatever the rows: a header lies among them, names a project, and its columns
// stand in order; the same rows give the same header.
func FuzzFind(f *testing.F) {
	f.Add("某台账\n项目名称|总投资|签约时间\n铝材|12|2021-01-01", "")
	f.Add("项目名称|投资(亿元)||进度\n|总投资|年产值|开工\n铝材|12|3|2021.3", "202106")
	f.Add("项目|市\n\n项目名称|市|县|\xff", "说明")
	words := testWords(f)
	f.Fuzz(func(t *testing.T, text, name string) {
		var top []Top
		for i, line := range strings.Split(text, "\n") {
			if i == TopRows {
				break
			}
			top = append(top, Top{Line: i + 1, Cells: strings.Split(line, "|")})
		}
		l, ok := Find(name, top, *words, nil)
		if again, _ := Find(name, top, *words, nil); !slices.Equal(l.Columns, again.Columns) || l.From != again.From || l.AsOf != again.AsOf || l.Unit != again.Unit {
			t.Errorf("%+v, and then %+v", l, again)
		}
		if !ok {
			if len(l.Columns) > 0 {
				t.Errorf("no header, and columns: %+v", l)
			}
			return
		}
		if l.From < 1 || l.To < l.From || l.To > l.From+1 || l.To > len(top) || !l.Has(Name) {
			t.Errorf("%+v", l)
		}
		last, seen := -1, map[Field]bool{}
		for _, c := range l.Columns {
			if c.Position <= last || c.Header == "" {
				t.Errorf("column %+v behind %d", c, last)
			}
			last = c.Position
			if (c.Field == "") != (c.Status == Unknown) || (c.Field == Ignored) != (c.Status == Dropped) || c.Nearest != "" && c.Status != Unknown {
				t.Errorf("%+v", c)
			}
			if c.Field != "" && c.Field != Ignored && seen[c.Field] != (c.Status == Second) {
				t.Errorf("%s twice, and %+v", c.Field, c)
			}
			seen[c.Field] = true
		}
	})
}

func FuzzReadMapping(f *testing.F) {
	f.Add("header,field,unit\n合同额,investment,万元\n=2021-06-30,as_of,\n=襄垣经济技术开发区,zone,\n")
	f.Add("\ufeffheader,field,unit\r\n\"投资\n强度\",-,\r\n")
	f.Add("header,field,unit\n=,zone,\n,name,\n")
	words := testWords(f)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadMapping("对照.csv", strings.NewReader(text))
		if err != nil {
			if !strings.Contains(err.Error(), "对照.csv") {
				t.Errorf("%v does not name the file", err)
			}
			return
		}
		for header, meaning := range m.headers {
			if !slices.Contains(fields, meaning.field) || header == "" {
				t.Errorf("%q is %+v", header, meaning)
			}
		}
		if day, err := record.ParseDate(m.constant(AsOf)); err != nil || day < 0 {
			t.Errorf("the day %q: %v", m.constant(AsOf), err)
		}
		if l, ok := Find("", []Top{{1, []string{"项目名称", "投资方", "总投资"}}}, *words, m); ok {
			NewReader(testContext(), words, l, format.Sheet{}, Scale{}).Read(&format.Row{Line: 2, Cells: cellsOf("铝材项目", "甲公司", "12")})
		}
	})
}

func FuzzDayOf(f *testing.F) {
	f.Add("截至2021年6月30日")
	f.Add("台账-202106 20210630 2021-06")
	f.Fuzz(func(t *testing.T, title string) {
		if d := DayOf(title); d != 0 && (d.Year() < 1971 || d.Year() > 2099) {
			t.Errorf("%q is of %s", title, d)
		}
	})
}
