package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// printed is a table as text: a line a row, with marks for what the file says
// of a cell.
func printed(t testing.TB, table Table) (string, error) {
	t.Helper()
	var b strings.Builder
	marks := map[Kind]string{Number: "#", Day: "@", Boolean: "?", Fault: "!"}
	for {
		block, err := table.Next()
		if err == io.EOF {
			return b.String(), nil
		} else if err != nil {
			return b.String(), err
		}
		for row := range block.Rows() {
			fmt.Fprintf(&b, "%d", row.Line)
			if row.Hidden {
				b.WriteString(" hidden")
			}
			if row.Damage != "" {
				fmt.Fprintf(&b, " %s %q", row.Damage, row.Raw)
			}
			for _, c := range row.Cells {
				b.WriteString("|" + marks[c.Kind] + string(c.Text))
				if c.Merged {
					b.WriteString("^")
				}
			}
			b.WriteString("\n")
		}
		block.Release()
	}
}

func openBytes(b []byte, limits Limits) (File, error) {
	return Open("台账.xlsx", bytes.NewReader(b), int64(len(b)), limits)
}

// withSheet is a workbook of one sheet, whose rows are given, and of a table of
// strings.
func withSheet(rows, shared string) map[string]string {
	parts := bookParts("", "项目台账")
	parts["xl/worksheets/sheet1.xml"] = `<worksheet xmlns="` + mainSpace + `"><dimension ref="A1"/><sheetData>` + rows + `</sheetData></worksheet>`
	parts["xl/sharedStrings.xml"] = `<sst xmlns="` + mainSpace + `">` + shared + `</sst>`
	return parts
}

func row(n int, cells string) string { return fmt.Sprintf(`<row r="%d">%s</row>`, n, cells) }

