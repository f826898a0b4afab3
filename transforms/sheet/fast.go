package sheet

import (
	"bytes"
	"unsafe"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// The forms that nearly all cells have, read byte by byte. Each function
// reports false for anything it is not sure of, and then package date or amount
// decides; where it reports true the two agree, which the tests hold it to.

// span is a date: the first and last day that it may be.
type span struct {
	from, to  record.Date
	precision record.Precision
}

// fastDate reads 2021-03-05, 2021/3/5, 2021.3.5, 20210305, 2021年3月5日 and, as
// months, 2021年3月, 2021.3, 2021/3 and 2021-03.
func fastDate(b []byte) (span, bool) {
	if len(b) < 6 {
		return span{}, false
	}
	year, ok := number(b[:4])
	if !ok || year < 1971 || year > 2099 {
		return span{}, false
	}
	rest := b[4:]
	if len(b) == 8 {
		if month, ok := number(b[4:6]); ok {
			day, ok := number(b[6:8])
			return daySpan(year, month, day, ok)
		}
	}
	if after, ok := bytes.CutPrefix(rest, []byte("年")); ok {
		month, after := leading(after)
		if after, ok = bytes.CutPrefix(after, []byte("月")); !ok || month == 0 {
			return span{}, false
		}
		if len(after) == 0 {
			return monthSpan(year, month, true)
		}
		day, after := leading(after)
		return daySpan(year, month, day, string(after) == "日" || string(after) == "号")
	}
	separator := rest[0]
	if separator != '-' && separator != '/' && separator != '.' {
		return span{}, false
	}
	month, after := leading(rest[1:])
	if len(after) == 0 {
		// 2021-3 may be a round.
		return monthSpan(year, month, separator != '-' || len(rest) == 3)
	}
	if after[0] != separator {
		return span{}, false
	}
	day, after := leading(after[1:])
	return daySpan(year, month, day, len(after) == 0)
}

// number reads all of b as digits.
func number(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, len(b) > 0
}

// leading reads one or two digits off the front; 0 when there are none or more.
func leading(b []byte) (int, []byte) {
	i := 0
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	if i == 0 || i > 2 {
		return 0, b
	}
	n, _ := number(b[:i])
	return n, b[i:]
}

var monthDays = [13]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return monthDays[month]
}

func daySpan(year, month, day int, ok bool) (span, bool) {
	if !ok || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return span{}, false
	}
	d := civil(year, month, day)
	return span{d, d, record.ToTheDay}, true
}

func monthSpan(year, month int, ok bool) (span, bool) {
	if !ok || month < 1 || month > 12 {
		return span{}, false
	}
	first := civil(year, month, 1)
	return span{first, first + record.Date(daysIn(year, month)) - 1, record.ToTheMonth}, true
}

// civil counts the days from 1970-01-01 to a date of the Gregorian calendar.
func civil(year, month, day int) record.Date {
	if month <= 2 {
		year--
		month += 12
	}
	// March begins the year, so that the leap day ends it.
	return record.Date(365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468)
}

// fastMoney reads 12, 12.5, 1,250.00 in units of 10^exp yuan, and with the unit
// behind it 12.5亿元, 125000万元, 12.5亿, 1250元.
func fastMoney(b []byte, exp int) (record.CNY, bool) {
	digits, scale, i := int64(0), exp+2, 0
	count, group, commas := 0, 0, false // digits in all, and since the last comma
	for ; i < len(b); i++ {
		c := b[i]
		if c == ',' {
			if group == 0 || group > 3 || commas && group != 3 {
				return 0, false
			}
			group, commas = 0, true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		digits = 10*digits + int64(c-'0')
		group++
		if count++; count > 15 {
			return 0, false
		}
	}
	if group == 0 || commas && group != 3 {
		return 0, false
	}
	if i < len(b) && b[i] == '.' {
		point := i
		for i++; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
			digits = 10*digits + int64(b[i]-'0')
			scale--
			if count++; count > 15 {
				return 0, false
			}
		}
		if i == point+1 {
			return 0, false
		}
	}
	switch string(b[i:]) {
	case "":
	case "亿元", "亿":
		scale += 8 - exp
	case "万元":
		scale += 4 - exp
	case "元":
		scale -= exp
	default:
		return 0, false
	}
	for ; scale < 0; scale++ {
		if digits%10 != 0 {
			return 0, false
		}
		digits /= 10
	}
	// Of the value in ten-thousandths, which package amount works with.
	const most = int64(record.MaxValue) / 100
	for ; scale > 0; scale-- {
		if digits > most/10 {
			return 0, false
		}
		digits *= 10
	}
	return record.CNY(digits), digits <= most
}

// trim cuts white space off both ends, the ideographic and the no-break space
// among it.
func trim(b []byte) []byte {
	for len(b) > 0 {
		switch c := b[0]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			b = b[1:]
			continue
		case c == 0xe3 && len(b) >= 3 && b[1] == 0x80 && b[2] == 0x80:
			b = b[3:]
			continue
		case c == 0xc2 && len(b) >= 2 && b[1] == 0xa0:
			b = b[2:]
			continue
		case c == 0xef && len(b) >= 3 && b[1] == 0xbb && b[2] == 0xbf:
			b = b[3:]
			continue
		}
		break
	}
	for n := len(b); n > 0; n = len(b) {
		switch c := b[n-1]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			b = b[:n-1]
			continue
		case c == 0x80 && n >= 3 && b[n-2] == 0x80 && b[n-3] == 0xe3:
			b = b[:n-3]
			continue
		case c == 0xa0 && n >= 2 && b[n-2] == 0xc2:
			b = b[:n-2]
			continue
		}
		break
	}
	return b
}

// view is the text of bytes that stay as they are while it is used.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// appendPlain appends what editors do not change in a name: letters and digits,
// in one width and case.
func appendPlain(dst, name []byte) []byte {
	for i := 0; i < len(name); {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			dst = append(dst, c)
			i++
		case c >= 'A' && c <= 'Z':
			dst = append(dst, c+'a'-'A')
			i++
		case c < 0x80:
			i++
		case c >= 0xe4 && c <= 0xe9 && i+2 < len(name) && (c > 0xe4 || name[i+1] >= 0xb8) &&
			name[i+1]&0xc0 == 0x80 && name[i+2]&0xc0 == 0x80:
			// U+4E00 to U+9FFF: the ideographs, and a few symbols at U+4DC0 that
			// the bound leaves out.
			dst = append(dst, name[i], name[i+1], name[i+2])
			i += 3
		case c == 0xef && i+2 < len(name) && name[i+1] == 0xbc && name[i+2] >= 0x81 && name[i+2] <= 0xbf:
			// U+FF01 to U+FF3F, the wide forms of ! to _: brackets above all.
			switch wide := name[i+2] - 0x60; {
			case wide >= '0' && wide <= '9':
				dst = append(dst, wide)
			case wide >= 'A' && wide <= 'Z':
				dst = append(dst, wide+'a'-'A')
			}
			i += 3
		default:
			return append(dst, plainRest(name[i:])...)
		}
	}
	return dst
}
