package format

import (
	"fmt"
	"io"
	"unicode/utf16"
)

// openLegacy says what an OLE2 file is: that container holds workbooks of Excel
// 97-2003, and also every newer workbook that is protected by a password.
//
// The cells of the former are not read. Of the two libraries for them that have
// releases, one asks for memory without bound when a single length in the file
// is damaged, which no caller can recover from, and the other panics on one
// damaged file in twelve and is under the GPL; neither has changed in years. A
// file that is converted once loses nothing.
func openLegacy(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	streams, err := oleStreams(r, size)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	e := &UnreadableError{File: name}
	switch {
	case streams["EncryptedPackage"]:
		e.What, e.Mend = errPassword.Error(), mendPassword
	case streams["Workbook"] || streams["Book"]:
		e.What, e.Mend = "it is a workbook of Excel 97-2003 (.xls)", "open it and save it as .xlsx or CSV"
	case streams["WordDocument"]:
		e.What, e.Mend = "it is a Word document (.doc)", "copy its table into a workbook and save that as .xlsx"
	case streams["PowerPoint Document"]:
		e.What, e.Mend = "it is a presentation (.ppt)", "copy its table into a workbook and save that as .xlsx"
	default:
		e.What, e.Mend = "it is an Office file of before 2007 that is cut short or holds no workbook", "fetch it again, or open it and save it as .xlsx"
	}
	return nil, e
}

// oleEntry is the length of a directory entry of an OLE2 file, and what its
// place in the file is a multiple of.
const oleEntry = 128

// oleStreams finds the names of the streams in an OLE2 file. It looks at all
// places where a directory entry may stand, not along the chain of sectors that
// a damaged file no longer has.
func oleStreams(r io.ReaderAt, size int64) (map[string]bool, error) {
	found := map[string]bool{}
	buf := make([]byte, 1024*oleEntry)
	for at := int64(0); at < size; at += int64(len(buf)) {
		n, err := r.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return nil, err
		}
		for e := buf[:n]; len(e) >= oleEntry; e = e[oleEntry:] {
			if name, ok := oleName(e); ok && len(found) < 1024 {
				found[name] = true
			}
		}
	}
	return found, nil
}

// oleName is the name in a directory entry, when it is that of a stream: up to
// 31 units of UTF-16 and a zero, their length in bytes at 64, the kind at 66.
func oleName(e []byte) (string, bool) {
	length := int(e[64]) | int(e[65])<<8
	if e[66] != 2 || length < 4 || length > 64 || length%2 != 0 {
		return "", false
	}
	units := make([]uint16, 0, 31)
	for i := 0; i < length-2; i += 2 {
		u := uint16(e[i]) | uint16(e[i+1])<<8
		if u == 0 {
			return "", false
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units)), e[length-2] == 0 && e[length-1] == 0
}
