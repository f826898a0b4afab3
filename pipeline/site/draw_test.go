package site

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestShow(t *testing.T) {
	for _, c := range []struct {
		v    float64
		k    kind
		want string
	}{
		{0, countKind, "0"},
		{413, countKind, "413"},
		{1427, countKind, "1,427"},
		{1234567, countKind, "1,234,567"},
		{-1300, countKind, "−1,300"},
		{580500000000, moneyKind, "5,805.00"},
		{35470000000, moneyKind, "354.70"},
		{1.12613, ratioKind, "1.126"},
		{0.8441, shareKind, "84.4 %"},
		{0.0146, pointKind, "+1.5"},
		{-0.0384, pointKind, "−3.8"},
		{-0.0004, pointKind, "±0.0"},
	} {
		if got := show(c.v, c.k); got != c.want {
			t.Errorf("show(%v, %v) = %q, want %q", c.v, c.k, got, c.want)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		most float64
		want []float64
	}{
		{413, []float64{0, 200, 400, 600}},
		{1, []float64{0, 0.25, 0.5, 0.75, 1}},
		{0, []float64{0, 1}},
		{-5, []float64{0, 1}},
		{2.8e11, []float64{0, 1e11, 2e11, 3e11}},
	} {
		if got := ticks(c.most, 4); !slices.Equal(got, c.want) {
			t.Errorf("ticks(%v) = %v, want %v", c.most, got, c.want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"2021-1": "2021-1", "..2024-10-17": "to-2024-10-17", "2020-02-28..2020-08-08": "2020-02-28_2020-08-08", "H-07": "H-07", "all": "all",
	} {
		if got := periodSlug(in); got != want {
			t.Errorf("periodSlug(%q) = %q, want %q", in, got, want)
		}
	}
	// No id leads out of its folder.
	for _, bad := range []string{"../../etc/passwd", "/etc", `a\b`, "a/b", "..", "a b<c>"} {
		if got := slug(bad); strings.ContainsAny(got, `/\<> `) || strings.Contains(got, "..") {
			t.Errorf("slug(%q) = %q", bad, got)
		}
	}
}

func TestExternal(t *testing.T) {
	for _, good := range []string{"http://a.cn/b", "https://a.cn"} {
		if external(good) != good {
			t.Errorf("%s is no address", good)
		}
	}
	for _, bad := range []string{"", "javascript:alert(1)", "data:text/html,x", "//a.cn", "ftp://a.cn/", "a.cn/b", "http://", "https:alert(1)", " http://[::1"} {
		if got := external(bad); got != "" {
			t.Errorf("%s leads to %s", bad, got)
		}
	}
}

// Lines are parted where a month is not known, and one month alone is a dot.
func TestLinesArePartedAtGaps(t *testing.T) {
	draw := func(values ...num) string {
		d := newSpark("", 10, 10)
		drawLine(d, "line", values, func(i int) float64 { return float64(i) }, func(v float64) float64 { return v }, 1)
		return string(d.done())
	}
	no := num{}
	if got := draw(known(1), known(2), no, known(3), known(4)); !strings.Contains(got, `d="M0 1L1 2M3 3L4 4"`) {
		t.Error(got)
	}
	if got := draw(no, known(2), no, no); strings.Contains(got, "<path") || strings.Count(got, "<circle") != 1 {
		t.Error(got)
	}
	if got := draw(no, no); strings.Contains(got, "<path") || strings.Contains(got, "<circle") {
		t.Error(got)
	}
	if sparkLine("x", []num{no, no}) != "" {
		t.Error("a line is drawn of nothing")
	}
}

func TestDrawingsEscape(t *testing.T) {
	d := newDrawing(`a"b`, "x", 1, 1, "<b>", "&")
	d.text("", 0, 0, start, "</svg><script>")
	d.rect(`"`, 0, 0, 1, 1, "<i>")
	if got := string(d.done()); strings.Contains(got, "<b>") || strings.Contains(got, "<script>") || strings.Contains(got, "<i>") || strings.Contains(got, `a"b`) {
		t.Error(got)
	}
}

func TestColumnsAndFields(t *testing.T) {
	for field, want := range map[string]string{"AreaID": "area_id", "NameEN": "name_en", "StartCiLow": "start_ci_low", "SHA256": "sha256", "URL": "url", "AreaKm2": "area_km2", "ID": "id"} {
		if got := columnOf(field); got != want {
			t.Errorf("columnOf(%s) = %s, want %s", field, got, want)
		}
	}
	type row struct{ AreaID, Name string }
	if _, err := fieldsOf(reflect.TypeFor[row](), []string{"area_id", "nome"}); err == nil {
		t.Error("a column without a field is taken")
	}
	if _, err := fieldsOf(reflect.TypeFor[row](), []string{"area_id"}); err == nil {
		t.Error("a field without a column is taken")
	}
}

func TestHead(t *testing.T) {
	head := table{Columns: []column{{Title: "a"}, {Title: "b", Group: "g"}, {Title: "c", Group: "g"}, {Title: "d"}}}.Head()
	if len(head) != 2 || len(head[0]) != 3 || head[0][1].Span != 2 || head[0][0].Rows != 2 || len(head[1]) != 2 {
		t.Errorf("%+v", head)
	}
}

// A share among the few projects that are the oldest is not drawn.
func TestFollowed(t *testing.T) {
	of := func(observed ...float64) []cohortRow {
		var rows []cohortRow
		for _, n := range observed {
			rows = append(rows, cohortRow{Observed: num{n, true}})
		}
		return rows
	}
	for _, c := range []struct {
		observed []float64
		want     int
	}{{nil, 0}, {[]float64{1}, 1}, {[]float64{10, 10, 8, 5, 4, 1}, 4}, {[]float64{3, 2, 1}, 2}, {[]float64{6, 6, 6}, 3}} {
		if got := len(followed(of(c.observed...))); got != c.want {
			t.Errorf("of %v months %d are drawn, want %d", c.observed, got, c.want)
		}
	}
}
