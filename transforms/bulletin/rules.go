package bulletin

import "strings"

// rule is a shape of tokens that makes a claim, and what is done with it. The
// words of a shape are:
//
//	stage     签约                 stages    签约、开工、投产
//	count     347个, 347           counts    347个、323个
//	money     5805亿元             moneys    2800亿元、1288.6亿元
//	ratio     58.82%              ratios    58.82%、29.82%
//	metric    总投资, 预计年产值     rate      开工率; rates 开工率、投产率
//	noun      项目                 place     太原市, at 在
//	nth       第二次               times    四次, says 为
//	area      a place, or 高新区, 我市; share 占
//	respectively  分别             ~         words that say nothing: 一批, 共, 项目
//	comma     ，                   enum      、
//	kinds     涉及新材料、新能源等多个领域的: what all projects are about, up to 的
//
// A ? makes a word one that may be missing. Rules are tried in order at each
// token; the first that matches and does not refuse reads the tokens.
type rule struct {
	name   string
	shape  string
	do     func(s *sentence, m match) (refused string)
	commas bool // in English, commas say nothing either: 26 projects, worth 5 billion yuan, were signed

	elems  []elem
	starts [int(measure) + 1]bool // the kinds of token that may begin it
}

var rules []rule

// starts are the kinds of token that may begin a rule's match.
var starts [int(measure) + 1]bool

func init() {
	rules = compile(table)
	for i := range rules {
		for k, ok := range rules[i].starts {
			starts[k] = starts[k] || ok
		}
	}
}

var table = []rule{
	{name: "figures of the stages, respectively", shape: "respectively? ~ stages ~ respectively? ~ counts", do: (*sentence).respectively},
	{name: "amounts of the stages, respectively", shape: "respectively? ~ stages ~ metric? ~ respectively? ~ moneys", do: (*sentence).respectively},
	{name: "figures of the areas, respectively", shape: "places ~ respectively? ~ stage ~ respectively? ~ counts", do: (*sentence).areasRespectively},
	{name: "amounts of the rounds, respectively", shape: "stage ~ times? ~ metric ~ times? ~ respectively ~ moneys", do: (*sentence).roundsRespectively},
	{name: "figures of the rounds, respectively", shape: "stage ~ times? ~ respectively ~ counts", do: (*sentence).roundsRespectively},
	{name: "stages together: amount, then count", shape: "stages ~ after? ~ metric? ~ money ~ count", do: (*sentence).amountCount},
	{name: "stages together", shape: "stages ~ count", do: (*sentence).together},
	{name: "amount of stages together", shape: "stages ~ after? metric ~ money", do: (*sentence).together},
	{name: "stage, round, its amount", shape: "stage ~ metric ~ nth ~ money", do: (*sentence).ofRound},
	{name: "stage, round, its count", shape: "stage ~ nth ~ count", do: (*sentence).ofRound},
	{name: "another round and its amount", shape: "nth says? money", do: (*sentence).ofRound},
	{name: "another round and its count", shape: "nth says? count", do: (*sentence).ofRound},
	{name: "stage, amount, count", shape: "stage ~ after? ~ metric? ~ money ~ count", do: (*sentence).amountCount},
	{name: "stage, then count", shape: "stage ~ count", do: (*sentence).stageCount},
	{name: "stage, area, then count", shape: "stage ~ area ~ count", do: (*sentence).stageAreaCount},
	{name: "stage, what its projects are, then count", shape: "stage ~ kinds noun count", do: (*sentence).stageCount},
	{name: "stage, then amount", shape: "stage ~ after? ~ metric? ~ money", do: (*sentence).stageAmount},
	{name: "batch, then its count", shape: "stage ~ comma count", do: (*sentence).batchCount},
	{name: "amount, stage, count", shape: "metric ~ money ~ stage ~ count", do: (*sentence).amountStageCount},
	{name: "amount, count, stages", shape: "metric? ~ money ~ count ~ stages", do: (*sentence).amountCountStage},
	{name: "count, amount, stages", shape: "count ~ after? ~ metric? ~ money ~ stages", do: (*sentence).amountCountStage},
	{name: "amount and count, stage", shape: "metric? ~ money enum ~ count ~ stage", do: (*sentence).amountCountStage},
	{name: "amount, count, stage", shape: "metric? ~ money ~ count ~ stage", do: (*sentence).amountCountStage},
	{name: "count, amount, stage", shape: "count ~ after? ~ metric? ~ money ~ stage", commas: true, do: (*sentence).amountCountStage},
	{name: "amount, count, place, stage", shape: "metric? ~ money ~ count ~ at place ~ stage", do: (*sentence).countInPlace},
	{name: "count, place, stage", shape: "count ~ at place ~ stage", do: (*sentence).countInPlace},
	{name: "count, then stages", shape: "count ~ stages", do: (*sentence).countStage},
	{name: "count, then stage", shape: "count ~ stage", do: (*sentence).countStage},
	{name: "rates, respectively", shape: "rates ~ respectively? ~ ratios", do: (*sentence).rates},
	{name: "rate", shape: "rate ~ ratio", do: (*sentence).rates},
	{name: "figures of an area, in the order of the stages", shape: "area ~ respectively ~ counts", do: (*sentence).areaInTurn},
	{name: "figures of an area, in the order of the stages", shape: "area ~ respectively ~ moneys", do: (*sentence).areaInTurn},
	{name: "rates of an area, in their order", shape: "area ~ respectively ~ ratios", do: (*sentence).areaInTurn},
	{name: "area and its share", shape: "area ~ share ~ count", do: (*sentence).shareCount},
	{name: "area and its count", shape: "area ~ count", do: (*sentence).areaCount},
	{name: "amount, count of no stage", shape: "metric? ~ money ~ count", do: (*sentence).totalAmount},
	{name: "amounts, respectively", shape: "after? ~ metric ~ comma? ~ respectively ~ moneys", do: (*sentence).amounts},
	{name: "amounts, respectively", shape: "after? ~ metric ~ moneys ~ comma? ~ respectively", do: (*sentence).amounts},
	{name: "amounts in the order of the counts", shape: "after? ~ metric ~ moneys", do: (*sentence).amountsInOrder},
	{name: "amount after its count", shape: "after? ~ metric ~ money", do: (*sentence).amount},
	{name: "bare amount after its count", shape: "money", do: (*sentence).bareAmount},
	{name: "count of no stage", shape: "noun ~ count", do: (*sentence).total},
	{name: "count of no stage", shape: "count", do: (*sentence).total},
}

