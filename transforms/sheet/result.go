package sheet

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Quarantine is the row of the table quarantine that keeps a row which could not
// be taken. It copies what it keeps.
func (c *Context) Quarantine(words Words, sheet string, row *format.Row, r *Result) record.Quarantined {
	first := r.Problems[0]
	q := record.Quarantined{
		Campaign: c.Campaign, SourceID: c.SourceID, File: c.File, Sheet: sheet, Line: int32(row.Line), Field: string(first.Field),
		Raw: strings.Clone(first.Raw), RawRow: RawRow(row), Reason: first.Reason, Candidates: first.Candidates,
	}
	var messages []string
	for i, p := range r.Problems {
		text := words.Message(p, "en")
		if i > 0 {
			text = fmt.Sprintf("%s %q: %s", p.Field, p.Raw, text)
		}
		messages = append(messages, text)
	}
	q.Message = strings.Join(messages, " | ")
	return q
}

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

// AppendFlags appends the rows of the table flags for a loaded row.
func (c *Context) AppendFlags(flags []record.Flag, words Words, sheet string, r *Result) []record.Flag {
	for _, f := range r.Flags {
		flags = append(flags, record.Flag{
			Campaign: c.Campaign, SourceID: record.SourceID(strings.Clone(string(r.Project.SourceID))),
			File: c.File, Sheet: sheet, Line: r.Project.Line, Field: string(f.Field), Raw: strings.Clone(f.Raw), Reason: f.Reason,
			Message: words.Message(f, "en"),
		})
	}
	return flags
}
