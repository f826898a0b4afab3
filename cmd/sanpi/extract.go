package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/bulletin"
	"github.com/sanpi-data/sanpi/transforms/record"
)

var extractFormats = []string{"text", "json", "csv"}

func newExtract(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "extract FILE|DIR|URL|-…",
		Short: "Read the claims in news pages, each with the words it rests on",
		Long: `extract reads bulletins (HTML pages, text files, PDF) and prints the campaign's
figures that they claim, each under the sentence it stands in. Nothing is written;
run --bulletin loads them.

A figure is claimed only where a rule can say which words give its stage, its area,
its round and its amount. What is likely but not certain is marked "?" with the
reason; in json and csv, needs_review is true. --explain says of every other number
which rule set it aside, or what the rule that came nearest missed.

start and end count characters in the text, which --format plain prints.`,
		Example: `  sanpi extract 报道.html
  sanpi extract --explain --published 2022-02-28 报道.txt
  curl -s https://example.cn/a.html | sanpi extract --format json -
  sanpi extract --format csv pages/ > claims.csv`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.extract(cmd, args) },
	}
	f := cmd.Flags()
	c.addCampaign(cmd, "campaign whose areas and rounds the pages speak of (default: the one whose places a page names most)")
	f.StringArrayVar(&c.datasets, "datasets", nil, "folder of campaigns to add to the shipped ones")
	f.StringVar(&c.published, "published", "", "day the page was published, 2022-02-28 (default: what the page says)")
	f.StringVar(&c.asText, "format", "text", "format of the claims: text, json, csv; or plain, the text as it was read")
	f.BoolVar(&c.explain, "explain", false, "also say why the other numbers are no claims")
	f.IntVar(&c.workers, "workers", defaultWorkers(), "pages read at once")
	c.addPrivate(cmd)
	c.addOffline(cmd)
	return cmd
}

// addOffline adds the flag that keeps the program off the network.
func (c *config) addOffline(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.offline, "offline", false, "fetch nothing: take pages as they were last fetched")
}

func (c *config) extract(cmd *cobra.Command, args []string) error {
	if err := oneOf("format", c.asText, append(slices.Clone(extractFormats), "plain")...); err != nil {
		return err
	}
	published, err := record.ParseDate(c.published)
	if err != nil {
		return usageError{fmt.Errorf("--published %q is not a date; write it as 2022-02-28", c.published)}
	}
	plan, err := c.ledgerPlan(nil)
	if err != nil {
		return err
	}
	for _, arg := range args {
		if arg == "-" {
			file, remove, err := keepInput(cmd.InOrStdin())
			if err != nil {
				return err
			}
			defer remove()
			arg = file
		}
		plan.Bulletins = append(plan.Bulletins, c.bulletinAddresses([]string{arg})...)
	}
	for i := range plan.Bulletins {
		plan.Bulletins[i].Published = published
	}
	plan.Pages = c.pages(nil)
	if c.offline {
		// The pages of earlier runs lie in the warehouse.
		w, err := warehouse.Open(c.warehouse)
		if err != nil {
			return err
		}
		defer w.Close()
		plan.Pages.Store = w
	}
	out := newClaimWriter(cmd.OutOrStdout(), c)
	var failed []error
	err = pipeline.Extract(cmd.Context(), plan, func(b *pipeline.Bulletin) error {
		if b.Err != nil {
			failed = append(failed, b.Err)
			fmt.Fprintln(cmd.ErrOrStderr(), "sanpi:", b.Err)
			return nil
		}
		return out.bulletin(b)
	})
	if err == nil {
		err = out.close()
	}
	if err == nil && len(failed) > 0 {
		err = fmt.Errorf("%d of the pages cannot be read", len(failed))
	}
	return err
}

// keepInput puts stdin into a file, since a page is read whole and its kind is told
// by its bytes.
func keepInput(in io.Reader) (string, func(), error) {
	dir, err := os.MkdirTemp("", "sanpi-extract-")
	if err != nil {
		return "", nil, fmt.Errorf("keep what comes from stdin: %w", err)
	}
	remove := func() { os.RemoveAll(dir) }
	path := filepath.Join(dir, "stdin")
	f, err := os.Create(path)
	if err == nil {
		_, err = io.Copy(f, in)
		err = cmp.Or(err, f.Close())
	}
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("keep what comes from stdin: %w", err)
	}
	return path, remove, nil
}

