package main

import (
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

func newGC(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "Remove old versions of the warehouse, and bytes that nothing refers to",
		Long: `gc removes the oldest published versions until --keep are left, and then the raw
bytes that no version left was made from. The current version stays, and so does what
somebody has open and every page that was fetched. --dry-run says what would go.

A version shares the files that did not change with its neighbours, so that most of
them take little room.`,
		Example: `  sanpi gc --keep 30 --dry-run
  sanpi gc --keep 30`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.gc(cmd) },
	}
	cmd.Flags().IntVar(&c.keepVersions, "keep", 10, "versions to keep, the current one among them")
	cmd.Flags().BoolVar(&c.dryRun, "dry-run", false, "say what would be removed; remove nothing")
	return cmd
}

func (c *config) gc(cmd *cobra.Command) error {
	if c.keepVersions < 1 {
		return usageError{fmt.Errorf("--keep %d: the current version always stays; keep one or more", c.keepVersions)}
	}
	if _, err := warehouse.Current(c.warehouse); err != nil {
		return err
	}
	w := warehouse.View(c.warehouse)
	if !c.dryRun {
		var err error
		if w, err = warehouse.Open(c.warehouse); err != nil {
			return err
		}
	}
	defer w.Close()
	done, err := w.Collect(warehouse.Retention{Keep: c.keepVersions, Raw: true, DryRun: c.dryRun})
	out, say := cmd.OutOrStdout(), phrases[c.lang]
	line, files := say.removed, say.removedRaw
	if c.dryRun {
		line, files = say.wouldRemove, say.wouldRemoveRaw
	}
	for _, name := range done.Versions {
		fmt.Fprintf(out, line, name)
	}
	for _, name := range done.InUse {
		fmt.Fprintf(out, say.inUse, name)
	}
	if err == nil {
		_, err = fmt.Fprintf(out, files, len(done.Versions), len(done.Raw), humanize.IBytes(uint64(done.Bytes)))
	}
	return err
}
