package synthetic

import "github.com/sanpi-data/sanpi/transforms/record"

// stage is how far a project has come.
type stage uint8

const (
	reserved stage = iota
	signed
	started
	commissioned
	onTarget
)

var recordStages = [...]record.Stage{record.Reserved, record.Signed, record.Started, record.Commissioned, record.OnTarget}

// mark is whether a project takes part in a reform.
type mark uint8

const (
	unmarked mark = iota // nobody knows
	refused
	marked
)

// project is one project as it stands on the day of the ledger.
type project struct {
	index                        uint64
	phase                        int // 1 or 2 of a project built in two; 0 of one built at once
	product                      *product
	quantity                     int
	place, first, second, suffix int
	zone                         *zone
	round                        *Round         // nil when it was signed in none
	days                         [4]record.Date // signed, started, commissioned, on target; 0 when not yet
	investment, expected, actual int64          // in 万元; 0 when not known
	knowsStage, knowsContent     bool
	commitment, standardLand     mark
	fullAgency                   mark
	hasLeader                    bool // the leader of its chain drew it
	obstacle                     int  // from 1; 0 for none
	floor, lines                 int
}

// The lengths of life, in days, and the sizes, in 万元.
var (
	toStart      = newCurve(110, 2.2, 3, 1500)
	toCommission = newCurve(330, 1.8, 20, 2000)
	toTarget     = newCurve(260, 1.7, 20, 1500)
	investments  = newCurve(26_000, 2.9, 500, 3_000_000)
	perMillion   = newCurve(1_000_000, 1.6, 150_000, 4_000_000) // output of a million's investment
)

// project sets g.p to project i as it stands on a day. It reports false when nobody
// knew of it yet.
func (g *Generator) project(i uint64, on record.Date) bool {
	p := &g.p
	*p = project{index: i}
	base := i
	// Two in fifteen belong to a pair built one after the other.
	if pair := g.stream(i/2, 5); pair.chance(0.135) {
		p.phase, base = int(i%2)+1, i&^1
	}
	b := g.scatter(base & (1<<baseBits - 1))
	p.product, b = &products[b&63], b>>6
	p.quantity, b = int(b&511)+1, b>>9
	p.place, b = int(b&31), b>>5
	p.first, b = int(b&63), b>>6
	p.second, b = int(b&63), b>>6
	p.suffix = int(b & 3)
	site := g.stream(base, 1)
	p.zone = g.zoneAt(&site)
	r := g.stream(i, 2)
	known := g.sign(p, &r)
	day := p.days[0]
	isBrisk := false
	for k, step := range []struct {
		curve *curve
		least int64
		share float64
	}{{toStart, 5, 0.93}, {toCommission, 30, 0.88}, {toTarget, 30, 0.75}} {
		lag, happens := step.least+step.curve.draw(&r), r.chance(step.share)
		if day != 0 && happens {
			day += record.Date(lag)
			p.days[k+1] = day
			isBrisk = isBrisk || k == 0 && lag <= briskStart
		} else {
			day = 0
		}
	}
	g.reform(p, isBrisk)
	g.revise(p, on)
	corrected := p.days[0] + record.Date(20+r.below(500))
	for k := range p.days {
		if p.days[k] > on {
			p.days[k] = 0
		}
	}
	g.size(p, &r, on >= corrected)
	p.knowsStage, p.knowsContent = r.chance(0.99), r.chance(0.95)
	p.commitment = drawMark(&r, r.chance(0.95), 0.6)
	if x := r.below(40); x < uint64(len(obstacles)) {
		p.obstacle = int(x) + 1
	}
	p.floor, p.lines = int(r.below(90)+4)*500, int(r.below(8))+1
	if p.days[0] == 0 {
		p.round = nil
	}
	return known <= on
}

// sign gives a project its round and day of signing, and returns the day from
// which it is known. A few are known before they are signed.
func (g *Generator) sign(p *project, r *rng) (known record.Date) {
	spread, early := record.Date(0), r.chance(0.05)
	if r.chance(0.4) {
		spread = record.Date(r.below(45))
	}
	x := r.next()
	if len(g.rounds) > 0 {
		p.round = &g.rounds[x>>16%uint64(len(g.rounds))]
		p.days[0] = p.round.HeldOn - spread
	} else {
		p.days[0] = g.horizon - record.Date(x>>16%1500) - 1
	}
	known = p.days[0]
	if early {
		known -= record.Date(r.below(200))
		if r.below(2) == 0 {
			// Not signed in any round that the ledger knows.
			p.days[0], p.round = g.horizon+1000, nil
		}
	}
	return known
}

