package bulletin

import (
	"strconv"
	"strings"
)

// small reads a small number in digits or numerals; 0 when it is none.
func (s *scanner) small(text string) int {
	n, ten := 0, false
	for _, c := range text {
		c = s.r.fold.rune(c)
		switch {
		case isDigitRune(c):
			n = 10*n + int(c-'0')
		case c == '十' && !ten:
			ten = true
			n = 10 * max(n, 1)
		case c == '两':
			n += 2
		case c == '〇' || c == '零':
			n *= 10
		default:
			i := strings.IndexRune("一二三四五六七八九", c)
			if i < 0 {
				return 0
			}
			d := i/len("一") + 1
			if ten {
				n += d
			} else {
				n = 10*n + d
			}
		}
		if n > 9999 {
			return 0
		}
	}
	return n
}

// ordinal takes 第八期 and 首次.
func (s *scanner) ordinal(text string, c rune, n int) bool {
	end, value := s.at+n, 1
	if c == '第' {
		start := end
		end, _ = s.run(text, end)
		value = s.small(text[start:end])
	}
	counter, m := s.folded(text, end)
	if value == 0 || counter != '次' && counter != '期' && counter != '批' {
		return false
	}
	t := s.put(nth, end+m-s.at)
	t.n = value
	return true
}

// date takes a date or a part of one, and a count of rounds.
func (s *scanner) date(text string) bool {
	var d dateParts
	from := s.at
	end, _ := s.run(text, from)
	n := s.small(text[from:end])
	if d, to, ok := s.dashed(text, from); ok {
		s.put(day, to-from).date = d
		return true
	}
	if n == 0 {
		return false
	}
	if s.latin && isDigit(text[from]) && s.englishDate(text, n, end) {
		return true
	}
	c, size := s.folded(text, end)
	if c == ' ' {
		_, blank := s.blanks(text, end)
		if next, m := s.folded(text, end+blank); next == '年' || next == '月' || next == '日' {
			end, c, size = end+blank, next, m
		}
	}
	to := end
	if c == '年' && n >= 1971 && n <= 2099 {
		d.year, to = n, end+size
		if c, m := s.folded(text, to); c == '度' || c == '底' || c == '初' || c == '末' || c == '全' {
			to += m
		}
		_, blank := s.blanks(text, to)
		next, _ := s.run(text, to+blank)
		if n = s.small(text[to+blank : next]); n > 0 && n <= 12 {
			if c, m := s.folded(text, next); c == '月' {
				d.month, to = n, next+m
			}
		}
	} else if c == '月' && n <= 12 {
		d.month, to = n, end+size
	}
	if d.month > 0 {
		_, blank := s.blanks(text, to)
		next, _ := s.run(text, to+blank)
		if n = s.small(text[to+blank : next]); n > 0 && n <= 31 {
			if c, m := s.folded(text, next); c == '日' || c == '号' {
				d.day, to = n, next+m
			}
		}
	} else if c == '日' && n <= 31 && d.year == 0 {
		d.day, to = n, end+size
	}
	if d != (dateParts{}) {
		s.put(day, to-from).date = d
		return true
	}
	if c == '次' || c == '期' || c == '批' || c == '场' && n < 40 {
		t := s.put(rounds, end+size-from)
		t.n = n
		t.figure = &figure{number: Span{from, end}, full: t.Span, rule: "count of rounds"}
		return true
	}
	return false
}

// dashed takes 2021-12-30, 2021/12/30 and 2021.12.30.
func (s *scanner) dashed(text string, at int) (d dateParts, to int, ok bool) {
	if at+8 > len(text) || !isDigit(text[at]) || !isDigit(text[at+3]) {
		return d, 0, false
	}
	mark := text[at+4]
	if mark != '-' && mark != '/' && mark != '.' {
		return d, 0, false
	}
	parts := [3]int{}
	to = at
	for i := range parts {
		start := to
		for to < len(text) && isDigit(text[to]) && to-start < 4 {
			to++
		}
		parts[i] = s.small(text[start:to])
		if i < 2 {
			if to >= len(text) || text[to] != mark {
				return d, 0, false
			}
			to++
		}
	}
	if to < len(text) && isDigit(text[to]) || parts[0] < 1971 || parts[0] > 2099 || parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31 {
		return d, 0, false
	}
	return dateParts{parts[0], parts[1], parts[2]}, to, true
}

// englishDate takes the day of Feb 22, 2023, or a year that stands alone.
func (s *scanner) englishDate(text string, n, end int) bool {
	from := s.at
	l := s.last()
	if l != nil && l.kind == month && n <= 31 {
		d := dateParts{month: int(l.n), day: n}
		to := end
		if rest, ok := strings.CutPrefix(text[end:], ", "); ok && len(rest) >= 4 {
			if y := s.small(rest[:4]); y >= 1971 && y <= 2099 {
				d.year, to = y, end+6
			}
		}
		s.put(day, to-from).date = d
		return true
	}
	if n < 1990 || n > 2099 || end-from != 4 {
		return false
	}
	if e, _ := s.r.words.longest(strings.TrimLeft(text[end:], " ")); e != nil && e.kind == noun {
		return false
	}
	if end < len(text) && !strings.ContainsRune(" ,.;)", rune(text[end])) {
		return false
	}
	d := dateParts{year: n}
	if l != nil && l.kind == month {
		d.month = l.n
	}
	s.put(day, end-from).date = d
	return true
}

// monthBehindDay makes 22 February a day.
func (s *scanner) monthBehindDay(t *token) {
	t.n, _ = strconv.Atoi(t.means)
	k := len(s.tokens) - 2
	for k >= 0 && s.tokens[k].kind == space {
		k--
	}
	if k >= 0 && s.tokens[k].kind == number {
		if n := s.small(s.text[s.tokens[k].From:s.tokens[k].To]); n > 0 && n <= 31 {
			s.tokens[k].kind, s.tokens[k].figure = day, nil
			s.tokens[k].date = dateParts{month: t.n, day: n}
		}
	}
}
