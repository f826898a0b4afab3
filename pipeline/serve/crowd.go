package serve

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
)

// crowd bounds the open connections. When one more comes than there may be, the one that
// has waited longest without a whole request is closed: thousands that say nothing, or
// say it slowly, cost each other and not the clients that ask.
type crowd struct {
	most int

	mu      sync.Mutex
	open    map[net.Conn]*list.Element // nil for one that is being answered
	waiting *list.List                 // of net.Conn, the longest first
	turned  int64                      // away
}

func newCrowd(most int) *crowd {
	return &crowd{most: most, open: map[net.Conn]*list.Element{}, waiting: list.New()}
}

// watch is the server's ConnState. That a connection has become active tells nothing: one
// byte is enough for it.
func (c *crowd) watch(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew, http.StateIdle:
		c.stopWaiting(conn)
		c.open[conn] = c.waiting.PushBack(conn)
	case http.StateClosed, http.StateHijacked:
		c.stopWaiting(conn)
		delete(c.open, conn)
	}
	if len(c.open) > c.most {
		if e := c.waiting.Front(); e != nil {
			longest := e.Value.(net.Conn)
			c.stopWaiting(longest)
			c.turned++
			longest.Close() // its StateClosed follows
		}
	}
}

func (c *crowd) stopWaiting(conn net.Conn) {
	if e := c.open[conn]; e != nil {
		c.waiting.Remove(e)
		c.open[conn] = nil
	}
}

type connKey struct{}

// know is the server's ConnContext: answering finds the connection by it.
func (c *crowd) know(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// answering marks the connection of a request, which is whole, as at work.
func (c *crowd) answering(r *http.Request) {
	if conn, ok := r.Context().Value(connKey{}).(net.Conn); ok {
		c.mu.Lock()
		c.stopWaiting(conn)
		c.mu.Unlock()
	}
}

// counts are the connections open, and those turned away so far.
func (c *crowd) counts() (open int, turned int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open), c.turned
}
