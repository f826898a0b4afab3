package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sanpi-data/sanpi/pipeline/ledger"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

// LedgerAddress is where project ledgers are, and whose they are.
type LedgerAddress struct {
	Campaign string // "" for the first campaign
	Address  string // a file, folder, glob, http or s3 address
}

// LedgerKind is the kind of source that a ledger is; see words/kinds.csv.
const LedgerKind = "ledger"

// loadProjects reads the campaign's ledgers, then its named projects, and writes
// their tables.
func loadProjects(ctx context.Context, plan Plan, dir string, c *campaign.Campaign, folder fs.FS, ledgers []ledger.Ledger, words *sheet.Words) (*ledger.Loaded, error) {
	about := aboutCampaign(c, plan)
	ledgers = withContext(about, ledgers)
	file := c.ID + "/projects.csv"
	named, err := fs.ReadFile(folder, file)
	if err == nil {
		own := about
		own.File, own.Sources = file, map[record.SourceID]record.Date{}
		for _, s := range c.Sources {
			own.Sources[s.SourceID] = s.PublishedOn
		}
		ledgers = append(ledgers, ledger.Ledger{Context: own, Data: bytes.NewReader(named), Size: int64(len(named))})
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the named projects: %w", err)
	}
	loaded, err := ledger.Load(ctx, ledger.Job{
		Dir: dir, Campaign: c.ID, Areas: c.Areas, Ledgers: ledgers, Quarantine: c.Quarantine, Words: words, Workers: plan.Workers, Meter: plan.Meter,
	})
	if err != nil {
		return nil, err
	}
	return loaded, curated(c.ID, loaded)
}

// CheckLedgers reads the ledgers of a plan and gives sink what it finds. Nothing
// is written.
func CheckLedgers(ctx context.Context, plan Plan, sink ledger.Sink) ([]*ledger.Sheet, *sheet.Words, error) {
	campaigns, _, err := read(plan, nil)
	if err != nil {
		return nil, nil, err
	}
	found, _, closers, err := openLedgers(plan, nil, campaigns)
	defer closeAll(closers)
	if err != nil {
		return nil, nil, err
	}
	var all []ledger.Ledger
	for _, c := range campaigns.loaded {
		all = append(all, withContext(aboutCampaign(c, plan), found[c.ID])...)
	}
	sheets, err := ledger.Read(ctx, all, &campaigns.sheetWords, plan.Workers, sink, plan.Meter)
	return sheets, &campaigns.sheetWords, err
}

// ConvertLedgers writes the ledgers of a plan, which are one campaign's, as tables
// into dir, without a warehouse.
func ConvertLedgers(ctx context.Context, plan Plan, dir string) (*ledger.Loaded, error) {
	campaigns, _, err := read(plan, nil)
	if err != nil {
		return nil, err
	}
	found, _, closers, err := openLedgers(plan, nil, campaigns)
	defer closeAll(closers)
	if err != nil {
		return nil, err
	}
	for _, c := range campaigns.loaded {
		if len(found[c.ID]) == 0 {
			continue
		}
		return ledger.Load(ctx, ledger.Job{
			Dir: dir, Campaign: c.ID, Areas: c.Areas, Ledgers: withContext(aboutCampaign(c, plan), found[c.ID]), Words: &campaigns.sheetWords,
			Workers: plan.Workers, Meter: plan.Meter,
		})
	}
	return nil, errors.New("convert ledgers: no ledger was named")
}

func closeAll(closers []io.Closer) {
	for _, c := range closers {
		c.Close()
	}
}

// withContext gives each ledger what its campaign knows.
func withContext(about sheet.Context, ledgers []ledger.Ledger) []ledger.Ledger {
	for i := range ledgers {
		own := about
		own.SourceID, own.File, own.AsOf, own.Synthetic = ledgers[i].SourceID, ledgers[i].File, ledgers[i].AsOf, ledgers[i].Synthetic
		ledgers[i].Context = own
	}
	return ledgers
}

