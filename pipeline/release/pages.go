package release

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	title   = "Three batches (三个一批): what was published of China's development-zone campaigns"
	titleZH = "三个一批：各开发区活动公开数据"
	home    = "https://github.com/sanpi-data/sanpi"
	authors = "sanpi contributors"
	licence = "CC-BY-4.0"
	terms   = "https://creativecommons.org/licenses/by/4.0/"
)

// Copies of the repository's own licences, which a test holds them to.
//
//go:embed text/LICENSE
var codeLicence []byte

//go:embed text/LICENSE-DATA.md
var dataLicence []byte

var keywords = []string{"China", "development zones", "investment projects", "三个一批", "开发区", "签约", "开工", "投产"}

// syntheticWord stands wherever a release of generated rows is named.
const syntheticWord = "SYNTHETIC DATA: "

func (w *writer) title() string {
	if w.synthetic {
		return syntheticWord + title
	}
	return title
}

// about is the release in a few sentences.
func (w *writer) about() string {
	text := "Rounds in which the development zones of Chinese provinces sign, start and commission projects (签约一批, 开工一批, 投产一批): " +
		"each published figure with its source, what is held true after weighing them, and the series, conversions and checks made of that. " +
		"Unknown is NULL and never 0; where sources disagree both stand."
	if w.synthetic {
		text = "This release holds generated project rows, marked synthetic = true: they describe no real project and must not be cited as data. " + text
	}
	return text
}

func (w *writer) citation() string {
	return fmt.Sprintf("%s (%s): %s. Version %s. %s", authors, w.name[:4], w.title(), w.name, home)
}

// slug names the package.
func (w *writer) slug() string {
	if w.synthetic {
		return "sanpi-three-batches-synthetic"
	}
	return "sanpi-three-batches"
}

// writePages writes what describes the release.
func (w *writer) writePages() error {
	pages := []struct {
		name string
		text func() ([]byte, error)
	}{
		{"LICENSE", func() ([]byte, error) { return codeLicence, nil }},
		{"LICENSE-DATA", w.licenceOfData},
		{"CITATION.cff", w.cff},
		{"README.md", w.readme},
		{"README.zh.md", w.readmeZH},
		{"CODEBOOK.md", func() ([]byte, error) { return w.codebook(english), nil }},
		{"CODEBOOK.zh.md", func() ([]byte, error) { return w.codebook(chinese), nil }},
		{"datapackage.json", w.dataPackage},
		{"croissant.json", w.croissant},
		{"dataset.jsonld", w.linkedData},
	}
	for _, p := range pages {
		text, err := p.text()
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if err := os.WriteFile(filepath.Join(w.dir, p.name), text, 0o644); err != nil {
			return err
		}
		w.packer.add(p.name)
	}
	return nil
}

func (w *writer) licenceOfData() ([]byte, error) {
	text := string(dataLicence)
	if w.quotes {
		text += "\nclaims.quote and reviews hold sentences of pages, as short evidence for single figures:\nthey are their owners' and not under this licence.\n"
	}
	if w.ledgers {
		text += "\nThe rows of ledgers that were loaded (projects and what is made of them) are under the\nterms of whoever keeps those ledgers.\n"
	}
	if w.synthetic {
		text += "\nRows marked synthetic are generated. They describe no real project.\n"
	}
	return []byte(text), nil
}

func (w *writer) cff() ([]byte, error) {
	var b strings.Builder
	line := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, quoteYAML(value)) }
	line("cff-version", "1.2.0")
	line("message", "Cite this dataset with its version: a later one may hold other figures.")
	line("type", "dataset")
	line("title", w.title())
	line("version", w.name)
	line("date-released", w.day())
	fmt.Fprintf(&b, "authors:\n  - name: %s\n", quoteYAML(authors))
	line("license", licence)
	line("repository-code", home)
	line("abstract", w.about())
	b.WriteString("keywords:\n")
	for _, k := range keywords {
		fmt.Fprintf(&b, "  - %s\n", quoteYAML(k))
	}
	return []byte(b.String()), nil
}

