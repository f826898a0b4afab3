package format

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

const (
	defaultRecord   = 16 << 20
	defaultExpanded = 64 << 30
)

// blockSize is how much of a text file a block holds, as a rule. Tests make it
// small.
var blockSize = 4 << 20

// textFile is a CSV of any usual kind: one table.
//
// Next cuts the stream where records end. It looks at quotes only, and jumps from
// one to the next, so that it is several times as fast as the parsing of the
// blocks, which runs beside it.
type textFile struct {
	name      string
	in        io.Reader
	closer    io.Closer
	failed    error // what the stream ended with, when it was not its end
	ended     bool
	sheet     Sheet
	delimiter byte
	eol       byte
	maxRecord int

	carry   []byte // what was read and not handed out
	line    int    // of the carry's first byte
	skip    bool   // inside a line that is too long: the rest of it is dropped
	buffers *sync.Pool
}

func openText(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	if size == 0 {
		return nil, &UnreadableError{File: name, What: "it is empty", Mend: "save it again, or leave it out"}
	}
	t := &textFile{name: name, line: 1, maxRecord: limits.MaxRecord, buffers: &sync.Pool{}}
	if t.maxRecord == 0 {
		t.maxRecord = defaultRecord
	}
	in, closer, err := expand(name, io.NewSectionReader(r, 0, size), limits.MaxExpanded)
	if err != nil {
		return nil, err
	}
	t.closer = closer
	decoded, encoding, err := decode(name, in, limits.Encoding)
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	t.sheet = Sheet{Position: 1, Encoding: encoding}
	if err := t.begin(decoded, limits.Delimiter); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// begin learns from the first bytes how lines and fields end.
func (t *textFile) begin(in io.Reader, delimiter byte) error {
	head := bufio.NewReaderSize(in, headSize)
	t.in = head
	first, err := head.Peek(headSize)
	if len(first) == 0 {
		if t.failed = err; errors.Is(err, io.EOF) {
			return &UnreadableError{File: t.name, What: "it is empty", Mend: "save it again, or leave it out"}
		}
		return t.end()
	}
	t.eol = '\n'
	if bytes.IndexByte(first, '\n') < 0 && bytes.IndexByte(first, '\r') >= 0 {
		t.eol = '\r'
	}
	if line, rest, ok := bytes.Cut(first, []byte{t.eol}); ok && len(bytes.TrimRight(line, "\r")) == 5 && bytes.HasPrefix(line, []byte("sep=")) {
		// Excel's own hint, which Excel takes for no row either.
		t.delimiter = line[4]
		t.line++
		if _, err := head.Discard(len(first) - len(rest)); err != nil {
			return fmt.Errorf("read %s: %w", t.name, err)
		}
	}
	if delimiter != 0 {
		t.delimiter = delimiter
	}
	if t.delimiter == 0 {
		t.delimiter = findDelimiter(first, t.eol)
	}
	return nil
}

func (t *textFile) Tables() []Table { return []Table{t} }

func (t *textFile) Sheet() Sheet { return t.sheet }

func (t *textFile) Close() error {
	if t.closer == nil {
		return nil
	}
	return t.closer.Close()
}

// fill reads until the carry holds n bytes or the stream ends.
func (t *textFile) fill(n int) error {
	if cap(t.carry) < n {
		t.carry = append(make([]byte, 0, n), t.carry...)
	}
	for len(t.carry) < n && !t.ended {
		m, err := t.in.Read(t.carry[len(t.carry):n])
		t.carry = t.carry[:len(t.carry)+m]
		if err != nil {
			t.ended = true
			if !errors.Is(err, io.EOF) {
				t.failed = err
			}
		}
	}
	return nil
}

// end is what follows the last block: io.EOF, or why the stream broke off.
func (t *textFile) end() error {
	if t.failed == nil {
		return io.EOF
	}
	var unreadable *UnreadableError
	if errors.As(t.failed, &unreadable) {
		return t.failed
	}
	if errors.Is(t.failed, io.ErrUnexpectedEOF) {
		return &UnreadableError{File: t.name, What: "it breaks off before its end", Mend: "copy or download it again", Err: t.failed}
	}
	return fmt.Errorf("read %s: %w", t.name, t.failed)
}

// Next cuts the next block off the stream.
func (t *textFile) Next() (Block, error) {
	if t.skip {
		if err := t.skipLine(); err != nil {
			return nil, err
		}
	}
	for size := blockSize; ; size *= 2 {
		if err := t.fill(min(size, t.maxRecord+1)); err != nil {
			return nil, err
		}
		if len(t.carry) == 0 {
			return nil, t.end()
		}
		s := splitter{t.carry, t.delimiter, t.eol, t.ended}
		cut, quoted := s.cut()
		switch {
		case cut > 0:
			return t.take(cut, ""), nil
		case quoted && (t.ended || len(t.carry) > t.maxRecord):
			// The quote swallows the file: its line is given up, and the next
			// begins anew.
			if n := bytes.IndexByte(t.carry, t.eol); n >= 0 {
				return t.take(n+1, "quote_not_closed"), nil
			} else if t.ended {
				return t.take(len(t.carry), "quote_not_closed"), nil
			}
			t.skip = true
			return t.take(len(t.carry), "line_too_long"), nil
		case t.ended:
			if t.failed != nil {
				// Half a record is no record.
				return nil, t.end()
			}
			return t.take(len(t.carry), ""), nil
		case len(t.carry) > t.maxRecord:
			t.skip = true
			return t.take(len(t.carry), "line_too_long"), nil
		}
	}
}

// skipLine drops the rest of a line whose beginning was handed out.
func (t *textFile) skipLine() error {
	t.skip = false
	for {
		if n := bytes.IndexByte(t.carry, t.eol); n >= 0 {
			t.carry = t.carry[n+1:]
			t.line++
			return nil
		}
		t.carry = t.carry[:0]
		if t.ended {
			return t.end()
		}
		if err := t.fill(min(blockSize, 1<<20)); err != nil {
			return err
		}
	}
}

// take hands out the first n bytes of the carry and keeps the rest.
func (t *textFile) take(n int, damage string) Block {
	data := t.carry[:n]
	b := &textBlock{file: t, data: data, line: t.line, damage: damage, whole: t.carry[:0:cap(t.carry)]}
	t.line += bytes.Count(data, []byte{t.eol})
	rest := t.carry[n:]
	next, _ := t.buffers.Get().(*[]byte)
	if next == nil || cap(*next) < len(rest) {
		fresh := make([]byte, 0, max(blockSize, len(rest)))
		next = &fresh
	}
	t.carry = append((*next)[:0], rest...)
	return b
}

// splitter finds where the records in data end. The data begin with a record.
type splitter struct {
	data      []byte
	delimiter byte
	eol       byte
	ended     bool // nothing follows the data
}

// cut is the end of the last whole record; 0 when there is none. quoted reports
// that what follows it opens a quote that the data do not close.
func (s splitter) cut() (end int, quoted bool) {
	from := 0 // where the text outside quotes begins
	for {
		q := bytes.IndexByte(s.data[from:], '"')
		if q < 0 {
			if n := bytes.LastIndexByte(s.data[from:], s.eol); n >= 0 {
				end = from + n + 1
			}
			return end, false
		}
		q += from
		if n := bytes.LastIndexByte(s.data[from:q], s.eol); n >= 0 {
			end = from + n + 1
		}
		if q > 0 && s.data[q-1] != s.delimiter && s.data[q-1] != s.eol {
			from = q + 1 // a quote within a field is a letter like others
			continue
		}
		c := s.closing(q + 1)
		if c < 0 {
			return end, true
		}
		from = c + 1
	}
}

// closing is the place of the quote that closes a field; -1 when the data do not
// show it.
func (s splitter) closing(from int) int {
	for {
		c := bytes.IndexByte(s.data[from:], '"')
		if c < 0 {
			return -1
		}
		c += from
		if c+1 == len(s.data) && !s.ended {
			return -1 // a second quote may follow
		}
		if c+1 == len(s.data) || s.data[c+1] != '"' {
			return c
		}
		from = c + 2
	}
}

// findDelimiter finds what parts the fields: the character that most of the
// first lines have in the same number, and of those the most frequent.
func findDelimiter(data []byte, eol byte) byte {
	best, score := byte(','), 0
	for _, d := range []byte{',', '\t', ';', '|'} {
		counts := map[int]int{}
		for i, rest := 0, data; i < 50 && len(rest) > 0; i++ {
			line, after, _ := bytes.Cut(rest, []byte{eol})
			if n := countOutside(line, d); n > 0 {
				counts[n]++
			}
			rest = after
		}
		for n, lines := range counts {
			// Wide tables in many lines count for more than a few commas in notes.
			if points := lines * min(n, 30); points > score {
				best, score = d, points
			}
		}
	}
	return best
}

// countOutside counts a character outside quotes.
func countOutside(line []byte, c byte) int {
	n, quoted := 0, false
	for _, b := range line {
		switch {
		case b == '"':
			quoted = !quoted
		case b == c && !quoted:
			n++
		}
	}
	return n
}
