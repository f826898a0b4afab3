package bulletin

import (
	"slices"
	"strings"
	"time"

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

	clause   int      // where the clause begins
	sub      string   // why all that follows counts something else: a sector's name stands before it
	inPart   bool     // behind 其中
	whole    *context // what held before 其中, and holds again in the next sentence
	hasRound bool     // the sentence names a round
	thisOne  bool     // 本次
	hasName  bool     // the campaign's name stands in the sentence
	until    record.Date
	standing bool // 目前
	parens   int
	days     []record.Date // of the sentence
	open     []*group
}

func (s *sentence) read() {
	if st := s.heading(); st >= 0 {
		s.section, s.sectionLine = s.tokens[st], s.line
		return
	}
	figures := false
	for i := range s.tokens {
		switch s.tokens[i].kind {
		case series:
			s.hasName = true
		case nth:
			s.hasRound = true
		case count, number, money, ratio:
			figures = true
		}
	}
	if n := len(s.groups); n > 0 && s.groups[n-1].line == s.line && s.base-s.groups[n-1].end <= 1 {
		s.open = []*group{s.groups[n-1]} // 。总投资…
	}
	for i := 0; i < len(s.tokens); {
		t := &s.tokens[i]
		if figures && starts[t.kind] {
			if to := s.try(i); to > i {
				i = to
				continue
			}
		}
		i = s.note(i)
	}
	if figures && s.relevant() {
		s.projects()
	}
	s.pass()
	if s.whole != nil {
		s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear, s.ctx.universe = s.whole.area, s.whole.areaAt, s.whole.printed, s.whole.unclear, s.whole.universe
	}
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
		if len(m.stages) == 0 && m.metric >= 0 {
			return i // the count before it may still have other amounts
		}
		if r.name != "count of no stage" && r.name != "area and its count" {
			s.open = []*group{{split: true, end: s.base + m.to, line: s.line}}
			return m.to
		}
		if s.parens == 0 {
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
		case t.kind == stage && at < 0 && !strings.HasPrefix(t.means, "!"):
			at = i
		case !silent(t) && t.kind != open && t.kind != shut:
			return -1
		}
	}
	return at
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
	amountOnly := len(m.stages) == 0 && m.metric >= 0
	total := m.rule.name == "count of no stage"
	for i := m.from - 1; i >= s.clause && i >= 0; i-- {
		t := &s.tokens[i]
		if t.kind == comma || t.kind == semi || t.kind == colon || t.kind == open || t.kind == shut && !amountOnly {
			if t.kind == comma && i+1 < len(s.tokens) && s.planBefore(i) {
				return "target or plan"
			}
			break
		}
		if t.kind == after && len(m.stages) > 0 && s.tokens[m.figures[0]].kind != money {
			return "target or plan" // 预计签约
		}
		if t.kind == block {
			if t.means != "growth" && t.means != "rank" {
				s.sub = t.means
				return t.means
			}
		}
	}
	if s.sub != "" && len(m.stages) > 0 {
		return s.sub
	}
	// An unknown word right before a claim is its subject, or a kind of project.
	for i := m.from - 1; i >= s.clause && i >= 0; i-- {
		t := &s.tokens[i]
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
				return t.means + "kind of project"
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
		s.parens++
		s.clause = i + 1
	case shut:
		s.parens = 0
		s.clause = i + 1
	case semi:
		s.clause, s.sub, s.open = i+1, "", nil
		s.inPart = false
	case of:
		s.inPart, s.sub = true, ""
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
		s.thisOne = true
		if !s.hasRound && len(s.days) == 0 {
			s.ctx.when = when{}
		}
	case universe:
		s.universe(i)
	}
	return i + 1
}

func (s *sentence) setArea(id record.AreaID, at Span, printed bool) {
	s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.universe, s.ctx.unclear = id, at, printed, "", id == ""
	s.sub = ""
	s.open = nil
}

// place takes the name of an area.
func (s *sentence) place(i int) int {
	id, end, what := s.document.placeAt(s.base+i, s.base+len(s.tokens))
	end -= s.base
	at := Span{s.tokens[i].From, s.tokens[end-1].To}
	if id != "" {
		s.ctx.lastPlace = id
	}
	switch what {
	case atVenue, inName, inList:
	case asEvent:
		if s.r.level(id) == record.Province && s.topic != "" && s.topic != id {
			if s.ctx.area == "" {
				s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear = s.topic, s.topicPlace, true, true
			}
			break
		}
		s.setArea(id, at, true)
	default:
		if s.clause <= i && (s.r.level(id) != record.Province || s.ctx.area == "" || s.ctx.area == s.r.campaign.AreaID || true) {
			s.setArea(id, at, true)
		}
	}
	return end
}

