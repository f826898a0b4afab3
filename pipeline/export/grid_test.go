package export

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func grid(t *testing.T, text string, maxRows int) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteGrid(&b, query(t, open(t), text), maxRows); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b.Bytes()) {
		t.Fatalf("not JSON: %s", b.String())
	}
	return b.String()[:strings.LastIndex(b.String(), `,"elapsed_ms"`)]
}

func TestGrid(t *testing.T) {
	got := grid(t, `select '2020-3' as round, 1427 as n, null::date as held_on, 280000000000::decimal(18, 4) as exact,
		12345678901234567::bigint as long, 123456789012345.6789::decimal(38, 4) as fine, 'nan'::double as nan, [1, 2] as list`, 10)
	want := `{"columns":[{"name":"round","type":"VARCHAR"},{"name":"n","type":"INTEGER"},{"name":"held_on","type":"DATE"},` +
		`{"name":"exact","type":"DECIMAL(18,4)"},{"name":"long","type":"BIGINT"},{"name":"fine","type":"DECIMAL(38,4)"},` +
		`{"name":"nan","type":"DOUBLE"},{"name":"list","type":"INTEGER[]"}],"rows":[` +
		"\n" + `["2020-3",1427,null,280000000000.0000,"12345678901234567","123456789012345.6789","nan",[1,2]]],"truncated":false`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGridTruncates(t *testing.T) {
	for rows, want := range map[string]string{
		"0": `"rows":[],"truncated":false`,
		"3": `"rows":[` + "\n[0],\n[1],\n[2]" + `],"truncated":false`,
		"4": `"rows":[` + "\n[0],\n[1],\n[2]" + `],"truncated":true`,
	} {
		if got := grid(t, "select i::integer as i from range("+rows+") as r(i)", 3); !strings.HasSuffix(got, want) {
			t.Errorf("%s rows: got %s, want it to end in %s", rows, got, want)
		}
	}
}

// DuckDB reads from the Parquet file what it reads from the query.
func TestParquet(t *testing.T) {
	const text = `select i, i::hugeint as sum, (i / 7)::decimal(18, 4) as amount, 'zone ' || i as name, date '2020-08-01' + i::integer as day,
		case when i % 3 > 0 then timestamp '2021-01-01 10:00:00.5' end as at, i % 2 = 0 as even, [i, null] as list, {'a': i, 'b': 'x'} as pair
		from range(20000) as r(i)`
	db := open(t)
	for _, text := range []string{text, text + " where i < 0"} {
		var b bytes.Buffer
		if err := Write(&b, "parquet", query(t, db, text), Options{}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "result.parquet")
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		var differ, rows int
		err := db.QueryRow(`with asked as (`+text+`), kept as (from '`+file+`')
			select (select count(*) from (from asked except all from kept)) + (select count(*) from (from kept except all from asked)), (select count(*) from kept)`).Scan(&differ, &rows)
		if err != nil {
			t.Fatal(err)
		}
		if differ != 0 || rows != 20000 && !strings.Contains(text, "where") {
			t.Errorf("%d rows of %d differ", differ, rows)
		}
	}
}
