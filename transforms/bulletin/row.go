package bulletin

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// This file reads figures that are told in a row, of stages, of areas or of rounds, where
// only the first has all the words.

// respectively gives each stage its own figure.
func (s *sentence) respectively(m match) string {
	if len(m.figures) != len(m.stages) {
		return tryNext
	}
	if why := s.notMetric(m); why != "" {
		return why
	}
	stages, mirror := s.stagesOf(m)
	for i, fig := range m.figures {
		isMoney := s.tokens[fig].kind == money
		if !isMoney && !s.countable(fig) {
			return "no count of projects"
		}
		g := s.newGroup(m, stages[i:i+1], m.stages[i:i+1], mirror)
		g.onspot = false
		metric := record.Projects
		if isMoney {
			metric, g.hasMoney = s.metric(m), true
		}
		s.claim(g, m, fig, metric, "", m.metric)
		if i == 0 {
			s.open = nil
		}
		s.open = append(s.open, g)
	}
	return ""
}

// areasRespectively gives each area its own figure: 汤阴县、内黄县分别签约8个、6个.
func (s *sentence) areasRespectively(m match) string {
	if len(m.places) != len(m.figures) {
		return tryNext
	}
	stages, mirror := s.stagesOf(m)
	var groups []*group
	for i, fig := range m.figures {
		if s.tokens[fig].kind != money && !s.countable(fig) {
			return "no count of projects"
		}
		t := &s.tokens[m.places[i]]
		s.setArea(s.area(t.places, s.city), t.Span, true)
		g := s.newGroup(m, stages, m.stages, mirror)
		g.onspot, g.hasCount = false, true
		s.claim(g, m, fig, record.Projects, "", -1)
		groups = append(groups, g)
	}
	s.open = groups
	return ""
}

// areaCount carries the stage of the group before to another area: 太原市20个，
// 大同市19个.
func (s *sentence) areaCount(m match) string {
	var last *group
	for i := len(s.groups) - 1; i >= 0; i-- {
		g := s.groups[i]
		if g.sentence != s.span && !(s.inPart && g.line == s.line) {
			break
		}
		if !g.alone && !g.split {
			last = g
			break
		}
	}
	if last != nil && last.sentence != s.span {
		for _, g := range s.groups {
			if g.sentence == last.sentence && g != last {
				return tryNext // 签约20个，开工30个。其中甲县5个
			}
		}
	}
	if last == nil || !last.hasCount || !s.countable(m.figures[0]) {
		return tryNext
	}
	if m.from > 0 {
		switch s.tokens[m.from-1].kind {
		case comma, enum, semi, colon, of, open, space, join:
		default:
			return tryNext
		}
	}
	if s.stageFollows(m.to) {
		return tryNext // 永济经开区6个项目签约
	}
	if !s.listArea(m.place) {
		return tryNext
	}
	g := s.newGroup(m, last.stages, nil, last.mirror)
	g.stageAt = last.stageAt
	g.hasCount = true
	s.claim(g, m, m.figures[0], record.Projects, "", -1)
	s.chain(g, m.to)
	return ""
}

// shareCount takes the part that an area has of the count before it, or of a stage's
// projects: 全省签约347个项目，我市占41个；开工323个. What follows is again of the whole.
func (s *sentence) shareCount(m match) string {
	if !s.countable(m.figures[0]) || s.stageFollows(m.to) {
		return tryNext
	}
	var stages []record.Stage
	var stageAt []Span
	mirror := false
	at := s.lastStage(m.from)
	if last := s.lastCount(); last != nil && last.end-s.base > at {
		stages, stageAt, mirror = last.stages, last.stageAt, last.mirror
	} else if at >= 0 && s.amongProjects(at, m.from) {
		stages, mirror = s.stagesOf(match{stages: []int{at}})
		stageAt = []Span{s.tokens[at].Span}
	} else {
		return tryNext
	}
	was := s.ctx
	if !s.enterArea(m.place) {
		return tryNext
	}
	g := s.newGroup(m, stages, nil, mirror)
	g.stageAt, g.hasCount = stageAt, true
	s.claim(g, m, m.figures[0], record.Projects, "", -1)
	s.open = nil
	s.chain(g, m.to)
	s.ctx = was
	return ""
}

// lastCount is the group told last, if it is a count of stages in this sentence; else nil.
func (s *sentence) lastCount() *group {
	if len(s.groups) == 0 {
		return nil
	}
	g := s.groups[len(s.groups)-1]
	if g.sentence != s.span || !g.hasCount || g.alone || g.split {
		return nil
	}
	return g
}

// lastStage is the last stage before token i; -1 for none.
func (s *sentence) lastStage(i int) int {
	for i--; i >= 0; i-- {
		if s.tokens[i].kind == stage {
			return i
		}
	}
	return -1
}

