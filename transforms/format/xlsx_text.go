package format

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// rewritten marks the bytes for which a text cannot be taken as it stands: an
// entity, a line end that XML reads as \n, and the beginning of _x000D_.
var rewritten = [256]bool{'&': true, '\r': true, '_': true}

func wantsRewriting(text []byte) bool {
	for _, c := range text {
		if rewritten[c] {
			return true
		}
	}
	return false
}

// appendText appends a piece of character data as it is meant. What looks like
// an entity and is none stays as it stands.
func appendText(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '&':
			r, n := entity(text[i:])
			if n == 0 {
				dst = append(dst, c)
				i++
				continue
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		case '\r':
			dst = append(dst, '\n')
			if i++; i < len(text) && text[i] == '\n' {
				i++
			}
		case '_':
			r, n := escape(text[i:])
			if n == 0 {
				dst = append(dst, c)
				i++
				continue
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}

// entity reads &lt; &#20013; or &#x4e2d; and its length, 0 when it is none.
func entity(p []byte) (rune, int) {
	end := bytes.IndexByte(p[:min(len(p), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(p[1:end])
	switch name {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	if name[0] != '#' || len(name) < 2 {
		return 0, 0
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil || n == 0 || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	return rune(n), end + 1
}

// escape reads _x000D_, the form in which a workbook writes characters that XML
// cannot, and its length, 0 when it is none. A pair of surrogates is one
// character.
func escape(p []byte) (rune, int) {
	unit := func(p []byte) (rune, bool) {
		if len(p) < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(p[2:6]), 16, 16)
		return rune(n), err == nil && n != 0
	}
	r, ok := unit(p)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 7
	}
	if low, ok := unit(p[7:]); ok {
		if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
			return r, 14
		}
	}
	return 0, 0
}

// richText appends the text of the string element whose start tag ends at i:
// the runs of <t>, joined, without the readings of <rPh>. It returns the index
// behind the end tag called name.
func richText(dst, p []byte, i int, prefix []byte, name string) ([]byte, int, bool) {
	reading := false
	for {
		k := bytes.IndexByte(p[i:], '<')
		if k < 0 || i+k+1 >= len(p) {
			return dst, len(p), false
		}
		i += k + 1
		if p[i] == '!' || p[i] == '?' {
			i = skipMarkup(p, i)
			continue
		}
		end, closed, ok := tagEnd(p, i)
		if !ok {
			return dst, len(p), false
		}
		switch tag := tagName(p[i:end], prefix); {
		case string(tag) == "rPh":
			reading = !closed
		case string(tag) == "/rPh":
			reading = false
		case string(tag) == "t" && !closed && !reading:
			dst, i = charData(dst, p, end)
			continue
		case len(tag) > 1 && tag[0] == '/' && string(tag[1:]) == name:
			return dst, end, true
		}
		i = end
	}
}

// charData appends the character data at i, up to the next tag.
func charData(dst, p []byte, i int) ([]byte, int) {
	for {
		k := bytes.IndexByte(p[i:], '<')
		if k < 0 {
			return appendText(dst, p[i:]), len(p)
		}
		dst = appendText(dst, p[i:i+k])
		i += k
		if i+1 >= len(p) || p[i+1] != '!' && p[i+1] != '?' {
			return dst, i
		}
		if end := skipMarkup(p, i+1); bytes.HasPrefix(p[i:], cdata) {
			dst = append(dst, bytes.TrimSuffix(p[i+len(cdata):end], []byte("]]>"))...)
			i = end
		} else {
			i = end
		}
	}
}

var cdata = []byte("<![CDATA[")

// skipMarkup returns the index behind the comment, CDATA or instruction whose !
// or ? stands at i.
func skipMarkup(p []byte, i int) int {
	end := ">"
	switch {
	case bytes.HasPrefix(p[i:], []byte("!--")):
		end = "-->"
	case bytes.HasPrefix(p[i-1:], cdata):
		end = "]]>"
	}
	from := min(i+len(end)-1, len(p))
	if end == "]]>" {
		from = min(i-1+len(cdata), len(p))
	}
	k := bytes.Index(p[from:], []byte(end))
	if k < 0 {
		return len(p)
	}
	return from + k + len(end)
}

// tagName is the name in a tag without its prefix, with the / of an end tag.
func tagName(tag, prefix []byte) []byte {
	end := 0
	for end < len(tag) && (!isDelimiter(tag[end]) || end == 0 && tag[end] == '/') {
		end++
	}
	name := tag[:end]
	if len(prefix) == 0 {
		return name
	}
	if len(name) > 0 && name[0] == '/' {
		if rest, ok := bytes.CutPrefix(name[1:], prefix); ok {
			return append([]byte("/"), rest...)
		}
		return name
	}
	return bytes.TrimPrefix(name, prefix)
}
