package sheet

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
)

func testWords(t testing.TB) *Words {
	t.Helper()
	w, err := LoadWords(os.DirFS("../../datasets"))
	if err != nil {
		t.Fatal(err)
	}
	return &w
}

func testContext() *Context {
	areas := []record.Area{
		{AreaID: "140000", Name: "山西省", Level: record.Province},
		{AreaID: "140100", Name: "太原市", Level: record.City, ParentID: "140000"},
		{AreaID: "140400", Name: "长治市", Level: record.City, ParentID: "140000"},
		{AreaID: "140423", Name: "襄垣县", Level: record.County, ParentID: "140400"},
		{AreaID: "140423-Z1", Name: "襄垣经济技术开发区", Level: record.Zone, ParentID: "140423"},
		{AreaID: "140100-Z1", Name: "太原中北高新技术产业开发区", Level: record.Zone, ParentID: "140100"},
		{AreaID: "140400-Z1", Name: "长治高新技术产业开发区", Level: record.Zone, ParentID: "140400"},
	}
	names := []record.AreaName{{AreaID: "140423-Z1", Name: "襄垣经开区"}, {AreaID: "140100-Z1", Name: "中北高新区"}}
	held := record.NewDate(2021, 1, 1)
	ordinal := int32(1)
	rounds := []record.Round{{Round: "2021-1", HeldOn: held, Ordinal: &ordinal, Label: "2021年第一次"}}
	return &Context{
		Campaign: "shanxi", SourceID: "l1", File: "台账.csv", AsOf: record.NewDate(2021, 6, 30), Today: record.NewDate(2026, 1, 1), Home: "140000",
		Areas: area.NewResolver(areas, names), Rounds: round.NewIndex(record.ByYear, rounds, nil),
		HeldOn: map[record.RoundID]record.Date{"2021-1": held},
	}
}

// rowsOf cuts a text into rows as package format does.
func rowsOf(t testing.TB, text string) []*format.Row {
	t.Helper()
	var rows []*format.Row
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		row := &format.Row{Line: i + 1, Raw: []byte(line)}
		if line != "" {
			cells, err := csv.NewReader(strings.NewReader(line)).Read()
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cells {
				row.Cells = append(row.Cells, format.Cell{Text: []byte(c)})
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// readAll finds the header of a sheet and reads all its rows.
func readAll(t testing.TB, ctx *Context, text string, mapping *Mapping) (*Layout, []Result) {
	t.Helper()
	rows := rowsOf(t, text)
	var top []Top
	for _, r := range rows[:min(len(rows), TopRows)] {
		top = append(top, KeepTop(r))
	}
	words := testWords(t)
	layout, ok := Find("", top, *words, mapping)
	if !ok {
		t.Fatalf("no header in\n%s", text)
	}
	reader := NewReader(ctx, words, layout, format.Sheet{}, Scale{})
	var results []Result
	for _, r := range rows {
		res := *reader.Read(r)
		res.Project = cloneProject(res.Project)
		res.Flags = append([]Finding(nil), res.Flags...)
		res.Problems = append([]Finding(nil), res.Problems...)
		results = append(results, res)
	}
	return layout, results
}

func cloneProject(p record.Project) record.Project {
	for _, s := range []*string{&p.Name, &p.Code, &p.Industry, &p.Investor, &p.Content, &p.ChainLeader, &p.Obstacle, &p.Note, (*string)(&p.ProjectID)} {
		*s = strings.Clone(*s)
	}
	for _, m := range []**record.CNY{&p.InvestmentCNY, &p.ExpectedOutputCNY, &p.ActualOutputCNY, &p.InvestmentLowCNY, &p.InvestmentHighCNY, &p.InvestmentForeign} {
		if *m != nil {
			v := **m
			*m = &v
		}
	}
	return p
}

func TestReadLedger(t *testing.T) {
	_, got := readAll(t, testContext(), `长治市开发区项目推进台账,,,,,,,,,
截至2021年6月30日,,,,,,,,单位:万元,
序号,项目名称,所在开发区,投资方,总投资,签约时间,开工时间,投产时间,是否承诺制,备注
1,年产2万吨镁合金项目,襄垣经开区,山西甲公司,12000,2021年1月1日,2021.3,,√,
2,光伏组件项目,襄垣经济技术开发区,山西乙公司,1.2亿元,2021/1/1,3月5日,计划2021年底,否,/
小计,2个,,,,,,,,
3,氢能装备项目（一期）,中北高新区,,约5000,44197,无,—,Y,
4,储能项目,长治,,3000,2021-1-1,,,是,
5,储能项目,襄垣经开区,,3000,2021-03-01,2021-01-05,,是,
6,,襄垣经开区,,3000,,,,是,
7,醇醚项目,襄垣经开区,,10-15,2021-08-01,,,是,
8,醇醚项目,襄垣经开区,,1500万美元,2021年13月5日,,,对吗,

注:本表由各开发区填报,,,,,,,,,
`, nil)
	outcomes := []Outcome{Title, Title, Header, Loaded, Loaded, Total, Loaded, Quarantined, Quarantined, Quarantined, Quarantined, Quarantined, Blank, Remark}
	for i, want := range outcomes {
		if got[i].Outcome != want {
			t.Errorf("line %d: outcome %d, want %d: %+v", i+1, got[i].Outcome, want, got[i].Problems)
		}
	}
	a, b, c := got[3].Project, got[4].Project, got[6].Project
	if a.Name != "年产2万吨镁合金项目" || a.ZoneID != "140423-Z1" || a.CityID != "140400" || *a.InvestmentCNY != 12000_0000_00 ||
		a.SignedOn.String() != "2021-01-01" || a.StartedOn.String() != "2021-03-01" || a.StartedPrecision != record.ToTheMonth ||
		a.CommissionedOn != 0 || a.Commitment == nil || !*a.Commitment || a.AsOf.String() != "2021-06-30" {
		t.Errorf("line 4: %+v", a)
	}
	if *b.InvestmentCNY != 120_000_000_00 || b.StartedOn.String() != "2021-03-05" || b.CommissionedOn != 0 || b.Flags != "planned_date" ||
		*b.Commitment || b.Note != "" || b.ProjectID != record.NewProjectID("shanxi", "光伏组件项目", "140423-Z1", "山西乙公司") {
		t.Errorf("line 5: %+v", b)
	}
	if c.SignedOn.String() != "2021-01-01" || !c.Approximate || *c.InvestmentCNY != 5000_0000_00 || c.StartedOn != 0 {
		t.Errorf("line 7: %+v", c)
	}
	for line, want := range map[int]string{8: "ambiguous_area", 9: "impossible_order", 10: "missing_name", 11: "future_date", 12: "unreadable_date"} {
		if p := got[line-1].Problems; len(p) == 0 || string(p[0].Reason) != want {
			t.Errorf("line %d: %+v, want %s", line, p, want)
		}
	}
	if f := got[10].Flags; len(f) != 1 || f[0].Reason != "amount_range" {
		t.Errorf("line 11: %+v", f)
	}
}
