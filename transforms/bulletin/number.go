package bulletin

import (
	"strings"
	"unicode/utf8"
)

// folded returns the folded character at a place of a text and its size; 0 at
// the end.
func (s *scanner) folded(text string, at int) (rune, int) {
	if at >= len(text) {
		return 0, 0
	}
	c, n := utf8.DecodeRuneInString(text[at:])
	return s.r.fold.rune(c), n
}

func isNumeral(c rune) bool {
	switch c {
	case '〇', '零', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿':
		return true
	}
	return false
}

func isScale(c rune) bool { return c == '十' || c == '百' || c == '千' || c == '万' || c == '亿' }

func isDigitRune(c rune) bool { return c >= '0' && c <= '9' }

// scanNumber takes a figure, a date, or the number of a round that begins here.
func (s *scanner) scanNumber(text string) bool {
	c, n := s.folded(text, s.at)
	switch {
	case isDigitRune(c):
		return s.digits(text)
	case c == '.':
		if next, _ := s.folded(text, s.at+n); isDigitRune(next) && text[s.at] == '.' {
			return s.digits(text)
		}
	case c == '第' || c == '首':
		return s.ordinal(text, c, n)
	case c == '百' && strings.HasPrefix(text[s.at:], "百分之"):
		start := s.at
		s.at += len("百分之")
		if c, _ := s.folded(text, s.at); !isDigitRune(c) && !isNumeral(c) {
			s.at = start
			return false
		}
		end, _ := s.run(text, s.at)
		s.at = start
		s.figure(text, ratio, Span{start, end}, end, "")
		return true
	case isNumeral(c):
		return s.numeral(text)
	}
	return false
}

// longestNumeral is how many bytes a number in Chinese numerals may have.
const longestNumeral = 96

// run is the end of the digits or numerals at a place. What is damaged about
// them is told in words.
func (s *scanner) run(text string, at int) (end int, damaged string) {
	c, n := s.folded(text, at)
	if isNumeral(c) {
		for end = at; (isNumeral(c) || c == '点' && end > at) && end-at < longestNumeral; c, n = s.folded(text, end) {
			end += n
		}
		return end, ""
	}
	end = at
	if c == '.' {
		damaged, end = "it begins with a point", at+n
	}
	for {
		c, n = s.folded(text, end)
		switch {
		case isDigitRune(c):
			end += n
			continue
		case c == '.' || c == ',' && n == 1:
			next, m := s.folded(text, end+n)
			if c == ',' && !s.threeDigits(text, end+n) {
				return end, damaged
			}
			if isDigitRune(next) {
				end += n + m
				continue
			}
			if _, size := s.blanks(text, end+n); c == '.' && size > 0 {
				if after, _ := s.folded(text, end+n+size); isDigitRune(after) && !isLatinText(text, end+n+size) {
					damaged, end = "a blank stands in it", end+n+size
					continue
				}
			}
			if u, _ := s.folded(text, end+n); c == '.' && (u == '亿' || u == '万' || u == '个' || u == '%') {
				damaged, end = "it ends with a point", end+n
			}
		case c == '*' || c == '×' || c == '□' || c == '?' && n == 1 && s.behindMask(text, end+n):
			damaged, end = "a digit is masked", end+n
			continue
		case c == ' ' || c == '\u00a0' || c == '\u2009':
			_, size := s.blanks(text, end)
			next, m := s.folded(text, end+size)
			if next == '.' {
				next, _ = s.folded(text, end+size+m)
			}
			if isDigitRune(next) && s.splitNumber(text, at, end, end+size) {
				damaged, end = "a blank stands in it", end+size
				if c, n := s.folded(text, end); c == '.' {
					end += n
				}
				continue
			}
		}
		return end, damaged
	}
}

func (s *scanner) behindMask(text string, at int) bool {
	c, _ := s.folded(text, at)
	return c == '个' || c == '亿' || c == '项' || isDigitRune(c)
}

func isLatinText(text string, at int) bool { return at < len(text) && isLatin(text[at]) }

// blanks is the size of the blanks at a place.
func (s *scanner) blanks(text string, at int) (end, size int) {
	for {
		c, n := s.folded(text, at+size)
		if c != ' ' && c != '\u00a0' && c != '\u2009' {
			return at + size, size
		}
		size += n
	}
}

