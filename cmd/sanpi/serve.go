package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/serve"
	"github.com/sanpi-data/sanpi/pipeline/status"
	"github.com/sanpi-data/sanpi/web"
)

func newServe(c *config) *cobra.Command {
	c.limits = serve.Usual()
	l := &c.limits
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the site, the files and SQL of the published version",
		Long: `serve puts the site of the published version on the network: the same pages as
"sanpi site", the Parquet files and the database to download, and SQL at /api/query
(/api/openapi.json describes it). A version that "sanpi run" publishes later is
taken up by itself. A signal ends it when the requests at work are answered.

SQL may come from strangers: it only reads, reaches neither files nor the network,
and runs in processes of its own, each statement bounded in time, memory and
result. What does not fit waits, and then is told to come back.

It speaks HTTP. For the internet put a proxy with TLS before it, and name the
proxy's address with --trust-proxy, so that rates count by client.`,
		Example: `  sanpi serve                                # http://127.0.0.1:8080, for this machine
  sanpi serve --addr :8080                   # for the office's network
  curl -G localhost:8080/api/query --data-urlencode "sql=from trend_series limit 5"
  curl localhost:8080/api/query?format=csv -H 'Content-Type: application/json' \
       -d '{"sql": "from claims where campaign = $1", "params": ["shanxi"]}'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.serve(cmd) },
	}
	c.addCampaign(cmd, "campaign that the pages are about (default: the first with a headline series)")
	f := cmd.Flags()
	f.StringVar(&c.addr, "addr", "127.0.0.1:8080", "address to serve on, HOST:PORT; without a host all of the machine's")
	f.StringVar(&c.metricsAddr, "metrics-addr", "", "address for Prometheus' /metrics, apart from the site; none without")
	c.addExpectations(cmd)
	f.StringVar(&c.offered, "release", "", "also offer the release in this folder, or the newest in a folder of releases")
	f.StringArrayVar(&c.proxies, "trust-proxy", nil, "address or network of a proxy whose X-Forwarded-For is believed")
	f.IntVar(&l.Workers, "sql-workers", l.Workers, "statements at work at once")
	f.IntVar(&l.Threads, "sql-threads", l.Threads, "threads of one statement")
	f.StringVar(&c.sqlMemory, "sql-memory", "512MiB", "memory of one statement")
	f.DurationVar(&l.Time, "sql-time", l.Time, "time of one statement")
	f.StringVar(&c.sqlResult, "sql-result", "32MiB", "size of one result")
	f.IntVar(&l.Rows, "sql-rows", l.Rows, "rows of a result shown in a page")
	f.Float64Var(&l.Rate, "sql-rate", l.Rate, "statements a second from one client, after a burst of four times as many; 0 for no bound")
	f.IntVar(&l.Waiting, "sql-waiting", l.Waiting, "statements that may wait")
	f.IntVar(&l.Connections, "connections", l.Connections, "connections open at once; beyond, those that say nothing are closed")
	cmd.MarkFlagDirname("release")
	return cmd
}

// newWorker is what serve starts to run SQL in. People have no use for it.
func newWorker() *cobra.Command {
	return &cobra.Command{
		Use:    "sql-worker",
		Short:  "Run SQL for sanpi serve",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE:   func(cmd *cobra.Command, _ []string) error { return serve.Work(cmd.InOrStdin(), cmd.OutOrStdout()) },
	}
}

func (c *config) serve(cmd *cobra.Command) error {
	plan, err := c.servePlan(cmd)
	if err != nil {
		return err
	}
	listener, err := serve.Listen(c.addr)
	if err != nil {
		return usageError{err}
	}
	defer listener.Close() // closed by Serve, if it comes to that
	var metrics net.Listener
	if c.metricsAddr != "" {
		if metrics, err = serve.Listen(c.metricsAddr); err != nil {
			return usageError{err}
		}
		defer metrics.Close()
	}
	return serve.Serve(cmd.Context(), plan, listener, metrics, func(version string) {
		host := listener.Addr().String()
		if a, err := netip.ParseAddrPort(host); err == nil && a.Addr().IsUnspecified() {
			host = net.JoinHostPort("localhost", fmt.Sprint(a.Port()))
		}
		if c.log == "json" {
			plan.Log.Info("serving", "address", "http://"+host+"/", "version", version)
			return
		}
		fmt.Fprintf(cmd.ErrOrStderr(), phrases[c.lang].serving, "http://"+host+"/", version)
	})
}

func (c *config) servePlan(cmd *cobra.Command) (serve.Plan, error) {
	program, err := os.Executable()
	if err != nil {
		return serve.Plan{}, fmt.Errorf("find the program, to start workers: %w", err)
	}
	if len(c.campaigns) > 1 {
		return serve.Plan{}, usageError{fmt.Errorf("a site is about one campaign, and --campaign names %d; the others have a page each in any case", len(c.campaigns))}
	}
	limits := c.limits
	for flag, value := range map[string]int{"sql-workers": limits.Workers, "sql-threads": limits.Threads, "sql-rows": limits.Rows, "connections": limits.Connections} {
		if value < 1 {
			return serve.Plan{}, usageError{fmt.Errorf("--%s is at least 1", flag)}
		}
	}
	if limits.Waiting < 0 || limits.Rate < 0 || limits.Time <= 0 {
		return serve.Plan{}, usageError{fmt.Errorf("--sql-waiting and --sql-rate are at least 0, and --sql-time is more")}
	}
	limits.Burst = int(4 * limits.Rate)
	memory, err := humanize.ParseBytes(c.sqlMemory)
	if err != nil || memory < 64<<20 {
		return serve.Plan{}, usageError{fmt.Errorf("--sql-memory %q is not a size of 64 MiB or more; write it as 512MiB", c.sqlMemory)}
	}
	result, err := humanize.ParseBytes(c.sqlResult)
	if err != nil || result < 1<<10 || result > 1<<30 {
		return serve.Plan{}, usageError{fmt.Errorf("--sql-result %q is not a size between 1 KiB and 1 GiB; write it as 32MiB", c.sqlResult)}
	}
	limits.Memory, limits.Result = int64(memory), int(result)
	expected, err := c.expectations()
	if err != nil {
		return serve.Plan{}, err
	}
	plan := serve.Plan{Warehouse: c.warehouse, Release: c.offered, Worker: []string{program, "sql-worker"}, Limits: limits, FrontEnd: web.Built(),
		Metrics: status.Metrics(c.warehouse, expected, 15*time.Second), Log: c.logger(cmd.ErrOrStderr())}
	if len(c.campaigns) == 1 {
		plan.Campaign = c.campaigns[0]
	}
	for _, text := range c.proxies {
		prefix, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return serve.Plan{}, usageError{fmt.Errorf("--trust-proxy %q is neither an address nor a network; write it as 10.0.0.1 or 10.0.0.0/8", text)}
		}
		plan.Proxies = append(plan.Proxies, prefix)
	}
	return plan, nil
}
