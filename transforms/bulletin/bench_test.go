package bulletin

import (
	"regexp"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// page is a page of the press as it comes: a few sentences with figures among
// many without.
func page() string {
	var b strings.Builder
	for _, tt := range readTests[:8] {
		b.WriteString(tt.text)
		b.WriteString("\n")
		for range 6 {
			b.WriteString("会议强调，要把抓项目、促转型摆在更加突出的位置，以更大力度优化营商环境，推动高质量发展取得新的更大成效。与会同志先后来到企业车间和建设工地，详细了解生产经营和工程进度情况，要求有关部门靠前服务、精准对接。\n")
		}
	}
	return b.String()
}

func BenchmarkRead(b *testing.B) {
	r := testReader(b, "shanxi")
	text := Text{Body: page(), Published: record.NewDate(2022, 2, 28)}
	b.SetBytes(int64(len(text.Body)))
	b.ReportAllocs()
	claims := 0
	for b.Loop() {
		claims = len(r.Read(text).Claims)
	}
	b.ReportMetric(float64(claims), "claims")
}

// plain is what one writes without a grammar: a stage, its count and perhaps its
// amount, wherever they stand.
var plain = regexp.MustCompile(`(签约|开工|投产)(?:一批)?(?:项目)?(\d+)个(?:，总投资([\d.]+)亿元)?`)

func BenchmarkRegexp(b *testing.B) {
	text := page()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	claims := 0
	for b.Loop() {
		claims = 0
		for _, m := range plain.FindAllStringSubmatch(text, -1) {
			claims++
			if m[3] != "" {
				claims++
			}
		}
	}
	b.ReportMetric(float64(claims), "claims")
}
