package format

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// A file that was cut on its way has lost the zip's directory, which stands at
// its end.
func TestTruncatedWorkbook(t *testing.T) {
	book := zipped(t, withSheet(row(1, `<c r="A1"><v>1</v></c>`), ""))
	for _, size := range []int{len(book) / 4, len(book) / 2, len(book) - 1} {
		wantUnreadable(t, book[:size], Limits{}, "", "read 台账.xlsx: the workbook is cut short or damaged: zip: not a valid zip file; fetch it again, or open it and save it anew")
	}
}

// stored is a zip whose parts are not compressed.
func stored(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Rows whose bytes changed on the way may still be XML. They are handed out, and
// then it is said that they cannot be trusted.
func TestChangedBytes(t *testing.T) {
	book := stored(t, withSheet(row(1, `<c r="A1"><v>4567</v></c>`), ""))
	book = bytes.Replace(book, []byte("4567"), []byte("9567"), 1)
	wantUnreadable(t, book, Limits{}, "1|#9567\n", "read 台账.xlsx, sheet 项目台账: the sheet is damaged after row 1: zip: checksum error; open the workbook and save it anew")
}

func TestDamagedCompression(t *testing.T) {
	var rows strings.Builder
	for r := 1; r <= 40_000; r++ {
		rows.WriteString(row(r, fmt.Sprintf(`<c r="A%d"><v>%d</v></c><c r="B%d"><v>%d</v></c>`, r, r*7919, r, r*104729%1000003)))
	}
	parts := withSheet(rows.String(), "")
	sheet := parts["xl/worksheets/sheet1.xml"]
	delete(parts, "xl/worksheets/sheet1.xml")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("xl/worksheets/sheet1.xml")
	io.WriteString(w, sheet)
	for name, text := range parts {
		w, _ := z.Create(name)
		io.WriteString(w, text)
	}
	z.Close()
	book := b.Bytes()
	for i := range 64 {
		book[300_000+i] = 0xff
	}
	f, err := openBytes(book, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := printed(t, f.Tables()[0])
	if err == nil || !strings.Contains(err.Error(), "the sheet is damaged after row ") {
		t.Errorf("it says %v", err)
	}
	if !strings.HasPrefix(got, "1|#7919|#104729\n2|#15838|#209458\n") || strings.Count(got, "\n") < 1000 {
		t.Errorf("only %d rows before the damage", strings.Count(got, "\n"))
	}
}

const bomb = "read 台账.xlsx, sheet 项目台账: it grows out of all proportion when it is unpacked; check where it comes from; a ledger that is so large wants splitting"

func TestZipBombs(t *testing.T) {
	sound := row(1, `<c r="A1"><v>1</v></c>`)
	spaces := strings.Repeat(" ", freeRatio+1<<20)
	sheet := withSheet(sound, "")
	sheet["xl/worksheets/sheet1.xml"] += spaces
	t.Run("ratio of a sheet", func(t *testing.T) { wantUnreadable(t, zipped(t, sheet), Limits{}, "", bomb) })
	text := withSheet(sound, "<si><t>"+spaces+"</t></si>")
	t.Run("ratio of the strings", func(t *testing.T) { wantUnreadable(t, zipped(t, text), Limits{}, "", bomb) })
	t.Run("all parts together", func(t *testing.T) {
		parts := withSheet(strings.Repeat(sound, 1000), "")
		wantUnreadable(t, zipped(t, parts), Limits{MaxExpanded: 20_000}, "", bomb)
	})
	t.Run("the list of sheets", func(t *testing.T) {
		parts := withSheet(sound, "")
		parts["xl/workbook.xml"] += strings.Repeat(" ", maxSmall)
		wantUnreadable(t, zipped(t, parts), Limits{}, "", strings.Replace(bomb, ", sheet 项目台账", "", 1))
	})
	t.Run("one row", func(t *testing.T) {
		parts := withSheet(row(1, `<c r="A1" t="str"><v>`+strings.Repeat("资产", maxElement/6+runSize)+`</v></c>`), "")
		wantUnreadable(t, zipped(t, parts), Limits{}, "", bomb)
	})
}

func TestLongElement(t *testing.T) {
	parts := withSheet(row(1, `<c r="A1"><v>1</v></c>`)+row(2, `<c r="A2" t="str"><v>`+strings.Repeat("产", (maxElement+4*runSize)/3)+`</v></c>`), "")
	wantUnreadable(t, stored(t, parts), Limits{}, "1|#1\n", "read 台账.xlsx, sheet 项目台账: the sheet is damaged after row 1: one element of it is larger than 64 MiB; open the workbook and save it anew")
}

// A part that is encrypted by the zip itself says so in its flags.
func TestEncryptedPart(t *testing.T) {
	book := zipped(t, withSheet(row(1, ""), ""))
	for at := 0; ; {
		k := bytes.Index(book[at:], []byte("PK\x01\x02"))
		if k < 0 {
			break
		}
		at += k
		book[at+8] |= 1
		at += 4
	}
	wantUnreadable(t, book, Limits{}, "", "read 台账.xlsx: it is protected by a password; open it and save it without")
}

// ole is an OLE2 file with a directory of streams.
func ole(streams ...string) []byte {
	b := make([]byte, 1024)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	for _, name := range append([]string{"Root Entry"}, streams...) {
		e := make([]byte, oleEntry)
		for i, c := range name {
			e[2*i] = byte(c)
		}
		e[64], e[66] = byte(2*len(name)+2), 2
		b = append(b, e...)
	}
	return append(b, make([]byte, 700)...)
}

func TestLegacyFiles(t *testing.T) {
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"workbook", ole("Workbook", "\x05SummaryInformation"), "read 台账.xlsx: it is a workbook of Excel 97-2003 (.xls); open it and save it as .xlsx or CSV"},
		{"older workbook", ole("Book"), "read 台账.xlsx: it is a workbook of Excel 97-2003 (.xls); open it and save it as .xlsx or CSV"},
		{"password", ole("EncryptionInfo", "EncryptedPackage"), "read 台账.xlsx: it is protected by a password; open it and save it without"},
		{"Word document", ole("WordDocument", "1Table"), "read 台账.xlsx: it is a Word document (.doc); copy its table into a workbook and save that as .xlsx"},
		{"presentation", ole("PowerPoint Document"), "read 台账.xlsx: it is a presentation (.ppt); copy its table into a workbook and save that as .xlsx"},
		{"cut short", ole("Workbook")[:900], "read 台账.xlsx: it is an Office file of before 2007 that is cut short or holds no workbook; fetch it again, or open it and save it as .xlsx"},
	} {
		t.Run(test.name, func(t *testing.T) { wantUnreadable(t, test.file, Limits{}, "", test.want) })
	}
}
