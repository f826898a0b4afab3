package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/diff"
	"github.com/sanpi-data/sanpi/pipeline/export"
)

// marks stand before what a text lists.
var marks = map[diff.Change]string{diff.Added: "+", diff.Removed: "-", diff.Changed: "~", diff.Same: "="}

// text lists the differences relation by relation, as they are found.
func (d differences) text(w io.Writer, compared func(func(*diff.Relation, error) bool)) error {
	out, say := bufio.NewWriter(w), d.say
	fmt.Fprintf(out, say.title+"\n", d.was.Name, d.is.Name)
	same, differ := 0, 0
	for r, err := range compared {
		if err != nil {
			return err
		}
		if r.IsSame() {
			same++
			continue
		}
		differ++
		fmt.Fprintf(out, "\n%s  %s\n", r.Name, d.counts(r))
		if columns := d.columns(r); columns != "" {
			fmt.Fprintf(out, "  %s: %s\n", say.columns, columns)
		}
		if err := d.listRows(out, r); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	if differ == 0 {
		fmt.Fprintln(out, say.nothing)
	}
	fmt.Fprintf(out, "\n"+say.same+"\n", same)
	return out.Flush()
}

func (d differences) counts(r *diff.Relation) string {
	rows := func(n *int64) string {
		if n == nil {
			return "·"
		}
		return fmt.Sprint(*n)
	}
	text := fmt.Sprintf("%s → %s", rows(r.Before), rows(r.After))
	for _, part := range []struct {
		what diff.Change
		n    int64
	}{{diff.Changed, changedRows(r)}, {diff.Added, r.Added}, {diff.Removed, r.Removed}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %s%d %s", marks[part.what], part.n, d.say.word(part.what))
		}
	}
	return text
}

func changedRows(r *diff.Relation) int64 {
	if r.Changed == nil {
		return 0
	}
	return *r.Changed
}

func (d differences) listRows(out io.Writer, r *diff.Relation) error {
	listed := int64(0)
	for row, err := range r.Rows(d.limit) {
		if err != nil {
			return err
		}
		listed++
		fmt.Fprintf(out, "  %s %s\n", marks[row.Change], export.Printable(keyOf(row, " · ")))
		if row.Change == diff.Changed {
			for _, v := range row.Values {
				fmt.Fprintf(out, "      %s: %s\n", v.Column, export.Printable(change(v)))
			}
		}
		for _, c := range row.Claims {
			fmt.Fprintf(out, "      %s %s\n", marks[c.Change], export.Printable(claimLine(c)))
		}
	}
	if r.Differing() > listed {
		fmt.Fprintf(out, "  "+d.say.more+"\n", r.Name, listed, r.Differing())
	}
	return nil
}

// change writes what a value was and is.
func change(v diff.Value) string {
	if gone, come, ok := listsDiffer(v); ok {
		var parts []string
		for _, e := range gone {
			parts = append(parts, "-"+e)
		}
		for _, e := range come {
			parts = append(parts, "+"+e)
		}
		return strings.Join(parts, " ")
	}
	text := func(s *string) string {
		if s == nil {
			return "·"
		}
		return plain(*s)
	}
	return text(v.Was) + " → " + text(v.Is)
}

// claimLine writes a claim: its figure as printed, with ✓ when the fact took it, who
// published it, when, and where.
func claimLine(c diff.Claim) string {
	figure := func(text *string, held bool) string {
		if text == nil {
			return ""
		}
		if held {
			return *text + " ✓"
		}
		return *text
	}
	parts := []string{figure(cmp.Or(c.Is, c.Was), c.IsHeld || c.Is == nil && c.WasHeld)}
	if c.Change == diff.Changed {
		parts[0] = figure(c.Was, c.WasHeld) + " → " + figure(c.Is, c.IsHeld)
	}
	for _, more := range []*string{c.Publisher, c.PublishedOn, cmp.Or(c.URL, &c.SourceID)} {
		if more != nil {
			parts = append(parts, *more)
		}
	}
	return strings.Join(parts, "  ")
}

// json writes one object, relation by relation, so that no number of rows fills the memory.
func (d differences) json(out io.Writer, compared func(func(*diff.Relation, error) bool)) (err error) {
	w := &jsonWriter{out: out}
	w.raw(`{"a":`).value(d.was.Name).raw(`,"b":`).value(d.is.Name).raw(`,"relations":[`)
	first := true
	for r, err := range compared {
		if err != nil {
			return err
		}
		if r.IsSame() {
			continue
		}
		if !first {
			w.raw(",")
		}
		first = false
		w.raw("\n{").raw(`"name":`).value(r.Name).raw(`,"rows_before":`).value(r.Before).raw(`,"rows_now":`).value(r.After)
		w.raw(`,"added":`).value(r.Added).raw(`,"removed":`).value(r.Removed).raw(`,"changed":`).value(r.Changed)
		w.raw(`,"columns_added":`).value(orEmpty(r.Came)).raw(`,"columns_removed":`).value(orEmpty(r.Went)).raw(`,"columns_retyped":`).value(orEmpty(r.Retyped))
		w.raw(`,"changed_by_column":`).value(orEmpty(r.ByColumn)).raw(`,"rows":[`)
		n := 0
		for row, err := range r.Rows(d.limit) {
			if err != nil {
				return err
			}
			if n > 0 {
				w.raw(",")
			}
			n++
			if w.raw("\n").value(jsonRow(row)); w.err != nil {
				return w.err
			}
		}
		w.raw("]}")
	}
	w.raw("]}\n")
	return w.err
}

// jsonWriter writes JSON part by part and keeps the first error.
type jsonWriter struct {
	out io.Writer
	err error
}

func (w *jsonWriter) raw(text string) *jsonWriter {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, text)
	}
	return w
}

func (w *jsonWriter) value(v any) *jsonWriter {
	if w.err == nil {
		var text []byte
		if text, w.err = json.Marshal(v); w.err == nil {
			_, w.err = w.out.Write(text)
		}
	}
	return w
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func jsonRow(row diff.Row) any {
	type value struct {
		Was *string `json:"was"`
		Is  *string `json:"is"`
	}
	type claim struct {
		ID          string  `json:"claim_id"`
		Change      string  `json:"change"`
		Was         *string `json:"was"`
		Is          *string `json:"is"`
		WasHeld     bool    `json:"was_held"`
		IsHeld      bool    `json:"is_held"`
		SourceID    string  `json:"source_id"`
		Publisher   *string `json:"publisher"`
		PublishedOn *string `json:"published_on"`
		URL         *string `json:"url"`
	}
	key, values := map[string]*string{}, map[string]value{}
	for _, k := range row.Key {
		key[k.Column] = k.Value
	}
	for _, v := range row.Values {
		values[v.Column] = value{v.Was, v.Is}
	}
	var claims []claim
	for _, c := range row.Claims {
		claims = append(claims, claim{c.ID, string(c.Change), c.Was, c.Is, c.WasHeld, c.IsHeld, c.SourceID, c.Publisher, c.PublishedOn, c.URL})
	}
	return struct {
		Change string             `json:"change"`
		Key    map[string]*string `json:"key"`
		Values map[string]value   `json:"values,omitempty"`
		Claims []claim            `json:"claims,omitempty"`
	}{string(row.Change), key, values, claims}
}
