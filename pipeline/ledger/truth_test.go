package ledger

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline/workbook"
	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
	"github.com/sanpi-data/sanpi/transforms/sheet"
	"github.com/sanpi-data/sanpi/transforms/synthetic"
)

// The truth files of generated ledgers against the tables that the loader makes
// of them. A generated project bears a code of its own, so none is another's
// duplicate by chance, whatever their names: what the truth calls loaded is a
// row of projects.

// shanxi is the shipped campaign as the generator and the loader know it.
type shanxi struct {
	*campaign.Campaign
	opt     synthetic.Options
	context sheet.Context
}

func loadShanxi(t testing.TB) *shanxi {
	t.Helper()
	words, err := campaign.LoadWords(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	c, err := campaign.Load(datasets.FS, "shanxi", words)
	if err != nil {
		t.Fatal(err)
	}
	s := &shanxi{Campaign: c, context: sheet.Context{
		Campaign: c.ID, Today: record.NewDate(2026, 1, 1), Home: c.AreaID, Areas: area.NewResolver(c.Areas, c.AreaNames),
		Rounds: round.NewIndex(c.Numbering, c.Rounds, c.RoundLabels), HeldOn: map[record.RoundID]record.Date{},
	}}
	for _, r := range c.Rounds {
		s.opt.Rounds = append(s.opt.Rounds, synthetic.Round{ID: r.Round, Label: r.Label, HeldOn: r.HeldOn})
		s.context.HeldOn[r.Round] = r.HeldOn
	}
	for _, a := range c.Areas {
		if a.Level != record.Zone {
			continue
		}
		z := synthetic.Zone{AreaID: a.AreaID, Name: a.Name, CityID: a.CityID}
		if city, ok := s.context.Areas.Area(a.CityID); ok {
			z.City = city.Name
		}
		for _, n := range c.AreaNames {
			if n.AreaID == a.AreaID && n.ValidFrom == 0 && n.ValidTo == 0 {
				z.Aliases = append(z.Aliases, n.Name)
			}
		}
		s.opt.Zones = append(s.opt.Zones, z)
	}
	s.opt.Ambiguous = []string{"经济技术开发区"}
	s.opt.AsOf = record.NewDate(2024, 12, 31)
	return s
}

// ledger is a file of the campaign.
func (s *shanxi) ledger(name string, data []byte) Ledger {
	l := Ledger{Context: s.context, Data: bytes.NewReader(data), Size: int64(len(data))}
	l.SourceID, l.File = record.SourceID(name), name
	return l
}

// tables are what Load wrote, read back from its files.
type tables struct {
	projects   []record.Project
	quarantine []record.Quarantined
	duplicates []record.Duplicate
	flags      []record.Flag
	sheets     []record.LedgerSheet
}

func (s *shanxi) load(t testing.TB, ledgers ...Ledger) tables {
	t.Helper()
	dir := t.TempDir()
	loaded, err := Load(context.Background(), Job{
		Dir: dir, Campaign: s.ID, Areas: s.Areas, Ledgers: ledgers, Words: testWords(t), Workers: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	return tables{
		projects:   readRows[record.Project](t, dir, loaded, "projects"),
		quarantine: readRows[record.Quarantined](t, dir, loaded, "quarantine"),
		duplicates: readRows[record.Duplicate](t, dir, loaded, "duplicates"),
		flags:      readRows[record.Flag](t, dir, loaded, "flags"),
		sheets:     readRows[record.LedgerSheet](t, dir, loaded, "ledger_sheets"),
	}
}

// truthRow is a row of a truth file by its columns.
type truthRow map[string]string

func (r truthRow) line(t testing.TB, column string) int32 {
	t.Helper()
	n, err := strconv.Atoi(r[column])
	if err != nil {
		t.Fatal(err)
	}
	return int32(n)
}

func readTruth(t testing.TB, text []byte) []truthRow {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var truth []truthRow
	for _, cells := range rows[1:] {
		row := truthRow{}
		for i, c := range cells {
			row[rows[0][i]] = c
		}
		truth = append(truth, row)
	}
	return truth
}

// projectColumns are a truth file's columns that speak of the project.
func projectColumns() []string {
	return synthetic.TruthColumns[slices.Index(synthetic.TruthColumns, "code"):]
}

// asTruth is a project in the words of a truth file.
func asTruth(p record.Project) truthRow {
	money := func(v *record.CNY) string {
		if v == nil {
			return ""
		}
		return fmt.Sprintf("%d.%02d", *v/100, *v%100)
	}
	mark := func(v *bool) string {
		if v == nil {
			return ""
		}
		return strconv.FormatBool(*v)
	}
	return truthRow{
		"code": p.Code, "name": p.Name, "zone_id": string(p.ZoneID), "city_id": string(p.CityID), "industry": p.Industry,
		"investor": p.Investor, "content": p.Content, "investment_cny": money(p.InvestmentCNY),
		"investment_low_cny": money(p.InvestmentLowCNY), "investment_high_cny": money(p.InvestmentHighCNY),
		"investment_foreign": money(p.InvestmentForeign), "investment_currency": p.InvestmentCurrency,
		"expected_output_cny": money(p.ExpectedOutputCNY), "actual_output_cny": money(p.ActualOutputCNY),
		"approximate": strconv.FormatBool(p.Approximate), "stage": string(p.Stage),
		"signed_on": p.SignedOn.String(), "signed_precision": string(p.SignedPrecision),
		"started_on": p.StartedOn.String(), "started_precision": string(p.StartedPrecision),
		"commissioned_on": p.CommissionedOn.String(), "commissioned_precision": string(p.CommissionedPrecision),
		"on_target_on": p.OnTargetOn.String(), "on_target_precision": string(p.OnTargetPrecision),
		"signed_round": string(p.SignedRound), "commitment": mark(p.Commitment),
		"standard_land": mark(p.StandardLand), "full_agency": mark(p.FullAgency), "chain_leader": p.ChainLeader, "obstacle": p.Obstacle, "flags": p.Flags,
		"as_of": p.AsOf.String(), "synthetic": strconv.FormatBool(p.Synthetic), "note": p.Note,
	}
}

// place is where a row stands among all files.
type place struct {
	source record.SourceID
	sheet  string
	line   int32
}

// claimed is what the truth says of a loader's tables. Every row of theirs is
// taken once.
type claimed struct {
	projects   map[place]record.Project
	quarantine map[place]record.Quarantined
	duplicates map[place]record.Duplicate
	flags      map[place][]string
}

func (got tables) byPlace(t testing.TB) claimed {
	t.Helper()
	c := claimed{map[place]record.Project{}, map[place]record.Quarantined{}, map[place]record.Duplicate{}, map[place][]string{}}
	for _, p := range got.projects {
		c.projects[place{p.SourceID, p.Sheet, p.Line}] = p
	}
	for _, q := range got.quarantine {
		c.quarantine[place{q.SourceID, q.Sheet, q.Line}] = q
	}
	for _, d := range got.duplicates {
		c.duplicates[place{d.SourceID, d.Sheet, d.Line}] = d
	}
	for _, f := range got.flags {
		at := place{f.SourceID, f.Sheet, f.Line}
		if !slices.Contains(c.flags[at], string(f.Reason)) {
			c.flags[at] = append(c.flags[at], string(f.Reason))
		}
	}
	if len(c.projects) != len(got.projects) || len(c.quarantine) != len(got.quarantine) || len(c.duplicates) != len(got.duplicates) {
		t.Fatal("a row of a ledger stands twice in a table")
	}
	return c
}

// take holds the truth of one sheet against the tables, and takes the rows that
// it finds out of them. rawRows are the sheet's records by line; nil not to look.
func (c claimed) take(t testing.TB, source record.SourceID, name string, truth []truthRow, rawRows map[int32]string) {
	t.Helper()
	wrong := 0
	fail := func(row truthRow, format string, args ...any) {
		t.Helper()
		t.Errorf("%s %s line %s, %s (%s): %s", source, name, row["line"], row["outcome"], row["mess"], fmt.Sprintf(format, args...))
		if wrong++; wrong == 10 {
			t.FailNow()
		}
	}
	for _, row := range truth {
		at := place{source, name, row.line(t, "line")}
		p, isProject := c.projects[at]
		q, isQuarantined := c.quarantine[at]
		d, isDuplicate := c.duplicates[at]
		found := []string{}
		for outcome, is := range map[string]bool{"loaded": isProject, "quarantined": isQuarantined, "duplicate": isDuplicate} {
			if is {
				found = append(found, outcome)
			}
		}
		want := []string{}
		if row["outcome"] == "loaded" || row["outcome"] == "quarantined" || row["outcome"] == "duplicate" {
			want = append(want, row["outcome"])
		}
		if !slices.Equal(found, want) {
			fail(row, "it came to %v: %+v", found, q)
			continue
		}
		if flags := strings.Join(c.flags[at], ";"); flags != row["flags"] {
			fail(row, "its flags are %q, want %q", flags, row["flags"])
		}
		switch row["outcome"] {
		case "loaded":
			got := asTruth(p)
			for _, column := range projectColumns() {
				if got[column] != row[column] {
					fail(row, "%s is %q, want %q", column, got[column], row[column])
				}
			}
		case "quarantined":
			if string(q.Reason) != row["reason"] || q.Field != row["field"] {
				fail(row, "kept back for %s in %s, want %s in %s", q.Reason, q.Field, row["reason"], row["field"])
			}
			if rawRows != nil && q.RawRow != rawRows[at.line] {
				fail(row, "its raw row is %q, want %q", q.RawRow, rawRows[at.line])
			}
		case "duplicate":
			if d.KeptSourceID != source || d.KeptSheet != name || d.KeptLine != row.line(t, "of_line") || d.Differs != "" {
				fail(row, "it is that of %s %s line %d, differing in %q; want line %s", d.KeptSourceID, d.KeptSheet, d.KeptLine, d.Differs, row["of_line"])
			}
		}
		delete(c.projects, at)
		delete(c.quarantine, at)
		delete(c.duplicates, at)
		delete(c.flags, at)
	}
}

// empty holds that no row is left of which the truth knows nothing.
func (c claimed) empty(t testing.TB) {
	t.Helper()
	if len(c.projects)+len(c.quarantine)+len(c.duplicates)+len(c.flags) > 0 {
		t.Errorf("rows that no truth knows: %v %v %v %v", c.projects, c.quarantine, c.duplicates, c.flags)
	}
}

// countsOf are the counts that a truth leads to.
func countsOf(truth []truthRow) Counts {
	var c Counts
	count := map[string]*int64{
		"loaded": &c.Loaded, "quarantined": &c.Quarantined, "duplicate": &c.Duplicates, "title": &c.Titles, "header": &c.Headers,
		"total": &c.Totals, "blank": &c.Blanks, "note": &c.Notes,
	}
	for _, row := range truth {
		*count[row["outcome"]]++
		c.Read++
	}
	return c
}

func countsIn(s record.LedgerSheet) Counts {
	return Counts{
		Read: s.Read, Loaded: s.Loaded, Quarantined: s.Quarantined, Duplicates: s.Duplicates, Titles: s.Titles, Headers: s.Headers,
		Totals: s.Totals, Blanks: s.Blanks, Notes: s.Notes,
	}
}

// recordsOf are the records of a CSV by the line on which each begins.
func recordsOf(t testing.TB, text []byte) map[int32]string {
	t.Helper()
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	records := map[int32]string{}
	for from := int64(0); ; from = r.InputOffset() {
		if _, err := r.Read(); err == io.EOF {
			return records
		} else if err != nil {
			t.Fatal(err)
		}
		line, _ := r.FieldPos(0)
		// Blank lines before it belong to no record.
		records[int32(line)] = strings.TrimRight(strings.TrimLeft(string(text[from:r.InputOffset()]), "\r\n"), "\r\n")
	}
}

func write(t testing.TB, g *synthetic.Generator, format synthetic.Format) (ledger, truth []byte) {
	t.Helper()
	var l, a bytes.Buffer
	if _, err := g.Write(&l, &a, format); err != nil {
		t.Fatal(err)
	}
	return l.Bytes(), a.Bytes()
}

func compress(t testing.TB, data []byte, to func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := to(&b)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every row of a generated ledger comes to what its truth says, field by field,
// whatever the mess and however the file is written.
func TestTruth(t *testing.T) {
	campaign := loadShanxi(t)
	plain := func(b []byte) []byte { return b }
	files := []struct {
		name   string
		format synthetic.Format
		wrap   func([]byte) []byte
	}{
		{"utf8.csv", synthetic.Format{}, plain},
		{"bom-crlf.csv", synthetic.Format{Encoding: synthetic.UTF8BOM, CRLF: true}, plain},
		{"gb18030.csv", synthetic.Format{Encoding: synthetic.GB18030}, plain},
		{"台账.csv.gz", synthetic.Format{CRLF: true}, func(b []byte) []byte {
			return compress(t, b, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
		}},
		{"台账.csv.zst", synthetic.Format{}, func(b []byte) []byte {
			return compress(t, b, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
		}},
	}
	for _, seed := range []uint64{1, 2, 3} {
		for _, mess := range []float64{0, 0.3, 1} {
			opt := campaign.opt
			opt.Rows, opt.Mess = 1000, mess
			g, err := synthetic.New(seed, opt)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := write(t, g, synthetic.Format{})
			records := recordsOf(t, text)
			for i, file := range files {
				if i > 0 && seed > 1 {
					continue // one seed shows whether a file's form changes anything
				}
				t.Run(fmt.Sprintf("seed %d/mess %v/%s", seed, mess, file.name), func(t *testing.T) {
					data, answers := write(t, g, file.format)
					got := campaign.load(t, campaign.ledger(file.name, file.wrap(data)))
					truth := readTruth(t, answers)
					rows := got.byPlace(t)
					rows.take(t, record.SourceID(file.name), "", truth, records)
					rows.empty(t)
					if len(got.sheets) != 1 {
						t.Fatalf("%d sheets", len(got.sheets))
					}
					s := got.sheets[0]
					if diff := gocmp.Diff(countsOf(truth), countsIn(s)); diff != "" {
						t.Error(diff)
					}
					if s.AsOf != opt.AsOf || !s.Synthetic || s.File != file.name {
						t.Errorf("the sheet: %+v", s)
					}
					if c := countsIn(s); mess == 1 && (c.Loaded == 0 || c.Quarantined == 0 || c.Duplicates == 0 || c.Totals == 0 || c.Blanks == 0 || c.Notes == 0) {
						t.Errorf("the ledger holds too little to be a test: %+v", c)
					}
				})
			}
		}
	}
}

// A workbook of two sheets, one of them hidden, comes to what its truth says,
// whatever its headers, merged zones, hidden rows and day counts.
func TestTruthOfWorkbooks(t *testing.T) {
	campaign := loadShanxi(t)
	zone := func(name string) synthetic.Zone {
		for _, z := range campaign.opt.Zones {
			if z.Name == name {
				return z
			}
		}
		t.Fatalf("no zone %s", name)
		return synthetic.Zone{}
	}
	for _, mess := range []workbook.Mess{
		{}, {TwoRowHeader: true}, {MergedZones: true}, {HiddenRows: true}, {Days: true}, {Days: true, Date1904: true}, {Date1904: true},
		{TwoRowHeader: true, MergedZones: true, HiddenRows: true, Days: true, Date1904: true},
	} {
		for _, share := range []float64{0, 1} {
			t.Run(fmt.Sprintf("%+v/mess %v", mess, share), func(t *testing.T) {
				var sheets []workbook.Sheet
				// One zone a sheet: the projects of two sheets bear the same codes.
				for i, name := range []string{"襄垣经济技术开发区", "大同经济技术开发区"} {
					opt := campaign.opt
					opt.Rows, opt.Mess, opt.Zones = 300, share, []synthetic.Zone{zone(name)}
					g, err := synthetic.New(uint64(i)+20, opt)
					if err != nil {
						t.Fatal(err)
					}
					sheets = append(sheets, workbook.Sheet{Name: name, Hidden: i == 1, Ledger: g})
				}
				var book, answers bytes.Buffer
				if err := workbook.Write(&book, &answers, sheets, mess); err != nil {
					t.Fatal(err)
				}
				got := campaign.load(t, campaign.ledger("台账.xlsx", book.Bytes()))
				rows := got.byPlace(t)
				truths := map[string][]truthRow{}
				for _, row := range readTruth(t, answers.Bytes()) {
					truths[row["sheet"]] = append(truths[row["sheet"]], row)
				}
				if len(got.sheets) != 2 {
					t.Fatalf("%d sheets", len(got.sheets))
				}
				for i, s := range got.sheets {
					if s.Hidden != (i == 1) || s.AsOf != campaign.opt.AsOf || !s.Synthetic {
						t.Errorf("the sheet: %+v", s)
					}
					rows.take(t, "台账.xlsx", s.Sheet, truths[s.Sheet], nil)
					want := countsOf(truths[s.Sheet])
					// A workbook keeps no rows without cells.
					want.Read, want.Blanks = want.Read-want.Blanks, 0
					if diff := gocmp.Diff(want, countsIn(s)); diff != "" {
						t.Errorf("%s: %s", s.Sheet, diff)
					}
				}
				rows.empty(t)
			})
		}
	}
}

// The editions of a ledger loaded together are a history: each edition's rows as
// its truth has them, and a project under one id for as long as it is in one zone.
// What joins the ids of a project that moves is its code, in core.moved_projects.
func TestTruthOfEditions(t *testing.T) {
	campaign := loadShanxi(t)
	opt := campaign.opt
	opt.Rows, opt.Mess = 1500, 0.3
	editions, err := synthetic.Editions(5, opt, 5)
	if err != nil {
		t.Fatal(err)
	}
	var ledgers []Ledger
	truths := map[string][]truthRow{}
	for e := range editions {
		data, answers := write(t, e.Generator, synthetic.Format{})
		truths[e.Name] = readTruth(t, answers)
		ledgers = append(ledgers, campaign.ledger(e.Name, data))
	}
	if len(ledgers) != 5 {
		t.Fatalf("%d editions", len(ledgers))
	}
	for _, order := range []string{"oldest first", "newest first"} {
		t.Run(order, func(t *testing.T) {
			if order == "newest first" {
				slices.Reverse(ledgers)
			}
			got := campaign.load(t, ledgers...)
			type place struct {
				code string
				zone record.AreaID
			}
			ids := map[place]record.ProjectID{}
			codes := map[record.ProjectID]string{}
			zones := map[string]record.AreaID{}
			repeated, moved := 0, 0
			for _, p := range got.projects {
				if id, ok := ids[place{p.Code, p.ZoneID}]; ok {
					repeated++
					if id != p.ProjectID {
						t.Errorf("%s of %s is %s and %s", p.Code, p.ZoneID, id, p.ProjectID)
					}
				}
				if zone, ok := zones[p.Code]; ok && zone != p.ZoneID {
					moved++
				}
				if code, ok := codes[p.ProjectID]; ok && code != p.Code {
					t.Errorf("%s and %s are both %s", code, p.Code, p.ProjectID)
				}
				ids[place{p.Code, p.ZoneID}], codes[p.ProjectID] = p.ProjectID, p.Code
				zones[p.Code] = p.ZoneID
			}
			if repeated < 1000 || moved == 0 {
				t.Errorf("only %d rows of a project that an earlier edition knew, %d of a project that has moved", repeated, moved)
			}
			rows := got.byPlace(t)
			for _, s := range got.sheets {
				rows.take(t, s.SourceID, "", truths[s.File], nil)
				if diff := gocmp.Diff(countsOf(truths[s.File]), countsIn(s)); diff != "" {
					t.Errorf("%s: %s", s.File, diff)
				}
			}
			rows.empty(t)
		})
	}
}

// A ledger that stands in two files is loaded once: every project of the second
// is a duplicate of the same row in the first, and differs in nothing.
func TestTruthTwice(t *testing.T) {
	campaign := loadShanxi(t)
	opt := campaign.opt
	opt.Rows, opt.Mess = 1500, 1
	g, err := synthetic.New(9, opt)
	if err != nil {
		t.Fatal(err)
	}
	data, answers := write(t, g, synthetic.Format{})
	again, _ := write(t, g, synthetic.Format{Encoding: synthetic.GB18030, CRLF: true})
	got := campaign.load(t, campaign.ledger("甲.csv", data), campaign.ledger("乙.csv", again))
	truth := readTruth(t, answers)
	rows := got.byPlace(t)
	rows.take(t, "甲.csv", "", truth, nil)
	if len(rows.projects) > 0 {
		t.Errorf("%d projects of the second file", len(rows.projects))
	}
	kept := map[int32]int32{}
	for _, row := range truth {
		switch row["outcome"] {
		case "loaded":
			kept[row.line(t, "line")] = row.line(t, "line")
		case "duplicate":
			kept[row.line(t, "line")] = row.line(t, "of_line")
		}
	}
	for at, d := range rows.duplicates {
		if want, ok := kept[at.line]; !ok || d.KeptSourceID != "甲.csv" || d.KeptLine != want || d.Differs != "" {
			t.Errorf("line %d is that of %s line %d, differing in %q", at.line, d.KeptSourceID, d.KeptLine, d.Differs)
		}
		delete(kept, at.line)
	}
	if len(kept) > 0 {
		t.Errorf("%d rows of the second file are no duplicates", len(kept))
	}
}
