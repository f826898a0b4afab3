package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

var testAreas = []record.Area{
	{AreaID: "140000", Name: "山西省", Level: record.Province},
	{AreaID: "140400", Name: "长治市", Level: record.City, ParentID: "140000"},
	{AreaID: "140423-Z1", Name: "襄垣经济技术开发区", Level: record.Zone, ParentID: "140400"},
	{AreaID: "140400-Z1", Name: "长治高新技术产业开发区", Level: record.Zone, ParentID: "140400"},
}

// ledgerOf is a ledger of the given text.
func ledgerOf(name, text string) Ledger {
	l := Ledger{Data: strings.NewReader(text), Size: int64(len(text))}
	l.Context = sheet.Context{
		Campaign: "shanxi", SourceID: record.SourceID("ledger-" + name), File: name, Today: record.NewDate(2026, 1, 1), Home: "140000",
		AsOf: sheet.DayOf(name), Areas: area.NewResolver(testAreas, nil), Rounds: round.NewIndex(record.ByYear, nil, nil),
	}
	return l
}

func testWords(t testing.TB) *sheet.Words {
	t.Helper()
	w, err := sheet.LoadWords(os.DirFS("../../datasets"))
	if err != nil {
		t.Fatal(err)
	}
	return &w
}

func loadAll(t testing.TB, workers int, ledgers ...Ledger) (string, *Loaded) {
	t.Helper()
	dir := t.TempDir()
	loaded, err := Load(context.Background(), Job{
		Dir: dir, Campaign: "shanxi", Areas: testAreas, Ledgers: ledgers, Words: testWords(t), Workers: workers,
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, loaded
}

// readRows reads a table back, all parts in order.
func readRows[T any](t testing.TB, dir string, loaded *Loaded, table string) []T {
	t.Helper()
	var rows []T
	for _, f := range loaded.Files {
		if f.Table == table {
			part, err := parquet.ReadFile[T](filepath.Join(dir, f.Path))
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, part...)
		}
	}
	return rows
}

const head10 = "项目代码,项目名称,所在开发区,投资方,总投资(亿元),签约日期,开工日期,项目阶段,备注\n"

// What one row lacks another of the same project and day gives; where they
// differ the first stands and the columns are named; every row is somewhere.
func TestJoin(t *testing.T) {
	dir, loaded := loadAll(t, 2,
		ledgerOf("甲-2021-06.csv", "开发区台账\n"+head10+
			",镁合金项目,襄垣经济技术开发区,甲公司,12,2021-01-01,,签约,\n"+
			"2021-140423-30-03-123456,铝材项目,襄垣经济技术开发区,乙公司,3,2021-02-01,,签约,\n"+
			",镁合金项目,长治高新技术产业开发区,甲公司,12,2021-01-01,,签约,\n"+
			"小计,,,,27,,,,\n"),
		ledgerOf("乙-2021-06.csv", head10+
			",镁合金 项目,襄垣经济技术开发区,甲公司,13,,2021-03-05,开工,\n"+
			"2021-140423-30-03-123456,高端铝材项目,襄垣经济技术开发区,乙公司,,,,,\n"+
			",铝材项目,襄垣经济技术开发区,乙公司,,,2021-05-01,开工,\n"+
			",坏日期项目,襄垣经济技术开发区,丙公司,1,2021-13-01,,签约,\n"),
		ledgerOf("甲-2021-07.csv", head10+
			",镁合金项目,襄垣经济技术开发区,甲公司,12,2021-01-01,2021-03-05,开工,\n"))
	projects := readRows[record.Project](t, dir, loaded, "projects")
	type row struct {
		Name, Zone, AsOf, Signed, Started, Stage string
		Investment                               record.CNY
	}
	var got []row
	ids := map[string]record.ProjectID{}
	for _, p := range projects {
		got = append(got, row{p.Name, string(p.ZoneID), p.AsOf.String(), p.SignedOn.String(), p.StartedOn.String(), string(p.Stage), *p.InvestmentCNY / record.YiYuan})
		ids[p.Name+" "+string(p.ZoneID)+" "+p.AsOf.String()] = p.ProjectID
	}
	slices.SortFunc(got, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Name, b.Name), cmp.Compare(a.AsOf, b.AsOf))
	})
	want := []row{
		{"镁合金项目", "140400-Z1", "2021-06-30", "2021-01-01", "", "signed", 12},
		{"铝材项目", "140423-Z1", "2021-06-30", "2021-02-01", "2021-05-01", "started", 3},
		{"镁合金项目", "140423-Z1", "2021-06-30", "2021-01-01", "2021-03-05", "started", 12},
		{"镁合金项目", "140423-Z1", "2021-07-31", "2021-01-01", "2021-03-05", "started", 12},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if ids["镁合金项目 140423-Z1 2021-06-30"] != ids["镁合金项目 140423-Z1 2021-07-31"] {
		t.Error("the project of two editions has two ids")
	}
	if ids["镁合金项目 140423-Z1 2021-06-30"] != record.NewProjectID("shanxi", "镁合金项目", "140423-Z1", "甲公司") {
		t.Error("the id is not that of name, place and investor")
	}
	var differs []string
	for _, d := range readRows[record.Duplicate](t, dir, loaded, "duplicates") {
		differs = append(differs, fmt.Sprintf("%s %d → %s %d: %s", d.SourceID, d.Line, d.KeptSourceID, d.KeptLine, d.Differs))
	}
	slices.Sort(differs)
	if diff := gocmp.Diff([]string{
		"ledger-乙-2021-06.csv 2 → ledger-甲-2021-06.csv 3: name;investment_cny;stage",
		"ledger-乙-2021-06.csv 3 → ledger-甲-2021-06.csv 4: name",
		"ledger-乙-2021-06.csv 4 → ledger-甲-2021-06.csv 4: stage",
	}, differs); diff != "" {
		t.Error(diff)
	}
	kept := readRows[record.Quarantined](t, dir, loaded, "quarantine")
	if len(kept) != 1 || kept[0].Reason != "unreadable_date" || kept[0].Line != 5 || kept[0].Raw != "2021-13-01" || !strings.HasPrefix(kept[0].RawRow, ",坏日期项目,") {
		t.Errorf("quarantine: %+v", kept)
	}
	for _, s := range readRows[record.LedgerSheet](t, dir, loaded, "ledger_sheets") {
		if s.Read != s.Loaded+s.Quarantined+s.Duplicates+s.Titles+s.Headers+s.Totals+s.Blanks+s.Notes {
			t.Errorf("%s does not add up: %+v", s.File, s)
		}
	}
	counts := loaded.Sheets[1].Counts
	if want := (Counts{Read: 5, Loaded: 0, Quarantined: 1, Duplicates: 3, Headers: 1}); counts != want {
		t.Errorf("got %+v, want %+v", counts, want)
	}
}

