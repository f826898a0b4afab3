package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/sanpi-data/sanpi/pipeline/serve"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// config is every knob of the program. Each has a flag, and the environment
// variable SANPI_ and the flag's name in capitals stands in for it.
type config struct {
	warehouse string
	datasets  []string
	campaigns []string
	ledgers   []string
	asOf      string
	lang      string
	log       string
	workers   int

	bulletins []string
	published string
	explain   bool
	offline   bool
	pull      bool

	keepLedgers  bool
	allowPrivate bool

	full, dryRun bool
	keep         int
	keepVersions int // of gc, which has a default of its own
	maxStale     []string
	memory       string
	temp         string
	metricsFile  string
	openlineage  string
	mirror       string
	keepMirrored int // of mirror, which has a default of its own
	verify       bool
	asStatus     string // format of status
	line         bool

	rows            int
	seed            uint64
	mess            float64
	kinds           []string
	editions, zones int
	encoding        string
	noTruth         bool

	syntheticAsOf string // a flag with a default of its own needs a field of its own
	rowsShown     int

	format string
	asText string // format of extract, which has a default of its own
	asDiff string // that of diff
	file   string
	limit  int
	area   string

	addr, metricsAddr    string // of serve
	proxies              []string
	limits               serve.Limits
	sqlMemory, sqlResult string

	noData  bool   // of site
	offered string // the release that it offers

	relations  []string // of diff, with what has a default of its own
	rowsListed int
	comparing  string // the bound of memory

	month        string // of reports
	level        string
	year         int
	synthetic    bool
	stalledShown int
	out          string
}

// addShared adds the flags that all commands have.
func (c *config) addShared(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&c.warehouse, "warehouse", "warehouse", "folder of the warehouse")
	f.StringVar(&c.lang, "lang", "", "language of tables for people: en or zh (default: the locale's)")
	f.StringVar(&c.log, "log", "text", "log to stderr as text (steps hidden), steps or json")
}

// addCampaign adds the flag that names campaigns.
func (c *config) addCampaign(cmd *cobra.Command, usage string) {
	cmd.Flags().StringArrayVar(&c.campaigns, "campaign", nil, usage)
}

// addPrivate adds the flag that lets ledgers lie in the office's own network.
func (c *config) addPrivate(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.allowPrivate, "allow-private", false, "fetch ledgers from addresses in a private network too")
}

// environmentName is the variable that stands in for a flag.
func environmentName(flag string) string {
	return "SANPI_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment sets the flags that the command line left alone, and checks
// what is common to all commands.
func (c *config) fromEnvironment(cmd *cobra.Command, lookup func(string) (string, bool)) error {
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value, ok := lookup(environmentName(f.Name))
		if !ok || f.Changed || failed != nil || f.Name == "help" || f.Name == "version" {
			return
		}
		if err := f.Value.Set(value); err != nil {
			failed = usageError{fmt.Errorf("%s=%q: %w", environmentName(f.Name), value, err)}
		}
	})
	if failed != nil {
		return failed
	}
	if c.lang == "" {
		c.lang = localeLanguage(lookup)
	}
	if err := oneOf("lang", c.lang, "en", "zh"); err != nil {
		return err
	}
	return oneOf("log", c.log, "text", "steps", "json")
}

func oneOf(flag, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return usageError{fmt.Errorf("--%s %q is not known; use one of %s", flag, value, strings.Join(allowed, ", "))}
}

// localeLanguage reads the language from the locale's variables, in POSIX's
// order.
func localeLanguage(lookup func(string) (string, bool)) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value, _ := lookup(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}

// logger writes to w what the user asked to see of a run's steps.
func (c *config) logger(w io.Writer) *slog.Logger {
	switch c.log {
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil))
	case "steps":
		return slog.New(slog.NewTextHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// warn tells people a text, and machines also what it is about.
func (c *config) warn(w io.Writer, text string, about ...any) {
	if c.log == "json" {
		c.logger(w).Warn(text, about...)
		return
	}
	fmt.Fprintln(w, "sanpi: warning:", text)
}

// asOfDate reads --as-of.
func (c *config) asOfDate() (record.Date, error) {
	d, err := record.ParseDate(c.asOf)
	if err != nil {
		return 0, usageError{fmt.Errorf("--as-of %q is not a date; write it as 2021-06-30", c.asOf)}
	}
	return d, nil
}

// width is the terminal's width, or 0, no limit, when out is not a terminal.
func width(out io.Writer) int {
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

func defaultWorkers() int { return runtime.NumCPU() }
