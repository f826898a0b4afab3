package sheet

import (
	"slices"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
)

// readRow reads one row of cells under a header.
func readRow(t testing.TB, ctx *Context, sheet format.Sheet, scale Scale, title, header string, cells ...format.Cell) Result {
	t.Helper()
	l, ok := found(t, "", title+"\n"+header+"\n", "")
	if !ok {
		t.Fatalf("no header in %s", header)
	}
	res := *NewReader(ctx, testWords(t), l, sheet, scale).Read(&format.Row{Line: 3, Cells: cells})
	res.Project = cloneProject(res.Project)
	return res
}

func cellsOf(texts ...string) []format.Cell {
	var cells []format.Cell
	for _, text := range texts {
		cells = append(cells, format.Cell{Text: []byte(text)})
	}
	return cells
}

// readValue reads one value under a header beside a project's name, in a ledger
// that speaks for the end of 2024.
func readValue(t testing.TB, header, text string) Result {
	t.Helper()
	ctx := testContext()
	ctx.AsOf = record.NewDate(2024, 12, 31)
	return readRow(t, ctx, format.Sheet{}, Scale{}, "", "项目名称,投资方,"+header, cellsOf("铝材项目", "甲公司", text)...)
}

// reasonsOf are the reason codes of findings.
func reasonsOf(findings []Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, string(f.Reason))
	}
	return all
}

// only reports whether a result has just the problem or flag, "" for none.
func only(r Result, problem, flag string) bool {
	one := func(reason string) []string {
		if reason == "" {
			return nil
		}
		return []string{reason}
	}
	return slices.Equal(reasonsOf(r.Problems), one(problem)) && slices.Equal(reasonsOf(r.Flags), one(flag)) && (r.Outcome == Quarantined) == (problem != "")
}

var goodDates = []struct {
	text      string
	day       string
	precision record.Precision
}{
	{"2021年3月5日", "2021-03-05", record.ToTheDay},
	{"2021年03月05日", "2021-03-05", record.ToTheDay},
	{"2021年3月5号", "2021-03-05", record.ToTheDay},
	{"2021 年 3 月 5 日", "2021-03-05", record.ToTheDay},
	{"２０２１年３月５日", "2021-03-05", record.ToTheDay},
	{"二〇二一年三月五日", "2021-03-05", record.ToTheDay},
	{"二○二一年三月", "2021-03-01", record.ToTheMonth},
	{"2021-03-05", "2021-03-05", record.ToTheDay},
	{"2021-3-5", "2021-03-05", record.ToTheDay},
	{"2021/3/5", "2021-03-05", record.ToTheDay},
	{"2021.3.5", "2021-03-05", record.ToTheDay},
	{"20210305", "2021-03-05", record.ToTheDay},
	{"2021-03-05 00:00:00", "2021-03-05", record.ToTheDay},
	{"44260", "2021-03-05", record.ToTheDay},
	{"2021.3", "2021-03-01", record.ToTheMonth},
	{"2021.1", "2021-01-01", record.ToTheMonth}, // as text it is January
	{"2021.10", "2021-10-01", record.ToTheMonth},
	{"2021/3", "2021-03-01", record.ToTheMonth},
	{"2021-03", "2021-03-01", record.ToTheMonth},
	{"202103", "2021-03-01", record.ToTheMonth},
	{"2021年3月", "2021-03-01", record.ToTheMonth},
	{"2021年3月底", "2021-03-01", record.ToTheMonth},
	{"2021年第三季度", "2021-07-01", record.ToTheQuarter},
	{"2021年上半年", "2021-01-01", record.ToTheHalf},
	{"2021年", "2021-01-01", record.ToTheYear},
	{"2021年底", "2021-01-01", record.ToTheYear},
	{"2021", "2021-01-01", record.ToTheYear},
	{" 2021-03-05　", "2021-03-05", record.ToTheDay},
}

