package page

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
)

// decode gives the text in UTF-8 and the name of what it was written in: by a
// byte order mark, by the zeros of UTF-16, by being UTF-8; else by what reads
// best as Chinese, where what the server and the page say tips the scales.
// Labels are believed last, because a page that was moved from GB2312 to UTF-8
// or back often keeps the old one. ok is false when the bytes are no text.
func decode(raw []byte, declared string) (text, name string, ok bool) {
	switch {
	case bytes.HasPrefix(raw, []byte("\ufeff")):
		if raw = raw[3:]; utf8.Valid(raw) {
			return tidy(string(raw)), "utf-8", true
		}
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return wide(raw, utf.LittleEndian, "utf-16le")
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return wide(raw, utf.BigEndian, "utf-16be")
	}
	even, odd, control := 0, 0, 0
	for i, c := range raw {
		switch {
		case c == 0 && i%2 == 0:
			even++
		case c == 0:
			odd++
		case c < ' ' && !strings.ContainsRune("\t\n\r\f\v\x1a\x1b", rune(c)):
			control++
		}
	}
	// Every second byte of a tag, a figure or a line's end is 0. Chinese text
	// without any of them has no zeros, and has a mark or is not told.
	switch half := len(raw) / 2; {
	case odd > half/50+1 && even <= odd/10:
		return wide(raw, utf.LittleEndian, "utf-16le")
	case even > half/50+1 && odd <= even/10:
		return wide(raw, utf.BigEndian, "utf-16be")
	case even+odd > len(raw)/50+2 || control > len(raw)/50+2:
		return "", "", false
	}
	labels := []string{declared}
	for _, said := range namesItself.FindAllSubmatch(raw[:min(len(raw), 1<<14)], 3) {
		labels = append(labels, string(said[1]))
	}
	text, name = narrow(raw, labels)
	return text, name, name != ""
}

var namesItself = regexp.MustCompile(`(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]+)`)

func wide(raw []byte, order utf.Endianness, name string) (string, string, bool) {
	text, err := utf.UTF16(order, utf.UseBOM).NewDecoder().Bytes(raw)
	if err != nil || damage(text) > 0.05 {
		return "", "", false
	}
	return tidy(string(text)), name, true
}

// narrow reads text that is not UTF-16. The name is "" when nothing fits.
func narrow(raw []byte, labels []string) (text, name string) {
	good, bad, long := sequences(raw)
	if bad == 0 && (long > 0 || good == 0) {
		return tidy(string(raw)), "utf-8"
	}
	// A page in UTF-8 may end in the middle of a character, or hold a line that
	// was pasted from elsewhere.
	if bad > 0 && long > 4*bad {
		return tidy(mixed(raw)), "utf-8"
	}
	// bad == 0 and no character of three bytes: two letters in GBK may look like
	// one in UTF-8 (联通), and only the labels can tell.
	said := map[string]bool{}
	var other encoding.Encoding
	otherName := ""
	for _, label := range labels {
		e, err := htmlindex.Get(strings.TrimSpace(label))
		if err != nil {
			continue
		}
		label, _ = htmlindex.Name(e)
		switch label {
		case "gbk", "gb18030", "hz-gb-2312":
			said["gb18030"] = true
		case "big5", "utf-8":
			said[label] = true
		default:
			if other == nil && !strings.HasPrefix(label, "utf-16") && label != "replacement" && label != "x-user-defined" {
				other, otherName = e, label
			}
		}
	}
	// Good Chinese in any script is made of the same few hundred characters,
	// and so the right encoding stands far above the wrong ones.
	sample := raw
	if at := bytes.IndexFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf }); at > 0 {
		sample = raw[at:]
	}
	sample = sample[:min(len(sample), 1<<18)]
	best := -1.0
	for _, try := range []struct {
		name string
		text encoding.Encoding
	}{{"gb18030", simplifiedchinese.GB18030}, {"big5", traditionalchinese.Big5}, {"utf-8", nil}} {
		decoded := sample
		if try.text != nil {
			decoded, _ = try.text.NewDecoder().Bytes(sample)
		}
		score := common(string(decoded)) - 3*damage(decoded)
		if said[try.name] {
			score += 0.05
		}
		if score > best {
			best, name = score, try.name
		}
	}
	switch {
	case best < 0.08 && other != nil:
		// Not Chinese, and labelled as something else: iso-8859-1, shift_jis.
		decoded, err := other.NewDecoder().Bytes(raw)
		if err == nil && damage(decoded) < 0.02 {
			return tidy(string(decoded)), otherName
		}
		return "", ""
	case best < 0.08 && (good+bad)*20 < len(raw):
		// English with a few curly quotes.
		e, _ := htmlindex.Get("windows-1252")
		decoded, _ := e.NewDecoder().Bytes(raw)
		return tidy(string(decoded)), "windows-1252"
	case best <= 0 && len(said) == 0:
		return "", ""
	}
	decoded := raw
	switch name {
	case "gb18030":
		decoded, _ = simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	case "big5":
		decoded, _ = traditionalchinese.Big5.NewDecoder().Bytes(raw)
	}
	if damage(decoded) > 0.1 {
		return "", ""
	}
	return tidy(string(decoded)), name
}

