package source

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Pages brings bulletins: files, folders, globs, objects and pages of the web.
// It asks each server for one page at a time, with a rest between requests, heeds
// robots.txt, and asks for a page that it has only if the page changed. It may be
// used by several goroutines once its fields are set.
type Pages struct {
	Store History // where bytes are kept, and how they came; nil to keep nothing
	// Offline gives pages as they were last fetched and asks no network.
	Offline bool
	// Look is Offline, and nothing is kept.
	Look         bool
	Memory       Memory        // of local files; nil to read every one
	Limits       Limits        // 0 for 2 minutes, 30 s of silence, 32 MiB, 5 redirects, 4 tries
	Rest         time.Duration // between two requests to one server; 0 for 1 second
	IgnoreRobots bool
	AllowPrivate bool // whether pages may lie in a private network
	// Proxy gives the proxy for a request, as http.ProxyFromEnvironment does;
	// nil for none.
	Proxy     func(*http.Request) (*url.URL, error)
	S3        S3
	UserAgent string           // "sanpi/<version> (+https://…)"; its first word is what robots.txt is asked for
	Now       func() time.Time // nil for the clock
	Log       *slog.Logger     // told of tries that failed; nil for none

	finder     Finder
	finderOnce sync.Once
}

// Find lists the bulletins at a file, folder, glob, web address or s3 address,
// sorted by name, at least one. Folders and globs take .html, .htm, .shtml, .txt
// and .pdf, also with .gz. Nothing is asked for before an Address is opened. The
// error is an *Error, or ctx's.
func (p *Pages) Find(ctx context.Context, address string) ([]Address, error) {
	return p.find().Find(ctx, address)
}

// Get brings one page or file. Its Snapshot has a Fetch when it is a page of the
// web. The error is an *Error, or ctx's.
func (p *Pages) Get(ctx context.Context, address string) (*Snapshot, error) {
	found, err := p.Find(ctx, address)
	if err != nil {
		return nil, err
	}
	if len(found) > 1 {
		return nil, &Error{Address: found[0].Name, What: fmt.Sprintf("it is one of %d at that address", len(found)), Mend: "name one of them"}
	}
	return found[0].Open(ctx)
}

// Stored is a page of the web as it was last fetched. No network is asked.
func (p *Pages) Stored(address string) (*Snapshot, error) {
	u, err := parsePage(address)
	if err != nil {
		return nil, err
	}
	return p.stored(u)
}

func (p *Pages) find() *Finder {
	p.finderOnce.Do(func() {
		f := &p.finder
		f.Limits = Limits{
			Time:      cmp.Or(p.Limits.Time, 2*time.Minute),
			Silence:   cmp.Or(p.Limits.Silence, 30*time.Second),
			Bytes:     cmp.Or(p.Limits.Bytes, 32<<20),
			Redirects: cmp.Or(p.Limits.Redirects, 5),
			Tries:     cmp.Or(p.Limits.Tries, 4),
			Wait:      p.Limits.Wait,
		}
		if p.Store != nil {
			f.Store = p.Store
		}
		f.AllowPrivate, f.Proxy, f.S3, f.UserAgent, f.Now, f.Log = p.AllowPrivate, p.Proxy, p.S3, p.UserAgent, p.Now, p.Log
		f.looksFor, f.offline, f.page, f.Look, f.Memory = bulletins, p.Offline, p.page, p.Look, p.Memory
		f.manners = &manners{rest: cmp.Or(p.Rest, time.Second), robots: !p.IgnoreRobots}
	})
	return &p.finder
}

// page brings a page of the web.
func (p *Pages) page(ctx context.Context, u *url.URL) (*Snapshot, error) {
	if p.Offline || p.Look {
		return p.stored(u)
	}
	f := p.find()
	done, err := f.manners.take(ctx, u)
	if err != nil {
		return nil, err
	}
	defer done()
	name := cleanName(withoutSecrets(u))
	return f.fresh(ctx, keyOf(u), name, func(last *Fetch) (*Snapshot, error) {
		if err := p.mayFetch(ctx, u); err != nil {
			return nil, err
		}
		return f.pull(ctx, pages{f: f, last: last}, name, u.String())
	})
}

// mayFetch asks robots.txt, within the time that a page may take.
func (p *Pages) mayFetch(ctx context.Context, u *url.URL) error {
	f := p.find()
	within, cancel := context.WithTimeout(ctx, f.Limits.Time)
	defer cancel()
	err := f.manners.allow(within, f, u)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if within.Err() != nil {
		return &Error{
			Address: cleanName(withoutSecrets(u)), What: "the site's robots.txt, which says what may be fetched, is too slow", Err: err, Mend: comeAgain,
		}
	}
	return err
}

func (p *Pages) stored(u *url.URL) (*Snapshot, error) {
	name := cleanName(withoutSecrets(u))
	s, err := p.find().last(keyOf(u), name)
	if err == nil && s == nil {
		err = &Error{
			Address: name, What: "the network is not to be asked", Err: ErrNotFetched,
			Mend: "fetch it once without --offline, or save the page by a browser and name the file",
		}
	}
	return s, err
}

// keyOf is the key of an address: who knows the key does not know its secrets.
func keyOf(u *url.URL) string {
	plain := *u
	plain.User, plain.Fragment, plain.RawFragment = nil, "", ""
	sum := sha256.Sum256([]byte(plain.String()))
	return hex.EncodeToString(sum[:])
}
