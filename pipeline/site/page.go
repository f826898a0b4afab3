package site

import (
	"fmt"
	"html/template"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Langs are the languages of a site, each a folder.
var Langs = []string{"en", "zh"}

// page is one page in the making: where it lies and in which language it speaks.
type page struct {
	d    *data
	lang string
	path string // below the language's folder: zones/140100-Z1.html

	Title, Lead string
	Kicker      string // what kind of page it is, above the title
	TitleAlso   string // the title in the other language, for names
	Trail       []link
	Notice      string // stands above everything
	Sections    []section
	front       front
}

type link struct{ Text, Href string }

// section is a part of a page under a heading.
type section struct {
	ID, Title string
	Lead      []string
	Notice    string
	Badge     string // flow, cohort or synthetic
	Cards     []card
	Groups    []group
	Tables    []table
	Facts     []factView
	Schema    []relationView
	Relations []relationFiles // data island of an editor
	Examples  []exampleView
	Snippets  []snippet
	Links     []link
	After     []string
	Remark    string // of the data's compilers, in English
	Result    template.HTML
}

// group is figures beside each other.
type group struct {
	Class, Title, Lead string
	Badge              string
	Figures            []figure
	Empty              string
}

type card struct {
	Label string
	Cells []cell
	Note  string
	Href  string
}

type snippet struct{ Title, Code string }

// T says a phrase of words.csv in the page's language.
func (p *page) T(key string, args ...any) string { return say(p.lang, key, args...) }

// word names a code of a closed set; one without a name stands for itself.
func (p *page) word(code string) string {
	if phrase, ok := phrasesOf["w_"+code]; ok {
		return phrase.in(p.lang)
	}
	return strings.ReplaceAll(code, "_", " ")
}

// Lang is the page's language as a tag.
func (p *page) Lang() string { return langTag(p.lang) }

func langTag(lang string) string {
	if lang == "zh" {
		return "zh-Hans"
	}
	return "en"
}

// to is the address of another page of the same language, from this one.
func (p *page) to(target string) string { return relative(p.path, target) }

// To is to, for templates.
func (p *page) To(target string) string { return p.to(target) }

// Root is the address of a file at the site's root.
func (p *page) Root(target string) string { return "../" + relative(p.path, target) }

// Other is the address of this page in the other language.
func (p *page) Other() string { return p.Root(p.OtherLang() + "/" + p.path) }

// OtherLang is the folder of the other language.
func (p *page) OtherLang() string {
	if p.lang == "zh" {
		return "en"
	}
	return "zh"
}

// OtherTag is the other language as a tag.
func (p *page) OtherTag() string { return langTag(p.OtherLang()) }

// relative is the address of a page from another, both below the same folder.
func relative(from, to string) string {
	return strings.Repeat("../", strings.Count(from, "/")) + to
}

// Script is whether the front end was built.
func (p *page) Script() bool { return p.front.script }

// Style is whether the front end brings a style sheet of its own.
func (p *page) Style() bool { return p.front.style }

// SQL is whether this is the page that may compile WebAssembly.
func (p *page) SQL() bool { return p.path == "sql.html" }

// API is the address at which the SQL of this page is answered; "" where there is none.
func (p *page) API() string {
	if p.d.API == "" || !p.SQL() && p.path != resultPath {
		return ""
	}
	return p.Root(p.d.API)
}

// Version of the data, and when it was made.
func (p *page) Version() string { return p.d.Version }

// Made is when the version was made.
func (p *page) Made() string { return p.d.Made }

// MadeDay is the day on which the version was made.
func (p *page) MadeDay() string { return strings.SplitN(p.d.Made, "T", 2)[0] }

// AsOf is the day whose knowledge the version holds.
func (p *page) AsOf() string { return p.d.AsOf }

// Synthetic is whether the ledgers shown are generated.
func (p *page) Synthetic() bool { return p.d.hasLedger && p.d.synthetic }

// LangOf is the language of a text where it is not the page's: the one given, or
// Chinese for a text on an English page that is mostly written so. "" is the page's own.
func (p *page) LangOf(text, given string) string {
	if given != "" || p.lang == "zh" {
		if given == p.Lang() {
			return ""
		}
		return given
	}
	han, other := 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			other++
		}
	}
	if han > other {
		return "zh-Hans"
	}
	return ""
}

type navItem struct {
	link
	Current bool
}

var navigation = []string{"index", "zones", "cities", "progress", "conflicts", "coverage", "campaigns", "data", "sql"}

// Nav is the way to the main pages.
func (p *page) Nav() []navItem {
	folder, _, _ := strings.Cut(strings.TrimSuffix(p.path, ".html"), "/")
	var items []navItem
	for _, name := range navigation {
		items = append(items, navItem{link{p.T("nav_" + name), p.to(name + ".html")}, folder == name})
	}
	return items
}

// name is an area's name in the page's language.
func (p *page) name(a *areaRow) string {
	if a == nil {
		return ""
	}
	if p.lang == "en" && a.NameEN != "" {
		return a.NameEN
	}
	return a.Name
}

func (p *page) areaName(campaign, id string) string {
	if a := p.d.area[[2]string{campaign, id}]; a != nil {
		return p.name(a)
	}
	return id
}

