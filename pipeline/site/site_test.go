package site

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	models "github.com/sanpi-data/sanpi/sql"
)

// edition is a version made for tests, with its pages.
type edition struct {
	dir   string
	db    *sql.DB
	of    Edition
	pages Files
	nodes map[string]*html.Node
}

// The editions of the tests: the shipped data alone; with ledgers of an office, whose
// names are hostile, and a bulletin of its own; and with generated ledgers.
var (
	plain     = sync.OnceValue(func() *edition { return newEdition(nil, nil) })
	office    = sync.OnceValue(func() *edition { return newEdition(officeLedgers, officeBulletin) })
	synthetic = sync.OnceValue(func() *edition { return newEdition(syntheticLedgers, nil) })
)

const hostile = `<script>alert("开发区")</script>&amp;'"项目`

const ledgerHeader = "项目名称,所在开发区,所在市,行业,投资方,总投资(亿元),预计年产值(亿元),实际年产值(亿元),签约日期,签约期次,开工日期,投产日期,存在问题,备注\n"

// Three months of a real-style ledger; the second month is silent.
var officeLedgers = map[string]string{
	"台账2022-01-31.csv": ledgerHeader +
		`"` + strings.ReplaceAll(hostile, `"`, `""`) + `",襄垣经济技术开发区,长治市,装备制造,"<b>甲</b>公司",12.5,3.2,,2021-01-01,2021-1,2021-06-01,,,` + "\n" +
		"年产五万吨铝材项目,襄垣经济技术开发区,长治市,有色金属,乙公司,8,4,,2021-01-01,2021-1,,,用地指标不足,\n",
	"台账2022-03-31.csv": ledgerHeader +
		`"` + strings.ReplaceAll(hostile, `"`, `""`) + `",襄垣经济技术开发区,长治市,装备制造,"<b>甲</b>公司",12.5,3.2,1.6,2021-01-01,2021-1,2021-06-01,2022-02-20,,` + "\n" +
		"年产五万吨铝材项目,襄垣经济技术开发区,长治市,有色金属,乙公司,8,4,,2021-01-01,2021-1,,,<img src=x onerror=alert(1)>,\n" +
		"智慧物流园项目,晋城经济技术开发区,晋城市,物流,丙公司,,,,2022-02-26,2022-1,2022-03-01,,,\n",
}

var syntheticLedgers = map[string]string{
	"合成台账2022-03-31.csv": "合成数据 synthetic 台账\n" + ledgerHeader +
		"合成铝材项目,襄垣经济技术开发区,长治市,有色金属,甲公司,8,4,,2021-01-01,2021-1,2021-05-01,,,合成数据 synthetic\n",
}

var officeBulletin = map[string]string{
	"page.txt": "临汾市举行2022年第一次“三个一批”活动\n\n2月26日，临汾市开发区2022年第一次“三个一批”活动举行。全市签约项目33个，总投资354.7亿元；开工项目20个，总投资93.46亿元。\n",
}

// scratch is removed after all tests.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "sanpi-site-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

func newEdition(ledgers, bulletins map[string]string) *edition {
	dir, err := os.MkdirTemp(scratch, "edition-")
	must(err)
	plan := pipeline.Plan{
		Warehouse: filepath.Join(dir, "warehouse"), Datasets: []fs.FS{datasets.FS}, SQL: models.FS, Program: "test", Code: "test", Workers: 2,
		Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Log: slog.New(slog.DiscardHandler),
	}
	for name, text := range ledgers {
		file := filepath.Join(dir, name)
		must(os.WriteFile(file, []byte(text), 0o644))
		plan.Ledgers = append(plan.Ledgers, pipeline.LedgerAddress{Campaign: "shanxi", Address: file})
	}
	for name, text := range bulletins {
		file := filepath.Join(dir, name)
		must(os.WriteFile(file, []byte(text), 0o644))
		plan.Bulletins = append(plan.Bulletins, pipeline.BulletinAddress{Campaign: "shanxi", Address: file})
	}
	_, err = pipeline.Run(context.Background(), plan)
	must(err)
	e := &edition{nodes: map[string]*html.Node{}}
	e.dir, err = warehouse.Current(plan.Warehouse)
	must(err)
	m, err := warehouse.ReadManifest(e.dir)
	must(err)
	e.of = EditionOf(m)
	e.db, err = engine.OpenReadOnly(filepath.Join(e.dir, "sanpi.duckdb"))
	must(err)
	e.pages, err = Pages(context.Background(), e.db, e.of, nil)
	must(err)
	for name, data := range e.pages {
		if strings.HasSuffix(name, ".html") {
			node, err := html.Parse(bytes.NewReader(data))
			must(err)
			e.nodes[name] = node
		}
	}
	return e
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// all are the editions by name.
func all() map[string]*edition {
	return map[string]*edition{"plain": plain(), "office": office(), "synthetic": synthetic()}
}

// page is a page that must be there.
func (e *edition) page(t *testing.T, name string) *html.Node {
	t.Helper()
	node := e.nodes[name]
	if node == nil {
		t.Fatalf("there is no page %s", name)
	}
	return node
}

// ask runs a query of the test's own and returns its rows as texts.
func (e *edition) ask(t *testing.T, query string) [][]string {
	t.Helper()
	rows, err := e.db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var answer [][]string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(columns))
		for i, v := range values {
			switch v := (*v.(*any)).(type) {
			case nil:
				row[i] = "unknown"
			case float64:
				row[i] = machine(v)
			default:
				row[i] = fmt.Sprint(v)
			}
		}
		answer = append(answer, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return answer
}

// find returns the elements below a node that a test wants.
func find(node *html.Node, want func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range node.Descendants() {
		if n.Type == html.ElementNode && want(n) {
			found = append(found, n)
		}
	}
	return found
}

func named(tag string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == tag }
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func byID(t *testing.T, node *html.Node, id string) *html.Node {
	t.Helper()
	found := find(node, func(n *html.Node) bool { value, ok := attribute(n, "id"); return ok && value == id })
	if len(found) != 1 {
		t.Fatalf("%d elements have the id %s", len(found), id)
	}
	return found[0]
}

func textOf(node *html.Node) string {
	var b strings.Builder
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// valuesOf are the rows of a table's body: of each cell its exact number, else
// "unknown" for a dash that says why, else its text.
func valuesOf(t *testing.T, page *html.Node, table string) [][]string {
	t.Helper()
	var rows [][]string
	body := find(byID(t, page, table), named("tbody"))
	if len(body) != 1 {
		t.Fatalf("the table %s has %d bodies", table, len(body))
	}
	for _, tr := range find(body[0], named("tr")) {
		var row []string
		for _, c := range find(tr, func(n *html.Node) bool { return n.Data == "td" || n.Data == "th" }) {
			unknown := find(c, func(n *html.Node) bool { class, _ := attribute(n, "class"); return n.Data == "abbr" && class == "na" })
			value, ok := attribute(c, "data-value")
			switch {
			case len(unknown) > 0 && ok:
				t.Errorf("%s: a cell is unknown and has the value %s", table, value)
			case len(unknown) > 0:
				if why, _ := attribute(unknown[0], "title"); why == "" || textOf(unknown[0]) != "—" {
					t.Errorf("%s: a cell is unknown and does not say why", table)
				}
				row = append(row, "unknown")
			case ok:
				row = append(row, value)
			default:
				row = append(row, textOf(c))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// shown reads a number as it is printed, without its thousands' commas.
func shown(c *html.Node) string { return strings.ReplaceAll(textOf(c), ",", "") }
