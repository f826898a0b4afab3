package format

import (
	"bytes"
	"math"
	"strconv"
)

// digits is how many significant digits a spreadsheet shows and computes with.
// The file has two more, which only say which binary fraction it was: a sum
// that its keeper sees as 0.3 stands there as 0.30000000000000004.
const digits = 15

// appendNumber appends a number's shortest decimal. A whole number keeps all
// its digits; others have fifteen at most, as on the keeper's screen. It says
// no to what is not a number.
func appendNumber(dst, v []byte) ([]byte, bool) {
	if n, ok := plainNumber(v); ok {
		return append(dst, v[:n]...), true
	}
	f, err := strconv.ParseFloat(string(v), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || bytes.ContainsAny(v, "xX_pPnN") {
		return dst, false
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	if significant(dst[start:]) > digits && bytes.IndexByte(dst[start:], '.') >= 0 {
		// Rounded in the form with an exponent, which counts digits; read back,
		// it prints without one.
		f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'e', digits-1, 64), 64)
		dst = strconv.AppendFloat(dst[:start], f, 'f', -1, 64)
	}
	if string(dst[start:]) == "-0" {
		return append(dst[:start], '0'), true
	}
	return dst, true
}

// plainNumber says whether v is its own shortest decimal, but for zeros at the
// end of the fraction: the length without these.
func plainNumber(v []byte) (length int, ok bool) {
	i := 0
	if len(v) > 0 && v[0] == '-' {
		i++
	}
	whole := i
	for i < len(v) && v[i]-'0' <= 9 {
		i++
	}
	if i == whole || i-whole > 1 && v[whole] == '0' {
		return 0, false
	}
	if i == len(v) {
		return i, !(whole == 1 && v[1] == '0')
	}
	if v[i] != '.' || len(v)-whole > digits+1 {
		return 0, false
	}
	point := i
	for i++; i < len(v); i++ {
		if v[i]-'0' > 9 {
			return 0, false
		}
	}
	for v[i-1] == '0' {
		i--
	}
	if i-1 == point {
		i = point
		return i, !(whole == 1 && v[1] == '0')
	}
	return i, true
}

// significant counts the digits of a decimal from its first that is not 0.
func significant(v []byte) int {
	n := 0
	for _, c := range v {
		if c-'0' <= 9 && (n > 0 || c != '0') {
			n++
		}
	}
	return n
}

// lastSerial is 9999-12-31 where days are counted from 1900.
const lastSerial = 2958465

// appendDay appends the day of a serial number, whose fraction is the time of
// day. It says no to a number that is not a day: a time alone, a negative
// number, and the 29th of February 1900, which never was.
func appendDay(dst, v []byte, date1904 bool) ([]byte, bool) {
	n, i := 0, 0
	for i < len(v) && i < 8 && v[i]-'0' <= 9 {
		n = n*10 + int(v[i]-'0')
		i++
	}
	if i == 0 || i < len(v) && v[i] != '.' || bytes.ContainsAny(v[i:], "eE") {
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil || !(f >= 0 && f <= lastSerial+1) {
			return dst, false
		}
		n = int(f)
	} else if len(v) > i+1 {
		for _, c := range v[i+1:] {
			if c-'0' > 9 {
				return dst, false
			}
		}
	}
	switch {
	case n > lastSerial:
		return dst, false
	case date1904:
		n += 1462
		if n > lastSerial {
			return dst, false
		}
	case n == 0 || n == 60:
		return dst, false
	case n < 60:
		n++
	}
	return appendCivil(dst, n-25569), true
}

// appendCivil appends the day so many days after 1970-01-01, from its place in
// the 400 years after which the calendar repeats, with years that begin in
// March.
func appendCivil(dst []byte, days int) []byte {
	days += 719468 // days from 0000-03-01
	era := days / 146097
	of := days - era*146097
	year := (of - of/1460 + of/36524 - of/146096) / 365
	day := of - (365*year + year/4 - year/100)
	year += era * 400
	month := (5*day + 2) / 153
	day -= (153*month+2)/5 - 1
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	d := func(n int) byte { return byte('0' + n%10) }
	return append(dst, d(year/1000), d(year/100), d(year/10), d(year), '-', d(month/10), d(month), '-', d(day/10), d(day))
}
