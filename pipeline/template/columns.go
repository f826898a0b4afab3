package template

import "slices"

// Need says how much a column matters.
type Need string

const (
	Must   Need = "must"   // 必填: a row without it is set aside
	Should Need = "should" // 建议填: a figure cannot be computed without it
	May    Need = "may"    // 可不填
)

// Column is one column of the template.
type Column struct {
	Field   string // what record.Project and the headers' words call it
	Header  string // as printed, without the unit
	Unit    string // in brackets behind the header; "" for none
	Need    Need
	ZH, EN  string // what to write, for its keeper
	Example string

	kind  kind
	width float64 // in letters
}

// Title is the header as it stands in the sheet: 总投资(亿元).
func (c Column) Title() string {
	if c.Unit == "" {
		return c.Header
	}
	return c.Header + "(" + c.Unit + ")"
}

// kind is what a column's cells hold.
type kind int

const (
	text kind = iota
	date
	money
	yesNo
	stage
	zone
	signedRound
)

var columns = []Column{
	{"code", "项目代码", "", May, "投资项目在线审批监管平台代码，没有的可用本单位编号", "the project's code on the approval platform, or your own number", "2112-140171-89-01-100001", text, 26},
	{"name", "项目名称", "", Must, "项目全称，各月保持一致", "full name, the same every month", "年产10万吨铝材精深加工项目", text, 34},
	{"zone", "所在开发区", "", Should, "开发区全称，请从下拉列表选择", "full name of the zone, from the list", "", zone, 26},
	{"city", "所在市", "", May, "地级市名称", "prefecture-level city", "太原市", text, 12},
	{"county", "所在县(市、区)", "", May, "县、县级市或市辖区名称", "county, county-level city or district", "小店区", text, 16},
	{"industry", "行业", "", May, "所属行业或产业链", "industry or industrial chain", "新材料", text, 14},
	{"investor", "投资方", "", Should, "投资企业全称；与项目名称、开发区一起识别同一项目", "full name of the investor; with name and zone it tells one project from another", "某某新材料有限公司", text, 28},
	{"content", "建设内容", "", May, "建设规模和主要内容", "what is built, and how large", "新建生产线4条及配套设施", text, 34},
	{"investment", "总投资", "亿元", Should, "计划总投资，只填数字；1亿元=10000万元", "planned total investment, a number in CNY 100 million", "12.5", money, 14},
	{"expected_output", "预计年产值", "亿元", May, "达产后预计年产值，只填数字", "expected annual output at full production, a number in CNY 100 million", "20", money, 16},
	{"actual_output", "实际年产值", "亿元", May, "最近一年实际产值，只填数字；计算达效率用", "output of the latest year, a number in CNY 100 million; for the target rate", "8.6", money, 16},
	{"signed_on", "签约日期", "", Should, "实际签约日期", "day on which it was signed", "2021-07-16", date, 13},
	{"signed_round", "签约期次", "", Should, "在哪一次“三个一批”活动中签约，请从下拉列表选择", "the three-batches round in which it was signed, from the list", "", signedRound, 18},
	{"started_on", "开工日期", "", Should, "实际开工日期；未开工的留空", "day on which building began; empty if it has not", "2021-10-09", date, 13},
	{"commissioned_on", "投产日期", "", Should, "实际投产日期；未投产的留空", "day on which production began; empty if it has not", "2022-02-26", date, 13},
	{"on_target_on", "达效日期", "", May, "实际达到设计产值的日期；未达效的留空", "day on which output reached its target; empty if it has not", "2022-12-30", date, 13},
	{"stage", "项目阶段", "", Should, "目前所处阶段，请从下拉列表选择", "how far it has come, from the list", "开工", stage, 12},
	{"commitment", "承诺制", "", May, "是否实行企业投资项目承诺制：是或否", "under the commitment system: 是 (yes) or 否 (no)", "是", yesNo, 9},
	{"standard_land", "标准地", "", May, "是否使用“标准地”：是或否", "on standard land: 是 (yes) or 否 (no)", "是", yesNo, 9},
	{"full_agency", "全代办", "", May, "是否由开发区全程代办：是或否", "handled under full agency: 是 (yes) or 否 (no)", "否", yesNo, 9},
	{"chain_leader", "链主企业", "", May, "引进该项目的链主企业全称", "the chain leader that drew the project", "", text, 24},
	{"obstacle", "存在问题", "", May, "影响推进的具体问题", "what holds it up", "用电容量待批", text, 30},
	{"note", "备注", "", May, "其他需要说明的情况", "anything else", "", text, 24},
}

// Columns lists the template's columns from left to right.
func Columns() []Column { return slices.Clone(columns) }

// stages are the words of the stage column, in the order of a project's life.
var stages = []string{"谋划储备", "签约", "开工", "投产", "达效"}

var answers = []string{"是", "否"}
