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
	lasting    map[record.AreaID]string // universes that hold for all figures of an area
	other      when                     // the round that figures were compared with last
	since      record.Date              // the day from which the text counts the campaign's rounds

	ctx         context
	groups      []*group
	pending     pending
	section     token // the stage of the line before, if that line names nothing else
	sectionLine int
	sectionEnd  int // token behind its sentence
	titleLine   int
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
	event    Span // 全省, before the name of the event: unclear is whether its figures are the province's
	when
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
	byRound  bool // one of several rounds whose figures are listed
	inTurn   bool // takes its stage from the figures of another area
	named    bool // the sentence of a count of no stage names the event
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
	d.sharedUnits()
}

// sharedUnits gives the amounts of a list the unit that stands behind the last of them:
// 总投资分别为96.4、71.2、40.5亿元.
func (d *document) sharedUnits() {
	for i := range d.tokens {
		last := &d.tokens[i]
		if last.kind != money || last.figure.damaged != "" {
			continue
		}
		from := i
		for from > 1 && listed(d.tokens[from-1].kind) && d.tokens[from-2].kind == number && d.tokens[from-2].figure.damaged == "" {
			from -= 2
		}
		if from == i || from == 0 || d.tokens[from-1].kind != respectively && d.tokens[from-1].kind != metric {
			continue
		}
		unit := Span{last.figure.number.To, last.To}
		for k := from; k < i; k += 2 {
			d.tokens[k].kind, d.tokens[k].figure.unit = money, unit
		}
	}
}

func listed(k kind) bool { return k == enum || k == join }

const (
	asSubject role = iota
	asEvent        // names the event: 河南省第八期“三个一批”活动
	atVenue        // 在太原举行
	inName         // of a person, office, paper or firm
	inList         // 太原、大同、朔州
)

// roundWord reports whether 第八期 at token i names a round of the campaign: the
// campaign's name or a word of its events stands near, or the label is a title.
func (d *document) roundWord(i int, l line) bool {
	if d.converted(i, l) || d.tokens[i].kind == rounds && i+1 < l.to && d.tokens[i+1].kind == noun {
		return false // 三期项目 is a part of one
	}
	for k := i + 1; k < l.to && k < i+10; k++ {
		switch t := d.tokens[k]; t.kind {
		case series, event:
			return true
		case drive:
			return false // 第四期月开工竞赛
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
	return i+1 >= l.to || d.tokens[i+1].kind != gap || hasAnyPrefix(d.text.Body[d.tokens[i+1].From:], "来说", "来看", "中", "里", "上", "期间", "时")
}

func hasAnyPrefix(text string, heads ...string) bool {
	return slices.ContainsFunc(heads, func(head string) bool { return strings.HasPrefix(text, head) })
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
		case period:
			switch pub := d.text.Published; {
			case pub != 0 && t.means == "last year": // 去年第一次
				return pub.Year() - 1
			case pub != 0 && t.means == "this year":
				return pub.Year()
			}
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
		return d.r.held(w.day, d.r.province(d.topic))
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
		label := d.text.Body[w.label.From:w.label.To]
		if year == 0 {
			year = w.day.Year()
		}
		if year == 0 {
			year = d.year
		}
		if strings.HasPrefix(label, "第") {
			label = fmt.Sprintf("%d年%s", year, label) // 2023年全省第二批
		}
		labels = append(labels, label)
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
			if id := d.r.resolved(label, on); id != "" {
				return id
			}
		}
	}
	if i := slices.IndexFunc(d.r.rounds, func(r record.Round) bool { return r.HeldOn == w.day }); w.day != 0 && i >= 0 && d.r.campaign.Numbering == record.ByYear {
		return d.r.rounds[i].Round // 第七次, counted by somebody's own count, on the very day
	}
	if d.r.campaign.Numbering == record.ByLabel && w.day != 0 {
		return d.r.held(w.day, d.r.province(d.topic))
	}
	return ""
}

// longestSentence is how many tokens are read together: those of a sentence of
// several thousand characters. Rules that look back and ahead go no further, so that
// the time a text takes grows with its length only.
const longestSentence = 600

// areaHeads are the lines that name an area and nothing else, where a text tells of
// several areas under such lines; nil where it does not.
func (d *document) areaHeads() map[int]record.AreaID {
	heads := map[int]record.AreaID{}
	first, several := record.AreaID(""), false
	for n, l := range d.lines {
		if n <= d.titleLine || l.to-l.from > 6 || d.tokens[l.from].kind != place {
			continue
		}
		id, end, _ := d.placeAt(l.from, l.to)
		for ; end < l.to && (d.tokens[end].kind == space || d.tokens[end].kind == colon || d.tokens[end].kind == quote); end++ {
		}
		if id == "" || end < l.to || n+1 == len(d.lines) {
			continue
		}
		heads[n] = id
		several = several || first != "" && first != id
		first = id
	}
	if !several {
		return nil
	}
	return heads
}

// tableRow reports whether a line is a row of a table, its cells between tabs, and
// sets its figures aside: what they count stands in other lines.
func (d *document) tableRow(l line) bool {
	if !strings.Contains(d.text.Body[d.tokens[l.from].From:d.tokens[l.to-1].To], "\t") {
		return false
	}
	row := false
	for i := l.from + 1; i < l.to-1; i++ {
		if t := d.tokens[i]; t.kind == space && strings.Contains(d.text.Body[t.From:t.To], "\t") {
			row = true
		}
	}
	if !row {
		return false
	}
	for i := l.from; i < l.to; i++ {
		if f := d.tokens[i].figure; f != nil {
			f.rule, f.why = "cell of a table", "what it counts stands in other lines"
		}
	}
	(&sentence{document: d, tokens: d.tokens[l.from:l.to]}).pass()
	return true
}

// read reads the sentences.
func (d *document) read() {
	d.lasting = map[record.AreaID]string{}
	heads := d.areaHeads()
	s := new(sentence) // one for all: a page has hundreds
	for n, l := range d.lines {
		if id := heads[n]; id != "" {
			at := d.tokens[l.from].Span
			d.ctx.lastPlace = id
			d.topic, d.topicPlace, d.city, d.county = id, at, d.r.resolver.CityOf(id), d.lowest(id, record.County)
			continue
		}
		d.ctx.area, d.ctx.areaAt, d.ctx.printed, d.ctx.universe, d.ctx.unclear, d.ctx.event = "", Span{}, false, "", false, Span{}
		d.ctx.when = when{}
		d.ctx.lastDate = dateParts{}
		if d.tableRow(l) {
			continue
		}
		for from := l.from; from < l.to; {
			to := from
			for to < l.to && d.tokens[to].kind != stop && to-from < longestSentence {
				to++
			}
			end := min(to+1, l.to)
			if to < l.to && d.tokens[to].kind != stop {
				end = to
			}
			if to > from {
				*s = sentence{document: d, tokens: d.tokens[from:to], base: from, line: n, first: from == l.from}
				s.span = Span{d.tokens[from].From, d.tokens[end-1].To}
				s.read()
			}
			from = end
		}
	}
}
