package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"
)

// Every link leads somewhere, every anchor is there, and nothing comes from elsewhere:
// addresses outside are links of claims and sources, and tell nobody where from.
func TestLinksResolve(t *testing.T) {
	for edition, e := range all() {
		ids := map[string]map[string]bool{}
		for name, page := range e.nodes {
			ids[name] = map[string]bool{}
			for _, n := range find(page, func(*html.Node) bool { return true }) {
				if id, ok := attribute(n, "id"); ok {
					if ids[name][id] {
						t.Errorf("%s: %s: the id %s stands twice", edition, name, id)
					}
					ids[name][id] = true
				}
			}
		}
		data := map[string]bool{"data/SHA256SUMS": true}
		for _, o := range e.of.Outputs {
			data["data/"+o.Path] = true
		}
		for name, page := range e.nodes {
			for _, n := range find(page, func(*html.Node) bool { return true }) {
				for _, key := range []string{"href", "src"} {
					address, ok := attribute(n, key)
					if !ok {
						continue
					}
					if strings.Contains(address, "//") {
						rel, _ := attribute(n, "rel")
						if n.Data != "a" || rel != "noopener noreferrer" || !strings.HasPrefix(address, "http") {
							t.Errorf("%s: %s: <%s> leads out to %s", edition, name, n.Data, address)
						}
						continue
					}
					address, anchor, _ := strings.Cut(address, "#")
					address, _, _ = strings.Cut(address, "?")
					target := path.Join(path.Dir(name), strings.ReplaceAll(address, "%3D", "="))
					if address == "" {
						target = name
					}
					if e.pages[target] == nil && !data[target] {
						t.Errorf("%s: %s leads to %s, which is not there", edition, name, target)
					}
					if anchor != "" && !ids[target][anchor] {
						t.Errorf("%s: %s leads to %s#%s, and there is no such anchor", edition, name, target, anchor)
					}
				}
			}
		}
	}
}

// The pages keep to their own policy: no script but data, no style in attributes.
func TestPolicy(t *testing.T) {
	for edition, e := range all() {
		for name, page := range e.nodes {
			for _, n := range find(page, func(*html.Node) bool { return true }) {
				for _, a := range n.Attr {
					if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
						t.Errorf("%s: %s: <%s %s=%q>", edition, name, n.Data, a.Key, a.Val)
					}
				}
				switch n.Data {
				case "style", "iframe", "object", "embed", "base", "img":
					t.Errorf("%s: %s has a <%s>", edition, name, n.Data)
				case "script":
					kind, _ := attribute(n, "type")
					src, _ := attribute(n, "src")
					if kind == "application/json" {
						if !json.Valid([]byte(textOf(n))) {
							t.Errorf("%s: %s: the data of a chart are not JSON: %s", edition, name, textOf(n))
						}
					} else if name != "index.html" || src != "assets/language.js" {
						t.Errorf("%s: %s has a script: %s", edition, name, textOf(n))
					}
				}
			}
			if !bytes.Contains(e.pages[name], []byte(`http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'`)) {
				t.Errorf("%s: %s has no policy", edition, name)
			}
			if bytes.Contains(e.pages[name], []byte("ZgotmplZ")) || bytes.Contains(e.pages[name], []byte("⟦")) || bytes.Contains(e.pages[name], []byte("%!")) {
				t.Errorf("%s: %s: a template or phrase went wrong", edition, name)
			}
		}
	}
}

// What readers and programs that read aloud need stands on every page.
func TestStructure(t *testing.T) {
	for edition, e := range all() {
		for name, page := range e.nodes {
			if name == "index.html" {
				continue
			}
			for _, tag := range []string{"main", "h1", "header", "footer", "title"} {
				if n := len(find(page, func(n *html.Node) bool { return n.Data == tag && n.Namespace == "" })); n != 1 {
					t.Errorf("%s: %s has %d <%s>", edition, name, n, tag)
				}
			}
			if first := find(page, named("a"))[0]; textOf(first) == "" || first.Attr[len(first.Attr)-1].Val != "#main" {
				t.Errorf("%s: %s does not begin with the way to its content", edition, name)
			}
			for _, table := range find(page, named("table")) {
				if captions := find(table, named("caption")); len(captions) != 1 || textOf(captions[0]) == "" {
					t.Errorf("%s: %s has a table without a caption", edition, name)
				}
				for _, th := range find(table, named("th")) {
					if _, ok := attribute(th, "scope"); !ok {
						t.Errorf("%s: %s: a header has no scope", edition, name)
					}
				}
				if box, ok := attribute(table.Parent, "tabindex"); !ok || box != "0" {
					t.Errorf("%s: %s: a table cannot be scrolled by keyboard", edition, name)
				}
			}
			for _, svg := range find(page, named("svg")) {
				if role, _ := attribute(svg, "role"); role == "img" && len(find(svg, named("title"))) == 0 {
					t.Errorf("%s: %s: a picture has no title", edition, name)
				} else if _, hidden := attribute(svg, "aria-hidden"); role == "" && !hidden {
					t.Errorf("%s: %s: a picture is neither told nor hidden", edition, name)
				}
			}
		}
	}
}

