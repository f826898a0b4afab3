// Package ledger brings project ledgers (项目推进台账) into the lake. It cuts files
// into blocks, has workers read their rows side by side, and joins the rows that
// speak of one project on one day:
//
//	files ─▶ blocks ─▶ rows ─┬▶ buckets by place ─▶ joined, sorted ─▶ projects, duplicates
//	                         └▶ remarks, in order ─▶ quarantine, flags
//
// Memory is bounded by the blocks and buckets in hand, not by the files. The
// output is the same for any number of workers.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

// Ledger is one file to read.
type Ledger struct {
	sheet.Context
	Data    io.ReaderAt
	Size    int64
	Mapping *sheet.Mapping // nil for none
	Limits  format.Limits
}

// Sheet is one sheet of a ledger as it was read.
type Sheet struct {
	Ledger *Ledger
	Index  int // among all sheets read, from 0
	Info   format.Sheet
	Layout *sheet.Layout
	Found  bool // whether a header was found
	Counts Counts
	Until  record.Date // the first day on which a row would be judged otherwise; 0 for none

	scale sheet.Scale
}

// Counts accounts for the rows of a sheet: what was read is what became of it.
type Counts struct {
	Read, Loaded, Quarantined, Duplicates  int64
	Titles, Headers, Totals, Blanks, Notes int64
}

func (c *Counts) add(o sheet.Outcome) {
	c.Read++
	switch o {
	case sheet.Loaded:
		c.Loaded++
	case sheet.Quarantined:
		c.Quarantined++
	case sheet.Title:
		c.Titles++
	case sheet.Header:
		c.Headers++
	case sheet.Total:
		c.Totals++
	case sheet.Blank:
		c.Blanks++
	case sheet.Remark:
		c.Notes++
	}
}

func (c *Counts) addAll(o Counts) {
	c.Read += o.Read
	c.Loaded += o.Loaded
	c.Quarantined += o.Quarantined
	c.Duplicates += o.Duplicates
	c.Titles += o.Titles
	c.Headers += o.Headers
	c.Totals += o.Totals
	c.Blanks += o.Blanks
	c.Notes += o.Notes
}

// Remark is what is to be said of one row: why it is quarantined, or what was
// left out of it.
type Remark struct {
	Line        int
	Source      record.SourceID
	Quarantined bool
	Raw         string // the row, when it is quarantined
	Findings    []sheet.Finding
}

// Sink takes what is read.
type Sink interface {
	// Loaded takes a project. The workers call it side by side, each with its
	// number; the project's texts are valid during the call.
	Loaded(worker int, s *Sheet, r *sheet.Result) error
	// Remarked takes the remarks on rows in the order of the files. One call is
	// over before the next begins.
	Remarked(s *Sheet, remarks []Remark) error
}

// Meter counts what has been read while it is being read.
type Meter struct {
	Rows, Bytes, Total atomic.Int64
}

