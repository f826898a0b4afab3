package pipeline

import (
	"strconv"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// The guides are tables of rows, written at once, where a comment on each column
// would cost a third of a run.

// dictionary is the statement that creates the table dictionary: a row a column.
func dictionary(relations []catalog.Relation) string {
	g := newGuide(relations, "dictionary")
	for _, r := range relations {
		for i, c := range r.Columns {
			isKey := false
			for _, key := range r.Key {
				isKey = isKey || key == c.Name
			}
			allowed := "null"
			if c.Allowed != nil {
				allowed = list(c.Allowed)
			}
			g.add(text(r.Name), text(c.Name), text(c.Unit), text(c.EN), text(c.ZH), strconv.Itoa(i+1), text(c.Type), strconv.FormatBool(isKey),
				strconv.FormatBool(c.Required), text(r.RefersTo(c.Name)), allowed, text(c.Low), text(c.High))
		}
	}
	return g.statement()
}

// relationsTable is the statement that creates the table relations: a row a relation.
func relationsTable(relations []catalog.Relation) string {
	g := newGuide(relations, "relations")
	for _, r := range relations {
		refs := make([]string, len(r.Refs))
		for i, ref := range r.Refs {
			refs[i] = ref.String()
		}
		g.add(text(r.Name), text(string(r.Kind)), text(r.EN), text(r.ZH), list(r.Key), list(r.NullableKey), list(refs),
			text(strings.Join(r.Notes, "\n\n")), text(strings.Join(r.NotesZH, "\n\n")))
	}
	return g.statement()
}

// guide collects the rows of a table that is declared as others are.
type guide struct {
	name    string
	columns []string // as the SELECT casts them
	names   []string
	rows    []string
}

func newGuide(relations []catalog.Relation, name string) *guide {
	g := &guide{name: name}
	declared, _ := catalog.Find(relations, name)
	for _, c := range declared.Columns {
		g.names = append(g.names, engine.Quote(c.Name))
		g.columns = append(g.columns, engine.Quote(c.Name)+"::"+c.Type+" as "+engine.Quote(c.Name))
	}
	return g
}

func (g *guide) add(values ...string) { g.rows = append(g.rows, "("+strings.Join(values, ", ")+")") }

func (g *guide) statement() string {
	return "create table published." + engine.Quote(g.name) + " as select " + strings.Join(g.columns, ", ") +
		" from (values " + strings.Join(g.rows, ",\n") + ") as v (" + strings.Join(g.names, ", ") + ")"
}

// text writes a text in SQL; "" is NULL.
func text(s string) string {
	if s == "" {
		return "null"
	}
	return engine.Literal(s)
}

func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = engine.Literal(t)
	}
	return "[" + strings.Join(quoted, ", ") + "]::varchar[]"
}