// scope takes 全省, 我市, 全县.
func (s *sentence) scope(i int) {
	t := &s.tokens[i]
	if i > 0 && s.tokens[i-1].kind == gap && s.tokens[i-1].To == t.From {
		if hasAnySuffix(s.word(&s.tokens[i-1]), "占", "居", "列", "比", "于", "占到") {
			return
		}
	}
	for k := i + 1; k < len(s.tokens) && k < i+14; k++ {
		if k := s.tokens[k].kind; k == series {
			if t.means == "province" && s.topic != "" && s.topic != s.r.campaign.AreaID {
				if s.ctx.area == "" {
					s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear = s.topic, s.topicPlace, true, true
				}
				return
			}
		} else if k != day && k != nth && k != rounds && k != filler && k != quote && k != space && k != noun && k != join && k != gap {
			break
		}
	}
	if word := s.word(t); strings.HasPrefix(word, "该") || strings.HasPrefix(word, "該") {
		id := s.ctx.lastPlace
		switch t.means {
		case "city":
			id = s.r.resolver.CityOf(id)
		case "county", "district":
			id = s.lowest(id, record.County)
		case "province":
			id = s.r.campaign.AreaID
		}
		s.setArea(id, t.Span, false)
		return
	}
	id := record.AreaID("")
	switch t.means {
	case "province":
		id = s.r.campaign.AreaID
	case "city":
		id = s.city
		if c := s.r.resolver.CityOf(s.ctx.area); id == "" && c != "" {
			id = c
		}
	case "county", "district":
		id = s.county
		if id == "" && s.r.level(s.topic) == record.Zone && t.means == "district" {
			id = s.topic
		}
	case "zone":
		if s.r.level(s.topic) == record.Zone {
			id = s.topic
		}
	}
	s.setArea(id, t.Span, false)
}

// day takes a date.
func (s *sentence) day(i int) {
	t := &s.tokens[i]
	p := t.date
	next := s.after(i)
	if next != nil && next.kind == nth {
		return
	}
	if p.year > 0 {
		s.ctx.lastYear = p.year
	}
	from, to := s.span1(p)
	prev := s.before(i)
	switch {
	case next != nil && next.kind == period && next.means == "since" || prev != nil && prev.kind == period && prev.means == "since":
		s.ctx.when = when{kind: record.Cumulative, from: from, to: s.upTo(), words: t.Span}
	case prev != nil && prev.kind == period && prev.means == "until":
		s.until, s.standing = to, true
		if s.ctx.kind == record.Cumulative {
			s.ctx.to = to
		}
	case p.day > 0:
		if on := s.dayOf(p, s.ctx.lastYear); on != 0 {
			s.days = append(s.days, on)
			s.ctx.when = when{kind: record.OfRound, day: on, words: t.Span}
			if id := s.roundOf(s.ctx.when); s.main.number > 0 && (id == "" || id == s.roundOf(s.main)) {
				s.ctx.when = s.main
			}
		}
	case p.month > 0 && !s.hasRound && !s.thisOne:
		s.ctx.when = when{kind: record.OtherSpan, from: from, to: to, review: "period_unclear", words: t.Span}
	case p.year > 0 && p.month == 0:
		if !s.hasRound && !s.thisOne {
			s.ctx.when = when{kind: record.Annual, year: p.year, loose: !strings.Contains(s.text.Body[t.From:t.To], "度"), words: t.Span}
		}
	}
}

func (s *sentence) upTo() record.Date {
	if s.until != 0 {
		return s.until
	}
	return s.text.Published
}

