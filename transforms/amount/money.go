package amount

import (
	"fmt"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// MoneyUnit is the unit of a column of money: one of it is 10^Exp of the
// currency's unit (8 for 亿元, 4 for 万元).
type MoneyUnit struct {
	Exp      int
	Currency string // ISO 4217
}

// ParseMoneyUnit reads the unit of a column of money: 亿元, 万元, 万美元. Without a
// currency (亿, 万) it is yuan.
func ParseMoneyUnit(text string) (MoneyUnit, error) {
	plain := fold(text)
	if s, ok := findScale(plain); ok && s.text != "" && !s.english {
		plain += "元"
	}
	u, err := lookUp(plain)
	if err != nil {
		return MoneyUnit{}, fmt.Errorf("read unit %q: %w", text, err)
	}
	if u.dimension != record.Money {
		return MoneyUnit{}, fmt.Errorf("read unit %q: it is no unit of money", text)
	}
	return MoneyUnit{u.scale.exp + u.base.exp, u.currency}, nil
}

// ParseRange reads a text that gives two bounds (10-15亿元, 1000～1500) in the unit
// that it prints or, when it prints none, in unit. The bounds are one unit's and
// rise.
func ParseRange(text, unit string) (low, high Amount, err error) {
	fail := func(err error) (Amount, Amount, error) {
		return Amount{}, Amount{}, fmt.Errorf("read range %q: %w", text, err)
	}
	first, second, ok := cutRange(fold(text))
	if !ok {
		return fail(fmt.Errorf("it has no two bounds"))
	}
	if high, err = ParseParts(second, ""); err != nil || high.Dimension == record.Count {
		high, err = ParseParts(second, unit)
	} else {
		unit = high.Unit
	}
	if err != nil {
		return fail(err)
	}
	if low, err = ParseParts(first, unit); err != nil {
		return fail(err)
	}
	if low.Currency != high.Currency || low.Dimension != high.Dimension || low.Value >= high.Value {
		return fail(fmt.Errorf("its bounds do not rise in one unit"))
	}
	return low, high, nil
}

func cutRange(text string) (first, second string, ok bool) {
	for _, mark := range []string{"--", "——", "-", "~", "～", "—", "–", "至", "到"} {
		first, second, ok = strings.Cut(text, mark)
		if ok && first != "" && second != "" {
			return first, second, true
		}
	}
	return "", "", false
}
