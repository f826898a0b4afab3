package bulletin

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// newGroup opens the group of a stage's figures at a match.
func (s *sentence) newGroup(m match, stages []record.Stage, at []int, mirror bool) *group {
	if len(at) > 0 && s.areas > 0 {
		switch {
		case s.carried && s.whole != nil: // 签约45个，其中甲县6个；开工50个
			s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear, s.ctx.universe = s.whole.area, s.whole.areaAt, s.whole.printed, s.whole.unclear, s.whole.universe
			s.carried = false
		case s.carried, s.whole != nil && s.areas-s.partAt > 1 && s.semiAt == s.areas:
			s.ctx.unclear = true
		}
	}
	g := &group{ctx: s.context(), stages: stages, mirror: mirror, sentence: s.span, figure: -1, end: s.base + m.to, line: s.line}
	if m.universe != "" {
		g.ctx.universe = m.universe
	}
	for _, i := range at {
		g.stageAt = append(g.stageAt, s.tokens[i].Span)
	}
	if len(stages) > 1 {
		g.totalOf = totalOf(stages)
	}
	g.onspot = m.onspot || s.onspotBefore(m.from)
	s.groups = append(s.groups, g)
	return g
}

// onspotBefore reports whether 现场 or 代表项目 stands right before token i.
func (s *sentence) onspotBefore(i int) bool {
	for i--; i >= 0 && i >= s.clause-1; i-- {
		t := &s.tokens[i]
		if t.kind == onspot {
			return true
		}
		if !silent(t) {
			return false
		}
	}
	return false
}

// context is what holds at this place, with what the text tells elsewhere where
// the sentence is silent.
func (s *sentence) context() context {
	c := s.ctx
	if c.area == "" && !c.unclear {
		c.area, c.areaAt, c.printed = s.topic, s.topicPlace, s.topicPlace != Span{}
	}
	if c.universe == "" {
		c.universe = s.lasting[c.area]
	}
	if c.kind == "" {
		c.when = s.main
	}
	if c.loose && !s.hasName && !s.yearOver(c.year) {
		c.review = "period_unclear"
	}
	if s.standing && c.kind == record.OfRound {
		c.review = "period_unclear"
	}
	return c
}

// yearOver reports whether a text looks back on a year from behind its end, and tells of
// none of its rounds.
func (d *document) yearOver(year int) bool {
	return d.text.Published.Year() > year && d.main.number == 0 && d.main.day == d.text.Published && d.roundOf(d.main) == ""
}

// chain adds a group to those that an amount behind them may belong to.
func (s *sentence) chain(g *group, from int) {
	joined := len(s.open) > 0
	for _, o := range s.open {
		if o.hasMoney || o.onspot || o.sentence != g.sentence || o.split || o.alone || len(o.stages) > 1 || len(g.stages) > 1 || o.ctx.areaAt != g.ctx.areaAt {
			joined = false
		}
	}
	if !joined {
		s.open = nil
	}
	s.open = append(s.open, g)
	g.end = s.base + from
}

func (s *sentence) stageCount(m match) string {
	stages, mirror := s.stagesOf(m)
	return s.single(m, stages, mirror, m.figures[0])
}

// batchCount takes a count behind the name of its batch: 签约一批，41个项目，总投资….
func (s *sentence) batchCount(m match) string {
	word := s.r.fold.string(strings.TrimRight(s.word(&s.tokens[m.stages[0]]), "”」\""))
	next := s.after(m.figures[0])
	if !strings.HasSuffix(word, "一批") || next == nil || next.kind != noun || s.tokens[m.figures[0]].kind != count {
		return tryNext
	}
	if s.stageFollows(m.to) {
		return tryNext
	}
	return s.stageCount(m)
}

func (s *sentence) countStage(m match) string {
	if why := s.followedByFigure(m); why != "" {
		return why
	}
	stages, mirror := s.stagesOf(m)
	return s.single(m, stages, mirror, m.figures[0])
}