// sheets are given as rows and shared strings, or as a whole part.
var goodSheets = []struct {
	name, rows, shared, want string
}{
	{"shared strings", row(1, `<c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c>`),
		`<si><t>项目名称</t></si><si><t xml:space="preserve"> 郑州航空港 </t></si>`, "1| 郑州航空港 |项目名称\n"},
	{"rich text, and its reading left out", row(1, `<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>`),
		`<si><r><rPr><b/></rPr><t>总投资</t></r><r><t>（亿元）</t></r><rPh sb="0" eb="2"><t>zong</t></rPh><phoneticPr fontId="1"/></si><si/><si><t/></si>`, "1|总投资（亿元）\n"},
	{"inline strings", row(1, `<c r="A1" t="inlineStr"><is><t>洛阳</t></is></c><c r="B1" t="inlineStr"><is><r><t>新</t></r><r><t>安县</t></r></is></c>`), "", "1|洛阳|新安县\n"},
	{"formulas by their cached value", row(1, `<c r="A1" t="str"><f>A2&amp;"&lt;v>"</f><v>宜阳&amp;伊川</v></c><c r="B1"><f t="shared" ref="B1:B2" si="0">1+1</f><v>2</v></c><c r="C1"><f t="shared" si="0"/><v>2.5</v></c><c r="D1"><f>SUM(A1)</f></c>`), "",
		"1|宜阳&伊川|#2|#2.5\n"},
	{"booleans and faults", row(1, `<c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#REF!</v></c>`), "", "1|?TRUE|?FALSE|!#REF!\n"},
	{"numbers", row(1, `<c r="A1"><v>0.10000000000000001</v></c><c r="B1"><v>1.2E+5</v></c><c r="C1"><v>123456789012345678</v></c><c r="D1"><v>0.30000000000000004</v></c><c r="E1"><v>-1.50</v></c><c r="F1" t="n"><v>3.0</v></c><c r="G1"><v> 7 </v></c><c r="H1"><v>-0</v></c>`), "",
		"1|#0.1|#120000|#123456789012345678|#0.3|#-1.5|#3|#7|#0\n"},
	{"days", row(1, `<c r="A1" s="1"><v>44260</v></c><c r="B1" s="2"><v>44260.75</v></c><c r="C1" s="4"><v>1</v></c><c r="D1" s="3"><v>1.5</v></c><c r="E1" s="1"><v>0.5</v></c><c r="F1" s="1"><v>60</v></c><c r="G1" s="1"><v>61</v></c><c r="H1" s="1"><v>-3</v></c><c r="I1" s="1"><v>2958465</v></c><c r="J1" s="1"><v>2958466</v></c><c r="K1" s="1"><v>4.4260000000000002E4</v></c><c r="L1" s="1" t="s"><v>0</v></c><c r="M1" t="d"><v>2021-03-05T00:00:00</v></c>`),
		`<si><t>2021年3月</t></si>`, "1|@2021-03-05|@2021-03-05|@1900-01-01|#1.5|#0.5|#60|@1900-03-01|#-3|@9999-12-31|#2958466|@2021-03-05|2021年3月|@2021-03-05\n"},
	{"left-out cells and rows", row(3, `<c r="C3"><v>1</v></c>`) + row(7, `<c r="A7"><v>2</v></c><c r="AA7"><v>3</v></c>`), "", "3|||#1\n7|#2" + strings.Repeat("|", 26) + "#3\n"},
	{"blank rows", row(1, `<c r="A1" s="1"/>`) + `<row r="2"/>` + row(3, `<c r="A3"><v></v></c>`) + row(4, `<c r="A4"><v>1</v></c><c r="B4" s="1"/>`), "", "4|#1\n"},
	{"no references", `<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="5"><c><v>3</v></c></row><row><c r="B6"><v>4</v></c><c><v>5</v></c></row>`, "", "1|#1||#2\n5|#3\n6||#4|#5\n"},
	{"hidden rows", `<row r="1" spans='1:2' ht="15" hidden="1"><c r="A1"><v>1</v></c></row><row hidden="0" r="2"><c r="A2"><v>2</v></c></row>`, "", "1 hidden|#1\n2|#2\n"},
	{"entities and escapes", row(1, `<c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><v>a_x000D_&#10;b&#x4e2d;&lt;&nbsp;</v></c><c r="C1" t="inlineStr"><is><t>_x005F_x000D_ _xD83D__xDE00_ _x00_&#0;</t></is></c>`),
		"<si><t>一\r\n二&amp;amp;</t></si>", "1|一\n二&amp;|a\r\nb中<&nbsp;|_x000D_ 😀 _x00_&#0;\n"},
	{"quotes, comments and sections", `<!-- <c> --><row r='1'><c s='1' r='A1' t='str'><v><![CDATA[a<b]]></v></c><!--x--><c r="B1" xml:space="preserve"><v xml:space="preserve">5</v><extLst><ext uri="x"/></extLst></c></row>`, "", "1|a<b|#5\n"},
	{"cells out of order", row(1, `<c r="C1"><v>3</v></c><c r="A1"><v>1</v></c>`), "", "1|#1||#3\n"},
	{"damaged rows are kept", row(1, `<c r="A1" t="s"><v>9</v></c>`) + `<row r="2"><c r="A2"><v>1</v>` + row(3, `<c r="A3"><v>1</v></c>`) + row(4, `<c r="!4"><v>1</v></c>`) + row(5, `<c r="A5" t="str"><v>`+"\xd6\xd0"+`</v></c>`) + row(6, `<c r="XFE6"><v>1</v></c>`) + row(7, `<c r="A7"><v>2</v></c>`), "",
		`1 row_malformed "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row>"` + "\n" +
			`2 row_malformed "<row r=\"2\"><c r=\"A2\"><v>1</v>"` + "\n3|#1\n" +
			`4 row_malformed "<row r=\"4\"><c r=\"!4\"><v>1</v></c></row>"` + "\n" +
			`5 bytes_undecodable "<row r=\"5\"><c r=\"A5\" t=\"str\"><v>\xd6\xd0</v></c></row>"` + "\n" +
			`6 row_malformed "<row r=\"6\"><c r=\"XFE6\"><v>1</v></c></row>"` + "\n7|#2\n"},
}

