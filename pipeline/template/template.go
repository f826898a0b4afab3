// Package template writes the empty workbook that the keeper of a project
// ledger (项目推进台账) fills in: a sheet with the columns, one that says how to
// fill them in, and a hidden one with the lists of the drop-downs.
package template

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	LedgerSheet = "项目台账"
	NotesSheet  = "填写说明"
	ListsSheet  = "lists" // hidden; has no header
)

// Lists are the words that drop-downs offer. An empty list makes no drop-down.
type Lists struct {
	Zones  []string // names of zones
	Rounds []string // labels of signed rounds
}

const lastRow = excelize.TotalRows

// Write writes the workbook. Equal lists give equal bytes.
func Write(w io.Writer, lists Lists) error {
	lists = Lists{clean(lists.Zones), clean(lists.Rounds)}
	b := &book{File: excelize.NewFile()}
	defer b.Close()
	b.do(b.SetSheetName("Sheet1", LedgerSheet))
	b.ledger(lists)
	b.notes(lists)
	b.lists(lists)
	b.do(b.SetSheetVisible(ListsSheet, false))
	// A fixed time: the same template is the same file.
	b.do(b.SetDocProps(&excelize.DocProperties{
		Title: LedgerSheet, Creator: "sanpi", Created: "2020-01-01T00:00:00Z", Modified: "2020-01-01T00:00:00Z",
	}))
	if b.err != nil {
		return fmt.Errorf("make the ledger template: %w", b.err)
	}
	if err := b.Write(w); err != nil {
		return fmt.Errorf("write the ledger template: %w; choose a place with room that may be written to", err)
	}
	return nil
}

// clean drops what a list cannot offer: blanks, and the same words again.
func clean(list []string) []string {
	var kept []string
	for _, word := range list {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(kept, word) {
			kept = append(kept, word)
		}
	}
	return kept
}

// book is a workbook in the making; it remembers the first error.
type book struct {
	*excelize.File
	err error
}

func (b *book) do(err error) { b.err = cmp.Or(b.err, err) }

func (b *book) sheet(name string) {
	_, err := b.NewSheet(name)
	b.do(err)
}

func (b *book) style(s excelize.Style) int {
	id, err := b.NewStyle(&s)
	b.do(err)
	return id
}

// set writes text: a name that begins with "=" is not a formula.
func (b *book) set(sheet string, column, row int, text string, style int) {
	at := cell(column, row)
	b.do(b.SetCellStr(sheet, at, text))
	b.do(b.SetCellStyle(sheet, at, at, style))
}

// cell is the name of a cell; column and row count from 1.
func cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // a column or row of this package's own making
	}
	return name
}

func letters(column int) string { return strings.TrimSuffix(cell(column, 1), "1") }

// choices are the lists of the drop-downs, by column of the lists sheet.
func choices(lists Lists) []struct {
	kind  kind
	words []string
} {
	return []struct {
		kind  kind
		words []string
	}{{zone, lists.Zones}, {signedRound, lists.Rounds}, {stage, stages}, {yesNo, answers}}
}

func (b *book) lists(lists Lists) {
	b.sheet(ListsSheet)
	for i, choice := range choices(lists) {
		for j, word := range choice.words {
			b.do(b.SetCellStr(ListsSheet, cell(i+1, j+1), word))
		}
	}
}

// offered is where the lists sheet has the words of a kind, "" for nowhere.
func offered(lists Lists, k kind) string {
	for i, choice := range choices(lists) {
		if choice.kind == k && len(choice.words) > 0 {
			return fmt.Sprintf("%s!$%s$1:$%s$%d", ListsSheet, letters(i+1), letters(i+1), len(choice.words))
		}
	}
	return ""
}

// fills are the colours of the headers: what is needed stands out.
var fills = map[Need]string{Must: "F8CBAD", Should: "FFE699", May: "D9E1F2"}

func (b *book) ledger(lists Lists) {
	formats := map[kind]string{date: "yyyy-mm-dd", money: "0.00####"}
	for i, c := range columns {
		at := letters(i + 1)
		style := excelize.Style{Alignment: &excelize.Alignment{Vertical: "center", WrapText: c.kind == text}}
		if format := formats[c.kind]; format != "" {
			style.CustomNumFmt = &format
		} else {
			style.NumFmt = 49 // text: a code of many digits stays as it is typed
		}
		b.do(b.SetColStyle(LedgerSheet, at, b.style(style)))
		b.do(b.SetColWidth(LedgerSheet, at, at, c.width))
		b.set(LedgerSheet, i+1, 1, c.Title(), b.style(excelize.Style{
			Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fills[c.Need]}},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
			Border:    []excelize.Border{{Type: "bottom", Color: "808080", Style: 1}},
		}))
		b.validate(c, at, offered(lists, c.kind))
	}
	b.do(b.SetRowHeight(LedgerSheet, 1, 32))
	// The header and the first two columns, code and name, stay in sight.
	b.do(b.SetPanes(LedgerSheet, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}))
}

// validate says what a column's cells may hold, and shows how to fill them in
// when one is entered. What the reader understands beyond that, such as a month
// for a date or a zone that is new, is warned of and not refused.
func (b *book) validate(c Column, at, list string) {
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s2:%s%d", at, at, lastRow))
	v.SetInput(c.Title(), c.ZH)
	stop, warn := excelize.DataValidationErrorStyleStop, excelize.DataValidationErrorStyleWarning
	switch c.kind {
	case yesNo, stage:
		v.SetSqrefDropList(list)
		v.SetError(stop, c.Header, "请从下拉列表中选择；不清楚的留空。")
	case zone, signedRound:
		if list == "" {
			break
		}
		v.SetSqrefDropList(list)
		v.SetError(warn, c.Header, "列表中没有这一名称。如确需填写，请写全称。")
	case date:
		b.do(v.SetRange("DATE(1990,1,1)", "DATE(2099,12,31)", excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween))
		v.SetError(warn, c.Header, "请写成 2021-03-05；只知道月份的，先打一个英文单引号再写 2021年3月。")
	case money:
		// 100 000 亿元 is more than any project: such a figure is in 万元.
		b.do(v.SetRange(0, 100_000, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
		v.SetError(stop, c.Title(), "请只填数字，单位为"+c.Unit+"；不清楚的留空。")
	}
	b.do(b.AddDataValidation(LedgerSheet, v))
}

func (b *book) notes(lists Lists) {
	b.sheet(NotesSheet)
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	plain := b.style(excelize.Style{Alignment: wrap})
	head := b.style(excelize.Style{
		Font: &excelize.Font{Bold: true}, Alignment: wrap, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9E1F2"}},
	})
	title := b.style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	for i, width := range []float64{30, 16, 12, 60, 32} {
		b.do(b.SetColWidth(NotesSheet, letters(i+1), letters(i+1), width))
	}
	row := 1
	for _, block := range lists.notes() {
		b.set(NotesSheet, 1, row, block.title, title)
		row++
		for i, rule := range block.rules {
			b.set(NotesSheet, 1, row, fmt.Sprintf("%d. %s", i+1, rule), plain)
			b.do(b.MergeCell(NotesSheet, cell(1, row), cell(len(block.head), row)))
			// Merged cells do not grow with their text.
			b.do(b.SetRowHeight(NotesSheet, row, 32))
			row++
		}
		row++
		for i, line := range append([][]string{block.head}, block.rows...) {
			style := plain
			if i == 0 {
				style = head
			}
			for j, text := range line {
				b.set(NotesSheet, j+1, row, text, style)
			}
			row++
		}
		row++
	}
}
