package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
	"golang.org/x/time/rate"
)

const (
	robotsBytes = 512 << 10 // of a robots.txt that are read, as RFC 9309 wants
	robotsAge   = 24 * time.Hour
	robotsAgain = time.Minute      // until one that could not be had is asked for again
	slowest     = 30 * time.Second // between two requests, whatever robots.txt asks for
)

// manners are those of one who asks many servers for many pages: one request
// after the other to each, with a rest between them, and none that its
// robots.txt asks not to make. A nil *manners has none.
type manners struct {
	rest   time.Duration // between two requests to one server
	robots bool          // whether robots.txt is heeded

	mu    sync.Mutex
	hosts map[string]*host
}

// host is a server, by scheme, name and port.
type host struct {
	turn chan struct{} // held by who fetches a page
	pace *rate.Limiter

	mu       sync.Mutex
	rules    *robotstxt.Group
	readAt   time.Time
	failed   error // why robots.txt could not be had …
	failedAt time.Time
}

func (m *manners) host(u *url.URL) *host {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := strings.ToLower(u.Scheme + "://" + u.Host)
	h := m.hosts[key]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1), pace: rate.NewLimiter(rate.Every(m.rest), 1)}
		if m.hosts == nil {
			m.hosts = map[string]*host{}
		}
		m.hosts[key] = h
	}
	return h
}

// take waits until nobody else fetches from the server. The time that this takes
// is not the server's fault.
func (m *manners) take(ctx context.Context, u *url.URL) (done func(), err error) {
	h := m.host(u)
	select {
	case h.turn <- struct{}{}:
		return func() { <-h.turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// paced rests before each request: tries, redirects and robots.txt too.
func (m *manners) paced(next http.RoundTripper) http.RoundTripper {
	if m == nil {
		return next
	}
	return &paced{m, next}
}

type paced struct {
	manners *manners
	next    http.RoundTripper
}

func (p *paced) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := p.manners.host(r.URL).pace.Wait(r.Context()); err != nil {
		if cause := context.Cause(r.Context()); cause != nil {
			err = cause
		}
		return nil, err
	}
	return p.next.RoundTrip(r)
}

// allow is nil when robots.txt lets an address be fetched. The error is an
// *Error, or ctx's.
func (m *manners) allow(ctx context.Context, f *Finder, u *url.URL) error {
	if m == nil || !m.robots || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	h := m.host(u)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.readAt.IsZero() || f.now().Sub(h.readAt) > robotsAge {
		// A hundred pages of a server that is down do not all wait for it.
		if h.failed == nil || f.now().Sub(h.failedAt) > robotsAgain {
			if h.failed = h.read(ctx, f, u); h.failed != nil && ctx.Err() != nil {
				h.failed = nil
				return context.Cause(ctx)
			}
			h.failedAt = f.now()
		}
		if errors.Is(h.failed, errPrivate) {
			return unreachable(cleanName(withoutSecrets(u)), 1, h.failed)
		}
		if h.failed != nil {
			return &Error{
				Address: cleanName(withoutSecrets(u)), What: "the site's robots.txt, which says what may be fetched, cannot be had",
				Err: h.failed, Mend: comeAgain,
			}
		}
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if h.rules.Test(path) {
		return nil
	}
	return &Error{
		Address: cleanName(withoutSecrets(u)), What: "the site's robots.txt asks programs not to fetch it",
		Mend: "open it in a browser, save the page and name the file, or ask the site's owner",
	}
}

// read asks for robots.txt. A site that has none lets everything be fetched; one
// that cannot say whether it has does not, until it can (RFC 9309, section 2.3.1).
func (h *host) read(ctx context.Context, f *Finder, u *url.URL) error {
	at := (&url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host, Path: "/robots.txt"}).String()
	status, body, err := f.robots(ctx, at)
	if err != nil {
		return innermost(err)
	}
	if status >= 500 || status == http.StatusTooManyRequests {
		return fmt.Errorf("the server answers %d", status)
	}
	h.readAt, h.rules = f.now(), &robotstxt.Group{}
	if status/100 == 2 {
		h.rules = rulesOf(body, f.UserAgent)
	}
	if wait := min(h.rules.CrawlDelay, slowest); wait > f.manners.rest {
		h.pace.SetLimit(rate.Every(wait))
	}
	return nil
}

// robots fetches robots.txt, within the time that a page may take.
func (f *Finder) robots(ctx context.Context, at string) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return 0, nil, err
	}
	if f.UserAgent != "" {
		request.Header.Set("User-Agent", f.UserAgent)
	}
	request.Header.Set("Accept-Encoding", "identity")
	client := http.Client{Transport: f.client().Transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		r.Header.Del("Referer")
		if len(via) > 5 {
			return &tooMany{5}
		}
		return nil
	}}
	limits := f.Limits.withDefaults()
	for try := 1; ; try++ {
		var resp *http.Response
		if resp, err = client.Do(request); err == nil {
			status = resp.StatusCode
			body, err = io.ReadAll(io.LimitReader(resp.Body, robotsBytes))
			resp.Body.Close()
		}
		var many *tooMany
		if errors.As(err, &many) {
			return http.StatusNotFound, nil, nil // there is none at the end of it
		}
		if err == nil && status < 500 || mayNotHelp(err) || try >= limits.Tries {
			return status, body, err
		}
		select {
		case <-ctx.Done():
			return 0, nil, context.Cause(ctx)
		case <-time.After(backoff(limits.Wait, try)):
		}
	}
}

var robotsLine = regexp.MustCompile(`(?i)^\s*(?:(?:user-agent|allow|disallow)\s*:|crawl-delay\s*:\s*\d+(?:\.\d+)?\s*(?:#.*)?$)`)

// rulesOf reads a robots.txt. Lines that are no rules are passed over, as RFC
// 9309 wants; many sites answer with a page that says "not found".
func rulesOf(body []byte, userAgent string) *robotstxt.Group {
	var rules bytes.Buffer
	named := false // a rule before the first name is for nobody
	for line := range bytes.Lines(bytes.ReplaceAll(bytes.TrimPrefix(body, []byte("\ufeff")), []byte("\r"), []byte("\n"))) {
		if line = bytes.TrimRight(line, "\n"); robotsLine.Match(line) {
			if named = named || bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(line)), []byte("user-agent")); !named {
				continue
			}
			rules.Write(line)
			rules.WriteByte('\n')
		}
	}
	data, err := robotstxt.FromBytes(rules.Bytes())
	if err != nil {
		return &robotstxt.Group{}
	}
	name, _, _ := strings.Cut(userAgent, "/")
	return data.FindGroup(name)
}
