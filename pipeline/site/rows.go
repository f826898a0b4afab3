package site

// The rows of the queries. A text that is not known is "", a number says whether it is.
type (
	campaignRow struct {
		ID, AreaID   string
		Name, NameEN string
		Rounds       int
		Series       int
	}

	roundRow struct {
		Campaign, Round                 string
		Position                        int // in the headline series; 0 outside it
		Label, HeldOn, HeldFrom, HeldTo string
		DateStatus, Venue, Note         string
	}

	areaRow struct {
		Campaign, AreaID, Name, NameEN string
		Level, ParentID, CityID        string
		ZoneType, ZoneLevel            string
		Verified                       bool
		Approved                       string
		AreaKm2                        num
		Industries                     []string
		Note, Publisher, URL           string
	}

	factRow struct {
		Campaign, Period, PeriodID, Round       string
		AreaID, Universe, Stage, Metric, Method string
		Value, Low, High                        num
		Approximate                             bool
		ClaimID                                 string
		Claims, Voices                          int
		Agreement, Doubt                        string
	}

	claimRow struct {
		Campaign, ClaimID, PeriodID        string
		AreaID, AreaAsPublished, Universe  string
		Stage, Metric, Method              string
		ValueAsPublished, Unit             string
		Approximate                        bool
		RoundLabel, Doubt, Extractor       string
		Locator, Quote, Note               string
		SourceID, Kind                     string
		Trust                              num
		Directness, Origin, Publisher, URL string
		PublishedOn, Language, RetrievedAt string
		SHA256, SourceNote                 string
		IsOwn                              bool // a file of the user\'s own
	}

	seriesRow struct {
		Campaign, AreaID               string
		Position                       int
		Round, Stage, Metric, Universe string
		Value                          num
		Status                         string
		Approximate                    bool
		Doubt                          string
		Low, High                      num
		Cumulative, ChangeRatio        num
		InvestmentPerProjectCny        num
		ClaimID                        string
		ClaimIds                       []string
	}

	residualRow struct {
		Campaign, PeriodID, AreaID            string
		Universe, Stage, Metric               string
		Total, KnownSum, Residual             num
		RoundsKnown, RoundsMissing            []string
		HasConflict, HasDoubt, HasApproximate bool
		ClaimIds                              []string
	}

	conversionRow struct {
		Campaign, AreaID, Universe, Basis     string
		Synthetic                             bool
		Period, PeriodID                      string
		RoundsCovered                         num
		Signed, Started, Commissioned         num
		StartRatio, CommissionRatio           num
		OverallRatio                          num
		StartCiLow, StartCiHigh               num
		CommissionCiLow, CommissionCiHigh     num
		OverallCiLow, OverallCiHigh           num
		SignedInvestmentCny                   num
		StartedInvestmentCny                  num
		CommissionedInvestmentCny             num
		StartInvestmentRatio                  num
		CommissionInvestmentRatio             num
		AsOf                                  string
		HasConflict, HasDoubt, HasApproximate bool
		ClaimIds                              []string
	}

	sheetRow struct {
		Campaign, SourceID, File, Sheet, AsOf string
		Synthetic                             bool
		RowsRead, RowsLoaded                  num
		RowsQuarantined, RowsDuplicate        num
		SHA256                                string
	}

	progressRow struct {
		Month, Level, Key, Name, NameEN       string
		Reported                              bool
		Projects, Signed, StartedOfSigned     num
		Started, Commissioned, Outputs        num
		ExpectedOutputCny, ActualOutputCny    num
		StartRate, CommissionRate, TargetRate num
		StartChange, CommissionChange         num
		TargetChange                          num
		StartRank, CommissionRank, TargetRank num
		RankedIn                              string
	}

	stalledRow struct {
		Transition                       string
		InTransition                     num
		AtStakeInTransitionCny           num
		Position, ZonePosition, InZone   num
		Name, ZoneID, CityID             string
		AtStakeCny                       num
		Approximate                      bool
		Since, ObservedOn                string
		WaitingDays, LimitDays, OverDays num
		LimitBasis, Obstacle             string
		File, Sheet                      string
		Line                             num
	}

	scoreRow struct {
		Year                              int
		ZoneID, ZoneType                  string
		Assessed                          bool
		Reason                            string
		Projects, Score                   num
		Rank, RankedOf, RankLow, RankHigh num
		ReserveScore, RecruitmentScore    num
		ConstructionScore, ServiceScore   num
		Coverage                          num
		ObservedOn                        string
	}

	indicatorRow struct {
		Year                           int
		ZoneID, Pair, Name, NameEN     string
		Value, Base, Score, WeightUsed num
		Status                         string
	}

	projectRow struct {
		Campaign, ProjectID, Name           string
		ZoneID, CityID, CountyID            string
		Industry, Investor                  string
		InvestmentCny                       num
		Approximate                         bool
		Stage                               string
		SignedOn, StartedOn, CommissionedOn string
		Round, AsOf, Sheet                  string
		Line                                num
		Synthetic, InLedger                 bool
		SourceID, Publisher, URL, Note      string
		InZone                              num
	}

	coverageRow struct {
		Campaign, Level, Metric, Stage string
		SeriesKnown, Series            num
		Known, Rounds, Figures         num
	}

	cellRow struct {
		Campaign, Round, AreaID, Level string
		Stage, Metric, Status          string
		Claims, Voices                 num
	}

	conflictRow struct {
		Campaign, Kind, PeriodID, AreaID string
		Universe, Stage, Metric          string
		Value                            num
		Label                            string
		Ordinal                          num
		Counting                         string
		IsHeld                           bool
		ClaimID, Publisher, URL          string
		PublishedOn, Doubt, Note         string
	}

	sumRow struct {
		Campaign, Kind, AreaID, Universe string
		PeriodID, Stage, Metric          string
		Total, PartsSum, Difference      num
		PartsKnown, PartsExpected        num
		Status, Fits                     string
	}

	cohortRow struct {
		Months, Observed         num
		IsComplete               bool
		StartRatio, OverallRatio num
	}

	schemaRow struct {
		Relation, Name, Type, Unit, Meaning, MeaningZh string
	}

	universeRow struct{ Code, Meaning, MeaningZh string }

	countsRow struct{ Claims, Facts, Sources, Conflicts num }
)
