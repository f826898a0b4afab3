package record

// The rules by which an office measures: small tables that people edit, which the
// models read beside the projects. Each campaign has its own copy.

// Limit is how long a project may wait before it is called stalled, where an
// office has said so.
type Limit struct {
	Campaign   string   `parquet:"-"`
	ZoneType   ZoneType `parquet:"zone_type,optional,dict"`
	Transition string   `parquet:"transition,dict"`
	LimitDays  int32    `parquet:"limit_days"`
	Note       string   `parquet:"note,optional"`
}

// Transitions are the steps of a project's life that have a duration.
var Transitions = []string{"signed_to_started", "started_to_commissioned", "commissioned_to_on_target"}

// Indicator is one line of the yearly assessment.
type Indicator struct {
	Campaign  string `parquet:"-"`
	Indicator string `parquet:"indicator"`
	Pair      string `parquet:"pair,dict"`
	Measure   string `parquet:"measure,dict"`
	Weight    Value  `parquet:"weight,decimal(4:18)"`
	Direction string `parquet:"direction,dict"`
	Missing   string `parquet:"missing,dict"`
	LeastBase int32  `parquet:"least_base"`
	Name      string `parquet:"name"`
	NameEN    string `parquet:"name_en,optional"`
	Note      string `parquet:"note,optional"`
}

// Pairs are the four pairs (四比四看): what zones are compared by, and what it shows in.
var Pairs = []string{
	"reserve",      // 比谋划储备,看项目质量
	"recruitment",  // 比招商引资,看签约落地
	"construction", // 比开工建设,看项目进度
	"service",      // 比服务水平,看满意度
}

// Measures are what an indicator can measure, besides Survey: the measures of the model
// zone_measures.
var Measures = []string{
	"median_investment", "expected_yield",
	"landing_rate", "landing_investment_rate",
	"start_rate", "commission_rate", "target_rate",
	"commitment_rate", "standard_land_rate", "full_agency_rate",
}

// Survey is the Measure of an indicator whose values no ledger holds: they stand in
// assessments.csv.
const Survey = "survey"

// Assessment is a zone's value of a surveyed indicator for a year.
type Assessment struct {
	Campaign  string   `parquet:"-"`
	Year      int32    `parquet:"year"`
	ZoneID    AreaID   `parquet:"zone_id,dict"`
	Indicator string   `parquet:"indicator,dict"`
	Value     Value    `parquet:"value,decimal(4:18)"`
	Synthetic bool     `parquet:"synthetic"`
	SourceID  SourceID `parquet:"source_id,optional,dict"`
	Note      string   `parquet:"note,optional"`
}

// Industry is a class of a scheme by which projects are told apart.
type Industry struct {
	Campaign string `parquet:"-"`
	Scheme   string `parquet:"scheme,dict"`
	Industry string `parquet:"industry"`
	Position int32  `parquet:"position"`
	Name     string `parquet:"name"`
	NameEN   string `parquet:"name_en,optional"`
	GBT4754  string `parquet:"gbt_4754,optional"`
	Note     string `parquet:"note,optional"`
}

// IndustryWord puts the projects whose industry, name or content holds a word into a
// class.
type IndustryWord struct {
	Campaign string `parquet:"-"`
	Scheme   string `parquet:"scheme,dict"`
	Industry string `parquet:"industry"`
	Field    string `parquet:"field,dict"`
	Word     string `parquet:"word"`
	Note     string `parquet:"note,optional"`
}

// IndustryFields are the columns of projects in which words are looked for, the most
// telling first.
var IndustryFields = []string{"industry", "name", "content"}

// ChainLeader is the scheme whose classes are the leaders of industry chains, as the
// ledgers name them.
const ChainLeader = "chain_leader"

// Unclassified is the class of projects that no word of a scheme fits.
const Unclassified = "unclassified"
