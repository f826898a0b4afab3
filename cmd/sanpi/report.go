package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/report"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// reportLevels are what --level of a bulletin may be.
var reportLevels = []string{"zone", "city", "zone_type", "province"}

func newShowBulletin(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bulletin",
		Short: "Show the monthly bulletin (月度通报): start, commissioning and target rates",
		Long: `bulletin gives the rates of one month end, with the change on the month before in
percentage points, the rank, the counts behind each rate, the projects that moved it,
and, where later ledgers tell otherwise of that month end, the revised rate beside it.
A month or zone without a ledger is missing, never zero.

Start rate (开工率): started of the signed ÷ signed. Commissioning rate (投产率):
commissioned ÷ started. Target rate (达效率): actual ÷ expected annual output.

With --out it writes a page (.html) or a workbook (.xlsx) that prints on A4. Generated
ledgers are shown when there are no others, or with --synthetic, and every page says so.`,
		Example: `  sanpi show bulletin                            # the latest month, by city
  sanpi show bulletin --month 2022-01 --level zone
  sanpi show bulletin --lang zh --out 2022年1月通报.xlsx
  sanpi show bulletin --lang zh --out 2022年1月通报.html`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("level", c.level, reportLevels...); err != nil {
				return err
			}
			return c.report(cmd, "progress_bulletin", reportScreen.bulletin)
		},
	}
	c.addReport(cmd)
	cmd.Flags().StringVar(&c.month, "month", "", "month as 2022-01 (default: the latest that was reported)")
	cmd.Flags().StringVar(&c.level, "level", "city", "what the rows are: "+strings.Join(reportLevels, ", "))
	cmd.RegisterFlagCompletionFunc("level", cobra.FixedCompletions(reportLevels, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("month", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return c.completeMonths(cmd), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func newShowStalled(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stalled",
		Short: "Show the projects that wait too long, in the order in which a meeting takes them",
		Long: `stalled lists projects that were signed and have not started, started and are not
commissioned, or commissioned and are below their output, each for longer than the
office's limit or the median of the zone's type: with the obstacle, the money at stake,
and where its ledger tells of it.

With --out it writes a page (.html) or a workbook (.xlsx) that prints on A4.`,
		Example: `  sanpi show stalled --limit 10
  sanpi show stalled --limit 0 --lang zh --out 停滞项目.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.stalledShown < 0 {
				return usageError{fmt.Errorf("--limit %d is below 0; 0 lists all", c.stalledShown)}
			}
			return c.report(cmd, "stalled_projects", reportScreen.stalled)
		},
	}
	c.addReport(cmd)
	cmd.Flags().IntVar(&c.stalledShown, "limit", 20, "projects listed of each kind; 0 for all")
	return cmd
}

func newShowScorecard(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scorecard",
		Short: "Show the yearly assessment of zones on the four pairs (四比四看)",
		Long: `scorecard ranks the zones of each type for a year, with the range of the rank when
the weights are varied, and the scores of the four pairs: reserve (谋划储备), recruitment
(招商引资), construction (开工建设) and service (服务水平). A zone without data is not
assessed and stands apart, with the reason.

With --out it writes a page (.html) or a workbook (.xlsx) that prints on A4.`,
		Example: `  sanpi show scorecard --year 2023
  sanpi show scorecard --lang zh --out 2023年度考核.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.report(cmd, "zone_scorecard", reportScreen.scorecard)
		},
	}
	c.addReport(cmd)
	cmd.Flags().IntVar(&c.year, "year", 0, "year (default: the latest)")
	return cmd
}

// addReport adds the flags that all reports have.
func (c *config) addReport(cmd *cobra.Command) {
	c.addCampaign(cmd, "campaign to report on (default: the first with a headline series)")
	cmd.Flags().BoolVar(&c.synthetic, "synthetic", false, "report on generated ledgers although there are real ones")
	cmd.Flags().StringVar(&c.out, "out", "", "write a page or workbook to print instead: FILE.html or FILE.xlsx")
	cmd.MarkFlagFilename("out", "html", "xlsx")
}

// reportScreen is a screen of one kind of ledgers.
type reportScreen struct {
	screen
	c         *config
	synthetic bool
	asOf      sql.NullTime // the last day for which the ledgers speak
	from      report.Provenance
}

// report composes a report on a mart and shows or writes it.
func (c *config) report(cmd *cobra.Command, mart string, compose func(reportScreen) (report.Document, error)) error {
	write := func(d report.Document) error { return d.Text(cmd.OutOrStdout(), width(cmd.OutOrStdout())) }
	if c.out != "" {
		draw, err := report.ForFile(c.out)
		if err != nil {
			return usageError{fmt.Errorf("--out %w", err)}
		}
		write = func(d report.Document) error {
			if err := writeNew(c.out, func(w io.Writer) error { return draw(d, w) }); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), c.out)
			return err
		}
	}
	s, done, err := c.openReport(cmd.Context(), cmd.OutOrStdout(), mart)
	if err != nil {
		return err
	}
	defer done()
	d, err := compose(s)
	if err != nil {
		return err
	}
	return write(d)
}

