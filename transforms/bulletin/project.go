package bulletin

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// projects reads the projects that a sentence names, by three shapes:
//
//	[ investor ] [ 总投资 ] money 的 NAME项目 … stage   投资20亿元的某某项目开工
//	NAME项目 … stage ， 总投资 money                    某某项目开工，总投资20亿元
//	【 stage 】 NAME项目 。 … 总投资 money               a list with a heading in each item
//
// A name holds a word that the vocabulary does not know: 20个重点项目 has none.
func (s *sentence) projects() {
	var told record.Stage // of the list that the sentence gives: 签约的4个项目分别是
	for i := range s.tokens {
		if s.tokens[i].kind != noun || s.word(&s.tokens[i]) != "项目" && !hasAnySuffix(s.word(&s.tokens[i]), "项目", "項目") {
			continue
		}
		from, money, ok := s.nameBefore(i)
		if !ok {
			continue
		}
		if money >= 0 && told == "" {
			told = s.listStage(money)
		}
		at, st := s.stageBehind(i)
		if st == "" && money >= 0 {
			if at, st = s.milestone(i); st == "" {
				at, st = i, told
			}
			if st == "" {
				st = s.among(from)
			}
		}
		if st == "" {
			continue
		}
		investor := ""
		if money >= 0 {
			investor = s.investorBefore(money)
		} else if money = s.moneyBehind(at); money < 0 {
			continue
		}
		s.project(Project{Name: s.name(from, i), Investor: investor, Stage: st}, from, at, money)
	}
}

// item reads an item of a list whose stage stands before each name, and whose amount
// in the next sentence.
func (s *sentence) item() {
	t := s.tokens
	if p := s.pending; p.Name != "" && p.line == s.line {
		for i := range t {
			if t[i].kind == money && i > 0 && t[i-1].kind == metric && t[i-1].means == string(record.Investment) ||
				t[i].kind == money && i > 1 && t[i-1].kind == about && t[i-2].kind == metric && t[i-2].means == string(record.Investment) {
				p.Investor = s.firm(0, i)
				s.pending = pending{}
				s.project(p.Project, 0, 0, i)
				return
			}
		}
		return
	}
	s.pending = pending{}
	if len(t) > 4 && t[0].kind == open && t[1].kind == stage && t[2].kind == shut && !strings.HasPrefix(t[1].means, "!") {
		for i := 3; i < len(t); i++ {
			switch {
			case t[i].kind == noun && (i+1 == len(t) || t[i+1].kind == stop):
				s.pending = pending{Project{Name: s.name(3, i), Stage: record.Stage(t[1].means)}, s.line}
				return
			case t[i].kind == comma || t[i].kind == semi || t[i].kind == money || t[i].kind == count:
				return
			}
		}
	}
}

// pending is a project of a list whose amount is still to come in its line.
type pending struct {
	Project
	line int
}

// stageBehind is the stage that the project at noun i has reached, and the token that
// tells it: 项目开工, 项目在某县集中开工; "" when none is told in the clause.
func (s *sentence) stageBehind(i int) (int, record.Stage) {
	for k := i + 1; k < len(s.tokens) && k < i+10; k++ {
		switch t := &s.tokens[k]; t.kind {
		case stage:
			if s.plans(i, k) {
				return -1, ""
			}
			return k, s.reached(k)
		case filler, quote, space, at, place, onspot, day:
		case gap:
			if k < 1 || s.tokens[k-1].kind != at { // 在界都乡
				return -1, ""
			}
		case enum:
			if next := s.listed(k + 1); next > 0 {
				return s.stageBehind(next)
			}
			return -1, ""
		default:
			return -1, ""
		}
	}
	return -1, ""
}

// reached is the stage of token k where it tells what one project has come to: 开工,
// and not 开工项目 or 开工20个.
func (s *sentence) reached(k int) record.Stage {
	if strings.HasPrefix(s.tokens[k].means, "!") {
		return ""
	}
	if n := s.after(k); n != nil && (n.kind == count || n.kind == number || n.kind == noun) {
		return ""
	}
	return record.Stage(s.tokens[k].means)
}

// milestone is the stage that the rest of the sentence tells of the project at noun i,
// by a stage or by a word that says so of one project only (破土, 落户). Nothing else
// may be counted or named before it.
func (s *sentence) milestone(i int) (int, record.Stage) {
	for k := i + 1; k < len(s.tokens); k++ {
		t := &s.tokens[k]
		switch t.kind {
		case stage:
			if s.plans(i, k) {
				return -1, ""
			}
			return k, s.reached(k)
		case noun:
			if n := s.after(k); n == nil || n.kind != stage { // 县长宣布项目开工
				return -1, ""
			}
		case money, count, number, other, metric, semi, enum, after, drive, rate, block:
			return -1, ""
		}
		if t.kind == gap || t.kind == filler {
			word := s.r.fold.string(s.word(t))
			for _, m := range s.r.milestones {
				if strings.Contains(word, m.text) && !s.plans(i, k) {
					return k, record.Stage(m.means)
				}
			}
		}
	}
	return -1, ""
}

// plans reports whether what stands between two tokens tells of what is still to come.
func (s *sentence) plans(from, to int) bool {
	between := s.r.fold.string(s.text.Body[s.tokens[from].To:s.tokens[to].To])
	return slices.ContainsFunc([]string{"将", "拟", "计划", "力争", "有望", "预计", "未"}, func(plan string) bool { return strings.Contains(between, plan) })
}

