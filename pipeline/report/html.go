package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// The page's own forms of a document: what html/template walks over.
type (
	pageView struct {
		Document
		Lang, Heading, NotesTitle string
		Tables                    []pageTable
	}
	pageTable struct {
		Table
		Header [][]pageHeader
		Rows   []pageRow
	}
	pageHeader struct {
		Text          string
		Columns, Rows int
	}
	pageRow struct {
		Row
		Columns int
		Cells   []pageCell
	}
	pageCell struct {
		Text, Class string
		Key         bool
	}
)

// HTML writes the document as one page that needs nothing else: no script, no font and
// no address. It prints on A4 across, with the header rows on every sheet.
func (d Document) HTML(w io.Writer) error {
	d, err := d.prepared()
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	view := pageView{Document: d, Lang: "en", Heading: d.Heading(), NotesTitle: phrases(d.Lang).notes}
	if d.Lang == "zh" {
		view.Lang = "zh-CN"
	}
	for _, t := range d.Tables {
		table := pageTable{Table: t, Header: t.pageHeader()}
		for _, r := range t.Rows {
			row := pageRow{Row: r, Columns: len(t.Columns)}
			for i, c := range r.Cells {
				column := t.Columns[i]
				cell := pageCell{Text: c.Show(column.Format), Key: column.Key && !column.Format.IsNumber()}
				switch {
				case column.Format.IsNumber():
					cell.Class = "number"
				case column.Format == Day:
					cell.Class = "day"
				}
				row.Cells = append(row.Cells, cell)
			}
			table.Rows = append(table.Rows, row)
		}
		view.Tables = append(view.Tables, table)
	}
	if err := page.Execute(w, view); err != nil {
		return fmt.Errorf("write the page: %w; choose a place with room that may be written to", err)
	}
	return nil
}

// pageHeader is the header in one or two rows: a group over its columns, a column
// without one over both rows.
func (t Table) pageHeader() [][]pageHeader {
	rows := make([][]pageHeader, t.headerRows())
	for _, s := range t.groups() {
		if s.title == "" {
			rows[0] = append(rows[0], pageHeader{t.Columns[s.first].Title, 1, len(rows)})
			continue
		}
		rows[0] = append(rows[0], pageHeader{s.title, s.last - s.first + 1, 1})
		for _, c := range t.Columns[s.first : s.last+1] {
			rows[1] = append(rows[1], pageHeader{c.Title, 1, 1})
		}
	}
	return rows
}