// quoteYAML writes a text so that it is nothing but a text: a JSON string is one of YAML.
func quoteYAML(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""` // a string always has a JSON form
	}
	return string(quoted)
}

func indented(value any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// What the READMEs of both languages show to type.
const (
	toBegin = `    duckdb -readonly sanpi.duckdb "from trend_series limit 5"
    duckdb -c "from 'parquet/claims/*/*.parquet'"
    python -c "import pandas; print(pandas.read_parquet('parquet/trend_series.parquet'))"
`
	toTrace = `    duckdb -c "select value, held, claimed, as_published, unit, publisher, published_on, url
               from 'parquet/provenance.parquet'
               where relation = 'trend_series' and campaign = 'shanxi' and area_id = '140000'
                 and period_id = '2021-1' and stage = 'signed' and metric = 'projects'"
`
)

func (w *writer) readme() ([]byte, error) {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# %s", w.title())
	p("\n%s (README.zh.md) · version **%s** · %s\n", titleZH, w.name, w.about())
	p("It covers %s to %s, campaigns %s. It was made from the warehouse's version `%s`%s.\n",
		cmp.Or(w.from, "an unknown day"), cmp.Or(w.to, "an unknown day"), strings.Join(w.manifest.Campaigns, ", "), w.manifest.Version, w.asOf())
	p("## Begin\n")
	p(toBegin)
	p("From a number to the pages it rests on, with no network:\n")
	p(toTrace)
	p("What it means: CODEBOOK.md (中文: CODEBOOK.zh.md). How sure it is: `trend_series.status`, `low`, `high`, `doubt`;")
	p("`facts.voices` and `agreement`; `source_conflicts`.\n")
	p("## Before you use a number\n")
	p("- **Flow is not cohort.** `basis = published_flow` divides figures published for one period and may pass 1;")
	p("  `basis = ledger_cohort` follows the same projects and carries a 95 %% Wilson interval. Never compare the two.")
	p("- **Unknown is NULL, never 0**, and a missing round is a row with the status `missing`.")
	p("- **A figure says what it counts** (`universe`): figures of different universes are never added or divided.")
	p("- Money is in yuan; 1 亿元 = 100,000,000 yuan.")
	if w.synthetic {
		p("- **Rows marked `synthetic` are generated.** Leave them out of anything that speaks of the world.")
	}
	p("\n## Files\n")
	p("| | |\n|---|---|")
	p("| `parquet/` | every table, cut by campaign (hive partitions), and every mart: typed, zstd, sorted; units and meanings of columns are in each file's metadata, key `sanpi.columns` |")
	p("| `csv/` | the same rows as UTF-8, comma, LF; lists are JSON |")
	p("| `csv-excel/` | the same behind a byte order mark, which Excel needs to see that it is UTF-8; relations of up to 1,048,575 rows, which is what Excel holds |")
	p("| `sanpi.duckdb` | the same in one DuckDB database |")
	p("| `provenance` | each published value, the claims it rests on, and their addresses |")
	p("| `CHANGES.md` | what differs from the release before |")
	p("| `datapackage.json`, `croissant.json`, `dataset.jsonld` | the same description for Frictionless, MLCommons Croissant, and schema.org with DCAT |")
	p("| `sql/` | the models that made facts and marts, with the pages that explain them |")
	p("| `manifest.json` | inputs, models, program and files by their sha256: what makes these bytes again |")
	p("| `SHA256SUMS` | `sha256sum -c SHA256SUMS`, or `sanpi release --verify` on this folder |")
	p("| `CITATION.cff`, `LICENSE-DATA`, `LICENSE` | how to cite; the data's licence; that of the models and the program |")
	p("\n## Spreadsheets\n")
	p("A text in the CSV files that a spreadsheet would run as a formula stands behind an apostrophe: one that begins,")
	p("behind any spaces or invisible marks, with `=`, `+`, `-`, `@` or their full-width forms; one that begins with a tab")
	p("or a line end; and one that begins with an apostrophe. To undo it, take one apostrophe from the front of every")
	p("text that begins with one. Numbers and dates are as they are. NULL is an empty field, an empty text is `\"\"`.")
	p("Excel makes days of ids such as `2021-1`: open a file by Data → From Text and let those columns be text.")
	p("\n## Cite\n")
	p("%s", w.citation())
	p("\nLicence of the data: CC BY 4.0, see LICENSE-DATA. %d pages were read; they are in `sources`.", len(w.sources))
	p("\n## Rows\n")
	p("| Relation | Kind | Rows | |\n|---|---|---:|---|")
	for _, t := range w.tables {
		p("| [`%s`](CODEBOOK.md#%s) | %s | %d | %s |", t.Name, t.Name, t.Kind, t.rows, cell(firstSentence(t.EN)))
	}
	return []byte(b.String()), nil
}

func (w *writer) asOf() string {
	if w.manifest.AsOf == "" {
		return ""
	}
	return ", which knows what had been published by " + w.manifest.AsOf
}

func firstSentence(text string) string {
	first, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(first, ".")
}

// cell writes a text into one cell of a table of Markdown.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;", "`", "'").Replace(text)
}
