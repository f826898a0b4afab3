package campaign

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/transforms/record"
)

var testWords = Words{
	Kinds:     map[string]int32{"press": 2, "mirror": 5},
	Universes: []Universe{{Code: record.AsPublished}, {Code: "provincial_list", Preference: 1}},
	Doubts:    []string{"outlier"},
}

// folder is a small sound campaign; its files may be replaced.
func folder(replace map[string]string) fstest.MapFS {
	files := map[string]string{
		"campaign.csv": "key,value\nname,测试\narea_id,130000\nnumbering,year_ordinal\n",
		"rounds.csv": "round,year,ordinal,label,held_on\n" +
			"2023-1,2023,1,2023年第一期,2023年2月1日\n2023-2,2023,2,2023年第二期,\n",
		"round_labels.csv": "round,label,ordinal,counting\n",
		"areas.csv": "area_id,name,level,parent_id,verified\n130000,河北省,province,,true\n" +
			"130100,石家庄市,city,130000,true\n130104,桥西区,county,130100,true\n130100-Z1,石家庄经济技术开发区,zone,130100,false\n" +
			"130700,张家口市,city,130000,true\n130703,桥西区,county,130700,true\n",
		"area_names.csv": "area_id,name,valid_from,valid_to\n130100-Z1,石家庄开发区,2010-01-01,\n",
		"sources.csv":    "source_id,kind,publisher,url,published_on\ns,press,某报,http://example.invalid/1,2023-02-02\n",
		"claims.csv":     "source_id,period,round,area,stage,metric,value,unit\n",
		"bulletins.csv":  "address,source_id,kind,publisher,published_on\n",
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		if other, ok := replace[name]; ok {
			text = other
		}
		fsys["hebei/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func load(t *testing.T, replace map[string]string) *Campaign {
	t.Helper()
	c, err := Load(folder(replace), "hebei", testWords)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestShippedCampaignsLoad(t *testing.T) {
	words, err := LoadWords(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := List(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]int{"shanxi": 236, "henan": 286, "others": 72}
	if len(ids) != len(claims) {
		t.Fatalf("campaigns %v", ids)
	}
	for _, id := range ids {
		c, err := Load(datasets.FS, id, words)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(c.Claims) != claims[id] || len(c.Quarantine) != 0 {
			t.Errorf("%s: %d claims and %d quarantined, want %d and none", id, len(c.Claims), len(c.Quarantine), claims[id])
		}
		for _, x := range c.Claims {
			if x.ClaimID != record.NewClaimID(x) || x.AreaID == "" || x.PeriodID == "" {
				t.Errorf("%s: incomplete claim %+v", id, x)
			}
		}
	}
}

// A claim is normalised: amount to yuan, label to round, name to area, and what
// was printed stays beside it.
func TestClaim(t *testing.T) {
	c := load(t, map[string]string{"claims.csv": "source_id,period,round,round_label,area,stage,metric,value,unit,universe,approximate\n" +
		"s,round,,2023年第一期,石家庄开发区,signed,investment,1.8,万亿元,,\n" +
		"s,round,2023-1,,河北省,signed,projects,约一百二十,个,provincial_list,\n" +
		"s,round,2023-1,,河北省,started,projects,45,个,,nearly\n" +
		"s,round,2023-1,,河北省,commissioned,projects,0,个,,\n"})
	a, b, d, e := c.Claims[0], c.Claims[1], c.Claims[2], c.Claims[3]
	if a.AreaID != "130100-Z1" || a.AreaAsPublished != "石家庄开发区" || a.Round != "2023-1" || a.PeriodID != "2023-1" ||
		a.Value != record.WholeValue(1_800_000_000_000) || a.ValueAsPrinted != "1.8" || a.Unit != "万亿元" || a.Universe != record.AsPublished {
		t.Errorf("got %+v", a)
	}
	if a.PeriodFrom.String() != "2023-02-01" {
		t.Errorf("the day of the round was not read from 2023年2月1日: %s", a.PeriodFrom)
	}
	if b.Value != record.WholeValue(120) || !b.Approximate || b.Universe != "provincial_list" || !d.Approximate || a.Approximate {
		t.Errorf("got %+v, %+v", b, d)
	}
	if e.Value != 0 || e.ValueAsPrinted != "0" {
		t.Errorf("a published zero is a figure: %+v", e)
	}
}

func TestPeriods(t *testing.T) {
	c := load(t, map[string]string{"claims.csv": "source_id,period,round,period_from,period_to,area,stage,metric,value,unit\n" +
		"s,annual,,2021-07-10,2021-12-31,河北省,signed,projects,1,个\n" +
		"s,cumulative,,,2021-06-29,河北省,signed,projects,2,个\n" +
		"s,cumulative,,2020-02-28,2020-08-08,河北省,signed,projects,3,个\n" +
		"s,other,,2021-04-09,2021-04-09,河北省,signed,projects,4,个\n" +
		"s,round,2023-2,,,河北省,signed,projects,5,个\n"})
	for i, want := range []string{"2021", "..2021-06-29", "2020-02-28..2020-08-08", "2021-04-09", "2023-2"} {
		if got := c.Claims[i].PeriodID; got != want {
			t.Errorf("claim %d: period %q, want %q", i, got, want)
		}
	}
}

// What the page left open is kept whole with its candidates, and counted.
func TestQuarantine(t *testing.T) {
	c := load(t, map[string]string{
		"round_labels.csv": "round,label,ordinal,counting\n2023-1,2023年活动,1,by_title\n2023-2,2023年活动,2,by_title\n",
		"claims.csv": "source_id,period,round,round_label,area,within,stage,metric,value,unit\n" +
			"s,round,2023-1,,桥西区,,signed,projects,1,个\n" +
			"s,round,2023-1,,桥西区,张家口市,signed,projects,2,个\n" +
			"s,round,,2023年活动,河北省,,signed,projects,3,个\n",
	})
	if len(c.Claims) != 1 || len(c.Quarantine) != 2 {
		t.Fatalf("%d claims, %d quarantined", len(c.Claims), len(c.Quarantine))
	}
	for i, want := range []struct {
		field      string
		reason     record.Reason
		candidates string
	}{
		{"area", record.AmbiguousArea, "130104 130703"},
		{"round_label", record.AmbiguousRound, "2023-1 2023-2"},
	} {
		q := c.Quarantine[i]
		if q.Field != want.field || q.Reason != want.reason || strings.Join(q.Candidates, " ") != want.candidates || q.RawRow == "" || q.Raw == "" {
			t.Errorf("got %+v, want %+v", q, want)
		}
	}
	if c.RowsRead != c.RowsLoaded+len(c.Quarantine) {
		t.Errorf("%d read, %d loaded, %d quarantined", c.RowsRead, c.RowsLoaded, len(c.Quarantine))
	}
}

// Each thing wrong is one message with its place and mend.
func TestProblems(t *testing.T) {
	claim := "source_id,period,round,area,stage,metric,value,unit,total_of,universe,doubt,period_from,period_to\n"
	for name, test := range map[string]struct{ file, text, want string }{
		"unknown key":            {"campaign.csv", "key,value\nname,x\nnumbering,label\ncolour,red\n", `unknown key "colour"`},
		"no numbering":           {"campaign.csv", "key,value\nname,x\n", `"numbering" is missing`},
		"bad numbering":          {"campaign.csv", "key,value\nname,x\nnumbering,letters\n", `unknown numbering "letters"`},
		"parent gone":            {"areas.csv", "area_id,name,level,parent_id,verified\n1,甲,city,9,true\n", `area "9" does not exist`},
		"own parent":             {"areas.csv", "area_id,name,level,parent_id,verified\n130000,甲,city,130000,true\n", "its own parent"},
		"circle":                 {"areas.csv", "area_id,name,level,parent_id,verified\n130000,甲,city,130100,true\n130100,乙,county,130000,true\n", "go in a circle"},
		"area twice":             {"areas.csv", "area_id,name,level,parent_id,verified\n130000,甲,city,,true\n130000,乙,city,,true\n", "already on line 2"},
		"level":                  {"areas.csv", "area_id,name,level,parent_id,verified\n130000,甲,town,,true\n", `unknown level "town"`},
		"verified":               {"areas.csv", "area_id,name,level,parent_id,verified\n130000,甲,city,,yes\n", `unknown verified "yes"; use one of false, true`},
		"size":                   {"areas.csv", "area_id,name,level,parent_id,verified,area_km2\n130000,甲,city,,true,big\n", "not an area in square kilometres"},
		"alias of nothing":       {"area_names.csv", "area_id,name\n9,甲\n", `area "9" does not exist`},
		"kind":                   {"sources.csv", "source_id,kind,publisher,url,published_on\ns,blog,x,,\n", `unknown kind "blog"`},
		"address":                {"sources.csv", "source_id,kind,publisher,url,published_on\ns,press,x,www.example.invalid,\n", "not an http address"},
		"no publisher":           {"sources.csv", "source_id,kind,publisher,url,published_on\ns,press,,,\n", "publisher is empty"},
		"month only":             {"sources.csv", "source_id,kind,publisher,url,published_on\ns,press,x,,2023年2月\n", "names no day"},
		"bad date":               {"rounds.csv", "round,label,held_on\n1,x,2023-02-30\n", "2023-02-30"},
		"label of no round":      {"round_labels.csv", "round,label,counting\n9,x,by_date\n", `round "9" does not exist`},
		"year is no number":      {"rounds.csv", "round,label,held_on,year\n1,x,,MMXX\n", "not a whole number"},
		"total_of without total": {"claims.csv", claim + "s,round,2023-1,河北省,signed,projects,1,个,signed+started,,,,\n", "goes with the stage total only"},
		"total_of":               {"claims.csv", claim + "s,round,2023-1,河北省,total,projects,1,个,all,,,,\n", `unknown total_of "all"`},
		"universe":               {"claims.csv", claim + "s,round,2023-1,河北省,signed,projects,1,个,,everything,,,\n", `unknown universe "everything"`},
		"doubt":                  {"claims.csv", claim + "s,round,2023-1,河北省,signed,projects,1,个,,,maybe,,\n", `unknown doubt "maybe"`},
		"dollars":                {"claims.csv", claim + "s,round,2023-1,河北省,signed,investment,1,亿美元,,,,,\n", "nothing is converted in silence"},
		"round of a year":        {"claims.csv", claim + "s,annual,2023-1,河北省,signed,projects,1,个,,,,2023-01-01,2023-12-31\n", "goes with the period round only"},
		"year over two":          {"claims.csv", claim + "s,annual,,河北省,signed,projects,1,个,,,,2022-01-01,2023-12-31\n", "lies in one year"},
		"no span":                {"claims.csv", claim + "s,cumulative,,河北省,signed,projects,1,个,,,,,\n", "needs period_from or period_to"},
		"backwards":              {"claims.csv", claim + "s,other,,河北省,signed,projects,1,个,,,,2023-12-31,2023-01-01\n", "before it begins"},
		"bulletin of nobody":     {"bulletins.csv", "address,source_id\nhttp://example.invalid/2,gone\n", `source "gone" is not in sources.csv`},
		"bulletin without kind":  {"bulletins.csv", "address\nhttp://example.invalid/2\n", "needs a kind, one of mirror, press"},
		"bulletin twice":         {"bulletins.csv", "address,source_id\nhttp://example.invalid/1,s\nhttp://example.invalid/1,s\n", "already on line 2"},
		"empty value":            {"claims.csv", claim + "s,round,2023-1,河北省,signed,projects,,个,,,,,\n", "value is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(folder(map[string]string{test.file: test.text}), "hebei", testWords)
			var invalid *InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			if text := err.Error(); !strings.Contains(text, test.want) || !strings.Contains(text, "hebei/"+test.file) {
				t.Errorf("got %s\nwant %q in %s", text, test.want, test.file)
			}
		})
	}
}

// A page to pull takes its day from the source that it is.
func TestBulletins(t *testing.T) {
	c := load(t, map[string]string{"bulletins.csv": "address,source_id,kind,publisher,published_on\n" +
		"http://example.invalid/1,s,,,\nhttp://example.invalid/2,,press,乙报,2023年2月3日\n"})
	want := []Bulletin{
		{Address: "http://example.invalid/1", SourceID: "s", PublishedOn: record.NewDate(2023, 2, 2)},
		{Address: "http://example.invalid/2", Kind: "press", Publisher: "乙报", PublishedOn: record.NewDate(2023, 2, 3)},
	}
	if !slices.Equal(c.Bulletins, want) {
		t.Errorf("%+v", c.Bulletins)
	}
}

// An empty file is one problem, said first, however many rows lean on it.
func TestEmptyFilesAreSaidOnce(t *testing.T) {
	areas := "area_id,name,level,parent_id,verified\n"
	sources := "source_id,kind,publisher,url,published_on\n"
	claims := "source_id,period,round,area,stage,metric,value,unit\n" + "s,round,2023-1,河北省,signed,projects,1,个\ns,round,2023-1,河北省,started,projects,1,个\n"
	for _, test := range []struct {
		name    string
		replace map[string]string
		want    []string
	}{
		{"areas", map[string]string{"areas.csv": areas, "claims.csv": claims}, []string{"hebei/areas.csv: areas.csv holds no rows"}},
		{"areas and a setting", map[string]string{"areas.csv": areas, "campaign.csv": "key,value\nname,x\n"},
			[]string{"hebei/areas.csv: areas.csv holds no rows", `hebei/campaign.csv: the key "numbering"`}},
		{"sources", map[string]string{"sources.csv": sources, "claims.csv": claims},
			[]string{"hebei/sources.csv: sources.csv holds no rows"}},
		{"a header that cannot be read", map[string]string{"areas.csv": "area_id\n"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(folder(test.replace), "hebei", testWords)
			var invalid *InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			if test.want == nil {
				if strings.Contains(err.Error(), "no rows") {
					t.Errorf("got %v", err)
				}
				return
			}
			if len(invalid.Problems) != len(test.want) {
				t.Fatalf("got %v", err)
			}
			for i, want := range test.want {
				if got := invalid.Problems[i].String(); !strings.HasPrefix(got, want) {
					t.Errorf("problem %d: got %q, want %q", i, got, want)
				}
			}
		})
	}
	// A campaign of which nothing is published yet needs no sources.
	load(t, map[string]string{"sources.csv": sources})
}

func TestReadFileTakesFilesOnly(t *testing.T) {
	fsys := fstest.MapFS{"a/pipe.csv": {Mode: fs.ModeNamedPipe}, "a/folder.csv/x": {}, "a/b.csv": {Data: []byte("b")}}
	if data, err := ReadFile(fsys, "a/b.csv"); err != nil || string(data) != "b" {
		t.Errorf("got %q, %v", data, err)
	}
	for file, want := range map[string]string{"a/pipe.csv": "a named pipe", "a/folder.csv": "a folder", "a/none.csv": "not exist"} {
		if _, err := ReadFile(fsys, file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", file, err)
		}
	}
}

func TestWordsMustBeWhole(t *testing.T) {
	if _, err := LoadWords(fstest.MapFS{"words/kinds.csv": {Data: []byte("code,trust,en,zh\npress,high,,\n")}}); err == nil ||
		!strings.Contains(err.Error(), "not a whole number") || !strings.Contains(err.Error(), "doubts.csv: the file is missing") {
		t.Errorf("got %v", err)
	}
}

// Whatever bytes stand in the file, the loader answers with rows or problems and
// accounts for every row.
func FuzzClaims(f *testing.F) {
	f.Add("s,round,2023-1,河北省,signed,projects,1,个\n")
	f.Add("\"\n,,,,,,,\n\x00\xff")
	f.Add("s,annual,,桥西区,total,investment,１.８,万亿元\n")
	f.Fuzz(func(t *testing.T, rows string) {
		fsys := folder(map[string]string{"claims.csv": "source_id,period,round,area,stage,metric,value,unit\n" + rows})
		c, err := Load(fsys, "hebei", testWords)
		var invalid *InvalidError
		if err != nil && !errors.As(err, &invalid) {
			t.Fatal(err)
		}
		if err == nil && c.RowsRead != c.RowsLoaded+len(c.Quarantine) {
			t.Fatalf("%d read, %d loaded, %d quarantined", c.RowsRead, c.RowsLoaded, len(c.Quarantine))
		}
	})
}
