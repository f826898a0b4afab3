package release_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/release"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	models "github.com/sanpi-data/sanpi/sql"
)

// ledger is one whose texts a spreadsheet would run.
const ledger = `序号,项目名称,所在开发区,投资方,建设内容,总投资(亿元),签约日期,开工日期,备注
1,=HYPERLINK("http://example.cn";"年产二百台风机项目"),云州现代农业产业示范区,+山西甲机械有限公司,"-一期
=二期",6.75,2022-02-26,2022-04-16,
2,@SUM(1+1)*cmd|' /C calc'!A0,云州现代农业产业示范区,'乙食品有限公司',＝1+1,2.15,2020-10-05,,
3,丙数据中心项目,云州现代农业产业示范区,丙科技有限公司,a=b,1,2021-03-26,,
`

var dirs struct {
	sync.Mutex
	root string
	made map[string]string
}

func TestMain(m *testing.M) {
	var err error
	if dirs.root, err = os.MkdirTemp("", "sanpi-release-"); err != nil {
		panic(err)
	}
	dirs.made = map[string]string{}
	code := m.Run()
	os.RemoveAll(dirs.root)
	os.Exit(code)
}

// version is a version of a warehouse, made once: shipped, the data as it ships;
// ledger, with the ledger above; synthetic, with that marked as generated; less,
// what was known by 2021-12-31.
func version(t testing.TB, kind string) string {
	t.Helper()
	dirs.Lock()
	defer dirs.Unlock()
	if dir := dirs.made[kind]; dir != "" {
		return dir
	}
	plan := pipeline.Plan{
		Warehouse: filepath.Join(dirs.root, kind), Datasets: []fs.FS{datasets.FS}, SQL: models.FS, Program: "test", Workers: 2,
		Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Log: slog.New(slog.DiscardHandler),
	}
	text := ledger
	switch kind {
	case "less":
		plan.Datasets = []fs.FS{datasets.FS, lessClaims(t)}
	case "synthetic":
		text = "合成数据 synthetic,,,,,,,,\n" + ledger
		fallthrough
	case "ledger":
		path := filepath.Join(dirs.root, kind+".csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		plan.Ledgers = []pipeline.LedgerAddress{{Address: path}}
	}
	report, err := pipeline.Run(context.Background(), plan)
	if err != nil {
		t.Fatal(err)
	}
	dirs.made[kind] = report.Dir
	return report.Dir
}

// lessClaims is the campaign of Henan with one claim fewer and one of another value.
func lessClaims(t testing.TB) fs.FS {
	t.Helper()
	less := fstest.MapFS{}
	files, err := fs.Glob(datasets.FS, "henan/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		data, err := fs.ReadFile(datasets.FS, path)
		if err != nil {
			continue // a folder
		}
		if path == "henan/claims.csv" {
			lines := strings.SplitAfter(string(data), "\n")
			data = []byte(strings.Join(slices.Delete(lines, 1, 2), ""))
		}
		less[path] = &fstest.MapFile{Data: data}
	}
	return less
}

func makeRelease(t testing.TB, kind, dir, name string) *release.Report {
	t.Helper()
	r, err := release.Make(context.Background(), release.Plan{Version: version(t, kind), Dir: dir, Name: name, SQL: models.FS})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tree is every file under dir, by path.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRelease(t *testing.T) {
	dir := t.TempDir()
	r := makeRelease(t, "shipped", dir, "")
	if r.Name != "2026.01.02" || r.Before != "" || r.Synthetic || r.Rows < 10000 {
		t.Errorf("report %+v", r)
	}
	if target, err := os.Readlink(filepath.Join(dir, "latest")); err != nil || target != r.Name {
		t.Errorf("latest points to %q, %v", target, err)
	}
	files := tree(t, r.Folder)
	for _, name := range []string{"README.md", "README.zh.md", "CODEBOOK.md", "CODEBOOK.zh.md", "CHANGES.md", "CITATION.cff", "LICENSE", "LICENSE-DATA", "SHA256SUMS",
		"manifest.json", "datapackage.json", "croissant.json", "dataset.jsonld", "sanpi.duckdb", "sql/marts/trend_series.sql", "sql/facts/facts.sql",
		"parquet/claims/campaign=shanxi/part-0.parquet", "parquet/trend_series.parquet", "parquet/provenance.parquet"} {
		if files[name] == "" {
			t.Errorf("no %s", name)
		}
	}
	declared, err := catalog.Read(models.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range declared {
		if d.Name == "dictionary" || d.Name == "relations" {
			continue // the declarations, of which the codebook is made
		}
		plain := files["csv/"+d.Name+".csv"]
		if plain == "" || files["csv-excel/"+d.Name+".csv"] != "\xef\xbb\xbf"+plain {
			t.Errorf("%s: CSV of %d bytes, or csv-excel is not it behind a mark", d.Name, len(plain))
		}
		for _, book := range []string{"CODEBOOK.md", "CODEBOOK.zh.md"} {
			if !strings.Contains(files[book], "\n## "+d.Name+"\n") {
				t.Errorf("%s does not tell of %s", book, d.Name)
			}
		}
	}
	for _, name := range []string{"manifest.json", "datapackage.json", "croissant.json", "dataset.jsonld"} {
		if !json.Valid([]byte(files[name])) {
			t.Errorf("%s is no JSON", name)
		}
	}
	if got, err := release.Verify(dir); err != nil || len(got) != 1 {
		t.Errorf("verify: %v, %v", got, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// From every published value of the series one comes to an address.
func TestProvenance(t *testing.T) {
	r := makeRelease(t, "shipped", t.TempDir(), "")
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	parquet := func(name string) string {
		return "read_parquet(" + engine.Literal(filepath.Join(r.Folder, "parquet", name)) + ")"
	}
	var values, reached, facts, factsReached int
	query := `select count(*), count(*) filter (exists (select 1 from ` + parquet("provenance.parquet") + ` as p
			where p.relation = 'trend_series' and p.campaign = t.campaign and p.period_id = t.round and p.area_id = t.area_id
			and p.stage = t.stage and p.metric = t.metric and (p.url is not null or p.publisher is not null)))
		from ` + parquet("trend_series.parquet") + ` as t where value is not null`
	if err := db.QueryRow(query).Scan(&values, &reached); err != nil {
		t.Fatal(err)
	}
	if values == 0 || reached != values {
		t.Errorf("%d of %d values of the series have a source", reached, values)
	}
	query = `select count(*), count(*) filter (f.claims = p.claims and p.held = 1 and p.value = f.value)
		from ` + parquet("facts/*/*.parquet") + ` as f
		left join (select campaign, period_id, area_id, universe, stage, metric, method, count(*) as claims, count(*) filter (held) as held, any_value(claimed) filter (held) as value
			from ` + parquet("provenance.parquet") + ` where relation = 'facts' group by all) as p
		on f.campaign = p.campaign and f.period_id = p.period_id and f.area_id = p.area_id and f.universe = p.universe and f.stage = p.stage
			and f.metric = p.metric and f.method is not distinct from p.method`
	if err := db.QueryRow(query).Scan(&facts, &factsReached); err != nil {
		t.Fatal(err)
	}
	if facts == 0 || factsReached != facts {
		t.Errorf("%d of %d facts have all their claims and the one held", factsReached, facts)
	}
}

// Equal versions make equal bytes, archive and all.
func TestSameVersionSameBytes(t *testing.T) {
	one, other := t.TempDir(), t.TempDir()
	makeRelease(t, "ledger", one, "2026.01.02")
	makeRelease(t, "ledger", other, "")
	a, b := tree(t, one), tree(t, other)
	if len(a) < 100 || !maps.Equal(a, b) {
		for name := range a {
			if a[name] != b[name] {
				t.Errorf("%s differs", name)
			}
		}
		t.Errorf("%d and %d files", len(a), len(b))
	}
}

func TestNames(t *testing.T) {
	dir := t.TempDir()
	makeRelease(t, "shipped", dir, "")
	for _, bad := range []struct {
		kind, name string
		want       error
	}{
		{"shipped", "", release.ErrExists},           // the same version again
		{"ledger", "2026.01.02", release.ErrExists},  // another under a name that is taken
		{"ledger", "2026.1.2", release.ErrVersion},   //
		{"ledger", "2026.02.30", release.ErrVersion}, //
		{"ledger", "2026.01.02.0", release.ErrVersion},
		{"ledger", "../2026.01.02", release.ErrVersion},
		{"ledger", "latest", release.ErrVersion},
	} {
		before := tree(t, dir)
		_, err := release.Make(context.Background(), release.Plan{Version: version(t, bad.kind), Dir: dir, Name: bad.name, SQL: models.FS})
		if !errors.Is(err, bad.want) {
			t.Errorf("%s as %q: %v, want %v", bad.kind, bad.name, err, bad.want)
		}
		if !maps.Equal(before, tree(t, dir)) {
			t.Errorf("%s as %q left something behind", bad.kind, bad.name)
		}
	}
	if r := makeRelease(t, "ledger", dir, ""); r.Name != "2026.01.02.1" || r.Before != "2026.01.02" {
		t.Errorf("second of the day: %+v", r)
	}
	// An older one that is made later is not the latest.
	if r := makeRelease(t, "less", dir, "2025.12.31"); r.Before != "" {
		t.Errorf("the first: %+v", r)
	}
	if target, err := os.Readlink(filepath.Join(dir, "latest")); err != nil || target != "2026.01.02.1" {
		t.Errorf("latest points to %q, %v", target, err)
	}
}

// Two releases into one folder at once: the second is told to wait.
func TestLocked(t *testing.T) {
	dir := t.TempDir()
	hold, err := release.Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	_, err = release.Make(context.Background(), release.Plan{Version: version(t, "shipped"), Dir: dir, SQL: models.FS})
	if !errors.Is(err, warehouse.ErrLocked) {
		t.Errorf("%v, want that the folder is locked", err)
	}
}

// What a crash left is swept away, and an archive without its folder is no release.
func TestAfterCrash(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".making-2026.01.02", "2026.01.02"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "2026.01.02.tar.zst"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	makeRelease(t, "shipped", dir, "")
	if got, err := release.Verify(dir); err != nil || len(got) != 1 {
		t.Errorf("%v %v", got, err)
	}
}

// A run that ends early leaves nothing.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := release.Make(ctx, release.Plan{Version: version(t, "shipped"), Dir: dir, SQL: models.FS}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was stopped", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestVerify(t *testing.T) {
	dir := t.TempDir()
	r := makeRelease(t, "shipped", dir, "")
	claims := filepath.Join(r.Folder, "csv", "claims.csv")
	text, err := os.ReadFile(claims)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(text)
	changed[len(changed)/2] ^= 1
	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(claims, changed)
	write(filepath.Join(r.Folder, "csv", "extra.csv"), []byte("a\n"))
	if err := os.Remove(filepath.Join(r.Folder, "README.md")); err != nil {
		t.Fatal(err)
	}
	want := []string{"csv/claims.csv: changed", "csv/extra.csv: extra", "README.md: missing"}
	for _, at := range []struct{ dir, prefix string }{{r.Folder, ""}, {dir, r.Name + "/"}, {filepath.Join(dir, "latest"), ""}} {
		_, err := release.Verify(at.dir)
		var faults *release.FaultsError
		if !errors.As(err, &faults) {
			t.Fatalf("%s: %v, want faults", at.dir, err)
		}
		for i, w := range want {
			if len(faults.Faults) != len(want) || faults.Faults[i].String() != at.prefix+w {
				t.Errorf("%s: %v, want %v", at.dir, faults.Faults, want)
				break
			}
		}
	}
	// Whoever changes the sums with the file is found by the archive.
	write(claims, text)
	if err := os.Remove(filepath.Join(r.Folder, "csv", "extra.csv")); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(r.Folder, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	var kept []byte
	for line := range bytes.Lines(sums) {
		if !bytes.HasSuffix(line, []byte("  README.md\n")) {
			kept = append(kept, line...)
		}
	}
	write(filepath.Join(r.Folder, "SHA256SUMS"), kept)
	_, err = release.Verify(r.Folder)
	var faults *release.FaultsError
	if !errors.As(err, &faults) || len(faults.Faults) != 2 || faults.Faults[0].Path != r.Name+".tar.zst: README.md" {
		t.Errorf("changed sums: %v", err)
	}
	// A damaged archive, a folder of nothing.
	write(r.Archive, []byte("no archive"))
	if _, err := release.Verify(dir); !errors.As(err, &faults) || faults.Faults[0].Path != r.Name+".tar.zst" {
		t.Errorf("damaged archive: %v", err)
	}
	if _, err := release.Verify(t.TempDir()); err == nil || errors.As(err, &faults) && faults == nil {
		t.Error("an empty folder was verified")
	}
}

// Every text of the CSV files is safe, and is what it was once the guard is off.
func TestInjection(t *testing.T) {
	r := makeRelease(t, "ledger", t.TempDir(), "")
	data, err := os.ReadFile(filepath.Join(r.Folder, "csv", "projects.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, row := range rows {
		for _, field := range row {
			have[field] = true
		}
	}
	for _, want := range []string{`'=HYPERLINK("http://example.cn";"年产二百台风机项目")`, "'+山西甲机械有限公司", "a=b", "丙数据中心项目"} {
		if !have[want] {
			t.Errorf("no field %q", want)
		}
		if have[release.Unguard(want)] && strings.HasPrefix(want, "'") {
			t.Errorf("field %q stands without its guard", want)
		}
	}
	for field := range have {
		if field != "" && strings.ContainsAny(field[:1], "=+@\t\r\n") {
			t.Errorf("field %q would be run", field)
		}
	}
}

var (
	guardedTexts = []string{"=1+1", "+86 351", "-一期", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", "\t=1", "\tx", "\r1", "\n2", " =1", "　=1", "\u200b=1", "\ufeff=1",
		"'", "'=1", "''", "'甲'", "\u00a0-1", "=", "-", "=HYPERLINK(\"http://example.cn\")", "@SUM(1)*cmd|' /C calc'!A0"}
	plainTexts = []string{"", "甲项目", "a=b", "1-2", "2021-1", "H-08", "（一期）", " 甲", "“三个一批”", "《通报》", "A", "z", "~", "0", "~=1", "·", "—", "é", "１", "%", "|", ";=1"}
)

func TestGuard(t *testing.T) {
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	check := func(text, want string) {
		t.Helper()
		if got := release.Guard(text); got != want {
			t.Errorf("Guard(%q) = %q, want %q", text, got, want)
		}
		if got := release.Unguard(want); got != text {
			t.Errorf("Unguard(%q) = %q, want %q", want, got, text)
		}
		var got string
		if err := db.QueryRow("select "+release.Guarded("t")+" from (select ?::varchar as t)", text).Scan(&got); err != nil || got != want {
			t.Errorf("SQL guards %q as %q, want %q (%v)", text, got, want, err)
		}
	}
	for _, text := range guardedTexts {
		check(text, "'"+text)
	}
	for _, text := range plainTexts {
		check(text, text)
	}
}

func TestChanges(t *testing.T) {
	dir := t.TempDir()
	makeRelease(t, "less", dir, "2026.01.01")
	r := makeRelease(t, "shipped", dir, "")
	text, err := os.ReadFile(filepath.Join(r.Folder, "CHANGES.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Compared with 2026.01.01", "| `claims` | ", "relations are unchanged"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "| `areas` |") {
		t.Errorf("areas did not change:\n%s", text)
	}
}

// What Excel cannot hold is not written for it, and nothing says that it was.
func TestTooLongForExcel(t *testing.T) {
	defer release.SetExcelRows(1000)()
	files := tree(t, makeRelease(t, "shipped", t.TempDir(), "").Folder)
	if _, ok := files["csv-excel/coverage.csv"]; ok || files["csv/coverage.csv"] == "" || files["csv-excel/claims.csv"] == "" {
		t.Error("coverage has over 1,000 rows and claims fewer")
	}
	if strings.Contains(files["CODEBOOK.md"], "csv-excel/coverage.csv") || !strings.Contains(files["CODEBOOK.md"], "csv-excel/claims.csv") {
		t.Error("the codebook names a file that is not there, or leaves one out")
	}
}

// The codebook's counts are those of the rows, whether footers told them or not.
func TestCodebookCounts(t *testing.T) {
	r := makeRelease(t, "ledger", t.TempDir(), "")
	db, err := engine.OpenReadOnly(filepath.Join(r.Folder, "sanpi.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	book := tree(t, r.Folder)["CODEBOOK.md"]
	for relation, columns := range map[string][]string{"claims": {"campaign", "round", "locator", "approximate"}, "projects": {"started_on", "investment_cny", "obstacle"}, "trend_series": {"value", "claim_ids", "doubt"}} {
		_, section, ok := strings.Cut(book, "\n## "+relation+"\n")
		if !ok {
			t.Fatalf("no section on %s", relation)
		}
		section, _, _ = strings.Cut(section, "\n## ")
		for _, c := range columns {
			var share float64
			if err := db.QueryRow("select 100.0 * count(" + c + ") / count(*) from " + relation).Scan(&share); err != nil {
				t.Fatal(err)
			}
			line := section[strings.Index(section, "| `"+c+"` |"):]
			line, _, _ = strings.Cut(line, "\n")
			cells := strings.Split(line, " | ")
			var told float64
			if _, err := fmt.Sscanf(cells[len(cells)-2], "%g %%", &told); err != nil || told > share+1e-9 || share >= told+1 { // whole per cents, so that 100 % is all
				t.Errorf("%s.%s is known in %.2f %% and the codebook says %q (%v)", relation, c, share, cells[len(cells)-2], err)
			}
		}
	}
}

// Generated rows are called so wherever the release is named.
func TestSynthetic(t *testing.T) {
	r := makeRelease(t, "synthetic", t.TempDir(), "")
	if !r.Synthetic {
		t.Fatal("the release does not know that it is synthetic")
	}
	files := tree(t, r.Folder)
	for _, name := range []string{"README.md", "README.zh.md", "CODEBOOK.md", "CODEBOOK.zh.md", "CITATION.cff", "LICENSE-DATA", "manifest.json", "datapackage.json", "croissant.json", "dataset.jsonld"} {
		if !strings.Contains(strings.ToLower(files[name]), "synthetic") {
			t.Errorf("%s does not say that the data is synthetic", name)
		}
	}
}

// A version of other models is not described by these.
func TestOtherModels(t *testing.T) {
	other := fstest.MapFS{}
	err := fs.WalkDir(models.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(models.FS, path)
		if path == "marts/coverage.sql" {
			data = append(data, "-- changed\n"...)
		}
		other[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, err = release.Make(context.Background(), release.Plan{Version: version(t, "shipped"), Dir: dir, SQL: other})
	if err == nil || !strings.Contains(err.Error(), "sql/marts/coverage.sql") {
		t.Errorf("%v, want that it names the model", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// The licences that a release carries are the repository's.
func TestLicences(t *testing.T) {
	for copied, original := range map[string]string{"text/LICENSE": "../../LICENSE", "text/LICENSE-DATA.md": "../../datasets/LICENSE.md"} {
		a, err := os.ReadFile(copied)
		b, err2 := os.ReadFile(original)
		if err != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("%s is not %s: copy it again (%v %v)", copied, original, err, err2)
		}
	}
}
