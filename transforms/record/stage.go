package record

import (
	"fmt"
	"slices"
	"strings"
)

// Stage is how far a project has come. The order is the order of life.
type Stage string

const (
	Reserved     Stage = "reserved"     // 谋划储备
	Signed       Stage = "signed"       // 签约
	Started      Stage = "started"      // 开工
	Commissioned Stage = "commissioned" // 投产
	OnTarget     Stage = "on_target"    // 达效
	Total        Stage = "total"        // several stages in one figure; Claim.TotalOf says which
)

var stages = []Stage{Reserved, Signed, Started, Commissioned, OnTarget, Total}

// ParseStage reads the name of a stage as the datasets write it.
func ParseStage(text string) (Stage, error) { return parseWord("stage", text, stages) }

// Metric is what a figure counts or measures.
type Metric string

const (
	Projects            Metric = "projects"                // 项目数, a count
	Investment          Metric = "investment"              // 总投资, yuan
	AnnualOutput        Metric = "annual_output"           // 预计年产值, yuan a year, expected
	ActualOutput        Metric = "actual_output"           // 实际产值, yuan a year, achieved
	Representative      Metric = "representative_projects" // 现场签约, a count; never the whole batch
	ContractedInflow    Metric = "contracted_inflow"       // 合同引资, yuan; not total investment
	EffectiveInvestment Metric = "effective_investment"    // 有效投资, yuan; not total investment
	ShareProjects       Metric = "share_projects"          // share of the parent area's projects
	ShareInvestment     Metric = "share_investment"        // share of the parent area's investment
	ShareAnnualOutput   Metric = "share_annual_output"     // share of the parent area's expected output
	StartRate           Metric = "start_rate"              // 开工率
	CommissionRate      Metric = "commission_rate"         // 投产率
	TargetRate          Metric = "target_rate"             // 达效率
)

var metrics = []Metric{
	Projects, Investment, AnnualOutput, ActualOutput, Representative, ContractedInflow,
	EffectiveInvestment, ShareProjects, ShareInvestment, ShareAnnualOutput,
	StartRate, CommissionRate, TargetRate,
}

// ParseMetric reads the name of a metric as the datasets write it.
func ParseMetric(text string) (Metric, error) { return parseWord("metric", text, metrics) }

// Dimension says what the values of a metric are.
type Dimension string

const (
	Count Dimension = "count" // whole, not negative
	Money Dimension = "money" // yuan
	Ratio Dimension = "ratio" // 0..1 for a share; a rate may pass 1
)

// Dimension reports what the values of m are.
func (m Metric) Dimension() Dimension {
	switch m {
	case Projects, Representative:
		return Count
	case Investment, AnnualOutput, ActualOutput, ContractedInflow, EffectiveInvestment:
		return Money
	}
	return Ratio
}

// IsRate reports whether m is a published rate, which needs Claim.Method: rates
// of different method are never compared.
func (m Metric) IsRate() bool {
	return m == StartRate || m == CommissionRate || m == TargetRate
}

// PeriodKind says what span a figure covers.
type PeriodKind string

const (
	OfRound    PeriodKind = "round"      // one round
	Annual     PeriodKind = "annual"     // a calendar year
	Cumulative PeriodKind = "cumulative" // several rounds, from a start that may be unknown
	OtherSpan  PeriodKind = "other"      // a local event or a standing at a date
)

var periodKinds = []PeriodKind{OfRound, Annual, Cumulative, OtherSpan}

// ParsePeriodKind reads the name of a kind of period.
func ParsePeriodKind(text string) (PeriodKind, error) {
	return parseWord("period", text, periodKinds)
}

// AreaLevel is the rank of an area.
type AreaLevel string

const (
	Province AreaLevel = "province"
	City     AreaLevel = "city"
	County   AreaLevel = "county"
	Zone     AreaLevel = "zone"      // 开发区
	ZonePart AreaLevel = "zone_part" // 片区, published apart from its zone
	Cluster  AreaLevel = "cluster"   // 产业集聚区: hosts projects, is not a zone
)

var areaLevels = []AreaLevel{Province, City, County, Zone, ZonePart, Cluster}

// ParseAreaLevel reads the name of a level.
func ParseAreaLevel(text string) (AreaLevel, error) { return parseWord("level", text, areaLevels) }

// ZoneType is the class in which zones are measured against each other.
type ZoneType string

const (
	Industrial  ZoneType = "industrial"  // 工业类
	Agriculture ZoneType = "agriculture" // 现代农业类
	Tourism     ZoneType = "tourism"     // 生态文旅类
)

var zoneTypes = []ZoneType{Industrial, Agriculture, Tourism}

// ParseZoneType reads the name of a zone type; "" is not known.
func ParseZoneType(text string) (ZoneType, error) {
	if text == "" {
		return "", nil
	}
	return parseWord("zone_type", text, zoneTypes)
}

// parseWord takes a word of a closed set. An unknown word is an error that
// lists the set: there is no "other".
func parseWord[T ~string](what, text string, set []T) (T, error) {
	if i := slices.Index(set, T(text)); i >= 0 {
		return set[i], nil
	}
	words := make([]string, len(set))
	for i, w := range set {
		words[i] = string(w)
	}
	return "", fmt.Errorf("unknown %s %q; use one of %s", what, text, strings.Join(words, ", "))
}
