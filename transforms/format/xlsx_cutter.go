package format

import (
	"bytes"
	"errors"
	"io"
)

const (
	runSize    = 1 << 20  // bytes of XML in a block: some 1,300 rows of 20 columns
	maxElement = 64 << 20 // of one row or one string
)

var (
	errNoContainer = errors.New("it is no sheet: nothing in it holds rows")
	errCut         = errors.New("it ends in the middle")
	errLongElement = errors.New("one element of it is larger than 64 MiB")
)

// cutter cuts a part into runs of whole elements: rows of a sheet, entries of
// the table of strings. It looks for nothing but the beginnings of elements and
// the end of what contains them.
type cutter struct {
	r                  io.Reader
	container, element string

	prefix []byte // "x:" where elements are written <x:row>; "" nearly always
	open   []byte // <x:row
	shut   []byte // </x:sheetData
	rest   []byte // read and not handed out
	begun  bool
	err    error // what comes after the last run
}

// next returns the next run, in buf where that has the room. After the last one
// it returns the part's error: io.EOF when the container was closed.
func (c *cutter) next(buf []byte) ([]byte, error) {
	if c.err != nil {
		return buf[:0], c.err
	}
	buf = append(buf[:0], c.rest...)
	c.rest = c.rest[:0]
	for want := runSize; ; want = min(2*max(runSize, len(buf)), maxElement+runSize) {
		var err error
		if buf, err = fill(c.r, buf, want); !c.begun {
			if buf = c.begin(buf); c.err != nil {
				return buf[:0], c.err
			}
		}
		end := -1
		if c.begun {
			end = c.close(buf)
		}
		switch {
		case end >= 0:
			c.err = io.EOF
			return buf[:end], nil
		case err != nil && c.begun:
			c.err = after(err, errCut)
			return c.whole(buf), nil
		case err != nil:
			c.err = after(err, errNoContainer)
			return buf[:0], c.err
		}
		if at := c.last(buf); c.begun && at > 0 {
			c.rest = append(c.rest, buf[at:]...)
			return buf[:at], nil
		}
		if len(buf) > maxElement {
			c.err = errLongElement
			return buf[:0], c.err
		}
	}
}

// after is the error of a part that ended too early.
func after(err, early error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return early
	}
	return err
}

// fill reads until buf holds want bytes.
func fill(r io.Reader, buf []byte, want int) ([]byte, error) {
	if cap(buf) < want {
		buf = append(make([]byte, 0, want), buf...)
	}
	for len(buf) < want {
		n, err := r.Read(buf[len(buf):want])
		buf = buf[:len(buf)+n]
		if err != nil {
			return buf, err
		}
	}
	return buf, nil
}

// begin drops what stands before the container's content, and all but the last
// piece of markup as long as it has not come.
func (c *cutter) begin(buf []byte) []byte {
	if isUTF16(buf) {
		c.err = errUTF16
		return buf
	}
	name := []byte(c.container)
	for at := 0; ; {
		k := bytes.Index(buf[at:], name)
		if k < 0 {
			break
		}
		at += k
		start := bytes.LastIndexByte(buf[:at], '<') + 1
		end, closed, ok := tagEnd(buf, at+len(name))
		switch {
		case !ok && len(buf)-at < maxRead:
			return keep(buf, max(0, start-1)) // the rest of the tag is still to be read
		case ok && start > 0 && isPrefix(buf[start:at]) && isDelimiter(buf[at+len(name)]):
			c.begun = true
			c.prefix = bytes.Clone(buf[start:at])
			c.open = append(append([]byte("<"), c.prefix...), c.element...)
			c.shut = append(append([]byte("</"), c.prefix...), c.container...)
			if closed {
				c.err = io.EOF
			}
			return keep(buf, end)
		}
		at += len(name)
	}
	return keep(buf, max(0, bytes.LastIndexByte(buf, '<')))
}

// maxRead bounds the length of a tag.
const maxRead = 64 << 10

// keep moves buf's end to its front.
func keep(buf []byte, from int) []byte { return buf[:copy(buf, buf[from:])] }

// isPrefix says whether b can stand between < and a name.
func isPrefix(b []byte) bool {
	return len(b) == 0 || b[len(b)-1] == ':' && b[0] != '/' && !bytes.ContainsAny(b, "<> \t\r\n\"'")
}

func isSpace(c byte) bool     { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
func isDelimiter(c byte) bool { return c == '>' || c == '/' || isSpace(c) }

// tagEnd finds the end of the tag whose name ends at i: the index behind its >,
// and whether the tag closes itself.
func tagEnd(p []byte, i int) (end int, closed, ok bool) {
	quote := byte(0)
	for ; i < len(p); i++ {
		switch c := p[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, p[i-1] == '/', true
		}
	}
	return len(p), false, false
}

// close is where the container ends, or -1.
func (c *cutter) close(buf []byte) int {
	return indexBy(buf, c.shut, len(c.shut)-len(c.container)+1)
}

// indexBy finds a needle by what stands behind its first bytes. In a sheet every
// third byte is one of <, r, s and ", while o and h are rare.
func indexBy(p, needle []byte, skip int) int {
	for at := 0; ; at++ {
		k := bytes.Index(p[at:], needle[skip:])
		if k < 0 {
			return -1
		}
		if at += k; at >= skip && bytes.HasPrefix(p[at-skip:], needle) {
			return at - skip
		}
	}
}

// last is where the last element begins, or -1.
func (c *cutter) last(buf []byte) int {
	for end := len(buf); ; {
		at := bytes.LastIndex(buf[:end], c.open)
		if at < 0 || at+len(c.open) < len(buf) && isDelimiter(buf[at+len(c.open)]) {
			return at
		}
		end = at
	}
}

// whole leaves out the element in whose middle the part ended.
func (c *cutter) whole(buf []byte) []byte {
	tag := append(append([]byte("</"), c.open[1:]...), '>')
	at := bytes.LastIndex(buf, tag)
	if at < 0 {
		return buf[:0]
	}
	return buf[:at+len(tag)]
}
