package format

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// page is an HTML page with tables, or a workbook as Excel 2002 and 2003 wrote
// it in XML: export buttons call both .xls. Opening it finds its tables; their
// rows are read from where they begin.
type page struct {
	name    string
	r       io.ReaderAt
	size    int64
	dialect dialect
	charset charset
	tables  []Table
}

func (p *page) Tables() []Table { return p.tables }
func (p *page) Close() error    { return nil }

// dialect is how tables are written.
type dialect struct {
	table, row, cell string // names of elements, in small letters
	xml              bool
}

var (
	inHTML = dialect{table: "table", row: "tr", cell: "td"}
	inXML  = dialect{table: "worksheet", row: "row", cell: "cell", xml: true}
)

var (
	beginsPage  = regexp.MustCompile(`(?i)<(html|table)[\s>]|<!doctype html`)
	beginsBook  = regexp.MustCompile(`(?i)<\?mso-application\s+progid="Excel\.Sheet"|<(ss:)?workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet`)
	beginsMIME  = regexp.MustCompile(`(?i)^(mime-version:|from:.*\r?\n(.*\r?\n){0,8}mime-version:)`)
	namesItself = regexp.MustCompile(`(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]+)`)
	sheetName   = regexp.MustCompile(`<x:Name>([^<]{1,200})</x:Name>`)
)

// looksLikeHTML says whether a file is markup: a page with a table, a workbook
// in XML, or an archive of web pages.
func looksLikeHTML(head []byte) bool {
	head = plainHead(head)
	return beginsMIME.Match(head) || len(head) > 0 && head[0] == '<' && (beginsPage.Match(head) || beginsBook.Match(head))
}

// plainHead is the head without byte order mark and leading space, with UTF-16
// made readable.
func plainHead(head []byte) []byte {
	if c := wideCharset(head); c != nil {
		head, _ = c.NewDecoder().Bytes(head[:len(head)&^1])
	}
	return bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n\f")
}

var utf8BOM = []byte("\xef\xbb\xbf")

// wideCharset is UTF-16 by its byte order mark, or by the zero beside the first
// byte of markup.
func wideCharset(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte("<\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}), bytes.HasPrefix(head, []byte("\x00<")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	return nil
}

// charset is how the text of a page is written. Markup is found in the bytes as
// they stand, which every encoding allows in which no byte of a Chinese
// character can be < or >; UTF-16 is decoded first.
type charset struct {
	name string
	text encoding.Encoding // nil for UTF-8
	wide encoding.Encoding // UTF-16
}

// charsetOf goes by the byte order mark, then by what the page says of itself,
// unless its bytes say otherwise; then by its bytes.
func charsetOf(head []byte) charset {
	if wide := wideCharset(head); wide != nil {
		name := "utf-16le"
		if head[0] == 0xfe || head[0] == 0 {
			name = "utf-16be"
		}
		return charset{name: name, wide: wide}
	}
	gb := charset{name: "gb18030", text: simplifiedchinese.GB18030}
	plain := head
	for cut := 0; cut < utf8.UTFMax && len(head) == 1<<16 && !utf8.Valid(plain); cut++ {
		plain = plain[:len(plain)-1] // a character may be cut in two
	}
	isASCII := bytes.IndexFunc(head, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	isUTF8 := utf8.Valid(plain)
	if isUTF8 && !isASCII || bytes.HasPrefix(head, utf8BOM) {
		return charset{name: "utf-8"}
	}
	if said := namesItself.FindSubmatch(head); said != nil {
		if e, err := htmlindex.Get(string(said[1])); err == nil {
			name, _ := htmlindex.Name(e)
			switch {
			case name == "gbk" || name == "gb18030":
				return gb
			case name == "utf-8" && isUTF8:
				return charset{name: name}
			case name == "big5" || name == "windows-1252" && isASCII:
				return charset{name: name, text: e}
			}
		}
	}
	if isUTF8 { // nothing but ASCII so far: what follows is read as either
		return charset{name: "utf-8"}
	}
	return gb
}

// decode reads text of the page; no when it holds bytes that are no text.
func (c charset) decode(b []byte) ([]byte, bool) {
	if c.text != nil {
		text, err := c.text.NewDecoder().Bytes(b)
		return text, err == nil && !bytes.ContainsRune(text, utf8.RuneError)
	}
	return b, utf8.Valid(b)
}

// maxToken bounds a tag or a text of a page.
const maxToken = 16 << 20

// tokens reads the page's markup from a place that an earlier reading noted.
func (p *page) tokens(from int64) (*html.Tokenizer, error) {
	var r io.Reader = io.NewSectionReader(p.r, from, p.size-from)
	if p.charset.wide != nil {
		r = transform.NewReader(io.NewSectionReader(p.r, 0, p.size), p.charset.wide.NewDecoder())
		if _, err := io.CopyN(io.Discard, r, from); err != nil {
			return nil, err
		}
	}
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxToken)
	z.AllowCDATA(p.dialect.xml)
	return z, nil
}

// next reads a token. In XML, <Style/> is no style sheet.
func (d dialect) next(z *html.Tokenizer) html.TokenType {
	t := z.Next()
	if d.xml && t != html.TextToken {
		z.NextIsNotRawText()
	}
	return t
}

// tokenError tells a read error from the end of the page.
func tokenError(z *html.Tokenizer) error {
	if err := z.Err(); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func openHTML(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	head := make([]byte, min(size, 1<<16))
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, &UnreadableError{File: name, What: "it cannot be read", Mend: "fetch it again", Err: err}
	} else {
		head = head[:n]
	}
	plain := plainHead(head)
	if beginsMIME.Match(plain) {
		return nil, &UnreadableError{File: name, What: "it is a web archive (.mht)", Mend: mendSave}
	}
	p := &page{name: name, r: r, size: size, dialect: inHTML, charset: charsetOf(head)}
	if beginsBook.Match(plain) {
		p.dialect = inXML
	}
	if err := p.find(); err != nil {
		return nil, &UnreadableError{File: name, What: "its markup cannot be read", Mend: mendSave, Err: err}
	}
	if len(p.tables) == 0 {
		return nil, &UnreadableError{File: name, What: "it is a page without a table of rows and columns", Mend: "check that it is the right file; an export that failed often leaves a page that says why"}
	}
	if named := sheetName.FindSubmatch(plain); named != nil && len(p.tables) == 1 {
		if t := p.tables[0].(*pageTable); t.sheet.Name == "" {
			text, _ := p.charset.decode(named[1])
			t.sheet.Name = html.UnescapeString(string(text))
		}
	}
	return p, nil
}
