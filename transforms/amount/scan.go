package amount

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// figure is a text taken apart.
type figure struct {
	number      decimal // with its Chinese scale
	scale       string  // the scale at the number's end: 万亿 of 1.8万亿元
	unit        string  // what follows the number, folded
	currency    string  // the mark before the number
	percent     bool    // 百分之 stands before the number
	approximate bool
}

// abouts stand before a number and make it approximate. Those that reach for a
// round number also let 百 and 千 stand without a digit: 近百亿元. 达 says nothing.
var abouts = []struct {
	text               string
	approximate, reach bool
}{
	{"大约", true, false}, {"约", true, false}, {"将近", true, true}, {"接近", true, true}, {"近", true, true},
	{"超过", true, true}, {"超", true, true}, {"逾", true, true}, {"突破", true, true}, {"上", true, true},
	{"不低于", true, false}, {"不少于", true, false}, {"至少", true, false}, {"不足", true, true}, {"不到", true, true},
	{"可达", true, false}, {"达到", false, false}, {"达", false, false},
	{"nearly", true, false}, {"almost", true, false}, {"about", true, false}, {"around", true, false},
	{"approximately", true, false}, {"roughly", true, false}, {"some", true, false}, {"more than", true, false},
	{"over", true, false}, {"exceeding", true, false}, {"at least", true, false}, {"up to", true, false},
}

// mores stand behind a figure and make it approximate.
var mores = []string{"以上", "左右", "上下", "以内", "以下", "or more", "or so", "+"}

const (
	inner   = "余多来+" // make a number approximate from within: 100余亿元, 3亿多元
	reached = "百千"   // need no digit behind a word that reaches
)

var usual = strings.NewReplacer("萬", "万", "億", "亿", "個", "个", "項", "项", "兩", "两", "餘", "余", "來", "来",
	"約", "约", "點", "点", "○", "〇", "−", "-", "美圆", "美元", "圓", "元", "\ufeff", "", "\u200b", "")

// fold brings a text to one spelling: width, case, script, and spaces. A space
// stays only where it parts two words or two numbers.
func fold(text string) string {
	text = usual.Replace(strings.ToLower(width.Fold.String(text)))
	var b strings.Builder
	var last rune
	space := ' '
	spaced := false
	for _, c := range text {
		if unicode.IsSpace(c) {
			spaced, space = true, c
			continue
		}
		if spaced && last != 0 {
			switch {
			case isDigit(last) && isDigit(c) && strings.ContainsRune("\u00a0\u2009\u202f", space):
				b.WriteByte(',')
			case isWord(last) && isWord(c), isNumber(last) && (isNumber(c) && !isScale(c)):
				b.WriteByte(' ')
			}
		}
		spaced = false
		b.WriteRune(c)
		last = c
	}
	return b.String()
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

func isWord(c rune) bool { return 'a' <= c && c <= 'z' }

func isScale(c rune) bool { return strings.ContainsRune(numeralScales, c) }

// isNumber reports whether c may stand in a number.
func isNumber(c rune) bool {
	return isDigit(c) || isScale(c) || strings.ContainsRune(numeralDigits+".,", c)
}

var (
	rangeBetween = regexp.MustCompile(`^(from|between|介于|从).*[0-9].*(to|and|与|和|至|到).*[0-9]`)
	rangeMark    = regexp.MustCompile(`[0-9` + numeralDigits + numeralScales + `%元个项a-z] ?([-–—―~〜]+|至|到|to) ?` +
		`[^0-9` + numeralDigits + `]{0,4}[0-9` + numeralDigits + `]`)
)

// scan takes a folded text apart.
func scan(text string) (figure, error) {
	var f figure
	if text == "" {
		return f, errors.New("it is empty; leave the row out if the figure is not known")
	}
	rest, reach := f.scanBefore(text)
	if strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "负") || strings.HasPrefix(rest, "minus") {
		return f, errors.New("it is negative; only figures from zero up are kept")
	}
	if rangeMark.MatchString(rest) || rangeBetween.MatchString(text) {
		return f, ErrRange
	}
	var err error
	if rest != "" && (isDigit(rune(rest[0])) || rest[0] == '.') {
		rest, err = f.scanDigits(rest)
	} else {
		rest, err = f.scanNumeral(rest, reach)
	}
	if err != nil {
		return f, err
	}
	if rest, err = f.scanScale(rest); err != nil {
		return f, err
	}
	f.unit = f.scanAfter(rest)
	if strings.ContainsAny(f.unit, "0123456789"+numeralDigits) {
		return f, errors.New("it holds two numbers; split it into two figures")
	}
	return f, nil
}