// openReport opens the published version for a report on a mart. done releases it.
func (c *config) openReport(ctx context.Context, out io.Writer, mart string) (s reportScreen, done func(), err error) {
	version, err := warehouse.Current(c.warehouse)
	if err != nil {
		return s, nil, err
	}
	manifest, err := warehouse.ReadManifest(version)
	if err != nil {
		return s, nil, err
	}
	db, err := engine.OpenReadOnly(filepath.Join(version, "sanpi.duckdb"))
	if err != nil {
		return s, nil, err
	}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	s = reportScreen{screen: c.newScreen(ctx, out, db), c: c, from: report.Provenance{Version: manifest.Version, AsOf: manifest.AsOf}}
	if s.from.Made, err = time.Parse(time.RFC3339, manifest.CreatedAt); err != nil {
		return s, nil, fmt.Errorf("read when version %s was made: %w; run sanpi run again", manifest.Version, err)
	}
	known, err := s.campaigns()
	if err != nil {
		return s, nil, err
	}
	if err := s.choose(known, c.campaigns); err != nil {
		return s, nil, err
	}
	if err := s.needMart(mart); err != nil {
		return s, nil, err
	}
	if err := s.chooseLedgers(); err != nil {
		return s, nil, err
	}
	return s, func() { db.Close() }, nil
}

func (s reportScreen) needMart(mart string) error {
	found, err := query(s.screen, "has_mart", func(scan scanner) (has bool, err error) { return has, scan(&has) }, sql.Named("mart", mart))
	if err == nil && !found[0] {
		err = fmt.Errorf("the warehouse has no %s: another version of sanpi made it; run \"sanpi run\" again", mart)
	}
	return err
}

// chooseLedgers takes the real ledgers, or the generated ones where those are asked for
// or there are no others.
func (s *reportScreen) chooseLedgers() error {
	type kind struct {
		synthetic bool
		asOf      sql.NullTime
	}
	kinds, err := query(s.screen, "report_ledgers", func(scan scanner) (kind, error) {
		var k kind
		return k, scan(&k.synthetic, &k.asOf)
	})
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if k.synthetic == s.c.synthetic || len(kinds) == 1 && !s.c.synthetic {
			s.synthetic, s.asOf = k.synthetic, k.asOf
			return nil
		}
	}
	if len(kinds) > 0 {
		return usageError{fmt.Errorf("--synthetic asks for generated ledgers of %s, and there are none; leave it out", s.campaign)}
	}
	return fmt.Errorf("no ledger of %s was loaded; load one with \"sanpi run --ledger FILE\", or name another campaign with --campaign", s.campaign)
}

func (s reportScreen) bulletin() (report.Document, error) {
	month, first, err := s.chooseMonth()
	if err != nil {
		return report.Document{}, err
	}
	b := report.Bulletin{
		Lang: s.lang, Province: s.homeName, Month: month, Level: s.c.level, Synthetic: s.synthetic, First: month.Equal(first),
		MovesShown: movesShown[s.c.level], From: s.from,
	}
	if err := s.readBulletin(&b); err != nil {
		return report.Document{}, err
	}
	return b.Document(), nil
}

// movesShown is how many projects a bulletin names for an area of each level.
var movesShown = map[string]int{"zone": 3, "city": 3, "zone_type": 5, "province": 10}

