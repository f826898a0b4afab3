package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
	"unicode/utf8"
)

// rowMalformed is the damage of a row whose XML cannot be cut into cells.
const rowMalformed = "row_malformed"

// sheetTable is a sheet of a workbook. Next unpacks the sheet and cuts it into
// runs of rows; the cells are found where the block is read, so that several
// goroutines can share that work.
type sheetTable struct {
	book  *workbook
	sheet Sheet
	part  string

	started bool
	err     error // what every further Next returns
	damage  error // how the sheet's first reading ended, when not well
	r       *partReader
	cut     cutter
	scan    scanner
	merges  merger // todo: not yet given to a block; open: ranges that reach beyond the last block
	line    int    // of the last row that was handed out
}

func (t *sheetTable) Sheet() Sheet { return t.sheet }

func (t *sheetTable) Next() (Block, error) {
	if t.err == nil && !t.started {
		t.started = true
		t.err = t.start()
	}
	for t.err == nil {
		buf := runs.Get().(*[]byte)
		run, err := t.cut.next(*buf)
		*buf = run
		if err != nil {
			runs.Put(buf)
			t.err = t.end(err)
			break
		}
		if b := t.block(buf); b != nil {
			return b, nil
		}
		runs.Put(buf)
	}
	return nil, t.err
}

var runs = sync.Pool{New: func() any { return new([]byte) }}

// start reads what the cells of the sheet need: formats, strings, and the
// merged ranges behind them.
func (t *sheetTable) start() error {
	w := t.book
	shared, err := w.strings()
	if err != nil {
		return w.unreadable(t.sheet.Name, "the workbook's strings cannot be read", mendAnew, err)
	}
	days, err := w.days()
	if err != nil {
		return w.unreadable(t.sheet.Name, "the workbook's cell formats cannot be read", mendAnew, err)
	}
	first, err := w.parts.open(t.part, false)
	if err != nil {
		return w.unreadable(t.sheet.Name, "the sheet cannot be read", mendAnew, err)
	}
	defer first.Close()
	merges, err := readMerges(first)
	if errors.Is(err, errExpanded) || errors.Is(err, errMerges) {
		return w.unreadable(t.sheet.Name, "the sheet cannot be read", "unmerge its cells and save it anew", err)
	}
	t.damage = err // the rows before it come first
	if t.r, err = w.parts.open(t.part, true); err != nil {
		return w.unreadable(t.sheet.Name, "the sheet cannot be read", mendAnew, err)
	}
	t.cut = cutter{r: t.r, container: "sheetData", element: "row"}
	t.scan = scanner{strings: shared, days: days, date1904: w.date1904}
	t.merges.todo = merges
	return nil
}

// end is the error after the last block.
func (t *sheetTable) end(err error) error {
	t.r.Close()
	t.merges = merger{}
	if err == io.EOF && t.damage != nil {
		// All rows were there, and yet the bytes are not those that were packed.
		err = t.damage
	}
	if err == io.EOF {
		return io.EOF
	}
	if t.line == 0 {
		return t.book.unreadable(t.sheet.Name, "the sheet cannot be read", mendAnew, err)
	}
	return t.book.unreadable(t.sheet.Name, fmt.Sprintf("the sheet is damaged after row %d", t.line), mendAnew, err)
}

// block counts the rows of a run and finds the merged ranges that reach into it
// and out of it. It returns nil for a run without rows.
func (t *sheetTable) block(buf *[]byte) *sheetBlock {
	run := *buf
	t.scan.prefix = t.cut.prefix
	b := &sheetBlock{
		scan:   t.scan,
		open:   t.cut.open,
		buf:    buf,
		before: t.line,
		held:   slices.Clone(t.merges.open),
		bytes:  t.share(len(run)),
	}
	b.scan.cells, b.scan.text = nil, nil
	rows := 0
	at := 0
	for {
		tag, _, end, ok := nextRow(run, at, t.cut.open, t.line)
		if !ok {
			break
		}
		rows, at, t.line = rows+1, end, tag.line
	}
	if rows == 0 {
		return nil
	}
	n, _ := slices.BinarySearchFunc(t.merges.todo, t.line+1, func(m merge, line int) int { return int(m.top) - line })
	b.merges = t.merges.todo[:n]
	t.carry(run, b.before, n)
	return b
}

