package status

import (
	"fmt"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/pipeline"
)

// judge finds what is not as expected.
func (s *Status) judge(expected []Expectation) {
	if s.Version == "" {
		s.problem(Problem{Kind: "empty"})
	}
	if s.LastRun.Status == Killed || s.LastRun.Status == pipeline.Failed || s.LastRun.Status == pipeline.Stopped || s.LastRun.Error != "" {
		s.problem(Problem{Kind: "run", Subject: s.LastRun.ID, Detail: s.LastRun.Error})
	}
	if e, ok := of(expected, VersionAge, ""); ok && !s.GoodAt.IsZero() {
		s.tooOld(e, "", s.GoodAt, "")
	}
	for _, source := range s.Sources {
		if e, ok := of(expected, SourceAge, source.Address); ok {
			s.tooOld(e, source.Address, source.FetchedAt, source.Error)
		}
	}
	for _, edition := range s.Editions {
		day, err := time.Parse(time.DateOnly, edition.AsOf)
		if e, ok := of(expected, EditionAge, edition.Campaign); ok && err == nil {
			s.tooOld(e, edition.Campaign, day, "")
		}
	}
	told := map[string]bool{}
	for _, r := range s.Relations {
		told[r.Name] = s.judgeRows(expected, r)
	}
	for _, r := range s.Tables {
		if name, _, _ := strings.Cut(r.Name, "/"); !told[name] {
			s.judgeRows(expected, r)
		}
	}
	if e, ok := of(expected, Quarantined, ""); ok && s.Rows.Read > s.Rows.NoData {
		if share := float64(s.Rows.Quarantined) / float64(s.Rows.Read-s.Rows.NoData); share > e.Share {
			s.problem(Problem{Kind: string(Quarantined), Value: share, Bound: e.Share})
		}
	}
	if e, ok := of(expected, FreeDisk, ""); ok && s.Disk.Free < e.Bytes {
		s.problem(Problem{Kind: string(FreeDisk), Value: float64(s.Disk.Free), Bound: float64(e.Bytes)})
	}
}

func (s *Status) problem(p Problem) { s.Problems = append(s.Problems, p) }

func (s *Status) tooOld(e Expectation, subject string, at time.Time, detail string) {
	if age := s.At.Sub(at); age > e.Age {
		s.problem(Problem{Kind: string(e.Kind), Subject: subject, Value: age.Seconds(), Bound: e.Age.Seconds(), Detail: detail})
	}
}

// judgeRows compares a relation with the version before, and says whether there is a
// problem.
func (s *Status) judgeRows(expected []Expectation, r Relation) bool {
	if r.Before == nil || *r.Before == 0 {
		return false
	}
	kind, change := Rise, float64(r.Rows-*r.Before)/float64(*r.Before)
	if change < 0 {
		kind, change = Fall, -change
	}
	e, ok := of(expected, kind, r.Name)
	if !ok || change <= e.Share {
		return false
	}
	s.problem(Problem{Kind: string(kind), Subject: r.Name, Value: change, Bound: e.Share, Detail: fmt.Sprintf("%d → %d", *r.Before, r.Rows)})
	return true
}
