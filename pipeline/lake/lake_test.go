package lake

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func claims() []record.Claim {
	return []record.Claim{
		{ClaimID: "a", AreaID: "140000", Stage: record.Signed, Metric: record.Projects, Value: 0, Unit: "个",
			ValueAsPrinted: "0", Period: record.OfRound, PeriodID: "2021-1", Universe: "as_published", SourceID: "s", Extractor: "curated"},
		{ClaimID: "b", AreaID: "140100", Stage: record.Started, Metric: record.StartRate, Value: 5882, Unit: "%",
			ValueAsPrinted: "58.82", Method: "started/signed", Period: record.Cumulative, PeriodID: "..2021-06-29",
			PeriodTo: record.NewDate(2021, 6, 29), Universe: "without_reform_zone", SourceID: "s", Extractor: "curated"},
	}
}

// What is written is read back: a known zero stays zero, an unknown date stays
// unknown.
func TestRoundTrip(t *testing.T) {
	root := t.TempDir()
	file, err := WriteTable(root, "claims", "shanxi", claims(), "area_id")
	if err != nil {
		t.Fatal(err)
	}
	if file.Path != "tables/claims/campaign=shanxi/part-0.parquet" || file.Rows != 2 {
		t.Errorf("got %+v", file)
	}
	got, err := parquet.ReadFile[record.Claim](filepath.Join(root, file.Path))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(claims(), got); diff != "" {
		t.Error(diff)
	}
}

func TestMetadata(t *testing.T) {
	root := t.TempDir()
	file, err := WriteTable(root, "claims", "shanxi", claims(), "area_id")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(root, file.Path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := parquet.OpenFile(f, file.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	text, ok := p.Lookup("sanpi.columns")
	var notes []Note
	if err := json.Unmarshal([]byte(text), &notes); !ok || err != nil {
		t.Fatalf("sanpi.columns: %v %v", ok, err)
	}
	if want := len(record.ColumnNames(record.Claim{})); len(notes) != want {
		t.Errorf("%d columns described, want %d", len(notes), want)
	}
	if sorting := p.Metadata().RowGroups[0].SortingColumns; len(sorting) != 1 {
		t.Errorf("sorting columns %v", sorting)
	}
	if stats := p.Metadata().RowGroups[0].Columns[0].MetaData.Statistics; len(stats.MinValue) == 0 {
		t.Error("no statistics on the first column")
	}
}

// Equal rows give equal bytes, run after run.
func TestDeterministic(t *testing.T) {
	a, err := WriteTable(t.TempDir(), "claims", "shanxi", claims(), "area_id")
	if err != nil {
		t.Fatal(err)
	}
	b, err := WriteTable(t.TempDir(), "claims", "shanxi", claims(), "area_id")
	if err != nil {
		t.Fatal(err)
	}
	if a != b {
		t.Errorf("%+v differs from %+v", a, b)
	}
}

func TestEmptyTableHasASchema(t *testing.T) {
	root := t.TempDir()
	file, err := WriteTable[record.Quarantined](root, "quarantine", "shanxi", nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.ReadFile[record.Quarantined](filepath.Join(root, file.Path))
	if err != nil || len(rows) != 0 {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestErrorsNameTheTable(t *testing.T) {
	if _, err := WriteTable[record.Claim](t.TempDir(), "nothing", "shanxi", nil); err == nil {
		t.Error("an undocumented table was written")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteTable[record.Claim](file, "claims", "shanxi", nil); err == nil {
		t.Error("a file was taken for a folder")
	}
}
