package report

import (
	"fmt"
	"strings"
	"time"
)

// phrasebook is what reports say in one language.
type phrasebook struct {
	notes, pages, source, asKnown string
	day, month                    string // layouts of time
	list                          string // between the parts of a list
	province                      string // where the campaign's area has no name
	unknownNote                   string
	syntheticNote                 string

	bulletin  bulletinWords
	stalled   stalledWords
	scorecard scorecardWords

	words map[string]string
}

// word translates a code of a closed set; a code without a translation stands for
// itself.
func (p phrasebook) word(code string) string {
	if w, ok := p.words[code]; ok {
		return w
	}
	return strings.ReplaceAll(code, "_", " ")
}

func (p phrasebook) dayOf(t time.Time) string   { return t.Format(p.day) }
func (p phrasebook) monthOf(t time.Time) string { return t.Format(p.month) }

// phrases returns the phrasebook of a language: "zh", else English.
func phrases(lang string) phrasebook {
	if lang == "zh" {
		return chinese
	}
	return english
}

// name picks the reader's name of an area.
func name(lang, zh, en string) string {
	if lang != "zh" && en != "" {
		return en
	}
	return zh
}

// Provenance says which data a report was drawn from.
type Provenance struct {
	Version string    // of the warehouse
	AsOf    string    // the day whose knowledge it holds; "" for all
	Made    time.Time // when that version was made
}

func (p phrasebook) sourceLine(from Provenance) string {
	line := fmt.Sprintf(p.source, from.Version, from.Made.UTC().Format("2006-01-02 15:04"))
	if from.AsOf != "" {
		line += fmt.Sprintf(p.asKnown, from.AsOf)
	}
	return line
}

// listed joins names, at most so many, and says how many there are in all.
func (p phrasebook) listed(names []string, most int, more string) string {
	if len(names) <= most {
		return strings.Join(names, p.list)
	}
	return strings.Join(names[:most], p.list) + fmt.Sprintf(more, len(names))
}

type bulletinWords struct {
	title, asOf, unit, sheet, moveSheet                     string
	captions                                                map[string]string // by level
	firstColumn                                             map[string]string
	start, commission, target, report                       string // groups
	signed, startedOfSigned, startRate                      string
	started, commissioned, commissionRate                   string
	outputs, expected, actual, targetRate                   string
	change, rank, revised                                   string
	projects, carried, status                               string
	reported, missing                                       string
	total, noType                                           string
	moves, movesFirst, movesNone, movesMissing              string
	moveArea, project, move, investment, ledgerDay          string
	definitions, basis, areaBasis, rankZone, rankOther      string
	changeNote, olderNote, revisedNote, unrevised           string
	silent, silentMore, allReported, missingMonth, partNote string
}

type stalledWords struct {
	title, asOf, unit, sheet, empty                                                      string
	projectGroup, waitGroup, dealGroup                                                   string
	position, project, zone, city, industry, investor                                    string
	investment, atStake, since, waiting, limit, over, overRatio, basis, obstacle, ledger string
	heading, headingCut, headingMoney, line                                              string
	definition, order, stake, approximate, cut, observed                                 string
}

type scorecardWords struct {
	title, asOf, unit, sheet, apartSheet, apart, empty, apartEmpty, caption string
	zone, city, zoneType, projects, score, coverage, reason                 string
	rankGroup, pairGroup, dataGroup, rank, rankedOf, low, high              string
	reserve, recruitment, construction, service                             string
	heading                                                                 string
	definition, ranges, missing, types, partYear                            string
}

