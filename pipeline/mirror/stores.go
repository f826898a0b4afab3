package mirror

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"cloud.google.com/go/storage"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob"
	azureblobs "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/fileblob"  // file://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/s3blob"    // s3://
	"gocloud.dev/gcerrors"
)

// Open opens the store at an address: s3://bucket/prefix, gs://…, azblob://…, or
// file:///folder, which is made when it is not there. Keys come from where each store's
// own tools look for them; S3 heeds AWS_ENDPOINT_URL and is then asked by path.
func Open(ctx context.Context, address string) (*blob.Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return nil, fmt.Errorf("open the mirror: the address cannot be read; write s3://bucket/prefix, gs://bucket/prefix, azblob://container/prefix or file:///folder")
	}
	prefix := strings.Trim(u.Path, "/")
	query := u.Query()
	switch u.Scheme {
	case "s3":
		if os.Getenv("AWS_ENDPOINT_URL_S3") != "" || os.Getenv("AWS_ENDPOINT_URL") != "" {
			query.Set("use_path_style", "true")
		}
		u.Path = ""
	case "gs", "azblob":
		u.Path = ""
	case "file":
		query.Set("create_dir", "true")
		query.Set("no_tmp_dir", "true") // else a rename may cross file systems
		prefix = ""
	default:
		return nil, fmt.Errorf("open the mirror: addresses that begin with %q are not known; use s3://, gs://, azblob:// or file://", u.Scheme)
	}
	u.RawQuery = query.Encode()
	bucket, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("open the mirror: %w; check the address and the keys", err)
	}
	if prefix != "" {
		bucket = blob.PrefixedBucket(bucket, prefix+"/")
	}
	return bucket, nil
}

// tagOf is what tells one state of an object from others. A folder has none that a
// write could rely on: one machine writes there.
func tagOf(a *blob.Attributes) string {
	var google storage.ObjectAttrs
	if a.As(&google) {
		return strconv.FormatInt(google.Generation, 10)
	}
	return a.ETag
}

// ifMatch has a write fail unless the object has the tag.
func ifMatch(tag string) func(func(any) bool) error {
	return func(as func(any) bool) error {
		var amazon *transfermanager.UploadObjectInput
		if as(&amazon) {
			amazon.IfMatch = &tag
			return nil
		}
		var object *storage.ObjectHandle
		handle := &object
		if as(&handle) {
			generation, err := strconv.ParseInt(tag, 10, 64)
			if err != nil {
				return fmt.Errorf("the tag %q is no generation: %w", tag, err)
			}
			*handle = (*handle).If(storage.Conditions{GenerationMatch: generation})
			return nil
		}
		var azure *azblob.UploadStreamOptions
		if as(&azure) {
			match := azcore.ETag(tag)
			azure.AccessConditions = &azureblobs.AccessConditions{ModifiedAccessConditions: &azureblobs.ModifiedAccessConditions{IfMatch: &match}}
		}
		return nil
	}
}

// isPrecondition says whether a write failed because the object is another by now.
func isPrecondition(err error) bool {
	var azure *azcore.ResponseError
	if errors.As(err, &azure) {
		return azure.StatusCode == http.StatusPreconditionFailed || azure.StatusCode == http.StatusConflict
	}
	return gcerrors.Code(err) == gcerrors.FailedPrecondition
}
