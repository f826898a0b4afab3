// Package campaign reads the folder of one campaign: rounds, areas, sources and
// claims, as people write them in CSV files. The named projects of projects.csv
// are read as project ledgers are, by package sheet.
//
// The folder is strict where a person must decide and lenient where the
// normalisers can: an unknown word, a claim whose area or source does not
// exist, a duplicate key or a broken row is an InvalidError that names file,
// line, column and mend, all of them at once; an amount may be printed as
// 1.8万亿元 or 628.1 billion yuan and a date as 2021年1月1日. A name that fits
// several areas, or a label that fits several rounds, is not an error: the row
// goes to quarantine with its candidates, since the page itself left it open.
//
// Rows read are rows loaded plus rows quarantined, always.
package campaign

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
)

// Campaign is one campaign's rows, checked against each other.
type Campaign struct {
	record.Campaign
	Rounds      []record.Round
	RoundLabels []record.RoundLabel
	Areas       []record.Area
	AreaNames   []record.AreaName
	Sources     []record.Source
	Claims      []record.Claim
	Reviews     []record.Review // figures that are no claims until a person has decided
	Quarantine  []record.Quarantined
	Bulletins   []Bulletin
	Rules       Rules

	RowsRead, RowsLoaded int
}

// Bulletin is a news page to pull and read, a row of bulletins.csv.
type Bulletin struct {
	Address     string
	SourceID    record.SourceID // of sources.csv when the page stands there; "" for one of its own
	Kind        string          // of words/kinds.csv; "" with a SourceID
	Publisher   string
	PublishedOn record.Date // 0 when the page itself must say
}

// List returns the ids of the campaigns in fsys: its folders that hold a
// campaign.csv, in order.
func List(fsys fs.FS) ([]string, error) {
	files, err := fs.Glob(fsys, "*/campaign.csv")
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	var ids []string
	for _, file := range files {
		ids = append(ids, strings.TrimSuffix(file, "/campaign.csv"))
	}
	return ids, nil
}

// Load reads the campaign in folder id of fsys. What is wrong with the folder
// comes back as an *InvalidError.
func Load(fsys fs.FS, id string, words Words) (*Campaign, error) {
	l := &loader{fsys: fsys, id: id, words: words}
	l.campaign()
	settled := l.problems
	if l.areas(); len(l.c.Areas) == 0 && !l.hasProblem("areas.csv") {
		// All the rest of the folder would only complain of that.
		none := Problem{File: id + "/areas.csv", What: "areas.csv holds no rows; add the province, and whatever else the figures speak of"}
		return nil, &InvalidError{id, append([]Problem{none}, settled...)}
	}
	l.sources()
	l.rounds()
	l.bulletins()
	if len(l.problems) == 0 {
		// Claims lean on all the rest; a broken rest would only repeat itself on
		// each of their rows.
		l.claims()
	}
	c := &l.c
	c.RowsRead = l.rowsRead
	c.RowsLoaded = l.settings + len(c.Rounds) + len(c.RoundLabels) + len(c.Areas) + len(c.AreaNames) +
		len(c.Sources) + len(c.Claims) + len(c.Bulletins)
	if len(l.problems) > 0 {
		return nil, &InvalidError{id, l.problems}
	}
	if c.RowsRead != c.RowsLoaded+len(c.Quarantine) {
		return nil, fmt.Errorf("account for campaign %q: %d rows read, %d loaded and %d quarantined", id,
			c.RowsRead, c.RowsLoaded, len(c.Quarantine))
	}
	return c, nil
}

// hasProblem reports whether something is wrong with a file.
func (l *loader) hasProblem(name string) bool {
	return slices.ContainsFunc(l.problems, func(p Problem) bool { return p.File == l.id+"/"+name })
}

// lacksSources reports whether there are no sources at all, which is then said
// once, and first, instead of on each row that names one.
func (l *loader) lacksSources() bool {
	if len(l.c.Sources) > 0 {
		return false
	}
	if !l.hasProblem("sources.csv") {
		none := Problem{File: l.id + "/sources.csv", What: "sources.csv holds no rows; add the pages that the other files name"}
		l.problems = slices.Insert(l.problems, 0, none)
	}
	return true
}

