package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	pdfPages  = 300
	pdfMemory = 512 << 20 // of one reading
	pdfTime   = time.Minute
)

// pdfPool reads PDF with PDFium, which knows the encodings of Chinese fonts that
// the readers written in Go take for Latin letters (GBK-EUC-H, UniGB-UTF16-H).
// It runs as WebAssembly: a hostile file can reach neither our memory nor a file
// nor the network, and ends with its own instance. It is interpreted, because
// compiling it takes longer than reading a hundred pages.
var pdfPool = sync.OnceValues(func() (pdfium.Pool, error) {
	return webassembly.Init(webassembly.Config{
		MaxTotal: max(1, min(4, runtime.GOMAXPROCS(0))),
		FSConfig: wazero.NewFSConfig(), // no file is seen
		Stdout:   io.Discard, Stderr: io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfigInterpreter().WithCloseOnContextDone(true).WithMemoryLimitPages(pdfMemory >> 16).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling),
	})
})

func isPDF(raw []byte) bool { return bytes.Contains(raw[:min(len(raw), 1024)], []byte("%PDF-")) }

func readPDF(raw []byte, address string) (*Page, error) {
	pages, more, err := pdfText(raw)
	if err != nil {
		e := &Error{Address: address, What: "the PDF cannot be read", Err: err, Mend: "fetch it again, or " + mendText}
		switch {
		case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
			e.What, e.Mend = "the PDF is locked", "save it without its password and name that"
		case errors.Is(err, errPDFTime):
			e.Mend = mendText
		}
		return nil, e
	}
	if more {
		return nil, &Error{Address: address, What: fmt.Sprintf("the PDF has more than %d pages", pdfPages), Mend: "save the pages of the bulletin as a file and name that"}
	}
	text := joinLines(strings.Join(pages, "\n"))
	if letters(text) == 0 {
		return nil, &Error{
			Address: address, What: "the PDF shows pictures of pages and holds no text",
			Mend: "have its text recognised, check the figures, save it as .txt and name that",
		}
	}
	if isGarbled(text) {
		// Fonts may lack the table that says which letter a shape is. What comes
		// out then are other letters, and may be other figures.
		return nil, &Error{Address: address, What: "the PDF's fonts do not say which letters they show", Mend: mendText}
	}
	p := &Page{Title: titleOfText(text), Text: text, MediaType: "application/pdf"}
	p.Published, p.Publisher = sourceLine(headAndFoot(text), p.Title)
	return p, nil
}

var errPDFTime = fmt.Errorf("it took more than %s", pdfTime)

// pdfText gives the text of each page; more when there are too many.
func pdfText(raw []byte) (pages []string, more bool, err error) {
	pool, err := pdfPool()
	if err != nil {
		return nil, false, err
	}
	instance, err := pool.GetInstanceWithContext(context.Background())
	if err != nil {
		return nil, false, err
	}
	late := make(chan struct{})
	timer := time.AfterFunc(pdfTime, func() {
		close(late)
		instance.Kill()
	})
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("it breaks the reader: %v", v)
		}
		if timer.Stop() {
			instance.Close()
		}
		select {
		case <-late:
			err = errPDFTime
		default:
		}
	}()
	opened, err := instance.OpenDocument(&requests.OpenDocument{File: &raw})
	if err != nil {
		return nil, false, err
	}
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return nil, false, err
	}
	if count.PageCount > pdfPages {
		return nil, true, nil
	}
	for i := range count.PageCount {
		page, err := instance.GetPageText(&requests.GetPageText{
			Page: requests.Page{ByIndex: &requests.PageByIndex{Document: opened.Document, Index: i}},
		})
		if err != nil {
			return nil, false, fmt.Errorf("page %d: %w", i+1, err)
		}
		pages = append(pages, page.Text)
	}
	return pages, false, nil
}

var (
	endsSentence = regexp.MustCompile(`[。！？；：!?;:”）)》]$`)
	pageNumber   = regexp.MustCompile(`^[-—–\s]*(第\s*)?\d{1,4}(\s*页)?[-—–\s]*$`)
	startsItem   = regexp.MustCompile(`^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\(?\d{1,2}[).、．])`)
)

// joinLines makes paragraphs of lines: one that is full and ends no sentence
// goes on in the next, also over the end of a page.
func joinLines(text string) string {
	var b strings.Builder
	var lines []string
	full := 0
	for line := range strings.Lines(strings.ReplaceAll(text, "\r", "\n")) {
		line = strings.TrimRight(clean(line), " ")
		if line == "" || pageNumber.MatchString(line) {
			continue
		}
		lines = append(lines, line)
		full = max(full, columns(line))
	}
	for i, line := range lines {
		b.WriteString(line)
		last, _ := utf8.DecodeLastRuneInString(line)
		switch {
		case i+1 == len(lines), endsSentence.MatchString(line), columns(line) < full*4/5, full < 30, startsItem.MatchString(lines[i+1]):
			b.WriteByte('\n')
		default:
			if first, _ := utf8.DecodeRuneInString(lines[i+1]); !isWide(last) && !isWide(first) && (!isDigit(last) || !isDigit(first)) {
				b.WriteByte(' ')
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' || r == '.' || r == ',' }

// columns is how wide a line is, Chinese letters counting two.
func columns(line string) int {
	n := 0
	for _, r := range line {
		if n++; isWide(r) {
			n++
		}
	}
	return n
}

// isGarbled says whether a text is written in letters that nobody writes.
func isGarbled(text string) bool {
	foreign := 0
	for _, r := range text {
		if r >= utf8.RuneSelf {
			foreign++
		}
	}
	return foreign > 20 && (common(text) < 0.08 || damage([]byte(text)) > 0.1)
}
