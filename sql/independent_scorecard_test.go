package sql_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	models "github.com/sanpi-data/sanpi/sql"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// An office may ask for the measures that zone_measures has, and for no other.
func TestMeasuresAreThoseOfTheModel(t *testing.T) {
	text, err := models.FS.ReadFile("core/zone_measures.sql")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range regexp.MustCompile(`measure: '(\w+)'`).FindAllSubmatch(text, -1) {
		got = append(got, string(m[1]))
	}
	slices.Sort(got)
	if diff := cmp.Diff(slices.Sorted(slices.Values(record.Measures)), got); diff != "" {
		t.Errorf("record.Measures (-) and core/zone_measures.sql (+) differ:\n%s", diff)
	}
}

// scorecardColumns are the cells of zone_scorecard that scorecard.py computes.
var scorecardColumns = []string{
	"zone_name", "zone_type", "status", "reason", "projects", "score", "coverage", "rank", "ranked_of",
	"rank_low", "rank_high", "observed_on", "reserve_score", "recruitment_score", "construction_score", "service_score",
}

// TestScorecardIndependently compares every cell of zone_scorecard with what
// tests/independent/scorecard.py computes in fractions from the rows of the same ledgers.
func TestScorecardIndependently(t *testing.T) {
	python := os.Getenv("SANPI_TEST_PYTHON")
	if python == "" {
		t.Skip("SANPI_TEST_PYTHON names no Python; run make test, which sets it")
	}
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			ledgers := randomLedgers(rand.New(rand.NewPCG(seed, 20231231)))
			want := ledgers.scorecardByPython(t, python)
			got := ledgers.scorecardByModels(t)
			seen := map[string]int{}
			for key, value := range want {
				column := key[strings.LastIndex(key, " ")+1:]
				if !sameCell(got[key], value) {
					t.Errorf("%s: the mart says %q, the independent computation %q", key, got[key], value)
				}
				if column == "reason" {
					seen[value]++
				}
				if column == "rank_high" && value != "" && value != want[strings.TrimSuffix(key, "high")+"low"] {
					seen["range"]++
				}
			}
			if len(got) != len(want) {
				t.Errorf("the mart has %d cells, the independent computation %d", len(got), len(want))
			}
			// The comparison is worth as much as what the rows make happen.
			for _, outcome := range []string{"", "range", "no_projects", "not_reported", "zone_type_unknown", "missing_indicator", "low_coverage"} {
				if seen[outcome] == 0 {
					t.Errorf("no zone has the outcome %q: %v", outcome, seen)
				}
			}
			if seen[""] < 20 {
				t.Errorf("only %d zones are assessed", seen[""])
			}
		})
	}
}

// sameCell compares two cells: as numbers where both are, else as text.
func sameCell(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return a == b
	}
	return math.Abs(x-y) <= 1e-9
}

// ledgers are the tables of one campaign as text, a column a key.
type ledgers struct {
	Areas       []map[string]string `json:"areas"`
	Indicators  []map[string]string `json:"indicators"`
	Assessments []map[string]string `json:"assessments"`
	Rows        []map[string]string `json:"rows"`
}

