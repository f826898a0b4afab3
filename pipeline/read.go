package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/bulletin"
	"github.com/sanpi-data/sanpi/transforms/campaign"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

// readCampaigns is what the first stage hands on.
type readCampaigns struct {
	loaded []*campaign.Campaign
	words  campaign.Words

	sheetWords    sheet.Words
	bulletinWords bulletin.Words
	folders       map[string]fs.FS // campaign → where its folder is
}

// UnknownCampaignError says that a campaign asked for is in no folder.
type UnknownCampaignError struct {
	ID    string
	Known []string
}

func (e *UnknownCampaignError) Error() string {
	return fmt.Sprintf("there is no campaign %q; there are %s, and --datasets DIR adds a folder of your own", e.ID, strings.Join(e.Known, ", "))
}

// read loads the campaigns of the plan and keeps the bytes they were read from.
func read(plan Plan, w *warehouse.Warehouse) (readCampaigns, []warehouse.Input, error) {
	folders := map[string]fs.FS{}
	var rules []fs.FS
	var words, sheetWords, bulletinWords fs.FS // a folder of one's own need not have all
	for _, fsys := range plan.Datasets {
		ids, err := campaign.List(fsys)
		if err != nil {
			return readCampaigns{}, nil, err
		}
		for _, id := range ids {
			folders[id] = fsys
		}
		if _, err := fs.Stat(fsys, "rules"); err == nil {
			rules = append(rules, fsys)
		}
		if _, err := fs.Stat(fsys, "words"); err == nil {
			words = fsys
		}
		if _, err := fs.Stat(fsys, "words/headers.csv"); err == nil {
			sheetWords = fsys
		}
		if _, err := fs.Stat(fsys, "words/bulletin.csv"); err == nil {
			bulletinWords = fsys
		}
	}
	if words == nil || sheetWords == nil || bulletinWords == nil {
		return readCampaigns{}, nil, fmt.Errorf("read the datasets: the folder words is missing; copy it from the datasets that sanpi ships")
	}
	wanted := slices.Sorted(maps.Keys(folders))
	for _, id := range plan.Campaigns {
		if folders[id] == nil {
			return readCampaigns{}, nil, &UnknownCampaignError{id, wanted}
		}
	}
	if len(plan.Campaigns) > 0 {
		wanted = slices.Compact(slices.Sorted(slices.Values(plan.Campaigns)))
	}
	read := readCampaigns{folders: folders}
	inputs, err := keep(words, "words", w)
	if err != nil {
		return readCampaigns{}, nil, err
	}
	if read.words, err = campaign.LoadWords(words); err != nil {
		return readCampaigns{}, nil, err
	}
	if read.sheetWords, err = sheet.LoadWords(sheetWords); err != nil {
		return readCampaigns{}, nil, err
	}
	if read.bulletinWords, err = bulletin.LoadWords(bulletinWords); err != nil {
		return readCampaigns{}, nil, err
	}
	slices.Reverse(rules) // the last folder stands before the others
	for _, fsys := range rules {
		kept, err := keep(fsys, "rules", w)
		if err != nil {
			return readCampaigns{}, nil, err
		}
		inputs = append(inputs, kept...)
	}
	for _, id := range wanted {
		c, err := campaign.Load(folders[id], id, read.words)
		if err != nil {
			return readCampaigns{}, nil, err
		}
		if err := c.LoadRules(folders[id], rules...); err != nil {
			return readCampaigns{}, nil, err
		}
		read.loaded = append(read.loaded, c)
		kept, err := keep(folders[id], id, w)
		if err != nil {
			return readCampaigns{}, nil, err
		}
		inputs = append(inputs, kept...)
	}
	return read, inputs, nil
}

// keep stores the bytes of a folder's CSV files in the warehouse and lists them.
// Without a warehouse they are listed only.
func keep(fsys fs.FS, folder string, w *warehouse.Warehouse) ([]warehouse.Input, error) {
	files, err := fs.Glob(fsys, folder+"/*.csv")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	var inputs []warehouse.Input
	for _, file := range files {
		data, err := campaign.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		input, err := keepFile(file, data, w)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, input)
	}
	return inputs, nil
}

func keepFile(name string, data []byte, w *warehouse.Warehouse) (warehouse.Input, error) {
	sum := sha256.Sum256(data)
	input := warehouse.Input{Name: name, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
	if w == nil {
		return input, nil
	}
	_, err := w.Keep(data)
	return input, err
}
