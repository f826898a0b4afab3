package sheet

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// found is the layout of a sheet whose rows are written as CSV.
func found(t testing.TB, name, text, mapping string) (*Layout, bool) {
	t.Helper()
	var top []Top
	for _, r := range rowsOf(t, text) {
		top = append(top, KeepTop(r))
	}
	var m *Mapping
	if mapping != "" {
		var err error
		if m, err = ReadMapping("对照.csv", strings.NewReader(mapping)); err != nil {
			t.Fatal(err)
		}
	}
	return Find(name, top, *testWords(t), m)
}

// short is a layout's columns as "position field unit status".
func short(l *Layout) []string {
	var all []string
	for _, c := range l.Columns {
		all = append(all, strings.TrimRight(strings.Join([]string{c.Header, string(c.Field), c.Unit, string(c.Status)}, "|"), "|"))
	}
	return all
}

// One header beside 项目名称 and 备注, as offices print it.
func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		header string
		field  Field
		unit   string
	}{
		{"总投资", Investment, ""},
		{"总投资(亿元)", Investment, "亿元"},
		{"总投资（亿元）", Investment, "亿元"},
		{"总投资（单位：亿元）", Investment, "亿元"},
		{"总投资【万元】", Investment, "万元"},
		{"总投资[万元]", Investment, "万元"},
		{"总投资:万元", Investment, "万元"},
		{"总投资，万元", Investment, "万元"},
		{"总投资/万元", Investment, "万元"},
		{"总投资亿元", Investment, "亿元"},
		{"总投资（亿）", Investment, "亿"},
		{"总投资（万美元）", Investment, "万美元"},
		{"计划总投资(亿元)", Investment, "亿元"},
		{"投资总额\n(万元)", Investment, "万元"},
		{"*总投资（亿元）", Investment, "亿元"},
		{"总投资（亿元）*", Investment, "亿元"},
		{"总投资 * (必填) (亿元)", Investment, "亿元"},
		{"投资额（万元）（含税）", Investment, "万元"},
		{"Total Investment", Investment, ""},
		{"investment_cny", Investment, "元"},
		{"达产后年产值（亿元）", Expected, "亿元"},
		{"实际产值(万元)", Actual, "万元"},
		{"*所在开发区", Zone, ""},
		{"“三个一批”期次", Round, ""},
		{"三个一批期次", Round, ""},
		{"签 约 时 间", SignedOn, ""},
		{"签约时间（年月日）", SignedOn, ""},
		{"开工　日期", StartedOn, ""},
		{"县（市、区）", County, ""},
		{"所在县(市、区)", County, ""},
		{"是否“标准地”", StandardLand, ""},
		{"ＺＯＮＥ", Zone, ""},
		{"序号", Ignored, ""},
		{"计划开工时间", Ignored, ""},
		{"固定资产投资（万元）", Ignored, "万元"},
	} {
		// A line break within a cell is the cell's; the row is one.
		quoted := `"` + strings.ReplaceAll(test.header, "\n", "␤") + `"`
		rows := rowsOf(t, "项目名称,"+quoted+",建设单位,责任人\n")
		rows[0].Cells[1].Text = []byte(test.header)
		l, ok := Find("", []Top{KeepTop(rows[0])}, *testWords(t), nil)
		if !ok {
			t.Errorf("%q: no header was found", test.header)
			continue
		}
		got := l.Columns[1]
		status := Synonym
		if test.field == Ignored {
			status = Dropped
		}
		if got.Field != test.field || got.Unit != test.unit || got.Status != status {
			t.Errorf("%q is %+v, want %s in %q", test.header, got, test.field, test.unit)
		}
	}
}

