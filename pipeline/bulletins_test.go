package pipeline_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/engine"
	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/bulletin"
	"github.com/sanpi-data/sanpi/transforms/campaign"
)

// hebei is a campaign of two rounds, made up, with one curated page at an address.
func hebei(address string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"campaign.csv":     "key,value\nname,Made up for this test\narea_id,130000\nnumbering,year_ordinal\n",
		"rounds.csv":       "round,year,ordinal,series_position,label,held_on\n2023-1,2023,1,1,2023年第一次,2023-02-01\n2023-2,2023,2,2,2023年第二次,2023-06-01\n",
		"round_labels.csv": "round,label,ordinal,counting\n",
		"areas.csv":        "area_id,name,name_en,level,parent_id,verified\n130000,河北省,Hebei,province,,true\n130100,石家庄市,Shijiazhuang,city,130000,true\n",
		"area_names.csv":   "area_id,name\n130000,河北\n",
		"sources.csv":      "source_id,kind,publisher,url,published_on\ncurated,press,made up for this test," + address + ",2023-02-02\n",
		"claims.csv": "source_id,period,round,area,stage,metric,value,unit\n" +
			"curated,round,2023-1,河北省,signed,projects,120,个\ncurated,round,2023-1,河北省,started,projects,45,个\n",
		"projects.csv": "source_id,name,stage,city,round\n",
	} {
		files["hebei/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

const pressPage = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>河北举行2023年第一次“三个一批”活动</title></head>
<body><div class="nav"><a href="/">首页</a> <a href="/list">要闻 99 条</a></div>
<article><h1>河北举行2023年第一次“三个一批”活动</h1>
<p>2月1日，河北省2023年第一次“三个一批”活动在石家庄举行，全省共签约项目120个，开工项目46个，投产项目30个，为全年经济开好局打下了基础，各地各部门干劲十足。</p>
<p>活动要求，各开发区要盯住项目不放，把要素保障做到前面，做好土地、能耗、环评等各项服务，让企业早落地、早见效，力争全年新增就业5万人。</p></article></body></html>`

// A curated page that is pulled lends its words to the claims it agrees with, adds
// what was not curated, and where it differs both stand in source_conflicts with the
// person's figure held. Offline the same pages give the same tables.
func TestBulletinOfACuratedPage(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		asked.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, pressPage)
	}))
	defer server.Close()
	address := server.URL + "/2023/0202/1.html"
	dir := t.TempDir()
	p := plan(dir)
	p.Datasets = append(p.Datasets, hebei(address))
	p.Campaigns = []string{"hebei"}
	p.Bulletins = []pipeline.BulletinAddress{{Address: address}}
	p.Pages = &source.Pages{AllowPrivate: true, Rest: time.Millisecond}
	report := run(t, p)
	if want := (pipeline.Bulletins{Pages: 1, Claims: 3}); report.Bulletins != want {
		t.Errorf("bulletins %+v; want %+v", report.Bulletins, want)
	}
	same(t, dir, `select stage, value::bigint, extractor, quote is not null from claims where campaign = 'hebei' order by all`,
		"commissioned 30 rules true", "signed 120 curated+rules true", "started 45 curated false", "started 46 rules true")
	same(t, dir, `select stage, value::bigint, is_held from source_conflicts where campaign = 'hebei' order by all`,
		"started 45 true", "started 46 false")
	same(t, dir, `select stage, value::bigint from facts where campaign = 'hebei' order by all`, "commissioned 30", "signed 120", "started 45")
	same(t, dir, `select source_id, url = '`+address+`', sha256 is not null, retrieved_at is not null from sources where campaign = 'hebei'`, "curated true true true")
	// One query leads from a mart's number to the words.
	same(t, dir, `select c.quote from trend_series as t join claims as c on t.campaign = c.campaign and list_contains(t.claim_ids, c.claim_id)
		where t.campaign = 'hebei' and t.stage = 'commissioned' and t.metric = 'projects' and t.status = 'published'`,
		"2月1日，河北省2023年第一次“三个一批”活动在石家庄举行，全省共签约项目120个，开工项目46个，投产项目30个，为全年经济开好局打下了基础，各地各部门干劲十足。")

	n := asked.Load()
	p.Now = p.Now.Add(time.Hour)
	p.Pages = &source.Pages{Offline: true}
	if report := run(t, p); report.Bulletins.Claims != 3 || asked.Load() != n {
		t.Errorf("offline: %+v, the server was asked %d times more", report.Bulletins, asked.Load()-n)
	}
}

// A page that cannot be read is a source whose status says so, and stops no other;
// alone it is an error.
func TestBulletinThatCannotBeRead(t *testing.T) {
	pages := t.TempDir()
	write(t, filepath.Join(pages, "good.txt"), "河北举行2023年第一次“三个一批”活动\n全省签约项目119个。")
	write(t, filepath.Join(pages, "bad.html"), "\x00\x01\x02\x7fELF\x00\x00")
	dir := t.TempDir()
	p := plan(dir)
	p.Datasets = append(p.Datasets, hebei("http://example.invalid/1"))
	p.Campaigns = []string{"hebei"}
	p.Bulletins = []pipeline.BulletinAddress{{Address: pages}}
	if report := run(t, p); report.Bulletins != (pipeline.Bulletins{Pages: 2, Failed: 1, Claims: 1}) {
		t.Errorf("bulletins %+v", report.Bulletins)
	}
	same(t, dir, `select status, note is not null from sources where campaign = 'hebei' and source_id like 'bulletin-%' order by all`, "extracted true", "unreadable true")
	same(t, dir, `select distinct stage, is_held from source_conflicts where campaign = 'hebei' order by all`, "signed false", "signed true")

	p.Bulletins = []pipeline.BulletinAddress{{Address: filepath.Join(pages, "bad.html")}}
	if _, err := pipeline.Run(context.Background(), p); err == nil || !strings.Contains(err.Error(), "bad.html") {
		t.Errorf("a single unreadable page gives %v", err)
	}
}

// What is uncertain waits in reviews and is in no fact; what a person decides is
// heeded by the next run, by the words and not by the file's name.
func TestBulletinsThatWait(t *testing.T) {
	pages := t.TempDir()
	text := "河北举行2023年第一次“三个一批”活动\n全省合同项目118个，开工项目44个。" // 合同 is what copies print for 签约
	write(t, filepath.Join(pages, "a.txt"), text)
	dir := t.TempDir()
	p := plan(dir)
	p.Datasets = append(p.Datasets, hebei("http://example.invalid/1"))
	p.Campaigns = []string{"hebei"}
	p.Bulletins = []pipeline.BulletinAddress{{Address: pages}}
	if report := run(t, p); report.Bulletins != (pipeline.Bulletins{Pages: 1, Claims: 1, Waiting: 1}) {
		t.Fatalf("bulletins %+v", report.Bulletins)
	}
	same(t, dir, `select value_as_published, reason, decision is null from reviews`, "118 mirror_words true")
	same(t, dir, `select count(*) from claims where value = 118`, "0")

	id := rowsOf(t, dir, `select review_id from reviews`)[0]
	if err := os.Rename(filepath.Join(pages, "a.txt"), filepath.Join(pages, "b.txt")); err != nil {
		t.Fatal(err)
	}
	row := make([]string, len(campaign.ReviewColumns))
	for i, name := range campaign.ReviewColumns {
		row[i] = map[string]string{
			"review_id": id, "decision": "accept", "period": "round", "round": "2023-1", "area": "130000", "stage": "signed",
			"metric": "projects", "value": "118", "unit": "个",
		}[name]
	}
	p.Decisions = fstest.MapFS{"hebei/reviews.csv": {Data: []byte(strings.Join(campaign.ReviewColumns, ",") + "\n" + strings.Join(row, ",") + "\n")}}
	p.Now = p.Now.Add(time.Hour)
	run(t, p)
	same(t, dir, `select stage, extractor, quote like '%合同项目118个%' from claims where value = 118`, "signed reviewed true")
	same(t, dir, `select decision from reviews`, "accept")
}

// Reading keeps no more pages in hand than twice the workers, and hands them on in
// the order of their names.
func TestExtractInOrder(t *testing.T) {
	pages := t.TempDir()
	for i := range 50 {
		write(t, filepath.Join(pages, fmt.Sprintf("%03d.txt", i)), fmt.Sprintf("河北举行2023年第一次“三个一批”活动\n全省签约项目%d个。", 100+i))
	}
	p := plan("")
	p.Datasets = append(p.Datasets, hebei("http://example.invalid/1"))
	p.Bulletins = []pipeline.BulletinAddress{{Campaign: "hebei", Address: pages}}
	p.Workers = 4
	n := 0
	err := pipeline.Extract(context.Background(), p, func(b *pipeline.Bulletin) error {
		if len(b.Reading.Claims) != 1 || b.Reading.Claims[0].ValueAsPrinted != fmt.Sprint(100+n) {
			t.Errorf("page %d: %+v", n, b.Reading.Claims)
		}
		n++
		return nil
	})
	if err != nil || n != 50 {
		t.Errorf("%d pages, %v", n, err)
	}
}

// The words of bulletins come from the folder of one's own when it has them.
func TestOwnWordsOfBulletins(t *testing.T) {
	own := hebei("http://example.invalid/1")
	files, err := fs.Glob(datasets.FS, "words/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(datasets.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		if file == "words/bulletin.csv" {
			text = append(text, "stage,落锤,signed\n"...)
		}
		own[file] = &fstest.MapFile{Data: text}
	}
	page := filepath.Join(t.TempDir(), "a.txt")
	write(t, page, "河北举行2023年第一次“三个一批”活动\n全省落锤项目117个。")
	for _, want := range []int{0, 1} {
		p := plan("")
		p.Datasets = append(p.Datasets, hebei("http://example.invalid/1"))
		if want == 1 {
			p.Datasets[1] = own
		}
		p.Bulletins = []pipeline.BulletinAddress{{Campaign: "hebei", Address: page}}
		var got []bulletin.Claim
		err := pipeline.Extract(context.Background(), p, func(b *pipeline.Bulletin) error {
			got = b.Reading.Claims
			return nil
		})
		if err != nil || len(got) != want {
			t.Errorf("%d claims, %v; want %d", len(got), err, want)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// same compares the rows of a query with those wanted.
func same(t *testing.T, dir, query string, want ...string) {
	t.Helper()
	if got := rowsOf(t, dir, query); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\n got %q\nwant %q", query, got, want)
	}
}

// rowsOf are the rows of a query of the published version, their cells joined by
// blanks.
func rowsOf(t *testing.T, dir, query string) []string {
	t.Helper()
	current, err := warehouse.Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	db, err := engine.OpenReadOnly(filepath.Join(current, "sanpi.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		cells, into, text := make([]any, len(columns)), make([]any, len(columns)), make([]string, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			text[i] = fmt.Sprint(c)
		}
		all = append(all, strings.Join(text, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// BenchmarkExtract is a folder of pages from file to claims; it reports the time of
// one page on one worker.
func BenchmarkExtract(b *testing.B) {
	pages := b.TempDir()
	const n = 1000
	for i := range n {
		text := fmt.Sprintf("太原市2022年第一次“三个一批”活动举行\n2022年2月26日\n2月26日，太原市开发区2022年第一次“三个一批”活动举行，全市签约项目%d个，总投资%d.5亿元；开工项目20个，总投资93亿元。\n", i%60+1, i+20) +
			strings.Repeat("会议强调，要把抓项目、促转型摆在更加突出的位置，以更大力度优化营商环境，推动高质量发展取得新的更大成效。\n", 20)
		if err := os.WriteFile(filepath.Join(pages, fmt.Sprintf("%04d.txt", i)), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	p := plan("")
	p.Workers = 1
	p.Bulletins = []pipeline.BulletinAddress{{Address: pages}}
	claims := 0
	for b.Loop() {
		claims = 0
		err := pipeline.Extract(context.Background(), p, func(b *pipeline.Bulletin) error {
			claims += len(b.Reading.Claims)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/page")
	b.ReportMetric(float64(claims)/n, "claims/page")
}