// revise makes an edition before the last say what offices take back or hear of late: a
// start or commissioning that is told weeks after its day, a start that is told and then
// withdrawn, a project that another zone had at first. The last edition has it right.
func (g *Generator) revise(p *project, on record.Date) {
	if on >= g.horizon {
		return
	}
	r := g.stream(p.index, 8)
	if r.chance(0.12) {
		late := record.Date(20 + r.below(80))
		for k := 1; k < len(p.days); k++ {
			if p.days[k]+late > on {
				p.days[k] = 0
			}
		}
	}
	if r.chance(0.03) && p.days[0] != 0 {
		early, held := p.days[0]+record.Date(10+r.below(60)), record.Date(40+r.below(80))
		if early <= on && on < early+held && (p.days[1] == 0 || p.days[1] > on) {
			p.days = [4]record.Date{p.days[0], early}
		}
	}
	if r.chance(0.01) && on < p.days[0]+record.Date(60+r.below(400)) {
		p.zone = g.zoneAt(&r)
	}
}

// briskStart is a lag from signing to start that half the projects keep.
const briskStart = 115

// reform draws the marks of the reforms, so that a report has something to find: the
// share under 全代办 grows from year to year, projects on 标准地 start sooner on the
// whole, and 承诺制 makes no difference.
func (g *Generator) reform(p *project, isBrisk bool) {
	r := g.stream(p.index, 7)
	knowsLand, knowsAgency := r.chance(0.9), r.chance(0.95)
	land := 0.35
	if isBrisk {
		land = 0.65
	}
	p.standardLand = drawMark(&r, knowsLand, land)
	y, _, _ := civil(p.days[0])
	p.fullAgency = drawMark(&r, knowsAgency, min(max(0.3+0.15*float64(y-2020), 0.15), 0.9))
	p.hasLeader = r.chance(0.15)
}

func drawMark(r *rng, known bool, share float64) mark {
	switch taken := r.chance(share); {
	case !known:
		return unmarked
	case taken:
		return marked
	}
	return refused
}

// size draws the amounts. One in fifteen was corrected once; before, it was off.
func (g *Generator) size(p *project, r *rng, corrected bool) {
	p.investment = rounded(investments.draw(r))
	x, knowsOutput, knowsActual := r.next(), r.chance(0.9), r.chance(0.7)
	if x%15 == 0 && !corrected {
		p.investment = rounded(p.investment * int64(70+x>>32%61) / 100)
	}
	output := perMillion.draw(r)
	if knowsOutput {
		p.expected = max(rounded(p.investment*output/1_000_000), 100)
	}
	reached := int64(400 + r.below(700))
	if knowsOutput && knowsActual && p.days[2] != 0 {
		p.actual = max(rounded(p.expected*reached/1000), 100)
	}
}

// rounded keeps three digits, as plans have.
func rounded(w int64) int64 {
	for unit := int64(1); ; unit *= 10 {
		if w < 1000*unit {
			return w / unit * unit
		}
	}
}

func (g *Generator) zoneAt(r *rng) *zone {
	x := r.below(g.weights[len(g.weights)-1])
	low, high := 0, len(g.weights)-1
	for low < high {
		if mid := (low + high) / 2; g.weights[mid] > x {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return &g.zones[low]
}

// stage is the last stage that was reached.
func (p *project) stage() stage {
	for k := 3; k >= 0; k-- {
		if p.days[k] != 0 {
			return stage(k + 1)
		}
	}
	return reserved
}

// appendName writes 年产20万吨高端铝材项目（一期）. broken puts a line break into it;
// clean is how the reader gives it back.
func (p *project) appendName(b []byte, gap string) []byte {
	switch p.index >> 1 % 3 {
	case 0:
		b = append(b, "年产"...)
		b = appendInt(b, int64(p.quantity), 0)
		b = append(append(append(b, p.product.unit...), gap...), p.product.name...)
		b = append(b, "项目"...)
	case 1:
		b = append(append(b, p.product.name...), "生产线建设项目"...)
		b = append(append(b, gap...), "（年产"...)
		b = appendInt(b, int64(p.quantity), 0)
		b = append(append(b, p.product.unit...), "）"...)
	case 2:
		b = append(append(b, firsts[p.first]...), seconds[p.second]...)
		b = append(append(append(b, gap...), p.product.name...), "扩能项目"...)
		b = appendInt(b, int64(p.quantity), 0)
		b = append(append(b, p.product.unit...), "/年"...)
	}
	switch p.phase {
	case 1:
		b = append(b, "（一期）"...)
	case 2:
		b = append(b, "（二期）"...)
	}
	return b
}

func (p *project) appendInvestor(b []byte) []byte {
	b = append(b, places[p.place]...)
	b = append(append(b, firsts[p.first]...), seconds[p.second]...)
	return append(append(b, p.product.trade...), suffixes[p.suffix]...)
}

func (p *project) appendContent(b []byte, gap string) []byte {
	b = append(b, "新建厂房"...)
	b = appendInt(b, int64(p.floor), 0)
	b = append(append(b, "平方米，"...), gap...)
	b = append(b, "购置安装生产线"...)
	b = appendInt(b, int64(p.lines), 0)
	b = append(append(b, "条，"...), gap...)
	b = append(b, "形成年产"...)
	b = appendInt(b, int64(p.quantity), 0)
	return append(append(append(b, p.product.unit...), p.product.name...), "的生产能力"...)
}

// appendCode writes a code that cannot be taken for an office's.
func (p *project) appendCode(b []byte) []byte {
	return appendInt(append(b, "SYN-"...), int64(p.index), 9)
}