// nameCell names an area, with its Chinese name beneath the English one.
func (p *page) nameCell(a *areaRow) cell {
	c := cell{Text: p.name(a), Href: p.areaHref(a), Head: true, Class: "name"}
	if p.lang == "en" && a.NameEN != "" {
		c.Sub, c.SubLang = a.Name, "zh-Hans"
	} else if p.lang == "en" {
		c.Lang = "zh-Hans"
	}
	if !a.Verified {
		c.Marks = append(c.Marks, p.mark("unverified"))
	}
	return c
}

// areaHref is the page of an area; "" when it has none.
func (p *page) areaHref(a *areaRow) string {
	if a == nil || a.Campaign != p.d.main.ID {
		return ""
	}
	switch a.Level {
	case "zone", "zone_part", "cluster":
		return p.to("zones/" + slug(a.AreaID) + ".html")
	case "city":
		return p.to("cities/" + slug(a.AreaID) + ".html")
	case "province":
		return p.to("index.html")
	}
	return ""
}

func (p *page) campaignName(c campaignRow) string {
	if p.lang == "en" && c.NameEN != "" {
		return c.NameEN
	}
	if c.Name != "" {
		return c.Name
	}
	return p.word("campaign_" + c.ID)
}

// period names a period by its key: a round as it is, a year, a span, a day.
func (p *page) period(kind, id string) string {
	switch from, to, isSpan := strings.Cut(id, ".."); {
	case id == "all":
		return p.T("all_rounds")
	case isSpan && from == "":
		return p.T("up_to", to)
	case isSpan && to == "":
		return p.T("since", from)
	case isSpan:
		return from + " – " + to
	case kind == "annual" || kind == "" && regexpYear.MatchString(id):
		return p.T("year", id)
	}
	return id
}

var regexpYear = regexp.MustCompile(`^\d{4}$`)

// slug is a key as part of an address: what is not plain becomes a dash.
func slug(id string) string {
	id = strings.ReplaceAll(id, "..", "_")
	return strings.Trim(regexpSlug.ReplaceAllString(id, "-"), "-")
}

var regexpSlug = regexp.MustCompile(`[^A-Za-z0-9_.]+`)

// Where the provenance of a number stands.
func factsPage(campaign, period string) string {
	return path.Join("facts", slug(campaign), periodSlug(period)+".html")
}

func periodSlug(period string) string {
	if rest, ok := strings.CutPrefix(period, ".."); ok {
		return "to-" + slug(rest)
	}
	return slug(period)
}

func factAnchor(f *factRow) string {
	parts := []string{"f", slug(f.AreaID), f.Stage, f.Metric}
	if f.Universe != "as_published" {
		parts = append(parts, slug(f.Universe))
	}
	if f.Method != "" {
		parts = append(parts, slug(f.Method))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "-")
}

func (p *page) factHref(f *factRow) string {
	if f == nil {
		return ""
	}
	return p.to(factsPage(f.Campaign, f.PeriodID)) + "#" + factAnchor(f)
}

// claimHref is where the claim held of a figure stands.
func (p *page) claimHref(campaign, claim string) string {
	if c := p.d.claimByID[[2]string{campaign, claim}]; c != nil {
		return p.to(factsPage(campaign, c.PeriodID)) + "#" + slug(claim)
	}
	return ""
}

func residualAnchor(r residualRow) string {
	anchor := "d-" + slug(r.AreaID) + "-" + r.Stage + "-" + r.Metric
	if r.Universe != "as_published" {
		anchor += "-" + slug(r.Universe)
	}
	return anchor
}

func (p *page) residualHref(r residualRow) string {
	return p.to(factsPage(r.Campaign, r.PeriodID)) + "#" + residualAnchor(r)
}

func ratioAnchor(c conversionRow) string {
	anchor := "r-" + slug(c.AreaID)
	if c.Universe != "as_published" {
		anchor += "-" + slug(c.Universe)
	}
	return anchor
}

func (p *page) ratioHref(c conversionRow) string {
	if c.Basis == "ledger_cohort" {
		return p.ledgerHref("cohort")
	}
	return p.to(factsPage(c.Campaign, c.PeriodID)) + "#" + ratioAnchor(c)
}

// ledgerHref is the place of the page on the ledgers that numbers of theirs lead to.
func (p *page) ledgerHref(anchor string) string {
	return p.to(ledgersPage(p.d.main.ID)) + "#" + anchor
}

func ledgersPage(campaign string) string { return path.Join("facts", slug(campaign), "ledgers.html") }

// external is an address that a link may lead to: "" for anything that is not the web.
func external(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return address
}

func (p *page) universe(code string) string {
	u, ok := p.d.universes[code]
	if !ok || code == "as_published" {
		return ""
	}
	if p.lang == "zh" {
		return u.MeaningZh
	}
	return strings.ReplaceAll(code, "_", " ")
}

// figureName says what a number counts: signed projects.
func (p *page) figureName(stage, metric string) string {
	if stage == "" || strings.HasSuffix(metric, "_rate") || strings.HasPrefix(metric, "share_") {
		return p.word(metric)
	}
	name := p.word(stage)
	if p.lang == "en" {
		name = strings.ToLower(name)
	}
	return fmt.Sprintf(p.T("figure_name"), name, p.word(metric))
}
