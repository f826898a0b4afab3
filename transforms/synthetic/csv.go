package synthetic

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Encoding is how a ledger's text is written.
type Encoding string

const (
	UTF8    Encoding = "utf-8"
	UTF8BOM Encoding = "utf-8-bom"
	GB18030 Encoding = "gb18030"
)

// Encodings lists them all.
var Encodings = []Encoding{UTF8, UTF8BOM, GB18030}

// Format says how a ledger is written as CSV.
type Format struct {
	Encoding Encoding // UTF8 when ""
	CRLF     bool     // lines end as Windows writes them
}

// Counts is what a ledger came to.
type Counts struct {
	Rows     int
	Outcomes map[Outcome]int
	Reasons  map[record.Reason]int // of the quarantined rows
	Mess     map[Kind]int          // rows that hold a kind
}

// TruthColumns are the header of a truth file: where a row stands, what must
// become of it, and what it comes back as.
var TruthColumns = []string{
	"row", "line", "outcome", "reason", "field", "of_row", "of_line", "mess", "code", "name", "zone_id", "city_id", "industry",
	"investor", "content", "investment_cny", "investment_low_cny", "investment_high_cny", "investment_foreign",
	"investment_currency", "expected_output_cny", "actual_output_cny", "approximate", "stage", "signed_on", "signed_precision",
	"started_on", "started_precision", "commissioned_on", "commissioned_precision", "on_target_on", "on_target_precision",
	"signed_round", "commitment", "standard_land", "full_agency", "chain_leader", "obstacle", "flags", "as_of", "synthetic", "note",
}

// Write writes a ledger as CSV, and its truth as CSV in UTF-8 unless truth is nil.
// The truth has a row for each row of the ledger, and NULL is an empty cell.
func (g *Generator) Write(ledger, truth io.Writer, format Format) (Counts, error) {
	c := Counts{Outcomes: map[Outcome]int{}, Reasons: map[record.Reason]int{}, Mess: map[Kind]int{}}
	var mess [kindCount]int
	loaded := 0 // nearly all rows, so they are counted apart from the map
	out, closeOut, err := format.writer(ledger)
	if err != nil {
		return c, err
	}
	lineEnd := "\n"
	if format.CRLF {
		lineEnd = "\r\n"
	}
	var answers *bufio.Writer
	if truth != nil {
		answers = bufio.NewWriterSize(truth, 1<<16)
		fmt.Fprintf(answers, "%s\n", strings.Join(TruthColumns, ","))
	}
	var line []byte
	for row := range g.Rows() {
		plain := row.isPlain()
		if plain {
			line = append(append(line[:0], row.text...), lineEnd...)
		} else {
			line = append(appendCSV(line[:0], row.Cells), lineEnd...)
		}
		if _, err := out.Write(line); err != nil {
			return c, fmt.Errorf("write the ledger: %w", err)
		}
		if answers != nil {
			line = append(row.appendTruth(line[:0], plain), '\n')
			if _, err := answers.Write(line); err != nil {
				return c, fmt.Errorf("write the truth: %w", err)
			}
		}
		c.Rows++
		if row.Outcome == Loaded {
			loaded++
		} else {
			c.Outcomes[row.Outcome]++
		}
		if row.Reason != "" {
			c.Reasons[row.Reason]++
		}
		for k := range row.Mess.each() {
			mess[k]++
		}
	}
	c.Outcomes[Loaded] = loaded
	for k, n := range mess {
		if n > 0 {
			c.Mess[Kind(k)] = n
		}
	}
	if err := closeOut(); err != nil {
		return c, fmt.Errorf("write the ledger: %w", err)
	}
	if answers != nil {
		if err := answers.Flush(); err != nil {
			return c, fmt.Errorf("write the truth: %w", err)
		}
	}
	return c, nil
}

// writer buffers and encodes what is written to w until close is called.
func (f Format) writer(w io.Writer) (_ io.Writer, close func() error, _ error) {
	out := bufio.NewWriterSize(w, 1<<18)
	switch f.Encoding {
	case "", UTF8:
		return out, out.Flush, nil
	case UTF8BOM:
		// A failed write is remembered and returned by Flush.
		_, _ = out.WriteString("\ufeff")
		return out, out.Flush, nil
	case GB18030:
		encoder := simplifiedchinese.GB18030.NewEncoder().Writer(out)
		text := bufio.NewWriterSize(encoder, 1<<16)
		return text, func() error {
			if err := text.Flush(); err != nil {
				return err
			}
			return out.Flush()
		}, nil
	}
	return nil, nil, fmt.Errorf("write the ledger: encoding %q is not known; use one of %v", f.Encoding, Encodings)
}

