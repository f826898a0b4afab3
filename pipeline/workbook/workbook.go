// Package workbook writes synthetic ledgers as XLSX workbooks, with the mess that
// only workbooks have: headers of two rows, merged cells that mean "same as
// above", hidden rows and sheets, days as numbers. The truth stands beside it, as
// for a CSV, with the name of the sheet before each row.
package workbook

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/synthetic"
)

// Sheet is one sheet of a workbook. A ledger of one zone makes the longest runs
// of merged cells.
type Sheet struct {
	Name   string
	Hidden bool
	Ledger *synthetic.Generator
}

// Mess says what makes a workbook hard to read.
type Mess struct {
	TwoRowHeader bool // 投资与产值(亿元) above 总投资, 预计年产值 and 实际年产值
	MergedZones  bool // a zone written once for the rows below each other that share it
	HiddenRows   bool // one row in forty is hidden, and counts like any other
	Days         bool // clean days as numbers under a date format, amounts as numbers
	Date1904     bool // days are counted from 1904
}

// Write writes the sheets into one workbook, and their truth as CSV unless truth
// is nil. In the truth the line of a row is its number.
func Write(ledger, truth io.Writer, sheets []Sheet, mess Mess) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := describe(f, mess); err != nil {
		return fmt.Errorf("make the workbook: %w", err)
	}
	styles, err := newStyles(f)
	if err != nil {
		return fmt.Errorf("make the workbook: %w", err)
	}
	var answers *bufio.Writer
	if truth != nil {
		answers = bufio.NewWriter(truth)
		// A failed write is remembered and returned by Flush.
		fmt.Fprintf(answers, "sheet,%s\n", strings.Join(synthetic.TruthColumns, ","))
	}
	for i, s := range sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = f.NewSheet(s.Name)
		}
		if err == nil {
			err = writeSheet(f, s, mess, styles, answers)
		}
		if err == nil && s.Hidden {
			err = f.SetSheetVisible(s.Name, false)
		}
		if err != nil {
			return fmt.Errorf("write sheet %q: %w", s.Name, err)
		}
	}
	if _, err := f.WriteTo(ledger); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if answers != nil {
		if err := answers.Flush(); err != nil {
			return fmt.Errorf("write the truth: %w", err)
		}
	}
	return nil
}

// describe marks the workbook as synthetic, on a day that is always the same.
func describe(f *excelize.File, mess Mess) error {
	const day = "2021-01-01T00:00:00Z"
	if err := f.SetDocProps(&excelize.DocProperties{Title: synthetic.Mark, Subject: synthetic.Mark, Creator: "sanpi", Created: day, Modified: day}); err != nil {
		return err
	}
	return f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &mess.Date1904})
}

// styles are the formats under which days are shown.
type styles [3]int

func newStyles(f *excelize.File) (styles, error) {
	var s styles
	for i, format := range []string{"yyyy-mm-dd", `yyyy"年"m"月"d"日"`, "yyyy/m/d"} {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return s, err
		}
		s[i] = id
	}
	return s, nil
}

// sheetWriter writes the rows of one sheet.
type sheetWriter struct {
	stream *excelize.StreamWriter
	mess   Mess
	styles styles
	shift  int // rows that the sheet has before a row of the ledger more than the ledger

	zone  string // of the run of rows to merge
	first int    // its first row; 0 for none
	last  int
}

var (
	zoneColumn = 3
	dayColumns = map[int]bool{11: true, 13: true, 14: true, 15: true}
	// numberColumns hold what may be a number: the running number and the amounts.
	numberColumns = map[int]bool{0: true, 8: true, 9: true, 10: true}
)

func writeSheet(f *excelize.File, s Sheet, mess Mess, styles styles, answers *bufio.Writer) error {
	stream, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	w := &sheetWriter{stream: stream, mess: mess, styles: styles}
	var line []byte
	for row := range s.Ledger.Rows() {
		if row.Number == 1 {
			if err := w.stream.MergeCell("A1", cellName(len(synthetic.Columns)-1, 1)); err != nil {
				return err
			}
		}
		if row.Outcome == synthetic.Header && w.shift == 0 && mess.TwoRowHeader {
			err = w.header(row.Number)
			line = w.truth(line[:0], s.Name, row)
			w.shift = 1
			row.Number++
		} else {
			row.Number += w.shift
			if row.Of > 0 {
				row.Of += w.shift
			}
			err = w.row(row)
			line = line[:0]
		}
		if err != nil {
			return err
		}
		if answers != nil {
			if _, err := answers.Write(w.truth(line, s.Name, row)); err != nil {
				return fmt.Errorf("write the truth: %w", err)
			}
		}
	}
	if err := w.endRun(); err != nil {
		return err
	}
	return w.stream.Flush()
}

