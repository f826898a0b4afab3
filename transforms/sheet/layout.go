package sheet

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// TopRows is how far down a header is looked for.
const TopRows = 100

// Layout is how one sheet was understood.
type Layout struct {
	Columns   []Column
	From, To  int         // lines of the header; rows above From are titles
	Title     string      // what stands above the header, and the sheet's name
	Unit      string      // of money, where the title gives it: 单位:万元
	AsOf      record.Date // where the title gives it: 截至2021年6月30日, 2021年6月
	Synthetic bool        // the title says that the data are generated
	Remarks   bool        // a sheet of explanations: none of its rows is a project

	mapping *Mapping
}

// Column is how one column was understood.
type Column struct {
	Position int    // from 0
	Header   string // as printed, the rows of a two-row header joined by a space
	Field    Field
	Unit     string // of money; "" when the header gives none
	Status   ColumnStatus
	Nearest  string // of an unknown header: the known one most like it
}

// ColumnStatus is how a column's header was placed.
type ColumnStatus string

const (
	Synonym ColumnStatus = "synonym" // by words/headers.csv
	Mapped  ColumnStatus = "mapped"  // by the mapping file
	Dropped ColumnStatus = "ignored" // known, and no column of ours
	Unknown ColumnStatus = "unknown" // nobody knows; its cells are read by nobody
	Second  ColumnStatus = "second"  // another column left of it has the field
)

// Has reports whether a column holds the field.
func (l *Layout) Has(f Field) bool {
	return slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Field == f && c.Status != Second })
}

// Top is a row at the top of a sheet, kept.
type Top struct {
	Line  int
	Cells []string
}

// KeepTop copies a row, so that it can outlive its block.
func KeepTop(row *format.Row) Top {
	t := Top{Line: row.Line, Cells: make([]string, len(row.Cells))}
	for i, c := range row.Cells {
		t.Cells[i] = string(c.Text)
	}
	return t
}

// Find looks for the header in the rows at the top of a sheet. It reports false
// when none of them, and no two neighbours, name a project and one thing more.
func Find(name string, top []Top, words Words, mapping *Mapping) (*Layout, bool) {
	best, bestScore := (*Layout)(nil), 0
	consider := func(l *Layout, score int) {
		if score > bestScore && (best == nil || !best.repeatedBy(l)) {
			best, bestScore = l, score
		}
	}
	single := make([]int, len(top))
	for i, row := range top {
		var l *Layout
		l, single[i] = try(words, mapping, row)
		// Two rows make a header only when they place more than either alone.
		if i > 0 && row.Line == top[i-1].Line+1 {
			if both, score := try(words, mapping, top[i-1], row); score > max(single[i-1], single[i]) {
				consider(both, score)
				continue
			}
		}
		consider(l, single[i])
	}
	if best == nil {
		return &Layout{Remarks: words.sheets[foldText(name)], Title: name, mapping: mapping}, false
	}
	best.readTitle(name, top, words)
	for i, c := range best.Columns {
		if c.Status == Unknown {
			best.Columns[i].Nearest = words.nearest(foldHeader(c.Header))
		}
	}
	best.mapping = mapping
	return best, true
}

// repeatedBy reports whether a header further down is this one once more: all that
// it places stands in the same columns there. What lies between are projects, and
// must not become titles because the later header says a little more.
func (l *Layout) repeatedBy(later *Layout) bool {
	return later.From > l.To+1 && !slices.ContainsFunc(l.Columns, func(c Column) bool {
		return c.Field != "" && !slices.ContainsFunc(later.Columns, func(o Column) bool { return o.Position == c.Position && o.Field == c.Field })
	})
}

// try reads one row, or two as one, as a header. Its score is how many columns
// it places; 0 is no header.
func try(words Words, mapping *Mapping, rows ...Top) (*Layout, int) {
	l := &Layout{From: rows[0].Line, To: rows[len(rows)-1].Line}
	taken := map[Field]bool{}
	placed, lower := 0, 0
	for i, texts := range columnTexts(rows) {
		c := place(words, mapping, texts)
		if c.Header == "" {
			continue
		}
		c.Position = i
		if c.Field != "" && c.Field != Ignored {
			if taken[c.Field] {
				c.Status = Second
			} else {
				taken[c.Field] = true
				placed += 2
				if c.Unit != "" {
					placed++ // 投资与产值(亿元) above 总投资 is half of its header
				}
			}
		} else if c.Field == Ignored {
			placed++
		}
		if len(rows) > 1 && i < len(rows[1].Cells) && rows[1].Cells[i] != "" && c.Field != "" {
			lower++
		}
		l.Columns = append(l.Columns, c)
	}
	switch {
	case !taken[Name], placed < 3:
		return nil, 0
	case len(rows) > 1 && (lower == 0 || isBody(rows[1]) || l.names(words, mapping, rows[1])):
		return nil, 0 // the second row is a project, not half a header
	}
	return l, placed
}

// isBody reports whether a row below a header holds data: a number or a date.
func isBody(row Top) bool {
	for _, cell := range row.Cells {
		text := strings.TrimSpace(cell)
		if text == "" {
			continue
		}
		if c := text[0]; c >= '0' && c <= '9' {
			return true
		}
	}
	return false
}

// names reports whether a row below a header has a project's name under 项目名称,
// where the lower half of a header has nothing or a header.
func (l *Layout) names(words Words, mapping *Mapping, row Top) bool {
	return slices.ContainsFunc(l.Columns, func(c Column) bool {
		if c.Field != Name || c.Position >= len(row.Cells) || strings.TrimSpace(row.Cells[c.Position]) == "" {
			return false
		}
		_, _, known := lookUp(words, mapping, row.Cells[c.Position])
		return !known
	})
}

