package round

import (
	"fmt"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// AmbiguousError says that several rounds fit: by the label, or one by the label
// and another by the day.
type AmbiguousError struct {
	Label      string
	Candidates []record.RoundID // sorted, at least two
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("round label %q is ambiguous: it may be any of %v; write the round's id, or add the label as printed to round_labels.csv",
		e.Label, e.Candidates)
}

// UnknownError says that no round fits.
type UnknownError struct {
	Label string
	On    record.Date // the day asked about; 0 when not known
	Err   error       // why the label gives no number, perhaps ErrSpan; nil if it gives one
}

func (e *UnknownError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("round is not known: %v", e.Err)
	}
	day := ""
	if e.On != 0 {
		day = " on " + e.On.String()
	}
	return fmt.Sprintf("round label %q%s fits no round; add the round to rounds.csv, or its label to round_labels.csv", e.Label, day)
}

// Unwrap returns why the label gives no number.
func (e *UnknownError) Unwrap() error { return e.Err }
