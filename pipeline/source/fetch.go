package source

import (
	"cmp"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Fetch is how and when a page was fetched. It is kept as JSON beside the bytes.
type Fetch struct {
	URL         string `json:"url"`       // without secrets
	FinalURL    string `json:"final_url"` // where the redirects ended, without secrets
	Status      int    `json:"status"`    // 304: the server said that the bytes of the fetch before are still good
	FetchedAt   string `json:"fetched_at"`
	Since       string `json:"since,omitempty"` // the first fetch of a row that gave these bytes, when this is not it
	ContentType string `json:"content_type,omitempty"`
	// Packing is how the bytes were packed on the way. They are kept unpacked.
	Packing      string `json:"content_encoding,omitempty"`
	Server       string `json:"server,omitempty"`
	Date         string `json:"date,omitempty"` // the server's clock
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	File         string `json:"file,omitempty"` // what the server calls it
	SHA256       string `json:"sha256"`
	Size         int64  `json:"size"`
}

// newFetch takes from an answer all but the bytes.
func newFetch(name string, resp *http.Response) *Fetch {
	header := func(key string) string {
		value := cleanName(resp.Header.Get(key))
		return value[:min(len(value), 512)]
	}
	return &Fetch{
		URL: name, FinalURL: cleanName(withoutSecrets(resp.Request.URL)), Status: resp.StatusCode,
		ContentType: header("Content-Type"), Packing: header("Content-Encoding"), Server: header("Server"), Date: header("Date"),
		ETag: header("ETag"), LastModified: header("Last-Modified"), File: cleanName(fileName(resp)),
	}
}

// condition asks for the page only if it changed since.
func (f *Fetch) condition(h http.Header) {
	if f == nil {
		return
	}
	if f.ETag != "" {
		h.Set("If-None-Match", f.ETag)
	}
	if f.LastModified != "" {
		h.Set("If-Modified-Since", f.LastModified)
	}
}

// again is the record of a fetch to which the server said that nothing changed.
func (f *Fetch) again(answer *Fetch) *Fetch {
	a := *answer
	a.ContentType, a.Packing, a.File, a.SHA256, a.Size = f.ContentType, f.Packing, f.File, f.SHA256, f.Size
	if a.ETag == "" {
		a.ETag = f.ETag
	}
	if a.LastModified == "" {
		a.LastModified = f.LastModified
	}
	return &a
}

// at is when it was fetched; zero when the record is damaged.
func (f *Fetch) at() time.Time { return parseTime(f.FetchedAt) }

// since is when its bytes came first.
func (f *Fetch) since() time.Time { return parseTime(cmp.Or(f.Since, f.FetchedAt)) }

// after notes since when the address has given these bytes; before is the fetch
// before, or nil.
func (f *Fetch) after(before *Fetch) {
	if before != nil && before.SHA256 == f.SHA256 {
		f.Since = cmp.Or(before.Since, before.FetchedAt)
	}
}

func parseTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// notModified carries the answer 304.
type notModified struct{ answer *Fetch }

func (e *notModified) Error() string { return "it did not change" }

// unpacked reads what a server packed though it was asked not to. How much may
// come out is bounded with all else.
func unpacked(r *Response, packing, name string) error {
	packing = strings.ToLower(strings.TrimSpace(packing))
	var open func(io.Reader) (io.ReadCloser, error)
	switch packing {
	case "", "identity", "none", "utf-8": // the last is no packing, and is said
		return nil
	case "gzip", "x-gzip":
		open = func(in io.Reader) (io.ReadCloser, error) { return gzip.NewReader(in) }
	case "deflate":
		open = func(in io.Reader) (io.ReadCloser, error) { return zlib.NewReader(in) }
	case "zstd":
		open = func(in io.Reader) (io.ReadCloser, error) {
			z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
			if err != nil {
				return nil, err
			}
			return z.IOReadCloser(), nil
		}
	default:
		return &Error{
			Address: name, What: "the server packs it in a way that was not asked for and is not known (" + cleanName(packing[:min(len(packing), 40)]) + ")",
			Mend: "open it in a browser, save the file and name that",
		}
	}
	r.Size = -1
	r.Body = &unpacking{packed: r.Body, open: open}
	return nil
}

// unpacking opens what is packed at the first read, so that what is wrong with
// it is wrong with the answer.
type unpacking struct {
	packed io.ReadCloser
	open   func(io.Reader) (io.ReadCloser, error)
	plain  io.ReadCloser
}

func (u *unpacking) Read(p []byte) (int, error) {
	if u.plain == nil {
		plain, err := u.open(u.packed)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, err
		}
		u.plain = plain
	}
	return u.plain.Read(p)
}

func (u *unpacking) Close() error {
	if u.plain != nil {
		u.plain.Close()
	}
	return u.packed.Close()
}
