// Package report sets out what an office prints and forwards: the monthly bulletin
// (月度通报), the list of stalled projects and the yearly assessment of zones.
//
// Bulletin, Stalled and Scorecard make a Document of rows; a Document is drawn as text
// for a terminal, as an HTML page and as an XLSX workbook. What a cell says is decided
// once, by its column's Format, so that the three never differ:
//
//	Text     as it is
//	Count    68
//	Money    12.50, in 亿元; ≈12.50 where the ledger says 约
//	Rate     58.82%; a workbook holds 0.588235…
//	Points   +1.25, percentage points
//	Score    83.4
//	Ratio    1.75
//	Day      2022-01-31
//
// A dot (·) is what is not known, never zero; an empty cell has nothing to say.
package report

import (
	"database/sql"
	"fmt"
	"io"
	"math"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/export"
)

// Document is what is printed: a title, tables, and the notes without which nobody
// could say what the figures mean.
type Document struct {
	Lang   string // "zh", else English
	Title  string // without the mark of synthetic data, which Heading adds
	AsOf   string // the line that stands opposite to the unit: 截至2022年1月31日
	Unit   string // the unit line: 单位：个、亿元、%
	Tables []Table
	Notes  []string
	Source string // where the figures come from
	// Synthetic documents say so in their heading and on every printed page.
	Synthetic bool
	// Made is when the data were made, which a workbook bears as its own time: equal
	// documents are equal files.
	Made time.Time
}

// Table is one table of a document. A workbook gives each a sheet of its own.
type Table struct {
	Name    string // of the sheet: short
	Caption string // above the table; "" where the document's title says enough
	Columns []Column
	Rows    []Row
	Empty   string // what stands in place of rows when there are none
}

// Column is one column of a table. Neighbours with the same Group share a cell of the
// upper header row.
type Column struct {
	Group  string
	Title  string
	Format Format
	// Key columns name the row. A terminal repeats them beside each group, and a
	// workbook keeps them in sight.
	Key bool
}

// Row is one row of a table: cells, or a heading over the rows that follow.
type Row struct {
	Heading string
	Cells   []Cell
	Total   bool // a row that sums up others
}

// Format says what a column's cells hold, and how they are written.
type Format int

const (
	Text Format = iota
	Count
	Money
	Rate
	Points
	Score
	Ratio
	Day
)

// formats has, for each Format of numbers, the decimals and the code of the workbook.
var formats = map[Format]struct {
	decimals int
	code     string
}{
	Count: {0, "0"}, Money: {2, "0.00"}, Rate: {2, "0.00%"}, Points: {2, "+0.00;-0.00;0.00"},
	Score: {1, "0.0"}, Ratio: {2, "0.00"}, Day: {0, "yyyy-mm-dd"},
}

// IsNumber reports whether cells of the format stand to the right.
func (f Format) IsNumber() bool { return f != Text && f != Day }

// Cell is one cell. The zero Cell is empty.
type Cell struct {
	kind   cellKind
	text   string
	number float64
	day    time.Time
	about  bool
}

type cellKind int

const (
	empty cellKind = iota
	unknown
	words
	figure
	date
)

const dot = "·"

// Words is a cell of text. What would break a line or drive a terminal is replaced; an
// empty text is an empty cell.
func Words(text string) Cell {
	if text = strings.TrimSpace(export.Printable(text)); text == "" {
		return Cell{}
	}
	return Cell{kind: words, text: text}
}

// Unknown is the cell of what is not known.
func Unknown() Cell { return Cell{kind: unknown} }

// Number is a cell of a number; NULL, and what is no number, is unknown.
func Number(v sql.NullFloat64) Cell {
	if !v.Valid || math.IsNaN(v.Float64) || math.IsInf(v.Float64, 0) {
		return Unknown()
	}
	return Cell{kind: figure, number: v.Float64}
}

// PointsOf is a cell of the difference of two rates, in percentage points of two
// decimals.
func PointsOf(change sql.NullFloat64) Cell {
	c := Number(change)
	c.number = math.Round(c.number*1e4) / 100
	if c.number == 0 {
		c.number = 0 // not the negative one
	}
	return c
}

// About is the cell of an amount that its ledger calls approximate.
func About(c Cell, about bool) Cell {
	c.about = about && c.kind == figure
	return c
}

// DayOf is a cell of a day.
func DayOf(t sql.NullTime) Cell {
	if !t.Valid {
		return Unknown()
	}
	return Cell{kind: date, day: t.Time}
}

// Show is what a cell says in a column of a format.
func (c Cell) Show(f Format) string {
	switch c.kind {
	case empty:
		return ""
	case unknown:
		return dot
	case words:
		return c.text
	case date:
		return c.day.Format(time.DateOnly)
	}
	text := strconv.FormatFloat(c.number, 'f', -1, 64)
	if f != Text {
		text = rounded(c.number, f == Rate, formats[f].decimals)
	}
	if f == Rate {
		text += "%"
	}
	if f == Points && c.number > 0 {
		text = "+" + text
	}
	if c.about {
		text = "≈" + text
	}
	return text
}

