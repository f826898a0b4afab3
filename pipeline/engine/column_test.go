package engine

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var ignoreUnexported = cmpopts.IgnoreUnexported(Column{})

func TestReadsDeclarations(t *testing.T) {
	models, err := Read(files(
		"marts/zone.sql", `-- zone: of the projects of each zone,
-- the share that has started.
--
-- Read it with care:
-- young rounds are low.
--
-- zh: 各开发区开工
-- 比例。
--
-- 新近期次偏低，
-- 请留意。
--
-- grain:    zone_id, method?
--
-- columns:
--   zone_id  VARCHAR!  the zone
--     zh: 开发区
--   method   VARCHAR {by_date, by_title}  how it was
--            counted
--     zh: 计数方式，
--         未知为空
--   share    DOUBLE [ratio] 0..1  started / signed
--     zh: 开工占签约的比例
--   since    DATE 2019-01-01..  first day
--     zh: 起始日期
--   change   DECIMAL(18,2) [CNY] -5..0.5  change
--     zh: 增减
--   ids      VARCHAR[]! {a, b}  ids
select 1`,
		"marts/zone_copy.sql", `-- zone_copy: the same
-- grain: share
-- columns:
--   share  like zone
--   part   like zone.zone_id
select 1`,
	), "marts")
	if err != nil {
		t.Fatal(err)
	}
	m, share := models[0], Column{Name: "share", Type: "DOUBLE", Unit: "ratio", EN: "started / signed", ZH: "开工占签约的比例", Low: "0", High: "1"}
	lined := func(c Column, line int) Column { c.Line = line; return c }
	want := []Column{
		{Name: "zone_id", Type: "VARCHAR", Required: true, EN: "the zone", ZH: "开发区", Line: 16},
		{Name: "method", Type: "VARCHAR", Allowed: []string{"by_date", "by_title"}, EN: "how it was counted", ZH: "计数方式，未知为空", Line: 18},
		lined(share, 22),
		{Name: "since", Type: "DATE", Low: "2019-01-01", EN: "first day", ZH: "起始日期", Line: 24},
		{Name: "change", Type: "DECIMAL(18,2)", Unit: "CNY", Low: "-5", High: "0.5", EN: "change", ZH: "增减", Line: 26},
		{Name: "ids", Type: "VARCHAR[]", Required: true, Allowed: []string{"a", "b"}, EN: "ids", Line: 28},
	}
	if diff := cmp.Diff(want, m.Columns, ignoreUnexported); diff != "" {
		t.Error(diff)
	}
	if m.Summary != "of the projects of each zone, the share that has started." || m.ZH != "各开发区开工比例。" {
		t.Errorf("summary %q %q", m.Summary, m.ZH)
	}
	if diff := cmp.Diff([][]string{{"Read it with care: young rounds are low."}, {"新近期次偏低，请留意。"}}, [][]string{m.Notes, m.NotesZH}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Column{lined(share, 4), {Name: "part", Type: "VARCHAR", Required: true, EN: "the zone", ZH: "开发区", Line: 5}},
		models[1].Columns, ignoreUnexported); diff != "" {
		t.Error(diff)
	}
}

