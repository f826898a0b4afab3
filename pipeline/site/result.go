package site

import (
	"bytes"
	"fmt"
	"html/template"
)

// resultPath is the page that a query without a script leads to, in its language's folder.
const resultPath = "result.html"

// ResultMark stands on the pages result.html of an edition with an API where an
// Answer is to be put: whoever answers SQL cuts them there.
const ResultMark = "<!--result-->"

// resultFrame is the page around a result.
func resultFrame(p *page) {
	p.Title, p.Lead = p.T("result_title"), p.T("result_lead")
	p.Sections = []section{{ID: "result", Title: p.T("result_title"), Result: ResultMark}}
}

// Answer is what a query came to, for people without a script.
type Answer struct {
	SQL       string
	Columns   []string
	Numbers   []bool      // of each column, whether it holds numbers
	Rows      [][]*string // nil for NULL
	Truncated bool        // there were more rows
	Error     string      // "" when there is a result
}

// HTML writes the result, and the form to ask again.
func (a Answer) HTML(lang string) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "result", resultView{a, voice{lang}}); err != nil {
		return nil, fmt.Errorf("write a result: %w", err)
	}
	return b.Bytes(), nil
}

type resultView struct {
	Answer
	voice
}

// Form is the form with the query asked.
func (v resultView) Form() template.HTML { return askForm(v.Folder, v.SQL) }

// askForm is a form that asks SQL without a script.
func askForm(lang, sql string) template.HTML {
	var b bytes.Buffer
	// A template that fails is a fault of the program, which the tests find.
	if err := templates.ExecuteTemplate(&b, "ask", resultView{Answer{SQL: sql}, voice{lang}}); err != nil {
		panic(err)
	}
	return template.HTML(b.String())
}
