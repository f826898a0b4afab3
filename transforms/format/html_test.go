package format

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// pageText is all tables of a page, each under its name.
func pageText(t testing.TB, file []byte) string {
	t.Helper()
	f, err := openBytes(file, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	for i, table := range f.Tables() {
		s := table.Sheet()
		if s.Position != i+1 {
			t.Errorf("table %d stands at %d", i+1, s.Position)
		}
		fmt.Fprintf(&b, "[%s %s", s.Name, s.Encoding)
		if s.Hidden {
			b.WriteString(" hidden")
		}
		b.WriteString("]\n")
		rows, err := printed(t, table)
		b.WriteString(rows)
		if err != nil {
			b.WriteString(err.Error() + "\n")
		}
	}
	return b.String()
}

const exported = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<style><!--table {mso-displayed-decimal-separator:"\."} td{color:red}--></style>
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheet><x:Name>项目台账</x:Name></x:ExcelWorksheet></x:ExcelWorkbook></xml><![endif]--></head>
<body><table border=1>
<tr><td colspan=3>河南省“三个一批”项目台账</td></tr>
<tr><th>序号</th><th>项目&nbsp;名称</th><th>总投资<br>（亿元）</th></tr>
<tr><td x:num>1</td><td style='mso-number-format:"\@"' x:num="410105">0410105</td><td x:num="12.345600000000001">12.3</td></tr>
<tr style='display:none'><td x:num="2">2</td><td>
   郑州   航空港 </td><td x:num="0.12">12%</td>
<tr><td colspan=3></td></tr>
</table></body></html>`

const exportedRows = "1|河南省“三个一批”项目台账|河南省“三个一批”项目台账^|河南省“三个一批”项目台账^\n" +
	"2|序号|项目 名称|总投资\n（亿元）\n3|#1|0410105|#12.3456\n4 hidden|#2|郑州 航空港|12%\n"

func encodedGB(t testing.TB, text string) string {
	b, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func encoded16(t testing.TB, text string) string {
	b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPages(t *testing.T) {
	table := func(rows string) string { return "<table>" + rows + "</table>" }
	for _, test := range []struct{ name, file, want string }{
		{"GB18030, as it says", encodedGB(t, exported), "[项目台账 gb18030]\n" + exportedRows},
		{"UTF-8, which it does not say", exported, "[项目台账 utf-8]\n" + exportedRows},
		{"UTF-8 with a mark", "\xef\xbb\xbf" + exported, "[项目台账 utf-8]\n" + exportedRows},
		{"UTF-16", encoded16(t, exported), "[项目台账 utf-16le]\n" + exportedRows},
		{"GB18030 and no word of it", encodedGB(t, table("<tr><td>市<td>数<tr><td>焦作&amp;济源<td>&#50;")), "[ gb18030]\n1|市|数\n2|焦作&济源|2\n"},
		{"spans", table(`<caption> 合计&amp;明细 </caption><tr><td rowspan="2">市</td><td>甲</td></tr><tr><td>乙</td></tr><tr><td rowspan=2 colspan=2>丙</td><td>1</td></tr><tr><td>2</td></tr><tr><td rowspan=0>丁<td>3</tr><tr><td>4</td></tr>`),
			"[合计&明细 utf-8]\n1|市|甲\n2|市^|乙\n3|丙|丙^|1\n4|丙^|丙^|2\n5|丁|3\n6|丁^|4\n"},
		{"tables for layout", table(`<tr><td>单位</td><td>导出</td></tr><tr><td colspan=2>`+table(`<tr><td>a</td><td>b</td></tr><tr><td>c</td><td>`+table("<tr><td>d<tr><td>e")+`</td></tr>`)+`</td></tr>`) + table("<tr><td>1</td></tr><tr><td>2</td></tr>") + table("<TR><TD>f</TD><TD>g</TD></TR><TR><TD>h</TD><TD>i</TD></TR>"),
			"[ utf-8]\n1|a|b\n2|c|d\ne\n[ utf-8]\n1|f|g\n2|h|i\n"},
		{"scripts and notes", table("<tr><td>a<script>'<td>'</script></td><td>b<!-- <td>x --></td></tr><style>td{}</style><tr><td><p>c</p><p>d</p></td><td><b>e</b>f</td></tr>"), "[ utf-8]\n1|a|b\n2|c\nd|ef\n"},
		{"bytes that are no text", "<table><tr><td>\xd6\xd0<td>b</tr><tr><td>\xff\xff<td>d</tr></table>", "[ gb18030]\n1|中|b\n2 bytes_undecodable \"<tr><td>\\xff\\xff<td>d</tr>\"\n"},
		{"cut short", "<table><tr><td>a<td>b</tr><tr><td>c<td>d</tr><tr><td>e", "[ utf-8]\n1|a|b\n2|c|d\nread 台账.xlsx: the table breaks off in row 3; fetch it again, or open it and save it as .xlsx\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := pageText(t, []byte(test.file)); got != test.want {
				t.Error(cmp.Diff(test.want, got))
			}
		})
	}
}

const book2003 = `<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="Default"/><Style ss:ID="s1"><NumberFormat ss:Format="Short Date"/></Style></Styles>
<Worksheet ss:Name="签约&amp;开工"><Table>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">台账</Data></Cell></Row>
<Row ss:Index="4" ss:Hidden="1"><Cell ss:MergeDown="1"><Data ss:Type="String">南阳</Data><Comment><ss:Data>注</ss:Data></Comment></Cell><Cell ss:StyleID="s1"><Data ss:Type="DateTime">2021-03-05T00:00:00.000</Data></Cell><Cell/><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="Number">0.10000000000000001</Data></Cell><Cell ss:Index="4"><Data ss:Type="Error">#N/A</Data></Cell><Cell><Data ss:Type="String">a&#10;<![CDATA[<b>]]></Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="空"/>
<Worksheet ss:Name="字典"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
</Workbook>`

func TestWorkbookInXML(t *testing.T) {
	want := "[签约&开工 utf-8]\n1|台账|台账^\n4 hidden|南阳|@2021-03-05||?TRUE\n5|南阳^|#0.1||!#N/A|a\n<b>\n[空 utf-8]\n[字典 utf-8 hidden]\n1|x\n"
	if got := pageText(t, []byte(book2003)); got != want {
		t.Error(cmp.Diff(want, got))
	}
}

// A page of many rows comes in several blocks.
func TestLongPage(t *testing.T) {
	var b, want strings.Builder
	b.WriteString("<table>")
	want.WriteString("[ utf-8]\n")
	for i := 1; i <= 3*pageRows+7; i++ {
		fmt.Fprintf(&b, "<tr><td>%d</td><td>信阳</td></tr>", i)
		fmt.Fprintf(&want, "%d|%d|信阳\n", i, i)
	}
	b.WriteString("</table>")
	if got := pageText(t, []byte(b.String())); got != want.String() {
		t.Error("rows differ")
	}
}

func TestLooksLikeHTML(t *testing.T) {
	for _, head := range []string{"<html>", "\r\n <HTML xmlns:o=x>", "\xef\xbb\xbf<table border=1>", "<!DOCTYPE html>", "<meta charset=gbk><table>", `<?xml version="1.0"?><html>`, book2003, encoded16(t, "<table>"), "MIME-Version: 1.0\r\nX-Document-Type: Workbook", "<div><!-- --><table class=x>"} {
		if !looksLikeHTML([]byte(head)) {
			t.Errorf("%.30q is no page", head)
		}
	}
	for _, head := range []string{"", "项目,<table>", "<5,<table", "<项目>,1", "a\tb", `<?xml version="1.0"?><rows/>`, "PK\x03\x04<html>", encoded16(t, "项目,金额")} {
		if looksLikeHTML([]byte(head)) {
			t.Errorf("%.30q is a page", head)
		}
	}
}

func TestBadPages(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"no table", "<html><body>登录超时，请重新登录</body></html>", "read 台账.xlsx: it is a page without a table of rows and columns; check that it is the right file; an export that failed often leaves a page that says why"},
		{"web archive", "MIME-Version: 1.0\r\nContent-Type: multipart/related", "read 台账.xlsx: it is a web archive (.mht); open it and save it as .xlsx"},
		{"endless tag", "<table><tr><td " + strings.Repeat("x", maxToken+1), "read 台账.xlsx: its markup cannot be read: max buffer exceeded; open it and save it as .xlsx"},
	} {
		t.Run(test.name, func(t *testing.T) { wantUnreadable(t, []byte(test.file), Limits{}, "", test.want) })
	}
}