func TestDates(t *testing.T) {
	for _, test := range goodDates {
		got := readValue(t, "签约日期", test.text)
		if p := got.Project; !only(got, "", "") || p.SignedOn.String() != test.day || p.SignedPrecision != test.precision {
			t.Errorf("%q: %s to the %s, %v %v; want %s to the %s", test.text, p.SignedOn, p.SignedPrecision, got.Problems, got.Flags, test.day, test.precision)
		}
	}
	for _, text := range []string{"", " ", "/", "—", "-", "无", "待定", "未签约", "N/A", "Ｎ／Ａ"} {
		if got := readValue(t, "签约日期", text); !only(got, "", "") || got.Project.SignedOn != 0 || got.Project.SignedPrecision != "" {
			t.Errorf("%q: %+v, want nothing known", text, got)
		}
	}
	for _, text := range []string{
		"2021年13月5日", "2021-02-29", "2021-1", "3月5日", "1900-01-01", "2021-03-05~2021-04-01", "春节后", "已签约", "2021.13", "99999", "19000", "20213", "2021年3月5日(补签)",
	} {
		if got := readValue(t, "签约日期", text); !only(got, "unreadable_date", "") || got.Problems[0].Raw != text || got.Problems[0].Field != SignedOn || got.Problems[0].Column != 2 {
			t.Errorf("%q: %+v, want it unreadable", text, got.Problems)
		}
	}
	for _, text := range []string{"计划2021年底", "拟2021年3月", "拟于2021年3月底前", "预计2021年", "力争年底", "争取6月", "2021年12月（计划）", "2021年12月(预计)"} {
		if got := readValue(t, "投产日期", text); !only(got, "", "planned_date") || got.Project.CommissionedOn != 0 || got.Flags[0].Raw != text || got.Project.Flags != "planned_date" {
			t.Errorf("%q: %+v, want it a plan", text, got)
		}
	}
}

// Numbers of a workbook are days in its own system, or months.
func TestDatesOfNumbers(t *testing.T) {
	for _, test := range []struct {
		text   string
		kind   format.Kind
		date04 bool
		day    string
		to     record.Precision
	}{
		{"44260", format.Number, false, "2021-03-05", record.ToTheDay},
		{"42798", format.Number, true, "2021-03-05", record.ToTheDay},
		{"44260.75", format.Number, false, "2021-03-05", record.ToTheDay},
		{"44260", format.Text, false, "2021-03-05", record.ToTheDay},
		{"42798", format.Text, true, "2021-03-05", record.ToTheDay},
		{"2021-03-05", format.Day, false, "2021-03-05", record.ToTheDay},
		{"2021-03-05", format.Day, true, "2021-03-05", record.ToTheDay},
		{"2021.3", format.Number, false, "2021-03-01", record.ToTheMonth},
		{"2021.12", format.Number, false, "2021-12-01", record.ToTheMonth},
		{"20210305", format.Number, false, "2021-03-05", record.ToTheDay},
		{"202103", format.Number, false, "2021-03-01", record.ToTheMonth},
		{"2021", format.Number, false, "2021-01-01", record.ToTheYear},
	} {
		ctx := testContext()
		ctx.AsOf = record.NewDate(2024, 12, 31)
		got := readRow(t, ctx, format.Sheet{Date1904: test.date04}, Scale{}, "", "项目名称,签约日期",
			format.Cell{Text: []byte("铝材项目")}, format.Cell{Text: []byte(test.text), Kind: test.kind})
		if p := got.Project; !only(got, "", "") || p.SignedOn.String() != test.day || p.SignedPrecision != test.to {
			t.Errorf("%+v: %s to the %s, %+v", test, p.SignedOn, p.SignedPrecision, got.Problems)
		}
	}
	for _, text := range []string{"2021.1", "2021.13", "2021.123", "1.5", "0", "-3", "44260.x", "1e5", "99999", "19000"} {
		got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,签约日期",
			format.Cell{Text: []byte("铝材项目")}, format.Cell{Text: []byte(text), Kind: format.Number})
		if !only(got, "unreadable_date", "") {
			t.Errorf("the number %s: %s, %+v, want it unreadable", text, got.Project.SignedOn, got.Problems)
		}
	}
	for _, header := range []string{"签约日期", "总投资(亿元)"} {
		got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,"+header,
			format.Cell{Text: []byte("铝材项目")}, format.Cell{Text: []byte("#REF!"), Kind: format.Fault})
		if !only(got, "formula_error", "") {
			t.Errorf("an error under %s: %+v", header, got)
		}
	}
}

