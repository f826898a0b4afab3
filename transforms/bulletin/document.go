package bulletin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// document carries one Read.
type document struct {
	r      *Reader
	text   Text
	out    *Reading
	tokens []token
	lines  []line
	latin  bool

	topic      record.AreaID // whom the text is about; "" when it is not told
	topicPlace Span
	city       record.AreaID // the city of 我市
	county     record.AreaID // the county of 我县
	hasSeries  bool
	year       int // of dates that print none
	main       when

	ctx         context
	groups      []*group
	section     token // the stage of the line before, if that line names nothing else
	sectionLine int
	resolve     map[roundKey]record.RoundID
}

// line is a paragraph: tokens[from:to].
type line struct{ from, to int }

// when is what a text tells of a figure's time.
type when struct {
	kind   record.PeriodKind
	number int  // of the round: 8 of 第八期
	year   int  // printed with the number, or of an annual figure
	label  Span // the words
	day    record.Date
	from   record.Date
	to     record.Date
	loose  bool // the year stands alone: perhaps annual, perhaps only the time of an event
	review string
	words  Span // what decided
}

// context is what holds for the next figure.
type context struct {
	area     record.AreaID
	areaAt   Span // the area's words; zero when it follows from elsewhere
	printed  bool // the words are a name
	unclear  bool // two areas are as likely
	universe string
	when
	explicit  bool // the time is of this sentence
	lastDate  dateParts
	lastYear  int
	lastPlace record.AreaID
}

// group is a stage's figures in one place: a count and its amounts.
type group struct {
	ctx      context
	stages   []record.Stage
	stageAt  []Span
	totalOf  string
	figure   int // token of the figure; -1 for none
	claims   []int
	hasCount bool
	hasMoney bool
	mirror   bool
	onspot   bool
	alone    bool // a count of no stage, which may be a total
	doubt    bool // an amount behind it may belong to a part of it
	split    bool // no figure may follow: the count is no claim
	sentence Span
	end      int // token behind it
	line     int
}

func (d *document) scan() {
	body := d.text.Body
	han := 0
	for i := 0; i < len(body) && i < 2000; i++ {
		if body[i] >= 0x80 {
			han++
		}
	}
	d.latin = han*5 < min(len(body), 2000)
	s := &scanner{r: d.r, text: body, latin: d.latin, tokens: d.tokens}
	for from := 0; from < len(body); {
		to := len(body)
		if i := strings.IndexByte(body[from:], '\n'); i >= 0 {
			to = from + i
		}
		start := len(s.tokens)
		s.scan(from, to)
		if len(s.tokens) > start {
			d.lines = append(d.lines, line{start, len(s.tokens)})
		}
		from = to + 1
	}
	d.tokens = s.tokens
}

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
	d.hasSeries = d.hasSeries || hasEvent && len(stages) >= 3
	d.surveyAreas()
	d.surveyRounds()
}