func TestSheets(t *testing.T) {
	for _, test := range goodSheets {
		t.Run(test.name, func(t *testing.T) {
			for _, prefix := range []string{"", "x:"} {
				parts := withSheet(test.rows, test.shared)
				if prefix != "" {
					for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"} {
						parts[name] = prefixed(parts[name])
					}
				}
				if got := onlySheet(t, zipped(t, parts)); got != unprefixed(test.want, prefix) {
					t.Errorf("with prefix %q:\n%s", prefix, cmp.Diff(unprefixed(test.want, prefix), got))
				}
			}
		})
	}
}

// prefixed writes every element with x:.
func prefixed(part string) string {
	return strings.NewReplacer("<!", "<!", "</", "</x:", "<![", "<![", "<v>\"", "<v>\"", "a<b", "a<b", "<", "<x:").Replace(part)
}

// unprefixed is what is wanted of a prefixed part: its damaged rows are printed
// as they stand.
func unprefixed(want, prefix string) string {
	if prefix == "" {
		return want
	}
	lines := strings.Split(want, "\n")
	for i, line := range lines {
		if strings.Contains(line, "row_malformed") || strings.Contains(line, "bytes_undecodable") {
			lines[i] = prefixed(line)
		}
	}
	return strings.Join(lines, "\n")
}

