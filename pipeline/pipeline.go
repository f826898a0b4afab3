// Package pipeline does sanpi's main job: it reads the campaigns, writes the
// lake, builds facts and marts, checks them and publishes a version. All of it
// becomes visible at once or not at all.
package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/ledger"
	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Plan says what a run is to do.
type Plan struct {
	Warehouse string   // folder; created when it is not there
	Datasets  []fs.FS  // folders of campaigns; a later one replaces an earlier campaign of the same id
	Campaigns []string // ids to take; none for all
	Ledgers   []LedgerAddress
	Bulletins []BulletinAddress
	Pull      bool           // also read the pages that the campaigns' bulletins.csv list
	Decisions fs.FS          // what people decided on figures that waited; nil for nothing
	Pages     *source.Pages  // how bulletins are brought; nil for its zero value
	Finder    *source.Finder // how ledgers are brought; nil for its zero value
	Meter     *ledger.Meter  // counts the rows of ledgers as they are read; nil for none
	AsOf      record.Date    // what was known on that day; 0 for today
	SQL       fs.FS          // models and checks
	Program   string         // the program's version, for the manifest
	Workers   int            // models built at once
	Now       time.Time
	Log       *slog.Logger
}

func (p Plan) warn(message string, args ...any) {
	if p.Log != nil {
		p.Log.Warn(message, args...)
	}
}

// Report says what a run did.
type Report struct {
	Run       string           `json:"run"`
	Status    string           `json:"status"` // done or failed
	Error     string           `json:"error,omitempty"`
	Started   time.Time        `json:"started_at"`
	Finished  time.Time        `json:"finished_at"`
	Version   string           `json:"version,omitempty"`
	Dir       string           `json:"-"`
	Program   string           `json:"program"`
	AsOf      string           `json:"as_of,omitempty"`
	Campaigns []string         `json:"campaigns"`
	Rows      Accounting       `json:"rows"`
	Bulletins Bulletins        `json:"bulletins,omitzero"`
	Undated   int              `json:"claims_undated,omitempty"` // claims that AsOf leaves out because their page has no date
	Relations map[string]int64 `json:"relations,omitempty"`      // rows by table and mart
	Warnings  []engine.Failure `json:"warnings,omitempty"`
}

// Accounting is where the rows read have gone: read is the sum of the others.
type Accounting struct {
	Read        int `json:"read"`
	Loaded      int `json:"loaded"`
	Quarantined int `json:"quarantined"`
	Duplicates  int `json:"duplicates"` // joined to another row of the same project and day
	NoData      int `json:"no_data"`    // of ledgers: titles, headers, sums, blanks and notes
}

// Bulletins counts what was read of news pages.
type Bulletins struct {
	Pages   int `json:"pages"`
	Failed  int `json:"failed"`  // pages that could not be read
	Claims  int `json:"claims"`  // figures read, those that a person had read before among them
	Waiting int `json:"waiting"` // figures that wait for a person
}

// CheckError says that checks found rows, so nothing was published.
type CheckError struct {
	Failures []engine.Failure
}

func (e *CheckError) Error() string {
	text := fmt.Sprintf("%d data checks failed and nothing was published", len(e.Failures))
	if len(e.Failures) == 1 {
		text = "a data check failed and nothing was published"
	}
	for _, f := range e.Failures {
		text += "\n  " + f.String()
	}
	return text
}

