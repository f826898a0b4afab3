package format

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// line is a row as tests look at it.
type line struct {
	Number int
	Cells  []string
	Damage string
}

func linesOf(b Block) []line {
	var lines []line
	for row := range b.Rows() {
		l := line{Number: row.Line, Damage: row.Damage}
		for _, c := range row.Cells {
			l.Cells = append(l.Cells, string(c.Text))
		}
		lines = append(lines, l)
	}
	return lines
}

// readText reads all rows of a text. Rows must come out alike when they are read
// twice.
func readText(t testing.TB, data []byte, limits Limits) ([]line, Sheet, error) {
	t.Helper()
	f, err := Open("台账.csv", bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		return nil, Sheet{}, err
	}
	defer f.Close()
	table := f.Tables()[0]
	var lines []line
	for {
		b, err := table.Next()
		if errors.Is(err, io.EOF) {
			return lines, table.Sheet(), nil
		} else if err != nil {
			return lines, table.Sheet(), err
		}
		of := linesOf(b)
		if again := linesOf(b); !cmp.Equal(of, again) {
			t.Errorf("rows differ when they are read again:\n%s", cmp.Diff(of, again))
		}
		lines = append(lines, of...)
		b.Release()
	}
}

// smallBlocks makes many blocks of little text.
func smallBlocks(t testing.TB, size int) {
	old := blockSize
	blockSize = size
	t.Cleanup(func() { blockSize = old })
}

func TestText(t *testing.T) {
	cells := func(c ...string) []string { return c }
	for _, test := range []struct {
		name, text string
		want       []line
	}{
		{"plain", "项目,总投资\n铝材,12\n", []line{{1, cells("项目", "总投资"), ""}, {2, cells("铝材", "12"), ""}}},
		{"no line end", "a,b\nc,d", []line{{1, cells("a", "b"), ""}, {2, cells("c", "d"), ""}}},
		{"CRLF", "a,b\r\nc,\r\n", []line{{1, cells("a", "b"), ""}, {2, cells("c", ""), ""}}},
		{"CR", "a,b\rc,d\r", []line{{1, cells("a", "b"), ""}, {2, cells("c", "d"), ""}}},
		{"blank lines", "a,b\n\n\r\nc,d\n", []line{{1, cells("a", "b"), ""}, {2, nil, ""}, {3, nil, ""}, {4, cells("c", "d"), ""}}},
		{"ragged", "a,b,c\nd\ne,f,g,h\n", []line{{1, cells("a", "b", "c"), ""}, {2, cells("d"), ""}, {3, cells("e", "f", "g", "h"), ""}}},
		{"quoted", "\"a,b\",\"c\"\"d\"\r\n\"\",e\n", []line{{1, cells("a,b", `c"d`), ""}, {2, cells("", "e"), ""}}},
		{"line break in quotes", "a,\"b\nc\"\nd,e\n", []line{{1, cells("a", "b\nc"), ""}, {3, cells("d", "e"), ""}}},
		{"stray quote", "5\"管,b\nc,d\n", []line{{1, cells(`5"管`, "b"), ""}, {2, cells("c", "d"), ""}}},
		{"text behind quotes", "\"a\"b,c\nd,e\n", []line{{1, cells("ab", "c"), ""}, {2, cells("d", "e"), ""}}},
		{"tabs", "a\tb\nc\td,e\n", []line{{1, cells("a", "b"), ""}, {2, cells("c", "d,e"), ""}}},
		{"semicolons", "a;b;c\n1,5;2;3\n", []line{{1, cells("a", "b", "c"), ""}, {2, cells("1,5", "2", "3"), ""}}},
		{"bars", "a|b|c\nd|e|f\n", []line{{1, cells("a", "b", "c"), ""}, {2, cells("d", "e", "f"), ""}}},
		{"sep", "sep=;\na;b\n", []line{{2, cells("a", "b"), ""}}},
		{"title above", "某某台账\n截至6月,单位:万元\na\tb\tc\nd\te\tf\n", []line{
			{1, cells("某某台账"), ""}, {2, cells("截至6月,单位:万元"), ""}, {3, cells("a", "b", "c"), ""}, {4, cells("d", "e", "f"), ""}}},
		{"one column", "项目\n铝材\n", []line{{1, cells("项目"), ""}, {2, cells("铝材"), ""}}},
		{"quote not closed", "a,b\nc,\"d\ne,f\n", []line{{1, cells("a", "b"), ""}, {2, nil, "quote_not_closed"}, {3, cells("e", "f"), ""}}},
		{"NUL", "a,b\nc\x00,d\ne,f\n", []line{{1, cells("a", "b"), ""}, {2, nil, "nul_bytes"}, {3, cells("e", "f"), ""}}},
		{"a line in GB18030", "项目,市\n" + gb("铝材,太原") + "\n镁,长治\n", []line{
			{1, cells("项目", "市"), ""}, {2, cells("铝材", "太原"), ""}, {3, cells("镁", "长治"), ""}}},
		{"a line in nothing", "项目,市\n铝材,\xff\xff\n镁,长治\n", []line{
			{1, cells("项目", "市"), ""}, {2, nil, "bytes_undecodable"}, {3, cells("镁", "长治"), ""}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, size := range []int{4 << 20, 16} {
				smallBlocks(t, size)
				got, _, err := readText(t, []byte(test.text), Limits{})
				if err != nil || !cmp.Equal(got, test.want) {
					t.Errorf("blocks of %d: %v\n%s", size, err, cmp.Diff(test.want, got))
				}
			}
		})
	}
}