func (w *sheetWriter) truth(b []byte, sheet string, row *synthetic.Row) []byte {
	row.Line, row.OfLine = row.Number, row.Of
	b = append(append(b, sheet...), ',')
	return append(row.AppendTruth(b), '\n')
}

// header writes the header in two rows: groups above, columns below.
func (w *sheetWriter) header(at int) error {
	upper, lower := make([]any, len(synthetic.Columns)), make([]any, len(synthetic.Columns))
	for i, column := range synthetic.Columns {
		upper[i] = column
		if name, ok := strings.CutSuffix(column, "(亿元)"); ok {
			upper[i], lower[i] = nil, name
		} else if dayColumns[i] {
			upper[i], lower[i] = nil, column
		}
	}
	upper[8], upper[13] = "投资与产值(亿元)", "建设进度"
	upper[11], lower[11] = synthetic.Columns[11], nil
	for i := range upper {
		var err error
		if lower[i] == nil {
			err = w.stream.MergeCell(cellName(i, at), cellName(i, at+1))
		}
		if err != nil {
			return err
		}
	}
	for _, group := range [][2]int{{8, 10}, {13, 15}} {
		if err := w.stream.MergeCell(cellName(group[0], at), cellName(group[1], at)); err != nil {
			return err
		}
	}
	if err := w.stream.SetRow(cellName(0, at), upper); err != nil {
		return err
	}
	return w.stream.SetRow(cellName(0, at+1), lower)
}

// row writes one row. What is written once for a run of rows stands in the first.
func (w *sheetWriter) row(r *synthetic.Row) error {
	isProject := r.Outcome == synthetic.Loaded || r.Outcome == synthetic.Duplicate || r.Outcome == synthetic.Quarantined
	merged := false
	if w.mess.MergedZones {
		zone := ""
		if isProject {
			zone = string(bytes.TrimSpace(r.Cells[zoneColumn]))
		}
		if merged = zone != "" && zone == w.zone; merged {
			w.last = r.Number
		} else {
			if err := w.endRun(); err != nil {
				return err
			}
			w.zone, w.first, w.last = zone, r.Number, r.Number
		}
	}
	cells := make([]any, len(r.Cells))
	for i, cell := range r.Cells {
		switch {
		case len(cell) == 0, merged && i == zoneColumn:
		case isProject && w.mess.Days:
			cells[i] = w.value(i, string(cell), r.Number)
		case isProject && w.mess.Date1904 && dayColumns[i]:
			cells[i] = w.counted(string(cell))
		default:
			cells[i] = string(cell)
		}
	}
	opts := excelize.RowOpts{Hidden: w.mess.HiddenRows && isProject && r.Number%40 == 7}
	if len(cells) == 0 {
		return nil
	}
	return w.stream.SetRow(cellName(0, r.Number), cells, opts)
}

// endRun merges the run of rows that share a zone.
func (w *sheetWriter) endRun() error {
	first, last := w.first, w.last
	w.zone, w.first, w.last = "", 0, 0
	if last <= first {
		return nil
	}
	return w.stream.MergeCell(cellName(zoneColumn, first), cellName(zoneColumn, last))
}

// value is a cell as a spreadsheet keeps it: a day as a number under a date
// format, an amount as a number. What has another form stays text.
func (w *sheetWriter) value(column int, text string, row int) any {
	if dayColumns[column] {
		if day, err := record.ParseDate(text); err == nil && len(text) == len("2021-03-05") {
			return excelize.Cell{StyleID: w.styles[row%len(w.styles)], Value: w.serial(day)}
		}
		// 44260, a day without its format, counted from 1900.
		if n, err := strconv.Atoi(text); err == nil && len(text) == 5 {
			return w.serial(record.Date(n - 25569))
		}
	}
	if numberColumns[column] && row%5 > 0 { // one in five is a number kept as text
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return v
		}
	}
	return text
}

// counted is a day count kept as text in the workbook's own system, and any other
// text as it is.
func (w *sheetWriter) counted(text string) string {
	if n, err := strconv.Atoi(text); err == nil && len(text) == 5 {
		return strconv.Itoa(w.serial(record.Date(n - 25569)))
	}
	return text
}

// serial counts the days as the workbook does.
func (w *sheetWriter) serial(d record.Date) int {
	if w.mess.Date1904 {
		return int(d) + 25569 - 1462
	}
	return int(d) + 25569
}

// cellName is the name of the cell in a column from 0 and a row from 1: A1.
func cellName(column, row int) string {
	return string(rune('A'+column)) + strconv.Itoa(row)
}
