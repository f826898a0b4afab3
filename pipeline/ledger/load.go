package ledger

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/transforms/project"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

// Job is the loading of one campaign's ledgers.
type Job struct {
	Dir        string // the version's folder, to write into
	Temp       string // folder for rows in work; "" for Dir
	Campaign   string
	Areas      []record.Area
	Ledgers    []Ledger             // in the order in which rows of one project and day are joined
	Quarantine []record.Quarantined // rows of the campaign's other files that go to the same table
	Words      *sheet.Words
	Workers    int
	Meter      *Meter // nil for none
}

// Loaded is what a Job came to.
type Loaded struct {
	Files   []Output
	Sheets  []*Sheet
	Curated []record.Quarantined // rows of the campaign's own file that were kept back
}

// Output is a file of a table.
type Output struct {
	Table string
	lake.File
}

// Load reads a campaign's ledgers and writes the tables projects, duplicates,
// flags, quarantine, ledger_sheets and ledger_columns. Temporary rows lie in Temp
// until it is done. Memory does not grow with the ledgers: about half of memoryLimit
// is in use at a time, and the collector keeps the rest from growing past it.
func Load(ctx context.Context, job Job) (_ *Loaded, err error) {
	if os.Getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	}
	l := &loader{Job: job, ranks: rankPlaces(job.Areas)}
	if l.codec, err = lake.NewCodec[record.Project](); err != nil {
		return nil, err
	}
	l.buckets = newBuckets(filepath.Join(cmp.Or(job.Temp, job.Dir), ".rows"), max(1, job.Workers), ranges*parts)
	defer func() {
		if closeErr := l.buckets.Close(); err == nil {
			err = closeErr
		}
	}()
	if l.quarantine, err = lake.NewWriter[record.Quarantined](job.Dir, "quarantine", job.Campaign); err != nil {
		return nil, err
	}
	defer l.quarantine.Discard()
	if l.flags, err = lake.NewWriter[record.Flag](job.Dir, "flags", job.Campaign); err != nil {
		return nil, err
	}
	defer l.flags.Discard()
	if err := l.quarantine.Write(job.Quarantine); err != nil {
		return nil, err
	}
	if l.sheets, err = Read(ctx, job.Ledgers, job.Words, job.Workers, l, job.Meter); err != nil {
		return nil, err
	}
	if err := finish(l, "quarantine", l.quarantine); err != nil {
		return nil, err
	}
	if err := finish(l, "flags", l.flags); err != nil {
		return nil, err
	}
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	if err := l.account(); err != nil {
		return nil, err
	}
	return &Loaded{l.files, l.sheets, l.curated}, nil
}

// memoryLimit is the memory of the language's own that loading aims not to pass.
const memoryLimit = 256 << 20

// loader is one Load, and the Sink of its reading.
type loader struct {
	Job
	codec      *lake.Codec[record.Project]
	ranks      map[record.AreaID]uint32
	buckets    *buckets
	quarantine *lake.Writer[record.Quarantined]
	flags      *lake.Writer[record.Flag]
	sheets     []*Sheet
	files      []Output
	curated    []record.Quarantined
}

func finish[T any](l *loader, table string, w *lake.Writer[T]) error {
	file, err := w.Close()
	if err != nil {
		return err
	}
	l.files = append(l.files, Output{table, file})
	return nil
}

// Places lie in ranges of the table, and the rows of a range in parts, which can
// be joined one by one when the range is too large to be held at once.
const (
	ranges = 64
	parts  = 8
)

// rankPlaces numbers a campaign's areas from 1 in the order of the table.
func rankPlaces(areas []record.Area) map[record.AreaID]uint32 {
	ids := make([]record.AreaID, len(areas))
	for i, a := range areas {
		ids[i] = a.AreaID
	}
	slices.Sort(ids)
	ranks := map[record.AreaID]uint32{}
	for i, id := range ids {
		ranks[id] = uint32(i + 1)
	}
	return ranks
}

// Loaded puts a project into the bucket of its place.
func (l *loader) Loaded(worker int, s *Sheet, r *sheet.Result) error {
	p := &r.Project
	h := head{key: r.Key, asOf: p.AsOf, sheet: uint32(s.Index), line: uint32(p.Line)}
	for _, id := range []record.AreaID{p.ZoneID, p.CountyID, p.CityID} {
		if id != "" {
			h.place = l.ranks[id]
			break
		}
	}
	if project.IsCode(p.Code) {
		h.code = hashCode(p.Code, h.place)
	}
	part := h.key
	if h.code != 0 {
		part = h.code
	}
	bucket := int(h.place)*ranges/(len(l.ranks)+1)*parts + int(part>>(64-bits.Len(parts-1)))
	buf := l.buckets.of(worker, bucket)
	buf.data = appendRow(buf.data, h, l.codec, p)
	return l.buckets.spillFull(bucket, buf)
}

