package sheet

import (
	"bytes"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Reader reads the rows of one sheet. It belongs to one goroutine; several
// Readers may share a Layout.
type Reader struct {
	ctx    *Context
	words  *Words
	layout *Layout
	sheet  string
	date04 bool
	scale  Scale
	until  record.Date // see Until

	at      positions
	money   [3]moneyColumn
	dates   [4]dateColumn
	marks   [3]markColumn
	memory  memory
	result  Result
	row     *format.Row
	spans   [4]span
	numbers [7]record.CNY // what the project's amounts point to
	key, id []byte

	controls  bool  // the row in work holds line breaks or tabs
	nameStart start // how the header of the names begins
	scratch   []byte
}

// positions are the columns of the fields that are read one by one; -1 for none.
type positions struct {
	code, name, zone, city, county, place, industry, industryFrom, investor, content, stage, signedRound, round, eventOn int
	chainLeader, obstacle, asOf, note, sourceID, approximate                                                             int
}

type moneyColumn struct {
	field    Field
	at       int
	unit     string // of the column; "" when it has none
	exp      int
	yuan     bool // the column is in yuan of a known unit, so that fastMoney may read it
	unitAt   int  // the column that holds each row's unit; -1 for none
	currency int  // the column that holds each row's currency; -1 for none
}

type dateColumn struct {
	field Field
	at    int
}

type markColumn struct {
	field Field
	at    int
}

// NewReader prepares the reading of a sheet's rows. scale is what Learn found in
// the sheet's first rows.
func NewReader(ctx *Context, words *Words, layout *Layout, sheet format.Sheet, scale Scale) *Reader {
	r := &Reader{ctx: ctx, words: words, layout: layout, sheet: sheet.Name, date04: sheet.Date1904, scale: scale}
	at := func(f Field) int {
		for _, c := range layout.Columns {
			if c.Field == f && c.Status != Second {
				return c.Position
			}
		}
		return -1
	}
	r.at = positions{
		code: at(Code), name: at(Name), zone: at(Zone), city: at(City), county: at(County), place: at(Place), industry: at(Industry),
		industryFrom: at(IndustryFrom), investor: at(Investor), content: at(Content), stage: at(StageNow), signedRound: at(SignedRound),
		round: at(Round), eventOn: at(EventOn), chainLeader: at(ChainLeader), obstacle: at(Obstacle), asOf: at(AsOf), note: at(Note),
		sourceID: at(SourceID), approximate: at(Approximate),
	}
	for _, c := range layout.Columns {
		if c.Position == r.at.name {
			r.nameStart = startOf(c.Header)
		}
	}
	for i, f := range []struct{ field, unit Field }{{Investment, InvestUnit}, {Expected, ExpectedUnit}, {Actual, ActualUnit}} {
		m := moneyColumn{field: f.field, at: at(f.field), unitAt: at(f.unit), currency: at(Currency), unit: layout.Unit}
		for _, c := range layout.Columns {
			if c.Position == m.at && c.Unit != "" {
				m.unit = c.Unit
			}
		}
		if u, err := amount.ParseMoneyUnit(m.unit); err == nil && m.unit != "" {
			m.exp, m.yuan = u.Exp, u.Currency == "CNY"
		}
		r.money[i] = m
	}
	for i, f := range []Field{SignedOn, StartedOn, Commissioned, OnTargetOn} {
		r.dates[i] = dateColumn{f, at(f)}
	}
	for i, f := range []Field{StandardLand, Commitment, FullAgency} {
		r.marks[i] = markColumn{f, at(f)}
	}
	r.memory.init()
	return r
}

// Read reads one row. The result is the Reader's and valid until the next Read.
func (r *Reader) Read(row *format.Row) *Result {
	r.row = row
	r.result = Result{Flags: r.result.Flags[:0], Problems: r.result.Problems[:0]}
	if row.Damage != "" {
		r.quarantine(row)
		return &r.result
	}
	if outcome := r.classify(); outcome != Loaded {
		r.result.Outcome = outcome
		return &r.result
	}
	r.scratch = r.scratch[:0]
	// One look at the whole row spares one at each of its texts.
	r.controls = row.Raw == nil || bytes.IndexByte(row.Raw, '\n') >= 0 || bytes.IndexByte(row.Raw, '\t') >= 0 || bytes.IndexByte(row.Raw, '\r') >= 0
	r.project()
	if len(r.result.Problems) > 0 {
		r.result.Outcome = Quarantined
	}
	return &r.result
}

// quarantine keeps a row that could not be cut into cells.
func (r *Reader) quarantine(row *format.Row) {
	raw := row.Raw
	if len(raw) > 200 {
		raw = raw[:200]
	}
	r.result.Outcome = Quarantined
	r.result.Problems = append(r.result.Problems, Finding{
		Column: -1, Raw: strings.ToValidUTF8(string(raw), "\ufffd"), Reason: record.Reason(row.Damage),
	})
}

// classify tells a project's row from the others.
func (r *Reader) classify() Outcome {
	if len(r.row.Cells) == 0 {
		return Blank
	}
	first, filled := -1, 0
	for i := range r.row.Cells {
		if c := &r.row.Cells[i]; len(c.Text) > 0 && !(c.Merged && i > 0 && bytes.Equal(c.Text, r.row.Cells[i-1].Text)) && len(trim(c.Text)) > 0 {
			if first < 0 {
				first = i
			}
			if filled++; filled > 2 {
				break
			}
		}
	}
	switch {
	case filled == 0:
		return Blank
	case r.row.Line < r.layout.From:
		return Title
	case r.row.Line <= r.layout.To:
		return Header
	}
	name := r.cell(r.at.name)
	if o, ok := r.special(trim(r.row.Cells[first].Text), filled); ok {
		return o
	}
	if len(name) > 0 && first != r.at.name {
		if o, ok := r.special(name, filled); ok {
			return o
		}
	}
	if filled == 1 && (len(name) == 0 || r.row.Cells[first].Merged) {
		return Title // a heading among the rows: 一、工业类
	}
	return Loaded
}

// special tells sums, notes and repeated headers by their first text.
func (r *Reader) special(text []byte, filled int) (Outcome, bool) {
	if start := startOf(text); len(text) == 0 || !r.words.starts[start] && start != r.nameStart {
		return Loaded, false
	}
	// One text is a note alone in its row, and perhaps a name among others.
	known := r.memory.specials
	if filled <= 2 {
		known = r.memory.lone
	}
	if o, ok := known[string(text)]; ok {
		return o, o != Loaded
	}
	o := r.words.special(string(text), filled)
	if o == Loaded && filled > 2 && r.layout.isHeader(r.at.name, string(text)) {
		o = Header
	}
	keep(known, string(text), o)
	return o, o != Loaded
}

// isHeader reports whether a text is the header of a column.
func (l *Layout) isHeader(at int, text string) bool {
	return slices.ContainsFunc(l.Columns, func(c Column) bool {
		return c.Position == at && foldHeader(c.Header) == foldHeader(text)
	})
}

func (w *Words) special(text string, filled int) Outcome {
	folded := strings.Join(strings.Fields(foldText(text)), "")
	for _, word := range w.totals {
		if rest, ok := strings.CutPrefix(folded, word); ok && (rest == "" || strings.ContainsAny(rest[:1], "0123456789(:,") || strings.HasPrefix(rest, "个") || strings.HasPrefix(rest, "项")) {
			return Total
		}
	}
	if filled <= 2 {
		for _, word := range w.notes {
			if strings.HasPrefix(folded, word) {
				return Remark
			}
		}
	}
	return Loaded
}

// cell is the trimmed text of a column; nil when the row has none.
func (r *Reader) cell(at int) []byte {
	if at < 0 || at >= len(r.row.Cells) {
		return nil
	}
	return trim(r.row.Cells[at].Text)
}

// text is a cell that people write words in: "" when it is empty or says that
// nothing is known. White space within is brought to one space.
func (r *Reader) text(at int) string {
	b := r.cell(at)
	if len(b) == 0 || r.blank(b) {
		return ""
	}
	if r.controls && bytes.ContainsAny(b, "\n\t\r") {
		start := len(r.scratch)
		for i, word := range bytes.Fields(b) {
			if i > 0 {
				r.scratch = append(r.scratch, ' ')
			}
			r.scratch = append(r.scratch, word...)
		}
		b = r.scratch[start:len(r.scratch):len(r.scratch)]
	}
	return view(b)
}

// blank reports whether a text says that nothing is known: /, —, 无, 待定.
func (r *Reader) blank(b []byte) bool {
	if len(b) > 12 || b[0] >= '0' && b[0] <= '9' {
		return false
	}
	if b[0] < 0x80 && b[0] >= 'A' || b[0] == 0xef {
		return r.words.blanks[foldText(string(b))]
	}
	return r.words.blankLead.has(b) && r.words.blanks[string(b)]
}

func (r *Reader) problem(f Field, at int, reason record.Reason, detail string) {
	r.result.Problems = append(r.result.Problems, r.finding(f, at, reason, detail))
}

func (r *Reader) flag(f Field, at int, reason record.Reason, detail string) {
	r.result.Flags = append(r.result.Flags, r.finding(f, at, reason, detail))
}

func (r *Reader) finding(f Field, at int, reason record.Reason, detail string) Finding {
	return Finding{Field: f, Column: at, Raw: string(r.cell(at)), Reason: reason, Detail: detail}
}