// aboutCampaign is what a campaign knows for the reading of its ledgers.
func aboutCampaign(c *campaign.Campaign, plan Plan) sheet.Context {
	about := sheet.Context{
		Campaign: c.ID, Today: record.NewDate(plan.Now.Date()), Home: c.AreaID, Areas: area.NewResolver(c.Areas, c.AreaNames),
		Rounds: round.NewIndex(c.Numbering, c.Rounds, c.RoundLabels), HeldOn: map[record.RoundID]record.Date{},
	}
	for _, r := range c.Rounds {
		about.HeldOn[r.Round] = r.HeldOn
	}
	return about
}

// curated holds the campaign's own file of projects to a stricter rule than an
// office's ledger: only what its page leaves open may go to quarantine.
func curated(id string, loaded *ledger.Loaded) error {
	var problems []campaign.Problem
	for _, s := range loaded.Sheets {
		if s.Ledger.Sources == nil {
			continue
		}
		for _, c := range s.Layout.Columns {
			if c.Status == sheet.Unknown || c.Status == sheet.Second {
				problems = append(problems, campaign.Problem{
					File: s.Ledger.File, Line: s.Layout.From, Column: c.Position + 1, What: fmt.Sprintf("unknown column %q", c.Header),
				})
			}
		}
	}
	for _, q := range loaded.Curated {
		if q.Reason != record.AmbiguousArea && q.Reason != record.AmbiguousRound {
			problems = append(problems, campaign.Problem{
				File: q.File, Line: int(q.Line), Field: q.Field, What: fmt.Sprintf("%s: %q: %s", q.Field, q.Raw, q.Message),
			})
		}
	}
	if len(problems) > 0 {
		return &campaign.InvalidError{Campaign: id, Problems: problems}
	}
	return nil
}

// openLedgers finds the ledgers of the plan, by campaign, and what they add to
// the sources. Close the closers when they have been read.
func openLedgers(plan Plan, w *warehouse.Warehouse, read readCampaigns) (map[string][]ledger.Ledger, []warehouse.Input, []io.Closer, error) {
	found := map[string][]ledger.Ledger{}
	var inputs []warehouse.Input
	var closers []io.Closer
	for _, a := range plan.Ledgers {
		c, err := read.campaign(a.Campaign)
		if err != nil {
			return nil, nil, closers, err
		}
		f, err := os.Open(a.Address)
		if err != nil {
			return nil, nil, closers, err
		}
		closers = append(closers, f)
		size, sum, err := warehouse.HashFile(a.Address)
		if err != nil {
			return nil, nil, closers, err
		}
		name := filepath.Base(a.Address)
		inputs = append(inputs, warehouse.Input{Name: name, SHA256: sum, Bytes: size})
		l := ledger.Ledger{Data: f, Size: size}
		l.SourceID, l.File, l.AsOf = record.SourceID("ledger-"+sum[:12]), name, sheet.DayOf(name)
		l.Synthetic = read.sheetWords.IsSynthetic(name)
		found[c.ID] = append(found[c.ID], l)
		c.Sources = append(c.Sources, record.Source{
			Campaign: c.ID, SourceID: l.SourceID, Kind: LedgerKind, Trust: read.words.Kinds[LedgerKind], Directness: "own",
			ArticleID: string(l.SourceID), Publisher: name, DateStatus: "unknown", SHA256: sum, Status: "ledger",
			RetrievedAt: plan.Now.UTC().Format("2006-01-02T15:04:05Z"),
		})
	}
	return found, inputs, closers, nil
}

// campaign finds one of the campaigns read. "" is the one with the most zones:
// ledgers are the zones' books.
func (r readCampaigns) campaign(id string) (*campaign.Campaign, error) {
	var found *campaign.Campaign
	var ids []string
	most := 0
	for _, c := range r.loaded {
		ids = append(ids, c.ID)
		if id == c.ID {
			return c, nil
		}
		zones := 0
		for _, a := range c.Areas {
			if a.Level == record.Zone {
				zones++
			}
		}
		if id == "" && (found == nil || zones > most) {
			found, most = c, zones
		}
	}
	if found == nil {
		return nil, &UnknownCampaignError{id, ids}
	}
	return found, nil
}
