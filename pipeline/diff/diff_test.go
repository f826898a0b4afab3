package diff_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/diff"
	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// relations are what the tests declare.
var relations = []catalog.Relation{
	{Name: "zones", Kind: catalog.Table, Key: []string{"campaign", "zone"}},
	{Name: "rates", Kind: catalog.Mart, Key: []string{"zone", "method"}, NullableKey: []string{"method"}},
	{Name: "facts", Kind: catalog.Facts, Key: []string{"campaign", "stage", "method"}, NullableKey: []string{"method"}},
	{Name: "bag", Kind: catalog.Table},
}

// side writes the Parquet files of one side, a query each, with a manifest; the paths are
// those of a version.
func side(t testing.TB, name string, queries map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	type output struct {
		Path     string `json:"path"`
		Relation string `json:"relation"`
		SHA256   string `json:"sha256"`
	}
	var outputs []output
	for path, query := range queries {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(fmt.Sprintf("copy (%s) to %s (format parquet)", query, engine.Literal(full))); err != nil {
			t.Fatal(err)
		}
		relation := strings.TrimSuffix(strings.Split(path, "/")[1], ".parquet")
		// The query stands in for the bytes: equal queries are equal files.
		outputs = append(outputs, output{path, relation, query})
	}
	writeManifest(t, dir, map[string]any{"version": name, "outputs": outputs})
	return dir
}

