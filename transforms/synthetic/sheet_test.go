package synthetic_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/format"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
	"github.com/sanpi-data/sanpi/transforms/sheet"
	"github.com/sanpi-data/sanpi/transforms/synthetic"
)

// shanxi is what the shipped campaign gives a ledger: zones with the names that are
// valid for good, rounds, and the resolvers that read them back.
func shanxi(t *testing.T) (synthetic.Options, sheet.Context) {
	t.Helper()
	words, err := campaign.LoadWords(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	c, err := campaign.Load(datasets.FS, "shanxi", words)
	if err != nil {
		t.Fatal(err)
	}
	areas := area.NewResolver(c.Areas, c.AreaNames)
	var opt synthetic.Options
	for _, a := range c.Areas {
		if a.Level != record.Zone {
			continue
		}
		z := synthetic.Zone{AreaID: a.AreaID, Name: a.Name, CityID: a.CityID}
		if city, ok := areas.Area(a.CityID); ok {
			z.City = city.Name
		}
		for _, n := range c.AreaNames {
			if n.AreaID == a.AreaID && n.ValidFrom == 0 && n.ValidTo == 0 {
				z.Aliases = append(z.Aliases, n.Name)
			}
		}
		opt.Zones = append(opt.Zones, z)
	}
	held := map[record.RoundID]record.Date{}
	for _, r := range c.Rounds {
		opt.Rounds = append(opt.Rounds, synthetic.Round{ID: r.Round, Label: r.Label, HeldOn: r.HeldOn})
		held[r.Round] = r.HeldOn
	}
	opt.Ambiguous = []string{"经济技术开发区"}
	opt.AsOf = record.NewDate(2024, 12, 31)
	return opt, sheet.Context{Campaign: "shanxi", File: "台账.csv", Home: c.AreaID, Areas: areas,
		Rounds: round.NewIndex(c.Numbering, c.Rounds, c.RoundLabels), HeldOn: held}
}

// What the generator says of each row is what the reader of ledgers finds in it:
// the project, field by field, or the reason why it is kept back.
func TestReaderFindsTheTruth(t *testing.T) {
	opt, ctx := shanxi(t)
	words, err := sheet.LoadWords(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, mess := range []float64{0, 0.3, 1} {
		t.Run(fmt.Sprint(mess), func(t *testing.T) {
			opt.Rows, opt.Mess = 5000, mess
			g, err := synthetic.New(11, opt)
			if err != nil {
				t.Fatal(err)
			}
			layout := findLayout(t, g, words)
			var first []*format.Row
			for row := range g.Rows() {
				if len(first) == 1000 {
					break
				}
				first = append(first, kept(row))
			}
			scale, made := sheet.NewReader(&ctx, &words, layout, format.Sheet{}, sheet.Scale{}).Learn(slices.Values(first))
			ctx.Synthetic = ctx.Synthetic || made
			reader := sheet.NewReader(&ctx, &words, layout, format.Sheet{}, scale)
			wrong := 0
			for row := range g.Rows() {
				r := kept(row)
				if diff := differs(row, reader.Read(r)); diff != "" {
					t.Errorf("row %d: %q\n%s", row.Number, texts(r), diff)
					if wrong++; wrong == 10 {
						t.FailNow()
					}
				}
			}
		})
	}
}

func findLayout(t *testing.T, g *synthetic.Generator, words sheet.Words) *sheet.Layout {
	t.Helper()
	var top []sheet.Top
	for row := range g.Rows() {
		if len(top) == sheet.TopRows {
			break
		}
		top = append(top, sheet.KeepTop(kept(row)))
	}
	layout, ok := sheet.Find("", top, words, nil)
	if !ok || !layout.Synthetic || layout.AsOf != record.NewDate(2024, 12, 31) {
		t.Fatalf("the header, the mark or the day was not found: %+v", layout)
	}
	return layout
}

// kept copies a row as package format hands it on.
func kept(row *synthetic.Row) *format.Row {
	r := &format.Row{Line: row.Number}
	for _, c := range row.Cells {
		r.Cells = append(r.Cells, format.Cell{Text: slices.Clone(c)})
	}
	return r
}

func texts(r *format.Row) []string {
	var all []string
	for _, c := range r.Cells {
		all = append(all, string(c.Text))
	}
	return all
}

var outcomes = map[synthetic.Outcome]sheet.Outcome{
	synthetic.Loaded: sheet.Loaded, synthetic.Duplicate: sheet.Loaded, synthetic.Quarantined: sheet.Quarantined, synthetic.Title: sheet.Title,
	synthetic.Header: sheet.Header, synthetic.Total: sheet.Total, synthetic.Blank: sheet.Blank, synthetic.Remark: sheet.Remark,
}

func differs(want *synthetic.Row, got *sheet.Result) string {
	if outcomes[want.Outcome] != got.Outcome {
		return fmt.Sprintf("outcome %d, want %s; problems %+v", got.Outcome, want.Outcome, got.Problems)
	}
	switch want.Outcome {
	case synthetic.Quarantined:
		if p := got.Problems[0]; p.Reason != want.Reason || string(p.Field) != want.Field {
			return fmt.Sprintf("kept back for %s in %s, want %s in %s", p.Reason, p.Field, want.Reason, want.Field)
		}
	case synthetic.Loaded, synthetic.Duplicate:
		a, b := want.Project, got.Project
		// The ledger's file gives these.
		b.Campaign, b.ProjectID, b.SourceID, a.Line = "", "", "", b.Line
		if !reflect.DeepEqual(a, b) {
			return cmp.Diff(a, b)
		}
	}
	return ""
}
