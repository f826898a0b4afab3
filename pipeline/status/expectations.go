package status

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// ExpectationsFile is where a folder of datasets declares what an operator expects.
const ExpectationsFile = "watch/expectations.csv"

// Kind is what an Expectation bounds.
type Kind string

const (
	VersionAge  Kind = "version_age" // since the last run that ended well
	SourceAge   Kind = "source_age"  // since an address was last fetched; subject: its beginning
	EditionAge  Kind = "edition_age" // since the day for which the newest ledger of a campaign speaks; subject: the campaign
	Fall        Kind = "fall"        // of a relation's rows against the version before; subject: the relation
	Rise        Kind = "rise"
	Quarantined Kind = "quarantined" // share of the rows of ledgers that were kept back
	FreeDisk    Kind = "free_disk"
)

// Expectation is one line of the file. Of several that fit a subject the longest
// subject counts, and of equal ones the last.
type Expectation struct {
	Kind    Kind
	Subject string // "" for all
	Age     time.Duration
	Share   float64 // 0.1 of 10 %
	Bytes   uint64
	Note    string
}

// ReadExpectations reads them from the last folder that has any; none when no folder
// has. A line that cannot be read is an error that names it.
func ReadExpectations(folders ...fs.FS) ([]Expectation, error) {
	for _, fsys := range slices.Backward(folders) {
		f, err := fsys.Open(ExpectationsFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("read %s: %w", ExpectationsFile, err)
		}
		defer f.Close()
		return parseExpectations(f)
	}
	return nil, nil
}

func parseExpectations(r io.Reader) ([]Expectation, error) {
	lines := csv.NewReader(r)
	lines.FieldsPerRecord = 4
	rows, err := lines.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w; it has the columns expectation,subject,bound,note", ExpectationsFile, err)
	}
	if len(rows) == 0 || strings.TrimPrefix(strings.Join(rows[0], ","), "\ufeff") != "expectation,subject,bound,note" {
		return nil, fmt.Errorf("read %s: its first line must be expectation,subject,bound,note", ExpectationsFile)
	}
	var all []Expectation
	for i, row := range rows[1:] {
		e := Expectation{Kind: Kind(row[0]), Subject: row[1], Note: row[3]}
		if err := e.parseBound(row[2]); err != nil {
			return nil, fmt.Errorf("read %s, line %d: %w", ExpectationsFile, i+2, err)
		}
		all = append(all, e)
	}
	return all, nil
}

func (e *Expectation) parseBound(text string) (err error) {
	switch e.Kind {
	case VersionAge, SourceAge, EditionAge:
		if e.Age, err = ParseAge(text); err != nil || e.Age <= 0 {
			return fmt.Errorf("bound %q of %s is no span of time; write 36h or 7d", text, e.Kind)
		}
	case Fall, Rise, Quarantined:
		percent, ok := strings.CutSuffix(text, "%")
		share, err := strconv.ParseFloat(percent, 64)
		if !ok || err != nil || !(share >= 0) {
			return fmt.Errorf("bound %q of %s is no share; write 10%%", text, e.Kind)
		}
		e.Share = share / 100
	case FreeDisk:
		if e.Bytes, err = humanize.ParseBytes(text); err != nil {
			return fmt.Errorf("bound %q of %s is no size; write 1GiB", text, e.Kind)
		}
	default:
		return fmt.Errorf("expectation %q is not known; use one of version_age, source_age, edition_age, fall, rise, quarantined, free_disk", e.Kind)
	}
	return nil
}

// ParseAge reads a span of time, in days too: 36h, 7d.
func ParseAge(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

// of is the expectation that bounds a subject; ok is false when none does.
func of(all []Expectation, kind Kind, subject string) (best Expectation, ok bool) {
	for _, e := range all {
		if e.Kind == kind && fits(e, subject) && (!ok || len(e.Subject) >= len(best.Subject)) {
			best, ok = e, true
		}
	}
	return best, ok
}

// fits compares whole names, and the beginnings of addresses and of a table's name
// before its campaign.
func fits(e Expectation, subject string) bool {
	if e.Kind == SourceAge {
		return strings.HasPrefix(subject, e.Subject)
	}
	return e.Subject == "" || e.Subject == subject || strings.HasPrefix(subject, e.Subject+"/")
}
