package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/template"
	"github.com/sanpi-data/sanpi/pipeline/workbook"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/synthetic"
)

func newLedgerTemplate(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "template FILE.xlsx",
		Short: "Write an empty ledger that is understood whole",
		Long: `template writes a workbook for the keeper of a ledger: one row a project, columns
with their units, drop-downs of the campaign's zones and rounds, and a sheet of notes
in Chinese and English.`,
		Example: `  sanpi ledger template 台账.xlsx`,
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.ledgerTemplate(cmd, args[0]) },
	}
	c.addLedger(cmd)
	return cmd
}

func newLedgerGenerate(c *config) *cobra.Command {
	var kinds []string
	for _, k := range synthetic.AllKinds() {
		kinds = append(kinds, fmt.Sprintf("  %-16s %s", k, k.Help()))
	}
	cmd := &cobra.Command{
		Use:   "generate FILE.csv | FILE.xlsx | --editions N DIR",
		Short: "Make a synthetic ledger, with its truth beside it",
		Long: `generate makes a project ledger that no office has kept, to try things with. Its
title and the note of every row say that it is synthetic (合成数据), and run never puts
its rows among real ones. Beside FILE.csv stands FILE.csv.truth.csv: what each row must
come back as, or why it must be kept in quarantine. Equal seeds give equal ledgers. A workbook has the mess that only
workbooks have too: a header of two rows, merged zones, hidden rows, days as numbers.

With --editions it writes a history: N month ends of the same projects, into DIR. Some
starts are told late, a few are withdrawn, and a few projects change their zone.

Kinds of mess:
` + strings.Join(kinds, "\n"),
		Example: `  sanpi ledger generate --rows 1000 --mess 0.2 synthetic.csv
  sanpi ledger generate --rows 10000 --editions 30 --zones 88 synthetic`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.ledgerGenerate(cmd, args[0]) },
	}
	c.addLedger(cmd)
	f := cmd.Flags()
	f.IntVar(&c.rows, "rows", 1000, "projects; of the last edition, where there are several")
	f.Uint64Var(&c.seed, "seed", 1, "number that the ledger grows from")
	f.Float64Var(&c.mess, "mess", 0.1, "share of cells that are messy, 0 to 1")
	f.StringSliceVar(&c.kinds, "kinds", nil, "kinds of mess, parted by commas (default: all)")
	f.IntVar(&c.editions, "editions", 0, "month ends of a history; FILE is then a folder")
	f.IntVar(&c.zones, "zones", 0, "zones that the ledger names, those with a public source first (default: all of the campaign)")
	f.StringVar(&c.encoding, "encoding", "utf-8", "utf-8, utf-8-bom or gb18030")
	f.StringVar(&c.syntheticAsOf, "as-of", "2024-12-31", "day for which the ledger, or the last edition, speaks")
	f.BoolVar(&c.noTruth, "no-truth", false, "write no truth file")
	return cmd
}

func (c *config) ledgerTemplate(cmd *cobra.Command, file string) error {
	from, err := c.ledgerCampaign()
	if err != nil {
		return err
	}
	if filepath.Ext(file) != ".xlsx" {
		return usageError{fmt.Errorf("write the template: %s does not end in .xlsx, which it is", file)}
	}
	lists := template.Lists{}
	for _, a := range from.Areas {
		if a.Level == record.Zone {
			lists.Zones = append(lists.Zones, a.Name)
		}
	}
	for _, r := range from.Rounds {
		lists.Rounds = append(lists.Rounds, string(r.Round))
	}
	if err := writeFile(file, func(w io.Writer) error { return template.Write(w, lists) }); err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), file)
	return err
}

// ledgerCampaign is the campaign of the flags.
func (c *config) ledgerCampaign() (*campaign.Campaign, error) {
	plan, err := c.ledgerPlan(nil)
	if err != nil {
		return nil, err
	}
	return pipeline.ReadCampaign(plan)
}

// writeFile makes a file that is there whole or not at all, and never over another: it
// is written aside and then gets its name.
func writeFile(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("write %s: %w; choose another name", path, fs.ErrExist)
	}
	aside, err := os.CreateTemp(filepath.Dir(path), ".sanpi-*")
	if err != nil {
		return fmt.Errorf("write %s: %w; choose another name", path, err)
	}
	defer os.Remove(aside.Name())
	w := bufio.NewWriterSize(aside, 1<<20)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
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
		return err
	}
	// A link refuses a name that was taken meanwhile. Where there are no links the
	// name was free a moment ago.
	err = os.Link(aside.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(aside.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w; choose another name", path, err)
	}
	return nil
}

