package page

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/record"
)

const maxTitle = 120 // letters; what is longer is no title

// meta is what a page says of itself, by name in small letters.
type meta map[string]string

var (
	dayNames = []string{
		"pubdate", "publishdate", "article:published_time", "firstpublishedtime", "publish_time", "publishtime", "pubtime", "publish-date",
		"og:published_time", "og:release_date", "datepublished", "dc.date", "dc.date.issued", "dcterms.created", "weibo: article:create_at", "date",
		"<time>", "json:datepublished",
	}
	fromNames = []string{"contentsource", "source", "article:source", "mediaid", "dc.source", "weibo: article:source", "json:publisher"}
	siteNames = []string{"og:site_name", "sitename", "application-name"}

	jsonDay  = regexp.MustCompile(`"datePublished"\s*:\s*"([^"]{8,40})"`)
	jsonFrom = regexp.MustCompile(`"publisher"\s*:\s*\{[^{}]{0,200}"name"\s*:\s*"([^"\\]{2,60})"`)
)

func metaOf(doc *html.Node) meta {
	m := meta{}
	set := func(name, value string) {
		name = strings.ToLower(name)
		if value = clean(value); value != "" && utf8.RuneCountInString(value) <= 400 && m[name] == "" {
			m[name] = value
		}
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Meta:
			for _, key := range []string{"name", "property", "itemprop"} {
				if name := attr(n, key); name != "" {
					set(name, attr(n, "content"))
				}
			}
		case atom.Time:
			if at := attr(n, "datetime"); at != "" {
				set("<time>", at)
			}
		case atom.Script: // those of JSON only are left
			if n.FirstChild != nil {
				if found := jsonDay.FindStringSubmatch(n.FirstChild.Data); found != nil {
					set("json:datepublished", found[1])
				}
				if found := jsonFrom.FindStringSubmatch(n.FirstChild.Data); found != nil {
					set("json:publisher", found[1])
				}
			}
		}
	}
	return m
}

func (m meta) published() record.Date {
	for _, name := range dayNames {
		if day := dayOf(m[name]); day != 0 {
			return day
		}
	}
	return 0
}

func (m meta) publisher() string { return m.first(fromNames) }
func (m meta) site() string      { return m.first(siteNames) }

func (m meta) first(names []string) string {
	for _, name := range names {
		if v := m[name]; v != "" && !strings.Contains(v, "://") && utf8.RuneCountInString(v) <= 40 {
			return v
		}
	}
	return ""
}

var (
	printedDay = regexp.MustCompile(`(?:^|[^\d.])((?:19|20)\d\d)\s?(?:年|[-/.])\s?(\d{1,2})\s?(?:月|[-/.])\s?(\d{1,2})(?:\D|$)`)
	atOnceDay  = regexp.MustCompile(`(?:^|\D)((?:19|20)\d\d)(\d\d)(\d\d)(?:\D|$)`)
	china      = time.FixedZone("", 8*60*60)
)

// dayOf is the first whole day that a text prints; 0 when it prints none. A
// moment with its zone is the day that it was in China.
func dayOf(text string) record.Date {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "19") && !strings.Contains(text, "20") {
		return 0 // most lines; the expressions below are slow
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", time.RFC1123Z, time.RFC1123} {
		if at, err := time.Parse(layout, text); err == nil {
			return checked(at.In(china).Format(time.DateOnly))
		}
	}
	found := printedDay.FindStringSubmatch(text)
	if found == nil && len(text) <= 20 {
		found = atOnceDay.FindStringSubmatch(text)
	}
	if found == nil {
		return 0
	}
	return checked(strings.Join(found[1:], "-"))
}

func checked(text string) record.Date {
	day, err := date.Parse(text, date.Near{})
	if err != nil || day.Precision != date.Day {
		return 0
	}
	return day.Day
}

