package bulletin

import (
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
