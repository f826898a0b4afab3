package bulletin

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
)

// Reader reads the bulletins of one campaign. It is immutable and safe for
// concurrent use.
type Reader struct {
	fold       *folding
	words      *lexicon // words and names of areas
	measures   *lexicon // what may stand behind a number
	milestones []word
	areas      map[record.AreaID]record.Area
	resolver   *area.Resolver
	index      *round.Index
	rounds     []record.Round
	campaign   record.Campaign
	labels     *labels
	begins     [tableSize]bool // whether a character begins a word, a figure or a mark
}

// areaName is an area that a name stands for, and when it did.
type areaName struct {
	id       record.AreaID
	from, to record.Date
}

// NewReader builds the lexicon of a campaign: its areas with their aliases, and
// the words.
func NewReader(c *campaign.Campaign, words Words) *Reader {
	f := newFolding(words.script)
	r := &Reader{
		fold: f, words: newLexicon(f), measures: newLexicon(f),
		areas: map[record.AreaID]record.Area{}, milestones: words.milestones,
		resolver: area.NewResolver(c.Areas, c.AreaNames),
		index:    round.NewIndex(c.Numbering, c.Rounds, c.RoundLabels),
		rounds:   slices.Clone(c.Rounds),
		campaign: c.Campaign,
		labels:   &labels{rounds: map[labelled]record.RoundID{}},
	}
	for _, w := range words.words {
		if w.kind == measure {
			r.measures.add(w.text).word = w
		} else {
			r.words.add(w.text).word = w
		}
	}
	for _, a := range c.Areas {
		r.areas[a.AreaID] = a
		r.addArea(a.Name, areaName{id: a.AreaID})
		if a.NameEN != "" {
			r.addArea(a.NameEN, areaName{id: a.AreaID})
			if short, ok := strings.CutSuffix(a.NameEN, " County"); ok {
				r.addArea(short, areaName{id: a.AreaID})
			}
		}
	}
	for _, n := range c.AreaNames {
		// 阳泉开发区 may be one zone, or all of the city.
		if _, ok := r.areas[n.AreaID]; ok && !r.zonesOfCity(n) {
			r.addArea(n.Name, areaName{n.AreaID, n.ValidFrom, n.ValidTo})
		}
	}
	r.countyZones()
	for c := range r.begins {
		f := r.fold.rune(rune(c))
		_, mark := marks[rune(c)]
		r.begins[c] = c < utf8.RuneSelf || mark || f == '第' || f == '首' || isNumeral(f) || f < utf8.RuneSelf || r.words.first[f] != 0
	}
	return r
}

// countyZones files the zones of a county under the county's name too: 阳高开发区 is
// 阳高经济技术开发区. Where a county has several, the name is all of theirs and settles
// nothing.
func (r *Reader) countyZones() {
	for id, a := range r.areas {
		county := r.areas[a.ParentID]
		if a.Level != record.Zone || county.Level != record.County {
			continue
		}
		short := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(county.Name, "县"), "市"), "区")
		if utf8.RuneCountInString(short) > 1 {
			r.addArea(short+"开发区", areaName{id: id})
			r.addArea(short+"经济开发区", areaName{id: id})
		}
	}
}

// zonesOfCity reports whether a name of a zone is that of its city, with the word for
// zones behind it.
func (r *Reader) zonesOfCity(n record.AreaName) bool {
	city, ok := strings.CutSuffix(n.Name, "开发区")
	if !ok || strings.HasSuffix(r.areas[n.AreaID].Name, n.Name) {
		return false
	}
	for _, a := range r.areas {
		if a.Level == record.City && a.Name == city+"市" {
			return true
		}
	}
	return false
}

// addArea files a name. A name that a word of the vocabulary bears too is left
// to the word.
func (r *Reader) addArea(name string, n areaName) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" {
		return
	}
	e := r.words.add(name)
	if e.kind != gap {
		return
	}
	if !slices.Contains(e.areas, n) {
		e.areas = append(e.areas, n)
	}
}

// labels remembers which round a label names: thousands of pages print the same few.
type labels struct {
	sync.RWMutex
	rounds map[labelled]record.RoundID
}

type labelled struct {
	label string
	on    record.Date
}

// mostLabels bounds what is remembered: pages may print anything.
const mostLabels = 10_000

// resolved is the round that a label names for a page of a day; "" for none.
func (r *Reader) resolved(label string, on record.Date) record.RoundID {
	key := labelled{label, on}
	r.labels.RLock()
	id, ok := r.labels.rounds[key]
	r.labels.RUnlock()
	if ok {
		return id
	}
	id, err := r.index.Resolve(label, on)
	if err != nil {
		id = ""
	}
	r.labels.Lock()
	if len(r.labels.rounds) < mostLabels {
		r.labels.rounds[labelled{strings.Clone(label), on}] = id // not the page that it is cut from
	}
	r.labels.Unlock()
	return id
}

// Simplified is a text as names are looked for in it: in the characters and the
// width that the words are written in, without what copying machines put between.
func (r *Reader) Simplified(text string) string { return r.fold.string(clean(text).text) }

// Read reads one bulletin.
func (r *Reader) Read(t Text) *Reading {
	out := &Reading{}
	if !hasFigures(t.Body) {
		return out
	}
	plain := clean(t.Body)
	t.Body = plain.text
	d := &document{r: r, text: t, out: out}
	buffer := buffers.Get().(*[]token)
	d.tokens = (*buffer)[:0]
	d.scan()
	d.survey()
	d.read()
	d.finish()
	plain.restore(out)
	if cap(d.tokens) <= mostKept {
		clear(d.tokens)
		*buffer = d.tokens
		buffers.Put(buffer)
	}
	return out
}

// buffers keep the room for a page's tokens from one Read to the next, so that
// the memory of reading thousands of pages stays flat. Those of an immense text
// are let go.
var buffers = sync.Pool{New: func() any { return new([]token) }}

const mostKept = 1 << 16

// level is the level of an area; "" for none.
func (r *Reader) level(id record.AreaID) record.AreaLevel { return r.areas[id].Level }

// province is the province in which an area lies; "" for none.
func (r *Reader) province(id record.AreaID) record.AreaID {
	for range 6 {
		a, ok := r.areas[id]
		if !ok {
			return ""
		}
		if a.Level == record.Province {
			return id
		}
		id = a.ParentID
	}
	return ""
}

// held returns the one round of a day: held on it or, failing that, the last one
// held before it, at most ten days earlier; in a campaign of several provinces, of
// those of the province, if it is known.
func (r *Reader) held(on record.Date, province record.AreaID) record.RoundID {
	if on == 0 {
		return ""
	}
	best := record.Round{}
	for _, x := range r.rounds {
		if x.HeldOn == 0 || x.HeldOn > on || x.HeldOn < on-10 {
			continue
		}
		if r.campaign.AreaID == "" && province != "" && r.province(x.AreaID) != province {
			continue
		}
		if x.HeldOn == best.HeldOn {
			return "" // two on one day
		}
		if x.HeldOn > best.HeldOn {
			best = x
		}
	}
	return best.Round
}
