package site

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// same compares the columns of a page's table, from the first number on, with SQL's
// answer.
func same(t *testing.T, page *html.Node, table string, from int, want [][]string) {
	t.Helper()
	if len(want) == 0 {
		t.Fatalf("%s: SQL's answer is empty, so the test compares nothing", table)
	}
	var got [][]string
	for _, row := range valuesOf(t, page, table) {
		if len(row) < from+len(want[0]) {
			continue // a heading
		}
		got = append(got, row[from:from+len(want[0])])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-sql +page):\n%s", table, diff)
	}
}

const sixOf = `
	max(%[1]s) filter (stage = 'signed' and metric = 'projects')::double, max(%[1]s) filter (stage = 'started' and metric = 'projects')::double,
	max(%[1]s) filter (stage = 'commissioned' and metric = 'projects')::double, max(%[1]s) filter (stage = 'signed' and metric = 'investment')::double,
	max(%[1]s) filter (stage = 'started' and metric = 'investment')::double, max(%[1]s) filter (stage = 'commissioned' and metric = 'investment')::double`

func six(value string) string { return strings.ReplaceAll(sixOf, "%[1]s", value) }

// The numbers of the pages are SQL's, in both languages.
func TestNumbersAreTheMarts(t *testing.T) {
	e := office()
	const conversion = `select signed::double, started::double, commissioned::double, start_ratio, commission_ratio, overall_ratio, start_investment_ratio, commission_investment_ratio
		from area_conversion left join universes on universe = code where campaign = 'shanxi' and area_id = '%' and basis = '&'
		and coalesce(start_ratio, commission_ratio, overall_ratio) is not null
		order by universes.preference, period = 'all', period_to, period_id, universe`
	flow := func(area string) string {
		return strings.NewReplacer("%", area, "&", "published_flow").Replace(conversion)
	}
	cohort := func(area string) string {
		return strings.NewReplacer("%", area, "&", "ledger_cohort").Replace(conversion)
	}
	for _, c := range []struct {
		page, table string
		from        int
		query       string
	}{
		{"index.html", "series-table", 2, "select" + six("value") + " from trend_series where campaign = 'shanxi' and level = 'province' group by series_position order by series_position"},
		{"index.html", "flows", 1, flow("140000")},
		{"index.html", "cohorts", 1, cohort("140000")},
		{"cities/141000.html", "flows", 1, flow("141000")},
		{"cities/140400.html", "cohorts", 1, cohort("140400")},
		{"zones/141122-Z1.html", "flows", 1, flow("141122-Z1")},
		{"zones/140502-Z1.html", "cohorts", 1, cohort("140502-Z1")},
		{"campaigns/henan.html", "rounds", 3, "select" + six("value") + ` from rounds left join facts on facts.campaign = rounds.campaign and facts.round = rounds.round and facts.area_id = '410000' and universe = 'as_published'
			and method is null where rounds.campaign = 'henan' group by rounds.round, held_on, held_from, rounds.year, rounds.ordinal order by coalesce(held_on, held_from), rounds.year, rounds.ordinal, rounds.round`},
		{"progress.html", "month-table", 1, `select signed::double, started_of_signed::double, start_rate, start_change, started::double, commissioned::double, commission_rate,
			if(outputs > 0, expected_output_cny, null)::double, if(outputs > 0, actual_output_cny, null)::double, target_rate
			from progress_bulletin where campaign = 'shanxi' and level = 'province' and not synthetic order by month desc`},
		{"progress.html", "bulletin-city", 1, `select signed::double, started_of_signed::double, start_rate, start_change, start_rank::double, started::double, commissioned::double, commission_rate, commission_rank::double
			from progress_bulletin where campaign = 'shanxi' and level = 'city' and month = '2022-03-31' order by key`},
		{"conflicts.html", "conflict-value-shanxi", 3, `select value::double from source_conflicts where campaign = 'shanxi' and kind = 'value'
			order by period_id, area_id, metric, list_position(['signed', 'started', 'commissioned', 'total'], stage), is_held desc, ordinal, value, claim_id`},
		{"coverage.html", "levels-henan", 5, `select count(*) filter (status in ('published', 'conflict'))::double from coverage where campaign = 'henan' group by level, metric, stage
			order by list_position(['province', 'city', 'county', 'zone', 'zone_part', 'cluster'], level), list_position(['projects', 'investment', 'annual_output'], metric), list_position(['signed', 'started', 'commissioned'], stage)`},
		{"conflicts.html", "sums-table", 4, `select total::double, parts_sum::double, difference::double from reconciliation where status not in ('no_parts', 'no_total')
			order by list_position(['exceeds', 'differs', 'partial', 'exact'], status), campaign, kind, period_id, area_id, universe, metric desc, stage`},
	} {
		want := e.ask(t, c.query)
		for _, lang := range Langs {
			same(t, e.page(t, lang+"/"+c.page), c.table, c.from, want)
		}
	}
}

