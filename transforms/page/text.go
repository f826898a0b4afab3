package page

import "strings"

// readText reads a text file. Its lines stay as they are.
func readText(text, address string) (*Page, error) {
	if strings.Contains(text, "\r") {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	}
	text = strings.TrimRight(strings.Trim(text, "\n"), " \t\n\x1a")
	if strings.TrimSpace(text) == "" {
		return nil, &Error{Address: address, What: "it holds white space only", Mend: "check that it is the right file"}
	}
	p := &Page{Title: titleOfText(text), Text: text, MediaType: "text/plain"}
	p.Published, p.Publisher = sourceLine(headAndFoot(text), p.Title)
	return p, nil
}

// headAndFoot are the lines where a text says whence it comes: the first and the
// last few.
func headAndFoot(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	if len(lines) > 40 {
		lines = append(lines[:25:25], lines[len(lines)-15:]...)
	}
	return lines
}
