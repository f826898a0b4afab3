package sheet

import (
	"encoding/csv"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/format"
)

// Message says in a language what a finding is and how to mend it.
func (w Words) Message(f Finding, lang string) string {
	text := w.Reasons[f.Reason].Text(lang)
	if text == "" {
		text = string(f.Reason)
	}
	if f.Detail != "" {
		text += " (" + f.Detail + ")"
	}
	return text
}

// RawRow is a row as text: as it stands in a text file, or its cells as
// comma-separated values.
func RawRow(row *format.Row) string {
	if row.Raw != nil {
		return strings.ToValidUTF8(string(row.Raw), "\ufffd")
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	cells := make([]string, len(row.Cells))
	for i, c := range row.Cells {
		cells[i] = string(c.Text)
	}
	// A strings.Builder never fails to write.
	_ = w.Write(cells)
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}
