package bulletin

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// lines writes what was read as round, area, stage, metric and value, one claim a
// line.
func lines(got *Reading) []string {
	var out []string
	for _, c := range got.Claims {
		l := strings.Join([]string{string(c.Round), string(c.AreaID), string(c.Stage), string(c.Metric), short(c)}, " ")
		if c.TotalOf != "" {
			l += " of " + c.TotalOf
		}
		if c.Universe != "" {
			l += " " + c.Universe
		}
		if c.Period != record.OfRound {
			l += " " + string(c.Period) + " " + c.PeriodFrom.String() + ".." + c.PeriodTo.String()
		}
		if c.Method != "" {
			l += " " + c.Method
		}
		if c.Review != "" {
			l += " ?" + c.Review
		}
		out = append(out, strings.TrimSpace(l))
	}
	return out
}

// short writes a value in 亿 where it is money.
func short(c Claim) string {
	v := c.Value.String()
	if c.Metric.Dimension() == record.Money {
		v = strings.TrimSuffix(c.Value.CNY().String(), "元")
	}
	if c.Approximate {
		v = "~" + v
	}
	return v
}

func TestRead(t *testing.T) {
	for _, tt := range slices.Concat(readTests, pressTests, morePressTests, areaTests, yearTests, listTests) {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.campaign
			if c == "" {
				c = "shanxi"
			}
			published, err := record.ParseDate(tt.published)
			if err != nil {
				t.Fatal(err)
			}
			got := testReader(t, c).Read(Text{Body: tt.text, Published: published})
			g := lines(got)
			if !slices.Equal(g, tt.want) {
				t.Errorf("read %s\n got %s\nwant %s", tt.text, strings.Join(g, "\n     "), strings.Join(tt.want, "\n     "))
				for _, p := range got.Passed {
					t.Logf("passed %q: %s | %s | %s", tt.text[p.Figure.From:p.Figure.To], p.Rule, p.Near, p.Why)
				}
			}
		})
	}
}

// readTest is a bulletin and the claims that are read from it, in its order.
type readTest struct {
	name, campaign, published, text string
	want                            []string
}

