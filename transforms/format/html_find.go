package format

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const maxDepth = 256 // of tables in tables; what lies deeper is text

// begun is a table in whose middle the search stands.
type begun struct {
	at            int64
	name          string
	rows, columns int
	column        int
	holdsTable    bool
	hidden        bool
}

// find notes where the tables begin. A table of a single row or column is
// layout, and so is one in whose cells a table stands.
func (p *page) find() error {
	z, err := p.tokens(0)
	if err != nil {
		return err
	}
	d := p.dialect
	var open []begun
	var tables []begun
	// closed judges the innermost table. Tables are noted by where they begin.
	closed := func() {
		t := open[len(open)-1]
		open = open[:len(open)-1]
		isTable := t.rows > 1 && max(t.columns, t.column) > 1 && !t.holdsTable || d.xml
		if isTable {
			tables = append(tables, t)
		}
		if len(open) > 0 && (isTable || t.holdsTable) {
			open[len(open)-1].holdsTable = true
		}
	}
	at, depth, caption, visible := int64(0), 0, false, false
	for {
		kind := d.next(z)
		start := at
		at += int64(len(z.Raw()))
		if kind == html.ErrorToken {
			if err := tokenError(z); err != nil {
				return err
			}
			break
		}
		if kind == html.TextToken && caption && len(open) > 0 {
			text, _ := p.charset.decode(z.Raw())
			t := &open[len(open)-1]
			t.name = strings.Join(strings.Fields(t.name+html.UnescapeString(string(text))), " ")
		}
		if kind == html.TextToken && d.xml && len(open) > 0 && visible {
			open[len(open)-1].hidden = strings.HasPrefix(string(z.Raw()), "Sheet") // SheetHidden, SheetVeryHidden
		}
		if kind != html.StartTagToken && kind != html.EndTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag, more := z.TagName()
		name := strings.TrimPrefix(string(tag), "ss:")
		visible = kind == html.StartTagToken && name == "visible"
		if kind == html.EndTagToken {
			switch name {
			case d.table:
				if depth > maxDepth {
					depth--
				} else if len(open) > 0 {
					depth--
					closed()
				}
			case "caption":
				caption = false
			}
			continue
		}
		switch name {
		case d.table:
			if depth++; depth > maxDepth {
				break
			}
			t := begun{at: start}
			if d.xml {
				if named, ok := attrs(z, more)["name"]; ok {
					t.name = p.decodeAttr(named)
				}
			}
			open = append(open, t)
			if kind == html.SelfClosingTagToken && d.xml {
				depth--
				closed()
			}
		case "caption":
			caption = !d.xml && kind == html.StartTagToken
		case d.row:
			if len(open) > 0 {
				t := &open[len(open)-1]
				t.rows++
				t.columns, t.column = max(t.columns, t.column), 0
			}
		case d.cell, "th":
			if len(open) > 0 {
				t := &open[len(open)-1]
				t.column++
				if more && span(attrs(z, more)["colspan"]) > 1 {
					t.column++
				}
			}
		}
	}
	for len(open) > 0 {
		closed()
	}
	// The innermost are closed first; a reader expects the order of the page.
	slices.SortFunc(tables, func(a, b begun) int { return cmp.Compare(a.at, b.at) })
	for i, k := range tables {
		p.tables = append(p.tables, &pageTable{
			page:  p,
			at:    k.at,
			sheet: Sheet{Name: k.name, Hidden: k.hidden, Position: i + 1, Encoding: p.charset.name},
		})
	}
	return nil
}

// attrs are a tag's attributes, by name in small letters and without prefix;
// those of Excel in HTML keep their x:.
func attrs(z *html.Tokenizer, more bool) map[string][]byte {
	if !more {
		return nil
	}
	m := map[string][]byte{}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		name := strings.TrimPrefix(string(k), "ss:")
		if _, ok := m[name]; !ok {
			m[name] = v
		}
	}
	return m
}

func (p *page) decodeAttr(v []byte) string {
	text, _ := p.charset.decode(v)
	return string(text)
}
