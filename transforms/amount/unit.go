package amount

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// base is what a figure counts or measures, without a scale.
type base struct {
	name      string // its usual spelling
	text      string // as it is printed, folded
	exp       int    // one is 10^exp of the Value's unit
	dimension record.Dimension
	currency  string
}

// bases is the closed set of units; the first text of a name is the usual one.
var bases = []base{
	{"个", "个", 0, record.Count, ""},
	{"个", "个项目", 0, record.Count, ""},
	{"项", "项", 0, record.Count, ""},
	{"projects", "projects", 0, record.Count, ""},
	{"projects", "project", 0, record.Count, ""},
	{"%", "%", -2, record.Ratio, ""},
	{"%", "percent", -2, record.Ratio, ""},
	{"%", "per cent", -2, record.Ratio, ""},
	{"元", "元", 0, record.Money, "CNY"},
	{"元", "元人民币", 0, record.Money, "CNY"},
	{"元", "人民币", 0, record.Money, "CNY"},
	{"yuan", "yuan", 0, record.Money, "CNY"},
	{"yuan", "yuan rmb", 0, record.Money, "CNY"},
	{"yuan", "rmb", 0, record.Money, "CNY"},
	{"yuan", "cny", 0, record.Money, "CNY"},
	{"yuan", "renminbi", 0, record.Money, "CNY"},
	{"美元", "美元", 0, record.Money, "USD"},
	{"US dollars", "us dollars", 0, record.Money, "USD"},
	{"US dollars", "u.s.dollars", 0, record.Money, "USD"},
	{"US dollars", "usd", 0, record.Money, "USD"},
	{"港元", "港元", 0, record.Money, "HKD"},
	{"港元", "港币", 0, record.Money, "HKD"},
	{"欧元", "欧元", 0, record.Money, "EUR"},
	{"欧元", "euros", 0, record.Money, "EUR"},
	{"日元", "日元", 0, record.Money, "JPY"},
}

// currencies are the marks that stand before a number. A bare $ on these pages
// is the dollar of the United States, and ¥ the yuan.
var currencies = []struct{ text, code string }{
	{"人民币", "CNY"}, {"rmb", "CNY"}, {"cny", "CNY"}, {"¥", "CNY"},
	{"hk$", "HKD"}, {"hkd", "HKD"}, {"us$", "USD"}, {"usd", "USD"}, {"$", "USD"}, {"美元", "USD"},
	{"€", "EUR"}, {"eur", "EUR"},
}

// scale is a power of ten, as a word.
type scale struct {
	name, text string
	exp        int
	english    bool
}

// scales lists what may stand between a number and its unit. The last three
// head columns of statistical tables.
var scales = []scale{
	{"", "", 0, false},
	{"百", "百", 2, false},
	{"千", "千", 3, false},
	{"万", "万", 4, false},
	{"百万", "百万", 6, false},
	{"千万", "千万", 7, false},
	{"亿", "亿", 8, false},
	{"百亿", "百亿", 10, false},
	{"千亿", "千亿", 11, false},
	{"万亿", "万亿", 12, false},
	{"thousand", "thousand", 3, true},
	{"million", "million", 6, true},
	{"billion", "billion", 9, true},
	{"trillion", "trillion", 12, true},
	{"10,000", "10,000", 4, true},
	{"10,000", "10000", 4, true},
	{"100 million", "100million", 8, true},
}

func findScale(text string) (scale, bool) {
	for _, s := range scales {
		if s.text == text {
			return s, true
		}
	}
	return scale{}, false
}

// unit is a base with its scale: 亿元, billion yuan.
type unit struct {
	base
	scale scale
}

// String spells the unit as it is usually printed.
func (u unit) String() string {
	if u.scale.english {
		return u.scale.name + " " + u.name
	}
	return u.scale.name + u.name
}

// lookUp finds a unit by its folded text; 亿 alone is 亿元. An unknown unit is an
// error that lists the set: there is no "other".
func lookUp(text string) (unit, error) {
	if strings.HasSuffix(text, "亿") {
		text += "元"
	}
	for _, b := range bases {
		head, ok := strings.CutSuffix(text, b.text)
		if !ok {
			continue
		}
		if s, ok := findScale(strings.TrimSpace(head)); ok && (b.dimension != record.Ratio || s.text == "") {
			return unit{b, s}, nil
		}
	}
	return unit{}, fmt.Errorf("unknown unit %q; use one of %s", text, unitNames())
}

// moneyBase is the unit of a number that only a mark before it calls money.
func moneyBase(currency string, latin bool) base {
	var found base
	for _, b := range bases {
		if b.currency == currency && (found.name == "" || latin && found.name[0] >= utf8.RuneSelf) {
			found = b
		}
	}
	return found
}

// unitNames lists the closed set for the person who mends a unit.
func unitNames() string {
	var alone, behind []string
	for _, b := range bases {
		alone = append(alone, b.name)
	}
	for _, s := range scales[1:] {
		behind = append(behind, s.name)
	}
	// Spellings of one unit stand together.
	return strings.Join(slices.Compact(alone), ", ") + "; all but % also behind " + strings.Join(slices.Compact(behind), ", ")
}
