package round

import (
	"errors"
	"slices"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// implied is the record.RoundLabel.Counting of a name that nobody printed and
// that only follows from other names.
const implied = "implied"

// Index finds rounds of one campaign by label and day. It is immutable and safe
// for concurrent use.
type Index struct {
	numbering record.Numbering
	byID      map[string]*entry
	byDay     map[record.Date][]*entry
	byText    map[string][]*entry // printed labels, folded
	byNumber  map[Label][]*entry  // the campaign's own count, and the numbers of all labels
}

// entry is a round and the numbers that it answers to.
type entry struct {
	id      record.RoundID
	year    int
	numbers []Label
}

// NewIndex indexes the rounds of a campaign and their labels. A label of a round
// that does not exist is ignored here: the loader of the campaign reports it.
func NewIndex(numbering record.Numbering, rounds []record.Round, labels []record.RoundLabel) *Index {
	x := &Index{
		numbering: numbering,
		byID:      map[string]*entry{},
		byDay:     map[record.Date][]*entry{},
		byText:    map[string][]*entry{},
		byNumber:  map[Label][]*entry{},
	}
	for _, r := range rounds {
		e := &entry{id: r.Round, year: r.HeldOn.Year()}
		if r.Year != nil {
			e.year = int(*r.Year)
		}
		x.byID[fold(string(r.Round))] = e
		if r.HeldOn != 0 {
			x.byDay[r.HeldOn] = append(x.byDay[r.HeldOn], e)
		}
		x.addOrdinal(e, r.Ordinal)
		x.addLabel(e, r.Label, true)
	}
	for _, l := range labels {
		if e, ok := x.byID[fold(string(l.Round))]; ok {
			x.addOrdinal(e, l.Ordinal)
			x.addLabel(e, l.Label, l.Counting != implied)
		}
	}
	return x
}

// addOrdinal files a round under a number in the campaign's count. A campaign
// without a common count has none: there labels only tell rounds apart.
func (x *Index) addOrdinal(e *entry, ordinal *int32) {
	switch {
	case ordinal == nil:
	case x.numbering == record.ByYear && e.year != 0:
		x.addNumber(e, Label{Year: e.year, Ordinal: int(*ordinal)})
	case x.numbering == record.Running:
		x.addNumber(e, Label{Running: int(*ordinal)})
	}
}

// addLabel files a round under a label and under the number that it gives. An
// implied label counts for its number only: it is not evidence that 2020年第一期
// was ever the name of just this round.
func (x *Index) addLabel(e *entry, text string, printed bool) {
	if key := fold(text); printed && key != "" {
		x.byText[key] = append(x.byText[key], e)
	}
	if l, err := Parse(text); err == nil {
		x.addNumber(e, x.number(l))
	}
}

func (x *Index) addNumber(e *entry, number Label) {
	x.byNumber[number] = append(x.byNumber[number], e)
	e.numbers = append(e.numbers, number)
}

// number is a label as the campaign tells its rounds apart. Within one count
// papers move from 期 to 次, so the counter says nothing; only where there is no
// common count are 第二期 and 第二批 two things.
func (x *Index) number(l Label) Label {
	if x.numbering != record.ByLabel {
		l.Counter = ""
	}
	return l
}

// Resolve returns the one round that a label names in a text about the day on;
// 0 is not known. The text of a round's id is accepted as a label. The error is
// an *AmbiguousError or an *UnknownError.
//
// The day decides if just one round was held then and the label does not speak
// against it. Otherwise the round is the one that prints the label, or else the
// one that its number fits. When the day names one round and the label another,
// both are candidates.
func (x *Index) Resolve(label string, on record.Date) (record.RoundID, error) {
	if e, ok := x.byID[fold(label)]; ok {
		return e.id, nil
	}
	number, err := Parse(label)
	q := query{label: label, on: on, number: x.number(number), err: err}
	q.named = x.byText[fold(label)]
	if len(q.named) == 0 && err == nil {
		q.named = x.byNumber[q.number]
	}
	var agree []*entry
	for _, e := range x.byDay[on] {
		if q.agrees(e) {
			agree = append(agree, e)
		}
	}
	switch {
	case len(agree) > 0:
		return q.one(agree)
	case len(q.named) > 0:
		return q.one(slices.Concat(q.named, x.byDay[on]))
	}
	return "", &UnknownError{label, on, err}
}

// query is a label and what it may mean whatever the day.
type query struct {
	label  string
	on     record.Date
	number Label
	err    error // why the label has no number
	named  []*entry
}

// agrees reports whether a round that was held on the day may bear the label. A
// label without a number agrees unless it gives another year or month; one that
// counts rounds, or whose form is not known, never does.
func (q query) agrees(e *entry) bool {
	month := int(q.on.Time().Month())
	switch {
	case len(q.named) > 0:
		return slices.Contains(q.named, e)
	case fold(q.label) == "":
		return true
	case q.number.Year != 0 && q.number.Year != e.year:
		return false
	case q.err != nil:
		m := anyMonth.FindStringSubmatch(fold(q.label))
		return errors.Is(q.err, ErrNoNumber) && (m == nil || readNumber(m[1]) == month)
	case q.number.Quarter != 0:
		return q.number.Quarter == (month+2)/3
	}
	// The year is left out (第三次), or added to a running number (2023年第八期).
	return slices.ContainsFunc(e.numbers, func(n Label) bool {
		return n.Counter == q.number.Counter && n.Ordinal+n.Running == q.number.Ordinal+q.number.Running
	})
}

// one returns the round of the entries if they are one.
func (q query) one(entries []*entry) (record.RoundID, error) {
	var ids []record.RoundID
	for _, e := range entries {
		ids = append(ids, e.id)
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) > 1 {
		return "", &AmbiguousError{q.label, ids}
	}
	return ids[0], nil
}