// followedByFigure leaves 54个，签约 and 项目54个签约12个 to other rules: a stage
// that its own figure follows belongs to that, unless a stage ends the row:
// 263个项目签约231个项目开工.
func (s *sentence) followedByFigure(m match) string {
	why := ""
	for i := m.to; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		if t.kind == space && !s.document.latin && s.tokens[m.to-2].kind != space && why == "" {
			break // 321个项目签约 302个项目开工
		}
		switch {
		case t.kind == count || t.kind == number:
			why = tryNext
		case t.kind == stage && why != "":
			why = ""
		case !silent(t) && t.kind != respectively:
			return why
		}
		if why == "" && i >= m.to+8 {
			break
		}
	}
	return why
}

func (s *sentence) single(m match, stages []record.Stage, mirror bool, fig int) string {
	if !s.countable(fig) {
		return "no count of projects"
	}
	if s.tokens[fig].figure.more {
		return "target or plan" // 签约项目80个以上
	}
	g := s.newGroup(m, stages, m.stages, mirror)
	g.hasCount = true
	metric := record.Projects
	if g.onspot {
		if len(stages) != 1 || stages[0] != record.Signed {
			s.groups = s.groups[:len(s.groups)-1]
			return "representative projects of a stage that is not signed"
		}
		metric = record.Representative
	}
	review := ""
	if s.progress(g, m) {
		review = "period_unclear"
	}
	s.claim(g, m, fig, metric, review, -1)
	s.chain(g, m.to)
	return ""
}

// progress reports whether a count tells how far the batch before it has come,
// and is no batch of its own: 第十一期签约项目587个，已开工402个.
func (s *sentence) progress(g *group, m match) bool {
	already := false
	for i := m.from - 1; i >= 0 && i >= m.from-4 && (silent(&s.tokens[i]) || s.tokens[i].kind == period); i-- {
		already = already || strings.HasPrefix(s.word(&s.tokens[i]), "已") || strings.HasSuffix(s.word(&s.tokens[i]), "已")
	}
	if !already {
		return false
	}
	for _, o := range s.groups {
		if o.sentence == s.span && len(o.stages) == 1 && len(g.stages) == 1 && o.stages[0] != g.stages[0] {
			return true
		}
	}
	return false
}

// countable reports whether a figure may count projects.
func (s *sentence) countable(fig int) bool {
	t := &s.tokens[fig]
	if t.kind == count {
		return true
	}
	if t.kind != number {
		return false
	}
	if next := s.after(fig); next != nil && (next.kind == gap || next.kind == block || next.kind == place || next.kind == at) && (s.document.latin || next.From == t.To) {
		return false
	}
	return true
}

func (s *sentence) together(m match) string {
	stages, mirror := s.stagesOf(m)
	fig := m.figures[0]
	if s.tokens[fig].kind == money {
		return s.moneyOf(m, stages, mirror, fig)
	}
	if i := fig - 1; i > m.from && s.tokens[i].kind == filler && s.word(&s.tokens[i]) == "各" && s.countable(fig) {
		for i := range stages { // 开工、投产项目各225个
			g := s.newGroup(m, stages[i:i+1], m.stages[i:i+1], mirror)
			g.hasCount = true
			s.claim(g, m, fig, record.Projects, "", -1)
		}
		s.open = nil
		return ""
	}
	return s.single(m, stages, mirror, fig)
}

func (s *sentence) stageAmount(m match) string {
	stages, mirror := s.stagesOf(m)
	if m.metric < 0 && !s.hasName && !s.hasSeries {
		return "an amount without a word for what it is"
	}
	return s.moneyOf(m, stages, mirror, m.figures[0])
}

// leastOfEach reports whether an amount is the least that each of some projects has:
// 总投资50亿元以上项目20个, 投资5亿元以上的项目有11个.
func (s *sentence) leastOfEach(fig int) bool {
	next := s.after(fig)
	if next == nil {
		return false
	}
	if next.kind == block && next.means == "size class" {
		return true
	}
	return s.tokens[fig].figure.more && next.kind != comma && next.kind != semi && next.kind != enum && next.kind != shut
}

