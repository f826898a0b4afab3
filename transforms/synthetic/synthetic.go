// Package synthetic makes project ledgers (项目推进台账) that no office has kept:
// for tests and benchmarks, with a chosen amount and kind of mess, and with the
// truth of every row beside it.
//
//	Options ──New──▶ Generator ──Rows──▶ Row: what is printed, and what it means
//	                                     └─Write──▶ a CSV, and its truth as CSV
//
// Every ledger says that it is synthetic: its first line, and the note of each
// row. Names are put together from parts and belong to nobody.
//
// A project depends on the seed and its number alone, so that a longer ledger
// begins like a shorter one, and an edition of a month shows the same projects as
// the next, only with what had happened by then. Rows are made one by one and
// memory does not grow with their number.
package synthetic

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Columns are the headers of a ledger, from left to right.
var Columns = []string{
	"序号", "项目代码", "项目名称", "所在开发区", "所在市", "行业", "投资方", "建设内容", "总投资(亿元)", "预计年产值(亿元)",
	"实际年产值(亿元)", "签约日期", "签约期次", "开工日期", "投产日期", "达效日期", "项目阶段", "承诺制", "标准地", "全代办",
	"链主企业", "存在问题", "备注",
}

// Positions of the columns.
const (
	colNumber = iota
	colCode
	colName
	colZone
	colCity
	colIndustry
	colInvestor
	colContent
	colInvestment
	colExpected
	colActual
	colSigned
	colRound
	colStarted
	colCommissioned
	colOnTarget
	colStage
	colCommitment
	colStandardLand
	colFullAgency
	colChainLeader
	colObstacle
	colNote
	columns
)

// Mark is the note of every row.
const Mark = "合成数据 synthetic"

// MaxRows is how many different projects there are.
const MaxRows = 1 << baseBits

// Zone is a zone that projects may stand in.
type Zone struct {
	AreaID  record.AreaID
	Name    string
	Aliases []string // other names by which it is known; those of several zones are taken for ambiguous
	CityID  record.AreaID
	City    string
}

// Round is a round that projects may have been signed in. One without a day
// signs none.
type Round struct {
	ID     record.RoundID
	Label  string // "" when papers have none
	HeldOn record.Date
}

// Options say what a ledger is to hold.
type Options struct {
	Rows      int     // projects; duplicates and rows that hold none come on top
	Mess      float64 // share of the cells that are messy, 0 to 1; row kinds are rarer, see Kinds
	Kinds     []Kind  // kinds of mess; none for all
	Zones     []Zone
	Ambiguous []string // names that fit several zones
	Rounds    []Round
	AsOf      record.Date // the day for which the ledger speaks

	// Horizon is the day on which projects cease to be added, AsOf when 0. An
	// edition of an earlier day shows those of its day only.
	Horizon record.Date
}

// Outcome is what must become of a row.
type Outcome string

const (
	Loaded      Outcome = "loaded"
	Quarantined Outcome = "quarantined"
	Duplicate   Outcome = "duplicate" // of the project in an earlier row
	Title       Outcome = "title"     // above the header, or a heading among the rows
	Header      Outcome = "header"
	Total       Outcome = "total"
	Blank       Outcome = "blank"
	Remark      Outcome = "note"
)

// The reasons that damage leads to and the flags of what was left out.
const (
	UnreadableDate   record.Reason = "unreadable_date"
	UnreadableAmount record.Reason = "unreadable_amount"
	UnreadableMark   record.Reason = "unreadable_mark"
	UnreadableStage  record.Reason = "unreadable_stage"
	UnknownZone      record.Reason = "unknown_zone"
	MissingName      record.Reason = "missing_name"
	ImpossibleOrder  record.Reason = "impossible_order"
	FutureDate       record.Reason = "future_date"
	UnitSuspect      record.Reason = "unit_suspect"
	PlannedDate      record.Reason = "planned_date"
	AmountRange      record.Reason = "amount_range"
	ForeignCurrency  record.Reason = "foreign_currency"
)

