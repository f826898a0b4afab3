package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/sanpi-data/sanpi/pipeline/source"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/bulletin"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/page"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// BulletinAddress is where news pages are, and whose.
type BulletinAddress struct {
	Campaign  string // "" for the campaign whose places a page names most
	Address   string // a file, folder, glob or http address
	Published record.Date
}

// PageKind is the kind of source that a page is when nobody says.
const PageKind = "repost"

// Bulletin is one page and what it came to.
type Bulletin struct {
	Campaign *campaign.Campaign
	Source   record.Source
	Text     bulletin.Text
	Reading  *bulletin.Reading
	Input    warehouse.Input
	Err      error // why it cannot be read; then Text is empty and Reading nil

	unplaced bool // it names no place of any campaign
}

// Extract reads the pages of a plan and hands them to take one by one, in order.
// Nothing is written.
func Extract(ctx context.Context, plan Plan, take func(*Bulletin) error) error {
	campaigns, _, err := read(plan, nil)
	if err != nil {
		return err
	}
	pages, err := listBulletins(ctx, plan, nil, campaigns)
	if err != nil {
		return err
	}
	return readBulletins(ctx, plan, nil, campaigns, pages, take)
}

// listed is one page to read, with what is known of it before.
type listed struct {
	source.Address
	campaign *campaign.Campaign // nil when the page must tell
	bulletin campaign.Bulletin
	brought  *source.Snapshot // closed; nil when the page is yet to be brought
	err      error            // why it could not be
}

