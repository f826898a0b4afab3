package export

import (
	"slices"
	"strings"
)

const (
	// Down to easyText texts are cut first, which leaves dates and short names
	// whole; then the titles of numbers, down to easyTitle; then both, but nothing
	// below leastWidth.
	easyText   = 10
	easyTitle  = 6
	leastWidth = 3
)

// drawn is a column as it is to be drawn.
type drawn struct {
	Header
	at    int // position in the table
	width int
	least int // no cell may be cut below it; 0 when all may
	words int // the widest word, for a column that is kept whole
}

// columns returns the columns as wide as their titles and cells.
func (t *Table) columns() []drawn {
	columns := make([]drawn, len(t.headers))
	for i, h := range t.headers {
		columns[i] = drawn{Header: h, at: i, width: Width(h.Title)}
	}
	for _, row := range t.rows {
		for i := range columns {
			c := &columns[i]
			c.width = max(c.width, Width(row[i]))
			switch {
			case c.Right:
				c.least = max(c.least, Width(row[i]))
			case c.Whole:
				c.least = max(c.least, Width(row[i]))
				for word := range strings.FieldsSeq(row[i]) {
					c.words = max(c.words, Width(word))
				}
			}
		}
	}
	return columns
}

func totalWidth(columns []drawn) int {
	total := -len(columnGap)
	for _, c := range columns {
		total += len(columnGap) + c.width
	}
	return total
}

func widthOf(columns []drawn, at int) int {
	for _, c := range columns {
		if c.at == at {
			return c.width
		}
	}
	return 0
}

// fit makes the columns fit into width as well as they can, and names those that
// it leaves out.
func fit(columns []drawn, width int) (fitted []drawn, leftOut []string) {
	if width <= 0 {
		return columns, nil
	}
	for {
		fitted = slices.Clone(columns)
		shrink(fitted, width, false, easyText)
		shrink(fitted, width, true, easyTitle)
		for i := range fitted {
			if c := &fitted[i]; c.Whole && !c.Right {
				c.least = c.words
			}
		}
		shrink(fitted, width, false, easyText)
		if totalWidth(fitted) <= width {
			return fitted, leftOut
		}
		spare := 0
		for i, c := range columns {
			if c.Spare > columns[spare].Spare {
				spare = i
			}
		}
		if columns[spare].Spare == 0 {
			break
		}
		if title := columns[spare].Title; title != "" {
			leftOut = append(leftOut, title)
		}
		columns = slices.Delete(columns, spare, spare+1)
	}
	shrink(fitted, width, false, leastWidth)
	shrink(fitted, width, true, leastWidth)
	return fitted, leftOut
}

// shrink lowers the widest of the columns, those of numbers or the others, to one
// common width, the largest at which all columns fit into width. No column goes
// below least, nor below its own least.
func shrink(columns []drawn, width int, right bool, least int) {
	at := func(c drawn, level int) int {
		if c.Right != right {
			return c.width
		}
		return min(c.width, max(level, least, c.least))
	}
	// No column of a fitting table is wider than the table itself.
	for level := max(width, 0); level >= 0; level-- {
		total := -len(columnGap)
		for _, c := range columns {
			total += len(columnGap) + at(c, level)
		}
		if total <= width || level == 0 {
			for i, c := range columns {
				columns[i].width = at(c, level)
			}
			return
		}
	}
}
