package date

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const (
	number    = `(\d{1,2}|[〇零一二三四五六七八九十]{1,3})`
	year      = `(?:(\d{4}|[〇零一二三四五六七八九]{4})年度?)`
	monthName = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`
)

// forms is the grammar. Each group of a pattern is the part named at its place
// in parts: Y year, M month, D day, Q quarter, H half. The first that matches
// the whole text counts.
var forms = []struct {
	pattern *regexp.Regexp
	parts   string
}{
	{whole(`(\d{4})-(\d{1,2})-(\d{1,2})`), "YMD"},
	{whole(`(\d{4})/(\d{1,2})/(\d{1,2})`), "YMD"},
	{whole(`(\d{4})\.(\d{1,2})\.(\d{1,2})`), "YMD"},
	{whole(`(\d{4})(\d{2})(\d{2})`), "YMD"},
	{whole(`(\d{4})-(\d{2})`), "YM"},
	{whole(`(\d{4})[/.](\d{1,2})`), "YM"},
	{whole(`(\d{4})(\d{2})`), "YM"},
	{whole(`(\d{4})`), "Y"},
	{whole(year + `?` + number + `月` + number + `[日号]`), "YMD"},
	{whole(year + `?` + number + `月份?(?:初|中|底|末|上旬|中旬|下旬)?`), "YM"},
	{whole(year + `?第?([一二三四1-4])季度`), "YQ"},
	{whole(year + `?([上下])半年`), "YH"},
	{whole(year + `(?:初|中|底|末|年初|年中|年底|年末)?`), "Y"},
	{whole(monthName + ` ?(\d{1,2})(?:st|nd|rd|th)?(?:, ?| )(\d{4})`), "MDY"},
	{whole(monthName + ` ?(\d{1,2})(?:st|nd|rd|th)?`), "MD"},
	{whole(`(\d{1,2})(?:st|nd|rd|th)? ?` + monthName + `,? ?(\d{4})`), "DMY"},
	{whole(`(\d{1,2})(?:st|nd|rd|th)? ?` + monthName), "DM"},
	{whole(monthName + `,? ?(\d{4})`), "MY"},
}

// roundID is what a month of one digit looks like: 2021-1.
var roundID = whole(`\d{4}-\d`)

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile(`^` + pattern + `$`) }

// match takes a folded text apart.
func match(text string) (printed, error) {
	if text == "" {
		return printed{}, errors.New("it is empty; leave the date out if it is not known")
	}
	for _, f := range forms {
		if groups := f.pattern.FindStringSubmatch(text); groups != nil {
			return take(f.parts, groups[1:])
		}
	}
	if roundID.MatchString(text) {
		return printed{}, fmt.Errorf("it may name a month or a round; write the month as %s-0%s", text[:4], text[5:])
	}
	return printed{}, errors.New("its form is not known; write it as 2021-03-05, 2021年3月5日 or 2021年3月")
}

func take(parts string, groups []string) (printed, error) {
	var p printed
	for i, text := range groups {
		if text == "" {
			continue // the year is not printed
		}
		n, ok := read(text)
		if !ok || n == 0 {
			return p, fmt.Errorf("%q is not a number that a date can have; check the page", text)
		}
		switch parts[i] {
		case 'Y':
			p.year = n
		case 'M':
			p.month = n
		case 'D':
			p.day = n
		case 'Q':
			p.quarter = n
		case 'H':
			p.half = n
		}
	}
	return p, nil
}

// read is the number that a part of a date stands for. 一二月 is January and
// February, so two numerals need 十 or 〇 to be one number.
func read(text string) (n int, ok bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, true
	}
	if i := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", text[:3]); i >= 0 && text[0] < 0x80 {
		return i/3 + 1, true
	}
	switch text {
	case "上":
		return 1, true
	case "下":
		return 2, true
	}
	runes := []rune(text)
	if len(runes) == 4 {
		return positional(runes), true
	}
	tens, ones, hasTen := strings.Cut(text, "十")
	switch {
	case !hasTen:
		return positional(runes), len(runes) == 1 || len(runes) == 2 && digit(runes[0]) > 0 && digit(runes[1]) == 0
	case tens == "":
		tens = "一"
	}
	if len([]rune(tens)) > 1 || len([]rune(ones)) > 1 || strings.ContainsAny(tens+ones, "十〇零") {
		return 0, false
	}
	return 10*positional([]rune(tens)) + positional([]rune(ones)), true
}

// positional reads digits that stand in their places: 二〇二一.
func positional(digits []rune) int {
	n := 0
	for _, c := range digits {
		n = 10*n + digit(c)
	}
	return n
}

func digit(c rune) int {
	if c == '零' {
		return 0
	}
	return strings.IndexRune("〇一二三四五六七八九", c) / len("〇")
}

// clock is a time of day, with colons or in Chinese, behind what ends a day. The
// groups are the day, hour, minute, second and zone.
var clock = regexp.MustCompile(`^(.*(?:[日号]|\d[t ]))(?:上午|下午|早上?|晚上?)?(\d{1,2})` +
	`(?:[:时点](?:(\d{1,2})分?)?)(?:[:]?(\d{2})(?:\.\d+|秒)?)?( ?[ap]m|z|[+-]\d{2}:?\d{2})?$`)

// cutClock drops the time of day behind a date, so that a page's stamp reads as
// its day. It reports whether there was one.
func cutClock(text string) (day string, cut bool, err error) {
	m := clock.FindStringSubmatch(text)
	if m == nil {
		return text, false, nil
	}
	time := strings.TrimPrefix(text, m[1])
	for i, most := range []int{23, 59, 59} {
		if n, _ := strconv.Atoi(m[i+2]); n > most {
			return "", false, fmt.Errorf("%q is not a time of day; check the page", time)
		}
	}
	if zone := m[5]; zone == "z" || strings.ContainsAny(zone, "+-") && strings.ReplaceAll(zone, ":", "") != "+0800" {
		return "", false, fmt.Errorf("the time %q is not China's, where the day may be another; convert it first", time)
	}
	return strings.TrimRight(m[1], "t "), true, nil
}
