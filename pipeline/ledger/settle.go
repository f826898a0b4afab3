package ledger

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/transforms/project"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Tests make them small.
var (
	fileBytes int64 = 24 << 20 // of encoded rows that make a file of their own
	heldBytes int64 = 16 << 20 // of encoded rows that a worker holds at once
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
		size += l.size(r*parts, r*parts+parts)
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

// size is how many bytes buckets hold together.
func (l *loader) size(from, to int) int64 {
	var size int64
	for b := from; b < to; b++ {
		size += l.buckets.size(b)
	}
	return size
}

// settler writes one file at a time; its memory serves the next.
type settler struct {
	*loader
	writer  *lake.Writer[record.Project]
	data    []byte
	entries []entry
	rows    [][]byte
	grouped int // rows in the row group in work

	duplicates []record.Duplicate
	joined     map[uint32]int64 // rows joined to another, by sheet
}

func (s *settler) file(part int, run span) (lake.File, error) {
	s.duplicates, s.joined, s.grouped = nil, map[uint32]int64{}, 0
	w, err := lake.NewPart[record.Project](s.Dir, "projects", s.Campaign, part, "zone_id", "project_id", "as_of")
	if err != nil {
		return lake.File{}, err
	}
	defer w.Discard()
	s.writer = w
	for r := run.from; r < run.to; r++ {
		first := r * parts
		if s.size(first, first+parts) <= heldBytes {
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
	s.data = slices.Grow(s.data[:0], int(s.size(from, to)))
	for b := from; b < to; b++ {
		if s.data, err = s.buckets.read(s.data, b); err != nil {
			return err
		}
	}
	s.entries = index(s.data, s.entries[:0])
	group(s.entries)
	sortEntries(s.entries)
	s.rows = s.rows[:0]
	for i := 0; i < len(s.entries); {
		n := 1
		for i+n < len(s.entries) && s.entries[i].sameProject(s.entries[i+n]) {
			n++
		}
		s.rows = append(s.rows, s.merged(s.entries[i:i+n]))
		i += n
	}
	if err := s.writer.WriteEncoded(s.rows); err != nil {
		return err
	}
	if s.grouped += len(s.rows); s.grouped > 1<<14 {
		// What follows is read apart from these rows.
		s.grouped = 0
		return s.writer.EndGroup()
	}
	return nil
}

// sameProject reports whether two rows speak of one project on one day.
func (e entry) sameProject(other entry) bool {
	return e.group == other.group && e.asOf == other.asOf && e.place == other.place
}

func (s *settler) row(e entry) []byte { return s.data[e.at+headSize:] }

// merged is the one row of a project and day, the others joined to the first.
func (s *settler) merged(entries []entry) []byte {
	first := entries[0]
	row := s.row(first)
	if first.group != first.key {
		setID(row, first.group)
	}
	if len(entries) == 1 {
		return row
	}
	var kept, other record.Project
	s.codec.Decode(row, &kept)
	for _, e := range entries[1:] {
		s.codec.Decode(s.row(e), &other)
		s.duplicates = append(s.duplicates, record.Duplicate{
			Campaign: s.Campaign, ProjectID: own(kept.ProjectID), AsOf: e.asOf, SourceID: own(other.SourceID), Sheet: own(other.Sheet),
			Line: other.Line, KeptSourceID: own(kept.SourceID), KeptSheet: own(kept.Sheet), KeptLine: kept.Line,
			Differs: project.Join(&kept, &other),
		})
		s.joined[e.sheet]++
	}
	return s.codec.Append(nil, &kept)
}

// own is a text that outlives the rows in hand.
func own[T ~string](text T) T { return T([]byte(text)) }

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
	o.pending[i] = s.duplicates
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
