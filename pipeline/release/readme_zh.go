package release

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
)

// readmeZH is the README in Chinese: the same things in the same order.
func (w *writer) readmeZH() ([]byte, error) {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	mark := ""
	if w.synthetic {
		mark = "合成数据 synthetic："
	}
	p("# %s%s", mark, titleZH)
	p("\n%s · 版本 **%s**\n", w.title(), w.name)
	p("收录各省开发区项目签约一批、开工一批、投产一批的逐期数字：每个公布的数字及其出处，经比对采信的数字，以及由此得出的")
	p("序列、转化与核对。未知为 NULL，绝不记作 0；来源不一致时各方并存。\n")
	asOf := ""
	if w.manifest.AsOf != "" {
		asOf = "，所知截至 " + w.manifest.AsOf
	}
	p("时段：%s 至 %s；活动：%s。由数据仓库版本 `%s` 制成%s。\n", cmp.Or(w.from, "日期不详"), cmp.Or(w.to, "日期不详"), strings.Join(w.manifest.Campaigns, "、"), w.manifest.Version, asOf)
	p("## 入手\n")
	p(toBegin)
	p("由一个数字追到它所依据的网页，无须联网：\n")
	p(toTrace)
	p("各字段的含义见 CODEBOOK.zh.md（English: CODEBOOK.md）。可信程度见 `trend_series` 的 `status`、`low`、`high`、`doubt`，")
	p("`facts` 的 `voices` 与 `agreement`，以及 `source_conflicts`。\n")
	p("## 使用数字之前\n")
	p("- **流量不是队列。** `basis = published_flow` 为同一时段公布数字之比，可大于 1；`basis = ledger_cohort` 追踪同一批")
	p("  项目，并附 95 %% Wilson 区间。两者不可相比。")
	p("- **未知为 NULL，绝非 0**；缺失的期次也占一行，状态为 `missing`。")
	p("- **每个数字注明其统计口径**（`universe`）：口径不同的数字从不相加或相除。")
	p("- 金额以元计；1 亿元 = 100,000,000 元。")
	if w.synthetic {
		p("- **标有 `synthetic` 的行由程序生成，** 不反映任何真实项目，不得作为数据引用。")
	}
	p("\n## 文件\n")
	p("| | |\n|---|---|")
	p("| `parquet/` | 全部表（按活动分区，hive 形式）与集市：有类型、zstd 压缩、已排序；字段的单位与含义在各文件的元数据 `sanpi.columns` 中 |")
	p("| `csv/` | 同样的行：UTF-8、逗号、LF；列表为 JSON |")
	p("| `csv-excel/` | 同上，文首有 Excel 识别 UTF-8 所需的字节序标记；只含 1,048,575 行以内、Excel 装得下的表 |")
	p("| `sanpi.duckdb` | 同样的内容，在一个 DuckDB 数据库中 |")
	p("| `provenance` | 每个公布的数值、它所依据的说法及其网址 |")
	p("| `CHANGES.md` | 与上一次发布的不同之处 |")
	p("| `datapackage.json`、`croissant.json`、`dataset.jsonld` | 同一描述，分别用于 Frictionless、MLCommons Croissant、schema.org 与 DCAT |")
	p("| `sql/` | 生成事实与集市的模型及其说明 |")
	p("| `manifest.json` | 输入、模型、程序与文件的 sha256：凭此可重新制成同样的字节 |")
	p("| `SHA256SUMS` | `sha256sum -c SHA256SUMS`，或对本文件夹运行 `sanpi release --verify` |")
	p("| `CITATION.cff`、`LICENSE-DATA`、`LICENSE` | 引用方式；数据的许可；模型与程序的许可 |")
	p("\n## 电子表格\n")
	p("CSV 中凡电子表格会当作公式运行的文本，前面都加一个撇号：在空格或不可见字符之后以 `=`、`+`、`-`、`@` 或其全角形式开头的，")
	p("以制表符或换行开头的，以及以撇号开头的。还原时，凡以撇号开头的文本去掉最前面的一个即可。数字与日期不变。NULL 为空字段，")
	p("空文本为 `\"\"`。Excel 会把 `2021-1` 这样的编号当作日期：请用“数据 → 自文本”打开，并将这些列设为文本。")
	p("\n## 引用\n")
	p("%s", w.citation())
	p("\n数据许可：CC BY 4.0，见 LICENSE-DATA。共读取 %d 个网页，列于 `sources`。", len(w.sources))
	p("\n## 行数\n")
	p("| 表或集市 | 类别 | 行数 | |\n|---|---|---:|---|")
	kinds := map[catalog.Kind]string{catalog.Table: "表", catalog.Facts: "事实", catalog.Mart: "集市", catalog.Guide: "指引"}
	for _, t := range w.tables {
		first, _, _ := strings.Cut(t.ZH, "。")
		p("| [`%s`](CODEBOOK.zh.md#%s) | %s | %d | %s |", t.Name, t.Name, kinds[t.Kind], t.rows, cell(first))
	}
	return []byte(b.String()), nil
}