// What ledgers call their projects is text, whatever it looks like.
func TestHostileNames(t *testing.T) {
	e := office()
	page := e.page(t, "zh/zones/140423-Z1.html")
	if got := textOf(byID(t, page, "ledger-projects")); !strings.Contains(got, hostile) || !strings.Contains(got, "<b>甲</b>公司") {
		t.Errorf("the names are not shown whole: %s", got)
	}
	for name, data := range e.pages {
		for _, bad := range []string{"<script>alert", "<b>甲", "<img src=x"} {
			if bytes.Contains(data, []byte(bad)) {
				t.Errorf("%s: %s is not escaped", name, bad)
			}
		}
	}
}

// Without ledgers the page on progress says so, and how to have it filled; generated
// ledgers are marked on every page and row that shows them.
func TestLedgersLoaded(t *testing.T) {
	if page := plain().page(t, "en/progress.html"); len(find(page, named("table"))) != 0 || !strings.Contains(textOf(page), "sanpi run --ledger") {
		t.Errorf("without ledgers: %s", textOf(page))
	}
	notice := func(page *html.Node) int {
		return len(find(page, func(n *html.Node) bool { role, _ := attribute(n, "role"); return role == "note" }))
	}
	for name, page := range synthetic().nodes {
		if name != "index.html" && notice(page) != 1 {
			t.Errorf("%s does not say that the ledgers are generated", name)
		}
	}
	for _, table := range []struct{ page, id string }{{"en/progress.html", "month-table"}, {"zh/index.html", "cohorts"}, {"en/zones/140423-Z1.html", "ledger-projects"}} {
		rows := find(find(byID(t, synthetic().page(t, table.page), table.id), named("tbody"))[0], named("tr"))
		for _, tr := range rows {
			if class, _ := attribute(tr, "class"); !strings.Contains(class, "synthetic") {
				t.Errorf("%s: a row of %s is not marked", table.page, table.id)
			}
		}
	}
	for name, page := range office().nodes {
		if notice(page) != 0 {
			t.Errorf("%s: real ledgers are called generated", name)
		}
	}
	// The month without a ledger is a gap, and its row says so.
	months := valuesOf(t, office().page(t, "en/progress.html"), "month-table")
	if len(months) != 3 || !strings.HasPrefix(months[1][0], "2022-02") || slices.ContainsFunc(months[1][1:], func(v string) bool { return v != "unknown" }) {
		t.Errorf("the silent month: %v", months)
	}
}

