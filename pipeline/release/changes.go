package release

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/diff"
)

// examplesShown is how many rows of a change are written out.
const examplesShown = 20

// writeChanges writes CHANGES.md: what differs from the release before, relation
// by relation and key by key.
func (w *writer) writeChanges() error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Changes in %s\n\n", w.name)
	if w.before == "" {
		b.WriteString("The first release in this folder: there is nothing to compare it with.\n")
	} else if err := w.compare(&b); err != nil {
		return fmt.Errorf("%w; verify the release before with sanpi release --verify", err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "CHANGES.md"), []byte(b.String()), 0o644); err != nil {
		return err
	}
	w.packer.add("CHANGES.md")
	return nil
}

func (w *writer) compare(b *strings.Builder) error {
	was, err := diff.Open(filepath.Join(w.plan.Dir, w.before))
	if err != nil {
		return err
	}
	is, err := diff.Open(w.plan.Version)
	if err != nil {
		return err
	}
	var relations []catalog.Relation
	for _, t := range w.tables {
		relations = append(relations, t.Relation)
	}
	fmt.Fprintf(b, "Compared with %s. A changed row has the same key and another value.\n\n", w.before)
	b.WriteString("| Relation | Rows before | Rows now | Added | Removed | Changed | Columns |\n|---|---:|---:|---:|---:|---:|---|\n")
	var details strings.Builder
	same := 0
	for r, err := range diff.Compare(w.ctx, was, is, relations, diff.Options{Temp: filepath.Dir(w.dir)}) {
		if err != nil {
			return err
		}
		if r.IsSame() {
			same++
			continue
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %d | %d | %s | %s |\n", r.Name, number(r.Before), number(r.After), r.Added, r.Removed, number(r.Changed), cell(columnsChanged(r)))
		if r.Before != nil && r.After != nil {
			if err := writeRows(&details, r); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(b, "\n%d relations are unchanged.\n%s", same, details.String())
	return nil
}

// number writes a count; what is not there, or not known, is a dot.
func number(n *int64) string {
	if n == nil {
		return "·"
	}
	return fmt.Sprint(*n)
}

// columnsChanged names the columns that came, went and changed their type.
func columnsChanged(r *diff.Relation) string {
	switch {
	case r.Before == nil:
		return "a new relation"
	case r.After == nil:
		return "no longer there"
	}
	var parts []string
	for _, name := range r.Came {
		parts = append(parts, "+"+name)
	}
	for _, name := range r.Went {
		parts = append(parts, "-"+name)
	}
	for _, t := range r.Retyped {
		parts = append(parts, t.Column+" "+t.Was+" → "+t.Is)
	}
	return strings.Join(parts, ", ")
}

func writeRows(b *strings.Builder, r *diff.Relation) error {
	if r.Differing() == 0 {
		return nil
	}
	fmt.Fprintf(b, "\n## %s\n\n| | Key | Before | Now |\n|---|---|---|---|\n", r.Name)
	shown := int64(0)
	for row, err := range r.Rows(examplesShown) {
		if err != nil {
			return err
		}
		shown++
		var key, was, is []string
		for _, k := range row.Key {
			if k.Value != nil {
				key = append(key, *k.Value)
			}
		}
		if row.Change == diff.Changed {
			for _, v := range row.Values {
				was, is = append(was, v.Column+"="+orNull(v.Was)), append(is, v.Column+"="+orNull(v.Is))
			}
		}
		for _, c := range row.Claims {
			text := orNull(cmp.Or(c.Is, c.Was)) + " (" + orNull(cmp.Or(c.URL, &c.SourceID)) + ")"
			switch c.Change {
			case diff.Added:
				is = append(is, "claim "+text)
			case diff.Removed:
				was = append(was, "claim "+text)
			case diff.Changed:
				was, is = append(was, "claim "+orNull(c.Was)), append(is, "claim "+text)
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", row.Change, cell(strings.Join(key, ", ")), cell(cut(strings.Join(was, "; "), 300)), cell(cut(strings.Join(is, "; "), 300)))
	}
	if more := r.Differing() - shown; more > 0 {
		fmt.Fprintf(b, "\n%d more; both releases hold every row.\n", more)
	}
	return nil
}

func orNull(text *string) string {
	if text == nil {
		return "NULL"
	}
	return *text
}
