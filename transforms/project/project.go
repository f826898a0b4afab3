// Package project joins rows that speak of one project on one day, and tells
// which rows are one project at all: those of a zone that bear one office code,
// or one name and investor.
package project

import (
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Join takes from a second row of a project and day what the kept row lacks, and
// returns the columns in which the two differ, parted by ";". Where they differ
// the kept row stands.
//
// What a row says of itself, where it stands and its remarks, is not joined.
func Join(kept, other *record.Project) (differs string) {
	j := joiner{}
	text(&j, "code", &kept.Code, other.Code)
	same(&j, "name", kept.Name, other.Name)
	text(&j, "zone_id", &kept.ZoneID, other.ZoneID)
	text(&j, "city_id", &kept.CityID, other.CityID)
	text(&j, "county_id", &kept.CountyID, other.CountyID)
	text(&j, "industry", &kept.Industry, other.Industry)
	if kept.IndustryStatus == "" {
		kept.IndustryStatus = other.IndustryStatus
	}
	same(&j, "investor", kept.Investor, other.Investor)
	text(&j, "content", &kept.Content, other.Content)
	number(&j, "investment_cny", &kept.InvestmentCNY, other.InvestmentCNY)
	number(&j, "investment_low_cny", &kept.InvestmentLowCNY, other.InvestmentLowCNY)
	number(&j, "investment_high_cny", &kept.InvestmentHighCNY, other.InvestmentHighCNY)
	j.foreign(kept, other)
	number(&j, "expected_output_cny", &kept.ExpectedOutputCNY, other.ExpectedOutputCNY)
	number(&j, "actual_output_cny", &kept.ActualOutputCNY, other.ActualOutputCNY)
	kept.Approximate = kept.Approximate || other.Approximate
	j.stage(kept, other)
	day(&j, "signed_on", &kept.SignedOn, &kept.SignedPrecision, other.SignedOn, other.SignedPrecision)
	day(&j, "started_on", &kept.StartedOn, &kept.StartedPrecision, other.StartedOn, other.StartedPrecision)
	day(&j, "commissioned_on", &kept.CommissionedOn, &kept.CommissionedPrecision, other.CommissionedOn, other.CommissionedPrecision)
	day(&j, "on_target_on", &kept.OnTargetOn, &kept.OnTargetPrecision, other.OnTargetOn, other.OnTargetPrecision)
	text(&j, "round", &kept.Round, other.Round)
	text(&j, "signed_round", &kept.SignedRound, other.SignedRound)
	number(&j, "standard_land", &kept.StandardLand, other.StandardLand)
	number(&j, "commitment", &kept.Commitment, other.Commitment)
	number(&j, "full_agency", &kept.FullAgency, other.FullAgency)
	text(&j, "chain_leader", &kept.ChainLeader, other.ChainLeader)
	text(&j, "obstacle", &kept.Obstacle, other.Obstacle)
	for code := range strings.SplitSeq(other.Flags, ";") {
		if code != "" && !strings.Contains(kept.Flags, code) {
			kept.Flags = strings.TrimPrefix(kept.Flags+";"+code, ";")
		}
	}
	return strings.Join(j.differs, ";")
}

type joiner struct{ differs []string }

func (j *joiner) differ(column string) { j.differs = append(j.differs, column) }

// same notes a difference that is never mended: of names and investors, which
// made the rows one project.
func same(j *joiner, column, kept, other string) {
	if kept != other && other != "" {
		j.differ(column)
	}
}

func text[T ~string](j *joiner, column string, kept *T, other T) {
	switch {
	case *kept == "":
		*kept = other
	case other != "" && other != *kept:
		j.differ(column)
	}
}

func number[T comparable](j *joiner, column string, kept **T, other *T) {
	switch {
	case *kept == nil:
		*kept = other
	case other != nil && *other != **kept:
		j.differ(column)
	}
}

// foreign keeps an amount with its currency.
func (j *joiner) foreign(kept, other *record.Project) {
	switch {
	case kept.InvestmentForeign == nil:
		kept.InvestmentForeign, kept.InvestmentCurrency = other.InvestmentForeign, other.InvestmentCurrency
	case other.InvestmentForeign != nil &&
		(*other.InvestmentForeign != *kept.InvestmentForeign || other.InvestmentCurrency != kept.InvestmentCurrency):
		j.differ("investment_foreign")
	}
}

func day(j *joiner, column string, kept *record.Date, precision *record.Precision, other record.Date, otherPrecision record.Precision) {
	switch {
	case *kept == 0:
		*kept, *precision = other, otherPrecision
	case other != 0 && (other != *kept || otherPrecision != *precision):
		j.differ(column)
	}
}

// stage keeps the further of two stages: sheets by stage (签约项目, 开工项目) name a
// project in each.
func (j *joiner) stage(kept, other *record.Project) {
	if other.Stage == "" || other.Stage == kept.Stage {
		return
	}
	if kept.Stage != "" {
		j.differ("stage")
	}
	if rank(other.Stage) > rank(kept.Stage) {
		kept.Stage = other.Stage
	}
}

func rank(s record.Stage) int {
	for i, stage := range []record.Stage{record.Reserved, record.Signed, record.Started, record.Commissioned, record.OnTarget} {
		if s == stage {
			return i + 1
		}
	}
	return 0
}

// IsCode reports whether an office's number tells projects apart. A running
// number (1, 12, A-3) does not: every sheet begins it anew.
func IsCode(code string) bool {
	digits := 0
	for _, c := range code {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits >= 6
}
