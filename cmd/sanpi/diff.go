package main

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/diff"
	"github.com/sanpi-data/sanpi/pipeline/report"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	models "github.com/sanpi-data/sanpi/sql"
)

// The words for the warehouse's own versions.
const (
	currentVersion  = "current"
	previousVersion = "previous"
)

func newDiff(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff [A [B]]",
		Short: "Show what changed between two versions or releases: rows, columns, and the claims behind",
		Long: `diff compares A with B, table by table and key by key: rows added, removed and changed,
columns that came, went or changed their type, and for a fact that changed the claims
that it rested on before and rests on now.

A and B are each the name of a version in the warehouse, current, previous, or the folder
of a version or release, wherever it lies. Without B, A is compared with current; without
both, previous with current.

Files with equal bytes are not read; the others are compared within --memory, however
large they are, and what does not fit goes to --temp. --limit bounds the rows that are
listed, never those that are counted. A difference is no error: the exit code is 0.`,
		Example: `  sanpi diff                                        # what did the last run change?
  sanpi diff releases/2026.10.01 releases/latest
  sanpi diff previous --relation facts --limit 0    # every fact that changed, with its claims
  sanpi diff --format json | jq '.relations[] | {name, added, removed, changed}'
  sanpi diff --out changes.html`,
		Args: cobra.MaximumNArgs(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			names, err := warehouse.View(c.warehouse).Versions()
			if err != nil || len(args) > 1 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return append(names, currentVersion, previousVersion), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", c.asDiff, "text", "json"); err != nil {
				return err
			}
			return c.diff(cmd, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.asDiff, "format", "text", "text or json; json gives every value as text, NULL as null")
	f.StringSliceVar(&c.relations, "relation", nil, "compare this table or mart only; may be given again")
	f.IntVar(&c.rowsListed, "limit", 20, "rows listed of each table; 0 for all")
	f.StringVar(&c.comparing, "memory", "400MB", "bound of the memory that comparing takes")
	f.StringVar(&c.temp, "temp", "", "folder for what does not fit into memory (default: the system's)")
	f.StringVar(&c.out, "out", "", "write a page or workbook instead: FILE.html or FILE.xlsx")
	cmd.MarkFlagFilename("out", "html", "xlsx")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("relation", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		relations, err := catalog.Read(models.FS)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return relationNames(relations), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func (c *config) diff(cmd *cobra.Command, args []string) error {
	if c.rowsListed < 0 {
		return usageError{fmt.Errorf("--limit %d is below 0; 0 lists all", c.rowsListed)}
	}
	memory, err := humanize.ParseBytes(c.comparing)
	if err != nil || memory == 0 {
		return usageError{fmt.Errorf("--memory %q is no size; write it as 400MB or 2GiB", c.comparing)}
	}
	relations, err := catalog.Read(models.FS)
	if err != nil {
		return err
	}
	for _, name := range c.relations {
		if _, ok := catalog.Find(relations, name); !ok {
			return usageError{fmt.Errorf("no table or mart is called %q; there are %s", name, strings.Join(relationNames(relations), ", "))}
		}
	}
	args = append(args, [][]string{{previousVersion, currentVersion}, {currentVersion}, nil}[len(args)]...)
	var sides [2]diff.Side
	for i, name := range args {
		dir, err := c.side(name)
		if err != nil {
			return err
		}
		if sides[i], err = diff.Open(dir); errors.Is(err, diff.ErrNoSide) {
			return usageError{err}
		} else if err != nil {
			return err
		}
	}
	d := differences{was: sides[0], is: sides[1], limit: c.rowsListed, lang: c.lang, say: diffPhrases[c.lang]}
	compared := diff.Compare(cmd.Context(), d.was, d.is, relations, diff.Options{Only: c.relations, MemoryLimit: int64(memory), Temp: c.temp})
	out := cmd.OutOrStdout()
	if c.out == "" && c.asDiff == "json" {
		return d.json(out, compared)
	}
	if c.out == "" {
		return d.text(out, compared)
	}
	draw, err := report.ForFile(c.out)
	if err != nil {
		return usageError{fmt.Errorf("--out %w", err)}
	}
	doc, err := d.document(compared)
	if err != nil {
		return err
	}
	if err := writeFile(c.out, func(w io.Writer) error { return draw(doc, w) }); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, c.out)
	return err
}

// side is the folder that a name of A or B stands for.
func (c *config) side(name string) (string, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() && name != currentVersion && name != previousVersion {
		return name, nil
	}
	current, err := warehouse.Current(c.warehouse)
	if err != nil {
		return "", err
	}
	names, err := warehouse.View(c.warehouse).Versions()
	if err != nil {
		return "", err
	}
	switch name {
	case currentVersion:
		return current, nil
	case previousVersion:
		// Names begin with the time that they were made at.
		at := slices.Index(names, filepath.Base(current))
		if at < 1 {
			return "", errors.New("the warehouse has no version before the current one; run \"sanpi run\" with something new, or name a folder")
		}
		name = names[at-1]
	}
	if !slices.Contains(names, name) {
		return "", usageError{fmt.Errorf("%q is no folder, and the warehouse has no version of that name: %w; it has %s", name, fs.ErrNotExist, strings.Join(names, ", "))}
	}
	return filepath.Join(c.warehouse, "versions", name), nil
}

// differences tells of a comparison.
type differences struct {
	was, is diff.Side
	limit   int
	lang    string
	say     diffBook
}

func nullInt(n *int64) sql.NullFloat64 {
	if n == nil {
		return sql.NullFloat64{}
	}
	return sql.NullFloat64{Float64: float64(*n), Valid: true}
}

func (d differences) document(compared func(func(*diff.Relation, error) bool)) (report.Document, error) {
	say := d.say
	doc := report.Document{Lang: d.lang, Title: fmt.Sprintf(say.title, d.was.Name, d.is.Name), Notes: say.notes}
	summary := report.Table{Name: say.relations, Empty: say.nothing, Columns: []report.Column{
		{Title: say.relation, Key: true}, {Title: say.before, Format: report.Count}, {Title: say.now, Format: report.Count},
		{Title: say.word(diff.Added), Format: report.Count}, {Title: say.word(diff.Removed), Format: report.Count},
		{Title: say.word(diff.Changed), Format: report.Count}, {Title: say.columns},
	}}
	same := 0
	for r, err := range compared {
		if err != nil {
			return doc, err
		}
		if r.IsSame() {
			same++
			continue
		}
		summary.Rows = append(summary.Rows, report.Row{Cells: []report.Cell{report.Words(r.Name), report.Number(nullInt(r.Before)),
			report.Number(nullInt(r.After)), report.Number(nullInt(&r.Added)), report.Number(nullInt(&r.Removed)),
			report.Number(nullInt(r.Changed)), report.Words(d.columns(r))}})
		tables, err := d.rows(r)
		if err != nil {
			return doc, err
		}
		doc.Tables = append(doc.Tables, tables...)
	}
	doc.Tables = append([]report.Table{summary}, doc.Tables...)
	doc.Source = fmt.Sprintf(say.same, same)
	return doc, nil
}

// columns says which columns came, went and changed their type, and in which ones the
// changed rows differ.
func (d differences) columns(r *diff.Relation) string {
	var parts []string
	for _, name := range r.Came {
		parts = append(parts, "+"+name)
	}
	for _, name := range r.Went {
		parts = append(parts, "-"+name)
	}
	for _, t := range r.Retyped {
		parts = append(parts, t.Column+" "+t.Was+" → "+t.Is)
	}
	for _, c := range r.ByColumn {
		parts = append(parts, fmt.Sprintf("%s %d", c.Column, c.Rows))
	}
	return strings.Join(parts, ", ")
}

// rows are the tables of a relation's differing rows and of the claims behind them.
func (d differences) rows(r *diff.Relation) ([]report.Table, error) {
	say := d.say
	rows := report.Table{Name: r.Name, Columns: []report.Column{
		{Title: say.key, Key: true}, {Title: say.change}, {Title: say.column}, {Title: say.before}, {Title: say.now}}}
	claims := report.Table{Name: r.Name + " " + say.claims, Caption: r.Name + ": " + say.claimsBehind, Columns: []report.Column{
		{Title: say.key, Key: true}, {Title: say.change}, {Title: say.before}, {Title: say.now}, {Title: say.publisher},
		{Title: say.published}, {Title: say.address}}}
	listed := int64(0)
	for row, err := range r.Rows(d.limit) {
		if err != nil {
			return nil, err
		}
		listed++
		key := keyOf(row, " ")
		if row.Change != diff.Changed {
			rows.Rows = append(rows.Rows, report.Row{Cells: []report.Cell{report.Words(key), report.Words(say.word(row.Change)), {}, {}, {}}})
		} else {
			for i, v := range row.Values {
				was, is := valueCells(v)
				cells := []report.Cell{{}, {}, report.Words(v.Column), was, is}
				if i == 0 {
					cells[0], cells[1] = report.Words(key), report.Words(say.word(row.Change))
				}
				rows.Rows = append(rows.Rows, report.Row{Cells: cells})
			}
		}
		for _, c := range row.Claims {
			address := cmp.Or(c.URL, &c.SourceID)
			claims.Rows = append(claims.Rows, report.Row{Cells: []report.Cell{report.Words(key), report.Words(say.word(c.Change)),
				heldCell(c.Was, c.WasHeld), heldCell(c.Is, c.IsHeld), valueCell(c.Publisher), valueCell(c.PublishedOn), report.Words(*address)}})
		}
	}
	if len(rows.Rows) == 0 {
		return nil, nil
	}
	rows.Caption = r.Name
	if r.Differing() > listed {
		rows.Caption = fmt.Sprintf(say.more, r.Name, listed, r.Differing())
	}
	if len(claims.Rows) == 0 {
		return []report.Table{rows}, nil
	}
	return []report.Table{rows, claims}, nil
}

func keyOf(row diff.Row, between string) string {
	var parts []string
	for _, k := range row.Key {
		if k.Value != nil {
			parts = append(parts, *k.Value)
		}
	}
	return strings.Join(parts, between)
}

// valueCells are the two values of a column as cells: of lists only what the other lacks.
func valueCells(v diff.Value) (was, is report.Cell) {
	if gone, come, ok := listsDiffer(v); ok {
		return report.Words(strings.Join(gone, ", ")), report.Words(strings.Join(come, ", "))
	}
	return valueCell(v.Was), valueCell(v.Is)
}

// listsDiffer says, of a value that is a list on both sides, which elements went and came.
func listsDiffer(v diff.Value) (gone, come []string, ok bool) {
	elements := func(text *string) ([]string, bool) {
		if text == nil || !strings.HasPrefix(*text, "[") || !strings.HasSuffix(*text, "]") {
			return nil, false
		}
		inner := strings.Trim(*text, "[]")
		if inner == "" {
			return nil, true
		}
		return strings.Split(inner, ", "), true
	}
	was, ok1 := elements(v.Was)
	is, ok2 := elements(v.Is)
	for _, e := range was {
		if !slices.Contains(is, e) {
			gone = append(gone, e)
		}
	}
	for _, e := range is {
		if !slices.Contains(was, e) {
			come = append(come, e)
		}
	}
	return gone, come, ok1 && ok2 && len(gone)+len(come) > 0
}

func valueCell(text *string) report.Cell {
	if text == nil {
		return report.Unknown()
	}
	return report.Words(plain(*text))
}

// plain drops the zeros that a decimal ends with.
func plain(text string) string {
	whole, decimals, ok := strings.Cut(text, ".")
	if !ok || strings.Trim(decimals, "0") != "" || strings.Trim(whole, "-0123456789") != "" {
		return text
	}
	return whole
}

// heldCell marks the claim whose value the fact took.
func heldCell(text *string, held bool) report.Cell {
	if text == nil {
		return report.Cell{}
	}
	if held {
		return report.Words(*text + " ✓")
	}
	return report.Words(*text)
}
