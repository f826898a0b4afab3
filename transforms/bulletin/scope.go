package bulletin

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func (s *sentence) setArea(id record.AreaID, at Span, printed bool) {
	s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.universe, s.ctx.unclear, s.ctx.event = id, at, printed, s.early, id == "", Span{}
	s.early, s.carried = "", false
	s.areas++
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
	if s.r.level(id) == record.City && what == asSubject && (s.unnamedZone(end) || s.partOfCity(end)) {
		id = "" // 忻州开发区 may be one zone, or all of the city
	}
	switch what {
	case atVenue, inName, inList:
	case asEvent:
		if s.r.level(id) == record.Province && s.topic != "" && s.topic != id {
			if s.ctx.area == "" {
				s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear, s.ctx.event = s.topic, s.topicPlace, true, true, at
			}
			break
		}
		s.setArea(id, at, true)
	default:
		if s.endsList(i) {
			id = "" // 应县、怀仁、右玉共有9个项目开工: of all three together
		}
		if s.clause <= i {
			s.setArea(id, at, true)
		}
	}
	return end
}

// endsList reports whether the place at token i ends a list of places.
func (s *sentence) endsList(i int) bool {
	return i > 1 && (s.tokens[i-1].kind == enum || s.tokens[i-1].kind == join) && s.tokens[i-2].kind == place
}

// subject reports whether a stage or a count follows right behind token i.
func (s *sentence) subject(i int) bool {
	for k := i + 1; k < len(s.tokens) && k < i+5; k++ {
		if t := &s.tokens[k]; t.kind == stage || t.kind == count {
			return true
		} else if !silent(t) {
			return false
		}
	}
	return false
}

// zoneOf is the one zone of the city that a word like 高新区 may stand for; "" when
// there are others.
func (s *sentence) zoneOf(word string) record.AreaID {
	return s.document.zoneOf(word, cmp.Or(s.city, s.r.resolver.CityOf(s.ctx.area)))
}

func (d *document) zoneOf(word string, city record.AreaID) record.AreaID {
	kind := map[string]string{"高新区": "高新技术产业开发区", "经开区": "经济技术开发区"}[d.r.fold.string(word)]
	found := record.AreaID("")
	for id, a := range d.r.areas {
		if kind == "" || city == "" || a.Level != record.Zone || !strings.HasSuffix(a.Name, kind) || d.r.resolver.CityOf(id) != city {
			continue
		}
		if found != "" {
			return ""
		}
		found = id
	}
	return found
}

// unnamedZone reports whether the name of a city that ends before token i stands,
// without 市, before the word for zone.
func (s *sentence) unnamedZone(i int) bool {
	return s.document.unnamedZone(s.base+i, s.base+len(s.tokens))
}

func (d *document) unnamedZone(i, to int) bool {
	if i >= to || i == 0 {
		return false
	}
	t := &d.tokens[i]
	if t.kind == scope && t.means != "zone" || t.kind != scope && (t.kind != filler || d.text.Body[t.From:t.To] != "开发区") {
		return false
	}
	return t.From == d.tokens[i-1].To && !strings.HasSuffix(d.text.Body[:t.From], "市")
}

// partOfCity reports whether the name of a city that ends before token i, without 市, begins
// the name of a part of it that nobody lists: 太原起步区.
func (s *sentence) partOfCity(i int) bool {
	if i == 0 || strings.HasSuffix(s.word(&s.tokens[i-1]), "市") {
		return false
	}
	from := s.tokens[i-1].To
	for k := i; k < len(s.tokens) && s.tokens[k].From == s.tokens[k-1].To && s.tokens[k].To <= from+len("六个字以内的区"); k++ {
		switch t := &s.tokens[k]; t.kind {
		case gap:
			if hasAnySuffix(s.r.fold.string(s.word(t)), "区", "园", "城") {
				return true
			}
		case filler, period:
		default:
			return false
		}
	}
	return false
}

