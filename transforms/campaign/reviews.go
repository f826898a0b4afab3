package campaign

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
)

// ReviewColumns are the columns of reviews.csv: what was read, as claims.csv writes
// it, with the words it rests on, and the decision. decision is accept (采纳), for the
// row as it stands, mended where that was needed, or reject (否决); empty while the
// figure waits.
var ReviewColumns = strings.Fields("review_id decision reason quote url source_id period round round_label period_from period_to " +
	"area area_as_published universe stage total_of metric method value unit approximate rule note")

const (
	Accept = "accept"
	Reject = "reject"
)

var decisions = map[string]string{"accept": Accept, "采纳": Accept, "reject": Reject, "否决": Reject, "": ""}

// Decide takes the decisions of the file reviews.csv in the campaign's folder of
// fsys: what is accepted becomes a claim, and each review bears its decision. A
// decision on a figure that is not among the reviews is left alone. A missing file is
// no decision; what is wrong with one comes back as an *InvalidError, and then nothing
// has been taken.
func (c *Campaign) Decide(fsys fs.FS, words Words) error {
	if _, err := fs.Stat(fsys, c.ID+"/reviews.csv"); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	l := &loader{
		fsys: fsys, id: c.ID, words: words, resolver: area.NewResolver(c.Areas, c.AreaNames),
		roundIndex: round.NewIndex(c.Numbering, c.Rounds, c.RoundLabels),
		roundByID:  map[record.RoundID]record.Round{}, sourceByID: map[record.SourceID]record.Source{},
	}
	l.c.Sources = c.Sources
	for _, r := range c.Rounds {
		l.roundByID[r.Round] = r
	}
	for _, s := range c.Sources {
		l.sourceByID[s.SourceID] = s
	}
	waiting := map[string][]int{}
	for i, v := range c.Reviews {
		waiting[v.ReviewID] = append(waiting[v.ReviewID], i)
	}
	decided := map[int]record.Review{}
	known := map[record.ClaimID]bool{}
	for _, x := range c.Claims {
		known[x.ClaimID] = true
	}
	var claims []record.Claim
	seen := map[string]int{}
	for r := range l.readTable("reviews.csv", "review_id decision | "+strings.Join(ReviewColumns[2:], " ")) {
		decision, ok := decisions[strings.ToLower(r.text("decision"))]
		if !ok {
			r.fail("decision", "unknown decision %q; write accept (采纳) or reject (否决), or leave the cell empty", r.text("decision"))
		}
		r.claimed(seen, "review_id", r.text("review_id"))
		for _, i := range waiting[r.text("review_id")] {
			if decision == "" {
				continue
			}
			v := c.Reviews[i]
			v.Decision, v.Note = decision, r.text("note")
			decided[i] = v
			if decision == Reject {
				continue
			}
			claim, ok := l.decided(r, v, l.sourceByID[v.SourceID])
			if ok && !known[claim.ClaimID] {
				known[claim.ClaimID] = true
				claims = append(claims, claim)
			}
		}
	}
	for _, q := range l.c.Quarantine {
		l.problems = append(l.problems, Problem{File: q.File, Line: int(q.Line), Field: q.Field, What: fmt.Sprintf("%s: %s; write the id", q.Field, q.Message)})
	}
	if len(l.problems) > 0 {
		return &InvalidError{c.ID, l.problems}
	}
	for i, v := range decided {
		c.Reviews[i] = v
	}
	c.Claims = append(c.Claims, claims...)
	return nil
}

// decided is the claim of an accepted row, on the page where the words stand now,
// which need not be the page that the row names.
func (l *loader) decided(r row, v record.Review, page record.Source) (record.Claim, bool) {
	r.index, r.cells = maps.Clone(r.index), append(slices.Clone(r.cells), string(page.SourceID))
	r.index["source_id"] = len(r.cells) - 1
	c, ok := l.claim(r)
	c.SourceID, c.Extractor, c.Quote, c.Rule, c.Locator = page.SourceID, record.Reviewed, v.Quote, v.Rule, ""
	c.ClaimID = record.NewClaimID(c)
	return c, ok
}
