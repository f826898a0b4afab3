package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline/export"
	"github.com/sanpi-data/sanpi/pipeline/status"
)

// errNotGood is the outcome of status when something is not as expected, which stands
// on stdout already.
var errNotGood = errors.New("not all is as expected; see above")

func newStatus(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Say how the warehouse does: age, sources, rows, what is kept back, disk",
		Long: `status looks at the warehouse and says what is published and how old it is, whether
the last run ended well, which sources are late, which tables grew or shrank against
the version before, what is kept back and why, and how much room there is.

What is to be expected stands in watch/expectations.csv of the datasets; a folder of
your own, named with --datasets, replaces it. The exit code is 0 when all is as
expected and 1 when not. --line says it in one line, for the subject of an e-mail.`,
		Example: `  sanpi status
  sanpi status --line || sanpi status | mail -s "$(sanpi status --line)" operator
  sanpi status --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.status(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&c.asStatus, "format", "text", "format: text, json")
	f.BoolVar(&c.line, "line", false, "one line")
	c.addExpectations(cmd)
	return cmd
}

func (c *config) addExpectations(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&c.datasets, "datasets", nil, "folder whose watch/expectations.csv replaces the shipped one; may be repeated, the last counts")
}

// expectations are what the warehouse is judged by.
func (c *config) expectations() ([]status.Expectation, error) {
	folders := []fs.FS{datasets.FS}
	for _, path := range c.datasets {
		fsys, err := statusFolder(path)
		if err != nil {
			return nil, err
		}
		folders = append(folders, fsys)
	}
	expected, err := status.ReadExpectations(folders...)
	if err != nil {
		return nil, usageError{err}
	}
	return expected, nil
}

func (c *config) status(cmd *cobra.Command) error {
	if err := oneOf("format", c.asStatus, "text", "json"); err != nil {
		return err
	}
	expected, err := c.expectations()
	if err != nil {
		return err
	}
	s, err := status.Read(cmd.Context(), c.warehouse, expected, time.Now())
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	switch {
	case c.line:
		_, err = fmt.Fprintln(out, c.statusLine(s))
	case c.asStatus == "json":
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		err = e.Encode(s)
	default:
		err = c.drawStatus(out, s)
	}
	if err == nil && !s.Good() {
		err = errNotGood
	}
	return err
}

// statusFolder opens a folder that has expectations, campaigns, or both.
func statusFolder(path string) (fs.FS, error) {
	fsys, err := plainFolder(path)
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(fsys, status.ExpectationsFile); err == nil {
		return fsys, nil
	}
	return folder(path)
}

// statusLine is all in one line.
func (c *config) statusLine(s *status.Status) string {
	say := phrases[c.lang]
	if s.Good() {
		return fmt.Sprintf(say.statusGood, s.Version, c.ago(s.At.Sub(s.GoodAt)), s.Rows.Loaded, s.Rows.Quarantined)
	}
	var all []string
	for _, p := range s.Problems[:min(len(s.Problems), 3)] {
		all = append(all, c.problem(p))
	}
	if len(s.Problems) > len(all) {
		all = append(all, "…")
	}
	// One line, whatever an error has in it.
	return fmt.Sprintf(say.statusBad, len(s.Problems), export.Printable(strings.Join(all, "; ")))
}

// ago is a span of time for people: 3 h, 12 d.
func (c *config) ago(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%.1f h", d.Hours())
	}
	return fmt.Sprintf("%.0f d", d.Hours()/24)
}

// problem is one thing that is not as expected, in words.
func (c *config) problem(p status.Problem) string {
	say := phrases[c.lang]
	seconds := func(s float64) string { return c.ago(time.Duration(s * float64(time.Second))) }
	detail := ""
	if p.Detail != "" {
		detail, _, _ = strings.Cut(" ("+p.Detail, "\n")
		detail += ")"
	}
	switch status.Kind(p.Kind) {
	case status.VersionAge:
		return fmt.Sprintf(say.versionAge, seconds(p.Value), seconds(p.Bound))
	case status.SourceAge:
		return fmt.Sprintf(say.sourceAge, p.Subject, seconds(p.Value), seconds(p.Bound)) + detail
	case status.EditionAge:
		return fmt.Sprintf(say.editionAge, p.Subject, seconds(p.Value), seconds(p.Bound))
	case status.Fall:
		return fmt.Sprintf(say.fall, p.Subject, 100*p.Value, 100*p.Bound) + detail
	case status.Rise:
		return fmt.Sprintf(say.rise, p.Subject, 100*p.Value, 100*p.Bound) + detail
	case status.Quarantined:
		return fmt.Sprintf(say.quarantinedShare, 100*p.Value, 100*p.Bound)
	case status.FreeDisk:
		return fmt.Sprintf(say.freeDisk, humanize.IBytes(uint64(p.Value)), humanize.IBytes(uint64(p.Bound)))
	}
	if p.Kind == "empty" {
		return say.emptyWarehouse
	}
	return fmt.Sprintf(say.runFailed, p.Subject) + detail
}

// drawStatus writes the whole for people.
func (c *config) drawStatus(out io.Writer, s *status.Status) error {
	say := phrases[c.lang]
	if s.Version != "" {
		fmt.Fprintf(out, say.statusVersion, s.Version, s.CreatedAt.Format(time.DateTime), c.ago(s.At.Sub(s.CreatedAt)))
	}
	if s.LastRun.ID != "" {
		fmt.Fprintf(out, say.statusRun, s.LastRun.ID, say.word(s.LastRun.Status), s.LastRun.Finished.Sub(s.LastRun.Started).Seconds())
	}
	if s.Running != "" {
		fmt.Fprintf(out, say.statusRunning, s.Running)
	}
	fmt.Fprintf(out, say.statusRows, s.Rows.Read, s.Rows.Loaded, s.Rows.Quarantined, s.Rows.Duplicates, s.Rows.NoData, s.Waiting)
	fmt.Fprintf(out, say.statusDisk, humanize.IBytes(uint64(s.Disk.Bytes)), s.Disk.Versions, humanize.IBytes(s.Disk.Free))
	if err := c.drawStatusTables(out, s); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, p := range s.Problems {
		fmt.Fprintf(out, "! %s\n", export.Printable(c.problem(p)))
	}
	if s.Good() {
		fmt.Fprintln(out, say.allGood)
	}
	return nil
}

func (c *config) drawStatusTables(out io.Writer, s *status.Status) error {
	say := phrases[c.lang]
	changed := export.NewTable(export.Header{Title: say.relation, Whole: true}, export.Header{Title: say.rowsNow, Right: true}, export.Header{Title: say.rowsBefore, Right: true})
	n := 0
	for _, r := range s.Relations {
		if r.Before != nil && *r.Before != r.Rows {
			changed.Row(r.Name, fmt.Sprint(r.Rows), fmt.Sprint(*r.Before))
			n++
		}
	}
	sources := export.NewTable(export.Header{Title: say.address}, export.Header{Title: say.fetched, Whole: true}, export.Header{Title: say.failure})
	for _, source := range s.Sources {
		sources.Row(source.Address, source.FetchedAt.Format(time.DateTime), source.Error)
	}
	kept := export.NewTable(export.Header{Title: say.reason, Whole: true}, export.Header{Title: say.quarantined, Right: true})
	for _, r := range s.Quarantine {
		kept.Row(r.Reason, fmt.Sprint(r.Rows))
	}
	for _, t := range []struct {
		rows  int
		table *export.Table
	}{{n, changed}, {len(s.Sources), sources}, {len(s.Quarantine), kept}} {
		if t.rows == 0 {
			continue
		}
		fmt.Fprintln(out)
		if err := t.table.Render(out, width(out)); err != nil {
			return err
		}
	}
	return nil
}