// moneyOf claims an amount that stands right behind its stages.
func (s *sentence) moneyOf(m match, stages []record.Stage, mirror bool, fig int) string {
	if why := s.notMetric(m); why != "" {
		return why
	}
	if m.metric < 0 && s.tokens[fig].figure.more || s.leastOfEach(fig) {
		return "size class"
	}
	// 亿元以上项目12个, 总投资20亿元的某某项目: the amount describes projects.
	if next := s.after(fig); next != nil && (next.kind == noun || next.kind == filler && s.word(next) == "的") {
		return "size class or single project"
	}
	at := m.stages
	if len(at) == 0 {
		at = []int{m.metric}
	}
	g := s.newGroup(m, stages, at, mirror)
	if g.onspot {
		s.groups = s.groups[:len(s.groups)-1]
		return "money of representative projects"
	}
	s.claim(g, m, fig, s.metric(m), "", m.metric)
	g.hasMoney = true
	s.open = []*group{g}
	return ""
}

func (s *sentence) word(t *token) string { return s.text.Body[t.From:t.To] }

// notMetric tells why a metric's figure is no claim.
func (s *sentence) notMetric(m match) string {
	if m.metric >= 0 {
		if p := s.before(m.from); p != nil && p.kind == day && p.date.day == 0 && strings.Contains(s.word(&s.tokens[m.metric]), "投") {
			return "planned investment of the year" // 2022年计划投资
		}
		if why, ok := strings.CutPrefix(s.tokens[m.metric].means, "!"); ok {
			return why
		}
	}
	return ""
}

func (s *sentence) metric(m match) record.Metric {
	if m.metric < 0 {
		return record.Investment
	}
	return record.Metric(s.tokens[m.metric].means)
}

// sizeClass reports whether an amount tells how large each of the counted
// projects is: 10亿元以上项目12个.
func (s *sentence) sizeClass(money, count int) bool {
	f := s.tokens[money].figure
	if f.more {
		return true
	}
	nounBetween := false
	for i := money + 1; i < count; i++ {
		nounBetween = nounBetween || s.tokens[i].kind == noun
	}
	return nounBetween && f.approximate
}

func (s *sentence) amountCount(m match) string {
	if s.sizeClass(m.figures[0], m.figures[1]) {
		return "size class"
	}
	if why := s.notMetric(m); why != "" {
		return why
	}
	stages, mirror := s.stagesOf(m)
	if why := s.single(m, stages, mirror, m.figures[1]); why != "" {
		return why
	}
	return s.moneyToo(m, m.figures[0])
}

func (s *sentence) amountCountStage(m match) string {
	if why := s.followedByFigure(m); why != "" {
		return why
	}
	cnt, mon := m.figures[1], m.figures[0]
	if s.tokens[mon].kind != money {
		cnt, mon = mon, cnt
	} else if s.sizeClass(mon, cnt) {
		return "size class"
	}
	if why := s.notMetric(m); why != "" {
		return why
	}
	stages, mirror := s.stagesOf(m)
	if why := s.single(m, stages, mirror, cnt); why != "" {
		return why
	}
	return s.moneyToo(m, mon)
}

// amountStageCount takes 总投资131.1亿元的开工项目有36个.
func (s *sentence) amountStageCount(m match) string {
	mon, cnt := m.figures[0], m.figures[1]
	of := s.tokens[mon+1]
	if of.kind != filler || s.word(&of) != "的" || s.tokens[mon].figure.more || s.notMetric(m) != "" || s.followedByFigure(m) != "" {
		return tryNext
	}
	if next := s.after(m.stages[0]); next == nil || next.kind != noun {
		return tryNext
	}
	stages, mirror := s.stagesOf(m)
	if why := s.single(m, stages, mirror, cnt); why != "" {
		return tryNext
	}
	return s.moneyToo(m, mon)
}

// countInPlace takes the projects that started somewhere: 总投资38.6亿元的6个项目在方城县
// 开工. What follows is again of whom the sentence was about.
func (s *sentence) countInPlace(m match) string {
	t := &s.tokens[m.place]
	id := s.area(t.places, s.city)
	if l := s.r.level(id); id == "" || l == record.Province {
		return tryNext
	}
	was, areas := s.ctx, s.areas
	s.setArea(id, t.Span, true)
	do := s.countStage
	if len(m.figures) > 1 {
		do = s.amountCountStage
	}
	why := do(m)
	s.areas = areas
	s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.universe, s.ctx.unclear, s.ctx.event = was.area, was.areaAt, was.printed, was.universe, was.unclear, was.event
	return why
}

