package release

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
)

// phrases are the words of a codebook in one language.
type phrases struct {
	title, intro, rows, key, nullable, refs, made, files, head, notes, required, allowed, least, most, synthetic string
	english                                                                                                      bool
}

var (
	english = phrases{
		title: "Codebook", rows: "Rows", key: "Key", nullable: "may be NULL", refs: "Refers to", made: "Formula and source", files: "Files",
		intro: "Every column of every relation: what it means, its unit, how it is made, in what share of the rows it is known, and a value from the data. " +
			"It is written from the declarations that the checks and the files' own metadata come from.",
		head: "| Column | Type | Unit | Meaning | Values | Known in | Example |", notes: "To know",
		required: "never NULL", allowed: "one of", least: "least", most: "most",
		synthetic: "This release holds generated rows, marked `synthetic`. They describe no real project.", english: true,
	}
	chinese = phrases{
		title: "数据字典", rows: "行数", key: "主键", nullable: "可为空", refs: "引用", made: "公式与来源", files: "文件",
		intro: "逐表逐列说明：含义、单位、算法与来源、已知比例、示例值。本文件与检查规则、文件内元数据出自同一份声明。尚无中文说明者列出英文。",
		head:  "| 列 | 类型 | 单位 | 含义 | 取值 | 已知比例 | 示例 |", notes: "注意",
		required: "不为空", allowed: "取值", least: "最小", most: "最大",
		synthetic: "本版含生成的模拟数据（synthetic 列为 true），不对应任何真实项目，不得作为数据引用。",
	}
)

// of picks the language, English where there is no Chinese.
func (p phrases) of(en, zh string) string {
	if p.english || zh == "" {
		return en
	}
	return zh
}

// codebook describes every relation and column.
func (w *writer) codebook(words phrases) []byte {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# %s: %s %s\n", words.title, words.of(title, titleZH), w.name)
	p("%s", words.intro)
	if w.synthetic {
		p("\n**%s**", words.synthetic)
	}
	p("")
	for _, t := range w.tables {
		p("- [%s](#%s)", t.Name, t.Name)
	}
	for _, t := range w.tables {
		p("\n## %s\n", t.Name)
		p("%s\n", words.of(t.EN, t.ZH))
		p("- %s: %d", words.rows, t.rows)
		if len(t.Key) > 0 {
			p("- %s: %s", words.key, keyText(t.Relation, words))
		}
		for _, r := range t.Refs {
			p("- %s: %s → %s (%s)", words.refs, names(r.Columns), r.Relation, names(r.Keys))
		}
		p("- %s: %s", words.made, words.origin(t))
		files := fmt.Sprintf("`%s`, `%s`", t.parquet, t.csv())
		if t.fitsExcel() {
			files += ", `" + t.excel() + "`"
		}
		p("- %s: %s", words.files, files)
		notes := t.Notes
		if !words.english && len(t.NotesZH) > 0 {
			notes = t.NotesZH
		}
		for _, n := range notes {
			p("\n%s: %s", words.notes, n)
		}
		p("\n%s\n|---|---|---|---|---|---:|---|", words.head)
		for i, c := range t.Columns {
			p("| `%s` | %s | %s | %s | %s | %s | %s |", c.Name, c.Type, cell(c.Unit), cell(words.of(c.EN, c.ZH)), cell(words.values(c)),
				share(t.known[i], t.rows), cell(cut(t.example[i], 40)))
		}
	}
	return []byte(b.String())
}

// origin says by what a relation is made.
func (p phrases) origin(t table) string {
	switch {
	case t.derived:
		return p.of("made for the release from facts, marts, claims and sources", "发布时由 facts、各数据集、claims 与 sources 生成")
	case !strings.HasPrefix(t.File, "sql/"):
		return p.of("rows as they were read; each names its source where it has one", "按原始来源逐行录入；凡有来源者均注明来源")
	}
	return fmt.Sprintf("[`%[1]s`](%[1]s)", t.File)
}

func (p phrases) values(c catalog.Column) string {
	var parts []string
	if c.Required {
		parts = append(parts, p.required)
	}
	if len(c.Allowed) > 0 {
		parts = append(parts, p.allowed+" "+strings.Join(c.Allowed, ", "))
	}
	if c.Low != "" {
		parts = append(parts, p.least+" "+c.Low)
	}
	if c.High != "" {
		parts = append(parts, p.most+" "+c.High)
	}
	return strings.Join(parts, "; ")
}

func keyText(r catalog.Relation, words phrases) string {
	var parts []string
	for _, k := range r.Key {
		text := "`" + k + "`"
		if slices.Contains(r.NullableKey, k) {
			text += " (" + words.nullable + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func names(columns []string) string { return "`" + strings.Join(columns, "`, `") + "`" }

// share is rounded down, so that 100 % is all of them.
func share(known, rows int64) string {
	if rows == 0 {
		return "·"
	}
	return fmt.Sprintf("%d %%", known*100/rows)
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
