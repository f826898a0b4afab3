package workbook

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/synthetic"
)

var zones = []synthetic.Zone{
	{AreaID: "140200-Z1", Name: "大同经济技术开发区", CityID: "140200", City: "大同市"},
	{AreaID: "140423-Z1", Name: "襄垣经济技术开发区", CityID: "140400", City: "长治市"},
}

// ledger makes a ledger of one zone.
func ledger(t *testing.T, zone synthetic.Zone, mess float64, kinds ...synthetic.Kind) *synthetic.Generator {
	t.Helper()
	g, err := synthetic.New(5, synthetic.Options{
		Rows: 400, Mess: mess, Kinds: kinds, Zones: []synthetic.Zone{zone}, AsOf: record.NewDate(2023, 6, 30),
		Rounds: []synthetic.Round{{ID: "2021-1", Label: "2021年第一期", HeldOn: record.NewDate(2021, 1, 1)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func write(t *testing.T, sheets []Sheet, mess Mess) (*excelize.File, []map[string]string) {
	t.Helper()
	var book, truth bytes.Buffer
	if err := Write(&book, &truth, sheets, mess); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	rows, err := csv.NewReader(&truth).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var truths []map[string]string
	for _, cells := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = cells[i]
		}
		truths = append(truths, m)
	}
	return f, truths
}

func raw(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The truth names the sheet and row of each project, whatever stands around it.
func TestTruthFindsItsRows(t *testing.T) {
	for _, mess := range []Mess{{}, {TwoRowHeader: true, MergedZones: true, HiddenRows: true, Days: true}, {Days: true, Date1904: true}} {
		t.Run(fmt.Sprintf("%+v", mess), func(t *testing.T) {
			f, truths := write(t, []Sheet{{Name: "大同", Ledger: ledger(t, zones[0], 0.5)}, {"襄垣", true, ledger(t, zones[1], 0.5)}}, mess)
			counts := map[string]int{}
			for _, m := range truths {
				counts[m["sheet"]+" "+m["outcome"]]++
				switch m["outcome"] {
				case "loaded", "duplicate":
					if got := raw(t, f, m["sheet"], "B"+m["row"]); got != m["code"] {
						t.Fatalf("row %s of %s holds %q, want %q", m["row"], m["sheet"], got, m["code"])
					}
				}
				if m["outcome"] == "duplicate" {
					if got := raw(t, f, m["sheet"], "B"+m["of_row"]); got != m["code"] {
						t.Fatalf("row %s repeats row %s, which holds %q", m["row"], m["of_row"], got)
					}
				}
				if m["line"] != m["row"] {
					t.Fatalf("got %v", m)
				}
			}
			if counts["大同 loaded"] < 300 || counts["襄垣 loaded"] < 300 || counts["大同 duplicate"] == 0 || counts["大同 quarantined"] == 0 {
				t.Errorf("got %v", counts)
			}
			if visible, err := f.GetSheetVisible("襄垣"); err != nil || visible {
				t.Errorf("the hidden sheet is visible: %v, %v", visible, err)
			}
			if title := raw(t, f, "大同", "A1"); !strings.Contains(title, synthetic.Mark) {
				t.Errorf("the title is %q", title)
			}
			if props, err := f.GetDocProps(); err != nil || props.Title != synthetic.Mark {
				t.Errorf("the workbook calls itself %+v, %v", props, err)
			}
		})
	}
}

func TestTwoRowHeader(t *testing.T) {
	f, truths := write(t, []Sheet{{Name: "一", Ledger: ledger(t, zones[0], 0)}}, Mess{TwoRowHeader: true})
	for cell, want := range map[string]string{
		"C2": "项目名称", "I2": "投资与产值(亿元)", "I3": "总投资", "K3": "实际年产值", "N2": "建设进度", "L2": "签约日期", "O3": "投产日期", "B4": "SYN-000000000",
	} {
		if got := raw(t, f, "一", cell); got != want {
			t.Errorf("%s holds %q, want %q", cell, got, want)
		}
	}
	if truths[1]["outcome"] != "header" || truths[2]["outcome"] != "header" || truths[2]["row"] != "3" || truths[3]["row"] != "4" {
		t.Errorf("got %v", truths[1:4])
	}
	if got := merges(t, f, "一"); !slices.Contains(got, "A2:A3") || !slices.Contains(got, "I2:K2") || !slices.Contains(got, "A1:W1") {
		t.Errorf("merged %v", got)
	}
}

func merges(t *testing.T, f *excelize.File, sheet string) []string {
	t.Helper()
	cells, err := f.GetMergeCells(sheet)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range cells {
		names = append(names, c.GetStartAxis()+":"+c.GetEndAxis())
	}
	return names
}

// A run of rows of one zone is written once, and broken by rows of another name.
func TestMergedZones(t *testing.T) {
	f, truths := write(t, []Sheet{{Name: "一", Ledger: ledger(t, zones[0], 1, synthetic.UnknownZones)}}, Mess{MergedZones: true})
	covered := map[int]bool{}
	for _, name := range merges(t, f, "一") {
		first, last, _ := strings.Cut(name, ":")
		if first[0] != 'D' {
			continue
		}
		from, err1 := strconv.Atoi(first[1:])
		to, err2 := strconv.Atoi(last[1:])
		if err := errors.Join(err1, err2); err != nil || to <= from {
			t.Fatalf("merged %s, %v", name, err)
		}
		for row := from; row <= to; row++ {
			covered[row] = true
		}
	}
	wrong := 0
	for _, m := range truths {
		row, err := strconv.Atoi(m["row"])
		if err != nil {
			t.Fatal(err)
		}
		zone := raw(t, f, "一", "D"+m["row"])
		switch m["outcome"] {
		case "quarantined":
			wrong++
			if zone == zones[0].Name || zone == "" {
				t.Errorf("row %d is damaged and its zone %q", row, zone)
			}
		case "loaded":
			if zone != zones[0].Name || !covered[row] && wrong == 0 {
				t.Errorf("row %d: zone %q, merged %v", row, zone, covered[row])
			}
		}
	}
	if wrong == 0 || len(covered) < 300 {
		t.Errorf("%d rows are damaged, %d merged", wrong, len(covered))
	}
}

func TestDaysAndHiddenRows(t *testing.T) {
	for _, date1904 := range []bool{false, true} {
		f, truths := write(t, []Sheet{{Name: "一", Ledger: ledger(t, zones[0], 0)}}, Mess{Days: true, HiddenRows: true, Date1904: date1904})
		first := 25569
		if date1904 {
			first -= 1462
		}
		hidden, days, texts := 0, 0, 0
		for _, m := range truths[2:] {
			visible, err := f.GetRowVisible("一", number(t, m["row"]))
			if err != nil {
				t.Fatal(err)
			}
			if !visible {
				hidden++
			}
			if kind, err := f.GetCellType("一", "I"+m["row"]); err != nil {
				t.Fatal(err)
			} else if kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
				texts++
			}
			day, err := record.ParseDate(m["signed_on"])
			if err != nil {
				t.Fatal(err)
			}
			if day == 0 {
				continue
			}
			if got := raw(t, f, "一", "L"+m["row"]); got != strconv.Itoa(int(day)+first) {
				t.Fatalf("row %s: day %s is %q", m["row"], day, got)
			}
			if style, err := f.GetCellStyle("一", "L"+m["row"]); err != nil || style == 0 {
				t.Fatalf("row %s: the day has no format, %v", m["row"], err)
			}
			days++
		}
		if hidden < 5 || days < 300 || texts < 50 || texts > 120 {
			t.Errorf("%d rows hidden, %d days, %d amounts as text", hidden, days, texts)
		}
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

func TestErrors(t *testing.T) {
	full := errors.New("full")
	sheets := []Sheet{{Name: "一", Ledger: ledger(t, zones[0], 0)}}
	if err := Write(failing{full}, nil, sheets, Mess{}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if err := Write(io.Discard, failing{full}, sheets, Mess{}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	bad := []Sheet{{Name: "a/b", Ledger: ledger(t, zones[0], 0)}}
	if err := Write(io.Discard, nil, bad, Mess{}); err == nil || !strings.Contains(err.Error(), `sheet "a/b"`) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