// Each broken declaration is refused, by file, line and reason.
func TestBadDeclarations(t *testing.T) {
	for name, test := range map[string]struct{ lines, want string }{
		"type that does not leave": {"id  HUGEINT  x", "HUGEINT does not leave"},
		"no meaning":               {"id  INTEGER", "no meaning"},
		"open bracket":             {"id  INTEGER [days  x", "bracket"},
		"open brace":               {"id  VARCHAR {a, b  x", "brace"},
		"empty set":                {"id  VARCHAR {}  x", "no word at all"},
		"set of numbers":           {"id  INTEGER {1, 2}  x", "only a VARCHAR has a set"},
		"word twice":               {"id  VARCHAR {a, b, a}  x", "a stands twice"},
		"bounds of a text":         {"id  VARCHAR 0..1  x", "only numbers and days"},
		"bounds the wrong way":     {"id  INTEGER 5..1  x", "nothing lies in 5..1"},
		"bound is no day":          {"id  DATE 2021-02-30..  x", "is no DATE"},
		"like nothing":             {"id  like gone", "which no model declares"},
		"like itself":              {"id  like m", "which no model declares"},
		"twice":                    {"id  INTEGER  x\n--   id  INTEGER  y", "declared twice"},
		"Chinese of nothing":       {"zh: 编号", "follows its column"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(files("marts/m.sql", "-- m: a model\n-- grain: id\n-- columns:\n--   "+test.lines+"\nselect 1 as id"), "marts")
			if !errors.Is(err, ErrContract) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "marts/m.sql:") {
				t.Errorf("got %v, want a broken contract that names the line and says %q", err, test.want)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	db := open(t)
	columns := []Column{
		{Name: "id", Type: "INTEGER", Required: true, Line: 4},
		{Name: "stage", Type: "VARCHAR", Allowed: []string{"signed", "started"}, Line: 5},
		{Name: "share", Type: "DOUBLE", Low: "0", High: "1", Line: 6},
		{Name: "held_on", Type: "DATE", Low: "2019-01-01", Line: 7},
		{Name: "tags", Type: "VARCHAR[]", Allowed: []string{"a", "b"}, Line: 8},
	}
	const good = "(1, 'signed', 0.5, date '2021-01-01', ['a', 'b']), (2, null, null, null, null), (3, 'started', 1, date '2019-01-01', [])"
	for name, test := range map[string]struct {
		row, says, shows string
		more             int
	}{
		"good":              {row: "(4, 'started', 0, null, ['b'])"},
		"NULL":              {row: "(null, 'signed', 0, null, ['b'])", says: "id is never NULL (marts/m.sql:4)", shows: "id=NULL"},
		"word":              {row: "(4, '签约', 0, null, ['b'])", says: "stage is one of signed, started (marts/m.sql:5)", shows: "id=4 stage=签约"},
		"below":             {row: "(4, null, -0.1, null, null)", says: "share is at least 0 (marts/m.sql:6)", shows: "share=-0.1"},
		"above":             {row: "(4, null, 1.01, null, null)", says: "share is at most 1", shows: "share=1.01"},
		"infinite":          {row: "(4, null, 'infinity'::double, null, null)", says: "share is a finite number", shows: "share=inf", more: 1},
		"not a number":      {row: "(4, null, 'nan'::double, null, null)", says: "share is a finite number", shows: "share=nan", more: 1},
		"too early":         {row: "(4, null, 0, date '2018-12-31', null)", says: "held_on is at least 2019-01-01", shows: "held_on=2018-12-31"},
		"element of a list": {row: "(4, null, 0, null, ['a', 'c'])", says: "tags holds only a, b", shows: "tags=[a, c]"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := db.Exec("create or replace table m as from (values " + good + ", " + test.row + ") as v (id, stage, share, held_on, tags)"); err != nil {
				t.Fatal(err)
			}
			failures, err := Verify(context.Background(), db, "m", "marts/m.sql", []string{"id"}, columns)
			if err != nil {
				t.Fatal(err)
			}
			if test.says == "" {
				if len(failures) > 0 {
					t.Errorf("got %v", failures)
				}
				return
			}
			if len(failures) != 1+test.more {
				t.Fatalf("got %d failures: %v", len(failures), failures)
			}
			f := failures[len(failures)-1]
			if text := f.String(); !f.Blocks || f.Count != 1 || !strings.Contains(text, "check "+Declared+" found 1: m."+test.says) || !strings.Contains(text, test.shows) {
				t.Errorf("got %s, blocks %v; want %q and %q", text, f.Blocks, test.says, test.shows)
			}
		})
	}
	if failures, err := Verify(context.Background(), db, "base", "x", nil, []Column{{Name: "id", Type: "INTEGER"}}); err != nil || failures != nil {
		t.Errorf("a column of which nothing is declared: %v %v", failures, err)
	}
}