// Row is one row of a ledger and its truth. It and its texts are valid until the
// next one is yielded.
type Row struct {
	Number int      // of the row, from 1
	Line   int      // on which it begins in a text file: cells may hold line breaks
	Cells  [][]byte // none of an empty line

	Outcome  Outcome
	Reason   record.Reason // of a quarantined row
	Field    string        // in which a quarantined row is damaged, as package sheet calls it
	Of       int           // number of the row that a duplicate repeats
	OfLine   int
	Mess     Kinds
	Project  record.Project // what a loaded row or a duplicate comes back as, but for its ids and source
	lineEnds int            // breaks in its cells
	text     []byte         // the cells of a project, parted by commas, when no cell was written twice
}

// Generator makes the rows of one ledger.
type Generator struct {
	seed    uint64
	opt     Options
	kinds   Kinds
	limit   uint64 // below which 53 random bits make a messy cell
	horizon record.Date
	rounds  []Round // those with a day, not after the horizon
	zones   []zone
	weights []uint64 // running sums of the zones' weights
	unclear []string // names that fit several zones

	row     Row
	p       project // that is being printed
	w       printer
	cells   [columns][]byte
	buf     []byte
	spans   [columns][2]int
	numbers [6]record.CNY
	ring    [ringSize]printed
	kept    int
	sum     int64 // 万元 since the last total
	number  int
	line    int
}

// printed is a row that may be repeated.
type printed struct {
	index        uint64
	ordinal      int
	number, line int
}

// ringSize is how far back a duplicate may reach.
const ringSize = 1024

// New prepares a ledger. Equal seeds and options give equal rows.
func New(seed uint64, opt Options) (*Generator, error) {
	switch {
	case len(opt.Zones) == 0:
		return nil, errors.New("make a synthetic ledger: there are no zones to put projects into; name at least one")
	case opt.AsOf == 0:
		return nil, errors.New("make a synthetic ledger: the day for which it speaks is missing; give one, such as 2021-06-30")
	case opt.Rows < 0 || opt.Rows > MaxRows:
		return nil, fmt.Errorf("make a synthetic ledger of %d rows: it holds 0 to %d", opt.Rows, MaxRows)
	case !(opt.Mess >= 0 && opt.Mess <= 1):
		return nil, fmt.Errorf("make a synthetic ledger: the share of mess is %v; give 0 to 1", opt.Mess)
	}
	g := &Generator{seed: mix(seed + 1), opt: opt, horizon: max(opt.Horizon, opt.AsOf), buf: make([]byte, 0, 4096)}
	g.limit = uint64(opt.Mess * (1 << 53))
	for _, k := range opt.Kinds {
		if k >= kindCount {
			return nil, fmt.Errorf("make a synthetic ledger: there is no kind of mess %d", k)
		}
		g.kinds |= 1 << k
	}
	if len(opt.Kinds) == 0 {
		g.kinds = 1<<kindCount - 1
	}
	for _, r := range opt.Rounds {
		if r.HeldOn != 0 && r.HeldOn <= g.horizon {
			g.rounds = append(g.rounds, r)
		}
	}
	g.addZones(opt)
	return g, nil
}

// Rows yields the rows of the ledger from its title to the notes under it. It may
// be called again, and begins anew.
func (g *Generator) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		g.kept, g.sum, g.number, g.line = 0, 0, 0, 1
		if !g.top(yield) {
			return
		}
		ordinal := 0
		for i := range uint64(g.opt.Rows) {
			if !g.project(i, g.opt.AsOf) {
				continue // not known yet on that day
			}
			ordinal++
			// The row is its receiver's once it is yielded.
			row := g.print(ordinal, false)
			if row.Outcome == Loaded {
				g.ring[g.kept%ringSize] = printed{i, ordinal, g.number + 1, g.line}
				g.kept++
				g.sum += g.p.investment
			}
			if !g.emit(yield, row) {
				return
			}
			if g.opt.Mess > 0 && !g.between(yield, i) {
				return
			}
		}
		g.bottom(yield)
	}
}

// emit numbers a row and yields it.
func (g *Generator) emit(yield func(*Row) bool, r *Row) bool {
	g.number++
	r.Number, r.Line = g.number, g.line
	r.Project.Line = int32(r.Line)
	g.line += 1 + r.lineEnds
	return yield(r)
}