// claimRow is one claim as programs read it.
type claimRow struct {
	File        string  `json:"file"`
	Campaign    string  `json:"campaign"`
	Round       *string `json:"round"`
	RoundLabel  *string `json:"round_label"`
	Area        *string `json:"area"`
	AreaID      *string `json:"area_id"`
	Universe    string  `json:"universe"`
	Stage       string  `json:"stage"`
	TotalOf     *string `json:"total_of"`
	Metric      string  `json:"metric"`
	Method      *string `json:"method"`
	Value       exact   `json:"value"`
	AsPublished string  `json:"value_as_published"`
	Unit        string  `json:"unit"`
	Approximate bool    `json:"approximate"`
	Period      string  `json:"period"`
	PeriodFrom  *string `json:"period_from"`
	PeriodTo    *string `json:"period_to"`
	Quote       string  `json:"quote"`
	Start       int     `json:"start"`
	End         int     `json:"end"`
	Rule        string  `json:"rule"`
	NeedsReview bool    `json:"needs_review"`
	Reason      *string `json:"reason"`
}

// exact is a figure in projects, yuan or as a ratio, exact.
type exact record.Value

func (n exact) MarshalJSON() ([]byte, error) { return []byte(record.Value(n).String()), nil }

var claimColumns = []string{
	"file", "campaign", "round", "round_label", "area", "area_id", "universe", "stage", "total_of", "metric", "method", "value", "value_as_published", "unit",
	"approximate", "period", "period_from", "period_to", "quote", "start", "end", "rule", "needs_review", "reason",
}

func (r claimRow) cells() []string {
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	return []string{
		r.File, r.Campaign, text(r.Round), text(r.RoundLabel), text(r.Area), text(r.AreaID), r.Universe, r.Stage, text(r.TotalOf), r.Metric, text(r.Method),
		record.Value(r.Value).String(), r.AsPublished, r.Unit, fmt.Sprint(r.Approximate), r.Period, text(r.PeriodFrom), text(r.PeriodTo), r.Quote,
		fmt.Sprint(r.Start), fmt.Sprint(r.End), r.Rule, fmt.Sprint(r.NeedsReview), text(r.Reason),
	}
}

// known is nil for what is not known.
func known[T ~string](text T) *string {
	if text == "" {
		return nil
	}
	s := string(text)
	return &s
}

func rowOf(b *pipeline.Bulletin, c bulletin.Claim) claimRow {
	body := b.Text.Body
	r := claimRow{
		File: b.Input.Name, Campaign: b.Campaign.ID, Round: known(c.Round), RoundLabel: known(c.RoundLabel), AreaID: known(c.AreaID),
		Universe: cmp.Or(c.Universe, record.AsPublished), Stage: string(c.Stage), TotalOf: known(c.TotalOf), Metric: string(c.Metric), Method: known(c.Method),
		Value: exact(c.Value), AsPublished: c.ValueAsPrinted, Unit: c.Unit, Approximate: c.Approximate, Period: string(c.Period),
		PeriodFrom: known(c.PeriodFrom.String()), PeriodTo: known(c.PeriodTo.String()), Quote: body[c.Quote.From:c.Quote.To],
		Start: utf8.RuneCountInString(body[:c.Quote.From]), Rule: c.Rule, NeedsReview: c.Review != "", Reason: known(c.Review),
	}
	r.End = r.Start + utf8.RuneCountInString(r.Quote)
	for _, a := range b.Campaign.Areas {
		if a.AreaID == c.AreaID {
			r.Area = known(a.Name)
		}
	}
	return r
}

// claimWriter prints claims as they come.
type claimWriter struct {
	out     io.Writer
	format  string
	lang    string
	explain bool
	colour  bool
	csv     *csv.Writer
	n       int
}

func newClaimWriter(out io.Writer, c *config) *claimWriter {
	w := &claimWriter{out: out, format: c.asText, lang: c.lang, explain: c.explain}
	if f, ok := out.(*os.File); ok && os.Getenv("NO_COLOR") == "" {
		w.colour = term.IsTerminal(int(f.Fd()))
	}
	return w
}

func (w *claimWriter) bulletin(b *pipeline.Bulletin) error {
	switch w.format {
	case "plain":
		_, err := io.WriteString(w.out, strings.TrimRight(b.Text.Body, "\n")+"\n")
		return err
	case "text":
		return w.text(b)
	}
	for _, c := range b.Reading.Claims {
		r := rowOf(b, c)
		if err := w.row(r); err != nil {
			return err
		}
	}
	return nil
}

func (w *claimWriter) row(r claimRow) error {
	w.n++
	if w.format == "csv" {
		if w.csv == nil {
			w.csv = csv.NewWriter(w.out)
			if err := w.csv.Write(claimColumns); err != nil {
				return err
			}
		}
		return w.csv.Write(r.cells())
	}
	before := "[\n "
	if w.n > 1 {
		before = ",\n "
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return err
	}
	_, err := io.WriteString(w.out, before+strings.TrimSuffix(b.String(), "\n"))
	return err
}

