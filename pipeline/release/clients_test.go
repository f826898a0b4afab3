package release_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// clients are what people read a release with: two sets of readers, the current major of
// each with the validators and the one before; Apache Spark; and LibreOffice, through whose
// workbooks the CSV files go and come back. A variable names the Python that has them;
// make test-clients sees to all, and a plain go test without it skips.
var clients = []struct {
	name, variable, script string
	args, kinds, did       []string
	spoilt                 string // a file whose change must not pass
}{
	{"current", "SANPI_TEST_CLIENTS", "clients.py", nil, []string{"shipped", "synthetic"},
		[]string{"pyarrow", "pandas", "polars", "DuckDB", "csv", "csv-excel", "sanpi.duckdb", "frictionless", "foreign keys", "mlcroissant"}, "csv/claims.csv"},
	{"before", "SANPI_TEST_CLIENTS_BEFORE", "clients.py", []string{"readers"}, []string{"synthetic"},
		[]string{"pyarrow", "pandas", "polars", "DuckDB", "csv", "csv-excel", "sanpi.duckdb"}, "csv/claims.csv"},
	{"Spark", "SANPI_TEST_SPARK", "spark.py", nil, []string{"synthetic"}, []string{"Spark", "hive partitions"}, "parquet/claims/campaign=henan"},
	{"LibreOffice", "SANPI_TEST_OFFICE", "office.py", nil, []string{"synthetic"}, []string{"relations", "cells"}, ""},
}

// TestClients has real clients read releases: equal rows and the types declared in
// each, texts that are those of the Parquet once the guard is off, and validators
// that neither err nor warn. A release of which a file was changed must not pass.
func TestClients(t *testing.T) {
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			python := os.Getenv(c.variable)
			if python == "" {
				t.Skip(c.variable + " names no Python with what testdata/clients/" + c.script + " needs; run make test-clients, which installs it")
			}
			for _, kind := range c.kinds {
				faults, did := readByClients(t, python, c.script, makeRelease(t, kind, t.TempDir(), "").Folder, c.args)
				for _, f := range faults {
					t.Errorf("%s: %s", kind, f)
				}
				for _, what := range c.did {
					if did[what] < 10 {
						t.Errorf("%s: %s looked at %d things", kind, what, did[what])
					}
				}
			}
			if c.spoilt == "" {
				return
			}
			spoilt := makeRelease(t, "shipped", t.TempDir(), "").Folder
			spoil(t, filepath.Join(spoilt, filepath.FromSlash(c.spoilt)))
			if faults, _ := readByClients(t, python, c.script, spoilt, c.args); len(faults) == 0 {
				t.Errorf("a release passes in which %s was changed", c.spoilt)
			}
		})
	}
}

func readByClients(t *testing.T, python, script, folder string, args []string) (faults []string, did map[string]int) {
	t.Helper()
	cmd := exec.Command(python, append([]string{filepath.Join("testdata", "clients", script), folder}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	last := len(lines) - 1
	if err := json.Unmarshal([]byte(lines[last]), &did); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return lines[:last], did
}

// spoil changes one value of a CSV and leaves it a CSV; a folder it removes.
func spoil(t *testing.T, path string) {
	t.Helper()
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(data, []byte("signed"), []byte("singed"), 1)
	if bytes.Equal(changed, data) {
		t.Fatal("nothing to change")
	}
	if err := os.WriteFile(path, changed, 0o644); err != nil {
		t.Fatal(err)
	}
}