// rounded writes a number with so many decimals as a spreadsheet shows it: of its first
// fifteen digits, halves away from zero.
func rounded(v float64, percent bool, decimals int) string {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'g', 15, 64))
	if !ok {
		return dot // no number: Number lets none through
	}
	if percent {
		r.Mul(r, big.NewRat(100, 1))
	}
	return r.FloatString(decimals)
}

// Heading is the title as it is printed.
func (d Document) Heading() string {
	title := export.Printable(d.Title)
	if d.Synthetic {
		title = syntheticMark + title
	}
	return title
}

// syntheticMark is the same in both languages: who forwards a page need not be who
// asked for it.
const syntheticMark = "【合成数据 synthetic】"

// prepared returns the document as it is drawn: names of areas are data, and stand in
// titles, headings and notes too, so that those are made harmless like the cells. A row
// that does not fit its columns is a slip of the program, and an error.
func (d Document) prepared() (Document, error) {
	clean := func(texts []string) []string {
		texts = slices.Clone(texts)
		for i := range texts {
			texts[i] = export.Printable(texts[i])
		}
		return texts
	}
	d.AsOf, d.Unit, d.Source, d.Notes = export.Printable(d.AsOf), export.Printable(d.Unit), export.Printable(d.Source), clean(d.Notes)
	d.Tables = slices.Clone(d.Tables)
	for i := range d.Tables {
		t := &d.Tables[i]
		t.Caption, t.Empty = export.Printable(t.Caption), export.Printable(t.Empty)
		t.Rows = slices.Clone(t.Rows)
		for n := range t.Rows {
			r := &t.Rows[n]
			r.Heading = export.Printable(r.Heading)
			if r.Heading == "" && len(r.Cells) != len(t.Columns) {
				return d, fmt.Errorf("table %q, row %d: %d cells for %d columns", t.Name, n+1, len(r.Cells), len(t.Columns))
			}
		}
	}
	return d, nil
}

// span is a run of neighbouring columns with one group.
type span struct {
	title       string
	first, last int // columns, both counted from 0
}

// groups are the cells of the upper header row. A column without a group is a span of
// its own, with an empty title.
func (t Table) groups() []span {
	var spans []span
	for i, c := range t.Columns {
		if n := len(spans); n > 0 && c.Group != "" && spans[n-1].title == c.Group {
			spans[n-1].last = i
			continue
		}
		spans = append(spans, span{c.Group, i, i})
	}
	return spans
}

// headerRows is how many header rows a table has.
func (t Table) headerRows() int {
	if slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Group != "" }) {
		return 2
	}
	return 1
}

// A sheet of paper across has room for about so many letters that are read with ease, and
// looks lost with fewer than the least.
const (
	mostLetters  = 200
	leastLetters = 100
	// To these columns of text are narrowed for the sake of the others.
	leastKey  = 24
	leastCell = 14
)

// letterWidths are the widths of the columns on paper, in letters. Numbers stand whole;
// texts and titles go on in further lines where there is no room.
func (t Table) letterWidths() []float64 {
	var all []float64
	total := 0.0
	for i, c := range t.Columns {
		width := titleWidth(c.Title)
		for _, r := range t.Rows {
			if r.Heading == "" {
				width = max(width, export.Width(r.Cells[i].Show(c.Format)))
			}
		}
		if c.Format == Text {
			width = min(width, 44)
		}
		all = append(all, float64(max(width+2, 6)))
		total += all[i]
	}
	// widest finds the text that takes most, of those that can spare something.
	widest := func(key, cell float64) int {
		found := -1
		for i, c := range t.Columns {
			least := cell
			if c.Key {
				least = key
			}
			if c.Format == Text && all[i] > least && (found < 0 || all[i] > all[found]) {
				found = i
			}
		}
		return found
	}
	for total > mostLetters {
		i := widest(leastKey, leastCell)
		if i < 0 {
			break
		}
		all[i]--
		total--
	}
	if i := widest(0, 0); i >= 0 && total < leastLetters {
		all[i] += leastLetters - total
	}
	return all
}

// files are the kinds of files that a document can be written to, by extension.
var files = []struct {
	extension string
	write     func(Document, io.Writer) error
}{
	{".html", Document.HTML},
	{".xlsx", Document.XLSX},
}

// ForFile returns what writes a document into a file of such a name.
func ForFile(name string) (func(Document, io.Writer) error, error) {
	var known []string
	for _, f := range files {
		if strings.EqualFold(filepath.Ext(name), f.extension) {
			return f.write, nil
		}
		known = append(known, f.extension)
	}
	return nil, fmt.Errorf("%q does not say what to write; let the name end in %s", name, strings.Join(known, " or "))
}