// sequences counts characters of several bytes in UTF-8, bytes that belong to
// none, and characters of three bytes and more, as all Chinese ones are.
func sequences(raw []byte) (good, bad, long int) {
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			bad++
		case size > 2:
			good++
			long++
		default:
			good++
		}
		i += size
	}
	return good, bad, long
}

// mixed reads UTF-8 of which a line may be GB18030.
func mixed(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw))
	for line := range bytes.Lines(raw) {
		if !utf8.Valid(line) {
			_, bad, long := sequences(line)
			decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
			if err == nil && long <= bad && damage(decoded) == 0 {
				line = decoded
			} else {
				line = bytes.ToValidUTF8(line, []byte(string(utf8.RuneError)))
			}
		}
		b.Write(line)
	}
	return b.String()
}

// damage is the share of what could not be read among what is not ASCII.
func damage(text []byte) float64 {
	lost, all := 0, 0
	for _, r := range string(text) {
		if r >= utf8.RuneSelf {
			all++
			if r == utf8.RuneError || unicode.Is(unicode.Co, r) {
				lost++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(lost) / float64(all)
}

// common is the share of the most frequent characters and marks of Chinese, in
// either script, among all that is not ASCII; 0 when there is nothing else.
func common(text string) float64 {
	hits, all := 0, 0
	for _, r := range text {
		if r >= utf8.RuneSelf {
			all++
			if frequent[r] {
				hits++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(hits) / float64(all)
}

var frequent = func() map[rune]bool {
	set := map[rune]bool{}
	for _, r := range "，。、：；“”（）《》？！【】「」·—…　" +
		"的一是在不了有和人这这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經十三之进進着著等部度家电電力里裡如水化高自二理起小物现現实實加量都两兩体體制机機当當使点點从從业業本去把性好应應开開它合还還因由其些然前外天政四日那社义義事平形相全表间間样樣与與关關各重新线線内內数數正心反你明看原又么麼利比或但质質气氣第向道命此变變条條只没沒结結解问問意建月公无無系军軍很情者最立代想已通并並提直题題党黨程展五果料象员員革位入常文总總次品式活设設及管特件长長求老头頭基资資边邊流路级級少图圖山统統接知较較将將组組见見计計别別她手角期根论論运運农農指几幾九区區强強放决決西被干做必战戰先回则則任取据據处處理项項目亿億元签簽约約投万萬省市县縣批集团團企创創招商引推达達晋晉豫园園域示范範型转轉升服务務" {
		set[r] = true
	}
	return set
}()

// tidy drops what no reader sees: zeros, byte order marks inside the text.
func tidy(text string) string {
	if strings.ContainsAny(text, "\x00\ufeff") {
		text = strings.NewReplacer("\x00", "", "\ufeff", "").Replace(text)
	}
	return text
}
