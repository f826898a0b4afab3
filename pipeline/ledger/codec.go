package ledger

import (
	"encoding/binary"
	"encoding/hex"

	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// A project on its way through a bucket: the numbers that order and join rows
// first, at fixed places, then the row as the lake encodes it.
//
//	0   uint32  length of all that follows
//	4   uint64  key: the project by name, place and investor
//	12  uint64  code: the project by the office's code and place; 0 for none
//	20  int32   as of, a day count
//	24  uint32  place in the order of sheets read
//	28  uint32  line
//	32  uint32  rank of the place among the campaign's areas; 0 for none
//	36  …       the row
const headSize = 36

// head is the fixed part of an encoded row.
type head struct {
	key, code uint64
	asOf      record.Date
	sheet     uint32
	line      uint32
	place     uint32
}

func appendRow(dst []byte, h head, codec *lake.Codec[record.Project], p *record.Project) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, headSize)...)
	dst = codec.Append(dst, p)
	b := dst[start:]
	binary.LittleEndian.PutUint32(b, uint32(len(b)-4))
	binary.LittleEndian.PutUint64(b[4:], h.key)
	binary.LittleEndian.PutUint64(b[12:], h.code)
	binary.LittleEndian.PutUint32(b[20:], uint32(h.asOf))
	binary.LittleEndian.PutUint32(b[24:], h.sheet)
	binary.LittleEndian.PutUint32(b[28:], h.line)
	binary.LittleEndian.PutUint32(b[32:], h.place)
	return dst
}

func readHead(b []byte) head {
	return head{
		key: binary.LittleEndian.Uint64(b[4:]), code: binary.LittleEndian.Uint64(b[12:]), asOf: record.Date(binary.LittleEndian.Uint32(b[20:])),
		sheet: binary.LittleEndian.Uint32(b[24:]), line: binary.LittleEndian.Uint32(b[28:]), place: binary.LittleEndian.Uint32(b[32:]),
	}
}

// The id is the first column, has one length and is always known, so it can be
// put right where it stands: behind the bits and its length.
const idAt = 8 + 1

// setID gives an encoded row the id of a project's key.
func setID(row []byte, key uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], key)
	hex.Encode(row[idAt+1:], b[:])
}
