package export

import (
	"bufio"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// writeParquet writes what writeArrow writes as a Parquet file, without a file: for
// where DuckDB's own COPY, which is faster, may not touch the disk.
func writeParquet(w *bufio.Writer, from *result, _ Options) error {
	var file *pqarrow.FileWriter
	err := eachBatch(from, memory.DefaultAllocator, func(schema *arrow.Schema) (err error) {
		file, err = pqarrow.NewFileWriter(schema, w, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd)), pqarrow.DefaultWriterProps())
		return err
	}, func(batch arrow.RecordBatch) error { return file.WriteBuffered(batch) })
	if err != nil {
		return err
	}
	return file.Close()
}