// A day without a year takes it from the round, or follows the stage before.
func TestDatesWithoutYear(t *testing.T) {
	ctx := testContext()
	ctx.AsOf = record.NewDate(2024, 12, 31)
	for _, test := range []struct{ round, signed, started, wantSigned, wantStarted string }{
		{"2021年第一次", "3月5日", "", "2021-03-05", ""},
		{"2021年第一次", "3月5日", "2月1日", "2021-03-05", "2022-02-01"},
		{"2021年第一次", "", "2月1日", "", "2021-02-01"},
		{"", "2020年11月5日", "3月5日", "2020-11-05", "2021-03-05"},
		{"", "2020年11月", "11月20日", "2020-11-01", "2020-11-20"},
	} {
		got := readRow(t, ctx, format.Sheet{}, Scale{}, "", "项目名称,签约期次,签约日期,开工日期", cellsOf("铝材项目", test.round, test.signed, test.started)...)
		if p := got.Project; !only(got, "", "") || p.SignedOn.String() != test.wantSigned || p.StartedOn.String() != test.wantStarted {
			t.Errorf("%+v: %s, %s, %+v", test, p.SignedOn, p.StartedOn, got.Problems)
		}
	}
}

// A day without a year is another one in the next row, although its text is the
// same.
func TestDatesWithoutYearAreNotRemembered(t *testing.T) {
	ctx := testContext()
	ctx.AsOf = record.NewDate(2024, 12, 31)
	_, got := readAll(t, ctx, "项目名称,签约日期,开工日期\n铝材项目,2020-11-05,3月5日\n光伏项目,2021-11-05,3月5日\n储能项目,,3月5日\n", nil)
	if a, b := got[1].Project.StartedOn.String(), got[2].Project.StartedOn.String(); a != "2021-03-05" || b != "2022-03-05" {
		t.Errorf("%s and %s", a, b)
	}
	if !only(got[3], "unreadable_date", "") {
		t.Errorf("no year is known: %+v", got[3])
	}
}

var goodMoney = []struct {
	header, text string
	fen          record.CNY
	approximate  bool
}{
	{"总投资(亿元)", "12.5", 12_5000_0000_00, false},
	{"总投资(万元)", "12.5", 12_5000_00, false},
	{"总投资(元)", "12.5", 12_50, false},
	{"总投资(亿元)", "1,250.00", 1250_0000_0000_00, false},
	{"总投资(亿元)", "125000万元", 12_5000_0000_00, false},
	{"总投资(亿元)", "125,000万元", 12_5000_0000_00, false},
	{"总投资(万元)", "12.50亿元", 12_5000_0000_00, false},
	{"总投资(万元)", "12.5亿", 12_5000_0000_00, false},
	{"总投资", "12.5亿元", 12_5000_0000_00, false},
	{"总投资", "1250000000元", 12_5000_0000_00, false},
	{"总投资(亿元)", "约12.5", 12_5000_0000_00, true},
	{"总投资", "约12.5亿元", 12_5000_0000_00, true},
	{"总投资(亿元)", "１２．５", 12_5000_0000_00, false},
	{"总投资(亿元)", " 12.5 ", 12_5000_0000_00, false},
	{"总投资(亿元)", "0", 0, false},
	{"investment_cny", "1250000000", 12_5000_0000_00, false},
}

func TestMoney(t *testing.T) {
	for _, test := range goodMoney {
		got := readValue(t, test.header, test.text)
		if v := got.Project.InvestmentCNY; !only(got, "", "") || v == nil || *v != test.fen || got.Project.Approximate != test.approximate {
			t.Errorf("%q under %s: %v, %t, %v %v", test.text, test.header, v, got.Project.Approximate, got.Problems, got.Flags)
		}
	}
	for _, text := range []string{"", "/", "—", "待定"} {
		if got := readValue(t, "总投资(亿元)", text); !only(got, "", "") || got.Project.InvestmentCNY != nil {
			t.Errorf("%q: %+v, want nothing known", text, got)
		}
	}
	for _, text := range []string{"十几个亿吧", "-5", "12个", "50%", "12.5.1", "1e5", "abc", "15-10", "99999999999999999999"} {
		got := readValue(t, "总投资(亿元)", text)
		if !only(got, "unreadable_amount", "") || got.Problems[0].Raw != text || got.Project.InvestmentCNY != nil {
			t.Errorf("%q: %v %+v, want it unreadable", text, got.Project.InvestmentCNY, got.Problems)
		}
	}
}

