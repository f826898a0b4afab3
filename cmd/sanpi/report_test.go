package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/export"
)

// reportWarehouse makes a warehouse of a few relations as a run would leave them.
func reportWarehouse(t *testing.T, statements ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	version := filepath.Join(dir, "versions", "v1")
	if err := errors.Join(os.MkdirAll(version, 0o755), os.Symlink("versions/v1", filepath.Join(dir, "CURRENT")),
		os.WriteFile(filepath.Join(version, "manifest.json"), []byte(`{"version": "v1", "created_at": "2024-03-01T08:00:00Z"}`), 0o644)); err != nil {
		t.Fatal(err)
	}
	db, err := engine.Open(filepath.Join(version, "sanpi.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range append([]string{
		`create table areas as from (values
			('x', '140000', '山西省', 'Shanxi', 'province'), ('x', '140400', '长治市', 'Changzhi', 'city')) as t(campaign, area_id, name, name_en, level)`,
		`create table rounds as select 'x' as campaign, '2021-1' as round, 1 as series_position, '140000' as area_id`,
		`create table sources as select 'x' as campaign, 'ledger-1' as source_id, 'ledger' as kind`,
		`create table ledger_sheets as select 'x' as campaign, 'ledger-1' as source_id, '台账.csv' as file, null::varchar as sheet, 4 as rows_loaded, false as synthetic, date '2023-12-31' as as_of`,
	}, statements...) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const scorecardMart = `create view zone_scorecard as from (values
	('x', false, 2022, 'a', '襄垣经济技术开发区', 'Xiangyuan Economic and Technological Development Zone', 'industrial', '140400', 'assessed', null, 3::bigint, 70.0::double, 1, 1, 1, 1, 70.0::double, 70.0::double, 70.0::double, null::double, 0.8::double, date '2022-12-31'),
	('x', false, 2023, 'a', '襄垣经济技术开发区', 'Xiangyuan Economic and Technological Development Zone', 'industrial', '140400', 'assessed', null, 4, 61.25, 2, 2, 1, 2, 60, 61, 62, 63, 1, date '2023-12-31'),
	('x', false, 2023, 'b', '潞城经济技术开发区', null, 'industrial', '140400', 'assessed', null, 9, 88, 1, 2, 1, 2, 90, 88, 87, null, 0.75, date '2023-12-31'),
	('x', false, 2023, 'c', '=1+1<script>示范区', null, 'agriculture', '140400', 'not_assessed', 'no_projects', 0, null, null, null, null, null, null, null, null, null, 0, null),
	('x', true, 2024, 'a', '襄垣经济技术开发区', null, 'industrial', '140400', 'assessed', null, 4, 50, 1, 1, 1, 1, 50, 50, 50, 50, 1, date '2024-12-31'))
	as t(campaign, synthetic, year, zone_id, zone_name, zone_name_en, zone_type, city_id, status, reason, projects, score, rank, ranked_of, rank_low, rank_high,
		reserve_score, recruitment_score, construction_score, service_score, coverage, observed_on)`

func shown(t *testing.T, want int, args ...string) string {
	t.Helper()
	t.Setenv("LC_ALL", "C.UTF-8")
	var out, log bytes.Buffer
	if code := execute(context.Background(), append([]string{"show"}, args...), nil, &out, &log); code != want {
		t.Fatalf("%v ended with %d, want %d: %s", args, code, want, &log)
	}
	return out.String() + log.String()
}

func TestShowScorecard(t *testing.T) {
	dir := reportWarehouse(t, scorecardMart)
	for _, test := range []struct {
		args      []string
		code      int
		want, not []string
	}{
		{[]string{"scorecard", "--lang", "zh"}, exitDone, []string{
			"2023年度山西省开发区“四比四看”考核情况", "— 工业类（2 个）\n潞城经济技术开发区     1         2     1     2  88.0\n襄垣经济技术开发区     2         2     1     2  61.3\n",
			"潞城经济技术开发区      90.0      88.0      87.0         ·\n", "=1+1<script>示范区  农业类  长治市     0  年末没有已知签约的项目\n", "版本 v1"}, []string{"合成"}},
		{[]string{"scorecard", "--year", "2022"}, exitDone, []string{"Assessment of the development zones of Shanxi, 2022", "No zone was left out this year."}, []string{"61.3"}},
		{[]string{"scorecard", "--synthetic"}, exitUsage, []string{"there are none"}, nil},
		{[]string{"scorecard", "--year", "2020"}, exitUsage, []string{"--year 2020 was not assessed; ask for one of 2022, 2023"}, nil},
		{[]string{"scorecard", "--campaign", "henan"}, exitUsage, []string{"henan"}, nil},
		{[]string{"stalled"}, exitFailed, []string{`the warehouse has no stalled_projects: another version of sanpi made it; run "sanpi run" again`}, nil},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			got := shown(t, test.code, append(test.args, "--warehouse", dir)...)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
			for _, not := range test.not {
				if strings.Contains(got, not) {
					t.Errorf("%q stands in\n%s", not, got)
				}
			}
			if test.code != exitDone {
				return
			}
			for line := range strings.Lines(got) {
				if width := export.Width(strings.TrimSuffix(line, "\n")); width > 80 {
					t.Errorf("%d columns: %s", width, line)
				}
			}
		})
	}
}

