package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Column is the declaration of one column of a relation.
type Column struct {
	Name     string
	Type     string   // DuckDB's name of it; that of a list ends with []
	Unit     string   // "" for texts and marks
	EN, ZH   string   // what it means
	Required bool     // never NULL
	Allowed  []string // the values it may hold, or a list's elements; nil for any
	Low      string   // least value, a number or a day; "" for none
	High     string   // greatest value
	Line     int      // of the declaration in its file

	like [2]string // relation and column where it is declared, until settled
}

var (
	typeThenRest = regexp.MustCompile(`^([A-Z]+(?:\(\d+,\d+\))?(?:\[\])?)(!?)(?:\s+(.*))?$`)
	bounds       = regexp.MustCompile(`^([-\d.]*?\d)?\.\.([-\d][-\d.]*)?(?:\s+(.*))?$`)
)

// parseColumn reads what stands behind a column's name; not ok says that this is no
// declaration, but a line of the meaning before.
func parseColumn(name, text string) (c Column, ok bool, err error) {
	f := typeThenRest.FindStringSubmatch(text)
	if f == nil {
		return c, false, nil
	}
	c = Column{Name: name, Type: f[1], Required: f[2] != ""}
	rest := f[3]
	if strings.HasPrefix(rest, "[") {
		if c.Unit, rest, ok = strings.Cut(rest[1:], "]"); !ok {
			return c, false, fmt.Errorf("the bracket of the unit does not close: %w", ErrContract)
		}
		rest = strings.TrimSpace(rest)
	}
	if strings.HasPrefix(rest, "{") {
		set, after, closed := strings.Cut(rest[1:], "}")
		if !closed {
			return c, false, fmt.Errorf("the brace of the set does not close: %w", ErrContract)
		}
		if c.Allowed, rest = splitList(set), strings.TrimSpace(after); c.Allowed == nil {
			return c, false, fmt.Errorf("the set holds no word at all; list some, or leave the braces out: %w", ErrContract)
		}
	}
	if b := bounds.FindStringSubmatch(rest); b != nil {
		c.Low, c.High, rest = b[1], b[2], b[3]
	}
	c.EN = strings.TrimSpace(rest)
	return c, true, c.Valid()
}

// Valid says what is wrong with a declaration, whatever the rows are.
func (c Column) Valid() error {
	if !slices.Contains(allowedTypes, strings.TrimSuffix(c.Type, "[]")) {
		return fmt.Errorf("column %s: type %s does not leave a model; cast it to one of %s: %w",
			c.Name, c.Type, strings.Join(allowedTypes, ", "), ErrContract)
	}
	if c.EN == "" {
		return fmt.Errorf("column %s has no meaning; say in a few words what it holds: %w", c.Name, ErrContract)
	}
	if c.Allowed != nil && strings.TrimSuffix(c.Type, "[]") != "VARCHAR" {
		return fmt.Errorf("column %s is a %s, and only a VARCHAR has a set of words: %w", c.Name, c.Type, ErrContract)
	}
	for i, word := range c.Allowed {
		if slices.Contains(c.Allowed[:i], word) {
			return fmt.Errorf("column %s: %s stands twice in its set: %w", c.Name, word, ErrContract)
		}
	}
	return c.validBounds()
}

func (c Column) validBounds() error {
	if c.Low == "" && c.High == "" {
		return nil
	}
	var ends []float64
	for _, text := range []string{c.Low, c.High} {
		if text == "" {
			continue
		}
		var end float64
		var err error
		switch {
		case c.Type == "DATE":
			var day time.Time
			day, err = time.Parse(time.DateOnly, text)
			end = float64(day.Unix())
		case c.isNumber():
			end, err = strconv.ParseFloat(text, 64)
		default:
			return fmt.Errorf("column %s is a %s, and only numbers and days have bounds: %w", c.Name, c.Type, ErrContract)
		}
		if err != nil {
			return fmt.Errorf("column %s: the bound %q is no %s: %w", c.Name, text, c.Type, ErrContract)
		}
		ends = append(ends, end)
	}
	if len(ends) == 2 && ends[0] > ends[1] {
		return fmt.Errorf("column %s: nothing lies in %s..%s: %w", c.Name, c.Low, c.High, ErrContract)
	}
	return nil
}

func (c Column) isNumber() bool {
	return slices.Contains([]string{"INTEGER", "BIGINT", "DOUBLE"}, c.Type) || strings.HasPrefix(c.Type, "DECIMAL") && !c.isList()
}

func (c Column) isList() bool { return strings.HasSuffix(c.Type, "[]") }