// What is no plain amount of yuan is kept as what it is, and flagged.
func TestMoneyFlags(t *testing.T) {
	for _, test := range []struct{ header, text, low, high string }{
		{"总投资(亿元)", "10-15", "10亿元", "15亿元"},
		{"总投资(亿元)", "10～15", "10亿元", "15亿元"},
		{"总投资(万元)", "10-15亿元", "10亿元", "15亿元"},
		{"总投资", "1000至1500万元", "0.1亿元", "0.15亿元"},
	} {
		got := readValue(t, test.header, test.text)
		p := got.Project
		if !only(got, "", "amount_range") || p.InvestmentCNY != nil || p.InvestmentLowCNY == nil || p.InvestmentLowCNY.String() != test.low || p.InvestmentHighCNY.String() != test.high {
			t.Errorf("%+v: %v to %v, %+v", test, p.InvestmentLowCNY, p.InvestmentHighCNY, got)
		}
	}
	for _, test := range []struct{ header, text, currency, amount string }{
		{"总投资(亿元)", "1500万美元", "USD", "0.15亿元"}, // of dollars
		{"总投资(万美元)", "1500", "USD", "0.15亿元"},
		{"总投资", "2亿港元", "HKD", "2亿元"},
	} {
		got := readValue(t, test.header, test.text)
		p := got.Project
		if !only(got, "", "foreign_currency") || p.InvestmentCNY != nil || p.InvestmentForeign == nil || p.InvestmentForeign.String() != test.amount || p.InvestmentCurrency != test.currency {
			t.Errorf("%+v: %v %s, %+v", test, p.InvestmentForeign, p.InvestmentCurrency, got)
		}
	}
	got := readValue(t, "总投资", "12.5")
	if !only(got, "", "unit_missing") || got.Project.InvestmentCNY != nil || got.Flags[0].Raw != "12.5" {
		t.Errorf("without a unit: %+v", got)
	}
	got = readRow(t, testContext(), format.Sheet{}, Scale{}, "单位：万元", "项目名称,总投资", cellsOf("铝材项目", "12.5")...)
	if !only(got, "", "") || *got.Project.InvestmentCNY != 12_5000_00 {
		t.Errorf("with the title's unit: %+v", got)
	}
	got = readRow(t, testContext(), format.Sheet{}, Scale{}, "单位：万元", "项目名称,总投资(亿元)", cellsOf("铝材项目", "12.5")...)
	if !only(got, "", "") || *got.Project.InvestmentCNY != 12_5000_0000_00 {
		t.Errorf("the header's unit counts before the title's: %+v", got)
	}
}

// The unit and the currency may stand in columns of their own.
func TestMoneyColumns(t *testing.T) {
	for _, test := range []struct{ amount, unit, currency, cny, foreign, code string }{
		{"12.5", "亿元", "", "12.5亿元", "", ""},
		{"12.5", "万元", "人民币", "0.00125亿元", "", ""},
		{"12.5", "亿", "CNY", "12.5亿元", "", ""},
		{"12.5", "亿元", "美元", "", "12.5亿元", "USD"},
		{"1500", "万", "美元", "", "0.15亿元", "USD"},
		{"1500", "万元", "港元", "", "0.15亿元", "HKD"},
		{"1500", "万美元", "", "", "0.15亿元", "USD"},
		{"1500", "万美元", "美元", "", "0.15亿元", "USD"},
		{"12.5亿元", "万元", "", "12.5亿元", "", ""},
		{"1500", "万美元", "港元", "", "", ""}, // nobody knows which
	} {
		got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,总投资,金额单位,币种", cellsOf("铝材项目", test.amount, test.unit, test.currency)...)
		p := got.Project
		cny, foreign := "", ""
		if p.InvestmentCNY != nil {
			cny = p.InvestmentCNY.String()
		}
		if p.InvestmentForeign != nil {
			foreign = p.InvestmentForeign.String()
		}
		if got.Outcome == Quarantined != (cny+foreign == "") || cny != test.cny || foreign != test.foreign || p.InvestmentCurrency != test.code {
			t.Errorf("%+v: %s, %s %s, %+v %+v", test, cny, foreign, p.InvestmentCurrency, got.Problems, got.Flags)
		}
	}
	got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,总投资(亿元),币种", cellsOf("铝材项目", "2", "贝壳")...)
	if !only(got, "unreadable_amount", "") {
		t.Errorf("an unknown currency: %+v", got)
	}
	got = readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,总投资(亿元),approximate", cellsOf("铝材项目", "2", "true")...)
	if !only(got, "", "") || !got.Project.Approximate {
		t.Errorf("a column of approximate: %+v", got)
	}
}

