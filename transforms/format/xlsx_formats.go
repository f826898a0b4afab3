package format

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// dayFormats says of each cell format of a workbook whether a number under it
// is a day.
func (p *parts) dayFormats(part string) ([]bool, error) {
	if part == "" {
		if part = "xl/styles.xml"; !p.has(part) {
			return nil, nil
		}
	}
	r, err := p.open(part, false)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, maxStyles))
	custom := map[int]bool{}
	var days []bool
	inCells := false
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return days, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", part, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch {
			case t.Name.Local == "cellXfs":
				inCells = true
			case t.Name.Local == "numFmt":
				if id, ok := formatID(t); ok {
					custom[id] = isDayFormat(attr(t, "formatCode"))
				}
			case t.Name.Local == "xf" && inCells:
				id, _ := formatID(t)
				day, ok := custom[id]
				days = append(days, ok && day || !ok && builtInDay(id))
			}
		case xml.EndElement:
			if t.Name.Local == "cellXfs" {
				inCells = false
			}
		}
	}
}

const maxStyles = 256 << 20

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func formatID(t xml.StartElement) (int, bool) {
	id, err := strconv.Atoi(attr(t, "numFmtId"))
	return id, err == nil
}

// builtInDay knows the formats that have a number and no text. 27 to 58 are
// what Chinese editions make of them; 18 to 21, 32 to 35, 45 to 47, 55 and 56
// are times of day.
func builtInDay(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 ||
		id >= 50 && id <= 54 || id == 57 || id == 58
}

// isDayFormat reads the format for positive numbers. y and d are only found in
// dates; m is a month unless hours or seconds stand beside it.
func isDayFormat(code string) bool {
	code = strings.ToLower(code)
	day, month, clock := false, false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return day || month && !clock
		case '"':
			k := strings.IndexByte(code[i+1:], '"')
			if k < 0 {
				return day || month && !clock
			}
			i += k + 1
		case '[':
			k := strings.IndexByte(code[i+1:], ']')
			if k < 0 {
				return day || month && !clock
			}
			if in := code[i+1 : i+1+k]; in != "" && strings.Trim(in, in[:1]) == "" && strings.Contains("hms", in[:1]) {
				clock = true // [h]:mm, a length of time
			}
			i += k + 1
		case '\\', '_', '*': // the next character is printed, or as wide, or fills
			i++
		case 'y', 'd':
			day = true
		case 'm':
			month = true
		case 'h', 's':
			clock = true
		case 'a': // am/pm, a/p
			for _, mark := range []string{"am/pm", "a/p"} {
				if strings.HasPrefix(code[i:], mark) {
					clock = true
					i += len(mark) - 1
					break
				}
			}
		case 'g':
			if strings.HasPrefix(code[i:], "general") {
				i += len("general") - 1
			}
		}
	}
	return day || month && !clock
}
