package format

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
)

// merge is a merged range.
type merge struct {
	top, bottom uint32 // rows, from 1
	left, right uint16 // columns, from 0
}

const (
	maxMerges  = 1 << 20
	maxColumns = 16384
)

var errMerges = errors.New("it has more than 1,048,576 merged ranges")

// readMerges reads a sheet for its merged ranges, which stand behind the rows
// that they are about, and sorts them by their first row.
func readMerges(r io.Reader) ([]merge, error) {
	var merges []merge
	var err error
	buf := make([]byte, 0, 256<<10)
	seen := 0 // 0: before the rows, 1: in them, 2: behind
	for err == nil {
		buf, err = fill(r, buf, cap(buf))
		rest := buf
		for ; seen < 2; seen++ {
			k := indexBy(rest, []byte("sheetData"), 1)
			if k < 0 {
				break
			}
			rest = rest[k+len("sheetData"):]
			if bytes.HasPrefix(rest, []byte("/>")) {
				seen++
			}
		}
		if seen < 2 {
			buf = keep(buf, max(len(buf)-len(rest), len(buf)-len("<x:sheetData/>")))
			continue
		}
		for {
			k := bytes.Index(rest, []byte("mergeCell "))
			if k < 0 {
				rest = rest[max(0, len(rest)-len("mergeCell ")):]
				break
			}
			end, _, ok := tagEnd(rest, k)
			if !ok {
				if rest = rest[k:]; len(rest) > maxRead {
					rest = nil
				}
				break
			}
			m, ok := readMerge(rest[k:end])
			rest = rest[end:]
			if !ok {
				continue
			}
			if len(merges) == maxMerges {
				return nil, errMerges
			}
			merges = append(merges, m)
		}
		buf = keep(buf, len(buf)-len(rest))
	}
	slices.SortStableFunc(merges, func(a, b merge) int { return cmp.Compare(a.top, b.top) })
	if err == io.EOF {
		err = nil
	}
	return merges, err
}

// readMerge reads the range of a mergeCell tag. A range of one cell is none.
func readMerge(tag []byte) (merge, bool) {
	for i := len("mergeCell"); ; {
		name, value, next, ok := attribute(tag, i)
		if !ok || len(name) == 0 {
			return merge{}, false
		}
		if i = next; string(name) != "ref" {
			continue
		}
		from, to, ok := bytes.Cut(value, []byte(":"))
		left, top, ok1 := cellPlace(from)
		right, bottom, ok2 := cellPlace(to)
		if !ok || !ok1 || !ok2 || right < left || bottom < top || left == right && top == bottom {
			return merge{}, false
		}
		return merge{top: uint32(top), bottom: uint32(bottom), left: uint16(left), right: uint16(right)}, true
	}
}

// cellPlace reads B7 or $B$7: the column from 0 and the row from 1.
func cellPlace(ref []byte) (column, row int, ok bool) {
	ref = bytes.ReplaceAll(ref, []byte("$"), nil)
	i := 0
	for i < len(ref) && i < 4 && (ref[i]|0x20)-'a' < 26 {
		column = column*26 + int(ref[i]|0x20-'a') + 1
		i++
	}
	if i == 0 || i == len(ref) || column > maxColumns {
		return 0, 0, false
	}
	for ; i < len(ref); i++ {
		if ref[i]-'0' > 9 || row > maxRow/10 {
			return 0, 0, false
		}
		row = row*10 + int(ref[i]-'0')
	}
	return column - 1, row, row > 0
}

// held is a merged range whose first cell was read.
type held struct {
	merge
	text []byte
	kind Kind
}

// merger gives the text of merged ranges to the cells that they cover, in one
// walk through rows in order. Ranges do not overlap in a sound workbook; one
// that overlaps another is left out, so that a row costs no more than its width.
type merger struct {
	todo  []merge // not begun, by their first row
	open  []held
	taken []bool // columns under an open range
}

// row covers cells, the row's own, which scan may have cut short.
func (m *merger) row(line int, cells []Cell) []Cell {
	if len(m.open) == 0 && (len(m.todo) == 0 || int(m.todo[0].top) > line) {
		return cells
	}
	m.open = slices.DeleteFunc(m.open, func(h held) bool {
		ended := int(h.bottom) < line
		if ended {
			m.mark(h.merge, false)
		}
		return ended
	})
	for len(m.todo) > 0 && int(m.todo[0].top) <= line {
		next := m.todo[0]
		m.todo = m.todo[1:]
		if int(next.top) < line || int(next.left) >= len(cells) || len(cells[next.left].Text) == 0 {
			continue // its first cell is empty
		}
		first := cells[next.left]
		m.begin(held{merge: next, text: bytes.Clone(first.Text), kind: first.Kind})
	}
	for i := range m.open {
		h := &m.open[i]
		right := int(h.right)
		if right == maxColumns-1 { // whole rows were merged: as far as there are cells
			right = min(right, len(cells)-1)
		}
		for c := int(h.left); c <= right; c++ {
			if c == int(h.left) && int(h.top) == line {
				continue
			}
			for len(cells) <= c {
				cells = append(cells, Cell{})
			}
			cells[c] = Cell{Text: h.text, Kind: h.kind, Merged: true}
		}
	}
	return cells
}

func (m *merger) begin(h held) {
	if m.taken == nil {
		m.taken = make([]bool, maxColumns)
	}
	if slices.Contains(m.taken[h.left:int(h.right)+1], true) {
		return
	}
	m.mark(h.merge, true)
	m.open = append(m.open, h)
}

func (m *merger) mark(r merge, taken bool) {
	for c := int(r.left); c <= int(r.right); c++ {
		m.taken[c] = taken
	}
}