// top yields the titles and the header.
func (g *Generator) top(yield func(*Row) bool) bool {
	y, m, d := civil(g.opt.AsOf)
	title := fmt.Sprintf("%s 开发区“三个一批”项目推进台账（截至%d年%d月%d日）", Mark, y, m, d)
	if !g.emit(yield, g.plain(Title, 0, title)) {
		return false
	}
	if g.once(Titles) && !(g.emit(yield, g.plain(Title, Titles, "填报单位：某某开发区管委会（虚构）")) && g.emit(yield, g.plain(Title, Titles, "", "", "", "", "金额单位：亿元"))) {
		return false
	}
	return g.emit(yield, g.plain(Header, 0, Columns...))
}

// bottom yields what stands under the projects.
func (g *Generator) bottom(yield func(*Row) bool) {
	if g.once(Sums) && !g.emit(yield, g.total("合计")) {
		return
	}
	if !g.once(Notes) {
		return
	}
	for _, text := range []string{"注：本表为" + Mark + "，仅供测试。", "填报人：某某", "审核人：某某"} {
		if !g.emit(yield, g.plain(Remark, Notes, text)) {
			return
		}
	}
}

// once reports whether a kind that stands once in a ledger is wanted.
func (g *Generator) once(k Kind) bool { return g.opt.Mess > 0 && g.kinds.Has(k) }

// between yields the rows that stand after the project i: duplicates, and what
// holds no project.
func (g *Generator) between(yield func(*Row) bool, i uint64) bool {
	r := g.stream(i, 3)
	if r.chance(g.opt.Mess*kinds[Duplicates].share) && g.kinds.Has(Duplicates) && g.kept > 0 {
		back := g.ring[r.below(uint64(min(g.kept, ringSize)))]
		g.project(back.index, g.opt.AsOf)
		row := g.print(back.ordinal, r.below(2) == 0)
		row.Outcome, row.Of, row.OfLine = Duplicate, back.number, back.line
		row.Mess |= 1 << Duplicates
		if !g.emit(yield, row) {
			return false
		}
	}
	for _, k := range []Kind{EmptyLines, Headings, Headers, Sums} {
		if !r.chance(g.opt.Mess*kinds[k].share) || !g.kinds.Has(k) {
			continue
		}
		var row *Row
		switch k {
		case EmptyLines:
			row = g.plain(Blank, k)
			if r.below(2) == 0 {
				row = g.plain(Blank, k, make([]string, columns)...)
			}
		case Headings:
			row = g.plain(Title, k, pick(&r, headings))
		case Headers:
			row = g.plain(Header, k, Columns...)
		case Sums:
			row = g.total("小计")
			g.sum = 0
		}
		if !g.emit(yield, row) {
			return false
		}
	}
	return true
}

// plain is a row that holds no project.
func (g *Generator) plain(o Outcome, k Kind, texts ...string) *Row {
	g.row = Row{Outcome: o}
	if k != 0 {
		g.row.Mess = 1 << k
	}
	for i, text := range texts {
		g.cells[i] = []byte(text)
		g.row.Cells = g.cells[:i+1]
	}
	return &g.row
}

func (g *Generator) total(word string) *Row {
	texts := make([]string, columns)
	texts[0] = word
	if g.sum%3 == 0 { // some offices write the word under the names
		texts[0], texts[colName] = "", word
	}
	texts[colInvestment] = string(appendYi(nil, g.sum))
	return g.plain(Total, Sums, texts...)
}

// addZones weighs the zones, unevenly as they are, and finds the names that fit
// several of them.
func (g *Generator) addZones(opt Options) {
	owners := map[string]int{}
	for _, z := range opt.Zones {
		owners[z.Name]++
		for _, a := range z.Aliases {
			owners[a]++
		}
	}
	g.unclear = slices.Clone(opt.Ambiguous)
	seen := map[string]bool{}
	order := g.stream(0, 4)
	total := uint64(0)
	for _, z := range opt.Zones {
		forms := []string{spaced(z.Name)}
		for _, a := range z.Aliases {
			switch {
			case owners[a] == 1 && !slices.Contains(opt.Ambiguous, a):
				forms = append(forms, a)
			case !seen[a]:
				seen[a] = true
				g.unclear = append(g.unclear, a)
			}
		}
		if wide := wideBrackets(z.Name); wide != z.Name {
			forms = append(forms, wide)
		}
		g.zones = append(g.zones, zone{z, forms})
		// From 1 to 64, the small ones many.
		w := uint64(1) << order.below(7)
		total += w * (64 + order.below(64))
		g.weights = append(g.weights, total)
	}
}

type zone struct {
	Zone
	forms []string // how else its name is printed
}
