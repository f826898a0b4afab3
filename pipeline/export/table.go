package export

import (
	"bufio"
	"strconv"
	"strings"
)

// null stands for an unknown value in a table: neither 0 nor an empty text.
const null = "·"

// writeTable holds the rows it shows, since the widest of them decides the
// columns. Rows past opt.MaxRows are counted and dropped.
func writeTable(w *bufio.Writer, from *result, opt Options) error {
	var shown [][]string
	total := 0
	for ; ; total++ {
		more, err := from.next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if opt.MaxRows > 0 && total >= opt.MaxRows {
			continue
		}
		cells := make([]string, len(from.row))
		for i, value := range from.row {
			cells[i] = cell(from.columns[i].typ, value)
		}
		shown = append(shown, cells)
	}
	headers := make([]Header, len(from.columns))
	for i, c := range from.columns {
		headers[i] = Header{Title: c.name, Right: c.typ.isNumber()}
		if isGrouped(c.typ, shown, i) {
			for _, cells := range shown {
				cells[i] = group(cells[i])
			}
		}
	}
	table := NewTable(headers...)
	for _, cells := range shown {
		table.Row(cells...)
	}
	if err := table.Render(w, opt.Width); err != nil {
		return err
	}
	_, err := w.WriteString(footer(total, total-len(shown), opt.Lang))
	return err
}

func cell(t dataType, value any) string {
	if value == nil {
		return null
	}
	text := string(appendText(nil, t, value))
	if t.name == "DECIMAL" && strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// isGrouped reports whether the i-th column gets thousands separators: a DECIMAL
// always, a big integer when one of its numbers has five digits. A column of years
// (DuckDB's year() is a BIGINT) stays as people write it.
func isGrouped(t dataType, rows [][]string, i int) bool {
	if !t.isBigInteger() {
		return t.name == "DECIMAL"
	}
	for _, cells := range rows {
		if len(strings.TrimPrefix(cells[i], "-")) >= 5 {
			return true
		}
	}
	return false
}

// group puts commas into the whole part of a number and leaves null as it is.
func group(number string) string {
	whole, fraction, hasFraction := strings.Cut(number, ".")
	sign := ""
	if digits, ok := strings.CutPrefix(whole, "-"); ok {
		sign, whole = "-", digits
	}
	var parts []string
	for len(whole) > 3 {
		parts = append([]string{whole[len(whole)-3:]}, parts...)
		whole = whole[:len(whole)-3]
	}
	number = sign + strings.Join(append([]string{whole}, parts...), ",")
	if hasFraction {
		number += "." + fraction
	}
	return number
}

func footer(total, hidden int, lang string) string {
	count := func(n int) string {
		number := group(strconv.Itoa(n))
		switch {
		case lang == "zh":
			return number + " 行"
		case n == 1:
			return number + " row"
		}
		return number + " rows"
	}
	text := count(total) + "\n"
	switch {
	case hidden == 0:
	case lang == "zh":
		text += "另有 " + count(hidden) + "未显示\n"
	default:
		text += count(hidden) + " not shown\n"
	}
	return text
}
