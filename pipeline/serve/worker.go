package serve

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/export"
)

// Work is a worker: it answers the questions that come in on in, one at a time, until in
// ends. It is a process of its own, so that a statement that takes all memory, or that
// nothing can interrupt, ends with its worker and not with the server.
func Work(in io.Reader, out io.Writer) error {
	r := bufio.NewReader(in)
	var s settings
	if err := receive(r, &s); err != nil {
		return fmt.Errorf("begin as a worker: %w; it is started by sanpi serve", err)
	}
	db, err := engine.OpenForStrangers(filepath.Join(s.Dir, "sanpi.duckdb"), s.MemoryBytes, s.Threads)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Ping(); err != nil {
		return fmt.Errorf("open the version: %w", err)
	}
	spent, err := confine(s.MemoryBytes)
	if err != nil {
		return err
	}
	if err := send(out, answer{}); err != nil { // ready
		return err
	}
	// The reader stops a statement itself: while one is at work nobody else could.
	type task struct {
		context.Context
		question
	}
	tasks := make(chan task)
	ended := make(chan error, 1)
	go func() {
		defer close(tasks)
		at, stop := int64(0), context.CancelFunc(func() {})
		for {
			var q question
			if err := receive(r, &q); err != nil {
				stop()
				ended <- err
				return
			}
			if q.Stop {
				if q.ID == at {
					stop()
				}
				continue
			}
			stop() // the one of before, which has been answered
			t := task{question: q}
			t.Context, stop = context.WithCancel(context.Background())
			at = q.ID
			tasks <- t
		}
	}()
	for t := range tasks {
		body, err := answerTo(t.Context, db, t.question)
		a := answer{ID: t.ID, Bytes: len(body)}
		if err != nil {
			a.Bytes, body = 0, nil
			if !errors.As(err, &a.Error) {
				a.Error = refuse("failed", "%v", err)
			}
		}
		a.Spent = spent()
		if err := send(out, a); err != nil {
			return err
		}
		if _, err := out.Write(body); err != nil {
			return err
		}
	}
	if err := <-ended; !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// answerTo runs one statement on a connection of its own, which nobody uses again: what a
// statement leaves behind, variables or a transaction, ends with it.
func answerTo(ctx context.Context, db *sql.DB, q question) ([]byte, error) {
	args, err := params(q.Params)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	defer func() {
		conn.Raw(func(any) error { return driver.ErrBadConn }) // has it closed
		conn.Close()
	}()
	if err := mayRun(conn, q.SQL); err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, q.SQL, args...)
	if err != nil {
		return nil, sqlRefusal(err)
	}
	defer rows.Close()
	body := &bounded{most: q.MaxBytes}
	if q.Format == "json" {
		err = export.WriteGrid(body, rows, q.MaxRows)
	} else {
		err = export.Write(body, q.Format, rows, export.Options{})
	}
	if errors.Is(err, errTooLarge) {
		return nil, refuse("result_too_large", "the result is larger than %d MiB; add a limit or a where, choose fewer columns, or download the table's file", q.MaxBytes>>20)
	}
	if err != nil {
		return nil, sqlRefusal(err)
	}
	return body.b.Bytes(), nil
}

// mayRun lets a single statement pass that only reads. The database could not be changed
// by another either; this says so in words, and keeps out what would outlive the question.
func mayRun(conn *sql.Conn, text string) error {
	if strings.TrimSpace(text) == "" {
		return refuse("bad_sql", "there is no SQL in the request")
	}
	return conn.Raw(func(c any) error {
		stmt, err := c.(*duckdb.Conn).Prepare(text)
		if err != nil {
			if strings.Contains(err.Error(), "can only prepare a single") || strings.Contains(err.Error(), "PrepareContext") {
				return refuse("not_allowed", "the request holds several statements; ask one at a time (a pivot without in (…) counts as several)")
			}
			return sqlRefusal(err)
		}
		defer stmt.Close()
		kind, err := stmt.(*duckdb.Stmt).StatementType()
		if err != nil {
			return sqlRefusal(err)
		}
		switch kind {
		case duckdb.STATEMENT_TYPE_SELECT, duckdb.STATEMENT_TYPE_EXPLAIN:
			return nil
		}
		return refuse("not_allowed", "only statements that read are answered: select, from, with, values, describe, summarize, show, explain")
	})
}

// sqlRefusal says what DuckDB says, and whose fault it is.
func sqlRefusal(err error) error {
	var d *duckdb.Error
	if !errors.As(err, &d) {
		if errors.Is(err, context.Canceled) {
			return refuse("too_slow", "the statement was stopped")
		}
		return refuse("bad_sql", "%v", err)
	}
	switch d.Type {
	case duckdb.ErrorTypePermission:
		return refuse("not_allowed", "SQL reaches the tables and marts only, no files and no network: %s", d.Msg)
	case duckdb.ErrorTypeOutOfMemory:
		return refuse("out_of_memory", "the statement needs more memory than one may take; add a limit or a where, or ask the files on your own machine")
	case duckdb.ErrorTypeInterrupt:
		return refuse("too_slow", "the statement was stopped")
	case duckdb.ErrorTypeInternal, duckdb.ErrorTypeFatal:
		return fmt.Errorf("%w: %s", errBroken, d.Msg)
	}
	return refuse("bad_sql", "%s", d.Msg)
}

// errBroken is a database that can answer no further question.
var errBroken = errors.New("the database is broken")

// params reads bound values: a list for $1, $2 and ?, an object for $name.
func params(raw json.RawMessage) ([]any, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var given any
	if err := d.Decode(&given); err != nil {
		return nil, refuse("bad_request", "params is not JSON: %v", err)
	}
	var args []any
	switch given := given.(type) {
	case []any:
		for i, v := range given {
			value, err := bound(fmt.Sprintf("params[%d]", i), v)
			if err != nil {
				return nil, err
			}
			args = append(args, value)
		}
	case map[string]any:
		for name, v := range given {
			value, err := bound("params."+name, v)
			if err != nil {
				return nil, err
			}
			args = append(args, sql.Named(name, value))
		}
	default:
		return nil, refuse("bad_request", "params is neither a list, for $1 and ?, nor an object, for $name")
	}
	return args, nil
}

func bound(where string, v any) (any, error) {
	switch v := v.(type) {
	case nil, string, bool:
		return v, nil
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		f, err := v.Float64()
		if err != nil {
			return nil, refuse("bad_request", "%s is a number out of range", where)
		}
		return f, nil
	}
	return nil, refuse("bad_request", "%s is neither text, number, true, false nor null", where)
}

var errTooLarge = errors.New("the result is too large")

// bounded keeps what is written until it is too much.
type bounded struct {
	b    bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.b.Len()+len(p) > b.most {
		return 0, errTooLarge
	}
	return b.b.Write(p)
}