// What stands on a page for people is the exact number beside it, rounded.
func TestShownIsTheValue(t *testing.T) {
	e := office()
	seen := 0
	for name, page := range e.nodes {
		for _, c := range find(page, func(n *html.Node) bool { return n.Data == "td" }) {
			class, _ := attribute(c, "class")
			value, ok := attribute(c, "data-value")
			links := find(c, named("a"))
			if !ok || class != "num" || len(links) != 1 {
				continue
			}
			exact, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatalf("%s: data-value %q", name, value)
			}
			text := shown(links[0])
			printed, err := strconv.ParseFloat(strings.TrimSpace(strings.NewReplacer("%", "", "−", "-", "±", "", "+", "").Replace(text)), 64)
			if err != nil {
				continue // 2 of 7, 3.1 MiB
			}
			seen++
			near := func(scale, by float64) bool { d := exact/scale - printed; return d <= by && d >= -by }
			if !near(1, 0.0006) && !near(1e8, 0.0051) && !near(0.01, 0.051) {
				t.Errorf("%s: %s is printed for %s", name, text, value)
			}
		}
	}
	if seen < 500 {
		t.Errorf("only %d numbers were looked at", seen)
	}
}

// Every fact stands on the page of its period with its value and with every claim for
// it, and all claims are somewhere.
func TestProvenanceIsWhole(t *testing.T) {
	e := office()
	for _, f := range e.ask(t, "select campaign, period_id, area_id, stage, metric, universe, method, value::double, claim_id, claims::int from facts") {
		row := factRow{Campaign: f[0], PeriodID: f[1], AreaID: f[2], Stage: f[3], Metric: f[4], Universe: f[5]}
		if f[3] == "unknown" {
			row.Stage = ""
		}
		if f[6] != "unknown" {
			row.Method = f[6]
		}
		for _, lang := range Langs {
			article := byID(t, e.page(t, lang+"/"+factsPage(row.Campaign, row.PeriodID)), factAnchor(&row))
			held := find(article, func(n *html.Node) bool { class, _ := attribute(n, "class"); return class == "held-value" })
			if len(held) != 1 {
				t.Fatalf("%v: %d values", f, len(held))
			}
			if value, _ := attribute(held[0], "data-value"); value != f[7] {
				t.Errorf("%v: the page says %s", f, value)
			}
			claims := find(article, func(n *html.Node) bool { id, _ := attribute(n, "id"); return n.Data == "li" && id != "" })
			if n, _ := strconv.Atoi(f[9]); len(claims) != n {
				t.Errorf("%v: %d claims on the page", f, len(claims))
			}
			if id, _ := attribute(claims[0], "id"); id != f[8] {
				t.Errorf("%v: the claim %s stands first", f, id)
			}
		}
	}
	for _, c := range e.ask(t, "select campaign, period_id, claim_id from claims") {
		byID(t, e.page(t, "en/"+factsPage(c[0], c[1])), c[2])
	}
}

// The words of a bulletin of the user's own stand under its number, and of no other.
func TestWordsOfOwnBulletins(t *testing.T) {
	page := office().page(t, "zh/facts/shanxi/2022-1.html")
	article := byID(t, page, "f-141000-signed-projects")
	if quotes := find(article, named("blockquote")); len(quotes) != 1 || !strings.Contains(textOf(quotes[0]), "全市签约项目33个") {
		t.Errorf("%d quotes: %s", len(quotes), textOf(article))
	}
	for name, data := range office().pages {
		if strings.Contains(string(data), scratch) {
			t.Errorf("%s tells in which folder a file lay", name)
		}
	}
	if quotes := find(plain().page(t, "zh/facts/shanxi/2022-1.html"), named("blockquote")); len(quotes) > 0 {
		t.Errorf("a page of others is quoted: %s", textOf(quotes[0]))
	}
}

