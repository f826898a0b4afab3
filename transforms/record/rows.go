package record

// The row types. Each is one table of the lake; the parquet tags are its
// schema, and columns.csv says in two languages what each column means. The
// campaign is the hive partition, so it stands in the path, not in the file.

// Campaign is a province's rolling scheme, or a folder of several provinces'
// single events. It is data: datasets/<campaign>/campaign.csv.
type Campaign struct {
	ID, Name, NameZH     string
	AreaID               AreaID // the province; "" when the folder holds several
	Numbering            Numbering
	SeriesName, SeriesZH string // what the headline series is called
	Licence, Citation    string
	Description          string
}

// Numbering is how a campaign's papers count its rounds.
type Numbering string

const (
	ByYear  Numbering = "year_ordinal" // 2021年第一期
	Running Numbering = "running"      // 第八期, without a break
	ByLabel Numbering = "label"        // no common form: labels only
)

var numberings = []Numbering{ByYear, Running, ByLabel}

// ParseNumbering reads how a campaign numbers its rounds.
func ParseNumbering(text string) (Numbering, error) {
	return parseWord("numbering", text, numberings)
}

// Round is one event of a campaign.
type Round struct {
	Campaign       string   `parquet:"-"`
	Round          RoundID  `parquet:"round"`
	Year           *int32   `parquet:"year,optional"`
	Ordinal        *int32   `parquet:"ordinal,optional"`
	SeriesPosition *int32   `parquet:"series_position,optional"`
	Label          string   `parquet:"label,optional"`
	HeldOn         Date     `parquet:"held_on,optional,date"`
	HeldFrom       Date     `parquet:"held_from,optional,date"`
	HeldTo         Date     `parquet:"held_to,optional,date"`
	DateStatus     string   `parquet:"date_status,dict"`
	Venue          string   `parquet:"venue,optional"`
	AreaID         AreaID   `parquet:"area_id,optional,dict"`
	SourceID       SourceID `parquet:"source_id,optional,dict"`
	Note           string   `parquet:"note,optional"`
}

// RoundLabel is one name under which a paper knows a round. Papers quarrel:
// each label is kept as printed, with the number that it gives the round.
type RoundLabel struct {
	Campaign string   `parquet:"-"`
	Round    RoundID  `parquet:"round"`
	Label    string   `parquet:"label"`
	Ordinal  *int32   `parquet:"ordinal,optional"`
	Counting string   `parquet:"counting,dict"`
	SourceID SourceID `parquet:"source_id,optional,dict"`
	Note     string   `parquet:"note,optional"`
}

// Area is a division, a zone or a part of one.
type Area struct {
	Campaign   string    `parquet:"-"`
	AreaID     AreaID    `parquet:"area_id"`
	Name       string    `parquet:"name"`
	NameEN     string    `parquet:"name_en,optional"`
	Level      AreaLevel `parquet:"level,dict"`
	ParentID   AreaID    `parquet:"parent_id,optional,dict"`
	CityID     AreaID    `parquet:"city_id,optional,dict"`
	ZoneType   ZoneType  `parquet:"zone_type,optional,dict"`
	ZoneLevel  string    `parquet:"zone_level,optional,dict"`
	Verified   bool      `parquet:"verified"`
	Approved   string    `parquet:"approved,optional"`
	AreaKM2    *float64  `parquet:"area_km2,optional"`
	Industries string    `parquet:"industries,optional"`
	SourceID   SourceID  `parquet:"source_id,optional,dict"`
	Note       string    `parquet:"note,optional"`
}

// AreaName is another name of an area, with the days on which it was its name.
type AreaName struct {
	Campaign  string `parquet:"-"`
	AreaID    AreaID `parquet:"area_id"`
	Name      string `parquet:"name"`
	ValidFrom Date   `parquet:"valid_from,optional,date"`
	ValidTo   Date   `parquet:"valid_to,optional,date"`
	Note      string `parquet:"note,optional"`
}

