package campaign

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// table is one CSV file of a campaign, read whole: these files are written by
// hand and small.
type table struct {
	file   string
	header []string
	rows   []row
}

// row is one record of a table. Its accessors trim the cell.
type row struct {
	load  *loader
	file  string
	line  int
	index map[string]int // column name → position from 0
	cells []string
}

func (r row) text(field string) string {
	i, ok := r.index[field]
	if !ok {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// fail reports a problem with a field of the row.
func (r row) fail(field, format string, args ...any) {
	p := Problem{File: r.file, Line: r.line, Field: field, What: fmt.Sprintf(format, args...)}
	if i, ok := r.index[field]; ok {
		p.Column = i + 1
	}
	r.load.problems = append(r.load.problems, p)
}

// raw is the row as it would be written as CSV.
func (r row) raw() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A strings.Builder never fails to write.
	_ = w.Write(r.cells)
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// readTable reads a CSV file whose header must be made of the given columns in
// any order; those after "|" may be left out.
func (l *loader) readTable(name, columns string) iter.Seq[row] {
	required, optional, _ := strings.Cut(columns, "|")
	t := l.parse(name, strings.Fields(required), strings.Fields(optional))
	return slices.Values(t.rows)
}

func (l *loader) parse(name string, required, optional []string) table {
	file := l.id + "/" + name
	t := table{file: file}
	fail := func(line int, format string, args ...any) table {
		l.problems = append(l.problems, Problem{File: file, Line: line, What: fmt.Sprintf(format, args...)})
		return t
	}
	data, err := ReadFile(l.fsys, file)
	var irregular *NotAFileError
	if errors.Is(err, fs.ErrNotExist) {
		return fail(0, "the file is missing; a campaign's folder needs it, with the header %s", strings.Join(required, ","))
	} else if errors.As(err, &irregular) {
		return fail(0, "%s", irregular.what())
	} else if err != nil {
		return fail(0, "the file cannot be read: %v", err)
	}
	data, wrong := decodeUTF8(data)
	if wrong != "" {
		return fail(0, "%s", wrong)
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		return fail(1, "the header cannot be read: %v; the first line must name the columns %s", err, strings.Join(required, ","))
	}
	index := map[string]int{}
	for i, column := range header {
		column = strings.TrimSpace(column)
		if !slices.Contains(required, column) && !slices.Contains(optional, column) {
			fail(1, "column %d is called %q, which is not known here; the columns are %s",
				i+1, column, strings.Join(append(slices.Clone(required), optional...), ","))
		} else if _, twice := index[column]; twice {
			fail(1, "column %q stands twice; remove one", column)
		}
		index[column] = i
	}
	for _, column := range required {
		if _, ok := index[column]; !ok {
			fail(1, "column %q is missing; add it (its cells may be empty)", column)
		}
	}
	t.header = header
	for {
		cells, err := reader.Read()
		if err == io.EOF {
			return t
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return fail(parse.StartLine, "the row is not CSV at character %d of line %d: %v; check the quotes", parse.Column, parse.Line, parse.Err)
		} else if err != nil {
			return fail(0, "the file cannot be read: %v", err)
		}
		line, _ := reader.FieldPos(0)
		if len(cells) != len(header) {
			fail(line, "the row has %d fields and the header %d; quote a field that holds a comma", len(cells), len(header))
			l.rowsRead++
			continue
		}
		l.rowsRead++
		t.rows = append(t.rows, row{l, file, line, index, cells})
	}
}

// NotAFileError says that there is something else where a file should be. A named
// pipe would be waited for without end, so it is not even opened.
type NotAFileError struct {
	File string
	Mode fs.FileMode
}

func (e *NotAFileError) Error() string { return e.File + ": " + e.what() }

func (e *NotAFileError) what() string {
	kind := "a device"
	switch {
	case e.Mode.IsDir():
		kind = "a folder"
	case e.Mode&fs.ModeNamedPipe != 0:
		kind = "a named pipe"
	case e.Mode&fs.ModeSocket != 0:
		kind = "a socket"
	}
	return fmt.Sprintf("this is %s, not a file; put a CSV file in its place", kind)
}

// ReadFile reads a regular file, or what a link to one leads to; anything else is
// a *NotAFileError.
func ReadFile(fsys fs.FS, file string) ([]byte, error) {
	info, err := fs.Stat(fsys, file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &NotAFileError{file, info.Mode()}
	}
	return fs.ReadFile(fsys, file)
}

// decodeUTF8 drops a byte order mark and refuses every other encoding, with the
// mend.
func decodeUTF8(data []byte) (_ []byte, wrong string) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return nil, "the file is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"
	case bytes.IndexByte(data, 0) >= 0:
		return nil, "the file holds NUL bytes, so it is not a text file; save the sheet as CSV UTF-8"
	case !utf8.Valid(data):
		return nil, fmt.Sprintf("line %d is not UTF-8, perhaps GB18030; save the file as UTF-8 (iconv -f GB18030 -t UTF-8)", firstBadLine(data))
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), ""
}

func firstBadLine(data []byte) int {
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}