// listStage is the stage of all projects of a list that begins with the amount at token
// mon: 签约的4个项目分别是总投资5亿元的.
func (s *sentence) listStage(mon int) record.Stage {
	k := mon - 1
	for k >= 0 && (s.tokens[k].kind == metric || s.tokens[k].kind == about || s.tokens[k].kind == quote || s.tokens[k].kind == space) {
		k--
	}
	if k < 0 || !hasAnySuffix(s.r.fold.string(s.text.Body[s.span.From:s.tokens[k].To]), "分别是", "分别为", "包括", "有", "包含", ":", "：", "是") {
		return ""
	}
	found := record.Stage("")
	for ; k >= 0; k-- {
		t := &s.tokens[k]
		switch {
		case t.kind == semi:
			return found
		case t.kind == stage && (strings.HasPrefix(t.means, "!") || found != "" && found != record.Stage(t.means)):
			return ""
		case t.kind == stage:
			found = record.Stage(t.means)
		case t.kind == money:
			return ""
		}
	}
	return found
}

// among is the stage of the projects among which the clause before token from counts
// the one behind it: 作为本期最大的开工项目，.
func (s *sentence) among(from int) record.Stage {
	k := from - 1
	for k >= 0 && s.tokens[k].kind != comma {
		k--
	}
	found := record.Stage("")
	for k--; k >= 0 && s.tokens[k].kind != comma && s.tokens[k].kind != semi; k-- {
		t := &s.tokens[k]
		switch {
		case t.figure != nil:
			return ""
		case t.kind == stage && found == "" && !strings.HasPrefix(t.means, "!"):
			if n := s.after(k); n == nil || n.kind != noun {
				return ""
			}
			found = record.Stage(t.means)
		case t.kind == stage:
			return ""
		}
	}
	if found == "" || !strings.HasPrefix(s.r.fold.string(s.text.Body[s.tokens[k+1].From:]), "作为") {
		return ""
	}
	return found
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
			for p >= 0 && (s.tokens[p].kind == space || s.tokens[p].kind == more || s.isBuilding(p)) {
				p--
			}
			if p >= 0 && s.tokens[p].kind == money && !s.tokens[p].figure.more {
				return k + 1, p, !known
			}
			if p >= 0 && s.tokens[p].kind == place && hasAnySuffix(s.text.Body[s.span.From:s.tokens[p].From], "位于", "位於") {
				return k + 1, -1, !known
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

// isBuilding reports whether token i is the 建设 of 投资8亿元建设的.
func (s *sentence) isBuilding(i int) bool {
	switch s.r.fold.string(s.word(&s.tokens[i])) {
	case "建设", "兴建", "实施", "打造":
		return true
	}
	return false
}

// moneyBehind is the amount of the project whose stage token st tells: in the next
// clause, or where the sentence goes on about 该项目; -1 when there is none.
func (s *sentence) moneyBehind(st int) int {
	same := false
	for k := st + 1; k < len(s.tokens); k++ {
		switch t := &s.tokens[k]; t.kind {
		case money:
			p := k - 1
			for s.tokens[p].kind == about {
				p--
			}
			if !same || s.tokens[p].kind == metric && s.tokens[p].means == string(record.Investment) {
				return k
			}
			return -1
		case comma, filler, space, about, after:
		case metric:
			if t.means != string(record.Investment) && !same {
				return -1
			}
		case event, scope, gap, other, measure, stop:
			same = same || strings.Contains(s.r.fold.string(s.word(t)), "该")
			if !same {
				return -1
			}
		case noun:
			if !same || s.tokens[k-1].kind == metric {
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
	return s.firm(k+1, end+1)
}

// firm is the firm that is named within tokens: 由某某公司.
func (s *sentence) firm(from, to int) string {
	text := s.text.Body[s.tokens[from].From:s.tokens[to-1].To]
	if at := strings.LastIndex(text, "由"); at >= 0 {
		text = text[at+len("由"):]
	}
	text = strings.TrimSpace(text)
	for _, tail := range []string{"公司", "集团", "集團", "企业", "企業", "研究院", "合作社"} {
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

// name is the name that tokens from to noun print.
func (s *sentence) name(from, noun int) string {
	for from < noun {
		switch s.tokens[from].kind {
		case quote, space, join, day:
			from++
			continue
		}
		break
	}
	return strings.Trim(s.text.Body[s.tokens[from].From:s.tokens[noun].To], "“”\"「」 　")
}

// project keeps a project whose name begins at token from, whose stage token at tells,
// and whose amount stands at token mon.
func (s *sentence) project(p Project, from, at, mon int) {
	if n := utf8.RuneCountInString(p.Name); n < 5 || n > 60 || strings.ContainsAny(p.Name, "，。；") {
		return
	}
	t := &s.tokens[mon]
	a, err := amount.Parse(s.text.Body[t.figure.full.From:t.figure.full.To])
	if err != nil || a.Dimension != record.Money || a.Currency != "CNY" {
		return
	}
	value := a.Value.CNY()
	c := s.context()
	p.AreaID, p.InvestmentCNY, p.Approximate, p.Quote = s.areaBefore(from), &value, a.Approximate || t.figure.approximate, s.span
	end := at
	if at > from && s.tokens[at].kind != stage { // 落户夏邑县
		end = min(at+2, len(s.tokens))
	}
	for k := from; k < end; k++ {
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