// readBulletins reads pages side by side and hands them on in order. No more are in
// hand than twice the workers, however many there are. store has those that were
// brought.
func readBulletins(ctx context.Context, plan Plan, store source.Store, read readCampaigns, pages []listed, take func(*Bulletin) error) error {
	if len(pages) == 0 {
		return nil
	}
	readers := map[string]*reader{}
	for _, c := range read.loaded {
		readers[c.ID] = newReader(c, read.bulletinWords)
	}
	group, ctx := errgroup.WithContext(ctx)
	type task struct {
		page listed
		done chan *Bulletin
	}
	workers := max(1, plan.Workers)
	tasks, inOrder := make(chan task), make(chan chan *Bulletin, workers)
	group.Go(func() error {
		defer close(tasks)
		defer close(inOrder)
		for _, p := range pages {
			t := task{p, make(chan *Bulletin, 1)}
			if err := send(ctx, inOrder, t.done); err != nil {
				return err
			}
			if err := send(ctx, tasks, t); err != nil {
				return err
			}
		}
		return nil
	})
	for range workers {
		group.Go(func() error {
			for t := range tasks {
				t.done <- readBulletin(ctx, t.page, store, read, readers)
			}
			return ctx.Err()
		})
	}
	group.Go(func() error {
		for done := range inOrder {
			select {
			case b := <-done:
				if err := take(b); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

func send[T any](ctx context.Context, to chan<- T, value T) error {
	select {
	case to <- value:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listBulletins finds the pages that are asked for, then those that the campaigns
// list, each once.
func listBulletins(ctx context.Context, plan Plan, w *warehouse.Warehouse, read readCampaigns) ([]listed, error) {
	finder := plan.Pages
	if finder == nil {
		finder = &source.Pages{}
	}
	if w != nil {
		finder.Store, finder.Memory, finder.Look = w, w, plan.DryRun
	}
	var pages []listed
	seen := map[string]bool{}
	add := func(c *campaign.Campaign, b campaign.Bulletin) error {
		found, err := finder.Find(ctx, b.Address)
		if err != nil {
			return err
		}
		for _, a := range found {
			if !seen[a.Name] {
				seen[a.Name] = true
				pages = append(pages, listed{Address: a, campaign: c, bulletin: b})
			}
		}
		return nil
	}
	for _, a := range plan.Bulletins {
		var c *campaign.Campaign
		if a.Campaign != "" {
			var err error
			if c, err = read.campaign(a.Campaign); err != nil {
				return nil, err
			}
		}
		if err := add(c, campaign.Bulletin{Address: a.Address, PublishedOn: a.Published}); err != nil {
			return nil, err
		}
	}
	if !plan.Pull {
		return pages, nil
	}
	for _, c := range read.loaded {
		for _, b := range c.Bulletins {
			if err := add(c, b); err != nil {
				return nil, fmt.Errorf("%s/bulletins.csv: %w", c.ID, err)
			}
		}
	}
	return pages, nil
}

// reader reads the pages of a campaign and knows those that people have read. It
// stays as it is while the campaign takes in what was read.
type reader struct {
	*bulletin.Reader
	byID      map[record.SourceID]record.Source
	byAddress map[string]record.Source
	cities    []string // names of the province and its cities, as texts have them
	names     []string // of the other areas
}

func newReader(c *campaign.Campaign, words bulletin.Words) *reader {
	r := &reader{Reader: bulletin.NewReader(c, words), byID: map[record.SourceID]record.Source{}, byAddress: map[string]record.Source{}}
	for _, s := range c.Sources {
		r.byID[s.SourceID] = s
		if _, taken := r.byAddress[bareAddress(s.URL)]; s.URL != "" && !taken {
			r.byAddress[bareAddress(s.URL)] = s
		}
	}
	for _, a := range c.Areas {
		names := &r.names
		if a.Level == record.Province || a.Level == record.City {
			names = &r.cities
			if a.NameEN != "" {
				*names = append(*names, r.Simplified(a.NameEN))
			}
		}
		name := r.Simplified(a.Name)
		if short := strings.TrimRight(name, "省市县区"); utf8.RuneCountInString(short) > 1 {
			name = short
		}
		*names = append(*names, name)
	}
	return r
}

// curated is the source that people made of a page, by its id or else its address.
func (r *reader) curated(id record.SourceID, address string) (record.Source, bool) {
	if id != "" {
		s, ok := r.byID[id]
		return s, ok
	}
	s, ok := r.byAddress[bareAddress(address)]
	return s, ok && address != ""
}

// bareAddress is an address but for the scheme and the last slash.
func bareAddress(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return strings.TrimSuffix(rest, "/")
}

// readBulletin brings one page and reads it. What goes wrong is the page's own: the
// others are read all the same.
func readBulletin(ctx context.Context, p listed, store source.Store, read readCampaigns, readers map[string]*reader) *Bulletin {
	b := &Bulletin{Campaign: p.campaign, Source: record.Source{Publisher: p.Name, URL: addressOf(p.Name), Status: "unreadable"}}
	s, err := p.open(ctx, store)
	if err != nil {
		b.Err = err
		b.place(p, read, readers)
		return b
	}
	defer s.Close()
	b.Input = warehouse.Input{Name: s.Name, SHA256: s.SHA256, Bytes: s.Size}
	raw, err := s.All(page.MaxBytes)
	if err != nil {
		b.Err = err
		b.place(p, read, readers)
		return b
	}
	b.Source.SHA256, b.Source.MediaType = s.SHA256, s.MediaType
	if b.Source.URL != "" {
		// A local file's time of reading would make each run differ.
		b.Source.RetrievedAt = retrieved(s)
	}
	said := "" // of what the page is, by whoever served it
	if s.Fetch != nil {
		said = s.Fetch.ContentType
	}
	found, err := page.Read(raw, said, s.Name)
	if err != nil {
		b.Err = err
		b.place(p, read, readers)
		return b
	}
	b.Text = bulletin.Text{Body: found.Text, Published: found.Published}
	if p.bulletin.PublishedOn != 0 {
		b.Text.Published = p.bulletin.PublishedOn
	}
	b.Source.Status, b.Source.MediaType = "extracted", found.MediaType
	b.Source.PublishedOn = b.Text.Published
	if found.Publisher != "" {
		b.Source.Publisher = found.Publisher
	}
	b.place(p, read, readers)
	b.Reading = readers[b.Campaign.ID].Read(b.Text)
	if b.unplaced {
		for i := range b.Reading.Claims {
			if c := &b.Reading.Claims[i]; c.Review == "" {
				c.Review = "area_unclear"
			}
		}
	}
	return b
}

// retrieved is since when an address has given the bytes that it gave, as the table
// sources tells it: the same bytes brought again are no news.
func retrieved(s *source.Snapshot) string {
	at := s.Since
	if at.IsZero() {
		at = s.RetrievedAt
	}
	return at.UTC().Format("2006-01-02T15:04:05Z")
}

// addressOf is a page's address where others can open it.
func addressOf(name string) string {
	if strings.Contains(name, "://") {
		return name
	}
	return ""
}

// place finds the campaign of a page and its row of the table sources: the curated
// one when the page stands there.
func (b *Bulletin) place(p listed, read readCampaigns, readers map[string]*reader) {
	if b.Campaign == nil {
		b.Campaign, b.unplaced = read.named(b.Text.Body, readers)
	}
	if s, ok := readers[b.Campaign.ID].curated(p.bulletin.SourceID, b.Source.URL); ok {
		s.RetrievedAt, s.SHA256, s.MediaType = b.Source.RetrievedAt, b.Source.SHA256, b.Source.MediaType
		if b.Err != nil {
			s.Status = b.Source.Status
		}
		b.Source = s
		if b.Text.Published == 0 {
			b.Text.Published = s.PublishedOn
		}
		return
	}
	key := b.Source.SHA256
	if key == "" {
		sum := sha256.Sum256([]byte(p.Name))
		key = hex.EncodeToString(sum[:])
	}
	b.Source.Campaign, b.Source.SourceID = b.Campaign.ID, record.SourceID("bulletin-"+key[:12])
	b.Source.ArticleID, b.Source.Directness, b.Source.DateStatus = string(b.Source.SourceID), "own", "sourced"
	if b.Source.PublishedOn == 0 {
		b.Source.DateStatus = "unknown"
	}
	if b.Source.Kind = p.bulletin.Kind; b.Source.Kind == "" {
		b.Source.Kind = PageKind
	}
	b.Source.Trust = read.words.Kinds[b.Source.Kind]
	if p.bulletin.Publisher != "" {
		b.Source.Publisher = p.bulletin.Publisher
	}
	if b.Source.URL == "" {
		b.Source.Note = "read from the file " + p.Name + "; the address of the page is not known"
	}
}

// named is the campaign whose province and cities a text names most or, where it
// names none, whose other areas; the main one when it names no area at all, and then
// nobody knows whose figures they are.
func (r readCampaigns) named(text string, readers map[string]*reader) (best *campaign.Campaign, none bool) {
	main, _ := r.campaign("")
	text = readers[main.ID].Simplified(text)
	for _, names := range []func(*reader) []string{
		func(r *reader) []string { return r.cities }, func(r *reader) []string { return r.names },
	} {
		most := 0
		for _, c := range r.loaded {
			n := 0
			for _, name := range names(readers[c.ID]) {
				n += strings.Count(text, name)
			}
			if n > most {
				best, most = c, n
			}
		}
		if best != nil {
			return best, false
		}
	}
	return main, true
}

// extracted is what the bulletins of a run came to, beside what the campaigns took.
type extracted struct {
	Bulletins
	projects map[string][]namedProject // by campaign
}

// takeBulletins reads the plan's bulletins into the campaigns: sources, claims,
// reviews. A page that cannot be read is a source whose status says so; when it was
// the only one asked for, it is an error.
func takeBulletins(ctx context.Context, plan Plan, store source.Store, read readCampaigns, pages []listed) (*extracted, error) {
	x := &extracted{projects: map[string][]namedProject{}}
	claimed := map[string]map[record.ClaimID]int{}
	held := map[string]map[record.RoundID]record.Date{}
	sources := map[string]map[record.SourceID]int{}
	for _, c := range read.loaded {
		claimed[c.ID], held[c.ID], sources[c.ID] = map[record.ClaimID]int{}, map[record.RoundID]record.Date{}, map[record.SourceID]int{}
		for i, claim := range c.Claims {
			claimed[c.ID][claim.ClaimID] = i
		}
		for _, r := range c.Rounds {
			held[c.ID][r.Round] = r.HeldOn
		}
		for i, s := range c.Sources {
			sources[c.ID][s.SourceID] = i
		}
	}
	var failure error
	err := readBulletins(ctx, plan, store, read, pages, func(b *Bulletin) error {
		x.Pages++
		c := b.Campaign
		takeSource(c, sources[c.ID], b)
		if b.Err != nil {
			x.Failed++
			failure = b.Err
			plan.warn("a bulletin cannot be read", "page", b.Source.Publisher, "error", b.Err.Error())
			return nil
		}
		claims, reviews := b.Reading.Records(b.Text, bulletin.Origin{Campaign: c.ID, SourceID: b.Source.SourceID, HeldOn: held[c.ID]})
		x.Claims, x.Waiting = x.Claims+len(claims), x.Waiting+len(reviews)
		for _, claim := range claims {
			if i, known := claimed[c.ID][claim.ClaimID]; known {
				// Two readings agree: the words go to the claim that stands.
				if first := &c.Claims[i]; first.Extractor == record.Curated {
					first.Extractor, first.Quote, first.Rule = record.CuratedAndByRules, claim.Quote, claim.Rule
				}
				continue
			}
			claimed[c.ID][claim.ClaimID] = len(c.Claims)
			c.Claims = append(c.Claims, claim)
		}
		c.Reviews = append(c.Reviews, reviews...)
		for _, p := range b.Reading.Projects {
			x.projects[c.ID] = append(x.projects[c.ID], namedProject{p, b.Source.SourceID})
		}
		return nil
	})
	if err == nil && x.Failed == x.Pages && len(plan.Bulletins) > 0 && !plan.DryRun {
		err = failure
	}
	if err != nil {
		return nil, err
	}
	return x, nil
}

// decide takes what people decided on figures that waited: in the campaign's folder,
// and in the plan's.
func decide(plan Plan, read readCampaigns) error {
	for _, c := range read.loaded {
		if err := c.Decide(read.folders[c.ID], read.words); err != nil {
			return err
		}
		if plan.Decisions == nil {
			continue
		}
		if err := c.Decide(plan.Decisions, read.words); err != nil {
			return err
		}
	}
	return nil
}

// keepDecisions keeps the files of the plan's decisions and lists them; the
// campaigns' own are among their files.
func keepDecisions(plan Plan, w *warehouse.Warehouse, read readCampaigns) ([]warehouse.Input, error) {
	if plan.Decisions == nil {
		return nil, nil
	}
	var inputs []warehouse.Input
	for _, c := range read.loaded {
		kept, err := keep(plan.Decisions, c.ID, w)
		if err != nil {
			return nil, err
		}
		for i := range kept {
			kept[i].Name = "decisions/" + kept[i].Name
		}
		inputs = append(inputs, kept...)
	}
	return inputs, nil
}

// takeSource puts the page among the campaign's sources, whose places are known.
func takeSource(c *campaign.Campaign, places map[record.SourceID]int, b *Bulletin) {
	if b.Err != nil {
		b.Source.Note = strings.TrimPrefix(b.Source.Note+"; "+b.Err.Error(), "; ")
	}
	if i, ok := places[b.Source.SourceID]; ok {
		c.Sources[i] = b.Source
		return
	}
	places[b.Source.SourceID] = len(c.Sources)
	c.Sources = append(c.Sources, b.Source)
}
