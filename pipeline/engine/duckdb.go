package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/duckdb/duckdb-go/v2"
)

// Open opens a DuckDB database: a file, or "" for one in memory that lives as
// long as the handle. settings are statements run on the first connection; what
// they set is the database's.
func Open(file string, settings ...string) (*sql.DB, error) {
	// Once only: a database that has spilled rows refuses to hear its temp_directory
	// again.
	var first sync.Once
	var failed error
	connector, err := duckdb.NewConnector(file, func(conn driver.ExecerContext) error {
		first.Do(func() {
			for _, s := range settings {
				if _, err := conn.ExecContext(context.Background(), s, nil); err != nil {
					failed = fmt.Errorf("%s: %w", s, err)
					return
				}
			}
		})
		return failed
	})
	if err != nil {
		return nil, fmt.Errorf("open DuckDB database %q: %w", file, err)
	}
	return sql.OpenDB(connector), nil
}

// LoadParquet makes a relation of the Parquet files that a glob names. Their hive
// partition, the campaign, becomes the first column. With stored it is a table in
// memory, unless the files are large; else they are read where they lie, each time.
func LoadParquet(ctx context.Context, db *sql.DB, table, glob string, stored bool) error {
	kind := "view"
	if stored {
		size, err := globSize(glob)
		if err != nil {
			return fmt.Errorf("load table %s: %w", table, err)
		}
		if size <= largest {
			kind = "table"
		}
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf(
		`create %s %s as
		select campaign, * exclude (campaign)
		from read_parquet(%s, hive_partitioning = true, hive_types = {'campaign': 'VARCHAR'})`, kind, Quote(table), Literal(glob)))
	if err != nil {
		return fmt.Errorf("load table %s: %w", table, err)
	}
	return nil
}

// LoadModel makes a view of the file that CopyParquet wrote of a model.
func LoadModel(ctx context.Context, db *sql.DB, m Model, file string) error {
	if _, err := db.ExecContext(ctx, "create view "+Quote(m.Name)+" as from read_parquet("+Literal(file)+", hive_partitioning = false)"); err != nil {
		return fmt.Errorf("load model %s: %w", m.Name, err)
	}
	return verifyColumns(ctx, db, m)
}

// largest is how many bytes of Parquet become a table in memory. What is larger
// is read where it lies, each time.
const largest = 32 << 20

func globSize(glob string) (int64, error) {
	files, err := filepath.Glob(glob)
	if err != nil {
		return 0, err
	}
	var size int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	return size, nil
}

// CopyParquet writes a table to a Parquet file in its own order, with metadata,
// and returns the number of rows.
func CopyParquet(ctx context.Context, db *sql.DB, table, file string, metadata map[string]string) (int64, error) {
	var pairs []string
	for _, key := range sortedKeys(metadata) {
		pairs = append(pairs, Quote(key)+": "+Literal(metadata[key]))
	}
	result, err := db.ExecContext(ctx, fmt.Sprintf(`copy %s to %s (format parquet, compression zstd, kv_metadata {%s})`,
		Quote(table), Literal(file), strings.Join(pairs, ", ")))
	if err != nil {
		return 0, fmt.Errorf("write %s to Parquet: %w", table, err)
	}
	return result.RowsAffected()
}

// View is a view of files beside a database.
type View struct {
	Name, SQL string
	Dir       string // the folder that the SQL reads
}

// OpenReadOnly opens a database file for queries of strangers: it cannot be
// changed, and the SQL reaches neither the network nor any file but the allowed
// ones.
func OpenReadOnly(file string, allowed ...string) (*sql.DB, error) {
	return OpenWithViews(file, nil, allowed...)
}

// OpenWithViews is OpenReadOnly with views of files beside the database.
func OpenWithViews(file string, views []View, allowed ...string) (*sql.DB, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	var paths []string
	for _, path := range allowed {
		paths = append(paths, Literal(path))
	}
	settings := []string{"set allowed_paths = [" + strings.Join(paths, ", ") + "]"}
	var dirs []string
	for _, v := range views {
		dirs = append(dirs, Literal(v.Dir))
		settings = append(settings, "create temp view "+Quote(v.Name)+" as "+v.SQL)
	}
	settings = append(settings, "set allowed_directories = ["+strings.Join(dirs, ", ")+"]", "set enable_external_access = false", "set lock_configuration = true")
	db, err := Open(file+"?access_mode=read_only", settings...)
	if err != nil {
		return nil, err
	}
	// The settings are the database's, and locked after the first connection.
	db.SetMaxOpenConns(1)
	return db, nil
}

// OpenForStrangers opens a database file for statements that nobody has looked at: what
// OpenReadOnly keeps out, and memory and threads bounded, nothing spilled to disk. Each
// connection is like the first.
func OpenForStrangers(file string, memoryBytes int64, threads int) (*sql.DB, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return Open(file+"?access_mode=read_only",
		fmt.Sprintf("set memory_limit = '%dB'", memoryBytes),
		fmt.Sprintf("set threads = %d", threads),
		"set temp_directory = ''",
		"set autoinstall_known_extensions = false",
		"set autoload_known_extensions = false",
		"set allow_community_extensions = false",
		"set enable_external_access = false",
		"set lock_configuration = true")
}
