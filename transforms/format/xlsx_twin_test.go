package format

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// TestTwin writes workbooks with excelize and compares every cell with what
// excelize itself reads, for texts, whole numbers, decimals, booleans and days.
func TestTwin(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 7))
			book := generated(t, rnd)
			plain, err := excelize.OpenReader(bytes.NewReader(book))
			if err != nil {
				t.Fatal(err)
			}
			defer plain.Close()
			fast, err := openBytes(book, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, table := range fast.Tables() {
				s := table.Sheet()
				names = append(names, s.Name)
				if visible, _ := plain.GetSheetVisible(s.Name); visible == s.Hidden {
					t.Errorf("sheet %s: hidden is %v", s.Name, s.Hidden)
				}
				if diff := cmp.Diff(byExcelize(t, plain, s.Name), byUs(t, table)); diff != "" {
					t.Fatalf("sheet %s: excelize (-), ours (+):\n%.2000s", s.Name, diff)
				}
			}
			if diff := cmp.Diff(plain.GetSheetList(), names); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// generated is a workbook of a few sheets, one of them streamed, with all kinds
// of cells, gaps, merged ranges and hidden rows.
func generated(t *testing.T, rnd *rand.Rand) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	format := []string{"yyyy-mm-dd", `yyyy"年"m"月"d"日"`}[rnd.IntN(2)]
	day, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	check(f.SetSheetName("Sheet1", "首页"))
	for s := range 3 {
		name := fmt.Sprintf("第%d批 <%d>&“签约”", s+1, rnd.IntN(100))
		_, err := f.NewSheet(name)
		check(err)
		rows := 1 + rnd.IntN(120)
		for r := 1; r <= rows; r++ {
			for c := 1; c <= 12; c++ {
				if rnd.IntN(4) == 0 {
					continue
				}
				ref, _ := excelize.CoordinatesToCellName(c, r+r/30*5)
				switch rnd.IntN(6) {
				case 0:
					check(f.SetCellStr(name, ref, strings.Repeat("项目_x0041_\n&<\"'> ", rnd.IntN(3))+fmt.Sprint(rnd.IntN(50))))
				case 1:
					check(f.SetCellInt(name, ref, rnd.Int64N(1e12)-5e11))
				case 2:
					check(f.SetCellFloat(name, ref, float64(rnd.IntN(1e9))/1e4, -1, 64))
				case 3:
					check(f.SetCellBool(name, ref, rnd.IntN(2) == 0))
				case 4:
					check(f.SetCellValue(name, ref, time.Date(1990+rnd.IntN(60), 1, 1+rnd.IntN(365), 0, 0, 0, 0, time.UTC)))
					check(f.SetCellStyle(name, ref, ref, day))
				case 5:
					check(f.SetCellRichText(name, ref, []excelize.RichTextRun{{Text: "总投资"}, {Text: "（亿元）", Font: &excelize.Font{Bold: true}}}))
				}
			}
		}
		if s == 1 {
			check(f.SetSheetVisible(name, false))
		}
	}
	w, err := f.NewStreamWriter("首页")
	check(err)
	for r := 1; r < 40; r += 1 + rnd.IntN(3) {
		check(w.SetRow(fmt.Sprintf("B%d", r), []any{"漯河", r, nil, 0.5, excelize.Cell{Value: 44260, StyleID: day}}))
	}
	check(w.Flush())
	var b bytes.Buffer
	check(f.Write(&b))
	return b.Bytes()
}

// byExcelize is a sheet as excelize reads it: the raw values, but days in one
// form. Rows are known by their number.
func byExcelize(t *testing.T, f *excelize.File, sheet string) map[string]string {
	t.Helper()
	cells := map[string]string{}
	rows, err := f.Rows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for r := 1; rows.Next(); r++ {
		values, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for c, value := range values {
			if value == "" {
				continue
			}
			ref, _ := excelize.CoordinatesToCellName(c+1, r)
			kind, err := f.GetCellType(sheet, ref)
			if err != nil {
				t.Fatal(err)
			}
			style, _ := f.GetCellStyle(sheet, ref)
			switch {
			case kind == excelize.CellTypeBool:
				value = map[string]string{"1": "TRUE", "0": "FALSE"}[value]
			case style != 0:
				var serial float64
				fmt.Sscan(value, &serial)
				day, err := excelize.ExcelDateToTime(serial, false)
				if err != nil {
					t.Fatal(err)
				}
				value = day.Format(time.DateOnly)
			}
			cells[ref] = value
		}
	}
	return cells
}

func byUs(t *testing.T, table Table) map[string]string {
	t.Helper()
	cells := map[string]string{}
	for {
		block, err := table.Next()
		if err == io.EOF {
			return cells
		} else if err != nil {
			t.Fatal(err)
		}
		for row := range block.Rows() {
			for c, cell := range row.Cells {
				if len(cell.Text) > 0 {
					ref, _ := excelize.CoordinatesToCellName(c+1, row.Line)
					cells[ref] = string(cell.Text)
				}
			}
		}
		block.Release()
	}
}

// A workbook with a password is an OLE2 file: excelize writes one.
func TestWorkbookWithPassword(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "三个一批"}); err != nil {
		t.Fatal(err)
	}
	wantUnreadable(t, b.Bytes(), Limits{}, "", "read 台账.xlsx: it is protected by a password; open it and save it without")
}