// The same version makes the same bytes.
func TestDeterministic(t *testing.T) {
	e := office()
	again, err := Pages(context.Background(), e.db, e.of, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(again) != len(e.pages) {
		t.Errorf("%d files, then %d", len(e.pages), len(again))
	}
	for name, data := range again {
		if !bytes.Equal(data, e.pages[name]) {
			t.Errorf("%s is made otherwise the second time", name)
		}
	}
}

func TestWeight(t *testing.T) {
	for edition, e := range all() {
		for _, lang := range Langs {
			if n := len(e.pages[lang+"/index.html"]) + len(e.pages["assets/site.css"]); n > 200<<10 {
				t.Errorf("%s: the overview weighs %d bytes with its style", edition, n)
			}
		}
	}
}

// The front end is asked for where it was built.
func TestFrontEnd(t *testing.T) {
	e := plain()
	pages, err := Pages(context.Background(), e.db, e.of, fstest.MapFS{"site.js": {Data: []byte("1")}, "chunks/a.js": {Data: []byte("2")}, ".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(pages["en/zones/140423-Z1.html"], []byte(`<script type="module" src="../../assets/site.js"></script>`)) || string(pages["assets/chunks/a.js"]) != "2" {
		t.Error("the front end is not there")
	}
	if pages["assets/.keep"] != nil || bytes.Contains(pages["en/index.html"], []byte("web.css")) {
		t.Error("what was not built is asked for")
	}
}

func TestUnknownCampaign(t *testing.T) {
	e := plain()
	of := e.of
	of.Campaign = "hebei"
	if _, err := Pages(context.Background(), e.db, of, nil); err == nil || !strings.Contains(err.Error(), "use one of shanxi, henan, others") {
		t.Errorf("error %v", err)
	}
	for _, campaign := range []string{"henan", "others"} {
		of.Campaign = campaign
		pages, err := Pages(context.Background(), e.db, of, nil)
		if err != nil || !bytes.Contains(pages["en/index.html"], []byte("campaigns/"+campaign+".html")) {
			t.Errorf("%s: %v", campaign, err)
		}
	}
}

// Every phrase that is asked for is there, in both languages, with the same values; and
// none is there for nothing.
func TestWords(t *testing.T) {
	var code strings.Builder
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if data, err := os.ReadFile(name); err != nil {
				t.Fatal(err)
			} else if !strings.HasSuffix(name, "_test.go") {
				code.Write(data)
			}
		}
	}
	var prefixes []string
	for _, m := range regexp.MustCompile(`"([a-z_]+_)" ?(\+|\.\))`).FindAllStringSubmatch(code.String(), -1) {
		prefixes = append(prefixes, m[1])
	}
	for key, w := range phrasesOf {
		if w.en == "" || w.zh == "" {
			t.Errorf("%s is not said in both languages", key)
		}
		verbs := regexp.MustCompile(`%(\[\d\])?[sd]`)
		if a, b := verbs.FindAllString(w.en, -1), verbs.FindAllString(w.zh, -1); !slices.Equal(a, b) {
			t.Errorf("%s takes %v in English and %v in Chinese", key, a, b)
		}
		used := strings.HasPrefix(key, "w_") || strings.Contains(code.String(), `"`+key+`"`) || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
		if !used {
			t.Errorf("%s is said nowhere", key)
		}
	}
	for _, m := range regexp.MustCompile(`\.T\(?[ (]"([a-z0-9_]+)"(,|\)| |\})`).FindAllStringSubmatch(code.String(), -1) {
		if _, ok := phrasesOf[m[1]]; !ok && !slices.Contains(prefixes, m[1]) {
			t.Errorf("%s is asked for and not there", m[1])
		}
	}
}

func TestFS(t *testing.T) {
	f := Files{"en/index.html": []byte("seite"), "a": []byte("x")}.FS()
	if data, err := fs.ReadFile(f, "en/index.html"); err != nil || string(data) != "seite" {
		t.Errorf("%q %v", data, err)
	}
	file, err := f.Open("en/index.html")
	if err != nil {
		t.Fatal(err)
	}
	if seeker, ok := file.(io.ReadSeeker); !ok {
		t.Error("a file cannot be read from the middle")
	} else if _, err := seeker.Seek(2, io.SeekStart); err != nil {
		t.Error(err)
	}
	if info, err := fs.Stat(f, "en"); err != nil || !info.IsDir() {
		t.Errorf("%v %v", info, err)
	}
	for _, bad := range []string{"../etc/passwd", "/a", "b", "en/", "e"} {
		if _, err := f.Open(bad); err == nil {
			t.Errorf("%s opens", bad)
		}
	}
}

func makePlan(e *edition, dir string) Plan {
	return Plan{Edition: e.of, From: e.dir, DB: e.db, Dir: dir}
}

// A site is made whole, its sums are right, and it takes the place of the one before.
func TestMake(t *testing.T) {
	e := plain()
	dir := filepath.Join(t.TempDir(), "new", "public")
	result, err := Make(context.Background(), makePlan(e, dir))
	if err != nil {
		t.Fatal(err)
	}
	if result.Pages != len(e.nodes) || result.Files != len(e.pages)+len(e.of.Outputs)+2 {
		t.Errorf("%+v", result)
	}
	for name, data := range e.pages {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out, err := exec.Command("sh", "-c", "cd "+dir+"/data && sha256sum -c --quiet SHA256SUMS").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	must(os.WriteFile(filepath.Join(dir, "en", "old.html"), nil, 0o644))
	p := makePlan(e, dir)
	p.NoData = true
	if _, err := Make(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"en/old.html", "data"} {
		if _, err := os.Stat(filepath.Join(dir, gone)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there", gone)
		}
	}
	if page, _ := os.ReadFile(filepath.Join(dir, "en/data.html")); bytes.Contains(page, []byte("SHA256SUMS\"")) {
		t.Error("files are offered that are not there")
	}
	onlySite(t, filepath.Dir(dir), "public")
}

// onlySite checks that a folder holds the site alone: nothing half made.
func onlySite(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s holds %v", dir, names)
	}
}

