package format

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	pageRows = 2000    // rows of a block …
	pageRun  = 4 << 20 // … or bytes of them
)

// pageTable is a table of a page.
type pageTable struct {
	page  *page
	at    int64
	sheet Sheet

	err   error
	z     *html.Tokenizer
	row   pageRow
	cell  pageCell
	inRow bool
	inTD  bool
	depth int    // of tables: those in the cells of this one are layout
	whole []byte // the tag at hand
	line  int
	merge []under // by column
	block *pageBlock
}

// under is a cell that reaches into the rows below it.
type under struct {
	rows int
	text []byte
	kind Kind
}

type pageRow struct {
	line    int
	hidden  bool
	damaged bool
	column  int
	cells   []Cell
	raw     []byte
}

type pageCell struct {
	across, down int
	attrs        map[string][]byte
	data         string // the ss:Type of what it holds
	inData       bool
	inNote       bool
	text         []byte
	space        bool // white space stands before what comes
}

func (t *pageTable) Sheet() Sheet { return t.sheet }

func (t *pageTable) Next() (Block, error) {
	if t.err != nil {
		return nil, t.err
	}
	if t.z == nil {
		if t.z, t.err = t.page.tokens(t.at); t.err != nil {
			t.err = t.unreadable(t.err)
			return nil, t.err
		}
	}
	t.block = &pageBlock{}
	for t.err == nil && len(t.block.rows) < pageRows && t.block.size < pageRun {
		t.step()
	}
	if t.err != nil {
		t.z, t.merge = nil, nil
	}
	if b := t.block; len(b.rows) > 0 {
		t.block = nil
		return b, nil
	}
	return nil, t.err
}

func (t *pageTable) unreadable(err error) error {
	e := &UnreadableError{File: t.page.name, Sheet: t.sheet.Name, What: "its markup cannot be read", Mend: mendSave, Err: err}
	if err == errCut {
		e.What, e.Mend, e.Err = fmt.Sprintf("the table breaks off in row %d", t.line), "fetch it again, or open it and save it as .xlsx", nil
	}
	return e
}

// step reads one token.
func (t *pageTable) step() {
	d := t.page.dialect
	kind := d.next(t.z)
	raw := t.z.Raw()
	t.block.bytes += int64(len(raw))
	if t.inRow && len(t.row.raw) < MaxRaw {
		t.row.raw = append(t.row.raw, raw[:min(len(raw), MaxRaw-len(t.row.raw))]...)
	}
	switch kind {
	case html.ErrorToken:
		if err := tokenError(t.z); err != nil {
			t.err = t.unreadable(err)
		} else {
			t.err = t.unreadable(errCut) // the row at hand may lack its end
		}
	case html.TextToken:
		if t.inTD && (!d.xml || t.cell.inData) {
			t.write(raw)
		}
	case html.CommentToken, html.DoctypeToken:
	default:
		t.tag(kind, raw)
	}
}

// tag takes a start or end tag. Cells and rows may lack their end tags: the
// next one ends them.
func (t *pageTable) tag(kind html.TokenType, raw []byte) {
	d := t.page.dialect
	t.whole = append(t.whole[:0], raw...)
	b, more := t.z.TagName()
	name := strings.TrimPrefix(string(b), "ss:")
	if name == d.table && !t.nest(kind) {
		return
	}
	selfClosed := kind == html.SelfClosingTagToken && d.xml
	if name == d.table && selfClosed {
		t.err = io.EOF
		return
	}
	if t.depth > 1 && (name == d.row || name == d.cell || name == "th") {
		name = "div"
	}
	if kind == html.EndTagToken {
		switch name {
		case d.cell, "th":
			t.endCell()
		case d.row:
			t.endRow()
		case d.table, "html", "body":
			t.endRow()
			t.err = io.EOF
		case "data":
			t.cell.inData = false
		case "comment":
			t.cell.inNote = false
		case "p", "div", "li":
			t.cell.space = t.cell.space || len(t.cell.text) > 0
		}
		return
	}
	switch name {
	case d.row:
		t.endRow()
		t.beginRow(attrs(t.z, more))
		if selfClosed {
			t.endRow()
		}
	case d.cell, "th":
		t.endCell()
		if !t.inRow {
			t.beginRow(nil)
		}
		t.beginCell(attrs(t.z, more))
		if selfClosed {
			t.endCell()
		}
	case "comment":
		t.cell.inNote = !selfClosed
	case "data":
		if d.xml && t.inTD && !t.cell.inNote {
			t.cell.inData = !selfClosed
			t.cell.data = string(attrs(t.z, more)["type"])
		}
	case "br", "p", "div", "li":
		if t.inTD && !d.xml && len(t.cell.text) > 0 {
			t.cell.text = append(bytes.TrimRight(t.cell.text, "\n"), '\n')
			t.cell.space = false
		}
	case "script", "style":
		if !d.xml { // its content is one text token
			if kind == html.StartTagToken && t.z.Next() == html.TextToken {
				t.block.bytes += int64(len(t.z.Raw()))
			}
		}
	}
}

