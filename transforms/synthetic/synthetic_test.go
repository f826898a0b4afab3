package synthetic

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func options(rows int, mess float64, kinds ...Kind) Options {
	return Options{
		Rows: rows, Mess: mess, Kinds: kinds, AsOf: record.NewDate(2023, 6, 30), Ambiguous: []string{"开发区"},
		Zones: []Zone{
			{"140122-Z1", "阳曲现代农业产业示范区", []string{"阳曲示范区", "示范区"}, "140100", "太原市"},
			{"140200-Z1", "大同经济技术开发区", []string{"大同经开区", "大同开发区"}, "140200", "大同市"},
			{"140200-Z2", "云冈(大同)产业园", []string{"云冈园"}, "140200", "大同市"},
			{"140400-Z1", "襄垣经济技术开发区", []string{"襄垣示范区", "示范区"}, "140400", "长治市"},
		},
		Rounds: []Round{
			{"2020-4", "2020年第二期", record.NewDate(2020, 10, 10)}, {"2021-1", "2021年第一期", record.NewDate(2021, 1, 1)},
			{"2021-3", "2021年第三次", record.NewDate(2021, 7, 16)}, {"2022-1", "2022年第一次", record.NewDate(2022, 2, 26)},
			{"2022-2", "", record.NewDate(2022, 6, 22)}, {"2022-4", "2022年第四次", 0}, {"2024-3", "2024年第三次", record.NewDate(2024, 8, 19)},
		},
	}
}

func generate(t *testing.T, seed uint64, opt Options, f Format) (ledger, truth string, c Counts) {
	t.Helper()
	g, err := New(seed, opt)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if c, err = g.Write(&a, &b, f); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String(), c
}

// records reads a CSV whose rows may differ in length.
func records(t *testing.T, text string) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// truths reads a truth file: a map a row.
func truths(t *testing.T, text string) []map[string]string {
	t.Helper()
	var all []map[string]string
	rows := records(t, text)
	for _, cells := range rows[1:] {
		if len(cells) != len(TruthColumns) {
			t.Fatalf("a truth of %d cells: %q", len(cells), cells)
		}
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = cells[i]
		}
		all = append(all, m)
	}
	return all
}

func TestSameSeedSameLedger(t *testing.T) {
	a, b, _ := generate(t, 7, options(3000, 0.5), Format{})
	if c, d, _ := generate(t, 7, options(3000, 0.5), Format{}); a != c || b != d {
		t.Error("the same seed made another ledger")
	}
	if c, _, _ := generate(t, 8, options(3000, 0.5), Format{}); a == c {
		t.Error("another seed made the same ledger")
	}
	// A shorter ledger is how a longer one begins, but for what stands under it.
	clean := options(1000, 0.5)
	short, _, _ := generate(t, 7, clean, Format{})
	body, _, _ := strings.Cut(short, "合计,")
	if i := strings.LastIndex(body, "\n1000,"); i < 0 || !strings.HasPrefix(a, body[:i]) {
		t.Error("the first thousand rows depend on how many follow")
	}
	// Rows may be walked twice.
	g, err := New(7, options(3000, 0.5))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var out bytes.Buffer
		if _, err := g.Write(&out, nil, Format{}); err != nil || out.String() != a {
			t.Fatalf("a second walk differs, or %v", err)
		}
	}
}

