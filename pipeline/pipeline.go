// Package pipeline does sanpi's main job: it reads the campaigns, writes the
// lake, builds facts and marts, checks them and publishes a version. All of it
// becomes visible at once or not at all.
package pipeline

import (
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
	Code      string         // what tells this build of the program from others; "" for the hash of Executable
	// Executable is the file of the program, whose change makes everything anew; ""
	// when Program and Code say enough.
	Executable string
	Workers    int // models built at once
	Now        time.Time
	Log        *slog.Logger

	Full        bool       // make everything anew, and look at every byte
	DryRun      bool       // say what would be done, and write nothing into the warehouse
	MaxStale    []MaxStale // how old what a failing source gave last may be; the last that fits counts
	Keep        int        // versions to keep, this one among them; 0 for all
	MemoryLimit int64      // bytes for DuckDB; 0 for its own choice
	Temp        string     // folder for rows in work; "" for the warehouse

	temp string // the folder of this run
}

// MaxStale bounds how old the last answer of a source may be.
type MaxStale struct {
	Source string // an address, or the beginning of one; "" for all
	Age    time.Duration
}

func (p Plan) warn(message string, args ...any) {
	if p.Log != nil {
		p.Log.Warn(message, args...)
	}
}

// Report says what a run did.
type Report struct {
	Run       string           `json:"run"`
	Status    string           `json:"status"` // one of Running, Done, Unchanged, Planned, Stopped, Failed
	Error     string           `json:"error,omitempty"`
	Started   time.Time        `json:"started_at"`
	Finished  time.Time        `json:"finished_at,omitzero"`
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
	Steps     []Step           `json:"steps,omitempty"`
	Stale     []Stale          `json:"stale,omitempty"`
	Removed   []string         `json:"removed,omitempty"` // versions that --keep took away
}

// What a run came to.
const (
	Running   = "running"   // it has begun; unless it holds the warehouse it was killed
	Done      = "done"      // a version was published
	Unchanged = "unchanged" // the version before is what would have been made
	Planned   = "planned"   // a dry run
	Stopped   = "stopped"   // by its context; nothing was published
	Failed    = "failed"
)

// Step is one part of the work: the ledgers of a campaign, a model, a check.
type Step struct {
	Kind    string  `json:"kind"` // source, tables, ledgers, model, check, database
	Name    string  `json:"name"`
	Action  string  `json:"action"` // Built or Reused; Asked of a source in a dry run
	Why     string  `json:"why"`
	Seconds float64 `json:"seconds,omitempty"`

	Began time.Time `json:"-"` // zero for what took no time
}

// What became of a Step.
const (
	Built  = "built"
	Reused = "reused"
	Asked  = "asked"
)

// Stale is a source that failed and stands with what it gave last.
type Stale struct {
	Source    string    `json:"source"`
	FetchedAt time.Time `json:"fetched_at"`
	Error     string    `json:"error"`
}

// StaleError says that sources have failed for longer than they may. The version
// is published all the same.
type StaleError struct{ Sources []Stale }

func (e *StaleError) Error() string {
	text := "sources have failed for longer than --max-stale allows; what they gave last is published:"
	for _, s := range e.Sources {
		text += fmt.Sprintf("\n  %s, last fetched %s: %s", s.Source, s.FetchedAt.Format(time.RFC3339), s.Error)
	}
	return text
}

// Accounting is where the rows read have gone: read is the sum of the others.
type Accounting = warehouse.Accounting

// Bulletins counts what was read of news pages.
type Bulletins = warehouse.Bulletins

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
