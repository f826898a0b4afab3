package template

// The notes sheet: rules, then a line a column; in Chinese, then in English.

const (
	titleZH = "项目推进台账填写说明"
	titleEN = "How to fill in the project ledger"
)

var rulesZH = []string{
	"一行填一个项目，从“项目台账”表第2行起填；不要改动表头，不要合并单元格，不要插入合计行。",
	"不清楚的留空，不要填0：空白表示“不掌握”，0表示“确知为零”。",
	"日期写成 2021-03-05；只知道月份的，先打一个英文单引号再写 2021年3月，以免被自动改成1日。只填已经发生的日期，计划时间请写在备注中。",
	"金额只填数字，单位是表头所写的亿元(1亿元=10000万元)；约数、区间、外币请在备注中注明。",
	"下拉列表中没有的开发区或期次可以直接填写，请写全称。",
	"每月另存一份，文件名带上截止日期(如 台账2022-02-28.xlsx)；同一项目各月的名称、开发区、投资方保持一致。",
	"程序读不懂的行不会丢失，也不会猜测：整行原样放入“隔离区”，注明行号、列名、原文和原因；改正后再次导入即可计入。",
	"导入前可先检查：sanpi ledger check 文件名。程序只读取文件，不作任何改动。",
}

var rulesEN = []string{
	"One project a row, from row 2 of the sheet 项目台账. Leave the header as it is; merge no cells; add no rows of totals.",
	"Leave empty what is not known. Empty means not known; 0 means known to be nothing.",
	"Write dates as 2021-03-05, or, when only the month is known, an apostrophe and 2021年3月, lest it be turned into the 1st. Only what has happened: a plan belongs in the note.",
	"Amounts are numbers in the unit of the header, 亿元 (CNY 100 million). Say in the note if one is rough, a range or in foreign currency.",
	"A zone or round that is not in the list may be typed in, by its full name.",
	"Save a copy each month with its closing day in the file's name. Keep a project's name, zone and investor the same from month to month.",
	"Rows that cannot be read are neither lost nor guessed at: they are set aside whole, with line, column, text and reason, and are taken in after they have been mended.",
	"To look before loading: sanpi ledger check FILE. The program reads the file and never writes into it.",
}

var needZH = map[Need]string{Must: "必填", Should: "建议填", May: "可不填"}

// example takes zones and rounds from the lists, so that it can be found there.
func (l Lists) example(c Column) string {
	switch {
	case c.kind == zone && len(l.Zones) > 0:
		return l.Zones[0]
	case c.kind == signedRound && len(l.Rounds) > 0:
		return l.Rounds[0]
	}
	return c.Example
}

// block is what the notes sheet holds in one language.
type block struct {
	title string
	rules []string
	head  []string
	rows  [][]string
}

func (l Lists) notes() []block {
	zh := block{titleZH, rulesZH, []string{"列名", "计量", "填写要求", "怎样填写", "示例"}, nil}
	en := block{titleEN, rulesEN, []string{"Column", "Measured in", "Needed", "What to write", "Example"}, nil}
	for _, c := range columns {
		zh.rows = append(zh.rows, []string{c.Title(), c.Unit, needZH[c.Need], c.ZH, l.example(c)})
		unit := c.Unit
		if unit == "亿元" {
			unit = "CNY 100 million"
		}
		en.rows = append(en.rows, []string{c.Title() + " " + c.Field, unit, string(c.Need), c.EN, l.example(c)})
	}
	return []block{zh, en}
}