// Source is one page or one ledger edition.
type Source struct {
	Campaign    string   `parquet:"-"`
	SourceID    SourceID `parquet:"source_id"`
	Kind        string   `parquet:"kind,dict"`
	Trust       int32    `parquet:"trust"`
	Directness  string   `parquet:"directness,dict"`
	ArticleID   string   `parquet:"article_id"`
	Origin      string   `parquet:"origin,optional"`
	Publisher   string   `parquet:"publisher"`
	URL         string   `parquet:"url,optional"`
	PublishedOn Date     `parquet:"published_on,optional,date"`
	DateStatus  string   `parquet:"date_status,dict"`
	Language    string   `parquet:"language,optional,dict"`
	RetrievedAt string   `parquet:"retrieved_at,optional"`
	SHA256      string   `parquet:"sha256,optional"`
	MediaType   string   `parquet:"media_type,optional,dict"`
	Status      string   `parquet:"status,dict"`
	Note        string   `parquet:"note,optional"`
}

// AsPublished is the universe of a figure whose page neither narrows nor widens
// what it counts.
const AsPublished = "as_published"

// Claim is one published figure: where, when, which stage and metric, as
// printed and as understood, and its source.
type Claim struct {
	Campaign        string     `parquet:"-"`
	ClaimID         ClaimID    `parquet:"claim_id"`
	Round           RoundID    `parquet:"round,optional,dict"`
	AreaID          AreaID     `parquet:"area_id,dict"`
	AreaAsPublished string     `parquet:"area_as_published,dict"`
	Universe        string     `parquet:"universe,dict"`
	Stage           Stage      `parquet:"stage,dict"`
	TotalOf         string     `parquet:"total_of,optional,dict"`
	Metric          Metric     `parquet:"metric,dict"`
	Value           Value      `parquet:"value,decimal(4:18)"`
	ValueAsPrinted  string     `parquet:"value_as_published"`
	Unit            string     `parquet:"unit,dict"`
	Approximate     bool       `parquet:"approximate"`
	Method          string     `parquet:"method,optional,dict"`
	Period          PeriodKind `parquet:"period,dict"`
	PeriodID        string     `parquet:"period_id,dict"`
	PeriodFrom      Date       `parquet:"period_from,optional,date"`
	PeriodTo        Date       `parquet:"period_to,optional,date"`
	RoundLabel      string     `parquet:"round_label,optional,dict"`
	Doubt           string     `parquet:"doubt,optional,dict"`
	SourceID        SourceID   `parquet:"source_id,dict"`
	Extractor       string     `parquet:"extractor,dict"`
	Locator         string     `parquet:"locator,optional"`
	Quote           string     `parquet:"quote,optional"`
	Rule            string     `parquet:"rule,optional,dict"`
	Note            string     `parquet:"note,optional"`
}

// Who read a claim off its page: Claim.Extractor.
const (
	Curated           = "curated"       // a person
	ByRules           = "rules"         // package bulletin
	CuratedAndByRules = "curated+rules" // both, and they read the same
	Reviewed          = "reviewed"      // package bulletin, and a person agreed or put it right
)

// Review is a figure that package bulletin read on a page and was not certain of.
// It is no claim until a person has decided.
type Review struct {
	Campaign        string     `parquet:"-"`
	ReviewID        string     `parquet:"review_id"`
	SourceID        SourceID   `parquet:"source_id,dict"`
	Reason          string     `parquet:"reason,dict"`
	Quote           string     `parquet:"quote"`
	Round           RoundID    `parquet:"round,optional,dict"`
	RoundLabel      string     `parquet:"round_label,optional,dict"`
	AreaID          AreaID     `parquet:"area_id,optional,dict"`
	AreaAsPublished string     `parquet:"area_as_published,optional,dict"`
	Universe        string     `parquet:"universe,optional,dict"`
	Stage           Stage      `parquet:"stage,optional,dict"`
	TotalOf         string     `parquet:"total_of,optional,dict"`
	Metric          Metric     `parquet:"metric,optional,dict"`
	Method          string     `parquet:"method,optional,dict"`
	Value           Value      `parquet:"value,decimal(4:18)"`
	ValueAsPrinted  string     `parquet:"value_as_published"`
	Unit            string     `parquet:"unit,optional,dict"`
	Approximate     bool       `parquet:"approximate"`
	Period          PeriodKind `parquet:"period,optional,dict"`
	PeriodFrom      Date       `parquet:"period_from,optional,date"`
	PeriodTo        Date       `parquet:"period_to,optional,date"`
	Rule            string     `parquet:"rule,dict"`
	Decision        string     `parquet:"decision,optional,dict"`
	Note            string     `parquet:"note,optional"`
}