// carry takes along the ranges that reach beyond the block, with the texts of
// their first cells, of which n begin in it.
func (t *sheetTable) carry(run []byte, before, n int) {
	begun := t.merges.todo[:n]
	t.merges.todo = t.merges.todo[n:]
	beyond := func(m merge) bool { return int(m.bottom) > t.line }
	if !slices.ContainsFunc(begun, beyond) {
		t.merges.open = slices.DeleteFunc(t.merges.open, func(h held) bool {
			if beyond(h.merge) {
				return false
			}
			t.merges.mark(h.merge, false)
			return true
		})
		return
	}
	// Every range of the block is walked through, for one that ends in it may
	// stand in the way of one that does not.
	rest := t.merges.todo
	t.merges.todo = begun
	for at, line := 0, before; len(t.merges.todo) > 0; {
		tag, _, end, ok := nextRow(run, at, t.cut.open, line)
		if !ok {
			break
		}
		at, line = end, tag.line
		if int(t.merges.todo[0].top) > line {
			continue
		}
		t.scan.cells = t.scan.cells[:0]
		if !tag.closed {
			if _, ok := t.scan.row(run, end); !ok {
				t.scan.cells = t.scan.cells[:0]
			}
		}
		t.scan.cells = t.merges.row(line, t.scan.cells)
	}
	t.merges.todo = rest
	t.merges.row(t.line, nil) // lets go of what ended before
	t.merges.open = slices.DeleteFunc(t.merges.open, func(h held) bool {
		if beyond(h.merge) {
			return false
		}
		t.merges.mark(h.merge, false)
		return true
	})
}

// share is how much of the file so much XML takes.
func (t *sheetTable) share(n int) int64 {
	if t.r.full <= 0 {
		return 0
	}
	return min(int64(float64(n)/float64(t.r.full)*float64(t.r.packed)), t.r.packed)
}

// sheetBlock is a run of whole rows as they stand in the sheet.
type sheetBlock struct {
	scan   scanner
	open   []byte
	buf    *[]byte
	before int     // the number of the row before the first
	merges []merge // those that begin in it
	held   []held  // those that began before it
	bytes  int64
}

func (b *sheetBlock) Bytes() int64 { return b.bytes }

func (b *sheetBlock) Release() {
	if b.buf != nil && cap(*b.buf) <= 4*runSize {
		runs.Put(b.buf)
	}
	*b = sheetBlock{}
}

// Rows leaves out rows in which nothing stands of their own: those that are
// only formatted, and the lower rows of a record whose cells are all merged.
func (b *sheetBlock) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		if b.buf == nil {
			return
		}
		p, s := *b.buf, b.scan
		merges := merger{todo: b.merges}
		for _, h := range b.held {
			merges.begin(h)
		}
		valid := utf8.Valid(p)
		row := &Row{Line: b.before}
		for at := 0; ; {
			tag, start, end, ok := nextRow(p, at, b.open, row.Line)
			if !ok {
				return
			}
			*row = Row{Line: tag.line, Hidden: tag.hidden}
			s.cells = s.cells[:0]
			if at = end; !tag.closed {
				at, ok = s.row(p, end)
			}
			if ok && !valid && !utf8.Valid(p[start:at]) {
				row.Damage = "bytes_undecodable"
			}
			if !ok {
				row.Damage = rowMalformed
				_, at, _, _ = nextRow(p, end, b.open, tag.line)
			}
			if row.Damage != "" {
				row.Raw = bytes.TrimSpace(p[start:min(at, start+MaxRaw)])
				merges.row(tag.line, nil)
				if !yield(row) {
					return
				}
				continue
			}
			if s.cells = trim(merges.row(tag.line, trim(s.cells))); !hasOwn(s.cells) {
				continue
			}
			row.Cells = s.cells
			if !yield(row) {
				return
			}
		}
	}
}

// trim cuts off the empty cells at the end.
func trim(cells []Cell) []Cell {
	for len(cells) > 0 && len(cells[len(cells)-1].Text) == 0 {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func hasOwn(cells []Cell) bool {
	for i := range cells {
		if len(cells[i].Text) > 0 && !cells[i].Merged {
			return true
		}
	}
	return false
}