var chinese = phrasebook{
	notes: "说明", pages: "第 &P 页 共 &N 页",
	source: "资料来源：sanpi 数据仓库，版本 %s（%s UTC 生成）", asKnown: "，为 %s 当日所知",
	day: "2006年1月2日", month: "2006年1月", list: "、", province: "全省",
	unknownNote:   "“·”表示不掌握，不是零；空白表示无此项。",
	syntheticNote: "本表依据程序生成的合成台账，仅供试用，不反映任何开发区的实际情况。",
	bulletin: bulletinWords{
		title: "%s%s开发区“三个一批”项目推进情况通报", asOf: "截至%s", unit: "单位：个、亿元、%", sheet: "推进情况", moveSheet: "变动项目",
		captions:    map[string]string{"province": "全省情况", "city": "分市情况", "zone": "分开发区情况", "zone_type": "分类型情况"},
		firstColumn: map[string]string{"province": "地区", "city": "市", "zone": "开发区", "zone_type": "类型"},
		start:       "开工率", commission: "投产率", target: "达效率", report: "报送情况",
		signed: "签约项目", startedOfSigned: "其中已开工", startRate: "开工率",
		started: "开工项目", commissioned: "其中已投产", commissionRate: "投产率",
		outputs: "计产项目", expected: "预计年产值", actual: "实际年产值", targetRate: "达效率",
		change: "比上月", rank: "位次", revised: "修订后",
		projects: "台账项目", carried: "沿用上次", status: "本月台账", reported: "已报", missing: "未报",
		total: "%s合计", noType: "类型不明",
		moves: "本月变动的项目（影响上列比率的项目，按总投资排列，每个地区最多列 %d 个）", movesFirst: "本月是台账的第一个月，没有可比的上月。",
		movesNone: "本月没有影响上列比率的变动。", movesMissing: "本月没有台账，无从知道变动。",
		moveArea: "%s（变动 %d 个）", project: "项目名称", move: "变动", investment: "总投资", ledgerDay: "台账截至",
		definitions: "开工率＝已签约项目中已开工的个数÷签约项目个数；投产率＝已投产个数÷已开工个数（含签约情况不明的）；达效率＝实际年产值÷预计年产值，只计两项产值均已知的已投产项目（“计产项目”），可以超过 100%。",
		basis:       "各数以当月月末的台账为准。",
		areaBasis:   "市、类型和全省为所属开发区最近一次报送数之和；“沿用上次”为其中本月未报的开发区的项目。",
		rankZone:    "位次在同类开发区中排列，数值相同的位次相同；没有数的不排。", rankOther: "位次在同级中排列，数值相同的位次相同；没有数的不排。",
		changeNote: "“比上月”为与上月之差，单位为百分点。", olderNote: "带 * 的地区上月未报，其“比上月”是与此前最近一次报送的月份相比。",
		revisedNote: "“修订后”是按今日台账重算的当月月末数，只在与当时不同时列出；产值没有日期，达效率不作修订。",
		unrevised:   "按今日台账重算，本月各数未有修订。",
		silent:      "此前报送过台账的 %d 个开发区中，%d 个本月未报：%s。未报不等于为零。", silentMore: " 等 %d 个",
		allReported: "此前报送过台账的 %d 个开发区本月均已报送。", missingMonth: "本月没有一份台账，各数不掌握；“修订后”一栏为按以后的台账重算的数。",
		partNote: "片区的项目同时计入其所属的开发区。",
	},
	stalled: stalledWords{
		title: "%s开发区“三个一批”停滞项目清单", asOf: "截至%s", unit: "单位：亿元、天", sheet: "停滞项目",
		empty:        "没有超过期限的项目。",
		projectGroup: "项目", waitGroup: "停滞情况", dealGroup: "调度",
		position: "序号", project: "项目名称", zone: "开发区", city: "所在市", industry: "行业", investor: "投资方",
		investment: "总投资", atStake: "涉及金额", since: "起算日", waiting: "已等待", limit: "期限", over: "超期", overRatio: "倍数", basis: "期限依据",
		obstacle: "存在问题", ledger: "台账出处",
		heading: "%s：%d 个", headingCut: "，列前 %d 个", headingMoney: "，涉及金额 %.2f 亿元", line: "第%d行",
		definition:  "停滞项目指签约未开工、开工未投产、投产未达效，且等待天数超过期限的项目。期限依次取：本单位规定的天数，同类开发区的中位天数，全省的中位天数。没有期限可比的不列。",
		order:       "排列次序：涉及金额与超期天数之积大的在前；金额不掌握的在后，按等待天数排列。",
		stake:       "涉及金额为总投资；投产未达效的，为预计年产值与实际年产值之差。倍数＝已等待÷期限。",
		approximate: "带“≈”的金额，台账上写的是约数。",
		cut:         "每一环节最多列 %d 个；列出全部用 --limit 0。",
		observed:    "“已等待”算到有该项目的最近一期台账为止。",
	},
	scorecard: scorecardWords{
		title: "%d年度%s开发区“四比四看”考核情况", asOf: "%d年度", unit: "单位：分、个、%", sheet: "考核情况", apartSheet: "未参评",
		caption: "参评开发区（分类排列）", apart: "未参评开发区（不排位次）", empty: "本年度没有参评的开发区。", apartEmpty: "本年度没有未参评的开发区。",
		zone: "开发区", city: "所在市", zoneType: "类型", projects: "项目", score: "总分", coverage: "数据完整度", reason: "未参评原因",
		rankGroup: "位次", pairGroup: "四比四看（分）", dataGroup: "数据", rank: "位次", rankedOf: "参评个数", low: "最前", high: "最后",
		reserve: "谋划储备", recruitment: "招商引资", construction: "开工建设", service: "服务水平", heading: "%s（%d 个）",
		definition: "总分和四项得分均为 0 至 100 分；指标、权重和方向见考核规则文件。",
		ranges:     "“最前”“最后”是权重上下变动时位次的范围：范围交叠的开发区，先后不足为凭。",
		missing:    "“数据完整度”是有数的指标所占的权重。没有数据的开发区列为未参评，不排在末位。",
		types:      "开发区只与同类的比较。",
		partYear:   "%d 个开发区的台账未到年末，其得分只反映年内已知的情况，最早的截至%s。",
	},
	words: map[string]string{
		"industrial": "工业类", "agriculture": "农业类", "tourism": "文旅类",
		"entered": "新入台账", "left": "移出台账", "moved": "转区", "moved_in": "转入", "moved_out": "转出",
		"signed": "签约", "started": "开工", "commissioned": "投产", "output": "产值变动",
		"signing_withdrawn": "撤回签约", "start_withdrawn": "撤回开工", "commissioning_withdrawn": "撤回投产",
		"signed_to_started": "签约未开工", "started_to_commissioned": "开工未投产", "commissioned_to_on_target": "投产未达效",
		"user": "本单位规定", "zone_type_median": "同类中位数", "campaign_median": "全省中位数",
		"no_indicators": "没有考核指标", "no_projects": "年末没有已知签约的项目", "not_reported": "本年度及以后没有台账", "zone_type_unknown": "开发区类型不明",
		"missing_indicator": "缺少不可缺的指标", "low_coverage": "有数的指标不足一半权重",
	},
}

