package amount

import (
	"errors"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

type amountCase struct {
	text        string
	value       string // as record.Value prints it
	unit        string
	currency    string // of money
	approximate bool
}

var goodMoney = []amountCase{
	{"353.1亿元", "35310000000", "亿元", "CNY", false},
	{" 353.1 亿 元\u3000", "35310000000", "亿元", "CNY", false},
	{"\ufeff5029.80亿元\u200b", "502980000000", "亿元", "CNY", false},
	{"１２．５亿元", "1250000000", "亿元", "CNY", false},
	{"353.1億元", "35310000000", "亿元", "CNY", false},
	{"1.8万亿元", "1800000000000", "万亿元", "CNY", false},
	{"3,500万元", "35000000", "万元", "CNY", false},
	{"3，500万元", "35000000", "万元", "CNY", false},
	{"1,234,567.89元", "1234567.89", "元", "CNY", false},
	{"1\u2009288.6\u00a0亿元", "128860000000", "亿元", "CNY", false},
	{"450元", "450", "元", "CNY", false},
	{"5千万元", "50000000", "千万元", "CNY", false},
	{"2百亿元", "20000000000", "百亿元", "CNY", false},
	{"353.1亿", "35310000000", "亿元", "CNY", false},
	{"3亿5000万元", "350000000", "万元", "CNY", false},
	{"3亿50万元", "300500000", "万元", "CNY", false},
	{"0亿元", "0", "亿元", "CNY", false},
	{"0.0001元", "0.0001", "元", "CNY", false},
	{"0.00001亿元", "1000", "亿元", "CNY", false},
	{"1.00000000000000000000亿元", "100000000", "亿元", "CNY", false},
	{"99999999999999.9999元", "99999999999999.9999", "元", "CNY", false},
	{"2.5亿元人民币", "250000000", "亿元", "CNY", false},
	{"人民币2.5亿元", "250000000", "亿元", "CNY", false},
	{"人民币2.5亿", "250000000", "亿元", "CNY", false},
	{"￥2.5亿元", "250000000", "亿元", "CNY", false},

	// Chinese numerals.
	{"二百五十亿元", "25000000000", "亿元", "CNY", false},
	{"两亿元", "200000000", "亿元", "CNY", false},
	{"三点五亿元", "350000000", "亿元", "CNY", false},
	{"三亿五千万元", "350000000", "万元", "CNY", false},
	{"三亿零五十万元", "300500000", "万元", "CNY", false},
	{"一亿零三百元", "100000300", "元", "CNY", false},
	{"一万三千二百亿元", "1320000000000", "亿元", "CNY", false},
	{"一万亿元", "1000000000000", "万亿元", "CNY", false},

	// English.
	{"628.1 billion yuan", "628100000000", "billion yuan", "CNY", false},
	{"14.9 Billion Yuan", "14900000000", "billion yuan", "CNY", false},
	{"300 million yuan", "300000000", "million yuan", "CNY", false},
	{"1.8 trillion yuan RMB", "1800000000000", "trillion yuan", "CNY", false},
	{"1,288 yuan", "1288", "yuan", "CNY", false},
	{"RMB 5.2 billion", "5200000000", "billion yuan", "CNY", false},
	{"RMB 5.2 billion yuan", "5200000000", "billion yuan", "CNY", false},
	{"CNY450", "450", "yuan", "CNY", false},
	{"5.2 billion RMB", "5200000000", "billion yuan", "CNY", false},

	// Other currencies are kept.
	{"5亿美元", "500000000", "亿美元", "USD", false},
	{"1200万美元", "12000000", "万美元", "USD", false},
	{"US$ 3 million", "3000000", "million US dollars", "USD", false},
	{"3 million U.S. dollars", "3000000", "million US dollars", "USD", false},
	{"$3亿", "300000000", "亿美元", "USD", false},
	{"HK$5亿", "500000000", "亿港元", "HKD", false},
	{"€300", "300", "欧元", "EUR", false},
	{"20亿日元", "2000000000", "亿日元", "JPY", false},

	// About.
	{"约45亿元", "4500000000", "亿元", "CNY", true},
	{"超100亿元", "10000000000", "亿元", "CNY", true},
	{"超过 100 亿元", "10000000000", "亿元", "CNY", true},
	{"可达30亿元", "3000000000", "亿元", "CNY", true},
	{"达30亿元", "3000000000", "亿元", "CNY", false},
	{"10亿元以上", "1000000000", "亿元", "CNY", true},
	{"100余亿元", "10000000000", "亿元", "CNY", true},
	{"100 余 亿元", "10000000000", "亿元", "CNY", true},
	{"100+亿元", "10000000000", "亿元", "CNY", true},
	{"3亿多元", "300000000", "亿元", "CNY", true},
	{"3万多亿元", "3000000000000", "万亿元", "CNY", true},
	{"三百多万元", "3000000", "万元", "CNY", true},
	{"三万余亿元", "3000000000000", "万亿元", "CNY", true},
	{"近百亿元", "10000000000", "亿元", "CNY", true},
	{"近百亿", "10000000000", "亿元", "CNY", true},
	{"上千亿元", "100000000000", "亿元", "CNY", true},
	{"超千万元", "10000000", "万元", "CNY", true},
	{"about 14.9 billion yuan", "14900000000", "billion yuan", "CNY", true},
	{"more than RMB 100 million", "100000000", "million yuan", "CNY", true},
	{"up to 5 billion yuan", "5000000000", "billion yuan", "CNY", true},
}

var goodCounts = []amountCase{
	{"30个", "30", "个", "", false},
	{"19项", "19", "项", "", false},
	{"30个项目", "30", "个", "", false},
	{"1.2万个", "12000", "万个", "", false},
	{"2000 projects", "2000", "projects", "", false},
	{"1 project", "1", "projects", "", false},
	{"900", "900", "", "", false},
	{"三十个", "30", "个", "", false},
	{"两个", "2", "个", "", false},
	{"零个", "0", "个", "", false},
	{"〇", "0", "", "", false},
	{"十", "10", "", "", false},
	{"十五", "15", "", "", false},
	{"一百零五", "105", "", "", false},
	{"一千二百", "1200", "", "", false},
	{"一千零五", "1005", "", "", false},
	{"一千零一十五", "1015", "", "", false},
	{"一千零十五", "1015", "", "", false},
	{"一万零三百", "10300", "", "", false},
	{"一万三千二百", "13200", "", "", false},
	{"近2000个", "2000", "个", "", true},
	{"30个左右", "30", "个", "", true},
	{"30个项目以上", "30", "个", "", true},
	{"三十多个", "30", "个", "", true},
	{"十来个", "10", "个", "", true},
	{"900多", "900", "", "", true},
	{"近百个", "100", "个", "", true},
	{"不到十个", "10", "个", "", true},
	{"nearly 2000 projects", "2000", "projects", "", true},
	{"more than 900 projects", "900", "projects", "", true},
	{"900 or more", "900", "", "", true},
	{"900+ projects", "900", "projects", "", true},
}

var goodRatios = []amountCase{
	{"58.82%", "0.5882", "%", "", false},
	{"１１２．６％", "1.126", "%", "", false},
	{"29.82 percent", "0.2982", "%", "", false},
	{"100 per cent", "1", "%", "", false},
	{"百分之五十", "0.5", "%", "", false},
	{"百分之五十八点八二", "0.5882", "%", "", false},
	{"百分之58.82", "0.5882", "%", "", false},
	{"近百分之八十", "0.8", "%", "", true},
	{"50%以上", "0.5", "%", "", true},
}

func TestParse(t *testing.T) {
	for dimension, tests := range map[record.Dimension][]amountCase{
		record.Money: goodMoney, record.Count: goodCounts, record.Ratio: goodRatios,
	} {
		for _, test := range tests {
			got, err := Parse(test.text)
			if err != nil {
				t.Error(err)
				continue
			}
			if got.Value.String() != test.value || got.Dimension != dimension || got.Unit != test.unit ||
				got.Currency != test.currency || got.Approximate != test.approximate {
				t.Errorf("%q: got %s %+v", test.text, got.Value, got)
			}
		}
	}
}

var badAmounts = []struct{ text, message string }{
	{"", "is empty"},
	{" \u3000", "is empty"},
	{"约", "no digits"},

	// Damage.
	{".1亿元", "begins with a point"},
	{"．１亿元", "begins with a point"},
	{"约.1亿元", "begins with a point"},
	{"353.亿元", "ends with a point"},
	{"三点亿元", "ends with a point"},
	{"个", "no digits"},
	{"亿元", "the scale 亿 has no digits"},
	{"万亿元", "the scale 万 has no digits"},
	{"约百亿元", "the scale 百 has no digits"},
	{"超亿元", "the scale 亿 has no digits"},
	{"百个", "the scale 百 has no digits"},
	{"yuan", "no digits"},
	{"billion yuan", "no digits"},
	{"百分之", "no digits"},
	{"几十个", "no digits"},
	{"3,50万元", "groups of three"},
	{"35,00万元", "groups of three"},
	{"1234,567元", "groups of three"},
	{",500元", "no digits"},
	{"3,500,万元", "groups of three"},
	{"1.2.3亿元", "out of place"},
	{"1.234,5亿元", "out of place"},
	{"353 .1亿元", "two numbers"},
	{"353. 1亿元", "ends with a point"},

	// Not one figure.
	{"30个40亿元", "two numbers"},
	{"30个 40亿元", "two numbers"},
	{"120 300个", "two numbers"},
	{"三十个五十亿元", "two numbers"},
	{"二百 五十亿元", "two numbers"},
	{"3亿1,28万元", "two numbers"},
	{"10-20亿元", "a range"},
	{"10亿元～20亿元", "a range"},
	{"10亿元—约20亿元", "a range"},
	{"三至五亿元", "a range"},
	{"10亿元到20亿元", "a range"},
	{"10%—20%", "a range"},
	{"约10-20个", "a range"},
	{"10 to 20 billion yuan", "a range"},
	{"10 billion yuan to 20 billion yuan", "a range"},
	{"from 10 to 20 billion yuan", "a range"},
	{"between 10 and 20 projects", "a range"},
	{"三五个", "a range"},
	{"三四十个", "a range"},

	// Units.
	{"30家", `unknown unit "家"; use one of 个, 项, projects, %, 元`},
	{"30个亿", "unknown unit"},
	{"5 billion", "unknown unit"},
	{"3.5亿度", "unknown unit"},
	{"120万", "the scale 万 has no unit"},
	{"三万", "the scale 万 has no unit"},
	{"5十个", `unknown scale "十"`},
	{"3亿多万元", `unknown scale "亿万"`},
	{"二亿余万元", `unknown scale "亿万"`},
	{"百分之五十个", "keep one of them"},
	{"RMB 3亿美元", "keep one of them"},
	{"CNY 30个", "keep one of them"},
	{"¥30家", "unknown unit"},
	{"3万%", "does not go with %"},
	{"百分之三万", "does not go with %"},
	{"3亿 million yuan", "does not go with"},
	{"353.1", "not a whole number"},
	{"1.5个", "not a whole number"},

	// Negative values.
	{"-5亿元", "negative"},
	{"−5亿元", "negative"},
	{"负五亿元", "negative"},
	{"minus 5 percent", "negative"},
	{"约-5%", "negative"},

	// Numerals.
	{"二百五", "lacks a scale"},
	{"一千二", "lacks a scale"},
	{"一万三", "lacks a scale"},
	{"两亿五", "lacks a scale"},
	{"一千五十", "do not make a number"},
	{"一百零二十", "do not make a number"},
	{"一万五百", "do not make a number"},
	{"一万零三千", "do not make a number"},
	{"一万零", "do not make a number"},
	{"一百零", "do not make a number"},
	{"十百个", "do not make a number"},
	{"二三〇个", "a range"},
	{"二〇二一个", "do not make a number"},
	{"零五个", "do not make a number"},
	{"三十十个", "do not make a number"},
	{"一万万元", "do not make a number"},
	{"一亿亿元", "do not make a number"},
	{"一亿万元", "do not make a number"},
	{"十万零万元", "do not make a number"},
	{"三万点五亿元", "do not make a number"},
	{"一万三千二百三五个", "a range"},

	// Exactness.
	{"58.825%", "more than four decimal places"},
	{"1.00000000000000000000001万亿元", "more than four decimal places"},
	{"0.00001元", "more than four decimal places"},
	{"100000000000000元", "is above 99999999999999.9999"},
	{"100万亿元", "is above"},
	{"一百万亿元", "is above"},
	{"9999999万亿元", "is above"},
	{"12345678901234567890元", "is above"},
	{"123456789012345.6789元", "is above"},
	{"9999999999亿9999万元", "is above"},
}

func TestParseRefuses(t *testing.T) {
	for _, test := range badAmounts {
		got, err := Parse(test.text)
		if err == nil || !strings.Contains(err.Error(), test.message) || !strings.HasPrefix(err.Error(), "read amount ") {
			t.Errorf("%q: got %+v, %v; want an error with %q", test.text, got, err, test.message)
		}
		if got != (Amount{}) {
			t.Errorf("%q: a refused text gave %+v", test.text, got)
		}
		if isRange := test.message == "a range"; errors.Is(err, ErrRange) != isRange {
			t.Errorf("%q: ErrRange is %v", test.text, !isRange)
		}
	}
}

func TestParseParts(t *testing.T) {
	for _, test := range []struct {
		number, unit string
		value        string
		wantUnit     string
		currency     string
		approximate  bool
	}{
		{"353.1", "亿元", "35310000000", "亿元", "CNY", false},
		{"120", "万元", "1200000", "万元", "CNY", false},
		{"3,500", "万 元", "35000000", "万元", "CNY", false},
		{"450", " 元 ", "450", "元", "CNY", false},
		{"30", "个", "30", "个", "", false},
		{"347", "projects", "347", "projects", "", false},
		{"30余", "个", "30", "个", "", true},
		{"more than 900", "projects", "900", "projects", "", true},
		{"三十", "个", "30", "个", "", false},
		{"58.82", "％", "0.5882", "%", "", false},
		{"628.1", "billion yuan", "628100000000", "billion yuan", "CNY", false},
		{"3", "亿", "300000000", "亿元", "CNY", false},
		{"3", "百万元", "3000000", "百万元", "CNY", false},
		{"500", "万美元", "5000000", "万美元", "USD", false},
		{"353.1", "100 million yuan", "35310000000", "100 million yuan", "CNY", false},
		{"353.1", "10,000 yuan", "3531000", "10,000 yuan", "CNY", false},
		{"约45", "亿元", "4500000000", "亿元", "CNY", true},
		{"近百", "亿元", "10000000000", "亿元", "CNY", true},
		{"¥45", "亿元", "4500000000", "亿元", "CNY", false},

		// The number brings a scale that goes before the unit.
		{"1.8万", "亿元", "1800000000000", "亿元", "CNY", false},
		{"1.2万", "个", "12000", "个", "", false},
		{"5千", "万元", "50000000", "万元", "CNY", false},
		{"一千二百", "亿元", "120000000000", "亿元", "CNY", false},
		{"1.2亿", "元", "120000000", "元", "CNY", false},
		{"5.2 billion", "yuan", "5200000000", "yuan", "CNY", false},
		{"RMB 5.2 billion", "yuan", "5200000000", "yuan", "CNY", false},

		// The number repeats the unit.
		{"353.1亿元", "亿元", "35310000000", "亿元", "CNY", false},
		{"3亿5000万元", "万元", "350000000", "万元", "CNY", false},
		{"30个项目", "个", "30", "个", "", false},
		{"58.82%", "%", "0.5882", "%", "", false},
		{"百分之五十", "%", "0.5", "%", "", false},
		{"5.2 billion yuan", "billion yuan", "5200000000", "billion yuan", "CNY", false},

		// No unit column.
		{"353.1亿元", "", "35310000000", "亿元", "CNY", false},
		{"30", " ", "30", "", "", false},
	} {
		got, err := ParseParts(test.number, test.unit)
		if err != nil || got.Value.String() != test.value || got.Unit != test.wantUnit ||
			got.Currency != test.currency || got.Approximate != test.approximate {
			t.Errorf("%q beside %q: got %s %+v, %v", test.number, test.unit, got.Value, got, err)
		}
	}
}

func TestParsePartsRefuses(t *testing.T) {
	for _, test := range []struct{ number, unit, message string }{
		{"", "亿元", "is empty"},
		{".1", "亿元", "begins with a point"},
		{"10-20", "亿元", "a range"},
		{"30", "家", "unknown unit"},
		{"30", "万", "unknown unit"},
		{"30", "3亿元", "unknown unit"},
		{"30", "万%", "unknown unit"},
		{"30家", "个", "unknown unit"},
		{"RMB 30个", "元", "keep one of them"},
		{"120万", "万元", "does not go with 万元"},
		{"1.2亿", "万元", "does not go with"},
		{"三亿", "万元", "does not go with"},
		{"1.2万", "%", "does not go with"},
		{"1.2万", "billion yuan", "does not go with"},
		{"5.2 billion", "billion yuan", "does not go with"},
		{"5 million", "%", "does not go with"},
		{"3500万元", "亿元", "does not go with"},
		{"3亿美元", "亿元", "does not go with"},
		{"58.82%", "个", "does not go with"},
		{"$30", "亿元", "does not go with"},
		{"RMB 30", "个", "does not go with"},
		{"1.5", "个", "not a whole number"},
		{"99999999", "万亿元", "is above"},
	} {
		got, err := ParseParts(test.number, test.unit)
		if err == nil || !strings.Contains(err.Error(), test.message) || got != (Amount{}) {
			t.Errorf("%q beside %q: got %+v, %v; want an error with %q", test.number, test.unit, got, err, test.message)
		}
	}
}

// Each unit of the set is listed in the message about an unknown one, and reads
// as itself behind a number and beside it.
func TestUnits(t *testing.T) {
	_, unknown := ParseParts("30", "家")
	for _, b := range bases {
		if !strings.Contains(unknown.Error(), b.name) {
			t.Errorf("the error does not list %s: %v", b.name, unknown)
		}
		for _, s := range scales {
			name := unit{b, s}.String()
			if b.dimension == record.Ratio && s.text != "" {
				continue
			}
			beside, err := ParseParts("7", name)
			if err != nil || beside.Unit != name || beside.Dimension != b.dimension || beside.Currency != b.currency {
				t.Errorf("7 beside %s: %+v, %v", name, beside, err)
			}
			if strings.ContainsAny(name, "0123456789") {
				continue // 7 100 million yuan is two numbers
			}
			if behind, err := Parse("7" + name); err != nil || behind != beside {
				t.Errorf("7%s: %+v, %v; want %+v", name, behind, err, beside)
			}
		}
	}
}

// Every whole number that is written in full reads as itself.
func TestNumerals(t *testing.T) {
	for n := int64(0); n < 200_000_000_000; n += 1 + n/97 {
		if got, err := parseNumeral(writeNumeral(n)); got != n || err != nil {
			t.Fatalf("%s: got %d, %v; want %d", writeNumeral(n), got, err, n)
		}
	}
}

func writeNumeral(n int64) string {
	if n < 10 {
		return []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}[n]
	}
	for _, s := range []struct {
		scale int64
		name  string
	}{{100_000_000, "亿"}, {10_000, "万"}, {1000, "千"}, {100, "百"}, {10, "十"}} {
		if n < s.scale {
			continue
		}
		text := writeNumeral(n/s.scale) + s.name
		if low := n % s.scale; low > 0 {
			if low < s.scale/10 {
				text += "零"
			}
			text += writeNumeral(low)
		}
		return text
	}
	panic("unreachable")
}
