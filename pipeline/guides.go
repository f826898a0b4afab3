package pipeline

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
)

// The guides are tables of rows, each written from one JSON text: a comment on each
// column would cost a third of a run, and a list of VALUES a tenth.

// dictionary is the statement that creates the table dictionary: a row a column.
func dictionary(relations []catalog.Relation) (string, error) {
	type row struct {
		Table     string   `json:"table_name"`
		Column    string   `json:"column_name"`
		Unit      *string  `json:"unit"`
		Meaning   string   `json:"meaning"`
		MeaningZH string   `json:"meaning_zh"`
		Position  int      `json:"position"`
		Type      string   `json:"type"`
		Key       bool     `json:"key"`
		Required  bool     `json:"required"`
		RefersTo  *string  `json:"refers_to"`
		Allowed   []string `json:"allowed"`
		Low       *string  `json:"low"`
		High      *string  `json:"high"`
	}
	var rows []row
	for _, r := range relations {
		for i, c := range r.Columns {
			rows = append(rows, row{r.Name, c.Name, known(c.Unit), c.EN, c.ZH, i + 1, c.Type, slices.Contains(r.Key, c.Name), c.Required,
				known(r.RefersTo(c.Name)), c.Allowed, known(c.Low), known(c.High)})
		}
	}
	return guide(relations, "dictionary", rows)
}

// relationsTable is the statement that creates the table relations: a row a relation.
func relationsTable(relations []catalog.Relation) (string, error) {
	type row struct {
		Table       string   `json:"table_name"`
		Kind        string   `json:"kind"`
		Meaning     string   `json:"meaning"`
		MeaningZH   string   `json:"meaning_zh"`
		Key         []string `json:"key"`
		NullableKey []string `json:"nullable_key"`
		RefersTo    []string `json:"refers_to"`
		Notes       *string  `json:"notes"`
		NotesZH     *string  `json:"notes_zh"`
	}
	var rows []row
	for _, r := range relations {
		refs := []string{}
		for _, ref := range r.Refs {
			refs = append(refs, ref.String())
		}
		rows = append(rows, row{r.Name, string(r.Kind), r.EN, r.ZH, append([]string{}, r.Key...), append([]string{}, r.NullableKey...), refs,
			known(strings.Join(r.Notes, "\n\n")), known(strings.Join(r.NotesZH, "\n\n"))})
	}
	return guide(relations, "relations", rows)
}

// guide is the statement that creates a table, of the columns declared for it, from
// rows.
func guide(relations []catalog.Relation, name string, rows any) (string, error) {
	declared, ok := catalog.Find(relations, name)
	if !ok {
		return "", fmt.Errorf("the table %s is not declared", name)
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return "", fmt.Errorf("write the table %s: %w", name, err)
	}
	var columns, shape []string
	for _, c := range declared.Columns {
		columns = append(columns, "r."+engine.Quote(c.Name))
		shape = append(shape, strconv.Quote(c.Name)+": "+strconv.Quote(c.Type))
	}
	return fmt.Sprintf("create table published.%s as select %s from (select unnest(from_json(%s, %s)) as r)", engine.Quote(name),
		strings.Join(columns, ", "), engine.Literal(string(text)), engine.Literal("[{"+strings.Join(shape, ", ")+"}]")), nil
}

// known is a text that is NULL when there is none.
func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
