package format

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
)

// workbook is an XLSX or XLSM file. Of the latter the cells are read and the
// macros never looked at. What a sheet needs besides its cells, the shared
// strings and the formats, is read when its first block is asked for.
type workbook struct {
	name     string
	parts    *parts
	tables   []Table
	date1904 bool
	strings  func() (*sharedStrings, error)
	days     func() ([]bool, error) // by cell format: is it a date?
}

func (w *workbook) Tables() []Table { return w.tables }
func (w *workbook) Close() error    { return nil }

var errPassword = errors.New("it is protected by a password")

const (
	mendPassword = "open it and save it without"
	mendSave     = "open it and save it as .xlsx"
	mendAnew     = "open the workbook and save it anew"
)

func openWorkbook(name string, r io.ReaderAt, size int64, limits Limits) (File, error) {
	p, err := openParts(r, size, limits)
	if err != nil {
		return nil, &UnreadableError{File: name, What: "the workbook is cut short or damaged", Mend: mendZip, Err: err}
	}
	main := "xl/workbook.xml"
	if rels, err := p.relations(""); err == nil {
		for _, rel := range rels {
			if rel.is("officeDocument") {
				main = rel.Target
			}
		}
	}
	if what, mend := p.other(main); what != "" {
		return nil, &UnreadableError{File: name, What: what, Mend: mend}
	}
	w := &workbook{name: name, parts: p}
	if err := w.read(main); err != nil {
		return nil, w.unreadable("", "its list of sheets cannot be read", mendZip, err)
	}
	if len(w.tables) == 0 {
		return nil, &UnreadableError{File: name, What: "the workbook has no sheet with cells", Mend: "check that it is the right file"}
	}
	return w, nil
}

// unreadable says what is wrong, in the words of the cause where that has its
// own.
func (w *workbook) unreadable(sheet, what, mend string, err error) error {
	e := &UnreadableError{File: w.name, Sheet: sheet, What: what, Mend: mend, Err: err}
	switch {
	case errors.Is(err, errPassword):
		e.What, e.Mend, e.Err = errPassword.Error(), mendPassword, nil
	case errors.Is(err, errExpanded):
		e.What, e.Mend, e.Err = errExpanded.Error(), "check where it comes from; a ledger that is so large wants splitting", nil
	}
	return e
}

// other says what a zip is that is no workbook of ours.
func (p *parts) other(main string) (what, mend string) {
	if strings.HasSuffix(main, ".bin") || p.has("xl/workbook.bin") {
		return "it is a binary workbook (.xlsb)", mendSave
	}
	if p.has(main) {
		switch {
		case strings.HasPrefix(main, "word/"):
			return "it is a Word document (.docx)", "copy its table into a workbook and save that as .xlsx"
		case strings.HasPrefix(main, "ppt/"):
			return "it is a presentation (.pptx)", "copy its table into a workbook and save that as .xlsx"
		}
		return "", ""
	}
	if kind, err := p.small("mimetype"); err == nil {
		switch kind := strings.TrimSpace(string(kind)); {
		case strings.Contains(kind, "opendocument.spreadsheet"):
			return "it is an OpenDocument spreadsheet (.ods)", mendSave
		case strings.Contains(kind, "opendocument"):
			return "it is an OpenDocument file and no spreadsheet", "copy its table into a workbook and save that as .xlsx"
		}
	}
	if len(p.names) == 0 {
		return "it is an empty zip archive", "check that it is the right file"
	}
	if p.has("[Content_Types].xml") {
		return fmt.Sprintf("the workbook has lost its part %s", main), mendZip
	}
	shown := p.names[:min(3, len(p.names))]
	return fmt.Sprintf("it is a zip archive with %s in it and no workbook", strings.Join(shown, ", ")), "unpack it and give the files that it holds"
}

// relation is a line of a .rels part. Target is a path from the zip's root.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
}

// is compares the last word of the type: the words before it differ between the
// two editions of the standard.
func (r relation) is(kind string) bool { return r.Type[strings.LastIndexByte(r.Type, '/')+1:] == kind }

// relations are those of a part, or of the whole file for "".
func (p *parts) relations(of string) ([]relation, error) {
	dir, base := path.Split(of)
	b, err := p.small(dir + "_rels/" + base + ".rels")
	if err != nil {
		return nil, err
	}
	var list struct {
		Relationship []relation
	}
	if err := decodeXML(b, &list); err != nil {
		return nil, err
	}
	for i, rel := range list.Relationship {
		target := strings.ReplaceAll(rel.Target, `\`, "/")
		if strings.HasPrefix(target, "/") {
			target = target[1:]
		} else {
			target = path.Join(dir, target)
		}
		list.Relationship[i].Target = target
	}
	return list.Relationship, nil
}

var errUTF16 = errors.New("its XML is written in UTF-16")

func decodeXML(b []byte, into any) error {
	if isUTF16(b) {
		return errUTF16
	}
	return xml.Unmarshal(b, into)
}

func isUTF16(b []byte) bool {
	return bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}) ||
		bytes.HasPrefix(b, []byte("<\x00")) || bytes.HasPrefix(b, []byte("\x00<"))
}

// read takes the list of sheets. A sheet whose part is missing stays in it, so
// that reading it says so.
func (w *workbook) read(main string) error {
	b, err := w.parts.small(main)
	if err != nil {
		return err
	}
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := decodeXML(b, &book); err != nil {
		return fmt.Errorf("%s: %w", main, err)
	}
	rels, err := w.parts.relations(main)
	if err != nil {
		return err
	}
	w.date1904 = isTrue([]byte(book.Properties.Date1904))
	byID := make(map[string]relation, len(rels))
	stringsPart, stylesPart := "", ""
	for _, rel := range rels {
		byID[rel.ID] = rel
		switch {
		case rel.is("sharedStrings"):
			stringsPart = rel.Target
		case rel.is("styles"):
			stylesPart = rel.Target
		}
	}
	w.strings = sync.OnceValues(func() (*sharedStrings, error) { return w.parts.sharedStrings(stringsPart) })
	w.days = sync.OnceValues(func() ([]bool, error) { return w.parts.dayFormats(stylesPart) })
	for i, s := range book.Sheets {
		rel := relation{}
		for _, a := range s.Attrs {
			if a.Name.Local == "id" {
				rel = byID[a.Value]
			}
		}
		if rel.Type != "" && !rel.is("worksheet") { // a chart, a dialog, macros of 1992
			continue
		}
		w.tables = append(w.tables, &sheetTable{
			book: w,
			part: rel.Target,
			sheet: Sheet{
				Name:     s.Name,
				Position: i + 1, // among all, as its tab stands
				Hidden:   s.State == "hidden" || s.State == "veryHidden",
				Date1904: w.date1904,
			},
		})
	}
	return nil
}

func isTrue(b []byte) bool { return string(b) == "1" || string(b) == "true" || string(b) == "on" }
