package pipeline

import (
	"cmp"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// load writes the campaigns' rows to the lake under dir, campaign beside campaign.
// The ledgers come after: they are large and take all workers.
func load(dir string, campaigns []*campaign.Campaign) ([]warehouse.Output, error) {
	outputs := make([][]warehouse.Output, len(campaigns))
	var group errgroup.Group
	for i, c := range campaigns {
		group.Go(func() (err error) {
			outputs[i], err = loadOne(dir, c)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(outputs...), nil
}

// loadOne writes one campaign's tables, each in the order in which people look
// things up in it.
func loadOne(dir string, c *campaign.Campaign) ([]warehouse.Output, error) {
	tables := []struct {
		name  string
		write func() (lake.File, error)
	}{
		{"rounds", table(dir, c.ID, "rounds", c.Rounds, func(a, b record.Round) int {
			return cmp.Compare(a.Round, b.Round)
		}, "round")},
		{"round_labels", table(dir, c.ID, "round_labels", c.RoundLabels, func(a, b record.RoundLabel) int {
			return cmp.Or(cmp.Compare(a.Round, b.Round), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Counting, b.Counting), cmp.Compare(a.SourceID, b.SourceID))
		}, "round", "label")},
		{"areas", table(dir, c.ID, "areas", c.Areas, func(a, b record.Area) int {
			return cmp.Compare(a.AreaID, b.AreaID)
		}, "area_id")},
		{"area_names", table(dir, c.ID, "area_names", c.AreaNames, func(a, b record.AreaName) int {
			return cmp.Or(cmp.Compare(a.AreaID, b.AreaID), cmp.Compare(a.Name, b.Name))
		}, "area_id", "name")},
		{"sources", table(dir, c.ID, "sources", c.Sources, func(a, b record.Source) int {
			return cmp.Compare(a.SourceID, b.SourceID)
		}, "source_id")},
		{"claims", table(dir, c.ID, "claims", c.Claims, func(a, b record.Claim) int {
			return cmp.Or(cmp.Compare(a.AreaID, b.AreaID), cmp.Compare(a.PeriodID, b.PeriodID), cmp.Compare(a.Stage, b.Stage),
				cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.ClaimID, b.ClaimID))
		}, "area_id", "period_id", "stage", "metric", "claim_id")},
		{"reviews", table(dir, c.ID, "reviews", c.Reviews, func(a, b record.Review) int {
			return cmp.Or(cmp.Compare(a.SourceID, b.SourceID), cmp.Compare(a.ReviewID, b.ReviewID))
		}, "source_id", "review_id")},
		{"limits", table(dir, c.ID, "limits", c.Rules.Limits, func(a, b record.Limit) int {
			return cmp.Or(cmp.Compare(a.Transition, b.Transition), cmp.Compare(a.ZoneType, b.ZoneType))
		}, "transition", "zone_type")},
		{"indicators", table(dir, c.ID, "indicators", c.Rules.Indicators, func(a, b record.Indicator) int {
			return cmp.Compare(a.Indicator, b.Indicator)
		}, "indicator")},
		{"assessments", table(dir, c.ID, "assessments", c.Rules.Assessments, func(a, b record.Assessment) int {
			return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.ZoneID, b.ZoneID), cmp.Compare(a.Indicator, b.Indicator))
		}, "year", "zone_id", "indicator")},
		{"industries", table(dir, c.ID, "industries", c.Rules.Industries, func(a, b record.Industry) int {
			return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Position, b.Position))
		}, "scheme", "position")},
		{"industry_words", table(dir, c.ID, "industry_words", c.Rules.IndustryWords, func(a, b record.IndustryWord) int {
			return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Industry, b.Industry), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Word, b.Word))
		}, "scheme", "industry", "field", "word")},
	}
	var outputs []warehouse.Output
	for _, t := range tables {
		file, err := t.write()
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, output(t.name, file))
	}
	return outputs, nil
}

func output(relation string, f lake.File) warehouse.Output {
	return warehouse.Output{Path: f.Path, Relation: relation, Rows: f.Rows, Bytes: f.Bytes, SHA256: f.SHA256}
}

// table prepares the writing of one partition: its rows in order, and the
// columns that name the order.
func table[T any](dir, campaign, name string, rows []T, order func(a, b T) int, sortedBy ...string) func() (lake.File, error) {
	return func() (lake.File, error) {
		return lake.WriteTable(dir, name, campaign, slices.SortedFunc(slices.Values(rows), order), sortedBy...)
	}
}
