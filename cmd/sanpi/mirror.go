package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline/mirror"
)

// errDamaged is a mirror of which files are not what its manifest says; they stand on
// stdout.
var errDamaged = errors.New("the mirror is damaged; see above; take the version out of it and mirror again")

func newMirror(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mirror ADDRESS",
		Short: "Copy the published version to an object store or folder",
		Long: `mirror brings the published version to s3://bucket/prefix, gs://bucket/prefix,
azblob://container/prefix or file:///folder: the files that are new, copies within the
store of those that are not, then the manifest, and at last CURRENT, which names the
version. Who follows CURRENT sees a whole version, or the one before. A mirroring that
broke off is taken up again by the next. An older version never takes the place of a
newer one.

Keys come from where each store's own tools look: the AWS_ variables, with
AWS_ENDPOINT_URL for stores that speak like S3; Google's application credentials;
AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY.

--verify reads every byte of what the mirror shows instead, and ends with 3 when a file
is not what its manifest says.`,
		Example: `  sanpi mirror s3://statistics/sanpi --keep 30
  sanpi mirror s3://statistics/sanpi --verify
  duckdb -c "from 's3://statistics/sanpi/versions/VERSION/marts/trend_series.parquet'"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.keepMirrored < 0 {
				return usageError{fmt.Errorf("--keep %d: keep one version or more, or leave the flag out to keep all", c.keepMirrored)}
			}
			if c.verify {
				return c.verifyMirror(cmd.Context(), cmd.OutOrStdout(), args[0])
			}
			return c.push(cmd.Context(), cmd.OutOrStdout(), args[0], c.keepMirrored)
		},
	}
	cmd.Flags().IntVar(&c.keepMirrored, "keep", 0, "versions to keep in the mirror (default: all)")
	cmd.Flags().BoolVar(&c.verify, "verify", false, "read what the mirror shows, and name what is wrong with it")
	return cmd
}

func (c *config) push(ctx context.Context, out io.Writer, address string, keep int) error {
	bucket, err := mirror.Open(ctx, address)
	if err != nil {
		return err
	}
	defer bucket.Close()
	r, err := mirror.Push(ctx, c.warehouse, bucket, mirror.Options{Keep: keep})
	if err != nil {
		return err
	}
	say := phrases[c.lang]
	if r.Newer != "" {
		_, err = fmt.Fprintf(out, say.mirrorNewer, address, r.Newer, r.Version)
		return err
	}
	_, err = fmt.Fprintf(out, say.mirrored, address, r.Version, r.Uploaded, humanize.IBytes(uint64(r.Bytes)), r.Copied, r.Kept, len(r.Removed))
	return err
}

func (c *config) verifyMirror(ctx context.Context, out io.Writer, address string) error {
	bucket, err := mirror.Open(ctx, address)
	if err != nil {
		return err
	}
	defer bucket.Close()
	version, damaged, err := mirror.Verify(ctx, bucket)
	if err != nil {
		return err
	}
	say := phrases[c.lang]
	for _, d := range damaged {
		fmt.Fprintf(out, "! %s: %s\n", d.Path, d.What)
	}
	if len(damaged) > 0 {
		return errDamaged
	}
	_, err = fmt.Fprintf(out, say.mirrorWhole, address, version)
	return err
}
