package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// grace is how long a worker may take to stop a statement before it is ended itself.
const grace = 500 * time.Millisecond

// startWithin is how long a worker may take to open the database.
const startWithin = 30 * time.Second

// pool is the workers of one version. Whoever asks takes one, alone.
type pool struct {
	command []string
	settings
	log *slog.Logger

	idle   chan *worker // nil for one that is to be started
	closed chan struct{}
	once   sync.Once
	// Restarts counts the workers that had to be ended.
	restarts *atomic.Int64
}

// worker is a process that answers one question at a time.
type worker struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	last int64 // id of the last question

	spent bool // its memory does not suffice for another
}

// newPool starts n workers on a version. An error is one of the first worker: the
// version cannot be opened.
func newPool(ctx context.Context, command []string, s settings, n int, restarts *atomic.Int64, log *slog.Logger) (*pool, error) {
	p := &pool{command: command, settings: s, log: log, idle: make(chan *worker, n), closed: make(chan struct{}), restarts: restarts}
	first, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	p.idle <- first
	for range n - 1 {
		p.idle <- nil
	}
	return p, nil
}

// start begins a worker, and waits until it has opened the database.
func (p *pool) start(ctx context.Context) (*worker, error) {
	cmd := exec.Command(p.command[0], p.command[1:]...)
	// SQL has no business with the server's environment, nor a dying worker with pages of its log.
	cmd.Env = []string{"TZ=UTC", "GOTRACEBACK=none", workerMark + "=1"}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	w := &worker{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 1<<16)}
	ctx, stop := context.WithTimeout(ctx, startWithin)
	defer stop()
	defer context.AfterFunc(ctx, w.kill)()
	var ready answer
	if err := send(in, p.settings); err == nil {
		err = receive(w.out, &ready)
		if err == nil {
			return w, nil
		}
	}
	w.end()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	return nil, fmt.Errorf("start a worker on %s: it ended at once; its reason stands above", p.Dir)
}

// workerMark is the environment variable by which a test binary knows that it is a worker.
const workerMark = "SANPI_SQL_WORKER"

// ask has a question answered: by the next worker that is free, within ctx. What the
// client may be told is a Refusal.
func (p *pool) ask(ctx context.Context, q question) ([]byte, error) {
	var w *worker
	select {
	case w = <-p.idle:
	case <-p.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if w == nil {
		var err error
		// A client that leaves does not stop a worker from starting.
		if w, err = p.start(context.WithoutCancel(ctx)); err != nil {
			p.idle <- nil
			p.log.Error("no worker", "error", err.Error())
			return nil, &Refusal{Code: "unavailable", Message: "SQL is not to be had at the moment; try again in a while", retryAfter: 5}
		}
	}
	body, err, sound := w.answer(ctx, q)
	if !sound {
		w.kill()
		w.end()
		w = nil
		p.restarts.Add(1)
	} else if w.spent {
		w.kill()
		w.end()
		w = nil
	}
	p.idle <- w
	return body, err
}

// answer asks the worker. It is not sound, and must be ended, when it did not stop a
// statement in time, or broke.
func (w *worker) answer(ctx context.Context, q question) (body []byte, err error, sound bool) {
	if err := ctx.Err(); err != nil {
		return nil, err, true
	}
	w.last++
	q.ID = w.last
	type result struct {
		a    answer
		body []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		if r.err = send(w.in, q); r.err == nil {
			r.err = receive(w.out, &r.a)
		}
		if r.err == nil && (r.a.ID != q.ID || r.a.Bytes > q.MaxBytes) {
			r.err = errors.New("the worker answers another question")
		}
		if r.err == nil && r.a.Bytes > 0 {
			r.body = make([]byte, r.a.Bytes)
			_, r.err = io.ReadFull(w.out, r.body)
		}
		w.spent = r.a.Spent
		done <- r
	}()
	var r result
	select {
	case r = <-done:
	case <-ctx.Done():
		stopping := make(chan error, 1)
		go func() { stopping <- send(w.in, question{ID: q.ID, Stop: true}) }()
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case r = <-done:
			<-stopping
			return nil, ctx.Err(), r.err == nil
		case <-timer.C:
			return nil, ctx.Err(), false
		}
	}
	switch {
	case r.err != nil:
		// The worker died of the statement: of memory, as far as is known.
		return nil, refuse("out_of_memory", "the statement needs more than one may take; add a limit or a where, or ask the files on your own machine"), false
	case r.a.Error != nil && r.a.Error.Code == "failed":
		return nil, fmt.Errorf("a worker could not answer: %s", r.a.Error.Message), false
	case r.a.Error != nil:
		return nil, r.a.Error, true
	}
	return r.body, nil, true
}

func (w *worker) kill() { w.cmd.Process.Kill() } // one that has ended already stays so

// end lets the worker go.
func (w *worker) end() {
	w.in.Close()
	w.cmd.Wait() // how it ended is of no matter any more
}

var errClosed = errors.New("the version is no longer served")

// close ends the workers, each when it has answered; what waits hears errClosed.
func (p *pool) close() {
	p.once.Do(func() {
		close(p.closed)
		for range cap(p.idle) {
			if w := <-p.idle; w != nil {
				w.end()
			}
		}
	})
}
