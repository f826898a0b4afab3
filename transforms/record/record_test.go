package record

import (
	"slices"
	"strings"
	"testing"
)

// Every column of every table is documented, in the table's order, in both
// languages; nothing is documented that does not exist.
func TestColumnsDocumented(t *testing.T) {
	rows := map[string]any{
		"rounds": Round{}, "round_labels": RoundLabel{}, "areas": Area{}, "area_names": AreaName{},
		"sources": Source{}, "claims": Claim{}, "reviews": Review{}, "facts": Fact{}, "projects": Project{}, "quarantine": Quarantined{},
		"limits": Limit{}, "indicators": Indicator{}, "assessments": Assessment{}, "industries": Industry{}, "industry_words": IndustryWord{},
		"flags": Flag{}, "duplicates": Duplicate{}, "ledger_sheets": LedgerSheet{}, "ledger_columns": LedgerColumn{},
	}
	if len(rows) != len(Tables) {
		t.Fatalf("%d row types, %d tables", len(rows), len(Tables))
	}
	for _, table := range Tables {
		columns, err := Columns(table)
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		for _, c := range columns {
			got = append(got, c.Name)
			if c.EN == "" || c.ZH == "" {
				t.Errorf("%s.%s lacks a meaning in one language", table, c.Name)
			}
		}
		if want := ColumnNames(rows[table]); !slices.Equal(got, want) {
			t.Errorf("%s: documented %v, row type has %v", table, got, want)
		}
	}
	if _, err := Columns("nothing"); err == nil {
		t.Error("Columns of an unknown table succeeded")
	}
}

func TestValue(t *testing.T) {
	for _, test := range []struct {
		value Value
		want  string
	}{
		{WholeValue(347), "347"},
		{0, "0"},
		{5882, "0.5882"},
		{WholeValue(128_860_000_000), "128860000000"},
		{WholeValue(12_920_000_000_000), "12920000000000"},
	} {
		if got := test.value.String(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	if got, want := WholeValue(128_860_000_000).CNY().String(), "1288.6亿元"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if Value(5882).IsWhole() || !WholeValue(3).IsWhole() {
		t.Error("IsWhole is wrong")
	}
}

func TestDate(t *testing.T) {
	for _, text := range []string{"", "1970-01-02", "2021-01-01", "2024-02-29"} {
		d, err := ParseDate(text)
		if err != nil || d.String() != text {
			t.Errorf("ParseDate(%q) = %v, %v", text, d, err)
		}
	}
	for _, text := range []string{"2021-02-29", "2021年1月1日", "2021-1-1"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", text, d)
		}
	}
	if got := NewDate(2021, 7, 16).Year(); got != 2021 {
		t.Errorf("Year = %d", got)
	}
}

func TestClosedSets(t *testing.T) {
	if _, err := ParseStage("other"); err == nil || !strings.Contains(err.Error(), "commissioned") {
		t.Errorf("an unknown stage must be refused with the list: %v", err)
	}
	for _, m := range metrics {
		if got, err := ParseMetric(string(m)); err != nil || got != m || m.Dimension() == "" {
			t.Errorf("ParseMetric(%q) = %q, %v", m, got, err)
		}
	}
	if z, err := ParseZoneType(""); z != "" || err != nil {
		t.Errorf("an unknown zone type is NULL: %q %v", z, err)
	}
}

// A claim keeps its id when its note or doubt is mended and gets another when
// what it says changes.
func TestClaimID(t *testing.T) {
	a := Claim{Campaign: "shanxi", SourceID: "s", Period: OfRound, PeriodID: "2021-1", AreaID: "140000",
		Stage: Signed, Metric: Projects, Value: WholeValue(413)}
	b := a
	b.Note, b.Doubt = "another note", "outlier"
	if NewClaimID(a) != NewClaimID(b) {
		t.Error("a note changed the id")
	}
	b.Value = WholeValue(414)
	if NewClaimID(a) == NewClaimID(b) {
		t.Error("another value kept the id")
	}
}
