package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// question is a file of docs/queries: what its head says, and its SQL.
type question struct {
	file, en, zh, row string
	key               []string
	needs             string // "ledgers" when the shipped data has no answer
	columns           [][2]string
	sql               string
}

var questionColumn = regexp.MustCompile(`^--   (\w+) +(\w+(?:\(\d+,\d+\))?(?:\[\])?)(?: \[[^\]]+\])?  \S`)

func readQuestions(t *testing.T) []question {
	t.Helper()
	files, err := filepath.Glob("../../docs/queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no questions: %v", err)
	}
	var all []question
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		q := question{file: file, sql: string(text)}
		for i, line := range strings.Split(q.sql, "\n") {
			head, isHead := strings.CutPrefix(line, "-- ")
			if i == 0 {
				q.en = head
			}
			if !isHead {
				continue
			}
			name, rest, _ := strings.Cut(head, ":")
			rest = strings.TrimSpace(rest)
			switch name {
			case "zh":
				q.zh = rest
			case "row":
				q.row = rest
			case "key":
				q.key = strings.Split(rest, ", ")
			case "needs":
				q.needs = rest
			}
			if c := questionColumn.FindStringSubmatch(line); c != nil {
				q.columns = append(q.columns, [2]string{c[1], c[2]})
			}
		}
		if q.en == "" || q.zh == "" || q.row == "" || q.key == nil || q.columns == nil {
			t.Errorf("%s: the head lacks the question in a language, row, key or columns", file)
		}
		all = append(all, q)
	}
	return all
}

// The index lists every question, and no other.
func TestQueriesIndex(t *testing.T) {
	var table strings.Builder
	for _, q := range readQuestions(t) {
		name := filepath.Base(q.file)
		var columns []string
		for _, c := range q.columns {
			columns = append(columns, "`"+c[0]+"`")
		}
		needs := ""
		if q.needs != "" {
			needs = " (needs " + q.needs + ")"
		}
		fmt.Fprintf(&table, "| [%s](%s) | %s<br>%s | %s%s: %s |\n", strings.TrimSuffix(name, ".sql"), name, q.en, q.zh, q.row, needs, strings.Join(columns, ", "))
	}
	const path = "../../docs/queries/README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const mark = "|---|---|---|\n"
	before, _, ok := strings.Cut(string(text), mark)
	if !ok {
		t.Fatalf("%s has no table", path)
	}
	want := before + mark + table.String()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Errorf("%s does not list the files as their heads say; write it anew with: make golden", path)
	}
}

// runFor runs a command line that must succeed and returns its output.
func runFor(t *testing.T, args ...string) string {
	t.Helper()
	var out, log bytes.Buffer
	if code := execute(context.Background(), args, strings.NewReader(""), &out, &log); code != 0 {
		t.Fatalf("sanpi %s: exit code %d\n%s", strings.Join(args, " "), code, log.String())
	}
	return out.String()
}

// answer is what a question gives, as CSV: NULL is an empty cell.
type answer struct {
	header []string
	rows   [][]string
}

func (a answer) column(name string) int { return slices.Index(a.header, name) }

