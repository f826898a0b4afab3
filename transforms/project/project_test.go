package project

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func money(yi int64) *record.CNY {
	v := record.CNY(yi) * record.YiYuan
	return &v
}

func mark(v bool) *bool { return &v }

// full is a project of which all that is joined is known. n tells two apart.
func full(n int64) record.Project {
	text := func(s string) string { return s + string(rune('0'+n)) }
	return record.Project{
		Code: text("2021-140423-30-03-12345"), Name: "铝材项目", ZoneID: record.AreaID(text("Z")), CityID: record.AreaID(text("C")),
		CountyID: record.AreaID(text("D")), Industry: text("新材料"), IndustryStatus: text("published"), Investor: "甲公司", Content: text("厂房"),
		InvestmentCNY: money(n), InvestmentLowCNY: money(n), InvestmentHighCNY: money(n), InvestmentForeign: money(n), InvestmentCurrency: text("US"),
		ExpectedOutputCNY: money(n), ActualOutputCNY: money(n), Approximate: true, Stage: record.Signed,
		SignedOn: record.Date(n), SignedPrecision: record.ToTheDay, StartedOn: record.Date(n), StartedPrecision: record.ToTheMonth,
		CommissionedOn: record.Date(n), CommissionedPrecision: record.ToTheQuarter, OnTargetOn: record.Date(n), OnTargetPrecision: record.ToTheYear,
		Round: record.RoundID(text("2021-")), SignedRound: record.RoundID(text("2020-")), StandardLand: mark(n == 1), Commitment: mark(n == 1),
		FullAgency: mark(n == 1), ChainLeader: text("链主"), Obstacle: text("用地"), Flags: "planned_date",
	}
}

// What the kept row lacks is taken from the other, every column of it.
func TestJoinFills(t *testing.T) {
	kept, other := record.Project{Name: "铝材项目", Investor: "甲公司"}, full(1)
	if differs := Join(&kept, &other); differs != "" {
		t.Errorf("they differ in %q", differs)
	}
	if diff := cmp.Diff(full(1), kept); diff != "" {
		t.Error(diff)
	}
	// A column that is added to the projects must be joined, or be named here.
	own := map[string]bool{"Campaign": true, "ProjectID": true, "AsOf": true, "SourceID": true, "Sheet": true, "Line": true, "Synthetic": true, "Note": true}
	v := reflect.ValueOf(kept)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() != own[name] {
			t.Errorf("%s: joined %t, a row's own %t", name, !v.Field(i).IsZero(), own[name])
		}
	}
}

// Where two rows differ the kept one stands, and the columns are named.
func TestJoinDiffers(t *testing.T) {
	kept, other := full(1), full(2)
	want := "code;zone_id;city_id;county_id;industry;content;investment_cny;investment_low_cny;investment_high_cny;investment_foreign;" +
		"expected_output_cny;actual_output_cny;signed_on;started_on;commissioned_on;on_target_on;round;signed_round;standard_land;commitment;" +
		"full_agency;chain_leader;obstacle"
	if got := Join(&kept, &other); got != want {
		t.Errorf("they differ in\n%s, want\n%s", got, want)
	}
	if diff := cmp.Diff(full(1), kept); diff != "" {
		t.Error(diff)
	}
	kept, other = full(1), full(1)
	if got := Join(&kept, &other); got != "" {
		t.Errorf("a row differs from itself in %q", got)
	}
	kept, other = full(1), record.Project{}
	if got := Join(&kept, &other); got != "" || !cmp.Equal(kept, full(1)) {
		t.Errorf("an empty row differs in %q: %s", got, cmp.Diff(full(1), kept))
	}
}

func TestJoinOne(t *testing.T) {
	type p = record.Project
	for _, test := range []struct {
		what              string
		kept, other, want p
		differs           string
	}{
		{"names are noted and never mended", p{Name: "铝材项目"}, p{Name: "高端铝材项目"}, p{Name: "铝材项目"}, "name"},
		{"investors too", p{Investor: "甲公司"}, p{Investor: "乙公司"}, p{Investor: "甲公司"}, "investor"},
		{"an investor that the kept row lacks", p{}, p{Investor: "乙公司"}, p{}, "investor"},
		{"an investor that the other lacks", p{Investor: "甲公司"}, p{}, p{Investor: "甲公司"}, ""},
		{"the further stage", p{Stage: record.Signed}, p{Stage: record.Started}, p{Stage: record.Started}, "stage"},
		{"not the earlier", p{Stage: record.OnTarget}, p{Stage: record.Commissioned}, p{Stage: record.OnTarget}, "stage"},
		{"reserved is the first", p{Stage: record.Signed}, p{Stage: record.Reserved}, p{Stage: record.Signed}, "stage"},
		{"any before none", p{}, p{Stage: record.Reserved}, p{Stage: record.Reserved}, ""},
		{"one day, known less well", p{SignedOn: 5, SignedPrecision: record.ToTheDay}, p{SignedOn: 5, SignedPrecision: record.ToTheMonth},
			p{SignedOn: 5, SignedPrecision: record.ToTheDay}, "signed_on"},
		{"a day without its precision is not mixed", p{SignedOn: 5, SignedPrecision: record.ToTheDay}, p{SignedOn: 6, SignedPrecision: record.ToTheMonth},
			p{SignedOn: 5, SignedPrecision: record.ToTheDay}, "signed_on"},
		{"one is approximate", p{}, p{Approximate: true}, p{Approximate: true}, ""},
		{"zero is known", p{InvestmentCNY: money(0)}, p{InvestmentCNY: money(1)}, p{InvestmentCNY: money(0)}, "investment_cny"},
		{"no is known", p{Commitment: mark(false)}, p{Commitment: mark(true)}, p{Commitment: mark(false)}, "commitment"},
		{"a currency goes with its amount", p{InvestmentForeign: money(1), InvestmentCurrency: "USD"}, p{InvestmentForeign: money(1), InvestmentCurrency: "EUR"},
			p{InvestmentForeign: money(1), InvestmentCurrency: "USD"}, "investment_foreign"},
		{"flags of both, once", p{Flags: "planned_date"}, p{Flags: "amount_range;planned_date"}, p{Flags: "planned_date;amount_range"}, ""},
		{"flags of the other", p{}, p{Flags: "amount_range"}, p{Flags: "amount_range"}, ""},
		{"a row's own", p{Note: "甲", Line: 3, Sheet: "一"}, p{Note: "乙", Line: 4, Sheet: "二"}, p{Note: "甲", Line: 3, Sheet: "一"}, ""},
	} {
		if got := Join(&test.kept, &test.other); got != test.differs {
			t.Errorf("%s: they differ in %q, want %q", test.what, got, test.differs)
		}
		if diff := cmp.Diff(test.want, test.kept); diff != "" {
			t.Errorf("%s: %s", test.what, diff)
		}
	}
}

func TestIsCode(t *testing.T) {
	for _, code := range []string{"2021-140423-30-03-123456", "2101-140423-89-01-123456", "SYN-000000001", "140423001", "XM123456"} {
		if !IsCode(code) {
			t.Errorf("%q tells projects apart", code)
		}
	}
	for _, code := range []string{"", "1", "12", "A-3", "一", "2021-1", "第12345号", "１２３４５６７", "abcdefg"} {
		if IsCode(code) {
			t.Errorf("%q is a running number or none", code)
		}
	}
}
