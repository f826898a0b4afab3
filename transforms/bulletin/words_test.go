package bulletin

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/transforms/campaign"
)

func TestLoadWords(t *testing.T) {
	if _, err := LoadWords(datasets.FS); err != nil {
		t.Fatal(err)
	}
}

func TestLoadWordsRefuses(t *testing.T) {
	for _, tt := range []struct{ rows, want string }{
		{"stage,签约", "wrong number of fields"},
		{"stage,签约,sgned", "unknown stage"},
		{"metric,总投资,money", "unknown metric"},
		{"verb,签约,signed", "unknown kind"},
		{"stage,,signed", "is empty"},
		{"script,簽約,签约", "one character for another"},
		{"block,工业,", "needs a meaning"},
		{"nth,first,one", "invalid syntax"},
		{"stage,签约,signed\nfiller,签约,", "stands in row 2 already"},
	} {
		fsys := fstest.MapFS{"words/bulletin.csv": {Data: []byte("kind,text,means\n" + tt.rows + "\n")}}
		if _, err := LoadWords(fsys); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("the rows %q are refused with %v; want %q", tt.rows, err, tt.want)
		}
	}
	if _, err := LoadWords(fstest.MapFS{}); err == nil {
		t.Error("a missing file is no error")
	}
	fsys := fstest.MapFS{"words/bulletin.csv": {Data: []byte("text,means\n")}}
	if _, err := LoadWords(fsys); err == nil || !strings.Contains(err.Error(), "first line") {
		t.Errorf("another header is refused with %v", err)
	}
}

// TestNewWord checks that a row of the file is all that a new word needs.
func TestNewWord(t *testing.T) {
	text, got := readSentence(t, "缔约项目30个。")
	if len(got.Claims) != 0 {
		t.Fatalf("an unknown word is read as %v", lines(got))
	}
	rows, err := fs.ReadFile(datasets.FS, "words/bulletin.csv")
	if err != nil {
		t.Fatal(err)
	}
	words, err := LoadWords(fstest.MapFS{"words/bulletin.csv": {Data: append(rows, "stage,缔约,signed\n"...)}})
	if err != nil {
		t.Fatal(err)
	}
	shared, err := campaign.LoadWords(datasets.FS)
	if err != nil {
		t.Fatal(err)
	}
	c, err := campaign.Load(datasets.FS, "henan", shared)
	if err != nil {
		t.Fatal(err)
	}
	if g := lines(NewReader(c, words).Read(text)); !slices.Equal(g, []string{"H-05 410200 signed projects 30"}) {
		t.Errorf("with a row for the word the text is read as %q", g)
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ body, want string }{
		{"項(xiàng)目413個(gè)、簽約(yuē)", "項目413個、簽約"},
		{"签\u200b约347个", "签约347个"},
		{"（含工业项目）(PPP)项目(ok)", "（含工业项目）(PPP)项目(ok)"},
		{"signed (xiàng) projects", "signed (xiàng) projects"},
		{"項(xiàng", "項(xiàng"},
		{"", ""},
	} {
		c := clean(tt.body)
		if c.text != tt.want {
			t.Errorf("clean(%q) = %q; want %q", tt.body, c.text, tt.want)
		}
		for i := range c.text {
			if s := c.span(Span{i, i + 1}); tt.body[s.From] != c.text[i] {
				t.Errorf("clean(%q): byte %d goes back to %d, another character", tt.body, i, s.From)
			}
		}
	}
}
