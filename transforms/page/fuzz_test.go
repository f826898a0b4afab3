package page_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/page"
)

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", article(`<meta charset="gbk">`), "签约项目353个", "\xc7\xa9\xd4\xbc\xcf\xee\xc4\xbf353\xb8\xf6", "\xff\xfe<\x00p\x00>\x00",
		"<table><tr><td rowspan=2>a<td colspan=3>b<tr><td>1</table>", "<table><caption>甲<br>乙</caption><tr><td><table><tr><td>a<td>b<tr><td>1<td>2</table></table>",
		"<title>甲_乙-丙</title><h1>甲", "\x1f\x8b\x08\x00", "<p data-sanpi-table=0>", "来源：2022-02-30", "2022年02月28日 07:46:21 来源: 山西日报",
	} {
		f.Add([]byte(seed), "text/html; charset=gb2312", "http://a.example/202202/t20220228_1.html")
	}
	f.Fuzz(func(t *testing.T, raw []byte, contentType, address string) {
		if len(raw) > 1<<16 || strings.Contains(string(raw[:min(len(raw), 1024)]), "%PDF-") {
			t.Skip()
		}
		p, err := page.Read(raw, contentType, address)
		if err != nil {
			var e *page.Error
			if !errors.As(err, &e) || e.Mend == "" || p != nil {
				t.Fatalf("%v, %v", err, p)
			}
			return
		}
		if p.Text == "" || !utf8.ValidString(p.Text) || p.MediaType == "text/html" && p.Title != "" && !strings.HasPrefix(p.Text, p.Title) {
			t.Fatalf("title %q, text %q", p.Title, p.Text)
		}
		for _, table := range p.Tables {
			if len(table.Rows) < 2 || table.From == -1 && table.To == -1 {
				continue
			}
			if table.From < 0 || table.To > len(p.Text) || table.From > table.To || strings.Count(p.Text[table.From:table.To], "\n")+1 != len(table.Rows) {
				t.Fatalf("table at %d to %d of %q: %q", table.From, table.To, p.Text, table.Rows)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw := []byte(article(`<meta charset="utf-8">`))
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := page.Read(raw, "text/html", "a.html"); err != nil {
			b.Fatal(err)
		}
	}
}
