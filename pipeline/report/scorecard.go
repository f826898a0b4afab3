package report

import (
	"database/sql"
	"fmt"
	"time"
)

// Scorecard is what the yearly assessment is made of.
type Scorecard struct {
	Lang      string
	Province  string
	Year      int
	Synthetic bool
	Zones     []ScoredZone // by type, the assessed by rank
	From      Provenance
}

// ScoredZone is a row of the mart zone_scorecard. Scores go from 0 to 100; coverage is
// a share.
type ScoredZone struct {
	Name, NameEN string
	City, CityEN string
	Type         string
	Assessed     bool
	Reason       string // why it was not assessed

	Projects, Score                             sql.NullFloat64
	Rank, RankedOf, RankLow, RankHigh           sql.NullFloat64
	Reserve, Recruitment, Construction, Service sql.NullFloat64
	Coverage                                    sql.NullFloat64
	Observed                                    sql.NullTime // the last day of the year for which it is known
}

// Document sets the assessment out: the zones assessed by type, and those that were not
// in a table of their own, with the reason.
func (s Scorecard) Document() Document {
	say := phrases(s.Lang)
	w := say.scorecard
	province := s.Province
	if province == "" {
		province = say.province
	}
	notes := []string{w.definition, w.types, w.ranges, w.missing}
	if zones, since := s.partYear(); zones > 0 {
		notes = append(notes, fmt.Sprintf(w.partYear, zones, say.dayOf(since)))
	}
	notes = append(notes, say.unknownNote)
	if s.Synthetic {
		notes = append(notes, say.syntheticNote)
	}
	return Document{
		Lang: s.Lang, Title: fmt.Sprintf(w.title, s.Year, province), Synthetic: s.Synthetic,
		AsOf: fmt.Sprintf(w.asOf, s.Year), Unit: w.unit,
		Tables: []Table{s.assessed(say), s.apart(say)},
		Notes:  notes, Source: say.sourceLine(s.From), Made: s.From.Made,
	}
}

// partYear counts the zones assessed on less than the whole year, and returns the first
// of the days up to which they are known.
func (s Scorecard) partYear() (zones int, earliest time.Time) {
	end := time.Date(s.Year, time.December, 31, 0, 0, 0, 0, time.UTC)
	for _, z := range s.Zones {
		if z.Assessed && z.Observed.Valid && z.Observed.Time.Before(end) {
			zones++
			if earliest.IsZero() || z.Observed.Time.Before(earliest) {
				earliest = z.Observed.Time
			}
		}
	}
	return zones, earliest
}

func (s Scorecard) assessed(say phrasebook) Table {
	w := say.scorecard
	t := Table{Name: w.sheet, Caption: w.caption, Empty: w.empty, Columns: []Column{
		{"", w.zone, Text, true},
		{w.rankGroup, w.rank, Count, false}, {w.rankGroup, w.rankedOf, Count, false}, {w.rankGroup, w.low, Count, false}, {w.rankGroup, w.high, Count, false},
		{w.rankGroup, w.score, Score, false},
		{w.pairGroup, w.reserve, Score, false}, {w.pairGroup, w.recruitment, Score, false}, {w.pairGroup, w.construction, Score, false}, {w.pairGroup, w.service, Score, false},
		{w.dataGroup, w.city, Text, false}, {w.dataGroup, w.projects, Count, false}, {w.dataGroup, w.coverage, Rate, false},
	}}
	count := map[string]int{}
	for _, z := range s.Zones {
		if z.Assessed {
			count[z.Type]++
		}
	}
	before := -1
	for i, z := range s.Zones {
		if !z.Assessed {
			continue
		}
		if before < 0 || s.Zones[before].Type != z.Type {
			t.Rows = append(t.Rows, Row{Heading: fmt.Sprintf(w.heading, s.zoneType(say, z), count[z.Type])})
		}
		before = i
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			Words(name(s.Lang, z.Name, z.NameEN)), Number(z.Rank), Number(z.RankedOf), Number(z.RankLow), Number(z.RankHigh), Number(z.Score),
			Number(z.Reserve), Number(z.Recruitment), Number(z.Construction), Number(z.Service),
			Words(name(s.Lang, z.City, z.CityEN)), Number(z.Projects), Number(z.Coverage),
		}})
	}
	return t
}

func (s Scorecard) apart(say phrasebook) Table {
	w := say.scorecard
	t := Table{Name: w.apartSheet, Caption: w.apart, Empty: w.apartEmpty, Columns: []Column{
		{"", w.zone, Text, true}, {"", w.zoneType, Text, false}, {"", w.city, Text, false}, {"", w.projects, Count, false}, {"", w.reason, Text, false},
	}}
	for _, z := range s.Zones {
		if !z.Assessed {
			t.Rows = append(t.Rows, Row{Cells: []Cell{
				Words(name(s.Lang, z.Name, z.NameEN)), Words(s.zoneType(say, z)), Words(name(s.Lang, z.City, z.CityEN)), Number(z.Projects), Words(say.word(z.Reason)),
			}})
		}
	}
	return t
}

func (s Scorecard) zoneType(say phrasebook, z ScoredZone) string {
	if z.Type == "" {
		return say.bulletin.noType
	}
	return say.word(z.Type)
}
