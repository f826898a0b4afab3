package format

import (
	"bytes"
	"encoding/csv"
	"io"
	"iter"
)

// interim
func openText(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, err
	}
	return &interim{data: data}, nil
}

type interim struct {
	data []byte
	done bool
}

func (t *interim) Tables() []Table { return []Table{t} }
func (t *interim) Close() error    { return nil }
func (t *interim) Sheet() Sheet    { return Sheet{Position: 1} }
func (t *interim) Next() (Block, error) {
	if t.done {
		return nil, io.EOF
	}
	t.done = true
	return t, nil
}
func (t *interim) Bytes() int64 { return int64(len(t.data)) }
func (t *interim) Release()     {}
func (t *interim) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		c := csv.NewReader(bytes.NewReader(t.data))
		c.FieldsPerRecord = -1
		for {
			rec, err := c.Read()
			if err != nil {
				return
			}
			line, _ := c.FieldPos(0)
			row := &Row{Line: line}
			for _, f := range rec {
				row.Cells = append(row.Cells, Cell{Text: []byte(f)})
			}
			if !yield(row) {
				return
			}
		}
	}
}