// Run does the whole job. On an error the version published before stays as it
// was. The errors to tell apart are *campaign.InvalidError, *CheckError,
// engine.ErrContract and warehouse.ErrLocked.
func Run(ctx context.Context, plan Plan) (report Report, err error) {
	w, err := warehouse.Open(plan.Warehouse)
	if err != nil {
		return report, err
	}
	defer w.Close()
	report = Report{
		Run: plan.Now.UTC().Format("20060102T150405.000Z"), Started: plan.Now.UTC(), Program: plan.Program, AsOf: plan.AsOf.String(),
	}
	began := time.Now()
	defer func() {
		report.Finished = plan.Now.Add(time.Since(began)).UTC()
		report.Status = "done"
		if err != nil {
			report.Status, report.Error = "failed", err.Error()
		}
		if recordErr := w.RecordRun(report.Run, report); err == nil {
			err = recordErr
		}
	}()

	campaigns, inputs, err := read(plan, w)
	if err != nil {
		return report, err
	}
	ledgers, err := openLedgers(ctx, plan, w, campaigns)
	if err != nil {
		return report, err
	}
	defer ledgers.Close()
	inputs = append(inputs, ledgers.inputs...)
	bulletins, err := takeBulletins(ctx, plan, w, campaigns)
	if err != nil {
		return report, err
	}
	inputs, report.Bulletins = append(inputs, bulletins.inputs...), bulletins.Bulletins
	decided, err := decide(plan, w, campaigns)
	if err != nil {
		return report, err
	}
	inputs = append(inputs, decided...)
	report.count(campaigns.loaded)
	if plan.AsOf != 0 {
		report.Undated = undated(campaigns.loaded)
	}
	version, err := w.NewVersion(report.Run + "-" + hashInputs(inputs, plan)[:8])
	if err != nil {
		return report, err
	}
	defer version.Discard()
	m := &warehouse.Manifest{
		Version: version.Name, CreatedAt: report.Started.Format(time.RFC3339), Program: plan.Program, AsOf: plan.AsOf.String(),
		Campaigns: report.Campaigns, Inputs: inputs,
	}
	outputs, err := load(version.Dir, campaigns.loaded)
	if err != nil {
		return report, err
	}
	for _, c := range campaigns.loaded {
		loaded, err := loadProjects(ctx, plan, version.Dir, c, campaigns.folders[c.ID], ledgers.byCampaign[c.ID], bulletins.projects[c.ID], &campaigns.sheetWords)
		if err != nil {
			return report, err
		}
		for _, o := range loaded.Files {
			outputs = append(outputs, output(o.Table, o.File))
		}
		report.countSheets(loaded.Sheets)
	}
	if err := ledgers.unchanged(); err != nil {
		return report, err
	}
	plan.Log.Info("loaded", "campaigns", len(campaigns.loaded), "rows", report.Rows.Loaded, "quarantined", report.Rows.Quarantined)
	b, err := build(ctx, plan, version.Dir, campaigns)
	if err != nil {
		return report, err
	}
	defer b.db.Close()
	m.Models, report.Warnings = b.hashes, b.warnings
	plan.Log.Info("built and checked", "models", len(b.models), "checks", b.checks, "warnings", len(b.warnings))
	built, err := b.write(ctx, version.Dir, report.Campaigns)
	if err != nil {
		return report, err
	}
	m.Outputs = append(outputs, built...)
	report.Relations = map[string]int64{}
	for _, o := range m.Outputs {
		report.Relations[o.Relation] += o.Rows
	}
	if report.Dir, err = version.Publish(m); err != nil {
		return report, err
	}
	report.Version = version.Name
	plan.Log.Info("published", "version", version.Name)
	return report, nil
}

func (r *Report) count(campaigns []*campaign.Campaign) {
	for _, c := range campaigns {
		r.Campaigns = append(r.Campaigns, c.ID)
		r.Rows.Read += c.RowsRead
		r.Rows.Loaded += c.RowsLoaded
		r.Rows.Quarantined += len(c.Quarantine)
	}
}

func (r *Report) countSheets(sheets []*ledger.Sheet) {
	for _, s := range sheets {
		r.Rows.Read += int(s.Counts.Read)
		r.Rows.Loaded += int(s.Counts.Loaded)
		r.Rows.Quarantined += int(s.Counts.Quarantined)
		r.Rows.Duplicates += int(s.Counts.Duplicates)
		r.Rows.NoData += int(s.Counts.Titles + s.Counts.Headers + s.Counts.Totals + s.Counts.Blanks + s.Counts.Notes)
	}
}

// undated counts the claims on pages of which the day is not known.
func undated(campaigns []*campaign.Campaign) int {
	n := 0
	for _, c := range campaigns {
		unknown := map[record.SourceID]bool{}
		for _, s := range c.Sources {
			unknown[s.SourceID] = s.PublishedOn == 0
		}
		for _, x := range c.Claims {
			if unknown[x.SourceID] {
				n++
			}
		}
	}
	return n
}

// hashInputs names a version by what it is made from.
func hashInputs(inputs []warehouse.Input, plan Plan) string {
	h := sha256.New()
	fmt.Fprintln(h, plan.Program, plan.AsOf)
	for _, in := range inputs {
		fmt.Fprintln(h, in.Name, in.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}
