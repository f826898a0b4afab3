package site

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed words.csv
var wordsCSV string

// phrase is what the site says in each language.
type phrase struct{ en, zh string }

func (w phrase) in(lang string) string {
	if lang == "zh" {
		return w.zh
	}
	return w.en
}

// phrasesOf are the rows of words.csv by key. A table that cannot be read is a fault of
// the program, which the tests find.
var phrasesOf = func() map[string]phrase {
	rows, err := csv.NewReader(strings.NewReader(wordsCSV)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("words.csv: %v", err))
	}
	all := map[string]phrase{}
	for _, r := range rows[1:] {
		all[r[0]] = phrase{r[1], r[2]}
	}
	return all
}()

// say says a phrase. A key that is not there is shown as such, and found by the tests.
func say(lang, key string, args ...any) string {
	w, ok := phrasesOf[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	if len(args) == 0 {
		return w.in(lang)
	}
	return fmt.Sprintf(w.in(lang), args...)
}
