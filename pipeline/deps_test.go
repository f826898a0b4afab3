package pipeline_test

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/sanpi-data/sanpi/"

// allowed is the direction of dependencies: each package and those of ours that
// it may import. What is not here is not allowed.
var allowed = map[string][]string{
	"transforms/record":  {},
	"transforms/amount":  {"transforms/record"},
	"transforms/date":    {"transforms/record"},
	"transforms/round":   {"transforms/record"},
	"transforms/area":    {"transforms/record"},
	"transforms/project": {"transforms/record"},
	"transforms/sheet": {"transforms/record", "transforms/amount", "transforms/date", "transforms/round", "transforms/area",
		"transforms/format"},
	"transforms/campaign":        {"transforms/record", "transforms/amount", "transforms/date", "transforms/round", "transforms/area"},
	"transforms/bulletin":        {"transforms/record", "transforms/amount", "transforms/round", "transforms/area", "transforms/campaign"},
	"transforms/format":          {},
	"transforms/page":            {"transforms/record", "transforms/date"},
	"transforms/synthetic":       {"transforms/record"},
	"pipeline/lake":              {"transforms/record"},
	"pipeline/engine":            {},
	"pipeline/catalog":           {"pipeline/engine", "transforms/record"},
	"pipeline/warehouse":         {},
	"pipeline/export":            {},
	"pipeline/report":            {"pipeline/export"},
	"pipeline/site":              {"pipeline/warehouse"},
	"pipeline/serve":             {"pipeline/engine", "pipeline/export", "pipeline/site", "pipeline/warehouse"},
	"pipeline/source":            {},
	"pipeline/diff":              {"pipeline/catalog", "pipeline/engine"},
	"pipeline/release":           {"pipeline/catalog", "pipeline/diff", "pipeline/engine", "pipeline/warehouse"},
	"pipeline/review":            {"transforms/campaign"},
	"pipeline/template":          {},
	"pipeline/workbook":          {"transforms/record", "transforms/synthetic"},
	"pipeline/faults":            {},
	"pipeline/source/sourcetest": {"pipeline/source", "pipeline/warehouse"},
	"pipeline/ledger":            {"pipeline/lake", "transforms/format", "transforms/project", "transforms/record", "transforms/sheet"},
	"pipeline": {"pipeline/catalog", "pipeline/lake", "pipeline/ledger", "pipeline/source", "pipeline/engine", "pipeline/warehouse", "transforms/area", "transforms/bulletin",
		"transforms/campaign", "transforms/page", "transforms/record", "transforms/round", "transforms/sheet"},
	"pipeline/mirror":  {"pipeline/warehouse"},
	"pipeline/status":  {"pipeline", "pipeline/engine", "pipeline/warehouse"},
	"pipeline/lineage": {},
	"pipeline/trace":   {"pipeline"},
	"sql":              {},
	"datasets":         {},
	"web":              {},
	"cmd/sanpi": {"pipeline", "pipeline/catalog", "pipeline/diff", "pipeline/engine", "pipeline/export", "pipeline/ledger", "pipeline/review", "pipeline/source", "pipeline/template",
		"pipeline/release", "pipeline/report", "pipeline/workbook", "pipeline/lineage", "pipeline/mirror", "pipeline/serve", "pipeline/site", "pipeline/status", "pipeline/trace", "pipeline/warehouse", "transforms/bulletin", "transforms/campaign", "transforms/record", "transforms/sheet", "transforms/synthetic", "sql", "datasets", "web"},
}

// boundaries are the libraries that only the named packages may touch.
var boundaries = map[string]string{
	"github.com/parquet-go/parquet-go":      "pipeline/lake",
	"github.com/spf13/cobra":                "cmd/sanpi",
	"github.com/apache/arrow-go/v18":        "pipeline/export",
	"github.com/xuri/excelize/v2":           "pipeline/report pipeline/template pipeline/workbook pipeline/review", // all write workbooks
	"github.com/minio/minio-go/v7":          "pipeline/source",
	"github.com/hashicorp/go-retryablehttp": "pipeline/source",
	"codeberg.org/readeck/go-readability":   "transforms/page",
	"github.com/klippa-app/go-pdfium":       "transforms/page",
	"github.com/tetratelabs/wazero":         "transforms/page", // what go-pdfium runs on
	"github.com/temoto/robotstxt":           "pipeline/source",
	"github.com/prometheus/client_golang":   "pipeline/status pipeline/serve",
	"go.opentelemetry.io/":                  "pipeline/trace",
	"github.com/google/uuid":                "pipeline/lineage",
	"gocloud.dev":                           "pipeline/mirror",
}

func TestDependencyDirection(t *testing.T) {
	// Warnings, as of a warehouse's links in the folder, go to stderr and name no package.
	var told bytes.Buffer
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...")
	list.Stderr = &told
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, told.String())
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], module)
		may, ok := allowed[name]
		if !ok {
			t.Errorf("package %s is not in the table of allowed imports", name)
			continue
		}
		seen++
		for _, path := range fields[1:] {
			ours, isOurs := strings.CutPrefix(path, module)
			if isOurs && !slices.Contains(may, ours) {
				t.Errorf("%s imports %s, which the table does not allow", name, ours)
			}
			if name == "transforms/record" && strings.Contains(strings.Split(path, "/")[0], ".") {
				t.Errorf("the vocabulary imports %s, and may import the standard library only", path)
			}
			for library, home := range boundaries {
				if strings.HasPrefix(path, library) && !slices.Contains(strings.Fields(home), name) {
					t.Errorf("%s imports %s, whose boundary is %s", name, path, home)
				}
			}
			if strings.HasPrefix(name, "transforms/") && slices.Contains([]string{"os", "net/http", "database/sql", "log/slog", "log"}, path) {
				t.Errorf("%s imports %s: transforms are pure", name, path)
			}
		}
	}
	if seen != len(allowed) {
		t.Errorf("the table lists %d packages, the module has %d", len(allowed), seen)
	}
}
