package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// XLSX writes the document as a workbook, a sheet for each table, as an office would
// print it: A4 across, as wide as the page, with the header rows and the page's number
// on every sheet of paper. Figures are numbers and names are text, also those that
// begin with "=". Equal documents give equal bytes.
func (d Document) XLSX(w io.Writer) (err error) {
	d, err = d.prepared()
	if err != nil {
		return fmt.Errorf("make the workbook: %w", err)
	}
	b := &book{File: excelize.NewFile(), say: phrases(d.Lang), styles: map[look]int{}}
	defer func() { err = cmp.Or(err, b.Close()) }()
	for i, t := range d.Tables {
		if i == 0 {
			b.do(b.SetSheetName("Sheet1", t.Name))
		} else {
			_, err := b.NewSheet(t.Name)
			b.do(err)
		}
		b.table(d, t)
	}
	made := d.Made.UTC().Format(time.RFC3339)
	b.do(b.SetDocProps(&excelize.DocProperties{Title: d.Heading(), Creator: "sanpi", Created: made, Modified: made}))
	if b.err != nil {
		return fmt.Errorf("make the workbook: %w", b.err)
	}
	if err := b.Write(w); err != nil {
		return fmt.Errorf("write the workbook: %w; choose a place with room that may be written to", err)
	}
	return nil
}

// book is a workbook in the making; it remembers the first error.
type book struct {
	*excelize.File
	say    phrasebook
	styles map[look]int
	err    error
}

func (b *book) do(err error) { b.err = cmp.Or(b.err, err) }

// look is what a cell looks like.
type look struct {
	bold, wrap, border bool
	size               float64 // 0 for the usual
	across             string  // left, center or right
	fill               string
	code               string // of the number format; "@" for text
}

func (b *book) style(l look) int {
	if id, ok := b.styles[l]; ok {
		return id
	}
	s := &excelize.Style{
		Font:      &excelize.Font{Bold: l.bold, Size: cmp.Or(l.size, 10)},
		Alignment: &excelize.Alignment{Horizontal: l.across, Vertical: "center", WrapText: l.wrap},
	}
	if l.border {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			s.Border = append(s.Border, excelize.Border{Type: side, Color: "808080", Style: 1})
		}
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	switch l.code {
	case "":
	case "@":
		s.NumFmt = 49
	default:
		s.CustomNumFmt = &l.code
	}
	id, err := b.NewStyle(s)
	b.do(err)
	b.styles[l] = id
	return id
}

const headerFill = "E8EDF4"

// at is the name of a cell; column and row count from 1.
func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // a column or row of this package's own making
	}
	return name
}

func letters(column int) string {
	name := at(column, 1)
	return name[:len(name)-1]
}

// merged writes text over cells from one corner to the other.
func (b *book) merged(sheet, from, to, text string, l look) {
	b.do(b.SetCellStr(sheet, from, text))
	b.do(b.SetCellStyle(sheet, from, to, b.style(l)))
	if from != to {
		b.do(b.MergeCell(sheet, from, to))
	}
}

// table lays out a sheet: title, caption, unit line, header, rows, notes.
func (b *book) table(d Document, t Table) {
	n, sheet, row := len(t.Columns), t.Name, 1
	widths := b.columnWidths(t)
	b.line(t, row, d.Heading(), look{bold: true, size: 16, across: "center", wrap: true}, widths)
	if t.Caption != "" {
		row++
		b.line(t, row, t.Caption, look{bold: true, size: 11, across: "center", wrap: true}, widths)
	}
	row++
	half := (n + 1) / 2
	b.merged(sheet, at(1, row), at(half, row), d.AsOf, look{across: "left", wrap: true})
	if half < n {
		b.merged(sheet, at(half+1, row), at(n, row), d.Unit, look{across: "right", wrap: true})
	}
	b.do(b.SetRowHeight(sheet, row, max(height(d.AsOf, 10, widths[:half]), height(d.Unit, 10, widths[half:]))))
	header := row + 1
	row = b.header(t, header)
	for _, r := range t.Rows {
		row++
		b.row(t, r, row, widths)
	}
	if len(t.Rows) == 0 {
		row++
		b.line(t, row, t.Empty, look{border: true, across: "center", wrap: true}, widths)
	}
	note := look{across: "left", wrap: true, size: 9}
	row++
	b.line(t, row, b.say.notes, note, widths)
	for i, text := range append(append([]string{}, d.Notes...), d.Source) {
		row++
		if i < len(d.Notes) {
			text = strconv.Itoa(i+1) + ". " + text
		}
		b.line(t, row, text, note, widths)
	}
	b.pageSetup(d, t, header, row)
}

