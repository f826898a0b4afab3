package format

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf8"
)

// read reads all of a file and holds it to the contract: errors are of the one
// kind, rows have numbers, texts are UTF-8, damaged rows have no cells.
func read(t *testing.T, file []byte) {
	f, err := Open("台账", bytes.NewReader(file), int64(len(file)), Limits{MaxExpanded: 8 << 20})
	unreadable := (*UnreadableError)(nil)
	if err != nil {
		if !errors.As(err, &unreadable) {
			t.Fatalf("the error is %T: %v", err, err)
		}
		return
	}
	defer f.Close()
	for i, table := range f.Tables() {
		if i == 8 {
			break
		}
		for blocks := 0; blocks < 64; blocks++ {
			block, err := table.Next()
			if err != nil {
				if err.Error() != "EOF" && !errors.As(err, &unreadable) {
					t.Fatalf("the error is %T: %v", err, err)
				}
				break
			}
			rows := 0
			for row := range block.Rows() {
				if row.Line < 1 || (row.Damage == "") != (len(row.Cells) > 0) || len(row.Cells) > maxColumns || len(row.Raw) > MaxRaw {
					t.Fatalf("row %d: damage %q, %d cells, %d raw", row.Line, row.Damage, len(row.Cells), len(row.Raw))
				}
				for _, c := range row.Cells {
					if !utf8.Valid(c.Text) {
						t.Fatalf("row %d: %q is not UTF-8", row.Line, c.Text)
					}
				}
				if rows++; rows > 300 {
					break
				}
			}
			block.Release()
		}
	}
}

// FuzzSheet reads a sheet and its strings of any bytes.
func FuzzSheet(f *testing.F) {
	for _, s := range goodSheets {
		parts := withSheet(s.rows, s.shared)
		f.Add([]byte(parts["xl/worksheets/sheet1.xml"]), []byte(parts["xl/sharedStrings.xml"]))
		f.Add([]byte(prefixed(parts["xl/worksheets/sheet1.xml"])), []byte(prefixed(parts["xl/sharedStrings.xml"])))
	}
	for _, s := range mergedSheets {
		f.Add([]byte("<sheetData>"+s.rows+"</sheetData>"+s.merges), []byte("<sst/>"))
	}
	f.Fuzz(func(t *testing.T, sheet, shared []byte) {
		parts := bookParts("", "项目台账")
		parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"] = string(sheet), string(shared)
		read(t, zipped(t, parts))
	})
}

// FuzzOpen reads any bytes, from mutated zips and pages.
func FuzzOpen(f *testing.F) {
	for _, s := range goodSheets[:4] {
		f.Add(zipped(f, withSheet(s.rows, s.shared)))
	}
	f.Add([]byte(exported))
	f.Add([]byte(encodedGB(f, exported)))
	f.Add([]byte(encoded16(f, exported)))
	f.Add([]byte(book2003))
	f.Add(ole("Workbook"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if bytes.HasPrefix(file, []byte("PK")) || bytes.HasPrefix(file, []byte("\xd0\xcf")) || looksLikeHTML(file) {
			read(t, file)
		}
	})
}

// TestMutations hurts sound files in a few thousand ways, the same each time:
// what the fuzzers do, for those who only run the tests.
func TestMutations(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 2021))
	pieces := []string{"<", ">", "/", `"`, "<row", "</row>", "<row r=\"2\">", "<c ", "</c>", "<v>", "</v>", "<is>", "<t>", "]]>", "<![CDATA[", "<!--", "&", "_x", "t=\"s\"", "r=\"XFD9\"", "s=\"1\"", "</sheetData>", "<sheetData/>", "<mergeCell ref=\"A1:C9\"/>", "x:", "\x00", "\xff", "<td>", "</table>", "<table>", "<td colspan=9 rowspan=9>", "<Row ss:Index=\"9\">", "9"}
	mutate := func(s string) string {
		b := []byte(s)
		for range 1 + rnd.IntN(4) {
			at := rnd.IntN(len(b) + 1)
			end := min(len(b), at+rnd.IntN(12))
			piece := []byte(pieces[rnd.IntN(len(pieces))])
			switch rnd.IntN(5) {
			case 0:
				b = slices.Insert(b, at, piece...)
			case 1:
				b = slices.Delete(b, at, end)
			case 2:
				b = slices.Replace(b, at, end, piece...)
			case 3:
				b = b[:at]
			case 4:
				from := rnd.IntN(len(b) + 1)
				b = slices.Insert(b, at, bytes.Clone(b[from:min(len(b), from+rnd.IntN(40))])...)
			}
		}
		return string(b)
	}
	for range 1500 {
		switch rnd.IntN(6) {
		case 0, 1, 2:
			s := goodSheets[rnd.IntN(len(goodSheets))]
			parts := withSheet(s.rows, s.shared)
			if m := mergedSheets[rnd.IntN(len(mergedSheets))]; rnd.IntN(2) == 0 {
				parts["xl/worksheets/sheet1.xml"] = "<worksheet><sheetData>" + m.rows + "</sheetData>" + m.merges
			}
			for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"} {
				if rnd.IntN(3) == 0 || name == "xl/worksheets/sheet1.xml" {
					parts[name] = mutate(parts[name])
				}
			}
			read(t, stored(t, parts))
		case 3:
			s := goodSheets[rnd.IntN(len(goodSheets))]
			book := zipped(t, withSheet(s.rows, s.shared))
			for range 1 + rnd.IntN(3) {
				book[rnd.IntN(len(book))] = byte(rnd.IntN(256))
			}
			read(t, book)
		case 4:
			read(t, []byte("<html>"+mutate(exported)))
		case 5:
			read(t, []byte(book2003[:len(book2003)/4]+mutate(book2003[len(book2003)/4:])))
		}
	}
}
