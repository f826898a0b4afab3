package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"
)

// History is a Store that also keeps how the bytes of an address came. A
// *warehouse.Warehouse is one. With it an address that fails gives what it gave
// last, and says so.
type History interface {
	Store
	// KeepFetch adds a record to those of a key, which is a sha256 in hex. It is
	// there whole or not at all, and is never changed.
	KeepFetch(key string, record []byte) error
	// Fetches are the records of a key, the newest first. It ends after an error.
	Fetches(key string) iter.Seq2[[]byte, error]
}

// fresh brings the bytes of a remote address and writes down how they came. When
// that fails and the address gave bytes before, it gives those, with Stale saying
// why. pull is told of the fetch before, or nil, and may answer notModified.
func (f *Finder) fresh(ctx context.Context, key, name string, pull func(last *Fetch) (*Snapshot, error)) (*Snapshot, error) {
	old, err := f.last(key, name)
	if err != nil {
		return nil, err
	}
	if f.Look {
		if old == nil {
			err = &Error{Address: name, What: "the network is not to be asked", Err: ErrNotFetched, Mend: "run without --dry-run"}
		}
		return old, err
	}
	var last *Fetch
	if old != nil {
		last = old.Fetch
	}
	s, err := pull(last)
	var same *notModified
	switch {
	case errors.As(err, &same) && old != nil:
		// The server says that what was kept is still good.
		s = old
		s.Fetch, s.RetrievedAt = last.again(same.answer), f.now()
	case err != nil && old != nil && !isContext(ctx, err):
		f.log().Warn("a source fails; what it gave last is taken", "address", name, "fetched", last.FetchedAt, "error", err)
		old.Stale = err
		return old, nil
	case err != nil:
		if old != nil {
			old.Close()
		}
		return nil, err
	case old != nil:
		old.Close()
	}
	s.Fetch.FetchedAt, s.Fetch.SHA256, s.Fetch.Size = s.RetrievedAt.Format(time.RFC3339Nano), s.SHA256, s.Size
	s.Fetch.after(last)
	s.Since = s.Fetch.since()
	if err := f.keepFetch(key, s.Fetch); err != nil {
		s.Close()
		return nil, notKept(name, err)
	}
	return s, nil
}

func (f *Finder) keepFetch(key string, how *Fetch) error {
	history, ok := f.Store.(History)
	if !ok {
		return nil
	}
	record, err := json.MarshalIndent(how, "", "  ")
	if err != nil {
		return fmt.Errorf("write down a fetch: %w", err)
	}
	return history.KeepFetch(key, append(record, '\n'))
}

// last is the newest fetch of a key whose bytes are there and whole, or nil.
func (f *Finder) last(key, name string) (*Snapshot, error) {
	history, ok := f.Store.(History)
	if !ok {
		return nil, nil
	}
	for record, err := range history.Fetches(key) {
		if err != nil {
			return nil, &Error{Address: name, What: "what was fetched before cannot be read", Err: err, Mend: "check that the disk answers and the folder may be read"}
		}
		s, err := reopen(history, name, record)
		if err == nil {
			return s, nil
		}
		f.log().Warn("what was fetched before is damaged", "address", name, "error", err)
	}
	return nil, nil
}

// reopen opens the bytes that a record of a fetch names.
func reopen(from Store, name string, record []byte) (*Snapshot, error) {
	how := &Fetch{}
	if err := json.Unmarshal(record, how); err != nil {
		return nil, fmt.Errorf("read the record of a fetch: %w", err)
	}
	file, err := from.OpenKept(how.SHA256)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{
		Name: name, File: how.File, Size: how.Size, SHA256: how.SHA256, RetrievedAt: how.at(), Since: how.since(), Kept: true, Fetch: how, file: file,
	}
	if modified, err := http.ParseTime(how.LastModified); err == nil {
		s.ModifiedAt = modified.UTC()
	}
	held, err := size(file)
	if err == nil && held != how.Size {
		err = fmt.Errorf("%d bytes are kept as %s, and %d were fetched", held, how.SHA256, how.Size)
	}
	if err == nil {
		err = s.describe(how.ContentType)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}
