// Package sheet reads the rows of project ledgers (项目推进台账) as offices keep
// them: it finds the header by what the columns mean, reads each row into a
// record.Project or says why it cannot, and tells titles, sums and notes from
// projects. Which words mean what is data: datasets/words.
//
// The path of one sheet:
//
//	rows at its top ──Find──▶ Layout ──NewReader──▶ Reader
//	each row ──Reader.Read──▶ Result: Loaded | Quarantined | Title … Note
//
// A row is loaded whole or goes to quarantine whole. What a flag says was left
// out of a loaded row is kept as printed in the flag. No text is ever guessed at:
// a header, a zone, a date or an amount that is not understood is reported with
// what would be.
package sheet

import (
	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
)

// Field is what a column of a ledger holds.
type Field string

const (
	Code         Field = "code"
	Name         Field = "name"
	Zone         Field = "zone"
	City         Field = "city"
	County       Field = "county"
	Place        Field = "place" // an address in words
	Industry     Field = "industry"
	Investor     Field = "investor"
	Content      Field = "content"
	Investment   Field = "investment"
	Expected     Field = "expected_output"
	Actual       Field = "actual_output"
	InvestUnit   Field = "investment_unit"
	ExpectedUnit Field = "expected_output_unit"
	ActualUnit   Field = "actual_output_unit"
	Currency     Field = "currency"
	Approximate  Field = "approximate"
	StageNow     Field = "stage"
	SignedOn     Field = "signed_on"
	StartedOn    Field = "started_on"
	Commissioned Field = "commissioned_on"
	OnTargetOn   Field = "on_target_on"
	SignedRound  Field = "signed_round"
	Round        Field = "round"
	EventOn      Field = "event_on" // the day of the event that names the project
	StandardLand Field = "standard_land"
	Commitment   Field = "commitment"
	FullAgency   Field = "full_agency"
	ChainLeader  Field = "chain_leader"
	Obstacle     Field = "obstacle"
	AsOf         Field = "as_of"
	Note         Field = "note"
	SourceID     Field = "source_id"
	IndustryFrom Field = "industry_status"
	Ignored      Field = "-" // known, and no column of ours
)

// fields lists those that a header or a mapping may name.
var fields = []Field{
	Code, Name, Zone, City, County, Place, Industry, Investor, Content, Investment, Expected, Actual, InvestUnit, ExpectedUnit,
	ActualUnit, Currency, Approximate, StageNow, SignedOn, StartedOn, Commissioned, OnTargetOn, SignedRound, Round, EventOn,
	StandardLand, Commitment, FullAgency, ChainLeader, Obstacle, AsOf, Note, SourceID, IndustryFrom, Ignored,
}

// Context is what is known of a ledger before its rows are read.
type Context struct {
	Campaign  string
	SourceID  record.SourceID // of the edition; rows with a column source_id name their own
	File      string          // its name for people
	AsOf      record.Date     // the day for which it speaks; 0 when not known
	Today     record.Date     // no event lies after it
	Home      record.AreaID   // the campaign's area; "" when it has several
	Synthetic bool
	Areas     *area.Resolver
	Rounds    *round.Index
	HeldOn    map[record.RoundID]record.Date
	Sources   map[record.SourceID]record.Date // of a curated file: the sources it may name, with their days
}

// Outcome is what became of a row.
type Outcome uint8

const (
	Loaded Outcome = iota
	Quarantined
	Title  // above the header, or a heading among the rows
	Header // of the table, once more where the sheet repeats it
	Total  // 合计, 小计
	Blank
	Remark // below the table: 注, 填报人
)

// Result is what one row came to. Its texts are valid until the next Read.
type Result struct {
	Outcome  Outcome
	Project  record.Project // when loaded
	Key      uint64         // the project's id as a number
	Flags    []Finding      // what was left out of it, or looks wrong
	Problems []Finding      // why it is quarantined, the first first
}

// Finding is a remark on one field of a row.
type Finding struct {
	Field      Field
	Column     int // from 0; -1 for none
	Raw        string
	Reason     record.Reason
	Detail     string // what exactly, in English; may be ""
	Candidates []string
}
