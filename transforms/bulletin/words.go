package bulletin

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// Words is the vocabulary by which bulletins are read: words/bulletin.csv. A word
// is written in simplified characters and lower case; the rows of the kind script
// say which other characters stand for them.
type Words struct {
	words      []word
	milestones []word // what tells the stage of one project, and nothing of a count
	script     map[rune]rune
}

// word is a row of the vocabulary.
type word struct {
	kind  kind
	text  string
	means string
}

// kinds are the kinds of word that words/bulletin.csv may hold.
var kinds = map[string]kind{
	"series":       series,       // the campaign's name: 三个一批
	"event":        event,        // this event: 本次, 此次活动
	"stage":        stage,        // 签约; means a record.Stage
	"mirror":       stage,        // what rewritten pages print for a stage: 合同
	"noun":         noun,         // 项目
	"filler":       filler,       // says nothing between a stage and its figure: 共, 一批
	"join":         join,         // 和
	"of":           of,           // 其中
	"respectively": respectively, // 分别
	"share":        share,        // 占: a part of the count before it follows
	"about":        about,        // before a figure: 约
	"more":         more,         // behind a figure: 以上
	"metric":       metric,       // 总投资; means a record.Metric
	"nometric":     metric,       // 年度计划投资; means why its figure is no claim
	"after":        after,        // 达产后: a stage's word that tells of no stage
	"rate":         rate,         // 开工率; means a record.Metric and perhaps a method
	"norate":       rate,         // 履约率; means why its figure is no claim
	"scope":        scope,        // 全市; means a record.AreaLevel
	"period":       period,       // 累计; means since, until, cumulative, previous, …
	"onspot":       onspot,       // 现场, 代表: signed at the venue, not the batch
	"at":           at,           // 在, before a venue
	"venue":        venue,        // 举行, behind a venue
	"office":       office,       // 市委, 日报: behind the name of an area
	"universe":     universe,     // 不含综改示范区; means a universe
	"block":        block,        // a clause that holds it counts something else; means what
	"drive":        drive,        // a sentence that holds it tells of another drive
	"nth":          nth,          // first, of an English text; means the number
	"month":        month,        // February, of an English text; means the number
	"break":        comma,        // parts what stands before it from what follows: 转化生成的
	"measure":      measure,      // a unit of what is no claim: 家, 亩; means what
}

// LoadWords reads words/bulletin.csv of fsys.
func LoadWords(fsys fs.FS) (Words, error) {
	const file = "words/bulletin.csv"
	f, err := fsys.Open(file)
	if err != nil {
		return Words{}, fmt.Errorf("read the words of bulletins: %w; copy the file from the datasets that sanpi ships", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return Words{}, fmt.Errorf("read %s: %w; mend the line", file, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"kind", "text", "means"}) {
		return Words{}, fmt.Errorf("read %s: its first line must be %q", file, "kind,text,means")
	}
	w := Words{script: map[rune]rune{}}
	seen := map[string]int{}
	for i, row := range rows[1:] {
		if err := w.take(row); err != nil {
			return Words{}, fmt.Errorf("read %s, row %d: %w", file, i+2, err)
		}
		// A measure stands only behind a number, and a milestone behind a project, so
		// their texts may mean something else elsewhere.
		key := row[1]
		if row[0] == "measure" || row[0] == "script" || row[0] == "milestone" {
			key = row[0] + " " + key
		}
		if first := seen[key]; first > 0 {
			return Words{}, fmt.Errorf("read %s, row %d: %q stands in row %d already; remove one of them", file, i+2, row[1], first)
		}
		seen[key] = i + 2
	}
	return w, nil
}

func (w *Words) take(row []string) error {
	text, means := row[1], row[2]
	if text == "" {
		return fmt.Errorf("the text is empty; remove the row")
	}
	if row[0] == "script" {
		from, n := utf8.DecodeRuneInString(text)
		to, m := utf8.DecodeRuneInString(means)
		if n != len(text) || m != len(means) || m == 0 {
			return fmt.Errorf("a row of the kind script has one character for another; %q and %q are not", text, means)
		}
		w.script[from] = to
		return nil
	}
	if row[0] == "milestone" {
		w.milestones = append(w.milestones, word{text: text, means: means})
		_, err := record.ParseStage(means)
		return err
	}
	k, ok := kinds[row[0]]
	if !ok {
		return fmt.Errorf("unknown kind %q; README.md of the datasets lists the kinds", row[0])
	}
	var err error
	switch row[0] {
	case "stage", "mirror":
		_, err = record.ParseStage(means)
	case "metric":
		_, err = record.ParseMetric(means)
	case "rate":
		name, _, _ := strings.Cut(means, " ")
		_, err = record.ParseMetric(name)
	case "nth", "month":
		_, err = strconv.Atoi(means)
	case "nometric", "norate", "block", "drive", "measure", "scope", "period", "universe":
		if means == "" {
			err = fmt.Errorf("a word of the kind %s needs a meaning", row[0])
		}
	}
	if err != nil {
		return err
	}
	if row[0] == "mirror" || row[0] == "nometric" || row[0] == "norate" {
		means = "!" + means
	}
	w.words = append(w.words, word{k, strings.ToLower(text), means})
	return nil
}
