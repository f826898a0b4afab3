package synthetic

import (
	"math"
	"math/bits"
)

// rng is SplitMix64: small, fast, and the same on every machine.
type rng uint64

const golden = 0x9e3779b97f4a7c15

func (r *rng) next() uint64 {
	*r += golden
	return mix(uint64(*r))
}

// mix scatters the bits of x, one to one.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below returns a number from 0 to n-1.
func (r *rng) below(n uint64) uint64 {
	high, _ := bits.Mul64(r.next(), n)
	return high
}

// chance is true in a share of the cases.
func (r *rng) chance(share float64) bool {
	return float64(r.next()>>11)*0x1p-53 < share
}

// pick returns one of a list.
func pick[T any](r *rng, list []T) T { return list[r.below(uint64(len(list)))] }

// stream is the randomness of row i for one purpose.
func (g *Generator) stream(i, purpose uint64) rng {
	return rng(mix(g.seed ^ mix(i*8+purpose)))
}

// normal holds the quantiles of the normal distribution in steps of 1/quantiles,
// in thousandths, so that what is drawn does not hang on a machine's last digit.
var normal = func() (q [quantiles]int16) {
	for i := range q {
		p := (float64(i) + 0.5) / quantiles
		q[i] = int16(math.Round(1000 * math.Sqrt2 * math.Erfinv(2*p-1)))
	}
	return q
}()

const quantiles = 4096

// curve is a log-normal distribution: its quantiles in whole units.
type curve [quantiles]int64

// newCurve has half its values below median; two in three lie within a factor of
// spread.
func newCurve(median, spread float64, least, most int64) *curve {
	var c curve
	for i := range c {
		v := int64(math.Round(median * math.Pow(spread, float64(normal[i])/1000)))
		c[i] = min(max(v, least), most)
	}
	return &c
}

// draw takes a value, between two quantiles.
func (c *curve) draw(r *rng) int64 {
	x := r.next()
	i := x % quantiles
	if i == quantiles-1 {
		return c[i]
	}
	return c[i] + int64(x>>40)*(c[i+1]-c[i])>>24
}

// Bits of a project's number: firm, product and quantity are decoded from it.
const (
	half     = 17
	baseBits = 2 * half
)

// scatter maps the numbers below 1<<baseBits one to one onto themselves, so that
// neighbours have nothing in common and no two projects have all.
func (g *Generator) scatter(i uint64) uint64 {
	const mask = 1<<half - 1
	left, right := i>>half&mask, i&mask
	for round := range uint64(4) {
		left, right = right, left^mix(g.seed+round<<32+right)&mask
	}
	return left<<half | right
}