// A workbook is the same assessment, and names that look like formulas are names.
func TestScorecardWorkbook(t *testing.T) {
	dir, file := reportWarehouse(t, scorecardMart), filepath.Join(t.TempDir(), "考核.xlsx")
	if got := shown(t, exitDone, "scorecard", "--lang", "zh", "--out", file, "--warehouse", dir); got != file+"\n" {
		t.Errorf("got %q", got)
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for place, want := range map[string]string{"A7": "潞城经济技术开发区", "F7": "88.0", "J7": "·", "M7": "75.00%"} {
		if got, _ := f.GetCellValue("考核情况", place); got != want {
			t.Errorf("%s: got %q, want %q", place, got, want)
		}
	}
	if got, _ := f.GetCellValue("未参评", "A5"); got != "=1+1<script>示范区" {
		t.Errorf("got %q", got)
	}
	if formula, _ := f.GetCellFormula("未参评", "A5"); formula != "" {
		t.Errorf("there is a formula: %q", formula)
	}
}

// writeNew leaves a whole file or none, and what was there before stays.
func TestWriteNew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "通报.html")
	broken := errors.New("broken")
	if err := writeNew(path, func(w io.Writer) error { io.WriteString(w, "half"); return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if found, _ := os.ReadDir(dir); len(found) != 0 {
		t.Errorf("%v was left", found)
	}
	if err := writeNew(path, func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }); err != nil {
		t.Fatal(err)
	}
	// Another may take the name while the file is written.
	late := filepath.Join(dir, "late.html")
	err := writeNew(late, func(io.Writer) error { return os.WriteFile(late, []byte("theirs"), 0o644) })
	if !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v", err)
	}
	if err := writeNew(path, func(w io.Writer) error { _, err := io.WriteString(w, "again"); return err }); !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v", err)
	}
	for name, want := range map[string]string{path: "whole", late: "theirs"} {
		if data, err := os.ReadFile(name); err != nil || string(data) != want {
			t.Errorf("%s holds %q, want %q (%v)", name, data, want, err)
		}
	}
	if found, _ := os.ReadDir(dir); len(found) != 2 {
		t.Errorf("%v was left", found)
	}
}

// A project that goes from one zone to another leaves the one and enters the other; in a
// city that has both it only moved, and tells nothing where it changed nothing. What came
// to no figure moved nothing, and a part of a zone is in its zone too.
func TestBulletinMoves(t *testing.T) {
	dir := reportWarehouse(t,
		`drop table areas`,
		`create table areas as from (values
			('x', '140000', 'province', null, null, null), ('x', '140400', 'city', '140000', '140400', null), ('x', '140200', 'city', '140000', '140200', null),
			('x', 'a', 'zone', '140400', '140400', 'industrial'), ('x', 'b', 'zone', '140400', '140400', 'tourism'), ('x', 'c', 'zone', '140200', '140200', 'industrial'),
			('x', 'c1', 'zone_part', 'c', '140200', null)) as t(campaign, area_id, level, parent_id, city_id, zone_type)`,
		`create table progress_bulletin as
			select 'x' as campaign, false as synthetic, date '2022-01-31' as month, level, coalesce(zone_type, area_id) as key, key as name, null::varchar as name_en,
				if(level = 'zone', zone_type, null) as ranked_in
			from (select level, area_id, null as zone_type from areas where level in ('city', 'province')
				union all select 'zone', area_id, null from areas where level in ('zone', 'zone_part')
				union all select distinct 'zone_type', null, zone_type from areas where zone_type is not null)`,
		`create table progress_moves as
			select 'x' as campaign, false as synthetic, date '2022-01-31' as month, project_id, project_id as name, zone_id, zone_before_id, string_split(moves, ' ') as moves,
				change as change_signed, 0 as change_started_of_signed, 0 as change_started, 0 as change_commissioned,
				0::decimal(18, 2) as change_expected_output_cny, 0::decimal(18, 2) as change_actual_output_cny, investment_cny, date '2022-01-31' as as_of
			from (values
				('going', 'b', 'a', 'moved', 0, 100000000::decimal(18, 2)),
				('going far', 'c', 'a', 'moved signed', 1, 300000000),
				('in a part', 'c1', null, 'entered signed', 1, null),
				('silent', 'c', null, 'entered', 0, 900000000),
				('left', null, 'a', 'left', -1, 200000000)) as t(project_id, zone_id, zone_before_id, moves, change, investment_cny)`)
	c := config{warehouse: dir, lang: "zh"}
	db, err := c.open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := c.newScreen(context.Background(), io.Discard, db)
	s.campaign = "x"
	for _, test := range []struct {
		level string
		most  int
		want  string
	}{
		{"zone", 9, "a 3 going far: moved_out; a 3 left: left; a 3 going: moved_out; b 1 going: moved_in; c 2 going far: moved_in,signed; c 2 in a part: entered,signed; c1 1 in a part: entered,signed"},
		{"zone", 1, "a 3 going far: moved_out; b 1 going: moved_in; c 2 going far: moved_in,signed; c1 1 in a part: entered,signed"},
		{"city", 9, "140200 2 going far: moved_in,signed; 140200 2 in a part: entered,signed; 140400 2 going far: moved_out; 140400 2 left: left"},
		{"zone_type", 9, "industrial 4 going far: moved,signed; industrial 4 left: left; industrial 4 going: moved_out; industrial 4 in a part: entered,signed; tourism 1 going: moved_in"},
		{"province", 9, "140000 3 going far: moved,signed; 140000 3 left: left; 140000 3 in a part: entered,signed"},
	} {
		rows, err := query(s, "bulletin_moves", func(scan scanner) (string, error) {
			var key, area, areaEN, name, moves, investment, asOf string
			var inArea int
			err := scan(&key, &area, text(&areaEN), &inArea, &name, &moves, text(&investment), text(&asOf))
			return fmt.Sprintf("%s %d %s: %s", key, inArea, name, moves), err
		}, sql.Named("synthetic", false), sql.Named("month", "2022-01-31"), sql.Named("level", test.level), sql.Named("most", test.most))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(rows, "; "); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.level, got, test.want)
		}
	}
}