func (s *sentence) moneyToo(m match, fig int) string {
	g := s.groups[len(s.groups)-1]
	if g.onspot {
		s.tokens[fig].figure.rule = "money of representative projects"
		return ""
	}
	s.claim(g, m, fig, s.metric(m), "", m.metric)
	g.hasMoney = true
	return ""
}

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

// stageAreaCount takes 签约项目全市共有48个.
func (s *sentence) stageAreaCount(m match) string {
	if s.stageFollows(m.to) || !s.countable(m.figures[0]) {
		return tryNext
	}
	if s.tokens[m.place].kind == scope && s.tokens[m.place].means != "zone" {
		s.scope(m.place)
	} else if id, at, ok := s.areaAt(m.place); ok {
		s.setArea(id, at, true)
	} else {
		return tryNext
	}
	return s.stageCount(m)
}

// roundsRespectively gives each round of a year its own figure, where the sentence tells how
// many there were: 2022年四次活动签约项目总投资分别为22.4亿元、18亿元、31.5亿元、25.3亿元.
func (s *sentence) roundsRespectively(m match) string {
	if why := s.notMetric(m); why != "" {
		return why
	}
	stages, _ := s.stagesOf(m)
	if !s.roundsInTurn(m, stages, m.stages) {
		return tryNext
	}
	return ""
}

