package serve

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// What server and worker say to each other: the worker's settings first, then a line of
// JSON for each question, each answered by a line of JSON and the bytes it announces.

// settings is what a worker is told when it starts.
type settings struct {
	Dir         string `json:"dir"` // of the version
	MemoryBytes int64  `json:"memory_bytes"`
	Threads     int    `json:"threads"`
}

// question is one statement to answer, or with Stop the end of the one at work.
type question struct {
	ID       int64           `json:"id"`
	Stop     bool            `json:"stop,omitempty"`
	SQL      string          `json:"sql,omitempty"`
	Params   json.RawMessage `json:"params,omitempty"` // a list, or an object by name
	Format   string          `json:"format,omitempty"`
	MaxRows  int             `json:"max_rows,omitempty"` // of a grid
	MaxBytes int             `json:"max_bytes,omitempty"`
}

// answer is what became of a question; Bytes of body follow.
type answer struct {
	ID    int64    `json:"id"`
	Bytes int      `json:"bytes"`
	Spent bool     `json:"spent,omitempty"` // the worker had better answer nothing more
	Error *Refusal `json:"error,omitempty"`
}

// send writes one line.
func send(w io.Writer, message any) error {
	line, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// receive reads one line.
func receive(r *bufio.Reader, message any) error {
	line, err := r.ReadBytes('\n')
	if err != nil {
		return err
	}
	if err := json.Unmarshal(line, message); err != nil {
		return fmt.Errorf("read a message between server and worker: %w", err)
	}
	return nil
}
