package site

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// tiles.csv places the cities of a campaign on a grid: one tile each, near to where it
// lies. It is no map of boundaries and shows none.
//
//go:embed tiles.csv
var tilesCSV string

type tile struct {
	campaign, area string
	column, row    int
}

var tiles = func() []tile {
	rows, err := csv.NewReader(strings.NewReader(tilesCSV)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("tiles.csv: %v", err))
	}
	var all []tile
	for _, r := range rows[1:] {
		column, err1 := strconv.Atoi(r[2])
		row, err2 := strconv.Atoi(r[3])
		if err1 != nil || err2 != nil {
			panic(fmt.Sprintf("tiles.csv: %v", r))
		}
		all = append(all, tile{r[0], r[1], column, row})
	}
	return all
}()

// tileValue is what the map says of a city.
type tileValue struct {
	n           num
	k           kind
	least, most float64 // of all tiles: from pale to dark
	title       string
}

type tileData struct {
	Area   string `json:"area"`
	Name   string `json:"name"`
	Column int    `json:"column"`
	Row    int    `json:"row"`
	Value  any    `json:"value"`
}

// tileMap draws the cities of the main campaign as tiles that lead to their pages, the
// darker the more; a city of which nothing is known is hatched. ok is false when the
// campaign has no tiles.
func (p *page) tileMap(id, title, note string, value func(areaRow) tileValue) (f figure, ok bool) {
	const size, height, gap = 104.0, 62.0, 5.0
	columns, rows := 0, 0
	var placed []tile
	for _, t := range tiles {
		if t.campaign == p.d.main.ID && p.d.area[[2]string{t.campaign, t.area}] != nil {
			placed = append(placed, t)
			columns, rows = max(columns, t.column+1), max(rows, t.row+1)
		}
	}
	if len(placed) == 0 {
		return figure{}, false
	}
	d := &drawing{}
	width, depth := float64(columns)*(size+gap)-gap, float64(rows)*(height+gap)-gap
	// A group, not an image: its tiles are links.
	d.raw(`<svg class="chart tiles" viewBox="0 0 ` + at(width) + " " + at(depth) + `" role="group" aria-label="` + esc(title) + `">`)
	var island []tileData
	for _, t := range placed {
		a := p.d.area[[2]string{t.campaign, t.area}]
		v := value(*a)
		x, y := float64(t.column)*(size+gap), float64(t.row)*(height+gap)
		shade, shown := "tile none", "—"
		data := tileData{Area: a.AreaID, Name: a.Name, Column: t.column, Row: t.row}
		if v.n.known {
			shade, shown = "tile q"+strconv.Itoa(shadeOf(v.n.v, v.least, v.most)), show(v.n.v, v.k)
			data.Value = v.n.v
		}
		d.raw(`<a href="` + esc(p.areaHref(a)) + `" class="` + shade + `"><title>` + esc(p.name(a)+": "+v.title) + `</title>`)
		d.shape("rect", "", nil, "x", at(x), "y", at(y), "width", at(size), "height", at(height), "rx", "4")
		d.text("city", x+10, y+24, start, p.tileName(a))
		d.text("number", x+10, y+47, start, shown)
		d.raw("</a>")
		island = append(island, data)
	}
	return figure{ID: id, Class: "map", Caption: title, SVG: template.HTML(d.b.String() + "</svg>"), Kind: "tiles", Data: island, Note: note}, true
}

// tileName is a city's name without its 市, which every tile would repeat.
func (p *page) tileName(a *areaRow) string {
	return strings.TrimSuffix(p.name(a), "市")
}

// shadeOf is the class of darkness of a value, 0 to 4.
func shadeOf(v, least, most float64) int {
	if most <= least {
		return 0
	}
	return min(int(5*(v-least)/(most-least)), 4)
}
