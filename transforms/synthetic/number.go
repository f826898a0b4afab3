package synthetic

import (
	"strconv"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// appendInt writes a number with at least width digits.
func appendInt(b []byte, n int64, width int) []byte {
	var digits [20]byte
	at := len(digits)
	for ; n > 0 || width > 0 || at == len(digits); width-- {
		at--
		digits[at] = byte('0' + n%10)
		n /= 10
	}
	return append(b, digits[at:]...)
}

// appendYi writes 万元 as 亿元 with as many decimals as it needs: 125000 is 12.5.
func appendYi(b []byte, w int64) []byte {
	b = appendInt(b, w/10_000, 0)
	rest := w % 10_000
	if rest == 0 {
		return b
	}
	b = appendInt(append(b, '.'), rest, 4)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

// appendYiPadded writes 亿元 with two decimals or more: 12.50.
func appendYiPadded(b []byte, w int64) []byte {
	from := len(b)
	b = appendYi(b, w)
	point := -1
	for i, c := range b[from:] {
		if c == '.' {
			point = i
		}
	}
	if point < 0 {
		return append(b, ".00"...)
	}
	if len(b)-from-point == 2 {
		b = append(b, '0')
	}
	return b
}

// appendGrouped writes a number with commas between its thousands.
func appendGrouped(b []byte, n int64) []byte {
	if n >= 1000 {
		b = append(appendGrouped(b, n/1000), ',')
		return appendInt(b, n%1000, 3)
	}
	return strconv.AppendInt(b, n, 10)
}

// widen turns the ASCII digits, points and dashes from a position on full-width.
func widen(b []byte, from int) []byte {
	var narrow [32]byte
	n := copy(narrow[:], b[from:])
	if len(b)-from > n {
		return b
	}
	b = b[:from]
	for i := 0; i < n; {
		r, size := utf8.DecodeRune(narrow[i:n])
		if r > ' ' && r < 0x7f {
			r += 0xfee0
		}
		b = utf8.AppendRune(b, r)
		i += size
	}
	return b
}

var numerals = [10]string{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// appendNumeral writes a number below 100 as 二十三.
func appendNumeral(b []byte, n int) []byte {
	if n >= 20 {
		b = append(b, numerals[n/10]...)
	}
	if n >= 10 {
		b = append(b, "十"...)
	}
	if n%10 != 0 || n == 0 {
		b = append(b, numerals[n%10]...)
	}
	return b
}

// civil takes a day apart, in the Gregorian calendar.
func civil(d record.Date) (year, month, day int) {
	z := int(d) + 719468
	era := z / 146097
	doe := z % 146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day, month, year = doy-(153*mp+2)/5+1, mp+3, yoe+era*400
	if month > 12 {
		month, year = month-12, year+1
	}
	return year, month, day
}

// The forms of a day. ISO is the clean one; the others are Dates.
const (
	iso = iota
	chinese
	dotted
	slashed
	compact
	serial
	numeral
	wide
	dateForms
)

// appendDay writes a day in a form, with zeros before one digit if padded.
func appendDay(b []byte, d record.Date, form int, padded bool) []byte {
	y, m, day := civil(d)
	switch form {
	case chinese:
		return appendParts(b, y, m, day, padded, "年", "月", "日")
	case dotted:
		return appendParts(b, y, m, day, padded, ".", ".", "")
	case slashed:
		return appendParts(b, y, m, day, padded, "/", "/", "")
	case compact:
		return appendParts(b, y, m, day, true, "", "", "")
	case serial:
		return strconv.AppendInt(b, int64(d)+25569, 10)
	case numeral:
		for div := 1000; div > 0; div /= 10 {
			b = append(b, numerals[y/div%10]...)
		}
		b = append(appendNumeral(append(b, "年"...), m), "月"...)
		return append(appendNumeral(b, day), "日"...)
	case wide:
		from := len(b)
		return widen(appendParts(b, y, m, day, padded, "年", "月", "日"), from)
	}
	return append(b, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10),
		'-', byte('0'+m/10), byte('0'+m%10), '-', byte('0'+day/10), byte('0'+day%10))
}

func appendParts(b []byte, y, m, d int, padded bool, afterYear, afterMonth, afterDay string) []byte {
	b = append(b, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10))
	b = appendSmall(append(b, afterYear...), m, padded)
	return append(appendSmall(append(b, afterMonth...), d, padded), afterDay...)
}

// appendSmall writes a number below 100.
func appendSmall(b []byte, n int, padded bool) []byte {
	if n >= 10 || padded {
		b = append(b, byte('0'+n/10))
	}
	return append(b, byte('0'+n%10))
}

// appendMonth writes the month of a day: 2021年3月 or 2021.3, the latter where no
// spreadsheet makes January of October.
func appendMonth(b []byte, d record.Date, short bool) []byte {
	y, m, _ := civil(d)
	b = strconv.AppendInt(b, int64(y), 10)
	if short && m != 1 && m != 10 {
		return strconv.AppendInt(append(b, '.'), int64(m), 10)
	}
	return append(strconv.AppendInt(append(b, "年"...), int64(m), 10), "月"...)
}
