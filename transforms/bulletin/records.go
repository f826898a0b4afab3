package bulletin

import (
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Origin is what the rows of a bulletin need to know of it.
type Origin struct {
	Campaign string
	SourceID record.SourceID
	HeldOn   map[record.RoundID]record.Date
}

// Records makes table rows of what a text came to: claims, and the figures that wait
// for a person. A figure told twice is one row, that of its first words.
func (r *Reading) Records(text Text, o Origin) (claims []record.Claim, reviews []record.Review) {
	claimed, waiting := map[record.ClaimID]bool{}, map[string]bool{}
	for _, c := range r.Claims {
		row := c.record(text, o)
		if c.Review == "" {
			if !claimed[row.ClaimID] {
				claimed[row.ClaimID] = true
				claims = append(claims, row)
			}
			continue
		}
		v := review(row, c.Review)
		if !waiting[v.ReviewID] {
			waiting[v.ReviewID] = true
			reviews = append(reviews, v)
		}
	}
	return claims, reviews
}

// record is the claim as a row of the table.
func (c Claim) record(text Text, o Origin) record.Claim {
	row := record.Claim{
		Campaign: o.Campaign, Round: c.Round, AreaID: c.AreaID, AreaAsPublished: c.AreaAsPublished, Universe: c.Universe, Stage: c.Stage,
		TotalOf: c.TotalOf, Metric: c.Metric, Method: c.Method, Value: c.Value, ValueAsPrinted: c.ValueAsPrinted, Unit: c.Unit,
		Approximate: c.Approximate, Period: c.Period, PeriodFrom: c.PeriodFrom, PeriodTo: c.PeriodTo, RoundLabel: c.RoundLabel,
		SourceID: o.SourceID, Extractor: record.ByRules, Quote: strings.TrimSpace(text.Body[c.Quote.From:c.Quote.To]), Rule: c.Rule,
	}
	if row.Universe == "" {
		row.Universe = record.AsPublished
	}
	if row.Period == record.OfRound {
		row.PeriodFrom, row.PeriodTo = o.HeldOn[row.Round], o.HeldOn[row.Round]
	}
	row.PeriodID = record.PeriodID(row.Period, row.Round, row.PeriodFrom, row.PeriodTo)
	row.ClaimID = record.NewClaimID(row)
	return row
}

// review is a claim that waits.
func review(c record.Claim, reason string) record.Review {
	v := record.Review{
		Campaign: c.Campaign, SourceID: c.SourceID, Reason: reason, Quote: c.Quote, Round: c.Round, RoundLabel: c.RoundLabel, AreaID: c.AreaID,
		AreaAsPublished: c.AreaAsPublished, Universe: c.Universe, Stage: c.Stage, TotalOf: c.TotalOf, Metric: c.Metric, Method: c.Method,
		Value: c.Value, ValueAsPrinted: c.ValueAsPrinted, Unit: c.Unit, Approximate: c.Approximate, Period: c.Period, PeriodFrom: c.PeriodFrom,
		PeriodTo: c.PeriodTo, Rule: c.Rule,
	}
	v.ReviewID = record.NewReviewID(v)
	return v
}
