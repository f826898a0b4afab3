package report

import (
	"bytes"
	"database/sql"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/export"
)

func of(v float64) sql.NullFloat64 { return sql.NullFloat64{Float64: v, Valid: true} }

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func on(text string) sql.NullTime { return sql.NullTime{Time: day(text), Valid: true} }

var made = Provenance{Version: "20220301T000000.000Z-0123abcd", AsOf: "2022-03-01", Made: day("2022-03-01")}

// What Taiyuan published for the end of June 2021: 40 of 68, 17 of 57, 301.7 of 418.12.
var taiyuan = BulletinArea{
	Name: "太原市", NameEN: "Taiyuan", Reported: true, Projects: of(85), Carried: of(0),
	Signed: of(68), StartedOfSigned: of(40), StartRate: of(40.0 / 68), StartChange: of(0.0125), StartRank: of(1), Before: on("2021-05-31"),
	Started: of(57), Commissioned: of(17), CommissionRate: of(17.0 / 57), CommissionChange: of(-0.031), CommissionRank: of(2),
	Outputs: of(17), ExpectedYi: of(418.12), ActualYi: of(301.7), TargetRate: of(301.7 / 418.12), TargetRank: of(1),
}

// Names that a spreadsheet, a page or a terminal could take for orders.
const (
	script  = `<script>alert("签约")</script>储能项目`
	formula = `=HYPERLINK("http://x.example","点此")`
	escape  = "光伏\x1b[31m项目\n二期\u202e"
	quoted  = `"><img src=http://x.example onerror=alert(1)>&amp;`
)

func bulletin(lang string) Bulletin {
	missing := BulletinArea{Name: "大同市", NameEN: "Datong", RevisedStartRate: of(0.5)}
	revised := taiyuan
	revised.Name, revised.NameEN, revised.Revised = "长治市"+quoted, "", true
	revised.RevisedStartRate, revised.RevisedCommissionRate = of(0.75), revised.CommissionRate
	revised.Before = on("2021-03-31")
	whole := taiyuan
	whole.Name, whole.NameEN = "山西省", "Shanxi"
	return Bulletin{
		Lang: lang, Province: "山西省", Month: day("2021-06-30"), Level: "city", Synthetic: true,
		Whole: []BulletinArea{whole}, Areas: []BulletinArea{taiyuan, missing, revised},
		Moves: []Move{
			{Key: "140100", Area: "太原市", AreaEN: "Taiyuan", InArea: 5, Project: script, Moves: []string{"entered", "signed"}, InvestmentYi: of(12.5), AsOf: on("2021-06-30")},
			{Key: "140100", Area: "太原市", AreaEN: "Taiyuan", InArea: 5, Project: formula, Moves: []string{"start_withdrawn"}},
			{Key: "140400", Area: "长治市", AreaEN: "Changzhi", InArea: 1, Project: escape, Moves: []string{"moved_out"}, InvestmentYi: of(0), AsOf: on("2021-06-30")},
		},
		MovesShown: 3, Zones: 29, Silent: []string{"大同经济技术开发区", "<b>新荣</b>经济技术开发区"}, From: made,
	}
}

func stalled(lang string) Stalled {
	return Stalled{
		Lang: lang, Province: "山西省", AsOf: day("2022-02-28"), Limit: 2, From: made,
		Projects: []StalledProject{
			{Transition: "signed_to_started", InTransition: 3, AtStakeInTransition: of(40.5), Position: of(1), Name: script, Zone: "襄垣经济技术开发区", ZoneEN: "Xiangyuan Economic and Technological Development Zone",
				City: "长治市", CityEN: "Changzhi", Industry: "现代煤化工", Investor: "山西甲能源有限公司", InvestmentYi: of(30), Stake: of(30), Approximate: true, Since: on("2021-01-01"),
				Waiting: of(423), Limit: of(180), Over: of(243), OverRatio: of(2.35), LimitBasis: "user", Obstacle: formula, File: "月报/2022/台账-2022-02.xlsx", Sheet: "长治市", Line: sql.NullInt64{Int64: 17, Valid: true}},
			{Transition: "signed_to_started", InTransition: 3, AtStakeInTransition: of(40.5), Position: of(2), Name: "煤层气液化项目", Zone: "襄垣经济技术开发区",
				Since: on("2021-03-01"), Waiting: of(364), Limit: of(0), Over: of(364), LimitBasis: "zone_type_median"},
			{Transition: "started_to_commissioned", InTransition: 1, Position: of(1), Name: "年产2万吨镁合金深加工及配套设施建设项目（二期）", Zone: "大同经济技术开发区", InvestmentYi: of(2), Stake: of(2),
				Since: on("2020-03-01"), Waiting: of(729), Limit: of(400), Over: of(329), OverRatio: of(1.8225), LimitBasis: "campaign_median", Obstacle: "用地指标未落实"},
		},
	}
}

