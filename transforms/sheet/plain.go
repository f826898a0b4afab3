package sheet

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// plainRest is appendPlain for any text.
func plainRest(name []byte) string {
	return strings.Map(func(c rune) rune {
		if (unicode.IsLetter(c) || unicode.IsNumber(c)) && c != utf8.RuneError {
			return unicode.ToLower(c)
		}
		return -1
	}, width.Fold.String(string(name)))
}

// plainDate reads a date in any form. dated reports whether the text gives its
// own year, so that it means the same wherever it stands.
func plainDate(text string, near date.Near) (s span, dated bool, err error) {
	d, err := date.Parse(text, date.Near{})
	if errors.Is(err, date.ErrNoYear) {
		d, err = date.Parse(text, near)
	} else {
		dated = true
	}
	if err != nil {
		return span{}, dated, err
	}
	return span{d.From, d.To, d.Precision}, dated, nil
}

// money is an amount as a ledger's cell gives it.
type money struct {
	value       record.CNY // in fen, or in hundredths of currency's unit
	low, high   record.CNY // of a range, which has no value
	currency    string     // "" for yuan
	approximate bool
	reason      record.Reason // what is wrong: "" when there is a value
	detail      string
}

const (
	unreadableAmount record.Reason = "unreadable_amount"
	amountRange      record.Reason = "amount_range"
	foreignCurrency  record.Reason = "foreign_currency"
	unitMissing      record.Reason = "unit_missing"
)

// plainMoney reads an amount in any form. The unit that a cell prints in full
// counts before the column's; unit is "" when the column has none.
func plainMoney(text, unit string) money {
	a, err := amount.Parse(text)
	if err != nil || a.Dimension != record.Money {
		with := unit
		if with == "" {
			with = "元"
		}
		if a, err = amount.ParseParts(text, with); err == nil && unit == "" {
			return money{reason: unitMissing}
		}
	}
	if err != nil {
		low, high, rangeErr := amount.ParseRange(text, unit)
		switch {
		case rangeErr != nil:
			return money{reason: unreadableAmount, detail: cause(err)}
		case low.Dimension != record.Money:
			return money{reason: unitMissing}
		case low.Currency != "CNY":
			return money{reason: foreignCurrency, detail: "a range"}
		}
		return money{low: low.Value.CNY(), high: high.Value.CNY(), reason: amountRange}
	}
	m := money{value: a.Value.CNY(), approximate: a.Approximate}
	if a.Dimension != record.Money {
		return money{reason: unreadableAmount, detail: "it is no amount of money"}
	}
	if a.Currency != "CNY" {
		m.currency, m.reason = a.Currency, foreignCurrency
	}
	return m
}

// cause is the last word of a chain of errors.
func cause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
