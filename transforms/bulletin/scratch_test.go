package bulletin

import (
	"fmt"
	"github.com/sanpi-data/sanpi/transforms/record"
	"os"
	"strings"
	"testing"
)

func TestScratch(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("SCRATCH"))
	if err != nil {
		t.Skip()
	}
	for _, blk := range strings.Split(string(data), "\n===\n") {
		head, body, _ := strings.Cut(blk, "\n")
		f := strings.Fields(head)
		pub, _ := record.ParseDate(f[1])
		got := testReader(t, f[0]).Read(Text{Body: body, Published: pub})
		fmt.Println("####", body)
		for i, l := range lines(got) {
			fmt.Println("   ", l, "  [", got.Claims[i].Rule, "]", got.Claims[i].Unit)
		}
		for _, p := range got.Passed {
			fmt.Printf("      passed %q: %s | %s | %s\n", body[p.Figure.From:p.Figure.To], p.Rule, p.Near, p.Why)
		}
		for _, p := range got.Projects {
			fmt.Printf("      project %+v\n", p)
		}
	}
}
