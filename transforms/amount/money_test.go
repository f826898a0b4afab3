package amount

import "testing"

func TestMoneyUnit(t *testing.T) {
	for text, want := range map[string]MoneyUnit{
		"亿元": {8, "CNY"}, "万元": {4, "CNY"}, "元": {0, "CNY"}, "亿": {8, "CNY"}, "万": {4, "CNY"}, "億元": {8, "CNY"},
		"万美元": {4, "USD"}, "百万元": {6, "CNY"}, "人民币": {0, "CNY"}, "亿元人民币": {8, "CNY"}, "million yuan": {6, "CNY"},
	} {
		if got, err := ParseMoneyUnit(text); err != nil || got != want {
			t.Errorf("ParseMoneyUnit(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "个", "%", "亩", "吨", "万吨", "平方米"} {
		if got, err := ParseMoneyUnit(text); err == nil {
			t.Errorf("ParseMoneyUnit(%q) = %v, want an error", text, got)
		}
	}
}

func TestRange(t *testing.T) {
	for _, test := range []struct{ text, unit, low, high string }{
		{"10-15", "亿元", "1000000000", "1500000000"},
		{"10～15亿元", "万元", "1000000000", "1500000000"},
		{"1.5亿元—2亿元", "", "150000000", "200000000"},
		{"5000至8000万元", "亿元", "50000000", "80000000"},
		{"10—15", "亿元", "1000000000", "1500000000"},
	} {
		low, high, err := ParseRange(test.text, test.unit)
		if err != nil || low.Value.String() != test.low || high.Value.String() != test.high {
			t.Errorf("ParseRange(%q, %q) = %v, %v, %v, want %s and %s", test.text, test.unit, low.Value, high.Value, err, test.low, test.high)
		}
	}
	for _, text := range []string{"", "10", "15-10", "10-10", "-5", "5-", "a-b", "1-2-3"} {
		if low, high, err := ParseRange(text, "亿元"); err == nil {
			t.Errorf("ParseRange(%q) = %v, %v, want an error", text, low, high)
		}
	}
}
