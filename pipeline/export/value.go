package export

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// appendText appends the text of a value, nothing for NULL. The Go type of the
// value decides; the DuckDB type is asked where one Go type stands for several,
// as time.Time does for dates and times and []byte for UUID and BLOB.
func appendText(dst []byte, t dataType, value any) []byte {
	if t.name == "JSON" && value != nil {
		return appendJSON(dst, t, value)
	}
	switch v := value.(type) {
	case nil:
		return dst
	case string:
		return append(dst, v...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int8:
		return strconv.AppendInt(dst, int64(v), 10)
	case int16:
		return strconv.AppendInt(dst, int64(v), 10)
	case int32:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case uint8:
		return strconv.AppendUint(dst, uint64(v), 10)
	case uint16:
		return strconv.AppendUint(dst, uint64(v), 10)
	case uint32:
		return strconv.AppendUint(dst, uint64(v), 10)
	case uint64:
		return strconv.AppendUint(dst, v, 10)
	case *big.Int:
		return v.Append(dst, 10)
	case float32:
		return appendFloat(dst, float64(v), 32)
	case float64:
		return appendFloat(dst, v, 64)
	case duckdb.Decimal:
		return appendDecimal(dst, v)
	case time.Time:
		return appendTime(dst, t.name, v)
	case duckdb.Interval:
		return appendInterval(dst, v)
	case duckdb.Bit:
		return append(dst, v.String()...)
	case []byte:
		if t.name == "UUID" {
			return appendUUID(dst, v)
		}
		return hex.AppendEncode(dst, v)
	case duckdb.Union:
		return appendText(dst, t.part(v.Tag), v.Value)
	case []any, map[string]any, duckdb.OrderedMap:
		return appendJSON(dst, t, value)
	}
	return fmt.Append(dst, value)
}

// appendFloat writes plain digits for all but the largest and smallest numbers,
// by the rule that JSON libraries share.
func appendFloat(dst []byte, f float64, bits int) []byte {
	size := math.Abs(f)
	switch {
	case math.IsNaN(f):
		return append(dst, "nan"...)
	case math.IsInf(f, 0):
		return appendInfinity(dst, f > 0, "inf")
	case size != 0 && (size < 1e-6 || size >= 1e21):
		return strconv.AppendFloat(dst, f, 'e', -1, bits)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, bits)
}

func appendInfinity(dst []byte, positive bool, word string) []byte {
	if !positive {
		dst = append(dst, '-')
	}
	return append(dst, word...)
}

// appendDecimal keeps the zeros of the scale, which the driver's String drops.
func appendDecimal(dst []byte, d duckdb.Decimal) []byte {
	var digits string
	if d.Value.IsInt64() && d.Value.Int64() >= 0 {
		// The common case, without a copy of the big number.
		digits = strconv.FormatInt(d.Value.Int64(), 10)
	} else {
		digits = new(big.Int).Abs(d.Value).String()
	}
	if d.Value.Sign() < 0 {
		dst = append(dst, '-')
	}
	scale := int(d.Scale)
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - scale
	dst = append(dst, digits[:point]...)
	if scale > 0 {
		dst = append(dst, '.')
		dst = append(dst, digits[point:]...)
	}
	return dst
}

func appendUUID(dst, id []byte) []byte {
	for i, b := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, []byte{b})
	}
	return dst
}

// ticks returns the number that DuckDB stores for a date or a timestamp: days,
// or the type's own unit, since 1970.
func ticks(typeName string, t time.Time) int64 {
	switch typeName {
	case "DATE":
		return t.Unix() / (24 * 60 * 60)
	case "TIMESTAMP_S":
		return t.Unix()
	case "TIMESTAMP_MS":
		return t.UnixMilli()
	case "TIMESTAMP_NS":
		return t.UnixNano()
	}
	return t.UnixMicro()
}

func appendTime(dst []byte, typeName string, t time.Time) []byte {
	const clock = "15:04:05.999999999"
	endless := int64(math.MaxInt64)
	switch typeName {
	case "TIME":
		return t.AppendFormat(dst, clock)
	case "TIMETZ":
		return t.AppendFormat(dst, clock+"-07:00")
	case "DATE":
		endless = math.MaxInt32
	}
	if n := ticks(typeName, t); n == endless || n == -endless {
		return appendInfinity(dst, n > 0, "infinity")
	}
	separator := "T"
	if year := t.Year(); year > 0 {
		dst = t.AppendFormat(dst, time.DateOnly)
	} else {
		dst = fmt.Appendf(dst, "%04d-%02d-%02d (BC)", 1-year, t.Month(), t.Day())
		separator = " "
	}
	if typeName == "DATE" {
		return dst
	}
	dst = t.AppendFormat(append(dst, separator...), clock)
	if typeName == "TIMESTAMPTZ" {
		dst = append(dst, 'Z')
	}
	return dst
}

func appendInterval(dst []byte, v duckdb.Interval) []byte {
	start := len(dst)
	space := func() {
		if len(dst) > start {
			dst = append(dst, ' ')
		}
	}
	for _, part := range []struct {
		n    int32
		unit string
	}{{v.Months / 12, "year"}, {v.Months % 12, "month"}, {v.Days, "day"}} {
		if part.n == 0 {
			continue
		}
		space()
		dst = fmt.Appendf(dst, "%d %s", part.n, part.unit)
		if part.n != 1 && part.n != -1 {
			dst = append(dst, 's')
		}
	}
	if v.Micros == 0 && len(dst) > start {
		return dst
	}
	space()
	micros := uint64(v.Micros)
	if v.Micros < 0 {
		dst = append(dst, '-')
		micros = -micros
	}
	seconds, fraction := micros/1e6, micros%1e6
	dst = fmt.Appendf(dst, "%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	if fraction > 0 {
		dst = append(dst, strings.TrimRight(fmt.Sprintf(".%06d", fraction), "0")...)
	}
	return dst
}
