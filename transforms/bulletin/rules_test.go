package bulletin

import (
	"slices"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// readSentence reads one sentence of Kaifeng about round 5 of Henan.
func readSentence(t *testing.T, sentence string) (Text, *Reading) {
	t.Helper()
	text := Text{Body: "开封市第五期“三个一批”活动\n" + sentence, Published: record.NewDate(2022, 7, 6)}
	return text, testReader(t, "henan").Read(text)
}

// TestRule holds a sentence for each rule of the table: the rule that reads it,
// and what it reads without round and area.
func TestRule(t *testing.T) {
	for _, tt := range []struct {
		rule, sentence string
		want           []string
	}{
		{"figures of the stages, respectively", "签约、开工、投产项目分别为30个、34个、20个。", []string{"signed projects 30", "started projects 34", "commissioned projects 20"}},
		{"figures of the stages, respectively", "分别签约、开工项目30个和34个。", []string{"signed projects 30", "started projects 34"}},
		{"amounts of the stages, respectively", "签约、开工项目总投资分别为294亿元、129.4亿元。", []string{"signed investment 294亿", "started investment 129.4亿"}},
		{"figures of the areas, respectively", "兰考县、尉氏县、通许县分别签约8个、6个、5个。", []string{"signed projects 8", "signed projects 6", "signed projects 5"}},
		{"stages together: amount, then count", "签约、开工一批总投资423.4亿元的64个项目。", []string{"total projects 64 of signed+started", "total investment 423.4亿 of signed+started"}},
		{"stages together", "集中签约开工投产项目84个。", []string{"total projects 84 of signed+started+commissioned"}},
		{"amount of stages together", "签约和开工项目总投资423.4亿元。", []string{"total investment 423.4亿 of signed+started"}},
		{"stage, amount, count", "签约一批总投资294亿元的30个项目。", []string{"signed projects 30", "signed investment 294亿"}},
		{"stage, then count", "共签约项目30个。", []string{"signed projects 30"}},
		{"stage, then count", "“签约一批”重大项目三十个。", []string{"signed projects 30"}},
		{"stage, what its projects are, then count", "签约涵盖新材料、新能源等多个领域的项目30个，总投资294亿元。", []string{"signed projects 30", "signed investment 294亿"}},
		{"stage, then amount", "签约项目总投资294亿元。", []string{"signed investment 294亿"}},
		{"amount, count, stages", "总投资480亿元的84个项目集中签约、开工、投产。", []string{"total projects 84 of signed+started+commissioned", "total investment 480亿 of signed+started+commissioned"}},
		{"count, amount, stages", "84个总投资480亿元的项目集中签约、开工、投产。", []string{"total projects 84 of signed+started+commissioned", "total investment 480亿 of signed+started+commissioned"}},
		{"amount and count, stage", "294亿元、30个项目签约，129.4亿元、34个项目开工。", []string{"signed projects 30", "signed investment 294亿", "started projects 34", "started investment 129.4亿"}},
		{"amount, count of no stage", "总投资423.4亿元的64个项目同日亮相，其中签约30个，开工34个。", []string{"total projects 64 of signed+started", "total investment 423.4亿 of signed+started", "signed projects 30", "started projects 34"}},
		{"batch, then its count", "签约一批，30个项目。", []string{"signed projects 30"}},
		{"amount, count, stage", "总投资294亿元的30个项目集中签约。", []string{"signed projects 30", "signed investment 294亿"}},
		{"count, amount, stage", "30个总投资294亿元的项目签约。", []string{"signed projects 30", "signed investment 294亿"}},
		{"count, then stages", "84个项目集中签约、开工、投产。", []string{"total projects 84 of signed+started+commissioned"}},
		{"count, then stage", "30个重大项目集中签约。", []string{"signed projects 30"}},
		{"count of no stage", "签约和开工的、涵盖装备制造等多个领域的64个项目，总投资423.4亿元。", []string{"total projects 64 of signed+started", "total investment 423.4亿 of signed+started"}},
		{"amount, stage, count", "总投资131.1亿元的开工项目有36个。", []string{"started projects 36", "started investment 131.1亿"}},
		{"bare amount after its count", "签约项目30个、开工项目34个，总投资依次为294亿元、129.4亿元，合计423.4亿元。", []string{"signed projects 30", "started projects 34", "signed investment 294亿", "started investment 129.4亿", "total investment 423.4亿 of signed+started"}},
		{"count, place, stage", "6个项目在兰考县集中开工。", []string{"started projects 6"}},
		{"amount, count, place, stage", "总投资38.6亿元的6个项目在兰考县开工。", []string{"started projects 6", "started investment 38.6亿"}},
		{"count of no stage", "签约项目总投资294亿元，共有30个；开工项目总投资129.4亿元，项目数量为34个。", []string{"signed investment 294亿", "signed projects 30", "started investment 129.4亿", "started projects 34"}},
		{"rates, respectively", "开工率、投产率分别为92.3%、45.6%。", []string{"started start_rate 0.923 started/signed", "commissioned commission_rate 0.456 commissioned/started"}},
		{"rate", "签约项目投产率达45.6%。", []string{"commissioned commission_rate 0.456 commissioned/signed"}},
		{"area and its count", "兰考县签约8个，尉氏县6个。", []string{"signed projects 8", "signed projects 6"}},
		{"amounts, respectively", "签约、开工项目分别为30个、34个，总投资分别为294亿元、129.4亿元。", []string{"signed projects 30", "started projects 34", "signed investment 294亿", "started investment 129.4亿"}},
		{"amount after its count", "签约项目30个，合同引资约280亿元。", []string{"signed projects 30", "signed contracted_inflow ~280亿"}},
		{"bare amount after its count", "签约30个、294亿元。", []string{"signed projects 30", "signed investment 294亿"}},
		{"count of no stage", "共有项目64个，其中签约30个，开工34个。", []string{"total projects 64 of signed+started", "signed projects 30", "started projects 34"}},
	} {
		text, got := readSentence(t, tt.sentence)
		var g []string
		for _, l := range lines(got) {
			g = append(g, strings.Join(strings.Fields(l)[2:], " "))
		}
		if !slices.Equal(g, tt.want) {
			t.Errorf("%s: read %s as %q; want %q", tt.rule, tt.sentence, g, tt.want)
		}
		if !slices.ContainsFunc(got.Claims, func(c Claim) bool { return c.Rule == tt.rule }) {
			t.Errorf("the rule %q reads nothing of %s", tt.rule, tt.sentence)
		}
		for _, c := range got.Claims {
			for _, p := range c.Parts {
				if p.Role == ValuePart && text.Body[p.From:p.To] != c.ValueAsPrinted {
					t.Errorf("the figure of a claim stands at %q and is printed as %q", text.Body[p.From:p.To], c.ValueAsPrinted)
				}
			}
		}
	}
}

// TestPassed holds a sentence for each reason why a figure is no claim.
func TestPassed(t *testing.T) {
	for _, tt := range []struct{ rule, figure, sentence string }{
		{"size class", "12", "其中10亿元以上项目12个。"},
		{"cell of a table", "30", "开封市\t签约项目30个\t开工项目34个"},
		{"size class", "12", "亿元以上签约项目12个。"},
		{"size class", "12", "签约投资超10亿元的项目12个。"},
		{"sector split", "20", "制造业项目签约20个。"},
		{"sector split", "20", "签约涉及新材料的项目20个。"},
		{"split by investor", "20", "签约省外项目20个。"},
		{"kind of project", "20", "签约20个充电桩项目。"},
		{"unknown subject", "3", "某某签约项目3个。"},
		{"firms, not an area", "3", "中原重工集团签约项目3个。"},
		{"planned investment of the year", "90", "签约项目30个，年度计划投资90亿元。"},
		{"investment that was done", "90", "投产项目20个，已完成投资90亿元。"},
		{"tax, income or money of another kind", "3", "签约项目30个，预计年税收3亿元。"},
		{"people", "50", "邀请客商50名。"},
		{"count of zones or firms", "9", "开发区9家。"},
		{"count of rounds", "7", "开展了7次“三个一批”活动。"},
		{"target or plan", "100", "力争全年签约项目100个。"},
		{"target or plan", "100", "预计签约项目100个。"},
		{"reserve", "500", "储备项目500个。"},
		{"another drive", "40", "省重点工程开工项目40个。"},
		{"another kind of project", "40", "在谈项目40个。"},
		{"a rate of another kind", "98.5", "签约项目履约率98.5%。"},
		{"money of representative projects", "100", "现场签约项目22个，总投资100亿元。"},
		{"a named project's amount", "20", "总投资20亿元的中原铝箔产业园项目开工。"},
		{"range or formula", "20", "签约项目10-20个。"},
		{"split of a batch", "6", "签约项目30个，其中项目6个续签。"},
		{"amount of what is no claim", "50", "制造业项目签约20个，总投资50亿元。"},
	} {
		text, got := readSentence(t, tt.sentence)
		for _, c := range got.Claims {
			if c.ValueAsPrinted == tt.figure {
				t.Errorf("%s: the figure %s is claimed by %q", tt.sentence, tt.figure, c.Rule)
			}
		}
		found := ""
		for _, p := range got.Passed {
			if text.Body[p.Figure.From:p.Figure.To] == tt.figure {
				found = p.Rule
			}
		}
		if found != tt.rule {
			t.Errorf("%s: the figure %s is passed by %q; want %q", tt.sentence, tt.figure, found, tt.rule)
		}
	}
}

// TestProjects holds the shapes in which texts name projects.
func TestProjects(t *testing.T) {
	for _, tt := range []struct{ sentence, want string }{
		{"由河南中原铝业有限公司投资20亿元的高精铝箔产业园项目在兰考县开工。", "高精铝箔产业园项目|河南中原铝业有限公司|410225|started|20亿元"},
		{"黄河智能终端产业园项目集中签约，总投资约5.2亿元。", "黄河智能终端产业园项目||410200|signed|5.2亿元"},
		{"总投资15亿元的新材料、新能源一体化项目投产。", "新材料、新能源一体化项目||410200|commissioned|15亿元"},
		{"由河南中原铝业有限公司投资20亿元建设的高精铝箔产业园项目落户兰考县。", "高精铝箔产业园项目|河南中原铝业有限公司|410225|signed|20亿元"},
		{"当天签约的2个项目分别是总投资5亿元的玻璃器皿项目、总投资2亿元的酥梨深加工项目。", "玻璃器皿项目||410200|signed|5亿元\n酥梨深加工项目||410200|signed|2亿元"},
		{"作为本期最大的开工项目，总投资15亿元的高精度铜箔项目占地126亩。", "高精度铜箔项目||410200|started|15亿元"},
		{"位于兰考县的精细化工中试项目同日开工，该项目占地75亩，总投资3.6亿元。", "精细化工中试项目||410225|started|3.6亿元"},
		{"与会人员来到总投资2.6亿元的玻璃产业园项目工地，县长宣布项目开工。", "玻璃产业园项目||410200|started|2.6亿元"},
		{"【投产】装配式钢构件项目。由河南恒宇重钢有限公司投资，总投资7.5亿元。", "装配式钢构件项目|河南恒宇重钢有限公司|410200|commissioned|7.5亿元"},
		{"总投资15亿元的高精度铜箔项目计划年底开工。", ""},
		{"总投资15亿元的高精度铜箔项目占地126亩，签约项目30个。", ""},
		{"总投资15亿元的12个项目投产。", ""},
		{"总投资15亿元以上的项目开工。", ""},
	} {
		_, got := readSentence(t, tt.sentence)
		var list []string
		for _, p := range got.Projects {
			list = append(list, strings.Join([]string{p.Name, p.Investor, string(p.AreaID), string(p.Stage), p.InvestmentCNY.String()}, "|"))
		}
		if g := strings.Join(list, "\n"); g != tt.want {
			t.Errorf("%s names %q; want %q", tt.sentence, g, tt.want)
		}
	}
}
