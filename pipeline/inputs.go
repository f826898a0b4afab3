package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
)

// inputs are all that a version is made from, brought and hashed but not yet read
// but for the campaigns themselves.
type inputs struct {
	campaigns readCampaigns
	ledgers   *opened
	pages     []listed
	files     []warehouse.Input
	key       string
}

// store is where bytes are kept; nil for nowhere, in a dry run.
func (r *run) store() *warehouse.Warehouse {
	if r.plan.DryRun {
		return nil
	}
	return r.w
}

// gather brings what the version is to be made from.
func (r *run) gather(ctx context.Context) (_ *inputs, err error) {
	in := &inputs{}
	if in.campaigns, in.files, err = read(r.plan, r.store()); err != nil {
		return nil, err
	}
	if in.ledgers, err = r.openLedgers(ctx, in.campaigns); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			in.ledgers.Close()
		}
	}()
	in.files = append(in.files, in.ledgers.inputs...)
	if in.pages, err = r.bringBulletins(ctx, in.campaigns); err != nil {
		return nil, err
	}
	for _, p := range in.pages {
		if p.brought != nil {
			in.files = append(in.files, warehouse.Input{Name: p.Name, SHA256: p.brought.SHA256, Bytes: p.brought.Size})
		}
	}
	decided, err := keepDecisions(r.plan, r.store(), in.campaigns)
	if err != nil {
		return nil, err
	}
	in.files = append(in.files, decided...)
	in.key, err = in.hash(r.plan)
	return in, err
}

// hash is the key of the version: all that can make a difference to it.
func (in *inputs) hash(plan Plan) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "program %s %s\nas of %s\n", plan.Program, plan.Code, plan.AsOf)
	sql, err := hashSQL(plan.SQL)
	if err != nil {
		return "", err
	}
	for _, file := range sortedKeys(sql) {
		fmt.Fprintf(h, "sql %s %s\n", file, sql[file])
	}
	for _, c := range in.campaigns.loaded {
		fmt.Fprintf(h, "campaign %s\n", c.ID)
		for _, l := range in.ledgers.byCampaign[c.ID] {
			fmt.Fprintf(h, "ledger %s\n", l.SourceID)
		}
	}
	for _, f := range in.files {
		fmt.Fprintf(h, "file %q %s\n", f.Name, f.SHA256)
	}
	for _, p := range in.pages {
		id := ""
		if p.campaign != nil {
			id = p.campaign.ID
		}
		fmt.Fprintf(h, "page %q of %q: %+v\n", p.Name, id, p.bulletin)
		if p.brought != nil {
			// When it was fetched is told of a page, and what its server called it decides how it is read.
			fmt.Fprintf(h, "brought %s %q %v\n", p.brought.Since, p.brought.File, contentType(p.brought))
		} else {
			fmt.Fprintf(h, "failed %v\n", p.err)
		}
	}
	for _, s := range in.ledgers.snapshots {
		fmt.Fprintf(h, "snapshot %q %q %s %s\n", s.Name, s.File, s.Since, s.MediaType)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// bringBulletins brings the pages and keeps their bytes, several at a time. A page
// that cannot be brought is none the less one of those asked for.
func (r *run) bringBulletins(ctx context.Context, read readCampaigns) ([]listed, error) {
	pages, err := listBulletins(ctx, r.plan, r.w, read)
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, r.plan.Workers, 8)) // they mostly wait for servers
	for i := range pages {
		group.Go(func() error {
			p := &pages[i]
			s, err := p.Open(ctx)
			if err != nil {
				p.err = err
				return ctx.Err()
			}
			p.brought = s
			return s.Close()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, p := range pages {
		if p.brought != nil {
			r.noteStale(p.brought)
		} else {
			r.unknown(p.Name, p.err)
		}
	}
	return pages, nil
}

func (r *run) noteStale(s *source.Snapshot) {
	if s.Stale != nil {
		r.Stale = append(r.Stale, Stale{Source: s.Name, FetchedAt: s.RetrievedAt.UTC(), Error: s.Stale.Error()})
	}
}

func contentType(s *source.Snapshot) string {
	if s.Fetch == nil {
		return ""
	}
	return s.Fetch.ContentType
}

// open opens the bytes of a page that was brought before, or brings it.
func (p listed) open(ctx context.Context, from source.Store) (*source.Snapshot, error) {
	switch {
	case p.err != nil:
		return nil, p.err
	case p.brought == nil || !p.brought.Kept:
		return p.Open(ctx)
	}
	s := *p.brought
	return &s, s.Reopen(from)
}

// hashOf is the hash of a text.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// add puts a value into a hash, with nothing left out that JSON shows.
func add(h hash.Hash, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("hash the %s: %w", strings.ToLower(name), err)
	}
	fmt.Fprintf(h, "%s %s\n", name, text)
	return nil
}