var english = phrasebook{
	notes: "Notes", pages: "Page &P of &N",
	source: "Source: sanpi warehouse, version %s (made %s UTC)", asKnown: ", as known on %s",
	day: "2 January 2006", month: "January 2006", list: ", ", province: "the province",
	unknownNote:   "· is not known, never zero; an empty cell has nothing to say.",
	syntheticNote: "Made of synthetic ledgers that a program generated, to try things with: it says nothing about any real zone.",
	bulletin: bulletinWords{
		title: "Progress of the three-batches projects in the development zones of %[2]s, %[1]s", asOf: "As of %s",
		unit: "Units: projects, 亿元 (CNY 100 million), %", sheet: "Progress", moveSheet: "Moves",
		captions:    map[string]string{"province": "The whole province", "city": "By city", "zone": "By zone", "zone_type": "By type of zone"},
		firstColumn: map[string]string{"province": "Area", "city": "City", "zone": "Zone", "zone_type": "Type"},
		start:       "Start rate", commission: "Commissioning rate", target: "Target rate", report: "Ledger",
		signed: "Signed", startedOfSigned: "Started of signed", startRate: "Rate",
		started: "Started", commissioned: "Commissioned", commissionRate: "Rate",
		outputs: "Projects counted", expected: "Expected output", actual: "Actual output", targetRate: "Rate",
		change: "Change, points", rank: "Rank", revised: "Revised",
		projects: "Projects", carried: "Carried over", status: "This month", reported: "reported", missing: "missing",
		total: "%s, total", noType: "Type not known",
		moves:      "Projects that moved the rates this month (by total investment, at most %d of an area)",
		movesFirst: "This is the first month of the ledgers: there is no month before.",
		movesNone:  "Nothing moved the rates this month.", movesMissing: "No ledger speaks for this month: what moved is not known.",
		moveArea: "%s (%d moved)", project: "Project", move: "Move", investment: "Investment", ledgerDay: "Ledger of",
		definitions: "Start rate (开工率): of the projects signed, the share that has started. Commissioning rate (投产率): of those started (their signing known or not), the share commissioned. Target rate (达效率): actual over expected annual output of the commissioned projects for which both are known (“projects counted”); it may pass 100%.",
		basis:       "Figures are those of the ledgers of the month end.",
		areaBasis:   "Cities, types and the province add what their zones reported last; “carried over” are projects of zones that did not report this month.",
		rankZone:    "Zones are ranked within their type; equal rates share a place, and what has no rate has no place.", rankOther: "Areas are ranked among those of their level; equal rates share a place, and what has no rate has no place.",
		changeNote: "Changes are percentage points on the month before.", olderNote: "Areas marked * did not report the month before: their change is on the last month that they reported.",
		revisedNote: "“Revised” is the rate of that month end as today's ledgers have it, where it differs; outputs have no date, so the target rate is not revised.",
		unrevised:   "As today's ledgers have it, no figure of this month was revised.",
		silent:      "Of %d zones that have reported before, %d did not report this month: %s. Not reported is not zero.", silentMore: " and others, %d in all",
		allReported: "All %d zones that have reported before reported this month.", missingMonth: "No ledger speaks for this month, and nothing is known of it as of then; “revised” is what later ledgers say.",
		partNote: "Projects of a part of a zone count in the zone too.",
	},
	stalled: stalledWords{
		title: "Stalled three-batches projects in the development zones of %s", asOf: "As of %s", unit: "Units: 亿元 (CNY 100 million), days", sheet: "Stalled",
		empty:        "No project has waited longer than its limit.",
		projectGroup: "Project", waitGroup: "Waiting", dealGroup: "To deal with",
		position: "No.", project: "Project", zone: "Zone", city: "City", industry: "Industry", investor: "Investor",
		investment: "Investment", atStake: "At stake", since: "Since", waiting: "Waited", limit: "Limit", over: "Over", overRatio: "Times", basis: "Limit by",
		obstacle: "Obstacle", ledger: "Ledger",
		heading: "%s: %d", headingCut: ", the first %d", headingMoney: ", %.2f 亿元 at stake", line: "line %d",
		definition:  "Stalled is what was signed and has not started, started and is not commissioned, or commissioned and is below its output, for longer than the limit: the office's own, else the median of the zone's type, else that of the campaign. What has no limit is not listed.",
		order:       "Order: what weighs most first, the amount at stake times the days over the limit; where the amount is not known, after all others, the longest waiting first.",
		stake:       "At stake is the total investment; of projects below their output, the output that is lacking. Times is days waited over the limit.",
		approximate: "≈ marks amounts that the ledger calls approximate.",
		cut:         "At most %d of each kind are listed; --limit 0 lists all.",
		observed:    "Days waited are counted up to the last ledger that has the project.",
	},
	scorecard: scorecardWords{
		title: "Assessment of the development zones of %[2]s, %[1]d: the four pairs (四比四看)", asOf: "Year %d", unit: "Units: points of 100, projects, %", sheet: "Assessment", apartSheet: "Not assessed",
		caption: "Zones assessed, by type", apart: "Zones not assessed (without a rank)", empty: "No zone was assessed for this year.", apartEmpty: "No zone was left out this year.",
		zone: "Zone", city: "City", zoneType: "Type", projects: "Projects", score: "Score", coverage: "Coverage", reason: "Why not assessed",
		rankGroup: "Rank", pairGroup: "The four pairs", dataGroup: "Data", rank: "Rank", rankedOf: "Of", low: "Best", high: "Worst",
		reserve: "Reserve", recruitment: "Recruitment", construction: "Construction", service: "Service", heading: "%s (%d)",
		definition: "The score and those of the four pairs go from 0 to 100; indicators, weights and directions stand in the file of rules.",
		ranges:     "“Best” and “worst” are the range of the rank when the weights are varied: where ranges overlap, the order proves little.",
		missing:    "Coverage is the share of the weights for which there are data. A zone without data is not assessed, never last.",
		types:      "Zones are compared within their type only.",
		partYear:   "The ledgers of %d zones end before the year does, and their scores with them; the earliest on %s.",
	},
	words: map[string]string{
		"agriculture": "agricultural",
		"moved_in":    "moved in", "moved_out": "moved out", "output": "output changed",
		"signed_to_started": "Signed, not started", "started_to_commissioned": "Started, not commissioned", "commissioned_to_on_target": "Commissioned, below output",
		"user": "the office", "zone_type_median": "median of the type", "campaign_median": "median of all",
		"no_indicators": "there are no indicators", "no_projects": "no project known to be signed by the end of the year",
		"not_reported": "no ledger of the year or later", "zone_type_unknown": "type not known",
		"missing_indicator": "an indicator that must not be missing is", "low_coverage": "data for no more than half of the weight",
	},
}
