package ledger

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"sync"
	"unsafe"

	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/transforms/project"
	"github.com/sanpi-data/sanpi/transforms/record"
)

const (
	fileBytes = 24 << 20 // of encoded rows that make a file of their own
	heldBytes = 32 << 20 // of encoded rows that a worker holds at once
)

// settle joins the rows of the buckets and writes projects and duplicates. The
// files follow each other in the order of the table.
func (l *loader) settle(ctx context.Context) error {
	plan := l.plan()
	files := make([]lake.File, len(plan))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, l.Workers))
	duplicates, err := lake.NewWriter[record.Duplicate](l.Dir, "duplicates", l.Campaign)
	if err != nil {
		return err
	}
	defer duplicates.Discard()
	order := newOrder(duplicates)
	pool := sync.Pool{New: func() any { return &settler{loader: l} }}
	for i, run := range plan {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			s := pool.Get().(*settler)
			defer pool.Put(s)
			var err error
			if files[i], err = s.file(i, run); err != nil {
				return err
			}
			return order.take(i, s)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, f := range files {
		l.files = append(l.files, Output{"projects", f})
	}
	return finish(l, "duplicates", duplicates)
}

// span is a run of ranges that make one file.
type span struct{ from, to int }

// plan cuts the ranges into files.
func (l *loader) plan() []span {
	var plan []span
	from, size := 0, int64(0)
	for r := range ranges {
		size += l.rangeSize(r)
		if size >= fileBytes {
			plan = append(plan, span{from, r + 1})
			from, size = r+1, 0
		}
	}
	if size > 0 || len(plan) == 0 {
		plan = append(plan, span{from, ranges})
	}
	return plan
}

func (l *loader) rangeSize(r int) int64 {
	var size int64
	for part := range parts {
		size += l.buckets.size(r*parts + part)
	}
	return size
}

// settler writes one file at a time; its memory serves the next.
type settler struct {
	*loader
	writer  *lake.Writer[record.Project]
	data    []byte
	entries []entry

	batch   [512]record.Project
	amounts [512]numbers
	ids     [512][17]byte
	filled  int
	last    entry // the row in the last filled place
	rows    int   // in the row group in work

	duplicates []record.Duplicate
	joined     map[uint32]int64 // rows joined to another, by sheet
}

func (s *settler) file(part int, run span) (lake.File, error) {
	s.duplicates, s.joined, s.filled, s.rows = nil, map[uint32]int64{}, 0, 0
	w, err := lake.NewPart[record.Project](s.Dir, "projects", s.Campaign, part, "zone_id", "project_id", "as_of")
	if err != nil {
		return lake.File{}, err
	}
	defer w.Discard()
	s.writer = w
	for r := run.from; r < run.to; r++ {
		first := r * parts
		if s.rangeSize(r) <= heldBytes {
			err = s.join(first, first+parts)
		} else {
			// Too large to be held: part by part. The rows of one code, or of one
			// name without a code, are in one part.
			for b := first; b < first+parts && err == nil; b++ {
				err = s.join(b, b+1)
			}
		}
		if err != nil {
			return lake.File{}, err
		}
	}
	return w.Close()
}

// join reads buckets, joins their rows and writes them.
func (s *settler) join(from, to int) (err error) {
	s.data, s.entries = s.data[:0], s.entries[:0]
	for b := from; b < to; b++ {
		if s.data, err = s.buckets.read(s.data, b); err != nil {
			return err
		}
	}
	s.entries = index(s.data, s.entries)
	group(s.entries)
	sortEntries(s.entries)
	for i := range s.entries {
		if err := s.add(s.entries[i]); err != nil {
			return err
		}
	}
	if err := s.flush(); err != nil {
		return err
	}
	if s.rows > 1<<14 {
		// A range's rows are read without their neighbours'.
		s.rows = 0
		return s.writer.EndGroup()
	}
	return nil
}

// add takes the next row in order: into the row before it, if that is the same
// project on the same day, or else behind it.
func (s *settler) add(e entry) error {
	if s.filled > 0 && s.last.group == e.group && s.last.asOf == e.asOf && s.last.place == e.place {
		s.addDuplicate(e)
		return nil
	}
	if s.filled == len(s.batch) {
		if err := s.flush(); err != nil {
			return err
		}
	}
	p := &s.batch[s.filled]
	s.decode(e, p, &s.amounts[s.filled])
	id := &s.ids[s.filled]
	p.ProjectID = projectID(e.group, id)
	s.filled++
	s.last = e
	return nil
}

func projectID(group uint64, id *[17]byte) record.ProjectID {
	var key [8]byte
	binary.BigEndian.PutUint64(key[:], group)
	id[0] = 'p'
	hex.Encode(id[1:], key[:])
	return record.ProjectID(unsafe.String(&id[0], len(id)))
}

func (s *settler) decode(e entry, p *record.Project, n *numbers) {
	readProject(s.data[e.at:], s.Campaign, p, n)
	sheet := s.sheets[e.sheet]
	p.Sheet = sheet.Info.Name
	if p.SourceID == "" {
		p.SourceID = sheet.Ledger.SourceID
	}
}

func (s *settler) addDuplicate(e entry) {
	kept := &s.batch[s.filled-1]
	other, amounts := new(record.Project), new(numbers)
	s.decode(e, other, amounts)
	s.duplicates = append(s.duplicates, record.Duplicate{
		Campaign: s.Campaign, ProjectID: projectID(e.group, new([17]byte)), AsOf: e.asOf, SourceID: s.own(other.SourceID, e), Sheet: other.Sheet,
		Line: other.Line, KeptSourceID: s.own(kept.SourceID, s.last), KeptSheet: kept.Sheet, KeptLine: kept.Line,
		Differs: project.Join(kept, other),
	})
	s.joined[e.sheet]++
}

// own is a source's id that outlives the rows in hand.
func (s *settler) own(id record.SourceID, e entry) record.SourceID {
	if l := s.sheets[e.sheet].Ledger; l.SourceID == id {
		return l.SourceID
	}
	return record.SourceID([]byte(id))
}

func (s *settler) flush() error {
	if s.filled == 0 {
		return nil
	}
	if err := s.writer.Write(s.batch[:s.filled]); err != nil {
		return err
	}
	s.rows += s.filled
	s.filled = 0
	return nil
}

// order writes duplicates in the order of the files, whichever is done first.
type order struct {
	mu      sync.Mutex
	writer  *lake.Writer[record.Duplicate]
	turn    int
	pending map[int][]record.Duplicate
}

func newOrder(w *lake.Writer[record.Duplicate]) *order {
	return &order{writer: w, pending: map[int][]record.Duplicate{}}
}

func (o *order) take(i int, s *settler) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for sheet, n := range s.joined {
		s.sheets[sheet].Counts.Loaded -= n
		s.sheets[sheet].Counts.Duplicates += n
	}
	o.pending[i] = slices.Clone(s.duplicates)
	for {
		rows, ok := o.pending[o.turn]
		if !ok {
			return nil
		}
		delete(o.pending, o.turn)
		o.turn++
		if err := o.writer.Write(rows); err != nil {
			return err
		}
	}
}
