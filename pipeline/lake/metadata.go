package lake

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Description is what the key-value metadata of a file says of its table:
//
//	sanpi.table       its name
//	sanpi.summary     what a row is; sanpi.summary_zh in Chinese
//	sanpi.grain       the columns that tell rows apart, where there are such
//	sanpi.columns     a JSON list with a Note for each column
type Description struct {
	Table, EN, ZH string
	Key           []string
	Columns       []Note
}

// Note is what the metadata says of a column.
type Note struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Unit     string   `json:"unit,omitempty"`
	Required bool     `json:"required,omitempty"`
	Allowed  []string `json:"allowed,omitempty"`
	Low      string   `json:"low,omitempty"`
	High     string   `json:"high,omitempty"`
	EN       string   `json:"en"`
	ZH       string   `json:"zh"`
}

// Metadata returns the key-value metadata.
func (d Description) Metadata() (map[string]string, error) {
	notes, err := json.Marshal(d.Columns)
	if err != nil {
		return nil, fmt.Errorf("describe table %s: %w", d.Table, err)
	}
	metadata := map[string]string{
		"sanpi.table": d.Table, "sanpi.summary": d.EN, "sanpi.summary_zh": d.ZH, "sanpi.columns": string(notes),
	}
	if len(d.Key) > 0 {
		metadata["sanpi.grain"] = strings.Join(d.Key, ", ")
	}
	return metadata, nil
}

// describe finds what package record declares of a table. The campaign is no column
// of the files.
func describe(table string) (Description, error) {
	d := Description{Table: table}
	tables, err := record.Declarations()
	if err != nil {
		return d, err
	}
	for _, t := range tables {
		if t.Table == table {
			d.EN, d.ZH, d.Key = t.EN, t.ZH, t.KeyColumns()
		}
	}
	columns, err := record.Columns(table)
	if err != nil {
		return d, err
	}
	for _, c := range columns {
		if c.Name != "campaign" {
			d.Columns = append(d.Columns, Note{c.Name, c.Type, c.Unit, c.Required, c.Allowed, c.Low, c.High, c.EN, c.ZH})
		}
	}
	return d, nil
}