// elem is a word of a shape.
type elem struct {
	class    class
	optional bool
	many     bool
	silent   bool
	kinds    bool
}

// class is a set of tokens that stand for each other in a shape.
type class func(*token) bool

func is(k kind) class { return func(t *token) bool { return t.kind == k } }

var classes = map[string]class{
	"stage": is(stage), "money": is(money), "ratio": is(ratio), "metric": is(metric), "rate": is(rate),
	"noun": is(noun), "place": is(place), "respectively": is(respectively), "after": is(after), "comma": is(comma), "enum": is(enum), "at": is(at), "nth": is(nth), "share": is(share), "times": is(rounds), "says": is(filler),
	"area":  func(t *token) bool { return t.kind == place || t.kind == scope },
	"count": func(t *token) bool { return t.kind == count || t.kind == number },
	"~":     silent,
}

// silent reports whether a token says nothing within a claim.
func silent(t *token) bool {
	switch t.kind {
	case filler, noun, quote, space, colon, junk, onspot, series, about, venue:
		return true
	}
	return false
}

func compile(rules []rule) []rule {
	for i := range rules {
		for _, word := range strings.Fields(rules[i].shape) {
			var e elem
			if word == "kinds" {
				rules[i].elems = append(rules[i].elems, elem{kinds: true})
				continue
			}
			word, e.optional = strings.CutSuffix(word, "?")
			e.class = classes[word]
			if e.class == nil {
				word, e.many = strings.CutSuffix(word, "s")
				e.class = classes[word]
			}
			e.silent = word == "~"
			if e.class == nil {
				panic("unknown word in the shape of the rule " + rules[i].name)
			}
			rules[i].elems = append(rules[i].elems, e)
		}
		for k := range rules[i].starts {
			for _, e := range rules[i].elems {
				if e.silent {
					continue
				}
				if e.class(&token{kind: kind(k)}) {
					rules[i].starts[k] = true
				}
				if !e.optional {
					break
				}
			}
		}
	}
	return rules
}

// match is where a shape stands in a sentence: tokens[from:to], and the tokens
// that its words took, without those of ~.
type match struct {
	rule     *rule
	from, to int
	stages   []int
	figures  []int
	metric   int // -1 for none
	place    int
	nth      int
	places   []int
	rates    []int
	onspot   bool
	universe string
}

