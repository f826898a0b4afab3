package faults

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// writes are the calls that change what lies on a disk, or may: a file is opened to be
// read or to be created.
var writes = []uint32{
	unix.SYS_OPEN, unix.SYS_OPENAT,
	unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_WRITEV, unix.SYS_PWRITEV, unix.SYS_PWRITEV2,
	unix.SYS_COPY_FILE_RANGE, unix.SYS_SENDFILE, unix.SYS_SPLICE,
	unix.SYS_TRUNCATE, unix.SYS_FTRUNCATE, unix.SYS_FALLOCATE,
	unix.SYS_FSYNC, unix.SYS_FDATASYNC, unix.SYS_MSYNC, unix.SYS_SYNC_FILE_RANGE,
	unix.SYS_RENAME, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2,
	unix.SYS_LINK, unix.SYS_LINKAT, unix.SYS_SYMLINK, unix.SYS_SYMLINKAT,
	unix.SYS_UNLINK, unix.SYS_UNLINKAT, unix.SYS_RMDIR,
	unix.SYS_MKDIR, unix.SYS_MKDIRAT, unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_CHMOD,
}

// Arm has the kernel stop this process at the calls that count, and only there, once it
// is traced. The process to run calls it before all else.
func Arm() error {
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		answer = unix.BPF_RET | unix.BPF_K
		allow  = 0x7fff0000 // SECCOMP_RET_ALLOW
		trace  = 0x7ff00000 // SECCOMP_RET_TRACE
	)
	program := []unix.SockFilter{{Code: load, K: 0}} // the number of the call
	for i, call := range writes {
		program = append(program, unix.SockFilter{Code: equal, Jt: uint8(len(writes) - i), K: call})
	}
	program = append(program, unix.SockFilter{Code: answer, K: allow}, unix.SockFilter{Code: answer, K: trace})
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("arm the process: %w", err)
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	const setFilter, allThreads = 1, 1 // SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC
	if r, _, errno := unix.Syscall(unix.SYS_SECCOMP, setFilter, allThreads, uintptr(unsafe.Pointer(&filter))); errno != 0 || r != 0 {
		return fmt.Errorf("arm the process: thread %d: %w", r, errno)
	}
	return nil
}

// changes reports whether a call changes what lies on a disk.
func changes(r *syscall.PtraceRegs) bool {
	switch r.Orig_rax {
	case unix.SYS_OPENAT:
		return r.Rdx&unix.O_CREAT != 0
	case unix.SYS_OPEN:
		return r.Rsi&unix.O_CREAT != 0
	}
	return slices.Contains(writes, uint32(r.Orig_rax))
}

const options = unix.PTRACE_O_TRACESECCOMP | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_EXITKILL

// Run runs a process that Arms itself to its end, counting the calls that change what
// lies on a disk.
func Run(p Process, at Point) (Outcome, error) {
	// The kernel lets the thread that began the tracing go on with it, and no other.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, err := syscall.ForkExec(p.Path, append([]string{p.Path}, p.Args...), &syscall.ProcAttr{
		Dir: p.Dir, Env: p.Env, Files: []uintptr{0, p.Out, p.Out}, Sys: &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("start %s under ptrace: %w", p.Path, err)
	}
	t := &tracer{pid: pid, at: at, known: map[int]bool{pid: true}}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil {
		return t.Outcome, fmt.Errorf("wait for %s: %w", p.Path, err)
	}
	if err := syscall.PtraceSetOptions(pid, options); err != nil {
		syscall.Kill(pid, syscall.SIGKILL)
		return t.Outcome, fmt.Errorf("trace %s: %w", p.Path, err)
	}
	err = t.follow()
	return t.Outcome, err
}

type tracer struct {
	Outcome
	pid   int
	at    Point
	known map[int]bool // threads
}

// follow lets all threads go from stop to stop until the process has ended.
func (t *tracer) follow() error {
	tid, signal := t.pid, 0
	for {
		// A thread that was killed meanwhile cannot go on, and its end is yet to be told.
		if err := syscall.PtraceCont(tid, signal); err != nil && err != syscall.ESRCH {
			return fmt.Errorf("go on with thread %d: %w", tid, err)
		}
		for {
			var status syscall.WaitStatus
			var err error
			tid, err = syscall.Wait4(-1, &status, unix.WALL|unix.WNOTHREAD, nil)
			if err == syscall.EINTR {
				continue
			} else if err != nil {
				return fmt.Errorf("wait for the process: %w", err)
			}
			if status.Stopped() {
				if signal, err = t.stopped(tid, status); err != nil {
					return err
				}
				break
			}
			if tid == t.pid {
				t.Exit, t.Signal = status.ExitStatus(), 0
				if status.Signaled() {
					t.Exit, t.Signal = -1, status.Signal()
				}
				return nil
			}
		}
	}
}

// stopped looks at a stop and says with which signal to go on.
func (t *tracer) stopped(tid int, status syscall.WaitStatus) (signal int, err error) {
	switch stop := status.StopSignal(); {
	case stop == syscall.SIGTRAP && status.TrapCause() == unix.PTRACE_EVENT_SECCOMP:
		return 0, t.called(tid)
	case stop == syscall.SIGTRAP:
		return 0, nil // a thread was begun
	case stop == syscall.SIGSTOP && !t.known[tid]:
		t.known[tid] = true // and this is it
		return 0, nil
	default:
		return int(stop), nil
	}
}

// called meets a thread at the door of a call.
func (t *tracer) called(tid int) error {
	var r syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(tid, &r); err != nil || !changes(&r) {
		return ignoreGone(err)
	}
	t.Calls++
	if t.Calls != t.at.Call {
		return nil
	}
	t.Reached = true
	if t.at.Errno == 0 {
		return syscall.Kill(t.pid, syscall.SIGKILL)
	}
	r.Orig_rax, r.Rax = ^uint64(0), -uint64(t.at.Errno) // no call at all, and its answer
	return ignoreGone(syscall.PtraceSetRegs(tid, &r))
}

func ignoreGone(err error) error {
	if err == syscall.ESRCH {
		return nil
	}
	return err
}
