package bulletin

import (
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// sentence reads one sentence from left to right: words of place and time set
// the context, and what a rule matches makes claims in it.
type sentence struct {
	*document
	tokens []token
	base   int // of tokens in the document
	line   int
	first  bool // of its paragraph
	span   Span

	clause       int           // where the clause begins
	sub          string        // why all that follows counts something else: a sector's name stands before it
	inPart       bool          // behind 其中
	whole        *context      // what held before 其中, and holds again in the next sentence
	hasRound     bool          // the sentence names a round
	roundsListed bool          // the sentence lists the rounds of its figures
	thisOne      bool          // 本次
	began        record.AreaID // that held where the sentence begins
	figures      bool          // the sentence holds figures that may be claims
	hasName      bool          // the campaign's name stands in the sentence
	until        record.Date
	standing     bool     // 目前
	early        string   // a universe that stands before its area
	listOf       *context // what held before a list of areas: 签约25个，分别是甲区6个、乙区5个
	areas        int      // how many times the sentence named an area
	carried      bool     // the last area took its stage from the one before
	semiAt       int      // areas when the last ； stood
	partAt       int      // areas when 其中 stood
	parens       int
	outside      aside         // what held before the bracket
	days         []record.Date // of the sentence
	open         []*group
}

// aside is what held before a bracket opened.
type aside struct {
	sub  string
	ctx  context
	open []*group
}

func (s *sentence) read() {
	if st := s.heading(); st >= 0 {
		s.section, s.sectionLine, s.sectionEnd = s.tokens[st], s.line, s.base+len(s.tokens)+1
		return
	}
	s.began = s.context().area
	if n := len(s.groups); s.ctx.kind == record.Annual && s.ctx.loose && s.ctx.words.To <= s.span.From && n > 0 && s.groups[n-1].sentence.To <= s.ctx.words.From {
		s.ctx.when = when{} // 今年全市已赴外招商210余次。某县签约…: the year was of something else
	}
	for i := range s.tokens {
		switch s.tokens[i].kind {
		case series:
			s.hasName = true
		case nth:
			if !s.hasRound && !s.roundsListed { // the same for all of the sentence
				s.roundsListed = s.listsRounds(s.base+i, s.lines[s.line])
				s.hasRound = !s.roundsListed
			}
		case count, number, money, ratio:
			s.figures = true
		}
	}
	if n := len(s.groups); n > 0 && s.groups[n-1].line == s.line && s.base-s.groups[n-1].end <= 1 {
		if n == 1 || s.groups[n-2].sentence != s.groups[n-1].sentence { // of several, nobody knows which
			s.open = []*group{s.groups[n-1]} // 。总投资…
		}
	}
	for i := 0; i < len(s.tokens); {
		t := &s.tokens[i]
		if s.figures && starts[t.kind] {
			if to := s.try(i); to > i {
				i = to
				continue
			}
		}
		i = s.note(i)
	}
	if s.relevant() {
		s.item()
		if s.figures {
			s.projects()
		}
	}
	s.pass()
	if s.ctx.kind == record.Cumulative && s.ctx.from != 0 && s.hasName && !s.ctx.loose {
		s.since = s.ctx.from
	}
	switch {
	case s.whole == nil && s.carried && s.listOf != nil:
		// The next sentence is again of all, where the list was of its parts; else nobody
		// knows of whom.
		if head := s.listOf; s.within(s.ctx.area, head.area) {
			s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear, s.ctx.universe = head.area, head.areaAt, head.printed, head.unclear, head.universe
		} else {
			s.ctx.unclear = true
		}
	case s.whole == nil:
	case s.r.level(s.whole.area) == record.Province && s.r.level(s.topic) != record.Province:
		// 全省签约…，其中我市…。: what follows is the text's own again.
		s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear, s.ctx.universe = "", Span{}, false, false, ""
	default:
		s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear, s.ctx.universe = s.whole.area, s.whole.areaAt, s.whole.printed, s.whole.unclear, s.whole.universe
	}
}

// within reports whether an area lies in another.
func (d *document) within(id, whole record.AreaID) bool {
	for range 6 {
		a, ok := d.r.areas[id]
		if !ok || a.ParentID == "" {
			return false
		}
		if id = a.ParentID; id == whole {
			return true
		}
	}
	return false
}

// try reads what begins at token i by the first rule that takes it, and returns
// where it ends; i when none does.
func (s *sentence) try(i int) int {
	for k := range rules {
		r := &rules[k]
		if !r.starts[s.tokens[i].kind] {
			continue
		}
		m, ok := s.find(r, i)
		if !ok {
			continue
		}
		why := s.refuse(m)
		if why == "" {
			why = r.do(s, m)
		}
		if why == "" {
			s.clause = m.to
			return m.to
		}
		if why == tryNext {
			continue
		}
		for _, f := range m.figures {
			if fig := s.tokens[f].figure; fig.near == "" {
				fig.near, fig.rule, fig.why = r.name, why, why
			}
		}
		if len(m.stages) == 0 && (m.metric >= 0 || r.name == "bare amount after its count") {
			return i // the count before it may still have other amounts
		}
		if r.name != "count of no stage" && r.name != "area and its count" {
			s.open = []*group{{split: true, end: s.base + m.to, line: s.line}}
			return m.to
		}
		if s.parens == 0 && !s.difference(m) {
			// 其中亿元以上项目30个，总投资…: whose the amount is, nobody can tell.
			for _, g := range s.open {
				g.doubt = true
			}
		}
	}
	return i
}

// heading is the stage that a line names and nothing else; -1 for other lines.
func (s *sentence) heading() int {
	at := -1
	for i := range s.tokens {
		switch t := &s.tokens[i]; {
		case i < 3 && at < 0 && (t.kind == enum || (t.kind == number || t.kind == gap && t.To-t.From <= 3) && i+1 < len(s.tokens) && (s.tokens[i+1].kind == enum || s.tokens[i+1].kind == shut)):
			// 一、签约一批, （二）开工一批
		case t.kind == stage && at < 0 && !strings.HasPrefix(t.means, "!"):
			at = i
		case !silent(t) && t.kind != open && t.kind != shut:
			return -1
		}
	}
	return at
}

// difference reports whether a count is how many more or fewer there are: 多5个,
// 多签约5个.
func (s *sentence) difference(m match) bool {
	if before := s.text.Body[:s.tokens[m.from].From]; hasAnySuffix(before, "多", "少") && !hasAnySuffix(before, "许多", "众多", "更多", "不少", "诸多") {
		return true
	}
	return len(m.figures) > 0 && hasAnySuffix(s.text.Body[:s.tokens[m.figures[0]].figure.full.From], "多", "少", "增加", "减少", "增长", "增加了", "减少了")
}

// tryNext is the refusal of a rule that leaves the tokens to the next.
const tryNext = "the next rule"

// refuse tells why what a rule matches counts something else.
func (s *sentence) refuse(m match) string {
	if !s.relevant() {
		return "the text is not about the campaign"
	}
	for i := 0; i < m.from; i++ {
		if t := s.tokens[i]; t.kind == drive && !s.namedBetween(i, m.from) {
			return t.means
		}
	}
	if len(m.stages) > 0 && s.difference(m) {
		return "growth"
	}
	if len(m.stages) < 2 && s.eachOf(m) {
		return "each of several"
	}
	amountOnly := len(m.stages) == 0 && m.metric >= 0
	total := m.rule.name == "count of no stage"
	if total {
		if far, _ := s.farStages(m.from); far != nil {
			return "" // what stands between says what all are about
		}
	}
	for i := m.from - 1; i >= s.clause && i >= 0; i-- {
		t := &s.tokens[i]
		if t.kind == comma || t.kind == semi || t.kind == colon || t.kind == open || t.kind == shut && !amountOnly {
			break
		}
		if t.kind == after && len(m.stages) > 0 && s.tokens[m.figures[0]].kind != money {
			return "target or plan" // 预计签约
		}
		if t.kind == block {
			if t.means == "sector split" && s.allSectors(m) {
				break
			}
			if t.means != "growth" && t.means != "rank" {
				s.sub = t.means
				return t.means
			}
		}
	}
	if c := s.clause - 1; c > 0 && s.parens == 0 && s.planBefore(c) {
		return "target or plan"
	}
	if s.sub != "" && len(m.stages) > 0 {
		return s.sub
	}
	// An unknown word right before a claim is its subject, or a kind of project.
	for i := m.from - 1; i >= s.clause && i >= 0; i-- {
		t := &s.tokens[i]
		if t.kind == share {
			return "unknown subject" // 装备制造占5个签约项目
		}
		if t.kind == gap {
			text := s.text.Body[t.From:t.To]
			if len(text) <= 3 && !s.document.latin {
				break
			}
			if total && t.To == s.tokens[m.from].From && i < m.from && s.tokens[m.from].kind == noun && !known(text) {
				return "kind of project"
			}
			if total {
				break
			}
			if len(m.stages) > 0 {
				s.sub = "unknown subject"
			}
			return "unknown subject"
		}
		if !silent(t) || t.kind == onspot || t.kind == series || t.kind == colon {
			break
		}
	}
	// A kind of project behind the count: 20个工业项目.
	last := m.to - 1
	if k := s.tokens[last].kind; k == count || k == number {
		for i := m.to; i < len(s.tokens); i++ {
			t := &s.tokens[i]
			if t.kind == block && t.means != "growth" && t.means != "rank" || t.kind == gap && s.document.latin {
				if t.kind == block {
					return t.means
				}
				return "kind of project"
			}
			if t.kind == gap || t.kind == office || t.kind == place {
				if i+1 < len(s.tokens) && s.tokens[i+1].kind == noun {
					return "kind of project"
				}
				break
			}
			if t.kind != filler && t.kind != quote && t.kind != space {
				break
			}
		}
	}
	return ""
}

// eachOf reports whether a figure is that of each of several: 三县签约投资额均超30亿元.
func (s *sentence) eachOf(m match) bool {
	for i := m.from; i < m.to; i++ {
		if t := &s.tokens[i]; (t.kind == filler || t.kind == about || t.kind == gap) && hasAnyPrefix(s.word(t), "均", "都") {
			return true
		}
	}
	return false
}

// allSectors reports whether the sectors named before a count say what all projects of a
// stage are, which was not told of before: 涉及铜箔、食品等领域的6个项目成功签约.
func (s *sentence) allSectors(m match) bool {
	if m.rule.name != "count, then stage" || s.inPart {
		return false
	}
	for _, g := range s.groups {
		if g.line == s.line && len(g.stages) == 1 && len(m.stages) == 1 && string(g.stages[0]) == s.tokens[m.stages[0]].means {
			return false
		}
	}
	before := s.text.Body[s.span.From:s.tokens[m.from].From]
	if k := strings.LastIndexAny(before, "，,；："); k >= 0 {
		before = before[k:]
	}
	return hasAnySuffix(before, "等领域的", "等行业的", "等产业的", "等多个领域的", "等方面的") && (strings.Contains(before, "涉及") || strings.Contains(before, "涵盖"))
}

// known reports whether an unknown word ends as a verb may, and not as a kind of
// project does.
func known(text string) bool {
	for _, tail := range []string{"施", "动", "排", "有", "到", "现", "成"} {
		if strings.HasSuffix(text, tail) {
			return true
		}
	}
	return false
}

// planBefore reports whether a plan opened the clause before the comma at i.
func (s *sentence) planBefore(i int) bool {
	for k := i - 1; k >= 0 && s.tokens[k].kind != semi; k-- {
		if t := s.tokens[k]; t.kind == block && t.means == "target or plan" {
			return true
		}
		if s.tokens[k].figure != nil {
			return false
		}
	}
	return false
}

func (s *sentence) namedBetween(from, to int) bool {
	for i := from; i < to; i++ {
		if k := s.tokens[i].kind; k == series || k == nth {
			return true
		}
	}
	return false
}

// relevant reports whether the text is about the campaign at all.
func (d *document) relevant() bool {
	return d.hasSeries || d.main.number > 0 || d.r.campaign.Numbering == record.ByLabel
}

// note takes a token that is no part of a claim into the context, and returns
// the place of the next.
func (s *sentence) note(i int) int {
	t := &s.tokens[i]
	switch t.kind {
	case comma, colon:
		s.clause = i + 1
	case open:
		if s.parens++; s.parens == 1 {
			s.outside = aside{s.sub, s.ctx, s.open}
		}
		s.clause = i + 1
	case shut:
		if s.parens > 0 {
			s.parens, s.sub = 0, s.outside.sub
			if o := &s.outside; o.ctx.areaAt != s.ctx.areaAt { // （全省共4个）
				s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.universe, s.ctx.unclear = o.ctx.area, o.ctx.areaAt, o.ctx.printed, o.ctx.universe, o.ctx.unclear
				s.open = o.open
			}
		}
		s.clause = i + 1
	case semi:
		s.clause, s.sub, s.open = i+1, "", nil
		s.inPart = false
		s.semiAt = s.areas
	case of:
		s.inPart, s.sub = true, ""
		s.partAt = s.areas
		if s.whole == nil {
			whole := s.ctx
			s.whole = &whole
		}
	case place:
		return s.place(i)
	case scope:
		s.scope(i)
	case day:
		s.day(i)
	case nth:
		s.nth(i)
	case rounds:
		s.rounds(i)
	case period:
		s.period(i)
	case event:
		if t.means != "" { // some event, not this one
			break
		}
		s.thisOne = true
		if !s.hasRound && len(s.days) == 0 {
			s.ctx.when = when{}
		}
	case universe:
		s.universe(i)
	}
	return i + 1
}

func (s *sentence) after(i int) *token {
	for i++; i < len(s.tokens); i++ {
		if k := s.tokens[i].kind; k != space && k != quote && k != more {
			return &s.tokens[i]
		}
	}
	return nil
}

func (s *sentence) before(i int) *token {
	for i--; i >= 0; i-- {
		if k := s.tokens[i].kind; k != space && k != quote && k != at {
			return &s.tokens[i]
		}
	}
	return nil
}

// pass lists the figures that no rule claimed.
func (s *sentence) pass() {
	for i := range s.tokens {
		f := s.tokens[i].figure
		if f == nil || f.claimed {
			continue
		}
		p := Passed{Figure: f.number, Rule: f.rule, Near: f.near, Why: f.why}
		if p.Why == "" {
			p.Why = "no stage, and no count that it belongs to"
		}
		s.out.Passed = append(s.out.Passed, p)
	}
}

func (s *sentence) stagesOf(m match) (list []record.Stage, mirror bool) {
	for _, i := range m.stages {
		word := s.tokens[i].means
		if after, ok := strings.CutPrefix(word, "!"); ok {
			word, mirror = after, true
		}
		list = append(list, record.Stage(word))
	}
	if len(slices.Compact(slices.Clone(list))) == 1 {
		list = list[:1] // 建成投运
	}
	return list, mirror
}

// totalOf joins the stages of a total in the order of life.
func totalOf(stages []record.Stage) string {
	var words []string
	for _, st := range []record.Stage{record.Reserved, record.Signed, record.Started, record.Commissioned, record.OnTarget} {
		if slices.Contains(stages, st) {
			words = append(words, string(st))
		}
	}
	return strings.Join(words, "+")
}