// small makes everything spill and everything a file of its own.
func small(t testing.TB) {
	oldBuffer, oldFile, oldHeld := bufferSize, fileBytes, heldBytes
	bufferSize, fileBytes, heldBytes = 100, 2000, 1000
	t.Cleanup(func() { bufferSize, fileBytes, heldBytes = oldBuffer, oldFile, oldHeld })
}

// messy is a ledger with many editions of few projects, some with codes.
func messy(seed uint64, rows int, month int) Ledger {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString(head10)
	for range rows {
		n := r.IntN(rows / 2)
		code := ""
		if n%3 == 0 && r.IntN(4) > 0 {
			code = fmt.Sprintf("2021-140423-%06d", n)
		}
		zone := []string{"襄垣经济技术开发区", "长治高新技术产业开发区"}[n%2]
		fmt.Fprintf(&b, "%s,项目%d,%s,公司%d,%d,2021-01-%02d,,签约,\n", code, n+r.IntN(2)*1000*(n%5/4), zone, n, 1+n, 1+r.IntN(28))
	}
	return ledgerOf(fmt.Sprintf("台账%d-2021-%02d.csv", seed, month), b.String())
}

// The outcome does not depend on the workers, nor on what spills.
func TestDeterminism(t *testing.T) {
	ledgers := func() []Ledger { return []Ledger{messy(1, 300, 5), messy(2, 300, 5), messy(3, 300, 6)} }
	dir, loaded := loadAll(t, 1, ledgers()...)
	want := readRows[record.Project](t, dir, loaded, "projects")
	wantDuplicates := readRows[record.Duplicate](t, dir, loaded, "duplicates")
	if len(want) == 0 || len(wantDuplicates) == 0 {
		t.Fatalf("%d projects, %d duplicates", len(want), len(wantDuplicates))
	}
	again, repeated := loadAll(t, 4, ledgers()...)
	for i, f := range loaded.Files {
		if repeated.Files[i].SHA256 != f.SHA256 {
			t.Errorf("%s differs with four workers", filepath.Join(again, f.Path))
		}
	}
	small(t)
	dir, loaded = loadAll(t, 3, ledgers()...)
	parts := 0
	for _, f := range loaded.Files {
		if f.Table == "projects" {
			parts++
		}
	}
	if parts < 2 {
		t.Errorf("%d files of projects", parts)
	}
	if _, err := os.Stat(filepath.Join(dir, ".rows")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary file is still there: %v", err)
	}
	got := readRows[record.Project](t, dir, loaded, "projects")
	if len(got)+len(readRows[record.Duplicate](t, dir, loaded, "duplicates")) != len(want)+len(wantDuplicates) {
		t.Errorf("%d rows in parts, %d at once", len(got), len(want))
	}
}

