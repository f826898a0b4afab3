// Package area resolves the names of places as papers and ledgers print them.
//
// A Resolver knows every area's official name and its dated aliases. It answers
// only when exactly one area bore the name on the day and lies in the place
// asked about. Everything else is an error that carries the candidates, because
// a wrong area is worse than a missing one: 城区 is a district of several
// cities, 示范区 ends the names of a dozen zones, 长治 heads the names of two.
package area

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Query is a name and what is known of the place it stands for.
type Query struct {
	Name   string
	On     record.Date        // the day of the text; 0 when not known
	Within record.AreaID      // an area that contains the one sought; "" for anywhere
	Levels []record.AreaLevel // the levels that fit; none for all
}

// Resolver answers queries about the areas of one campaign. It is immutable and
// safe for concurrent use.
type Resolver struct {
	areas map[record.AreaID]record.Area
	names map[string][]named
}

// named is one meaning of a name.
type named struct {
	id       record.AreaID
	from, to record.Date
}

// NewResolver indexes areas and their aliases. An alias of an area that does
// not exist is ignored here: the loader of the campaign reports it.
func NewResolver(areas []record.Area, aliases []record.AreaName) *Resolver {
	r := &Resolver{areas: map[record.AreaID]record.Area{}, names: map[string][]named{}}
	for _, a := range areas {
		r.areas[a.AreaID] = a
		r.add(a.Name, named{id: a.AreaID})
	}
	for _, n := range aliases {
		if _, ok := r.areas[n.AreaID]; ok {
			r.add(n.Name, named{n.AreaID, n.ValidFrom, n.ValidTo})
		}
	}
	return r
}

func (r *Resolver) add(name string, n named) {
	key := normalise(name)
	r.names[key] = append(r.names[key], n)
}

// normalise folds full-width forms and drops the spaces that layout puts into
// names.
func normalise(name string) string {
	return strings.Join(strings.Fields(width.Fold.String(name)), "")
}

// Resolve returns the one area that q names. The text of an area id is accepted
// as a name. Otherwise the error is an *AmbiguousError or an *UnknownError.
func (r *Resolver) Resolve(q Query) (record.AreaID, error) {
	if a, ok := r.areas[record.AreaID(q.Name)]; ok && r.fits(a.AreaID, q) {
		return a.AreaID, nil
	}
	name := normalise(q.Name)
	if name == "" {
		return "", &UnknownError{Name: q.Name}
	}
	var exact []record.AreaID
	for _, n := range r.names[name] {
		if r.fits(n.id, q) && n.validOn(q.On) {
			exact = append(exact, n.id)
		}
	}
	if ids := unique(exact); len(ids) == 1 {
		return ids[0], nil
	} else if len(ids) > 1 {
		return "", &AmbiguousError{q.Name, ids}
	}
	if ids := r.partly(name, q); len(ids) > 0 {
		return "", &AmbiguousError{q.Name, ids}
	}
	return "", &UnknownError{q.Name, r.nearest(name, q)}
}

// validOn reports whether the name was in use on a day. A text without a date
// may stand in any day.
func (n named) validOn(on record.Date) bool {
	return on == 0 || (n.from == 0 || on >= n.from) && (n.to == 0 || on <= n.to)
}

func (r *Resolver) fits(id record.AreaID, q Query) bool {
	if len(q.Levels) > 0 && !slices.Contains(q.Levels, r.areas[id].Level) {
		return false
	}
	return q.Within == "" || r.Contains(q.Within, id)
}

// Contains reports whether inner is outer or lies in it.
func (r *Resolver) Contains(outer, inner record.AreaID) bool {
	// The bound keeps a circle of parents, which the loader reports, from
	// turning for ever.
	for range len(r.areas) + 1 {
		if inner == outer {
			return true
		}
		a, ok := r.areas[inner]
		if !ok || a.ParentID == "" {
			return false
		}
		inner = a.ParentID
	}
	return false
}

