package warehouse

import (
	"fmt"
	"os"
	"path/filepath"
)

// Published is a version that later runs may take files over from.
type Published struct {
	*Manifest
	Dir string

	w       *Warehouse
	outputs map[string]Output
}

// Before is the version that is CURRENT; nil when there is none or its manifest
// cannot be read, which must not stop a new version.
func (w *Warehouse) Before() *Published {
	dir, err := Current(w.dir)
	if err != nil {
		return nil
	}
	m, err := ReadManifest(dir)
	if err != nil {
		return nil
	}
	p := &Published{Manifest: m, Dir: dir, w: w, outputs: map[string]Output{}}
	for _, o := range m.Outputs {
		p.outputs[o.Path] = o
	}
	return p
}

// Output finds a file of the version by its path.
func (p *Published) Output(path string) (Output, bool) {
	o, ok := p.outputs[path]
	return o, ok
}

// Intact says whether a file of the version is there and holds what was published.
// A file that lies as it did when its hash was last taken is not read.
func (p *Published) Intact(o Output) bool {
	sum, err := p.w.sumOf(p.path(o))
	return err == nil && sum == o.SHA256
}

// AllIntact says whether all files of the version are.
func (p *Published) AllIntact() bool {
	for _, o := range p.Outputs {
		if !p.Intact(o) {
			return false
		}
	}
	return true
}

func (p *Published) path(o Output) string { return filepath.Join(p.Dir, filepath.FromSlash(o.Path)) }

// Share puts a file of the version before into this one, by a link where the file
// system has them, so that nothing is written.
func (v *Version) Share(p *Published, o Output) error {
	path := filepath.Join(v.Dir, filepath.FromSlash(o.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("share %s with the version before: %w", o.Path, err)
	}
	if err := os.Link(p.path(o), path); err == nil {
		v.shared[o.Path] = true
		return nil
	}
	from, err := os.Open(p.path(o))
	if err != nil {
		return fmt.Errorf("share %s with the version before: %w", o.Path, err)
	}
	defer from.Close()
	aside, err := writeAside(filepath.Dir(path), from)
	if err != nil {
		return fmt.Errorf("copy %s from the version before: %w", o.Path, err)
	}
	if err := os.Rename(aside, path); err != nil {
		return fmt.Errorf("copy %s from the version before: %w", o.Path, err)
	}
	return nil
}
