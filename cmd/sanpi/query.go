package main

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/export"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

func newQuery(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "query [SQL]",
		Short: "Ask the published version in SQL, read-only",
		Long: `query runs SQL on the published version of the warehouse and writes the result
to stdout. The SQL is DuckDB's; it can neither change the warehouse nor reach
files or the network. Without an argument and without -f it is read from stdin.
Of several statements the result of the last is written.

Tables: rounds, round_labels, areas, area_names, sources, claims, facts,
projects, quarantine. Marts: trend_series, area_conversion, zone_conversion,
city_conversion, type_conversion, span_residuals, reconciliation,
source_conflicts, coverage. "describe claims" lists a table's columns.`,
		Example: `  sanpi query "select round, value, status from trend_series
               where campaign = 'shanxi' and level = 'province' and stage = 'signed' and metric = 'projects'"
  sanpi query --format parquet "from zone_conversion" > zones.parquet
  sanpi query -f my.sql --format csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.queryText(cmd, args)
			if err != nil {
				return err
			}
			n := countStatements(text)
			switch {
			case n > 1 && c.format == "parquet":
				return usageError{fmt.Errorf("%d statements were given, and the format parquet takes one; ask one at a time", n)}
			case n > 1:
				fmt.Fprintf(cmd.ErrOrStderr(), "sanpi: warning: %d statements were given; the result of the last is shown\n", n)
			}
			return c.query(cmd.Context(), cmd.OutOrStdout(), text)
		},
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		err = fmt.Errorf("%w; see \"%s --help\"", err, cmd.CommandPath())
		// No flag has a space in its name: this is SQL that begins with a remark.
		if _, name, ok := strings.Cut(err.Error(), "unknown flag: --"); ok && strings.ContainsAny(strings.SplitN(name, ";", 2)[0], " \n\t") {
			err = fmt.Errorf("SQL that begins with a remark looks like a flag; write sanpi query -- \"-- …\", or put it into a file for --file")
		}
		return usageError{err}
	})
	f := cmd.Flags()
	f.StringVar(&c.format, "format", "table", "format of the result: "+strings.Join(export.Formats, ", "))
	f.StringVarP(&c.file, "file", "f", "", "read the SQL from this file")
	f.IntVar(&c.limit, "limit", 0, "rows shown in a table; 0 for all")
	return cmd
}

// queryText finds the SQL: an argument, a file, or stdin.
func (c *config) queryText(cmd *cobra.Command, args []string) (string, error) {
	if err := oneOf("format", c.format, export.Formats...); err != nil {
		return "", err
	}
	switch {
	case len(args) > 0 && c.file != "":
		return "", usageError{fmt.Errorf("give the SQL as an argument or with -f, not both")}
	case len(args) > 0:
		return args[0], nil
	case c.file != "":
		data, err := os.ReadFile(c.file)
		if err != nil {
			return "", usageError{fmt.Errorf("read the SQL: %w", err)}
		}
		return string(data), nil
	}
	data, err := io.ReadAll(cmd.InOrStdin())
	if err != nil {
		return "", fmt.Errorf("read the SQL from stdin: %w", err)
	}
	if strings.TrimSpace(string(data)) == "" {
		return "", usageError{fmt.Errorf("there is no SQL: give it as an argument, with -f FILE, or on stdin")}
	}
	return string(data), nil
}

func (c *config) query(ctx context.Context, out io.Writer, text string) error {
	if c.format == "parquet" {
		return c.queryParquet(ctx, out, text)
	}
	db, err := c.open()
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, text)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	return export.Write(out, c.format, rows, export.Options{Width: width(out), MaxRows: c.limit, Lang: c.lang})
}

// queryParquet lets DuckDB write the result to a file aside, the only one that
// this connection may touch, and copies it out.
func (c *config) queryParquet(ctx context.Context, out io.Writer, text string) error {
	dir, err := os.MkdirTemp("", "sanpi-query-")
	if err != nil {
		return fmt.Errorf("make room for the result: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "result.parquet")
	db, err := c.open(file)
	if err != nil {
		return err
	}
	defer db.Close()
	statement := fmt.Sprintf("copy (%s\n) to %s (format parquet, compression zstd)", strings.TrimRight(strings.TrimSpace(text), ";"), engine.Literal(file))
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read the result: %w", err)
	}
	defer f.Close()
	if _, err := io.Copy(out, f); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// open opens the published version's database, read-only and shut off from
// everything but the given files.
func (c *config) open(allowed ...string) (*sql.DB, error) {
	version, err := warehouse.Current(c.warehouse)
	if err != nil {
		return nil, err
	}
	runs, err := filepath.Abs(filepath.Join(c.warehouse, "runs"))
	if err != nil {
		return nil, fmt.Errorf("find the records of runs: %w", err)
	}
	var views []engine.View
	if records, err := filepath.Glob(filepath.Join(runs, "*.json")); err == nil && len(records) > 0 {
		views = append(views, engine.View{Name: "runs", Dir: runs, SQL: fmt.Sprintf(runsSQL, engine.Literal(filepath.Join(runs, "*.json")))})
	}
	return engine.OpenWithViews(filepath.Join(version, "sanpi.duckdb"), views, allowed...)
}

// runsSQL reads the records of runs.
//
//go:embed runs.sql
var runsSQL string
