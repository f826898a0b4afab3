package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"unicode"
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
		Shares []string // of the width that columns take in print, in per cent
		Size   string   // of the letters in print, in points
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
				case hasLongWord(cell.Text):
					cell.Class = "long"
				}
				row.Cells = append(row.Cells, cell)
			}
			table.Rows = append(table.Rows, row)
		}
		table.Shares, table.Size = t.onPaper()
		view.Tables = append(view.Tables, table)
	}
	if err := page.Execute(w, view); err != nil {
		return fmt.Errorf("write the page: %w; choose a place with room that may be written to", err)
	}
	return nil
}

// onPaper shares the width of a sheet out to the columns, and makes the letters so small
// that all fit beside each other.
func (t Table) onPaper() (shares []string, size string) {
	const most, room = 7.5, 180 // points, of which a line of A4 across has room for so many letters
	total := 0.0
	for _, w := range t.letterWidths() {
		total += w
	}
	for _, w := range t.letterWidths() {
		shares = append(shares, strconv.FormatFloat(100*w/total, 'f', 2, 64))
	}
	return shares, strconv.FormatFloat(most*min(1, room/total), 'f', 1, 64)
}

// hasLongWord reports whether a text has a word that would widen its column, such as the
// name of a file, and may be broken anywhere.
func hasLongWord(text string) bool {
	long := 0
	for _, r := range text {
		if long++; r == ' ' || unicode.Is(unicode.Han, r) {
			long = 0
		}
		if long > 16 {
			return true
		}
	}
	return false
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
