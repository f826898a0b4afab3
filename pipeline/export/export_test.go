package export

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everyType has one column of each type, a row of values and a row of NULLs.
const everyType = `
from (values
    (
        true, 1::tinyint, -2::smallint, 3::integer, 1234567::bigint,
        4::utinyint, 5::usmallint, 6::uinteger, 7::ubigint,
        170141183460469231731687303715884105::hugeint, 1.5::float, 0.1::double,
        280000000000::decimal(18, 4), '襄垣 "开工", 率', date '2021-01-01',
        timestamp '2021-01-01 10:00:00.5', timestamptz '2021-01-01 10:00:00+08',
        time '10:11:12.25', interval '14 months 3 days 4 hours 5.5 seconds',
        uuid '123e4567-e89b-12d3-a456-426614174000', '\xAA\x01'::blob,
        [1, null, 3], array_value('甲', '乙'),
        {'b': 1.50::decimal(4, 2), 'a': date '2021-01-01'}, map {'k': 1, 'j': 2},
        'signed'::enum ('signed', 'started'), '101'::bit, union_value(n := 1),
        '{"b": [1.5]}'::json
    ),
    (
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null, null, null, null
    )
) as t(
    bool, i8, i16, i32, i64, u8, u16, u32, u64, huge, f32, f64, dec, text, day, ts, tz, clock,
    span, id, raw, list, pair, struct, map, word, bits, either, js
)`

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func query(t *testing.T, db *sql.DB, text string) *sql.Rows {
	t.Helper()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rows.Close() })
	return rows
}

func export(t *testing.T, format, text string, opt Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, format, query(t, open(t), text), opt); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFormatsAreTheEncoders(t *testing.T) {
	var names []string
	for _, e := range encoders {
		names = append(names, e.format)
	}
	if !slices.Equal(names, Formats) {
		t.Errorf("Formats are %q, encoders are %q", Formats, names)
	}
}