var readTests = []readTest{
	{"stage, count, amount", "henan", "2021-10-09",
		"南阳市第二期“三个一批”项目集中开工\n10月8日，河南省第二期“三个一批”项目建设活动举行。我市签约项目54个，总投资210.4亿元；开工项目245个，总投资702.2亿元；投产项目154个，总投资355亿元。",
		[]string{"H-02 411300 signed projects 54", "H-02 411300 signed investment 210.4亿", "H-02 411300 started projects 245", "H-02 411300 started investment 702.2亿",
			"H-02 411300 commissioned projects 154", "H-02 411300 commissioned investment 355亿"}},
	{"count before noun", "", "2022-02-27",
		"山西省2022年第一次“三个一批”活动举行\n2月26日，全省开发区2022年第一次“三个一批”活动举行，347个项目集中签约，323个项目开工，315个项目投产。",
		[]string{"2022-1 140000 signed projects 347", "2022-1 140000 started projects 323", "2022-1 140000 commissioned projects 315"}},
	{"amount before count", "", "2021-01-02",
		"山西开发区“三个一批”活动举行\n1月1日，全省开发区2021年第一期“三个一批”活动举行，总投资2800亿元的413个项目签约，总投资1288.6亿元的268个项目开工，总投资556.7亿元的245个项目投产。",
		[]string{"2021-1 140000 signed projects 413", "2021-1 140000 signed investment 2800亿", "2021-1 140000 started projects 268", "2021-1 140000 started investment 1288.6亿",
			"2021-1 140000 commissioned projects 245", "2021-1 140000 commissioned investment 556.7亿"}},
	{"batch names in quotes", "henan", "2022-01-05",
		"济源示范区第三期“三个一批”\n1月4日，济源市第三期“三个一批”活动中，“签约一批”项目37个，总投资230亿元；“开工一批”项目17个、总投资77亿元；“投产一批”项目16个、总投资26.5亿元。",
		[]string{"H-03 419001 signed projects 37", "H-03 419001 signed investment 230亿", "H-03 419001 started projects 17", "H-03 419001 started investment 77亿",
			"H-03 419001 commissioned projects 16", "H-03 419001 commissioned investment 26.5亿"}},
	{"respectively", "", "2023-12-02",
		"大同市举行“三个一批”活动\n12月1日，2023年第四次“三个一批”活动在大同市举行，全市签约、开工、投产项目分别为20个、19个、19个，总投资分别为31.2亿元、30.1亿元、30.74亿元。",
		[]string{"2023-4 140200 signed projects 20", "2023-4 140200 started projects 19", "2023-4 140200 commissioned projects 19",
			"2023-4 140200 signed investment 31.2亿", "2023-4 140200 started investment 30.1亿", "2023-4 140200 commissioned investment 30.74亿"}},
	{"total by arithmetic", "", "2023-12-02",
		"大同：2023年第四次“三个一批”活动\n12月1日，大同市2023年第四次“三个一批”活动共有项目58个，总投资92.04亿元，达产后年产值78.93亿元。其中，签约20个，开工19个，投产19个。",
		[]string{"2023-4 140200 total projects 58 of signed+started+commissioned", "2023-4 140200 total investment 92.04亿 of signed+started+commissioned",
			"2023-4 140200 total annual_output 78.93亿 of signed+started+commissioned",
			"2023-4 140200 signed projects 20", "2023-4 140200 started projects 19", "2023-4 140200 commissioned projects 19"}},
	{"signed and started only", "henan", "2022-09-29",
		"周口市第六期“三个一批”\n9月28日，周口市第六期“三个一批”项目109个，总投资550.21亿元，其中签约项目42个，总投资270.6亿元；开工项目67个，总投资279.61亿元。",
		[]string{"H-06 411600 total projects 109 of signed+started", "H-06 411600 total investment 550.21亿 of signed+started",
			"H-06 411600 signed projects 42", "H-06 411600 signed investment 270.6亿", "H-06 411600 started projects 67", "H-06 411600 started investment 279.61亿"}},
	{"no claims", "henan", "2022-07-06",
		"开封市第五期“三个一批”活动\n7月5日，开封市第五期“三个一批”活动举行，其中10亿元以上项目6个，亿元以上项目12个，制造业项目20个，年度计划投资30亿元，邀请客商50名，预计新增税收3亿元，带动就业2000人。总投资20亿元的某某新材料项目开工。力争全年开工项目100个。",
		nil},
	{"annual and cumulative", "", "2022-02-28",
		"山西滚动开展“三个一批”\n2020年8月以来，全省开发区滚动开展了7次“三个一批”活动，累计签约项目2000个。在2021年度开展的4次“三个一批”活动中，共签约一批项目1427个，总投资5805亿元。",
		[]string{"140000 signed projects 2000 cumulative 2020-08-01..2022-02-28", "140000 signed projects 1427 annual 2021-01-01..2021-12-31", "140000 signed investment 5805亿 annual 2021-01-01..2021-12-31"}},
	{"chinese numerals", "henan", "2022-07-06",
		"濮阳市第五期“三个一批”\n7月5日，濮阳市第五期“三个一批”活动举行，三十四个项目签约，三十八个项目开工。",
		[]string{"H-05 410900 signed projects 34", "H-05 410900 started projects 38"}},
	{"several areas", "", "2023-12-02",
		"2023年第四次“三个一批”活动举行\n12月1日，全省开发区2023年第四次“三个一批”活动举行。太原市签约项目20个，大同市19个，阳泉市15个。",
		[]string{"2023-4 140100 signed projects 20", "2023-4 140200 signed projects 19", "2023-4 140300 signed projects 15"}},
	{"english", "", "2023-02-23",
		"Shanxi holds first three-batch event of 2023\nOn Feb 22, Shanxi signed 303 projects, started construction of 310 projects and put 300 projects into operation.\nA total of 303 projects with an investment of 58.5 billion yuan were signed.",
		[]string{"2023-1 140000 signed projects 303", "2023-1 140000 started projects 310", "2023-1 140000 commissioned projects 300", "2023-1 140000 signed investment 585亿"}},
	{"rates", "", "2021-06-30",
		"太原市“三个一批”项目推进\n截至2021年6月29日，太原市（不含综改示范区）“三个一批”项目累计签约68个，开工率58.82%，投产率29.82%，达效率72.17%。",
		[]string{"140100 signed projects 68 without_reform_zone cumulative ..2021-06-29",
			"140100 started start_rate 0.5882 without_reform_zone cumulative ..2021-06-29 started/signed",
			"140100 commissioned commission_rate 0.2982 without_reform_zone cumulative ..2021-06-29 commissioned/started",
			"140100 on_target target_rate 0.7217 without_reform_zone cumulative ..2021-06-29 actual_output/annual_output"}},
	{"mirror words", "", "2022-02-28",
		"山西“三个一批”\n2022年第一次“三个一批”活动，全省合同项目347个、开工项目323个、生产项目315个。",
		[]string{"2022-1 140000 signed projects 347 ?mirror_words", "2022-1 140000 started projects 323", "2022-1 140000 commissioned projects 315 ?mirror_words"}},
	{"traditional", "", "2022-02-28",
		"山西「三個一批」\n2022年第一次「三個一批」活動，全省簽約項目347個、開工項目323個，總投資1,288.6億元。",
		[]string{"2022-1 140000 signed projects 347", "2022-1 140000 started projects 323", "2022-1 140000 total investment 1288.6亿 of signed+started"}},
	{"split number", "", "2022-02-28",
		"山西“三个一批”\n2022年第一次“三个一批”活动，全省签约项目34 7个，，开工项目3 23个，投产项目315个。",
		[]string{"2022-1 140000 signed projects 347 ?figure_damaged", "2022-1 140000 started projects 323 ?figure_damaged", "2022-1 140000 commissioned projects 315"}},
	{"headline", "henan", "2022-07-06",
		"签约30个 开工34个！开封市第五期“三个一批”来了", []string{"H-05 410200 signed projects 30", "H-05 410200 started projects 34"}},
	{"on the spot", "henan", "2021-07-12",
		"洛阳市第一期“三个一批”\n7月10日，洛阳市第一期“三个一批”活动举行，现场签约项目22个，总投资100亿元。",
		[]string{"H-01 410300 signed representative_projects 22"}},
	{"representative and all", "henan", "2021-07-12",
		"洛阳市第一期“三个一批”\n7月10日，洛阳市第一期“三个一批”活动举行，全市签约项目88个，总投资1000.1亿元，其中现场签约代表项目22个。",
		[]string{"H-01 410300 signed projects 88", "H-01 410300 signed investment 1000.1亿", "H-01 410300 signed representative_projects 22"}},
	{"earlier round", "henan", "2022-07-06",
		"开封市第五期“三个一批”\n7月5日，河南省第五期“三个一批”活动举行，开封市签约项目30个，总投资294亿元。第四期“三个一批”活动中，全市签约项目28个。",
		[]string{"H-05 410200 signed projects 30", "H-05 410200 signed investment 294亿", "H-04 410200 signed projects 28"}},
	{"contracted inflow", "henan", "2021-10-09",
		"桐柏县第二期“三个一批”\n10月8日，桐柏县签约项目6个，合同引资额15.3亿元；开工项目15个，总投资61.94亿元，年度计划投资12亿元。",
		[]string{"H-02 411330 signed projects 6", "H-02 411330 signed contracted_inflow 15.3亿", "H-02 411330 started projects 15", "H-02 411330 started investment 61.94亿"}},
	{"sector behind the stage", "henan", "2022-07-06",
		"开封市第五期“三个一批”\n开封市签约高端装备制造项目12个，开工新材料项目8个；共签约项目30个，总投资约294亿元。",
		[]string{"H-05 410200 signed projects 30", "H-05 410200 signed investment ~294亿"}},
	{"far amount", "henan", "2022-07-06",
		"开封市第五期“三个一批”\n开封市签约项目30个，涵盖装备制造、新能源、食品加工等多个领域，总投资294亿元。",
		[]string{"H-05 410200 signed projects 30", "H-05 410200 signed investment 294亿"}},
}

