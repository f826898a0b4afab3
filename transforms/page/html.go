package page

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxElements is up to where the main text is looked for. The search weighs
	// elements against each other; a page with more is read whole.
	maxElements = 30_000
	// enough is how many letters make a main text. With less the search has
	// most likely found the wrong place.
	enough = 60
)

// maxAttribute bounds what an attribute may say: the search for the main text
// weighs classes, and nothing that is looked for is longer.
const maxAttribute = 4 << 10

// tableMark is an attribute by which a table is known again after the main text
// was found.
const tableMark = "data-sanpi-table"

// readHTML reads a page. Its main text is what a reader mode would show, and
// what that left out of the same column; where it finds none, all that the page
// shows, without menus.
func readHTML(text, address string) (*Page, error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		// The parser refuses elements nested more than 512 deep, lest somebody
		// walk into a bottomless pit. The words are between the tags all the same.
		return flat(text, address)
	}
	p := &Page{MediaType: "text/html"}
	elements := prune(doc)
	p.Title = title(doc)
	m := metaOf(doc)
	p.Published, p.Publisher = m.published(), m.publisher()
	tables := markTables(doc)
	whole := render(doc, tables) // the search for the main text changes the document
	var main []unit
	if elements <= maxElements {
		if node := mainText(doc, address); node != nil {
			main = withRest(render(node, tables), whole)
		}
	}
	if lettersOf(main) < min(enough, lettersOf(whole)/2) {
		main = without(whole, func(u unit) bool { return u.aside })
	}
	// What is mostly links leads to other news, whose headlines have figures too.
	main = without(main, func(u unit) bool { return u.table < 0 && 2*u.links > letters(u.text) })
	p.Text, p.Tables = compose(main, tables, p.Title)
	if p.Text == "" {
		return nil, &Error{Address: address, What: "the page shows no text", Mend: "it may be drawn by a script; " + mendText}
	}
	if p.Title == "" && (len(p.Tables) == 0 || p.Tables[0].From != 0) {
		p.Title = titleOfText(p.Text)
	}
	day, from := sourceLine(linesOf(whole), p.Title)
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
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == tableMark || len(a.Val) > maxAttribute })
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
	r.end()
	p.Title = withoutSite(p.Title)
	p.Text, _ = compose(r.units, nil, p.Title)
	if p.Text == "" {
		return nil, &Error{
			Address: address, What: fmt.Sprintf("its %d bytes of markup are nested too deep and show no text", len(text)), Mend: mendText,
		}
	}
	p.Published, p.Publisher = sourceLine(strings.Split(p.Text, "\n"), p.Title)
	return p, nil
}