// randomLedgers makes five editions over two years of zones of three types: with a part, of
// no type, without projects, with one, silent from some day on, silent for a year, and
// approved later than some of their projects. Projects move, come further, and are told
// again otherwise.
func randomLedgers(r *rand.Rand) ledgers {
	var l ledgers
	var hosts []string
	addArea := func(id, level, parent, zoneType, approved string) {
		l.Areas = append(l.Areas, map[string]string{
			"area_id": id, "name": "区" + id, "level": level, "parent_id": parent, "zone_type": zoneType, "approved": approved,
		})
		if level != "city" && id != "empty" && id != "few" {
			hosts = append(hosts, id)
		}
	}
	addArea("city", "city", "", "", "")
	for i := range 9 {
		addArea(fmt.Sprintf("i%d", i), "zone", "city", "industrial", "")
	}
	for i := range 4 {
		addArea(fmt.Sprintf("a%d", i), "zone", "city", "agriculture", "2010-05")
	}
	addArea("t0", "zone", "city", "tourism", "2023-06")
	addArea("u0", "zone", "city", "", "")
	addArea("i0p", "zone_part", "i0", "", "")
	addArea("empty", "zone", "city", "industrial", "2022")
	addArea("few", "zone", "city", "agriculture", "")
	const (
		silent = "i8" // has no edition after 2022
		gap    = "a1" // has none in 2023
	)

	for _, line := range strings.Fields(`
		median,reserve,median_investment,17.5,higher,skip,2 yield,reserve,expected_yield,7.5,lower,skip,1
		landing,recruitment,landing_rate,12.5,higher,unassessed,2 money,recruitment,landing_investment_rate,12.5,higher,skip,0
		start,construction,start_rate,10,higher,skip,3 commission,construction,commission_rate,8,higher,skip,2
		target,construction,target_rate,7,higher,skip,1 joy,service,survey,13,higher,skip,0
		promise,service,commitment_rate,5,higher,skip,2 land,service,standard_land_rate,7,lower,skip,2`) {
		f := strings.Split(line, ",")
		l.Indicators = append(l.Indicators, map[string]string{
			"indicator": f[0], "pair": f[1], "measure": f[2], "weight": f[3], "direction": f[4], "missing": f[5], "least_base": f[6],
		})
	}
	for _, zone := range hosts {
		for year := 2021; year <= 2024; year++ {
			if zone != "i0p" && r.IntN(3) > 0 {
				l.Assessments = append(l.Assessments, map[string]string{
					"year": strconv.Itoa(year), "zone_id": zone, "indicator": "joy", "value": strconv.Itoa(80 + r.IntN(20)),
				})
			}
		}
	}

	editions := []string{"2022-06-30", "2022-12-31", "2023-06-30", "2023-12-31", "2024-05-31"}
	for i := range 320 {
		zone := hosts[int(float64(len(hosts))*math.Pow(r.Float64(), 1.6))]
		if i == 1 {
			zone = "few"
		}
		signed := 366 + r.IntN(1240) // from 2021-01-01 to the spring of 2024
		started := signed + int(200*r.ExpFloat64())
		commissioned := started + int(250*r.ExpFloat64())
		onTarget := commissioned + int(200*r.ExpFloat64())
		project := map[string]string{
			"project_id": fmt.Sprintf("p%03d", i), "commitment": oneOf(r, "", "true", "false"), "standard_land": oneOf(r, "", "", "true", "false"), "full_agency": "",
			"signed_precision": oneOf(r, "day", "day", "month", "quarter", "half", "year"), "started_precision": oneOf(r, "day", "day", "month", "quarter"),
			"commissioned_precision": oneOf(r, "day", "month"), "on_target_precision": "day",
			"investment_cny": oneOf(r, "", amount(r), amount(r), amount(r)), "expected_output_cny": oneOf(r, "", amount(r), amount(r)),
		}
		dayless := r.IntN(8) == 0 // the ledger states the stage and no days
		for e, asOf := range editions {
			now := []int{912, 1096, 1277, 1461, 1613}[e]
			if signed > now+20 || zone == silent && e > 1 || zone == gap && (e == 2 || e == 3) {
				continue
			}
			if e == 3 && r.IntN(15) == 0 && zone != silent && zone != "few" {
				if to := hosts[r.IntN(len(hosts))]; to != silent && to != gap {
					zone = to
				}
			}
			row := map[string]string{"zone_id": zone, "as_of": asOf, "source_id": "l" + asOf, "line": strconv.Itoa(i + 1), "actual_output_cny": "", "stage": ""}
			for k, v := range project {
				row[k] = v
			}
			come := 0
			for s, event := range []struct {
				name string
				day  int
			}{{"signed", signed}, {"started", started}, {"commissioned", commissioned}, {"on_target", onTarget}} {
				row[event.name+"_on"] = ""
				// A start that is planned within the month is written down too.
				if event.day <= now+20 && !dayless && (s != 0 || i%11 != 0) {
					row[event.name+"_on"] = firstDay(event.day, row[event.name+"_precision"])
				}
				if event.day <= now {
					come = s
				}
			}
			if dayless && signed <= now {
				row["stage"] = []string{"signed", "started", "commissioned", "on_target"}[come]
			}
			if come >= 2 && r.IntN(4) > 0 {
				row["actual_output_cny"] = amount(r)
			}
			l.Rows = append(l.Rows, row)
		}
	}
	return l
}