// scope takes 全省, 我市, 全县.
func (s *sentence) scope(i int) {
	t := &s.tokens[i]
	if i > 0 && s.tokens[i-1].To == t.From && (s.tokens[i-1].kind == share || hasAnySuffix(s.r.fold.string(s.word(&s.tokens[i-1])), "居", "列", "比", "于", "高出", "低于", "超过")) {
		return // 高于全省平均水平
	}
	if next := s.after(i); next != nil && next.kind != nth && next.From == t.To && strings.HasPrefix(s.text.Body[t.To:], "第") {
		return // 数量全省第六
	}
	if s.areas > 0 && hasAnySuffix(s.text.Body[s.span.From:t.From], "列入", "纳入", "入选", "参加", "参与", "进入") {
		return // 灵丘县有2个项目列入全市第三次…
	}
	if i > 0 && t.means == "province" && s.tokens[i-1].kind == join && s.areas > 0 {
		return // 阳泉市与全省同步行动
	}
	if s.areas > 0 && hasAnyPrefix(s.text.Body[t.To:s.span.To], "唯一", "首个", "首家", "最", "率先", "前列", "第一") {
		return // 长治高新区是全市唯一的…
	}
	for k := i + 1; k < len(s.tokens) && k < i+14; k++ {
		if k := s.tokens[k].kind; k == series {
			if t.means == "province" && s.topic != "" && s.topic != s.r.campaign.AreaID {
				if s.ctx.area == "" {
					s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.unclear, s.ctx.event = s.topic, s.topicPlace, true, true, t.Span
				}
				return
			}
		} else if k != day && k != nth && k != rounds && k != filler && k != quote && k != space && k != noun && k != join && k != gap {
			break
		}
	}
	the := hasAnyPrefix(s.word(t), "该", "該") || t.means == "zone" && s.document.latin
	if t.means == "zone" && s.r.level(s.topic) != record.Zone && !the {
		if s.subject(i) { // 高新区签约项目4个, in the text of a city
			s.setArea(s.zoneOf(s.word(t)), t.Span, true)
		}
		return
	}
	if the {
		id := s.ctx.lastPlace
		switch t.means {
		case "zone":
			if s.r.level(s.topic) == record.Zone {
				id = s.topic
			} else if s.r.level(id) != record.Zone {
				id = ""
			}
		case "city":
			if c := s.lowest(id, record.County); c != "" && strings.HasSuffix(s.r.areas[c].Name, "市") {
				id = c // 孟州市…，该市…
				break
			}
			id = s.r.resolver.CityOf(id)
		case "county", "district":
			if s.r.level(id) != record.Zone {
				id = s.lowest(id, record.County)
			}
		case "province":
			id = s.province()
		}
		s.setArea(id, t.Span, false)
		return
	}
	id := record.AreaID("")
	if i > 0 && s.tokens[i-1].kind == place && s.tokens[i-1].To == t.From && t.means == string(s.r.level(s.ctx.lastPlace)) {
		s.setArea(s.ctx.lastPlace, t.Span, true) // 放眼新乡全市, in the text of a county-level city
		return
	}
	switch t.means {
	case "province":
		id = s.province()
	case "city":
		id = s.city
		if s.r.level(s.topic) == record.County && strings.HasSuffix(s.r.areas[s.topic].Name, "市") {
			id = s.topic // 辉县市
			break
		}
		if c := s.r.resolver.CityOf(s.ctx.area); c != "" && (id == "" || s.areas > 0 && s.r.level(s.topic) == record.Province) {
			id = c // 洛阳分会场设在偃师区，全市…, in the text of a province
		}
	case "county", "district":
		id = s.county
		if l := s.r.level(s.topic); t.means == "district" && (l == record.Zone || l == record.ZonePart || l == record.Cluster) {
			id = s.topic // 全区, of a zone's own text
		}
	case "zone":
		if s.r.level(s.topic) == record.Zone {
			id = s.topic
		}
	}
	s.setArea(id, t.Span, false)
}

// province is the one of the campaign or, where that is of several, the one of the
// area that was told last, else of the text.
func (s *sentence) province() record.AreaID {
	if id := s.r.campaign.AreaID; id != "" {
		return id
	}
	for _, at := range []record.AreaID{s.ctx.lastPlace, s.ctx.area, s.topic} {
		if id := s.r.province(at); id != "" {
			return id
		}
	}
	return ""
}

