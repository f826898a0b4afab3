// Package amount reads figures as Chinese and English pages and spreadsheets
// print them. The grammar, after full-width and traditional forms are folded:
//
//	amount   = { about | currency } number [ unit ] { more }
//	         | { about } "百分之" number { more }
//	about    = 约 近 超 逾 可达 … nearly, about, more than …      → Approximate
//	more     = 以上 左右 … or more                                → Approximate
//	currency = 人民币 ¥ RMB CNY | US$ $ USD | HK$ | € …           never converted
//	number   = digits [ scale ] | numeral, in either with 余, 多 or 来
//	digits   = 353.1 | 3,500 | 1.8万 | 3亿5000万
//	numeral  = 三十 | 二百五十亿 | 一万三千二百 | 两亿 | 三点五亿 | 〇
//	scale    = 百 千 万 百万 千万 亿 百亿 千亿 万亿
//	unit     = 个 项 projects | % | [ scale | thousand … trillion ] money
//	money    = 元 yuan | 美元 US dollars | 港元 | 欧元 | 日元
//
// A number without a unit is a count, unless it ends in 亿: that is yuan, since
// these pages count nothing else in 亿. Spaces may stand anywhere but between two
// digits, where only a thin or no-break space parts thousands.
//
// What may be damage is refused, because a wrong figure is worse than a missing
// one: a number that begins or ends with a point, a scale or unit without digits
// (亿元), groups of digits that are not threes, two numbers, a number that ends
// in 万 without a unit, and colloquial numerals that drop a scale (一万三) or join
// two digits (三五个). Only behind 近, 超 and their like do 百 and 千 stand for one
// hundred and one thousand (近百亿元); 近亿元 has as a rule lost its digits.
package amount

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// ErrRange says that a text gives two bounds (10-20亿元, 三五个) and no figure. A
// range is never averaged.
var ErrRange = errors.New("the text is a range, not one figure; leave it out and keep the bounds in a note")

// Amount is one figure, exact.
type Amount struct {
	Value       record.Value     // projects, yuan (or the unit of Currency), or a ratio
	Unit        string           // the printed unit in its usual spelling: 亿元, 个, %; "" for a bare count
	Dimension   record.Dimension // what Value is
	Currency    string           // ISO 4217 code for money, as printed and never converted; otherwise ""
	Approximate bool             // the text says 约, 超, 近, 余, 以上 or the like
}

// Parse reads a figure that carries its unit: 353.1亿元, 三十个, 58.82%,
// 628.1 billion yuan. A count may go without (more than 900).
func Parse(text string) (Amount, error) {
	f, err := scan(fold(text))
	if err != nil {
		return Amount{}, fmt.Errorf("read amount %q: %w", text, err)
	}
	u, err := f.ownUnit()
	if err != nil {
		return Amount{}, fmt.Errorf("read amount %q: %w", text, err)
	}
	a, err := f.amount(u)
	if err != nil {
		return Amount{}, fmt.Errorf("read amount %q: %w", text, err)
	}
	a.Unit = f.scale + a.Unit
	return a, nil
}

// ParseParts reads a figure whose number and unit stand in two columns. The two
// are joined only when they make one amount written in a row (1.8万 beside 亿元),
// or when the number repeats the whole unit (30个 beside 个). 120万 beside 万元
// is refused: nobody can tell which of the two is the slip. An empty unit makes
// it Parse.
func ParseParts(number, unit string) (Amount, error) {
	if strings.TrimSpace(unit) == "" {
		return Parse(number)
	}
	a, err := parseParts(number, unit)
	if err != nil {
		return Amount{}, fmt.Errorf("read amount %q with unit %q: %w", number, unit, err)
	}
	return a, nil
}

func parseParts(number, text string) (Amount, error) {
	u, err := lookUp(fold(text))
	if err != nil {
		return Amount{}, err
	}
	f, err := scan(fold(number))
	if err != nil {
		return Amount{}, err
	}
	if u, err = f.beside(u); err != nil {
		return Amount{}, err
	}
	return f.amount(u)
}

// ownUnit is the unit that the figure itself prints. The scale of a Chinese
// number is part of the number already.
func (f figure) ownUnit() (unit, error) {
	u, err := f.printedUnit()
	switch {
	case err != nil:
		return unit{}, err
	case f.currency != "" && f.currency != u.currency:
		return unit{}, fmt.Errorf("the number is marked as %s and its unit is %s; keep one of them", f.currency, u)
	case f.scale != "" && (u.scale.text != "" || u.dimension == record.Ratio):
		return unit{}, fmt.Errorf("the scale %s does not go with %s; check the page", f.scale, u)
	}
	return u, nil
}

func (f figure) printedUnit() (unit, error) {
	s, onlyScale := findScale(f.unit)
	switch {
	case f.percent && f.unit == "":
		return lookUp("%")
	case f.percent:
		return unit{}, fmt.Errorf("百分之 is followed by the unit %q; keep one of them", f.unit)
	case f.currency != "" && onlyScale:
		return unit{moneyBase(f.currency, f.scale == ""), s}, nil // RMB 5.2 billion, 人民币5亿
	case f.unit != "":
		return lookUp(f.unit)
	case strings.HasSuffix(f.scale, "亿"):
		return lookUp("元")
	case f.scale != "":
		return unit{}, fmt.Errorf("the scale %s has no unit behind it; add one of %s", f.scale, unitNames())
	}
	return unit{base: base{dimension: record.Count}}, nil
}

// beside is the unit that scales the figure when a second column gives u.
func (f figure) beside(u unit) (unit, error) {
	quarrel := fmt.Errorf("the number carries a unit or scale that does not go with %s; write the number alone", u)
	if f.currency != "" && f.currency != u.currency {
		return unit{}, quarrel
	}
	if s, ok := findScale(f.unit); ok && !f.percent {
		// 1.8万 beside 亿元, 5.2 billion beside yuan, and most often no scale.
		joined, ok := findScale(f.scale + s.text + u.scale.text)
		if !ok || joined.text != "" && u.dimension == record.Ratio {
			return unit{}, quarrel
		}
		u.scale.exp += s.exp
		return u, nil
	}
	own, err := f.ownUnit()
	if err != nil {
		return unit{}, err
	}
	if own.name != u.name || f.scale+own.scale.text != u.scale.text {
		return unit{}, quarrel
	}
	u.scale.exp = own.scale.exp
	return u, nil
}

// amount scales the figure's number by a unit.
func (f figure) amount(u unit) (Amount, error) {
	v, err := f.number.shift(u.scale.exp + u.base.exp).value()
	if err != nil {
		return Amount{}, err
	}
	if u.dimension == record.Count && !v.IsWhole() {
		return Amount{}, fmt.Errorf("%s is not a whole number of projects; check the figure, or add its unit", v)
	}
	return Amount{Value: v, Unit: u.String(), Dimension: u.dimension, Currency: u.currency, Approximate: f.approximate}, nil
}