// splitNumber reports whether the digits before and behind a blank are the
// halves of one number: one unit stands behind both. 26 347个 in a table's row
// may be two; it is damaged all the same, since nobody can tell.
func (s *scanner) splitNumber(text string, from, end, next int) bool {
	if strings.Contains(text[from:end], ".") && text[next] == '.' {
		return false
	}
	to := next
	for to < len(text) && (isDigit(text[to]) || text[to] == '.') {
		to++
	}
	behind, _ := s.blanks(text, to)
	c, _ := s.folded(text, behind)
	return to-next <= 5 && (c == '个' || c == '亿' || c == '万' || c == '项' || c == '%')
}

func (s *scanner) threeDigits(text string, at int) bool {
	for range 3 {
		c, n := s.folded(text, at)
		if !isDigitRune(c) {
			return false
		}
		at += n
	}
	c, _ := s.folded(text, at)
	return !isDigitRune(c)
}

// digits takes a number in digits and what it belongs to.
func (s *scanner) digits(text string) bool {
	if s.date(text) {
		return true
	}
	from := s.at
	end, damaged := s.run(text, from)
	if before := lastByte(text, from); isLatin(before) {
		damaged = "a letter stands before it"
		if k := len(s.tokens) - 1; k >= 0 && s.tokens[k].kind != junk && s.tokens[k].Span.To-s.tokens[k].From > 1 {
			damaged = ""
			s.figure(text, other, Span{from, end}, end, "")
			s.tokens[len(s.tokens)-1].figure.rule = "part of a name"
			return true
		}
	}
	if end < len(text) && isLatin(text[end]) && end+1 < len(text) && isDigit(text[end+1]) && damaged == "" {
		damaged, end = "a letter stands in it", end+1
		end, _ = s.run(text, end)
	}
	if end+1 < len(text) && strings.IndexByte("OoIl", text[end]) >= 0 && !isLatin(text[end+1]) {
		damaged, end = "a letter stands in it", end+1
	}
	s.unit(text, from, end, damaged)
	return true
}

func lastByte(text string, at int) byte {
	if at == 0 {
		return 0
	}
	return text[at-1]
}

// numeral takes a number in Chinese numerals, if a unit stands behind it: most
// numerals are parts of words.
func (s *scanner) numeral(text string) bool {
	if e, size := s.r.words.longest(text[s.at:]); e != nil && size > 3 {
		if end, _ := s.run(text, s.at); end-s.at < size {
			return false // 三个一批, 三批
		}
	}
	if s.date(text) {
		return true
	}
	from := s.at
	end, _ := s.run(text, from)
	c, _ := s.folded(text, from)
	if c == '百' || c == '千' || c == '万' || c == '亿' {
		if l := s.last(); l == nil || l.kind != about || l.To != from {
			return false
		}
	}
	if s.at > 0 {
		if p, _ := utf8.DecodeLastRuneInString(text[:from]); p == '第' || p == '几' || p == '数' || p == '每' {
			return false
		}
	}
	tokens := len(s.tokens)
	s.unit(text, from, end, "")
	t := &s.tokens[len(s.tokens)-1]
	one := text[from:end] == "一"
	l := token{}
	if tokens > 0 {
		l = s.tokens[tokens-1]
	}
	if t.kind == number || t.kind == other && (t.means == "" || one) || one && t.kind == count && l.kind != stage && l.kind != noun {
		s.tokens, s.at = s.tokens[:tokens], from
		return false
	}
	return true
}

