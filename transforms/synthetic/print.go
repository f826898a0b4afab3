package synthetic

import (
	"unsafe"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// printer writes one project's row. What it draws does not hang on what it
// prints, so that a duplicate can be printed once more in the same manner.
type printer struct {
	*Generator
	p     *project
	r     rng
	row   *Row
	other bool // print days in another form than the row that is repeated
	hurt  Kind // the damage of this row; Clean for none
}

// span is a piece of the buffer.
type span [2]int

// wants decides about one cell: whether it is messy, with a kind that is wanted.
func (w *printer) wants(k Kind) bool {
	messy := w.messy()
	return messy && w.kinds.Has(k)
}

// messy draws whether the next cell is.
func (w *printer) messy() bool { return w.r.next()>>11 < w.limit }

func (w *printer) mark(k Kind) { w.row.Mess |= 1 << k }

// print makes the row of the project g.p, clean or messy as its number decides.
func (g *Generator) print(ordinal int, other bool) *Row {
	g.row = Row{Outcome: Loaded}
	g.buf = g.buf[:0]
	w, p := &g.w, &g.p
	*w = printer{Generator: g, p: p, r: g.stream(p.index, 6), row: &g.row, other: other}
	w.hurt = w.damage()
	if w.hurt != Clean {
		w.mark(w.hurt)
		g.row.Outcome = Quarantined
	}
	t := &g.row.Project
	*t = record.Project{AsOf: g.opt.AsOf, Synthetic: true, Note: Mark, Industry: p.product.industry, IndustryStatus: "published",
		ZoneID: p.zone.AreaID, CityID: p.zone.CityID}

	w.cell(colNumber, func(b []byte) []byte { return appendInt(b, int64(ordinal), 0) })
	code := w.cell(colCode, p.appendCode)
	name := w.name()
	w.zoneCell()
	city := p.zone.City
	if w.hurt == AmbiguousZones {
		city = "" // which would tell the zones apart
	}
	w.word(colCity, city)
	w.word(colIndustry, p.product.industry)
	investor := w.spacedCell(colInvestor, p.appendInvestor)
	content := w.content()
	w.money(colInvestment, p.investment, 0)
	w.money(colExpected, p.expected, 1)
	w.money(colActual, p.actual, 2)
	w.date(colSigned, 0, &t.SignedOn, &t.SignedPrecision)
	w.roundCell()
	w.date(colStarted, 1, &t.StartedOn, &t.StartedPrecision)
	w.date(colCommissioned, 2, &t.CommissionedOn, &t.CommissionedPrecision)
	w.date(colOnTarget, 3, &t.OnTargetOn, &t.OnTargetPrecision)
	w.stageCell()
	w.markCell(colCommitment, p.commitment, w.hurt == BadMarks, &t.Commitment)
	w.markCell(colStandardLand, p.standardLand, false, &t.StandardLand)
	w.markCell(colFullAgency, p.fullAgency, false, &t.FullAgency)
	w.leaderCell()
	obstacle := w.obstacleCell()
	w.cell(colNote, func(b []byte) []byte { return append(b, Mark...) })

	// The buffer stays where it is from here on.
	for i, s := range g.spans {
		g.cells[i] = g.buf[s[0]:s[1]:s[1]]
	}
	g.row.Cells, g.row.text = g.cells[:], g.buf[:g.spans[columns-1][1]]
	t.Code, t.Name, t.Investor, t.Content = g.view(code), g.view(name), g.view(investor), g.view(content)
	t.Obstacle = g.view(obstacle)
	if g.row.Outcome == Quarantined {
		g.row.Project = record.Project{}
	}
	return &g.row
}

// view is a piece of the buffer as a string, valid until the next row.
func (g *Generator) view(s span) string {
	if s[0] == s[1] {
		return ""
	}
	b := g.buf[s[0]:s[1]]
	return unsafe.String(&b[0], len(b))
}

// damage chooses the damage of a row; Clean for none.
func (w *printer) damage() Kind {
	hurt, x := w.r.chance(w.opt.Mess*damage), w.r.below(uint64(kindCount-BadDates))
	if !hurt {
		return Clean
	}
	// The first wanted kind from x on that this project can suffer.
	for i := range kindCount - BadDates {
		k := BadDates + (Kind(x)+i)%(kindCount-BadDates)
		if w.kinds.Has(k) && w.canSuffer(k) {
			return k
		}
	}
	return Clean
}

func (w *printer) canSuffer(k Kind) bool {
	switch k {
	case AmbiguousZones:
		return len(w.unclear) > 0
	case WrongOrder:
		return w.p.days[1] != 0
	case WrongUnits:
		// More 亿元 than any project has, and fewer than no amount can hold.
		return w.p.investment > 10_000 && w.p.investment < 1_000_000
	}
	return true
}

// broken says that the cell being printed is where the row is damaged.
func (w *printer) broken(reason record.Reason, field string) {
	w.row.Reason, w.row.Field = reason, field
}

// cell prints one cell with write.
func (w *printer) cell(at int, write func([]byte) []byte) span {
	from := len(w.buf)
	w.buf = write(w.buf)
	end := len(w.buf)
	w.spans[at] = [2]int{from, end}
	w.buf = append(w.buf, ',')
	return span{from, end}
}

var strays = []string{" ", "  ", "　", "\t"}

// spacedCell prints one cell, perhaps with stray spaces around it, and returns
// what is left when they are taken off.
func (w *printer) spacedCell(at int, write func([]byte) []byte) span {
	stray, x := w.wants(Spaces), w.r.next()
	from := len(w.buf)
	if stray && x&1 == 0 {
		w.buf = append(w.buf, strays[x>>1&3]...)
	}
	begin := len(w.buf)
	w.buf = write(w.buf)
	end := len(w.buf)
	if stray && begin < end {
		w.mark(Spaces)
		if x&1 == 1 || x>>3&1 == 1 {
			w.buf = append(w.buf, strays[x>>4&3]...)
		}
	} else if begin > from {
		// Nothing was written, so there is nothing to stand around.
		w.buf = w.buf[:from]
		begin, end = from, from
	}
	w.spans[at] = [2]int{from, len(w.buf)}
	w.buf = append(w.buf, ',')
	return span{begin, end}
}

func (w *printer) word(at int, text string) span {
	return w.cell(at, func(b []byte) []byte { return append(b, text...) })
}

// unknown prints a cell of which nothing is known: empty, or a word for that.
func (w *printer) unknown(at int, words []string) span {
	messy, word := w.wants(Blanks), pick(&w.r, words)
	if !messy {
		word = ""
	} else {
		w.mark(Blanks)
	}
	s := w.word(at, word)
	return span{s[0], s[0]}
}

// gaps decides about line breaks in a cell: what is printed in a text's gap, and
// what a reader makes of it.
func (w *printer) gaps() (printed, clean string) {
	if !w.wants(Breaks) || !w.r.chance(0.3) {
		return "", ""
	}
	w.mark(Breaks)
	return "\n", " "
}

// text prints a text that may hold breaks, and returns it as it is read back.
func (w *printer) text(at int, write func(b []byte, gap string) []byte) span {
	printed, clean := w.gaps()
	s := w.spacedCell(at, func(b []byte) []byte { return write(b, printed) })
	if printed == "" {
		return s
	}
	for _, c := range w.buf[s[0]:s[1]] {
		if c == '\n' {
			w.row.lineEnds++
		}
	}
	from := len(w.buf)
	w.buf = write(w.buf, clean)
	return span{from, len(w.buf)}
}

func (w *printer) name() span {
	if w.hurt == NoNames {
		w.broken(MissingName, "name")
		return w.word(colName, pick(&w.r, []string{"", "/", "—", "待定", " "}))
	}
	return w.text(colName, w.p.appendName)
}

func (w *printer) content() span {
	if !w.p.knowsContent {
		return w.unknown(colContent, blankWords)
	}
	return w.text(colContent, w.p.appendContent)
}

func (w *printer) obstacleCell() span {
	if w.p.obstacle == 0 {
		return w.unknown(colObstacle, blankWords)
	}
	return w.spacedCell(colObstacle, func(b []byte) []byte { return append(b, obstacles[w.p.obstacle-1]...) })
}

func (w *printer) zoneCell() {
	text := w.p.zone.Name
	messy, form := w.wants(ZoneNames), pick(&w.r, w.p.zone.forms)
	switch {
	case w.hurt == UnknownZones:
		w.broken(UnknownZone, "zone")
		text = pick(&w.r, badZones)
	case w.hurt == AmbiguousZones:
		w.broken(record.AmbiguousArea, "zone")
		text = pick(&w.r, w.unclear)
	case messy:
		w.mark(ZoneNames)
		text = form
	}
	w.spacedCell(colZone, func(b []byte) []byte { return append(b, text...) })
}

func (w *printer) roundCell() {
	messy := w.wants(RoundIDs)
	if w.p.round == nil {
		w.unknown(colRound, blankWords)
		return
	}
	w.row.Project.SignedRound = w.p.round.ID
	text := w.p.round.Label
	if text == "" {
		text = string(w.p.round.ID)
	} else if messy {
		w.mark(RoundIDs)
		text = string(w.p.round.ID)
	}
	w.word(colRound, text)
}

func (w *printer) stageCell() {
	messy, s := w.wants(Stages), w.p.stage()
	words := stageWords[s]
	x := w.r.below(uint64(len(words) - 1))
	switch {
	case w.hurt == BadStages:
		w.broken(UnreadableStage, "stage")
		w.word(colStage, pick(&w.r, badStages))
		return
	case !w.p.knowsStage:
		w.unknown(colStage, blankWords)
		return
	}
	w.row.Project.Stage = recordStages[s]
	text := words[0]
	if messy {
		w.mark(Stages)
		text = words[x+1]
	}
	w.spacedCell(colStage, func(b []byte) []byte { return append(b, text...) })
}

// The marks of yes and no, the clean one first.
var (
	yes   = []string{"是", "√", "Y", "1", "✓", "yes"}
	no    = []string{"否", "×", "N", "0", "no"}
	truth = [2]bool{false, true}
)

// markCell prints yes, no or, when nobody knows, nothing; or where the row is damaged
// what is none of these.
func (w *printer) markCell(at int, m mark, hurt bool, target **bool) {
	messy, x := w.wants(Marks), w.r.next()
	switch {
	case hurt:
		w.broken(UnreadableMark, "commitment")
		w.word(at, pick(&w.r, badMarks))
		return
	case m == unmarked:
		w.unknown(at, noMarks)
		return
	}
	words := no
	*target = &truth[0]
	if m == marked {
		words, *target = yes, &truth[1]
	}
	text := words[0]
	if messy {
		w.mark(Marks)
		text = words[1+x%uint64(len(words)-1)]
	}
	w.word(at, text)
}

func (w *printer) leaderCell() {
	if !w.p.hasLeader {
		w.unknown(colChainLeader, blankWords)
		return
	}
	w.row.Project.ChainLeader = chainLeaders[w.p.product.industry]
	w.word(colChainLeader, w.row.Project.ChainLeader)
}
