package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/export"
	"github.com/sanpi-data/sanpi/sql"
)

func newShowColumns(c *config) *cobra.Command {
	return &cobra.Command{
		Use:   "columns [RELATION]",
		Short: "Show what the tables and marts are, or what the columns of one of them mean",
		Long: `columns says what each table and mart holds; with the name of one, what each of its
columns means: type, unit, the values it may hold, and what it refers to. They are
the declarations that the published files, the checks and the tables dictionary and
relations of sanpi.duckdb come from. No warehouse is needed.

! marks columns that are never NULL, # those that tell rows apart.`,
		Example: `  sanpi show columns
  sanpi show columns trend_series
  sanpi show columns zone_conversion --lang zh`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			relations, err := catalog.Read(sql.FS)
			if err != nil || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return relationNames(relations), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			relations, err := catalog.Read(sql.FS)
			if err != nil {
				return err
			}
			d := declarations{out: cmd.OutOrStdout(), say: phrases[c.lang], zh: c.lang == "zh", width: width(cmd.OutOrStdout())}
			if len(args) == 0 {
				return d.relations(relations)
			}
			r, ok := catalog.Find(relations, args[0])
			if !ok {
				return usageError{fmt.Errorf("no table or mart is called %q; there are %s", args[0], strings.Join(relationNames(relations), ", "))}
			}
			return d.columns(r)
		},
	}
}

func relationNames(relations []catalog.Relation) []string {
	var names []string
	for _, r := range relations {
		names = append(names, r.Name)
	}
	return names
}

// declarations draws what is declared, in the reader's language.
type declarations struct {
	out   io.Writer
	say   phrasebook
	zh    bool
	width int
}

func (d declarations) pick(en, zh string) string {
	if d.zh {
		return zh
	}
	return en
}

func (d declarations) relations(relations []catalog.Relation) error {
	t := export.NewTable(export.Header{Title: d.say.relation}, export.Header{Title: d.say.kind}, export.Header{Title: d.say.meaning})
	for _, r := range relations {
		t.Row(r.Name, d.say.word(string(r.Kind)), d.pick(r.EN, r.ZH))
	}
	return t.Render(d.out, d.width)
}

func (d declarations) columns(r catalog.Relation) error {
	fmt.Fprintf(d.out, "%s (%s)\n%s\n", r.Name, d.say.word(string(r.Kind)), d.pick(r.EN, r.ZH))
	notes := r.Notes
	if d.zh {
		notes = r.NotesZH
	}
	for _, note := range notes {
		fmt.Fprintf(d.out, "\n%s\n", note)
	}
	fmt.Fprintln(d.out)
	// The meaning stands whole where there is room for it: Whole breaks at spaces, of
	// which Chinese has few.
	t := export.NewTable(export.Header{Title: d.say.column, Whole: true}, export.Header{Title: d.say.columnType, Whole: true, Spare: 2},
		export.Header{Title: d.say.unit, Whole: true, Spare: 1}, export.Header{Title: d.say.meaning, Whole: true})
	key := map[string]bool{}
	for _, name := range r.Key {
		key[name] = true
	}
	for _, c := range r.Columns {
		marks := ""
		if c.Required {
			marks += "!"
		}
		if key[c.Name] {
			marks += "#"
		}
		t.Row(c.Name, c.Type+marks, c.Unit, d.meaning(r, c))
	}
	t.LeftOut = d.say.leftOut
	return t.Render(d.out, d.width)
}

// meaning is what a column means, with the values it may hold and what it refers to.
func (d declarations) meaning(r catalog.Relation, c catalog.Column) string {
	text := d.pick(c.EN, c.ZH)
	if len(c.Allowed) > 0 {
		text += " {" + strings.Join(c.Allowed, ", ") + "}"
	}
	if c.Low != "" || c.High != "" {
		text += " [" + c.Low + ".." + c.High + "]"
	}
	if to := r.RefersTo(c.Name); to != "" {
		text += " → " + to
	}
	return text
}