// unit takes the scale and unit behind a number and files the figure.
func (s *scanner) unit(text string, from, end int, damaged string) {
	digits := Span{from, end}
	to := end
	c, n := s.folded(text, to)
	approximate := false
	inner := func() {
		for c == '余' || c == '多' || c == '来' && to > end-1 || c == '+' {
			if c == '+' {
				if next, _ := s.folded(text, to+n); isDigitRune(next) {
					return
				}
			}
			approximate = true
			to += n
			c, n = s.folded(text, to)
		}
	}
	if c == ' ' {
		_, size := s.blanks(text, to)
		next, m := s.folded(text, to+size)
		if next == '个' || next == '亿' || next == '万' || next == '项' || next == '%' || next == '余' || next == '多' {
			to, c, n = to+size, next, m
		}
	}
	inner()
	scale := rune(0)
	for isScale(c) {
		scale = c
		to += n
		c, n = s.folded(text, to)
		if isDigitRune(c) { // 3亿5000万元
			to, _ = s.run(text, to)
			c, n = s.folded(text, to)
		}
	}
	inner()
	if next, _ := s.folded(text, to+n); (c == '-' || c == '—' || c == '–' || c == '~' || c == '至' || c == '到' || c == '+' || c == '/' || c == '∶' || c == ':') &&
		(isDigitRune(next) || c == '+') || s.behindRange(text, from) {
		if c == '元' || c == '个' || c == '项' {
			to += n
		}
		s.figure(text, other, digits, to, damaged).figure.rule = "range or formula"
		return
	}
	if c == '.' && n == 1 && s.r.fold.rune(rune(firstByte(text, to+1))) == '亿' {
		damaged = "it ends with a point"
	}
	k := number0(c)
	e, size := s.r.measures.longest(text[min(to, len(text)):])
	if size > n && k == count && strings.HasPrefix(s.r.fold.string(text[to+size:min(len(text), to+size+6)]), "项目") {
		size = 0 // 63个开发区项目
	}
	switch {
	case size > 0 && (k != count || size > n):
		t := s.figure(text, other, digits, to+size, damaged)
		t.means = e.means
		t.figure.rule = e.means
		return
	case k == count:
		to += n
	case c == '元':
		k, to = money, s.currency(text, to+n)
	case c == '美' || c == '港' || c == '欧' || c == '日':
		if next, m := s.folded(text, to+n); next == '元' {
			k, to = money, to+n+m
		}
	case c == '人' && strings.HasPrefix(text[to:], "人民币"):
		k, to = money, to+len("人民币")
	case c == '%':
		k, to = ratio, to+n
	case scale == '亿':
		k = money
	case scale == '万' || scale == '千' && c != 0:
		k = number
	default:
		k, to = s.english(text, to)
	}
	if k == number && approximate && c != 0 {
		if e, _ := s.r.words.longest(text[to:]); e == nil || e.kind != noun {
			k = other
		}
	}
	if k == number {
		if e, _ := s.r.words.longest(text[to:]); e == nil || e.kind == gap {
			if next, _ := s.folded(text, to); next > 0x2e80 && marks[next] == gap && next < 0xff00 {
				k = other // something that no measure names
			}
		}
	}
	t := s.figure(text, k, digits, to, damaged)
	t.figure.approximate = t.figure.approximate || approximate
}

func firstByte(text string, at int) byte {
	if at >= len(text) {
		return 0
	}
	return text[at]
}

func number0(c rune) kind {
	if c == '个' || c == '项' {
		return count
	}
	return number
}

func (s *scanner) currency(text string, to int) int {
	if strings.HasPrefix(text[to:], "人民币") {
		return to + len("人民币")
	}
	return to
}

// behindRange reports whether the number is the second bound of a range or a
// part of a formula.
func (s *scanner) behindRange(text string, from int) bool {
	if from == 0 || len(s.tokens) == 0 {
		return false
	}
	l := s.tokens[len(s.tokens)-1]
	if len(s.tokens) < 2 || l.To != from {
		return false
	}
	b := s.tokens[len(s.tokens)-2]
	switch s.text[l.From:l.To] {
	case "-", "—", "–", "~", "～", "至", "到", "+", "/":
		return b.figure != nil && b.figure.rule == "range or formula"
	}
	return false
}

var englishScales = []string{"thousand", "million", "billion", "trillion"}

// english takes the unit behind a number of an English text.
func (s *scanner) english(text string, to int) (kind, int) {
	word := func(at int) (string, int) {
		for at < len(text) && (text[at] == ' ' || text[at] == '-') {
			at++
		}
		end := at
		for end < len(text) && isLatin(text[end]) {
			end++
		}
		return strings.ToLower(text[at:end]), end
	}
	w, end := word(to)
	for _, scale := range englishScales {
		if w == scale {
			w2, end2 := word(end)
			if w2 == "yuan" || w2 == "rmb" || w2 == "cny" || w2 == "renminbi" {
				return money, end2
			}
			if l := s.last(); l != nil && l.kind == gap && strings.EqualFold(text[l.From:l.To], "rmb") {
				return money, end
			}
			return other, end
		}
	}
	switch w {
	case "yuan", "rmb":
		return money, end
	case "percent":
		return ratio, end
	case "per":
		if w2, end2 := word(end); w2 == "cent" {
			return ratio, end2
		}
	}
	return number, to
}

// figure files a figure's token. The word of about before it becomes a part of
// it.
func (s *scanner) figure(text string, k kind, digits Span, to int, damaged string) *token {
	f := &figure{number: digits, full: Span{digits.From, to}, damaged: damaged}
	if l := s.last(); l != nil && l.kind == about && strings.TrimSpace(text[l.To:digits.From]) == "" {
		f.approximate = true
		f.full.From = l.From
	}
	s.at = digits.From
	t := s.put(k, to-digits.From)
	t.figure = f
	return t
}
