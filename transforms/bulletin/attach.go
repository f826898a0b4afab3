package bulletin

import (
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// amounts gives each of the groups before it its own amount.
func (s *sentence) amounts(m match) string {
	if why := s.notMetric(m); why != "" {
		return why
	}
	if len(s.open) != len(m.figures) {
		s.open = s.lastCounts(len(m.figures), s.metric(m))
	}
	if len(s.open) == 0 {
		s.open = s.countsBefore(len(m.figures), s.metric(m))
	}
	if len(s.open) != len(m.figures) {
		if st := s.stageIn(m.metric); st != "" && s.roundsInTurn(m, []record.Stage{st}, nil, false) {
			return ""
		}
		return "as many counts as amounts"
	}
	for i, fig := range m.figures {
		s.claim(s.open[i], m, fig, s.metric(m), "", m.metric)
		s.open[i].hasMoney = true
	}
	return ""
}

// amountsInOrder takes 总投资25.2亿元、18亿元、9.6亿元 behind three counts of single stages
// in a row, though nothing says 分别.
func (s *sentence) amountsInOrder(m match) string {
	if len(m.figures) < 2 {
		return "one amount"
	}
	if counts := s.lastCounts(len(m.figures)+1, s.metric(m)); len(counts) != len(m.figures) {
		return "as many counts as amounts"
	}
	return s.amounts(m)
}

// lastCounts are the last n counts of single stages in the sentence, of one area: those
// that 三类项目预计年产值分别为 speaks of.
func (s *sentence) lastCounts(n int, metric record.Metric) []*group {
	var list []*group
	for i := len(s.groups) - 1; i >= 0 && s.groups[i].sentence == s.span && len(list) < n; i-- {
		g := s.groups[i]
		if !g.hasCount || len(g.stages) != 1 || g.onspot || g.hasMoney && metric == record.Investment || len(list) > 0 && g.ctx.area != list[0].ctx.area {
			break
		}
		list = append(list, g)
	}
	slices.Reverse(list)
	return list
}

// countsBefore are the n counts of single stages that the sentence before gives, and all
// that it gives, when this one has told nothing yet: 签约21个、开工17个、投产13个。三类项目总投资
// 分别为….
func (s *sentence) countsBefore(n int, metric record.Metric) []*group {
	k := len(s.groups)
	if k < n || s.areas > 0 || s.groups[k-1].line != s.line || s.groups[k-1].sentence.To < s.span.From-1 || s.groups[k-1].sentence == s.span {
		return nil
	}
	list := s.groups[k-n:]
	for _, g := range list {
		if !g.hasCount || g.hasMoney && metric == record.Investment || g.onspot || g.split || len(g.stages) != 1 || g.sentence != list[0].sentence || g.ctx.area != list[0].ctx.area {
			return nil
		}
	}
	if k > n && s.groups[k-n-1].sentence == list[0].sentence {
		return nil
	}
	return slices.Clone(list)
}

// amount gives the group before it an amount.
func (s *sentence) amount(m match) string {
	if why := s.notMetric(m); why != "" {
		return why
	}
	fig := m.figures[0]
	if s.leastOfEach(fig) {
		return "size class"
	}
	if next := s.after(fig); next != nil && (next.kind == filler && s.word(next) == "的" || next.kind == noun && !s.document.latin) {
		return "single project"
	}
	if st := s.stageIn(m.metric); st != "" && len(s.open) == 0 {
		return s.moneyOf(m, []record.Stage{st}, false, fig)
	}
	return s.attach(m, fig, m.metric)
}

// stageIn is the stage that the word of a metric begins with: 签约总额.
func (s *sentence) stageIn(metricAt int) record.Stage {
	if strings.HasPrefix(s.r.fold.string(s.word(&s.tokens[metricAt])), "签约") {
		return record.Signed
	}
	return ""
}

func (s *sentence) bareAmount(m match) string {
	fig := m.figures[0]
	if next := s.after(fig); next != nil && next.kind == noun && s.tokens[fig].figure.more {
		return "size class"
	}
	if s.opensCount(fig) {
		return "amount of the count behind it"
	}
	if why := s.sumOfAmounts(m, fig); why == "" {
		return ""
	}
	if len(s.open) == 0 {
		return "no count before it"
	}
	g := s.open[len(s.open)-1]
	if len(s.open) > 1 || g.hasMoney || g.line != s.line || g.end < s.base {
		return "no word for what it is"
	}
	for i := g.end - s.base; i < m.from; i++ {
		switch s.tokens[i].kind {
		case comma, enum, open, space, filler, quote, noun, about, series:
		default:
			return "no word for what it is"
		}
	}
	if next := s.after(fig); next != nil && (next.kind == noun || next.kind == filler || next.kind == gap) {
		return "no word for what it is"
	}
	return s.attach(m, fig, -1)
}

// opensCount reports whether an amount stands before its count: 512亿元、58个项目开工.
func (s *sentence) opensCount(fig int) bool {
	i := fig + 1
	if i >= len(s.tokens) || s.tokens[i].kind != enum {
		return false
	}
	for i++; i < len(s.tokens) && silent(&s.tokens[i]); i++ {
	}
	return i < len(s.tokens) && (s.tokens[i].kind == count || s.tokens[i].kind == number)
}

// attach claims an amount for the groups that are open.
func (s *sentence) attach(m match, fig, metricAt int) string {
	if g := s.onlyCount(); g != nil && len(s.open) == 0 && metricAt >= 0 {
		s.open = []*group{g} // 签约项目42个，较上期增加12个；总投资…
	}
	if len(s.open) == 0 {
		return "no count before it"
	}
	g := s.open[len(s.open)-1]
	if at := s.stageSince(g, m.from); at >= 0 {
		// 开工项目全部达产后，预计年产值…: of the stage that is named, not of the last.
		if g = s.groupOf(s.tokens[at].means, g); g == nil {
			return "amount of another stage"
		}
		s.open = []*group{g}
	}
	switch {
	case g.split:
		return "amount of what is no claim"
	case g.onspot:
		return "money of representative projects"
	}
	metric := s.metric(m)
	sumWord := s.sumWord(m)
	if sumWord {
		for i := len(s.groups) - 1; i >= 0; i-- {
			if o := s.groups[i]; o.sentence == s.span && (o.alone || len(o.stages) > 1) && !o.hasMoney && metric == record.Investment {
				s.claim(o, m, fig, metric, "", metricAt)
				o.hasMoney = true
				return ""
			}
		}
	}
	if metric == record.Investment && g.hasMoney {
		return "the count before it has its amount"
	}
	review := ""
	if g.doubt && metric == record.Investment && s.parens == 0 {
		review = "stage_unclear"
	}
	if len(s.open) > 1 {
		all := []record.Stage{}
		var at []Span
		for _, o := range s.open {
			all = append(all, o.stages...)
			at = append(at, o.stageAt...)
		}
		sum := &group{ctx: g.ctx, stages: all, stageAt: at, totalOf: totalOf(all), sentence: s.span, figure: -1, end: s.base + m.to, line: s.line, hasMoney: true, mirror: g.mirror}
		review := "stage_unclear"
		if sumWord || s.enumerated() {
			review = ""
		}
		s.claim(sum, m, fig, metric, review, metricAt)
		s.groups = append(s.groups, sum)
		s.open = []*group{sum}
		return ""
	}
	s.claim(g, m, fig, metric, review, metricAt)
	if metric == record.Investment {
		g.hasMoney = true
	}
	g.end = s.base + m.to
	return ""
}

// stageSince is the word of another stage between a group and token i; -1 for none.
func (s *sentence) stageSince(g *group, i int) int {
	inside := 0
	for i--; i >= 0 && s.base+i >= g.end; i-- {
		switch s.tokens[i].kind {
		case shut:
			inside++
		case open:
			inside--
		}
		if inside > 0 {
			continue // 投产项目1033个（由前期开工项目转化），总投资…
		}
		if t := &s.tokens[i]; t.kind == stage && len(g.stages) == 1 && t.means != string(g.stages[0]) {
			return i
		}
	}
	return -1
}

// groupOf is the last count of a stage in the paragraph, of the same area as another.
func (s *sentence) groupOf(stage string, like *group) *group {
	for i := len(s.groups) - 1; i >= 0 && s.groups[i].line == s.line; i-- {
		if g := s.groups[i]; g.hasCount && len(g.stages) == 1 && string(g.stages[0]) == stage && g.ctx.area == like.ctx.area {
			return g
		}
	}
	return nil
}

// onlyCount is the one count of the sentence, if it has no amount yet.
func (s *sentence) onlyCount() *group {
	var only *group
	for i := len(s.groups) - 1; i >= 0 && s.groups[i].sentence == s.span; i-- {
		if only != nil {
			return nil
		}
		only = s.groups[i]
	}
	if only == nil || !only.hasCount || only.hasMoney || only.split || only.doubt || s.areas > 1 {
		return nil
	}
	return only
}

// sumWord reports whether an amount says that it is a sum: 合计总投资.
func (s *sentence) sumWord(m match) bool {
	for i := m.to - 1; i >= 0 && i >= m.from-2; i-- {
		for _, word := range []string{"合计", "共计", "总计", "累计总", "合計", "共計"} {
			if strings.HasPrefix(s.word(&s.tokens[i]), word) {
				return true
			}
		}
	}
	return false
}

// enumerated reports whether only 、 stands between the counts that are open: the
// amount behind the comma is then that of all. 签约54个，开工245个，总投资…, with
// commas throughout, may mean the last alone.
func (s *sentence) enumerated() bool {
	for k := 1; k < len(s.open); k++ {
		for i := s.open[k-1].end - s.base; i < s.open[k].end-s.base && i >= 0; i++ {
			if t := s.tokens[i].kind; t == comma || t == semi || t == colon {
				return false
			}
		}
	}
	return true
}

// total keeps a count of no stage: it may be the sum of the stages that follow.
func (s *sentence) total(m match) string {
	fig := m.figures[0]
	if g := s.countless(m.from); g != nil && s.countable(fig) {
		g.hasCount = true
		s.claim(g, m, fig, record.Projects, "", -1)
		return ""
	}
	if g := s.toldBefore(m.from, fig); g != nil {
		s.open = []*group{g}
		s.tokens[fig].figure.rule = "count that was told before"
		return ""
	}
	if s.inPart {
		return "split of a batch"
	}
	if !s.countable(fig) {
		return "no count of projects"
	}
	if p := m.from - 1; p >= 0 && s.tokens[p].figure != nil && s.tokens[m.from].kind == noun && !hasAnySuffix(s.word(&s.tokens[p]), "类", "類") {
		return "size class"
	}
	if s.tokens[m.from].kind == noun && s.stageEnds(fig+1) {
		return tryNext // …项目 45个开工项目 38个投产项目
	}
	if s.tokens[m.from].kind != noun {
		next := s.after(fig)
		for i := fig + 1; next != nil && (next.kind == filler || next.kind == quote || next.kind == series) && i < len(s.tokens); i++ {
			next = s.after(i)
		}
		if (next == nil || next.kind == comma || next.kind == stop) && s.sumBefore(m.from) {
			// 合计58个: it counts if it adds up
		} else if next == nil || next.kind != noun && !(next.kind == metric && hasAnyPrefix(s.word(next), "项目", "項目")) {
			return "no stage"
		}
	}
	stages, at := s.eventStage(m.from)
	if stages == nil {
		stages, at = s.farStages(m.from)
	}
	g := s.newGroup(m, stages, at, false)
	if stages != nil && at == nil {
		g.stageAt = []Span{s.section.Span}
	}
	if stages != nil && !g.onspot {
		g.hasCount = true
		s.claim(g, m, fig, record.Projects, "", -1)
		s.open = []*group{g}
		return ""
	}
	if g.onspot {
		s.groups = s.groups[:len(s.groups)-1]
		return "representative projects without a stage"
	}
	g.alone, g.hasCount, g.named = true, true, s.hasName || s.thisOne || s.hasRound
	s.claim(g, m, fig, record.Projects, "", -1)
	s.open = []*group{g}
	return ""
}

// toldBefore is the group whose count is told again, to say more of it: 12个项目开工。这12
// 个项目总投资…
func (s *sentence) toldBefore(from, fig int) *group {
	before := strings.TrimRight(s.text.Body[s.span.From:s.tokens[from].From], " ")
	if n := len(s.groups); n > 0 && hasAnySuffix(before, "这", "這", "上述") {
		g := s.groups[n-1]
		if len(g.claims) == 1 && !g.hasMoney && s.out.Claims[g.claims[0]].Metric == record.Projects && g.line == s.line && s.out.Claims[g.claims[0]].ValueAsPrinted == s.text.Body[s.tokens[fig].figure.number.From:s.tokens[fig].figure.number.To] {
			return g
		}
	}
	return nil
}

// farStages are the stages that stand far before a count, at the head of what is said of
// its projects: 新签约和新开工的、分布在10个县区、涵盖多个领域的67个项目.
func (s *sentence) farStages(i int) (list []record.Stage, at []int) {
	of := func(k int) bool { return k >= 0 && s.tokens[k].kind == filler && s.word(&s.tokens[k]) == "的" }
	if !of(i - 1) {
		return nil, nil
	}
	k := i - 2
	for ; k > 0; k-- {
		t := &s.tokens[k]
		if of(k) && s.tokens[k-1].kind == stage && s.tokens[k+1].kind == enum {
			break
		}
		switch t.kind {
		case count, number, money, ratio, metric, semi, colon, stage, series, event:
			return nil, nil
		}
	}
	for k--; k >= 0 && (s.tokens[k].kind == stage || s.tokens[k].kind == join || s.tokens[k].kind == enum && len(at) > 0); k-- {
		if t := &s.tokens[k]; t.kind == stage {
			if strings.HasPrefix(t.means, "!") {
				return nil, nil
			}
			list, at = append([]record.Stage{record.Stage(t.means)}, list...), append([]int{k}, at...)
		}
	}
	return list, at
}

// sumOfAmounts takes the sum that a sentence gives behind the amounts of its stages, if it
// is one: 总投资依次为144.7亿元和267.35亿元，合计412.05亿元.
func (s *sentence) sumOfAmounts(m match, fig int) string {
	if !s.sumBefore(m.from) {
		return tryNext
	}
	var parts []*group
	for i := len(s.groups) - 1; i >= 0 && s.groups[i].sentence == s.span; i-- {
		g := s.groups[i]
		if len(g.stages) != 1 || !g.hasMoney || len(parts) > 0 && (g.ctx.area != parts[0].ctx.area || g.ctx.when != parts[0].ctx.when) {
			break
		}
		parts = append([]*group{g}, parts...)
	}
	if len(parts) < 2 {
		return tryNext
	}
	sum := &group{ctx: parts[0].ctx, sentence: s.span, figure: -1, end: s.base + m.to, line: s.line, hasMoney: true}
	for _, g := range parts {
		sum.stages, sum.stageAt = append(sum.stages, g.stages...), append(sum.stageAt, g.stageAt...)
		sum.mirror = sum.mirror || g.mirror
	}
	sum.totalOf = totalOf(sum.stages)
	s.claim(sum, m, fig, record.Investment, "", -1)
	s.groups = append(s.groups, sum)
	s.open = nil
	return ""
}

// sumBefore reports whether 合计 or the like stands right before token i.
func (s *sentence) sumBefore(i int) bool {
	return hasAnySuffix(s.r.fold.string(s.text.Body[s.span.From:s.tokens[i].From]), "合计", "共计", "总计", "合计共", "累计共", "一共")
}

// countless is the stage whose amount alone was told right before token i: 签约项目总投资
// 4395亿元，共有482个; nil when there is none.
func (s *sentence) countless(i int) *group {
	n := len(s.groups)
	if n == 0 {
		return nil
	}
	g := s.groups[n-1]
	if g.sentence != s.span || g.hasCount || !g.hasMoney || g.onspot || g.split || g.end < s.base {
		return nil
	}
	commas := 0
	for k := g.end - s.base; k < i; k++ {
		switch t := &s.tokens[k]; {
		case t.kind == comma:
			commas++
		case !silent(t):
			return nil
		}
	}
	if commas != 1 {
		return nil
	}
	return g
}

// totalAmount keeps a count of no stage with the amount before it: 总投资302亿元的80个
// 项目分三批推进.
func (s *sentence) totalAmount(m match) string {
	mon := m.figures[0]
	if s.sizeClass(mon, m.figures[1]) || s.inPart || s.notMetric(m) != "" {
		return tryNext
	}
	of, next := s.tokens[mon+1], s.after(m.figures[1])
	if of.kind != filler || s.word(&of) != "的" || next == nil || next.kind != noun && next.kind != series && next.kind != quote {
		return tryNext
	}
	n := len(s.groups)
	count := m
	count.figures = m.figures[1:]
	count.from = m.figures[1]
	if why := s.total(count); why != "" {
		return tryNext
	}
	if len(s.groups) == n {
		return ""
	}
	return s.moneyToo(m, mon)
}

// stageEnds reports whether the row of counts and stages from token i on, which begins
// with a stage, ends with one: the counts then stand before their stages.
func (s *sentence) stageEnds(i int) bool {
	ends, begun := false, false
	for ; i < len(s.tokens); i++ {
		switch t := &s.tokens[i]; {
		case t.kind == stage:
			ends, begun = true, true
		case !begun && !silent(t), !silent(t) && t.kind != count && t.kind != number && t.kind != enum:
			return ends
		case t.kind == count || t.kind == number:
			ends = false
		}
	}
	return ends
}

// eventStage is the stage of the event that a sentence tells of before its count:
// 举行集中开工仪式，共有23个项目. It needs to be the only stage of the sentence.
func (s *sentence) eventStage(before int) ([]record.Stage, []int) {
	at := -1
	if before > 0 && s.tokens[before-1].kind == filler && s.word(&s.tokens[before-1]) == "等" {
		return nil, nil // projects that are listed by name
	}
	if s.section.kind == stage && (s.sectionLine == s.line-1 && s.first || s.sectionLine == s.line && s.sectionEnd == s.base) {
		return []record.Stage{record.Stage(s.section.means)}, nil
	}
	for i := 0; i < before; i++ {
		t := &s.tokens[i]
		switch {
		case t.kind == stage && at >= 0 && s.tokens[at].means != t.means, t.figure != nil && t.kind != rounds, t.kind == block && t.means != "split by place":
			return nil, nil
		case t.kind == stage:
			at = i
		}
	}
	if at < 0 || strings.HasPrefix(s.tokens[at].means, "!") {
		return nil, nil
	}
	for i := at + 1; i < before && i < at+5; i++ {
		switch t := &s.tokens[i]; {
		case t.kind == filler && (s.word(t) == "活动" || s.word(t) == "仪式"):
			return []record.Stage{record.Stage(s.tokens[at].means)}, []int{at}
		case t.kind != quote && t.kind != noun && t.kind != filler:
			return nil, nil
		}
	}
	return nil, nil
}

var rateStages = map[record.Metric]struct {
	stage  record.Stage
	method string
}{
	record.StartRate:      {record.Started, "started/signed"},
	record.CommissionRate: {record.Commissioned, "commissioned/started"},
	record.TargetRate:     {record.OnTarget, "actual_output/annual_output"},
}

// rates claims the rates that the press prints.
func (s *sentence) rates(m match) string {
	if len(m.rates) != len(m.figures) {
		return tryNext
	}
	for i, fig := range m.figures {
		t := &s.tokens[m.rates[i]]
		if why, ok := strings.CutPrefix(t.means, "!"); ok {
			s.tokens[fig].figure.rule = why
			continue
		}
		name, method, _ := strings.Cut(t.means, " ")
		metric := record.Metric(name)
		d := rateStages[metric]
		if method == "" {
			method = d.method
			if metric == record.CommissionRate && s.ofSigned(m.rates[i]) {
				method = "commissioned/signed"
			}
		}
		g := s.newGroup(m, []record.Stage{d.stage}, m.rates[i:i+1], false)
		s.claim(g, m, fig, metric, "", m.rates[i])
		if k := len(s.out.Claims) - 1; k >= 0 && s.out.Claims[k].Metric == metric {
			s.out.Claims[k].Method = method
		}
	}
	s.open = nil
	return ""
}

// ofSigned reports whether the rates that end with the one at token i are of the projects
// signed: 签约项目履约率98.6%，开工率85.1%，投产率61%.
func (s *sentence) ofSigned(i int) bool {
	for i--; i >= 0; i-- {
		switch t := &s.tokens[i]; t.kind {
		case stage:
			n := s.after(i)
			return t.means == string(record.Signed) && n != nil && n.kind == noun
		case rate, ratio, comma, enum, filler, noun, about, join, space, quote, respectively, more:
		default:
			return false
		}
	}
	return false
}
