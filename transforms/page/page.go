// Package page reads what a newspaper or an office put on the web (an HTML page,
// a text file, a PDF) into its title, its plain text and its tables, for package
// bulletin to read. It judges nothing of what the text says.
//
// What a page is, is told by its bytes; what the server and the name say counts
// where the bytes leave a doubt.
package page

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// MaxBytes is the most that a page may hold, unpacked.
const MaxBytes = 32 << 20

// Page is what was read.
type Page struct {
	Title string // "" when none is found
	// Text is plain text, one paragraph a line, the title as the first. Text
	// files keep their lines. Rows of a table are a line each, their cells
	// between tabs.
	Text      string
	Published record.Date // 0 when the page does not say
	Publisher string      // who wrote it, as the page names it; "" when it does not
	Tables    []Table     // in the order of the page; those outside the main text last
	Charset   string      // of the bytes: utf-8, gb18030, big5 …; "" for PDF
	MediaType string      // text/html, text/plain or application/pdf
}

// Table is a table of rows and columns. Tables that only place things on the
// page are none.
type Table struct {
	// Rows have a cell for each column: one that reaches over several columns or
	// rows stands in each.
	Rows [][]string
	// From and To say where it stood: Page.Text[From:To]. A table outside the
	// main text has -1.
	From, To int
}

// Error says that a page cannot be read, and what to do about it.
type Error struct {
	Address string
	What    string // what is wrong
	Mend    string // what to do
	Err     error  // the cause; may be nil
}

func (e *Error) Error() string {
	text := fmt.Sprintf("read page %s: %s", e.Address, e.What)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + "; " + e.Mend
}

func (e *Error) Unwrap() error { return e.Err }

const mendText = "open it in a browser, copy the text into a .txt file in UTF-8 and name that"

// Read reads a page. contentType is what the server said, and may be "" or a
// lie; address names the page for errors, and its ending and the date in it are
// used where the page itself is silent. The error is an *Error.
func Read(raw []byte, contentType, address string) (*Page, error) {
	raw, err := unpack(raw, address)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimLeft(raw, " \t\r\n\f\x00\ufeff")) == 0 {
		return nil, &Error{Address: address, What: "it is empty", Mend: "fetch it again, or open it in a browser to see whether the page is still there"}
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil { // a parameter that is no parameter does not spoil the type
		media, _, _ = strings.Cut(strings.ToLower(contentType), ";")
		media = strings.TrimSpace(media)
	}
	if isPDF(raw) {
		return readPDF(raw, address)
	}
	if kind := kindOf(raw); kind != "" {
		return nil, &Error{Address: address, What: "it is " + kind + " and no page", Mend: "save what it says as .txt or .pdf and name that"}
	}
	text, charset, ok := decode(raw, params["charset"])
	if !ok {
		return nil, &Error{Address: address, What: "its bytes are no text", Mend: "check that it is the right file; " + mendText}
	}
	var p *Page
	if isMarkup(text, media, address) {
		p, err = readHTML(text, address)
	} else {
		p, err = readText(text, address)
	}
	if err != nil {
		return nil, err
	}
	p.Charset = charset
	if p.Published == 0 {
		p.Published = dayOfAddress(address)
	}
	return p, nil
}

// unpack gives what a gzip file holds, and anything else as it is.
func unpack(raw []byte, address string) ([]byte, error) {
	large := &Error{
		Address: address, What: fmt.Sprintf("it holds more than %d MiB", MaxBytes>>20),
		Mend: "no news page is so large: check the address, or cut out the part that is one and name that",
	}
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		if len(raw) > MaxBytes {
			return nil, large
		}
		return raw, nil
	}
	damaged := func(err error) error {
		return &Error{Address: address, What: "its compression is damaged", Err: err, Mend: "fetch or copy it again"}
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, damaged(err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, MaxBytes+1))
	switch {
	case len(plain) > MaxBytes:
		return nil, large
	case err != nil:
		return nil, damaged(err)
	}
	return plain, nil
}

// kindOf names what a file that is no page seems to be; "" when it may be one.
func kindOf(raw []byte) string {
	for _, kind := range []struct{ magic, name string }{
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file"}, {"PK\x03\x04", "a Word or Excel file or a zip archive"},
		{"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"}, {"GIF8", "a picture"}, {"{\\rtf", "a rich text file"},
		{"Rar!", "a RAR archive"}, {"7z\xbc\xaf", "a 7z archive"}, {"\x7fELF", "a program"}, {"MZ\x90\x00", "a program"}, {"PAR1", "a Parquet file"},
		{"SQLite format 3", "a database"}, {"\x1f\x8b", "packed twice"}, {"(\xb5/\xfd", "packed with zstd"}, {"BZh", "a bzip2 archive"},
	} {
		if bytes.HasPrefix(raw, []byte(kind.magic)) {
			return kind.name
		}
	}
	head := raw[:min(len(raw), 2048)]
	if beginsMIME.Match(head) {
		return "a web archive (.mht)"
	}
	return ""
}

var (
	beginsMIME   = regexp.MustCompile(`(?i)^\s*(mime-version:|from:.*\r?\n(.*\r?\n){0,8}mime-version:)`)
	beginsMarkup = regexp.MustCompile(`(?i)^\s*(<\?xml[^>]*\?>\s*|<!--[^>]*-->\s*)*<(!doctype\s+html|html|head|meta|title|body|div|p|table|h[1-6]|span|font|center|script|style|link|section|article|a|br|img|ul|ol)[\s/>]`)
	anyTag       = regexp.MustCompile(`(?i)</?(p|div|br|table|td|span|body|html|h[1-6])(\s[^<>]*)?/?>`)
)

// isMarkup says whether a text is HTML. Servers send pages as text/plain and
// text as text/html.
func isMarkup(text, media, address string) bool {
	head := text[:min(len(text), 1<<16)]
	if beginsMarkup.MatchString(head) {
		return true
	}
	switch media {
	case "text/html", "application/xhtml+xml":
		return true
	}
	switch ending(address) {
	case ".html", ".htm", ".shtml", ".xhtml":
		return true
	case ".txt":
		return false
	}
	return len(anyTag.FindAllStringIndex(head, 4)) == 4
}

// ending is the ending of an address in small letters, without that of gzip.
func ending(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Path
	}
	return path.Ext(strings.TrimSuffix(strings.ToLower(address), ".gz"))
}
