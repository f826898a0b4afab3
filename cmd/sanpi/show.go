package main

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/export"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

//go:embed show/*.sql
var showSQL embed.FS

// view is one thing that show can draw.
type view struct {
	name, short string
	draw        func(screen) error
}

var views = []view{
	{"trend", "the headline series, round by round, with bars", screen.trend},
	{"zones", "from signed to started to commissioned, by zone", screen.zones},
	{"cities", "the same by city", screen.cities},
	{"ledgers", "the project ledgers: where their rows went, and the cohorts they make", screen.ledgers},
	{"coverage", "what is published, and what is not", screen.coverage},
	{"conflicts", "where sources disagree, each side with its source", screen.conflicts},
}

func newShow(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show series, conversions, coverage, conflicts, and the reports of an office",
		Long: `show draws the published version of the warehouse as tables and small charts.
A dot (·) is a figure that is not known, never a zero. † marks figures over
which sources disagree, ‡ figures derived from others, ? figures that the compilers
doubt.

bulletin, stalled and scorecard are what an office prints and forwards: with --out they
are written as a page or a workbook. columns says what the tables and their columns mean.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, v := range views {
		sub := &cobra.Command{
			Use:   v.name,
			Short: "Show " + v.short,
			Args:  cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return c.show(cmd.Context(), cmd.OutOrStdout(), v)
			},
		}
		c.addCampaign(sub, "campaign to show (default: the first with a headline series)")
		if v.name == "trend" || v.name == "cities" || v.name == "zones" {
			sub.Flags().StringVar(&c.area, "area", "", "area by name, English name or area_id (default: the campaign's own, or all)")
		}
		wrapArgs(sub)
		cmd.AddCommand(sub)
	}
	for _, sub := range []*cobra.Command{newShowBulletin(c), newShowStalled(c), newShowScorecard(c), newShowColumns(c)} {
		wrapArgs(sub)
		cmd.AddCommand(sub)
	}
	return cmd
}

// screen is one drawing: where it goes, in which language, of which campaign.
type screen struct {
	ctx   context.Context
	out   io.Writer
	db    *sql.DB
	say   phrasebook
	lang  string
	width int

	campaign         string
	areaID, areaName string // the area asked for; "" when none was
	home, homeName   string // the campaign's own area
}

func (c *config) show(ctx context.Context, out io.Writer, v view) error {
	db, err := c.open()
	if err != nil {
		return err
	}
	defer db.Close()
	s := c.newScreen(ctx, out, db)
	known, err := s.campaigns()
	if err != nil {
		return err
	}
	if err := s.choose(known, c.campaigns); err != nil {
		return err
	}
	if c.area != "" {
		if s.areaID, s.areaName, err = s.findArea(c.area); err != nil {
			return err
		}
	}
	return v.draw(s)
}

func (c *config) newScreen(ctx context.Context, out io.Writer, db *sql.DB) screen {
	return screen{ctx: ctx, out: out, db: db, say: phrases[c.lang], lang: c.lang, width: width(out)}
}

// campaignRow is a campaign of the warehouse.
type campaignRow struct {
	id             string
	rounds, series int
	areaID         string
	area, areaEN   string
}

// campaigns lists those of the warehouse, the main one first.
func (s screen) campaigns() ([]campaignRow, error) {
	return query(s, "campaigns", func(scan scanner) (campaignRow, error) {
		var c campaignRow
		return c, scan(&c.id, &c.rounds, &c.series, text(&c.areaID), text(&c.area), text(&c.areaEN))
	})
}

// choose sets the campaign to draw: the one asked for, or the main one.
func (s *screen) choose(known []campaignRow, asked []string) error {
	if len(asked) > 1 {
		return usageError{fmt.Errorf("show draws one campaign at a time, and --campaign names %d", len(asked))}
	}
	var ids []string
	for i, c := range known {
		ids = append(ids, c.id)
		if len(asked) == 0 && i == 0 || len(asked) == 1 && asked[0] == c.id {
			s.campaign, s.home, s.homeName = c.id, c.areaID, s.name(c.area, c.areaEN)
			return nil
		}
	}
	return usageError{&pipeline.UnknownCampaignError{ID: strings.Join(asked, ", "), Known: ids}}
}

// findArea resolves the area that --area names; a name of several is an error
// that lists them.
func (s screen) findArea(name string) (id, label string, err error) {
	type found struct{ id, name, nameEN string }
	areas, err := query(s, "areas", func(scan scanner) (found, error) {
		var f found
		return f, scan(&f.id, &f.name, text(&f.nameEN))
	}, sql.Named("text", name))
	if err != nil {
		return "", "", err
	}
	switch len(areas) {
	case 0:
		return "", "", usageError{fmt.Errorf("no area of %s is called %q; sanpi query \"select area_id, name, name_en from areas\" lists them", s.campaign, name)}
	case 1:
		return areas[0].id, s.name(areas[0].name, areas[0].nameEN), nil
	}
	var ids []string
	for _, a := range areas {
		ids = append(ids, a.id+" "+s.name(a.name, a.nameEN))
	}
	return "", "", usageError{fmt.Errorf("%q may be any of %s; give the area_id", name, strings.Join(ids, ", "))}
}

// name picks the reader's name of an area.
func (s screen) name(zh, en string) string {
	if s.lang == "en" && en != "" {
		return en
	}
	return zh
}

// shortName is a Chinese name cut to fit a table of numbers: it loses its middle,
// since what tells zones apart stands at its end. An English one is left whole and
// goes on in a further line.
func (s screen) shortName(zh, en string) string {
	name := s.name(zh, en)
	runes := []rune(name)
	if name == zh && len(runes) > 12 {
		return string(runes[:2]) + "…" + string(runes[len(runes)-8:])
	}
	return name
}

// draw renders what build makes: in full where that fits, and otherwise without
// bars and with short names.
func (s screen) draw(build func(full bool) *export.Table) error {
	t := build(true)
	if !t.Fits(s.width) {
		t = build(false)
	}
	t.LeftOut = s.say.leftOut
	return t.Render(s.out, s.width)
}

type scanner func(targets ...any) error

// query runs one of the files in show and scans its rows. $campaign is always
// bound when the file names it.
func query[T any](s screen, name string, scan func(scanner) (T, error), args ...any) ([]T, error) {
	statement, err := showSQL.ReadFile("show/" + name + ".sql")
	if err != nil {
		return nil, fmt.Errorf("show %s: %w", name, err)
	}
	if strings.Contains(string(statement), "$campaign") {
		args = append(args, sql.Named("campaign", s.campaign))
	}
	rows, err := s.db.QueryContext(s.ctx, string(statement), args...)
	if err != nil {
		return nil, fmt.Errorf("show %s: %w", name, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		row, err := scan(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("show %s: %w", name, err)
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// text scans a text that may be NULL.
func text(target *string) any { return nullText{target} }

type nullText struct{ target *string }

// Scan implements sql.Scanner.
func (n nullText) Scan(value any) error {
	if value == nil {
		*n.target = ""
		return nil
	}
	*n.target = fmt.Sprint(value)
	return nil
}

// summary draws what a run ends with.
func (c *config) summary(ctx context.Context, out io.Writer, report pipeline.Report) error {
	version, err := warehouse.Current(c.warehouse)
	if err != nil {
		return err
	}
	db, err := engine.OpenReadOnly(version + "/sanpi.duckdb")
	if err != nil {
		return err
	}
	defer db.Close()
	s := c.newScreen(ctx, out, db)
	known, err := s.campaigns()
	if err != nil {
		return err
	}
	if len(known) == 0 {
		return nil
	}
	if err := s.choose(known, nil); err != nil {
		return err
	}
	for _, draw := range []func() error{s.trend, s.mainConversions, s.coverageLines, s.conflictLines} {
		if err := draw(); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	if sheets, err := s.ledgerSheets(); err != nil {
		return err
	} else if len(sheets) > 0 {
		if err := s.ledgersAt("province,city"); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	var others []string
	for _, other := range known[1:] {
		others = append(others, other.id)
	}
	if len(others) > 0 {
		fmt.Fprintf(out, s.say.others, strings.Join(others, ", "), others[0])
	}
	return nil
}
