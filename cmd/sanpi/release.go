package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/release"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/sql"
)

func newRelease(c *config) *cobra.Command {
	var name string
	var verify bool
	cmd := &cobra.Command{
		Use:   "release DIR",
		Short: "Make the researchers' download of the published version",
		Long: `release makes, of the version that is published in the warehouse, a folder that
explains itself without this program or a network: every table and mart as
Parquet and CSV, sanpi.duckdb, a codebook in English and Chinese, where each
value comes from, what changed since the release before, how to cite it, and
the sums of all files.

    DIR/2026.11.24/           the release, named by the version's day
    DIR/2026.11.24.tar.zst    the same in one file
    DIR/latest                points to the newest

A second release of one day gets .1. A release never changes: one that exists is
not written again, and equal versions make equal bytes. It becomes visible at
once, when it is whole; after a failure nothing is left.

In the CSV files a text that a spreadsheet would run as a formula (one that begins
with = + - @, a tab or a line end, or with an apostrophe) stands behind an
apostrophe. Take one from the front of every text that begins with one, and you
have what was there.

--verify reads DIR, a folder of releases or one of them, against its sums and its
archive, names each file that is changed, missing or extra, and ends with exit
code 3 if there is one.`,
		Example: `  sanpi release releases
  sanpi release --version 2026.11.24 releases
  sanpi release --verify releases
  duckdb -c "from 'releases/latest/parquet/provenance.parquet' limit 5"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if verify {
				if name != "" {
					return usageError{fmt.Errorf("--verify reads what is there; name one release as DIR/%s instead of with --version", name)}
				}
				return verifyReleases(cmd, args[0])
			}
			return c.release(cmd, args[0], name)
		},
	}
	cmd.Flags().StringVar(&name, "version", "", "calendar version, 2026.11.24 or 2026.11.24.1 (default: the day of the warehouse's version)")
	cmd.Flags().BoolVar(&verify, "verify", false, "compare what is in DIR with its sums instead")
	return cmd
}

func (c *config) release(cmd *cobra.Command, dir, name string) error {
	version, err := warehouse.Current(c.warehouse)
	if err != nil {
		return err
	}
	r, err := release.Make(cmd.Context(), release.Plan{Version: version, Dir: dir, Name: name, SQL: sql.FS})
	if errors.Is(err, release.ErrVersion) {
		return usageError{err}
	} else if err != nil && cmd.Context().Err() != nil {
		return fmt.Errorf("stopped by a signal; nothing was released: %w", err)
	} else if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s\n%s\n", r.Folder, r.Archive)
	since := "the first in this folder"
	if r.Before != "" {
		since = "changes since " + r.Before + " are in CHANGES.md"
	}
	fmt.Fprintf(out, "release %s: %d relations, %d rows, %.1f MB; %s\n", r.Name, r.Relations, r.Rows, float64(r.Bytes)/1e6, since)
	if r.Synthetic {
		fmt.Fprintln(cmd.ErrOrStderr(), "sanpi: warning: the version holds synthetic rows, and the release says so wherever it is named")
	}
	return nil
}

func verifyReleases(cmd *cobra.Command, dir string) error {
	releases, err := release.Verify(dir)
	var faults *release.FaultsError
	if errors.As(err, &faults) {
		for _, f := range faults.Faults {
			fmt.Fprintln(cmd.OutOrStdout(), f)
		}
	}
	if err != nil {
		return err
	}
	for _, r := range releases {
		fmt.Fprintln(cmd.OutOrStdout(), r+": as released")
	}
	return nil
}
