package area

import (
	"errors"
	"slices"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func resolver() *Resolver {
	day := record.NewDate
	return NewResolver([]record.Area{
		{AreaID: "140000", Name: "山西省", Level: record.Province},
		{AreaID: "140100", Name: "太原市", Level: record.City, ParentID: "140000"},
		{AreaID: "140300", Name: "阳泉市", Level: record.City, ParentID: "140000"},
		{AreaID: "140302", Name: "城区", Level: record.County, ParentID: "140300"},
		{AreaID: "140400", Name: "长治市", Level: record.City, ParentID: "140000"},
		{AreaID: "140404", Name: "上党区", Level: record.County, ParentID: "140400"},
		{AreaID: "140500", Name: "晋城市", Level: record.City, ParentID: "140000"},
		{AreaID: "140502", Name: "城区", Level: record.County, ParentID: "140500"},
		{AreaID: "140100-Z1", Name: "山西转型综合改革示范区", Level: record.Zone, ParentID: "140100"},
		{AreaID: "140100-Z1-P1", Name: "山西转型综合改革示范区太原片区", Level: record.ZonePart, ParentID: "140100-Z1"},
		{AreaID: "140122-Z1", Name: "阳曲现代农业产业示范区", Level: record.Zone, ParentID: "140100"},
		{AreaID: "140400-Z1", Name: "长治高新技术产业开发区", Level: record.Zone, ParentID: "140400"},
		{AreaID: "140400-Z2", Name: "长治经济技术开发区", Level: record.Zone, ParentID: "140400"},
		{AreaID: "140404-Z1", Name: "上党经济技术开发区", Level: record.Zone, ParentID: "140404"},
	}, []record.AreaName{
		{AreaID: "140400", Name: "长治"},
		{AreaID: "140404", Name: "上党"},
		{AreaID: "140404", Name: "长治县", ValidTo: day(2018, 12, 31)},
		{AreaID: "140100-Z1", Name: "太原高新区", ValidFrom: day(2017, 1, 1)},
		{AreaID: "140400-Z1", Name: "长治开发区"},
		{AreaID: "140400-Z2", Name: "长治开发区"},
	})
}

func TestResolve(t *testing.T) {
	zones := []record.AreaLevel{record.Zone, record.ZonePart}
	day := record.NewDate
	for _, test := range []struct {
		query Query
		want  record.AreaID
	}{
		{Query{Name: "太原市"}, "140100"},
		{Query{Name: "140100"}, "140100"},
		{Query{Name: " 长 治 市 "}, "140400"},
		{Query{Name: "城区", Within: "140500"}, "140502"},
		{Query{Name: "长治"}, "140400"},
		{Query{Name: "太原高新区", On: day(2021, 1, 1)}, "140100-Z1"},
		{Query{Name: "太原高新区"}, "140100-Z1"},
		{Query{Name: "长治县", On: day(2018, 1, 1)}, "140404"},
		{Query{Name: "山西转型综合改革示范区太原片区", Levels: zones}, "140100-Z1-P1"},
	} {
		if got, err := resolver().Resolve(test.query); got != test.want || err != nil {
			t.Errorf("%+v: got %q, %v; want %q", test.query, got, err, test.want)
		}
	}
}

func TestResolveNeverGuesses(t *testing.T) {
	zones := []record.AreaLevel{record.Zone}
	for _, test := range []struct {
		query Query
		want  []record.AreaID // candidates; nil for unknown
	}{
		{Query{Name: "城区"}, []record.AreaID{"140302", "140502"}},
		{Query{Name: "示范区"}, []record.AreaID{"140100-Z1", "140122-Z1"}},
		{Query{Name: "长治", Levels: zones}, []record.AreaID{"140400-Z1", "140400-Z2"}},
		{Query{Name: "长治开发区"}, []record.AreaID{"140400-Z1", "140400-Z2"}},
		{Query{Name: "上党", Levels: zones}, []record.AreaID{"140404-Z1"}},
		{Query{Name: "示范区", Within: "140100-Z1"}, []record.AreaID{"140100-Z1"}},
		{Query{Name: "太原高新区", On: record.NewDate(2015, 1, 1)}, nil},
		{Query{Name: "长治县", On: record.NewDate(2021, 1, 1)}, nil},
		{Query{Name: "太原市", Within: "140400"}, nil},
		{Query{Name: "郑州市"}, nil},
		{Query{Name: ""}, nil},
	} {
		got, err := resolver().Resolve(test.query)
		if got != "" || err == nil {
			t.Errorf("%+v: resolved to %q", test.query, got)
			continue
		}
		var ambiguous *AmbiguousError
		if errors.As(err, &ambiguous) != (test.want != nil) {
			t.Errorf("%+v: %v", test.query, err)
		} else if ambiguous != nil && !slices.Equal(ambiguous.Candidates, test.want) {
			t.Errorf("%+v: candidates %v, want %v", test.query, ambiguous.Candidates, test.want)
		}
	}
}

func TestUnknownNamesTheNearest(t *testing.T) {
	_, err := resolver().Resolve(Query{Name: "长治经济开发区"})
	var unknown *UnknownError
	if !errors.As(err, &unknown) || len(unknown.Nearest) == 0 || unknown.Nearest[0] != "长治经济技术开发区" {
		t.Errorf("got %v", err)
	}
}

func TestContainsAndCity(t *testing.T) {
	r := resolver()
	if !r.Contains("140000", "140100-Z1-P1") || r.Contains("140400", "140302") || r.Contains("140000", "nowhere") {
		t.Error("Contains is wrong")
	}
	if r.CityOf("140404-Z1") != "140400" || r.CityOf("140000") != "" || r.CityOf("140500") != "140500" {
		t.Error("CityOf is wrong")
	}
	circle := NewResolver([]record.Area{{AreaID: "a", ParentID: "b"}, {AreaID: "b", ParentID: "a"}}, nil)
	if circle.Contains("c", "a") || circle.CityOf("a") != "" {
		t.Error("a circle of parents must end")
	}
	if !circle.Circular("a") || r.Circular("140100-Z1-P1") || r.Circular("nowhere") {
		t.Error("Circular is wrong")
	}
}

func FuzzResolve(f *testing.F) {
	for _, seed := range []string{"城区", "示范区", "140100", "", "\xff", "太 原 市"} {
		f.Add(seed)
	}
	r := resolver()
	f.Fuzz(func(t *testing.T, name string) {
		id, err := r.Resolve(Query{Name: name})
		if (id == "") == (err == nil) {
			t.Fatalf("Resolve(%q) = %q, %v", name, id, err)
		}
	})
}

// What is mentioned is an area of the levels asked for, and its name stands in the
// text.
func FuzzMentioned(f *testing.F) {
	for _, seed := range []string{"太原市", "晋城市城区", "某台账", "", "\xff", "太 原 市、长治市"} {
		f.Add(seed)
	}
	r := resolver()
	f.Fuzz(func(t *testing.T, text string) {
		levels := []record.AreaLevel{record.City}
		id, ok := r.Mentioned(text, "", levels)
		if ok != (id != "") {
			t.Fatalf("Mentioned(%q) = %q, %t", text, id, ok)
		}
		if again, _ := r.Mentioned(text, "", levels); again != id {
			t.Errorf("Mentioned(%q) = %q, and then %q", text, id, again)
		}
		if a, known := r.Area(id); ok && (!known || a.Level != record.City) {
			t.Errorf("Mentioned(%q) = %+v", text, a)
		}
	})
}
