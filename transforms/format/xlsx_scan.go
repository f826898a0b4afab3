package format

import (
	"bytes"
)

// maxRow bounds the numbers of rows, a thousand times more generously than any
// spreadsheet program.
const maxRow = 1 << 30

// rowTag is the start tag of a row.
type rowTag struct {
	line   int
	hidden bool
	closed bool // <row/>
}

// nextRow finds the next row's start tag at or behind i. The row is numbered one
// more than the one before it when it has no number of its own.
func nextRow(p []byte, i int, open []byte, before int) (tag rowTag, start, end int, ok bool) {
	for {
		k := indexBy(p[i:], open, len(open)-len("ow"))
		if k < 0 {
			return rowTag{}, len(p), len(p), false
		}
		start, i = i+k, i+k+len(open)
		if i < len(p) && isDelimiter(p[i]) {
			break
		}
	}
	tag.line = before + 1
	for {
		name, value, next, ok := attribute(p, i)
		if !ok {
			// A tag out of shape: the row's content may yet be in order, or it
			// will be seen not to be.
			end, closed, _ := tagEnd(p, i)
			tag.closed = closed
			return tag, start, end, true
		}
		if i = next; len(name) == 0 {
			break
		}
		switch string(name) {
		case "r":
			if n, ok := smallNumber(value, maxRow); ok && n > 0 {
				tag.line = n
			}
		case "hidden":
			tag.hidden = isTrue(value)
		}
	}
	if tag.closed = p[i] == '/'; tag.closed {
		i++
	}
	return tag, start, min(i+1, len(p)), true
}

// attribute reads the attribute at i. At the end of the tag it returns no name
// and the index of its / or >.
func attribute(p []byte, i int) (name, value []byte, next int, ok bool) {
	for i < len(p) && isSpace(p[i]) {
		i++
	}
	start := i
	for ; i < len(p); i++ {
		switch c := p[i]; {
		case c == '>' || c == '/':
			return nil, nil, i, i == start
		case c == '<':
			return nil, nil, i, false
		case c == '=' || isSpace(c):
			name = p[start:i]
			for i < len(p) && isSpace(p[i]) {
				i++
			}
			if i+1 >= len(p) || p[i] != '=' {
				return nil, nil, i, false
			}
			for i++; i < len(p) && isSpace(p[i]); i++ {
			}
			if i >= len(p) || p[i] != '"' && p[i] != '\'' {
				return nil, nil, i, false
			}
			k := bytes.IndexByte(p[i+1:], p[i])
			if k < 0 || len(name) == 0 {
				return nil, nil, i, false
			}
			return name, p[i+1 : i+1+k], i + k + 2, true
		}
	}
	return nil, nil, i, false
}

func smallNumber(b []byte, most int) (int, bool) {
	n := 0
	for _, c := range b {
		if c-'0' > 9 {
			return 0, false
		}
		if n = n*10 + int(c-'0'); n > most {
			return 0, false
		}
	}
	return n, len(b) > 0
}

// scanner takes rows apart into cells. What it returns is valid until the next
// row; most texts lie in the XML or among the shared strings.
type scanner struct {
	prefix   []byte
	strings  *sharedStrings
	days     []bool
	date1904 bool

	cells []Cell
	text  []byte // what could not be taken as it stands
	read  bool   // the value at hand holds a section: its text was read already
}

// row reads the cells of the row whose start tag ends at i, and returns the
// index behind its end tag, or no when the XML is out of shape.
func (s *scanner) row(p []byte, i int) (end int, ok bool) {
	s.cells, s.text = s.cells[:0], s.text[:0]
	column := -1
	for {
		if i < len(p) && p[i] != '<' {
			k := bytes.IndexByte(p[i:], '<')
			if k < 0 {
				return len(p), false
			}
			i += k
		}
		if i++; i+1 >= len(p) {
			return len(p), false
		}
		if p[i] == '!' || p[i] == '?' {
			i = skipMarkup(p, i)
			continue
		}
		name := i
		if len(s.prefix) > 0 && bytes.HasPrefix(p[i:], s.prefix) {
			name += len(s.prefix)
		}
		if name+1 < len(p) && p[name] == 'c' && isDelimiter(p[name+1]) {
			if i, column, ok = s.cell(p, name+1, column); !ok {
				return i, false
			}
			continue
		}
		end, _, ok := tagEnd(p, i)
		if !ok {
			return len(p), false
		}
		switch string(tagName(p[i:end], s.prefix)) {
		case "/row":
			return end, true
		case "row": // the row before it was never closed
			return i - 1, false
		}
		i = end
	}
}