func TestMarks(t *testing.T) {
	for mark, texts := range map[string][]string{
		"yes": {"是", "√", "✓", "☑", "Y", "y", "Yes", "TRUE", "1", "有", "Ｙ", " 是 "},
		"no":  {"否", "×", "✗", "N", "no", "FALSE", "0", "无", "Ｎ"},
		"":    {"", "/", "—", "待定", "不详"},
	} {
		for _, text := range texts {
			got := readValue(t, "承诺制", text)
			c := got.Project.Commitment
			is := ""
			if c != nil && *c {
				is = "yes"
			} else if c != nil {
				is = "no"
			}
			if !only(got, "", "") || is != mark {
				t.Errorf("%q: %q, %+v, want %q", text, is, got.Problems, mark)
			}
		}
	}
	for _, text := range []string{"对吗", "是否", "2", "办理中", "是的吧"} {
		if got := readValue(t, "标准地", text); !only(got, "unreadable_mark", "") || got.Problems[0].Field != StandardLand {
			t.Errorf("%q: %+v, want it unreadable", text, got.Problems)
		}
	}
	got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,标准地,承诺制,全代办", cellsOf("铝材项目", "是", "否", "√")...)
	if p := got.Project; p.StandardLand == nil || !*p.StandardLand || p.Commitment == nil || *p.Commitment || p.FullAgency == nil || !*p.FullAgency {
		t.Errorf("three marks: %+v", p)
	}
}

func TestStages(t *testing.T) {
	for text, want := range map[string]record.Stage{
		"谋划储备": record.Reserved, "已签约": record.Signed, "签约未开工": record.Signed, "开工建设": record.Started, "在 建": record.Started,
		"在建（主体封顶）": record.Started, "已投产": record.Commissioned, "达产达效": record.OnTarget, "Started": record.Started, "": "", "/": "", "待定": "",
	} {
		if got := readValue(t, "项目阶段", text); !only(got, "", "") || got.Project.Stage != want {
			t.Errorf("%q: %q, %+v, want %q", text, got.Project.Stage, got.Problems, want)
		}
	}
	for _, text := range []string{"盖房子", "签约开工", "60%", "1"} {
		if got := readValue(t, "项目阶段", text); !only(got, "unreadable_stage", "") || got.Problems[0].Raw != text {
			t.Errorf("%q: %q, %+v, want it unreadable", text, got.Project.Stage, got.Problems)
		}
	}
}

func TestRounds(t *testing.T) {
	ordinal := int32(1)
	ctx := testContext()
	ctx.Rounds = round.NewIndex(record.ByYear, []record.Round{
		{Round: "2020-1", HeldOn: record.NewDate(2020, 2, 26), Ordinal: &ordinal, Label: "2020年第一期"},
		{Round: "2020-3", HeldOn: record.NewDate(2020, 8, 8), Ordinal: &ordinal, Label: "2020年第一期"},
		{Round: "2021-1", HeldOn: record.NewDate(2021, 1, 1), Ordinal: &ordinal, Label: "2021年第一次"},
	}, nil)
	for _, field := range []string{"签约期次", "期次"} {
		for _, test := range []struct{ text, want, problem, flag string }{
			{"2021年第一次", "2021-1", "", ""},
			{"2021年第1次", "2021-1", "", ""},
			{"2021-1", "2021-1", "", ""},
			{"", "", "", ""},
			{"/", "", "", ""},
			{"2033年第九次", "", "", "unknown_round"},
			{"春季", "", "", "unknown_round"},
			{"2020年第一期", "", "ambiguous_round", ""},
		} {
			got := readRow(t, ctx, format.Sheet{}, Scale{}, "", "项目名称,"+field, cellsOf("铝材项目", test.text)...)
			is := got.Project.SignedRound
			if field == "期次" {
				is = got.Project.Round
			}
			if !only(got, test.problem, test.flag) || string(is) != test.want {
				t.Errorf("%q under %s: %q, %+v %+v", test.text, field, is, got.Problems, got.Flags)
			}
			if test.problem != "" && len(got.Problems[0].Candidates) != 2 {
				t.Errorf("candidates of %q: %+v", test.text, got.Problems[0])
			}
		}
	}
}