// Circular reports whether an area's parents lead back to it or to each other,
// and so to no end.
func (r *Resolver) Circular(id record.AreaID) bool {
	for range len(r.areas) + 1 {
		a, ok := r.areas[id]
		if !ok {
			return false
		}
		id = a.ParentID
	}
	return true
}

// Mentioned finds the one area of the given levels whose name stands in a text,
// such as a sheet's title. Of names that stand in each other the longest counts.
func (r *Resolver) Mentioned(text string, within record.AreaID, levels []record.AreaLevel) (record.AreaID, bool) {
	text = normalise(text)
	longest := 0
	var found []record.AreaID
	for name, meanings := range r.names {
		if len(name) < longest || !strings.Contains(text, name) {
			continue
		}
		for _, n := range meanings {
			if !r.fits(n.id, Query{Within: within, Levels: levels}) {
				continue
			}
			if len(name) > longest {
				longest, found = len(name), nil
			}
			found = append(found, n.id)
		}
	}
	if found = unique(found); len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// CityOf returns the city that contains an area: the area itself for a city,
// "" for a province.
func (r *Resolver) CityOf(id record.AreaID) record.AreaID {
	for range len(r.areas) + 1 {
		a, ok := r.areas[id]
		if !ok {
			return ""
		}
		if a.Level == record.City {
			return id
		}
		id = a.ParentID
	}
	return ""
}

// Area returns the area of an id.
func (r *Resolver) Area(id record.AreaID) (record.Area, bool) {
	a, ok := r.areas[id]
	return a, ok
}

// partly lists the areas whose name begins or ends with name: what 长治 or
// 示范区 may have meant. One such area is still a guess, so it stays a candidate.
func (r *Resolver) partly(name string, q Query) []record.AreaID {
	var ids []record.AreaID
	for full, meanings := range r.names {
		if !strings.HasPrefix(full, name) && !strings.HasSuffix(full, name) {
			continue
		}
		for _, n := range meanings {
			if r.fits(n.id, q) && n.validOn(q.On) {
				ids = append(ids, n.id)
			}
		}
	}
	return unique(ids)
}

// nearest lists up to three official names that share the most characters with
// name, for the message to the person who mends it.
func (r *Resolver) nearest(name string, q Query) []string {
	type scored struct {
		name  string
		score float64
	}
	var all []scored
	for id, a := range r.areas {
		if !r.fits(id, q) {
			continue
		}
		if s := similarity(name, a.Name); s > 0.5 {
			all = append(all, scored{a.Name, s})
		}
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.name, b.name))
	})
	var names []string
	for _, s := range all[:min(3, len(all))] {
		names = append(names, s.name)
	}
	return names
}

// similarity is the Dice coefficient of the two names' characters.
func similarity(a, b string) float64 {
	count := map[rune]int{}
	for _, c := range a {
		count[c]++
	}
	shared, total := 0, len([]rune(a))+len([]rune(b))
	for _, c := range b {
		if count[c] > 0 {
			count[c]--
			shared++
		}
	}
	return 2 * float64(shared) / float64(total)
}

func unique(ids []record.AreaID) []record.AreaID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// AmbiguousError says that a name fits several areas, or only part of a name.
type AmbiguousError struct {
	Name       string
	Candidates []record.AreaID
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("area %q is ambiguous: it may be any of %v; write the full name or the area_id, or add an alias to area_names.csv",
		e.Name, e.Candidates)
}

// UnknownError says that no area bears a name.
type UnknownError struct {
	Name    string
	Nearest []string
}

func (e *UnknownError) Error() string {
	if len(e.Nearest) == 0 {
		return fmt.Sprintf("area %q is not known here; add it to areas.csv, or its alias to area_names.csv", e.Name)
	}
	return fmt.Sprintf("area %q is not known here; nearest are %s; add an alias to area_names.csv if one of them is meant",
		e.Name, strings.Join(e.Nearest, ", "))
}