func scorecard(lang string) Scorecard {
	return Scorecard{Lang: lang, Province: "山西省", Year: 2023, From: made, Zones: []ScoredZone{
		{Name: "襄垣经济技术开发区", NameEN: "Xiangyuan Economic and Technological Development Zone", City: "长治市", Type: "industrial", Assessed: true, Projects: of(31), Score: of(83.44), Rank: of(1), RankedOf: of(2),
			RankLow: of(1), RankHigh: of(2), Reserve: of(90), Recruitment: of(81.25), Construction: of(77), Service: sql.NullFloat64{}, Coverage: of(0.85), Observed: on("2023-12-31")},
		{Name: "大同经济技术开发区", City: "大同市", Type: "industrial", Assessed: true, Projects: of(12), Score: of(61), Rank: of(2), RankedOf: of(2), RankLow: of(1), RankHigh: of(2),
			Reserve: of(60), Recruitment: of(61), Construction: of(62), Service: of(61), Coverage: of(1), Observed: on("2023-10-31")},
		{Name: quoted, City: "大同市", Type: "agriculture", Reason: "no_projects", Projects: of(0), Coverage: of(0)},
		{Name: "某开发区", Reason: "zone_type_unknown", Projects: of(4)},
	}}
}

func documents() map[string]Document {
	all := map[string]Document{}
	for _, lang := range []string{"zh", "en"} {
		all["bulletin "+lang] = bulletin(lang).Document()
		all["stalled "+lang] = stalled(lang).Document()
		all["scorecard "+lang] = scorecard(lang).Document()
		all["nothing stalled "+lang] = Stalled{Lang: lang, From: made}.Document()
	}
	return all
}

func TestCells(t *testing.T) {
	for _, test := range []struct {
		cell   Cell
		format Format
		want   string
	}{
		{Number(of(68)), Count, "68"},
		{Number(of(40.0 / 68)), Rate, "58.82%"},
		{Number(of(17.0 / 57)), Rate, "29.82%"},
		{Number(of(301.7 / 418.12)), Rate, "72.16%"},
		{Number(of(1.038)), Rate, "103.80%"},
		{Number(of(0)), Rate, "0.00%"},
		{Number(of(12.5)), Money, "12.50"},
		{About(Number(of(12.5)), true), Money, "≈12.50"},
		{About(Unknown(), true), Money, "·"},
		{PointsOf(of(0.0125)), Points, "+1.25"},
		{PointsOf(of(-0.031)), Points, "-3.10"},
		{PointsOf(of(-0.00001)), Points, "0.00"},
		{PointsOf(sql.NullFloat64{}), Points, "·"},
		{Number(of(83.44)), Score, "83.4"},
		{Number(of(81.25)), Score, "81.3"},
		{Number(of(2.345)), Ratio, "2.35"},
		{Number(of(1.005)), Ratio, "1.01"},
		{Number(of(0.125)), Money, "0.13"},
		{Number(of(1e15)), Count, "1000000000000000"},
		{Number(of(math.NaN())), Rate, "·"},
		{Number(of(math.Inf(1))), Money, "·"},
		{DayOf(on("2022-01-31")), Day, "2022-01-31"},
		{DayOf(sql.NullTime{}), Day, "·"},
		{Words(" 镁合金项目 "), Text, "镁合金项目"},
		{Words(" "), Text, ""},
		{Words("光伏\x1b[31m\n项目"), Text, "光伏\ufffd[31m 项目"},
		{Cell{}, Rate, ""},
	} {
		if got := test.cell.Show(test.format); got != test.want {
			t.Errorf("%+v: got %q, want %q", test.cell, got, test.want)
		}
	}
}