func TestMakeRefuses(t *testing.T) {
	e, parent := plain(), t.TempDir()
	dir := filepath.Join(parent, "thesis")
	must(os.MkdirAll(dir, 0o755))
	must(os.WriteFile(filepath.Join(dir, "thesis.docx"), []byte("my life"), 0o644))
	if _, err := Make(context.Background(), makePlan(e, dir)); !errors.Is(err, ErrForeign) {
		t.Errorf("a foreign folder: %v", err)
	}
	if _, err := Make(context.Background(), makePlan(e, filepath.Join(dir, "thesis.docx"))); err == nil {
		t.Error("a file was taken for a folder")
	}
	if data, err := os.ReadFile(filepath.Join(dir, "thesis.docx")); err != nil || string(data) != "my life" {
		t.Errorf("what was there is gone: %v", err)
	}
	onlySite(t, parent, "thesis")

	// Stopped, or with a file of the version gone, the site of before stays as it was.
	site := filepath.Join(parent, "site")
	if _, err := Make(context.Background(), makePlan(e, site)); err != nil {
		t.Fatal(err)
	}
	must(os.WriteFile(filepath.Join(site, "CNAME"), []byte("data.example.cn"), 0o644))
	if _, err := Make(context.Background(), makePlan(e, site)); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), "CNAME") {
		t.Errorf("a file beside the site's: %v", err)
	}
	must(os.Remove(filepath.Join(site, "CNAME")))
	before, err := os.ReadFile(filepath.Join(site, "en/index.html"))
	must(err)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Make(ctx, makePlan(e, site)); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	gone := makePlan(e, site)
	gone.From = parent
	if _, err := Make(context.Background(), gone); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a version that is gone: %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(site, "en/index.html")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the site of before: %v", err)
	}
	onlySite(t, parent, "site", "thesis")
}

// An empty folder may be filled, and a link stays a link.
func TestMakeFills(t *testing.T) {
	e, parent := plain(), t.TempDir()
	real, link := filepath.Join(parent, "real"), filepath.Join(parent, "link")
	must(errors.Join(os.Mkdir(real, 0o755), os.Symlink("real", link)))
	p := makePlan(e, link)
	p.NoData = true
	if _, err := Make(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if _, err := os.Stat(filepath.Join(real, "index.html")); err != nil {
		t.Error(err)
	}
}

// A release is offered when it is of the version shown, and lies in the site with the
// sums that the page says.
func TestRelease(t *testing.T) {
	e, parent := plain(), t.TempDir()
	dir := filepath.Join(parent, "2026.01.02")
	manifest := func(version, file string) string {
		return `{"release": "2026.01.02", "warehouse_version": "` + version + `", "files": [{"path": "` + file + `", "bytes": 8, "sha256": "abc"}]}`
	}
	must(os.MkdirAll(filepath.Join(dir, "csv"), 0o755))
	must(errors.Join(os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(manifest(e.of.Version, "csv/facts 1.csv")), 0o644), os.WriteFile(filepath.Join(dir, "csv", "facts 1.csv"), []byte("a,b\n1,2\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte("abc  csv/facts 1.csv\n"), 0o644), os.WriteFile(dir+".tar.zst", []byte("zst"), 0o644), os.Symlink("2026.01.02", filepath.Join(parent, "latest"))))
	for _, from := range []string{dir, parent} {
		p := makePlan(e, filepath.Join(t.TempDir(), "public"))
		var err error
		if p.Release, err = ReadRelease(from, e.of.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := Make(context.Background(), p); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"2026.01.02.tar.zst": "zst", "2026.01.02/csv/facts 1.csv": "a,b\n1,2\n", "2026.01.02/SHA256SUMS": "abc  csv/facts 1.csv\n"} {
			if got, err := os.ReadFile(filepath.Join(p.Dir, "release", name)); err != nil || string(got) != want {
				t.Errorf("%s: %q %v", name, got, err)
			}
		}
		page, err := os.ReadFile(filepath.Join(p.Dir, "en/data.html"))
		if err != nil || !bytes.Contains(page, []byte(`href="../release/2026.01.02/csv/facts%201.csv"`)) || !bytes.Contains(page, []byte(`href="../release/2026.01.02.tar.zst"`)) {
			t.Errorf("the page does not offer it: %v", err)
		}
	}
	for name, bad := range map[string]string{"of another version": manifest("20200101T000000.000Z-0", "a"), "a file outside": manifest(e.of.Version, "../../secret"), "no manifest": "{"} {
		must(os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(bad), 0o644))
		if _, err := ReadRelease(dir, e.of.Version); err == nil || !strings.Contains(err.Error(), ";") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadRelease(t.TempDir(), e.of.Version); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
}
