package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

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

// ledgers makes the tables of a campaign's ledgers, its named projects and those that
// bulletins name, or takes over those that the version before made from the same.
func (r *run) ledgers(ctx context.Context, version *warehouse.Version, in *inputs, c *campaign.Campaign, projects []namedProject) ([]warehouse.Output, warehouse.Ledgers, error) {
	began := time.Now()
	about := aboutCampaign(c, r.plan)
	all := withContext(about, in.ledgers.byCampaign[c.ID])
	from := warehouse.Ledgers{}
	file := c.ID + "/projects.csv"
	named, err := fs.ReadFile(in.campaigns.folders[c.ID], file)
	if err == nil {
		own := about
		own.File, own.Sources = file, published(c)
		all = append(all, ledger.Ledger{Context: own, Data: bytes.NewReader(named), Size: int64(len(named))})
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, from, fmt.Errorf("read the named projects: %w", err)
	}
	var listed []byte
	if len(projects) > 0 {
		l, text, err := namedLedger(c, about, projects)
		if err != nil {
			return nil, from, err
		}
		all, listed = append(all, l), text
	}
	if from.Key, err = in.hashLedgers(r.plan, c, named, listed); err != nil {
		return nil, from, err
	}
	s := Step{Kind: "ledgers", Name: c.ID, Action: Reused, Began: began}
	if outputs, old, why := r.sameLedgers(c.ID, from.Key); outputs != nil {
		for _, o := range outputs {
			if r.plan.DryRun {
				break
			}
			if err := version.Share(r.before, o); err != nil {
				return nil, from, err
			}
		}
		s.Why, s.Seconds = why, since(began)
		r.Steps = append(r.Steps, s)
		return outputs, old, nil
	} else if s.Action, s.Why = Built, why; r.plan.DryRun {
		r.Steps = append(r.Steps, s)
		return unread(c.ID), from, nil
	}
	loaded, err := ledger.Load(ctx, ledger.Job{
		Dir: version.Dir, Temp: r.plan.temp, Campaign: c.ID, Areas: c.Areas, Ledgers: all, Quarantine: c.Quarantine, Words: &in.campaigns.sheetWords,
		Workers: r.plan.Workers, Meter: r.plan.Meter,
	})
	if err != nil {
		return nil, from, err
	}
	var outputs []warehouse.Output
	for _, o := range loaded.Files {
		outputs = append(outputs, output(o.Table, o.File))
	}
	from.Rows = rowsOf(loaded.Sheets)
	for _, sheet := range loaded.Sheets {
		if until := sheet.Until.String(); until != "" && (from.Until == "" || until < from.Until) {
			from.Until = until
		}
	}
	s.Seconds = since(began)
	r.Steps = append(r.Steps, s)
	return outputs, from, curated(c.ID, file, loaded)
}

// published are the days of a campaign's sources.
func published(c *campaign.Campaign) map[record.SourceID]record.Date {
	days := map[record.SourceID]record.Date{}
	for _, s := range c.Sources {
		days[s.SourceID] = s.PublishedOn
	}
	return days
}

