package bulletin

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleaned is a text without what copying machines put into it, and the way back.
type cleaned struct {
	text string
	cuts []cut // in order
}

// cut says that from this place of the cleaned text on, the original is shifted.
type cut struct{ at, shift int }

// clean drops the readings that some copies print behind characters — 項(xiàng)目 —
// and characters without width, both of which part words that belong together.
func clean(body string) cleaned {
	marks := suspects{body: body}
	if marks.next(0) < 0 {
		return cleaned{text: body}
	}
	var b strings.Builder
	var cuts []cut
	done := 0
	drop := func(from, to int) {
		if b.Cap() == 0 {
			b.Grow(len(body))
		}
		b.WriteString(body[done:from])
		done = to
		cuts = append(cuts, cut{b.Len(), done - b.Len()})
	}
	for i := 0; i < len(body); {
		if i = marks.next(i); i < 0 {
			break
		}
		if body[i] != '(' {
			_, n := utf8.DecodeRuneInString(body[i:])
			drop(i, i+n)
			i += n
			continue
		}
		if n := reading(body, i); n > 0 {
			drop(i, i+n)
			i += n
			continue
		}
		i++
	}
	if len(cuts) == 0 {
		return cleaned{text: body}
	}
	b.WriteString(body[done:])
	return cleaned{b.String(), cuts}
}

// suspects finds, from left to right, what may have to be dropped from a text.
type suspects struct {
	body string
	at   [len(dropped)]int // where each stands next, behind which nobody has asked yet
	seen bool
}

var dropped = [...]string{"(", "\u200b", "\ufeff", "\u00ad"}

// next is where the first of them stands from place i on; -1 for nowhere. Each
// search takes up where the last of its kind ended.
func (s *suspects) next(i int) int {
	first := -1
	for k, mark := range dropped {
		if !s.seen || s.at[k] >= 0 && s.at[k] < i {
			if s.at[k] = strings.Index(s.body[i:], mark); s.at[k] >= 0 {
				s.at[k] += i
			}
		}
		if s.at[k] >= 0 && (first < 0 || s.at[k] < first) {
			first = s.at[k]
		}
	}
	s.seen = true
	return first
}

// reading is the size of a reading in brackets at place i, behind a Chinese
// character; 0 when there is none. A reading is one syllable with the mark of its
// tone, or one without on a character that is followed by another.
func reading(body string, i int) int {
	before, _ := utf8.DecodeLastRuneInString(body[:i])
	if !unicode.Is(unicode.Han, before) {
		return 0
	}
	letters, tone := 0, false
	for k, c := range body[i+1:] {
		switch {
		case c == ')':
			if letters == 0 || !tone {
				return 0
			}
			return 1 + k + 1
		case c >= 'a' && c <= 'z':
		case strings.ContainsRune("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹḿ", c):
			tone = true
		default:
			return 0
		}
		if letters++; letters > 6 {
			return 0
		}
	}
	return 0
}

// back is the place in the original of a place in the cleaned text. The end of a
// span lies before what was cut behind it.
func (c cleaned) back(at int, end bool) int {
	n := sort.Search(len(c.cuts), func(i int) bool { return c.cuts[i].at > at || end && c.cuts[i].at == at })
	if n == 0 {
		return at
	}
	return at + c.cuts[n-1].shift
}

func (c cleaned) span(s Span) Span { return Span{c.back(s.From, false), c.back(s.To, true)} }

// restore gives a reading of the cleaned text the places of the original.
func (c cleaned) restore(out *Reading) {
	if len(c.cuts) == 0 {
		return
	}
	for i := range out.Claims {
		k := &out.Claims[i]
		k.Quote = c.span(k.Quote)
		for p := range k.Parts {
			k.Parts[p].Span = c.span(k.Parts[p].Span)
		}
	}
	for i := range out.Projects {
		out.Projects[i].Quote = c.span(out.Projects[i].Quote)
	}
	for i := range out.Passed {
		out.Passed[i].Figure = c.span(out.Passed[i].Figure)
	}
}
