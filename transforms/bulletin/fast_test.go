package bulletin

import (
	"testing"

	"github.com/sanpi-data/sanpi/transforms/amount"
)

// FuzzParseAmount checks that the fast reading of amounts is the plain one.
func FuzzParseAmount(f *testing.F) {
	for _, text := range []string{
		"347个", "347", "58.82%", "5805亿元", "1.8万亿元", "353.1亿", "1288.60亿元", "0.5个", "12.345678亿元", "99999999亿元", "3,218.6亿元",
		"约30亿元", "30 亿元", "30余亿元", "1.2万个", ".5亿元", "5.亿元", "5..1亿元", "007个", "10亿元以上", "三十个", "5 billion yuan", "", "亿元", "12.5 %", "9项",
		"0.12345%", "123456789", "1234567890个", "1. 5亿元",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, wantErr := amount.Parse(text)
		got, err := parseAmount(text)
		if got != want || (err == nil) != (wantErr == nil) {
			t.Errorf("parseAmount(%q) = %+v, %v; amount.Parse gives %+v, %v", text, got, err, want, wantErr)
		}
	})
}
