// Package round reads the names of a campaign's rounds and finds the round that
// is meant. The grammar of a name, after full-width forms are folded and spaces
// dropped:
//
//	label   = year 第 number counter     2022年第一次, 2021年度第3期   → Year, Ordinal
//	        | 第 number counter          第八期, 首批                 → Running
//	        | year [ 第 ] number 季度    2022年二季度                 → Year, Quarter
//	        | year english               2023 first                   → Year, Ordinal
//	counter = 次 | 期 | 批
//
// The campaign's own name, “三个一批”活动, may stand in any of them.
//
// A number without 第 counts rounds (四期, 2021年度4次), and two numbers span
// them (第一期—第六期): neither names one round, so both are ErrSpan. A name
// without a number (2021年春季) is ErrNoNumber.
//
// Papers quarrel about numbers: in Shanxi the fourth round of 2020 by date is
// titled 2020年第二期. An Index therefore answers only when one round fits, and
// otherwise names all that do.
package round

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

var (
	// ErrSpan says that a label counts or spans rounds and names no single one.
	ErrSpan = errors.New("it counts or spans rounds and names no single one; use the period cumulative")
	// ErrNoNumber says that a label has no number of a round.
	ErrNoNumber = errors.New("it has no number of a round; give the round's id, or the day of the event")
)

// Label is the name of a round, taken apart. A number that is not printed is 0.
type Label struct {
	Year    int
	Ordinal int    // number within Year
	Running int    // number without a year: in a count without a break, if the campaign keeps one
	Quarter int    // 1 to 4
	Counter string // 次, 期, 批 or 季度; "" in English
}

// Parse reads the name of a round. Beside an error the Label still holds the
// year, if one is printed.
func Parse(label string) (Label, error) {
	l, err := parse(fold(label))
	if err != nil {
		return Label{Year: l.Year}, fmt.Errorf("read round label %q: %w", label, err)
	}
	return l, nil
}

const numeral = `(\d{1,3}|[一二两三四五六七八九十]{1,3})`

var (
	firstYear = regexp.MustCompile(`^((?:19|20)\d{2}|[一二][〇零九][〇零一二三四五六七八九]{2})年度?`)
	ordinal   = regexp.MustCompile(`^第` + numeral + `([次期批])$`)
	quarter   = regexp.MustCompile(`^第?([一二三四1-4])季度$`)
	english   = regexp.MustCompile(`^(\d{4})(` + strings.Join(englishOrdinals, "|") + `)$`)

	// campaignName may stand in any label and holds a 三 and a 一 that count nothing.
	campaignName = regexp.MustCompile(`["“”'‘’「」]*三个一批["“”'‘’「」]*(?:项目)?(?:建设)?(?:活动)?`)

	span = regexp.MustCompile(`^(?:共|前|近|累计|先后)?` + numeral + `[次期批](?:\(.*\))?$|` +
		numeral + `[次期批]?(?:[-~至到、和及]|to)第?` + numeral + `[次期批]|` +
		`^(?:\d+|two|three|four|five|six|seven|eight|nine|ten)(?:events|rounds)`)

	anyYear  = regexp.MustCompile(`(\d{4})年`)
	anyMonth = regexp.MustCompile(numeral + `月`)
)

var englishOrdinals = []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}

func parse(text string) (Label, error) {
	if text == "" {
		return Label{}, errors.New("it is empty; give the round's label or id, or the day of the event")
	}
	if m := english.FindStringSubmatch(text); m != nil {
		return Label{Year: readNumber(m[1]), Ordinal: slices.Index(englishOrdinals, m[2]) + 1}, nil
	}
	text = campaignName.ReplaceAllString(text, "")
	year := 0
	if m := firstYear.FindStringSubmatch(text); m != nil {
		year, text = readNumber(m[1]), text[len(m[0]):]
	}
	if after, ok := strings.CutPrefix(text, "首"); ok {
		text = "第一" + after
	}
	if m := quarter.FindStringSubmatch(text); m != nil && year != 0 {
		return Label{Year: year, Quarter: readNumber(m[1]), Counter: "季度"}, nil
	}
	if m := ordinal.FindStringSubmatch(text); m != nil && readNumber(m[1]) > 0 {
		if year == 0 {
			return Label{Running: readNumber(m[1]), Counter: m[2]}, nil
		}
		return Label{Year: year, Ordinal: readNumber(m[1]), Counter: m[2]}, nil
	}
	if m := anyYear.FindStringSubmatch(text); m != nil && year == 0 {
		year = readNumber(m[1])
	}
	// What is left of a label without its date may still hold a number.
	undated := anyMonth.ReplaceAllString(anyYear.ReplaceAllString(text, ""), "")
	switch {
	case span.MatchString(text):
		return Label{Year: year}, ErrSpan
	case !strings.ContainsAny(undated, "0123456789一二两三四五六七八九十第"):
		return Label{Year: year}, ErrNoNumber
	}
	return Label{Year: year}, errors.New("its form is not known; write it as 2022年第一次 or 第八期, or give the round's id")
}

// readNumber reads digits, a year in Chinese digits (二〇二一) or a Chinese number
// below one hundred (二十一). What is none of them is 0: 一二期 is two rounds.
func readNumber(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	runes := []rune(text)
	if len(runes) == 4 {
		return 1000*digit(runes[0]) + 100*digit(runes[1]) + 10*digit(runes[2]) + digit(runes[3])
	}
	tens, ones, hasTen := strings.Cut(text, "十")
	switch {
	case !hasTen && len(runes) == 1:
		return digit(runes[0])
	case !hasTen, len([]rune(tens)) > 1, len([]rune(ones)) > 1, ones == "十":
		return 0
	}
	n := 10
	if tens != "" {
		n = 10 * digit([]rune(tens)[0])
	}
	if ones != "" {
		n += digit([]rune(ones)[0])
	}
	return n
}

func digit(c rune) int {
	switch c {
	case '〇', '零':
		return 0
	case '两':
		return 2
	}
	return strings.IndexRune("一二三四五六七八九", c)/len("一") + 1
}

// fold brings a name to one spelling: width, case, dashes, and no spaces.
func fold(text string) string {
	text = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c) || c == '\ufeff' || c == '\u200b':
			return -1
		case strings.ContainsRune("–—―−〜~", c):
			return '-'
		case c == '○':
			return '〇'
		}
		return unicode.ToLower(c)
	}, width.Fold.String(text))
	return strings.ReplaceAll(text, "--", "-")
}