// hashLedgers is the key of the tables of a campaign's ledgers: all that their
// reading looks at but for the day of the run, which Ledgers.Until is for.
func (in *inputs) hashLedgers(plan Plan, c *campaign.Campaign, named, listed []byte) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "program %s %s\n", plan.Program, plan.Code)
	for _, f := range in.files {
		if strings.HasPrefix(f.Name, "words/") || in.ledgers.of[owned{c.ID, f.Name}] {
			fmt.Fprintf(h, "file %q %s\n", f.Name, f.SHA256)
		}
	}
	for _, part := range []struct {
		name  string
		value any
	}{
		{"id", []any{c.ID, c.AreaID, c.Numbering}}, {"areas", c.Areas}, {"names", c.AreaNames}, {"rounds", c.Rounds}, {"labels", c.RoundLabels},
		{"quarantine", c.Quarantine}, {"named", named}, {"listed", listed},
	} {
		if err := add(h, part.name, part.value); err != nil {
			return "", err
		}
	}
	if named != nil || listed != nil {
		if err := add(h, "published", published(c)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// ledgerTables are those that ledgers fill.
var ledgerTables = []string{"projects", "duplicates", "flags", "quarantine", "ledger_sheets", "ledger_columns"}

// sameLedgers are the tables of a campaign's ledgers that the version before made
// from the same; else why there are none.
func (r *run) sameLedgers(id, key string) (outputs []warehouse.Output, from warehouse.Ledgers, why string) {
	if r.before == nil {
		return nil, from, "there is nothing to take over"
	}
	from, known := r.before.Ledgers[id]
	switch {
	case !known:
		return nil, from, "the version before knows no such campaign"
	case from.Key != key:
		return nil, from, "the ledgers, or what they are read by, have changed"
	case !before(r.plan.Now, from.Until):
		return nil, from, "the day " + from.Until + " has come, for which rows waited"
	}
	for _, table := range ledgerTables {
		for _, o := range r.before.Outputs {
			if o.Relation != table || !strings.Contains(o.Path, "/campaign="+id+"/") {
				continue
			}
			if !r.before.Intact(o) {
				return nil, from, o.Path + " is not as it was published"
			}
			outputs = append(outputs, o)
		}
	}
	return outputs, from, "nothing that they are read from has changed"
}

// unread stands in a dry run for tables that were not made.
func unread(id string) []warehouse.Output {
	var outputs []warehouse.Output
	for _, table := range ledgerTables {
		outputs = append(outputs, warehouse.Output{Path: "tables/" + table + "/campaign=" + id + "/", Relation: table})
	}
	return outputs
}

// CheckLedgers reads the ledgers of a plan and gives sink what it finds. Nothing
// is written.
func CheckLedgers(ctx context.Context, plan Plan, sink ledger.Sink) ([]*ledger.Sheet, *sheet.Words, error) {
	campaigns, _, err := read(plan, nil)
	if err != nil {
		return nil, nil, err
	}
	found, err := (&run{plan: plan}).openLedgers(ctx, campaigns)
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
	found, err := (&run{plan: plan}).openLedgers(ctx, campaigns)
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
	of         map[owned]bool // which inputs are whose; one file may be of several
	snapshots  []*source.Snapshot
}

// owned is an input of a campaign.
type owned struct{ campaign, name string }

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
// campaign.
func (r *run) openLedgers(ctx context.Context, read readCampaigns) (_ *opened, err error) {
	o := &opened{byCampaign: map[string][]ledger.Ledger{}, of: map[owned]bool{}}
	defer func() {
		if err != nil {
			o.Close()
		}
	}()
	finder := r.plan.Finder
	if finder == nil {
		finder = &source.Finder{}
	}
	if r.w != nil {
		finder.Store, finder.Memory, finder.Look = r.w, r.w, r.plan.DryRun
	}
	seen := map[string]string{} // sha256 → name
	for _, a := range r.plan.Ledgers {
		c, err := read.campaign(a.Campaign)
		if err != nil {
			return nil, err
		}
		found, err := finder.Find(ctx, a.Address)
		if r.unknown(a.Address, err) {
			continue
		} else if err != nil {
			return nil, err
		}
		for _, address := range found {
			s, err := address.Open(ctx)
			if r.unknown(address.Name, err) {
				continue
			} else if err != nil {
				return nil, err
			}
			o.snapshots = append(o.snapshots, s)
			r.noteStale(s)
			if first, twice := seen[c.ID+" "+s.SHA256]; twice {
				r.plan.warn("ledger given twice", "file", s.Name, "same_as", first)
				continue
			}
			seen[c.ID+" "+s.SHA256] = s.Name
			o.inputs, o.of[owned{c.ID, s.Name}] = append(o.inputs, warehouse.Input{Name: s.Name, SHA256: s.SHA256, Bytes: s.Size}), true
			mapping, err := o.findMapping(s.Name, c.ID, r.store())
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

// unknown says whether a dry run cannot know what an address holds, and notes that a
// run would ask for it.
func (r *run) unknown(name string, err error) bool {
	if !r.plan.DryRun || !errors.Is(err, source.ErrNotFetched) {
		return false
	}
	r.Steps = append(r.Steps, Step{Kind: "source", Name: name, Action: Asked, Why: "it was never fetched"})
	return true
}

// ledgerSource is the row of the table sources for a ledger.
func ledgerSource(id string, l ledger.Ledger, s *source.Snapshot, trust int32) record.Source {
	r := record.Source{
		Campaign: id, SourceID: l.SourceID, Kind: LedgerKind, Trust: trust, Directness: "own", ArticleID: string(l.SourceID),
		Publisher: s.File, DateStatus: "unknown", SHA256: s.SHA256, MediaType: s.MediaType, Status: "ledger",
	}
	if strings.Contains(s.Name, "://") {
		// A local file's time of reading would make each run differ.
		r.URL, r.RetrievedAt = s.Name, retrieved(s)
	}
	return r
}

// findMapping reads the mapping file beside a local ledger: 台账.xlsx.columns.csv,
// or 台账.columns.csv for all of that name.
func (o *opened) findMapping(name, campaign string, w *warehouse.Warehouse) (*sheet.Mapping, error) {
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
		input, err := keepFile(path, data, w)
		if err != nil {
			return nil, err
		}
		o.inputs, o.of[owned{campaign, path}] = append(o.inputs, input), true
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
