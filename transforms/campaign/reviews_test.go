package campaign_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
)

const reviewHeader = "review_id,decision,source_id,period,round,area,stage,metric,value,unit,note\n"

// withReview is the shipped campaign with one figure that waits, on two pages.
func withReview(t *testing.T) (*campaign.Campaign, campaign.Words, record.Review) {
	t.Helper()
	words, err := campaign.LoadWords(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	c, err := campaign.Load(datasets.FS, "shanxi", words)
	if err != nil {
		t.Fatal(err)
	}
	v := record.Review{
		Campaign: "shanxi", SourceID: c.Sources[0].SourceID, Reason: "mirror_words", Quote: "我市合同项目68个", Stage: record.Signed,
		Metric: record.Projects, Value: record.WholeValue(68), Rule: "stage-count",
	}
	v.ReviewID = record.NewReviewID(v)
	other := v
	other.SourceID = c.Sources[1].SourceID
	c.Reviews = []record.Review{v, other}
	return c, words, v
}

func decide(c *campaign.Campaign, words campaign.Words, file string) error {
	return c.Decide(fstest.MapFS{"shanxi/reviews.csv": {Data: []byte(file)}}, words)
}

func TestDecide(t *testing.T) {
	c, words, v := withReview(t)
	n := len(c.Claims)
	// The page has gone where the decision was made; the words stand on others.
	err := decide(c, words, reviewHeader+v.ReviewID+",采纳,"+string(c.Sources[2].SourceID)+",round,2022-1,太原市,signed,projects,69,个,看过原报\nvgone,accept,,,,,,,,,\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Claims) != n+2 {
		t.Fatalf("%d claims more", len(c.Claims)-n)
	}
	for i, x := range c.Claims[n:] {
		if x.Value != record.WholeValue(69) || x.AreaID != "140100" || x.Round != "2022-1" || x.Extractor != record.Reviewed || x.Quote != v.Quote || x.SourceID != c.Sources[i].SourceID {
			t.Errorf("%+v", x)
		}
	}
	if c.Reviews[0].Decision != campaign.Accept || c.Reviews[0].Note != "看过原报" || c.Reviews[1].Decision != campaign.Accept {
		t.Errorf("%+v", c.Reviews)
	}
}

func TestDecideReject(t *testing.T) {
	c, words, v := withReview(t)
	n := len(c.Claims)
	if err := decide(c, words, reviewHeader+v.ReviewID+",reject,,,,,,,,,\n"); err != nil {
		t.Fatal(err)
	}
	if len(c.Claims) != n || c.Reviews[0].Decision != campaign.Reject {
		t.Errorf("%d claims more, %+v", len(c.Claims)-n, c.Reviews[0])
	}
}

func TestDecideNothing(t *testing.T) {
	c, words, v := withReview(t)
	n := len(c.Claims)
	if err := c.Decide(fstest.MapFS{}, words); err != nil {
		t.Fatal(err)
	}
	if err := decide(c, words, reviewHeader+v.ReviewID+",,,,,,,,,,\n"); err != nil {
		t.Fatal(err)
	}
	if len(c.Claims) != n || c.Reviews[0].Decision != "" {
		t.Errorf("%d claims more, %+v", len(c.Claims)-n, c.Reviews[0])
	}
}

func TestDecideWrongly(t *testing.T) {
	for row, want := range map[string]string{
		"perhaps,,round,2022-1,太原市,signed,projects,69,个,":     `unknown decision "perhaps"`,
		"accept,S,round,2022-1,某某市,signed,projects,69,个,":     "某某市",
		"accept,S,round,2022-1,示范区,signed,projects,69,个,":     "write the id",
		"accept,S,round,2022-1,太原市,signing,projects,69,个,":    "signing",
		"accept,S,round,2022-1,太原市,signed,projects,6.9,个,":    "whole number",
		"accept,S,round,1999-1,太原市,signed,projects,69,个,":     "1999-1",
		"accept,S,annual,,太原市,signed,projects,69,个,":          "period_from",
		"accept,S,round,2022-1,太原市,signed,investment,69,亿美元,": "yuan",
	} {
		c, words, v := withReview(t)
		n := len(c.Claims)
		err := decide(c, words, reviewHeader+v.ReviewID+","+strings.Replace(row, ",S,", ","+string(v.SourceID)+",", 1)+"\n")
		var invalid *campaign.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", row, err)
		}
		if len(c.Claims) != n || c.Reviews[0].Decision != "" {
			t.Errorf("%s: something was taken", row)
		}
	}
}