// A clean ledger holds its title, its header and projects that say the truth in
// the clean form, cell by cell.
func TestCleanLedger(t *testing.T) {
	ledger, truth, c := generate(t, 1, options(2000, 0), Format{})
	if c.Rows != c.Outcomes[Loaded]+2 || len(c.Mess) != 0 {
		t.Fatalf("got %+v", c)
	}
	rows, want := records(t, ledger), truths(t, truth)
	if len(rows) != len(want) || !strings.Contains(rows[0][0], Mark) || !strings.Contains(rows[0][0], "截至2023年6月30日") {
		t.Fatalf("%d rows, %d truths, title %q", len(rows), len(want), rows[0])
	}
	stages := map[string]string{"": "", "谋划储备": "reserved", "签约": "signed", "开工": "started", "投产": "commissioned", "达效": "on_target"}
	marks := map[string]string{"": "", "是": "true", "否": "false"}
	zones, rounds := map[string]string{}, map[string]string{"": "", "2022-2": "2022-2"}
	for _, z := range options(0, 0).Zones {
		zones[z.Name] = string(z.AreaID)
	}
	for _, r := range options(0, 0).Rounds {
		rounds[r.Label] = string(r.ID)
	}
	rounds[""] = ""
	names := map[string]bool{}
	for i := 2; i < len(rows); i++ {
		cell := func(header string) string { return rows[i][slices.Index(Columns, header)] }
		for _, test := range []struct{ column, got string }{
			{"code", cell("项目代码")}, {"name", cell("项目名称")}, {"zone_id", zones[cell("所在开发区")]}, {"industry", cell("行业")},
			{"investor", cell("投资方")}, {"content", cell("建设内容")}, {"investment_cny", yuan(t, cell("总投资(亿元)"))},
			{"expected_output_cny", yuan(t, cell("预计年产值(亿元)"))}, {"actual_output_cny", yuan(t, cell("实际年产值(亿元)"))},
			{"signed_on", cell("签约日期")}, {"signed_round", rounds[cell("签约期次")]}, {"started_on", cell("开工日期")},
			{"commissioned_on", cell("投产日期")}, {"on_target_on", cell("达效日期")}, {"stage", stages[cell("项目阶段")]},
			{"commitment", marks[cell("承诺制")]}, {"standard_land", marks[cell("标准地")]},
			{"full_agency", marks[cell("全代办")]}, {"chain_leader", cell("链主企业")}, {"obstacle", cell("存在问题")}, {"note", Mark}, {"note", cell("备注")}, {"synthetic", "true"},
			{"as_of", "2023-06-30"},
		} {
			if want[i][test.column] != test.got {
				t.Fatalf("row %d, %s: printed %q, truth %q", i+1, test.column, test.got, want[i][test.column])
			}
		}
		before := ""
		for _, column := range []string{"signed_on", "started_on", "commissioned_on", "on_target_on"} {
			day := want[i][column]
			if day != "" && (day < before || day > "2023-06-30") {
				t.Fatalf("row %d: %s on %s, after %q", i+1, column, day, before)
			}
			if (day == "") != (want[i][column[:len(column)-2]+"precision"] == "") {
				t.Fatalf("row %d: %s is %q and its precision %q", i+1, column, day, want[i][column[:len(column)-2]+"precision"])
			}
			before = max(before, day)
		}
		key := want[i]["zone_id"] + want[i]["name"] + want[i]["investor"]
		if names[key] {
			t.Fatalf("two projects are called %s", key)
		}
		names[key] = true
	}
}

// The reforms leave in the ledger what the documentation of the generator says of
// them: the share under 全代办 grows with the years, projects on 标准地 start sooner,
// those under 承诺制 do not, and each leader is of one industry.
func TestReforms(t *testing.T) {
	opt := options(20_000, 0)
	opt.AsOf = record.NewDate(2026, 6, 30)
	_, truth, _ := generate(t, 6, opt, Format{})
	agency := map[string][2]int{}                 // by year: known, adopted
	fast := map[string]map[string][2]int{}        // by reform and mark: started, and of them within 115 days
	leaders, led := map[string]string{}, [2]int{} // by name: industry; all projects, those with a leader
	for _, m := range truths(t, truth)[2:] {
		led[0]++
		if name := m["chain_leader"]; name != "" {
			led[1]++
			if industry, ok := leaders[name]; ok && industry != m["industry"] {
				t.Fatalf("%s leads %s and %s", name, industry, m["industry"])
			}
			leaders[name] = m["industry"]
		}
		if m["signed_on"] == "" {
			continue
		}
		if m["full_agency"] != "" {
			n := agency[m["signed_on"][:4]]
			agency[m["signed_on"][:4]] = [2]int{n[0] + 1, n[1] + strings.Count(m["full_agency"], "true")}
		}
		signed, started := dayOf(t, m["signed_on"]), dayOf(t, m["started_on"])
		if started.IsZero() {
			continue
		}
		for _, reform := range []string{"commitment", "standard_land"} {
			if fast[reform] == nil {
				fast[reform] = map[string][2]int{}
			}
			n := fast[reform][m[reform]]
			n[0]++
			if started.Sub(signed) <= 115*24*time.Hour {
				n[1]++
			}
			fast[reform][m[reform]] = n
		}
	}
	share := func(n [2]int) float64 { return float64(n[1]) / float64(n[0]) }
	if a, b := share(agency["2020"]), share(agency["2024"]); a > 0.4 || b < 0.8 {
		t.Errorf("全代办: %.2f in 2020, %.2f in 2024", a, b)
	}
	if with, without := share(fast["standard_land"]["true"]), share(fast["standard_land"]["false"]); with-without < 0.2 {
		t.Errorf("标准地: %.2f start soon, %.2f of the others", with, without)
	}
	if with, without := share(fast["commitment"]["true"]), share(fast["commitment"]["false"]); math.Abs(with-without) > 0.03 {
		t.Errorf("承诺制: %.2f start soon, %.2f of the others", with, without)
	}
	if s := share(led); s < 0.13 || s > 0.17 || len(leaders) < 20 {
		t.Errorf("%.3f of the projects have one of %d leaders", s, len(leaders))
	}
}