// roundsInTurn claims a figure for each round of the year that is told, if there are as many.
func (s *sentence) roundsInTurn(m match, stages []record.Stage, stageAt []int) bool {
	year := cmp.Or(s.ctx.year, s.ctx.lastYear)
	told := false
	for i := range m.to {
		t := &s.tokens[i]
		told = told || t.kind == rounds && t.n == len(m.figures)
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
		g := s.newGroup(m, stages, stageAt, false)
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
	id, at, ok := s.areaAt(m.place)
	if !ok {
		return tryNext
	}
	if !s.carried {
		head := s.ctx
		s.listOf = &head
	}
	s.setArea(id, at, true)
	s.carried = true
	g := s.newGroup(m, last.stages, nil, last.mirror)
	g.stageAt = last.stageAt
	g.hasCount = true
	s.claim(g, m, m.figures[0], record.Projects, "", -1)
	s.chain(g, m.to)
	return ""
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
	id, at, ok := s.areaAt(m.place)
	if !ok {
		return tryNext
	}
	if !s.carried {
		head := s.ctx
		s.listOf = &head
	}
	s.setArea(id, at, true)
	s.carried = true
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
	for i := len(s.groups) - 1; i >= 0 && s.groups[i].line == s.line; i-- {
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

// shareCount takes the part that an area has of the count before it, or of a stage's
// projects: 全省签约347个项目，我市占41个；开工323个. What follows is again of the whole.
func (s *sentence) shareCount(m match) string {
	if !s.countable(m.figures[0]) || s.stageFollows(m.to) {
		return tryNext
	}
	var stages []record.Stage
	var stageAt []Span
	mirror := false
	if n := len(s.groups); n > 0 && s.groups[n-1].sentence == s.span && s.groups[n-1].hasCount && !s.groups[n-1].alone && !s.groups[n-1].split && s.groups[n-1].end-s.base > s.lastStage(m.from) {
		last := s.groups[n-1]
		stages, stageAt, mirror = last.stages, last.stageAt, last.mirror
	} else if at := s.lastStage(m.from); at >= 0 && s.amongProjects(at, m.from) {
		stages, mirror = s.stagesOf(match{stages: []int{at}})
		stageAt = []Span{s.tokens[at].Span}
	} else {
		return tryNext
	}
	was := s.ctx
	if s.tokens[m.place].kind == scope && s.tokens[m.place].means != "zone" {
		s.scope(m.place)
	} else if id, at, ok := s.areaAt(m.place); ok {
		s.setArea(id, at, true)
	} else {
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

// claim makes a claim of a figure in a group.
func (s *sentence) claim(g *group, m match, fig int, metric record.Metric, review string, metricAt int) {
	t := &s.tokens[fig]
	body := s.text.Body
	printed := body[t.figure.full.From:t.figure.full.To] + body[t.figure.unit.From:t.figure.unit.To]
	if t.figure.damaged != "" {
		review = "figure_damaged"
		printed = strings.NewReplacer(" ", "", "\u00a0", "", "*", "0", "×", "0", "□", "0", "?", "0", "O", "0", "o", "0", "l", "1", "I", "1").Replace(printed)
		printed = strings.TrimLeft(printed, ".")
		if unit := strings.TrimLeft(printed, "0123456789.,"); unit != "" { // 1288.亿元
			printed = strings.TrimRight(printed[:len(printed)-len(unit)], ".") + unit
		}
	}
	a, err := parseAmount(printed)
	if err != nil {
		t.figure.rule, t.figure.near, t.figure.why = "figure that cannot be read", m.rule.name, err.Error()
		return
	}
	if a.Currency != "" && a.Currency != "CNY" {
		t.figure.rule, t.figure.near = "foreign money", m.rule.name
		return
	}
	if a.Dimension != metric.Dimension() {
		t.figure.rule, t.figure.near, t.figure.why = "figure that cannot be read", m.rule.name, "its unit is not one of "+string(metric)
		return
	}
	c := Claim{
		Metric: metric, Value: a.Value, Unit: a.Unit, Approximate: a.Approximate || t.figure.approximate,
		ValueAsPrinted: body[t.figure.number.From:t.figure.number.To],
		Quote:          s.span, Rule: m.rule.name, Review: review,
	}
	if c.Unit == "" {
		c.Unit = "个"
		if s.document.latin {
			c.Unit = "projects"
		}
	}
	switch {
	case len(g.stages) == 1:
		c.Stage = g.stages[0]
	default:
		c.Stage, c.TotalOf = record.Total, g.totalOf
	}
	s.place0(&c, g)
	s.time(&c, g.ctx.when)
	if g.mirror {
		c.Review = "mirror_words"
	}
	c.Parts = parts(s, g, t, metricAt)
	t.figure.claimed = true
	g.claims = append(g.claims, len(s.out.Claims))
	if s.out.Claims == nil {
		s.out.Claims = make([]Claim, 0, s.likelyClaims())
	}
	s.out.Claims = append(s.out.Claims, c)
}

// place0 sets the area of a claim.
func (s *sentence) place0(c *Claim, g *group) {
	c.AreaID, c.Universe = g.ctx.area, g.ctx.universe
	if g.ctx.printed {
		c.AreaAsPublished = s.text.Body[g.ctx.areaAt.From:g.ctx.areaAt.To]
	}
	if c.AreaID == "" || g.ctx.unclear {
		c.Review, c.event = "area_unclear", g.ctx.event
	}
}

// time sets the period of a claim.
func (s *sentence) time(c *Claim, w when) {
	c.Period = w.kind
	switch w.kind {
	case record.OfRound:
		c.Round = s.roundOf(w)
		if w.review == "round_unknown" {
			c.Round = ""
		}
		if c.Round == "" && c.Review == "" {
			c.Review = "round_unknown"
		}
		c.RoundLabel = s.text.Body[w.label.From:w.label.To]
	case record.Annual:
		c.PeriodFrom, c.PeriodTo = record.NewDate(w.year, 1, 1), record.NewDate(w.year, 12, 31)
	case record.Cumulative, record.OtherSpan:
		c.PeriodFrom, c.PeriodTo = w.from, w.to
		if w.kind == record.Cumulative && w.from == 0 {
			c.PeriodFrom = s.since
		}
	}
	if w.review != "" && c.Review == "" {
		c.Review = w.review
	}
}

// parts lists the words that decided a claim, in the order of the text.
func parts(s *sentence, g *group, figure *token, metricAt int) []Part {
	list := []Part{{ValuePart, figure.figure.number}}
	add := func(role Role, at Span) {
		if at.To > at.From {
			list = append(list, Part{role, at})
		}
	}
	add(AreaPart, g.ctx.areaAt)
	add(PeriodPart, g.ctx.words)
	for _, at := range g.stageAt {
		add(StagePart, at)
	}
	if metricAt >= 0 {
		add(MetricPart, s.tokens[metricAt].Span)
	}
	for i := 1; i < len(list); i++ {
		for k := i; k > 0 && list[k].From < list[k-1].From; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	return list
}

// likelyClaims is how many figures there are that may be claims, up to a page's fill.
func (d *document) likelyClaims() int {
	n := 0
	for i := range d.tokens {
		switch d.tokens[i].kind {
		case count, money, ratio:
			n++
		}
	}
	return min(n, 128)
}
