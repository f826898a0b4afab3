package format

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

const (
	benchRows    = 200_000
	benchColumns = 20
)

// benchBook writes a ledger as a spreadsheet program would: texts shared, dates
// as serials, amounts as numbers. Its table of strings is small enough for
// excelize to hold; a larger one it reads from a file, string by string, which
// takes it fifty times as long.
func benchBook(b *testing.B) string {
	name := filepath.Join(b.TempDir(), "台账.xlsx")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	part := func(name string) *bufio.Writer {
		w, _ := z.Create(name)
		return bufio.NewWriter(w)
	}
	for name, text := range bookParts("", "项目推进台账") {
		w := part(name)
		w.WriteString(text)
		w.Flush()
	}
	w := part("xl/sharedStrings.xml")
	unique := benchRows + 10_000
	fmt.Fprintf(w, `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">`, 12*benchRows, unique)
	for i := range unique {
		fmt.Fprintf(w, `<si><t>第%d号装备制造产业园项目</t></si>`, i)
	}
	w.WriteString(`</sst>`)
	w.Flush()
	w = part("xl/worksheets/sheet1.xml")
	w.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for r := 1; r <= benchRows; r++ {
		fmt.Fprintf(w, `<row r="%d" spans="1:20">`, r)
		for c := range benchColumns {
			ref := fmt.Sprintf("%c%d", 'A'+c, r)
			switch {
			case c < 1:
				fmt.Fprintf(w, `<c r="%s" t="s"><v>%d</v></c>`, ref, r-1)
			case c < 12:
				fmt.Fprintf(w, `<c r="%s" t="s"><v>%d</v></c>`, ref, benchRows+(r*c)%10_000)
			case c < 15:
				fmt.Fprintf(w, `<c r="%s" s="1"><v>%d</v></c>`, ref, 44000+(r*c)%1500)
			case c < 19:
				fmt.Fprintf(w, `<c r="%s"><v>%d.%d</v></c>`, ref, r%900, 1+c%9)
			default:
				fmt.Fprintf(w, `<c r="%s"/>`, ref)
			}
		}
		w.WriteString(`</row>`)
	}
	w.WriteString(`</sheetData></worksheet>`)
	w.Flush()
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

// BenchmarkXLSX reads one workbook with our reader and with excelize's row
// iterator: both on one goroutine, and ours with the cells found on a second.
func BenchmarkXLSX(b *testing.B) {
	name := benchBook(b)
	b.Run("sanpi", func(b *testing.B) { benchmarkReader(b, func(b *testing.B) int { return readOurs(b, name, 1) }) })
	b.Run("sanpi-2", func(b *testing.B) { benchmarkReader(b, func(b *testing.B) int { return readOurs(b, name, 2) }) })
	b.Run("excelize", func(b *testing.B) {
		benchmarkReader(b, func(b *testing.B) int { return readExcelize(b, name, excelize.Options{}) })
	})
	b.Run("excelize-raw", func(b *testing.B) { // without putting numbers and dates into their formats
		benchmarkReader(b, func(b *testing.B) int { return readExcelize(b, name, excelize.Options{RawCellValue: true}) })
	})
}

func benchmarkReader(b *testing.B, read func(*testing.B) int) {
	runtime.GC()
	peak, stop := watchHeap()
	for b.Loop() {
		if cells := read(b); cells != benchRows*(benchColumns-1) {
			b.Fatalf("%d cells", cells)
		}
	}
	stop()
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(peak.Load())/(1<<20), "MB-peak-heap")
}

// watchHeap samples how much memory the heap takes from the system.
func watchHeap() (*atomic.Uint64, func()) {
	var peak atomic.Uint64
	done, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return &peak, func() { close(done); <-ended }
}

func readOurs(b *testing.B, name string, readers int) int {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, _ := f.Stat()
	book, err := Open(name, f, info.Size(), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	var cells atomic.Int64
	count := func(block Block) {
		n := 0
		for row := range block.Rows() {
			n += len(row.Cells)
		}
		cells.Add(int64(n))
		block.Release()
	}
	blocks := make(chan Block)
	var wg sync.WaitGroup
	for range readers - 1 {
		wg.Go(func() {
			for block := range blocks {
				count(block)
			}
		})
	}
	for {
		block, err := book.Tables()[0].Next()
		if err == io.EOF {
			break
		} else if err != nil {
			b.Fatal(err)
		}
		if readers > 1 {
			blocks <- block
			continue
		}
		count(block)
	}
	close(blocks)
	wg.Wait()
	return int(cells.Load())
}

func readExcelize(b *testing.B, name string, options excelize.Options) int {
	f, err := excelize.OpenFile(name, options)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("项目推进台账")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	cells := 0
	for rows.Next() {
		row, err := rows.Columns(options)
		if err != nil {
			b.Fatal(err)
		}
		cells += len(row)
	}
	return cells
}

// bookParts are the parts of a workbook around its sheets. Attributes of
// workbookPr come first, then the names of the sheets.
func bookParts(properties string, names ...string) map[string]string {
	var sheets, rels strings.Builder
	for i, name := range names {
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%sworksheet" Target="worksheets/sheet%d.xml"/>`, i+1, officeRels, i+1)
	}
	return map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":         `<Relationships xmlns="` + packageRels + `"><Relationship Id="rId1" Type="` + officeRels + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="` + mainSpace + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr` + properties + `/><sheets>` +
			sheets.String() + `</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="` + packageRels + `">` + rels.String() +
			`<Relationship Id="rS" Type="` + officeRels + `styles" Target="styles.xml"/><Relationship Id="rT" Type="` + officeRels + `sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet xmlns="` + mainSpace + `"><numFmts count="2"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="177" formatCode="[h]:mm"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="31"/></cellXfs></styleSheet>`,
	}
}

const (
	mainSpace   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRels  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	packageRels = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// zipped packs parts in the order of their names' writing in Go maps, which is
// of no account to a reader.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
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
