package release

import "io"

// Guarded is Guard in SQL.
var Guarded = guarded

// SetExcelRows is for a test with fewer than a million rows.
func SetExcelRows(n int64) (restore func()) {
	was := excelRows
	excelRows = n
	return func() { excelRows = was }
}

// Hold holds a folder of releases as one in the making does.
func Hold(dir string) (io.Closer, error) {
	s, err := openShelf(dir)
	if err != nil {
		return nil, err
	}
	return s.lock, nil
}
