// Package review hands figures that wait for a person to a spreadsheet and takes the
// decisions back, in the columns of campaign.ReviewColumns.
package review

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/sanpi-data/sanpi/transforms/campaign"
)

// Write writes a table, its header first, as a workbook when the path ends in .xlsx
// and as CSV that spreadsheets open as UTF-8 otherwise.
func Write(path string, table [][]string) error {
	if !strings.EqualFold(filepath.Ext(path), ".xlsx") {
		text, err := Encode(table)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, append([]byte("\xef\xbb\xbf"), text...), 0o644); err != nil {
			return fmt.Errorf("write the figures that wait: %w", err)
		}
		return nil
	}
	if err := writeWorkbook(path, table); err != nil {
		return fmt.Errorf("write the figures that wait: %w", err)
	}
	return nil
}

const sheetName = "待核 review"

func writeWorkbook(path string, table [][]string) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName(f.GetSheetName(0), sheetName); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(sheetName)
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	wrap, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	for i, name := range table[0] {
		width := 12.0
		if name == "quote" {
			width = 60
		}
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range table {
		style := wrap
		if i == 0 {
			style = bold
		}
		cells := make([]any, len(row))
		for k, text := range row {
			cells[k] = excelize.Cell{StyleID: style, Value: text}
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, cells); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	choice := excelize.NewDataValidation(true)
	choice.Sqref = fmt.Sprintf("B2:B%d", max(2, len(table)))
	if err := choice.SetDropList([]string{campaign.Accept, campaign.Reject}); err != nil {
		return err
	}
	if err := f.AddDataValidation(sheetName, choice); err != nil {
		return err
	}
	return f.SaveAs(path)
}

// Read reads a table that Write wrote and people filled.
func Read(path string) ([][]string, error) {
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		f, err := excelize.OpenFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the decisions: %w; give back the workbook that review export wrote", err)
		}
		defer f.Close()
		table, err := f.GetRows(f.GetSheetName(0))
		if err != nil {
			return nil, fmt.Errorf("read the decisions in %s: %w", path, err)
		}
		return table, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the decisions: %w", err)
	}
	table, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("read the decisions in %s: %w; save the sheet as CSV UTF-8, or as .xlsx", path, err)
	}
	return table, nil
}

// Kept reads a campaign's decisions that a warehouse remembers; nil for none.
func Kept(decisions fs.FS, id string) ([][]string, error) {
	if decisions == nil {
		return nil, nil
	}
	data, err := fs.ReadFile(decisions, id+"/reviews.csv")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read the decisions kept: %w", err)
	}
	return decode(data)
}

func decode(data []byte) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	return r.ReadAll()
}

// Encode is a table as CSV.
func Encode(table [][]string) ([]byte, error) {
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(table); err != nil {
		return nil, fmt.Errorf("write the figures that wait: %w", err)
	}
	return text.Bytes(), nil
}

// Merge puts the rows of table that bear a decision behind those that are kept, in
// place of an earlier one on the same figure, and counts them. The columns of a table
// may stand in any order, and all but review_id and decision may be missing.
func Merge(kept, table [][]string) (merged [][]string, decided int, err error) {
	merged = [][]string{campaign.ReviewColumns}
	at := map[string]int{}
	for i, t := range [][][]string{kept, table} {
		if len(t) == 0 {
			continue
		}
		index := map[string]int{}
		for k, name := range t[0] {
			index[strings.TrimSpace(name)] = k
		}
		for _, name := range campaign.ReviewColumns[:2] {
			if _, ok := index[name]; !ok {
				return nil, 0, fmt.Errorf("the column %s is missing; give back the sheet that review export wrote", name)
			}
		}
		for _, cells := range t[1:] {
			row := make([]string, len(campaign.ReviewColumns))
			for k, name := range campaign.ReviewColumns {
				if from, ok := index[name]; ok && from < len(cells) {
					row[k] = strings.TrimSpace(cells[from])
				}
			}
			if row[0] == "" || row[1] == "" {
				continue
			}
			decided += i
			if k, known := at[row[0]]; known {
				merged[k] = row
				continue
			}
			at[row[0]] = len(merged)
			merged = append(merged, row)
		}
	}
	return merged, decided, nil
}