// hashCode is FNV-1a of a code and its place, mixed so that all bits count.
func hashCode(code string, place uint32) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(code) {
		h = (h ^ uint64(code[i])) * 1099511628211
	}
	h = (h ^ uint64(place)) * 1099511628211
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return max(h, 1)
}

// Remarked writes remarks to the tables quarantine and flags.
func (l *loader) Remarked(s *Sheet, remarks []Remark) error {
	var kept []record.Quarantined
	var flags []record.Flag
	for _, m := range remarks {
		if m.Quarantined {
			kept = append(kept, s.quarantined(l.Words, m))
			continue
		}
		for _, f := range m.Findings {
			flags = append(flags, record.Flag{
				Campaign: l.Campaign, SourceID: m.Source, File: s.Ledger.File, Sheet: s.Info.Name, Line: int32(m.Line),
				Field: string(f.Field), Raw: f.Raw, Reason: f.Reason, Message: l.Words.Message(f, "en"),
			})
		}
	}
	if s.Ledger.Sources != nil {
		l.curated = append(l.curated, kept...)
	}
	if err := l.quarantine.Write(kept); err != nil {
		return err
	}
	return l.flags.Write(flags)
}

// quarantined is the row of the table quarantine for a remark: its first finding,
// with the others in the message.
func (s *Sheet) quarantined(words *sheet.Words, m Remark) record.Quarantined {
	first := m.Findings[0]
	q := record.Quarantined{
		Campaign: s.Ledger.Campaign, SourceID: m.Source, File: s.Ledger.File, Sheet: s.Info.Name, Line: int32(m.Line),
		Field: string(first.Field), Raw: first.Raw, RawRow: m.Raw, Reason: first.Reason, Candidates: first.Candidates,
		Message: words.Message(first, "en"),
	}
	for _, f := range m.Findings[1:] {
		q.Message += fmt.Sprintf(" | %s %q: %s", f.Field, f.Raw, words.Message(f, "en"))
	}
	return q
}

// account checks that every row read is somewhere, and writes how each sheet was
// understood.
func (l *loader) account() error {
	var sheets []record.LedgerSheet
	var columns []record.LedgerColumn
	for _, s := range l.sheets {
		c := s.Counts
		if sum := c.Loaded + c.Quarantined + c.Duplicates + c.Titles + c.Headers + c.Totals + c.Blanks + c.Notes; c.Read != sum {
			return fmt.Errorf("account for %s, sheet %q: %d rows read and %d accounted for", s.Ledger.File, s.Info.Name, c.Read, sum)
		}
		sheets = append(sheets, record.LedgerSheet{
			Campaign: l.Campaign, SourceID: s.Ledger.SourceID, File: s.Ledger.File, Sheet: s.Info.Name, Hidden: s.Info.Hidden,
			AsOf: s.asOf(), Read: c.Read, Loaded: c.Loaded, Quarantined: c.Quarantined, Duplicates: c.Duplicates, Titles: c.Titles,
			Headers: c.Headers, Totals: c.Totals, Blanks: c.Blanks, Notes: c.Notes, Synthetic: s.Ledger.Synthetic,
		})
		for _, c := range s.Layout.Columns {
			columns = append(columns, record.LedgerColumn{
				Campaign: l.Campaign, SourceID: s.Ledger.SourceID, Sheet: s.Info.Name, Position: int32(c.Position + 1), Header: c.Header,
				Field: string(c.Field), Unit: c.Unit, Status: string(c.Status), Nearest: c.Nearest,
			})
		}
	}
	if err := l.write("ledger_sheets", func() (lake.File, error) {
		return lake.WriteTable(l.Dir, "ledger_sheets", l.Campaign, sheets)
	}); err != nil {
		return err
	}
	return l.write("ledger_columns", func() (lake.File, error) {
		return lake.WriteTable(l.Dir, "ledger_columns", l.Campaign, columns)
	})
}

func (l *loader) write(table string, write func() (lake.File, error)) error {
	file, err := write()
	if err != nil {
		return err
	}
	l.files = append(l.files, Output{table, file})
	return nil
}

// asOf is the day for which most of the sheet speaks.
func (s *Sheet) asOf() record.Date {
	if s.Layout.AsOf != 0 {
		return s.Layout.AsOf
	}
	return s.Ledger.AsOf
}