// day takes a date.
func (s *sentence) day(i int) {
	t := &s.tokens[i]
	p := t.date
	if p.year == 0 && s.text.Published != 0 {
		switch before := s.text.Body[:t.From]; {
		case strings.HasSuffix(before, "今年"):
			p.year = s.text.Published.Year()
		case strings.HasSuffix(before, "去年"):
			p.year = s.text.Published.Year() - 1
		}
	}
	next := s.after(i)
	if p.year > 0 {
		s.ctx.lastYear = p.year
	}
	if next != nil && next.kind == nth {
		if on := s.dayOf(p, s.ctx.lastYear); on != 0 {
			s.days = append(s.days, on)
			s.ctx.when = when{kind: record.OfRound, day: on, words: t.Span}
		}
		return
	}
	from, to := s.span1(p)
	prev := s.before(i)
	if prev != nil && prev.kind == period && (prev.means == "this year" || prev.means == "last year") { // 截至今年6月30日
		if prev.means == "last year" && p.year == 0 && s.text.Published != 0 {
			p.year = s.text.Published.Year() - 1
			from, to = s.span1(p)
		}
		if before := s.before(s.indexOf(prev)); before != nil && before.kind == period && (before.means == "until" || before.means == "since") {
			prev = before
			if s.ctx.kind == record.Annual && s.ctx.loose {
				s.ctx.when = when{}
			}
		}
	}
	if p.day > 0 && s.fromDay(i) {
		on := s.dayOf(p, s.ctx.lastYear)
		if n := len(s.days); n > 0 && on > s.days[n-1] { // 从2020年2月28日到2023年12月1日
			s.days = append(s.days, on)
			s.ctx.when = when{kind: record.Cumulative, from: s.days[n-1], to: on, words: t.Span}
			return
		}
	}
	if p.month > 0 && p.day == 0 {
		if first := s.monthsFrom(i); first > 0 && first <= p.month { // 1—6月, 1月至9月
			p.year = max(p.year, s.ctx.lastYear)
			_, to = s.span1(p)
			p.month = first
			from, _ = s.span1(p)
			s.ctx.when = when{kind: record.OtherSpan, from: from, to: to, words: t.Span}
			if !s.hasName {
				s.ctx.review = "period_unclear"
			}
			return
		}
		if s.r.campaign.Numbering == record.ByLabel && s.main.day != 0 && int(s.main.day.Time().Month()) == p.month && s.roundOf(s.main) != "" {
			return // 全省7月集中开工, of an event in July
		}
	}
	switch {
	case next != nil && next.kind == period && next.means == "since" || prev != nil && prev.kind == period && prev.means == "since":
		s.ctx.when = when{kind: record.Cumulative, from: from, to: s.upTo(), words: t.Span}
		if s.hasName || s.hasRound {
			s.since = from
		}
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
	case s.onLabelledDay(): // 5月18日，2023年二季度…
	case p.month > 0 && !s.hasRound && !s.thisOne:
		s.ctx.when = when{kind: record.OtherSpan, from: from, to: to, review: "period_unclear", words: t.Span}
	case p.year > 0 && p.month == 0:
		if !s.hasRound && !s.thisOne {
			s.ctx.when = when{kind: record.Annual, year: p.year, loose: !s.roundsListed && !strings.Contains(s.text.Body[t.From:t.To], "度"), words: t.Span}
		}
	}
}

// clauseBetween reports whether a clause ends between two places.
func (s *sentence) clauseBetween(from, to int) bool {
	return from >= to || strings.ContainsAny(s.text.Body[from:to], "，,；")
}

// indexOf is the place of a token of the sentence.
func (s *sentence) indexOf(t *token) int {
	for i := range s.tokens {
		if &s.tokens[i] == t {
			return i
		}
	}
	return 0
}

