package serve

import (
	"errors"
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
// the machine runs out of memory. spent says that earlier statements have left so little
// of the memory that a next one would suffer for them.
func confine(memory int64) (spent func() bool, err error) {
	signal.Ignore(unix.SIGXFSZ)
	data, err := dataSize()
	if err != nil {
		return nil, fmt.Errorf("confine the worker: %w", err)
	}
	most := data + uint64(memory) + headroom
	for resource, limit := range map[int]uint64{unix.RLIMIT_DATA: most, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return nil, fmt.Errorf("confine the worker: %w", err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("confine the worker: %w", err)
	}
	// Raising one's own score needs no right; where /proc is read-only it stays as it is.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	return func() bool {
		now, err := dataSize()
		return err != nil || now > data+headroom/4
	}, nil
}

// dataSize is what the process's memory limit is held against, in bytes.
func dataSize() (uint64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmData:"); ok {
			kib, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("VmData of /proc/self/status: %w", err)
			}
			return kib << 10, nil
		}
	}
	return 0, errors.New("/proc/self/status has no VmData")
}
