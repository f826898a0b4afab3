package release

import (
	"fmt"
	"slices"
	"strings"
)

// croissantContext is that of Croissant 1.0, which its readers expect word by word.
var croissantContext = object{
	"@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
	"conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
	"data":     object{"@id": "cr:data", "@type": "@json"},
	"dataType": object{"@id": "cr:dataType", "@type": "@vocab"},
	"dct":      "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
	"examples": object{"@id": "cr:examples", "@type": "@json"},
	"extract":  "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
	"fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
	"jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
	"recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
	"replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator",
	"source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}

// semver is the calendar version as Croissant wants it: three numbers without
// leading zeros, the number on the day behind a plus.
func (w *writer) semver() string {
	day, number, _ := parseName(w.name)
	text := day.Format("2006.1.2")
	if number > 0 {
		text += fmt.Sprintf("+%d", number)
	}
	return text
}

// croissant is the description by MLCommons Croissant 1.0, over the CSV files. It
// holds no references: those there are of one column, and its readers load a record
// set that has some only after joining it; ours are of several, the campaign first.
func (w *writer) croissant() ([]byte, error) {
	var files, sets []object
	for _, t := range w.tables {
		_, sum, err := w.hash(t.csv())
		if err != nil {
			return nil, err
		}
		files = append(files, object{"@type": "cr:FileObject", "@id": t.csv(), "name": t.csv(), "description": t.EN,
			"contentUrl": t.csv(), "encodingFormat": "text/csv", "sha256": sum})
		if t.rows > 0 { // of no rows there is no record to describe
			sets = append(sets, w.recordSet(t))
		}
	}
	return indented(object{
		"@context": croissantContext, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
		"name": w.slug(), "alternateName": []string{w.title(), titleZH}, "description": w.about(), "url": home, "license": terms, "version": w.semver(),
		"datePublished": w.day(), "citeAs": w.citation(), "keywords": keywords, "inLanguage": []string{"en", "zh"},
		"creator":      object{"@type": "sc:Organization", "name": authors, "url": home},
		"distribution": files, "recordSet": sets,
	})
}

func (w *writer) recordSet(t table) object {
	fields := make([]object, len(t.Columns))
	for i, c := range t.Columns {
		id := t.Name + "/" + c.Name
		meaning := c.EN
		if c.Unit != "" {
			meaning += " [" + c.Unit + "]"
		}
		fields[i] = object{"@type": "cr:Field", "@id": id, "name": id, "description": meaning, "dataType": croissantType(t.known[i], t.rows, c.Type),
			"source": object{"fileObject": object{"@id": t.csv()}, "extract": object{"column": c.Name}}}
	}
	set := object{"@type": "cr:RecordSet", "@id": t.Name, "name": t.Name, "description": t.EN, "field": fields}
	if t.hasKey() {
		var key []object
		for _, k := range t.Key {
			key = append(key, object{"@id": t.Name + "/" + k})
		}
		set["key"] = key
	}
	return set
}

// croissantType is a type of DuckDB in the words of Croissant. A whole number that
// is not always known is a Float there: its readers know no NULL of whole numbers.
func croissantType(known, rows int64, t string) string {
	switch fieldType(t) {
	case "integer":
		if known < rows {
			return "sc:Float"
		}
		return "sc:Integer"
	case "number":
		return "sc:Float"
	case "boolean":
		if known < rows {
			return "sc:Text"
		}
		return "sc:Boolean"
	case "date":
		return "sc:Date"
	case "datetime":
		return "sc:DateTime"
	}
	return "sc:Text"
}

// linkedData is the description by schema.org and DCAT, as JSON-LD.
func (w *writer) linkedData() ([]byte, error) {
	var files []object
	add := func(path, format, what string) error {
		info, sum, err := w.hash(path)
		if err != nil {
			return err
		}
		files = append(files, object{
			"@type": []string{"DataDownload", "dcat:Distribution"}, "@id": "#" + path, "name": path, "description": what, "contentUrl": path,
			"encodingFormat": format, "contentSize": fmt.Sprintf("%d B", info), "sha256": sum,
			"dcat:downloadURL": object{"@id": path}, "dcat:mediaType": format, "dcat:byteSize": info, "dct:license": object{"@id": terms},
		})
		return nil
	}
	var measured []object
	for _, t := range w.tables {
		if err := add(t.csv(), "text/csv", t.EN); err != nil {
			return nil, err
		}
		if strings.HasSuffix(t.parquet, ".parquet") {
			if err := add(t.parquet, "application/vnd.apache.parquet", t.EN); err != nil {
				return nil, err
			}
		}
		for _, c := range t.Columns {
			if c.Unit == "" && fieldType(c.Type) != "number" {
				continue
			}
			v := object{"@type": "PropertyValue", "name": t.Name + "." + c.Name, "description": c.EN}
			if c.Unit != "" {
				v["unitText"] = c.Unit
			}
			measured = append(measured, v)
		}
	}
	if err := add("sanpi.duckdb", "application/vnd.duckdb", "every relation in one DuckDB database"); err != nil {
		return nil, err
	}
	based := make([]object, len(w.sources))
	for i, s := range w.sources {
		based[i] = object{"@type": "CreativeWork", "url": s.url, "publisher": object{"@type": "Organization", "name": s.publisher}}
	}
	d := object{
		"@context": object{"@vocab": "https://schema.org/", "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
		"@type":    []string{"Dataset", "dcat:Dataset"}, "@id": home + "/releases/" + w.name, "identifier": home + "/releases/" + w.name,
		"name": w.title(), "alternateName": titleZH, "description": w.about(), "url": home, "version": w.name,
		"datePublished": w.day(), "dateModified": w.day(), "license": terms, "isAccessibleForFree": true, "inLanguage": []string{"en", "zh"},
		"keywords": keywords, "creditText": authors, "citation": w.citation(), "creator": object{"@type": "Organization", "name": authors, "url": home},
		"spatialCoverage": object{"@type": "Place", "name": "China"}, "variableMeasured": measured, "distribution": files, "isBasedOn": based,
		"dct:title": w.title(), "dct:license": object{"@id": terms}, "dct:issued": w.day(), "dcat:version": w.name, "dcat:keyword": keywords,
	}
	if w.from != "" && w.to != "" {
		d["temporalCoverage"] = w.from + "/" + w.to
	}
	if w.synthetic {
		d["keywords"] = append(slices.Clone(keywords), "synthetic data")
	}
	return indented(d)
}