// amongProjects reports whether nothing but 项目中 and a comma stands between a stage and what
// ends before token i: 签约项目中，运城占41个.
func (s *sentence) amongProjects(stageAt, i int) bool {
	between := strings.TrimRight(s.text.Body[s.tokens[stageAt].To:s.tokens[i].From], "，, ”」")
	for k := stageAt + 1; k < i; k++ {
		if t := &s.tokens[k]; !silent(t) && t.kind != comma && t.kind != of && s.word(t) != "中" {
			return false
		}
	}
	return strings.HasSuffix(between, "中")
}

// stageAreaCount takes 签约项目全市共有48个.
func (s *sentence) stageAreaCount(m match) string {
	if s.stageFollows(m.to) || !s.countable(m.figures[0]) {
		return tryNext
	}
	if !s.enterArea(m.place) {
		return tryNext
	}
	return s.stageCount(m)
}

// areaInTurn gives an area the stages, or the rates, of another area's figures before it, one
// by one: 全市签约48个、开工101个、投产52个。其中，浉河区分别为2个、7个、3个.
func (s *sentence) areaInTurn(m match) string {
	like := s.figuresBefore(len(m.figures), s.tokens[m.figures[0]].kind)
	if like == nil {
		return tryNext
	}
	for _, fig := range m.figures {
		if k := s.tokens[fig].kind; k != money && k != ratio && !s.countable(fig) {
			return "no count of projects"
		}
	}
	if !s.listArea(m.place) {
		return tryNext
	}
	var groups []*group
	for i, fig := range m.figures {
		model := s.out.Claims[like[i].claims[0]]
		g := s.newGroup(m, like[i].stages, nil, like[i].mirror)
		g.ctx.when, g.stageAt, g.inTurn = like[i].ctx.when, like[i].stageAt, true
		g.hasCount, g.hasMoney = s.tokens[fig].kind == count || s.tokens[fig].kind == number, s.tokens[fig].kind == money
		n := len(s.out.Claims)
		s.claim(g, m, fig, model.Metric, "", -1)
		if len(s.out.Claims) > n {
			s.out.Claims[n].Method = model.Method
		}
		groups = append(groups, g)
	}
	s.open = groups
	return ""
}

// figuresBefore are the last n figures of one kind in the paragraph, of one sentence and
// area, each of its own stage; nil when they are not just n.
func (s *sentence) figuresBefore(n int, kind kind) []*group {
	var list []*group
	for i := len(s.groups) - 1; i >= 0 && i >= len(s.groups)-longestSentence && s.groups[i].line == s.line; i-- {
		g := s.groups[i]
		if g.inTurn || len(g.claims) == 0 {
			continue
		}
		if len(list) > 0 && (g.sentence != list[0].sentence || g.ctx.area != list[0].ctx.area) {
			break
		}
		d := s.out.Claims[g.claims[0]].Metric.Dimension()
		fits := kind == ratio && d == record.Ratio || kind == money && d == record.Money || (kind == count || kind == number) && g.hasCount && d == record.Count
		if !fits || len(g.stages) != 1 || g.onspot || g.split || g.byRound || len(list) == n {
			return nil
		}
		list = append(list, g)
	}
	if len(list) != n {
		return nil
	}
	slices.Reverse(list)
	return list
}

// areaAt is the area that is named at token i, by its name or as 高新区 in the text of its
// city.
func (s *sentence) areaAt(i int) (id record.AreaID, at Span, ok bool) {
	t := &s.tokens[i]
	if t.kind == scope {
		if t.means != "zone" || s.r.level(s.topic) == record.Zone {
			return "", Span{}, false
		}
		id = s.zoneOf(s.word(t))
		return id, t.Span, id != ""
	}
	id, end, what := s.placeAt(s.base+i, s.base+len(s.tokens))
	return id, Span{t.From, s.document.tokens[end-1].To}, what != atVenue && what != inName
}

// ofRound takes the figures of a stage that are listed round by round: 签约项目总投资第一次
// 22.4亿元、第二次18亿元. Of the second on, the stage and the word for what they are stand
// with the first. What follows the list is again of when the sentence was about.
func (s *sentence) ofRound(m match) string {
	fig, g := m.figures[0], (*group)(nil)
	if len(m.stages) == 0 {
		if g = s.roundBefore(m.from, s.tokens[fig].kind); g == nil {
			return tryNext
		}
	}
	if why := s.notMetric(m); why != "" {
		return why
	}
	if s.tokens[fig].kind != money && !s.countable(fig) || s.stageFollows(m.to) {
		return tryNext
	}
	if !s.roundWord(s.base+m.nth, s.lines[s.line]) || s.bygone(s.tokens[m.nth].Span) || s.compared(m.nth) {
		return tryNext
	}
	was := s.ctx.when
	s.ctx.when = s.round(m.nth)
	metric, metricAt := record.Projects, -1
	var next *group
	if g == nil {
		stages, mirror := s.stagesOf(m)
		next = s.newGroup(m, stages, m.stages, mirror)
		if s.tokens[fig].kind == money {
			metric, metricAt = s.metric(m), m.metric
		}
	} else {
		next = s.newGroup(m, g.stages, nil, g.mirror)
		next.stageAt = g.stageAt
		metric = s.out.Claims[g.claims[0]].Metric
	}
	next.byRound, next.hasMoney, next.hasCount = true, s.tokens[fig].kind == money, s.tokens[fig].kind != money
	s.claim(next, m, fig, metric, "", metricAt)
	s.ctx.when, s.open = was, nil
	if next.hasCount {
		s.chain(next, m.to)
	}
	return ""
}

