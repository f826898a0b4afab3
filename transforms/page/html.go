package page

import (
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxElements is up to where the main text is looked for. The search weighs
	// elements against each other; a page with more is read whole.
	maxElements = 100_000
	// enough is how many letters make a main text. With less the search has
	// most likely found the wrong place.
	enough = 60
)

// tableMark is an attribute by which a table is known again after the main text
// was found.
const tableMark = "data-sanpi-table"

// readHTML reads a page. Its main text is what a reader mode would show; where
// that finds none, all that the page shows.
func readHTML(text, address string) (*Page, error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		// The parser refuses elements nested more than 512 deep, lest somebody
		// walk into a bottomless pit. The words are between the tags all the same.
		return flat(text, address)
	}
	p := &Page{MediaType: "text/html"}
	elements := prune(doc)
	r := &renderer{tables: markTables(doc)}
	// What stands on the page, before the search for the main text changes it.
	whole := &renderer{tables: r.tables}
	whole.node(doc)
	shown := whole.lines()
	p.Title = title(doc)
	m := metaOf(doc)
	p.Published, p.Publisher = m.published(), m.publisher()

	if elements <= maxElements {
		if main := mainText(doc, address); main != nil {
			r.node(main)
		}
	}
	if letters(r.text.String()) < min(enough, letters(whole.text.String())/2) {
		r = whole
	}
	r.finish()
	p.Text, p.Tables = r.page(p.Title)
	if p.Text == "" {
		return nil, &Error{Address: address, What: "the page shows no text", Mend: "it may be drawn by a script; " + mendText}
	}
	if p.Title == "" && (len(p.Tables) == 0 || p.Tables[0].From != 0) {
		p.Title = titleOfText(p.Text)
	}
	day, from := sourceLine(shown, p.Title)
	if p.Published == 0 {
		p.Published = day
	}
	if p.Publisher == "" {
		p.Publisher = from
	}
	if p.Publisher == "" {
		p.Publisher = m.site()
	}
	return p, nil
}

// mainText looks for the main text. It changes the document.
func mainText(doc *html.Node, address string) (main *html.Node) {
	// The library is careful, but pages are made by anybody.
	defer func() {
		if recover() != nil {
			main = nil
		}
	}()
	parser := readability.NewParser()
	parser.Logger = slog.New(slog.DiscardHandler)
	parser.DisableJSONLD = true
	parser.CharThresholds = 120 // Chinese says in so many letters what English says in 500
	parser.ClassesToPreserve = nil
	at, err := url.Parse(address)
	if err != nil || at.Host == "" {
		at = nil
	}
	article, err := parser.ParseAndMutate(doc, at)
	if err != nil {
		return nil
	}
	return article.Node
}

// lineBreak stands for <br>: Unicode's line separator.
const lineBreak = "\u2028"

// prune drops what no reader sees, and counts the elements that are left.
func prune(doc *html.Node) int {
	elements := 0
	for n := doc.FirstChild; n != nil; {
		next := following(n, doc, false)
		switch {
		case n.Type == html.CommentNode, n.Type == html.ElementNode && isUnseen(n):
			next = following(n, doc, true)
			n.Parent.RemoveChild(n)
		case n.Type == html.ElementNode && n.DataAtom == atom.Br:
			// The search for the main text makes paragraphs of some breaks and
			// loses others. Those that are text it leaves alone.
			next = following(n, doc, true)
			n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: lineBreak}, n)
			n.Parent.RemoveChild(n)
		case n.Type == html.ElementNode:
			elements++
		}
		n = next
	}
	return elements
}

// following is the node after n in the order of the page.
func following(n, root *html.Node, skipChildren bool) *html.Node {
	if n.FirstChild != nil && !skipChildren {
		return n.FirstChild
	}
	for ; n != nil && n != root; n = n.Parent {
		if n.NextSibling != nil {
			return n.NextSibling
		}
	}
	return nil
}

func isUnseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script:
		return attr(n, "type") != "application/ld+json"
	case atom.Style, atom.Noscript, atom.Iframe, atom.Object, atom.Embed, atom.Video, atom.Audio, atom.Canvas, atom.Svg, atom.Template,
		atom.Select, atom.Button, atom.Textarea, atom.Input, atom.Datalist, atom.Map, atom.Frameset, atom.Noframes:
		return true
	case atom.Html, atom.Body, atom.Head:
		return false
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// letters counts what is neither space nor mark.
func letters(text string) int { return utf8.RuneCountInString(strings.Join(strings.Fields(text), "")) }

// renderer writes a tree as paragraphs.
type renderer struct {
	tables []*tableNode

	text     strings.Builder
	para     []byte // the paragraph at hand
	space    bool   // white space stands before what comes …
	newline  bool   // … with the end of a line of the source in it
	pre      int
	rendered []Table // with From and To in text
	seen     map[int]bool
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
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Noscript:
		return
	case atom.Pre:
		r.pre++
		defer func() { r.pre-- }()
	}
	block := isBlock(n.DataAtom)
	if block {
		r.end()
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
	if len(r.para) == 0 {
		return
	}
	r.text.Write(r.para)
	r.text.WriteByte('\n')
	r.para = r.para[:0]
}

// table writes a table, once.
func (r *renderer) table(id int) {
	r.end()
	if r.seen[id] {
		return
	}
	if r.seen == nil {
		r.seen = map[int]bool{}
	}
	r.seen[id] = true
	t := r.tables[id]
	for _, line := range t.caption {
		r.text.WriteString(line)
		r.text.WriteByte('\n')
	}
	from := r.text.Len()
	for _, line := range t.lines {
		r.text.WriteString(line)
		r.text.WriteByte('\n')
	}
	r.rendered = append(r.rendered, Table{Rows: t.rows, From: from, To: max(from, r.text.Len()-1)})
}

// finish adds the tables that do not stand in what was written.
func (r *renderer) finish() {
	r.end()
	for id, t := range r.tables {
		if !r.seen[id] {
			r.rendered = append(r.rendered, Table{Rows: t.rows, From: -1, To: -1})
		}
	}
}

func (r *renderer) lines() []string {
	r.end()
	return strings.Split(strings.TrimSuffix(r.text.String(), "\n"), "\n")
}

// page gives the text with the title as its first line, and the tables where
// they stand in it.
func (r *renderer) page(title string) (string, []Table) {
	r.end()
	body := r.text.String()
	cut := 0
	// The title is not said twice.
	if line, _, ok := strings.Cut(body, "\n"); ok && title != "" && sameWords(line, title) {
		cut = len(line) + 1
	}
	head := ""
	if title != "" {
		head = title + "\n"
	}
	tables := r.rendered
	for i := range tables {
		if tables[i].From >= cut {
			tables[i].From += len(head) - cut
			tables[i].To += len(head) - cut
		}
	}
	return strings.TrimSuffix(head+body[cut:], "\n"), tables
}

func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
}

// maxToken bounds a tag or a text of a page that is read without its structure.
const maxToken = MaxBytes

// flat reads the words of a page whose structure cannot be read.
func flat(text, address string) (*Page, error) {
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(maxToken)
	r := &renderer{}
	p := &Page{MediaType: "text/html"}
	inTitle := false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		switch kind {
		case html.TextToken:
			words := html.UnescapeString(string(z.Raw()))
			if inTitle {
				p.Title = clean(p.Title + words)
			} else {
				r.words(words)
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			switch {
			case tag == atom.Title:
				inTitle = kind == html.StartTagToken
			case kind == html.StartTagToken && (tag == atom.Script || tag == atom.Style || tag == atom.Noscript || tag == atom.Textarea):
				z.Next() // its content is one text
			case tag == 0 || isBlock(tag) || tag == atom.Br:
				r.end()
			}
		}
	}
	p.Title = withoutSite(p.Title)
	p.Text, _ = r.page(p.Title)
	if p.Text == "" {
		return nil, &Error{
			Address: address, What: fmt.Sprintf("its %d bytes of markup are nested too deep and show no text", len(text)), Mend: mendText,
		}
	}
	p.Published, p.Publisher = sourceLine(strings.Split(p.Text, "\n"), p.Title)
	return p, nil
}
