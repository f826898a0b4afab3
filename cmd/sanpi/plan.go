package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/export"
	"github.com/sanpi-data/sanpi/pipeline/status"
)

// steps draws what a run would do, and why.
func (c *config) steps(out io.Writer, report pipeline.Report) error {
	say := phrases[c.lang]
	t := export.NewTable(export.Header{Title: say.step, Whole: true}, export.Header{Title: say.name}, export.Header{Title: say.action, Whole: true}, export.Header{Title: say.why})
	reused := map[string]int{}
	anew := 0
	for _, s := range report.Steps {
		if s.Action == pipeline.Reused && s.Kind != "ledgers" && s.Kind != "version" {
			reused[s.Kind]++
			continue
		}
		if s.Action != pipeline.Reused {
			anew++
		}
		t.Row(say.word(s.Kind), s.Name, say.word(s.Action), s.Why)
	}
	if err := t.Render(out, width(out)); err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(reused)) {
		if _, err := fmt.Fprintf(out, say.reused, reused[kind], say.word(kind)); err != nil {
			return err
		}
	}
	last := say.wouldPublish
	if anew == 0 {
		last = say.wouldNot
	}
	_, err := io.WriteString(out, last)
	return err
}

// staleLimits reads --max-stale: 72h, 30d, https://example.cn/=240h.
func (c *config) staleLimits() ([]pipeline.MaxStale, error) {
	var limits []pipeline.MaxStale
	for _, text := range c.maxStale {
		address, age := "", text
		if i := strings.LastIndex(text, "="); i >= 0 {
			address, age = text[:i], text[i+1:]
		}
		d, err := status.ParseAge(age)
		if err != nil || d < 0 {
			return nil, usageError{fmt.Errorf("--max-stale %q is no span of time; write 72h or 30d, or an address before it: https://example.cn/=30d", text)}
		}
		limits = append(limits, pipeline.MaxStale{Source: address, Age: d})
	}
	return limits, nil
}

// parseBytes reads an amount of memory: 2GB, 512MiB. "" is 0.
func parseBytes(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n < 16<<20 || n > 1<<50 {
		return 0, errors.New("write it like 2GB or 512MiB, 16MiB at the least")
	}
	return int64(n), nil
}