// roundBefore is the group whose stage a further round of a list takes, or the first behind
// 其中: 签约项目12个，其中第一次3个、14.2亿元，第二次4个; nil when it is not clear.
func (s *sentence) roundBefore(i int, kind kind) *group {
	n := len(s.groups)
	if n == 0 {
		return nil
	}
	g := s.groups[n-1]
	if g.sentence != s.span || g.onspot || g.split || g.alone || len(g.stages) != 1 || len(g.claims) == 0 || g.end < s.base {
		return nil
	}
	if !g.byRound && !(s.inPart && g.hasCount) || g.hasCount != (kind != money) {
		return nil
	}
	for k := g.end - s.base; k < i; k++ {
		switch s.tokens[k].kind {
		case comma, enum, join, space, of, colon, open:
		default:
			return nil
		}
	}
	return g
}

// roundsRespectively gives each round of a year its own figure, where the sentence tells how
// many there were: 2022年四次活动签约项目总投资分别为22.4亿元、18亿元、31.5亿元、25.3亿元.
func (s *sentence) roundsRespectively(m match) string {
	if why := s.notMetric(m); why != "" {
		return why
	}
	stages, mirror := s.stagesOf(m)
	if !s.roundsInTurn(m, stages, m.stages, mirror) {
		return tryNext
	}
	return ""
}

// roundsInTurn claims a figure for each round of the year that is told, if there are as many.
func (s *sentence) roundsInTurn(m match, stages []record.Stage, stageAt []int, mirror bool) bool {
	year := cmp.Or(s.ctx.year, s.ctx.lastYear)
	told := false
	for i := range m.to {
		t := &s.tokens[i]
		told = told || t.kind == rounds && t.n == len(m.figures) && (s.firstOf(i) || !s.heldBy(year, t.n+1))
	}
	if !told || year == 0 || s.r.campaign.Numbering != record.ByYear || s.areas > 1 {
		return false
	}
	for k, fig := range m.figures {
		if s.tokens[fig].kind != money && !s.countable(fig) || s.roundOf(when{kind: record.OfRound, number: k + 1, year: year}) == "" {
			return false
		}
	}
	was := s.ctx.when
	s.open = nil
	for k, fig := range m.figures {
		s.ctx.when = when{kind: record.OfRound, number: k + 1, year: year, words: was.words}
		g := s.newGroup(m, stages, stageAt, mirror)
		g.byRound, g.hasMoney = true, s.tokens[fig].kind == money
		g.hasCount = !g.hasMoney
		metric := record.Projects
		if g.hasMoney {
			metric = s.metric(m)
		}
		s.claim(g, m, fig, metric, "", m.metric)
		s.open = append(s.open, g)
	}
	s.ctx.when = was
	return true
}

// stageFollows reports whether a stage stands right behind a figure, which is then its own:
// 第一次20个签约项目.
func (s *sentence) stageFollows(i int) bool {
	for ; i < len(s.tokens); i++ {
		if t := &s.tokens[i]; t.kind == stage {
			return true
		} else if !silent(t) {
			return false
		}
	}
	return false
}

// enterArea lets what follows be of the area at token i, a name or 我市, and reports whether
// it is one.
func (s *sentence) enterArea(i int) bool {
	if t := &s.tokens[i]; t.kind == scope && t.means != "zone" {
		s.scope(i)
		return true
	}
	id, at, ok := s.areaAt(i)
	if ok {
		s.setArea(id, at, true)
	}
	return ok
}

// listArea enters the area at token i as one of a list, which has its stage from the figures
// before the list. What held there holds again behind it.
func (s *sentence) listArea(i int) bool {
	id, at, ok := s.areaAt(i)
	if !ok {
		return false
	}
	if !s.carried {
		head := s.ctx
		s.listOf = &head
	}
	s.setArea(id, at, true)
	s.carried = true
	return true
}

// firstOf reports whether the rounds at token i are said to be the first: 前三次.
func (s *sentence) firstOf(i int) bool {
	p := s.before(i)
	return p != nil && p.kind == period && strings.HasPrefix(s.word(p), "前")
}

// heldBy reports whether the text knows of a further round of a year: 近三次, told after the
// fourth, are not the first three.
func (s *sentence) heldBy(year, number int) bool {
	id := s.roundOf(when{kind: record.OfRound, number: number, year: year})
	return slices.ContainsFunc(s.r.rounds, func(r record.Round) bool {
		return id != "" && r.Round == id && (r.HeldOn == 0 || s.text.Published == 0 || r.HeldOn <= s.text.Published)
	})
}
