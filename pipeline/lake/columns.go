package lake

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/parquet-go/parquet-go"
)

// Rows are handed to parquet-go column by column. Its own way from structs to
// columns (v0.32.0) takes a NULL for a value when the values before it stand in a
// certain order within 64 rows, and is slower where NULLs and values alternate.

// column is one field of the rows.
type column struct {
	kind     fieldKind
	pointer  bool // the field points to its value; nil is NULL
	optional bool // "" and 0 are NULL
	offset   uintptr
	index    int // of the column in the file
	defined  int // definition level of a value
	null     parquet.Value
}

type fieldKind uint8

const (
	textField fieldKind = iota
	int32Field
	int64Field
	boolField
	floatField
	listField // []string
)

// chunk is how many rows are taken apart at once: few enough that they stay in
// the processor's cache while each column reads them.
const chunk = 64

// columnsOf lists the columns of a row type, in the order of its fields. Field
// types other than those of the tables are an error.
func columnsOf[T any](schema *parquet.Schema) ([]column, error) {
	t := reflect.TypeFor[T]()
	var columns []column
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		if name == "-" {
			continue
		}
		c := column{offset: f.Offset, optional: strings.Contains(","+options+",", ",optional,")}
		kind := f.Type
		if c.pointer = kind.Kind() == reflect.Pointer; c.pointer {
			kind = kind.Elem()
		}
		path := []string{name}
		switch {
		case kind.Kind() == reflect.String:
			c.kind = textField
		case kind.Kind() == reflect.Int32:
			c.kind = int32Field
		case kind.Kind() == reflect.Int64:
			c.kind = int64Field
		case kind.Kind() == reflect.Bool:
			c.kind = boolField
		case kind.Kind() == reflect.Float64:
			c.kind = floatField
		case kind.Kind() == reflect.Slice && kind.Elem().Kind() == reflect.String && !c.pointer:
			c.kind = listField
			path = append(path, "list", "element")
		default:
			return nil, fmt.Errorf("write field %s: no table has a %s", f.Name, f.Type)
		}
		leaf, ok := schema.Lookup(path...)
		if !ok {
			return nil, fmt.Errorf("write field %s: it has no column", f.Name)
		}
		c.index, c.defined = leaf.ColumnIndex, leaf.MaxDefinitionLevel
		c.null = parquet.NullValue().Level(0, 0, c.index)
		columns = append(columns, c)
	}
	return columns, nil
}

// values appends the column's values for n rows that begin at base, each size
// bytes long.
func (c *column) values(dst []parquet.Value, base unsafe.Pointer, n int, size uintptr) []parquet.Value {
	for i := range n {
		p := unsafe.Add(base, uintptr(i)*size+c.offset)
		if c.kind == listField {
			dst = c.listValues(dst, *(*[]string)(p))
			continue
		}
		if c.pointer {
			if p = *(*unsafe.Pointer)(p); p == nil {
				dst = append(dst, c.null)
				continue
			}
		}
		v, zero := c.value(p)
		switch {
		case zero && c.optional && !c.pointer && c.kind != boolField && c.kind != floatField:
			v = c.null
		case c.defined > 0:
			v = v.Level(0, c.defined, c.index)
		}
		dst = append(dst, v)
	}
	return dst
}

// value reads a field, and reports whether it is the zero value.
func (c *column) value(p unsafe.Pointer) (parquet.Value, bool) {
	switch c.kind {
	case textField:
		s := *(*string)(p)
		return parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(s), len(s))), s == ""
	case int32Field:
		n := *(*int32)(p)
		return parquet.Int32Value(n), n == 0
	case int64Field:
		n := *(*int64)(p)
		return parquet.Int64Value(n), n == 0
	case boolField:
		b := *(*bool)(p)
		return parquet.BooleanValue(b), !b
	}
	f := *(*float64)(p)
	return parquet.DoubleValue(f), f == 0
}

func (c *column) listValues(dst []parquet.Value, list []string) []parquet.Value {
	if len(list) == 0 {
		return append(dst, c.null)
	}
	for i, text := range list {
		repeats := min(i, 1)
		dst = append(dst, parquet.ByteArrayValue([]byte(text)).Level(repeats, c.defined, c.index))
	}
	return dst
}