// nest counts tables, and says whether the tag is that of this one.
func (t *pageTable) nest(kind html.TokenType) bool {
	if kind == html.EndTagToken {
		t.depth--
		return t.depth == 0
	}
	t.depth++
	return t.depth == 1
}

func (t *pageTable) beginRow(a map[string][]byte) {
	t.line++
	if n, ok := smallNumber(a["index"], maxRow); ok && t.page.dialect.xml && n > t.line {
		t.skip(n - t.line)
		t.line = n
	}
	style := strings.ToLower(strings.ReplaceAll(string(a["style"]), " ", ""))
	t.row = pageRow{
		line:   t.line,
		hidden: strings.Contains(style, "display:none") || string(a["hidden"]) == "1" && t.page.dialect.xml,
		raw:    append(t.row.raw[:0], t.whole[:min(len(t.whole), MaxRaw)]...),
	}
	t.inRow = true
}

// skip lets rows go by that the file leaves out.
func (t *pageTable) skip(rows int) {
	for i := range t.merge {
		t.merge[i].rows = max(0, t.merge[i].rows-rows)
	}
}

func (t *pageTable) beginCell(a map[string][]byte) {
	t.cell = pageCell{across: 1, down: 1, attrs: a, text: t.cell.text[:0]}
	t.inTD = true
	if !t.page.dialect.xml {
		t.cell.across, t.cell.down = span(a["colspan"]), span(a["rowspan"])
		if string(a["rowspan"]) == "0" { // to the end
			t.cell.down = maxRow
		}
		return
	}
	if n, ok := smallNumber(a["mergeacross"], maxColumns); ok {
		t.cell.across += n
	}
	if n, ok := smallNumber(a["mergedown"], maxRow); ok {
		t.cell.down += n
	}
	if n, ok := smallNumber(a["index"], maxColumns); ok && n > t.row.column {
		t.under(n - 1)
	}
}

// span is how many columns or rows an attribute names, 1 when it names none.
func span(v []byte) int {
	n, ok := smallNumber(bytes.TrimSpace(v), maxRow)
	if !ok || n < 1 {
		return 1
	}
	return n
}

// under moves to a column, giving the cells on the way what reaches into them
// from above.
func (t *pageTable) under(column int) {
	for t.row.column < column && len(t.row.cells) < maxColumns {
		c := Cell{}
		if i := t.row.column; i < len(t.merge) && t.merge[i].rows > 0 {
			m := &t.merge[i]
			m.rows--
			c = Cell{Text: m.text, Kind: m.kind, Merged: len(m.text) > 0}
		}
		t.row.cells = append(t.row.cells, c)
		t.row.column++
	}
}

// write adds text to the cell: white space is one space, and none at its ends.
func (t *pageTable) write(raw []byte) {
	text, ok := t.page.charset.decode(raw)
	t.row.damaged = t.row.damaged || !ok
	if section, ok := bytes.CutPrefix(text, cdata); ok && t.page.dialect.xml {
		text = bytes.TrimSuffix(section, []byte("]]>"))
	} else if bytes.IndexByte(text, '&') >= 0 {
		text = []byte(html.UnescapeString(string(text)))
	}
	c := &t.cell
	if t.page.dialect.xml {
		c.text = append(c.text, text...)
		return
	}
	for _, r := range string(text) {
		if r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' || r == '\u00a0' {
			c.space = true
			continue
		}
		if c.space && len(c.text) > 0 && c.text[len(c.text)-1] != '\n' {
			c.text = append(c.text, ' ')
		}
		c.space = false
		c.text = append(c.text, string(r)...)
	}
}

