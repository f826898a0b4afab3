// Package format takes files apart into tables of cells, by what their bytes
// are, whatever their names say: CSV in any usual encoding and delimiter,
// plain, gzip or zstd; XLSX workbooks; and the HTML tables that export buttons
// call .xls. What the cells mean is the business of package sheet.
//
// A Table is read in Blocks. Next hands them out in order and belongs to one
// goroutine; the rows of a block may be read on any. Memory is bounded by the
// blocks that are held, not by the file.
package format

import (
	"fmt"
	"iter"
)

// File is a file that was taken apart.
type File interface {
	// Tables are the sheets of a workbook, hidden ones too, or the one table of
	// a text file.
	Tables() []Table
	Close() error
}

// Table is one sheet.
type Table interface {
	Sheet() Sheet
	// Next returns the next block in the order of the file, and io.EOF after
	// the last. Any other error is an *UnreadableError.
	Next() (Block, error)
}

// Sheet says what a table is called and how its file speaks.
type Sheet struct {
	Name     string // "" for a text file
	Position int    // from 1
	Hidden   bool
	Date1904 bool   // day counts begin in 1904, not 1900
	Encoding string // of a text file: utf-8, gb18030, utf-16le …
}

// Block is a run of rows.
type Block interface {
	// Rows yields the block's rows in order. A row and its cells are valid
	// until the next one is yielded.
	Rows() iter.Seq[*Row]
	// Bytes is how much of the file the block stands for, for progress.
	Bytes() int64
	// Release gives the block's memory back; nothing of it may be used after.
	Release()
}

// Row is one row of a table.
type Row struct {
	Line   int // the row's number in its sheet, or the first line of the record in a text file, from 1
	Hidden bool
	Cells  []Cell
	Raw    []byte // the record as it stands in a text file, without its line end; nil in a workbook
	// Damage is a reason code when the row could not be cut into cells
	// (quote_not_closed, line_too_long, bytes_undecodable, nul_bytes, row_malformed) and
	// otherwise "". Raw then holds what was read, cut short after MaxRaw.
	Damage string
}

// MaxRaw bounds the raw text that is kept of a damaged row, in bytes.
const MaxRaw = 64 << 10

// Kind is what a cell's file says of its type.
type Kind uint8

const (
	Text    Kind = iota // text; every cell of a text file
	Number              // a number, as its shortest decimal: 44260, 1.5
	Day                 // a number under a date format, as 2021-03-05
	Boolean             // TRUE or FALSE
	Fault               // an error of a formula: #REF!, #N/A
)

// Cell is one cell: its text in UTF-8, "" when there is nothing in it.
type Cell struct {
	Text   []byte
	Kind   Kind
	Merged bool // the text is that of the merged range's first cell
}

// UnreadableError says that a file or sheet cannot be read at all, and what to
// do about it.
type UnreadableError struct {
	File, Sheet string
	What        string // what is wrong
	Mend        string // what its keeper can do
	Err         error  // the cause; may be nil
}

func (e *UnreadableError) Error() string {
	where := e.File
	if e.Sheet != "" {
		where += ", sheet " + e.Sheet
	}
	text := fmt.Sprintf("read %s: %s", where, e.What)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + "; " + e.Mend
}

func (e *UnreadableError) Unwrap() error { return e.Err }

// Limits bound what a hostile or broken file may cost.
type Limits struct {
	MaxRecord   int    // bytes of one record of a text file; 0 for 16 MiB
	MaxExpanded int64  // bytes that a compressed file may grow to; 0 for 64 GiB in text, 8 GiB in a workbook
	Delimiter   byte   // of a text file; 0 to find it
	Encoding    string // of a text file; "" to find it
}
