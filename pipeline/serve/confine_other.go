//go:build !linux

package serve

// confine does nothing where the kernel's limits are not Linux's: there the database's
// own bound of memory and the end of slow statements stand alone.
func confine(int64) (spent func() bool, err error) { return func() bool { return false }, nil }
