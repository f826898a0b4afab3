package site

import (
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// The example queries of the page on SQL: one file each, its name their order and the
// key of its title.
//
//go:embed examples/*.sql
var examples embed.FS

type exampleQuery struct{ key, sql string }

// exampleQueries are those files. That one cannot be read is a fault of the program.
var exampleQueries = func() []exampleQuery {
	names, err := fs.Glob(examples, "examples/*.sql")
	if err != nil {
		panic(fmt.Sprintf("examples: %v", err))
	}
	var all []exampleQuery
	for _, name := range names {
		text, err := examples.ReadFile(name)
		if err != nil {
			panic(fmt.Sprintf("examples: %v", err))
		}
		_, key, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_")
		all = append(all, exampleQuery{key, strings.TrimSpace(string(text))})
	}
	return all
}()

type relationView struct {
	Name    string
	Kind    string
	Columns []schemaView
	Files   []link
}

// relationFiles is where the Parquet files of a relation lie, for an editor in the page.
type relationFiles struct {
	Relation string   `json:"relation"`
	Files    []string `json:"files"`
}

type schemaView struct{ Name, Type, Meaning string }

type exampleView struct{ ID, Title, SQL, Href string }

// dataPage is the files with their sizes and sums, and how to read and cite them.
func dataPage(p *page) {
	p.Title, p.Lead = p.T("data_title"), p.T("data_lead")
	files := section{ID: "files", Title: p.T("files_title")}
	if len(p.d.Outputs) == 0 {
		files.Lead = []string{p.T("files_none")}
	} else {
		files.Lead = []string{p.T("files_lead")}
		files.Links = []link{{"SHA256SUMS", p.Root("data/SHA256SUMS")}}
		for _, kind := range []string{"database", "marts", "tables"} {
			if t := p.filesTable(kind); len(t.Rows) > 0 {
				files.Tables = append(files.Tables, t)
			}
		}
	}
	if r := p.d.Release; r != nil {
		p.Sections = append(p.Sections, p.releaseSection(r))
	}
	p.Sections = append(append(p.Sections, files), []section{
		{ID: "read", Title: p.T("read_title"), Lead: []string{p.T("read_lead")}, Snippets: []snippet{
			{p.T("duckdb"), "duckdb sanpi.duckdb \"from trend_series where level = 'province'\"\nduckdb -c \"from 'data/marts/zone_conversion.parquet' limit 5\""},
			{p.T("python"), "import pandas as pd\nzones = pd.read_parquet('data/marts/zone_conversion.parquet')\n\nimport duckdb\nduckdb.sql(\"from 'data/marts/trend_series.parquet'\").df()"},
			{p.T("r"), "library(arrow)\nzones <- read_parquet('data/marts/zone_conversion.parquet')\n\nlibrary(duckdb)\ncon <- dbConnect(duckdb(), 'sanpi.duckdb', read_only = TRUE)\ndbGetQuery(con, 'from trend_series')"},
			{p.T("sums_line"), "cd data && sha256sum -c SHA256SUMS"}}},
		{ID: "mind", Title: p.T("mind_title"), Lead: []string{p.T("mind_flow"), p.T("mind_unknown"), p.T("mind_universe")}},
		{ID: "cite", Title: p.T("cite_title"), Lead: []string{p.T("cite_lead")}, Snippets: []snippet{{p.T("cite_text"), p.citation()},
			{"BibTeX", "@misc{sanpi" + strings.ReplaceAll(p.MadeDay(), "-", "") + ",\n  author  = {{sanpi contributors}},\n  title   = {Three batches in China's development zones, compiled from published pages},\n  year    = {" + p.MadeDay()[:min(4, len(p.MadeDay()))] + "},\n  version = {" + p.Version() + "},\n  url     = {https://github.com/sanpi-data/sanpi}\n}"}}},
	}...)
}

func (p *page) citation() string { return p.T("citation", p.MadeDay(), p.Version()) }

func (p *page) filesTable(kind string) table {
	t := table{ID: "files-" + kind, Caption: p.T("files_" + kind), Columns: []column{{Title: p.T("file")}, {Title: p.T("rows"), Class: "num"}, {Title: p.T("size"), Class: "num"}, {Title: "SHA-256"}}}
	for _, o := range p.d.Outputs {
		folder, _, inFolder := strings.Cut(o.Path, "/")
		if inFolder && folder != kind || !inFolder && kind != "database" {
			continue
		}
		rows := cell{Text: grouped(strconv.FormatInt(o.Rows, 10)), Value: strconv.FormatInt(o.Rows, 10), Class: "num"}
		if !inFolder {
			rows = p.unknown("why_no_rows")
		}
		t.Rows = append(t.Rows, row{Cells: []cell{{Text: strings.TrimPrefix(o.Path, kind+"/"), Head: true, Href: p.Root("data/" + escapePath(o.Path))}, rows,
			{Text: size(o.Bytes), Value: strconv.FormatInt(o.Bytes, 10), Class: "num"}, {Text: o.SHA256, Class: "hash"}}})
	}
	return t.finish()
}

func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// size writes bytes as people say them.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MiB"
	case n >= 1<<10:
		return strconv.FormatFloat(float64(n)/(1<<10), 'f', 1, 64) + " KiB"
	}
	return strconv.FormatInt(n, 10) + " B"
}

// sqlPage is example queries and the schema, as text; the front end makes an editor of
// it.
func sqlPage(p *page) {
	p.Title, p.Lead = p.T("sql_title"), p.T("sql_lead")
	s := section{ID: "examples", Title: p.T("examples_title"), Lead: []string{p.T("examples_lead")}}
	for _, x := range exampleQueries {
		s.Examples = append(s.Examples, exampleView{ID: "example-" + slug(x.key), Title: p.T("example_" + x.key), SQL: x.sql, Href: "?sql=" + url.QueryEscape(x.sql)})
	}
	schema := section{ID: "schema", Title: p.T("schema_title"), Lead: []string{p.T("schema_lead")}}
	files := map[string][]link{}
	for _, o := range p.d.Outputs {
		files[o.Relation] = append(files[o.Relation], link{o.Path, p.Root("data/" + escapePath(o.Path))})
	}
	for _, c := range p.d.schema {
		if n := len(schema.Schema); n == 0 || schema.Schema[n-1].Name != c.Relation {
			schema.Schema = append(schema.Schema, relationView{Name: c.Relation, Files: files[c.Relation]})
		}
		meaning := c.Meaning
		if p.lang == "zh" && c.MeaningZh != "" {
			meaning = c.MeaningZh
		}
		last := &schema.Schema[len(schema.Schema)-1]
		last.Columns = append(last.Columns, schemaView{c.Name, c.Type, meaning})
	}
	for _, r := range schema.Schema {
		var urls []string
		for _, f := range r.Files {
			urls = append(urls, f.Href)
		}
		if urls != nil {
			schema.Relations = append(schema.Relations, relationFiles{r.Name, urls})
		}
	}
	p.Sections = []section{s, schema}
	if p.d.API != "" {
		ask := section{ID: "ask", Title: p.T("ask_title"), Lead: []string{p.T("ask_lead")}}
		ask.Result = askForm(p.lang, exampleQueries[0].sql)
		p.Sections = append([]section{ask}, p.Sections...)
	}
}
