package release

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/catalog"
)

// object is one of JSON; its keys are written in order of the alphabet.
type object = map[string]any

// dataPackage is the description by Frictionless Data Package v2.
func (w *writer) dataPackage() ([]byte, error) {
	sources := make([]object, len(w.sources))
	for i, s := range w.sources {
		sources[i] = object{"title": s.publisher, "path": s.url}
	}
	resources := make([]object, len(w.tables))
	for i, t := range w.tables {
		size, sum, err := w.hash(t.csv())
		if err != nil {
			return nil, err
		}
		resources[i] = object{
			"name": t.Name, "type": "table", "title": t.Name, "description": t.EN, "path": t.csv(),
			"scheme": "file", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
			"bytes": size, "hash": "sha256:" + sum, "parquet": t.parquet, "rows": t.rows,
			"dialect": object{"delimiter": ",", "lineTerminator": "\n", "quoteChar": `"`, "doubleQuote": true, "header": true},
			"schema":  t.schema(),
		}
	}
	return indented(object{
		"$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
		"name":    w.slug(), "id": home + "/releases/" + w.name, "title": w.title(), "description": w.about(),
		"homepage": home, "version": w.name, "created": w.made().Format("2006-01-02T15:04:05Z"), "keywords": keywords,
		"contributors": []object{{"title": authors, "roles": []string{"creator"}}},
		"licenses":     []object{{"name": licence, "path": terms, "title": "Creative Commons Attribution 4.0 International"}},
		"sources":      sources, "resources": resources, "synthetic": w.synthetic,
	})
}

// schema is a relation as Table Schema v2. References of which a row may know only
// a part are kept under a name of our own: validators would take such rows for broken.
func (t table) schema() object {
	fields := make([]object, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = field(c)
	}
	s := object{"fields": fields, "missingValues": []string{""}}
	switch {
	case t.hasKey():
		s["primaryKey"] = t.Key
	case len(t.Key) > 0:
		s["uniqueKeys"] = [][]string{t.Key}
	}
	var whole, partial []object
	for _, r := range t.Refs {
		ref := object{"fields": r.Columns, "reference": object{"resource": r.Relation, "fields": r.Keys}}
		if t.refIsWhole(r) {
			whole = append(whole, ref)
		} else {
			partial = append(partial, ref)
		}
	}
	if whole != nil {
		s["foreignKeys"] = whole
	}
	if partial != nil {
		s["referencesWhereKnown"] = partial
	}
	return s
}

func field(c catalog.Column) object {
	f := object{"name": c.Name, "type": fieldType(c.Type), "description": c.EN}
	if c.ZH != "" {
		f["descriptionZh"] = c.ZH
	}
	if c.Unit != "" {
		f["unit"] = c.Unit
	}
	constraints := object{}
	if c.Required {
		constraints["required"] = true
		if c.Type == "VARCHAR" {
			f["missingValues"] = []string{} // an empty text is one, where NULL cannot be
		}
	}
	isList := strings.HasSuffix(c.Type, "[]")
	if len(c.Allowed) > 0 && !isList {
		words := make([]string, len(c.Allowed))
		for i, word := range c.Allowed {
			words[i] = Guard(word) // as the file has it
		}
		constraints["enum"] = words
	}
	if c.Low != "" {
		constraints["minimum"] = bound(c.Low)
	}
	if c.High != "" {
		constraints["maximum"] = bound(c.High)
	}
	if len(constraints) > 0 {
		f["constraints"] = constraints
	}
	return f
}

// bound is a number, or the text of a day.
func bound(text string) any {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return json.Number(text)
	}
	return text
}

// fieldType is a type of DuckDB in the words of Table Schema.
func fieldType(t string) string {
	switch {
	case strings.HasSuffix(t, "[]"):
		return "array"
	case strings.HasPrefix(t, "DECIMAL"), t == "DOUBLE":
		return "number"
	case t == "INTEGER", t == "BIGINT":
		return "integer"
	case t == "BOOLEAN":
		return "boolean"
	case t == "DATE":
		return "date"
	case t == "TIMESTAMP":
		return "datetime"
	}
	return "string"
}