// loader carries one Load.
type loader struct {
	fsys     fs.FS
	id       string
	words    Words
	problems []Problem
	rowsRead int
	settings int // rows of campaign.csv

	c          Campaign
	resolver   *area.Resolver
	roundIndex *round.Index
	roundByID  map[record.RoundID]record.Round
	sourceByID map[record.SourceID]record.Source
}

func (l *loader) campaign() {
	c := &l.c.Campaign
	c.ID = l.id
	fields := map[string]*string{
		"name": &c.Name, "name_zh": &c.NameZH, "series_name": &c.SeriesName, "series_name_zh": &c.SeriesZH,
		"licence": &c.Licence, "citation": &c.Citation, "description": &c.Description,
		"area_id": (*string)(&c.AreaID), "numbering": (*string)(&c.Numbering), "starts_on": new(string),
	}
	seen := map[string]int{}
	for r := range l.readTable("campaign.csv", "key value") {
		key := r.text("key")
		target, ok := fields[key]
		if !ok {
			r.fail("key", "unknown key %q; use one of %s", key, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
			continue
		}
		r.claimed(seen, "key", key)
		*target = r.text("value")
		if key == "numbering" {
			if _, err := record.ParseNumbering(*target); err != nil {
				r.fail("value", "%v", err)
			}
		}
		l.settings++
	}
	for _, key := range []string{"name", "numbering"} {
		if seen[key] == 0 {
			l.problems = append(l.problems, Problem{File: l.id + "/campaign.csv", What: fmt.Sprintf("the key %q is missing; add a row for it", key)})
		}
	}
}

func (l *loader) areas() {
	seen := map[string]int{}
	for r := range l.readTable("areas.csv",
		"area_id name level parent_id verified | name_en zone_type zone_level approved area_km2 industries source_id note") {
		a := record.Area{
			Campaign: l.id, AreaID: record.AreaID(r.required("area_id")), Name: r.required("name"), NameEN: r.text("name_en"),
			Level: word(r, "level", record.ParseAreaLevel), ParentID: record.AreaID(r.text("parent_id")),
			ZoneType: word(r, "zone_type", record.ParseZoneType), ZoneLevel: r.oneOf("zone_level", "", "national", "provincial"),
			Verified: r.oneOf("verified", "true", "false") == "true", Approved: r.text("approved"),
			Industries: r.text("industries"), SourceID: record.SourceID(r.text("source_id")), Note: r.text("note"),
		}
		if text := r.text("area_km2"); text != "" {
			size, err := strconv.ParseFloat(text, 64)
			if err != nil || size <= 0 {
				r.fail("area_km2", "%q is not an area in square kilometres", text)
			}
			a.AreaKM2 = &size
		}
		r.claimed(seen, "area_id", string(a.AreaID))
		l.c.Areas = append(l.c.Areas, a)
	}
	for _, a := range l.c.Areas {
		if a.ParentID == "" {
			continue
		}
		if _, ok := seen[string(a.ParentID)]; !ok {
			l.failAt("areas.csv", seen[string(a.AreaID)], "parent_id", "area %q does not exist; add it above or mend the id", a.ParentID)
		} else if a.ParentID == a.AreaID {
			l.failAt("areas.csv", seen[string(a.AreaID)], "parent_id", "area %q is its own parent", a.AreaID)
		}
	}
	names := map[string]int{}
	for r := range l.readTable("area_names.csv", "area_id name | valid_from valid_to note") {
		n := record.AreaName{
			Campaign: l.id, AreaID: record.AreaID(r.required("area_id")), Name: r.required("name"),
			ValidFrom: r.day("valid_from", date.Near{}), ValidTo: r.day("valid_to", date.Near{}), Note: r.text("note"),
		}
		if _, ok := seen[string(n.AreaID)]; !ok {
			r.fail("area_id", "area %q does not exist; add it to areas.csv", n.AreaID)
		}
		r.claimed(names, "name", string(n.AreaID)+" "+n.Name)
		l.c.AreaNames = append(l.c.AreaNames, n)
	}
	l.resolver = area.NewResolver(l.c.Areas, l.c.AreaNames)
	for i, a := range l.c.Areas {
		if a.ParentID != a.AreaID && l.resolver.Circular(a.AreaID) {
			l.failAt("areas.csv", seen[string(a.AreaID)], "parent_id", "the parents of area %q go in a circle; one of them must lie higher", a.AreaID)
		}
		l.c.Areas[i].CityID = l.resolver.CityOf(l.c.Areas[i].AreaID)
	}
	if id := l.c.AreaID; id != "" {
		if _, ok := l.resolver.Area(id); !ok {
			l.failAt("campaign.csv", 0, "area_id", "area %q does not exist in areas.csv", id)
		}
	}
}

// failAt reports a problem that shows only when the whole file is known.
func (l *loader) failAt(file string, line int, field, format string, args ...any) {
	l.problems = append(l.problems, Problem{File: l.id + "/" + file, Line: line, Field: field, What: field + ": " + fmt.Sprintf(format, args...)})
}

func (l *loader) sources() {
	l.sourceByID = map[record.SourceID]record.Source{}
	seen := map[string]int{}
	kinds := slices.Collect(maps.Keys(l.words.Kinds))
	for r := range l.readTable("sources.csv",
		"source_id kind publisher url published_on | trust directness article origin date_status language note") {
		s := record.Source{
			Campaign: l.id, SourceID: record.SourceID(r.required("source_id")), Kind: r.oneOf("kind", kinds...),
			Directness: r.oneOf("directness", "", "own", "copy", "rewritten", "translated", "summary"),
			ArticleID:  r.text("article"), Origin: r.text("origin"), Publisher: r.required("publisher"), URL: r.text("url"),
			PublishedOn: r.day("published_on", date.Near{}), DateStatus: r.oneOf("date_status", "", "sourced", "inferred", "unknown"),
			Language: r.text("language"), Status: "curated", Note: r.text("note"),
		}
		s.Trust = l.words.Kinds[s.Kind]
		if r.text("trust") != "" {
			s.Trust = r.int32("trust")
		}
		if s.Directness == "" {
			s.Directness = "own"
		}
		if s.ArticleID == "" {
			s.ArticleID = string(s.SourceID)
		}
		if s.DateStatus == "" {
			s.DateStatus = "sourced"
		}
		if s.PublishedOn == 0 {
			s.DateStatus = "unknown"
		}
		if s.URL != "" && !strings.HasPrefix(s.URL, "http://") && !strings.HasPrefix(s.URL, "https://") {
			r.fail("url", "%q is not an http address; leave the cell empty when the address is not known", s.URL)
		}
		r.claimed(seen, "source_id", string(s.SourceID))
		l.sourceByID[s.SourceID] = s
		l.c.Sources = append(l.c.Sources, s)
	}
	for _, a := range l.c.Areas {
		l.checkSource("areas.csv", string(a.AreaID), a.SourceID)
	}
}

// bulletins reads the pages to pull. A campaign need not list any.
func (l *loader) bulletins() {
	if _, err := fs.Stat(l.fsys, l.id+"/bulletins.csv"); errors.Is(err, fs.ErrNotExist) {
		return
	}
	seen := map[string]int{}
	kinds := slices.Collect(maps.Keys(l.words.Kinds))
	for r := range l.readTable("bulletins.csv", "address | source_id kind publisher published_on note") {
		b := Bulletin{
			Address: r.required("address"), SourceID: record.SourceID(r.text("source_id")), Kind: r.oneOf("kind", append(kinds, "")...),
			Publisher: r.text("publisher"), PublishedOn: r.day("published_on", date.Near{}),
		}
		s, known := l.sourceByID[b.SourceID]
		switch {
		case b.SourceID != "" && !known:
			r.fail("source_id", "source %q is not in sources.csv; add it there, or leave the cell empty", b.SourceID)
		case b.SourceID == "" && b.Kind == "":
			r.fail("kind", "a page of its own needs a kind, one of %s; or name its row of sources.csv in source_id", strings.Join(slices.Sorted(slices.Values(kinds)), ", "))
		case known && b.PublishedOn == 0:
			b.PublishedOn = s.PublishedOn
		}
		r.claimed(seen, "address", b.Address)
		l.c.Bulletins = append(l.c.Bulletins, b)
	}
}

func (l *loader) checkSource(file, key string, id record.SourceID) {
	if id == "" {
		return
	}
	if _, ok := l.sourceByID[id]; !ok && !l.lacksSources() {
		l.failAt(file, 0, "source_id", "the row %q names source %q, which is not in sources.csv; add it there or mend the id", key, id)
	}
}

func (l *loader) rounds() {
	l.roundByID = map[record.RoundID]record.Round{}
	seen := map[string]int{}
	for r := range l.readTable("rounds.csv",
		"round label held_on | year ordinal series_position held_from held_to date_status venue area_id source_id note") {
		x := record.Round{
			Campaign: l.id, Round: record.RoundID(r.required("round")), Year: r.optionalInt32("year"),
			Ordinal: r.optionalInt32("ordinal"), SeriesPosition: r.optionalInt32("series_position"), Label: r.text("label"),
			HeldOn: r.day("held_on", date.Near{}), HeldFrom: r.day("held_from", date.Near{}), HeldTo: r.day("held_to", date.Near{}),
			DateStatus: r.oneOf("date_status", "", "sourced", "inferred", "unknown"), Venue: r.text("venue"),
			AreaID: record.AreaID(r.text("area_id")), SourceID: record.SourceID(r.text("source_id")), Note: r.text("note"),
		}
		switch {
		case x.HeldOn == 0:
			x.DateStatus = "unknown"
		case x.DateStatus == "":
			x.DateStatus = "sourced"
		}
		if x.AreaID == "" {
			x.AreaID = l.c.AreaID
		} else if _, ok := l.resolver.Area(x.AreaID); !ok {
			r.fail("area_id", "area %q does not exist; add it to areas.csv", x.AreaID)
		}
		r.claimed(seen, "round", string(x.Round))
		l.roundByID[x.Round] = x
		l.c.Rounds = append(l.c.Rounds, x)
		l.checkSource("rounds.csv", string(x.Round), x.SourceID)
	}
	labels := map[string]int{}
	for r := range l.readTable("round_labels.csv", "round label | ordinal counting source_id note") {
		x := record.RoundLabel{
			Campaign: l.id, Round: record.RoundID(r.required("round")), Label: r.required("label"), Ordinal: r.optionalInt32("ordinal"),
			Counting: r.oneOf("counting", "by_date", "by_title", "implied"), SourceID: record.SourceID(r.text("source_id")), Note: r.text("note"),
		}
		if _, ok := l.roundByID[x.Round]; !ok {
			r.fail("round", "round %q does not exist; add it to rounds.csv", x.Round)
		}
		r.claimed(labels, "label", strings.Join([]string{string(x.Round), x.Label, x.Counting, string(x.SourceID)}, " "))
		l.c.RoundLabels = append(l.c.RoundLabels, x)
		l.checkSource("round_labels.csv", string(x.Round), x.SourceID)
	}
	l.roundIndex = round.NewIndex(l.c.Numbering, l.c.Rounds, l.c.RoundLabels)
}

// day reads a date that must name a day; "" is not known.
func (r row) day(field string, near date.Near) record.Date {
	text := r.text(field)
	if text == "" {
		return 0
	}
	d, err := date.Parse(text, near)
	if err != nil {
		r.fail(field, "%v", err)
		return 0
	}
	if d.Precision != date.Day {
		r.fail(field, "%q names no day; give the day, or leave the cell empty and say what is known in the note", text)
	}
	return d.Day
}

// quarantine keeps a row whose text fits several areas or rounds. It reports
// whether err was such a case.
func (l *loader) quarantine(r row, field string, source record.SourceID, err error) bool {
	q := record.Quarantined{
		Campaign: l.id, SourceID: source, File: r.file, Line: int32(r.line), Field: field, Raw: r.text(field),
		RawRow: r.raw(), Message: fmt.Sprint(err),
	}
	var area *area.AmbiguousError
	var round *round.AmbiguousError
	switch {
	case errors.As(err, &area):
		q.Reason = record.AmbiguousArea
		for _, id := range area.Candidates {
			q.Candidates = append(q.Candidates, string(id))
		}
	case errors.As(err, &round):
		q.Reason = record.AmbiguousRound
		for _, id := range round.Candidates {
			q.Candidates = append(q.Candidates, string(id))
		}
	default:
		return false
	}
	l.c.Quarantine = append(l.c.Quarantine, q)
	return true
}
