package campaign_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
)

func shanxi(t *testing.T) *campaign.Campaign {
	t.Helper()
	words, err := campaign.LoadWords(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	c, err := campaign.Load(datasets.FS, "shanxi", words)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rulesFS(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

func TestShippedRulesAreSound(t *testing.T) {
	if err := shanxi(t).LoadRules(datasets.FS, datasets.FS); err != nil {
		t.Fatal(err)
	}
}

// The campaign's own file stands before the office's, and that before the shipped one.
func TestRulesCloserToTheCampaignStand(t *testing.T) {
	c := shanxi(t)
	own := rulesFS("shanxi/limits.csv", "transition,limit_days\nsigned_to_started,90\n")
	office := rulesFS(
		"rules/limits.csv", "transition,limit_days\nsigned_to_started,120\n",
		"rules/industries.csv", "scheme,industry,name\nemerging,solar,光伏\n")
	shipped := rulesFS("rules/industries.csv", "scheme,industry,name\nemerging,steel,钢铁\n")
	if err := c.LoadRules(own, office, shipped); err != nil {
		t.Fatal(err)
	}
	want := campaign.Rules{
		Limits:     []record.Limit{{Campaign: "shanxi", Transition: "signed_to_started", LimitDays: 90}},
		Industries: []record.Industry{{Campaign: "shanxi", Scheme: "emerging", Industry: "solar", Position: 1, Name: "光伏"}},
	}
	if diff := cmp.Diff(want, c.Rules); diff != "" {
		t.Error(diff)
	}
	if err := c.LoadRules(rulesFS()); err != nil || c.Rules.Limits != nil {
		t.Errorf("without any folder: %v, %v; want no rules and no error", c.Rules, err)
	}
}

func TestRulesRefuse(t *testing.T) {
	indicators := "indicator,pair,measure,weight,direction,missing,name\n"
	for name, tt := range map[string]struct{ file, text, want string }{
		"unknown transition":  {"limits.csv", "transition,limit_days\nsigned,90\n", "use one of commissioned_to_on_target, signed_to_started"},
		"limit of no days":    {"limits.csv", "transition,limit_days\nsigned_to_started,-1\n", "are no limit"},
		"limit told twice":    {"limits.csv", "transition,limit_days\nsigned_to_started,1\nsigned_to_started,2\n", "already on line 2"},
		"weights short":       {"indicators.csv", indicators + "a,service,survey,60,higher,skip,甲\nb,reserve,expected_yield,39.5,higher,skip,乙\n", "add up to 99.5; mend them"},
		"weight no number":    {"indicators.csv", indicators + "a,service,survey,much,higher,skip,甲\n", `"much" is not a number`},
		"weight below zero":   {"indicators.csv", indicators + "a,service,survey,-5,higher,skip,甲\nb,reserve,expected_yield,105,higher,skip,乙\n", "below zero"},
		"unknown direction":   {"indicators.csv", indicators + "a,service,survey,100,up,skip,甲\n", "higher, lower"},
		"unknown measure":     {"indicators.csv", indicators + "a,reserve,start_rat,100,higher,skip,甲\n", "standard_land_rate, start_rate, survey"},
		"unknown pair":        {"indicators.csv", indicators + "a,charm,survey,100,higher,skip,甲\n", "construction, recruitment, reserve, service"},
		"value of no survey":  {"assessments.csv", "year,zone_id,indicator,value,source_id\n2023,140110-01,joy,5,\n", "no indicator of indicators.csv"},
		"value of no zone":    {"assessments.csv", "year,zone_id,indicator,value,source_id\n2023,140100,joy,5,\n", "no zone of areas.csv"},
		"value of no source":  {"assessments.csv", "year,zone_id,indicator,value,source_id\n2023,140110-01,joy,5,\n", "has no source"},
		"unknown source":      {"assessments.csv", "year,zone_id,indicator,value,source_id\n2023,140110-01,joy,5,nobody\n", `source "nobody"`},
		"class of no scheme":  {"industry_words.csv", "scheme,industry,field,word\nemerging,solar,name,光伏\n", `has no industry "solar"`},
		"word in no field":    {"industry_words.csv", "scheme,industry,field,word\nemerging,solar,title,光伏\n", "content, industry, name"},
		"class of the rest":   {"industries.csv", "scheme,industry,name\nemerging,unclassified,其他\n", "use another word"},
		"class of a leader":   {"industries.csv", "scheme,industry,name\nchain_leader,a,甲\n", "use another word"},
		"class told twice":    {"industries.csv", "scheme,industry,name\nemerging,a,甲\nemerging,a,乙\n", "already on line 2"},
		"column not known":    {"limits.csv", "transition,days\nsigned_to_started,1\n", `"limit_days" is missing`},
		"row of other length": {"limits.csv", "transition,limit_days\nsigned_to_started\n", "the row has 1 fields"},
	} {
		t.Run(name, func(t *testing.T) {
			err := shanxi(t).LoadRules(rulesFS("rules/"+tt.file, ""), rulesFS("rules/"+tt.file, tt.text))
			var invalid *campaign.InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "rules/"+tt.file) {
				t.Errorf("got %v; want an InvalidError that names the file and says %q", err, tt.want)
			}
		})
	}
}
