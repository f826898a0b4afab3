package export

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
)

// exportArrow writes with an allocator that knows what was not given back.
func exportArrow(t *testing.T, text string, w io.Writer) error {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	from, err := newResult(query(t, open(t), text))
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(w)
	if err := writeBatches(out, from, mem); err != nil {
		return err
	}
	return out.Flush()
}

func readArrow(t *testing.T, stream []byte, read func(arrow.RecordBatch)) *arrow.Schema {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	reader, err := ipc.NewReader(bytes.NewReader(stream), ipc.WithAllocator(mem))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Release()
	for reader.Next() {
		read(reader.RecordBatch())
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	return reader.Schema()
}

func TestArrow(t *testing.T) {
	const want = `bool bool true (null)
i8 int8 1 (null)
i16 int16 -2 (null)
i32 int32 3 (null)
i64 int64 1234567 (null)
u8 uint8 4 (null)
u16 uint16 5 (null)
u32 uint32 6 (null)
u64 uint64 7 (null)
huge decimal(38, 0) 170141183460469231731687303715884105 (null)
f32 float32 1.5 (null)
f64 float64 0.1 (null)
dec decimal(18, 4) 280000000000 (null)
text utf8 襄垣 "开工", 率 (null)
day date32 2021-01-01 (null)
ts timestamp[us] 2021-01-01T10:00:00.5 (null)
tz timestamp[us, tz=UTC] 2021-01-01T02:00:00Z (null)
clock time64[us] 10:11:12.250000 (null)
span utf8 1 year 2 months 3 days 04:00:05.5 (null)
id utf8 123e4567-e89b-12d3-a456-426614174000 (null)
raw binary qgE= (null)
list list<item: int32, nullable> [1,null,3] (null)
pair list<item: utf8, nullable> ["甲","乙"] (null)
struct struct<b: decimal(4, 2) nullable, a: date32 nullable> {"a":"2021-01-01","b":"1.5"} (null)
map utf8 {"k":1,"j":2} (null)
word utf8 signed (null)
bits utf8 101 (null)
either utf8 1 (null)
js utf8 {"b":[1.5]} (null)
`
	var stream bytes.Buffer
	if err := exportArrow(t, everyType, &stream); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	readArrow(t, stream.Bytes(), func(batch arrow.RecordBatch) {
		for i, field := range batch.Schema().Fields() {
			c := batch.Column(i)
			got.WriteString(field.Name + " " + field.Type.String() + " " + c.ValueStr(0) + " " + c.ValueStr(1) + "\n")
		}
	})
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestArrowNested(t *testing.T) {
	const text = `
		select
			[[1.5::decimal(4, 2), null], null, []] as lists,
			[{'a': null, 'b': [date '2021-01-01']}, null] as structs,
			['{"z": 1}'::json, 'null'::json] as jsons,
			timestamp_s '2021-01-01 10:00:00' as s,
			timestamp_ms '2021-01-01 10:00:00.5' as ms,
			timestamp_ns '2021-01-01 10:00:00.123456789' as ns,
			date 'infinity' as endless,
			'nan'::double as nan,
			timetz '10:11:12+08' as clock,
			7::uhugeint as big`
	const want = `lists [["1.5",null],null,[]]
structs [{"a":null,"b":["2021-01-01"]},null]
jsons ["{\"z\":1}",null]
s 2021-01-01T10:00:00
ms 2021-01-01T10:00:00.5
ns 2021-01-01T10:00:00.123456789
endless 2147483647
nan NaN
clock 10:11:12+08:00
big 7
`
	var stream bytes.Buffer
	if err := exportArrow(t, text, &stream); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	readArrow(t, stream.Bytes(), func(batch arrow.RecordBatch) {
		for i, c := range batch.Columns() {
			value := c.ValueStr(0)
			if days, ok := c.(*array.Date32); ok {
				value = strconv.Itoa(int(days.Value(0)))
			}
			got.WriteString(batch.ColumnName(i) + " " + value + "\n")
		}
	})
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestArrowBatches(t *testing.T) {
	for _, test := range []struct {
		query string
		want  []int64
	}{
		{"select i, 'x' as s, [i] as list from range(20000) as r(i)", []int64{8192, 8192, 3616}},
		{"select i from range(8192) as r(i)", []int64{8192}},
		{"select 1 as a, '' as b where false", nil},
	} {
		var stream bytes.Buffer
		if err := exportArrow(t, test.query, &stream); err != nil {
			t.Fatal(err)
		}
		var got []int64
		schema := readArrow(t, stream.Bytes(), func(batch arrow.RecordBatch) { got = append(got, batch.NumRows()) })
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got batches of %d, want %d", test.query, got, test.want)
		}
		if schema.NumFields() == 0 {
			t.Errorf("%s: the schema is empty", test.query)
		}
	}
}

func TestArrowErrors(t *testing.T) {
	for _, room := range []int{0, 100, 50_000, 200_000} {
		err := exportArrow(t, "select i, 'x' as s, [i] as list from range(20000) as r(i)", &fullWriter{room})
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: got %v, want errFull", room, err)
		}
	}
	err := exportArrow(t, "select [1] as ok, 100000000000000000000000000000000000000::hugeint as n", io.Discard)
	want := `encode column "n": 100000000000000000000000000000000000000 has more than 38 digits; cast the column to varchar`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := exportArrow(t, "select [1] as ok, map {[1]: 1} as m", io.Discard); err == nil {
		t.Error("an unreadable row: got no error")
	}
}
