package pipeline

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/sanpi-data/sanpi/pipeline/ledger"
	"github.com/sanpi-data/sanpi/transforms/bulletin"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

// namedProject is a project that a bulletin names, and where.
type namedProject struct {
	bulletin.Project
	source record.SourceID
}

// namedLedger makes a ledger of the projects that bulletins name, so that they take
// the same road as those of an office: the same words, judgement and quarantine. It
// gives its text too.
func namedLedger(c *campaign.Campaign, about sheet.Context, projects []namedProject) (ledger.Ledger, []byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"source_id", "name", "zone", "city", "county", "stage", "round", "investor", "investment", "investment_unit", "approximate", "note"}}
	for _, p := range projects {
		row := make([]string, len(rows[0]))
		row[0], row[1], row[5], row[6], row[7] = string(p.source), p.Name, string(p.Stage), string(p.Round), p.Investor
		if a, ok := about.Areas.Area(p.AreaID); ok {
			switch a.Level {
			case record.Zone, record.ZonePart, record.Cluster:
				row[2] = string(a.AreaID)
			case record.City:
				row[3] = string(a.AreaID)
			case record.County:
				row[4] = string(a.AreaID)
			}
		}
		if p.InvestmentCNY != nil {
			row[8], row[9] = fmt.Sprintf("%d.%02d", *p.InvestmentCNY/100, *p.InvestmentCNY%100), "元"
		}
		if p.Approximate {
			row[10] = "是"
		}
		row[11] = p.Review
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return ledger.Ledger{}, nil, fmt.Errorf("list the projects that bulletins name: %w", err)
	}
	about.File, about.Sources = c.ID+"/bulletins", published(c)
	return ledger.Ledger{Context: about, Data: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}, b.Bytes(), nil
}
