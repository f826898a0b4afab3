package ledger

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

// counter is a Sink that counts what it is given.
type counter struct {
	t           *testing.T
	loaded      atomic.Int64
	quarantined map[*Sheet]int64
	lines       map[*Sheet]int
}

func (c *counter) Loaded(_ int, _ *Sheet, r *sheet.Result) error {
	c.loaded.Add(1)
	if r.Outcome != sheet.Loaded || r.Project.Name == "" {
		c.t.Errorf("loaded: %+v", r)
	}
	return nil
}

func (c *counter) Remarked(s *Sheet, remarks []Remark) error {
	for _, m := range remarks {
		if m.Line <= c.lines[s] || len(m.Findings) == 0 {
			c.t.Errorf("a remark on line %d after %d: %+v", m.Line, c.lines[s], m)
		}
		c.lines[s] = m.Line
		if m.Quarantined {
			c.quarantined[s]++
		}
	}
	return nil
}

// Whatever the bytes: they are read, or refused with a word; every row read is
// counted once, and what is counted is what the sink was given.
func FuzzRead(f *testing.F) {
	f.Add([]byte("某台账\n" + head10 + ",镁合金项目,襄垣经济技术开发区,甲公司,12,2021-01-01,,签约,\n小计,,,,12\n,,\n注:完\n"))
	f.Add([]byte("\ufeff项目名称;投资方\r\n\"铝材\n项目\";甲公司\r\n\"开口"))
	f.Add([]byte("项目名称\t投资方\n\xc2\xc1\xb2\xc4\t\x00\n"))
	f.Add([]byte("<html><table><tr><td>项目名称</td><td>投资方</td></tr><tr><td>铝材</td><td>甲</td></tr></table></html>"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("项目,市\n"))
	words := testWords(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		l := ledgerOf("台账-2021-06.csv", "")
		l.Data, l.Size = bytes.NewReader(data), int64(len(data))
		l.Limits = format.Limits{MaxRecord: 1 << 12, MaxExpanded: 1 << 20}
		sink := &counter{t: t, quarantined: map[*Sheet]int64{}, lines: map[*Sheet]int{}}
		meter := &Meter{}
		sheets, err := Read(context.Background(), []Ledger{l}, words, 2, sink, meter)
		if err != nil {
			var unreadable *format.UnreadableError
			if !errors.As(err, &unreadable) || unreadable.What == "" || unreadable.Mend == "" {
				t.Errorf("%v says too little", err)
			}
			return
		}
		var read, loaded int64
		for _, s := range sheets {
			c := s.Counts
			if c.Read != c.Loaded+c.Quarantined+c.Duplicates+c.Titles+c.Headers+c.Totals+c.Blanks+c.Notes || c.Duplicates != 0 {
				t.Errorf("%+v do not add up", c)
			}
			if c.Quarantined != sink.quarantined[s] {
				t.Errorf("%d rows kept back, and remarks on %d", c.Quarantined, sink.quarantined[s])
			}
			read, loaded = read+c.Read, loaded+c.Loaded
		}
		if loaded != sink.loaded.Load() || read != meter.Rows.Load() {
			t.Errorf("%d rows read, %d metered; %d loaded, %d given", read, meter.Rows.Load(), loaded, sink.loaded.Load())
		}
	})
}

// Whatever the rows, codes and days: one code is one project.
func FuzzGroup(f *testing.F) {
	f.Add([]byte{1, 0, 1, 1, 2, 1, 2, 0, 0})
	f.Add([]byte{1, 1, 0, 1, 2, 0, 1, 0, 0, 2, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var entries []entry
		for i := 0; i+3 <= len(data) && i < 60; i += 3 {
			e := entry{head: head{key: 1 + uint64(data[i]%5), asOf: record.Date(data[i+2] % 3), sheet: uint32(data[i+2] / 3 % 2), line: uint32(i)}}
			if code := data[i+1] % 5; code > 0 {
				e.code = 100 + uint64(code)
			}
			entries = append(entries, e)
		}
		checkGroup(t, entries)
	})
}

// What lies in a bucket is read as it was put there, row by row.
func FuzzRows(f *testing.F) {
	f.Add("铝材项目", uint64(1), uint64(2), int32(18000), uint32(3), uint32(4), uint32(5))
	f.Add("", uint64(0), ^uint64(0), int32(-1), ^uint32(0), uint32(0), ^uint32(0))
	codec, err := lake.NewCodec[record.Project]()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string, key, code uint64, asOf int32, sheet, line, place uint32) {
		want := head{key: key, code: code, asOf: record.Date(asOf), sheet: sheet, line: line, place: place}
		p := record.Project{ProjectID: "p0000000000000000", Name: name}
		data := appendRow(nil, want, codec, &p)
		data = appendRow(data, want, codec, &p)
		entries := index(data, nil)
		if len(entries) != 2 || int(binary.LittleEndian.Uint32(data))+4 != entries[1].at {
			t.Fatalf("%+v", entries)
		}
		for _, e := range entries {
			if e.head != want {
				t.Errorf("%+v, want %+v", e.head, want)
			}
			row := data[e.at+headSize:]
			setID(row, 0x1234)
			var got record.Project
			codec.Decode(row, &got)
			if got.Name != name || got.ProjectID != "p0000000000001234" {
				t.Errorf("%+v", got)
			}
		}
	})
}
