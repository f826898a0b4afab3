// Package faults runs a process and ends it, or fails one of its system calls, at a
// chosen one, so that a test can say what is left when a machine dies or a disk is full
// at that very instruction. It counts system calls over all threads, by ptrace; there
// are no sleeps and no chance in it but the scheduler's.
package faults

import "syscall"

// Point is where a process meets its fault.
type Point struct {
	Call  int           // the how-manieth of the calls that count, from 1; 0 for none
	Errno syscall.Errno // what the call fails with, undone; 0 to kill the process before the call
}

// Outcome is what became of a process.
type Outcome struct {
	Calls   int // how many that count it began
	Reached bool
	Exit    int            // its exit code; -1 when a signal ended it
	Signal  syscall.Signal // that ended it
}

// Process is what to run.
type Process struct {
	Path string
	Args []string // without the program's name
	Env  []string
	Dir  string
	Out  uintptr // file descriptor for its stdout and stderr
}
