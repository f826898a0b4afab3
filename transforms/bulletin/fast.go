package bulletin

import (
	"strings"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// plainUnits are the units of nearly all figures, with the power of ten of one in
// ten-thousandths of a yuan, a project or one.
var plainUnits = []struct {
	text, unit string
	exp        int
	dimension  record.Dimension
}{
	{"个", "个", 4, record.Count}, {"项", "项", 4, record.Count}, {"", "", 4, record.Count},
	{"亿元", "亿元", 12, record.Money}, {"万亿元", "万亿元", 16, record.Money}, {"万元", "万元", 8, record.Money}, {"亿", "亿元", 12, record.Money},
	{"%", "%", 2, record.Ratio},
}

// parseAmount is amount.Parse, faster for plain digits before a plain unit. What
// it does not know for certain it leaves to amount.Parse.
func parseAmount(text string) (amount.Amount, error) {
	digits, i, point := int64(0), 0, -1
	for ; i < len(text); i++ {
		c := text[i]
		if c == '.' && point < 0 && i > 0 {
			point = i
			continue
		}
		if !isDigit(c) {
			break
		}
		digits = 10*digits + int64(c-'0')
	}
	if i == 0 || i > 9 || point == i-1 {
		return amount.Parse(text)
	}
	unit := strings.TrimLeft(text[i:], " ")
	for _, u := range plainUnits {
		if u.text != unit {
			continue
		}
		exp := u.exp
		if point >= 0 {
			exp -= i - 1 - point
		}
		if exp < 0 || exp > 16 || u.dimension == record.Count && point >= 0 {
			break
		}
		value := digits
		for range exp {
			if value *= 10; value > int64(record.MaxValue) {
				return amount.Parse(text)
			}
		}
		a := amount.Amount{Value: record.Value(value), Unit: u.unit, Dimension: u.dimension}
		if u.dimension == record.Money {
			a.Currency = "CNY"
		}
		return a, nil
	}
	return amount.Parse(text)
}