var addressDay = regexp.MustCompile(`(?:/|_|-|^)t?((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)

// dayOfAddress is the day in an address: …/202202/t20220228_123.html,
// …/2022-02/28/…, …/2022/0228/….
func dayOfAddress(address string) record.Date {
	if !strings.Contains(address, "://") {
		return 0 // a file's name may hold the day of the event, or of a copy
	}
	path, _, _ := strings.Cut(address, "?")
	found := addressDay.FindAllStringSubmatch(path, -1)
	if len(found) == 0 {
		return 0
	}
	return checked(strings.Join(found[len(found)-1][1:], "-"))
}

var (
	// The line under the title: 2022年02月28日 07:46:21 来源: 山西日报 责任编辑: …
	fromWord = regexp.MustCompile(`(?:来源|來源|稿件来源|信息来源|消息来源|文章来源|Source)\s*[:：]\s*`)
	dayWord  = regexp.MustCompile(`时间|時間|日期|发布|發布|来源|來源|Date|Published|\d{1,2}:\d\d`)
	fromEnd  = regexp.MustCompile(`\s|[|｜()（）\[\]【】<>]|责任编辑|责编|编辑|作者|记者|浏览|阅读|点击|字体|字号|分享|打印|发布|时间|日期|(?:19|20)\d\d[-年/.]`)
)

// sourceLine reads the day and the publisher off the line that pages have under
// their title, or at the end. Lines before the title count when there are none
// behind it.
func sourceLine(lines []string, title string) (day record.Date, from string) {
	start := 0
	for i, line := range lines {
		if title != "" && sameWords(line, title) {
			start = i + 1
			break
		}
	}
	look := func(lines []string) {
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 160 {
				continue
			}
			var at []int
			if strings.Contains(line, "源") || strings.Contains(line, "Source") {
				at = fromWord.FindStringIndex(line)
			}
			if at != nil && from == "" {
				from = publisherIn(line[at[1]:])
			}
			if found := dayOf(line); found != 0 && day == 0 && (at != nil || dayWord.MatchString(line) || isDayAlone(line)) {
				day = found
			}
			if day != 0 && from != "" {
				return
			}
		}
	}
	look(lines[start:])
	if day == 0 || from == "" {
		look(lines[:start])
	}
	return day, from
}

func isDayAlone(line string) bool {
	return utf8.RuneCountInString(line) <= 30 && !strings.Contains(line, "。")
}

func publisherIn(text string) string {
	text = strings.TrimLeft(text, " 　“\"《")
	if at := fromEnd.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	text = strings.Trim(text, " 　”\"》,，。;；:：")
	if n := utf8.RuneCountInString(text); n < 2 || n > 30 {
		return ""
	}
	return text
}

// title is what a page is called, without what its site adds.
func title(doc *html.Node) string {
	m := meta{}
	var heads []string
	whole := ""
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Namespace != "" {
			continue
		}
		switch n.DataAtom {
		case atom.Title:
			if whole == "" {
				whole = words(n)
			}
		case atom.H1, atom.H2:
			if len(heads) < 20 {
				if head := words(n); head != "" && utf8.RuneCountInString(head) <= maxTitle {
					heads = append(heads, head)
				}
			}
		case atom.Meta:
			name := strings.ToLower(attr(n, "name") + attr(n, "property"))
			if content := clean(attr(n, "content")); m[name] == "" && utf8.RuneCountInString(content) <= maxTitle {
				m[name] = content
			}
		}
	}
	if t := m["articletitle"]; t != "" {
		return t
	}
	og := m["og:title"]
	for _, head := range heads {
		if letters(head) >= 6 && (within(head, whole) || within(head, og)) {
			return head
		}
	}
	for _, t := range []string{og, whole} {
		if t = withoutSite(t); t != "" && utf8.RuneCountInString(t) <= maxTitle {
			return t
		}
	}
	if len(heads) > 0 {
		return heads[0]
	}
	return ""
}

func within(part, whole string) bool {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return whole != "" && strings.Contains(squeeze(whole), squeeze(part))
}

// words are those of an element in one line.
func words(n *html.Node) string {
	r := &renderer{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
	return oneLine(r.lines())
}

// clean puts text into one line.
func clean(text string) string {
	r := &renderer{}
	r.words(text)
	return oneLine(r.lines())
}

// oneLine joins lines; Chinese takes no space between them.
func oneLine(lines []string) string {
	text := lines[0]
	for _, line := range lines[1:] {
		last, _ := utf8.DecodeLastRuneInString(text)
		if first, _ := utf8.DecodeRuneInString(line); !isWide(last) || !isWide(first) {
			text += " "
		}
		text += line
	}
	return text
}

var sitePart = regexp.MustCompile(`\s*(?:[_|｜]|\s[-–—]\s|-{2,}|—{2})\s*|-`)

// withoutSite takes off what a site adds behind the title: 山西…动能_山西日报,
// …-新华网. A part before it is kept when it may belong to the title.
func withoutSite(title string) string {
	title = strings.TrimSpace(title)
	for {
		at := sitePart.FindAllStringIndex(title, -1)
		if len(at) == 0 {
			return title
		}
		last := at[len(at)-1]
		head, tail := title[:last[0]], title[last[1]:]
		plain := title[last[0]:last[1]] == "-"
		if letters(head) < 6 || letters(tail) > 20 || plain && !isSite.MatchString(tail) {
			return title
		}
		title = strings.TrimSpace(head)
	}
}

var isSite = regexp.MustCompile(`(?:网|日报|晚报|时报|新闻|频道|政府|门户|在线|客户端|厅|局|委员会|资讯|News|Daily|Online)[站]?$`)

// titleOfText is the first line of a text, if it is no paragraph.
func titleOfText(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.Trim(line, " \t\r\n　\ufeff"); line != "" {
			if utf8.RuneCountInString(line) > maxTitle || strings.HasSuffix(line, "。") {
				return ""
			}
			return line
		}
	}
	return ""
}
