package serve

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// gate lets so many statements in, and so many more wait; the rest is told to come back.
type gate struct {
	room    chan struct{} // at work
	waiting atomic.Int64
	most    int64
	within  time.Duration // that a statement may wait
}

func newGate(atWork, waiting int, within time.Duration) *gate {
	return &gate{room: make(chan struct{}, atWork), most: int64(waiting), within: within}
}

// enter waits for room; leave gives it back. Clients are let in in the order of their
// coming, as channels do.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-g.room }
	select {
	case g.room <- struct{}{}:
		return leave, nil
	default:
	}
	if g.waiting.Add(1) > g.most {
		g.waiting.Add(-1)
		return nil, &Refusal{Code: "busy", Message: "too many statements wait already; try again in a few seconds", retryAfter: 3}
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(g.within)
	defer timer.Stop()
	select {
	case g.room <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, &Refusal{Code: "busy", Message: "the statements before this one take long; try again in a few seconds", retryAfter: 3}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// most clients whose rates are remembered at once. Beyond, the ones not seen for longest
// are forgotten, which is to their good.
const rememberedClients = 10_000

// rates bounds how often each client may ask.
type rates struct {
	perSecond float64 // 0 for no bound
	burst     int

	mu      sync.Mutex
	clients map[netip.Addr]*client
}

type client struct {
	*rate.Limiter
	seen time.Time
}

// admit says whether the client may ask now, and else in how many seconds.
func (r *rates) admit(from netip.Addr, now time.Time) (ok bool, again int) {
	if r.perSecond == 0 {
		return true, 0
	}
	if from.Is6() && !from.Is4In6() { // a household has a whole /64
		if p, err := from.Prefix(64); err == nil {
			from = p.Addr()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.clients == nil {
		r.clients = map[netip.Addr]*client{}
	}
	c := r.clients[from]
	if c == nil {
		if len(r.clients) >= rememberedClients {
			r.forget(now)
		}
		c = &client{Limiter: rate.NewLimiter(rate.Limit(r.perSecond), r.burst)}
		r.clients[from] = c
	}
	c.seen = now
	if c.AllowN(now, 1) {
		return true, 0
	}
	return false, int(1/r.perSecond) + 1
}

// forget drops those whose bucket has filled again, or all when there are none.
func (r *rates) forget(now time.Time) {
	full := time.Duration(float64(r.burst) / r.perSecond * float64(time.Second))
	for addr, c := range r.clients {
		if now.Sub(c.seen) > full {
			delete(r.clients, addr)
		}
	}
	if len(r.clients) >= rememberedClients {
		clear(r.clients)
	}
}

// clientOf is the address that a request came from. A proxy of ours says it in
// X-Forwarded-For, whose last entry that is not a proxy's counts: what stands before it
// anyone may write.
func clientOf(r *http.Request, proxies []netip.Prefix) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	trusted := func(a netip.Addr) bool {
		for _, p := range proxies {
			if p.Contains(a.Unmap()) {
				return true
			}
		}
		return false
	}
	entries := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(entries) - 1; i >= 0 && trusted(addr); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(entries[i]))
		if err != nil {
			break
		}
		addr = next
	}
	return addr.Unmap()
}
