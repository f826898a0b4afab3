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

// column writes one field of the rows.
type column struct {
	read    func(field unsafe.Pointer) parquet.Value // the field's value; only when it is known
	known   func(field unsafe.Pointer) bool          // nil when it always is
	offset  uintptr
	index   int
	defined int  // definition level of a value
	list    bool // the field is a []string
	null    parquet.Value
}

// chunk is how many rows are taken apart at once: few enough that they stay in
// the processor's cache while each column reads them.
const chunk = 64

// columnsOf lists the columns of a row type. Field types other than those of the
// tables are an error.
func columnsOf(t reflect.Type, schema *parquet.Schema) ([]column, error) {
	var columns []column
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		if name == "-" {
			continue
		}
		c := column{offset: f.Offset}
		path := []string{name}
		if c.list = f.Type.Kind() == reflect.Slice; c.list {
			path = append(path, "list", "element")
		}
		leaf, ok := schema.Lookup(path...)
		if !ok {
			return nil, fmt.Errorf("write field %s: it has no column", f.Name)
		}
		c.index, c.defined = leaf.ColumnIndex, leaf.MaxDefinitionLevel
		c.null = parquet.NullValue().Level(0, 0, c.index)
		if err := c.take(f.Type); err != nil {
			return nil, fmt.Errorf("write field %s: %w", f.Name, err)
		}
		if !strings.Contains(","+options+",", ",optional,") {
			c.known = nil
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// take chooses how a field of a type is read.
func (c *column) take(t reflect.Type) error {
	switch t.Kind() {
	case reflect.String:
		c.known = func(p unsafe.Pointer) bool { return *(*string)(p) != "" }
		c.read = func(p unsafe.Pointer) parquet.Value {
			s := *(*string)(p)
			return parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(s), len(s)))
		}
	case reflect.Int32:
		c.known = func(p unsafe.Pointer) bool { return *(*int32)(p) != 0 }
		c.read = func(p unsafe.Pointer) parquet.Value { return parquet.Int32Value(*(*int32)(p)) }
	case reflect.Int64:
		c.known = func(p unsafe.Pointer) bool { return *(*int64)(p) != 0 }
		c.read = func(p unsafe.Pointer) parquet.Value { return parquet.Int64Value(*(*int64)(p)) }
	case reflect.Bool:
		c.read = func(p unsafe.Pointer) parquet.Value { return parquet.BooleanValue(*(*bool)(p)) }
	case reflect.Float64:
		c.read = func(p unsafe.Pointer) parquet.Value { return parquet.DoubleValue(*(*float64)(p)) }
	case reflect.Pointer:
		var of column
		if t.Elem().Kind() == reflect.Pointer || of.take(t.Elem()) != nil {
			return fmt.Errorf("no table has a %s", t)
		}
		c.known = func(p unsafe.Pointer) bool { return *(*unsafe.Pointer)(p) != nil }
		c.read = func(p unsafe.Pointer) parquet.Value { return of.read(*(*unsafe.Pointer)(p)) }
	case reflect.Slice:
		if t.Elem().Kind() != reflect.String {
			return fmt.Errorf("no table has a %s", t)
		}
	default:
		return fmt.Errorf("no table has a %s", t)
	}
	return nil
}

// values appends the column's values for n rows that begin at base, each size
// bytes long.
func (c *column) values(dst []parquet.Value, base unsafe.Pointer, n int, size uintptr) []parquet.Value {
	for i := range n {
		p := unsafe.Add(base, uintptr(i)*size+c.offset)
		switch {
		case c.list:
			dst = c.listValues(dst, *(*[]string)(p))
		case c.known != nil && !c.known(p):
			dst = append(dst, c.null)
		case c.defined == 0:
			dst = append(dst, c.read(p))
		default:
			dst = append(dst, c.read(p).Level(0, c.defined, c.index))
		}
	}
	return dst
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
