package source

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
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
	Store PageStore // where bytes are kept, and how they came; nil to keep nothing
	// Offline gives pages as they were last fetched and asks no network.
	Offline      bool
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

// PageStore keeps bytes, and how the bytes of an address came.
type PageStore interface {
	Store
	// KeepFetch adds a record to those of a key, which is a sha256 in hex. It is
	// there whole or not at all, and is never changed.
	KeepFetch(key string, record []byte) error
	// Fetches are the records of a key, the newest first. It ends after an error.
	Fetches(key string) iter.Seq2[[]byte, error]
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
		f.looksFor, f.offline, f.page = bulletins, p.Offline, p.page
		f.manners = &manners{rest: cmp.Or(p.Rest, time.Second), robots: !p.IgnoreRobots}
	})
	return &p.finder
}

// page brings a page of the web.
func (p *Pages) page(ctx context.Context, u *url.URL) (*Snapshot, error) {
	if p.Offline {
		return p.stored(u)
	}
	f := p.find()
	done, err := f.manners.take(ctx, u)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := p.mayFetch(ctx, u); err != nil {
		return nil, err
	}
	name := cleanName(withoutSecrets(u))
	old, err := p.last(u)
	if err != nil {
		return nil, err
	}
	from := pages{f: f}
	if old != nil {
		from.last = old.Fetch
	}
	s, err := f.pull(ctx, from, name, u.String())
	var same *notModified
	if errors.As(err, &same) {
		// The server says that what was kept is still good.
		old.Fetch = old.Fetch.again(same.answer)
		old.RetrievedAt = f.now()
		s, err = old, nil
	} else if old != nil {
		old.Close()
	}
	if err != nil {
		return nil, err
	}
	if err := p.keepFetch(u, s); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
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

// keepFetch writes down how a snapshot came, after looking that the bytes are
// the right ones: a disk may have spoiled what was kept before.
func (p *Pages) keepFetch(u *url.URL, s *Snapshot) error {
	sum, size, err := hash(io.NewSectionReader(s, 0, s.Size))
	if err == nil && (sum != s.SHA256 || size != s.Size) {
		err = fmt.Errorf("the file %s holds other bytes than its name says; remove it", s.SHA256)
	}
	if err != nil {
		return notKept(s.Name, err)
	}
	s.Fetch.FetchedAt, s.Fetch.SHA256, s.Fetch.Size = s.RetrievedAt.Format(time.RFC3339Nano), s.SHA256, s.Size
	if p.Store == nil {
		return nil
	}
	record, err := json.MarshalIndent(s.Fetch, "", "  ")
	if err == nil {
		err = p.Store.KeepFetch(keyOf(u), append(record, '\n'))
	}
	if err != nil {
		return notKept(s.Name, err)
	}
	return nil
}

func (p *Pages) stored(u *url.URL) (*Snapshot, error) {
	s, err := p.last(u)
	if err == nil && s == nil {
		err = &Error{
			Address: cleanName(withoutSecrets(u)), What: "it was not fetched before, and the network is not to be asked",
			Mend: "fetch it once without --offline, or save the page by a browser and name the file",
		}
	}
	return s, err
}

// last is the newest fetch of a page whose bytes are there and whole, or nil.
func (p *Pages) last(u *url.URL) (*Snapshot, error) {
	if p.Store == nil {
		return nil, nil
	}
	name := cleanName(withoutSecrets(u))
	for record, err := range p.Store.Fetches(keyOf(u)) {
		if err != nil {
			return nil, &Error{Address: name, What: "what was fetched before cannot be read", Err: err, Mend: "check that the disk answers and the folder may be read"}
		}
		s, err := p.open(name, record)
		if err == nil {
			return s, nil
		}
		p.find().log().Warn("what was fetched before is damaged", "address", name, "error", err)
	}
	return nil, nil
}

func (p *Pages) open(name string, record []byte) (*Snapshot, error) {
	how := &Fetch{}
	if err := json.Unmarshal(record, how); err != nil {
		return nil, fmt.Errorf("read the record of a fetch: %w", err)
	}
	file, err := p.Store.OpenKept(how.SHA256)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Name: name, File: how.File, Size: how.Size, SHA256: how.SHA256, RetrievedAt: how.at(), Kept: true, Fetch: how, file: file}
	if modified, err := http.ParseTime(how.LastModified); err == nil {
		s.ModifiedAt = modified.UTC()
	}
	sum, size, err := hash(file)
	switch {
	case err != nil:
	case sum != how.SHA256 || size != how.Size:
		err = fmt.Errorf("the bytes kept as %s are others", how.SHA256)
	default:
		err = s.describe(how.ContentType)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

// keyOf is the key of an address: who knows the key does not know its secrets.
func keyOf(u *url.URL) string {
	plain := *u
	plain.User, plain.Fragment, plain.RawFragment = nil, "", ""
	sum := sha256.Sum256([]byte(plain.String()))
	return hex.EncodeToString(sum[:])
}
