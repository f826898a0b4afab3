package format

import (
	"bytes"
	"iter"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// textBlock is a run of whole records, or one damaged line.
type textBlock struct {
	file   *textFile
	data   []byte
	line   int
	damage string
	whole  []byte // the buffer that data lie in
}

func (b *textBlock) Bytes() int64 { return int64(len(b.data)) }

func (b *textBlock) Release() {
	if b.whole != nil {
		whole := b.whole
		b.file.buffers.Put(&whole)
		b.whole, b.data = nil, nil
	}
}

func (b *textBlock) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		p := parser{data: b.data, line: b.line, delimiter: b.file.delimiter, eol: b.file.eol, ended: true}
		if b.damage != "" {
			yield(p.damaged(b.damage))
			return
		}
		p.clean = valid(b.data) && bytes.IndexByte(b.data, 0) < 0
		for p.next() && yield(&p.row) {
		}
	}
}

// parser cuts records into fields.
type parser struct {
	data      []byte
	at        int
	line      int
	delimiter byte
	eol       byte
	ended     bool
	clean     bool // the data are UTF-8 without NULs
	row       Row
	scratch   []byte // fields that are not as they stand
}

func (p *parser) damaged(reason string) *Row {
	raw := bytes.TrimRight(p.data, "\r\n")
	p.row = Row{Line: p.line, Raw: raw[:min(len(raw), MaxRaw)], Damage: reason}
	return &p.row
}

// next reads one record.
func (p *parser) next() bool {
	if p.at >= len(p.data) {
		return false
	}
	p.row = Row{Line: p.line, Cells: p.row.Cells[:0]}
	p.scratch = p.scratch[:0]
	rest := p.data[p.at:]
	end := bytes.IndexByte(rest, p.eol)
	record := rest
	if end >= 0 {
		record = rest[:end]
	}
	p.line++
	if bytes.IndexByte(record, '"') < 0 {
		p.at += len(record) + 1
		record = p.cutReturn(record)
		p.row.Raw = record
		p.split(record)
	} else {
		size := p.quoted(rest)
		p.at += size
		record = p.cutReturn(bytes.TrimSuffix(rest[:size], []byte{p.eol}))
		p.row.Raw = record
		p.line += bytes.Count(record, []byte{p.eol})
	}
	if !p.clean {
		p.check()
	}
	return true
}

// cutReturn takes the CR of a CRLF off.
func (p *parser) cutReturn(record []byte) []byte {
	if n := len(record); n > 0 && record[n-1] == '\r' && p.eol == '\n' {
		return record[:n-1]
	}
	return record
}

// split cuts a record without quotes.
func (p *parser) split(record []byte) {
	if len(record) == 0 {
		return // a blank line has no cells
	}
	cells := p.row.Cells
	for {
		n := bytes.IndexByte(record, p.delimiter)
		if n < 0 {
			break
		}
		cells = append(cells, Cell{Text: record[:n:n]})
		record = record[n+1:]
	}
	p.row.Cells = append(cells, Cell{Text: record})
}

// quoted cuts the record that begins rest, some of whose fields are quoted, and
// returns its length with its line end.
func (p *parser) quoted(rest []byte) int {
	s := splitter{rest, p.delimiter, p.eol, true}
	at := 0
	for {
		start := at
		var field []byte
		if at < len(rest) && rest[at] == '"' {
			if c := s.closing(at + 1); c >= 0 {
				field = p.unescape(rest[at+1 : c])
				at = c + 1
				start = at
			}
		}
		for at < len(rest) && rest[at] != p.delimiter && rest[at] != p.eol {
			at++
		}
		if tail := rest[start:at]; field == nil {
			field = tail
		} else if tail = p.lastReturn(tail, rest, at); len(tail) > 0 {
			// Letters behind a closing quote belong to the field.
			n := len(p.scratch)
			p.scratch = append(append(p.scratch, field...), tail...)
			field = p.scratch[n:len(p.scratch):len(p.scratch)]
		}
		if at == len(rest) || rest[at] == p.eol {
			p.row.Cells = append(p.row.Cells, Cell{Text: p.lastReturn(field, rest, at)})
			return min(at+1, len(rest))
		}
		p.row.Cells = append(p.row.Cells, Cell{Text: field})
		at++
	}
}

// lastReturn takes the CR of a CRLF off the last field of a record.
func (p *parser) lastReturn(field, rest []byte, at int) []byte {
	if p.eol == '\n' && (at == len(rest) || rest[at] == p.eol) && at > 0 && rest[at-1] == '\r' && len(field) > 0 && field[len(field)-1] == '\r' {
		return field[:len(field)-1]
	}
	return field
}

// unescape makes one quote of two.
func (p *parser) unescape(field []byte) []byte {
	if bytes.IndexByte(field, '"') < 0 {
		return field[:len(field):len(field)]
	}
	n := len(p.scratch)
	for {
		q := bytes.IndexByte(field, '"')
		if q < 0 {
			break
		}
		p.scratch = append(p.scratch, field[:q+1]...)
		field = field[q+2:]
	}
	p.scratch = append(p.scratch, field...)
	return p.scratch[n:len(p.scratch):len(p.scratch)]
}

// check looks at the bytes of a record in a block that is not clean: what is not
// UTF-8 may be a line that was pasted in from a file in GB18030.
func (p *parser) check() {
	raw := p.row.Raw
	switch {
	case bytes.IndexByte(raw, 0) >= 0:
		p.row.Damage = "nul_bytes"
	case utf8.Valid(raw):
		return
	default:
		if p.decodeCells() {
			return
		}
		p.row.Damage = "bytes_undecodable"
	}
	p.row.Raw, p.row.Cells = raw[:min(len(raw), MaxRaw)], p.row.Cells[:0]
}

// decodeCells reads the record's cells as GB18030.
func (p *parser) decodeCells() bool {
	decoder := simplifiedchinese.GB18030.NewDecoder()
	raw, err := decoder.Bytes(p.row.Raw)
	if err != nil || bytes.ContainsRune(raw, utf8.RuneError) {
		return false
	}
	for i, c := range p.row.Cells {
		text, err := decoder.Bytes(c.Text)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return false
		}
		p.row.Cells[i].Text = text
	}
	p.row.Raw = raw
	return true
}

// valid is utf8.Valid, at twice its speed on Chinese text.
func valid(b []byte) bool {
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c < utf8.RuneSelf:
			i++
		case c >= 0xe1 && c <= 0xec && i+2 < len(b) && b[i+1]&0xc0 == 0x80 && b[i+2]&0xc0 == 0x80:
			i += 3
		default:
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size == 1 {
				return false
			}
			i += size
		}
	}
	return true
}