func (t *pageTable) endCell() {
	if !t.inTD {
		return
	}
	t.inTD = false
	for t.row.column < len(t.merge) && t.merge[t.row.column].rows > 0 && t.cell.attrs["index"] == nil {
		t.under(t.row.column + 1) // taken from above
	}
	first := t.value()
	for i := range t.cell.across {
		at := t.row.column
		if at >= maxColumns {
			break
		}
		t.row.cells = append(t.row.cells, Cell{Text: first.Text, Kind: first.Kind, Merged: i > 0 && len(first.Text) > 0})
		for len(t.merge) <= at {
			if t.cell.down == 1 {
				break
			}
			t.merge = append(t.merge, under{})
		}
		if at < len(t.merge) {
			t.merge[at] = under{rows: t.cell.down - 1, text: first.Text, kind: first.Kind}
		}
		t.row.column++
	}
}

// value is the cell's text and kind. The number behind a cell (x:num) counts
// when the cell shows a number, which may be rounded; when it shows a date or
// 12%, what it shows counts.
func (t *pageTable) value() Cell {
	c := &t.cell
	text := bytes.TrimRight(c.text, "\n ")
	kind := Text
	if t.page.dialect.xml {
		text = c.text
		switch c.data {
		case "Number":
			if n, ok := appendNumber(nil, bytes.TrimSpace(text)); ok {
				text, kind = n, Number
			}
		case "DateTime":
			if len(text) >= 10 && text[4] == '-' && text[7] == '-' {
				text, kind = text[:10], Day
			}
		case "Boolean":
			if kind = Boolean; string(text) == "1" {
				text = []byte("TRUE")
			} else {
				text = []byte("FALSE")
			}
		case "Error":
			kind = Fault
		}
		return Cell{Text: bytes.Clone(text), Kind: kind}
	}
	if exact, ok := c.attrs["x:num"]; ok && !isTextFormat(c.attrs["style"]) {
		shown := bytes.ReplaceAll(text, []byte(","), nil)
		if n, ok := appendNumber(nil, shown); ok {
			text, kind = n, Number
			if n, ok = appendNumber(nil, exact); ok {
				text = n
			}
		}
	}
	if _, ok := c.attrs["x:err"]; ok {
		kind = Fault
	}
	return Cell{Text: bytes.Clone(text), Kind: kind}
}

// isTextFormat knows the style of a cell that is text whatever it looks like.
func isTextFormat(style []byte) bool {
	_, format, ok := strings.Cut(string(style), "mso-number-format:")
	return ok && strings.HasPrefix(strings.TrimLeft(format, ` "'\`), "@")
}

func (t *pageTable) endRow() {
	t.endCell()
	if !t.inRow {
		return
	}
	t.inRow = false
	own := hasOwn(t.row.cells)
	t.under(len(t.merge))
	r := Row{Line: t.row.line, Hidden: t.row.hidden}
	switch {
	case t.row.damaged:
		r.Damage, r.Raw = "bytes_undecodable", bytes.Clone(t.row.raw)
	case own:
		r.Cells = slices.Clip(trim(t.row.cells))
	default:
		return
	}
	t.block.size += len(t.row.raw) + 32*len(r.Cells)
	t.block.rows = append(t.block.rows, r)
}

// pageBlock is a run of rows of a page.
type pageBlock struct {
	rows  []Row
	size  int
	bytes int64
}

func (b *pageBlock) Bytes() int64 { return b.bytes }
func (b *pageBlock) Release()     { *b = pageBlock{} }

func (b *pageBlock) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for i := range b.rows {
			if !yield(&b.rows[i]) {
				return
			}
		}
	}
}