// isPlain reports whether r.text is the row's record as it is: no cell holds a
// comma, a quote or a line break.
func (r *Row) isPlain() bool {
	return r.text != nil && bytes.Count(r.text, []byte{','}) == columns-1 && bytes.IndexByte(r.text, '"') < 0 &&
		bytes.IndexByte(r.text, '\n') < 0 && bytes.IndexByte(r.text, '\r') < 0
}

// appendCSV writes one record, with quotes where they must be.
func appendCSV(b []byte, cells [][]byte) []byte {
	for i, cell := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendField(b, cell)
	}
	return b
}

func appendField[T string | []byte](b []byte, text T) []byte {
	quoted := false
	for i := range len(text) {
		if c := text[i]; c == ',' || c == '"' || c == '\n' || c == '\r' {
			quoted = true
			break
		}
	}
	if !quoted {
		return append(b, text...)
	}
	b = append(b, '"')
	for i := range len(text) {
		if text[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, text[i])
	}
	return append(b, '"')
}

// AppendTruth writes a row of the truth file, of TruthColumns.
func (r *Row) AppendTruth(b []byte) []byte { return r.appendTruth(b, r.isPlain()) }

func (r *Row) appendTruth(b []byte, plain bool) []byte {
	t := truthLine{b, plain}
	t.number(r.Number)
	t.number(r.Line)
	t.text(string(r.Outcome))
	t.text(string(r.Reason))
	t.text(r.Field)
	t.number(r.Of)
	t.number(r.OfLine)
	t.kinds(r.Mess)
	p := &r.Project
	if r.Outcome != Loaded && r.Outcome != Duplicate {
		// Nothing comes back of it.
		for range len(TruthColumns) - 8 {
			t.text("")
		}
		return t.b[:len(t.b)-1]
	}
	t.printed(p.Code)
	t.printed(p.Name)
	t.text(string(p.ZoneID))
	t.text(string(p.CityID))
	t.text(p.Industry)
	t.printed(p.Investor)
	t.printed(p.Content)
	t.money(p.InvestmentCNY)
	t.money(p.InvestmentLowCNY)
	t.money(p.InvestmentHighCNY)
	t.money(p.InvestmentForeign)
	t.text(p.InvestmentCurrency)
	t.money(p.ExpectedOutputCNY)
	t.money(p.ActualOutputCNY)
	t.mark(&p.Approximate)
	t.text(string(p.Stage))
	t.day(p.SignedOn)
	t.text(string(p.SignedPrecision))
	t.day(p.StartedOn)
	t.text(string(p.StartedPrecision))
	t.day(p.CommissionedOn)
	t.text(string(p.CommissionedPrecision))
	t.day(p.OnTargetOn)
	t.text(string(p.OnTargetPrecision))
	t.text(string(p.SignedRound))
	t.mark(p.Commitment)
	t.mark(p.StandardLand)
	t.mark(p.FullAgency)
	t.text(p.ChainLeader)
	t.printed(p.Obstacle)
	t.text(p.Flags)
	t.day(p.AsOf)
	t.mark(&p.Synthetic)
	t.text(p.Note)
	return t.b[:len(t.b)-1]
}

// truthLine writes cells, each with the comma behind it.
type truthLine struct {
	b     []byte
	plain bool // no cell of the ledger's row needs quotes
}

// printed writes a text that stands in a cell of the row.
func (t *truthLine) printed(s string) {
	if t.plain {
		t.b = append(append(t.b, s...), ',')
		return
	}
	t.text(s)
}

func (t *truthLine) text(s string) { t.b = append(appendField(t.b, s), ',') }

// number writes a number that counts from 1; 0 is NULL.
func (t *truthLine) number(n int) {
	if n != 0 {
		t.b = appendInt(t.b, int64(n), 0)
	}
	t.b = append(t.b, ',')
}

func (t *truthLine) money(v *record.CNY) {
	if v != nil {
		t.b = appendInt(t.b, int64(*v/100), 0)
		t.b = appendInt(append(t.b, '.'), int64(*v%100), 2)
	}
	t.b = append(t.b, ',')
}

func (t *truthLine) mark(v *bool) {
	if v != nil {
		t.b = strconv.AppendBool(t.b, *v)
	}
	t.b = append(t.b, ',')
}

func (t *truthLine) day(d record.Date) {
	if d != 0 {
		t.b = appendDay(t.b, d, iso, true)
	}
	t.b = append(t.b, ',')
}

func (t *truthLine) kinds(set Kinds) {
	first := true
	for k := range set.each() {
		if !first {
			t.b = append(t.b, ';')
		}
		first = false
		t.b = append(t.b, kinds[k].name...)
	}
	t.b = append(t.b, ',')
}
