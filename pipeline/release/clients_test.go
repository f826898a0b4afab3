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

// clients are the two sets of readers: the current major of each, with the
// validators, and the one before. A variable names the Python that has them;
// make test-clients sees to both, and a plain go test without it skips.
var clients = []struct {
	name, variable, requirements string
	args, kinds, did             []string
}{
	{"current", "SANPI_TEST_CLIENTS", "requirements.txt", nil, []string{"shipped", "synthetic"},
		[]string{"pyarrow", "pandas", "polars", "DuckDB", "csv", "csv-excel", "sanpi.duckdb", "frictionless", "foreign keys", "mlcroissant"}},
	{"before", "SANPI_TEST_CLIENTS_BEFORE", "requirements-before.txt", []string{"readers"}, []string{"synthetic"},
		[]string{"pyarrow", "pandas", "polars", "DuckDB", "csv", "csv-excel", "sanpi.duckdb"}},
}

// TestClients has real clients read releases: equal rows and the types declared in
// each, texts that are those of the Parquet once the guard is off, and validators
// that neither err nor warn. A release of which a file was changed must not pass.
func TestClients(t *testing.T) {
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			python := os.Getenv(c.variable)
			if python == "" {
				t.Skip(c.variable + " names no Python with testdata/clients/" + c.requirements + "; run make test-clients, which installs them")
			}
			for _, kind := range c.kinds {
				faults, did := readByClients(t, python, makeRelease(t, kind, t.TempDir(), "").Folder, c.args)
				for _, f := range faults {
					t.Errorf("%s: %s", kind, f)
				}
				for _, what := range c.did {
					if did[what] < 10 {
						t.Errorf("%s: %s looked at %d things", kind, what, did[what])
					}
				}
			}
			spoilt := makeRelease(t, "shipped", t.TempDir(), "").Folder
			spoil(t, filepath.Join(spoilt, "csv", "claims.csv"))
			if faults, _ := readByClients(t, python, spoilt, c.args); len(faults) == 0 {
				t.Error("a changed CSV passes")
			}
		})
	}
}

func readByClients(t *testing.T, python, folder string, args []string) (faults []string, did map[string]int) {
	t.Helper()
	cmd := exec.Command(python, append([]string{"testdata/clients/clients.py", folder}, args...)...)
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

// spoil changes one value of a CSV and leaves it a CSV.
func spoil(t *testing.T, path string) {
	t.Helper()
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
