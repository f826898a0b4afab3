// Package mirror keeps the published version of a warehouse in an object store, S3 and
// what speaks like it, Google's, Azure's, or a folder:
//
//	CURRENT                          "versions/<version>", written last
//	versions/<version>/manifest.json written after all that it names
//	versions/<version>/marts/…       the files of the version, as in the warehouse
//
// A reader that follows CURRENT sees a whole version or the one before, never half of
// one. Files that the version before has too are copied within the store. What an
// upload that broke off left is taken up again.
package mirror

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// Report is what a mirroring did.
type Report struct {
	Version  string
	Uploaded int // files
	Copied   int // files that the version before has too
	Kept     int // files that were there already
	Bytes    int64
	Removed  []string // versions
	// Newer is the version that the mirror shows when somebody else has put a newer one
	// there meanwhile; CURRENT was left alone.
	Newer string
}

// Options say how to mirror.
type Options struct {
	Keep    int // versions to keep in the store; 0 for all
	Workers int // files at once; 0 for 8
}

// current is the pointer of a mirror as it was read, and its tag; both empty for none.
type current struct{ version, tag string }

const pointer = "CURRENT"

// Push mirrors the published version of the warehouse in dir into the bucket. On an
// error the mirror shows what it showed before.
func Push(ctx context.Context, dir string, bucket *blob.Bucket, opt Options) (Report, error) {
	local, err := warehouse.Current(dir)
	if err != nil {
		return Report{}, err
	}
	m, err := warehouse.ReadManifest(local)
	if err != nil {
		return Report{}, err
	}
	p := &push{Report: Report{Version: m.Version}, bucket: bucket, local: local, manifest: m}
	before, err := readCurrent(ctx, bucket)
	if err != nil {
		return p.Report, err
	}
	if err := p.files(ctx, before, cmp.Or(opt.Workers, 8)); err != nil {
		return p.Report, err
	}
	if err := p.point(ctx, before); err != nil || p.Newer != "" {
		return p.Report, err
	}
	if opt.Keep > 0 {
		p.Removed, err = prune(ctx, bucket, m.Version, opt.Keep)
	}
	return p.Report, err
}

// push is one Push.
type push struct {
	Report
	bucket   *blob.Bucket
	local    string
	manifest *warehouse.Manifest
}

func (p *push) key(file string) string { return path.Join("versions", p.Version, file) }