// Fact is what is held true for one figure after its claims were weighed. It is
// computed in SQL (sql/facts/facts.sql) and only carried by Go.
type Fact struct {
	Campaign    string     `parquet:"-"`
	Period      PeriodKind `parquet:"period,dict"`
	PeriodID    string     `parquet:"period_id,dict"`
	PeriodFrom  Date       `parquet:"period_from,optional,date"`
	PeriodTo    Date       `parquet:"period_to,optional,date"`
	Round       RoundID    `parquet:"round,optional,dict"`
	AreaID      AreaID     `parquet:"area_id,dict"`
	Universe    string     `parquet:"universe,dict"`
	Stage       Stage      `parquet:"stage,dict"`
	Metric      Metric     `parquet:"metric,dict"`
	Method      string     `parquet:"method,optional,dict"`
	Value       Value      `parquet:"value,decimal(4:18)"`
	Approximate bool       `parquet:"approximate"`
	ClaimID     ClaimID    `parquet:"claim_id"`
	Claims      int64      `parquet:"claims"`
	Voices      int64      `parquet:"voices"`
	Agreement   string     `parquet:"agreement,dict"`
	Doubt       string     `parquet:"doubt,optional,dict"`
	Low         Value      `parquet:"low,decimal(4:18)"`
	High        Value      `parquet:"high,decimal(4:18)"`
}

// Project is the subject of one ledger row, or a project that a page names, as
// known on AsOf. A date of which only a part is printed (2021年3月) is its first
// day, and its precision says how much of it is known.
type Project struct {
	Campaign              string    `parquet:"-"`
	ProjectID             ProjectID `parquet:"project_id,zstd"`
	Code                  string    `parquet:"code,optional"`
	Name                  string    `parquet:"name"`
	ZoneID                AreaID    `parquet:"zone_id,optional,dict"`
	CityID                AreaID    `parquet:"city_id,optional,dict"`
	CountyID              AreaID    `parquet:"county_id,optional,dict"`
	Industry              string    `parquet:"industry,optional,dict"`
	IndustryStatus        string    `parquet:"industry_status,optional,dict"`
	Investor              string    `parquet:"investor,optional"`
	Content               string    `parquet:"content,optional"`
	InvestmentCNY         *CNY      `parquet:"investment_cny,optional,decimal(2:18),dict"`
	InvestmentLowCNY      *CNY      `parquet:"investment_low_cny,optional,decimal(2:18),dict"`
	InvestmentHighCNY     *CNY      `parquet:"investment_high_cny,optional,decimal(2:18),dict"`
	InvestmentForeign     *CNY      `parquet:"investment_foreign,optional,decimal(2:18),dict"`
	InvestmentCurrency    string    `parquet:"investment_currency,optional,dict"`
	ExpectedOutputCNY     *CNY      `parquet:"expected_output_cny,optional,decimal(2:18),dict"`
	ActualOutputCNY       *CNY      `parquet:"actual_output_cny,optional,decimal(2:18),dict"`
	Approximate           bool      `parquet:"approximate"`
	Stage                 Stage     `parquet:"stage,optional,dict"`
	SignedOn              Date      `parquet:"signed_on,optional,date,dict"`
	SignedPrecision       Precision `parquet:"signed_precision,optional,dict"`
	StartedOn             Date      `parquet:"started_on,optional,date,dict"`
	StartedPrecision      Precision `parquet:"started_precision,optional,dict"`
	CommissionedOn        Date      `parquet:"commissioned_on,optional,date,dict"`
	CommissionedPrecision Precision `parquet:"commissioned_precision,optional,dict"`
	OnTargetOn            Date      `parquet:"on_target_on,optional,date,dict"`
	OnTargetPrecision     Precision `parquet:"on_target_precision,optional,dict"`
	Round                 RoundID   `parquet:"round,optional,dict"`
	SignedRound           RoundID   `parquet:"signed_round,optional,dict"`
	StandardLand          *bool     `parquet:"standard_land,optional"`
	Commitment            *bool     `parquet:"commitment,optional"`
	FullAgency            *bool     `parquet:"full_agency,optional"`
	ChainLeader           string    `parquet:"chain_leader,optional,dict"`
	Obstacle              string    `parquet:"obstacle,optional"`
	Flags                 string    `parquet:"flags,optional,dict"`
	AsOf                  Date      `parquet:"as_of,optional,date,dict"`
	SourceID              SourceID  `parquet:"source_id,dict"`
	Sheet                 string    `parquet:"sheet,optional,dict"`
	Line                  int32     `parquet:"line"`
	Synthetic             bool      `parquet:"synthetic"`
	Note                  string    `parquet:"note,optional"`
}