// An event that names a project dates its stage: by its own day, or the round's.
func TestEvents(t *testing.T) {
	for _, test := range []struct{ stage, round, event, signed, started, signedRound string }{
		{"签约", "2021年第一次", "", "2021-01-01", "", "2021-1"},
		{"开工", "2021年第一次", "", "", "2021-01-01", ""},
		{"开工", "", "2021-02-03", "", "2021-02-03", ""},
		{"签约", "2021年第一次", "1月2日", "2021-01-02", "", "2021-1"},
		{"", "2021年第一次", "", "", "", ""},
	} {
		got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,阶段,期次,活动日期", cellsOf("铝材项目", test.stage, test.round, test.event)...)
		p := got.Project
		if !only(got, "", "") || p.SignedOn.String() != test.signed || p.StartedOn.String() != test.started || string(p.SignedRound) != test.signedRound {
			t.Errorf("%+v: %s %s %s, %+v", test, p.SignedOn, p.StartedOn, p.SignedRound, got.Problems)
		}
	}
}

func TestTexts(t *testing.T) {
	got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目代码,项目名称,投资方,建设内容,存在问题,备注",
		cellsOf(" 2021-140423 ", "　铝材\n项目 ", "甲\r\n公司", "一期\t二期", "无", "—")...)
	p := got.Project
	if p.Code != "2021-140423" || p.Name != "铝材 项目" || p.Investor != "甲 公司" || p.Content != "一期 二期" || p.Obstacle != "" || p.Note != "" {
		t.Errorf("%+v", p)
	}
	// Layout does not make a project another.
	same := record.NewProjectID("shanxi", "铝材项目", "", "甲公司")
	if p.ProjectID != same {
		t.Errorf("the id is %s, want %s", p.ProjectID, same)
	}
	got = readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,行业,industry_status", cellsOf("铝材项目", "新材料", "inferred")...)
	if got.Project.Industry != "新材料" || got.Project.IndustryStatus != "inferred" {
		t.Errorf("%+v", got.Project)
	}
	got = readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,备注", cellsOf("铝材项目", "合成数据 synthetic")...)
	if !only(got, "synthetic_row", "") {
		t.Errorf("a synthetic row in a real ledger: %+v", got)
	}
}

func TestPlaces(t *testing.T) {
	const head = "项目名称,市,县区,开发区"
	for _, test := range []struct {
		city, county, zone string
		cityID, zoneID     record.AreaID
		problem, flag      string
	}{
		{"", "", "襄垣经济技术开发区", "140400", "140423-Z1", "", ""},
		{"", "", "襄垣经开区", "140400", "140423-Z1", "", ""},
		{"长治市", "襄垣县", "襄垣 经济技术开发区", "140400", "140423-Z1", "", ""},
		{"", "", "140423-Z1", "140400", "140423-Z1", "", ""},
		{"长治市", "", "", "140400", "", "", ""},
		{"", "襄垣县", "", "140400", "", "", ""},
		{"", "", "", "", "", "", ""},
		{"太原市", "", "襄垣经开区", "140400", "140423-Z1", "", "place_conflict"},
		{"", "襄垣县", "中北高新区", "140100", "140100-Z1", "", "place_conflict"},
		{"", "", "长治", "", "", "ambiguous_area", ""},
		{"", "", "某某开发区", "", "", "unknown_zone", ""},
		{"某某市", "", "", "", "", "unknown_area", ""},
		{"", "某某县", "", "", "", "unknown_area", ""},
		{"太原市", "襄垣县", "", "140100", "", "unknown_area", ""},
	} {
		got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", head, cellsOf("铝材项目", test.city, test.county, test.zone)...)
		p := got.Project
		if !only(got, test.problem, test.flag) {
			t.Errorf("%+v: %+v %+v", test, got.Problems, got.Flags)
		} else if test.problem == "" && (p.CityID != test.cityID || p.ZoneID != test.zoneID) {
			t.Errorf("%+v: %s %s", test, p.CityID, p.ZoneID)
		}
		if test.flag != "" && p.CountyID != "" {
			t.Errorf("%+v: the county %s is kept beside a zone of another city", test, p.CountyID)
		}
	}
}

