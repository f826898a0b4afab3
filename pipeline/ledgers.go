package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/ledger"
	"github.com/sanpi-data/sanpi/pipeline/source"
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

// loadProjects reads the campaign's ledgers, then its named projects and those that
// bulletins name, and writes their tables.
func loadProjects(ctx context.Context, plan Plan, dir string, c *campaign.Campaign, folder fs.FS, ledgers []ledger.Ledger, projects []namedProject, words *sheet.Words) (*ledger.Loaded, error) {
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
	if len(projects) > 0 {
		l, err := namedLedger(c, about, projects)
		if err != nil {
			return nil, err
		}
		ledgers = append(ledgers, l)
	}
	loaded, err := ledger.Load(ctx, ledger.Job{
		Dir: dir, Campaign: c.ID, Areas: c.Areas, Ledgers: ledgers, Quarantine: c.Quarantine, Words: words, Workers: plan.Workers, Meter: plan.Meter,
	})
	if err != nil {
		return nil, err
	}
	return loaded, curated(c.ID, file, loaded)
}

// CheckLedgers reads the ledgers of a plan and gives sink what it finds. Nothing
// is written.
func CheckLedgers(ctx context.Context, plan Plan, sink ledger.Sink) ([]*ledger.Sheet, *sheet.Words, error) {
	campaigns, _, err := read(plan, nil)
	if err != nil {
		return nil, nil, err
	}
	found, err := openLedgers(ctx, plan, nil, campaigns)
	if err != nil {
		return nil, nil, err
	}
	defer found.Close()
	var all []ledger.Ledger
	for _, c := range campaigns.loaded {
		all = append(all, withContext(aboutCampaign(c, plan), found.byCampaign[c.ID])...)
	}
	sheets, err := ledger.Read(ctx, all, &campaigns.sheetWords, plan.Workers, sink, plan.Meter)
	return sheets, &campaigns.sheetWords, err
}

// ReadCampaign reads the campaign that a plan names, or the main one.
func ReadCampaign(plan Plan) (*campaign.Campaign, error) {
	campaigns, _, err := read(plan, nil)
	if err != nil {
		return nil, err
	}
	return campaigns.campaign("")
}

// ConvertLedgers writes the ledgers of a plan, which are one campaign's, as tables
// into dir, without a warehouse.
func ConvertLedgers(ctx context.Context, plan Plan, dir string) (*ledger.Loaded, error) {
	campaigns, _, err := read(plan, nil)
	if err != nil {
		return nil, err
	}
	found, err := openLedgers(ctx, plan, nil, campaigns)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for _, c := range campaigns.loaded {
		if len(found.byCampaign[c.ID]) == 0 {
			continue
		}
		loaded, err := ledger.Load(ctx, ledger.Job{
			Dir: dir, Campaign: c.ID, Areas: c.Areas, Ledgers: withContext(aboutCampaign(c, plan), found.byCampaign[c.ID]), Words: &campaigns.sheetWords,
			Workers: plan.Workers, Meter: plan.Meter,
		})
		if err == nil {
			err = found.unchanged()
		}
		return loaded, err
	}
	return nil, errors.New("convert ledgers: no ledger was named")
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
func curated(id, file string, loaded *ledger.Loaded) error {
	var problems []campaign.Problem
	for _, s := range loaded.Sheets {
		if s.Ledger.File != file {
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
		if q.File == file && q.Reason != record.AmbiguousArea && q.Reason != record.AmbiguousRound {
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

// opened are the ledgers of a plan, ready to be read.
type opened struct {
	byCampaign map[string][]ledger.Ledger
	inputs     []warehouse.Input
	snapshots  []*source.Snapshot
}

// Close gives the ledgers' bytes up.
func (o *opened) Close() {
	for _, s := range o.snapshots {
		s.Close()
	}
}

// unchanged is an error when somebody wrote into a ledger while it was read.
func (o *opened) unchanged() error {
	for _, s := range o.snapshots {
		if err := s.Changed(); err != nil {
			return err
		}
	}
	return nil
}

// openLedgers brings the ledgers of the plan and adds each to the sources of its
// campaign. w may be nil.
func openLedgers(ctx context.Context, plan Plan, w *warehouse.Warehouse, read readCampaigns) (_ *opened, err error) {
	o := &opened{byCampaign: map[string][]ledger.Ledger{}}
	defer func() {
		if err != nil {
			o.Close()
		}
	}()
	finder := plan.Finder
	if finder == nil {
		finder = &source.Finder{}
	}
	if w != nil {
		finder.Store = w
	}
	seen := map[string]string{} // sha256 → name
	for _, a := range plan.Ledgers {
		c, err := read.campaign(a.Campaign)
		if err != nil {
			return nil, err
		}
		found, err := finder.Find(ctx, a.Address)
		if err != nil {
			return nil, err
		}
		for _, address := range found {
			s, err := address.Open(ctx)
			if err != nil {
				return nil, err
			}
			o.snapshots = append(o.snapshots, s)
			if first, twice := seen[c.ID+" "+s.SHA256]; twice {
				plan.warn("ledger given twice", "file", s.Name, "same_as", first)
				continue
			}
			seen[c.ID+" "+s.SHA256] = s.Name
			o.inputs = append(o.inputs, warehouse.Input{Name: s.Name, SHA256: s.SHA256, Bytes: s.Size})
			mapping, err := o.findMapping(s.Name, w)
			if err != nil {
				return nil, err
			}
			l := ledger.Ledger{Data: s, Size: s.Size, Mapping: mapping}
			l.SourceID, l.File = record.SourceID("ledger-"+s.SHA256[:12]), s.Name
			l.AsOf, l.Synthetic = sheet.DayOf(s.File), read.sheetWords.IsSynthetic(s.File)
			o.byCampaign[c.ID] = append(o.byCampaign[c.ID], l)
			c.Sources = append(c.Sources, ledgerSource(c.ID, l, s, read.words.Kinds[LedgerKind]))
		}
	}
	return o, nil
}

// ledgerSource is the row of the table sources for a ledger.
func ledgerSource(id string, l ledger.Ledger, s *source.Snapshot, trust int32) record.Source {
	r := record.Source{
		Campaign: id, SourceID: l.SourceID, Kind: LedgerKind, Trust: trust, Directness: "own", ArticleID: string(l.SourceID),
		Publisher: s.File, DateStatus: "unknown", SHA256: s.SHA256, MediaType: s.MediaType, Status: "ledger",
	}
	if strings.Contains(s.Name, "://") {
		// A local file's time of reading would make each run differ.
		r.URL, r.RetrievedAt = s.Name, s.RetrievedAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	return r
}

// findMapping reads the mapping file beside a local ledger: 台账.xlsx.columns.csv,
// or 台账.columns.csv for all of that name.
func (o *opened) findMapping(name string, w *warehouse.Warehouse) (*sheet.Mapping, error) {
	if strings.Contains(name, "://") {
		return nil, nil
	}
	for _, path := range []string{name + ".columns.csv", strings.TrimSuffix(name, filepath.Ext(name)) + ".columns.csv"} {
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("read the mapping of %s: %w", name, err)
		}
		input := warehouse.Input{Name: path, Bytes: int64(len(data))}
		if w != nil {
			if input.SHA256, err = w.Keep(data); err != nil {
				return nil, err
			}
		}
		o.inputs = append(o.inputs, input)
		return sheet.ReadMapping(path, bytes.NewReader(data))
	}
	return nil, nil
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