func TestCSV(t *testing.T) {
	got := export(t, "csv", everyType, Options{})
	want := `bool,i8,i16,i32,i64,u8,u16,u32,u64,huge,f32,f64,dec,text,day,ts,tz,clock,span,id,raw,list,pair,struct,map,word,bits,either,js
true,1,-2,3,1234567,4,5,6,7,170141183460469231731687303715884105,1.5,0.1,280000000000.0000,"襄垣 ""开工"", 率",2021-01-01,2021-01-01T10:00:00.5,2021-01-01T02:00:00Z,10:11:12.25,1 year 2 months 3 days 04:00:05.5,123e4567-e89b-12d3-a456-426614174000,aa01,"[1,null,3]","[""甲"",""乙""]","{""b"":1.50,""a"":""2021-01-01""}","{""k"":1,""j"":2}",signed,101,1,"{""b"":[1.5]}"
,,,,,,,,,,,,,,,,,,,,,,,,,,,,
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = export(t, "csv", `select 'a' as a, 2 as a, null as b, '' as "c,""d", ' x ' as e, E'1\r\n2' as f`, Options{})
	want = "a,a_2,b,\"c,\"\"d\",e,f\na,2,,\"\",\" x \",\"1\r\n2\"\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCSVRoundTrip(t *testing.T) {
	const original = `
		select * from (values (null), (''), (' '), ('a"b'), ('一,二'), (E'x\ny'), ('null'), ('#')) as t(text), range(2) as r(n)
		order by n, text`
	file := filepath.Join(t.TempDir(), "result.csv")
	text := export(t, "csv", original, Options{})
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	again := export(t, "csv", "from read_csv('"+file+"', allow_quoted_nulls = false, types = {'text': 'varchar'}) order by n, text", Options{})
	if diff := cmp.Diff(text, again); diff != "" {
		t.Error(diff)
	}
}

func TestJSON(t *testing.T) {
	const object = `{"bool":true,"i8":1,"i16":-2,"i32":3,"i64":1234567,"u8":4,"u16":5,"u32":6,"u64":7,"huge":170141183460469231731687303715884105,"f32":1.5,"f64":0.1,"dec":280000000000.0000,"text":"襄垣 \"开工\", 率","day":"2021-01-01","ts":"2021-01-01T10:00:00.5","tz":"2021-01-01T02:00:00Z","clock":"10:11:12.25","span":"1 year 2 months 3 days 04:00:05.5","id":"123e4567-e89b-12d3-a456-426614174000","raw":"aa01","list":[1,null,3],"pair":["甲","乙"],"struct":{"b":1.50,"a":"2021-01-01"},"map":{"k":1,"j":2},"word":"signed","bits":"101","either":{"n":1},"js":{"b":[1.5]}}`
	const nulls = `{"bool":null,"i8":null,"i16":null,"i32":null,"i64":null,"u8":null,"u16":null,"u32":null,"u64":null,"huge":null,"f32":null,"f64":null,"dec":null,"text":null,"day":null,"ts":null,"tz":null,"clock":null,"span":null,"id":null,"raw":null,"list":null,"pair":null,"struct":null,"map":null,"word":null,"bits":null,"either":null,"js":null}`
	for _, test := range []struct{ format, query, want string }{
		{"json", everyType, "[\n" + object + ",\n" + nulls + "\n]\n"},
		{"ndjson", everyType, object + "\n" + nulls + "\n"},
		{"json", "select 1 as a where false", "[]\n"},
		{"ndjson", "select 1 as a where false", ""},
		{"ndjson", "select 1 as a, 2 as a, 3 as a_2, 4 as a, 5 as A", `{"a":1,"a_3":2,"a_2":3,"a_4":4,"A":5}` + "\n"},
		{"ndjson", "select 'nan'::double as a, '-inf'::float as b, ['inf'::double] as c, 1e300::double as d, 1e-9::double as e, -0.5::decimal(9, 2) as f",
			`{"a":null,"b":null,"c":[null],"d":1e+300,"e":1e-09,"f":-0.50}` + "\n"},
		{"ndjson", `select chr(1) || E'\t\n\r\\"<&>' || chr(8232) as a`, `{"a":"\u0001\t\n\r\\\"<&>` + "\u2028" + `"}` + "\n"},
		{"ndjson", `select [[]::int[], null] as a, map {} as b, {'x': [{'y': null}], '"q': 1} as c, map {1.50: time '10:00'} as d`,
			`{"a":[[],null],"b":{},"c":{"x":[{"y":null}],"\"q":1},"d":{"1.50":"10:00:00"}}` + "\n"},
		{"ndjson", `select '{"z": 1, "a": "<"}'::json as a, ['"x"'::json, '{}'::json] as b, '"x"'::json as c`,
			`{"a":{"a":"<","z":1},"b":["x",{}],"c":"x"}` + "\n"},
		{"ndjson", `select ['101'::bit] as a, [uuid '123e4567-e89b-12d3-a456-426614174000'] as b, [interval '1 day'] as c`,
			`{"a":["101"],"b":["123e4567-e89b-12d3-a456-426614174000"],"c":["1 day"]}` + "\n"},
	} {
		got := export(t, test.format, test.query, Options{})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s of %s:\n%s", test.format, test.query, diff)
		}
		if test.format == "json" && !json.Valid([]byte(got)) {
			t.Errorf("json of %s is not valid", test.query)
		}
	}
}

// Where the package has no form of its own, its texts are DuckDB's.
func TestTextIsDuckDBs(t *testing.T) {
	db := open(t)
	for _, value := range []string{
		"0::decimal(18, 4)", "-0.05::decimal(9, 2)", "-12345.678::decimal(38, 10)", "7::decimal(3, 0)",
		"(-170141183460469231731687303715884105727)::hugeint", "340282366920938463463374607431768211455::uhugeint",
		"123456789012345678901234567890123456789012345678901234567890::bignum",
		"'nan'::double", "'inf'::double", "'-inf'::float", "0.1::float", "1e300::double", "1e-7::double",
		"interval '0 s'", "interval '-14 months'", "interval '100 hours'", "interval '-5500 milliseconds'",
		"interval '13 months -2 days'", "interval '1 year 1 day 1 microsecond'",
		"date '0044-03-15 (BC)'", "date 'infinity'", "date '-infinity'", "date '12021-01-01'",
		"timestamp 'infinity'", "timestamp '-infinity'", "timestamptz 'infinity'", "timestamp_s 'infinity'",
		"timestamp_ms '-infinity'", "timestamp_ns 'infinity'", "timestamp '0044-03-15 (BC) 10:00:00'",
		"time '23:59:59.999999'", "uuid '123e4567-e89b-12d3-a456-426614174000'", "'10110011101'::bit",
		"'x'::enum ('x')", "union_value(d := date '2021-01-01')",
	} {
		var got, want bytes.Buffer
		if err := Write(&got, "csv", query(t, db, "select "+value+" as v"), Options{}); err != nil {
			t.Errorf("%s: %v", value, err)
		}
		if err := Write(&want, "csv", query(t, db, "select ("+value+")::varchar as v"), Options{}); err != nil {
			t.Errorf("%s: %v", value, err)
		}
		if got.String() != want.String() {
			t.Errorf("%s: got %q, want %q", value, got.String(), want.String())
		}
	}
}

func TestTimes(t *testing.T) {
	got := export(t, "csv", `select timestamp_s '2021-01-01 10:00:00' as s, timestamp_ms '2021-01-01 10:00:00.5' as ms,
		timestamp_ns '2021-01-01 10:00:00.123456789' as ns, timetz '10:11:12+08' as tz`, Options{})
	want := "s,ms,ns,tz\n2021-01-01T10:00:00,2021-01-01T10:00:00.5,2021-01-01T10:00:00.123456789,10:11:12+08:00\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownFormat(t *testing.T) {
	err := Write(io.Discard, "xml", query(t, open(t), "select 1"), Options{})
	if !errors.Is(err, ErrFormat) {
		t.Fatalf("got %v, want ErrFormat", err)
	}
	if got, want := err.Error(), `unknown format "xml", choose one of table, csv, json, ndjson, arrow, parquet`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

var errFull = errors.New("disk full")

// A fullWriter takes so many bytes and then fails.
type fullWriter struct{ room int }

func (w *fullWriter) Write(p []byte) (int, error) {
	if len(p) > w.room {
		n := w.room
		w.room = 0
		return n, errFull
	}
	w.room -= len(p)
	return len(p), nil
}

func TestWriterErrors(t *testing.T) {
	db := open(t)
	for _, format := range Formats {
		for _, room := range []int{0, 200_000} {
			rows := query(t, db, "select i, 'project ' || i as name, [i] as list from range(20000) as r(i)")
			err := Write(&fullWriter{room}, format, rows, Options{})
			if !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: got %v, want errFull", format, room, err)
			}
		}
		if err := Write(&fullWriter{3}, format, query(t, db, "select 1 as a"), Options{}); !errors.Is(err, errFull) {
			t.Errorf("%s of one row: got %v, want errFull", format, err)
		}
	}
}

// The driver cannot read every value; what it refuses must not pass for the end.
func TestReadErrors(t *testing.T) {
	for _, format := range Formats {
		err := Write(io.Discard, format, query(t, open(t), "select map {[1]: 1} as m"), Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "write "+format+": read rows: ") {
			t.Errorf("%s: got %v, want a read error", format, err)
		}
	}
	rows := query(t, open(t), "select 1")
	rows.Close()
	if err := Write(io.Discard, "csv", rows, Options{}); err == nil {
		t.Error("closed rows: got no error")
	}
}

// A heapWatch keeps the largest live heap it has seen at its writes.
type heapWatch struct {
	written, next int
	largest       uint64
}

func (w *heapWatch) Write(p []byte) (int, error) {
	if w.written >= w.next {
		w.largest = max(w.largest, liveHeap())
		w.next += 1 << 20
	}
	w.written += len(p)
	return len(p), nil
}

func liveHeap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func TestStreaming(t *testing.T) {
	db := open(t)
	const rows = 100_000
	// A table is laid out, and a Parquet file holds its pages, before they are written.
	for _, format := range []string{"csv", "json", "ndjson", "arrow"} {
		result := query(t, db, "select i, repeat('开工', 20) || i as name, i::decimal(18, 4) as amount, [i, i] as list from range(100000) as r(i)")
		before := liveHeap()
		watch := &heapWatch{}
		if err := Write(watch, format, result, Options{}); err != nil {
			t.Fatal(err)
		}
		if watch.written < rows*100 {
			t.Errorf("%s: wrote %d bytes for %d rows", format, watch.written, rows)
		}
		// One arrow batch is some 2 MB; the whole result is more than 10.
		if watch.largest > before+6<<20 {
			t.Errorf("%s: the heap grew from %d to %d bytes", format, before, watch.largest)
		}
	}
}
