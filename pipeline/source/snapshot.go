package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"
)

// Snapshot is the bytes of one ledger as they were at one time. ReadAt may be
// called by several goroutines.
type Snapshot struct {
	Name        string // of the address
	File        string // what the ledger is called there: 台账.xlsx
	Size        int64
	SHA256      string    // in hex
	MediaType   string    // by the bytes, then by what the server and the name say
	RetrievedAt time.Time // UTC
	Since       time.Time // UTC: since when the address has given these bytes, as far as is known
	Stale       error     // why there is nothing newer; nil when these bytes just came
	ModifiedAt  time.Time // UTC, as the file system or server has it; zero when not known
	Kept        bool      // whether the Store holds the bytes
	Fetch       *Fetch    // how it was fetched; nil for a local file

	file *os.File
	at   fs.FileInfo // of a file that is read where it lies; nil for a copy
}

// ReadAt reads from the snapshot.
func (s *Snapshot) ReadAt(p []byte, off int64) (int, error) { return s.file.ReadAt(p, off) }

// All is the whole of it; an *Error when it holds more than the given number of
// bytes.
func (s *Snapshot) All(most int64) ([]byte, error) {
	if s.Size > most {
		return nil, &Error{Address: s.Name, What: fmt.Sprintf("it holds more than %d bytes", most), Mend: askLess}
	}
	data := make([]byte, s.Size)
	if _, err := s.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, &Error{Address: s.Name, What: "it cannot be read", Err: err, Mend: "check that the disk answers"}
	}
	return data, nil
}

// Close gives the snapshot up.
func (s *Snapshot) Close() error { return s.file.Close() }

// Reopen opens a snapshot that is Kept once more after Close.
func (s *Snapshot) Reopen(from Store) error {
	file, err := from.OpenKept(s.SHA256)
	if err != nil {
		return notKept(s.Name, err)
	}
	s.file = file
	return nil
}

// Changed is an *Error when somebody wrote into the ledger since it was opened,
// so that what was read may be half old and half new. Ask after the last read.
// Only a local file that was not copied can change.
func (s *Snapshot) Changed() error {
	if s.at == nil {
		return nil
	}
	now, err := s.file.Stat()
	if err == nil && now.Size() == s.at.Size() && now.ModTime().Equal(s.at.ModTime()) {
		return nil
	}
	return &Error{
		Address: s.Name, What: "it changed while it was read", Err: err,
		Mend: "close it in other programs and run again, or have it copied first",
	}
}

// describe fills in the media type.
func (s *Snapshot) describe(declared string) error {
	head := make([]byte, min(s.Size, 512))
	if _, err := s.file.ReadAt(head, 0); err != nil && err != io.EOF {
		return fmt.Errorf("read %s: %w", s.Name, err)
	}
	s.MediaType = mediaType(head, s.File, declared)
	return nil
}

// hash gives the sha256 of what r yields.
func hash(r io.Reader) (string, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// keep stores what r yields and opens it: in the Store, or else in a file that
// nobody else sees and that vanishes when it is closed, however the process
// ends.
func (f *Finder) keep(r io.Reader) (file *os.File, sum string, err error) {
	if f.Store != nil {
		if sum, err = f.Store.KeepReader(r); err != nil {
			return nil, "", err
		}
		file, err = f.Store.OpenKept(sum)
		return file, sum, err
	}
	if file, err = os.CreateTemp("", "sanpi-*"); err != nil {
		return nil, "", fmt.Errorf("create a temporary file: %w", err)
	}
	if err = os.Remove(file.Name()); err == nil {
		sum, _, err = hash(io.TeeReader(r, file))
	}
	if err != nil {
		file.Close()
		return nil, "", fmt.Errorf("write a temporary file: %w", err)
	}
	return file, sum, nil
}

// kept opens the bytes of a hash if the Store has them whole.
func (f *Finder) kept(sum string, size int64) *os.File {
	if f.Store == nil {
		return nil
	}
	file, err := f.Store.OpenKept(sum)
	if err != nil {
		return nil // not there, or not to be read: it is stored anew
	}
	if info, err := file.Stat(); err != nil || info.Size() != size {
		file.Close()
		return nil
	}
	return file
}

// tracked reads until ctx ends, and remembers why reading failed, to tell that
// from a failure to store what was read.
type tracked struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (t *tracked) Read(p []byte) (int, error) {
	if t.err = context.Cause(t.ctx); t.err != nil {
		return 0, t.err
	}
	n, err := t.r.Read(p)
	if err != nil && err != io.EOF {
		t.err = err
	}
	return n, err
}

// notKept says that the bytes came but could not be stored.
func notKept(name string, err error) error {
	return &Error{Address: name, What: "its bytes cannot be kept", Err: err, Mend: "see that the disk has room and the folder may be written to"}
}

// isContext says whether an error is the end of the caller's context, which is
// passed on as it is.
func isContext(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

var mediaTypes = map[string]string{
	".csv":  "text/csv",
	".tsv":  "text/tab-separated-values",
	".txt":  "text/plain",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}

// mediaType goes by the bytes where they leave no doubt: servers and names call
// HTML pages .xls.
func mediaType(head []byte, file, declared string) string {
	declared, _, _ = strings.Cut(strings.ToLower(declared), ";")
	declared = strings.TrimSpace(declared)
	byName := mediaTypes[ending(file)]
	sniffed, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		if strings.HasPrefix(byName, "application/") {
			return byName
		}
		for _, known := range mediaTypes {
			if strings.HasPrefix(known, "application/") && strings.EqualFold(known, declared) {
				return known
			}
		}
		return "application/zip"
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}):
		return "application/vnd.ms-excel"
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return "application/zstd"
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return "application/gzip"
	case sniffed == "text/html":
		return sniffed
	case strings.HasPrefix(byName, "text/") && byName != "text/plain":
		return byName
	case strings.HasPrefix(declared, "text/"):
		return declared
	case byName == "text/plain":
		return byName
	}
	return sniffed
}