// surveyAreas finds whom the text is about: the area of the title or, where it
// names none below the province, the first that is no venue.
func (d *document) surveyAreas() {
	votes := map[record.AreaID]int{}
	var first record.AreaID
	cities, counties := map[record.AreaID]bool{}, map[record.AreaID]bool{} // that the text names at all
	title := d.title()
	for n, l := range d.lines {
		if n < title && d.count(l, place) != 1 {
			continue // the page's navigation
		}
		for i := l.from; i < l.to; i++ {
			t := &d.tokens[i]
			if t.kind == scope && t.means == "province" && n == title && first == "" {
				first = d.r.campaign.AreaID
			}
			if t.kind != place {
				continue
			}
			id, end, role := d.placeAt(i, l.to)
			at := Span{t.From, d.tokens[end-1].To}
			i = end - 1
			if id != "" && d.r.level(id) != record.Province && !(role == inName && d.tokens[end].kind != office) {
				cities[d.r.resolver.CityOf(id)] = true
				if c := d.lowest(id, record.County); c != "" {
					counties[c] = true
				}
			}
			if id == "" || role == atVenue || role == inName || role == inList {
				continue
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

const (
	asSubject role = iota
	asEvent        // names the event: 河南省第八期“三个一批”活动
	atVenue        // 在太原举行
	inName         // of a person, office, paper or firm
	inList         // 太原、大同、朔州
)

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
	if i > 0 {
		p := d.tokens[i-1]
		if p.kind == gap && strings.HasSuffix(d.text.Body[p.From:p.To], "落户") {
			return id, end, inName
		}
		if p.kind == at || p.kind == space && i > 1 && d.tokens[i-2].kind == at {
			for k := end; k < to && k < end+12; k++ {
				switch d.tokens[k].kind {
				case venue:
					return id, end, atVenue
				case comma, stop, semi:
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
	next := d.tokens[end]
	text := d.text.Body[next.From:min(next.To, next.From+60)]
	switch {
	case next.kind == office:
		return id, end, inName
	case next.kind == block && next.means == "firms, not an area":
		return id, end, inName
	case next.kind == gap && firmIn(text, d.tokens[end:min(to, end+3)]), d.namesProject(end, to):
		return id, end, inName
	case (next.kind == enum || next.kind == join) && end+1 < to && d.tokens[end+1].kind == place:
		return id, end, inList
	case i > 1 && (d.tokens[i-1].kind == enum || d.tokens[i-1].kind == join) && d.tokens[i-2].kind == place && next.kind != stage && !silent(&next):
		return id, end, inList
	}
	for k := end; k < to && k < end+14; k++ {
		switch t := d.tokens[k]; t.kind {
		case series, event:
			return id, end, asEvent
		case day, nth, rounds, filler, quote, space, noun, join, scope:
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

// namesProject reports whether the words from token i on are the rest of a
// project's name: 临汾经济开发区|精密智造项目.
func (d *document) namesProject(i, to int) bool {
	unknown := false
	for ; i < to; i++ {
		switch t := &d.tokens[i]; t.kind {
		case gap, block, junk, office, drive, other:
			unknown = true
		case join, place, metric, quote, filler:
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
				if at := d.dayOf(t.date, year); at != 0 {
					lastDay, lastSpan = at, t.Span
				}
			case stop:
				lastDay = 0
			case nth:
				if !d.roundWord(i, l) {
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
				if lastDay != 0 && dated.kind == "" && d.r.held(lastDay) != "" {
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

// roundWord reports whether 第八期 at token i names a round of the campaign: the
// campaign's name or a word of its events stands near, or the label is a title.
func (d *document) roundWord(i int, l line) bool {
	if d.converted(i, l) {
		return false
	}
	for k := i + 1; k < l.to && k < i+10; k++ {
		switch t := d.tokens[k]; t.kind {
		case series, event:
			return true
		case filler:
			if strings.Contains(d.text.Body[t.From:t.To], "活动") {
				return true
			}
		case stop, semi:
			k = l.to
		}
	}
	for k := i - 1; k >= l.from && k > i-10; k-- {
		switch d.tokens[k].kind {
		case series:
			return true
		case stop:
			k = l.from
		}
	}
	text := d.text.Body[d.tokens[i].From:d.tokens[i].To]
	if !d.hasSeries || strings.HasPrefix(text, "首") || strings.HasSuffix(text, "批") {
		return false
	}
	return i+1 >= l.to || d.tokens[i+1].kind != gap
}

// converted reports whether the round at token i is only where projects come
// from: 投产项目由第七期开工项目转化而来.
func (d *document) converted(i int, l line) bool {
	from := d.tokens[i].To
	text := d.text.Body[from:min(from+90, d.tokens[l.to-1].To)]
	for _, mark := range []string{"，", "。", "；", ","} {
		if k := strings.Index(text, mark); k >= 0 {
			text = text[:k]
		}
	}
	return strings.Contains(text, "转化") || strings.Contains(text, "转换") || strings.Contains(text, "轉化")
}

// yearBefore is the year printed with the label at token i.
func (d *document) yearBefore(i, from int) int {
	for k := i - 1; k >= from && k > i-8; k-- {
		switch t := d.tokens[k]; t.kind {
		case day:
			if t.date.year > 0 && t.date.month == 0 {
				return t.date.year
			}
			return 0
		case stop, comma, nth:
			k = from
		}
	}
	if !d.latin {
		return 0
	}
	for k := i + 1; k < len(d.tokens) && k < i+12; k++ { // the first event of 2023
		switch t := d.tokens[k]; t.kind {
		case day:
			if t.date.month == 0 {
				return t.date.year
			}
			return 0
		case stop, comma:
			return 0
		}
	}
	return 0
}

func (d *document) labelSpan(i, from int) Span {
	sp := d.tokens[i].Span
	if i > from && d.tokens[i-1].kind == day && d.tokens[i-1].date.month == 0 {
		sp.From = d.tokens[i-1].From
	}
	return sp
}

// dayOf is the day of a printed date; 0 when it tells none.
func (d *document) dayOf(p dateParts, year int) record.Date {
	if p.day == 0 {
		return 0
	}
	pub := d.text.Published
	if p.month == 0 {
		if pub == 0 {
			return 0
		}
		t := pub.Time()
		p.month = int(t.Month())
		p.year = t.Year()
		if p.day > t.Day() {
			p.month--
			if p.month == 0 {
				p.month, p.year = 12, p.year-1
			}
		}
	}
	if p.year == 0 {
		p.year = year
	}
	if p.year == 0 {
		p.year = d.year
		if pub != 0 {
			p.year = pub.Year()
			if day := record.NewDate(p.year, time.Month(p.month), p.day); day > pub+31 {
				p.year--
			}
		}
	}
	if p.year == 0 {
		return 0
	}
	day := record.NewDate(p.year, time.Month(p.month), p.day)
	if day.Time().Day() != p.day {
		return 0
	}
	return day
}

// roundKey is what tells the rounds of a text apart.
type roundKey struct {
	number, year int
	day          record.Date
	label        Span
}

// roundOf resolves a round; "" when none fits.
func (d *document) roundOf(w when) record.RoundID {
	key := roundKey{w.number, w.year, w.day, w.label}
	if id, ok := d.resolve[key]; ok {
		return id
	}
	id := d.resolveRound(w)
	d.resolve[key] = id
	return id
}

func (d *document) resolveRound(w when) record.RoundID {
	if w.number == 0 {
		return d.r.held(w.day)
	}
	labels := []string{}
	year := w.year
	switch d.r.campaign.Numbering {
	case record.ByYear:
		if year == 0 {
			year = w.day.Year()
		}
		if year == 0 {
			year = d.year
		}
		labels = append(labels, fmt.Sprintf("%d年第%d次", year, w.number))
	case record.Running:
		labels = append(labels, fmt.Sprintf("第%d期", w.number))
	default:
		labels = append(labels, d.text.Body[w.label.From:w.label.To])
	}
	printed := d.r.fold.string(d.text.Body[w.label.From:w.label.To])
	if year != 0 && d.r.campaign.Numbering == record.ByYear && w.label.To > 0 {
		// 第二期 and 第二次 of one year may be two rounds.
		if k := strings.IndexAny(printed, "第首"); k >= 0 {
			labels = slices.Insert(labels, 0, fmt.Sprintf("%d年%s", year, printed[k:]))
		}
	}
	for _, label := range labels {
		for _, on := range []record.Date{w.day, 0} {
			if id, err := d.r.index.Resolve(label, on); err == nil {
				return id
			}
		}
	}
	return ""
}

// read reads the sentences.
func (d *document) read() {
	for n, l := range d.lines {
		d.ctx.area, d.ctx.areaAt, d.ctx.printed, d.ctx.universe, d.ctx.unclear = "", Span{}, false, "", false
		d.ctx.when = when{}
		d.ctx.lastDate = dateParts{}
		for from := l.from; from < l.to; {
			to := from
			for to < l.to && d.tokens[to].kind != stop {
				to++
			}
			end := min(to+1, l.to)
			if to > from {
				s := &sentence{document: d, tokens: d.tokens[from:to], base: from, line: n, first: from == l.from}
				s.span = Span{d.tokens[from].From, d.tokens[end-1].To}
				s.read()
			}
			from = end
		}
	}
}
