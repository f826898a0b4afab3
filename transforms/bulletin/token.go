package bulletin

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is to the grammar.
type kind uint8

const (
	gap    kind = iota // text that no word of the vocabulary covers
	stop               // the end of a sentence
	comma              // ， , ;the end of a clause
	semi               // ； ends a clause whose figures no other takes up
	enum               // 、
	colon              // ：
	open               // （
	shut               // ）
	quote              // “ ” and their like, which the grammar looks through
	space              // blanks
	junk               // a stray latin letter between Chinese characters
	number             // a bare number: 347
	count              // 347个
	money              // 5805亿元
	ratio              // 58.82%
	other              // a figure of something else: 88家
	day                // 2022年2月26日 or a part of it
	nth                // 第八期
	rounds             // 七次
	place              // the name of an area
	series             // the words of words/bulletin.csv from here on
	event
	stage
	noun
	filler
	join
	of
	respectively
	share
	about
	more
	metric
	after
	rate
	scope
	period
	onspot
	at
	venue
	office
	universe
	block
	drive
	month
	measure
)

// token is a word, a figure or a mark of a text.
type token struct {
	kind
	Span
	means  string // of a word
	places []areaName
	figure *figure // of number, count, money, ratio and other
	date   dateParts
	n      int // of nth and rounds
}

// figure is what a number's token knows beside its place.
type figure struct {
	number      Span // the digits
	full        Span // with 约 before and 以上 behind
	unit        Span // of an amount whose unit stands behind the last of its list
	approximate bool
	more        bool   // 以上 or the like stands behind
	damaged     string // how the number is damaged; "" when it is whole
	claimed     bool
	rule, why   string // why it is no claim
	near        string
}

// dateParts is a date as printed; what is not printed is 0.
type dateParts struct{ year, month, day int }

// scanner cuts a text into tokens, in one pass.
type scanner struct {
	r      *Reader
	text   string
	at     int
	tokens []token
	latin  bool // the text is mostly latin
}

// scan appends the tokens of text[from:to] to s.tokens.
func (s *scanner) scan(from, to int) {
	text := s.text[:to]
	for s.at = from; s.at < to; {
		c := text[s.at]
		if c < utf8.RuneSelf && s.ascii(text, c) {
			continue
		}
		if c >= utf8.RuneSelf {
			if r, n := utf8.DecodeRuneInString(text[s.at:]); r < tableSize && !s.r.begins[r] {
				s.unknown(n)
				continue
			}
		}
		if s.scanNumber(text) {
			continue
		}
		if e, size := s.r.words.longest(text[s.at:]); size > 0 {
			if isLatin(c) && s.at > from && isLatin(text[s.at-1]) {
				e = nil // within a latin word
			}
			if e != nil && s.word(text, e, size) {
				continue
			}
		}
		s.rest(text)
	}
}

// ascii takes marks and blanks.
func (s *scanner) ascii(text string, c byte) bool {
	switch c {
	case ' ', '\t', '\r':
		end := s.at + 1
		for end < len(text) && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r') {
			end++
		}
		s.put(space, end-s.at)
	case '\n', '!', '?':
		s.put(stop, 1)
	case ';':
		s.put(semi, 1)
	case ',':
		s.put(comma, 1)
	case ':':
		s.put(colon, 1)
	case '(', '[':
		s.put(open, 1)
	case ')', ']':
		s.put(shut, 1)
	case '"', '\'':
		s.put(quote, 1)
	case '.':
		if s.at+1 < len(text) && isDigit(text[s.at+1]) {
			return false // .1亿元
		}
		if s.at+1 < len(text) && text[s.at+1] != ' ' && text[s.at+1] != '\n' && text[s.at+1] != '"' {
			s.put(gap, 1)
		} else {
			s.put(stop, 1)
		}
	default:
		return false
	}
	return true
}

// marks are the Chinese marks.
var marks = map[rune]kind{
	'。': stop, '！': stop, '？': stop, '…': stop, '；': semi, '，': comma, '、': enum, '：': colon, '（': open, '）': shut, '【': open, '】': shut,
	'〔': open, '〕': shut, '“': quote, '”': quote, '‘': quote, '’': quote, '「': quote, '」': quote, '『': quote, '』': quote, '《': quote, '》': quote,
	'　': space, '\u00a0': space, '\u2002': space, '\u2003': space, '\u200b': space, '\ufeff': space, '·': gap, '｜': comma, '丨': comma, '．': stop,
}

// rest takes one character that begins no word.
func (s *scanner) rest(text string) {
	c, n := utf8.DecodeRuneInString(text[s.at:])
	if c >= utf8.RuneSelf {
		if k, ok := marks[c]; ok {
			s.put(k, n)
			return
		}
	} else if isLatin(byte(c)) {
		for n < len(text)-s.at && (isLatin(text[s.at+n]) || text[s.at+n] == '-' || text[s.at+n] == '\'') {
			n++
		}
		if n <= 2 && s.amongHan(text, n) {
			s.put(junk, n)
			return
		}
	}
	if c < utf8.RuneSelf && isLatin(byte(c)) {
		s.put(gap, n)
		return
	}
	s.unknown(n)
}

// unknown adds n bytes to the gap before them.
func (s *scanner) unknown(n int) {
	if k := len(s.tokens) - 1; k >= 0 && s.tokens[k].kind == gap && s.tokens[k].To == s.at {
		s.tokens[k].To += n
		s.at += n
		return
	}
	s.put(gap, n)
}

// amongHan reports whether Chinese characters stand on both sides of the next n
// bytes.
func (s *scanner) amongHan(text string, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:s.at])
	behind, _ := utf8.DecodeRuneInString(text[s.at+n:])
	return unicode.Is(unicode.Han, before) && unicode.Is(unicode.Han, behind)
}

func (s *scanner) put(k kind, size int) *token {
	s.tokens = append(s.tokens, token{kind: k, Span: Span{s.at, s.at + size}})
	s.at += size
	return &s.tokens[len(s.tokens)-1]
}

// word takes a word of the vocabulary, the name of an area, or the beginning of
// a date or round that is written with a word.
func (s *scanner) word(text string, e *entry, size int) bool {
	if e.kind == gap && len(e.areas) == 0 {
		return false
	}
	if e.kind == more && len(s.tokens) > 0 {
		last := &s.tokens[len(s.tokens)-1]
		if f := last.figure; f != nil && last.To == s.at {
			f.more, f.approximate = true, true
			f.full.To = s.at + size
		}
	}
	k := e.kind
	if len(e.areas) > 0 && k == gap {
		k = place
	}
	t := s.put(k, size)
	t.means = e.means
	if k == nth {
		t.n, _ = strconv.Atoi(e.means)
	}
	if k == month {
		s.monthBehindDay(t)
	}
	t.places = e.areas
	return true
}

// last is the last token that is no blank.
func (s *scanner) last() *token {
	for i := len(s.tokens) - 1; i >= 0; i-- {
		if s.tokens[i].kind != space {
			return &s.tokens[i]
		}
	}
	return nil
}

// hasFigures reports quickly whether a text may hold a figure: a digit, or a
// Chinese numeral before a unit.
func hasFigures(text string) bool {
	for i := 0; i < len(text); i++ {
		if isDigit(text[i]) {
			return true
		}
	}
	return strings.ContainsAny(text, "个項项亿億％０１２３４５６７８９元個")
}
