package bulletin

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// lexicon finds the longest known word at a place of a text. It is a trie over
// folded characters. The first character is looked up in a table, since at most
// places of a text no word begins.
type lexicon struct {
	fold  *folding
	first []int32 // node by folded character, below tableSize
	nodes []node
	words []entry
}

const tableSize = 0x10000

type node struct {
	word  int32  // index in words plus one; 0 when none ends here
	edges []edge // by character
}

type edge struct {
	c  rune
	to int32
}

// next is the node that a character leads to; 0 for none. Nearly all nodes have one or
// two edges.
func (n *node) next(c rune) int32 {
	if len(n.edges) > 8 {
		if i, ok := slices.BinarySearchFunc(n.edges, c, func(e edge, c rune) int { return int(e.c - c) }); ok {
			return n.edges[i].to
		}
		return 0
	}
	for i := range n.edges {
		if n.edges[i].c == c {
			return n.edges[i].to
		}
	}
	return 0
}

// entry is what a text may mean: a word, or areas that bear the name.
type entry struct {
	word
	areas []areaName
}

func newLexicon(f *folding) *lexicon {
	return &lexicon{fold: f, first: make([]int32, tableSize), nodes: make([]node, 1), words: make([]entry, 1)}
}

// add files a text and returns its entry, which is new or was filed before.
func (x *lexicon) add(text string) *entry {
	at := int32(0)
	for _, c := range text {
		c = x.fold.rune(c)
		next := int32(0)
		if at == 0 && c < tableSize {
			next = x.first[c]
		} else {
			next = x.nodes[at].next(c)
		}
		if next == 0 {
			x.nodes = append(x.nodes, node{})
			next = int32(len(x.nodes) - 1)
			switch {
			case at == 0 && c < tableSize:
				x.first[c] = next
			default:
				edges := x.nodes[at].edges
				i, _ := slices.BinarySearchFunc(edges, c, func(e edge, c rune) int { return int(e.c - c) })
				x.nodes[at].edges = slices.Insert(edges, i, edge{c, next})
			}
		}
		at = next
	}
	if x.nodes[at].word == 0 {
		x.words = append(x.words, entry{})
		x.nodes[at].word = int32(len(x.words) - 1)
	}
	return &x.words[x.nodes[at].word]
}

// longest returns the entry of the longest word that begins the text, and its
// length; 0 when none does. A latin word ends where a word of the text does.
func (x *lexicon) longest(text string) (e *entry, size int) {
	c, n := utf8.DecodeRuneInString(text)
	c = x.fold.rune(c)
	if c >= tableSize {
		return nil, 0
	}
	at := x.first[c]
	for i := n; at != 0; i += n {
		if w := x.nodes[at].word; w != 0 && !cutsWord(text, i) {
			e, size = &x.words[w], i
		}
		if i >= len(text) || len(x.nodes[at].edges) == 0 {
			break
		}
		if c, n = utf8.DecodeRuneInString(text[i:]); n == 0 {
			break
		}
		at = x.nodes[at].next(x.fold.rune(c))
	}
	return e, size
}

// cutsWord reports whether a place of a text lies within a latin word.
func cutsWord(text string, i int) bool {
	return i < len(text) && i > 0 && isLatin(text[i]) && isLatin(text[i-1])
}

func isLatin(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// folding brings characters to one spelling: width, case and script.
type folding struct {
	table [tableSize]rune // 0 for a character that stays
}

func newFolding(script map[rune]rune) *folding {
	f := &folding{}
	for c := 'A'; c <= 'Z'; c++ {
		f.table[c] = c + 'a' - 'A'
	}
	for c := rune(0xff01); c <= 0xff5e; c++ {
		plain := c - 0xff01 + '!'
		if plain >= 'A' && plain <= 'Z' {
			plain += 'a' - 'A'
		}
		f.table[c] = plain
	}
	f.table['　'] = ' '
	f.table['○'] = '〇'
	f.table['’'], f.table['‘'] = '\'', '\''
	for from, to := range script {
		if from < tableSize {
			f.table[from] = to
		}
	}
	return f
}

func (f *folding) rune(c rune) rune {
	if c < tableSize && c >= 0 && f.table[c] != 0 {
		return f.table[c]
	}
	return c
}

func (f *folding) string(text string) string { return strings.Map(f.rune, text) }
