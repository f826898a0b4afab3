package lake

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"unsafe"

	"github.com/parquet-go/parquet-go"
)

// Encoded rows are rows on their way to a file that do not stay structs: bytes
// that can lie in a temporary file, be put in order, and be written column by
// column without becoming structs again.
//
//	uint64  a bit for each column that has a value
//	then for each of these, in the order of the columns:
//	text    uvarint length, bytes
//	int32   4 bytes, int64 8 bytes, little endian; bool 1 byte
//
// Lists and floats are not encoded: no table that needs this has them.

// Codec encodes and decodes rows of one type.
type Codec[T any] struct {
	columns []column
}

// NewCodec makes the codec of a row type of a table.
func NewCodec[T any]() (*Codec[T], error) {
	columns, err := columnsOf[T](parquet.SchemaOf(new(T)))
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		if c.kind == listField || c.kind == floatField || len(columns) > 64 {
			return nil, fmt.Errorf("encode rows: %T has a field that is not encoded", *new(T))
		}
	}
	return &Codec[T]{columns}, nil
}

// Append encodes a row.
func (c *Codec[T]) Append(dst []byte, row *T) []byte {
	at := len(dst)
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0)
	var known uint64
	base := unsafe.Pointer(row)
	for i := range c.columns {
		f := &c.columns[i]
		p := unsafe.Add(base, f.offset)
		if f.pointer {
			if p = *(*unsafe.Pointer)(p); p == nil {
				continue
			}
		}
		switch f.kind {
		case textField:
			text := *(*string)(p)
			if text == "" && f.optional {
				continue
			}
			if n := len(text); n < 0x80 {
				dst = append(dst, byte(n))
			} else {
				dst = binary.AppendUvarint(dst, uint64(n))
			}
			dst = append(dst, text...)
		case int32Field:
			n := *(*uint32)(p)
			if n == 0 && f.optional && !f.pointer {
				continue
			}
			dst = binary.LittleEndian.AppendUint32(dst, n)
		case int64Field:
			n := *(*uint64)(p)
			if n == 0 && f.optional && !f.pointer {
				continue
			}
			dst = binary.LittleEndian.AppendUint64(dst, n)
		case boolField:
			dst = append(dst, *(*byte)(p))
		}
		known |= 1 << i
	}
	binary.LittleEndian.PutUint64(dst[at:], known)
	return dst
}

// Decode reads a row that Append made. Its texts are views of data; numbers that
// may be unknown are allocated.
func (c *Codec[T]) Decode(data []byte, row *T) {
	*row = *new(T)
	known := binary.LittleEndian.Uint64(data)
	data = data[8:]
	base := unsafe.Pointer(row)
	for i := range c.columns {
		if known&(1<<i) == 0 {
			continue
		}
		f := &c.columns[i]
		p := unsafe.Add(base, f.offset)
		switch f.kind {
		case textField:
			var text []byte
			text, data = cutText(data)
			*(*string)(p) = unsafe.String(unsafe.SliceData(text), len(text))
		case int32Field:
			n := int32(binary.LittleEndian.Uint32(data))
			data = data[4:]
			if f.pointer {
				*(**int32)(p) = &n
			} else {
				*(*int32)(p) = n
			}
		case int64Field:
			n := int64(binary.LittleEndian.Uint64(data))
			data = data[8:]
			if f.pointer {
				*(**int64)(p) = &n
			} else {
				*(*int64)(p) = n
			}
		case boolField:
			b := data[0] == 1
			data = data[1:]
			if f.pointer {
				*(**bool)(p) = &b
			} else {
				*(*bool)(p) = b
			}
		}
	}
}

func cutText(data []byte) (text, rest []byte) {
	n, size := uint64(data[0]), 1
	if n >= 0x80 {
		n, size = binary.Uvarint(data)
	}
	data = data[size:]
	return data[:n:n], data[n:]
}

// WriteEncoded appends encoded rows, which must be in the order named to
// NewWriter.
func (w *Writer[T]) WriteEncoded(rows [][]byte) error {
	if w.apart == nil {
		w.apart = newApart(w.columns)
	}
	for len(rows) > 0 {
		n := min(len(rows), chunk, rowGroup-w.group)
		w.apart.take(rows[:n])
		writers := w.parquet.ColumnWriters()
		for i := range w.columns {
			if _, err := writers[w.columns[i].index].WriteRowValues(w.apart.of(i, n)); err != nil {
				return fmt.Errorf("write %s: %w", w.path, err)
			}
		}
		rows = rows[n:]
		if err := w.wrote(n); err != nil {
			return err
		}
	}
	return nil
}

// apart is a chunk of encoded rows, taken apart into columns.
type apart struct {
	columns []column
	values  [][chunk]parquet.Value
	nulls   [][chunk]parquet.Value // as many NULLs of each column
	some    uint64                 // a bit for each column with a value in the chunk
	all     uint64                 // a bit for each column without a NULL
}

func newApart(columns []column) *apart {
	a := &apart{columns: columns, values: make([][chunk]parquet.Value, len(columns)), nulls: make([][chunk]parquet.Value, len(columns))}
	for i, c := range columns {
		for k := range a.nulls[i] {
			a.nulls[i][k] = c.null
		}
	}
	return a
}

// of is a column's values for the n rows taken.
func (a *apart) of(i, n int) []parquet.Value {
	if a.some&(1<<i) == 0 {
		return a.nulls[i][:n]
	}
	return a.values[i][:n]
}

// take takes rows apart. Only the columns that have values are touched: most rows
// of most tables leave half of them out.
func (a *apart) take(rows [][]byte) {
	a.some, a.all = 0, ^uint64(0)
	for _, row := range rows {
		known := binary.LittleEndian.Uint64(row)
		a.some |= known
		a.all &= known
	}
	for mixed := a.some &^ a.all; mixed != 0; mixed &= mixed - 1 {
		i := bits.TrailingZeros64(mixed)
		copy(a.values[i][:len(rows)], a.nulls[i][:len(rows)])
	}
	for k, row := range rows {
		data := row[8:]
		for known := binary.LittleEndian.Uint64(row); known != 0; known &= known - 1 {
			i := bits.TrailingZeros64(known)
			f := &a.columns[i]
			var v parquet.Value
			switch f.kind {
			case textField:
				n, size := uint64(data[0]), 1
				if n >= 0x80 {
					n, size = binary.Uvarint(data)
				}
				text := data[size : size+int(n)]
				data = data[size+int(n):]
				v = parquet.ByteArrayValue(text)
			case int32Field:
				v = parquet.Int32Value(int32(binary.LittleEndian.Uint32(data)))
				data = data[4:]
			case int64Field:
				v = parquet.Int64Value(int64(binary.LittleEndian.Uint64(data)))
				data = data[8:]
			case boolField:
				v = parquet.BooleanValue(data[0] == 1)
				data = data[1:]
			}
			if f.defined > 0 {
				v = v.Level(0, f.defined, f.index)
			}
			a.values[i][k] = v
		}
	}
}