// Rows that are one by code or name are one whatever the order in which a
// straightforward program would find it.
func TestGroup(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		entries := make([]entry, 1+r.IntN(12))
		for i := range entries {
			entries[i] = entry{head: head{key: 1 + r.Uint64N(4), asOf: record.Date(r.IntN(3)), line: uint32(i)}}
			if r.IntN(2) == 0 {
				entries[i].code = 100 + r.Uint64N(3)
			}
		}
		checkGroup(t, entries)
	}
}

// checkGroup holds the groups of entries against what they must be, and against
// those of the same entries in another order, as other workers leave them.
func checkGroup(t *testing.T, entries []entry) {
	t.Helper()
	got := slices.Clone(entries)
	group(got)
	for i := range got {
		for j := range got {
			a, b := entries[i], entries[j]
			same := got[i].group == got[j].group
			switch {
			case a.code != 0 && b.code != 0 && (a.code == b.code) != same:
				t.Fatalf("codes %d and %d, one project: %t\n%+v", a.code, b.code, same, entries)
			case a.code == 0 && b.code == 0 && a.key == b.key && !same:
				t.Fatalf("two rows of one name are two projects\n%+v", entries)
			}
		}
		if e := entries[i]; e.code == 0 {
			codes := map[uint64]uint64{}
			for j, other := range entries {
				if other.key == e.key && other.code != 0 {
					codes[other.code] = got[j].group
				}
			}
			for _, g := range codes {
				if len(codes) == 1 && g != got[i].group {
					t.Fatalf("a name is not the project of the one code that bears it\n%+v", entries)
				}
			}
		}
	}
	turned := slices.Clone(entries)
	slices.Reverse(turned)
	group(turned)
	for i := range got {
		if other := turned[len(turned)-1-i]; other.group != got[i].group {
			t.Fatalf("line %d is project %d, and %d in another order\n%+v", got[i].line, got[i].group, other.group, entries)
		}
	}
	sortEntries(got)
	sortEntries(turned)
	for i := range got {
		got[i].at, turned[i].at = 0, 0
	}
	if !slices.Equal(got, turned) {
		t.Fatalf("the order of the table hangs on that of the workers\n%+v\n%+v", got, turned)
	}
	if !slices.IsSortedFunc(got, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.group, b.group), earlier(a, b))
	}) {
		t.Fatalf("out of order: %+v", got)
	}
}

// A file in which no header is found is an error that says so, and a workbook's
// second sheet without one is kept back row by row.
func TestNoHeader(t *testing.T) {
	_, err := Load(context.Background(), Job{
		Dir: t.TempDir(), Campaign: "shanxi", Areas: testAreas, Words: testWords(t), Workers: 2,
		Ledgers: []Ledger{ledgerOf("无表头.csv", "镁合金项目,12\n铝材项目,3\n")},
	})
	var unreadable *format.UnreadableError
	if !errors.As(err, &unreadable) || !strings.Contains(err.Error(), "无表头.csv") {
		t.Errorf("got %v", err)
	}
}

// The README lists every reason as it stands in reasons.csv.
func TestREADMEListsEveryReason(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "` | quarantine | ") || strings.Contains(line, "` | flag | ") {
			rows++
		}
	}
	words := testWords(t)
	if rows != len(words.Reasons) {
		t.Errorf("the README lists %d reasons of %d", rows, len(words.Reasons))
	}
	for _, r := range words.Reasons {
		action := map[bool]string{true: "quarantine", false: "flag"}[r.Quarantines]
		if row := fmt.Sprintf("| `%s` | %s | %s | %s |", r.Code, action, r.EN, r.ZH); !strings.Contains(string(text), row) {
			t.Errorf("the README lacks %s", row)
		}
	}
}