// fromDay reports whether only 到 or the like parts token i from a day before it.
func (s *sentence) fromDay(i int) bool {
	k := i - 1
	for k > 0 && (s.tokens[k].kind == space || s.tokens[k].kind == period && s.tokens[k].means == "this year") {
		k--
	}
	if k < 1 {
		return false
	}
	word := strings.TrimSuffix(strings.TrimSpace(s.word(&s.tokens[k])), "今年")
	if s.tokens[k-1].kind == day && s.tokens[k-1].date.day > 0 {
		return slices.Contains([]string{"到", "至", "—", "－", "-", "to"}, word)
	}
	if !strings.HasSuffix(word, "到") && !strings.HasSuffix(word, "至") {
		return false
	}
	for k--; k >= 0 && s.tokens[k].kind != comma && s.tokens[k].kind != semi; k-- { // 自…首期活动启动到
		if t := &s.tokens[k]; t.kind == day && t.date.day > 0 {
			return hasAnySuffix(strings.TrimSuffix(s.text.Body[s.span.From:t.From], "去年"), "自", "从")
		}
	}
	return false
}

// monthsFrom is the month with which a span of months begins that ends at token i: 1
// of 1—6月; 0 when there is no span.
func (s *sentence) monthsFrom(i int) int {
	before := strings.TrimRight(s.text.Body[s.span.From:s.tokens[i].From], " ")
	for _, dash := range []string{"—", "–", "-", "－", "~", "～", "至", "到"} {
		head, ok := strings.CutSuffix(before, dash)
		if !ok {
			continue
		}
		head = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(head, "—–-－ "), "月"), " ")
		from := len(head)
		for from > 0 && isDigit(head[from-1]) {
			from--
		}
		if n, err := strconv.Atoi(head[from:]); err == nil && n >= 1 && n <= 12 {
			return n
		}
	}
	return 0
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

// nth takes 第八期.
func (s *sentence) nth(i int) {
	t := &s.tokens[i]
	if !s.roundWord(s.base+i, s.lines[s.line]) || s.bygone(t.Span) {
		return
	}
	if s.compared(i) {
		s.other = when{kind: record.OfRound, number: t.n, year: s.yearBefore(s.base+i, s.base), label: s.labelSpan(s.base+i, s.base)}
		if s.other.words = s.other.label; s.other.year == 0 && s.r.campaign.Numbering == record.ByYear {
			s.other.year = s.ctx.lastYear
		}
		return
	}
	p := s.before(i)
	if n := len(s.days); n > 1 && s.throughRounds(i) { // 从7月10日的第一期到7月5日的第五期
		s.ctx.when = when{kind: record.Cumulative, from: s.days[0], to: s.days[n-1], words: t.Span}
		return
	}
	through := i > 1 && hasAnySuffix(strings.TrimRight(s.text.Body[s.span.From:t.From], " "), "至", "到")
	if through || p != nil && (p.kind == join || p.kind == enum) && i > 1 {
		// 第一期至第七期
		w := when{kind: record.Cumulative, to: s.upTo(), words: t.Span}
		if s.ctx.kind == record.OtherSpan && s.ctx.from != 0 { // 1月至9月，第一至三批
			w.from, w.to = s.ctx.from, s.ctx.to
		}
		if s.ctx.lastYear > 0 && w.from == 0 { // 2022年，第三期至第六期
			w.review = "period_unclear"
		}
		s.ctx.when = w
		return
	}
	s.ctx.when = s.round(i)
}

// round is the round that the label at token i names.
func (s *sentence) round(i int) when {
	t := &s.tokens[i]
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
	return w
}

// throughRounds reports whether the clause names a round before token i, and 到 or 至
// between the two.
func (s *sentence) throughRounds(i int) bool {
	to := false
	for k := i - 1; k >= 0; k-- {
		switch t := &s.tokens[k]; {
		case t.kind == comma || t.kind == semi:
			return false
		case t.kind == nth:
			return to
		case hasAnySuffix(s.word(t), "到", "至"):
			to = true
		}
	}
	return false
}