func writeManifest(t testing.TB, dir string, manifest any) {
	t.Helper()
	text, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// compared writes a comparison in lines: of each relation that differs its counts,
// columns and rows.
func compared(t testing.TB, was, is string, limit int) []string {
	t.Helper()
	a, b := open(t, was), open(t, is)
	var lines []string
	for r, err := range diff.Compare(context.Background(), a, b, relations, diff.Options{Temp: t.TempDir()}) {
		if err != nil {
			t.Fatal(err)
		}
		if r.IsSame() {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s %s→%s +%d -%d ~%s", r.Name, count(r.Before), count(r.After), r.Added, r.Removed, count(r.Changed)))
		if len(r.Came)+len(r.Went)+len(r.Retyped)+len(r.ByColumn) > 0 {
			lines = append(lines, fmt.Sprint("  columns ", r.Came, r.Went, r.Retyped, r.ByColumn))
		}
		for row, err := range r.Rows(limit) {
			if err != nil {
				t.Fatal(err)
			}
			line := "  " + string(row.Change)
			for _, k := range row.Key {
				line += " " + text(k.Value)
			}
			for _, v := range row.Values {
				line += fmt.Sprintf(" %s:%s→%s", v.Column, text(v.Was), text(v.Is))
			}
			lines = append(lines, line)
			for _, c := range row.Claims {
				lines = append(lines, fmt.Sprintf("    %s %s %s%s→%s%s %s", c.Change, c.ID, text(c.Was), held(c.WasHeld), text(c.Is), held(c.IsHeld), text(c.URL)))
			}
		}
	}
	return lines
}

func open(t testing.TB, dir string) diff.Side {
	t.Helper()
	s, err := diff.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func count(n *int64) string {
	if n == nil {
		return "·"
	}
	return fmt.Sprint(*n)
}

func text(s *string) string {
	if s == nil {
		return "NULL"
	}
	return *s
}

func held(yes bool) string {
	if yes {
		return "*"
	}
	return ""
}

func values(rows string, columns string) string {
	return "from (values " + rows + ") as t(" + columns + ")"
}

func TestCompare(t *testing.T) {
	zones := values("('A', 1), ('B', 2), ('C', null)", "zone, n")
	for _, c := range []struct {
		name    string
		was, is map[string]string
		want    []string
	}{
		{"equal", map[string]string{"tables/zones/campaign=x/0.parquet": zones}, map[string]string{"tables/zones/campaign=x/0.parquet": zones}, nil},
		{"equal rows in other bytes", map[string]string{"tables/zones/campaign=x/0.parquet": zones},
			map[string]string{"tables/zones/campaign=x/0.parquet": zones + " order by n"}, nil},
		{"a changed, an added and a removed row; a file without a change beside them",
			map[string]string{"tables/zones/campaign=x/0.parquet": zones, "tables/zones/campaign=y/0.parquet": zones},
			map[string]string{"tables/zones/campaign=x/0.parquet": values("('A', 1), ('C', 3), ('D', 4)", "zone, n"), "tables/zones/campaign=y/0.parquet": zones},
			[]string{"zones 6→6 +1 -1 ~1", "  columns [] [] [] [{n 1}]", "  changed x C n:NULL→3", "  removed x B n:2→NULL", "  added x D n:NULL→4"}},
		{"a campaign that went", map[string]string{"tables/zones/campaign=x/0.parquet": zones, "tables/zones/campaign=y/0.parquet": zones},
			map[string]string{"tables/zones/campaign=x/0.parquet": zones},
			[]string{"zones 6→3 +0 -3 ~0", "  removed y A n:1→NULL", "  removed y B n:2→NULL", "  removed y C"}},
		{"NULL in a key is a value of its own",
			map[string]string{"marts/rates.parquet": values("('A', null, 1), ('A', '', 2), ('B', 'planned', 3)", "zone, method, v")},
			map[string]string{"marts/rates.parquet": values("('A', null, 1), ('A', '', 5), ('B', null, 3)", "zone, method, v")},
			[]string{"rates 3→3 +1 -1 ~1", "  columns [] [] [] [{v 1}]", "  changed A  v:2→5", "  removed B planned v:3→NULL", "  added B NULL v:NULL→3"}},
		{"a new relation", map[string]string{"marts/rates.parquet": values("('A', null, 1)", "zone, method, v")},
			map[string]string{"marts/rates.parquet": values("('A', null, 1)", "zone, method, v"), "tables/zones/campaign=x/0.parquet": values("('A', 1)", "zone, n")},
			[]string{"zones ·→1 +1 -0 ~0", "  added x A n:NULL→1"}},
		{"a relation that went", map[string]string{"marts/rates.parquet": values("('A', 'm', 1)", "zone, method, v")}, map[string]string{},
			[]string{"rates 1→· +0 -1 ~0", "  removed A m v:1→NULL"}},
		{"columns came, went and changed type", map[string]string{"marts/rates.parquet": values("('A', 'm', 1, true)", "zone, method, v, old")},
			map[string]string{"marts/rates.parquet": values("('A', 'm', '1', 7)", "zone, method, v, young")},
			[]string{"rates 1→1 +0 -0 ~0", "  columns [young] [old] [{v INTEGER VARCHAR}] []"}},
		{"a value that its new type writes otherwise", map[string]string{"marts/rates.parquet": values("('A', 'm', 1.50)", "zone, method, v")},
			map[string]string{"marts/rates.parquet": values("('A', 'm', 1.5)", "zone, method, v")},
			[]string{"rates 1→1 +0 -0 ~1", "  columns [] [] [{v DECIMAL(3,2) DECIMAL(2,1)}] [{v 1}]", "  changed A m v:1.50→1.5"}},
		{"the key has lost a column: rows are a bag", map[string]string{"marts/rates.parquet": values("('A', 'm', 1), ('A', 'n', 1)", "zone, method, v")},
			map[string]string{"marts/rates.parquet": values("('A', 1), ('B', 1)", "zone, v")},
			[]string{"rates 2→2 +1 -1 ~·", "  columns [] [method] [] []", "  removed A 1", "  added B 1"}},
		{"a bag counts what is there twice", map[string]string{"tables/bag/campaign=x/0.parquet": values("(1), (1), (2)", "n")},
			map[string]string{"tables/bag/campaign=x/0.parquet": values("(1), (2), (2), (3)", "n")},
			[]string{"bag 3→4 +2 -1 ~·", "  removed 1 x", "  added 2 x", "  added 3 x"}},
		{"lists, days and NaN", map[string]string{"marts/rates.parquet": values("('A', 'm', ['x', 'y'], date '2021-03-05', 'nan'::double)", "zone, method, l, d, f")},
			map[string]string{"marts/rates.parquet": values("('A', 'm', ['x'], date '2021-03-06', 'nan'::double)", "zone, method, l, d, f")},
			[]string{"rates 1→1 +0 -0 ~1", "  columns [] [] [] [{l 1} {d 1}]", "  changed A m l:[x, y]→[x] d:2021-03-05→2021-03-06"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := compared(t, side(t, "a", c.was), side(t, "b", c.is), 0); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// A fact that changed comes with the claims of both sides, the held ones marked.
func TestClaims(t *testing.T) {
	const columns = "claim_id, stage, method, value_as_published, unit, value, source_id"
	sources := values("('s1', '太原日报', date '2021-04-02', 'https://example.org/1'), ('s2', null, null, null)", "source_id, publisher, published_on, url")
	was := side(t, "a", map[string]string{
		"tables/facts/campaign=x/0.parquet":   values("('signed', null, 62, 'c1'), ('started', null, 9, 'c4')", "stage, method, value, claim_id"),
		"tables/claims/campaign=x/0.parquet":  values("('c1', 'signed', null::varchar, '62', '个', 62, 's1'), ('c2', 'signed', null, '6', '个', 6, 's2'), ('c3', 'signed', 'planned', '1', null, 1, 's1'), ('c4', 'started', null, '9', '个', 9, 's1')", columns),
		"tables/sources/campaign=x/0.parquet": sources,
	})
	is := side(t, "b", map[string]string{
		"tables/facts/campaign=x/0.parquet":   values("('signed', null, 68, 'c5'), ('started', null, 9, 'c4')", "stage, method, value, claim_id"),
		"tables/claims/campaign=x/0.parquet":  values("('c1', 'signed', null::varchar, '62', '个', 62, 's1'), ('c2', 'signed', null, '60', '个', 60, 's2'), ('c3', 'signed', 'planned', '1', null, 1, 's1'), ('c4', 'started', null, '9', '个', 9, 's1'), ('c5', 'signed', null, '6.8', 'dozen', 68, 's1')", columns),
		"tables/sources/campaign=x/0.parquet": sources,
	})
	got := compared(t, was, is, 0)
	facts := got[slices.Index(got, "facts 2→2 +0 -0 ~1"):]
	want := []string{"facts 2→2 +0 -0 ~1", "  columns [] [] [] [{value 1} {claim_id 1}]", "  changed x signed NULL value:62→68 claim_id:c1→c5",
		"    same c1 62个*→62个 https://example.org/1", "    added c5 NULL→6.8 dozen* https://example.org/1", "    changed c2 6个→60个 NULL"}
	if !slices.Equal(facts, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(facts, "\n"), strings.Join(want, "\n"))
	}
}

// Random tables are compared as two maps are.
func TestRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		type row struct{ n, m int }
		sides := [2]map[string]row{{}, {}}
		for _, s := range sides {
			for range 200 {
				s[fmt.Sprint("Z", r.IntN(250))] = row{r.IntN(3), r.IntN(2)}
			}
		}
		var dirs [2]string
		for i, s := range sides {
			var list []string
			for zone, row := range s {
				list = append(list, fmt.Sprintf("('%s', nullif(%d, 0), %d)", zone, row.n, row.m))
			}
			slices.Sort(list)
			dirs[i] = side(t, fmt.Sprint("v", i), map[string]string{"tables/zones/campaign=x/0.parquet": values(strings.Join(list, ", "), "zone, n, m")})
		}
		want := map[string]int{}
		for zone, was := range sides[0] {
			if is, ok := sides[1][zone]; !ok {
				want["removed"]++
			} else if is != was {
				want["changed"]++
			}
		}
		for zone := range sides[1] {
			if _, ok := sides[0][zone]; !ok {
				want["added"]++
			}
		}
		got := map[string]int{}
		for _, line := range compared(t, dirs[0], dirs[1], 0) {
			for change := range want {
				if strings.HasPrefix(line, "  "+change+" ") {
					got[change]++
				}
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestLimit(t *testing.T) {
	was := side(t, "a", map[string]string{"tables/zones/campaign=x/0.parquet": values("('A', 1), ('B', 2), ('C', 3)", "zone, n"),
		"tables/bag/campaign=x/0.parquet": values("(1), (2)", "n")})
	is := side(t, "b", map[string]string{"tables/zones/campaign=x/0.parquet": values("('A', 9), ('B', 8), ('D', 3)", "zone, n"),
		"tables/bag/campaign=x/0.parquet": values("(3), (4)", "n")})
	want := []string{"bag 2→2 +2 -2 ~·", "  removed 1 x", "  removed 2 x", "zones 3→3 +1 -1 ~2", "  columns [] [] [] [{n 2}]", "  changed x A n:1→9", "  changed x B n:2→8"}
	if got := compared(t, was, is, 2); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// Who stops early has seen enough.
	for r, err := range diff.Compare(context.Background(), open(t, was), open(t, is), relations, diff.Options{}) {
		if err != nil || r.Name != "bag" {
			t.Fatal(r, err)
		}
		for row, err := range r.Rows(0) {
			if err != nil || row.Change != diff.Removed {
				t.Error(row, err)
			}
			break
		}
		break
	}
}

// A release is compared with a version by the relations that both have.
func TestOpenRelease(t *testing.T) {
	version := side(t, "v", map[string]string{"tables/zones/campaign=x/0.parquet": values("('A', 1)", "zone, n")})
	release := filepath.Join(t.TempDir(), "2026.01.01")
	if err := os.MkdirAll(filepath.Join(release, "parquet/zones/campaign=x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(version, "tables/zones/campaign=x/0.parquet"), filepath.Join(release, "parquet/zones/campaign=x/0.parquet")); err != nil {
		t.Fatal(err)
	}
	writeManifest(t, release, map[string]any{"release": "2026.01.01", "warehouse_version": "v",
		"outputs": []map[string]string{{"path": "tables/zones/campaign=x/0.parquet", "relation": "zones", "sha256": "other"}, {"path": "sanpi.duckdb", "relation": "sanpi.duckdb"}}})
	other := side(t, "w", map[string]string{"tables/zones/campaign=x/0.parquet": values("('A', 2)", "zone, n")})
	if got, want := compared(t, release, other, 0), []string{"zones 1→1 +0 -0 ~1", "  columns [] [] [] [{n 1}]", "  changed x A n:1→2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOpenBad(t *testing.T) {
	empty := t.TempDir()
	broken := filepath.Join(t.TempDir(), "broken")
	writeManifest(t, broken, "no object")
	nameless := filepath.Join(t.TempDir(), "nameless")
	writeManifest(t, nameless, map[string]any{"outputs": []any{}})
	missing := side(t, "m", map[string]string{"marts/rates.parquet": values("(1)", "zone")})
	if err := os.Remove(filepath.Join(missing, "marts/rates.parquet")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside")
	writeManifest(t, outside, map[string]any{"version": "o", "outputs": []map[string]string{{"path": "../../etc/x.parquet", "relation": "x"}}})
	for dir, want := range map[string]string{
		empty: "holds no manifest.json", broken: "is it whole?", nameless: "names no version", missing: "a file of m is missing", outside: "a file outside of it",
	} {
		if _, err := diff.Open(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", dir, err, want)
		}
	}
	if _, err := diff.Open(empty); !errors.Is(err, diff.ErrNoSide) {
		t.Error(err)
	}
	// A file that is no Parquet is an error that names the relation.
	bad := side(t, "bad", map[string]string{"marts/rates.parquet": values("(1)", "zone")})
	if err := os.WriteFile(filepath.Join(bad, "marts/rates.parquet"), []byte("no parquet"), 0o600); err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range diff.Compare(context.Background(), open(t, bad), open(t, side(t, "good", nil)), relations, diff.Options{}) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "compare rates") {
		t.Error(last)
	}
}