// TestSeed reads the article that the project began with, which is not in the
// repository: SANPI_TEST_SEED names the file.
func TestSeed(t *testing.T) {
	file := os.Getenv("SANPI_TEST_SEED")
	if file == "" {
		t.Skip("SANPI_TEST_SEED names no file")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := testReader(t, "shanxi").Read(Text{Body: string(data), Published: record.NewDate(2022, 2, 28)})
	const year = " annual 2021-01-01..2021-12-31"
	want := []string{
		"2022-1 140000 signed projects 347", "2022-1 140000 started projects 323", "2022-1 140000 commissioned projects 315",
		"140000 signed projects 1427" + year, "140000 signed investment 5805亿" + year,
		"140000 started projects 1607" + year, "140000 started investment 5029.8亿" + year,
		"140000 commissioned projects 1345" + year, "140000 commissioned investment 2133.4亿" + year,
	}
	if g := lines(got); !slices.Equal(g, want) {
		t.Errorf("got %s", strings.Join(g, "\n    "))
	}
	rules := map[string]string{}
	for _, p := range got.Passed {
		rules[string(data)[p.Figure.From:p.Figure.To]] += p.Rule + ";"
	}
	for figure, rule := range map[string]string{"88": "count of zones or firms", "69": "count of zones or firms", "12": "count of zones or firms", "7": "count of rounds"} {
		if !strings.Contains(rules[figure], rule) {
			t.Errorf("the figure %s was passed by %q; want %s", figure, rules[figure], rule)
		}
	}
}