// cell reads the cell behind whose name i stands.
func (s *scanner) cell(p []byte, i, before int) (next, column int, ok bool) {
	column = before + 1
	style, kind := 0, byte('n')
	for {
		for i < len(p) && isSpace(p[i]) {
			i++
		}
		if i+2 >= len(p) {
			return len(p), 0, false
		}
		if p[i+1] != '=' || p[i+2] != '"' {
			if p[i] == '>' {
				i++
				break
			}
			if p[i] == '/' && p[i+1] == '>' {
				return i + 2, column, true
			}
			name, _, after, ok := attribute(p, i)
			if i = after; !ok || len(name) == 0 {
				return i, 0, false
			}
			continue
		}
		name := p[i]
		i += 3
		start := i
		for i < len(p) && p[i] != '"' {
			i++
		}
		if i == len(p) {
			return i, 0, false
		}
		value := p[start:i]
		i++
		switch name {
		case 'r':
			n := 0
			for _, c := range value {
				if c |= 0x20; c-'a' >= 26 || n > maxColumns {
					break
				}
				n = n*26 + int(c-'a') + 1
			}
			if n == 0 || n > maxColumns {
				return i, 0, false
			}
			column = n - 1
		case 's':
			style, _ = smallNumber(value, 1<<20)
		case 't':
			if kind = cellType(value); kind == 0 {
				return i, 0, false
			}
		}
	}
	if column >= maxColumns {
		return i, 0, false
	}
	value, rich, i, ok := s.content(p, i)
	if !ok {
		return i, 0, false
	}
	if len(value) == 0 && !rich && kind != 's' {
		return i, column, true
	}
	c, ok := s.typed(value, kind, style, rich)
	if !ok {
		return i, 0, false
	}
	if column == len(s.cells) {
		s.cells = append(s.cells, c)
		return i, column, true
	}
	for len(s.cells) <= column {
		s.cells = append(s.cells, Cell{})
	}
	s.cells[column] = c
	return i, column, true
}

// cellType is the first letter of a cell's type, with i for inlineStr and t for
// str, the text of a formula; 0 when there is no such type.
func cellType(value []byte) byte {
	switch string(value) {
	case "s", "n", "b", "e", "d":
		return value[0]
	case "str":
		return 't'
	case "inlineStr":
		return 'i'
	}
	return 0
}

// content reads what stands between a cell's tags: the bytes of <v>, or the
// text of <is>, which is already as it is meant. Formulas are passed over.
func (s *scanner) content(p []byte, i int) (value []byte, rich bool, next int, ok bool) {
	s.read = false
	for {
		k := bytes.IndexByte(p[i:], '<')
		if k < 0 || i+k+3 >= len(p) {
			return nil, false, len(p), false
		}
		i += k + 1
		if p[i] == 'v' && p[i+1] == '>' {
			if value, i = s.value(p, i+2); bytes.HasPrefix(p[i:], closeCell) {
				return value, rich, i + len(closeCell), true
			}
			continue
		}
		if p[i] == '!' || p[i] == '?' {
			i = skipMarkup(p, i)
			continue
		}
		end, closed, ok := tagEnd(p, i)
		if !ok {
			return nil, false, len(p), false
		}
		switch string(tagName(p[i:end], s.prefix)) {
		case "/c":
			return value, rich, end, true
		case "v":
			if !closed {
				value, i = s.value(p, end)
				continue
			}
		case "is":
			if !closed {
				start := len(s.text)
				if s.text, i, ok = richText(s.text, p, end, s.prefix, "is"); !ok {
					return nil, false, i, false
				}
				value, rich = s.text[start:], true
				continue
			}
		case "c", "row", "/row":
			return nil, false, i - 1, false
		}
		i = end
	}
}

// value is the text at i, up to the next tag, whose index it returns.
func (s *scanner) value(p []byte, i int) ([]byte, int) {
	k := bytes.IndexByte(p[i:], '<')
	if k < 0 {
		return nil, len(p)
	}
	if i+k+1 < len(p) && p[i+k+1] == '!' {
		start := len(s.text)
		s.text, i = charData(s.text, p, i)
		s.read = true
		return s.text[start:], i
	}
	return p[i : i+k], i + k
}

var closeCell = []byte("</v></c>")

// typed makes a cell of a value by its type and format. A number that is none,
// or a day that is none, is kept as the lesser thing that it is.
func (s *scanner) typed(value []byte, kind byte, style int, rich bool) (Cell, bool) {
	if rich {
		return Cell{Text: value}, true
	}
	switch kind {
	case 's':
		i, ok := smallNumber(bytes.TrimSpace(value), 1<<31)
		if !ok {
			return Cell{}, len(value) == 0
		}
		text, ok := s.strings.text(i)
		return Cell{Text: text}, ok
	case 'b':
		switch string(value) {
		case "1", "true":
			return Cell{Text: []byte("TRUE"), Kind: Boolean}, true
		case "0", "false":
			return Cell{Text: []byte("FALSE"), Kind: Boolean}, true
		}
	case 'e':
		return Cell{Text: s.meant(value), Kind: Fault}, true
	case 'd':
		if len(value) >= len("2021-03-05") && value[4] == '-' && value[7] == '-' && (len(value) == 10 || value[10] == 'T') {
			return Cell{Text: value[:10], Kind: Day}, true
		}
	case 'n':
		value = bytes.TrimSpace(value)
		start := len(s.text)
		if style < len(s.days) && s.days[style] {
			var ok bool
			if s.text, ok = appendDay(s.text, value, s.date1904); ok {
				return Cell{Text: s.text[start:], Kind: Day}, true
			}
		}
		if n, ok := plainNumber(value); ok {
			return Cell{Text: value[:n], Kind: Number}, true
		}
		var ok bool
		if s.text, ok = appendNumber(s.text, value); ok {
			return Cell{Text: s.text[start:], Kind: Number}, true
		}
	}
	return Cell{Text: s.meant(value)}, true
}

// meant is text with its entities and escapes read.
func (s *scanner) meant(text []byte) []byte {
	if s.read || !wantsRewriting(text) {
		return text
	}
	start := len(s.text)
	s.text = appendText(s.text, text)
	return s.text[start:]
}