// columnTexts joins the rows of a header column by column. A cell of the upper
// row that is empty beside one that is not belongs to its left neighbour's group.
func columnTexts(rows []Top) [][]string {
	n := 0
	for _, r := range rows {
		n = max(n, len(r.Cells))
	}
	texts := make([][]string, n)
	for k, r := range rows {
		group := ""
		for i := range texts {
			cell := ""
			if i < len(r.Cells) {
				cell = strings.Join(strings.Fields(r.Cells[i]), " ")
			}
			if k+1 < len(rows) {
				below := i < len(rows[k+1].Cells) && strings.TrimSpace(rows[k+1].Cells[i]) != ""
				if cell != "" {
					group = cell
				} else if below {
					cell = group
				} else {
					group = ""
				}
			}
			if cell != "" && !slices.Contains(texts[i], cell) {
				texts[i] = append(texts[i], cell)
			}
		}
	}
	return texts
}

// place finds what a column's header means: both rows of it together, or else
// the lower, or else the upper.
func place(words Words, mapping *Mapping, texts []string) Column {
	c := Column{Header: strings.Join(texts, " "), Status: Unknown}
	if c.Header == "" {
		return c
	}
	candidates := []string{strings.Join(texts, "")}
	if len(texts) > 1 {
		candidates = append(candidates, texts[1], texts[0])
	}
	for _, text := range candidates {
		if m, status, ok := lookUp(words, mapping, text); ok {
			c.Field, c.Unit, c.Status = m.field, m.unit, status
			if m.field == Ignored {
				c.Status = Dropped
			}
			if c.Unit == "" && len(texts) > 1 && c.Field.isMoney() {
				_, c.Unit = cutUnit(texts[0])
			}
			return c
		}
	}
	return c
}

func (f Field) isMoney() bool { return f == Investment || f == Expected || f == Actual }

// lookUp finds one text among the headers: as it is, without its unit, without
// what stands in brackets.
func lookUp(words Words, mapping *Mapping, text string) (meaning, ColumnStatus, bool) {
	plain, unit := cutUnit(text)
	for _, form := range []struct{ text, unit string }{
		{text, ""}, {plain, unit}, {brackets.ReplaceAllString(foldText(plain), ""), unit},
	} {
		key := foldHeader(form.text)
		if key == "" {
			continue
		}
		status := Mapped
		m, ok := meaning{}, false
		if mapping != nil {
			m, ok = mapping.headers[key]
		}
		if !ok {
			m, ok = words.headers[key]
			status = Synonym
		}
		if ok {
			if m.unit == "" {
				m.unit = form.unit
			}
			return m, status, true
		}
	}
	return meaning{}, "", false
}

var (
	brackets   = regexp.MustCompile(`[(\[【][^)\]】]*[)\]】]`)
	unitSuffix = regexp.MustCompile(`[,:,:/]?(?:单位[::]?)?((?:百|千)?[万亿]?(?:美元|欧元|港元|日元|元)|[万亿])$`)
)

// cutUnit takes the unit off a header: 总投资(亿元), 总投资:万元, 总投资亿元.
func cutUnit(text string) (plain, unit string) {
	folded := foldText(text)
	for _, group := range brackets.FindAllString(folded, -1) {
		inside := strings.TrimPrefix(strings.Trim(group, "()[]【】 "), "单位:")
		if _, err := amount.ParseMoneyUnit(inside); err == nil && inside != "" {
			return strings.Replace(folded, group, "", 1), inside
		}
	}
	if m := unitSuffix.FindStringSubmatchIndex(folded); m != nil && m[0] > 0 {
		return folded[:m[0]], folded[m[2]:m[3]]
	}
	return text, ""
}

var (
	// 单位:万荣县 and 单位:万吨 name no unit of money.
	titleUnit = regexp.MustCompile(`单位[::]?\s*(?:人民币)?(?:((?:(?:百|千)?[万亿]|百|千)(?:美元|元))|([万亿]|美元|元)(?:\P{Han}|$))`)
	titleDay  = regexp.MustCompile(`\d{4}年\d{1,2}月(?:\d{1,2}[日号])?底?|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{4}-\d{2}|\b\d{8}\b|\b\d{6}\b`)
)

// readTitle reads what stands above the header and in the sheet's name.
func (l *Layout) readTitle(name string, top []Top, words Words) {
	parts := []string{name}
	for _, row := range top {
		if row.Line >= l.From {
			break
		}
		for i, cell := range row.Cells {
			// Merged cells repeat their text.
			if cell != "" && (i == 0 || row.Cells[i-1] != cell) {
				parts = append(parts, strings.TrimSpace(cell))
			}
		}
	}
	l.Title = strings.TrimSpace(strings.Join(parts, " "))
	folded := foldText(l.Title)
	if m := titleUnit.FindStringSubmatch(folded); m != nil {
		l.Unit = m[1] + m[2]
	}
	l.AsOf = DayOf(folded)
	l.Synthetic = words.IsSynthetic(l.Title)
}

// DayOf is the last day of the latest date that a title or a file's name gives,
// 0 when it gives none: 截至2021年6月30日, 台账2021年6月, 202106.
func DayOf(title string) record.Date {
	var last record.Date
	for _, text := range titleDay.FindAllString(title, -1) {
		d, err := date.Parse(strings.TrimSuffix(text, "底"), date.Near{})
		if err == nil && d.Precision != date.Year {
			last = max(last, d.To)
		}
	}
	return last
}
