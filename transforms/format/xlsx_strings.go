package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// sharedStrings is the table of strings that the cells of a workbook point
// into: texts one behind the other in chunks, each with its length before it,
// and four bytes a string to say where. It does not change once it is read.
type sharedStrings struct {
	chunks [][]byte
	places []uint32 // chunk << chunkBits | offset
}

const (
	chunkBits = 18 // a chunk holds 256 KiB, or one string that is longer
	maxChunks = 1 << (32 - chunkBits)
)

var errNotUTF8 = errors.New("its text is not UTF-8")

// sharedStrings reads the table. A workbook without strings has none.
func (p *parts) sharedStrings(part string) (*sharedStrings, error) {
	s := &sharedStrings{}
	if part == "" {
		if part = "xl/sharedStrings.xml"; !p.has(part) {
			return s, nil
		}
	}
	r, err := p.open(part, false)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cut := cutter{r: r, container: "sst", element: "si"}
	var buf, text []byte
	for {
		if buf, err = cut.next(buf); err == io.EOF {
			return s, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", part, err)
		}
		for i := 0; ; {
			k := bytes.Index(buf[i:], cut.open)
			if k < 0 {
				break
			}
			if i += k + len(cut.open); i >= len(buf) || !isDelimiter(buf[i]) {
				continue
			}
			end, closed, ok := tagEnd(buf, i)
			i, text = end, text[:0]
			if ok && !closed {
				text, i, ok = richText(text, buf, end, cut.prefix, "si")
			}
			switch {
			case !ok:
				return nil, fmt.Errorf("%s: string %d: %w", part, len(s.places), errCut)
			case !utf8.Valid(text):
				return nil, fmt.Errorf("%s: string %d: %w", part, len(s.places), errNotUTF8)
			case !s.add(text):
				return nil, fmt.Errorf("%s: %w", part, errExpanded)
			}
		}
	}
}

// add says whether there was room.
func (s *sharedStrings) add(text []byte) bool {
	need := len(text) + binary.MaxVarintLen32
	last := len(s.chunks) - 1
	if last < 0 || cap(s.chunks[last])-len(s.chunks[last]) < need {
		if last++; last == maxChunks {
			return false
		}
		s.chunks = append(s.chunks, make([]byte, 0, max(1<<chunkBits, need)))
	}
	c := s.chunks[last]
	s.places = append(s.places, uint32(last<<chunkBits|len(c)))
	s.chunks[last] = append(binary.AppendUvarint(c, uint64(len(text))), text...)
	return true
}

// text is string i, for as long as anybody holds it.
func (s *sharedStrings) text(i int) ([]byte, bool) {
	if uint(i) >= uint(len(s.places)) {
		return nil, false
	}
	place := s.places[i]
	c := s.chunks[place>>chunkBits][place&(1<<chunkBits-1):]
	if n := int(c[0]); n < 0x80 {
		return c[1 : 1+n : 1+n], true
	}
	n, w := binary.Uvarint(c)
	end := w + int(n)
	return c[w:end:end], true
}
