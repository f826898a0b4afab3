package export

import (
	"bufio"
	"fmt"
	"math/big"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/duckdb/duckdb-go/v2"
)

const batchRows = 8192

func writeArrow(w *bufio.Writer, from *result, _ Options) error {
	return writeBatches(w, from, memory.DefaultAllocator)
}

// writeBatches writes an IPC stream and gives all memory back to mem, also after
// an error. A result without rows is a schema and no batch.
func writeBatches(w *bufio.Writer, from *result, mem memory.Allocator) error {
	var stream *ipc.Writer
	err := eachBatch(from, mem, func(schema *arrow.Schema) error {
		stream = ipc.NewWriter(w, ipc.WithSchema(schema), ipc.WithAllocator(mem))
		return nil
	}, func(batch arrow.RecordBatch) error { return stream.Write(batch) })
	if err != nil {
		return err
	}
	return stream.Close()
}

// eachBatch tells begin the schema of a result, and then hands its rows over in batches.
func eachBatch(from *result, mem memory.Allocator, begin func(*arrow.Schema) error, write func(arrow.RecordBatch) error) error {
	fields := make([]arrow.Field, len(from.columns))
	for i, c := range from.columns {
		fields[i] = arrow.Field{Name: c.name, Type: arrowType(c.typ), Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	builder := array.NewRecordBuilder(mem, schema)
	defer builder.Release()
	if err := begin(schema); err != nil {
		return err
	}
	held := 0
	flush := func() error {
		batch := builder.NewRecordBatch()
		defer batch.Release()
		held = 0
		return write(batch)
	}
	for {
		more, err := from.next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		for i, value := range from.row {
			if err := appendArrow(builder.Field(i), from.columns[i].typ, value); err != nil {
				return fmt.Errorf("encode column %q: %w", from.columns[i].name, err)
			}
		}
		if held++; held == batchRows {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if held > 0 {
		return flush()
	}
	return nil
}

// arrowType maps a DuckDB type. HUGEINT is what sum(BIGINT) gives, so it is a
// number, in the widest decimal that readers agree on. Maps, unions, intervals,
// UUIDs, integers without bound and times with a zone are their text.
func arrowType(t dataType) arrow.DataType {
	switch t.name {
	case "BOOLEAN":
		return arrow.FixedWidthTypes.Boolean
	case "TINYINT":
		return arrow.PrimitiveTypes.Int8
	case "SMALLINT":
		return arrow.PrimitiveTypes.Int16
	case "INTEGER":
		return arrow.PrimitiveTypes.Int32
	case "BIGINT":
		return arrow.PrimitiveTypes.Int64
	case "UTINYINT":
		return arrow.PrimitiveTypes.Uint8
	case "USMALLINT":
		return arrow.PrimitiveTypes.Uint16
	case "UINTEGER":
		return arrow.PrimitiveTypes.Uint32
	case "UBIGINT":
		return arrow.PrimitiveTypes.Uint64
	case "HUGEINT":
		return &arrow.Decimal128Type{Precision: 38}
	case "FLOAT":
		return arrow.PrimitiveTypes.Float32
	case "DOUBLE":
		return arrow.PrimitiveTypes.Float64
	case "DECIMAL":
		return &arrow.Decimal128Type{Precision: t.width, Scale: t.scale}
	case "DATE":
		return arrow.FixedWidthTypes.Date32
	case "TIME":
		return arrow.FixedWidthTypes.Time64us
	case "TIMESTAMP":
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case "TIMESTAMP_S":
		return &arrow.TimestampType{Unit: arrow.Second}
	case "TIMESTAMP_MS":
		return &arrow.TimestampType{Unit: arrow.Millisecond}
	case "TIMESTAMP_NS":
		return &arrow.TimestampType{Unit: arrow.Nanosecond}
	case "TIMESTAMPTZ":
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case "BLOB", "GEOMETRY":
		return arrow.BinaryTypes.Binary
	case "LIST":
		return arrow.ListOf(arrowType(t.element(0)))
	case "STRUCT":
		fields := make([]arrow.Field, len(t.parts))
		for i, m := range t.parts {
			fields[i] = arrow.Field{Name: m.name, Type: arrowType(m.typ), Nullable: true}
		}
		return arrow.StructOf(fields...)
	}
	return arrow.BinaryTypes.String
}

// appendArrow appends a value to the builder of its type's arrowType.
func appendArrow(to array.Builder, t dataType, value any) error {
	if value == nil {
		to.AppendNull()
		return nil
	}
	switch to := to.(type) {
	case *array.BooleanBuilder:
		return put(to.Append, value)
	case *array.Int8Builder:
		return put(to.Append, value)
	case *array.Int16Builder:
		return put(to.Append, value)
	case *array.Int32Builder:
		return put(to.Append, value)
	case *array.Int64Builder:
		return put(to.Append, value)
	case *array.Uint8Builder:
		return put(to.Append, value)
	case *array.Uint16Builder:
		return put(to.Append, value)
	case *array.Uint32Builder:
		return put(to.Append, value)
	case *array.Uint64Builder:
		return put(to.Append, value)
	case *array.Float32Builder:
		return put(to.Append, value)
	case *array.Float64Builder:
		return put(to.Append, value)
	case *array.BinaryBuilder:
		return put(to.Append, value)
	case *array.StringBuilder:
		to.Append(string(appendText(nil, t, value)))
		return nil
	case *array.Decimal128Builder:
		return putDecimal(to, value)
	case *array.Date32Builder:
		return put(func(v time.Time) { to.Append(arrow.Date32(ticks(t.name, v))) }, value)
	case *array.TimestampBuilder:
		return put(func(v time.Time) { to.Append(arrow.Timestamp(ticks(t.name, v))) }, value)
	case *array.Time64Builder:
		return put(func(v time.Time) {
			midnight := time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, v.Location())
			to.Append(arrow.Time64(v.Sub(midnight).Microseconds()))
		}, value)
	case *array.ListBuilder:
		items, err := as[[]any](value)
		if err != nil {
			return err
		}
		to.Append(true)
		for _, item := range items {
			if err := appendArrow(to.ValueBuilder(), t.element(0), item); err != nil {
				return err
			}
		}
		return nil
	case *array.StructBuilder:
		object, err := as[map[string]any](value)
		if err != nil {
			return err
		}
		to.Append(true)
		for i, m := range t.parts {
			if err := appendArrow(to.FieldBuilder(i), m.typ, object[m.name]); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("no Arrow builder for %s", t.name)
}

func putDecimal(to *array.Decimal128Builder, value any) error {
	number, ok := value.(*big.Int)
	if !ok {
		d, err := as[duckdb.Decimal](value)
		if err != nil {
			return err
		}
		number = d.Value
	}
	if number.BitLen() > 127 || !decimal128.FromBigInt(number).FitsInPrecision(38) {
		return fmt.Errorf("%s has more than 38 digits; cast the column to varchar", number)
	}
	to.Append(decimal128.FromBigInt(number))
	return nil
}

func put[T any](add func(T), value any) error {
	v, err := as[T](value)
	if err == nil {
		add(v)
	}
	return err
}

func as[T any](value any) (T, error) {
	v, ok := value.(T)
	if !ok {
		return v, fmt.Errorf("the driver gave a %T, not a %T", value, v)
	}
	return v, nil
}
