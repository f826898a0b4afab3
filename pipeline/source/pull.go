package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"
)

// Fetcher asks for the bytes of remote addresses of its kind. It tries again by
// itself while it gets no answer.
type Fetcher interface {
	Fetch(ctx context.Context, address string) (*Response, error)
}

// Response is what a Fetcher got. The reader of Body closes it.
type Response struct {
	Body       io.ReadCloser
	Size       int64 // -1 when the server does not say
	File       string
	MediaType  string    // as the server says; may be ""
	ModifiedAt time.Time // zero when the server does not say

	fetch *Fetch // what is known of how it came
}

const (
	waitAtMost = 30 * time.Second
	askLess    = "give a smaller part of it, or bring it by other means and name the file"
	comeAgain  = "try again later, or bring it by other means and name the file"
)

// pull makes a snapshot of a remote address. An answer that breaks off is asked
// for anew, from its beginning.
func (f *Finder) pull(ctx context.Context, from Fetcher, name, address string) (*Snapshot, error) {
	limits := f.Limits.withDefaults()
	late := fmt.Errorf("it took more than %s", limits.Time)
	within, cancel := context.WithTimeoutCause(ctx, limits.Time, late)
	defer cancel()
	for try := 1; ; try++ {
		s, broken, err := f.pullOnce(within, from, name, address)
		switch {
		case err == nil:
			return s, nil
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case within.Err() != nil:
			return nil, &Error{Address: name, What: "it is too slow", Err: late, Mend: comeAgain}
		case !broken:
			return nil, err
		case try >= limits.Tries:
			return nil, &Error{Address: name, What: fmt.Sprintf("the answer broke off, %d times", try), Err: err, Mend: comeAgain}
		}
		wait := backoff(limits.Wait, try)
		f.log().Warn("the answer broke off", "address", name, "try", try, "wait", wait, "error", err)
		select {
		case <-within.Done():
		case <-time.After(wait):
		}
	}
}

// backoff is the wait after a number of tries: doubled each time, with jitter so
// that many readers do not come back at once.
func backoff(first time.Duration, tries int) time.Duration {
	wait := first
	for range tries - 1 {
		wait = min(2*wait, waitAtMost)
	}
	return wait + rand.N(wait/2+1)
}

// pullOnce says with broken whether the answer broke off, so that another try
// may help.
func (f *Finder) pullOnce(ctx context.Context, from Fetcher, name, address string) (s *Snapshot, broken bool, err error) {
	resp, err := from.Fetch(ctx, address)
	if err != nil {
		return nil, false, err
	}
	defer resp.Body.Close()
	limits := f.Limits.withDefaults()
	large := &Error{Address: name, What: fmt.Sprintf("it holds more than %d bytes", limits.Bytes), Mend: askLess}
	if resp.Size > limits.Bytes {
		return nil, false, large
	}
	r := &tracked{ctx: ctx, r: &limitedReader{resp.Body, limits.Bytes, large}}
	file, sum, err := f.keep(r)
	if err != nil {
		switch {
		case errors.Is(r.err, large):
			return nil, false, large
		case r.err == nil:
			return nil, false, notKept(name, err)
		}
		return nil, true, r.err
	}
	s = &Snapshot{
		Name: name, File: cleanName(resp.File), SHA256: sum,
		RetrievedAt: f.now(), ModifiedAt: resp.ModifiedAt.UTC(), Kept: f.Store != nil, Fetch: resp.fetch, file: file,
	}
	if s.Size, err = size(file); err == nil {
		err = s.describe(resp.MediaType)
	}
	if err != nil {
		file.Close()
		return nil, false, notKept(name, err)
	}
	return s, false, nil
}

func size(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// limitedReader fails with err when there is more than left.
type limitedReader struct {
	r    io.Reader
	left int64
	err  error
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p[:min(int64(len(p)), l.left+1)])
	if l.left -= int64(n); l.left < 0 {
		return 0, l.err
	}
	return n, err
}
