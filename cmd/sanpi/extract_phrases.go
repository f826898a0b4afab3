package main

// extractBook is what extract says in one language.
type extractBook struct {
	head, unknown, about, review, project, passed, aside, near, nothing string
	words                                                               map[string]string
}

func (b extractBook) word(code string) string {
	if w, ok := b.words[code]; ok {
		return w
	}
	return code
}

var extractPhrases = map[string]extractBook{
	"en": {
		head: "%s (published %s, campaign %s), figures claimed: %d\n", unknown: "on an unknown day", about: "about ", review: "needs review: ",
		project: "project", passed: "Numbers that are no claims:", aside: "set aside: ", near: "nearest rule: ", nothing: "no rule speaks of it",
	},
	"zh": {
		head: "%s(发布于 %s,活动 %s):%d 条数据\n", unknown: "日期不详", about: "约", review: "待核:", project: "项目",
		passed: "以下数字不作为数据:", aside: "排除:", near: "最接近的规则 ", nothing: "没有规则涉及",
		words: map[string]string{
			"signed": "签约", "started": "开工", "commissioned": "投产", "on_target": "达效", "reserved": "谋划储备", "total": "合计",
			"projects": "项目数", "investment": "总投资", "annual_output": "预计年产值", "actual_output": "实际产值", "representative_projects": "现场签约",
			"contracted_inflow": "合同引资", "effective_investment": "有效投资", "start_rate": "开工率", "commission_rate": "投产率", "target_rate": "达效率",
			"share_projects": "项目占比", "share_investment": "投资占比", "share_annual_output": "产值占比",
			"annual": "(全年)", "cumulative": "(累计)", "other": "(其他)",
		},
	},
}