func gb(text string) string {
	b, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return b
}

// One text in every encoding and compression is one table.
func TestEncodings(t *testing.T) {
	text := "项目名称,所在市\n年产2万吨镁合金项目,长治市\n𠮷祥项目,\"太原\n市\"\n"
	want, _, err := readText(t, []byte(text), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) []byte {
		b, err := unicode.UTF16(e, bom).NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, test := range map[string]struct {
		data     []byte
		encoding string
	}{
		"UTF-8 with BOM":       {[]byte("\ufeff" + text), "utf-8"},
		"GB18030":              {[]byte(gb(text)), "gb18030"},
		"UTF-16LE with BOM":    {utf16(unicode.LittleEndian, unicode.UseBOM), "utf-16le"},
		"UTF-16BE with BOM":    {utf16(unicode.BigEndian, unicode.UseBOM), "utf-16be"},
		"UTF-16LE without BOM": {utf16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"},
		"gzip":                 {gzipped(t, []byte(text)), "utf-8"},
		"gzip of GB18030":      {gzipped(t, []byte(gb(text))), "gb18030"},
		"zstd":                 {zstandard(t, []byte(text)), "utf-8"},
	} {
		got, sheet, err := readText(t, test.data, Limits{})
		if err != nil || !cmp.Equal(got, want) || sheet.Encoding != test.encoding {
			t.Errorf("%s: %v, %s\n%s", name, err, sheet.Encoding, cmp.Diff(want, got))
		}
	}
}

func gzipped(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, data []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

// What cannot be read at all says so, and what to do.
func TestUnreadableText(t *testing.T) {
	long := gzipped(t, []byte(strings.Repeat("项目,太原市\n", 100_000)))
	for name, test := range map[string]struct {
		data   []byte
		limits Limits
		want   string
	}{
		"empty":         {nil, Limits{}, "it is empty"},
		"picture":       {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x02\x03\x04"), Limits{}, "it is a picture and no text"},
		"PDF":           {[]byte("%PDF-1.7\n\x00\x01\x02\x03\x04\x05\x06\x07\x00\x00\x01"), Limits{}, "it is a PDF and no text"},
		"cut gzip":      {long[:len(long)-20], Limits{}, "it breaks off before its end"},
		"gzip bomb":     {long, Limits{MaxExpanded: 1 << 20}, "it expands to more than"},
		"gzip workbook": {gzipped(t, []byte("PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\x01\x02\x03\x04\x05")), Limits{}, "a zip archive or workbook"},
		"bad encoding":  {[]byte("a,b\n"), Limits{Encoding: "latin-9"}, `the encoding "latin-9" is not known`},
	} {
		_, _, err := readText(t, test.data, test.limits)
		var unreadable *UnreadableError
		if !errors.As(err, &unreadable) || !strings.Contains(err.Error(), test.want) || unreadable.Mend == "" {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

// A cut archive gives the whole records that it still holds, and then its error.
func TestCutArchive(t *testing.T) {
	var text strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&text, "%d,项目%d\n", i, i*7919%104729)
	}
	whole := gzipped(t, []byte(text.String()))
	got, _, err := readText(t, whole[:len(whole)/2], Limits{})
	if err == nil || len(got) < 10_000 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, l := range got {
		if want := fmt.Sprintf("项目%d", i*7919%104729); len(l.Cells) != 2 || l.Cells[1] != want {
			t.Fatalf("row %d: %v, want %s", i, l, want)
		}
	}
}

// endless is a line without an end.
type endless struct{ size int64 }

func (e endless) ReadAt(p []byte, at int64) (int, error) {
	for i := range p {
		switch n := at + int64(i); {
		case n >= e.size:
			return i, io.EOF
		case n == 3 || n == e.size-5 || n == e.size-1:
			p[i] = '\n'
		case n == 1 || n == e.size-3:
			p[i] = ','
		default:
			p[i] = 'x'
		}
	}
	return len(p), nil
}

// A single line of 2 GB costs one row, not the memory or the file.
func TestEndlessLine(t *testing.T) {
	size := int64(2 << 30)
	if testing.Short() {
		size = 64 << 20
	}
	f, err := Open("台账.csv", endless{size}, size, Limits{MaxRecord: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got []line
	for {
		b, err := f.Tables()[0].Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for row := range b.Rows() {
			if len(row.Raw) > MaxRaw {
				t.Errorf("line %d keeps %d bytes", row.Line, len(row.Raw))
			}
		}
		got = append(got, linesOf(b)...)
		b.Release()
	}
	want := []line{{1, []string{"x", "x"}, ""}, {2, nil, "line_too_long"}, {3, []string{"x", "x"}, ""}}
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

// plainRows is the reader's twin: one state machine over the whole text.
func plainRows(text []byte, delimiter, eol byte) []line {
	var lines []line
	number := 1
	for at := 0; at < len(text); {
		l := line{Number: number}
		start := at
		var field []byte
		began, quoted := true, false
		broken := false
	record:
		for {
			switch {
			case at == len(text):
				broken = quoted
				break record
			case quoted && text[at] == '"' && at+1 < len(text) && text[at+1] == '"':
				field = append(field, '"')
				at++
			case quoted && text[at] == '"':
				quoted = false
			case quoted:
				field = append(field, text[at])
			case text[at] == '"' && began:
				quoted = true
			case text[at] == delimiter:
				l.Cells = append(l.Cells, string(field))
				field, began = nil, true
				at++
				continue
			case text[at] == eol:
				break record
			default:
				field = append(field, text[at])
			}
			began = false
			at++
		}
		if broken {
			end := bytes.IndexByte(text[start:], eol)
			at = len(text)
			if end >= 0 {
				at = start + end
			}
			lines = append(lines, line{number, nil, "quote_not_closed"})
			at++
			number++
			continue
		}
		raw := text[start:at]
		if eol == '\n' && len(raw) > 0 && raw[len(raw)-1] == '\r' {
			raw = raw[:len(raw)-1]
			if n := len(field); n > 0 && field[n-1] == '\r' {
				field = field[:n-1]
			}
		}
		if len(raw) > 0 {
			l.Cells = append(l.Cells, string(field))
		}
		lines = append(lines, l)
		number += bytes.Count(text[start:at], []byte{eol}) + 1
		at++
	}
	return lines
}

func FuzzText(f *testing.F) {
	f.Add([]byte("a,\"b\"\"c\"\r\n\n\"d\ne\"f,g"), 7)
	f.Add([]byte("\"\"\",\"\"\n\"a"), 3)
	f.Add([]byte("x\"y,\"z\nw"), 1)
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		for i, c := range text {
			// What the twin does not look at: encodings and NULs.
			if c >= 0x80 || c == 0 {
				text[i] = 'x'
			}
		}
		if len(text) == 0 || bytes.HasPrefix(text, []byte("sep=")) || bytes.HasPrefix(text, []byte("PK")) || looksLikeHTML(text) || encodingOf(text, true) != "utf-8" {
			return
		}
		smallBlocks(t, 1+min(max(size, 0), 100))
		got, _, err := readText(t, text, Limits{Delimiter: ','})
		if err != nil {
			t.Fatal(err)
		}
		eol := byte('\n')
		if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
			eol = '\r'
		}
		if want := plainRows(text, ',', eol); !cmp.Equal(got, want) {
			t.Errorf("%q in blocks of %d:\n%s", text, size, cmp.Diff(want, got))
		}
	})
}

// FuzzBytes looks for bytes that crash the reader or lose a line.
func FuzzBytes(f *testing.F) {
	f.Add([]byte("项目,市\n"+gb("铝材,太原")+"\n"), 5)
	f.Add([]byte("\xff\xfea\x00,\x00b\x00\n\x00"), 9)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		if len(data) > 1<<16 || bytes.HasPrefix(data, []byte("PK")) || looksLikeHTML(data) {
			return
		}
		smallBlocks(t, 1+min(max(size, 0), 100))
		_, _, err := readText(t, data, Limits{MaxExpanded: 1 << 20, MaxRecord: 200})
		var unreadable *UnreadableError
		if err != nil && !errors.As(err, &unreadable) {
			t.Errorf("%q: %v", data, err)
		}
	})
}

// sampleText is a ledger of n rows of twenty columns.
func sampleText(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "%d,2021-140423-%02d-03-%06d,年产%d万吨高端铝材及深加工项目,襄垣经济技术开发区,长治市,新材料,山西%d新材料科技有限公司,"+
			"新建厂房%d平方米及配套设施,%d.5,%d,,2021年3月%d日,2021年第一次,2021-06-%02d,,,开工,是,,合成数据\n",
			i, i%90, i%1000000, i%97, i%5000, i%90000, i%300, i%500, 1+i%28, 1+i%28)
	}
	return b.Bytes()
}

func BenchmarkText(b *testing.B) {
	data := sampleText(400_000)
	b.Run("split", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			readBlocks(b, data, func(<-chan Block) {})
		}
	})
	b.Run("split and cut, two at work", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			readBlocks(b, data, nil)
		}
	})
	b.Run("peer encoding/csv", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			r := csv.NewReader(bytes.NewReader(data))
			r.ReuseRecord = true
			for {
				if _, err := r.Read(); err == io.EOF {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// readBlocks reads a text; the rows are read by two goroutines, or not at all
// when skip is given.
func readBlocks(b *testing.B, data []byte, skip func(<-chan Block)) {
	f, err := Open("台账.csv", bytes.NewReader(data), int64(len(data)), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	blocks := make(chan Block, 2)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for block := range blocks {
				if skip == nil {
					for row := range block.Rows() {
						if len(row.Cells) != 20 {
							b.Errorf("%d cells", len(row.Cells))
						}
					}
				}
				block.Release()
			}
		})
	}
	for {
		block, err := f.Tables()[0].Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			b.Fatal(err)
		}
		blocks <- block
	}
	close(blocks)
	group.Wait()
}
