// Package bulletin reads the campaign's figures out of news pages: a text in,
// claims out, each with the words it rests on. A wrong number in a series is worse
// than a missing one, so a figure is claimed only when a rule can say of every part
// of it (stage, metric, area, period) which words decide it. What is likely but not
// certain comes back with a reason for review, and is kept out of the facts.
package bulletin

import "github.com/sanpi-data/sanpi/transforms/record"

// Text is one bulletin.
type Text struct {
	Body      string      // plain text; one paragraph a line, the title as the first
	Published record.Date // 0 when not known
}

// Reading is what a Text came to. Everything is in the order of the text.
type Reading struct {
	Claims   []Claim
	Projects []Project
	Passed   []Passed // figures that were read and are no claims
}

// Claim is one figure of a batch and the words it rests on.
type Claim struct {
	Round           record.RoundID // of Period round; "" when none of the campaign fits
	RoundLabel      string         // as printed; "" when the text names none
	AreaID          record.AreaID
	AreaAsPublished string // the words; "" when the area follows from elsewhere (全省, 我市)
	Universe        string // of datasets/words/universes.csv; "" as published
	Stage           record.Stage
	TotalOf         string // stages that a total adds, joined by +
	Metric          record.Metric
	Method          string // of a rate: what it divides
	Value           record.Value
	ValueAsPrinted  string
	Unit            string // as printed: 个, 亿元, billion yuan, %
	Approximate     bool
	Period          record.PeriodKind
	PeriodFrom      record.Date
	PeriodTo        record.Date

	Quote  Span   // the sentence
	Parts  []Part // the words inside it that decided, in order
	Rule   string // the rule that read it
	Review string // why somebody should look; "" when it is certain

	event Span // 全省 before the event's name, where it is unclear whose figure it is
}

// Span is a place in Text.Body, in bytes: Body[From:To].
type Span struct{ From, To int }

// Part is a word that decided a part of a claim.
type Part struct {
	Role Role
	Span
}

// Role is what a Part decides.
type Role string

const (
	AreaPart   Role = "area"
	StagePart  Role = "stage"
	MetricPart Role = "metric"
	ValuePart  Role = "value"
	PeriodPart Role = "period"
)

// Project is a project that a bulletin names.
type Project struct {
	Name          string
	Investor      string
	AreaID        record.AreaID // a zone where the text says so, else county or city; "" when not told
	Stage         record.Stage
	Round         record.RoundID
	InvestmentCNY *record.CNY
	Approximate   bool
	Quote         Span
	Review        string
}

// Passed is a figure that was read and is no claim.
type Passed struct {
	Figure Span
	Rule   string // the rule that set it aside, or "" when none claimed it
	Near   string // the claiming rule that came nearest
	Why    string // what that rule missed
}
