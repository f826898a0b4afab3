package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var likeOther = regexp.MustCompile(`^like ([a-z0-9_]+)(?:\.([a-z0-9_]+))?$`)

// head reads the comment at the head of a model, line by line.
type head struct {
	model   *Model
	section string
	chinese bool // in the paragraphs after "zh:", or in a column's "zh:"
	open    bool // the paragraph in work goes on
}

var sections = []string{"grain", "refs", "columns", "blocks", "stored"}

func (h *head) line(text string, number int) error {
	m := h.model
	if text == "" {
		h.open = false
		return nil
	}
	key, rest, _ := strings.Cut(text, ":")
	rest = strings.TrimSpace(rest)
	switch {
	case m.Summary == "" && key == m.Name:
		m.Summary, h.open = rest, true
		return nil
	case key == "zh" && h.section == "columns":
		if len(m.Columns) == 0 {
			return fmt.Errorf("a Chinese meaning follows its column: %w", ErrContract)
		}
		h.chinese, m.Columns[len(m.Columns)-1].ZH = true, rest
		return nil
	case key == "zh" && h.section == "" && !h.chinese:
		h.chinese, h.open, m.ZH = true, true, rest
		return nil
	case slices.Contains(sections, key):
		h.section, h.chinese, text = key, false, rest
		if key == "columns" {
			m.Line = number
		}
		if text == "" {
			return nil
		}
	}
	return h.read(text, number)
}

func (h *head) read(text string, number int) error {
	m := h.model
	switch h.section {
	case "":
		h.prose(text)
	case "grain":
		for _, name := range splitList(text) {
			key, nullable := strings.CutSuffix(name, "?")
			m.Grain = append(m.Grain, Key{key, nullable})
		}
	case "refs":
		ref, err := ParseRef(text)
		if err != nil {
			return err
		}
		m.Refs = append(m.Refs, ref)
	case "stored":
		m.View = text == "no"
	case "blocks":
		m.Blocks = text != "no"
	case "columns":
		return h.column(text, number)
	}
	return nil
}

// prose adds a line to the summary or to the notes, in the language in work.
func (h *head) prose(text string) {
	m := h.model
	if m.Summary == "" {
		return // no line says what the model is: parse complains
	}
	summary, notes := &m.Summary, &m.Notes
	if h.chinese {
		summary, notes = &m.ZH, &m.NotesZH
	}
	switch {
	case h.open && len(*notes) == 0:
		*summary = h.join(*summary, text)
	case h.open:
		last := len(*notes) - 1
		(*notes)[last] = h.join((*notes)[last], text)
	default:
		*notes, h.open = append(*notes, text), true
	}
}

// join puts a line behind the one before: with a space between, but for Chinese that
// goes on with Chinese, or after its punctuation.
func (h *head) join(before, text string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(text)
	if h.chinese && (unicode.Is(unicode.Han, last) && !isLatin(first) || !isLatin(last) && unicode.IsPunct(last)) {
		return before + text
	}
	return strings.TrimSpace(before + " " + text)
}

func isLatin(r rune) bool { return r < 0x80 }

func (h *head) column(text string, number int) error {
	m := h.model
	name, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	if f := likeOther.FindStringSubmatch(rest); f != nil {
		relation, column := f[1], f[2]
		if column == "" {
			column = name
		}
		h.chinese = false
		m.Columns = append(m.Columns, Column{Name: name, Line: number, like: [2]string{relation, column}})
		return nil
	}
	c, isColumn, err := parseColumn(name, rest)
	n := len(m.Columns)
	switch {
	case err != nil:
		return err
	case isColumn:
		c.Line, h.chinese = number, false
		m.Columns = append(m.Columns, c)
	case n == 0 || m.Columns[n-1].like != [2]string{}:
		return fmt.Errorf("a column is written name TYPE meaning, or name like relation: %w", ErrContract)
	case h.chinese:
		m.Columns[n-1].ZH = h.join(m.Columns[n-1].ZH, text)
	default: // a meaning that runs on over the next line
		m.Columns[n-1].EN = h.join(m.Columns[n-1].EN, text)
	}
	return nil
}

// ParseRef reads "column, column -> table.key, key".
func ParseRef(text string) (Ref, error) {
	from, to, ok := strings.Cut(text, "->")
	table, keys, ok2 := strings.Cut(to, ".")
	if !ok || !ok2 {
		return Ref{}, fmt.Errorf("a ref is written column, column -> table.key, key: %w", ErrContract)
	}
	r := Ref{splitList(from), strings.TrimSpace(table), splitList(keys)}
	if len(r.Columns) != len(r.Keys) {
		return Ref{}, fmt.Errorf("a ref has as many columns as keys: %w", ErrContract)
	}
	return r, nil
}

func splitList(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// settle fills in the columns that are declared in another relation.
func settle(models []Model) error {
	declared := map[[2]string]Column{}
	for _, m := range models {
		for _, c := range m.Columns {
			key := [2]string{m.Name, c.Name}
			if _, twice := declared[key]; twice {
				return fmt.Errorf("%s:%d: the column %s is declared twice: %w", m.File, c.Line, c.Name, ErrContract)
			}
			declared[key] = c
		}
	}
	for _, m := range models {
		for i, c := range m.Columns {
			if c.like == [2]string{} {
				continue
			}
			other, ok := declared[c.like]
			if !ok || other.like != [2]string{} {
				return fmt.Errorf("%s:%d: %s is like %s.%s, which no model declares itself; name the one that says its type: %w",
					m.File, c.Line, c.Name, c.like[0], c.like[1], ErrContract)
			}
			other.Name, other.Line = c.Name, c.Line
			m.Columns[i] = other
		}
	}
	return nil
}
