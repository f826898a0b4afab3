package sheet

import (
	"bytes"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// project reads the row's cells into the result.
func (r *Reader) project() {
	p := &r.result.Project
	p.Campaign, p.SourceID, p.Sheet, p.Line = r.ctx.Campaign, r.ctx.SourceID, r.sheet, int32(r.row.Line)
	p.Synthetic = r.ctx.Synthetic
	p.Name = r.text(r.at.name)
	if p.Name == "" {
		r.problem(Name, r.at.name, "missing_name", "")
	}
	p.Code = r.text(r.at.code)
	p.Industry, p.Investor, p.Content = r.text(r.at.industry), r.text(r.at.investor), r.text(r.at.content)
	p.ChainLeader, p.Obstacle, p.Note = r.text(r.at.chainLeader), r.text(r.at.obstacle), r.text(r.at.note)
	if !p.Synthetic && (r.layout.Synthetic || p.Note != "" && r.memory.isSynthetic(r.words, p.Note)) {
		r.problem(Note, r.at.note, "synthetic_row", "")
	}
	if p.Industry != "" {
		p.IndustryStatus = "published"
		if status := r.text(r.at.industryFrom); status != "" {
			p.IndustryStatus = status
		}
	}
	r.readSource(p)
	r.readPlaces(p)
	r.readStage(p)
	r.readRounds(p)
	r.readDates(p)
	r.readMoney(p)
	r.readMarks(p)
	r.judge(p)
	r.identify(p)
	for _, f := range r.result.Flags {
		if !strings.Contains(p.Flags, string(f.Reason)) {
			p.Flags = strings.TrimPrefix(p.Flags+";"+string(f.Reason), ";")
		}
	}
}

// readSource sets where the row comes from and the day for which it speaks.
func (r *Reader) readSource(p *record.Project) {
	p.AsOf = r.ctx.AsOf
	if r.layout.AsOf != 0 {
		p.AsOf = r.layout.AsOf
	}
	if day, err := record.ParseDate(r.layout.mapping.constant(AsOf)); err == nil && day != 0 {
		p.AsOf = day
	}
	if s, ok := r.date(AsOf, r.at.asOf, date.Near{}); ok {
		p.AsOf = s.to
	}
	if r.at.sourceID < 0 {
		return
	}
	id := record.SourceID(r.text(r.at.sourceID))
	day, ok := r.ctx.Sources[id]
	if !ok {
		r.problem(SourceID, r.at.sourceID, "foreign_source", "")
	}
	p.SourceID = id
	if p.AsOf == 0 {
		p.AsOf = day
	}
}

// readStage takes the stage from its column, or for the whole sheet from the
// mapping.
func (r *Reader) readStage(p *record.Project) {
	b := r.cell(r.at.stage)
	if len(b) == 0 {
		said := r.layout.mapping.constant(StageNow)
		if p.Stage = r.words.stage(said); p.Stage == "" && said != "" {
			r.problem(StageNow, r.at.stage, "unreadable_stage", "the mapping says "+said)
		}
		return
	}
	stage, ok := r.memory.stages[string(b)]
	if !ok {
		stage = r.words.stage(string(b))
		r.memory.keepStage(string(b), stage)
	}
	if stage == "" && !r.blank(b) {
		r.problem(StageNow, r.at.stage, "unreadable_stage", "")
	}
	p.Stage = stage
}

// stage is the stage that a text names, "" for none: with what stands in
// brackets behind it, or without.
func (w *Words) stage(text string) record.Stage {
	folded := strings.ReplaceAll(foldText(text), " ", "")
	if s, ok := w.stages[folded]; ok {
		return s
	}
	return w.stages[brackets.ReplaceAllString(folded, "")]
}

// readRounds resolves the rounds that the row names. A round that is not known
// is left out with a flag: the project stands without it.
func (r *Reader) readRounds(p *record.Project) {
	p.Round = r.roundOf(Round, r.at.round, r.text(r.at.round))
	text := r.text(r.at.signedRound)
	if text == "" {
		text = r.layout.mapping.constant(SignedRound)
	}
	p.SignedRound = r.roundOf(SignedRound, r.at.signedRound, text)
}

func (r *Reader) roundOf(f Field, at int, text string) record.RoundID {
	if text == "" || r.ctx.Rounds == nil {
		return ""
	}
	found, ok := r.memory.rounds[text]
	if !ok {
		found = findRound(r.ctx.Rounds, text)
		r.memory.keepRound(text, found)
	}
	switch {
	case found.reason == "":
	case r.words.Reasons[found.reason].Quarantines:
		r.problem(f, at, found.reason, found.detail)
		r.result.Problems[len(r.result.Problems)-1].Candidates = found.candidates
	default:
		r.flag(f, at, found.reason, found.detail)
	}
	return found.id
}

// readDates reads the days of the stages. A day without a year takes it from
// the round in which the project was signed, or follows the stage before.
func (r *Reader) readDates(p *record.Project) {
	near := date.Near{Year: r.ctx.HeldOn[p.SignedRound].Year()}
	for i, c := range r.dates {
		r.spans[i] = span{}
		if s, ok := r.date(c.field, c.at, near); ok {
			r.spans[i] = s
			near = date.Near{After: s.from}
		} else if near.Year != 0 {
			near = date.Near{After: r.ctx.HeldOn[p.SignedRound]}
		}
	}
	r.readEvent(p)
	p.SignedOn, p.SignedPrecision = r.spans[0].from, r.spans[0].precision
	p.StartedOn, p.StartedPrecision = r.spans[1].from, r.spans[1].precision
	p.CommissionedOn, p.CommissionedPrecision = r.spans[2].from, r.spans[2].precision
	p.OnTargetOn, p.OnTargetPrecision = r.spans[3].from, r.spans[3].precision
}

// readEvent dates the stage of a project that a page names at an event: the day
// of the event, or else of the round.
func (r *Reader) readEvent(p *record.Project) {
	if r.at.eventOn < 0 {
		return
	}
	held := r.ctx.HeldOn[p.Round]
	near := date.Near{Year: held.Year()}
	if near.Year == 0 {
		near.Year = p.AsOf.Year()
	}
	s, ok := r.date(EventOn, r.at.eventOn, near)
	if !ok && held != 0 {
		s, ok = span{held, held, record.ToTheDay}, true
	}
	stage := map[record.Stage]int{record.Signed: 0, record.Started: 1, record.Commissioned: 2, record.OnTarget: 3}
	i, known := stage[p.Stage]
	if ok && known && r.spans[i].from == 0 {
		r.spans[i] = s
	}
	if p.Stage == record.Signed && p.SignedRound == "" {
		p.SignedRound = p.Round
	}
}

// date reads a date's cell. It reports false when there is none, and what was
// left out and why stands in the result.
func (r *Reader) date(f Field, at int, near date.Near) (span, bool) {
	b := r.cell(at)
	if len(b) == 0 {
		return span{}, false
	}
	kind := r.row.Cells[at].Kind
	if kind != format.Number {
		if s, ok := fastDate(b); ok {
			return s, true
		}
	}
	if kind == format.Fault {
		r.problem(f, at, "formula_error", "")
		return span{}, false
	}
	if kind == format.Number || len(b) == 5 {
		if s, ok, sure := serialDate(b, kind, r.date04); ok {
			return s, true
		} else if !sure {
			r.problem(f, at, "unreadable_date", "a number that may be January or October; make the column text")
			return span{}, false
		}
	}
	if r.blank(b) {
		return span{}, false
	}
	found, ok := r.memory.dates[string(b)]
	if !ok {
		var dated bool
		found, dated = r.slowDate(string(b), near)
		if dated {
			r.memory.keepDate(string(b), found)
		}
	}
	switch {
	case found.reason == "":
		return found.span, true
	case r.words.Reasons[found.reason].Quarantines:
		r.problem(f, at, found.reason, found.detail)
	default:
		r.flag(f, at, found.reason, found.detail)
	}
	return span{}, false
}

func (r *Reader) slowDate(text string, near date.Near) (foundDate, bool) {
	folded := foldText(text)
	for _, plan := range r.words.plans {
		if strings.HasPrefix(folded, plan) || strings.HasSuffix(folded, "("+plan+")") {
			return foundDate{reason: "planned_date"}, true
		}
	}
	s, dated, err := plainDate(strings.Join(strings.Fields(text), " "), near)
	if err != nil {
		return foundDate{reason: "unreadable_date", detail: cause(err)}, dated
	}
	return foundDate{span: s}, dated
}

// serialDate reads a spreadsheet's day count (44260), and a number such as
// 2021.3 as a month. sure is false for 2021.1, which a spreadsheet also makes of
// 2021.10.
func serialDate(b []byte, kind format.Kind, date1904 bool) (s span, ok, sure bool) {
	whole, fraction, point := bytes.Cut(b, []byte("."))
	n, digits := number(whole)
	if !digits {
		return span{}, false, true
	}
	if len(whole) == 5 && n >= 20000 && n < 70000 {
		f := float64(n)
		if _, rest := number(fraction); point && !rest {
			return span{}, false, true
		}
		day, err := date.FromSerial(f, date1904)
		return span{day, day, record.ToTheDay}, err == nil, true
	}
	if kind != format.Number {
		return span{}, false, true
	}
	if point && len(whole) == 4 && len(fraction) <= 2 {
		if string(fraction) == "1" {
			return span{}, false, false
		}
		month, _ := number(fraction)
		s, ok = monthSpan(n, month, n >= 1971 && n <= 2099)
		return s, ok, true
	}
	s, ok = fastDate(b)
	return s, ok, true
}

// readMoney reads the three amounts.
func (r *Reader) readMoney(p *record.Project) {
	for i := range r.money {
		c := &r.money[i]
		b := r.cell(c.at)
		if len(b) == 0 {
			continue
		}
		m := money{}
		fast := false
		if c.yuan && c.unitAt < 0 && c.currency < 0 {
			m.value, fast = fastMoney(b, c.exp)
		}
		if !fast {
			if r.row.Cells[c.at].Kind == format.Fault {
				r.problem(c.field, c.at, "formula_error", "")
				continue
			}
			if r.blank(b) {
				continue
			}
			m = r.slowMoney(c, b)
		}
		r.takeMoney(p, i, m)
	}
	if b := r.cell(r.at.approximate); len(b) > 0 && r.words.marks[foldText(string(b))] {
		p.Approximate = true
	}
}

func (r *Reader) slowMoney(c *moneyColumn, b []byte) money {
	unit := c.unit
	if printed := r.text(c.unitAt); printed != "" {
		unit = printed
	}
	if printed := foldText(r.text(c.currency)); printed != "" && printed != "人民币" && printed != "cny" && printed != "rmb" {
		unit = inCurrency(unit, printed)
	}
	key := view(b)
	if c.unitAt >= 0 || c.currency >= 0 {
		key = unit + "\x1f" + key
	} else {
		key = string(c.field) + "\x1f" + key
	}
	m, ok := r.memory.amounts[key]
	if !ok {
		m = plainMoney(string(b), unit)
		r.memory.keepMoney(strings.Clone(key), m)
	}
	return m
}

// inCurrency is a unit in the row's currency: 亿 or 万 of the column's unit, unless
// that names the currency itself.
func inCurrency(unit, printed string) string {
	u, err := amount.ParseMoneyUnit(unit)
	if c, currencyErr := amount.ParseMoneyUnit(printed); err == nil && currencyErr == nil && u.Currency == c.Currency {
		return unit
	}
	return strings.TrimRight(strings.TrimSuffix(unit, "元"), " ") + printed
}

// takeMoney puts an amount into the project.
func (r *Reader) takeMoney(p *record.Project, i int, m money) {
	c := &r.money[i]
	p.Approximate = p.Approximate || m.approximate
	set := func(slot int, value record.CNY) *record.CNY {
		r.numbers[slot] = value
		return &r.numbers[slot]
	}
	switch {
	case m.reason == "" && i == 0:
		p.InvestmentCNY = set(0, m.value)
	case m.reason == "" && i == 1:
		p.ExpectedOutputCNY = set(1, m.value)
	case m.reason == "":
		p.ActualOutputCNY = set(2, m.value)
	case !r.words.Reasons[m.reason].Quarantines:
		if i == 0 && m.reason == amountRange {
			p.InvestmentLowCNY, p.InvestmentHighCNY = set(3, m.low), set(4, m.high)
		}
		if i == 0 && m.currency != "" {
			p.InvestmentForeign, p.InvestmentCurrency = set(5, m.value), m.currency
		}
		r.flag(c.field, c.at, m.reason, m.detail)
	default:
		r.problem(c.field, c.at, m.reason, m.detail)
	}
}

var yesNo = [2]bool{false, true}

func (r *Reader) readMarks(p *record.Project) {
	targets := [3]**bool{&p.StandardLand, &p.Commitment, &p.FullAgency}
	for i, c := range r.marks {
		b := r.cell(c.at)
		if len(b) == 0 {
			continue
		}
		mark, ok := r.words.marks[string(b)]
		if !ok {
			mark, ok = r.words.marks[foldText(string(b))]
		}
		switch {
		case ok && mark:
			*targets[i] = &yesNo[1]
		case ok:
			*targets[i] = &yesNo[0]
		case !r.blank(b):
			r.problem(c.field, c.at, "unreadable_mark", "")
		}
	}
}

// identify gives the project its id.
func (r *Reader) identify(p *record.Project) {
	place := p.ZoneID
	if place == "" {
		place = p.CountyID
	}
	if place == "" {
		place = p.CityID
	}
	r.key = append(append(r.key[:0], p.Campaign...), 0x1f)
	r.key = append(appendPlain(r.key, []byte(p.Name)), 0x1f)
	r.key = append(append(r.key, place...), 0x1f)
	r.key = appendPlain(r.key, []byte(p.Investor))
	r.id, r.result.Key = record.AppendProjectID(r.id[:0], r.key)
	p.ProjectID = record.ProjectID(view(r.id))
}
