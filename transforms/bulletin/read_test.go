package bulletin

import (
	"os"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// lines writes what was read as stage metric value, one a claim.
func lines(got *Reading) []string {
	var out []string
	for _, c := range got.Claims {
		l := strings.Join([]string{string(c.Round), string(c.AreaID), string(c.Stage), string(c.Metric), c.Value.String()}, " ")
		if c.Period != record.OfRound {
			l += " " + string(c.Period)
		}
		if c.Review != "" {
			l += " ?" + c.Review
		}
		out = append(out, l)
	}
	return out
}

func TestTryFile(t *testing.T) {
	file := os.Getenv("BULLETIN")
	if file == "" {
		t.Skip()
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := testReader(t, "shanxi").Read(Text{Body: string(data), Published: record.NewDate(2022, 2, 28)})
	for _, l := range lines(got) {
		t.Log(l)
	}
	for _, p := range got.Passed {
		t.Logf("passed %q: %s | %s | %s", string(data)[p.Figure.From:p.Figure.To], p.Rule, p.Near, p.Why)
	}
}