// find matches a rule's shape at token i.
func (s *sentence) find(r *rule, i int) (match, bool) {
	m := match{rule: r, from: i, metric: -1, place: -1}
	at := i
	for k, e := range r.elems {
		if e.kinds {
			if at = s.kinds(at); at < 0 {
				return m, false
			}
			continue
		}
		if e.silent {
			for at < len(s.tokens) && (s.universeIn(&at, &m) || silent(&s.tokens[at]) || s.latin && s.aside(r, &at)) {
				if k+1 < len(r.elems) && !r.elems[k+1].kinds && s.tokens[at].kind == noun && r.elems[k+1].class(&s.tokens[at]) {
					break
				}
				m.onspot = m.onspot || s.tokens[at].kind == onspot
				at++
			}
			continue
		}
		if at >= len(s.tokens) || !e.class(&s.tokens[at]) {
			if e.optional {
				continue
			}
			return m, false
		}
		m.take(s, at)
		at++
		if !e.many {
			continue
		}
		n := 1
		for {
			next := at
			for next < len(s.tokens) && (s.tokens[next].kind == enum || s.tokens[next].kind == join || s.tokens[next].kind == comma && n > 0 && s.latin || silent(&s.tokens[next])) {
				next++
			}
			if next >= len(s.tokens) || !e.class(&s.tokens[next]) || s.tokens[next].kind == stage && s.already(at, next) {
				break
			}
			m.take(s, next)
			at = next + 1
			n++
		}
		if n < 2 {
			return m, false
		}
	}
	m.to = at
	return m, true
}

// already reports whether 已 alone parts two stages: 签约项目已开工47个 tells of one.
func (s *sentence) already(from, to int) bool {
	found := false
	for i := from; i < to; i++ {
		switch t := &s.tokens[i]; {
		case t.kind == enum || t.kind == join || t.kind == space:
			return false
		case t.kind == filler && strings.HasPrefix(s.word(t), "已"):
			found = true
		}
	}
	return found
}

// kinds is where the words end that say what all projects of a stage are about
// (涵盖新材料、新能源等多个领域的, up to the word for projects); -1 when they are not
// there. Words that name one kind alone tell of a part.
func (s *sentence) kinds(at int) int {
	batch := at > 0 && strings.HasSuffix(s.r.fold.string(s.word(&s.tokens[at-1])), "一批") // 开工一批补短板、惠民生的项目
	opens, several := batch || at > 0 && covers(s.r.fold.string(s.word(&s.tokens[at-1]))), batch
	for i := at; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		word := s.r.fold.string(s.word(t))
		switch t.kind {
		case noun:
			if before := s.r.fold.string(s.text.Body[s.tokens[at].From:t.From]); opens && several && strings.HasSuffix(before, "的") {
				return i
			}
		case stage, count, number, money, ratio, place, scope, stop, semi, of, nth, day, series, event, rate, drive:
			return -1
		}
		opens = opens || i <= at+1 && covers(word)
		several = several || strings.Contains(word, "等")
	}
	return -1
}

// covers reports whether a word says what projects are about.
func covers(word string) bool {
	return strings.Contains(word, "涵盖") || strings.Contains(word, "涉及") || strings.Contains(word, "覆盖")
}

// universeIn passes over （含综改示范区）. at is then its last token.
func (s *sentence) universeIn(at *int, m *match) bool {
	i := *at
	if s.tokens[i].kind != open || i+2 >= len(s.tokens) || s.tokens[i+1].kind != universe || s.tokens[i+2].kind != shut {
		return false
	}
	m.universe = s.tokens[i+1].means
	*at = i + 2
	return true
}

// aside passes over what English sets aside within a claim: a sum in dollars in
// brackets, and commas where the rule allows them. at is then its last token.
func (s *sentence) aside(r *rule, at *int) bool {
	if !r.commas {
		return false
	}
	switch s.tokens[*at].kind {
	case comma:
		return true
	case open:
		for i := *at + 1; i < len(s.tokens) && i < *at+8; i++ {
			if s.tokens[i].kind == shut {
				*at = i
				return true
			}
		}
	}
	return false
}

func (m *match) take(s *sentence, i int) {
	switch s.tokens[i].kind {
	case stage:
		m.stages = append(m.stages, i)
	case count, number, money, ratio:
		m.figures = append(m.figures, i)
	case metric:
		m.metric = i
	case scope:
		m.place = i
	case place:
		m.place = i
		m.places = append(m.places, i)
	case nth:
		m.nth = i
	case rate:
		m.rates = append(m.rates, i)
	}
}