const monthLayout = "2006-01"

// chooseMonth returns the end of the month asked for, or of the latest reported, and
// the end of the first month.
func (s reportScreen) chooseMonth() (month, first time.Time, err error) {
	months, err := s.months()
	if err != nil {
		return month, first, err
	}
	if len(months) == 0 {
		return month, first, fmt.Errorf("no ledger of %s says for which day it speaks; put the day into its title or its file's name, as in 台账2022-01-31.xlsx", s.campaign)
	}
	first, last := months[0].end, months[len(months)-1].end
	if s.c.month == "" {
		for _, m := range months {
			if m.reported {
				month = m.end
			}
		}
		return month, first, nil
	}
	asked, err := time.Parse(monthLayout, s.c.month)
	if err != nil {
		return month, first, usageError{fmt.Errorf("--month %q is not a month; write it as 2022-01", s.c.month)}
	}
	for _, m := range months {
		if m.end.Format(monthLayout) == asked.Format(monthLayout) {
			return m.end, first, nil
		}
	}
	return month, first, usageError{fmt.Errorf("--month %s is outside of the ledgers of %s, which go from %s to %s; load its ledger, or ask for one of these", s.c.month, s.campaign,
		first.Format(monthLayout), last.Format(monthLayout))}
}

func (s reportScreen) stalled() (report.Document, error) {
	list := report.Stalled{Lang: s.lang, Province: s.homeName, AsOf: s.asOf.Time, Synthetic: s.synthetic, Limit: s.c.stalledShown, From: s.from}
	if err := s.readStalled(&list); err != nil {
		return report.Document{}, err
	}
	return list.Document(), nil
}

func (s reportScreen) scorecard() (report.Document, error) {
	years, err := s.years()
	if err != nil {
		return report.Document{}, err
	}
	if len(years) == 0 {
		return report.Document{}, fmt.Errorf("no year of %s was assessed: its ledgers say of no project when it was signed or for which day they speak", s.campaign)
	}
	card := report.Scorecard{Lang: s.lang, Province: s.homeName, Year: years[len(years)-1], Synthetic: s.synthetic, From: s.from}
	if s.c.year != 0 {
		if !slices.Contains(years, s.c.year) {
			var known []string
			for _, y := range years {
				known = append(known, strconv.Itoa(y))
			}
			return report.Document{}, usageError{fmt.Errorf("--year %d was not assessed; ask for one of %s", s.c.year, strings.Join(known, ", "))}
		}
		card.Year = s.c.year
	}
	if err := s.readScorecard(&card); err != nil {
		return report.Document{}, err
	}
	return card.Document(), nil
}

// completeMonths offers the months of the warehouse, the latest first, and nothing
// where there is none.
func (c *config) completeMonths(cmd *cobra.Command) []string {
	if c.fromEnvironment(cmd, os.LookupEnv) != nil {
		return nil
	}
	s, done, err := c.openReport(cmd.Context(), io.Discard, "progress_bulletin")
	if err != nil {
		return nil
	}
	defer done()
	months, err := s.months()
	if err != nil {
		return nil
	}
	var names []string
	for _, m := range slices.Backward(months) {
		names = append(names, m.end.Format(monthLayout))
	}
	return names
}

// writeNew makes a file that is there whole or not at all, and never over another: it is
// written aside and then gets its name.
func writeNew(path string, write func(io.Writer) error) error {
	refused := func(err error) error { return fmt.Errorf("write %s: %w; choose another name", path, err) }
	if _, err := os.Lstat(path); err == nil {
		return refused(fs.ErrExist)
	}
	aside, err := os.CreateTemp(filepath.Dir(path), ".sanpi-*")
	if err != nil {
		return refused(err)
	}
	defer os.Remove(aside.Name())
	err = write(aside)
	if err == nil {
		err = aside.Chmod(0o644)
	}
	if err == nil {
		err = aside.Sync()
	}
	if closeErr := aside.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return refused(err)
	}
	// A link refuses a name that was taken meanwhile. Where there are no links the
	// name was free a moment ago.
	err = os.Link(aside.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(aside.Name(), path)
	}
	if err != nil {
		return refused(err)
	}
	return nil
}