// scanBefore takes what stands before the number. It reports whether the last
// word reaches for a round number.
func (f *figure) scanBefore(text string) (rest string, reach bool) {
next:
	for {
		text = strings.TrimLeft(text, " ")
		for _, a := range abouts {
			if after, ok := strings.CutPrefix(text, a.text); ok {
				f.approximate = f.approximate || a.approximate
				text, reach = after, a.reach
				continue next
			}
		}
		for _, c := range currencies {
			if after, ok := strings.CutPrefix(text, c.text); ok && f.currency == "" {
				f.currency, text, reach = c.code, after, false
				continue next
			}
		}
		if after, ok := strings.CutPrefix(text, "百分之"); ok && !f.percent {
			f.percent, text = true, after
			continue next
		}
		return text, reach
	}
}

// compound is 3亿5000万: the one form in which digits follow a scale.
var compound = regexp.MustCompile(`^([0-9]{1,10})亿([0-9]{1,4})(万.*)$`)

func (f *figure) scanDigits(text string) (rest string, err error) {
	if m := compound.FindStringSubmatch(text); m != nil {
		f.number, err = parseDigits(m[1] + strings.Repeat("0", 4-len(m[2])) + m[2])
		return m[3], err
	}
	end := strings.IndexFunc(text, func(c rune) bool { return !isDigit(c) && c != '.' && c != ',' })
	if end < 0 {
		end = len(text)
	}
	f.number, err = parseDigits(text[:end])
	return text[end:], err
}

func (f *figure) scanNumeral(text string, reach bool) (rest string, err error) {
	end := strings.IndexFunc(text, func(c rune) bool { return !isScale(c) && digitOf(c) < 0 })
	if end < 0 {
		end = len(text)
	}
	numeral, rest := text[:end], text[end:]
	if numeral == "" {
		return rest, errors.New("it has no digits where the number should stand; check the page")
	}
	first := []rune(numeral)[0]
	if reach && strings.ContainsRune(reached, first) {
		numeral = "一" + numeral
	} else if strings.ContainsRune(numeralScales, first) && first != '十' {
		return rest, fmt.Errorf("the scale %c has no digits before it, so they may be lost; check the page", first)
	}
	n, err := parseNumeral(numeral)
	if err != nil {
		return rest, err
	}
	f.number = decimal{digits: n}
	f.scale = numeral[len(strings.TrimRight(numeral, "万亿")):]
	fraction, ok := strings.CutPrefix(rest, "点")
	if !ok {
		return rest, nil
	}
	return f.scanFraction(fraction)
}

// scanFraction takes the digits behind 点: 五 of 三点五亿元.
func (f *figure) scanFraction(text string) (rest string, err error) {
	if f.scale != "" {
		return text, errNumeral
	}
	digits := fmt.Sprint(f.number.digits) + "."
	for i, c := range text {
		d := digitOf(c)
		if d < 0 {
			f.number, err = parseDigits(digits)
			return text[i:], err
		}
		digits += fmt.Sprint(d)
	}
	f.number, err = parseDigits(digits)
	return "", err
}

// scanScale takes the scale behind the number, with 余, 多 or 来 before, within
// or behind it.
func (f *figure) scanScale(text string) (rest string, err error) {
	end := 0
	var own strings.Builder
	for i, c := range text {
		switch {
		case strings.ContainsRune(inner, c):
			f.approximate = true
		case isScale(c):
			own.WriteRune(c)
		default:
			return text[end:], f.multiply(own.String())
		}
		end = i + len(string(c))
	}
	return "", f.multiply(own.String())
}

// multiply applies a scale behind the number. 三万多亿 is a numeral that ends in
// one scale and goes on in the next, so the two must make one.
func (f *figure) multiply(text string) error {
	if text == "" {
		return nil
	}
	s, _ := findScale(text)
	joined, ok := findScale(f.scale + text)
	if !ok {
		return fmt.Errorf("unknown scale %q behind the number; check the page", f.scale+text)
	}
	f.scale, f.number = joined.text, f.number.shift(s.exp)
	return nil
}

// scanAfter takes the words that stand behind the unit.
func (f *figure) scanAfter(text string) string {
	for again := true; again; {
		again = false
		text = strings.TrimSpace(text)
		for _, m := range mores {
			if before, ok := strings.CutSuffix(text, m); ok {
				f.approximate, again, text = true, true, before
			}
		}
	}
	return text
}
