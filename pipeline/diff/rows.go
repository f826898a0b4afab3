package diff

import (
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
)

// Change is what became of a row or a claim.
type Change string

const (
	Changed Change = "changed"
	Removed Change = "removed"
	Added   Change = "added"
	Same    Change = "same" // of claims only
)

// Row is a row that differs.
type Row struct {
	Change Change
	Key    []Field // in the order of the key; of a relation without one, all columns
	Values []Value // the columns that differ; of an added or removed row, those that are known
	Claims []Claim // of a fact, those that its figure rests on, of both sides

	held [2]string // of a fact, the claim whose value it was and is
}

// Field is a column of a key. nil is NULL.
type Field struct {
	Column string
	Value  *string
}

// Value is a column that differs, as DuckDB writes it. nil is NULL.
type Value struct {
	Column  string
	Was, Is *string
}

// Claim is a published figure behind a fact.
type Claim struct {
	ID          string
	Change      Change
	Was, Is     *string // as printed, with its unit
	SourceID    string
	Publisher   *string
	PublishedOn *string
	URL         *string
	WasHeld     bool // the fact's value was this claim's
	IsHeld      bool
}

// Rows yields up to limit rows that differ, or all for 0: changed ones first, then those
// removed and added, each in the order of its key. It must be used up before Compare
// yields the next relation.
func (r *Relation) Rows(limit int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if r.Differing() == 0 {
			return
		}
		walk := r.keyedRows
		if r.query.Keyless {
			walk = r.bagRows
		}
		if err := walk(limit, func(row Row) bool { return yield(row, nil) }); err != nil {
			yield(Row{}, fmt.Errorf("list the rows of %s: %w", r.Name, err))
		}
	}
}

func (r *Relation) keyedRows(limit int, yield func(Row) bool) error {
	c, q := r.comparison, r.query
	q.Limit = limit
	text, err := fill("rows.sql", q)
	if err != nil {
		return err
	}
	behind, err := c.claims(r)
	if err != nil {
		return err
	}
	var pending []Row // of facts, whose claims are asked for on the same connection
	err = c.walk(text, len(q.Keys)+2*len(q.Values), func(change Change, cells []sql.NullString) bool {
		row := Row{Change: change}
		for i, k := range q.Keys {
			row.Key = append(row.Key, Field{k.Name, orNil(cells[i])})
		}
		for i, v := range q.Values {
			was, is := cells[len(q.Keys)+2*i], cells[len(q.Keys)+2*i+1]
			if v.Name == "claim_id" {
				row.held = [2]string{was.String, is.String}
			}
			if was != is {
				row.Values = append(row.Values, Value{v.Name, orNil(was), orNil(is)})
			}
		}
		if behind != nil {
			pending = append(pending, row)
			return true
		}
		return yield(row)
	})
	for _, row := range pending {
		if err != nil {
			return err
		}
		if row.Claims, err = behind(row); err == nil && !yield(row) {
			return nil
		}
	}
	return err
}

func (r *Relation) bagRows(limit int, yield func(Row) bool) error {
	q, stopped := r.query, false
	for _, side := range []struct {
		change   Change
		from, to string
		of, off  func(column) string
	}{
		{Removed, q.Was, q.Is, wasOf, isOf},
		{Added, q.Is, q.Was, isOf, wasOf},
	} {
		var list []string
		for _, k := range q.Keys {
			list = append(list, k.Alias+"::varchar")
		}
		text := fmt.Sprintf("select '%s', %s from (%s) order by all", side.change, strings.Join(list, ", "), difference(q.Keys, side.from, side.to, side.of, side.off))
		if limit > 0 {
			text += fmt.Sprint(" limit ", limit)
		}
		err := r.comparison.walk(text, len(q.Keys), func(change Change, cells []sql.NullString) bool {
			row := Row{Change: change}
			for i, k := range q.Keys {
				row.Key = append(row.Key, Field{k.Name, orNil(cells[i])})
			}
			limit--
			stopped = !yield(row)
			return !stopped
		})
		if err != nil || stopped || limit == 0 {
			return err
		}
	}
	return nil
}

// walk runs a query whose first column is a Change and the others texts.
func (c *comparison) walk(text string, columns int, yield func(Change, []sql.NullString) bool) error {
	rows, err := c.conn.QueryContext(c.ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var change string
		cells := make([]sql.NullString, columns)
		targets := []any{&change}
		for i := range cells {
			targets = append(targets, &cells[i])
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if !yield(Change(change), cells) {
			return nil
		}
	}
	return rows.Err()
}

func orNil(s sql.NullString) *string {
	if !s.Valid {
		return nil
	}
	return &s.String
}

// claims returns what finds the claims behind a row of facts; nil for other relations,
// and for sides that lack the claims.
func (c *comparison) claims(r *Relation) (func(Row) ([]Claim, error), error) {
	declared, ok := catalog.Find(c.relations, r.Name)
	if !ok || declared.Kind != catalog.Facts {
		return nil, nil
	}
	if !c.hasClaims {
		data := struct {
			Figure                                     []string
			WasClaims, IsClaims, WasSources, IsSources string
		}{Figure: declared.Key}
		for _, side := range []struct {
			name    string
			was, is *string
		}{{"claims", &data.WasClaims, &data.IsClaims}, {"sources", &data.WasSources, &data.IsSources}} {
			was, is := c.was.of(side.name), c.is.of(side.name)
			if was == nil || is == nil {
				return nil, nil
			}
			*side.was, *side.is = scan(was), scan(is)
		}
		if err := c.exec("claims.sql", data); err != nil {
			return nil, fmt.Errorf("read the claims: %w", err)
		}
		c.hasClaims = true
	}
	return c.claimsOf, nil
}

func (c *comparison) claimsOf(row Row) ([]Claim, error) {
	var where []string
	var args []any
	for _, k := range row.Key {
		where = append(where, k.Column+" is not distinct from ?")
		args = append(args, k.Value)
	}
	rows, err := c.conn.QueryContext(c.ctx, `select claim_id, change, was, is_now, source_id, publisher, published_on::varchar, url
		from claims_behind where `+strings.Join(where, " and ")+` order by published_on nulls last, claim_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("find the claims behind: %w", err)
	}
	defer rows.Close()
	var claims []Claim
	for rows.Next() {
		var claim Claim
		if err := rows.Scan(&claim.ID, &claim.Change, &claim.Was, &claim.Is, &claim.SourceID, &claim.Publisher, &claim.PublishedOn, &claim.URL); err != nil {
			return nil, err
		}
		claim.WasHeld, claim.IsHeld = claim.ID == row.held[0], claim.ID == row.held[1]
		claims = append(claims, claim)
	}
	return claims, rows.Err()
}
