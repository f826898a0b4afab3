package campaign

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Words are the closed vocabularies that all campaigns share: datasets/words.
type Words struct {
	Kinds     map[string]int32 // kind of source → its trust, 1 best
	Universes []Universe       // what a figure may count, the best first
	Doubts    []string         // why a claim is ranked low
}

// Universe says which projects a figure counts. Where an area has figures of
// several universes, the least preference stands for the area.
type Universe struct {
	Code       string
	Preference int32
	EN, ZH     string
}

// HasUniverse reports whether code is one of the universes.
func (w Words) HasUniverse(code string) bool {
	return slices.ContainsFunc(w.Universes, func(u Universe) bool { return u.Code == code })
}

// LoadWords reads the folder words of fsys.
func LoadWords(fsys fs.FS) (Words, error) {
	l := &loader{fsys: fsys, id: "words"}
	w := Words{Kinds: map[string]int32{}}
	for r := range l.readTable("kinds.csv", "code trust en zh") {
		w.Kinds[r.text("code")] = r.int32("trust")
	}
	for r := range l.readTable("universes.csv", "code preference en zh") {
		w.Universes = append(w.Universes, Universe{r.text("code"), r.int32("preference"), r.text("en"), r.text("zh")})
	}
	for r := range l.readTable("doubts.csv", "code en zh") {
		w.Doubts = append(w.Doubts, r.text("code"))
	}
	if len(l.problems) == 0 && !w.HasUniverse(record.AsPublished) {
		l.problems = append(l.problems, Problem{File: "words/universes.csv", What: fmt.Sprintf("the code %q is missing; add a row for it with the preference 0", record.AsPublished)})
	}
	if len(l.problems) > 0 {
		return Words{}, &InvalidError{"words", l.problems}
	}
	return w, nil
}

// int32 reads a whole number; anything else is a problem.
func (r row) int32(field string) int32 {
	n, err := strconv.ParseInt(r.text(field), 10, 32)
	if err != nil {
		r.fail(field, "%q is not a whole number", r.text(field))
	}
	return int32(n)
}

func (r row) optionalInt32(field string) *int32 {
	if r.text(field) == "" {
		return nil
	}
	n := r.int32(field)
	return &n
}

// oneOf reads a word of a set; "" passes only when the set holds it.
func (r row) oneOf(field string, set ...string) string {
	word := r.text(field)
	if !slices.Contains(set, word) {
		slices.Sort(set)
		r.fail(field, "unknown %s %q; use one of %s", field, word, strings.TrimPrefix(strings.Join(set, ", "), ", "))
	}
	return word
}

// word reads a field with the parser of a closed set.
func word[T ~string](r row, field string, parse func(string) (T, error)) T {
	value, err := parse(r.text(field))
	if err != nil {
		r.fail(field, "%v", err)
	}
	return value
}

// required reads a text that must be there.
func (r row) required(field string) string {
	text := r.text(field)
	if text == "" {
		r.fail(field, "%s is empty; it must be known", field)
	}
	return text
}

// claimed records a key and fails when another row of the file has it already.
func (r row) claimed(keys map[string]int, field, key string) {
	if line, twice := keys[key]; twice {
		r.fail(field, "duplicate key %q, already on line %d; remove one of the rows", key, line)
		return
	}
	keys[key] = r.line
}
