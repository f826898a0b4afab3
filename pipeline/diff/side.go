package diff

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoSide is wrapped by the error on a folder that is neither a version nor a release.
var ErrNoSide = errors.New("neither a version of a warehouse nor a release")

// Side is one of the two that are compared.
type Side struct {
	Name  string // of the version or release
	Files []File
}

// File is a Parquet file of a relation.
type File struct {
	Relation string
	Part     string // its path under the relation, with forward slashes; "" for a file of its own
	Path     string // on disk
	SHA256   string
}

// Open reads what dir holds from its manifest: a version of a warehouse, or a release.
// What a release makes of its own relations, such as provenance, is left out: it follows
// from the others.
func Open(dir string) (Side, error) {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return Side{}, fmt.Errorf("%s holds no manifest.json: %w; name the folder of one", dir, ErrNoSide)
	} else if err != nil {
		return Side{}, fmt.Errorf("read the manifest: %w", err)
	}
	var m struct {
		Release string `json:"release"`
		Version string `json:"version"`
		Outputs []struct {
			Path     string `json:"path"`
			Relation string `json:"relation"`
			SHA256   string `json:"sha256"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return Side{}, fmt.Errorf("read the manifest of %s: %w; is it whole?", dir, err)
	}
	s := Side{Name: m.Version}
	if m.Release != "" {
		s.Name = m.Release
	}
	if s.Name == "" {
		return Side{}, fmt.Errorf("the manifest of %s names no version: %w; name the folder of one", dir, ErrNoSide)
	}
	for _, o := range m.Outputs {
		if !strings.HasSuffix(o.Path, ".parquet") {
			continue
		}
		path := o.Path
		if m.Release != "" {
			path = ReleasedPath(path)
		}
		f := File{Relation: o.Relation, Path: filepath.Join(dir, filepath.FromSlash(path)), SHA256: o.SHA256}
		if _, part, ok := strings.Cut(o.Path, "/"+o.Relation+"/"); ok {
			f.Part = part
		}
		if !filepath.IsLocal(filepath.FromSlash(path)) {
			return Side{}, fmt.Errorf("the manifest of %s names a file outside of it: %s", dir, path)
		}
		if _, err := os.Stat(f.Path); err != nil {
			return Side{}, fmt.Errorf("a file of %s is missing: %w; get it again, or publish with sanpi run", s.Name, err)
		}
		s.Files = append(s.Files, f)
	}
	return s, nil
}

// ReleasedPath is where a release has a Parquet file of its version.
func ReleasedPath(path string) string {
	if _, rest, ok := strings.Cut(path, "/"); ok {
		return "parquet/" + rest
	}
	return "parquet/" + path
}

// of returns the files of a relation.
func (s Side) of(relation string) []File {
	var files []File
	for _, f := range s.Files {
		if f.Relation == relation {
			files = append(files, f)
		}
	}
	return files
}

// without leaves out the files that the other side has with the same bytes.
func without(files, others []File) []File {
	same := map[[2]string]bool{}
	for _, f := range others {
		same[[2]string{f.Part, f.SHA256}] = f.SHA256 != ""
	}
	var left []File
	for _, f := range files {
		if !same[[2]string{f.Part, f.SHA256}] {
			left = append(left, f)
		}
	}
	return left
}
