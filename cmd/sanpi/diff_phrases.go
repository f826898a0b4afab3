package main

import "github.com/sanpi-data/sanpi/pipeline/diff"

// diffBook is what diff says in one language.
type diffBook struct {
	title, relations, relation, before, now, columns, nothing, same string
	key, change, column, more, claims, claimsBehind                 string
	publisher, published, address                                   string
	added, removed, changed, unchanged                              string
	notes                                                           []string
}

func (b diffBook) word(c diff.Change) string {
	return map[diff.Change]string{diff.Added: b.added, diff.Removed: b.removed, diff.Changed: b.changed, diff.Same: b.unchanged}[c]
}

var diffPhrases = map[string]diffBook{
	"en": {
		title: "What changed from %s to %s", relations: "Relations", relation: "Relation", before: "Before", now: "Now", columns: "Columns",
		nothing: "Nothing differs.", same: "%d relations do not differ.",
		key: "Key", change: "Change", column: "Column", more: "%s: %d of %d rows that differ; --limit 0 lists all",
		claims: "claims", claimsBehind: "the claims behind the facts that changed",
		publisher: "Publisher", published: "Published", address: "Address",
		added: "added", removed: "removed", changed: "changed", unchanged: "as before",
		notes: []string{
			"A changed row has the same key and another value. The number behind a column says in how many changed rows it differs; + came, - went.",
			"✓ marks the claim whose value the fact took. A dot (·) is NULL, not known, never zero.",
		},
	},
	"zh": {
		title: "从 %s 到 %s 的变化", relations: "数据表", relation: "表", before: "此前", now: "现在", columns: "列",
		nothing: "没有差异。", same: "%d 个表没有差异。",
		key: "键", change: "变化", column: "列", more: "%s:共 %[3]d 行不同,列出 %[2]d 行;--limit 0 全部列出",
		claims: "来源数字", claimsBehind: "发生变化的事实所依据的来源数字",
		publisher: "发布者", published: "发布日期", address: "网址",
		added: "新增", removed: "删除", changed: "改变", unchanged: "不变",
		notes: []string{
			"“改变”指键相同而值不同的行。列名后的数字表示有多少行在该列不同;+ 为新增列,- 为去掉的列。",
			"✓ 为事实所采信的数字。圆点(·)为 NULL,即未知,绝非零。",
		},
	},
}