// What nobody knows is reported with what is most like it.
func TestUnknownHeaders(t *testing.T) {
	for header, nearest := range map[string]string{
		"签约日期时间": "签约日期", "所在的开发区": "所在开发区", "甲乙丙丁": "", "总投资额度": "总投资额", "%": "", "2021年": "",
	} {
		l, ok := found(t, "", "项目名称,投资方,"+header+"\n", "")
		if !ok {
			t.Fatalf("%q: no header was found", header)
		}
		if c := l.Columns[2]; c.Status != Unknown || c.Field != "" || c.Nearest != nearest {
			t.Errorf("%q: %+v, want it unknown and nearest to %q", header, c, nearest)
		}
	}
}

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name, text, mapping string
		from, to            int
		columns             []string
	}{
		{
			name: "below titles and blank lines", from: 4, to: 4,
			text:    "某开发区台账,,\n\n填报单位：某管委会,,单位：万元\n项目名称,总投资,签约时间\n铝材项目,1200,2021-01-01\n",
			columns: []string{"项目名称|name||synonym", "总投资|investment||synonym", "签约时间|signed_on||synonym"},
		},
		{
			name: "two rows, groups above", from: 1, to: 2,
			text: "序号,项目名称,投资与产值（亿元）,,,建设进度,\n,,总投资,预计年产值,实际年产值,开工,投产\n1,铝材项目,12,3,,2021-01-01,\n",
			columns: []string{
				"序号|-||ignored", "项目名称|name||synonym", "投资与产值（亿元） 总投资|investment|亿元|synonym",
				"投资与产值（亿元） 预计年产值|expected_output|亿元|synonym", "投资与产值（亿元） 实际年产值|actual_output|亿元|synonym",
				"建设进度 开工|started_on||synonym", "建设进度 投产|commissioned_on||synonym",
			},
		},
		{
			name: "two rows, merged cells repeat their text", from: 1, to: 2,
			text:    "项目名称,开工,开工,投资方\n项目名称,计划时间,实际时间,投资方\n铝材项目,2021-01-01,2021-02-01,甲公司\n",
			columns: []string{"项目名称|name||synonym", "开工 计划时间|-||ignored", "开工 实际时间|started_on||synonym", "投资方|investor||synonym"},
		},
		{
			name: "a project below is not half a header", from: 1, to: 1,
			text:    "项目名称,签约,开工,投资方\n铝材项目,2021-01-01,,甲公司\n",
			columns: []string{"项目名称|name||synonym", "签约|signed_on||synonym", "开工|started_on||synonym", "投资方|investor||synonym"},
		},
		{
			name: "nor one that says 开工 under a header that nobody knows", from: 1, to: 1,
			text:    "项目名称,情况,投资方\n1号铝材项目,开工,甲公司\n",
			columns: []string{"项目名称|name||synonym", "情况|||unknown", "投资方|investor||synonym"},
		},
		{
			name: "nor one without any number", from: 1, to: 1,
			text:    "项目名称,情况,投资方\n铝材项目,开工,甲公司\n",
			columns: []string{"项目名称|name||synonym", "情况|||unknown", "投资方|investor||synonym"},
		},
		{
			name: "nor a project that is named like one and numbered", from: 1, to: 1,
			text:    "序号,项目名称,情况,投资方\n1,,开工,甲公司\n",
			columns: []string{"序号|-||ignored", "项目名称|name||synonym", "情况|||unknown", "投资方|investor||synonym"},
		},
		{
			name: "the second of two columns counts for nothing", from: 1, to: 1,
			text:    "项目名称,总投资(亿元),投资额(万元),投资方\n",
			columns: []string{"项目名称|name||synonym", "总投资(亿元)|investment|亿元|synonym", "投资额(万元)|investment|万元|second", "投资方|investor||synonym"},
		},
		{
			name: "an empty header is no column", from: 1, to: 1,
			text:    "项目名称,,投资方\n",
			columns: []string{"项目名称|name||synonym", "投资方|investor||synonym"},
		},
		{
			name: "a mapping counts before the words", from: 1, to: 1,
			text: "合同名称,合同额,总投资(亿元),备注\n", mapping: "header,field,unit\n合同名称,name,\n合同额,investment,万元\n总投资,-,\n",
			columns: []string{"合同名称|name||mapped", "合同额|investment|万元|mapped", "总投资(亿元)|-|亿元|ignored", "备注|note||synonym"},
		},
		{
			name: "two rows, and one row further down that says as much", from: 1, to: 2,
			text: "项目名称,投资与产值（亿元）,,开工\n,总投资,年产值,\n铝材项目,12,3,2021-01-01\n项目名称,总投资(亿元),年产值(亿元),开工\n光伏项目,1,2,\n",
			columns: []string{"项目名称|name||synonym", "投资与产值（亿元） 总投资|investment|亿元|synonym",
				"投资与产值（亿元） 年产值|expected_output|亿元|synonym", "开工|started_on||synonym"},
		},
		{
			name: "a header that says more when it is repeated", from: 1, to: 1,
			text:    "项目名称,总投资,进度表\n铝材项目,12,\n铜材项目,12,\n项目名称,总投资(亿元),项目进度\n光伏项目,1,\n",
			columns: []string{"项目名称|name||synonym", "总投资|investment||synonym", "进度表|||unknown"},
		},
		{
			name: "a small table above the ledger", from: 5, to: 5,
			text:    "项目,投资额,备注\n工业,12,\n农业,3,\n\n序号,项目名称,总投资(亿元),签约时间\n1,光伏项目,1,\n",
			columns: []string{"序号|-||ignored", "项目名称|name||synonym", "总投资(亿元)|investment|亿元|synonym", "签约时间|signed_on||synonym"},
		},
		{
			name: "the first of two headers", from: 1, to: 1,
			text:    "项目名称,投资方\n铝材项目,甲公司\n项目名称,投资方\n",
			columns: []string{"项目名称|name||synonym", "投资方|investor||synonym"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, ok := found(t, "", test.text, test.mapping)
			if !ok {
				t.Fatal("no header was found")
			}
			if diff := cmp.Diff(test.columns, short(l)); diff != "" || l.From != test.from || l.To != test.to {
				t.Errorf("lines %d to %d: %s", l.From, l.To, diff)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	for _, text := range []string{
		"", "\n\n", "铝材项目,12\n", "项目名称\n铝材项目\n", "总投资,签约时间,投资方\n", "项目名称,甲乙丙丁\n", "序号,责任人,联系电话\n",
	} {
		if l, ok := found(t, "", text, ""); ok {
			t.Errorf("%q: found %+v", text, l.Columns)
		}
	}
	if l, _ := found(t, "填表说明", "第一列填项目名称\n", ""); !l.Remarks {
		t.Error("a sheet of explanations holds remarks")
	}
	if l, _ := found(t, "Sheet2", "铝材项目,12\n", ""); l.Remarks {
		t.Error("a sheet without a header and a name that says so holds no remarks")
	}
}

func TestTitles(t *testing.T) {
	for _, test := range []struct {
		sheet, title string
		unit, asOf   string
		synthetic    bool
	}{
		{"", "项目推进台账（截至2021年6月30日）", "", "2021-06-30", false},
		{"", "2021年6月项目台账", "", "2021-06-30", false},
		{"2021-06", "项目台账", "", "2021-06-30", false},
		{"", "台账 20210630", "", "2021-06-30", false},
		{"202106", "台账", "", "2021-06-30", false},
		{"", "2021/6/30", "", "2021-06-30", false},
		{"", "2021年1月至2021年6月底项目", "", "2021-06-30", false},
		{"", "截至2021年6月30日（2021年1月起）", "", "2021-06-30", false},
		{"", "2021年项目台账", "", "", false},
		{"", "邮编030000 电话03515678 台账", "", "", false},
		{"", "单位：万元", "万元", "", false},
		{"", "金额单位:亿元", "亿元", "", false},
		{"", "单位  万美元", "万美元", "", false},
		{"", "填报单位：某开发区管委会", "", "", false},
		{"", "单位：人民币万元", "万元", "", false},
		{"", "单位：千元", "千元", "", false},
		{"", "单位：亿，面积：亩", "亿", "", false},
		{"", "产能单位：万吨", "", "", false},
		{"", "填报单位：万荣县开发区", "", "", false},
		{"", "填报单位：元氏县开发区", "", "", false},
		{"", "合成数据 synthetic 台账", "", "", true},
		{"合成数据", "台账", "", "", true},
	} {
		l, ok := found(t, test.sheet, `"`+test.title+`"`+"\n项目名称,投资方\n", "")
		if !ok {
			t.Fatalf("%q: no header was found", test.title)
		}
		if l.Unit != test.unit || l.AsOf.String() != test.asOf || l.Synthetic != test.synthetic {
			t.Errorf("%q %q: unit %q, day %s, synthetic %t; want %q, %s, %t", test.sheet, test.title, l.Unit, l.AsOf, l.Synthetic, test.unit, test.asOf, test.synthetic)
		}
	}
}

// The rows of a sheet that hold no project, and those that only look so.
func TestKindsOfRows(t *testing.T) {
	const head = "序号,项目名称,投资方,总投资(亿元),备注\n"
	for _, test := range []struct {
		row  string
		want Outcome
	}{
		{"1,铝材项目,甲公司,12,", Loaded},
		{",铝材项目,,,", Loaded},
		{"", Blank},
		{",,,,", Blank},
		{" ,　,\t,,", Blank},
		{"一、工业类,,,,", Title},
		{"序号,项目名称,投资方,总投资(亿元),备注", Header},
		{",项 目 名 称,投资方,总投资,", Header},
		{"合计,,,120,", Total},
		{"合 计,,,120,", Total},
		{"合　计,,,120,", Total},
		{"小计：,,,120,", Total},
		{"合计（3个）,,,120,", Total},
		{"合计3个,,,120,", Total},
		{"合计个数,,,120,", Total},
		{",合计,,120,", Total},
		{"Total,,,120,", Total},
		{"注：本表按月填报,,,,", Remark},
		{"填报人：张三,,,审核人：李四,", Remark},
		{"说明：单位为亿元,,,,", Remark},
		{",合计划项目,甲公司,12,", Loaded},
		{",总计算力中心项目,甲公司,12,", Loaded},
		{",Total Energies 加油站项目,甲公司,12,", Loaded},
		{"1,联系人工智能项目,甲公司,12,", Loaded},
		{"1,,甲公司,12,", Quarantined},
		{",/,甲公司,12,", Quarantined},
	} {
		_, got := readAll(t, testContext(), head+test.row+"\n", nil)
		if o := got[1].Outcome; o != test.want {
			t.Errorf("%q: outcome %d, want %d: %+v", test.row, o, test.want, got[1].Problems)
		}
	}
}

// What a row is does not depend on the rows before it, although the reader
// remembers texts that it has seen.
func TestMemoryOfRows(t *testing.T) {
	const head = "序号,项目名称,投资方,总投资(亿元),备注\n"
	rows := []string{
		"注:,,,,", "注:,铝材项目,甲公司,12,", ",项目名称,,,", "序号,项目名称,投资方,总投资(亿元),备注", "联系人:王五,13800000000,,,", "联系人:王五,铝材项目,甲公司,1,",
	}
	alone := map[string]Outcome{}
	for _, row := range rows {
		_, got := readAll(t, testContext(), head+row+"\n", nil)
		alone[row] = got[1].Outcome
	}
	for i, first := range rows {
		for j, second := range rows {
			if i == j {
				continue
			}
			if _, got := readAll(t, testContext(), head+first+"\n"+second+"\n", nil); got[2].Outcome != alone[second] {
				t.Errorf("%q is %d, and after %q it is %d", second, alone[second], first, got[2].Outcome)
			}
		}
	}
}

// A heading that is merged over the table stands in every cell.
func TestMergedHeading(t *testing.T) {
	l, _ := found(t, "", "项目名称,投资方,备注\n", "")
	r := NewReader(testContext(), testWords(t), l, format.Sheet{}, Scale{})
	cell := format.Cell{Text: []byte("一、工业类"), Merged: true}
	if got := r.Read(&format.Row{Line: 2, Cells: []format.Cell{cell, cell, cell}}); got.Outcome != Title {
		t.Errorf("got %d, %+v", got.Outcome, got.Problems)
	}
}

func TestDamagedRow(t *testing.T) {
	l, _ := found(t, "", "项目名称,投资方\n", "")
	r := NewReader(testContext(), testWords(t), l, format.Sheet{}, Scale{})
	row := &format.Row{Line: 2, Raw: []byte("铝材项目,\xff" + strings.Repeat("x", 300)), Damage: "bytes_undecodable"}
	got := r.Read(row)
	if got.Outcome != Quarantined || len(got.Problems) != 1 || got.Problems[0].Reason != "bytes_undecodable" ||
		!strings.HasPrefix(got.Problems[0].Raw, "铝材项目,\ufffd") || len(got.Problems[0].Raw) > 210 {
		t.Errorf("%+v", got)
	}
}

func TestReadMappingRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "header,field,unit",
		"a,b\n":                           "header,field,unit",
		"表头,字段,单位\n":                      "header,field,unit",
		"header,field,unit\n合同额,money,\n": "unknown field",
		"header,field,unit\n合同额,investment,吨\n":  "unit",
		"header,field,unit\n=甲公司,investor,\n":    "only zone",
		"header,field,unit\n=2021年6月,as_of,\n":   "2021-06-30",
		"header,field,unit\n,name,\n":            "names no column",
		"header,field,unit\n（）*,name,\n":         "names no column",
		"header,field,unit\n=,zone,\n":           "nothing stands behind",
		"header,field,unit\n= ,as_of,\n":         "nothing stands behind",
		"header,field,unit\n甲,name,\n甲 ,zone,\n": "two fields",
		"header,field,unit\n合同额,investment\n":    "fields",
		"header,field,unit\n\"合同额,investment,\n": "quote",
	} {
		if m, err := ReadMapping("对照.csv", strings.NewReader(text)); err == nil {
			t.Errorf("%q: %+v", text, m)
		} else if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "对照.csv") {
			t.Errorf("%q: %v, want it to say %q", text, err, want)
		}
	}
}

