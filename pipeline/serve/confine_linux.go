package serve

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// headroom is what a worker may take beside what its database may: the program's own
// heap, a result on its way out, and what DuckDB does not count.
const headroom = 512 << 20

// confine bounds what the process may take from the machine, whatever the database
// thinks that it takes: memory, files written, cores dumped. It is the first to go when
// the machine runs out of memory.
func confine(memory int64) error {
	signal.Ignore(unix.SIGXFSZ)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return fmt.Errorf("confine the worker: %w", err)
	}
	var data uint64
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmData:"); ok {
			kib, err := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				return fmt.Errorf("confine the worker: VmData of /proc/self/status: %w", err)
			}
			data = kib << 10
		}
	}
	most := data + uint64(memory) + headroom
	for resource, limit := range map[int]uint64{unix.RLIMIT_DATA: most, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("confine the worker: %w", err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("confine the worker: %w", err)
	}
	// Raising one's own score needs no right; where /proc is read-only it stays as it is.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	return nil
}
