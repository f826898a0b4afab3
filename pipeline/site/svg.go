package site

import (
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// drawing is an SVG in the making. Everything that goes into it is escaped here.
type drawing struct {
	b strings.Builder
}

// newDrawing begins a picture of a size in its own units. Title and description are what
// a screen reader says in its place.
func newDrawing(id, class string, width, height float64, title, desc string) *drawing {
	d := &drawing{}
	d.b.WriteString(`<svg class="` + esc(class) + `" viewBox="0 0 ` + at(width) + " " + at(height) + `" role="img" aria-labelledby="` + esc(id) + `-t`)
	if desc != "" {
		d.b.WriteString(" " + esc(id) + "-d")
	}
	d.b.WriteString(`"><title id="` + esc(id) + `-t">` + esc(title) + `</title>`)
	if desc != "" {
		d.b.WriteString(`<desc id="` + esc(id) + `-d">` + esc(desc) + `</desc>`)
	}
	return d
}

// newSpark begins a small picture beside the numbers that it repeats: a screen reader
// passes over it.
func newSpark(class string, width, height float64) *drawing {
	d := &drawing{}
	d.b.WriteString(`<svg class="` + esc(class) + `" viewBox="0 0 ` + at(width) + " " + at(height) + `" width="` + at(width) + `" height="` + at(height) + `" aria-hidden="true">`)
	return d
}

// done ends the picture.
func (d *drawing) done() template.HTML {
	return template.HTML(d.b.String() + "</svg>")
}

func (d *drawing) rect(class string, x, y, w, h float64, title ...string) {
	d.shape("rect", class, title, "x", at(x), "y", at(y), "width", at(math.Max(w, 0)), "height", at(math.Max(h, 0)))
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	d.shape("line", class, nil, "x1", at(x1), "y1", at(y1), "x2", at(x2), "y2", at(y2))
}

func (d *drawing) circle(class string, x, y, r float64, title ...string) {
	d.shape("circle", class, title, "cx", at(x), "cy", at(y), "r", at(r))
}

func (d *drawing) diamond(class string, x, y, r float64, title ...string) {
	d.path(class, "M"+at(x)+" "+at(y-r)+"l"+at(r)+" "+at(r)+"l"+at(-r)+" "+at(r)+"l"+at(-r)+" "+at(-r)+"z", title...)
}

func (d *drawing) path(class, data string, title ...string) {
	d.shape("path", class, title, "d", data)
}

func (d *drawing) shape(name, class string, title []string, attributes ...string) {
	d.b.WriteString("<" + name)
	if class != "" {
		d.b.WriteString(` class="` + esc(class) + `"`)
	}
	for i := 0; i < len(attributes); i += 2 {
		d.b.WriteString(" " + attributes[i] + `="` + esc(attributes[i+1]) + `"`)
	}
	if len(title) > 0 && title[0] != "" {
		d.b.WriteString("><title>" + esc(title[0]) + "</title></" + name + ">")
		return
	}
	d.b.WriteString("/>")
}

// The anchors of a text.
const (
	start  = "start"
	middle = "middle"
	end    = "end"
)

func (d *drawing) text(class string, x, y float64, anchor, s string) {
	d.b.WriteString(`<text x="` + at(x) + `" y="` + at(y) + `"`)
	if class != "" {
		d.b.WriteString(` class="` + esc(class) + `"`)
	}
	if anchor != start {
		d.b.WriteString(` text-anchor="` + anchor + `"`)
	}
	d.b.WriteString(">" + esc(s) + "</text>")
}

func (d *drawing) raw(s string) { d.b.WriteString(s) }

func esc(s string) string { return html.EscapeString(s) }

// at writes a length with as many decimals as an eye can see.
func at(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	return strings.TrimSuffix(s, ".0")
}

// ticks are round numbers from 0 to at least most, about so many.
func ticks(most float64, about int) []float64 {
	if most <= 0 {
		return []float64{0, 1}
	}
	step := math.Pow(10, math.Floor(math.Log10(most/float64(about))))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if most/(step*m) <= float64(about) {
			step *= m
			break
		}
	}
	var all []float64
	for i := 0; ; i++ {
		v := step * float64(i)
		all = append(all, v)
		if v >= most*(1-1e-9) {
			return all
		}
	}
}

// letters is about how wide a text is, in letters of the size of a digit: a Chinese one
// takes nearly two.
func letters(s string) float64 {
	n := 0.0
	for _, r := range s {
		if r >= 0x2E80 {
			n += 1.8
		} else {
			n++
		}
	}
	return n
}