func onlySheet(t testing.TB, book []byte) string {
	t.Helper()
	f, err := openBytes(book, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := printed(t, f.Tables()[0])
	if err != nil {
		t.Fatal(err)
	}
	return got
}

var mergedSheets = []struct {
	name, rows, merges, want string
}{
	{"down", row(1, `<c r="A1" t="str"><v>郑州</v></c><c r="B1"><v>1</v></c>`) + row(2, `<c r="A2" s="1"/><c r="B2"><v>2</v></c>`) + row(4, `<c r="B4"><v>4</v></c>`) + row(5, `<c r="B5"><v>5</v></c>`),
		`<mergeCell ref="A1:A4"/>`, "1|郑州|#1\n2|郑州^|#2\n4|郑州^|#4\n5||#5\n"},
	{"across", row(1, `<c r="A1" t="str"><v>投资</v></c><c r="D1"><v>9</v></c>`), `<mergeCell ref="A1:C1"/>`, "1|投资|投资^|投资^|#9\n"},
	{"a title across to the end", row(1, `<c r="A1" t="str"><v>台账</v></c>`), `<mergeCell ref="A1:C1"/>`, "1|台账|台账^|台账^\n"},
	{"a title over whole rows", row(1, `<c r="A1" t="str"><v>台账</v></c>`), `<mergeCell ref="A1:XFD1"/>`, "1|台账\n"},
	{"a block, and days", row(1, `<c r="B1" s="1"><v>44260</v></c>`) + row(2, `<c r="A2"><v>1</v></c>`), `<mergeCell ref="$B$1:$C$2"/>`, "1||@2021-03-05|@2021-03-05^\n2|#1|@2021-03-05^|@2021-03-05^\n"},
	{"an empty first cell", row(1, `<c r="B1"><v>1</v></c>`) + row(2, `<c r="A2"><v>2</v></c>`), `<mergeCell ref="A1:A2"/>`, "1||#1\n2|#2\n"},
	{"text under a merged range", row(1, `<c r="A1"><v>1</v></c>`) + row(2, `<c r="A2"><v>2</v></c><c r="B2"><v>3</v></c>`), `<mergeCell ref="A1:A2"/>`, "1|#1\n2|#1^|#3\n"},
	{"rows that are merged whole", row(1, `<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>`) + row(2, `<c r="A2" s="1"/><c r="B2" s="1"/>`), `<mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/>`, "1|#1|#2\n"},
	{"overlapping, and out of shape", row(1, `<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>`) + row(2, `<c r="C2"><v>3</v></c>`), `<mergeCell ref="A1:A2"/><mergeCell ref="A1:B2"/><mergeCell ref="B1"/><mergeCell ref="Z:!"/><mergeCell/><mergeCell ref="B2:A1"/>`, "1|#1|#2\n2|#1^||#3\n"},
}

func TestMergedRanges(t *testing.T) {
	for _, test := range mergedSheets {
		t.Run(test.name, func(t *testing.T) {
			parts := withSheet(test.rows, "")
			parts["xl/worksheets/sheet1.xml"] = strings.Replace(parts["xl/worksheets/sheet1.xml"], "</worksheet>", "<mergeCells>"+test.merges+"</mergeCells></worksheet>", 1)
			if got := onlySheet(t, zipped(t, parts)); got != test.want {
				t.Error(cmp.Diff(test.want, got))
			}
		})
	}
}

// A merged range may begin in one block and end many blocks later, beside others
// that do the same.
func TestMergedRangesAcrossBlocks(t *testing.T) {
	const rows = 30_000
	var sheet, merges, want strings.Builder
	filling := strings.Repeat("工", 30)
	for r := 1; r <= rows; r++ {
		fmt.Fprintf(&sheet, `<row r="%d"><c r="A%d" t="str"><v>市%d</v></c><c r="B%d" t="str"><v>县%d</v></c><c r="C%d" t="str"><v>%s</v></c></row>`, r, r, r, r, r, r, filling)
		city, county := r-(r-1)%7001, r-(r-1)%13
		mark := func(first int) string {
			if first == r {
				return ""
			}
			return "^"
		}
		fmt.Fprintf(&want, "%d|市%d%s|县%d%s|%s\n", r, city, mark(city), county, mark(county), filling)
		if city == r {
			fmt.Fprintf(&merges, `<mergeCell ref="A%d:A%d"/>`, r, r+7000)
		}
		if county == r {
			fmt.Fprintf(&merges, `<mergeCell ref="B%d:B%d"/>`, r, r+12)
		}
	}
	parts := withSheet(sheet.String(), "")
	parts["xl/worksheets/sheet1.xml"] = strings.Replace(parts["xl/worksheets/sheet1.xml"], "</worksheet>", "<mergeCells>"+merges.String()+"</mergeCells></worksheet>", 1)
	if got := onlySheet(t, zipped(t, parts)); got != want.String() {
		t.Errorf("merged cells across blocks differ")
	}
}

func TestSheetList(t *testing.T) {
	parts := bookParts(` date1904="1"`, "一季度", "二季度&amp;三季度", "图", "旧表")
	parts["xl/workbook.xml"] = strings.NewReplacer(`sheetId="2"`, `sheetId="2" state="hidden"`, `sheetId="4"`, `sheetId="4" state="veryHidden"`).Replace(parts["xl/workbook.xml"])
	parts["xl/_rels/workbook.xml.rels"] = strings.Replace(parts["xl/_rels/workbook.xml.rels"], `Id="rId3" Type="`+officeRels+"worksheet", `Id="rId3" Type="`+officeRels+"chartsheet", 1)
	parts["xl/sharedStrings.xml"] = "<sst/>"
	for i := 1; i <= 4; i++ {
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i)] = `<worksheet><sheetData><row r="1"><c r="A1" s="1"><v>42798</v></c></row></sheetData></worksheet>`
	}
	f, err := openBytes(zipped(t, parts), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []Sheet
	for _, table := range f.Tables() {
		got = append(got, table.Sheet())
		if rows, err := printed(t, table); err != nil || rows != "1|@2021-03-05\n" {
			t.Errorf("sheet %s: %q, %v", table.Sheet().Name, rows, err)
		}
	}
	want := []Sheet{
		{Name: "一季度", Position: 1, Date1904: true},
		{Name: "二季度&三季度", Position: 2, Hidden: true, Date1904: true},
		{Name: "旧表", Position: 4, Hidden: true, Date1904: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The strict edition of the standard has other namespaces, some programs write
// backslashes, and a workbook with macros is one with another name.
func TestOtherWriters(t *testing.T) {
	for name, change := range map[string]func(map[string]string){
		"strict": func(parts map[string]string) {
			for part, text := range parts {
				parts[part] = strings.NewReplacer(officeRels, "http://purl.oclc.org/ooxml/officeDocument/relationships/",
					"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships",
					mainSpace, "http://purl.oclc.org/ooxml/spreadsheetml/main").Replace(text)
			}
		},
		"backslashes": func(parts map[string]string) {
			for part, text := range maps.Clone(parts) {
				delete(parts, part)
				parts[strings.ReplaceAll(part, "/", `\`)] = text
			}
		},
		"macros":           func(parts map[string]string) { parts["xl/vbaProject.bin"] = "\xd0\xcf\x11\xe0 Sub AutoOpen()" },
		"no package links": func(parts map[string]string) { delete(parts, "_rels/.rels") },
	} {
		t.Run(name, func(t *testing.T) {
			parts := withSheet(row(1, `<c r="A1" t="s"><v>0</v></c>`), `<si><t>许昌</t></si>`)
			change(parts)
			if got := onlySheet(t, zipped(t, parts)); got != "1|许昌\n" {
				t.Errorf("got %q", got)
			}
		})
	}
}

var badWorkbooks = []struct {
	name   string
	change func(parts map[string]string)
	rows   string // those before the damage
	want   string
}{
	{"binary workbook", func(p map[string]string) { delete(p, "xl/workbook.xml"); p["xl/workbook.bin"] = "\x83\x01" }, "",
		"read 台账.xlsx: it is a binary workbook (.xlsb); open it and save it as .xlsx"},
	{"OpenDocument", func(p map[string]string) {
		clear(p)
		p["mimetype"], p["content.xml"] = "application/vnd.oasis.opendocument.spreadsheet", "<x/>"
	}, "", "read 台账.xlsx: it is an OpenDocument spreadsheet (.ods); open it and save it as .xlsx"},
	{"Word document", func(p map[string]string) {
		clear(p)
		p["_rels/.rels"] = `<Relationships><Relationship Id="rId1" Type="` + officeRels + `officeDocument" Target="word/document.xml"/></Relationships>`
		p["word/document.xml"] = "<x/>"
	}, "", "read 台账.xlsx: it is a Word document (.docx); copy its table into a workbook and save that as .xlsx"},
	{"another zip", func(p map[string]string) { clear(p); p["2021/台账.csv"] = "a,b" }, "",
		"read 台账.xlsx: it is a zip archive with 2021/台账.csv in it and no workbook; unpack it and give the files that it holds"},
	{"an empty zip", func(p map[string]string) { clear(p) }, "", "read 台账.xlsx: it is an empty zip archive; check that it is the right file"},
	{"no workbook part", func(p map[string]string) { delete(p, "xl/workbook.xml") }, "",
		"read 台账.xlsx: the workbook has lost its part xl/workbook.xml; fetch it again, or open it and save it anew"},
	{"a list of sheets out of shape", func(p map[string]string) { p["xl/workbook.xml"] = "<workbook><sheets>" }, "",
		"read 台账.xlsx: its list of sheets cannot be read: xl/workbook.xml: XML syntax error on line 1: unexpected EOF; fetch it again, or open it and save it anew"},
	{"no sheets", func(p map[string]string) { p["xl/workbook.xml"] = "<workbook><sheets/></workbook>" }, "",
		"read 台账.xlsx: the workbook has no sheet with cells; check that it is the right file"},
	{"a list of sheets in UTF-16", func(p map[string]string) { p["xl/workbook.xml"] = "\xff\xfe<\x00w\x00" }, "",
		"read 台账.xlsx: its list of sheets cannot be read: xl/workbook.xml: its XML is written in UTF-16; fetch it again, or open it and save it anew"},
	{"no sheet part", func(p map[string]string) { delete(p, "xl/worksheets/sheet1.xml") }, "",
		"read 台账.xlsx, sheet 项目台账: the sheet cannot be read: xl/worksheets/sheet1.xml: the part is missing; open the workbook and save it anew"},
	{"no strings part", func(p map[string]string) { delete(p, "xl/sharedStrings.xml") }, "",
		"read 台账.xlsx, sheet 项目台账: the workbook's strings cannot be read: xl/sharedStrings.xml: the part is missing; open the workbook and save it anew"},
	{"strings cut short", func(p map[string]string) { p["xl/sharedStrings.xml"] = "<sst><si><t>许昌</t></si><si><t>禹" }, "",
		"read 台账.xlsx, sheet 项目台账: the workbook's strings cannot be read: xl/sharedStrings.xml: it ends in the middle; open the workbook and save it anew"},
	{"strings that are no text", func(p map[string]string) { p["xl/sharedStrings.xml"] = "<sst><si><t>\xd0\xed\xb2\xfd</t></si></sst>" }, "",
		"read 台账.xlsx, sheet 项目台账: the workbook's strings cannot be read: xl/sharedStrings.xml: string 0: its text is not UTF-8; open the workbook and save it anew"},
	{"formats out of shape", func(p map[string]string) { p["xl/styles.xml"] = "<styleSheet><numFmts" }, "",
		"read 台账.xlsx, sheet 项目台账: the workbook's cell formats cannot be read: xl/styles.xml: XML syntax error on line 1: unexpected EOF; open the workbook and save it anew"},
	{"a sheet cut short", func(p map[string]string) {
		p["xl/worksheets/sheet1.xml"] = "<worksheet><sheetData>" + row(1, `<c r="A1"><v>1</v></c>`) + row(4, `<c r="A4"><v>2</v></c>`) + `<row r="5"><c r="A5"><v>3`
	}, "1|#1\n4|#2\n", "read 台账.xlsx, sheet 项目台账: the sheet is damaged after row 4: it ends in the middle; open the workbook and save it anew"},
	{"a sheet that is none", func(p map[string]string) { p["xl/worksheets/sheet1.xml"] = "<chart/>" }, "",
		"read 台账.xlsx, sheet 项目台账: the sheet cannot be read: it is no sheet: nothing in it holds rows; open the workbook and save it anew"},
	{"a sheet in UTF-16", func(p map[string]string) { p["xl/worksheets/sheet1.xml"] = "\xfe\xff\x00<\x00w" }, "",
		"read 台账.xlsx, sheet 项目台账: the sheet cannot be read: its XML is written in UTF-16; open the workbook and save it anew"},
}

func TestBadWorkbooks(t *testing.T) {
	for _, test := range badWorkbooks {
		t.Run(test.name, func(t *testing.T) {
			parts := withSheet(row(1, `<c r="A1"><v>1</v></c>`), "")
			test.change(parts)
			wantUnreadable(t, zipped(t, parts), Limits{}, test.rows, test.want)
		})
	}
}

// wantUnreadable opens a file and reads its first table.
func wantUnreadable(t *testing.T, file []byte, limits Limits, rows, want string) {
	t.Helper()
	f, err := openBytes(file, limits)
	got := ""
	if err == nil {
		got, err = printed(t, f.Tables()[0])
		if _, again := f.Tables()[0].Next(); !errors.Is(again, err) {
			t.Errorf("asked again, it says %v", again)
		}
	}
	unreadable := (*UnreadableError)(nil)
	if !errors.As(err, &unreadable) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if got != rows {
		t.Errorf("rows before the damage: %.200q, want %.200q", got, rows)
	}
}
