package main

import (
	"fmt"
	"path/filepath"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/site"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/web"
)

func newSite(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "site DIR",
		Short: "Write the static site of the published version",
		Long: `site writes the published version as a web site into DIR: complete pages in English
and Chinese for any host, or to open from the disk, with every number leading to the
pages it rests on, and the Parquet files and the database to download.

The pages need no script and ask no other host for anything. DIR is new, empty, or a
site that this command wrote before; it is replaced in one rename.

A site shows what the version holds. With an office's ledgers loaded these are their
projects too, on pages and in the files: think before it is made public.`,
		Example: `  sanpi site public
  sanpi site public --no-data        # pages only
  sanpi release releases && sanpi site public --release releases
  python3 -m http.server -d public   # look at it`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(c.campaigns) > 1 {
				return usageError{fmt.Errorf("a site is about one campaign, and --campaign names %d; the others have a page each in any case", len(c.campaigns))}
			}
			return c.site(cmd, args[0])
		},
	}
	c.addCampaign(cmd, "campaign that the pages are about (default: the first with a headline series)")
	cmd.Flags().StringVar(&c.offered, "release", "", "also offer the release in this folder, or the newest in a folder of releases")
	cmd.MarkFlagDirname("release")
	cmd.Flags().BoolVar(&c.noData, "no-data", false, "leave out the files to download")
	return cmd
}

func (c *config) site(cmd *cobra.Command, dir string) error {
	version, err := warehouse.Current(c.warehouse)
	if err != nil {
		return err
	}
	manifest, err := warehouse.ReadManifest(version)
	if err != nil {
		return err
	}
	db, err := engine.OpenReadOnly(filepath.Join(version, "sanpi.duckdb"))
	if err != nil {
		return err
	}
	defer db.Close()
	edition := site.EditionOf(manifest)
	if len(c.campaigns) == 1 {
		edition.Campaign = c.campaigns[0]
	}
	if c.offered != "" {
		if edition.Release, err = site.ReadRelease(c.offered, manifest.Version); err != nil {
			return err
		}
	}
	result, err := site.Make(cmd.Context(), site.Plan{Edition: edition, From: version, DB: db, Dir: dir, NoData: c.noData, FrontEnd: web.Built()})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), phrases[c.lang].siteMade, filepath.Join(dir, "index.html"), result.Pages, result.Files, humanize.IBytes(uint64(result.Bytes)))
	return err
}