// Precision is how much of a date is known.
type Precision string

const (
	ToTheDay     Precision = "day"
	ToTheMonth   Precision = "month"
	ToTheQuarter Precision = "quarter"
	ToTheHalf    Precision = "half"
	ToTheYear    Precision = "year"
)

// Flag is a remark on a row that was loaded: a value that was left out or looks
// wrong, kept as printed, with the reason.
type Flag struct {
	Campaign string   `parquet:"-"`
	SourceID SourceID `parquet:"source_id,dict"`
	File     string   `parquet:"file,dict"`
	Sheet    string   `parquet:"sheet,optional,dict"`
	Line     int32    `parquet:"line"`
	Field    string   `parquet:"field,dict"`
	Raw      string   `parquet:"raw"`
	Reason   Reason   `parquet:"reason,dict"`
	Message  string   `parquet:"message"`
}

// Duplicate is a row whose project stands in another row of the same day, which
// it was joined to. What the kept row lacked was taken from it; where the two
// differ, the kept row's value stands and Differs names the columns.
type Duplicate struct {
	Campaign     string    `parquet:"-"`
	ProjectID    ProjectID `parquet:"project_id"`
	AsOf         Date      `parquet:"as_of,optional,date"`
	SourceID     SourceID  `parquet:"source_id,dict"`
	Sheet        string    `parquet:"sheet,optional,dict"`
	Line         int32     `parquet:"line"`
	KeptSourceID SourceID  `parquet:"kept_source_id,dict"`
	KeptSheet    string    `parquet:"kept_sheet,optional,dict"`
	KeptLine     int32     `parquet:"kept_line"`
	Differs      string    `parquet:"differs,optional,dict"`
}

// LedgerSheet accounts for one sheet of a ledger: rows read = loaded +
// quarantined + duplicates + rows that hold no project (titles to notes).
type LedgerSheet struct {
	Campaign    string   `parquet:"-"`
	SourceID    SourceID `parquet:"source_id,dict"`
	File        string   `parquet:"file,dict"`
	Sheet       string   `parquet:"sheet,optional"`
	Hidden      bool     `parquet:"hidden"`
	AsOf        Date     `parquet:"as_of,optional,date"`
	Read        int64    `parquet:"rows_read"`
	Loaded      int64    `parquet:"rows_loaded"`
	Quarantined int64    `parquet:"rows_quarantined"`
	Duplicates  int64    `parquet:"rows_duplicate"`
	Titles      int64    `parquet:"rows_title"`
	Headers     int64    `parquet:"rows_header"`
	Totals      int64    `parquet:"rows_total"`
	Blanks      int64    `parquet:"rows_blank"`
	Notes       int64    `parquet:"rows_note"`
	Synthetic   bool     `parquet:"synthetic"`
}

// LedgerColumn says how one column of a ledger's sheet was understood.
type LedgerColumn struct {
	Campaign string   `parquet:"-"`
	SourceID SourceID `parquet:"source_id,dict"`
	Sheet    string   `parquet:"sheet,optional"`
	Position int32    `parquet:"position"`
	Header   string   `parquet:"header"`
	Field    string   `parquet:"field,optional,dict"`
	Unit     string   `parquet:"unit,optional,dict"`
	Status   string   `parquet:"status,dict"`
	Nearest  string   `parquet:"nearest,optional"`
}

// Quarantined is a row that could not be taken, kept whole, with the reason.
type Quarantined struct {
	Campaign   string   `parquet:"-"`
	SourceID   SourceID `parquet:"source_id,optional,dict"`
	File       string   `parquet:"file,dict"`
	Sheet      string   `parquet:"sheet,optional,dict"`
	Line       int32    `parquet:"line"`
	Field      string   `parquet:"field,dict"`
	Raw        string   `parquet:"raw"`
	RawRow     string   `parquet:"raw_row"`
	Reason     Reason   `parquet:"reason,dict"`
	Message    string   `parquet:"message"`
	Candidates []string `parquet:"candidates,list"`
}

// Reason is why a row stands in quarantine.
type Reason string

const (
	AmbiguousArea  Reason = "ambiguous_area"  // the name fits several areas
	AmbiguousRound Reason = "ambiguous_round" // the label fits several rounds
)
