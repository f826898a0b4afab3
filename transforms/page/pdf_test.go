package page_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/sanpi-data/sanpi/transforms/page"
)

// pdf writes the lines as a page of a PDF, in a font that is not embedded and
// whose strings are in the encoding, as office programs leave it.
func pdf(encoding string, lines []string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	stream := func(text string) { object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text)) }
	b.WriteString("%PDF-1.5\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	name, toUnicode, glyphs := encoding, "", map[rune]int{}
	var letters []rune
	code := func(text string) string {
		var hex strings.Builder
		switch encoding {
		case "GBK-EUC-H":
			gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
			if err != nil {
				panic(err)
			}
			fmt.Fprintf(&hex, "%X", gbk)
		case "UniGB-UCS2-H", "UniGB-UTF16-H":
			for _, unit := range utf16.Encode([]rune(text)) {
				fmt.Fprintf(&hex, "%04X", unit)
			}
		default: // glyphs of a font cut down to what the text needs
			name = "Identity-H"
			for _, r := range text {
				if glyphs[r] == 0 {
					letters = append(letters, r)
					glyphs[r] = 700 + 13*len(letters)
				}
				fmt.Fprintf(&hex, "%04X", glyphs[r])
			}
		}
		return hex.String()
	}
	content := "BT /F1 12 Tf 50 800 Td\n"
	for _, line := range lines {
		content += "<" + code(line) + "> Tj 0 -18 Td\n"
	}
	stream(content + "ET")
	if encoding == "ToUnicode" {
		toUnicode = " /ToUnicode 7 0 R"
	}
	object("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /" + name + " /DescendantFonts [6 0 R]" + toUnicode + " >>")
	ordering := "GB1"
	if name == "Identity-H" {
		ordering = "Identity"
	}
	object("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (" + ordering + ") /Supplement 2 >> /DW 1000 >>")
	var table strings.Builder
	table.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	for _, r := range letters {
		fmt.Fprintf(&table, "1 beginbfchar <%04X> <%04X> endbfchar\n", glyphs[r], r)
	}
	table.WriteString("endcmap end end")
	stream(table.String())
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF", len(at)+1, xref)
	return b.Bytes()
}

var printed = []string{
	"山西省商务厅简报", "发布时间：2022年6月20日　来源：山西省商务厅",
	"6月18日，全省开发区2022年第二次“三个一批”活动在朔州市举行，共签约项目4", "21个，总投资2876.4亿元；开工项目388个，总投资1902.7亿元。", "- 1 -",
	"各市把“三个一批”作为主要抓手。",
}

func TestPDF(t *testing.T) {
	want := "山西省商务厅简报\n发布时间：2022年6月20日 来源：山西省商务厅\n" +
		"6月18日，全省开发区2022年第二次“三个一批”活动在朔州市举行，共签约项目421个，总投资2876.4亿元；开工项目388个，总投资1902.7亿元。\n各市把“三个一批”作为主要抓手。"
	for _, encoding := range []string{"GBK-EUC-H", "UniGB-UCS2-H", "UniGB-UTF16-H", "ToUnicode"} {
		p, err := page.Read(pdf(encoding, printed), "application/pdf", "简报.pdf")
		if err != nil {
			t.Errorf("%s: %v", encoding, err)
			continue
		}
		if p.Text != want || p.Title != "山西省商务厅简报" || p.Published.String() != "2022-06-20" || p.Publisher != "山西省商务厅" || p.MediaType != "application/pdf" {
			t.Errorf("%s: %+v", encoding, p)
		}
	}
}

func TestPDFBad(t *testing.T) {
	whole := pdf("GBK-EUC-H", printed)
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no table of letters": {pdf("Identity-H", printed), "do not say which letters"},
		"pictures only":       {pdf("GBK-EUC-H", nil), "pictures of pages"},
		"cut":                 {whole[:200], "cannot be read"},
		"circle":              {bytes.Replace(whole, []byte("/Kids [3 0 R]"), []byte("/Kids [2 0 R]"), 1), ""},
		"many pages":          {bytes.Replace(whole, []byte("/Kids [3 0 R] /Count 1 "), []byte("/Kids [3 0 R] /Count 99"), 1), ""},
		"wrong length":        {bytes.Replace(whole, []byte("/Length "), []byte("/Length 9"), -1), ""},
	} {
		p, err := page.Read(c.raw, "", name)
		if c.want == "" { // a reader may make something of it
			if err == nil && p.Text == "" {
				t.Errorf("%s: no text and no error", name)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "; ") {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
	// After bad ones a good one is read.
	if _, err := page.Read(whole, "", "a.pdf"); err != nil {
		t.Error(err)
	}
	x := uint32(7)
	for range 12 {
		raw := bytes.Clone(whole)
		for range 12 {
			x = x*1664525 + 1013904223
			raw[8+int(x>>8)%(len(raw)-8)] ^= byte(x >> 3)
		}
		if p, err := page.Read(raw, "", "a.pdf"); (err == nil) == (p == nil) {
			t.Errorf("%v, %v", p, err)
		}
	}
}
