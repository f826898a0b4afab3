package review

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanpi-data/sanpi/transforms/campaign"
)

// row is a row of the sheet with the given columns.
func row(cells map[string]string) []string {
	r := make([]string, len(campaign.ReviewColumns))
	for i, name := range campaign.ReviewColumns {
		r[i] = cells[name]
	}
	return r
}

func TestWriteAndRead(t *testing.T) {
	table := [][]string{
		campaign.ReviewColumns,
		row(map[string]string{"review_id": "v1", "quote": "签约项目“一批”68个,\n总投资约12亿元", "value": "68", "note": "x"}),
		row(map[string]string{"review_id": "v2", "decision": "采纳", "note": "=1+1"}),
	}
	for _, name := range []string{"待核.csv", "待核.XLSX"} {
		path := filepath.Join(t.TempDir(), name)
		if err := Write(path, table); err != nil {
			t.Fatal(err)
		}
		got, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got { // a workbook leaves empty cells out at the end
			got[i] = append(got[i], make([]string, len(campaign.ReviewColumns)-len(got[i]))...)
		}
		if diff := cmp.Diff(table, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestMerge(t *testing.T) {
	kept := [][]string{campaign.ReviewColumns, row(map[string]string{"review_id": "v1", "decision": "accept", "value": "1"}), row(map[string]string{"review_id": "v2", "decision": "reject"})}
	merged, n, err := Merge(kept, [][]string{{"value", "decision ", "review_id"}, {"9", "accept", "v2"}, {"", "", "v3"}, {"5", "reject", "v4"}, {"5"}})
	if err != nil || n != 2 {
		t.Fatalf("%d decided, %v", n, err)
	}
	want := [][]string{
		campaign.ReviewColumns, row(map[string]string{"review_id": "v1", "decision": "accept", "value": "1"}),
		row(map[string]string{"review_id": "v2", "decision": "accept", "value": "9"}), row(map[string]string{"review_id": "v4", "decision": "reject", "value": "5"}),
	}
	if diff := cmp.Diff(want, merged); diff != "" {
		t.Error(diff)
	}
	if _, _, err := Merge(nil, [][]string{{"a", "b"}, {"1", "2"}}); err == nil || !strings.Contains(err.Error(), "review_id is missing") {
		t.Error(err)
	}
}

func TestReadWhatIsNoSheet(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{"a.csv": "a,\"b\nc", "a.xlsx": "no workbook"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), ";") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
