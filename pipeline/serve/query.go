package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/site"
)

// formats of a result and their media types, the first for who asks for none.
var formats = []struct{ name, mediaType string }{
	{"json", "application/json; charset=utf-8"},
	{"ndjson", "application/x-ndjson; charset=utf-8"},
	{"csv", "text/csv; charset=utf-8"},
	{"parquet", "application/vnd.apache.parquet"},
	{"arrow", "application/vnd.apache.arrow.stream"},
}

// resultPolicy lets a result that is opened as a page do nothing.
const resultPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

// query answers /api/query.
func (s *server) query(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", resultPolicy)
	h.Set("Vary", "Accept")
	q, mediaType, err := s.question(w, r)
	var body []byte
	if err == nil {
		body, err = s.ask(r, q)
	}
	if err != nil {
		s.refused(err).write(w)
		return
	}
	h.Set("Cache-Control", "no-store")
	if q.Format != "json" {
		h.Set("Content-Disposition", `attachment; filename="result.`+q.Format+`"`)
	}
	respond(w, r, http.StatusOK, mediaType, body)
}

// refused counts a statement without a result, and is what its client is told.
func (s *server) refused(err error) *Refusal {
	refusal := refusalOf(err)
	if errors.Is(err, context.Canceled) {
		refusal = left
	} else if refusal.Code == "failed" {
		s.plan.Log.Error("a statement was not answered", "error", err.Error())
	}
	s.metrics.refused(refusal.Code)
	return refusal
}

// request is what a POST holds.
type request struct {
	SQL    *string         `json:"sql"`
	Params json.RawMessage `json:"params"`
	Format string          `json:"format"`
}

// question reads a request: GET with sql, params and format in the address, POST with the
// same as JSON.
func (s *server) question(w http.ResponseWriter, r *http.Request) (question, string, error) {
	var in request
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		values := r.URL.Query()
		for name, v := range values {
			if !slices.Contains([]string{"sql", "params", "format"}, name) {
				return question{}, "", refuse("bad_request", "the parameter %q is not known; there are sql, params and format", name)
			}
			if len(v) > 1 {
				return question{}, "", refuse("bad_request", "the parameter %q stands twice", name)
			}
		}
		if values.Has("sql") {
			text := values.Get("sql")
			in.SQL = &text
		}
		in.Params, in.Format = json.RawMessage(values.Get("params")), values.Get("format")
	case http.MethodPost:
		if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
			return question{}, "", refuse("wrong_media_type", "send the request as application/json: {\"sql\": \"…\"}")
		}
		if r.URL.RawQuery != "" && r.URL.Query().Get("format") == "" {
			return question{}, "", refuse("bad_request", "a POST has its parameters in the body; only format may stand in the address")
		}
		in.Format = r.URL.Query().Get("format")
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, int64(s.plan.Limits.SQL)+1024))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			var long *http.MaxBytesError
			if errors.As(err, &long) {
				return question{}, "", s.tooLong()
			}
			return question{}, "", refuse("bad_request", "the request is not JSON of the form {\"sql\": \"…\", \"params\": […], \"format\": \"json\"}: %v", err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return question{}, "", refuse("bad_request", "something follows the request's JSON")
		}
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		return question{}, "", refuse("wrong_method", "%s is not answered here; use GET or POST", r.Method)
	}
	if in.SQL == nil || strings.TrimSpace(*in.SQL) == "" {
		return question{}, "", refuse("bad_request", "there is no SQL: ask with ?sql=… or POST {\"sql\": \"…\"}")
	}
	if len(*in.SQL) > s.plan.Limits.SQL {
		return question{}, "", s.tooLong()
	}
	if strings.ContainsRune(*in.SQL, 0) {
		return question{}, "", refuse("bad_request", "the SQL holds a NUL character")
	}
	if _, err := params(in.Params); err != nil {
		return question{}, "", err
	}
	format, mediaType, err := chosen(in.Format, r.Header.Get("Accept"))
	if err != nil {
		return question{}, "", err
	}
	return question{SQL: *in.SQL, Params: in.Params, Format: format, MaxRows: s.plan.Limits.Rows, MaxBytes: s.plan.Limits.Result}, mediaType, nil
}

func (s *server) tooLong() *Refusal {
	return refuse("too_long", "the SQL is longer than %d KiB", s.plan.Limits.SQL>>10)
}