// Of a number that leads to its provenance, that says the same number.
func TestLinksLeadToTheNumber(t *testing.T) {
	e, seen := plain(), 0
	for name, page := range e.nodes {
		lang := name[:min(2, len(name))]
		for _, c := range find(page, named("td")) {
			value, ok := attribute(c, "data-value")
			if !ok {
				continue
			}
			for _, a := range find(c, named("a")) {
				href, _ := attribute(a, "href")
				at := strings.Index(href, "facts/")
				path, anchor, _ := strings.Cut(href, "#")
				if at < 0 || !strings.HasPrefix(anchor, "f-") {
					continue
				}
				article := byID(t, e.page(t, lang+"/"+path[strings.Index(path, "facts/"):]), anchor)
				held := find(article, func(n *html.Node) bool { class, _ := attribute(n, "class"); return class == "held-value" })
				if got, _ := attribute(held[0], "data-value"); got != value {
					t.Errorf("%s: %s leads to %s, which says %s", name, value, href, got)
				}
				seen++
			}
		}
	}
	if seen < 300 {
		t.Errorf("only %d links were followed", seen)
	}
}

// A round that is missing is a dash in the table and a gap in the chart, and its data
// say null: never 0.
func TestMissingIsNeverZero(t *testing.T) {
	e := plain()
	page := e.page(t, "en/index.html")
	missing := e.ask(t, "select count(*) from trend_series where campaign = 'shanxi' and level = 'province' and value is null")[0][0]
	unknown, gaps, nulls := 0, 0, 0
	for _, row := range valuesOf(t, page, "series-table") {
		for _, value := range row[2:] {
			if value == "unknown" {
				unknown++
			} else if v, err := strconv.ParseFloat(value, 64); err != nil || v == 0 {
				t.Errorf("the table says %q", value)
			}
		}
	}
	for _, svg := range find(page, named("svg")) {
		if class, _ := attribute(svg, "class"); strings.HasPrefix(class, "chart panel") {
			gaps += len(find(svg, func(n *html.Node) bool { class, _ := attribute(n, "class"); return class == "gap" }))
		}
	}
	for _, island := range find(page, named("script")) {
		if kind, _ := attribute(island, "data-kind"); kind == "series" {
			nulls += strings.Count(textOf(island), `"value":null`)
		}
	}
	for what, n := range map[string]int{"dashes in the table": unknown, "gaps in the charts": gaps, "nulls in the data": nulls} {
		if strconv.Itoa(n) != missing {
			t.Errorf("%d %s for %s missing figures", n, what, missing)
		}
	}
}

// Both languages have the same pages and the same numbers.
func TestLanguagesAgree(t *testing.T) {
	for name, e := range all() {
		for _, path := range e.pages.Paths() {
			rest, isEN := strings.CutPrefix(path, "en/")
			if !isEN {
				continue
			}
			en, zh := e.page(t, path), e.page(t, "zh/"+rest)
			if diff := cmp.Diff(exact(en), exact(zh)); diff != "" {
				t.Errorf("%s: %s (-en +zh):\n%s", name, rest, diff)
			}
			if lang, _ := attribute(find(zh, named("html"))[0], "lang"); lang != "zh-Hans" {
				t.Errorf("%s: zh/%s is in %q", name, rest, lang)
			}
		}
		en := slices.DeleteFunc(e.pages.Paths(), func(p string) bool { return !strings.HasPrefix(p, "en/") })
		zh := slices.DeleteFunc(e.pages.Paths(), func(p string) bool { return !strings.HasPrefix(p, "zh/") })
		if len(en) != len(zh) {
			t.Errorf("%s: %d pages in English, %d in Chinese", name, len(en), len(zh))
		}
	}
}

func exact(page *html.Node) []string {
	var values []string
	for _, n := range find(page, func(n *html.Node) bool { _, ok := attribute(n, "data-value"); return ok }) {
		value, _ := attribute(n, "data-value")
		values = append(values, value)
	}
	return values
}

// The queries that the page on SQL offers run, and find something.
func TestExamplesRun(t *testing.T) {
	e := plain()
	found := 0
	for _, code := range find(e.page(t, "en/sql.html"), func(n *html.Node) bool { class, _ := attribute(n, "class"); return n.Data == "code" && class == "sql" }) {
		if rows := e.ask(t, textOf(code)); len(rows) == 0 {
			t.Errorf("nothing is found by\n%s", textOf(code))
		}
		found++
	}
	if found < 5 {
		t.Errorf("%d examples", found)
	}
}
