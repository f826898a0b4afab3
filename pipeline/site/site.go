// Package site makes the static site of one published version: complete HTML pages in
// English and Chinese that need no script, with charts drawn as SVG.
//
// Every number leads to where it comes from: the page of its period, at the anchor of
// its fact, says what is claimed, by whom, and where. What is not known is a dash that
// says why, and a gap in a chart.
//
//	index.html  assets/  data/
//	{en,zh}/index.html  zones.html  zones/<id>.html  cities.html  cities/<id>.html
//	        progress.html  conflicts.html  coverage.html  campaigns.html
//	        campaigns/<campaign>.html  facts/<campaign>/<period>.html
//	        data.html  sql.html
//
// Reading (data.go, queries/) is apart from drawing (the rest), which is pure: the same
// version makes the same bytes.
package site

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

//go:embed assets
var assets embed.FS

//go:embed templates/*.html
var templateFS embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"args": func(p *page, b any) part { return part{p, b} },
	"bare": func(c cell) cell { c.Sub = ""; return c },
}).ParseFS(templateFS, "templates/*.html"))

// part is what a template within a page is given.
type part struct {
	Page *page
	B    any
}

// front is what the built front end brings.
type front struct{ script, style bool }

// Pages makes the pages of an edition from its database, and the assets they need.
// frontEnd holds what the front end was built into, and may be nil: its files lie in
// assets/, and site.js and web.css among them are asked for by every page.
func Pages(ctx context.Context, db *sql.DB, e Edition, frontEnd fs.FS) (Files, error) {
	d, err := readData(ctx, db, e)
	if err != nil {
		return nil, err
	}
	files := Files{}
	if err := addTree(files, assets, "assets", "assets"); err != nil {
		return nil, err
	}
	var f front
	if frontEnd != nil {
		if err := addTree(files, frontEnd, ".", "assets"); err != nil {
			return nil, err
		}
		if e.API != "" { // answers, so that no page loads an engine of its own
			maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasPrefix(name, "assets/duckdb/") })
		}
		f = front{script: files["assets/site.js"] != nil, style: files["assets/web.css"] != nil}
	}
	var jobs []job
	for _, lang := range Langs {
		jobs = append(jobs, d.jobs(lang, f)...)
	}
	made := make([][]byte, len(jobs))
	drawing, ctx := errgroup.WithContext(ctx)
	drawing.SetLimit(runtime.GOMAXPROCS(0))
	for i, j := range jobs {
		drawing.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			data, err := j.make()
			made[i] = data
			return err
		})
	}
	if err := drawing.Wait(); err != nil {
		return nil, err
	}
	for i, j := range jobs {
		if files[j.path] != nil {
			return nil, fmt.Errorf("write the page %s: two of its kind have this address; change one of their ids", j.path)
		}
		files[j.path] = made[i]
	}
	if files["index.html"], err = render("index.html", "root.html", d); err != nil {
		return nil, err
	}
	return files, nil
}

// job is a page to be made.
type job struct {
	path string
	make func() ([]byte, error)
}

// addTree adds the files below root of a file system.
func addTree(files Files, fsys fs.FS, root, to string) error {
	return fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == ".keep" {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read the asset %s: %w", name, err)
		}
		rel := name
		if root != "." {
			rel = name[len(root)+1:]
		}
		files[to+"/"+rel] = data
		return nil
	})
}

// jobs are the pages of one language.
func (d *data) jobs(lang string, f front) []job {
	var jobs []job
	add := func(path string, compose func(*page)) {
		jobs = append(jobs, job{lang + "/" + path, func() ([]byte, error) {
			p := &page{d: d, lang: lang, path: path, front: f}
			compose(p)
			if d.hasLedger && d.synthetic {
				p.Notice = p.T("synthetic_notice")
			}
			return render(lang+"/"+path, "page.html", p)
		}})
	}
	add("index.html", overview)
	add("zones.html", zonesPage)
	add("cities.html", citiesPage)
	add("progress.html", progressPage)
	add("conflicts.html", conflictsPage)
	add("coverage.html", coveragePage)
	add("campaigns.html", campaignsPage)
	add("data.html", dataPage)
	add("sql.html", sqlPage)
	if d.API != "" {
		add("result.html", resultFrame)
	}
	for _, areas := range []struct {
		folder string
		areas  []areaRow
	}{{"zones", d.zones()}, {"cities", d.cities()}} {
		for i := range areas.areas {
			add(areas.folder+"/"+slug(areas.areas[i].AreaID)+".html", func(p *page) { areaPage(p, &areas.areas[i]) })
		}
	}
	for _, c := range d.campaigns {
		add("campaigns/"+slug(c.ID)+".html", func(p *page) { campaignPage(p, c) })
		for _, period := range d.periods(c.ID) {
			add(factsPage(c.ID, period), func(p *page) { provenancePage(p, c, period) })
		}
	}
	if d.hasLedger {
		add(ledgersPage(d.main.ID), ledgerProvenance)
	}
	return jobs
}

// periods are those of which a campaign has a figure.
func (d *data) periods(campaign string) []string {
	var all []string
	add := func(id string) {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	for _, c := range d.claims {
		if c.Campaign == campaign {
			add(c.PeriodID)
		}
	}
	for _, c := range d.conversions {
		if c.Campaign == campaign && c.Basis == "published_flow" {
			add(c.PeriodID)
		}
	}
	for _, r := range d.residuals {
		if r.Campaign == campaign {
			add(r.PeriodID)
		}
	}
	return all
}

func render(path, name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, view); err != nil {
		return nil, fmt.Errorf("write the page %s: %w", path, err)
	}
	return b.Bytes(), nil
}
