#!/usr/bin/env bash
# Requests a second and their times, in one run: pages from sanpi serve and the same files
# from nginx; a small statement by /api/query and from DuckDB in a process of its own. The
# clients run on the same machine. Afterwards a million pages, and the server's memory.
set -euo pipefail
PATH="$PATH:/usr/sbin"
command -v wrk >/dev/null || { echo "this bench needs wrk and nginx" >&2; exit 1; }
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT

"$SANPI_COMMAND" run --offline --warehouse "$work/warehouse" >/dev/null 2>&1
"$SANPI_COMMAND" site --warehouse "$work/warehouse" "$work/site" >/dev/null
chmod 755 "$work"
cat > "$work/nginx.conf" <<END
daemon off; pid $work/nginx.pid; error_log $work/error.log; worker_processes auto;
events { worker_connections 1024; }
http { access_log off; sendfile on; types { text/html html; } server { listen 127.0.0.1:18091; root $work/site; } }
END
nginx -c "$work/nginx.conf" &
"$SANPI_COMMAND" serve --warehouse "$work/warehouse" --addr 127.0.0.1:18090 --sql-rate 0 --metrics-addr 127.0.0.1:18092 2>/dev/null &
server=$!
until curl -sf http://127.0.0.1:18090/healthz >/dev/null && curl -sf http://127.0.0.1:18091/en/index.html >/dev/null; do sleep 0.2; done

sql="select round, value from trend_series where campaign='shanxi' and level='province' and stage='signed' and metric='projects' order by 1"
go test -c -o "$work/peer" ./pipeline/serve
for round in 1 2 3; do
    for target in "page sanpi http://127.0.0.1:18090/en/index.html 32" "page nginx http://127.0.0.1:18091/en/index.html 32" "sql sanpi http://127.0.0.1:18090/api/query?sql=${sql// /+} 16"; do
        set -- $target
        printf '%s %-4s %-5s ' "$round" "$1" "$2"
        wrk -t2 -c"$4" -d"${SECONDS_EACH:-10}s" --latency "$3" | awk '/Requests\/sec/ { r = $2 } $1 == "99%" { p = $2 } /Non-2xx/ { bad = $NF } END { printf "%s requests/s, p99 %s%s\n", r, p, bad ? ", refused " bad : "" }'
    done
    printf '%s sql  DuckDB in process ' "$round"
    SANPI_BENCH_SQL=$sql "$work/peer" -test.run '^$' -test.bench InProcess -test.benchtime "${SECONDS_EACH:-10}s" |
        awk '/^BenchmarkInProcess/ { for (i = 3; i < NF; i += 2) v[$(i + 1)] = $i; printf "%s statements/s, p99 %sms\n", v["statements/s"], v["p99-ms"] }'
done

memory() { awk '/VmRSS/ { printf "%d", $2 / 1024 }' /proc/$server/status; }
asked=0
while [ "$asked" -lt "${REQUESTS:-1000000}" ]; do
    before=$(memory)
    n=$(wrk -t2 -c32 -d10s http://127.0.0.1:18090/en/index.html | awk '/requests in/ { print $1 }')
    asked=$((asked + n))
    printf 'memory of the server: %s MiB before, %s MiB after %s requests\n' "$before" "$(memory)" "$asked"
done
printf 'requests refused, but for those that wrk left behind: '
curl -s http://127.0.0.1:18092/metrics | awk '/^sanpi_http_requests_total/ && !/status="200"/ && !/route="query"/ { n += $2 } END { print n + 0 }'