// chosen is the format that is asked for by name, else by Accept.
func chosen(name, accept string) (format, mediaType string, err error) {
	if name != "" {
		var names []string
		for _, f := range formats {
			if f.name == name {
				return f.name, f.mediaType, nil
			}
			names = append(names, f.name)
		}
		return "", "", refuse("bad_request", "the format %q is not known; use one of %s", name, strings.Join(names, ", "))
	}
	if accept == "" {
		return formats[0].name, formats[0].mediaType, nil
	}
	for part := range strings.SplitSeq(accept, ",") {
		t, args, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil || args["q"] == "0" {
			continue
		}
		for _, f := range formats {
			own, _, _ := strings.Cut(f.mediaType, ";")
			if t == own || t == "*/*" || strings.HasSuffix(t, "/*") && strings.HasPrefix(own, strings.TrimSuffix(t, "*")) {
				return f.name, f.mediaType, nil
			}
		}
	}
	return "", "", refuse("not_acceptable", "no format fits Accept: %s; leave it out, or name a format: ?format=csv", accept)
}

// ask admits a question and has it answered, within the bound of time.
func (s *server) ask(r *http.Request, q question) ([]byte, error) {
	if ok, again := s.rates.admit(clientOf(r, s.plan.Proxies), time.Now()); !ok {
		return nil, &Refusal{Code: "too_many", Message: fmt.Sprintf("a client may ask %g times a second; wait a little", s.plan.Limits.Rate), retryAfter: again}
	}
	leave, err := s.gate.enter(r.Context())
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, stop := context.WithTimeout(r.Context(), s.plan.Limits.Time)
	defer stop()
	began := time.Now()
	body, err := s.edition.Load().pool.ask(ctx, q)
	for errors.Is(err, errClosed) { // a new version has come in between
		body, err = s.edition.Load().pool.ask(ctx, q)
	}
	s.metrics.statement(time.Since(began))
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, refuse("too_slow", "the statement took longer than %s, and was stopped; add a where or a limit, or ask the files on your own machine", s.plan.Limits.Time)
	}
	return body, err
}

// grid is a result as a worker writes it for pages.
type grid struct {
	Columns []struct {
		Name string `json:"name"`
		Type string `json:"type"`
	} `json:"columns"`
	Rows      [][]json.RawMessage `json:"rows"`
	Truncated bool                `json:"truncated"`
}

// result answers the form of the page on SQL: a page with the result, without a script.
func (s *server) result(w http.ResponseWriter, r *http.Request) {
	lang, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	e := s.edition.Load()
	text := r.URL.Query().Get("sql")
	a := site.Answer{SQL: text}
	status := http.StatusOK
	if err := func() error {
		if strings.TrimSpace(text) == "" {
			return refuse("bad_request", "there is no SQL")
		}
		if len(text) > s.plan.Limits.SQL {
			return s.tooLong()
		}
		body, err := s.ask(r, question{SQL: text, Format: "json", MaxRows: min(1000, s.plan.Limits.Rows), MaxBytes: s.plan.Limits.Result})
		if err != nil {
			return err
		}
		return fill(&a, body)
	}(); err != nil {
		refusal := s.refused(err)
		a.Error, status = refusal.Message, refusal.status()
		refusal.retry(w.Header())
	}
	middle, err := a.HTML(lang)
	if err != nil {
		s.refused(err).write(w)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	respond(w, r, status, mediaTypes[".html"], slices.Concat(e.frame[lang][0], middle, e.frame[lang][1]))
}

// fill reads a grid.
func fill(a *site.Answer, body []byte) error {
	var g grid
	if err := json.Unmarshal(body, &g); err != nil {
		return fmt.Errorf("read a result: %w", err)
	}
	for _, c := range g.Columns {
		a.Columns = append(a.Columns, c.Name)
		kind, _, _ := strings.Cut(c.Type, "(")
		a.Numbers = append(a.Numbers, slices.Contains([]string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER", "FLOAT", "DOUBLE", "DECIMAL"}, kind))
	}
	for _, row := range g.Rows {
		cells := make([]*string, len(row))
		for i, raw := range row {
			if string(raw) == "null" {
				continue
			}
			text := string(raw)
			if raw[0] == '"' {
				if err := json.Unmarshal(raw, &text); err != nil {
					return fmt.Errorf("read a result: %w", err)
				}
			}
			cells[i] = &text
		}
		a.Rows = append(a.Rows, cells)
	}
	a.Truncated = g.Truncated
	return nil
}
