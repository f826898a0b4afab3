package export

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// Widths do not follow the locale: a file written on one machine must be aligned
// on the next. Chinese characters take two columns, ambiguous ones such as … and ·
// take one.
var widths = &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

const (
	columnGap = "  "
	ellipsis  = "…"
	// Down to easyText texts are cut first, which leaves dates and short names
	// whole; then the titles of numbers, down to easyTitle; then both, but nothing
	// below leastWidth.
	easyText   = 10
	easyTitle  = 6
	leastWidth = 3
)

// A Header names a column of a Table.
type Header struct {
	Title string
	// Right aligns the column to the right, as numbers are. The cells of such a
	// column are never cut.
	Right bool
}

// A Table is a small text table: headers, a thin rule and rows, without vertical
// bars. Its cells are plain text; escape sequences are not passed on.
type Table struct {
	headers []Header
	rows    [][]string
}

// NewTable returns a table without rows.
func NewTable(headers ...Header) *Table {
	t := &Table{}
	for _, h := range headers {
		t.headers = append(t.headers, Header{printable(h.Title), h.Right})
	}
	return t
}

// Row adds a row. Missing cells are empty. Line breaks and tabs become spaces,
// other control characters U+FFFD, so that no text can break the table or drive
// the terminal.
func (t *Table) Row(cells ...string) {
	row := make([]string, max(len(cells), len(t.headers)))
	for i, cell := range cells {
		row[i] = printable(cell)
	}
	t.rows = append(t.rows, row)
}

// Render writes the table. With a width above 0 it cuts columns that do not fit:
// texts first, the widest first, then titles that are wider than the numbers below
// them. Numbers are never cut, so a table of many numbers may still be wider. A
// row with more cells than there are headers is an error.
func (t *Table) Render(w io.Writer, width int) error {
	columns, err := t.columnWidths(width)
	if err != nil || len(columns) == 0 {
		return err
	}
	out := bufio.NewWriter(w)
	titles := make([]string, len(t.headers))
	total := len(columnGap) * (len(columns) - 1)
	for i, h := range t.headers {
		titles[i] = h.Title
		total += columns[i]
	}
	if width > 0 {
		total = min(total, width)
	}
	t.renderLine(out, titles, columns)
	fmt.Fprintln(out, strings.Repeat("─", total))
	for _, row := range t.rows {
		t.renderLine(out, row, columns)
	}
	// A failed write is remembered and returned here.
	return out.Flush()
}

func (t *Table) renderLine(out *bufio.Writer, cells []string, columns []int) {
	var line strings.Builder
	for i, cell := range cells {
		if i > 0 {
			line.WriteString(columnGap)
		}
		line.WriteString(Pad(cut(cell, columns[i]), columns[i], t.headers[i].Right))
	}
	out.WriteString(strings.TrimRight(line.String(), " "))
	out.WriteByte('\n')
}

// columnWidths returns the width of each column, shrunk to fit if it must be.
func (t *Table) columnWidths(width int) ([]int, error) {
	columns := make([]int, len(t.headers))
	numbers := make([]int, len(t.headers))
	for i, h := range t.headers {
		columns[i] = Width(h.Title)
	}
	for n, row := range t.rows {
		if len(row) > len(columns) {
			return nil, fmt.Errorf("render table: row %d has %d cells for %d headers", n+1, len(row), len(columns))
		}
		for i, cell := range row {
			columns[i] = max(columns[i], Width(cell))
			if t.headers[i].Right {
				numbers[i] = max(numbers[i], Width(cell))
			}
		}
	}
	if width <= 0 {
		return columns, nil
	}
	room := width - len(columnGap)*(len(columns)-1)
	for _, step := range []struct {
		right bool
		least int
	}{{false, easyText}, {true, easyTitle}, {false, leastWidth}, {true, leastWidth}} {
		shrink(columns, room, func(i int) (int, bool) {
			return max(step.least, numbers[i]), t.headers[i].Right == step.right
		})
	}
	return columns, nil
}

// shrink lowers the widest of the columns that may give way to one common width,
// the largest at which all columns fit into room. A column never goes below its
// least width.
func shrink(columns []int, room int, may func(i int) (least int, ok bool)) {
	at := func(i, level int) int {
		if least, ok := may(i); ok {
			return min(columns[i], max(level, least))
		}
		return columns[i]
	}
	level := 0
	for _, c := range columns {
		level = max(level, c)
	}
	// No column of a fitting table is wider than the room itself.
	for level = min(level, max(room, 0)); level >= 0; level-- {
		total := 0
		for i := range columns {
			total += at(i, level)
		}
		if total <= room {
			break
		}
	}
	for i := range columns {
		columns[i] = at(i, level)
	}
}

// Width returns how many terminal columns a text takes.
func Width(text string) int {
	return widths.StringWidth(text)
}

// Pad fills a text with spaces to width terminal columns, at its left side if right
// is set. A text that is wider is returned as it is.
func Pad(text string, width int, right bool) string {
	missing := width - Width(text)
	if missing <= 0 {
		return text
	}
	if right {
		return strings.Repeat(" ", missing) + text
	}
	return text + strings.Repeat(" ", missing)
}

// cut shortens a text to width columns, the last of which is then an ellipsis.
func cut(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	return widths.Truncate(text, width, ellipsis)
}

// Bar draws value as a horizontal bar that takes width columns at max. The bar is
// not padded. Values above max are drawn as max; a value above 0 is at least a
// thin line; a value or max that is 0, negative or not a number draws nothing.
func Bar(value, max float64, width int) string {
	const block = 8
	if !(value > 0 && max > 0) || width <= 0 {
		return ""
	}
	share := math.Min(value/max, 1)
	if math.IsInf(value, 1) {
		share = 1
	}
	eighths := int(math.Max(math.Round(share*float64(width*block)), 1))
	bar := strings.Repeat("█", eighths/block)
	if rest := eighths % block; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}

// printable replaces what would break a line or drive the terminal, the marks that
// turn the direction of writing among them.
func printable(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