func oneOf(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

// amount is in yuan and fen, and often the same.
func amount(r *rand.Rand) string {
	switch r.IntN(30) {
	case 0:
		return "0.00"
	case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12:
		return strconv.Itoa((1+r.IntN(6))*100_000_000) + ".00"
	}
	return fmt.Sprintf("%d.%02d", 1+r.IntN(2_000_000_000), r.IntN(100))
}

// firstDay is the first day of the month, quarter, half or year that a day lies in.
func firstDay(n int, precision string) string {
	text := day(n)
	month, _ := strconv.Atoi(text[5:7])
	switch precision {
	case "month":
		return text[:8] + "01"
	case "quarter":
		return fmt.Sprintf("%s%02d-01", text[:5], (month-1)/3*3+1)
	case "half":
		return fmt.Sprintf("%s%02d-01", text[:5], (month-1)/6*6+1)
	case "year":
		return text[:5] + "01-01"
	}
	return text
}

func (l ledgers) scorecardByPython(t *testing.T, python string) map[string]string {
	t.Helper()
	input, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(python, "tests/independent/scorecard.py")
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s tests/independent/scorecard.py: %v\n%s", python, err, &stderr)
	}
	records, err := csv.NewReader(bytes.NewReader(output)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for _, r := range records {
		cells[strings.Join(r[:3], " ")] = r[3]
	}
	return cells
}

func (l ledgers) scorecardByModels(t *testing.T) map[string]string {
	t.Helper()
	ctx := context.Background()
	db, err := engine.Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	loadEmptyTables(t, db, emptyLake(t))
	all, err := engine.Load(ctx, db, models.FS, pipeline.BaseRelations())
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]bool{}
	for _, row := range l.Rows {
		sources[row["source_id"]] = true
	}
	var ledgerSources []map[string]string
	for id := range sources {
		ledgerSources = append(ledgerSources, map[string]string{"source_id": id, "kind": "ledger"})
	}
	if _, err := db.ExecContext(ctx, "insert into params values (null)"); err != nil {
		t.Fatal(err)
	}
	give(t, db, all, "sources", asCSV(t, ledgerSources, map[string]string{"campaign": "x"}))
	give(t, db, all, "areas", asCSV(t, l.Areas, map[string]string{"campaign": "x", "verified": "true"}))
	give(t, db, all, "indicators", asCSV(t, l.Indicators, map[string]string{"campaign": "x", "name": "指标"}))
	give(t, db, all, "assessments", asCSV(t, l.Assessments, map[string]string{"campaign": "x", "synthetic": "true"}))
	give(t, db, all, "projects", asCSV(t, l.Rows, map[string]string{"campaign": "x", "synthetic": "true"}))
	if err := engine.Build(ctx, db, needed(all, nil, []string{"zone_scorecard"}), 2); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query("select year || ' ' || zone_id, [" + strings.Join(texts(scorecardColumns), ", ") + "]::varchar[] from zone_scorecard")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cells := map[string]string{}
	for rows.Next() {
		var key string
		var values []any
		if err := rows.Scan(&key, &values); err != nil {
			t.Fatal(err)
		}
		for i, column := range scorecardColumns {
			cells[key+" "+column] = values[i].(string)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return cells
}

// texts are columns as text, empty where NULL.
func texts(columns []string) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = "coalesce(" + engine.Quote(c) + "::varchar, '')"
	}
	return list
}

// asCSV writes rows of the same columns, with more columns that are the same in all.
func asCSV(t *testing.T, rows []map[string]string, same map[string]string) []byte {
	t.Helper()
	var header []string
	for column := range rows[0] {
		header = append(header, column)
	}
	for column := range same {
		header = append(header, column)
	}
	slices.Sort(header)
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	if err := w.Write(header); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		line := make([]string, len(header))
		for i, column := range header {
			line[i] = same[column]
			if value, own := row[column]; own {
				line[i] = value
			}
		}
		if err := w.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return text.Bytes()
}
