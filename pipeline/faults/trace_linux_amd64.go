package faults

import (
	"fmt"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// writes are the calls that change what lies on a disk.
var writes = map[uint64]bool{
	unix.SYS_WRITE: true, unix.SYS_PWRITE64: true, unix.SYS_WRITEV: true, unix.SYS_PWRITEV: true, unix.SYS_PWRITEV2: true,
	unix.SYS_COPY_FILE_RANGE: true, unix.SYS_SENDFILE: true, unix.SYS_SPLICE: true,
	unix.SYS_TRUNCATE: true, unix.SYS_FTRUNCATE: true, unix.SYS_FALLOCATE: true,
	unix.SYS_FSYNC: true, unix.SYS_FDATASYNC: true, unix.SYS_MSYNC: true, unix.SYS_SYNC_FILE_RANGE: true,
	unix.SYS_RENAME: true, unix.SYS_RENAMEAT: true, unix.SYS_RENAMEAT2: true,
	unix.SYS_LINK: true, unix.SYS_LINKAT: true, unix.SYS_SYMLINK: true, unix.SYS_SYMLINKAT: true,
	unix.SYS_UNLINK: true, unix.SYS_UNLINKAT: true, unix.SYS_RMDIR: true,
	unix.SYS_MKDIR: true, unix.SYS_MKDIRAT: true, unix.SYS_FCHMOD: true, unix.SYS_FCHMODAT: true, unix.SYS_CHMOD: true,
}

// changes reports whether a call changes what lies on a disk.
func changes(r *syscall.PtraceRegs) bool {
	switch r.Orig_rax {
	case unix.SYS_OPENAT:
		return r.Rdx&unix.O_CREAT != 0
	case unix.SYS_OPEN:
		return r.Rsi&unix.O_CREAT != 0
	}
	return writes[r.Orig_rax]
}

const (
	syscallStop = syscall.SIGTRAP | 0x80
	options     = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_EXITKILL
)

// Run runs a process to its end, counting the calls that change what lies on a disk.
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
	t := &tracer{pid: pid, at: at, inside: map[int]bool{}, failing: map[int]bool{}, known: map[int]bool{pid: true}}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil {
		return t.Outcome, fmt.Errorf("wait for %s: %w", p.Path, err)
	}
	if err := syscall.PtraceSetOptions(pid, options); err != nil {
		syscall.Kill(pid, syscall.SIGKILL)
		return t.Outcome, fmt.Errorf("trace %s: %w", p.Path, err)
	}
	return t.Outcome, t.follow()
}

type tracer struct {
	Outcome
	pid     int
	at      Point
	known   map[int]bool // threads
	inside  map[int]bool // threads within a call
	failing map[int]bool // threads whose call is to fail
}

// follow lets all threads go from stop to stop until the process has ended.
func (t *tracer) follow() error {
	tid, signal := t.pid, 0
	for {
		// A thread that was killed meanwhile cannot go on, and its end is yet to be told.
		if err := syscall.PtraceSyscall(tid, signal); err != nil && err != syscall.ESRCH {
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
	case stop == syscallStop:
		t.inside[tid] = !t.inside[tid]
		if t.inside[tid] {
			return 0, t.enters(tid)
		}
		return 0, t.leaves(tid)
	case stop == syscall.SIGTRAP:
		return 0, nil // a thread or process was begun
	case stop == syscall.SIGSTOP && !t.known[tid]:
		t.known[tid] = true // and this is it
		return 0, nil
	default:
		return int(stop), nil
	}
}

func (t *tracer) enters(tid int) error {
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
	t.failing[tid] = true
	r.Orig_rax = ^uint64(0) // no call at all
	return ignoreGone(syscall.PtraceSetRegs(tid, &r))
}

func (t *tracer) leaves(tid int) error {
	if !t.failing[tid] {
		return nil
	}
	delete(t.failing, tid)
	var r syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(tid, &r); err != nil {
		return ignoreGone(err)
	}
	r.Rax = -uint64(t.at.Errno)
	return ignoreGone(syscall.PtraceSetRegs(tid, &r))
}

func ignoreGone(err error) error {
	if err == syscall.ESRCH {
		return nil
	}
	return err
}