// rowsOf gives the cells of a table's rows by their first cell of text.
func rowsOf(table Table) map[string][]string {
	rows := map[string][]string{}
	for _, r := range table.Rows {
		var cells []string
		for i, c := range r.Cells {
			cells = append(cells, c.Show(table.Columns[i].Format))
		}
		if len(cells) > 0 {
			rows[cells[0]] = cells[1:]
		}
	}
	return rows
}

func TestBulletin(t *testing.T) {
	d := bulletin("zh").Document()
	if want := "【合成数据 synthetic】2021年6月山西省开发区“三个一批”项目推进情况通报"; d.Heading() != want {
		t.Errorf("got the title %s, want %s", d.Heading(), want)
	}
	rows := rowsOf(d.Tables[0])
	for name, want := range map[string]string{
		"山西省合计":              "68 40 58.82% +1.25   57 17 29.82% -3.10   17 418.12 301.70 72.16% ·  85 0 已报",
		"太原市":                "68 40 58.82% +1.25 1  57 17 29.82% -3.10 2  17 418.12 301.70 72.16% · 1 85 0 已报",
		"大同市":                "· · · · · 50.00% · · · · · · · · · · · · · · 未报",
		"长治市" + quoted + "*": "68 40 58.82% +1.25 1 75.00% 57 17 29.82% -3.10 2  17 418.12 301.70 72.16% · 1 85 0 已报",
	} {
		if got := strings.Join(rows[name], " "); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
	for _, want := range []string{"29 个开发区中，2 个本月未报：大同经济技术开发区、", "带 * 的地区上月未报", "“修订后”是按今日台账重算"} {
		if !strings.Contains(strings.Join(d.Notes, "\n"), want) {
			t.Errorf("no note says %q", want)
		}
	}
	if !strings.Contains(d.Source, made.Version) || !strings.Contains(d.Source, "2022-03-01 当日所知") {
		t.Errorf("the source is %q", d.Source)
	}
}

// Where nothing was revised there are no columns for it, and the notes say so.
func TestBulletinWithoutRevisions(t *testing.T) {
	b := bulletin("en")
	b.Areas, b.Silent = b.Areas[:1], nil
	d := b.Document()
	if slices.ContainsFunc(d.Tables[0].Columns, func(c Column) bool { return c.Title == "Revised" }) {
		t.Error("there is a column of revised rates")
	}
	notes := strings.Join(d.Notes, "\n")
	for _, want := range []string{"no figure of this month was revised", "All 29 zones"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note says %q", want)
		}
	}
}

// A month without a ledger has no zero in it.
func TestBulletinOfAMissingMonth(t *testing.T) {
	b := bulletin("zh")
	b.Whole, b.Areas, b.Moves = []BulletinArea{{Name: "山西省"}}, []BulletinArea{{Name: "太原市"}}, nil
	d := b.Document()
	for name, cells := range rowsOf(d.Tables[0]) {
		for _, cell := range cells[:len(cells)-1] {
			if cell != dot && cell != "" {
				t.Errorf("%s: got %v", name, cells)
			}
		}
	}
	if d.Tables[1].Empty != "本月没有台账，无从知道变动。" || !strings.Contains(strings.Join(d.Notes, ""), "本月没有一份台账") {
		t.Errorf("it does not say so: %q %v", d.Tables[1].Empty, d.Notes)
	}
}

// Zones stand under their type, in which they are ranked.
func TestBulletinOfZones(t *testing.T) {
	b := bulletin("zh")
	b.Level = "zone"
	b.Areas[0].Type, b.Areas[1].Type, b.Areas[1].Part = "industrial", "industrial", true
	d := b.Document()
	var headings []string
	for _, r := range d.Tables[0].Rows {
		if r.Heading != "" {
			headings = append(headings, r.Heading)
		}
	}
	if want := []string{"工业类", "类型不明"}; !slices.Equal(headings, want) {
		t.Errorf("got the headings %q, want %q", headings, want)
	}
	if notes := strings.Join(d.Notes, ""); !strings.Contains(notes, "位次在同类开发区中") || !strings.Contains(notes, "片区") {
		t.Errorf("the notes are %q", notes)
	}
}

