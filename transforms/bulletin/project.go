package bulletin

import (
	"strings"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// projects reads the projects that a sentence names, by two shapes:
//
//	[ investor ] [ 总投资 ] money 的 NAME项目 … stage   投资20亿元的某某项目开工
//	NAME项目 … stage ， 总投资 money                    某某项目开工，总投资20亿元
//
// A name holds a word that the vocabulary does not know: 20个重点项目 has none.
func (s *sentence) projects() {
	for i := range s.tokens {
		if s.tokens[i].kind != noun || s.word(&s.tokens[i]) != "项目" && !strings.HasSuffix(s.word(&s.tokens[i]), "项目") {
			continue
		}
		st := s.stageBehind(i)
		if st < 0 {
			continue
		}
		from, money, ok := s.nameBefore(i)
		if !ok {
			continue
		}
		investor := ""
		if money >= 0 {
			investor = s.investorBefore(money)
		} else if money = s.moneyBehind(st); money < 0 {
			continue
		}
		s.project(from, i, st, money, investor)
	}
}

// stageBehind is the stage that the project at noun i has reached: 项目开工,
// 项目在某县集中开工; -1 when none is told in the clause.
func (s *sentence) stageBehind(i int) int {
	for k := i + 1; k < len(s.tokens) && k < i+10; k++ {
		switch t := &s.tokens[k]; t.kind {
		case stage:
			if strings.HasPrefix(t.means, "!") {
				return -1
			}
			if n := s.after(k); n != nil && (n.kind == count || n.kind == number || n.kind == noun) {
				return -1
			}
			return k
		case filler, quote, space, at, place, onspot, day:
		case gap:
			if k < 1 || s.tokens[k-1].kind != at { // 在界都乡
				return -1
			}
		case enum:
			if next := s.listed(k + 1); next > 0 {
				return s.stageBehind(next)
			}
			return -1
		default:
			return -1
		}
	}
	return -1
}

// listed is the noun of the next project of a list, whose amount stands at token i;
// -1 when there is none.
func (s *sentence) listed(i int) int {
	if i >= len(s.tokens) || s.tokens[i].kind != metric && s.tokens[i].kind != money {
		return -1
	}
	for k := i; k < len(s.tokens) && k < i+20; k++ {
		switch s.tokens[k].kind {
		case noun:
			return k
		case enum, semi, stop, count:
			return -1
		}
	}
	return -1
}

// nameBefore is where the name that ends with the noun at i begins: behind 的 of
// its amount, or with the clause. money is the amount, or -1.
func (s *sentence) nameBefore(i int) (from, mon int, ok bool) {
	known := true
	for k := i - 1; k >= 0; k-- {
		t := &s.tokens[k]
		switch t.kind {
		case gap, block, place, drive, junk, metric, measure, stage, join, quote, noun, after, series, at, office, universe:
			known = known && (t.kind != gap && t.kind != block)
			continue
		case other, number, nth, rounds:
			continue // 年产2万吨, 1GW, 三期
		case filler:
			if s.word(t) != "的" {
				continue
			}
			p := k - 1
			for p >= 0 && (s.tokens[p].kind == space || s.tokens[p].kind == more) {
				p--
			}
			if p >= 0 && s.tokens[p].kind == money && !s.tokens[p].figure.more {
				return k + 1, p, !known
			}
			return 0, -1, false
		case comma, semi, colon, enum:
			if t.kind == enum && k+1 < i && k > 0 && s.tokens[k-1].kind != stage {
				// 、 may stand in a name, but then its amount stands before.
				continue
			}
			return k + 1, -1, !known && k+1 < i
		default:
			return 0, -1, false
		}
	}
	return 0, -1, !known
}

func (s *sentence) moneyBehind(st int) int {
	for k := st + 1; k < len(s.tokens) && k < st+8; k++ {
		switch t := &s.tokens[k]; t.kind {
		case money:
			return k
		case comma, filler, space, about, after:
		case metric:
			if t.means != string(record.Investment) {
				return -1
			}
		default:
			return -1
		}
	}
	return -1
}

// investorBefore is the firm before its amount: 某某公司投资20亿元的.
func (s *sentence) investorBefore(mon int) string {
	k := mon - 1
	for k >= 0 && (s.tokens[k].kind == metric || s.tokens[k].kind == filler || s.tokens[k].kind == about || s.tokens[k].kind == space) {
		k--
	}
	end := k
walk:
	for k >= 0 {
		switch s.tokens[k].kind {
		case comma, semi, colon, enum, quote, day, of, shut:
			break walk
		}
		k--
	}
	if end <= k || end < 0 {
		return ""
	}
	text := s.text.Body[s.tokens[k+1].From:s.tokens[end].To]
	if at := strings.LastIndex(text, "由"); at >= 0 {
		text = text[at+len("由"):]
	}
	text = strings.TrimSpace(text)
	for _, tail := range []string{"公司", "集团", "企业", "研究院", "合作社"} {
		if at := strings.LastIndex(text, tail); at >= 0 {
			return text[:at+len(tail)]
		}
	}
	return ""
}

// areaBefore is the area that holds before token i: the last that the sentence names,
// else the one in which it began.
func (s *sentence) areaBefore(i int) record.AreaID {
	for k := i - 1; k >= 0; k-- {
		if s.tokens[k].kind != place {
			continue
		}
		if id, _, what := s.placeAt(s.base+k, s.base+len(s.tokens)); id != "" && what != inName {
			return id
		}
	}
	return s.began
}

func (s *sentence) project(from, noun, st, mon int, investor string) {
	for from < noun {
		switch s.tokens[from].kind {
		case quote, space, join, day:
			from++
			continue
		}
		break
	}
	name := strings.Trim(s.text.Body[s.tokens[from].From:s.tokens[noun].To], "“”\"「」 　")
	if n := utf8.RuneCountInString(name); n < 5 || n > 60 || strings.ContainsAny(name, "，。；") {
		return
	}
	t := &s.tokens[mon]
	a, err := amount.Parse(s.text.Body[t.figure.full.From:t.figure.full.To])
	if err != nil || a.Dimension != record.Money || a.Currency != "CNY" {
		return
	}
	value := a.Value.CNY()
	c := s.context()
	p := Project{
		Name: name, Investor: investor, AreaID: s.areaBefore(from), Stage: record.Stage(s.tokens[st].means),
		InvestmentCNY: &value, Approximate: a.Approximate || t.figure.approximate, Quote: s.span,
	}
	for k := noun; k < st; k++ {
		if s.tokens[k].kind == place {
			if id := s.area(s.tokens[k].places, p.AreaID); id != "" {
				p.AreaID = id
			}
		}
	}
	if s.r.level(p.AreaID) == record.Province {
		p.AreaID = ""
	}
	if c.when.kind == record.OfRound {
		p.Round = s.roundOf(c.when)
	}
	if p.Round == "" {
		p.Review = "round_unknown"
	}
	t.figure.rule = "a named project's amount"
	s.out.Projects = append(s.out.Projects, p)
}
