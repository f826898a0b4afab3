package catalog

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/sql"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// What is shipped is declared without a gap: Read refuses it otherwise.
func TestShipped(t *testing.T) {
	relations, err := Read(sql.FS)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[Kind]int{}
	for _, r := range relations {
		kinds[r.Kind]++
		if len(r.Notes) > 0 && len(r.NotesZH) == 0 {
			t.Errorf("%s has notes in English only", r.Name)
		}
		for _, c := range r.Columns {
			if !hasHan(c.ZH) || hasHanOnly(c.EN) {
				t.Errorf("%s.%s means %q and %q", r.Name, c.Name, c.EN, c.ZH)
			}
			if strings.HasSuffix(c.Name, "_cny") && !strings.HasPrefix(c.Unit, "CNY") || strings.HasSuffix(c.Name, "_days") && c.Unit != "days" {
				t.Errorf("%s.%s has the unit %q", r.Name, c.Name, c.Unit)
			}
		}
	}
	if kinds[Table] != len(record.Tables)-1 || kinds[Facts] != 1 || kinds[Guide] != 3 || kinds[Mart] < 18 {
		t.Errorf("kinds: %v", kinds)
	}
	zones, ok := Find(relations, "zone_conversion")
	if !ok || zones.RefersTo("zone_id") != "areas.area_id" || zones.RefersTo("campaign") != "" || zones.Refs[0].String() != "campaign, zone_id -> areas.campaign, area_id" {
		t.Errorf("zone_conversion: %v", zones.Refs)
	}
	// Declared once, in area_conversion.
	if signed, ok := zones.Column("signed"); !ok || signed.Unit != "projects" || signed.ZH != "签约项目数" || signed.Low != "0" {
		t.Errorf("zone_conversion.signed: %+v", signed)
	}
	if facts, _ := Find(relations, "facts"); !slices.Equal(facts.NullableKey, []string{"method"}) {
		t.Errorf("the nullable key of facts: %v", facts.NullableKey)
	}
	if _, ok := Find(relations, "nothing"); ok {
		t.Error("a relation that is not there was found")
	}
}

func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 0x3400 })
}

func hasHanOnly(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// Each declaration that does not fit the others is refused, by file, line and reason.
func TestBad(t *testing.T) {
	const good = "-- m: a mart\n--\n-- zh: 集市。\n--\n-- grain: area_id\n-- refs: area_id -> areas.area_id\n-- columns:\n--   area_id  VARCHAR!  area\n--     zh: 地区\nselect 1"
	read := func(text string) error {
		_, err := Read(fstest.MapFS{"marts/m.sql": &fstest.MapFile{Data: []byte(text)}})
		return err
	}
	if err := read(good); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ old, new, want string }{
		"no Chinese summary":     {"-- zh: 集市。\n", "", "m lacks a meaning in one language"},
		"no Chinese of a column": {"--     zh: 地区\n", "", "sql/marts/m.sql:8: column area_id of m has no Chinese meaning"},
		"key may be NULL":        {"VARCHAR!", "VARCHAR", "sql/marts/m.sql:8: column area_id is of the key"},
		"key is no column":       {"grain: area_id", "grain: zone_id", "no column zone_id"},
		"refers to nothing":      {"areas.area_id", "regions.area_id", "regions, which is not published"},
		"refers to no column":    {"areas.area_id", "areas.code", "not columns of one type"},
		"refers to another type": {"areas.area_id", "areas.verified", "not columns of one type"},
		"no columns":             {"--   area_id  VARCHAR!  area\n--     zh: 地区\n", "", "no column of m is declared"},
	} {
		t.Run(name, func(t *testing.T) {
			err := read(strings.Replace(good, test.old, test.new, 1))
			if !errors.Is(err, engine.ErrContract) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a broken contract that says %q", err, test.want)
			}
		})
	}
}
