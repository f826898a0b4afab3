package synthetic

import (
	"fmt"
	"iter"
	"math/bits"
	"strings"
)

// Kind is a kind of mess.
type Kind uint8

// Kinds is a set of them.
type Kinds uint64

// Has reports whether the set holds a kind.
func (s Kinds) Has(k Kind) bool { return s>>k&1 == 1 }

// each yields the kinds of the set, the first first.
func (s Kinds) each() iter.Seq[Kind] {
	return func(yield func(Kind) bool) {
		for ; s != 0; s &= s - 1 {
			if !yield(Kind(bits.TrailingZeros64(uint64(s)))) {
				return
			}
		}
	}
}

const (
	Clean Kind = iota // no mess: to ask for a clean ledger by name
	// Of cells.
	Dates
	Months
	Plans
	Amounts
	Ranges
	Foreign
	ZoneNames
	Marks
	Stages
	RoundIDs
	Blanks
	Spaces
	Breaks
	// Of the sheet.
	EmptyLines
	Titles
	Headings
	Headers
	Sums
	Notes
	Duplicates
	// Damage: the row must be kept back.
	BadDates
	BadAmounts
	BadMarks
	BadStages
	UnknownZones
	AmbiguousZones
	NoNames
	WrongOrder
	Futures
	WrongUnits
	kindCount
)

// damage is how large a share of the rows is damaged, all kinds together, where
// every cell is messy.
const damage = 0.05

// kinds describes each kind. share is how many of a hundred projects, divided by
// a hundred, one such row follows where Mess is 1.
var kinds = [kindCount]struct {
	name, help string
	share      float64
}{
	Clean:          {"clean", "nothing but the clean form", 0},
	Dates:          {"dates", "days as 2021年3月5日, 2021.3.5, 2021/3/5, 20210305, 44260, 二〇二一年三月五日, full-width digits", 0},
	Months:         {"months", "days of which only the month is given: 2021年3月, 2021.3", 0},
	Plans:          {"plans", "plans where an event belongs: 计划2021年底", 0},
	Amounts:        {"amounts", "amounts as 12.50亿元, 125000万元, 125,000万元, 约12.5, 12.5亿, full-width digits", 0},
	Ranges:         {"ranges", "ranges where one amount belongs: 10-15", 0},
	Foreign:        {"foreign", "amounts in another currency: 1500万美元", 0},
	ZoneNames:      {"zone-names", "zones by another name, with spaces or full-width brackets", 0},
	Marks:          {"marks", "yes and no as √ × Y N 1 0", 0},
	Stages:         {"stages", "stages in other words: 已签约, 开工建设, 在建, 已投产", 0},
	RoundIDs:       {"round-ids", "rounds by id instead of label", 0},
	Blanks:         {"blanks", "/, —, 无, 待定 where nothing is known", 0},
	Spaces:         {"spaces", "stray spaces around cells", 0},
	Breaks:         {"breaks", "line breaks within quoted cells", 0},
	EmptyLines:     {"empty-lines", "empty lines and rows of empty cells", 0.02},
	Titles:         {"titles", "more title rows above the header", 0},
	Headings:       {"headings", "headings among the rows: 一、新签约项目", 0.005},
	Headers:        {"headers", "the header once more among the rows", 0.005},
	Sums:           {"sums", "小计 and 合计 rows", 0.01},
	Notes:          {"notes", "notes under the table", 0},
	Duplicates:     {"duplicates", "rows that stand twice, the second as it is or with its dates in another form", 0.03},
	BadDates:       {"bad-dates", "days that do not exist: 2021年13月45日", 0},
	BadAmounts:     {"bad-amounts", "amounts that nobody can read: 十几个亿吧", 0},
	BadMarks:       {"bad-marks", "marks that are neither yes nor no", 0},
	BadStages:      {"bad-stages", "words that name no stage", 0},
	UnknownZones:   {"unknown-zones", "zones that do not exist", 0},
	AmbiguousZones: {"ambiguous-zones", "names that fit several zones", 0},
	NoNames:        {"no-names", "projects without a name", 0},
	WrongOrder:     {"wrong-order", "starts before the signing", 0},
	Futures:        {"futures", "events after the day of the ledger", 0},
	WrongUnits:     {"wrong-units", "figures in 万元 in a column of 亿元", 0},
}

func (k Kind) String() string { return kinds[k].name }

// Help says in English what a kind is.
func (k Kind) Help() string { return kinds[k].help }

// AllKinds lists the kinds in the order of the documentation.
func AllKinds() []Kind {
	all := make([]Kind, kindCount)
	for k := range all {
		all[k] = Kind(k)
	}
	return all
}

// ParseKind reads the name of a kind.
func ParseKind(name string) (Kind, error) {
	for k := range kindCount {
		if kinds[k].name == name {
			return k, nil
		}
	}
	names := make([]string, kindCount)
	for k := range kindCount {
		names[k] = kinds[k].name
	}
	return 0, fmt.Errorf("unknown kind of mess %q; use one of %s", name, strings.Join(names, ", "))
}
