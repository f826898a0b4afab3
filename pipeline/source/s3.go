package source

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3 says where the object store is and who asks. Its zero value is Amazon's,
// asked by nobody in particular.
type S3 struct {
	Endpoint        string // https://obs.cn-north-4.myhuaweicloud.com; "" for Amazon
	Region          string // "" to ask the store
	AccessKey       string // "" for a profile, or for nobody
	SecretKey       string
	SessionToken    string
	CredentialsFile string // file of profiles; "" for the usual ones, if Profile is set
	Profile         string
}

// S3FromEnv takes the settings from the variables that Amazon's own tools read.
func S3FromEnv(getenv func(string) string) S3 {
	return S3{
		Endpoint:        cmp.Or(getenv("AWS_ENDPOINT_URL_S3"), getenv("AWS_ENDPOINT_URL")),
		Region:          cmp.Or(getenv("AWS_REGION"), getenv("AWS_DEFAULT_REGION")),
		AccessKey:       getenv("AWS_ACCESS_KEY_ID"),
		SecretKey:       getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    getenv("AWS_SESSION_TOKEN"),
		CredentialsFile: getenv("AWS_SHARED_CREDENTIALS_FILE"),
		Profile:         getenv("AWS_PROFILE"),
	}
}

func (s S3) credentials() *credentials.Credentials {
	if s.AccessKey == "" && (s.Profile != "" || s.CredentialsFile != "") {
		return credentials.NewFileAWSCredentials(s.CredentialsFile, s.Profile)
	}
	return credentials.NewStaticV4(s.AccessKey, s.SecretKey, s.SessionToken)
}

// hostNamed are object stores, beside those that the library knows, that want
// the bucket in the host's name.
var hostNamed = []string{".myhuaweicloud.com", ".myqcloud.com", ".volces.com"}

// objects makes a client. The endpoint is the operator's own choice, so it may
// lie in a private network; redirects are not followed.
func (f *Finder) objects() (objects, error) {
	endpoint := cmp.Or(f.S3.Endpoint, "https://s3.amazonaws.com")
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return objects{}, &Error{Address: "s3://…", What: "the endpoint is not an address like https://host:port", Mend: "correct AWS_ENDPOINT_URL"}
	}
	own := Finder{Limits: f.Limits, AllowPrivate: true, Proxy: f.Proxy}
	core, err := minio.NewCore(u.Host, &minio.Options{
		Creds: f.S3.credentials(), Secure: u.Scheme == "https", Transport: own.transport(), Region: f.S3.Region,
		MaxRetries: f.Limits.withDefaults().Tries,
		BucketLookupViaURL: func(u url.URL, bucket string) minio.BucketLookupType {
			for _, host := range hostNamed {
				if strings.HasSuffix(u.Hostname(), host) && !strings.Contains(bucket, ".") {
					return minio.BucketLookupDNS
				}
			}
			return minio.BucketLookupAuto
		},
	})
	if err != nil {
		return objects{}, &Error{Address: "s3://…", What: "the object store cannot be set up", Err: err, Mend: "correct AWS_ENDPOINT_URL and AWS_REGION"}
	}
	if name, version, ok := strings.Cut(f.UserAgent, "/"); ok {
		version, _, _ = strings.Cut(version, " ")
		core.SetAppInfo(name, version)
	}
	return objects{core: core, host: u.Host}, nil
}

