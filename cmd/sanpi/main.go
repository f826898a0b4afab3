// Command sanpi loads the figures of the three-batches campaigns (三个一批) into
// a warehouse of Parquet files and a DuckDB database, and answers from it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/release"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/campaign"
)

// The exit codes, for people's scripts and schedulers.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitCheck  = 3 // a data check failed, nothing was published
	exitLocked = 4 // another run holds the warehouse
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		// A second signal finds nobody listening and ends the process at once.
		<-ctx.Done()
		stop()
	}()
	os.Exit(execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// execute runs one command line and returns its exit code.
func execute(ctx context.Context, args []string, in io.Reader, out, log io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(log)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	code := exitCode(err)
	if f := root.PersistentFlags().Lookup("log"); f.Value.String() == "json" {
		slog.New(slog.NewJSONHandler(log, nil)).Error("failed", "error", err.Error(), "exit_code", code)
	} else {
		fmt.Fprintln(log, "sanpi:", err)
	}
	return code
}

// usageError is a command line that asks for something there is not.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// exitCode is the one table from errors to exit codes.
func exitCode(err error) int {
	var (
		usage   usageError
		unknown *pipeline.UnknownCampaignError
		invalid *campaign.InvalidError
		check   *pipeline.CheckError
		notFile *campaign.NotAFileError
		faults  *release.FaultsError
	)
	switch {
	case errors.As(err, &usage), errors.As(err, &unknown):
		return exitUsage
	case isQuarantine(err), errors.As(err, &invalid), errors.As(err, &check), errors.As(err, &faults), errors.As(err, &notFile), errors.Is(err, engine.ErrContract), errors.Is(err, errDamaged):
		return exitCheck
	case errors.Is(err, warehouse.ErrLocked):
		return exitLocked
	}
	return exitFailed
}

func newRoot() *cobra.Command {
	var c config
	root := &cobra.Command{
		Use:   "sanpi",
		Short: "The three-batches campaign (三个一批) as a clean series",
		Long: `sanpi loads what is published of the three-batches campaigns of China's
development zones (签约一批, 开工一批, 投产一批) into a warehouse of Parquet files and a
DuckDB database: the trend over the rounds, the conversion from signed to
started to commissioned, and for every number the source it rests on.`,
		Example: `  sanpi run                              # build the warehouse and see the series
  sanpi show conflicts                   # where sources disagree
  sanpi query "from trend_series limit 5"`,
		Version:       programVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return c.fromEnvironment(cmd, os.LookupEnv)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.addShared(root)
	root.AddCommand(newRun(&c), newShow(&c), newQuery(&c), newExtract(&c), newReview(&c), newLedger(&c), newRelease(&c), newDiff(&c), newStatus(&c), newGC(&c), newMirror(&c), newSite(&c), newServe(&c), newWorker())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see \"%s --help\"", err, cmd.CommandPath())}
	})
	for _, cmd := range append(root.Commands(), root) {
		wrapArgs(cmd)
	}
	return root
}

// wrapArgs makes a wrong number or name of arguments a usage error.
func wrapArgs(cmd *cobra.Command) {
	check := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if check == nil {
			return nil
		}
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; see \"%s --help\"", err, cmd.CommandPath())}
		}
		return nil
	}
}

// programVersion is what the build knows of itself.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && version == "(devel)" {
			version = "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return version
}

// plainFolder opens a folder named on the command line, whatever it holds.
func plainFolder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, usageError{fmt.Errorf("open the datasets: %w", err)}
	}
	if !info.IsDir() {
		return nil, usageError{fmt.Errorf("open the datasets: %s is a file; name the folder that holds the campaigns' folders", path)}
	}
	return os.DirFS(path), nil
}

// folder opens a folder of campaigns.
func folder(path string) (fs.FS, error) {
	fsys, err := plainFolder(path)
	if err != nil {
		return nil, err
	}
	campaigns, err := campaign.List(fsys)
	if err != nil {
		return nil, fmt.Errorf("open the datasets %s: %w", path, err)
	}
	if len(campaigns) > 0 {
		return fsys, nil
	}
	if _, err := fs.Stat(fsys, "campaign.csv"); err == nil {
		return nil, usageError{fmt.Errorf("open the datasets: %s is a campaign itself; name the folder that holds it, %s", path, filepath.Dir(filepath.Clean(path)))}
	}
	return nil, usageError{fmt.Errorf("open the datasets: %s holds no campaign: no folder in it has a campaign.csv", path)}
}
