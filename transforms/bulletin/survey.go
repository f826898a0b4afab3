package bulletin

import (
	"slices"
	"sort"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// survey reads what the whole text tells: whom it is about, and which round.
func (d *document) survey() {
	d.resolve = map[roundKey]record.RoundID{}
	d.year = d.text.Published.Year()
	stages, hasEvent := map[string]bool{}, false
	for i := range d.tokens {
		t := &d.tokens[i]
		switch t.kind {
		case series:
			d.hasSeries = true
		case stage:
			stages[strings.TrimPrefix(t.means, "!")] = true
		case event:
			hasEvent = true
		case day:
			if d.year == 0 && t.date.year > 0 {
				d.year = t.date.year
			}
		}
	}
	// Some papers tell of the event without its name.
	d.hasSeries = d.hasSeries || len(stages) >= 3 && (hasEvent || d.onRoundDay())
	d.surveyAreas()
	d.surveyRounds()
}

// onRoundDay reports whether the text prints the very day of a round.
func (d *document) onRoundDay() bool {
	for i := range d.tokens {
		if t := &d.tokens[i]; t.kind == day {
			on := d.dayOf(t.date, 0)
			if on != 0 && slices.ContainsFunc(d.r.rounds, func(r record.Round) bool { return r.HeldOn == on }) {
				return true
			}
		}
	}
	return false
}

// surveyAreas finds whom the text is about: the area of the title or, where it
// names none below the province, the first that is no venue.
func (d *document) surveyAreas() {
	votes := map[record.AreaID]int{}
	var first record.AreaID
	cities, counties := map[record.AreaID]bool{}, map[record.AreaID]bool{} // that the text names at all
	title := d.title()
	d.titleLine = title
	local := false
	for i := range d.tokens {
		local = local || d.tokens[i].kind == scope && d.tokens[i].means != "province" && d.tokens[i].means != "zone"
	}
	for n, l := range d.lines {
		if n < title && d.count(l, place) != 1 {
			continue // the page's navigation
		}
		for i := l.from; i < l.to; i++ {
			t := &d.tokens[i]
			if t.kind == scope && t.means == "province" && (i == l.from || d.tokens[i-1].kind != join) && !d.joins(t.From) && (n == title || n < title+4 && !local) && first == "" {
				first = d.r.campaign.AreaID
			}
			if t.kind != place {
				continue
			}
			id, end, role := d.placeAt(i, l.to)
			at := Span{t.From, d.tokens[end-1].To}
			i = end - 1
			if id != "" && d.r.level(id) != record.Province && !(role == inName && d.tokens[end].kind != office) && !(role == atVenue && d.mainVenue(at)) {
				cities[d.r.resolver.CityOf(id)] = true
				if c := d.lowest(id, record.County); c != "" {
					counties[c] = true
				}
			}
			if id == "" || role == atVenue || role == inName || role == inList {
				continue
			}
			if d.latin && n == 0 && d.topic == "" && role != asEvent {
				d.topic, d.topicPlace = id, at // Zones in Shanxi …
			}
			below := d.r.level(id) != record.Province
			if n <= title && role != asEvent && below && d.topic == "" {
				d.topic, d.topicPlace = id, at
			}
			if below && role != asEvent {
				votes[id]++
				if c := d.r.resolver.CityOf(id); c != id {
					votes[c]++
				}
			}
			if first == "" && n < title+4 {
				first = id
			}
		}
	}
	if d.topic == "" {
		d.topic = first
	}
	if d.topic == "" {
		d.topic = only(counties)
		if d.topic == "" {
			d.topic = only(cities)
		}
	}
	if d.r.level(d.topic) != record.Province {
		d.city = d.r.resolver.CityOf(d.topic)
	}
	if d.city == "" {
		best, second := 0, 0
		for id, n := range votes {
			if d.r.level(id) != record.City {
				continue
			}
			switch {
			case n > best:
				best, second, d.city = n, best, id
			case n > second:
				second = n
			}
		}
		if best == second {
			d.city = ""
		}
		if d.city == "" {
			d.city = only(cities)
		}
	}
	if d.mine("county", "我县", "我縣") && d.lowest(d.topic, record.County) == "" && only(counties) == "" {
		d.topic, d.topicPlace = "", Span{} // a county that the text does not name
	}
	if t := d.zoneFirst(d.titleLine); t != nil && d.r.level(d.topic) != record.Zone && d.topicPlace == (Span{}) {
		d.topic = d.zoneOf(d.text.Body[t.From:t.To], d.city)
	} else if d.r.level(d.topic) == record.Province && d.ownBelow() {
		d.topic = "" // an area that the text does not name, or only elsewhere
	}
	d.county = d.lowest(d.topic, record.County)
	if d.county == "" {
		best := 0
		for id, n := range votes {
			if d.r.level(id) == record.County && (n > best || n == best && id < d.county) {
				best, d.county = n, id
			}
		}
		if d.county == "" {
			d.county = only(counties)
		}
	}
}

// mainVenue reports whether a place is where a province held its event (在郑州设主会场,
// 主会场设在洛阳, 全省…活动在太原举行), which is not where the text's own area is.
func (d *document) mainVenue(at Span) bool {
	before := d.text.Body[max(0, at.From-len("主会场设在")):at.From]
	behind := d.text.Body[at.To:min(len(d.text.Body), at.To+len("市设立主会场"))]
	sentence := back(d.text.Body, at.From, "。\n")
	return strings.Contains(before, "主会场") || strings.Contains(behind, "主会场") || strings.Contains(sentence, "全省")
}

// joins reports whether what ends at a place says that the text's own area takes part
// in what is told next: 组织参加全省….
func (d *document) joins(at int) bool {
	return hasAnySuffix(strings.TrimSuffix(d.text.Body[:at], "了"), "参加", "参与", "同步参加", "收看", "观看", "响应", "參加", "收聽收看")
}

// ownBelow reports whether the text begins by speaking of its own area as one below the
// province: 我市组织收看….
func (d *document) ownBelow() bool {
	for n := d.titleLine; n < len(d.lines) && n < d.titleLine+3; n++ {
		for i := d.lines[n].from; i < d.lines[n].to; i++ {
			if t := &d.tokens[i]; t.kind == scope && t.means != "province" && hasAnyPrefix(d.text.Body[t.From:t.To], "我", "本") {
				return true
			}
		}
		if d.zoneFirst(n) != nil {
			return true
		}
	}
	return false
}

// zoneFirst is the word for a zone, without its name, by which a line or a clause of it
// begins: 经开区参加全省…; nil for none.
func (d *document) zoneFirst(n int) *token {
	if n >= len(d.lines) {
		return nil
	}
	l := d.lines[n]
	for i := l.from; i < l.to; i++ {
		t := &d.tokens[i]
		if t.kind != scope || t.means != "zone" {
			continue
		}
		if i > l.from {
			switch d.tokens[i-1].kind {
			case comma, stop, day, space, colon:
			default:
				continue
			}
		}
		if i+1 == l.to || d.tokens[i+1].kind != enum && d.tokens[i+1].kind != join {
			return t
		}
	}
	return nil
}

// mine reports whether the text says 我县 or the like of its own area.
func (d *document) mine(level string, words ...string) bool {
	for i := range d.tokens {
		if t := &d.tokens[i]; t.kind == scope && t.means == level && slices.Contains(words, d.text.Body[t.From:t.To]) {
			return true
		}
	}
	return false
}

// only is the one area of a set; "" when there are others.
func only(set map[record.AreaID]bool) record.AreaID {
	if len(set) == 1 {
		for id := range set {
			return id
		}
	}
	return ""
}

// count counts the tokens of a kind in a line.
func (d *document) count(l line, k kind) int {
	n := 0
	for i := l.from; i < l.to; i++ {
		if d.tokens[i].kind == k {
			n++
		}
	}
	return n
}

// title is the line that is the text's title: the first that speaks of the
// campaign or of a stage. What stands above it is the page's navigation.
func (d *document) title() int {
	for n, l := range d.lines[:min(len(d.lines), 12)] {
		for _, t := range d.tokens[l.from:l.to] {
			if t.kind == series || t.kind == stage || t.kind == nth {
				return n
			}
		}
	}
	return 0
}

// lowest is the area itself or the one that contains it, at a level.
func (d *document) lowest(id record.AreaID, level record.AreaLevel) record.AreaID {
	for range 6 {
		a, ok := d.r.areas[id]
		if !ok {
			return ""
		}
		if a.Level == level {
			return id
		}
		id = a.ParentID
	}
	return ""
}

// role is what the name of an area does in its sentence.
type role int

// placeAt reads the area that is named at token i, which may be several names in
// a row (长治市襄垣县), and what it does there.
func (d *document) placeAt(i, to int) (id record.AreaID, end int, what role) {
	end = i
	for end < to && d.tokens[end].kind == place {
		id = d.area(d.tokens[end].places, id)
		end++
		if end < to && d.tokens[end].kind == space && end+1 < to && d.tokens[end+1].kind == place && d.latin {
			break
		}
	}
	if d.latin && d.r.level(id) == record.Province && d.apposed(i) {
		return id, end, inName // Datong in Shanxi province
	}
	if i > 0 {
		p := d.tokens[i-1]
		if hasAnySuffix(d.text.Body[:p.To], "落户", "参加", "参与", "來自", "来自") {
			return id, end, inName
		}
		if hasAnySuffix(d.r.fold.string(d.text.Body[max(0, d.tokens[i].From-9):d.tokens[i].From]), "占", "占到", "占了", "高于", "低于", "多于", "少于") {
			return id, end, inName // 占综改区签约总投资的六成
		}
		if p.kind == join && d.tokens[min(end, to-1)].kind == onspot && strings.HasPrefix(d.text.Body[d.tokens[end].From:], "主") {
			return id, end, atVenue // 与太原主会场同步举行
		}
		if p.kind == at || p.kind == space && i > 1 && d.tokens[i-2].kind == at {
			for k := end; k < to && k < end+12; k++ {
				switch d.tokens[k].kind {
				case venue:
					return id, end, atVenue
				case comma:
					if k == end && (i < 2 || d.tokens[i-2].kind == stop || d.tokens[i-2].kind == semi || d.tokens[i-2].To <= d.lineStart(i) || d.tokens[i-2].kind == comma && d.tells(k+1, to)) {
						return id, end, asSubject // 在柘城县，有4个项目签约；在义马市，“签约一批”项目5个
					}
					return id, end, atVenue
				case stop, semi:
					return id, end, atVenue
				case gap:
					if text := d.text.Body[d.tokens[k].From:d.tokens[k].To]; strings.Contains(text, "分会场") {
						return id, end, asSubject
					}
				case stage, count:
					return id, end, asSubject
				}
			}
			return id, end, atVenue
		}
	}
	if end >= to {
		return id, end, asSubject
	}
	if i == d.lines[d.titleLine].from || d.tokens[i].From == d.lineStart(i) || d.tokens[i-1].kind == colon {
		if strings.HasPrefix(d.r.fold.string(d.text.Body[d.tokens[end].From:min(len(d.text.Body), d.tokens[end].From+9)]), "主会场") {
			return id, end, atVenue // 郑州主会场传来…
		}
	}
	if d.r.level(id) == record.City && d.tokens[end].kind == scope && d.unnamedZone(end, to) {
		return id, end, inName // 长沙经开区, a zone that the campaign does not list
	}
	next := d.tokens[end]
	text := d.text.Body[next.From:min(next.To, next.From+60)]
	switch {
	case next.kind == office:
		return id, end, inName
	case next.kind == gap && d.r.level(id) == record.Province && next.From == d.tokens[end-1].To && i > d.lines[d.titleLine].to && !hasAnySuffix(d.text.Body[:d.tokens[end-1].To], "省"):
		return id, end, inName // 河南承业
	case next.kind == block && next.means == "firms, not an area":
		return id, end, inName
	case next.kind == gap && firmIn(text, d.tokens[end:min(to, end+3)]), d.namesProject(end, to):
		return id, end, inName
	case (next.kind == enum || next.kind == join) && end+1 < to && d.tokens[end+1].kind == place:
		return id, end, inList
	case i > 1 && d.tokens[i-1].kind == join && d.tokens[i-2].figure != nil && d.tokens[i-2].kind == other:
		return id, end, inList // 11个市和综改示范区
	case i > 1 && (d.tokens[i-1].kind == enum || d.tokens[i-1].kind == join) && d.tokens[i-2].kind == place && next.kind != stage && (next.kind == venue || !silent(&next)):
		return id, end, inList
	}
	for k := end; k < to && k < end+14; k++ {
		switch t := d.tokens[k]; t.kind {
		case series, event:
			return id, end, asEvent
		case day, nth, rounds, filler, quote, space, noun, join, scope, junk:
		case gap:
			if t.To-t.From > 30 {
				return id, end, asSubject
			}
		default:
			return id, end, asSubject
		}
	}
	return id, end, asSubject
}

// tells reports whether a stage or a count stands at token i, behind nothing but quotes
// and the like.
func (d *document) tells(i, to int) bool {
	for ; i < to; i++ {
		if t := &d.tokens[i]; t.kind == stage || t.kind == count {
			return true
		} else if t.kind != quote && t.kind != space && t.kind != filler && t.kind != junk {
			return false
		}
	}
	return false
}

// apposed reports whether the name of a province at token i only says where the place
// named before it lies: Yuncheng, a city in south Shanxi; Taiyuan, Shanxi.
func (d *document) apposed(i int) bool {
	for k := i - 1; k >= 0 && k >= i-16; k-- {
		switch t := &d.tokens[k]; t.kind {
		case place:
			between := strings.ToLower(d.text.Body[t.To:d.tokens[i].From])
			return strings.Contains(between, " in ") || strings.Contains(between, " of ") || strings.Trim(between, ", ") == ""
		case stop, stage, count, number, money, day, series, event, venue, nth:
			return false
		}
	}
	return false
}

// lineStart is where the line of token i begins.
func (d *document) lineStart(i int) int {
	n := sort.Search(len(d.lines), func(n int) bool { return d.lines[n].to > i })
	return d.tokens[d.lines[n].from].From
}

// namesProject reports whether the words from token i on are the rest of a
// project's name: 临汾经济开发区|精密智造项目.
func (d *document) namesProject(i, to int) bool {
	unknown := false
	for ; i < to; i++ {
		switch t := &d.tokens[i]; t.kind {
		case gap, block, junk, office, drive, other, number:
			unknown = true
		case join, place, metric, quote, filler, open, shut:
		case noun:
			if !unknown || i+1 >= to {
				return unknown
			}
			next := &d.tokens[i+1]
			return next.kind != count && (next.kind != filler || d.text.Body[next.From:next.To] == "等")
		default:
			return false
		}
	}
	return false
}

// firmIn reports whether the words behind a place make it a part of a firm's name.
func firmIn(text string, next []token) bool {
	for _, t := range next[1:] {
		if t.kind == block && t.means == "firms, not an area" {
			return true
		}
		if t.kind != gap {
			break
		}
	}
	return false
}

// area is the one area of those that bear a name: the one valid on the day, in
// the place named before, or in the city of the text.
func (d *document) area(names []areaName, within record.AreaID) record.AreaID {
	var ids []record.AreaID
	on := d.text.Published
	for _, n := range names {
		if (on == 0 || (n.from == 0 || on >= n.from) && (n.to == 0 || on <= n.to)) && !slices.Contains(ids, n.id) {
			ids = append(ids, n.id)
		}
	}
	if len(ids) == 1 {
		return ids[0]
	}
	for _, outer := range []record.AreaID{within, d.ctx.area, d.city, d.topic} {
		if outer == "" {
			continue
		}
		var inside []record.AreaID
		for _, id := range ids {
			if d.r.resolver.Contains(outer, id) {
				inside = append(inside, id)
			}
		}
		if len(inside) == 1 {
			return inside[0]
		}
	}
	return ""
}

// surveyRounds finds the round that the text is about: the first that is named
// or dated beside the campaign's name, else the one held before the text was
// published.
func (d *document) surveyRounds() {
	var firstNumber when
	var dated when
	numberAt, datedAt := len(d.tokens), len(d.tokens)
	for _, l := range d.lines {
		year := 0
		var lastDay record.Date
		var lastSpan Span
		for i := l.from; i < l.to; i++ {
			t := &d.tokens[i]
			switch t.kind {
			case day:
				if t.date.year > 0 {
					year = t.date.year
				}
				if at := d.dayOf(t.date, year); at != 0 && !d.bygone(t.Span) {
					lastDay, lastSpan = at, t.Span
				}
			case stop:
				lastDay = 0
			case nth:
				if !d.roundWord(i, l) || d.bygone(t.Span) || d.listsRounds(i, l) {
					continue
				}
				w := when{kind: record.OfRound, number: t.n, year: d.yearBefore(i, l.from), label: d.labelSpan(i, l.from), day: lastDay}
				w.words = w.label
				if firstNumber.kind == "" {
					firstNumber, numberAt = w, i
				} else if firstNumber.number == w.number && firstNumber.year == 0 {
					firstNumber.year = w.year
				}
				if firstNumber.number == w.number && firstNumber.day == 0 {
					firstNumber.day = lastDay
				}
			case series, event:
				if lastDay != 0 && dated.kind == "" && d.r.held(lastDay, d.r.province(d.topic)) != "" {
					dated, datedAt = when{kind: record.OfRound, day: lastDay, words: lastSpan}, i
				}
			}
		}
	}
	d.main = when{kind: record.OfRound, day: d.text.Published}
	switch {
	case datedAt < numberAt && d.roundOf(dated) != d.roundOf(firstNumber):
		d.main = dated
	case firstNumber.kind != "":
		d.main = firstNumber
	}
}

// listsRounds reports whether the sentence of token i tells the figures of several rounds,
// one by one, behind those of all: 全年签约12个，其中第一次3个，第二次4个.
func (d *document) listsRounds(i int, l line) bool {
	from := i
	for from > l.from && i-from < longestSentence && d.tokens[from-1].kind != stop {
		from--
	}
	figure, first := false, 0
	for k := from; k < l.to && d.tokens[k].kind != stop && k < from+longestSentence; k++ {
		switch t := &d.tokens[k]; t.kind {
		case count, money:
			figure = true
		case nth:
			if !figure {
				return false
			}
			if first != 0 && t.n != first {
				return true
			}
			first = t.n
		}
	}
	return false
}

// back is a text from the last of some marks to a place, of a line without end only what is
// near.
func back(text string, to int, marks string) string {
	near := text[max(0, to-2000):to]
	return near[strings.LastIndexAny(near, marks)+1:]
}

// bygone reports whether a day or round is only what another follows: 继2月28日首次活动
// 之后，6月6日….
func (d *document) bygone(at Span) bool {
	body := d.text.Body
	before, behind := back(body, at.From, "，,。；\n"), body[at.To:min(at.To+60, len(body))]
	if k := strings.IndexAny(behind, "，,。；\n"); k >= 0 {
		behind = behind[:k]
	}
	return strings.Contains(before, "继") && !strings.Contains(before, "继续") && strings.HasSuffix(strings.TrimRight(behind, " "), "后")
}
