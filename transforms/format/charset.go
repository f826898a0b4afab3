package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const headSize = 1 << 16

// decode finds the encoding of a text from its first bytes and returns the text
// in UTF-8, without a byte order mark. UTF-8 goes through as it is.
func decode(name string, in io.Reader, wanted string) (io.Reader, string, error) {
	head := bufio.NewReaderSize(in, headSize)
	first, err := head.Peek(headSize)
	if len(first) == 0 && err != nil && err != io.EOF {
		return nil, "", fmt.Errorf("read %s: %w", name, err)
	}
	found := wanted
	if found == "" {
		if found = encodingOf(first, err == io.EOF); found == "" {
			return nil, "", &UnreadableError{File: name, What: "it is " + kindOf(first) + " and no text", Mend: "save the table as .xlsx or as CSV in UTF-8"}
		}
	}
	var e encoding.Encoding
	switch strings.ToLower(found) {
	case "utf-8", "utf8":
		if bytes.HasPrefix(first, []byte("\ufeff")) {
			if _, err := head.Discard(3); err != nil {
				return nil, "", fmt.Errorf("read %s: %w", name, err)
			}
		}
		return head, "utf-8", nil
	case "gb18030", "gbk", "gb2312":
		e, found = simplifiedchinese.GB18030, "gb18030"
	case "utf-16le":
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		return nil, "", &UnreadableError{File: name, What: fmt.Sprintf("the encoding %q is not known", found), Mend: "use one of utf-8, gb18030, utf-16le, utf-16be"}
	}
	return transform.NewReader(head, e.NewDecoder()), found, nil
}

// encodingOf tells the encoding of a text by its first bytes; "" when they are no
// text. A text that is ASCII so far is taken for UTF-8: a line that turns out to
// be GB18030 is decoded by itself.
func encodingOf(head []byte, whole bool) string {
	switch {
	case bytes.HasPrefix(head, []byte("\ufeff")):
		return "utf-8"
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "utf-16be"
	}
	even, odd, control := 0, 0, 0
	for i, c := range head {
		switch {
		case c == 0 && i%2 == 0:
			even++
		case c == 0:
			odd++
		case c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1a && c != 0x1b:
			control++
		}
	}
	half := len(head) / 2
	switch {
	// Every second byte of a comma, digit or line end is 0.
	case odd > half/10+1 && even <= odd/20:
		return "utf-16le"
	case even > half/10+1 && odd <= even/20:
		return "utf-16be"
	case control > len(head)/50 || even+odd > len(head)/10:
		return ""
	}
	if !whole {
		// The last character may be cut.
		for n := 0; n < utf8.UTFMax && len(head) > 0 && !utf8.Valid(head); n++ {
			head = head[:len(head)-1]
		}
	}
	if utf8.Valid(head) {
		return "utf-8"
	}
	return byLines(head)
}

// byLines counts the lines that only one of the encodings can be. A file in UTF-8
// with a few lines in GB18030 is a file in UTF-8.
func byLines(head []byte) string {
	utf, gb, neither := 0, 0, 0
	for line := range bytes.SplitSeq(head, []byte{'\n'}) {
		switch {
		case isASCII(line):
		case utf8.Valid(line):
			utf++
		case isGB18030(line):
			gb++
		default:
			neither++
		}
	}
	switch {
	case utf+gb == 0 || neither > 4*(utf+gb):
		if utf+gb == 0 && neither <= 2 {
			return "utf-8"
		}
		return ""
	case gb > utf:
		return "gb18030"
	}
	return "utf-8"
}

func isASCII(line []byte) bool {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isGB18030(line []byte) bool {
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
	return err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// kindOf names what a file that is no text seems to be.
func kindOf(head []byte) string {
	for _, kind := range []struct{ magic, name string }{
		{"%PDF", "a PDF"}, {"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"}, {"GIF8", "a picture"}, {"BM", "a picture"},
		{"Rar!", "a RAR archive"}, {"7z\xbc\xaf", "a 7z archive"}, {"MZ", "a program"}, {"\x7fELF", "a program"}, {"PAR1", "a Parquet file"},
		{"SQLite format 3", "a database"}, {"BZh", "a bzip2 archive"}, {"\xfd7zXZ", "an xz archive"}, {"PK\x03\x04", "a zip archive or workbook"},
	} {
		if bytes.HasPrefix(head, []byte(kind.magic)) {
			return kind.name
		}
	}
	return "binary"
}
