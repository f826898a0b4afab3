package bulletin

import (
	"slices"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func (s *sentence) setArea(id record.AreaID, at Span, printed bool) {
	s.ctx.area, s.ctx.areaAt, s.ctx.printed, s.ctx.universe, s.ctx.unclear = id, at, printed, s.early, id == ""
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
	if s.r.level(id) == record.City && what == asSubject && s.unnamedZone(end) {
		id = "" // 忻州开发区 may be one zone, or all of the city
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

// unnamedZone reports whether the name of a city that ends before token i stands,
// without 市, before the word for zone.
func (s *sentence) unnamedZone(i int) bool {
	if i >= len(s.tokens) || s.tokens[i].kind != filler || s.word(&s.tokens[i]) != "开发区" {
		return false
	}
	return !strings.HasSuffix(s.word(&s.tokens[i-1]), "市")
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
		id = s.province()
	case "city":
		id = s.city
		if s.r.level(s.topic) == record.County && strings.HasSuffix(s.r.areas[s.topic].Name, "市") {
			id = s.topic // 辉县市
			break
		}
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
	case s.onLabelledDay(): // 5月18日，2023年二季度…
	case p.month > 0 && !s.hasRound && !s.thisOne:
		s.ctx.when = when{kind: record.OtherSpan, from: from, to: to, review: "period_unclear", words: t.Span}
	case p.year > 0 && p.month == 0:
		if !s.hasRound && !s.thisOne {
			s.ctx.when = when{kind: record.Annual, year: p.year, loose: !strings.Contains(s.text.Body[t.From:t.To], "度"), words: t.Span}
		}
	}
}

// clauseBetween reports whether a clause ends between two places.
func (s *sentence) clauseBetween(from, to int) bool {
	return from >= to || strings.ContainsAny(s.text.Body[from:to], "，,；")
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
		if s.ctx.kind == record.Cumulative {
			s.ctx.review = ""
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
