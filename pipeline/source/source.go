// Package source finds ledgers and brings their bytes. An address is
//
//	台账.xlsx                          a file
//	台账/                              a folder: its ledgers, and those of its folders
//	台账/**/2022*.csv                  a glob; ** stands for any depth
//	https://example.cn/a/ledger.csv    a page
//	s3://bucket/key                    an object of S3, MinIO, OBS, OSS …
//	s3://bucket/2022/                  a prefix: the ledgers under it
//	s3://bucket/**/*.csv               a glob of objects
//
// Folders, globs and prefixes take what ends like a ledger (.csv, .tsv, .txt,
// .xlsx, .xlsm, .xls, texts also with .gz or .zst) and pass over hidden files,
// the lock files of office programs (~$台账.xlsx), mapping files
// (台账.columns.csv) and the truth of synthetic ledgers (台账.csv.truth.csv). What
// is named by itself is taken whatever it is called.
//
// Find makes no difference between them: each ledger becomes an Address, which
// Opens to a Snapshot, the same bytes at every read, with their hash.
//
// Pages finds bulletins at the same kinds of addresses, and asks for pages of the
// web as a guest does: one at a time, after robots.txt, and only for what is new.
package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Finder finds ledgers. Its zero value reads local files where they lie and
// public pages into temporary files. It may be used by several goroutines once
// its fields are set.
type Finder struct {
	Store Store // where bytes are kept; nil to keep nothing
	// Keep also copies local files of more than 256 MiB into the Store. Without
	// it they are read where they lie, and Snapshot.Changed tells whether they
	// stayed as they were.
	Keep   bool
	Memory Memory // nil to read every file
	// Look gives what remote addresses gave last, asks no network and keeps nothing;
	// an address that never gave anything is ErrNotFetched.
	Look         bool
	Limits       Limits
	AllowPrivate bool // whether http addresses may lie in a private network
	// Proxy gives the proxy for a request, as http.ProxyFromEnvironment does;
	// nil for none.
	Proxy     func(*http.Request) (*url.URL, error)
	S3        S3
	UserAgent string           // "sanpi/<version> (+https://…)"
	Now       func() time.Time // for RetrievedAt; nil for the clock
	Log       *slog.Logger     // told of tries that failed; nil for none

	pages     http.Client
	pagesOnce sync.Once
	looksFor  *kind
	offline   bool
	manners   *manners // of who asks for pages; nil for a ledger's address, which is asked once
	page      func(context.Context, *url.URL) (*Snapshot, error)
}

func (f *Finder) kind() *kind {
	if f.looksFor != nil {
		return f.looksFor
	}
	return ledgers
}

// Store keeps bytes by their sha256. A *warehouse.Warehouse is one.
type Store interface {
	// KeepReader stores what r yields, or nothing when r fails.
	KeepReader(r io.Reader) (sum string, err error)
	// OpenKept opens kept bytes. The error wraps fs.ErrNotExist when there are
	// none.
	OpenKept(sum string) (*os.File, error)
}

// Memory remembers the hashes of local files, so that one that nobody touched is
// not read to know its hash. A *warehouse.Warehouse is one.
type Memory interface {
	// Known is the sha256 of an open file that lies as it did when Remember was
	// told, or "".
	Known(file *os.File) (sum string)
	// Stamp says how an open file lies on the disk.
	Stamp(file *os.File) fmt.Stringer
	// Remember is told the hash of an open file, and its Stamp before it was read.
	Remember(file *os.File, before fmt.Stringer, sum string)
}

// Limits bound what one remote address may cost.
type Limits struct {
	Time      time.Duration // for everything; 0 for 30 minutes
	Silence   time.Duration // without a byte; 0 for 2 minutes
	Bytes     int64         // 0 for 20 GiB
	Redirects int           // 0 for 10
	Tries     int           // 0 for 5
	Wait      time.Duration // before the second try, doubled before each further one up to 30 seconds; 0 for 1 second
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Time:      cmp.Or(l.Time, 30*time.Minute),
		Silence:   cmp.Or(l.Silence, 2*time.Minute),
		Bytes:     cmp.Or(l.Bytes, 20<<30),
		Redirects: cmp.Or(l.Redirects, 10),
		Tries:     cmp.Or(l.Tries, 5),
		Wait:      cmp.Or(l.Wait, time.Second),
	}
}

// Address is one ledger that was found.
type Address struct {
	// Name is the address for people and for the table sources: without
	// credentials, and with the values of secret parameters struck out.
	Name string
	open func(context.Context) (*Snapshot, error)
}

// Open brings the bytes. Close the snapshot.
func (a Address) Open(ctx context.Context) (*Snapshot, error) { return a.open(ctx) }

// ErrNotFetched says of a remote address that it was never fetched, when the network
// is not to be asked.
var ErrNotFetched = errors.New("it was not fetched before")

// Error says that an address gives no ledger, and what to do about it.
type Error struct {
	Address string // without secrets
	What    string // what is wrong
	Mend    string // what to do
	Err     error  // the cause; may be nil
}

func (e *Error) Error() string {
	text := fmt.Sprintf("open %s: %s", e.Address, e.What)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + "; " + e.Mend
}

func (e *Error) Unwrap() error { return e.Err }

var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)

// Find lists the ledgers at an address, sorted by name, at least one. The error
// is an *Error, or ctx's.
func (f *Finder) Find(ctx context.Context, address string) ([]Address, error) {
	var found []Address
	var err error
	if m := scheme.FindStringSubmatch(address); m == nil {
		found, err = f.findLocal(ctx, address)
	} else if name := strings.ToLower(m[1]); name == "http" || name == "https" {
		found, err = f.findPage(address)
	} else if name == "s3" && f.offline {
		err = &Error{Address: m[0] + "…", What: "the network is not to be asked", Mend: "copy the objects into a folder and name that, or run without --offline"}
	} else if name == "s3" {
		found, err = f.findObjects(ctx, address[len("s3://"):])
	} else {
		err = &Error{
			Address: m[0] + "…", What: "addresses of this kind are not read",
			Mend: "name a file, a folder, a glob, or an http, https or s3 address",
		}
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b Address) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

func (f *Finder) now() time.Time {
	if f.Now != nil {
		return f.Now().UTC()
	}
	return time.Now().UTC()
}

func (f *Finder) log() *slog.Logger {
	if f.Log != nil {
		return f.Log
	}
	return slog.New(slog.DiscardHandler)
}