// Read reads the ledgers in order with the given number of workers. meter may be
// nil. An error of one file ends the reading; a file that cannot be read at all
// is a *format.UnreadableError.
func Read(ctx context.Context, ledgers []Ledger, words *sheet.Words, workers int, sink Sink, meter *Meter) ([]*Sheet, error) {
	if meter == nil {
		meter = &Meter{}
	}
	for i := range ledgers {
		meter.Total.Add(ledgers[i].Size)
	}
	workers = max(1, workers)
	r := &run{words: words, sink: sink, meter: meter, pending: map[int]done{}}
	group, ctx := errgroup.WithContext(ctx)
	// As many blocks wait as are in work, so that neither side stands still.
	tasks := make(chan task, workers)
	group.Go(func() error {
		defer close(tasks)
		for i := range ledgers {
			if err := r.cut(ctx, &ledgers[i], tasks); err != nil {
				return err
			}
		}
		return nil
	})
	for n := range workers {
		group.Go(func() error { return r.work(ctx, n, tasks) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return r.sheets, nil
}

// run is one Read.
type run struct {
	words  *sheet.Words
	sink   Sink
	meter  *Meter
	sheets []*Sheet
	next   int // number of the next task

	mu      sync.Mutex
	turn    int          // the task whose remarks are due
	pending map[int]done // those that came before their turn
}

type task struct {
	number int
	sheet  *Sheet
	block  format.Block
}

// done is what a task came to.
type done struct {
	sheet   *Sheet
	counts  Counts
	remarks []Remark
	until   record.Date
}

// cut sends the blocks of a file to the workers.
func (r *run) cut(ctx context.Context, l *Ledger, tasks chan<- task) error {
	file, err := format.Open(l.File, l.Data, l.Size, l.Limits)
	if err != nil {
		return err
	}
	defer file.Close()
	found, headed := false, false
	for _, table := range file.Tables() {
		s := &Sheet{Ledger: l, Index: len(r.sheets), Info: table.Sheet()}
		blocks, err := r.top(table, s, !headed)
		for _, b := range blocks {
			if sendErr := r.send(ctx, tasks, s, b); sendErr != nil {
				return sendErr
			}
		}
		r.sheets = append(r.sheets, s)
		found = found || s.Found || s.Layout.Remarks
		headed = headed || s.Found
		for err == nil {
			var b format.Block
			if b, err = table.Next(); err == nil {
				err = r.send(ctx, tasks, s, b)
			}
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
	if !found {
		return &format.UnreadableError{
			File: l.File, What: fmt.Sprintf("no header with a project name (项目名称) was found in the first %d rows", sheet.TopRows),
			Mend: "name the columns in one row, or give a mapping file beside it (see sanpi ledger check --help)",
		}
	}
	return nil
}

// top reads blocks until the header must have come, and understands it. The
// error, io.EOF too, is that of the table.
func (r *run) top(table format.Table, s *Sheet, first bool) (blocks []format.Block, err error) {
	var rows []sheet.Top
	for len(rows) < sheet.TopRows && err == nil {
		var b format.Block
		if b, err = table.Next(); err != nil {
			break
		}
		blocks = append(blocks, b)
		for row := range b.Rows() {
			if rows = append(rows, sheet.KeepTop(row)); len(rows) == sheet.TopRows {
				break
			}
		}
	}
	s.Layout, s.Found = sheet.Find(s.Info.Name, rows, *r.words, s.Ledger.Mapping)
	if s.Info.Hidden && !s.Found {
		// The lists behind drop-downs, as a rule.
		s.Layout.Remarks = true
	}
	if s.Found {
		reader := sheet.NewReader(&s.Ledger.Context, r.words, s.Layout, s.Info, sheet.Scale{})
		scale, synthetic := reader.Learn(func(yield func(*format.Row) bool) {
			for _, b := range blocks {
				for row := range b.Rows() {
					if !yield(row) {
						return
					}
				}
			}
		})
		s.scale = scale
		if first {
			// A ledger is generated or real as a whole, and its first sheet says
			// which.
			s.Ledger.Synthetic = s.Ledger.Synthetic || synthetic || s.Layout.Synthetic
		}
	}
	return blocks, err
}

func (r *run) send(ctx context.Context, tasks chan<- task, s *Sheet, b format.Block) error {
	t := task{r.next, s, b}
	r.next++
	select {
	case tasks <- t:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// work reads the rows of blocks until there are no more.
func (r *run) work(ctx context.Context, worker int, tasks <-chan task) error {
	var reader *sheet.Reader
	var current *Sheet
	for t := range tasks {
		if err := ctx.Err(); err != nil {
			return err
		}
		if t.sheet != current {
			current, reader = t.sheet, nil
			if t.sheet.Found {
				reader = sheet.NewReader(&t.sheet.Ledger.Context, r.words, t.sheet.Layout, t.sheet.Info, t.sheet.scale)
			}
		}
		d, err := r.read(worker, t, reader)
		if err != nil {
			return err
		}
		r.meter.Bytes.Add(t.block.Bytes())
		r.meter.Rows.Add(d.counts.Read)
		t.block.Release()
		if err := r.deliver(t.number, d); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) read(worker int, t task, reader *sheet.Reader) (done, error) {
	d := done{sheet: t.sheet}
	for row := range t.block.Rows() {
		var res *sheet.Result
		if reader != nil {
			res = reader.Read(row)
		} else {
			res = headless(t.sheet.Layout, row)
		}
		d.counts.add(res.Outcome)
		switch {
		case res.Outcome == sheet.Quarantined:
			d.remarks = append(d.remarks, remark(t.sheet, row, res, res.Problems))
		case res.Outcome == sheet.Loaded:
			if len(res.Flags) > 0 {
				d.remarks = append(d.remarks, remark(t.sheet, row, res, res.Flags))
			}
			if err := r.sink.Loaded(worker, t.sheet, res); err != nil {
				return d, err
			}
		}
	}
	if reader != nil {
		d.until = reader.Until()
	}
	return d, nil
}

func remark(s *Sheet, row *format.Row, res *sheet.Result, findings []sheet.Finding) Remark {
	m := Remark{Line: row.Line, Source: s.Ledger.SourceID, Quarantined: res.Outcome == sheet.Quarantined}
	if id := res.Project.SourceID; id != "" {
		m.Source = record.SourceID(strings.Clone(string(id)))
	}
	if m.Quarantined {
		m.Raw = sheet.RawRow(row)
	}
	m.Findings = append(m.Findings, findings...)
	return m
}

// headless is what a row comes to in a sheet without a header.
func headless(l *sheet.Layout, row *format.Row) *sheet.Result {
	blank := row.Damage == ""
	for _, c := range row.Cells {
		blank = blank && len(strings.TrimSpace(string(c.Text))) == 0
	}
	switch {
	case blank:
		return &sheet.Result{Outcome: sheet.Blank}
	case l.Remarks:
		return &sheet.Result{Outcome: sheet.Remark}
	}
	reason := record.Reason("no_header")
	if row.Damage != "" {
		reason = record.Reason(row.Damage)
	}
	return &sheet.Result{Outcome: sheet.Quarantined, Problems: []sheet.Finding{{Column: -1, Raw: sheet.RawRow(row), Reason: reason}}}
}

// deliver hands remarks on when those of all tasks before have been.
func (r *run) deliver(number int, d done) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending[number] = d
	for {
		d, ok := r.pending[r.turn]
		if !ok {
			return nil
		}
		delete(r.pending, r.turn)
		r.turn++
		d.sheet.Counts.addAll(d.counts)
		if d.until != 0 && (d.sheet.Until == 0 || d.until < d.sheet.Until) {
			d.sheet.Until = d.until
		}
		if len(d.remarks) == 0 {
			continue
		}
		if err := r.sink.Remarked(d.sheet, d.remarks); err != nil {
			return err
		}
	}
}