// What a mapping says of all rows.
func TestMappingOfAllRows(t *testing.T) {
	m, err := ReadMapping("对照.csv", strings.NewReader("\ufeffheader,field,unit\n=襄垣经济技术开发区,zone,\n=2021-05-31,as_of,\n=已开工,stage,\n=2021年第一次,signed_round,\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, got := readAll(t, testContext(), "项目名称,投资方,签约日期,开发区\n铝材项目,甲公司,3月5日,\n光伏项目,乙公司,,中北高新区\n风电项目,乙公司,2021-06-01,\n", m)
	a, b := got[1].Project, got[2].Project
	if a.ZoneID != "140423-Z1" || a.CityID != "140400" || a.AsOf.String() != "2021-05-31" || a.Stage != record.Started || a.SignedRound != "2021-1" ||
		a.SignedOn.String() != "2021-03-05" {
		t.Errorf("%+v %+v", a, got[1].Problems)
	}
	if b.ZoneID != "140100-Z1" {
		t.Errorf("the row's own zone: %+v", b)
	}
	if got[3].Outcome != Quarantined || got[3].Problems[0].Reason != "future_date" {
		t.Errorf("after the mapping's day: %+v", got[3])
	}
	if m, err = ReadMapping("对照.csv", strings.NewReader("header,field,unit\n=哪里的开发区,zone,\n=盖房子,stage,\n")); err != nil {
		t.Fatal(err)
	}
	_, got = readAll(t, testContext(), "项目名称,投资方\n铝材项目,甲公司\n", m)
	reasons := map[record.Reason]bool{}
	for _, p := range got[1].Problems {
		reasons[p.Reason] = true
	}
	if got[1].Outcome != Quarantined || !reasons["unknown_zone"] || !reasons["unreadable_stage"] {
		t.Errorf("what a mapping says and nobody knows must not vanish: %+v", got[1])
	}
}
