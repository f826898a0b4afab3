package amount

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// decimal is the exact number digits × 10^exp. Every scale here is a power of
// ten, so no figure ever passes through a float.
type decimal struct {
	digits int64
	exp    int
}

func (d decimal) shift(by int) decimal { return decimal{d.digits, d.exp + by} }

// value is the number in ten-thousandths. A decimal ends in a digit other than
// zero, so what is finer than that has no exact value.
func (d decimal) value() (record.Value, error) {
	digits, exp := d.digits, d.exp+4
	if exp < 0 {
		return 0, errTooFine
	}
	most := int64(record.MaxValue)
	for ; exp > 0 && digits > 0; exp-- {
		if digits > most/10 {
			return 0, errTooLarge
		}
		digits *= 10
	}
	if digits > most {
		return 0, errTooLarge
	}
	return record.Value(digits), nil
}

var (
	errTooFine  = errors.New("it has more than four decimal places when scaled; round it and say so in a note")
	errTooLarge = fmt.Errorf("it is above %s, the most that a value can hold; check its unit", record.MaxValue)
)

// parseDigits reads 353.1 or 3,500. A thin or no-break space may part the
// thousands as a comma does; a common space may not, since it parts two columns
// of a flattened table.
func parseDigits(text string) (decimal, error) {
	whole, fraction, point := strings.Cut(text, ".")
	switch {
	case whole == "":
		return decimal{}, errors.New("it begins with a point, so digits may be lost; check the page")
	case point && fraction == "":
		return decimal{}, errors.New("it ends with a point, so digits may be lost; check the page")
	case strings.ContainsAny(fraction, ".,"):
		return decimal{}, errors.New("its points or commas are out of place; check the page")
	}
	if groups := strings.Split(whole, ","); len(groups) > 1 {
		for i, g := range groups {
			if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
				return decimal{}, errors.New("its thousands are not in groups of three; check the page")
			}
		}
		whole = strings.Join(groups, "")
	}
	fraction = strings.TrimRight(fraction, "0")
	digits, err := strconv.ParseInt(whole+fraction, 10, 64)
	switch {
	case err != nil && len(fraction) > 12:
		return decimal{}, errTooFine // even in 万亿
	case err != nil:
		return decimal{}, errTooLarge
	}
	return decimal{digits, -len(fraction)}, nil
}

const (
	numeralDigits = "〇零一二两三四五六七八九"
	numeralScales = "十百千万亿"
)

// digitOf is the value of a Chinese digit, or -1.
func digitOf(c rune) int64 {
	switch c {
	case '〇', '零':
		return 0
	case '两':
		return 2
	}
	if i := strings.IndexRune("一二三四五六七八九", c); i >= 0 {
		return int64(i/len("一")) + 1
	}
	return -1
}

var (
	errNumeral    = errors.New("its numerals do not make a number; check the page")
	errColloquial = errors.New("its last numeral lacks a scale (一万三 may be 一万三千 or 一万零三); write it in full")
)

// parseNumeral reads a whole number in Chinese numerals: 三十, 一万三千二百. Where
// scales are skipped a 零 must say so, as in 一千零五十: without it a digit may be
// lost.
func parseNumeral(text string) (int64, error) {
	if head, tail, ok := cutLast(text, "亿"); ok {
		return join(head, tail, 100_000_000)
	}
	if head, tail, ok := cutLast(text, "万"); ok {
		return join(head, tail, 10_000)
	}
	return parseSection(text)
}

// join reads head × scale + tail, either of which is less than scale.
func join(head, tail string, scale int64) (int64, error) {
	high, err := parseNumeral(head)
	if err != nil {
		return 0, err
	}
	if high == 0 || high >= scale {
		return 0, errNumeral
	}
	if tail == "" {
		return high * scale, nil
	}
	tail, zero := cutZero(tail)
	low, err := parseNumeral(tail)
	switch {
	case err != nil:
		return 0, err
	case !zero && low < 10:
		return 0, errColloquial
	case low == 0, low >= scale, zero != (low < scale/10):
		return 0, errNumeral
	}
	return high*scale + low, nil
}

// parseSection reads a number below 10 000, its scales falling: 三千零五十, 十二.
func parseSection(text string) (int64, error) {
	if rest, zero := cutZero(text); zero && rest == "" {
		return 0, nil
	}
	var sum int64
	last := int64(0) // the scale before; 0 at the beginning
	for rest := text; rest != ""; {
		after, zero := cutZero(rest)
		if zero && last == 0 {
			return 0, errNumeral
		}
		digit, after := cutDigit(after)
		scale, after := cutScale(after)
		if digit < 0 && scale == 10 && (last == 0 || zero) {
			digit = 1 // 十二, 一百零十二
		}
		switch {
		case digit > 0 && scale == 1 && startsWithDigit(after):
			return 0, ErrRange // 三五个 is three to five
		case digit <= 0, last != 0 && scale >= last, scale == 1 && after != "":
			return 0, errNumeral
		case scale == 1 && last > 10 && !zero:
			return 0, errColloquial
		case last != 0 && zero != (scale*10 < last):
			return 0, errNumeral
		}
		sum, last, rest = sum+digit*scale, scale, after
	}
	if text == "" {
		return 0, errNumeral
	}
	return sum, nil
}

func cutZero(text string) (rest string, ok bool) {
	if rest, ok = strings.CutPrefix(text, "零"); ok {
		return rest, true
	}
	return strings.CutPrefix(text, "〇")
}

// cutDigit cuts the first digit off; -1 when there is none.
func cutDigit(text string) (digit int64, rest string) {
	c, size := utf8.DecodeRuneInString(text)
	if digit = digitOf(c); digit < 0 {
		return -1, text
	}
	return digit, text[size:]
}

func startsWithDigit(text string) bool {
	digit, _ := cutDigit(text)
	return digit > 0
}

// cutScale cuts the first scale off; 1 when there is none.
func cutScale(text string) (scale int64, rest string) {
	for i, word := range []string{"十", "百", "千"} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			return []int64{10, 100, 1000}[i], rest
		}
	}
	return 1, text
}

// cutLast cuts a text around the last place of a mark.
func cutLast(text, mark string) (head, tail string, ok bool) {
	i := strings.LastIndex(text, mark)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(mark):], true
}