// files brings the version's files into the store, and its manifest when they are there.
func (p *push) files(ctx context.Context, before current, workers int) error {
	had := map[string]string{} // path → sha256, of the version that the mirror shows
	if before.version != "" && before.version != p.Version {
		if m, err := readManifest(ctx, p.bucket, before.version); err == nil {
			for _, o := range m.Outputs {
				had[o.Path] = o.SHA256
			}
		} else if gcerrors.Code(err) != gcerrors.NotFound {
			return err
		}
	}
	there, err := p.there(ctx)
	if err != nil {
		return err
	}
	type outcome struct{ uploaded, copied, kept int }
	outcomes := make([]outcome, len(p.manifest.Outputs))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i, o := range p.manifest.Outputs {
		group.Go(func() error {
			key := p.key(o.Path)
			if there[key] == o.Bytes {
				if sum, err := sumOf(within, p.bucket, key); err != nil {
					return err
				} else if sum == o.SHA256 {
					outcomes[i].kept++
					return nil
				}
			}
			if had[o.Path] == o.SHA256 {
				from := path.Join("versions", before.version, o.Path)
				err := p.bucket.Copy(within, key, from, nil)
				if err == nil {
					outcomes[i].copied++
					return nil
				} else if gcerrors.Code(err) != gcerrors.NotFound {
					return fmt.Errorf("copy %s within the mirror: %w", from, err)
				}
			}
			outcomes[i].uploaded++
			return p.upload(within, key, o)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, o := range outcomes {
		p.Uploaded, p.Copied, p.Kept = p.Uploaded+o.uploaded, p.Copied+o.copied, p.Kept+o.kept
		p.Bytes += int64(o.uploaded) * p.manifest.Outputs[i].Bytes
	}
	text, err := os.ReadFile(filepath.Join(p.local, "manifest.json"))
	if err != nil {
		return fmt.Errorf("read the manifest: %w", err)
	}
	if err := p.bucket.WriteAll(ctx, p.key("manifest.json"), text, &blob.WriterOptions{ContentType: "application/json"}); err != nil {
		return fmt.Errorf("write the manifest into the mirror: %w", err)
	}
	return nil
}

// there are the files of the version that an earlier try brought, with their sizes.
func (p *push) there(ctx context.Context) (map[string]int64, error) {
	sizes := map[string]int64{}
	list := p.bucket.List(&blob.ListOptions{Prefix: p.key("") + "/"})
	for {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return sizes, nil
		} else if err != nil {
			return nil, fmt.Errorf("list the mirror: %w", err)
		}
		sizes[object.Key] = object.Size
	}
}

// upload brings a file, and holds it to the hash of the manifest on the way: a file that
// was spoiled here is not spread.
func (p *push) upload(ctx context.Context, key string, o warehouse.Output) error {
	f, err := os.Open(filepath.Join(p.local, filepath.FromSlash(o.Path)))
	if err != nil {
		return fmt.Errorf("mirror %s: %w", o.Path, err)
	}
	defer f.Close()
	ctx, cancel := context.WithCancel(ctx) // a write that is cancelled leaves no object
	defer cancel()
	w, err := p.bucket.NewWriter(ctx, key, &blob.WriterOptions{Metadata: map[string]string{"sha256": o.SHA256}})
	if err != nil {
		return fmt.Errorf("mirror %s: %w", o.Path, err)
	}
	h := sha256.New()
	_, err = io.Copy(w, io.TeeReader(f, h))
	if err == nil && hex.EncodeToString(h.Sum(nil)) != o.SHA256 {
		err = errors.New("the file here is not what its manifest says; a run makes it anew")
	}
	if err != nil {
		cancel()
		w.Close()
		return fmt.Errorf("mirror %s: %w", o.Path, err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("mirror %s: %w", o.Path, err)
	}
	return nil
}

// point has CURRENT name the version, unless somebody moved it meanwhile: then it is
// read again, and left alone when it names a newer version.
func (p *push) point(ctx context.Context, before current) error {
	for range 5 {
		if before.version == p.Version {
			return nil
		}
		// Names of versions begin with the time at which they were made.
		if before.version > p.Version {
			p.Newer = before.version
			return nil
		}
		err := writeIf(ctx, p.bucket, pointer, []byte("versions/"+p.Version+"\n"), before.tag)
		if err == nil {
			return nil
		} else if !isPrecondition(err) {
			return fmt.Errorf("point the mirror to version %s: %w", p.Version, err)
		}
		if before, err = readCurrent(ctx, p.bucket); err != nil {
			return err
		}
	}
	return errors.New("point the mirror to the new version: others move it again and again; mirror from one machine only")
}

func readCurrent(ctx context.Context, bucket *blob.Bucket) (current, error) {
	// The tag first: when the text is changed between the two, the tag is the older one,
	// and the write that relies on it fails.
	attributes, err := bucket.Attributes(ctx, pointer)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return current{}, nil
	} else if err != nil {
		return current{}, fmt.Errorf("read the mirror's CURRENT: %w", err)
	}
	text, err := bucket.ReadAll(ctx, pointer)
	if err != nil {
		return current{}, fmt.Errorf("read the mirror's CURRENT: %w", err)
	}
	version, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "versions/")
	if !ok || version == "" || strings.ContainsAny(version, "/\\") {
		return current{}, fmt.Errorf("read the mirror's CURRENT: %q names no version; remove it to begin the mirror anew", text)
	}
	return current{version, tagOf(attributes)}, nil
}

func readManifest(ctx context.Context, bucket *blob.Bucket, version string) (*warehouse.Manifest, error) {
	text, err := bucket.ReadAll(ctx, path.Join("versions", version, "manifest.json"))
	if err != nil {
		return nil, fmt.Errorf("read the manifest of version %s in the mirror: %w", version, err)
	}
	var m warehouse.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("read the manifest of version %s in the mirror: %w", version, err)
	}
	return &m, nil
}

