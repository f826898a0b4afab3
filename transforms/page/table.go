package page

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxColumns = 256
	maxRows    = 20_000
	maxCells   = 400_000 // of a table, with those that reach over several
	// longCell is from where a cell holds a column of the page and not a figure:
	// old pages place everything by tables.
	longCell = 400
)

// tableNode is a table with its words as they were found.
type tableNode struct {
	caption []string
	rows    [][]string
	lines   []string // each cell once
}

// markTables reads the tables of rows and columns and puts in the place of each
// a paragraph with its words, which weighs like them in the search for the main
// text and cannot be taken apart there.
func markTables(doc *html.Node) []*tableNode {
	var nodes []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.DataAtom == atom.Table && n.Namespace == "" {
			nodes = append(nodes, n)
		}
	}
	// The innermost come last, and are the ones that count.
	holds := map[*html.Node]bool{}
	var found []*tableNode
	var places []*html.Node
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		var t *tableNode
		if !holds[n] {
			t = readTable(n)
		}
		if t == nil && !holds[n] {
			continue
		}
		for up := n.Parent; up != nil && !holds[up]; up = up.Parent {
			holds[up] = true
		}
		if t != nil {
			found, places = append(found, t), append(places, n)
		}
	}
	for i, j := 0, len(found)-1; i < j; i, j = i+1, j-1 {
		found[i], found[j], places[i], places[j] = found[j], found[i], places[j], places[i]
	}
	for id, n := range places {
		p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P, Attr: []html.Attribute{{Key: tableMark, Val: strconv.Itoa(id)}}}
		// Spread over the words, commas would make numbers of the cells.
		p.AppendChild(&html.Node{Type: html.TextNode, Data: strings.Join(found[id].lines, "，")})
		n.Parent.InsertBefore(p, n)
		n.Parent.RemoveChild(n)
	}
	return found
}

// readTable reads a table, or gives nil when it only places things.
func readTable(n *html.Node) *tableNode {
	if role := attr(n, "role"); role == "presentation" || role == "none" {
		return nil
	}
	t := &tableNode{}
	var rows []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Caption:
			r := &renderer{}
			r.node(c)
			if r.end(); len(r.units) > 0 {
				t.caption = r.lines()
			}
		case atom.Tr:
			rows = append(rows, c)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			for d := c.FirstChild; d != nil; d = d.NextSibling {
				if d.DataAtom == atom.Tr {
					rows = append(rows, d)
				}
			}
		}
	}
	if len(rows) < 2 || len(rows) > maxRows {
		return nil
	}
	type above struct {
		rows int
		text string
	}
	var reach []above // by column, cells that reach into the rows below
	columns, cells := 0, 0
	for _, row := range rows {
		var line []string // each cell once
		var full []string
		down := func() {
			for len(full) < len(reach) && reach[len(full)].rows > 0 {
				reach[len(full)].rows--
				full = append(full, reach[len(full)].text)
			}
		}
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			down()
			text, ok := cellText(c)
			if !ok {
				return nil
			}
			line = append(line, text)
			across, deep := span(c, "colspan", maxColumns), span(c, "rowspan", maxRows)
			for range min(across, maxColumns-len(full)) {
				if deep > 1 {
					for len(reach) <= len(full) {
						reach = append(reach, above{})
					}
					reach[len(full)] = above{deep - 1, text}
				}
				full = append(full, text)
			}
		}
		down()
		if cells += len(full); cells > maxCells {
			return nil
		}
		if columns = max(columns, len(line)); strings.Join(line, "") == "" {
			continue
		}
		t.rows = append(t.rows, full)
		t.lines = append(t.lines, strings.TrimRight(strings.Join(line, "\t"), "\t"))
	}
	if len(t.rows) < 2 || columns < 2 {
		return nil
	}
	return t
}

// cellText is a cell in one line. ok is false when the cell is no cell but a
// part of the page.
func cellText(n *html.Node) (text string, ok bool) {
	r := &renderer{}
	r.node(n)
	lines := r.lines()
	if len(lines) > 12 {
		return "", false
	}
	text = oneLine(lines)
	return text, utf8.RuneCountInString(text) <= longCell
}

func span(n *html.Node, key string, most int) int {
	v, err := strconv.Atoi(attr(n, key))
	if err != nil || v < 1 {
		return 1
	}
	return min(v, most)
}
