package pipeline

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// writeFacts carries the facts from the model to the lake, so that they are a
// table like the others: partitioned, sorted, described.
func writeFacts(ctx context.Context, db *sql.DB, dir string, campaigns []string) ([]warehouse.Output, error) {
	var outputs []warehouse.Output
	for _, campaign := range campaigns {
		facts, err := readFacts(ctx, db, campaign)
		if err != nil {
			return nil, fmt.Errorf("read the facts of %s: %w", campaign, err)
		}
		file, err := lake.WriteTable(dir, "facts", campaign, facts, "area_id", "period", "period_id", "universe", "stage", "metric")
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, output("facts", file))
	}
	return outputs, nil
}

func readFacts(ctx context.Context, db *sql.DB, campaign string) ([]record.Fact, error) {
	// Dates travel as days and decimals as ten-thousandths, which is what they
	// are in the row type.
	rows, err := db.QueryContext(ctx, `
		select
			period, period_id, coalesce(period_from - date '1970-01-01', 0), coalesce(period_to - date '1970-01-01', 0),
			coalesce(round, ''), area_id, universe, stage, metric, coalesce(method, ''), (value::decimal(38, 4) * 10000)::bigint, approximate, claim_id,
			claims, voices, agreement, coalesce(doubt, ''), (low::decimal(38, 4) * 10000)::bigint, (high::decimal(38, 4) * 10000)::bigint
		from facts
		where campaign = ?
		order by area_id, period, period_id, universe, stage, metric, method`, campaign)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var facts []record.Fact
	for rows.Next() {
		f := record.Fact{Campaign: campaign}
		if err := rows.Scan(&f.Period, &f.PeriodID, &f.PeriodFrom, &f.PeriodTo, &f.Round, &f.AreaID, &f.Universe, &f.Stage,
			&f.Metric, &f.Method, &f.Value, &f.Approximate, &f.ClaimID, &f.Claims, &f.Voices, &f.Agreement, &f.Doubt, &f.Low, &f.High); err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return facts, rows.Err()
}

// martMetadata is the key-value metadata of a mart's file: what it is, its
// grain and its columns, from the head of its model.
func martMetadata(m engine.Model) (map[string]string, error) {
	type note struct {
		Name string `json:"name"`
		Type string `json:"type"`
		EN   string `json:"en"`
	}
	notes := make([]note, len(m.Columns))
	for i, c := range m.Columns {
		notes[i] = note{c.Name, c.Type, c.Meaning}
	}
	text, err := json.Marshal(notes)
	if err != nil {
		return nil, fmt.Errorf("describe mart %s: %w", m.Name, err)
	}
	var grain []string
	for _, k := range m.Grain {
		grain = append(grain, k.Name)
	}
	return map[string]string{
		"sanpi.table": m.Name, "sanpi.summary": m.Summary, "sanpi.grain": strings.Join(grain, ", "), "sanpi.columns": string(text),
	}, nil
}

// writeDatabase writes sanpi.duckdb: the same tables and marts as tables of its
// own, so that the file opens anywhere, and beside them the universes and the
// dictionary, which say what figures count and columns mean.
func (b *builder) writeDatabase(ctx context.Context) (warehouse.Output, error) {
	full := filepath.Join(b.dir, "sanpi.duckdb")
	conn, err := b.db.Conn(ctx)
	if err != nil {
		return warehouse.Output{}, fmt.Errorf("write sanpi.duckdb: %w", err)
	}
	defer conn.Close()
	statements := []string{"attach " + engine.Literal(full) + " as published", "begin"}
	for _, table := range record.Tables {
		statements = append(statements, copyTable(table))
	}
	for _, m := range b.marts() {
		statements = append(statements, copyTable(m.Name))
	}
	statements = append(statements, copyTable("universes"))
	dictionary, err := b.dictionary()
	if err != nil {
		return warehouse.Output{}, err
	}
	statements = append(statements, dictionary, "commit", "detach published")
	if _, err := conn.ExecContext(ctx, strings.Join(statements, ";\n")); err != nil {
		return warehouse.Output{}, fmt.Errorf("write sanpi.duckdb: %w", err)
	}
	o := warehouse.Output{Path: "sanpi.duckdb", Relation: "sanpi.duckdb"}
	o.Bytes, o.SHA256, err = warehouse.HashFile(full)
	return o, err
}

func copyTable(table string) string {
	return fmt.Sprintf("create table published.%s as from %s", engine.Quote(table), engine.Quote(table))
}

// dictionary is the statement that creates the table dictionary: a row a column.
// A table of rows is written at once, where a comment on each column would cost
// a third of a run.
func (b *builder) dictionary() (string, error) {
	var rows []string
	add := func(texts ...string) {
		for i, text := range texts {
			if texts[i] = "null"; text != "" {
				texts[i] = engine.Literal(text)
			}
		}
		rows = append(rows, "("+strings.Join(texts, ", ")+")")
	}
	for _, table := range record.Tables {
		columns, err := record.Columns(table)
		if err != nil {
			return "", err
		}
		for _, c := range columns {
			add(table, c.Name, c.Unit, c.EN, c.ZH)
		}
	}
	for _, m := range b.marts() {
		for _, c := range m.Columns {
			add(m.Name, c.Name, "", c.Meaning, "")
		}
	}
	return "create table published.dictionary as select * from (values " + strings.Join(rows, ",\n") +
		") as v (table_name, column_name, unit, meaning, meaning_zh)", nil
}
