package record

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Value is an exact figure in ten-thousandths of its unit: of a project, a yuan
// or one (for ratios). It is a DECIMAL(18,4) in Parquet, so it reaches
// 99 999 999 999 999 yuan (一百万亿元) and 0.01 of a percent.
type Value int64

// ValueScale is how many Values make one unit.
const ValueScale = 10_000

// MaxValue is the largest figure that DECIMAL(18,4) can hold.
const MaxValue Value = 999_999_999_999_999_999

// CNY is an exact amount of money in fen (1/100 yuan), DECIMAL(18,2) in Parquet.
type CNY int64

// YiYuan is 亿元, CNY 100 million, in fen.
const YiYuan CNY = 100_000_000 * 100

// ParseValue reads a plain decimal number with up to four decimals, exactly.
func ParseValue(text string) (Value, error) {
	number, ok := new(big.Rat).SetString(text)
	if ok && !strings.ContainsAny(text, "/eEpPxX_") {
		number.Mul(number, big.NewRat(ValueScale, 1))
		if number.IsInt() && number.Num().IsInt64() && Value(number.Num().Int64()).inRange() {
			return Value(number.Num().Int64()), nil
		}
	}
	return 0, fmt.Errorf("%q is not a number with at most four decimals", text)
}

func (v Value) inRange() bool { return -MaxValue <= v && v <= MaxValue }

// WholeValue returns n units as a Value.
func WholeValue(n int64) Value { return Value(n * ValueScale) }

// String writes v as a plain decimal number of its unit, without trailing zeros.
func (v Value) String() string {
	text := new(big.Rat).SetFrac64(int64(v), ValueScale).FloatString(4)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// IsWhole reports whether v is a whole number of its unit.
func (v Value) IsWhole() bool { return v%ValueScale == 0 }

// CNY converts a value in yuan to money.
func (v Value) CNY() CNY { return CNY(v / (ValueScale / 100)) }

// String writes the amount in 亿元 with as many decimals as it needs.
func (m CNY) String() string {
	return strconv.FormatFloat(float64(m)/float64(YiYuan), 'f', -1, 64) + "亿元"
}
