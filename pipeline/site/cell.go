package site

import (
	"html/template"
	"math"
	"strconv"
	"strings"
)

// cell is one value on a page: what stands there, where it leads, and the number as
// machines read it.
type cell struct {
	Text, Href   string
	External     bool
	Value        string // data-value: the exact number, in projects, yuan or as a ratio
	Class        string
	Head         bool // heads its row
	Lang         string
	Sub, SubLang string
	SubHref      string
	Unknown      string // why the value is not known
	Marks        []mark
	SVG          template.HTML
	Span         int
}

// mark is a sign behind a number, and what it means.
type mark struct{ Sign, Title string }

// table is a table with its caption.
type table struct {
	ID, Caption, Note string
	Class             string
	Columns           []column
	Rows              []row
	Empty             string
	Sortable          bool
	Marks             []mark // the legend: marks that stand in it
	HasUnknown        bool
}

type column struct {
	Title, Group, Class, Unit string
	Span, Rows                int // of a header cell
	ScopeGroup                bool
}

type row struct {
	Class   string
	ID      string
	Heading string // a row that heads those after it
	Cells   []cell
}

// Head is the header in one or two rows.
func (t table) Head() [][]column {
	grouped := false
	for _, c := range t.Columns {
		grouped = grouped || c.Group != ""
	}
	if !grouped {
		head := make([]column, len(t.Columns))
		for i, c := range t.Columns {
			c.Span, c.Rows = 1, 1
			head[i] = c
		}
		return [][]column{head}
	}
	var top, bottom []column
	for i, c := range t.Columns {
		switch {
		case c.Group == "":
			c.Span, c.Rows = 1, 2
			top = append(top, c)
			continue
		case i > 0 && t.Columns[i-1].Group == c.Group:
			top[len(top)-1].Span++
		default:
			top = append(top, column{Title: c.Group, Span: 1, Rows: 1, Class: "group", ScopeGroup: true})
		}
		c.Span, c.Rows = 1, 1
		bottom = append(bottom, c)
	}
	return [][]column{top, bottom}
}

// finish collects what the table's legend must explain.
func (t table) finish() table {
	seen := map[string]bool{}
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			t.HasUnknown = t.HasUnknown || c.Unknown != ""
			for _, m := range c.Marks {
				if !seen[m.Sign] {
					seen[m.Sign] = true
					t.Marks = append(t.Marks, m)
				}
			}
		}
	}
	return t
}

// mark is a sign of a number with its meaning.
func (p *page) mark(kind string) mark {
	signs := map[string]string{"conflict": "†", "derived": "‡", "doubt": "?", "about": "≈", "unverified": "○", "synthetic": "◇", "silent": "·"}
	return mark{signs[kind], p.T("mark_" + kind)}
}

func (p *page) marks(conflict, derived, doubt, about bool) []mark {
	var all []mark
	if conflict {
		all = append(all, p.mark("conflict"))
	}
	if derived {
		all = append(all, p.mark("derived"))
	}
	if doubt {
		all = append(all, p.mark("doubt"))
	}
	if about {
		all = append(all, p.mark("about"))
	}
	return all
}

func text(s string) cell { return cell{Text: s} }

// dash is a text that may be empty.
func (p *page) dash(s string) cell {
	if s == "" {
		return p.unknown("why_unknown")
	}
	return cell{Text: s}
}

func (p *page) unknown(why string) cell {
	return cell{Unknown: p.T(why), Class: "num"}
}

// The kinds of numbers, by which they are written.
type kind int

const (
	countKind kind = iota
	moneyKind      // yuan, shown in 亿元
	ratioKind      // of flows: may pass 1
	shareKind      // of cohorts: per cent
	scoreKind
	pointKind // change in percentage points
)

// figure writes a number of a kind; why says why it may not be known.
func (p *page) figure(n num, k kind, href, why string, marks ...mark) cell {
	if !n.known {
		return p.unknown(why)
	}
	return cell{Text: show(n.v, k), Value: machine(n.v), Href: href, Class: "num", Marks: marks}
}

// machine writes a number exactly.
func machine(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// show writes a number for people.
func show(v float64, k kind) string {
	switch k {
	case moneyKind:
		return grouped(strconv.FormatFloat(v/1e8, 'f', 2, 64))
	case ratioKind:
		return strconv.FormatFloat(v, 'f', 3, 64)
	case shareKind:
		return strconv.FormatFloat(100*v, 'f', 1, 64) + " %"
	case scoreKind:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case pointKind:
		s := strconv.FormatFloat(math.Abs(100*v), 'f', 1, 64)
		switch {
		case s == "0.0":
			return "±0.0"
		case v < 0:
			return "−" + s
		}
		return "+" + s
	}
	return grouped(strconv.FormatFloat(v, 'f', -1, 64))
}

// grouped parts the thousands of a number.
func grouped(s string) string {
	whole, rest, hasRest := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasRest {
		whole += "." + rest
	}
	return sign + whole
}

// kindOf is how figures of a metric are written.
func kindOf(metric string) kind {
	switch {
	case strings.HasPrefix(metric, "share_") || strings.HasSuffix(metric, "_rate"):
		return shareKind
	case metric == "projects" || metric == "representative_projects":
		return countKind
	}
	return moneyKind
}

// unit of a metric's figures.
func (p *page) unit(metric string) string {
	switch kindOf(metric) {
	case moneyKind:
		return p.T("yi")
	case countKind:
		return p.T("unit_projects")
	}
	return ""
}

// moneyUnit is the unit of an amount; a count says what it counts.
func (p *page) moneyUnit(metric string) string {
	if kindOf(metric) == moneyKind {
		return p.unit(metric)
	}
	return ""
}

// factCell is a fact's value, which leads to its claims.
func (p *page) factCell(f *factRow) cell {
	c := p.figure(f.Value, kindOf(f.Metric), p.factHref(f), "why_unknown",
		p.marks(f.Agreement == "conflict", false, f.Doubt != "", f.Approximate)...)
	return c
}

// shareCell is a cohort's share with its interval beneath.
func (p *page) shareCell(n, low, high num, href string) cell {
	c := p.figure(n, shareKind, href, "why_no_base")
	if n.known && low.known && high.known {
		c.Sub = strconv.FormatFloat(100*low.v, 'f', 1, 64) + "–" + strconv.FormatFloat(100*high.v, 'f', 1, 64)
	}
	return c
}

func known(v float64) num { return num{v, true} }
