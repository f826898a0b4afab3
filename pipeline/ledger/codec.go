package ledger

import (
	"encoding/binary"
	"unsafe"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// A project on its way through a bucket: the numbers that order and join rows
// first, at fixed places, then the project itself.
//
//	0   uint32  length of all that follows
//	4   uint64  key: the project by name, place and investor
//	12  uint64  code: the project by the office's code and place; 0 for none
//	20  int32   as of, a day count
//	24  uint32  place in the order of sheets read
//	28  uint32  line
//	32  uint32  rank of the place among the campaign's areas; 0 for none
//	36  …       presence bits, numbers, texts
const headSize = 36

// head is the fixed part of an encoded row.
type head struct {
	key, code uint64
	asOf      record.Date
	sheet     uint32
	line      uint32
	place     uint32
}

func appendRow(dst []byte, h head, p *record.Project) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = binary.LittleEndian.AppendUint64(dst, h.key)
	dst = binary.LittleEndian.AppendUint64(dst, h.code)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(h.asOf))
	dst = binary.LittleEndian.AppendUint32(dst, h.sheet)
	dst = binary.LittleEndian.AppendUint32(dst, h.line)
	dst = binary.LittleEndian.AppendUint32(dst, h.place)
	dst = appendProject(dst, p)
	binary.LittleEndian.PutUint32(dst[start:], uint32(len(dst)-start-4))
	return dst
}

func readHead(b []byte) head {
	return head{
		key: binary.LittleEndian.Uint64(b[4:]), code: binary.LittleEndian.Uint64(b[12:]), asOf: record.Date(binary.LittleEndian.Uint32(b[20:])),
		sheet: binary.LittleEndian.Uint32(b[24:]), line: binary.LittleEndian.Uint32(b[28:]),
		place: binary.LittleEndian.Uint32(b[32:]),
	}
}

// The fields of a project by kind. Their order is the order in a row.
//
// The id is made of the head's key, and the sheet's name stands with the sheet.
func texts(p *record.Project) [15]*string {
	return [15]*string{
		&p.Code, &p.Name, (*string)(&p.ZoneID), (*string)(&p.CityID), (*string)(&p.CountyID), &p.Industry,
		&p.Investor, &p.Content, &p.ChainLeader, &p.Obstacle, &p.Note, (*string)(&p.Round), (*string)(&p.SignedRound), &p.Flags,
		(*string)(&p.SourceID),
	}
}

func amounts(p *record.Project) [6]**record.CNY {
	return [6]**record.CNY{
		&p.InvestmentCNY, &p.ExpectedOutputCNY, &p.ActualOutputCNY, &p.InvestmentLowCNY, &p.InvestmentHighCNY, &p.InvestmentForeign,
	}
}

func marks(p *record.Project) [3]**bool {
	return [3]**bool{&p.StandardLand, &p.Commitment, &p.FullAgency}
}

func days(p *record.Project) [5]*record.Date {
	return [5]*record.Date{&p.SignedOn, &p.StartedOn, &p.CommissionedOn, &p.OnTargetOn, &p.AsOf}
}

func words(p *record.Project) [7]*string {
	return [7]*string{
		(*string)(&p.Stage), (*string)(&p.SignedPrecision), (*string)(&p.StartedPrecision), (*string)(&p.CommissionedPrecision),
		(*string)(&p.OnTargetPrecision), &p.IndustryStatus, &p.InvestmentCurrency,
	}
}

// vocabulary are the words of closed sets, which travel as one byte. 0 is "",
// and 255 says that the word itself follows.
var vocabulary = []string{
	"", "day", "month", "quarter", "half", "year", "reserved", "signed", "started", "commissioned", "on_target", "published", "assigned",
	"USD", "HKD", "EUR", "JPY",
}

var wordCodes = func() map[string]byte {
	codes := map[string]byte{}
	for i, w := range vocabulary {
		codes[w] = byte(i)
	}
	return codes
}()

const spelled = 255

func appendProject(dst []byte, p *record.Project) []byte {
	var bits uint32
	at := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	for i, m := range amounts(p) {
		if *m != nil {
			bits |= 1 << i
			dst = binary.AppendVarint(dst, int64(**m))
		}
	}
	for i, m := range marks(p) {
		if *m != nil {
			bits |= 1 << (6 + 2*i)
			if **m {
				bits |= 2 << (6 + 2*i)
			}
		}
	}
	if p.Approximate {
		bits |= 1 << 12
	}
	if p.Synthetic {
		bits |= 1 << 13
	}
	for i, d := range days(p) {
		if *d != 0 {
			bits |= 1 << (14 + i)
			dst = binary.AppendVarint(dst, int64(*d))
		}
	}
	dst = binary.AppendUvarint(dst, uint64(p.Line))
	for _, w := range words(p) {
		if code, ok := wordCode(*w); ok {
			dst = append(dst, code)
		} else {
			dst = appendText(append(dst, spelled), *w)
		}
	}
	for _, t := range texts(p) {
		dst = appendText(dst, *t)
	}
	binary.LittleEndian.PutUint32(dst[at:], bits)
	return dst
}

func wordCode(w string) (byte, bool) {
	if w == "" {
		return 0, true
	}
	code, ok := wordCodes[w]
	return code, ok
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// numbers hold what a decoded project's pointers point to.
type numbers [6]record.CNY

var yesNo = [2]bool{false, true}

// readProject decodes what appendRow made of a project. Its texts are views of b
// and its amounts point into n.
func readProject(b []byte, campaign string, p *record.Project, n *numbers) {
	*p = record.Project{Campaign: campaign}
	d := decoder{b[headSize:]}
	bits := binary.LittleEndian.Uint32(d.b)
	d.b = d.b[4:]
	for i, m := range amounts(p) {
		if bits&(1<<i) != 0 {
			n[i] = record.CNY(d.varint())
			*m = &n[i]
		}
	}
	for i, m := range marks(p) {
		if mark := bits >> (6 + 2*i); mark&1 != 0 {
			*m = &yesNo[mark>>1&1]
		}
	}
	p.Approximate, p.Synthetic = bits&(1<<12) != 0, bits&(1<<13) != 0
	for i, day := range days(p) {
		if bits&(1<<(14+i)) != 0 {
			*day = record.Date(d.varint())
		}
	}
	p.Line = int32(d.uvarint())
	for _, w := range words(p) {
		code := d.b[0]
		d.b = d.b[1:]
		if code == spelled {
			*w = d.text()
		} else {
			*w = vocabulary[code]
		}
	}
	for _, t := range texts(p) {
		*t = d.text()
	}
}

type decoder struct{ b []byte }

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	d.b = d.b[n:]
	return v
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	d.b = d.b[n:]
	return v
}

func (d *decoder) text() string {
	n := int(d.uvarint())
	if n == 0 {
		return ""
	}
	text := unsafe.String(&d.b[0], n)
	d.b = d.b[n:]
	return text
}