// sumOf is the hash of an object, of its bytes.
func sumOf(ctx context.Context, bucket *blob.Bucket, key string) (string, error) {
	r, err := bucket.NewReader(ctx, key, nil)
	if err != nil {
		return "", fmt.Errorf("read %s in the mirror: %w", key, err)
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", fmt.Errorf("read %s in the mirror: %w", key, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// prune removes the oldest versions of the mirror, each from its manifest on, so that
// what is half removed is no version.
func prune(ctx context.Context, bucket *blob.Bucket, shown string, keep int) ([]string, error) {
	var versions []string
	list := bucket.List(&blob.ListOptions{Prefix: "versions/", Delimiter: "/"})
	for {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("list the mirror: %w", err)
		}
		// A newer one may be in the making by somebody else.
		if name := path.Base(object.Key); object.IsDir && name < shown {
			versions = append(versions, name)
		}
	}
	slices.Sort(versions)
	var removed []string
	for _, name := range versions[:max(0, len(versions)-(keep-1))] {
		if err := remove(ctx, bucket, name); err != nil {
			return removed, err
		}
		removed = append(removed, name)
	}
	return removed, nil
}

func remove(ctx context.Context, bucket *blob.Bucket, version string) error {
	prefix := path.Join("versions", version) + "/"
	keys := []string{prefix + "manifest.json"}
	list := bucket.List(&blob.ListOptions{Prefix: prefix})
	for {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("list version %s of the mirror: %w", version, err)
		}
		if object.Key != keys[0] {
			keys = append(keys, object.Key)
		}
	}
	for _, key := range keys {
		if err := bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return fmt.Errorf("remove version %s of the mirror: %w", version, err)
		}
	}
	return nil
}

// Damage is a file of a mirror that is not what its manifest says.
type Damage struct{ Path, What string }

// Verify reads every byte of the version that a mirror shows and names what is wrong.
func Verify(ctx context.Context, bucket *blob.Bucket) (version string, damaged []Damage, err error) {
	shown, err := readCurrent(ctx, bucket)
	if err != nil {
		return "", nil, err
	}
	if shown.version == "" {
		return "", nil, errors.New("verify the mirror: it shows no version yet")
	}
	m, err := readManifest(ctx, bucket, shown.version)
	if err != nil {
		return shown.version, nil, err
	}
	for _, o := range m.Outputs {
		sum, err := sumOf(ctx, bucket, path.Join("versions", shown.version, o.Path))
		switch {
		case gcerrors.Code(err) == gcerrors.NotFound:
			damaged = append(damaged, Damage{o.Path, "it is not there"})
		case err != nil:
			return shown.version, damaged, err
		case sum != o.SHA256:
			damaged = append(damaged, Damage{o.Path, "its bytes are others"})
		}
	}
	return shown.version, damaged, nil
}

// writeIf writes an object if it still has the tag, or if there is none when the tag is
// "".
func writeIf(ctx context.Context, bucket *blob.Bucket, key string, text []byte, tag string) error {
	options := &blob.WriterOptions{ContentType: "text/plain; charset=utf-8", CacheControl: "no-cache"}
	if tag == "" {
		options.IfNotExist = true
	} else {
		options.BeforeWrite = ifMatch(tag)
	}
	return bucket.Upload(ctx, key, bytes.NewReader(text), options)
}