func TestStalledAndScorecard(t *testing.T) {
	d := stalled("zh").Document()
	table := d.Tables[0]
	if table.Rows[0].Heading != "签约未开工：3 个，列前 2 个，涉及金额 40.50 亿元" || table.Rows[3].Heading != "开工未投产：1 个" {
		t.Errorf("got the headings %q and %q", table.Rows[0].Heading, table.Rows[3].Heading)
	}
	var first []string
	for i, c := range table.Rows[1].Cells {
		first = append(first, c.Show(table.Columns[i].Format))
	}
	want := []string{"1", script, "襄垣经济技术开发区", "长治市", "现代煤化工", "山西甲能源有限公司", "2021-01-01", "423", "180", "243", "2.35", "本单位规定",
		"≈30.00", "≈30.00", formula, "台账-2022-02.xlsx / 长治市 / 第17行"}
	if !slices.Equal(first, want) {
		t.Errorf("got %q, want %q", first, want)
	}

	d = scorecard("zh").Document()
	if got := strings.Join(rowsOf(d.Tables[0])["襄垣经济技术开发区"], " "); got != "1 2 1 2 83.4 90.0 81.3 77.0 · 长治市 31 85.00%" {
		t.Errorf("got %s", got)
	}
	if len(d.Tables[0].Rows) != 3 || d.Tables[0].Rows[0].Heading != "工业类（2 个）" {
		t.Errorf("the zones assessed are %+v", d.Tables[0].Rows)
	}
	if got := strings.Join(rowsOf(d.Tables[1])["某开发区"], " "); got != "类型不明  4 开发区类型不明" {
		t.Errorf("got %s", got)
	}
	if notes := strings.Join(d.Notes, ""); !strings.Contains(notes, "1 个开发区的台账未到年末") || !strings.Contains(notes, "2023年10月31日") {
		t.Errorf("the notes are %q", notes)
	}
}

// At 80 columns and more every document fits, and no cell is lost.
func TestTextFits(t *testing.T) {
	for name, d := range documents() {
		for _, width := range []int{80, 100, 200, 0} {
			var out bytes.Buffer
			if err := d.Text(&out, width); err != nil {
				t.Fatal(err)
			}
			most := width
			if most == 0 {
				most = plainWidth
			}
			for line := range strings.Lines(out.String()) {
				if got := export.Width(strings.TrimSuffix(line, "\n")); got > most {
					t.Errorf("%s at %d: %d columns in %s", name, width, got, line)
				}
			}
			if strings.ContainsAny(out.String(), "\x1b\u202e") {
				t.Errorf("%s: what drives a terminal came through", name)
			}
			if width != 200 {
				continue
			}
			for _, table := range d.Tables {
				for _, r := range table.Rows {
					for i, c := range r.Cells {
						if text := c.Show(table.Columns[i].Format); !strings.Contains(out.String(), text) {
							t.Errorf("%s: %q is missing in\n%s", name, text, &out)
						}
					}
				}
			}
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"开工率", 10, []string{"开工率"}},
		{"签约、开工、投产。", 10, []string{"签约、开", "工、投产。"}},
		{"签约项目（合计）", 10, []string{"签约项目", "（合计）"}},
		{"start rate of zones", 10, []string{"start rate", "of zones"}},
		{"Xiangyuan", 4, []string{"Xian", "gyua", "n"}},
		{"镁", 1, []string{"镁"}},
		{"镁合", 1, []string{"镁", "合"}},
	} {
		if got := wrap(test.text, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%q at %d: got %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestForFile(t *testing.T) {
	for _, name := range []string{"通报.html", "a/b.XLSX", ".html"} {
		if _, err := ForFile(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"通报.pdf", "通报", "xlsx", "a.html/b", "-"} {
		if _, err := ForFile(name); err == nil || !strings.Contains(err.Error(), ".html or .xlsx") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A row that does not fit its columns is found before anything is written.
func TestMisfitRow(t *testing.T) {
	d := Document{Tables: []Table{{Name: "a", Columns: []Column{{Title: "a"}}, Rows: []Row{{Cells: []Cell{{}, {}}}}}}}
	for name, write := range map[string]func() (string, error){
		"text": func() (string, error) { var out bytes.Buffer; err := d.Text(&out, 80); return out.String(), err },
		"html": func() (string, error) { var out bytes.Buffer; err := d.HTML(&out); return out.String(), err },
		"xlsx": func() (string, error) { var out bytes.Buffer; err := d.XLSX(&out); return out.String(), err },
	} {
		if out, err := write(); err == nil || out != "" {
			t.Errorf("%s: got %q, %v", name, out, err)
		}
	}
}
