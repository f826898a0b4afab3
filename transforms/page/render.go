package page

import (
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// unit is a paragraph or a table of a page.
type unit struct {
	text  string // without a line's end, but between the rows of a table
	table int    // its number; -1 for a paragraph
	links int    // letters of it that are in links
	aside bool   // in a menu or a foot
	place uint64 // of which elements and classes it stands in
}

// renderer writes a tree as units.
type renderer struct {
	tables []*tableNode
	units  []unit

	para    []byte // the paragraph at hand
	links   int
	space   bool // white space stands before what comes …
	newline bool // … with the end of a line of the source in it
	pre     int
	inLink  int
	aside   int
	place   uint64
	written map[int]bool
}

func render(n *html.Node, tables []*tableNode) []unit {
	r := &renderer{tables: tables}
	r.node(n)
	r.end()
	return r.units
}

// node writes a node and what is under it. The parser bounds how deep that is.
func (r *renderer) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		r.words(n.Data)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	if id, err := strconv.Atoi(attr(n, tableMark)); err == nil && 0 <= id && id < len(r.tables) {
		r.table(id)
		return
	}
	tag := atom.Lookup([]byte(n.Data)) // DataAtom is not set anew when an element is renamed
	switch tag {
	case atom.Head, atom.Script, atom.Style, atom.Noscript:
		return
	case atom.Pre:
		r.pre++
		defer func() { r.pre-- }()
	case atom.A:
		r.inLink++
		defer func() { r.inLink-- }()
	case atom.Nav, atom.Footer, atom.Aside:
		r.aside++
		defer func() { r.aside-- }()
	}
	block := isBlock(tag)
	if block {
		r.end()
		outside := r.place
		h := fnv.New64a()
		io.WriteString(h, strconv.FormatUint(outside, 36)+" "+n.Data+" "+attr(n, "class"))
		r.place = h.Sum64()
		defer func() { r.place = outside }()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
	if block {
		r.end()
	}
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font,
		atom.I, atom.Img, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strong,
		atom.Strike, atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr, atom.Nobr, 0:
		return false
	}
	return true
}

// words adds text to the paragraph. White space is one space, and none where a
// line of Chinese was broken in the source.
func (r *renderer) words(text string) {
	for _, c := range text {
		switch c {
		case '\n', '\r':
			if r.pre > 0 {
				r.end()
			}
			r.space, r.newline = true, true
			continue
		case ' ', '\t', '\f', '\v', '\u00a0', '\u3000', '\u2002', '\u2003', '\u2009':
			r.space = true
			continue
		case '\u2028', '\u2029':
			r.end()
			continue
		case '\u200b', '\u200c', '\u200d', '\u2060', '\u00ad', '\ufeff', 0:
			continue
		}
		if c < ' ' || c == 0x7f {
			continue
		}
		if r.space && len(r.para) > 0 {
			last, _ := utf8.DecodeLastRune(r.para)
			if !r.newline || !isWide(last) || !isWide(c) {
				r.para = append(r.para, ' ')
			}
		}
		r.space, r.newline = false, false
		r.para = utf8.AppendRune(r.para, c)
		if r.inLink > 0 {
			r.links++
		}
	}
}

// isWide says whether a character is one of Chinese text, which has no spaces.
func isWide(c rune) bool {
	return 0x2e80 <= c && c <= 0x9fff || 0xf900 <= c && c <= 0xfaff || 0xff00 <= c && c <= 0xffef || 0x20000 <= c && c <= 0x3ffff ||
		c == '“' || c == '”' || c == '‘' || c == '’' || c == '…' || c == '—'
}

// end ends the paragraph.
func (r *renderer) end() {
	r.space, r.newline = false, false
	if len(r.para) > 0 {
		r.units = append(r.units, unit{string(r.para), -1, r.links, r.aside > 0, r.place})
	}
	r.para, r.links = r.para[:0], 0
}

// table writes a table, once.
func (r *renderer) table(id int) {
	r.end()
	if r.written[id] {
		return
	}
	if r.written == nil {
		r.written = map[int]bool{}
	}
	r.written[id] = true
	t := r.tables[id]
	for _, line := range t.caption {
		r.units = append(r.units, unit{line, -1, 0, r.aside > 0, r.place})
	}
	r.units = append(r.units, unit{strings.Join(t.lines, "\n"), id, 0, r.aside > 0, r.place})
}

// lines are the paragraphs of a tree without tables; one that is empty when
// there is none.
func (r *renderer) lines() []string {
	r.end()
	if len(r.units) == 0 {
		return []string{""}
	}
	return linesOf(r.units)
}

func linesOf(units []unit) []string {
	lines := make([]string, len(units))
	for i, u := range units {
		lines[i] = u.text
	}
	return lines
}

// letters counts what is not white space.
func letters(text string) int {
	n := 0
	for _, c := range text {
		if c != ' ' && c != '\n' && c != '\t' && c != '\u3000' {
			n++
		}
	}
	return n
}

func lettersOf(units []unit) int {
	n := 0
	for _, u := range units {
		n += letters(u.text)
	}
	return n
}

func without(units []unit, drop func(unit) bool) []unit {
	var kept []unit
	for _, u := range units {
		if !drop(u) {
			kept = append(kept, u)
		}
	}
	return kept
}

func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
}

// withRest adds to the main text what belongs to it by its place: sentences and
// tables between its paragraphs, and sentences before and behind them in elements
// of the same kind. The search for the main text takes one column of it whole
// and may pass over what an advertisement cut off.
func withRest(main, whole []unit) []unit {
	kept := make([]bool, len(whole))
	places := map[uint64]bool{}
	first, last, next := -1, -1, 0
	for i, u := range whole {
		if next < len(main) && main[next].table == u.table && sameWords(main[next].text, u.text) {
			kept[i], last = true, i
			places[u.place] = true
			if next++; first < 0 {
				first = i
			}
		}
	}
	if next < len(main) || len(main) == 0 {
		return main // it is not in the order of the page
	}
	var units []unit
	for i, u := range whole {
		within := first < i && i < last
		if kept[i] || !u.aside && (within && u.table >= 0 || isSentence(u) && (within || places[u.place])) {
			units = append(units, u)
		}
	}
	return units
}

// isSentence tells prose from menus, headlines and lists.
func isSentence(u unit) bool {
	return u.table < 0 && 4*u.links <= letters(u.text) && (strings.Contains(u.text, "。") || strings.HasSuffix(u.text, ".") && letters(u.text) > 60)
}

// compose writes units as a text whose first line is the title. The tables that
// stand in it come first.
func compose(units []unit, tables []*tableNode, title string) (string, []Table) {
	var b strings.Builder
	if title != "" {
		b.WriteString(title)
		b.WriteByte('\n')
	}
	said := title == "" // the title is not said twice
	var found []Table
	seen := map[int]bool{}
	for i, u := range units {
		if !said && i < 30 && u.table < 0 && sameWords(u.text, title) {
			said = true
			continue
		}
		if u.table >= 0 {
			seen[u.table] = true
			found = append(found, Table{Rows: tables[u.table].rows, From: b.Len(), To: b.Len() + len(u.text)})
		}
		b.WriteString(u.text)
		b.WriteByte('\n')
	}
	for id, t := range tables {
		if !seen[id] {
			found = append(found, Table{Rows: t.rows, From: -1, To: -1})
		}
	}
	return strings.TrimSuffix(b.String(), "\n"), found
}