// A sheet without a column of zones is that of the zone in its title, its name or
// its file's name; one that names several is that of none.
func TestZoneOfSheet(t *testing.T) {
	for _, test := range []struct {
		title, sheet, file string
		want               record.AreaID
	}{
		{"襄垣经济技术开发区项目推进台账", "", "台账.csv", "140423-Z1"},
		{"项目推进台账", "襄垣经开区", "台账.csv", "140423-Z1"},
		{"项目推进台账", "", "中北高新区台账2021-06.csv", "140100-Z1"},
		{"襄垣经开区、中北高新区台账", "", "台账.csv", ""},
		{"项目推进台账", "", "台账.csv", ""},
	} {
		l, _ := found(t, test.sheet, test.title+"\n项目名称,投资方\n", "")
		ctx := testContext()
		ctx.File = test.file
		got := NewReader(ctx, testWords(t), l, format.Sheet{Name: test.sheet}, Scale{}).Read(&format.Row{Line: 3, Cells: cellsOf("铝材项目", "甲公司")})
		if got.Outcome != Loaded || got.Project.ZoneID != test.want {
			t.Errorf("%+v: %q, %+v", test, got.Project.ZoneID, got.Problems)
		}
	}
	l, _ := found(t, "", "襄垣经济技术开发区台账\n项目名称,开发区\n", "")
	got := NewReader(testContext(), testWords(t), l, format.Sheet{}, Scale{}).Read(&format.Row{Line: 3, Cells: cellsOf("铝材项目", "")})
	if got.Project.ZoneID != "" {
		t.Errorf("a column of zones counts before the title: %+v", got.Project)
	}
}

// An address tells the place of a row that names none.
func TestZoneOfAddress(t *testing.T) {
	for address, want := range map[string]record.AreaID{
		"长治市襄垣县襄垣经开区3号路": "140423-Z1", "山西省长治市襄垣县王桥镇": "140423", "长治市": "140400", "厂区内": "", "/": "",
	} {
		got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,建设地点", cellsOf("铝材项目", address)...)
		p := got.Project
		is := p.ZoneID
		if is == "" {
			is = p.CountyID
		}
		if is == "" {
			is = p.CityID
		}
		if !only(got, "", "") || is != want || want != "" && p.CityID != "140400" {
			t.Errorf("%q: %q in %q, %+v, want %q", address, is, p.CityID, got.Problems, want)
		}
	}
	got := readRow(t, testContext(), format.Sheet{}, Scale{}, "", "项目名称,开发区,建设地点", cellsOf("铝材项目", "中北高新区", "长治市襄垣县")...)
	if p := got.Project; p.ZoneID != "140100-Z1" || p.CountyID != "" {
		t.Errorf("the zone's column counts before an address: %+v", p)
	}
}

// An alias holds in its time, row by row, whichever row comes first.
func TestZoneNamesInTime(t *testing.T) {
	areas := []record.Area{
		{AreaID: "140000", Name: "山西省", Level: record.Province},
		{AreaID: "140400", Name: "长治市", Level: record.City, ParentID: "140000"},
		{AreaID: "140400-Z1", Name: "长治高新技术产业开发区", Level: record.Zone, ParentID: "140400"},
		{AreaID: "140400-Z2", Name: "潞州经济技术开发区", Level: record.Zone, ParentID: "140400"},
	}
	ctx := testContext()
	ctx.Areas = area.NewResolver(areas, []record.AreaName{
		{AreaID: "140400-Z1", Name: "老区", ValidTo: record.NewDate(2020, 12, 31)},
		{AreaID: "140400-Z2", Name: "老区", ValidFrom: record.NewDate(2021, 1, 1)},
	})
	old, young := "铝材项目,老区,2020-06-30\n", "光伏项目,老区,2021-06-30\n"
	for _, rows := range []string{old + young, young + old} {
		_, got := readAll(t, ctx, "项目名称,开发区,截至日期\n"+rows, nil)
		for _, r := range got[1:] {
			want := record.AreaID("140400-Z1")
			if strings.HasPrefix(r.Project.Name, "光伏") {
				want = "140400-Z2"
			}
			if r.Project.ZoneID != want {
				t.Errorf("%s as of %s in %q, want %s", r.Project.Name, r.Project.AsOf, r.Project.ZoneID, want)
			}
		}
	}
}
