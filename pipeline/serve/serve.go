// Package serve puts the site of a warehouse's published version on the network: the
// pages, the files to download, and SQL.
//
//	serve.go     the server, its limits, its end
//	edition.go   a version in service, and the change to the next one
//	routes.go    what is where; headers, logs
//	pages.go     pages and downloads
//	query.go     SQL: the request, its admission, the answer
//	admit.go     queue and rates     crowd.go   connections
//	pool.go      worker processes, as the server sees them
//	worker.go    the worker's side   wire.go    what both say to each other
//
// SQL of strangers runs in worker processes, each on one version's database, read-only
// and shut off from files and network. A statement has a bound of time, memory and
// result; one that cannot be stopped ends with its process.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

// Limits bound what clients may take.
type Limits struct {
	Workers     int           // statements at work at once
	Threads     int           // of one statement
	Memory      int64         // bytes a statement may take
	Time        time.Duration // a statement may take, once it runs
	Waiting     int           // statements that may wait
	Wait        time.Duration // that they may wait
	Rows        int           // of a result in a page; files have only Result
	Result      int           // bytes of a result
	SQL         int           // bytes of a request with SQL
	Rate        float64       // statements a second and client; 0 for no bound
	Burst       int           // statements at once and client
	Connections int           // open at once
	Header      time.Duration // a client may take to send its request's head
	Idle        time.Duration // a connection may say nothing
	Write       time.Duration // a client may take to read a page, or 4 MiB of a file
	Leave       time.Duration // requests have to end when the server does
	Look        time.Duration // between two looks for a new version
}

// Usual are the limits for a small machine.
func Usual() Limits {
	return Limits{Workers: 2, Threads: 2, Memory: 512 << 20, Time: 10 * time.Second, Waiting: 64, Wait: 10 * time.Second,
		Rows: 10_000, Result: 32 << 20, SQL: 64 << 10, Rate: 10, Burst: 40, Connections: 4096,
		Header: 5 * time.Second, Idle: 60 * time.Second, Write: 60 * time.Second, Leave: 15 * time.Second, Look: time.Second}
}

// Plan says what to serve, and how.
type Plan struct {
	Warehouse string
	Campaign  string   // that the pages are about; "" for the first with a headline series
	Release   string   // folder of a release to offer; "" for none
	FrontEnd  fs.FS    // nil for none
	Worker    []string // command that runs Work
	Limits    Limits
	Proxies   []netip.Prefix      // whose X-Forwarded-For is believed
	Metrics   prometheus.Gatherer // what /metrics tells beside the server's own; nil for nothing
	Log       *slog.Logger
}

type server struct {
	plan    Plan
	edition atomic.Pointer[edition]
	gate    *gate
	rates   rates
	crowd   *crowd
	metrics *metrics

	gone     atomic.Bool // the warehouse cannot be read
	leaving  atomic.Bool
	restarts atomic.Int64
}

// Serve serves until ctx ends, and then lets the requests at work end. metrics, which may
// be nil, answers /metrics and nothing else. ready is told when requests are answered.
func Serve(ctx context.Context, plan Plan, listener, metricsListener net.Listener, ready func(version string)) error {
	s := &server{plan: plan, gate: newGate(plan.Limits.Workers, plan.Limits.Waiting, plan.Limits.Wait),
		rates: rates{perSecond: plan.Limits.Rate, burst: max(1, plan.Limits.Burst)}, crowd: newCrowd(plan.Limits.Connections)}
	s.metrics = newMetrics(s)
	first, err := s.open(ctx)
	if err != nil {
		return err
	}
	s.edition.Store(first)
	defer func() { s.edition.Load().close() }()

	web := &http.Server{
		Handler: s.handler(listener.Addr()), ConnState: s.crowd.watch, ConnContext: s.crowd.know,
		ReadHeaderTimeout: plan.Limits.Header, ReadTimeout: 2 * plan.Limits.Header, IdleTimeout: plan.Limits.Idle,
		WriteTimeout: plan.Limits.Write + plan.Limits.Wait + plan.Limits.Time, MaxHeaderBytes: 64<<10 + plan.Limits.SQL,
		ErrorLog: slog.NewLogLogger(plan.Log.Handler(), slog.LevelDebug),
	}
	servers, listeners := []*http.Server{web}, []net.Listener{listener}
	if metricsListener != nil {
		servers = append(servers, &http.Server{Handler: s.metrics.handler(plan.Metrics), ReadHeaderTimeout: plan.Limits.Header,
			ReadTimeout: 2 * plan.Limits.Header, WriteTimeout: time.Minute, ErrorLog: web.ErrorLog})
		listeners = append(listeners, metricsListener)
	}
	group, ctx := errgroup.WithContext(ctx)
	for i := range servers {
		group.Go(func() error {
			if err := servers[i].Serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve on %s: %w", listeners[i].Addr(), err)
			}
			return nil
		})
	}
	following := make(chan struct{})
	go func() { defer close(following); s.follow(ctx) }()
	group.Go(func() error {
		<-ctx.Done()
		s.leaving.Store(true)
		leaving, stop := context.WithTimeout(context.WithoutCancel(ctx), plan.Limits.Leave)
		defer stop()
		var failed error
		for _, one := range servers {
			if err := one.Shutdown(leaving); err != nil {
				failed = errors.Join(failed, fmt.Errorf("requests were still at work after %s and were cut: %w", plan.Limits.Leave, err), one.Close())
			}
		}
		<-following
		return failed
	})
	ready(first.version)
	return group.Wait()
}

// Listen opens an address. It says what to do when that is taken.
func Listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	var sys *os.SyscallError
	if errors.As(err, &sys) {
		return nil, fmt.Errorf("listen on %s: %w; name another address with --addr, as 127.0.0.1:8081, or 127.0.0.1:0 for any free port", addr, err)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; write it as 127.0.0.1:8080", addr, err)
	}
	return l, nil
}