// compared reports whether the round at token i is only what others are compared
// with: 较上次增加8个, 与第六期相比.
func (s *sentence) compared(i int) bool {
	body := s.text.Body
	before := strings.TrimRight(body[s.span.From:s.tokens[i].From], " “”")
	if k := strings.LastIndexAny(before, "，,；"); k >= 0 {
		before = before[k:]
	}
	for _, year := range []string{"今年", "去年", "上年", "年", "全省", "全市", "本省", "我市", "我省"} { // 较今年第三次, 比2022年第四次
		before = strings.TrimRight(strings.TrimSuffix(before, year), "0123456789〇零一二三四五六七八九")
	}
	if hasAnySuffix(before, "较", "比", "較") {
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
	first := prev != nil && prev.kind == period && strings.HasPrefix(s.word(prev), "前") // 前三批
	several := t.n > 1 && (prev != nil && prev.kind == period && prev.means == "before" || s.roundWord(s.base+i, s.lines[s.line]))
	if !several {
		return
	}
	switch {
	case s.ctx.kind == record.Annual && !first:
		s.ctx.loose = false
	case s.ctx.kind == record.Cumulative:
		if s.ctx.loose { // 今年以来…先后四次: of how many rounds is told
			s.ctx.loose, s.ctx.review = false, ""
		}
	default:
		s.ctx.when = when{kind: record.Cumulative, to: s.upTo(), words: t.Span}
		if n := len(s.days); n > 1 { // 分别于2月28日、6月6日、8月8日共实施3期
			s.ctx.from, s.ctx.to = s.days[0], s.days[n-1]
		}
	}
}

// onLabelledDay reports whether the day of an event is told already, in a campaign
// whose events bear the names of quarters, seasons and years.
func (s *sentence) onLabelledDay() bool {
	return s.r.campaign.Numbering == record.ByLabel && s.ctx.kind == record.OfRound && s.ctx.day != 0 && s.roundOf(s.ctx.when) != ""
}

func (s *sentence) period(i int) {
	t := &s.tokens[i]
	if (t.means == "part" || t.means == "year" || t.means == "this year") && s.onLabelledDay() {
		return
	}
	switch t.means {
	case "cumulative":
		switch {
		case s.ctx.kind == record.Annual, s.ctx.kind == record.Cumulative, s.thisOne, s.ctx.kind == record.OfRound && s.hasRound:
		case s.ctx.kind == record.OtherSpan && s.ctx.from != 0: // 1至11月，累计
			s.ctx.kind = record.Cumulative
		default:
			s.ctx.when = when{kind: record.Cumulative, to: s.upTo(), words: t.Span}
		}
	case "since":
		if n := len(s.days); n > 0 && s.ctx.kind == record.OfRound && !s.clauseBetween(s.ctx.words.To, t.From) { // 自7月10日第一期活动以来
			s.ctx.when = when{kind: record.Cumulative, from: s.days[n-1], to: s.upTo(), words: t.Span}
		} else if s.hasName && !s.hasRound && (s.ctx.kind == "" || s.ctx.kind == record.OfRound) { // 自开展“三个一批”活动以来
			s.ctx.when = when{kind: record.Cumulative, to: s.upTo(), words: t.Span, review: "period_unclear"}
		} else if s.ctx.kind == record.OfRound {
			s.ctx.review = "period_unclear"
		}
	case "until":
		s.standing = true
		if n := len(s.days); n > 0 && s.ctx.kind == record.OfRound && hasAnySuffix(s.word(t), "今") && !s.clauseBetween(s.ctx.words.To, t.From) {
			s.ctx.when = when{kind: record.Cumulative, from: s.days[n-1], to: s.upTo(), words: t.Span} // 从7月10日首期活动至今
		}
		if s.ctx.kind == record.Cumulative {
			s.ctx.review, s.ctx.to = "", s.upTo()
		}
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
	case "several": // 前三批, which is no 三批
		s.ctx.when = when{kind: record.Cumulative, to: s.upTo(), words: t.Span}
	case "that":
		s.ctx.when = s.other
		if s.ctx.kind == "" {
			s.ctx.when = when{kind: record.OfRound, review: "round_unknown"}
		}
		s.ctx.words = t.Span
	case "last year", "this year":
		year := s.text.Published.Year()
		if year == 0 {
			year = s.year
		}
		if t.means == "last year" {
			year--
		}
		if year > 0 && !s.hasRound && !s.thisOne {
			s.ctx.when = when{kind: record.Annual, year: year, loose: !s.roundsListed, words: t.Span}
			if strings.HasSuffix(s.text.Body[t.From:t.To], "以来") {
				// Of how many rounds, nobody is told.
				s.ctx.when = when{kind: record.Cumulative, loose: true, review: "period_unclear", from: record.NewDate(year, 1, 1), to: s.upTo(), words: t.Span}
			}
		}
	case "past year":
		// 过去一年, in the first weeks of the next
		if on := s.text.Published; on != 0 && !s.hasRound && !s.thisOne && s.ctx.lastYear == 0 {
			year := on.Year()
			if on.Time().Month() <= time.March {
				year--
			}
			s.ctx.when = when{kind: record.Annual, year: year, loose: true, words: t.Span}
		}
	case "part":
		if !s.hasRound && !s.thisOne {
			s.ctx.when = when{kind: record.OtherSpan, review: "period_unclear", words: t.Span}
		}
	case "year":
		switch year := cmp.Or(s.ctx.lastYear, s.ctx.year, s.year); {
		case s.ctx.kind == record.Annual:
			s.ctx.loose = false
		case (s.ctx.kind == record.OfRound || s.ctx.kind == "") && !s.hasRound && !s.thisOne && year > 0 && s.opensClause(i):
			s.ctx.when = when{kind: record.Annual, year: year, loose: s.ctx.lastYear == 0, words: t.Span} // …第四次25.3亿元。全年签约18个
		}
	}
}

// opensClause reports whether nothing but the name of an area stands before token i in its
// clause.
func (s *sentence) opensClause(i int) bool {
	if i > 0 && (s.tokens[i-1].kind == scope || s.tokens[i-1].kind == place) {
		i--
	}
	return i == 0 || s.tokens[i-1].kind == comma || s.tokens[i-1].kind == semi
}

// lookingBack reports whether a sentence speaks of the figures before it: 以上数据不含综改
// 示范区.
func (s *sentence) lookingBack(i int) bool {
	before := s.text.Body[s.span.From:s.tokens[i].From]
	for _, word := range []string{"以上", "上述", "数据", "数字", "均"} {
		if strings.Contains(before, word) {
			return true
		}
	}
	return false
}

// lasts reports whether a bracket says that what it says holds from here on: 下同.
func (s *sentence) lasts(i int) bool {
	for ; i < len(s.tokens) && s.tokens[i].kind != shut; i++ {
		if strings.Contains(s.word(&s.tokens[i]), "下同") {
			return true
		}
	}
	return false
}

// universe takes 不含综改示范区, behind an area or behind the figures.
func (s *sentence) universe(i int) {
	t := &s.tokens[i]
	if !s.figures && s.lookingBack(i) {
		for _, g := range s.groups {
			if g.line != s.line && g.line != s.line-1 || g.ctx.area != s.context().area || g.ctx.universe != "" {
				continue
			}
			for _, c := range g.claims {
				s.out.Claims[c].Universe = t.means
			}
		}
		return
	}
	s.ctx.universe = t.means
	if bracketed := i > 0 && s.tokens[i-1].kind == open; bracketed && len(s.open) == 0 && (!s.figures || i+1 < len(s.tokens) && s.lasts(i+1)) {
		// 我市（不含综改示范区）…通报如下, or （…，下同）
		if id := s.context().area; id != "" {
			s.lasting[id] = t.means
		}
	}
	if s.areas == 0 {
		s.early = t.means // 不含综改示范区，全市…
	}
	if len(s.open) > 0 && i > 0 && (s.tokens[i-1].kind == open || i > 1 && s.tokens[i-2].kind == open && s.word(&s.tokens[i-1]) == "均") {
		for _, g := range s.open {
			g.ctx.universe = t.means
			for _, c := range g.claims {
				s.out.Claims[c].Universe = t.means
			}
		}
	}
}
