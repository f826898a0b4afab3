package report

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
)

// grid is a table as all drawings must have it: headings alone, cells as they read.
func grid(t Table) [][]string {
	var rows [][]string
	for _, r := range t.Rows {
		if r.Heading != "" {
			rows = append(rows, []string{r.Heading})
			continue
		}
		var cells []string
		for i, c := range r.Cells {
			cells = append(cells, c.Show(t.Columns[i].Format))
		}
		rows = append(rows, cells)
	}
	return rows
}

func elements(n *html.Node, name string) []*html.Node {
	var found []*html.Node
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == name {
			found = append(found, c)
		}
	}
	return found
}

func textOf(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(out.String())
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func parsed(t *testing.T, d Document) *html.Node {
	t.Helper()
	var out bytes.Buffer
	if err := d.HTML(&out); err != nil {
		t.Fatal(err)
	}
	page, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// The cells of the page are those of the document, whatever they say.
func TestHTMLHoldsTheDocument(t *testing.T) {
	for name, d := range documents() {
		d, err := d.prepared()
		if err != nil {
			t.Fatal(err)
		}
		page := parsed(t, d)
		drawn := 0
		for i, section := range elements(page, "section") {
			if len(d.Tables[i].Rows) == 0 {
				if !strings.Contains(textOf(section), d.Tables[i].Empty) {
					t.Errorf("%s: table %d does not say that it is empty", name, i)
				}
				continue
			}
			drawn++
			var got [][]string
			for _, tr := range elements(elements(section, "tbody")[0], "tr") {
				var cells []string
				for c := range tr.ChildNodes() {
					if c.Type == html.ElementNode {
						cells = append(cells, textOf(c))
					}
				}
				got = append(got, cells)
			}
			if diff := cmp.Diff(grid(d.Tables[i]), got); diff != "" {
				t.Errorf("%s, table %d: %s", name, i, diff)
			}
			// The header covers every column in every row.
			columns := 0
			for _, th := range elements(elements(elements(section, "thead")[0], "tr")[0], "th") {
				span, _ := strconv.Atoi(attribute(th, "colspan"))
				columns += max(span, 1)
			}
			if columns != len(d.Tables[i].Columns) {
				t.Errorf("%s, table %d: the header has %d columns, want %d", name, i, columns, len(d.Tables[i].Columns))
			}
		}
		if want := len(elements(page, "table")); drawn != want {
			t.Errorf("%s: %d tables, want %d", name, drawn, want)
		}
		for _, place := range []string{"title", "h1"} {
			if got := textOf(elements(page, place)[0]); got != d.Heading() {
				t.Errorf("%s: the %s is %q, want %q", name, place, got, d.Heading())
			}
		}
		if got, want := len(elements(page, "li")), len(d.Notes); got != want {
			t.Errorf("%s: %d notes, want %d", name, got, want)
		}
	}
}

// ownStyle is what columns and tables say of their width in print.
var ownStyle = regexp.MustCompile(`^--(share: \d+\.\d\d%|letters: \d\.\dpt)$`)

// The page is whole in itself: nothing runs in it and nothing is fetched for it.
func TestHTMLIsHarmless(t *testing.T) {
	for name, d := range documents() {
		page := parsed(t, d)
		for _, element := range []string{"script", "img", "link", "iframe", "object", "embed", "a", "form", "base", "svg", "b"} {
			if found := elements(page, element); len(found) > 0 {
				t.Errorf("%s: the page has <%s>", name, element)
			}
		}
		for n := range page.Descendants() {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" || a.Key == "style" && !ownStyle.MatchString(a.Val) {
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				}
			}
		}
		style := textOf(elements(page, "style")[0])
		if strings.Contains(style, "url(") || strings.Contains(style, "@import") || strings.Contains(style, "ZgotmplZ") {
			t.Errorf("%s: the style is %s", name, style)
		}
		for _, want := range []string{"size: A4 landscape", "table-header-group", "counter(pages)", "@media print"} {
			if !strings.Contains(style, want) {
				t.Errorf("%s: the style lacks %q", name, want)
			}
		}
		lang := map[string]string{"zh": "zh-CN", "en": "en"}[d.Lang]
		if got := attribute(elements(page, "html")[0], "lang"); got != lang {
			t.Errorf("%s: lang is %q", name, got)
		}
		if got := strings.Contains(style, `"合成数据 synthetic"`); got != d.Synthetic {
			t.Errorf("%s: the mark on every page: %t", name, got)
		}
	}
}