func (a answer) number(t *testing.T, row []string, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(row[a.column(name)], 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// row returns the only row with these cells.
func (a answer) row(t *testing.T, cells map[string]string) []string {
	t.Helper()
	var found [][]string
	for _, row := range a.rows {
		matches := true
		for name, want := range cells {
			matches = matches && row[a.column(name)] == want
		}
		if matches {
			found = append(found, row)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d rows with %v", len(found), cells)
	}
	return found[0]
}

// Every question is answered by the command as it stands, in the shape that its head
// promises: the columns and their types, no key twice, one order; and, where that is
// possible, by another way from the records themselves.
func TestQueries(t *testing.T) {
	dir := t.TempDir()
	shipped, ledgers := filepath.Join(dir, "shipped"), filepath.Join(dir, "ledgers")
	runFor(t, "run", "--offline", "--warehouse", shipped)
	synthetic := filepath.Join(dir, "synthetic")
	runFor(t, "ledger", "generate", "--rows", "300", "--seed", "7", "--editions", "3", "--no-truth", synthetic)
	runFor(t, "run", "--offline", "--warehouse", ledgers, "--ledger", synthetic)
	answers := map[string]answer{}
	for _, q := range readQuestions(t) {
		name := strings.TrimSuffix(filepath.Base(q.file), ".sql")
		t.Run(name, func(t *testing.T) {
			for _, w := range []string{ledgers, shipped} {
				text := runFor(t, "query", "--format", "csv", "--warehouse", w, "-f", q.file)
				rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				a := answer{rows[0], rows[1:]}
				hasShape(t, q, a, w)
				if again := runFor(t, "query", "--format", "csv", "--warehouse", w, "-f", q.file); again != text {
					t.Error("the second answer stands in another order")
				}
				if len(a.rows) == 0 && (w == ledgers || q.needs == "") {
					t.Errorf("no answer in %s", w)
				}
				answers[name] = a
				if q.needs == "ledgers" {
					break
				}
			}
		})
	}
	if t.Failed() {
		return
	}
	t.Run("answers", func(t *testing.T) { checkAnswers(t, answers, shipped, ledgers) })
}

func hasShape(t *testing.T, q question, a answer, dir string) {
	t.Helper()
	version, err := warehouse.Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	db, err := engine.OpenReadOnly(filepath.Join(version, "sanpi.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("select column_name, column_type from (describe " + strings.TrimSuffix(strings.TrimSpace(q.sql), ";") + ")")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var columns [][2]string
	for rows.Next() {
		var c [2]string
		if err := rows.Scan(&c[0], &c[1]); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(columns, q.columns) {
		t.Errorf("the columns are %v, the head says %v", columns, q.columns)
	}
	seen := map[string]bool{}
	for _, row := range a.rows {
		var key []string
		for _, k := range q.key {
			i := a.column(k)
			if i < 0 {
				t.Fatalf("the key has %s, which is no column", k)
			}
			key = append(key, row[i])
		}
		if text := strings.Join(key, "\x00"); seen[text] {
			t.Errorf("the key %q stands twice", key)
		} else {
			seen[text] = true
		}
	}
}

// checkAnswers finds the answers again: in the records, or in each other.
func checkAnswers(t *testing.T, answers map[string]answer, shipped, ledgers string) {
	claims := recordedClaims(t)

	series := answers["01-seven-rounds"]
	round := series.row(t, map[string]string{"round": "2021-1", "stage": "signed"})
	if series.number(t, round, "projects") != 413 || series.number(t, round, "investment_yi") != 2800 {
		t.Errorf("the round of New Year 2021 signed %v", round)
	}
	if gap := series.row(t, map[string]string{"round": "2021-2", "stage": "signed"}); gap[series.column("projects")] != "" {
		t.Errorf("nobody published the second round of 2021, and the answer is %v", gap)
	}
	soFar := answers["02-so-far"]
	for _, row := range soFar.rows {
		sum, known := 0.0, 0.0
		for _, r := range series.rows {
			if r[series.column("stage")] == row[soFar.column("stage")] && r[series.column("projects")] != "" {
				sum, known = sum+series.number(t, r, "projects"), known+1
			}
		}
		if soFar.number(t, row, "projects_at_least") != sum || soFar.number(t, row, "rounds_known") != known {
			t.Errorf("%v, want %v of %v rounds", row, sum, known)
		}
	}
	byYear := answers["03-flow-by-year"]
	year := byYear.row(t, map[string]string{"campaign": "shanxi", "year": "2021"})
	if got := byYear.number(t, year, "start_ratio"); math.Abs(got-1607.0/1427.0) > 1e-12 {
		t.Errorf("2021's flow is %v", got)
	}

	cities := answers["04-one-round-by-city"]
	sum := 0.0
	for _, row := range cities.rows {
		var recorded []string
		for _, c := range claims {
			if c["round"] == "2023-4" && c["area"] == row[cities.column("city")] && c["stage"] == "signed" && c["metric"] == "projects" && c["universe"] == "" && c["period"] == "round" {
				recorded = append(recorded, c["value"])
			}
		}
		slices.Sort(recorded)
		recorded = slices.Compact(recorded)
		got := row[cities.column("signed")]
		if len(recorded) == 0 && got != "" || len(recorded) == 1 && got != recorded[0] {
			t.Errorf("%v, and the records have %v", row, recorded)
		}
		if got != "" {
			sum += cities.number(t, row, "signed")
		}
	}
	parts := answers["12-totals-and-parts"]
	of := parts.row(t, map[string]string{"campaign": "shanxi", "round": "2023-4", "stage": "signed", "metric": "projects"})
	if parts.number(t, of, "parts_sum") != sum {
		t.Errorf("the cities of 2023-4 add up to %v, and the answer is %v", sum, of)
	}

	disagree := answers["07-where-papers-disagree"]
	for _, row := range disagree.rows {
		low, held, high := disagree.number(t, row, "low"), disagree.number(t, row, "held"), disagree.number(t, row, "high")
		if low >= high || held < low || held > high {
			t.Errorf("no disagreement: %v", row)
		}
	}
	known := map[[3]string]bool{}
	for _, c := range claims {
		if c["area"] == "山西省" && c["period"] == "round" && c["universe"] == "" {
			known[[3]string{c["round"], c["stage"], c["metric"]}] = true
		}
	}
	missing := answers["08-what-is-missing"]
	for _, row := range missing.rows {
		if known[[3]string{row[missing.column("round")], row[missing.column("stage")], row[missing.column("metric")]}] {
			t.Errorf("the records have %v", row)
		}
	}
	want := 0
	for _, r := range []string{"2020-3", "2020-4", "2021-1", "2021-2", "2021-3", "2021-4", "2022-1"} {
		for _, stage := range []string{"signed", "started", "commissioned"} {
			for _, metric := range []string{"projects", "investment"} {
				if !known[[3]string{r, stage, metric}] {
					want++
				}
			}
		}
	}
	if len(missing.rows) != want {
		t.Errorf("%d figures are missing, and of the records' %d", len(missing.rows), want)
	}

	who := answers["11-who-is-held"]
	facts, all := 0.0, 0.0
	for _, row := range who.rows {
		facts, all = facts+who.number(t, row, "facts"), all+who.number(t, row, "claims")
	}
	if got := runFor(t, "query", "--format", "csv", "--warehouse", shipped, "select (select count(*) from facts), (select count(*) from claims)"); !strings.HasSuffix(got, fmt.Sprintf("\n%v,%v\n", facts, all)) {
		t.Errorf("publishers have %v facts and %v claims of %s", facts, all, got)
	}
	residuals := answers["13-what-the-missing-rounds-hold"]
	for _, row := range residuals.rows {
		if residuals.number(t, row, "total")-residuals.number(t, row, "known_sum") != residuals.number(t, row, "residual") {
			t.Errorf("%v", row)
		}
	}
	size := answers["14-size-of-projects"]
	if got := size.number(t, size.row(t, map[string]string{"round": "2021-1", "stage": "signed"}), "investment_per_project_yi"); math.Abs(got-2800.0/413) > 1e-4 {
		t.Errorf("a project of New Year 2021 is of %v", got)
	}
	rates := answers["16-published-rates"]
	if got := rates.number(t, rates.row(t, map[string]string{"metric": "start_rate"}), "rate"); got != 0.5882 {
		t.Errorf("Taiyuan's start rate of June 2021 is %v", got)
	}
	year1 := answers["18-within-a-year"]
	for _, row := range year1.rows {
		observed, started := year1.number(t, row, "observed"), year1.number(t, row, "started")
		if started > observed || observed > year1.number(t, row, "projects") || row[year1.column("synthetic")] != "true" {
			t.Errorf("%v", row)
		}
	}
	quarantine := answers["20-what-waits-in-quarantine"]
	waiting := 0.0
	for _, row := range quarantine.rows {
		waiting += quarantine.number(t, row, "rows")
	}
	if got := runFor(t, "query", "--format", "csv", "--warehouse", ledgers, "select count(*) from quarantine"); !strings.HasSuffix(got, fmt.Sprintf("\n%v\n", waiting)) {
		t.Errorf("%v rows wait, of %s", waiting, got)
	}
}

// recordedClaims are the rows of Shanxi's claims.csv, by column.
func recordedClaims(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open("../../datasets/shanxi/claims.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var claims []map[string]string
	for _, row := range rows[1:] {
		c := map[string]string{}
		for i, name := range rows[0] {
			c[name] = row[i]
		}
		claims = append(claims, c)
	}
	return claims
}
