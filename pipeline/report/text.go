package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/pipeline/export"
)

// plainWidth is how wide a document is drawn where the width is not known: what is
// piped is mostly read in a terminal or mailed.
const plainWidth = 80

// Text writes the document for a terminal of width columns, in which a hanzi takes two;
// 0 is a width that is not known. Each group of columns is a block of its own beside
// the key columns, so that nothing is left out of a narrow terminal that stands in the
// files.
func (d Document) Text(w io.Writer, width int) error {
	d, err := d.prepared()
	if err != nil {
		return fmt.Errorf("draw the report: %w", err)
	}
	if width <= 0 {
		width = plainWidth
	}
	var out strings.Builder
	line := func(text string) {
		for _, part := range wrap(text, width) {
			out.WriteString(part + "\n")
		}
	}
	line(d.Heading())
	line(strings.TrimSpace(d.AsOf + "  " + d.Unit))
	for _, t := range d.Tables {
		out.WriteByte('\n')
		if t.Caption != "" {
			line(t.Caption)
		}
		if len(t.Rows) == 0 {
			line(t.Empty)
			continue
		}
		for i, block := range t.blocks() {
			if i > 0 {
				out.WriteByte('\n')
			}
			if block.title != "" {
				line("▌" + block.title)
			}
			t.drawBlock(&out, block.columns, width)
		}
	}
	out.WriteByte('\n')
	for i, note := range d.Notes {
		line(fmt.Sprintf("%d. %s", i+1, note))
	}
	line(d.Source)
	_, err = io.WriteString(w, out.String())
	return err
}

// block is what a terminal draws at once: the key columns and those of one group.
type block struct {
	title   string
	columns []int
}

func (t Table) blocks() []block {
	var keys []int
	for i, c := range t.Columns {
		if c.Key {
			keys = append(keys, i)
		}
	}
	var blocks []block
	for i, c := range t.Columns {
		if c.Key {
			continue
		}
		if n := len(blocks); n == 0 || blocks[n-1].title != c.Group {
			blocks = append(blocks, block{c.Group, append([]int{}, keys...)})
		}
		last := &blocks[len(blocks)-1]
		last.columns = append(last.columns, i)
	}
	return blocks
}

// leastText is the width below which no column of text is narrowed.
const leastText = 8

const gap = "  "

// drawBlock draws some columns. Texts that do not fit go on in further lines, and so do
// titles; numbers and days stand whole, so that a very narrow terminal is overrun.
func (t Table) drawBlock(out *strings.Builder, columns []int, width int) {
	widths := t.widths(columns, width)
	total := len(gap) * (len(columns) - 1)
	for _, w := range widths {
		total += w
	}
	var titles []string
	for _, at := range columns {
		titles = append(titles, t.Columns[at].Title)
	}
	t.drawLines(out, columns, widths, titles)
	out.WriteString(strings.Repeat("─", total) + "\n")
	for _, r := range t.Rows {
		if r.Heading != "" {
			for _, part := range wrap("— "+r.Heading, width) {
				out.WriteString(part + "\n")
			}
			continue
		}
		var cells []string
		for _, at := range columns {
			cells = append(cells, r.Cells[at].Show(t.Columns[at].Format))
		}
		t.drawLines(out, columns, widths, cells)
	}
}

// widths makes columns as wide as their cells and titles, and then narrower until they
// fit: titles of numbers first, since they break well, then the widest text.
func (t Table) widths(columns []int, width int) []int {
	widths, least := make([]int, len(columns)), make([]int, len(columns))
	total := len(gap) * (len(columns) - 1)
	for i, at := range columns {
		c := t.Columns[at]
		title, cells := export.Width(c.Title), 0
		for _, r := range t.Rows {
			if r.Heading == "" {
				cells = max(cells, export.Width(r.Cells[at].Show(c.Format)))
			}
		}
		widths[i] = max(title, cells)
		least[i] = max(cells, titleWidth(c.Title))
		if c.Format == Text {
			least[i] = min(widths[i], max(leastText, titleWidth(c.Title)))
		}
		total += widths[i]
	}
	for _, isText := range []bool{false, true} {
		for total > width {
			widest := -1
			for i, at := range columns {
				if (t.Columns[at].Format == Text) == isText && widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			widths[widest]--
			total--
		}
	}
	return widths
}

// titleWidth is the width at which a title still reads well: that of its longest word,
// of hanzi half of it.
func titleWidth(title string) int {
	least := 0
	for word := range strings.FieldsSeq(title) {
		width := export.Width(word)
		if r, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Han, r) && width > 6 {
			width = (width/2 + 1) / 2 * 2
		}
		least = max(least, width)
	}
	return least
}

// drawLines draws one row in as many lines as its cells need.
func (t Table) drawLines(out *strings.Builder, columns, widths []int, cells []string) {
	parts, lines := make([][]string, len(cells)), 0
	for i, text := range cells {
		parts[i] = []string{text}
		if export.Width(text) > widths[i] {
			parts[i] = wrap(text, widths[i])
		}
		lines = max(lines, len(parts[i]))
	}
	for n := range lines {
		var line strings.Builder
		for i, at := range columns {
			if i > 0 {
				line.WriteString(gap)
			}
			part := ""
			if n < len(parts[i]) {
				part = parts[i][n]
			}
			line.WriteString(export.Pad(part, widths[i], t.Columns[at].Format.IsNumber()))
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// wrap breaks a text into lines of at most width columns: at spaces, and between
// hanzi, but not before a mark that closes.
func wrap(text string, width int) []string {
	var lines []string
	runes := []rune(text)
	start, used, end := 0, 0, 0 // of the line, its width, and where it may end
	for i := 0; i < len(runes); i++ {
		w := export.Width(string(runes[i]))
		if used+w > width && i > start {
			if end <= start {
				end = i
			}
			lines = append(lines, strings.TrimRight(string(runes[start:end]), " "))
			for end < len(runes) && runes[end] == ' ' {
				end++
			}
			start, used, i = end, 0, end-1
			continue
		}
		used += w
		if i+1 < len(runes) && breaksBetween(runes[i], runes[i+1]) {
			end = i + 1
		}
	}
	if start < len(runes) || len(lines) == 0 {
		lines = append(lines, string(runes[start:]))
	}
	return lines
}

// breaksBetween reports whether a line may end between two letters.
func breaksBetween(a, b rune) bool {
	if a == ' ' || b == ' ' {
		return true
	}
	if strings.ContainsRune("，。；：、）”》】·", b) || strings.ContainsRune("（“《【", a) {
		return false
	}
	return unicode.Is(unicode.Han, a) || unicode.Is(unicode.Han, b)
}