func (c *config) ledgerGenerate(cmd *cobra.Command, target string) error {
	from, err := c.ledgerCampaign()
	if err != nil {
		return err
	}
	options, err := c.syntheticOptions(from)
	if err != nil {
		return err
	}
	format := synthetic.Format{Encoding: synthetic.Encoding(c.encoding)}
	if !slices.Contains(synthetic.Encodings, format.Encoding) {
		return usageError{fmt.Errorf("--encoding %q is not known; use one of %v", c.encoding, synthetic.Encodings)}
	}
	if c.editions == 0 {
		g, err := synthetic.New(c.seed, options)
		if err != nil {
			return usageError{err}
		}
		if filepath.Ext(target) == ".xlsx" {
			return c.writeWorkbook(cmd, target, g, c.mess > 0)
		}
		return c.writeSynthetic(cmd, target, g.Write, format)
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return fmt.Errorf("make the folder of the editions: %w", err)
	}
	editions, err := synthetic.Editions(c.seed, options, c.editions)
	if err != nil {
		return usageError{err}
	}
	for e := range editions {
		if err := c.writeSynthetic(cmd, filepath.Join(target, e.Name), e.Write, format); err != nil {
			return err
		}
	}
	return nil
}

func (c *config) syntheticOptions(from *campaign.Campaign) (synthetic.Options, error) {
	asOf, err := record.ParseDate(c.syntheticAsOf)
	if err != nil {
		err = usageError{fmt.Errorf("--as-of %q is not a date; write it as 2021-06-30", c.syntheticAsOf)}
		return synthetic.Options{}, err
	}
	o := synthetic.Options{Rows: c.rows, Mess: c.mess, AsOf: asOf}
	for _, name := range c.kinds {
		k, err := synthetic.ParseKind(name)
		if err != nil {
			return o, usageError{err}
		}
		o.Kinds = append(o.Kinds, k)
	}
	names := map[record.AreaID]string{}
	for _, a := range from.Areas {
		names[a.AreaID] = a.Name
	}
	for _, a := range from.Areas {
		if a.Level == record.Zone && a.CityID != "" {
			o.Zones = append(o.Zones, synthetic.Zone{AreaID: a.AreaID, Name: a.Name, CityID: a.CityID, City: names[a.CityID]})
		}
	}
	if c.zones > 0 && c.zones < len(o.Zones) {
		verified := map[record.AreaID]bool{}
		for _, a := range from.Areas {
			verified[a.AreaID] = a.Verified
		}
		slices.SortStableFunc(o.Zones, func(a, b synthetic.Zone) int {
			switch {
			case verified[a.AreaID] == verified[b.AreaID]:
				return 0
			case verified[a.AreaID]:
				return -1
			}
			return 1
		})
		o.Zones = o.Zones[:c.zones]
	}
	for i, z := range o.Zones {
		for _, n := range from.AreaNames {
			if n.AreaID == z.AreaID && n.ValidFrom == 0 && n.ValidTo == 0 {
				o.Zones[i].Aliases = append(o.Zones[i].Aliases, n.Name)
			}
		}
	}
	for _, r := range from.Rounds {
		o.Rounds = append(o.Rounds, synthetic.Round{ID: r.Round, HeldOn: r.HeldOn})
	}
	return o, nil
}

// writeLedger writes a synthetic ledger and its truth, unless truth is nil.
type writeLedger func(ledger, truth io.Writer, format synthetic.Format) (synthetic.Counts, error)

func (c *config) writeSynthetic(cmd *cobra.Command, path string, write writeLedger, format synthetic.Format) error {
	var counts synthetic.Counts
	err := writeFile(path, func(ledger io.Writer) (err error) {
		if c.noTruth {
			counts, err = write(ledger, nil, format)
			return err
		}
		return writeFile(path+".truth.csv", func(truth io.Writer) error {
			counts, err = write(ledger, truth, format)
			return err
		})
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: synthetic, %d rows, of these %d projects, %d duplicates, %d for quarantine\n",
		path, counts.Rows, counts.Outcomes[synthetic.Loaded], counts.Outcomes[synthetic.Duplicate], counts.Outcomes[synthetic.Quarantined])
	return err
}

// writeWorkbook writes a synthetic ledger as a workbook of one sheet.
func (c *config) writeWorkbook(cmd *cobra.Command, path string, g *synthetic.Generator, messy bool) error {
	sheets := []workbook.Sheet{{Name: "合成台账", Ledger: g}}
	mess := workbook.Mess{TwoRowHeader: messy, MergedZones: messy, HiddenRows: messy, Days: messy}
	err := writeFile(path, func(ledger io.Writer) error {
		if c.noTruth {
			return workbook.Write(ledger, nil, sheets, mess)
		}
		return writeFile(path+".truth.csv", func(truth io.Writer) error { return workbook.Write(ledger, truth, sheets, mess) })
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: synthetic, %d projects\n", path, c.rows)
	return err
}
