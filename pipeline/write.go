package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/lake"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// writeFacts carries the facts from the model to the lake, so that they are a
// table like the others: partitioned, sorted, described.
func (b *builder) writeFacts(ctx context.Context, campaigns []string) ([]warehouse.Output, error) {
	declared, ok := catalog.Find(b.relations, "facts")
	if !ok {
		return nil, errors.New("the model of the facts is missing")
	}
	description := described(declared)
	description.Columns = slices.DeleteFunc(description.Columns, func(n lake.Note) bool { return n.Name == "campaign" })
	var outputs []warehouse.Output
	for _, campaign := range campaigns {
		facts, err := readFacts(ctx, b.db, campaign)
		if err != nil {
			return nil, fmt.Errorf("read the facts of %s: %w", campaign, err)
		}
		file, err := lake.WriteDescribed(b.dir, description, campaign, facts, "area_id", "period", "period_id", "universe", "stage", "metric")
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

// described is what the files of a relation say of it.
func described(r catalog.Relation) lake.Description {
	d := lake.Description{Table: r.Name, EN: r.EN, ZH: r.ZH, Key: r.Key}
	for _, c := range r.Columns {
		d.Columns = append(d.Columns, lake.Note{Name: c.Name, Type: c.Type, Unit: c.Unit, Required: c.Required, Allowed: c.Allowed,
			Low: c.Low, High: c.High, EN: c.EN, ZH: c.ZH})
	}
	return d
}

// writeDatabase writes sanpi.duckdb: the same tables and marts as tables of its
// own, so that the file opens anywhere, and beside them the guides: the universes, the
// dictionary and the relations, which say what figures count, what columns mean and
// what the relations are.
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
	for _, guide := range []func([]catalog.Relation) (string, error){dictionary, relationsTable} {
		statement, err := guide(b.relations)
		if err != nil {
			return warehouse.Output{}, err
		}
		statements = append(statements, statement)
	}
	statements = append(statements, "commit", "detach published")
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