// line writes a text over the whole width of a table, as high as it needs.
func (b *book) line(t Table, row int, text string, l look, widths []float64) {
	b.merged(t.Name, at(1, row), at(len(t.Columns), row), text, l)
	b.do(b.SetRowHeight(t.Name, row, height(text, cmp.Or(l.size, 10), widths)))
}

// height is that of a row in which a text of a size stands over columns, in points: not
// every program lets rows grow by themselves, and none does where cells are merged.
// Widths of columns are in letters of 11 points.
func height(text string, size float64, widths []float64) float64 {
	total := 0.0
	for _, w := range widths {
		total += w
	}
	lines := len(wrap(text, max(int(total*11/size)-1, 1)))
	return min((size+5)*float64(lines), excelize.MaxRowHeight)
}

// header writes the one or two header rows and returns the last.
func (b *book) header(t Table, first int) int {
	l := look{bold: true, border: true, wrap: true, across: "center", fill: headerFill}
	last := first + t.headerRows() - 1
	for _, s := range t.groups() {
		if s.title == "" {
			b.merged(t.Name, at(s.first+1, first), at(s.first+1, last), t.Columns[s.first].Title, l)
			continue
		}
		b.merged(t.Name, at(s.first+1, first), at(s.last+1, first), s.title, l)
		for i := s.first; i <= s.last; i++ {
			b.merged(t.Name, at(i+1, last), at(i+1, last), t.Columns[i].Title, l)
		}
	}
	b.do(b.SetRowHeight(t.Name, last, 32))
	return last
}

func (b *book) row(t Table, r Row, row int, widths []float64) {
	if r.Heading != "" {
		b.merged(t.Name, at(1, row), at(len(t.Columns), row), r.Heading, look{bold: true, border: true, across: "left", fill: "F5F5F0"})
		return
	}
	tallest := 0.0
	for i, c := range r.Cells {
		format := t.Columns[i].Format
		l := look{bold: r.Total, border: true, wrap: format == Text, across: "left", code: formats[format].code}
		switch {
		case format.IsNumber():
			l.across = "right"
		case format == Day:
			l.across = "center"
		}
		place := at(i+1, row)
		switch c.kind {
		case figure:
			if c.about {
				l.code = `"≈"` + l.code
			}
			b.do(b.SetCellFloat(t.Name, place, c.number, -1, 64))
		case date:
			// Only the day: a time of day would be shown by whoever widens the format.
			b.do(b.SetCellValue(t.Name, place, time.Date(c.day.Year(), c.day.Month(), c.day.Day(), 0, 0, 0, 0, time.UTC)))
		case words, unknown:
			l.code = "@" // a name that begins with "=" is no formula, also when it is edited
			b.do(b.SetCellStr(t.Name, place, c.Show(format)))
		}
		b.do(b.SetCellStyle(t.Name, place, place, b.style(l)))
		tallest = max(tallest, height(c.Show(format), 10, widths[i:i+1]))
	}
	b.do(b.SetRowHeight(t.Name, row, tallest))
}

// columnWidths sets and returns the widths of the columns.
func (b *book) columnWidths(t Table) []float64 {
	widths := t.letterWidths()
	for i, width := range widths {
		b.do(b.SetColWidth(t.Name, letters(i+1), letters(i+1), width))
	}
	return widths
}

func (b *book) pageSetup(d Document, t Table, header, last int) {
	sheet := t.Name
	a4, landscape, wide, high := 9, "landscape", 1, 0 // as many pages high as it takes
	b.do(b.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}))
	fit := true
	b.do(b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	side, top, bottom, edge := 0.4, 0.6, 0.7, 0.3
	b.do(b.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &bottom, Header: &edge, Footer: &edge, Horizontally: &fit}))
	foot := &excelize.HeaderFooterOptions{OddFooter: "&C" + b.say.pages}
	if d.Synthetic {
		foot.OddHeader = "&R合成数据 synthetic"
	}
	b.do(b.SetHeaderFooter(sheet, foot))
	end := header + t.headerRows() - 1
	quoted := "'" + sheet + "'!"
	b.do(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: sheet,
		RefersTo: fmt.Sprintf("%s$%d:$%d", quoted, header, end)}))
	b.do(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: sheet,
		RefersTo: fmt.Sprintf("%s$A$1:$%s$%d", quoted, letters(len(t.Columns)), last)}))
	keys := 0
	for keys < len(t.Columns) && t.Columns[keys].Key {
		keys++
	}
	pane := "bottomRight"
	if keys == 0 {
		pane = "bottomLeft"
	}
	b.do(b.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: keys, YSplit: end, TopLeftCell: at(keys+1, end+1), ActivePane: pane}))
}