// findObjects lists the ledgers of bucket/key. The key is taken as it stands:
// nothing in it is percent-encoded.
func (f *Finder) findObjects(ctx context.Context, where string) ([]Address, error) {
	bucket, key, _ := strings.Cut(where, "/")
	if strings.Contains(bucket, "@") {
		return nil, &Error{
			Address: "s3://…", What: "credentials do not belong into the address",
			Mend: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
		}
	}
	name := cleanName("s3://" + where)
	if bucket == "" {
		return nil, &Error{Address: name, What: "it names no bucket", Mend: "write s3://bucket/key"}
	}
	from, err := f.objects()
	if err != nil {
		return nil, err
	}
	if key != "" && !strings.HasSuffix(key, "/") && !isGlob(key) {
		return f.objectsAt(from, bucket, []string{key}), nil
	}
	prefix, takes := key, f.kind().takes
	if isGlob(key) {
		if !doublestar.ValidatePattern(key) {
			return nil, &Error{Address: name, What: "the pattern does not end: a [ or { is open", Mend: "close it, or write a backslash before it where it stands for itself"}
		}
		prefix = key[:strings.IndexAny(key, `*?[{\`)]
		takes = func(k string) bool { return k == key || f.kind().takes(k) && doublestar.MatchUnvalidated(key, k) }
	}
	if f.Look {
		return f.listedBefore(from, bucket, name, &Error{Address: name, What: "the network is not to be asked", Err: ErrNotFetched, Mend: "run without --dry-run"})
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing when an error ends this
	var keys []string
	others := 0
	for object := range from.core.Client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		switch {
		case object.Err != nil && ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case object.Err != nil:
			return f.listedBefore(from, bucket, name, from.explain(name, object.Err))
		case takes(object.Key) && !underHidden(strings.TrimPrefix(object.Key, prefix)):
			keys = append(keys, object.Key)
		case !strings.HasSuffix(object.Key, "/"):
			others++
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if len(keys) == 0 {
		what := "the prefix holds no " + f.kind().many
		if isGlob(key) {
			what = "no " + f.kind().one + " matches"
		}
		return nil, f.kind().none(name, what, others)
	}
	if err := f.keepListing(from, name, keys); err != nil {
		return nil, notKept(name, err)
	}
	return f.objectsAt(from, bucket, keys), nil
}

// listing is the record of what a prefix or glob came to.
type listing struct {
	Listing string   `json:"listing"`
	Keys    []string `json:"keys"`
}

// keepListing writes a listing down, when it is another than the one before.
func (f *Finder) keepListing(from objects, name string, keys []string) error {
	history, ok := f.Store.(History)
	if !ok {
		return nil
	}
	key := keyOfObject(from.host, "list "+name)
	record, err := json.Marshal(listing{name, keys})
	if err != nil {
		return fmt.Errorf("write down a listing: %w", err)
	}
	for last, err := range history.Fetches(key) {
		if err == nil && bytes.Equal(last, record) {
			return nil
		}
		break
	}
	return history.KeepFetch(key, record)
}

// listedBefore gives the objects that were there when the prefix could last be
// listed; the failure when it never could.
func (f *Finder) listedBefore(from objects, bucket, name string, failure error) ([]Address, error) {
	history, ok := f.Store.(History)
	if !ok {
		return nil, failure
	}
	for record, err := range history.Fetches(keyOfObject(from.host, "list "+name)) {
		var last listing
		if err == nil && json.Unmarshal(record, &last) == nil && len(last.Keys) > 0 {
			f.log().Warn("a store cannot be listed; what it held last is asked for", "address", name, "error", failure)
			return f.objectsAt(from, bucket, last.Keys), nil
		}
		break
	}
	return nil, failure
}

// underHidden says whether a key lies in a folder whose name begins with a dot.
func underHidden(key string) bool {
	for part := range strings.SplitSeq(path.Dir(key), "/") {
		if isHidden(part) {
			return true
		}
	}
	return false
}

func (f *Finder) objectsAt(from objects, bucket string, keys []string) []Address {
	var found []Address
	for _, key := range keys {
		address := bucket + "/" + key
		name := cleanName("s3://" + address)
		found = append(found, Address{Name: name, open: func(ctx context.Context) (*Snapshot, error) {
			return f.fresh(ctx, keyOfObject(from.host, address), name, func(last *Fetch) (*Snapshot, error) {
				from := from
				from.last = last
				return f.pull(ctx, from, name, address)
			})
		}})
	}
	return found
}

// keyOfObject is the key of an object's fetches.
func keyOfObject(host, address string) string {
	sum := sha256.Sum256([]byte("s3://" + host + "/" + address))
	return hex.EncodeToString(sum[:])
}

// objects fetches from an object store.
type objects struct {
	core *minio.Core
	host string
	last *Fetch // what is there already; nil for nothing
}

// Fetch gets an object by bucket/key. The library tries again by itself.
func (o objects) Fetch(ctx context.Context, address string) (*Response, error) {
	bucket, key, _ := strings.Cut(address, "/")
	name := cleanName("s3://" + address)
	var options minio.GetObjectOptions
	if o.last != nil && o.last.ETag != "" {
		if err := options.SetMatchETagExcept(o.last.ETag); err != nil {
			return nil, o.explain(name, err)
		}
	}
	body, info, _, err := o.core.GetObject(ctx, bucket, key, options)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if o.last != nil && minio.ToErrorResponse(err).StatusCode == http.StatusNotModified {
			return nil, &notModified{&Fetch{URL: name, FinalURL: name, Status: http.StatusNotModified}}
		}
		return nil, o.explain(name, err)
	}
	how := &Fetch{URL: name, FinalURL: name, Status: http.StatusOK, ContentType: info.ContentType, ETag: info.ETag, File: path.Base(key)}
	if !info.LastModified.IsZero() {
		how.LastModified = info.LastModified.UTC().Format(http.TimeFormat)
	}
	return &Response{Body: body, Size: info.Size, File: path.Base(key), MediaType: info.ContentType, ModifiedAt: info.LastModified, fetch: how}, nil
}

func (o objects) explain(name string, err error) error {
	var resp minio.ErrorResponse
	var file *fs.PathError
	if errors.As(err, &file) {
		return &Error{Address: name, What: "the credentials cannot be read", Err: err, Mend: "check AWS_SHARED_CREDENTIALS_FILE and AWS_PROFILE"}
	}
	if !errors.As(err, &resp) || resp.StatusCode == 0 {
		return &Error{
			Address: name, What: "there is no good answer from " + o.host, Err: innermost(err),
			Mend: "check AWS_ENDPOINT_URL and the network, or " + comeAgain,
		}
	}
	e := &Error{Address: name, What: fmt.Sprintf("%s answers %s", o.host, status(resp.StatusCode)), Err: err}
	switch {
	case resp.Code == minio.NoSuchBucket:
		e.Mend = "check the bucket's name, AWS_REGION and AWS_ENDPOINT_URL"
	case resp.StatusCode == http.StatusNotFound:
		e.Mend = "check the key; a prefix ends in /"
	case resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusUnauthorized:
		e.Mend = "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, and that they may read it"
	case resp.StatusCode == http.StatusBadRequest || resp.StatusCode/100 == 3:
		e.Mend = "check AWS_REGION and AWS_ENDPOINT_URL"
	default:
		e.Mend = comeAgain
	}
	return e
}
