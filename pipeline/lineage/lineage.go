// Package lineage tells OpenLineage what a run reads and writes: a START event when
// it begins and one of COMPLETE, FAIL and ABORT when it ends, each a JSON object
// after version 2-0-2 of the specification. They go to an HTTP endpoint, or as a
// line each to the end of a file.
package lineage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
)

// What a run came to, by the specification's words.
const (
	start    = "START"
	Complete = "COMPLETE"
	Fail     = "FAIL"
	Abort    = "ABORT"
)

// producer is who makes the events.
const producer = "https://github.com/sanpi-data/sanpi"

// Config says where events go and whose they are.
type Config struct {
	Target    string // an http or https address, or a file
	Namespace string // of the job; "" for sanpi
	APIKey    string // sent as a bearer token; "" for none
	// Parent is the run that started this one, as namespace/job/run-id, which
	// Airflow and its like hand on; "" for none.
	Parent  string
	Program string // version
	Client  *http.Client
}

// Dataset is something that a run reads or writes.
type Dataset struct {
	Namespace, Name string // by the specification's rules for files and stores
	URI             string // where it is
	Source          string // what holds it
	Version         string // of its content
	Fields          []Field
	Rows, Bytes     int64 // of one that is written
}

// Field is a column.
type Field struct {
	Name    string `json:"name"`
	Type    string `json:"type,omitempty"`
	Meaning string `json:"description,omitempty"`
}

// Outcome is how a run ended.
type Outcome struct {
	Type    string // Complete, Fail or Abort
	At      time.Time
	Error   string
	Inputs  []Dataset
	Outputs []Dataset
}

// Emitter sends the events of one run.
type Emitter struct {
	config   Config
	id       string
	endpoint string // "" for a file
}

// New is an Emitter for a run that begins. A Target that can never be one is an
// error; one that does not answer is found out by Start.
func New(c Config) (*Emitter, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("name the run for OpenLineage: %w", err)
	}
	e := &Emitter{config: c, id: id.String()}
	scheme, _, isURL := strings.Cut(c.Target, "://")
	if !isURL {
		return e, nil
	}
	u, err := url.Parse(c.Target)
	if err != nil || u.Host == "" || scheme != "http" && scheme != "https" {
		return nil, fmt.Errorf("%q is no address of an OpenLineage endpoint; write http://host:5000, https://host/api/v1/lineage or the name of a file", c.Target)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/api/v1/lineage"
	}
	e.endpoint = u.String()
	return e, nil
}

// RunID is the id of the run in all its events.
func (e *Emitter) RunID() string { return e.id }

// Start tells that the run begins.
func (e *Emitter) Start(ctx context.Context, at time.Time) error {
	return e.send(ctx, e.event(start, at))
}

// End tells how the run ended.
func (e *Emitter) End(ctx context.Context, o Outcome) error {
	event := e.event(o.Type, o.At)
	if o.Error != "" {
		event.Run.Facets["errorMessage"] = errorMessage{named("ErrorMessageRunFacet", "1-0-1"), o.Error, "go"}
	}
	for _, d := range o.Inputs {
		event.Inputs = append(event.Inputs, d.in())
	}
	for _, d := range o.Outputs {
		event.Outputs = append(event.Outputs, d.out())
	}
	return e.send(ctx, event)
}

func (e *Emitter) event(kind string, at time.Time) event {
	namespace := e.config.Namespace
	if namespace == "" {
		namespace = "sanpi"
	}
	v := event{
		Type: kind, Time: at.UTC().Format("2006-01-02T15:04:05.000Z"), Producer: producer,
		Schema:  "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
		Run:     run{ID: e.id, Facets: map[string]any{}},
		Job:     job{Namespace: namespace, Name: "sanpi.run", Facets: map[string]any{}},
		Inputs:  []dataset{},
		Outputs: []dataset{},
	}
	v.Run.Facets["processing_engine"] = processingEngine{named("ProcessingEngineRunFacet", "1-1-1"), e.config.Program, "sanpi"}
	v.Job.Facets["jobType"] = jobType{named("JobTypeJobFacet", "2-0-3"), "BATCH", "SANPI", "JOB"}
	if p, ok := parseParent(e.config.Parent); ok {
		v.Run.Facets["parent"] = p
	}
	return v
}

// parseParent reads namespace/job/run-id; the namespace may have slashes.
func parseParent(text string) (parent, bool) {
	rest, id, ok := cutLast(text)
	namespace, name, ok2 := cutLast(rest)
	if !ok || !ok2 || namespace == "" || name == "" || uuid.Validate(id) != nil {
		return parent{}, false
	}
	p := parent{facet: named("ParentRunFacet", "1-1-0")}
	p.Run.ID, p.Job.Namespace, p.Job.Name = id, namespace, name
	return p, true
}

func cutLast(text string) (before, after string, ok bool) {
	i := strings.LastIndexByte(text, '/')
	if i < 0 {
		return "", text, false
	}
	return text[:i], text[i+1:], true
}

// send brings an event to where it is to go.
func (e *Emitter) send(ctx context.Context, v event) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode an OpenLineage event: %w", err)
	}
	if e.endpoint == "" {
		return e.append(data)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.endpoint, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("send an OpenLineage event: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if e.config.APIKey != "" {
		request.Header.Set("Authorization", "Bearer "+e.config.APIKey)
	}
	client := e.config.Client
	if client == nil {
		client = http.DefaultClient
	}
	answer, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("send an OpenLineage event: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 200))
		return fmt.Errorf("send an OpenLineage event: the endpoint answered %s %q", answer.Status, said)
	}
	return nil
}

// timeout is how long an endpoint may take over one event.
const timeout = 5 * time.Second

// append adds a line to the file in one write, so that runs of several warehouses
// may share it.
func (e *Emitter) append(line []byte) error {
	f, err := os.OpenFile(e.config.Target, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("write an OpenLineage event: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write an OpenLineage event: %w", err)
	}
	return nil
}
