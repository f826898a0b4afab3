package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// Mapping overrides for one office's ledgers what headers mean. Its file has the
// three columns of words/headers.csv, and for what stands in no column of the
// sheet rows whose header begins with "=":
//
//	header,field,unit
//	投资强度,-,                  a column to leave out
//	合同额,investment,万元       a header of the office's own
//	=襄垣经济技术开发区,zone,    the zone of all rows
//	=2021-06-30,as_of,           the day for which the ledger speaks
type Mapping struct {
	headers   map[string]meaning
	constants map[Field]string
}

// ReadMapping reads a mapping file; name stands in errors.
func ReadMapping(name string, r io.Reader) (*Mapping, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 3
	rows, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the mapping %s: %w; it has the columns header,field,unit", name, err)
	}
	if len(rows) == 0 || strings.TrimPrefix(strings.Join(rows[0], ","), "\ufeff") != "header,field,unit" {
		return nil, fmt.Errorf("read the mapping %s: its first line must be header,field,unit", name)
	}
	m := &Mapping{map[string]meaning{}, map[Field]string{}}
	for i, row := range rows[1:] {
		if err := m.take(row); err != nil {
			return nil, fmt.Errorf("read the mapping %s, row %d: %w", name, i+2, err)
		}
	}
	return m, nil
}

func (m *Mapping) take(row []string) error {
	field, err := parseField(row[1])
	if err != nil {
		return err
	}
	if row[2] != "" {
		if _, err := amount.ParseMoneyUnit(row[2]); err != nil {
			return err
		}
	}
	value, constant := strings.CutPrefix(row[0], "=")
	if !constant {
		key, means := foldHeader(row[0]), meaning{field, row[2]}
		if key == "" {
			return fmt.Errorf("%q names no column; write the header as the sheet prints it", row[0])
		}
		if before, twice := m.headers[key]; twice && before != means {
			return fmt.Errorf("header %q stands for two fields; remove one of the rows", row[0])
		}
		m.headers[key] = means
		return nil
	}
	if value = strings.TrimSpace(value); value == "" {
		return fmt.Errorf("nothing stands behind the = for %s; write =襄垣经济技术开发区, or remove the row", field)
	}
	switch field {
	case Zone, City, County, SignedRound, StageNow:
	case AsOf:
		if _, err := record.ParseDate(value); err != nil {
			return fmt.Errorf("%q is not a date; write it as 2021-06-30", value)
		}
	default:
		return fmt.Errorf("only zone, city, county, signed_round, stage and as_of can be said of all rows, not %s", field)
	}
	m.constants[field] = value
	return nil
}

// constant is what the mapping says of all rows; "" when it does not.
func (m *Mapping) constant(f Field) string {
	if m == nil {
		return ""
	}
	return m.constants[f]
}
