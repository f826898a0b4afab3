package campaign

import (
	"fmt"
	"strings"
)

// Problem is one thing that keeps a campaign's folder from being loaded: where
// it stands and how to mend it.
type Problem struct {
	File   string
	Line   int    // 0 for the file as a whole
	Column int    // position of the field in its row, from 1; 0 for the row as a whole
	Field  string // the column's name
	What   string // what is wrong, and the mend
}

func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where += fmt.Sprintf(", line %d", p.Line)
	}
	if p.Column > 0 {
		where += fmt.Sprintf(", column %d (%s)", p.Column, p.Field)
	}
	return where + ": " + p.What
}

// InvalidError lists everything that is wrong with a campaign's folder, so that
// one look mends it all. Nothing of such a campaign is loaded.
type InvalidError struct {
	Campaign string
	Problems []Problem
}

const problemsShown = 20

func (e *InvalidError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "campaign %q cannot be loaded, %d to mend:", e.Campaign, len(e.Problems))
	for i, p := range e.Problems {
		if i == problemsShown {
			fmt.Fprintf(&b, "\n  … and %d more", len(e.Problems)-i)
			break
		}
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}
