package bulletin

import (
	"testing"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func FuzzRead(f *testing.F) {
	for _, tt := range readTests {
		f.Add(tt.text, tt.campaign == "henan", int32(18900))
	}
	f.Add("签约347", false, int32(0))
	f.Add("\xff\xfe签约\x80347个", false, int32(-5))
	f.Add("第第第八期期三个一批签约、、开工：：1.亿.2亿元", true, int32(19000))
	f.Fuzz(func(t *testing.T, text string, henan bool, published int32) {
		id := "shanxi"
		if henan {
			id = "henan"
		}
		got := testReader(t, id).Read(Text{Body: text, Published: record.Date(published)})
		inside := func(what string, s Span) {
			if s.From < 0 || s.To > len(text) || s.From > s.To {
				t.Fatalf("the span %v of %s lies outside the text of %d bytes", s, what, len(text))
			}
			if utf8.ValidString(text) && (s.From < len(text) && !utf8.RuneStart(text[s.From]) || s.To < len(text) && !utf8.RuneStart(text[s.To])) {
				t.Fatalf("the span %v of %s cuts a character", s, what)
			}
		}
		for _, c := range got.Claims {
			inside("a quote", c.Quote)
			values := 0
			for i, p := range c.Parts {
				inside("a part", p.Span)
				if i > 0 && p.From < c.Parts[i-1].From {
					t.Fatal("the parts are out of order")
				}
				if p.Role == ValuePart {
					values++
					if p.From < c.Quote.From || p.To > c.Quote.To {
						t.Fatal("a figure lies outside its quote")
					}
				}
			}
			if values != 1 {
				t.Fatalf("a claim has %d figures: %+v", values, c)
			}
			if c.Value < 0 || c.Stage == "" || c.Metric == "" || c.Period == "" {
				t.Fatalf("a claim lacks a part: %+v", c)
			}
			if c.Review == "" && (c.AreaID == "" || c.Period == record.OfRound && c.Round == "") {
				t.Fatalf("a certain claim lacks its area or round: %+v", c)
			}
		}
		for _, p := range got.Passed {
			inside("a passed figure", p.Figure)
		}
		for _, p := range got.Projects {
			inside("a project", p.Quote)
		}
	})
}
