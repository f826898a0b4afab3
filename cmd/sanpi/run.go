package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/ledger"
	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/sql"
)

func newRun(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Do the whole job: read, normalise, load, model, check, publish",
		Long: `run reads the campaigns, writes the lake, builds facts and marts, checks them
and publishes a version of the warehouse. Everything becomes visible at once:
after a failure the version before stands as it was.

Only what is new is done: when nothing has changed nothing is published, and what
was made from the same before is taken over. --dry-run says what would be done, and
why; --full makes everything anew. A source that fails is tried again, and then
stands with what it gave last; --max-stale says for how long that may go on.

The shipped campaigns are built in. --datasets adds a folder of your own, of the
same shape: one folder a campaign, as datasets/README.md describes.`,
		Example: `  sanpi run
  sanpi run --campaign shanxi --as-of 2021-06-30 --warehouse then   # what was known then
  sanpi run --ledger 台账/ --bulletin pages/ --bulletin https://example.cn/a.html
  sanpi run --datasets my-campaigns
  sanpi run --ledger 台账/ --pull --max-stale 72h --keep 30      # every night
  sanpi run --ledger 台账/ --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.run(cmd)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&c.datasets, "datasets", nil, "folder of campaigns to add to the shipped ones; may be repeated, a later one replaces a campaign of the same name")
	f.StringArrayVar(&c.ledgers, "ledger", nil, "project ledger to load: a file, folder, glob, http(s):// or s3:// address, behind CAMPAIGN= if it is not the main campaign's; may be repeated")
	f.StringArrayVar(&c.bulletins, "bulletin", nil, "news page to read: a file, folder, glob or http(s):// address, behind CAMPAIGN= if the page does not tell; may be repeated")
	f.BoolVar(&c.pull, "pull", false, "also read the pages that the campaigns' bulletins.csv list")
	c.addOffline(cmd)
	f.BoolVar(&c.keepLedgers, "keep-ledgers", false, "copy local ledgers of more than 256 MiB into the warehouse too")
	f.StringVar(&c.asOf, "as-of", "", "take only what had been published by this day, 2021-06-30")
	f.IntVar(&c.workers, "workers", defaultWorkers(), "models built at once")
	f.BoolVar(&c.full, "full", false, "make everything anew and look at every byte, also where nothing has changed")
	f.BoolVar(&c.dryRun, "dry-run", false, "say what would be asked for, made anew and published, and why; write nothing")
	f.IntVar(&c.keep, "keep", 0, "versions to keep, the new one among them; older ones are removed unless somebody reads them (default: all)")
	f.StringArrayVar(&c.maxStale, "max-stale", nil, "end with 1 when a source has failed for longer than this (72h, 30d), behind ADDRESS= if only for addresses that begin so; may be repeated, the last that fits counts")
	f.StringVar(&c.memory, "memory", "", "most memory for DuckDB, 2GB; ledgers need about 0.3 GB beside it (default: 80 % of the machine's)")
	f.StringVar(&c.temp, "temp", "", "folder for rows in work (default: the warehouse)")
	f.StringVar(&c.mirror, "mirror", "", "object store or folder to bring the version to, as sanpi mirror does: s3://bucket/prefix, gs://, azblob://, file://")
	f.StringVar(&c.metricsFile, "metrics-file", "", "file for Prometheus' textfile collector, NAME.prom, written after the run, also when it failed")
	f.StringVar(&c.openlineage, "openlineage", "", "http(s):// address of an OpenLineage endpoint, or a file, to tell what the run reads and writes")
	c.addPrivate(cmd)
	c.addCampaign(cmd, "campaign to load; may be repeated (default: all)")
	return cmd
}

func (c *config) run(cmd *cobra.Command) error {
	asOf, err := c.asOfDate()
	if err != nil {
		return err
	}
	sources := []fs.FS{datasets.FS}
	for _, path := range c.datasets {
		fsys, err := folder(path)
		if err != nil {
			return err
		}
		sources = append(sources, fsys)
	}
	began := time.Now()
	decisions, err := warehouse.Decisions(c.warehouse)
	if err != nil {
		return err
	}
	limits, err := c.staleLimits()
	if err != nil {
		return err
	}
	memory, err := parseBytes(c.memory)
	if err != nil {
		return usageError{fmt.Errorf("--memory %q: %w", c.memory, err)}
	}
	if c.keep < 0 {
		return usageError{fmt.Errorf("--keep %d: keep one version or more, or leave the flag out to keep all", c.keep)}
	}
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program's own file: %w", err)
	}
	watch, err := c.startWatch(cmd, sources, began)
	if err != nil {
		return err
	}
	meter := &ledger.Meter{}
	stop := c.progress(cmd.ErrOrStderr(), meter)
	report, err := pipeline.Run(cmd.Context(), pipeline.Plan{
		Warehouse: c.warehouse, Datasets: sources, Campaigns: c.campaigns, Ledgers: c.ledgerAddresses(), Finder: c.finder(c.logger(cmd.ErrOrStderr())), Meter: meter, AsOf: asOf, SQL: sql.FS,
		Bulletins: c.bulletinAddresses(c.bulletins), Pull: c.pull, Pages: c.pages(c.logger(cmd.ErrOrStderr())), Decisions: decisions,
		Program: programVersion(), Executable: executable, Workers: c.workers, Now: began, Log: c.logger(cmd.ErrOrStderr()),
		Full: c.full, DryRun: c.dryRun, Keep: c.keep, MaxStale: limits, MemoryLimit: memory, Temp: c.temp,
	})
	stop()
	watch.end(cmd.Context(), report, err)
	var stale *pipeline.StaleError
	if err != nil && cmd.Context().Err() != nil {
		return fmt.Errorf("stopped by a signal; nothing was published and the version before stands: %w", err)
	} else if err != nil && !errors.As(err, &stale) {
		return err
	}
	if reportErr := c.say(cmd, report, time.Since(began)); reportErr != nil {
		return reportErr
	}
	if c.mirror != "" && !c.dryRun {
		if mirrorErr := c.push(cmd.Context(), cmd.OutOrStdout(), c.mirror, c.keep); mirrorErr != nil {
			return errors.Join(err, fmt.Errorf("the version is published here, and not in the mirror: %w; the next run tries again", mirrorErr))
		}
	}
	return err
}

// say tells what a run came to.
func (c *config) say(cmd *cobra.Command, report pipeline.Report, took time.Duration) error {
	out := cmd.OutOrStdout()
	if report.Status == pipeline.Planned {
		return c.steps(out, report)
	}
	for _, w := range report.Warnings {
		c.warn(cmd.ErrOrStderr(), w.String(), "check", w.Check, "rows", w.Count)
	}
	for _, s := range report.Stale {
		c.warn(cmd.ErrOrStderr(), fmt.Sprintf("%s stands with what it gave on %s: %s", s.Source, s.FetchedAt.Format(time.DateOnly), s.Error), "source", s.Source, "fetched", s.FetchedAt)
	}
	if report.Status == pipeline.Unchanged {
		_, err := fmt.Fprintf(out, phrases[c.lang].unchanged, report.Version, took.Seconds())
		return err
	}
	if err := c.summary(cmd.Context(), out, report); err != nil {
		return err
	}
	return c.files(out, report, took)
}

// files says where everything is and what to type next.
func (c *config) files(out io.Writer, report pipeline.Report, took time.Duration) error {
	say := phrases[c.lang]
	current := filepath.Join(c.warehouse, "CURRENT")
	_, err := fmt.Fprintf(out, say.files, report.Rows.Read, report.Rows.Loaded, report.Rows.Quarantined, report.Rows.Duplicates, report.Rows.NoData, took.Seconds(),
		report.Version, current, current, current)
	if b := report.Bulletins; err == nil && b.Pages > 0 {
		_, err = fmt.Fprintf(out, say.bulletins, b.Pages, b.Failed, b.Claims, b.Waiting)
	}
	if err == nil && report.AsOf != "" {
		_, err = fmt.Fprintf(out, say.asOf, report.AsOf)
	}
	if err == nil && report.Undated > 0 {
		_, err = fmt.Fprintf(out, say.undated, report.Undated)
	}
	return err
}

// ledgerAddresses takes the campaign off each --ledger: henan=台账.xlsx.
func (c *config) ledgerAddresses() []pipeline.LedgerAddress {
	var addresses []pipeline.LedgerAddress
	for _, text := range c.ledgers {
		id, address := c.cutCampaign(text)
		addresses = append(addresses, pipeline.LedgerAddress{Campaign: id, Address: address})
	}
	return addresses
}

// bulletinAddresses does the same for pages.
func (c *config) bulletinAddresses(pages []string) []pipeline.BulletinAddress {
	var addresses []pipeline.BulletinAddress
	for _, text := range pages {
		id, address := c.cutCampaign(text)
		addresses = append(addresses, pipeline.BulletinAddress{Campaign: id, Address: address})
	}
	return addresses
}

// cutCampaign takes the campaign off an address: henan=台账.xlsx. Where there is
// none, it is the one that --campaign names.
func (c *config) cutCampaign(text string) (id, address string) {
	if id, rest, ok := strings.Cut(text, "="); ok && campaignID.MatchString(id) {
		return id, rest
	}
	if len(c.campaigns) == 1 {
		return c.campaigns[0], text
	}
	return "", text
}

var campaignID = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// pages is how bulletins are brought.
func (c *config) pages(log *slog.Logger) *source.Pages {
	f := c.finder(log)
	return &source.Pages{
		Offline: c.offline, AllowPrivate: f.AllowPrivate, Proxy: f.Proxy, S3: f.S3, UserAgent: f.UserAgent, Log: log,
	}
}

// finder is how ledgers are brought: by the environment's proxy and keys.
func (c *config) finder(log *slog.Logger) *source.Finder {
	return &source.Finder{
		Keep: c.keepLedgers, AllowPrivate: c.allowPrivate, Proxy: http.ProxyFromEnvironment, S3: source.S3FromEnv(os.Getenv),
		UserAgent: "sanpi/" + programVersion() + " (+https://github.com/sanpi-data/sanpi)", Log: log,
	}
}
