package source

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// errPrivate says that an address lies where pages from elsewhere must not
// reach.
var errPrivate = errors.New("it lies in a private network")

// reserved are networks that are not of the public Internet and that package
// netip does not tell apart.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // between carriers and customers
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // test benches
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("fec0::/10"),
}

var (
	nat64  = netip.MustParsePrefix("64:ff9b::/96")
	sixTo4 = netip.MustParsePrefix("2002::/16")
)

// isPublic says whether an address is one of the public Internet. An IPv4
// address that is carried in an IPv6 one counts for what it is.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	b := ip.As16()
	switch {
	case nat64.Contains(ip):
		return isPublic(netip.AddrFrom4([4]byte(b[12:16])))
	case sixTo4.Contains(ip):
		return isPublic(netip.AddrFrom4([4]byte(b[2:6])))
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, prefix := range reserved {
		if prefix.Contains(ip) {
			return false
		}
	}
	return true
}

// refusePrivate is called with the address that a name has resolved to, just
// before the connection is made, so that neither a redirect nor a name server
// can lead into a private network.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	where, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the address %s: %w", address, err)
	}
	if !isPublic(where.Addr()) {
		return fmt.Errorf("%s: %w", where.Addr(), errPrivate)
	}
	return nil
}

// isLocalName tells the names that mean this machine whatever a name server
// says of them, if there is one (RFC 6761, section 6.3).
func isLocalName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// transport connects to pages. The bytes come as they lie on the server, not
// unpacked on the way.
func (f *Finder) transport() *http.Transport {
	silence := f.Limits.withDefaults().Silence
	free := &net.Dialer{Timeout: 30 * time.Second}
	guarded := &net.Dialer{Timeout: 30 * time.Second}
	if !f.AllowPrivate {
		guarded.Control = refusePrivate
	}
	t := &http.Transport{
		DialContext: watched(guarded, silence), DisableCompression: true, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 30 * time.Second, IdleConnTimeout: 30 * time.Second,
	}
	if f.Proxy == nil {
		return t
	}
	// The operator's proxy may lie in a private network. What it must not be
	// asked for can be told by the number only: names are resolved behind it.
	var proxies sync.Map
	t.Proxy = func(r *http.Request) (*url.URL, error) {
		proxy, err := f.Proxy(r)
		if err != nil || proxy == nil {
			return nil, err
		}
		host := r.URL.Hostname()
		ip, err := netip.ParseAddr(host)
		if !f.AllowPrivate && (isLocalName(host) || err == nil && !isPublic(ip)) {
			return nil, fmt.Errorf("%s: %w", host, errPrivate)
		}
		proxies.Store(hostPort(proxy), true)
		return proxy, nil
	}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, ok := proxies.Load(address); ok {
			return watched(free, silence)(ctx, network, address)
		}
		return watched(guarded, silence)(ctx, network, address)
	}
	return t
}

var errSilence = errors.New("no byte came for too long")

// watched gives connections that break when nothing comes for too long: before
// the answer, in its midst, or while a library reads what it means to drop.
func watched(d *net.Dialer, silence time.Duration) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err == nil && d.Control != nil && isLocalName(host) {
			return nil, fmt.Errorf("%s: %w", host, errPrivate)
		}
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &watchedConn{conn, silence}, nil
	}
}

type watchedConn struct {
	net.Conn
	silence time.Duration
}

func (c *watchedConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errSilence
	}
	return n, err
}

// Write gives the answer its time anew: the connection may have waited for this
// request for a while.
func (c *watchedConn) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