func (w *claimWriter) close() (err error) {
	switch {
	case w.format == "csv" && w.csv == nil:
		err = csv.NewWriter(w.out).Error()
		if err == nil {
			_, err = fmt.Fprintln(w.out, strings.Join(claimColumns, ","))
		}
	case w.format == "csv":
		w.csv.Flush()
		err = w.csv.Error()
	case w.format == "json" && w.n == 0:
		_, err = fmt.Fprintln(w.out, "[]")
	case w.format == "json":
		_, err = fmt.Fprintln(w.out, "\n]")
	}
	if err != nil {
		return fmt.Errorf("write the claims: %w", err)
	}
	return nil
}

// text prints the sentences that hold claims, with what decided them marked, and the
// claims under each.
func (w *claimWriter) text(b *pipeline.Bulletin) error {
	say := extractPhrases[w.lang]
	var t strings.Builder
	fmt.Fprintf(&t, say.head, b.Input.Name, cmp.Or(b.Text.Published.String(), say.unknown), b.Campaign.ID, len(b.Reading.Claims))
	body := b.Text.Body
	for i := 0; i < len(b.Reading.Claims); {
		quote := b.Reading.Claims[i].Quote
		n := i
		var parts []bulletin.Part
		for n < len(b.Reading.Claims) && b.Reading.Claims[n].Quote == quote {
			parts = append(parts, b.Reading.Claims[n].Parts...)
			n++
		}
		fmt.Fprintf(&t, "\n  %s\n", w.marked(body, quote, parts))
		for _, c := range b.Reading.Claims[i:n] {
			t.WriteString("    " + w.line(b, c) + "\n")
		}
		i = n
	}
	for _, p := range b.Reading.Projects {
		amount := ""
		if p.InvestmentCNY != nil {
			amount = fmt.Sprintf(" %.2f 亿元", float64(*p.InvestmentCNY)/1e10)
		}
		fmt.Fprintf(&t, "    %s: %s %s %s%s\n", say.project, p.Name, say.word(string(p.Stage)), p.AreaID, amount)
	}
	if w.explain {
		fmt.Fprintf(&t, "\n  %s\n", say.passed)
		for _, p := range b.Reading.Passed {
			fmt.Fprintf(&t, "    %s  %s\n", around(body, p.Figure), why(p, say))
		}
	}
	t.WriteString("\n")
	_, err := io.WriteString(w.out, t.String())
	return err
}

// line is one claim in a line.
func (w *claimWriter) line(b *pipeline.Bulletin, c bulletin.Claim) string {
	say := extractPhrases[w.lang]
	r := rowOf(b, c)
	area := "?"
	if r.Area != nil {
		area = *r.Area
	}
	when := string(c.Round)
	if c.Period != record.OfRound || when == "" {
		when = cmp.Or(record.PeriodID(c.Period, c.Round, c.PeriodFrom, c.PeriodTo), c.RoundLabel, "?")
		if c.Period != record.OfRound {
			when += " " + say.word(string(c.Period))
		}
	}
	about := ""
	if c.Approximate {
		about = say.about
	}
	text := fmt.Sprintf("%s  %s  %s %s  %s%s%s  [%s]", when, area, say.word(string(c.Stage)), say.word(string(c.Metric)), about, c.ValueAsPrinted, c.Unit, c.Rule)
	if c.Review != "" {
		text = "? " + text + "  " + say.review + c.Review
	}
	return text
}

// marked is a sentence with the words that decided claims marked: in colour, or in
// brackets where there is none.
func (w *claimWriter) marked(body string, quote bulletin.Span, parts []bulletin.Part) string {
	slices.SortFunc(parts, func(a, b bulletin.Part) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To)) })
	var b strings.Builder
	at := quote.From
	for _, p := range parts {
		if p.From < at || p.To > quote.To {
			continue // marked already, or the words of another sentence
		}
		b.WriteString(body[at:p.From])
		word := body[p.From:p.To]
		switch {
		case w.colour && p.Role == bulletin.ValuePart:
			b.WriteString("\x1b[1;32m" + word + "\x1b[0m")
		case w.colour:
			b.WriteString("\x1b[36m" + word + "\x1b[0m")
		default:
			b.WriteString("⟦" + word + "⟧")
		}
		at = p.To
	}
	b.WriteString(body[at:quote.To])
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "\n", " ")
}

// around is a figure with the words beside it.
func around(body string, s bulletin.Span) string {
	const runes = 10
	from, to := s.From, s.To
	for range runes {
		_, n := utf8.DecodeLastRuneInString(body[:from])
		_, m := utf8.DecodeRuneInString(body[to:])
		from, to = from-n, to+m
	}
	text := body[from:s.From] + "⟦" + body[s.From:s.To] + "⟧" + body[s.To:to]
	return strings.Join(strings.Fields(text), " ")
}

func why(p bulletin.Passed, say extractBook) string {
	switch {
	case p.Rule != "":
		return say.aside + p.Rule
	case p.Near != "":
		return say.near + p.Near + ": " + p.Why
	}
	return cmp.Or(p.Why, say.nothing)
}