// dayOf is the zero time for an empty cell.
func dayOf(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// yuan is an amount in 亿元 as the truth writes it.
func yuan(t *testing.T, yi string) string {
	t.Helper()
	if yi == "" {
		return ""
	}
	r, ok := new(big.Rat).SetString(yi)
	if !ok {
		t.Fatalf("%q is no number", yi)
	}
	return r.Mul(r, big.NewRat(100_000_000, 1)).FloatString(2)
}

// Each kind of mess shows when it is asked for, alone, and about as often as it
// should; nothing else does.
func TestEachKindAlone(t *testing.T) {
	const rows = 2000
	reasons := map[Kind]record.Reason{
		BadDates: UnreadableDate, BadAmounts: UnreadableAmount, BadMarks: UnreadableMark, BadStages: UnreadableStage,
		UnknownZones: UnknownZone, AmbiguousZones: record.AmbiguousArea, NoNames: MissingName, WrongOrder: ImpossibleOrder,
		Futures: FutureDate, WrongUnits: UnitSuspect,
	}
	outcomes := map[Kind]Outcome{EmptyLines: Blank, Titles: Title, Headings: Title, Headers: Header, Sums: Total, Notes: Remark, Duplicates: Duplicate}
	least := map[Kind]int{Clean: 0, Titles: 2, Notes: 3, Plans: rows / 30, Ranges: rows / 30, EmptyLines: rows / 80, Headings: rows / 300,
		Headers: rows / 300, Sums: rows / 150, Duplicates: rows / 50, Breaks: rows / 4}
	for _, k := range AllKinds() {
		t.Run(k.String(), func(t *testing.T) {
			_, truth, c := generate(t, 3, options(rows, 1, k), Format{})
			want, ok := least[k]
			if _, damages := reasons[k]; damages {
				want, ok = rows/40, true // one in twenty, where a project can suffer it
			}
			if !ok {
				want = rows / 2
			}
			for other := range c.Mess {
				if other != k {
					t.Errorf("%d rows hold %s", c.Mess[other], other)
				}
			}
			if n := c.Mess[k]; n < want || k == Clean && n > 0 {
				t.Errorf("%d rows hold it, want at least %d", n, want)
			}
			if reason := reasons[k]; c.Reasons[reason] != c.Mess[k]*min(1, len(reason)) || c.Outcomes[Quarantined] != c.Reasons[reason]*min(1, len(reason)) {
				t.Errorf("reasons %v, outcomes %v", c.Reasons, c.Outcomes)
			}
			if o, ok := outcomes[k]; ok && c.Outcomes[o] < c.Mess[k] {
				t.Errorf("outcomes %v", c.Outcomes)
			}
			for _, m := range truths(t, truth) {
				if (m["outcome"] == "quarantined") != (m["reason"] != "" && m["field"] != "") {
					t.Fatalf("got %v", m)
				}
			}
		})
	}
}

// The share of messy cells is the one asked for.
func TestShareOfMess(t *testing.T) {
	for _, share := range []float64{0.1, 0.5, 1} {
		ledger, _, _ := generate(t, 5, options(4000, share, Marks), Format{})
		messy, all := 0, 0
		for _, cells := range records(t, ledger)[2:] {
			switch cells[colCommitment] {
			case "是", "否":
				all++
			case "":
			default:
				all++
				messy++
			}
		}
		if got := float64(messy) / float64(all); got < share-0.03 || got > share+0.03 {
			t.Errorf("%.3f of the marks are messy, want %.3f", got, share)
		}
	}
}

// The truth says on which line a row begins, whatever breaks its cells hold, and
// which row a duplicate repeats.
func TestLinesAndDuplicates(t *testing.T) {
	ledger, truth, c := generate(t, 2, options(3000, 0.8), Format{})
	lines := strings.Split(ledger, "\n")
	want := truths(t, truth)
	if len(want) != c.Rows {
		t.Fatalf("%d truths of %d rows", len(want), c.Rows)
	}
	rowAt := func(m map[string]string, column string) []string {
		line, err := strconv.Atoi(m[column])
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.Join(lines[line-1:min(line+8, len(lines))], "\n")))
		r.FieldsPerRecord = -1
		cells, err := r.Read()
		if err != nil {
			t.Fatalf("line %d: %v", line, err)
		}
		return cells
	}
	duplicates, otherForm := 0, 0
	for _, m := range want {
		switch m["outcome"] {
		case "loaded", "duplicate":
			if got := rowAt(m, "line")[colCode]; got != m["code"] {
				t.Fatalf("line %s holds %s, want %s", m["line"], got, m["code"])
			}
		case "blank":
			line, _ := strconv.Atoi(m["line"])
			if strings.Trim(lines[line-1], ",") != "" {
				t.Fatalf("line %d is not blank: %q", line, lines[line-1])
			}
		}
		if m["outcome"] != "duplicate" {
			continue
		}
		duplicates++
		kept, again := rowAt(m, "of_line"), rowAt(m, "line")
		if kept[colCode] != m["code"] || want[number(t, m["of_row"])-1]["outcome"] != "loaded" {
			t.Fatalf("row %s repeats %s, which is %v", m["row"], m["of_row"], kept)
		}
		for i := range kept {
			isDate := i == colSigned || i == colStarted || i == colCommissioned || i == colOnTarget
			if kept[i] != again[i] && !isDate {
				t.Errorf("row %s: %s became %q, was %q", m["row"], Columns[i], again[i], kept[i])
			}
		}
		if !slices.Equal(kept, again) {
			otherForm++
		}
		for _, column := range TruthColumns[8:] {
			if of := want[number(t, m["of_row"])-1]; of[column] != m[column] {
				t.Errorf("row %s: %s is %q, of the row it repeats %q", m["row"], column, m[column], of[column])
			}
		}
	}
	if duplicates < 30 || otherForm < duplicates/4 || otherForm == duplicates {
		t.Errorf("%d duplicates, %d with other dates", duplicates, otherForm)
	}
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEncodings(t *testing.T) {
	plain, truth, _ := generate(t, 1, options(300, 0.6), Format{})
	bom, _, _ := generate(t, 1, options(300, 0.6), Format{Encoding: UTF8BOM})
	if bom != "\ufeff"+plain {
		t.Error("with a byte order mark the text differs")
	}
	chinese, same, _ := generate(t, 1, options(300, 0.6), Format{Encoding: GB18030, CRLF: true})
	decoded, err := simplifiedchinese.GB18030.NewDecoder().String(chinese)
	if err != nil || strings.ReplaceAll(decoded, "\r\n", "\n") != plain || same != truth || chinese == plain {
		t.Errorf("in GB18030 the text or the truth differs, or %v", err)
	}
	g, err := New(1, options(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Write(io.Discard, nil, Format{Encoding: "latin1"}); err == nil || !strings.Contains(err.Error(), "utf-8") {
		t.Errorf("got %v", err)
	}
	full := errors.New("full")
	for _, to := range [][2]io.Writer{{failing{full}, nil}, {io.Discard, failing{full}}} {
		if _, err := g.Write(to[0], to[1], Format{}); !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// Months in a row show the same projects: none goes, dates that were known stay
// known, and some amounts are corrected.
func TestEditions(t *testing.T) {
	opt := options(1000, 0)
	editions, err := Editions(9, opt, 24)
	if err != nil {
		t.Fatal(err)
	}
	var before map[string]map[string]string
	var names []string
	added, filled, corrected, withdrawn, moved, late := 0, 0, 0, 0, 0, 0
	for e := range editions {
		names = append(names, e.Name)
		var ledger, truth bytes.Buffer
		if _, err := e.Write(&ledger, &truth, Format{}); err != nil {
			t.Fatal(err)
		}
		if y, m, d := civil(e.AsOf); !strings.Contains(ledger.String(), fmt.Sprintf("（截至%d年%d月%d日）", y, m, d)) {
			t.Errorf("%s does not say its day", e.Name)
		}
		now := map[string]map[string]string{}
		for _, m := range truths(t, truth.String())[2:] {
			now[m["code"]] = m
			if m["signed_on"] > e.AsOf.String() || m["as_of"] != e.AsOf.String() {
				t.Fatalf("%s holds %v", e.Name, m)
			}
		}
		for code, was := range before {
			is, ok := now[code]
			if !ok {
				t.Fatalf("%s lost %s", e.Name, code)
			}
			if was["started_on"] != "" && was["started_on"] != is["started_on"] {
				withdrawn++
			}
			if was["zone_id"] != is["zone_id"] {
				moved++
			}
			if was["started_on"] == "" && is["started_on"] != "" && is["started_on"] <= was["as_of"] {
				late++
			}
			for _, column := range []string{"signed_on", "commissioned_on", "on_target_on", "name", "investor"} {
				if was[column] != "" && was[column] != is[column] {
					t.Fatalf("%s: %s of %s was %q and is %q", e.Name, column, code, was[column], is[column])
				}
			}
			if was["started_on"] != is["started_on"] {
				filled++
			}
			if was["investment_cny"] != is["investment_cny"] {
				corrected++
			}
		}
		if before != nil {
			added += len(now) - len(before)
		}
		before = now
	}
	if len(names) != 24 || names[0] != "台账-2021-07.csv" || names[23] != "台账-2023-06.csv" {
		t.Errorf("got %v", names)
	}
	if added < 50 || filled < 50 || corrected < 10 {
		t.Errorf("%d projects were added, %d starts filled in, %d amounts corrected", added, filled, corrected)
	}
	if withdrawn < 5 || moved < 2 || late < 20 {
		t.Errorf("%d starts were withdrawn, %d projects moved, %d starts were told late", withdrawn, moved, late)
	}
	// The last is the ledger of that day.
	_, truth, _ := generate(t, 9, opt, Format{})
	if got := len(truths(t, truth)) - 2; got != len(before) {
		t.Errorf("the last edition holds %d projects, the ledger of the day %d", len(before), got)
	}
	if _, err := Editions(1, opt, 0); err == nil {
		t.Error("no editions were made without complaint")
	}
}

func TestBadOptions(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"no zones":  func(o *Options) { o.Zones = nil },
		"missing":   func(o *Options) { o.AsOf = 0 },
		"it holds":  func(o *Options) { o.Rows = -1 },
		"give 0 to": func(o *Options) { o.Mess = math.NaN() },
		"no kind":   func(o *Options) { o.Kinds = []Kind{200} },
	} {
		opt := options(1, 0.5)
		change(&opt)
		if _, err := New(1, opt); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, k := range AllKinds() {
		if got, err := ParseKind(k.String()); err != nil || got != k || k.Help() == "" {
			t.Errorf("%s: got %v, %v, help %q", k, got, err, k.Help())
		}
	}
	if _, err := ParseKind("chaos"); err == nil || !strings.Contains(err.Error(), "duplicates") {
		t.Errorf("got %v", err)
	}
}

func TestForms(t *testing.T) {
	day := record.NewDate(2021, 3, 5)
	for form, want := range []string{"2021-03-05", "2021年3月5日", "2021.3.5", "2021/3/5", "20210305", "44260", "二〇二一年三月五日", "２０２１年３月５日"} {
		if got := string(appendDay(nil, day, form, false)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := string(appendDay(nil, record.NewDate(2020, 12, 31), numeral, false)); got != "二〇二〇年十二月三十一日" {
		t.Errorf("got %q", got)
	}
	for form, want := range []string{"12.50亿元", "125000万元", "125,000万元", "约12.5", "12.5亿", "１２．５", "12.5"} {
		if got := string(appendAmount(nil, 125_000, form)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := string(appendAmount(nil, 12_500_000, grouped)); got != "1,250.00" {
		t.Errorf("got %q", got)
	}
	for d := record.Date(1); d < 60_000; d += 7 {
		y, m, day := civil(d)
		if record.NewDate(y, time.Month(m), day) != d {
			t.Fatalf("day %d is %d-%d-%d", d, y, m, day)
		}
	}
}

// No two numbers are scattered to one, so no two projects have all in common.
func TestScatter(t *testing.T) {
	g, err := New(4, options(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint64]bool{}
	for i := range uint64(200_000) {
		x := g.scatter(i)
		if x >= 1<<baseBits || seen[x] {
			t.Fatalf("%d is scattered to %d", i, x)
		}
		seen[x] = true
	}
}
