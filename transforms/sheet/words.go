package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Words are the vocabularies by which ledgers are read: headers.csv, marks.csv
// and reasons.csv of the folder words.
type Words struct {
	headers   map[string]meaning
	printed   map[string]string // folded header → as the file writes it
	blanks    map[string]bool
	blankLead leads
	marks     map[string]bool
	stages    map[string]record.Stage
	totals    []string
	notes     []string
	plans     []string
	sheets    map[string]bool
	made      []string       // what a synthetic ledger says of itself
	starts    map[start]bool // how totals and notes begin
	Reasons   map[record.Reason]Reason
}

// meaning is what a header stands for.
type meaning struct {
	field Field
	unit  string
}

// Reason says in both languages what a reason code means, and whether it keeps
// the row out or only marks it.
type Reason struct {
	Code        record.Reason
	Quarantines bool
	EN, ZH      string
}

// Text is the reason in a language, "zh" or English.
func (r Reason) Text(lang string) string {
	if lang == "zh" {
		return r.ZH
	}
	return r.EN
}

// LoadWords reads the folder words of fsys.
func LoadWords(fsys fs.FS) (Words, error) {
	w := Words{
		headers: map[string]meaning{}, printed: map[string]string{}, blanks: map[string]bool{}, marks: map[string]bool{},
		stages: map[string]record.Stage{}, sheets: map[string]bool{}, Reasons: map[record.Reason]Reason{},
		starts: map[start]bool{},
	}
	for _, table := range []struct {
		file, header string
		take         func(row []string) error
	}{
		{"words/headers.csv", "header,field,unit", w.takeHeader},
		{"words/marks.csv", "kind,text,means", w.takeMark},
		{"words/reasons.csv", "code,action,en,zh", w.takeReason},
	} {
		if err := readTable(fsys, table.file, table.header, table.take); err != nil {
			return Words{}, err
		}
	}
	return w, nil
}

func readTable(fsys fs.FS, file, header string, take func(row []string) error) error {
	f, err := fsys.Open(file)
	if err != nil {
		return fmt.Errorf("read the words of ledgers: %w; copy the file from the datasets that sanpi ships", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("read %s: %w; mend the line", file, err)
	}
	if len(rows) == 0 || strings.Join(rows[0], ",") != header {
		return fmt.Errorf("read %s: its first line must be %q", file, header)
	}
	for i, row := range rows[1:] {
		if err := take(row); err != nil {
			return fmt.Errorf("read %s, row %d: %w", file, i+2, err)
		}
	}
	return nil
}

func (w *Words) takeHeader(row []string) error {
	field, err := parseField(row[1])
	if err != nil {
		return err
	}
	if row[2] != "" {
		if _, err := amount.ParseMoneyUnit(row[2]); err != nil {
			return err
		}
	}
	key := foldHeader(row[0])
	if _, twice := w.headers[key]; twice && w.headers[key] != (meaning{field, row[2]}) {
		return fmt.Errorf("header %q stands for two fields; remove one of the rows", row[0])
	}
	w.headers[key] = meaning{field, row[2]}
	w.printed[key] = row[0]
	return nil
}

func parseField(text string) (Field, error) {
	if !slices.Contains(fields, Field(text)) {
		names := make([]string, len(fields))
		for i, f := range fields {
			names[i] = string(f)
		}
		return "", fmt.Errorf("unknown field %q; use one of %s", text, strings.Join(names, ", "))
	}
	return Field(text), nil
}

func (w *Words) takeMark(row []string) (err error) {
	text := foldText(row[1])
	switch row[0] {
	case "blank":
		w.blanks[text] = true
		w.blankLead.add(text)
	case "mark":
		w.marks[text] = row[2] == "true"
	case "stage":
		w.stages[text], err = record.ParseStage(row[2])
	case "total":
		w.totals = append(w.totals, text)
		w.starts[startOf(text)] = true
	case "note":
		w.notes = append(w.notes, text)
		w.starts[startOf(text)] = true
	case "plan":
		w.plans = append(w.plans, text)
	case "sheet":
		w.sheets[text] = true
	case "synthetic":
		w.made = append(w.made, text)
	default:
		return fmt.Errorf("unknown kind %q; use blank, mark, stage, total, note, plan, sheet or synthetic", row[0])
	}
	return err
}

func (w *Words) takeReason(row []string) error {
	if row[1] != "quarantine" && row[1] != "flag" {
		return fmt.Errorf("unknown action %q; use quarantine or flag", row[1])
	}
	if row[2] == "" || row[3] == "" {
		return errors.New("a reason needs its text in both languages")
	}
	code := record.Reason(row[0])
	w.Reasons[code] = Reason{code, row[1] == "quarantine", row[2], row[3]}
	return nil
}

// IsSynthetic reports whether a text says that its data are generated.
func (w Words) IsSynthetic(text string) bool {
	text = foldText(text)
	return slices.ContainsFunc(w.made, func(mark string) bool { return strings.Contains(text, mark) })
}

// nearest is the known header that shares the most characters with a folded one;
// "" when none shares half of them.
func (w Words) nearest(header string) string {
	best, score := "", 0.5
	for _, key := range slices.Sorted(maps.Keys(w.headers)) {
		if s := likeness(header, key); s > score {
			best, score = key, s
		}
	}
	return w.printed[best]
}

// likeness is the Dice coefficient of two texts' characters.
func likeness(a, b string) float64 {
	count := map[rune]int{}
	total := 0
	for _, c := range a {
		count[c]++
		total++
	}
	shared := 0
	for _, c := range b {
		total++
		if count[c] > 0 {
			count[c]--
			shared++
		}
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(shared) / float64(total)
}

// foldText brings a cell's text to one spelling: width, case, no spaces around.
func foldText(text string) string {
	return strings.ToLower(strings.TrimSpace(width.Fold.String(text)))
}

// foldHeader brings a header to one spelling: width, case, and without spaces,
// quotation marks, brackets and the stars of required columns.
func foldHeader(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case strings.ContainsRune(" \t\r\n\u3000\u00a0*“”\"'‘’()[]【】:.、/-_", c):
			return -1
		}
		return c
	}, foldText(text))
}

// start is the first bytes of a text, in lower case: enough to tell nearly every
// project's name from a total or a note at no cost.
type start [3]byte

func startOf[T string | []byte](text T) start {
	var s start
	for i := 0; i < len(s) && i < len(text); i++ {
		s[i] = text[i]
		if s[i] >= 'A' && s[i] <= 'Z' {
			s[i] += 'a' - 'A'
		}
	}
	return s
}

// leads are the first and the last byte of texts, which tell most others from them
// at no cost.
type leads struct{ first, last [256]bool }

func (l *leads) add(text string) {
	if text != "" {
		l.first[text[0]], l.last[text[len(text)-1]] = true, true
	}
}

func (l *leads) has(b []byte) bool { return l.first[b[0]] && l.last[b[len(b)-1]] }