func opened(t *testing.T, d Document) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := d.XLSX(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// headerRow is the row of a sheet in which its header begins.
func headerRow(t Table) int {
	if t.Caption == "" {
		return 3
	}
	return 4
}

// Cells read as in the document, and are what they read as: numbers, days and texts.
func TestXLSXHoldsTheDocument(t *testing.T) {
	for name, d := range documents() {
		d, err := d.prepared()
		if err != nil {
			t.Fatal(err)
		}
		f := opened(t, d)
		for i, table := range d.Tables {
			if got := f.GetSheetName(i); got != table.Name {
				t.Errorf("%s: sheet %d is %q, want %q", name, i, got, table.Name)
			}
			if got, _ := f.GetCellValue(table.Name, "A1"); got != d.Heading() {
				t.Errorf("%s: the title is %q", name, got)
			}
			row := headerRow(table) + table.headerRows()
			for _, r := range table.Rows {
				for k, c := range r.Cells {
					place, format := at(k+1, row), table.Columns[k].Format
					if got, err := f.GetCellValue(table.Name, place); err != nil || got != c.Show(format) {
						t.Errorf("%s, %s %s: got %q, want %q (%v)", name, table.Name, place, got, c.Show(format), err)
					}
					kind, _ := f.GetCellType(table.Name, place)
					isText := kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString
					if isText != (c.kind == words || c.kind == unknown) {
						t.Errorf("%s, %s %s: %q is of type %d", name, table.Name, place, c.Show(format), kind)
					}
					if formula, _ := f.GetCellFormula(table.Name, place); formula != "" {
						t.Errorf("%s, %s %s: there is the formula %q", name, table.Name, place, formula)
					}
				}
				if r.Heading != "" {
					if got, _ := f.GetCellValue(table.Name, at(1, row)); got != r.Heading {
						t.Errorf("%s: the heading is %q, want %q", name, got, r.Heading)
					}
				}
				row++
			}
			if len(table.Rows) == 0 {
				if got, _ := f.GetCellValue(table.Name, at(1, row)); got != table.Empty {
					t.Errorf("%s: an empty table says %q", name, got)
				}
				row++
			}
			for n, note := range append(append([]string{}, d.Notes...), d.Source) {
				if n < len(d.Notes) {
					note = strconv.Itoa(n+1) + ". " + note
				}
				if got, _ := f.GetCellValue(table.Name, at(1, row+1+n)); got != note {
					t.Errorf("%s: note %d is %q, want %q", name, n, got, note)
				}
			}
		}
	}
}

// A rate keeps the fifteen digits of a spreadsheet, so that it can be computed with.
func TestXLSXKeepsDigits(t *testing.T) {
	f := opened(t, bulletin("zh").Document())
	got, err := f.GetCellValue("推进情况", "D7", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := strconv.ParseFloat(got, 64); err != nil || math.Abs(v-40.0/68) > 1e-15 {
		t.Errorf("got %q, want 40/68", got)
	}
}

func TestXLSXHeader(t *testing.T) {
	f := opened(t, bulletin("zh").Document())
	merged, err := f.GetMergeCells("推进情况")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range merged {
		got[m.GetStartAxis()+":"+m.GetEndAxis()] = m.GetCellValue()
	}
	for span, want := range map[string]string{
		"A1:V1": "【合成数据 synthetic】2021年6月山西省开发区“三个一批”项目推进情况通报",
		"A2:V2": "分市情况", "A3:K3": "截至2021年6月30日", "L3:V3": "单位：个、亿元、%",
		"A4:A5": "市", "B4:G4": "开工率", "H4:M4": "投产率", "N4:S4": "达效率", "T4:V4": "报送情况",
	} {
		if got[span] != want {
			t.Errorf("%s: got %q, want %q; merged are %v", span, got[span], want, got)
		}
	}
}

func TestXLSXPrints(t *testing.T) {
	for name, d := range documents() {
		f := opened(t, d)
		names := map[string]string{}
		for _, n := range f.GetDefinedName() {
			names[n.Scope+" "+n.Name] = n.RefersTo
		}
		for _, table := range d.Tables {
			layout, err := f.GetPageLayout(table.Name)
			if err != nil || *layout.Size != 9 || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
				t.Errorf("%s: the page is %+v, %v", name, layout, err)
			}
			if props, err := f.GetSheetProps(table.Name); err != nil || props.FitToPage == nil || !*props.FitToPage {
				t.Errorf("%s: the sheet is not fitted to the page (%v)", name, err)
			}
			foot, err := f.GetHeaderFooter(table.Name)
			pages := map[string]string{"zh": "&C第 &P 页 共 &N 页", "en": "&CPage &P of &N"}[d.Lang]
			if err != nil || foot.OddFooter != pages || (foot.OddHeader == "&R合成数据 synthetic") != d.Synthetic {
				t.Errorf("%s: header and footer are %+v, %v", name, foot, err)
			}
			first := headerRow(table)
			sheet := "'" + table.Name + "'!"
			titles := sheet + "$" + strconv.Itoa(first) + ":$" + strconv.Itoa(first+table.headerRows()-1)
			if got := names[table.Name+" _xlnm.Print_Titles"]; got != titles {
				t.Errorf("%s: %q is repeated, want %q", name, got, titles)
			}
			last := first + table.headerRows() - 1 + max(len(table.Rows), 1) + 1 + len(d.Notes) + 1
			area := sheet + "$A$1:$" + letters(len(table.Columns)) + "$" + strconv.Itoa(last)
			if got := names[table.Name+" _xlnm.Print_Area"]; got != area {
				t.Errorf("%s: %q is printed, want %q", name, got, area)
			}
		}
		props, err := f.GetDocProps()
		if err != nil || props.Title != d.Heading() || props.Created != "2022-03-01T00:00:00Z" {
			t.Errorf("%s: the properties are %+v, %v", name, props, err)
		}
	}
}

func TestEqualDocumentsAreEqualFiles(t *testing.T) {
	for name, write := range map[string]func(Document, *bytes.Buffer) error{
		"html": func(d Document, out *bytes.Buffer) error { return d.HTML(out) },
		"xlsx": func(d Document, out *bytes.Buffer) error { return d.XLSX(out) },
	} {
		var one, two bytes.Buffer
		if err := errors.Join(write(bulletin("zh").Document(), &one), write(bulletin("zh").Document(), &two)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: the files differ", name)
		}
	}
}

// A disk that is full is an error that says what to do.
func TestWriteErrors(t *testing.T) {
	d := bulletin("zh").Document()
	for name, err := range map[string]error{"text": d.Text(full{}, 80), "html": d.HTML(full{}), "xlsx": d.XLSX(full{})} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

var errFull = errors.New("no room")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
