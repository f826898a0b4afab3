package export

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
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
)

// A Header names a column of a Table.
type Header struct {
	Title string
	// Right aligns the column to the right, as numbers are. The cells of such a
	// column are never cut.
	Right bool
	// Whole keeps every cell whole, as ids and names are: what does not fit goes
	// on in further lines, parted at spaces.
	Whole bool
	// Spare columns are left out when a table cannot fit otherwise, the highest
	// first; 0 is never left out.
	Spare int
}

// A Table is a small text table: headers, a thin rule and rows, without vertical
// bars. Its cells are plain text; escape sequences are not passed on.
type Table struct {
	// LeftOut is the format of the note under a table of which spare columns were
	// left out; its one argument is their titles.
	LeftOut string

	headers []Header
	rows    [][]string
}

// NewTable returns a table without rows.
func NewTable(headers ...Header) *Table {
	t := &Table{LeftOut: "not shown: %s"}
	for _, h := range headers {
		h.Title = Printable(h.Title)
		t.headers = append(t.headers, h)
	}
	return t
}

// Row adds a row. Missing cells are empty. Line breaks and tabs become spaces,
// other control characters U+FFFD, so that no text can break the table or drive
// the terminal.
func (t *Table) Row(cells ...string) {
	row := make([]string, max(len(cells), len(t.headers)))
	for i, cell := range cells {
		row[i] = Printable(cell)
	}
	t.rows = append(t.rows, row)
}

// Fits reports whether the table fits into width with nothing cut but the titles
// of numbers. Every table fits into 0, which is no limit.
func (t *Table) Fits(width int) bool {
	if width <= 0 {
		return true
	}
	total := 0
	for _, c := range t.columns() {
		if c.Right {
			c.width = max(c.least, min(c.width, easyTitle))
		}
		total += c.width + len(columnGap)
	}
	return total-len(columnGap) <= width
}

// Render writes the table. With a width above 0 it makes room where columns do
// not fit: it cuts texts, the widest first, then titles that are wider than the
// numbers below them, breaks whole cells at spaces, and leaves spare columns out,
// with a note. Numbers are never cut, so a table of many numbers may still be
// wider. A row with more cells than there are headers is an error.
func (t *Table) Render(w io.Writer, width int) error {
	for n, row := range t.rows {
		if len(row) > len(t.headers) {
			return fmt.Errorf("render table: row %d has %d cells for %d headers", n+1, len(row), len(t.headers))
		}
	}
	if len(t.headers) == 0 {
		return nil
	}
	columns, leftOut := fit(t.columns(), width)
	out := bufio.NewWriter(w)
	titles := make([]string, len(t.headers))
	for i, h := range t.headers {
		titles[i] = cut(h.Title, widthOf(columns, i))
	}
	total := totalWidth(columns)
	if width > 0 {
		total = min(total, width)
	}
	renderRow(out, titles, columns)
	fmt.Fprintln(out, strings.Repeat("─", total))
	for _, row := range t.rows {
		renderRow(out, row, columns)
	}
	if len(leftOut) > 0 {
		fmt.Fprintf(out, t.LeftOut+"\n", strings.Join(leftOut, ", "))
	}
	// A failed write is remembered and returned here.
	return out.Flush()
}

// renderRow writes one row, in as many lines as its whole cells need.
func renderRow(out *bufio.Writer, cells []string, columns []drawn) {
	rest := slices.Clone(cells)
	for more := true; more; {
		more = false
		var line strings.Builder
		for i, c := range columns {
			if i > 0 {
				line.WriteString(columnGap)
			}
			text := rest[c.at]
			if c.Whole && !c.Right {
				text, rest[c.at] = broken(text, c.width)
				more = more || rest[c.at] != ""
			} else {
				rest[c.at] = ""
			}
			line.WriteString(Pad(cut(text, c.width), c.width, c.Right))
		}
		out.WriteString(strings.TrimRight(line.String(), " "))
		out.WriteByte('\n')
	}
}

// broken parts a text at the last space at which its head fits into width.
func broken(text string, width int) (head, rest string) {
	if Width(text) <= width {
		return text, ""
	}
	end := 0
	for i, r := range text {
		if r == ' ' && Width(text[:i]) <= width {
			end = i
		}
	}
	if end == 0 {
		return text, ""
	}
	return text[:end], strings.TrimLeft(text[end:], " ")
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

// Printable replaces what would break a line or drive the terminal, the marks that
// turn the direction of writing among them.
func Printable(text string) string {
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