// span1 is the first and last day of a printed date.
func (d *document) span1(p dateParts) (from, to record.Date) {
	if p.year == 0 {
		p.year = d.year
	}
	if p.year == 0 {
		return 0, 0
	}
	switch {
	case p.day > 0 && p.month > 0:
		from = record.NewDate(p.year, time.Month(p.month), p.day)
		return from, from
	case p.month > 0:
		return record.NewDate(p.year, time.Month(p.month), 1), record.NewDate(p.year, time.Month(p.month+1), 1) - 1
	}
	return record.NewDate(p.year, 1, 1), record.NewDate(p.year, 12, 31)
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

// nth takes 第八期.
func (s *sentence) nth(i int) {
	t := &s.tokens[i]
	if !s.roundWord(s.base+i, s.lines[s.line]) || s.compared(i) {
		return
	}
	if p := s.before(i); p != nil && (p.kind == join || p.kind == enum || p.kind == gap && strings.HasSuffix(s.text.Body[p.From:p.To], "至")) && i > 1 {
		// 第一期至第七期
		s.ctx.when = when{kind: record.Cumulative, to: s.upTo(), words: t.Span}
		return
	}
	w := when{kind: record.OfRound, number: t.n, year: s.yearBefore(s.base+i, s.base), label: s.labelSpan(s.base+i, s.base)}
	w.words = w.label
	if w.year == 0 && s.main.number == t.n {
		w.year, w.day = s.main.year, s.main.day
	}
	if w.year == 0 && s.ctx.lastYear > 0 {
		w.year = s.ctx.lastYear
	}
	if s.ctx.kind == record.OfRound && s.ctx.day != 0 && s.ctx.number == 0 {
		w.day = s.ctx.day
	}
	s.ctx.when = w
}

// compared reports whether the round at token i is only what others are compared
// with: 较上次增加8个, 与第六期相比.
func (s *sentence) compared(i int) bool {
	body := s.text.Body
	if before := strings.TrimRight(body[s.span.From:s.tokens[i].From], " “”"); hasAnySuffix(before, "较", "比", "較") {
		return true
	}
	behind := body[s.tokens[i].To:min(s.tokens[i].To+60, s.span.To)]
	if k := strings.IndexAny(behind, "，,；"); k >= 0 {
		behind = behind[:k]
	}
	return strings.Contains(behind, "相比") || strings.HasPrefix(behind, "增加") || strings.HasPrefix(behind, "多")
}

func hasAnySuffix(text string, tails ...string) bool {
	return slices.ContainsFunc(tails, func(tail string) bool { return strings.HasSuffix(text, tail) })
}

// rounds takes 七次.
func (s *sentence) rounds(i int) {
	t := &s.tokens[i]
	prev := s.before(i)
	several := t.n > 1 && (prev != nil && prev.kind == period && prev.means == "before" || s.roundWord(s.base+i, s.lines[s.line]))
	if !several {
		return
	}
	switch s.ctx.kind {
	case record.Annual:
		s.ctx.loose = false
	case record.Cumulative:
	default:
		s.ctx.when = when{kind: record.Cumulative, to: s.upTo(), words: t.Span}
		if n := len(s.days); n > 1 { // 分别于2月28日、6月6日、8月8日共实施3期
			s.ctx.from, s.ctx.to = s.days[0], s.days[n-1]
		}
	}
}

func (s *sentence) period(i int) {
	t := &s.tokens[i]
	switch t.means {
	case "cumulative":
		switch {
		case s.ctx.kind == record.Annual, s.ctx.kind == record.Cumulative, s.thisOne, s.ctx.kind == record.OfRound && s.hasRound:
		default:
			s.ctx.when = when{kind: record.Cumulative, to: s.upTo(), words: t.Span}
		}
	case "until":
		s.standing = true
	case "previous":
		if s.compared(i) {
			break
		}
		w := s.main
		w.number--
		w.day = 0
		w.words, w.label = t.Span, Span{}
		if w.number <= 0 {
			w = when{kind: record.OfRound, review: "round_unknown", words: t.Span}
		}
		s.ctx.when = w
	case "last year", "this year":
		year := s.text.Published.Year()
		if year == 0 {
			year = s.year
		}
		if t.means == "last year" {
			year--
		}
		if year > 0 && !s.hasRound && !s.thisOne {
			s.ctx.when = when{kind: record.Annual, year: year, loose: true, words: t.Span}
			if strings.HasSuffix(s.text.Body[t.From:t.To], "以来") {
				s.ctx.when = when{kind: record.Cumulative, loose: true, from: record.NewDate(year, 1, 1), to: s.upTo(), words: t.Span}
			}
		}
	case "part":
		if !s.hasRound && !s.thisOne {
			s.ctx.when = when{kind: record.OtherSpan, review: "period_unclear", words: t.Span}
		}
	case "year":
		if s.ctx.kind == record.Annual {
			s.ctx.loose = false
		}
	}
}

// universe takes 不含综改示范区, behind an area or behind the figures.
func (s *sentence) universe(i int) {
	t := &s.tokens[i]
	s.ctx.universe = t.means
	if len(s.open) > 0 && i > 0 && s.tokens[i-1].kind == open {
		for _, g := range s.open {
			g.ctx.universe = t.means
			for _, c := range g.claims {
				s.out.Claims[c].Universe = t.means
			}
		}
	}
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
