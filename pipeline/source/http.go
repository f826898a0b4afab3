package source

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/go-retryablehttp"
)

// findPage makes the address of a page. It is not asked for before it is opened.
func (f *Finder) findPage(address string) ([]Address, error) {
	u, err := parsePage(address)
	if err != nil {
		return nil, err
	}
	name := cleanName(withoutSecrets(u))
	return []Address{{Name: name, open: func(ctx context.Context) (*Snapshot, error) {
		if f.page != nil {
			return f.page(ctx, u)
		}
		return f.fresh(ctx, keyOf(u), name, func(last *Fetch) (*Snapshot, error) {
			return f.pull(ctx, pages{f: f, last: last}, name, u.String())
		})
	}}}, nil
}

func parsePage(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err == nil && u.Hostname() == "" {
		err = errors.New("it names no host")
	}
	if err != nil {
		// The message of url.Parse holds the address, and that its password.
		var urlErr *url.Error
		if errors.As(err, &urlErr) {
			err = urlErr.Err
		}
		shown, _, _ := strings.Cut(address, "://")
		return nil, &Error{Address: shown + "://…", What: "the address cannot be read", Err: err, Mend: "copy it once more from the browser"}
	}
	u.Scheme = strings.ToLower(u.Scheme)
	return u, nil
}

// pages fetches over HTTP.
type pages struct {
	f    *Finder
	last *Fetch // what is there already; nil for nothing
}

// client has one pool of connections for all pages.
func (f *Finder) client() *http.Client {
	f.pagesOnce.Do(func() {
		most := f.Limits.withDefaults().Redirects
		f.pages = http.Client{Transport: f.manners.paced(f.transport()), CheckRedirect: func(r *http.Request, via []*http.Request) error {
			// The next server is none of those who may know the secrets of the
			// address before.
			r.Header.Del("Referer")
			if len(via) > most {
				return &tooMany{most}
			}
			return f.manners.allow(r.Context(), f, r.URL)
		}}
	})
	return &f.pages
}

type tooMany struct{ most int }

func (e *tooMany) Error() string { return fmt.Sprintf("stopped after %d redirects", e.most) }

// Fetch gets a page. A refused or missing page is not asked for again; a server
// that is busy or does not answer is.
func (p pages) Fetch(ctx context.Context, address string) (*Response, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	name := cleanName(withoutSecrets(u))
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Address: name, What: "it cannot be asked for", Err: innermost(err), Mend: "check the address"}
	}
	if p.f.UserAgent != "" {
		request.Header.Set("User-Agent", p.f.UserAgent)
	}
	request.Header.Set("Accept-Encoding", "identity")
	p.last.condition(request.Header)
	limits := p.f.Limits.withDefaults()
	tries := 0
	client := &retryablehttp.Client{
		HTTPClient: p.f.client(), RetryMax: limits.Tries - 1, RetryWaitMin: limits.Wait, RetryWaitMax: waitAtMost,
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			tries++
			if mayNotHelp(err) || resp != nil && retryAfter(resp, p.f.now()) > waitAtMost {
				return false, nil
			}
			return retryablehttp.DefaultRetryPolicy(ctx, resp, err)
		},
		Backoff: func(first, _ time.Duration, before int, resp *http.Response) time.Duration {
			wait := backoff(first, before+1)
			if resp != nil {
				wait = max(wait, retryAfter(resp, p.f.now()))
			}
			p.f.log().Warn("no good answer", "address", name, "try", before+1, "wait", wait)
			return wait
		},
		// The last answer is judged below, like one that is not worth another try.
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := client.Do(request)
	if err != nil {
		if resp != nil {
			resp.Body.Close()
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, unreachable(name, tries, err)
	}
	if resp.StatusCode == http.StatusNotModified && p.last != nil {
		resp.Body.Close()
		return nil, &notModified{newFetch(name, resp)}
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		return nil, refused(name, tries, resp, p.f.now())
	}
	modified, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	if err != nil {
		modified = time.Time{}
	}
	r := &Response{
		Body: resp.Body, Size: resp.ContentLength, File: fileName(resp),
		MediaType: resp.Header.Get("Content-Type"), ModifiedAt: modified,
	}
	r.fetch = newFetch(name, resp)
	if p.f.manners != nil {
		if err := unpacked(r, resp.Header.Get("Content-Encoding"), name); err != nil {
			resp.Body.Close()
			return nil, err
		}
	}
	return r, nil
}

// mayNotHelp says whether another try would end as this one did.
func mayNotHelp(err error) bool {
	var many *tooMany
	var no *Error // robots.txt, of an address that it was led to
	return errors.Is(err, errPrivate) || errors.As(err, &many) || errors.As(err, &no)
}

// retryAfter is how long a busy server asks to be left alone.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// innermost drops the wrapping that repeats the address, secrets and all.
func innermost(err error) error {
	for {
		var urlErr *url.Error
		if !errors.As(err, &urlErr) {
			return err
		}
		err = urlErr.Err
	}
}

func unreachable(name string, tries int, err error) error {
	err = innermost(err)
	var no *Error
	if errors.As(err, &no) {
		return no
	}
	e := &Error{Address: name, What: "there is no answer", Err: err, Mend: "check the address and the network, or " + comeAgain}
	if tries > 1 {
		e.What = fmt.Sprintf("there is no answer, after %d tries", tries)
	}
	var many *tooMany
	switch {
	case errors.Is(err, errPrivate):
		e.What, e.Mend = "it is refused", "if it is your own server, allow private networks"
	case errors.As(err, &many):
		e.What, e.Mend = "it leads elsewhere again and again", "name the address that the browser ends at"
	}
	return e
}

func refused(name string, tries int, resp *http.Response, now time.Time) error {
	e := &Error{Address: name, What: "the server answers " + status(resp.StatusCode)}
	if tries > 1 {
		e.What += fmt.Sprintf(", %d times", tries)
	}
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		e.Mend = "it wants a login: write https://user:password@host/…, or bring the file by a browser and name it"
	case code == http.StatusNotFound || code == http.StatusGone:
		e.Mend = "check the address; the page may have moved"
	case code == http.StatusTooManyRequests || code >= 500:
		e.Mend = comeAgain
		if wait := retryAfter(resp, now); wait > 0 {
			e.Mend = fmt.Sprintf("it asks for %s of rest; %s", wait.Round(time.Second), comeAgain)
		}
	default:
		e.Mend = "open it in a browser, save the file and name that"
	}
	return e
}

func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// fileName is what the server calls the file, or else the end of the address
// that the redirects led to.
func fileName(resp *http.Response) string {
	if _, params, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition")); err == nil {
		name := params["filename"]
		// Many servers percent-encode where they should not.
		if plain, err := url.PathUnescape(name); err == nil && utf8.ValidString(plain) {
			name = plain
		}
		// A name with folders in it is no business of ours.
		if name = path.Base(strings.ReplaceAll(name, `\`, "/")); name != "." && name != "/" && name != ".." {
			return name
		}
	}
	if name := path.Base(resp.Request.URL.Path); name != "." && name != "/" {
		return name
	}
	return resp.Request.URL.Hostname()
}
