package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/pipeline/export"
)

// In a terminal of 40 columns figures, rounds and days stand whole or not at all,
// and a note says what was left out.
func TestShowInANarrowTerminal(t *testing.T) {
	dir := t.TempDir()
	if code := execute(context.Background(), []string{"run", "--warehouse", dir}, nil, io.Discard, os.Stderr); code != exitDone {
		t.Fatalf("run ended with %d", code)
	}
	for _, test := range []struct {
		name, lang string
		width      int
		draw       func(screen) error
		want       []string
		not        []string
	}{
		{"trend", "en", 40, screen.trend, []string{"2021-1     413", "2022-1     347", "Not shown in this narrow terminal: Commiss. 亿元"}, []string{"█", "2021-01-01"}},
		{"trend", "zh", 40, screen.trend, []string{"2021-1  2021-01-01   413   268   245", "终端较窄,未显示:投产亿元"}, []string{"█"}},
		{"trend", "en", 80, screen.trend, []string{"2021-1  2021-01-01     413      268", "2800.00    1288.60"}, []string{"Not shown"}},
		{"trend", "en", 0, screen.trend, []string{"2021-1  2021-01-01  413 ████████"}, []string{"Not shown", "…"}},
		{"zones", "en", 40, screen.zones, []string{"Jiaocheng", "  2024-3  ", "2020-02-28..2020-08-08  132"}, []string{"0.766"}},
		{"zones", "en", 0, screen.zones, []string{"Taiyuan Part of the Shanxi Transformation and Comprehensive Reform Demonstration"}, []string{"…", "Counts"}},
		{"cities", "zh", 60, screen.cities, []string{"太原市", "2020-4"}, nil},
		{"coverage", "en", 40, screen.coverage, []string{"2 of 7  6 of 21"}, []string{"█"}},
		{"conflicts", "en", 40, screen.conflicts, []string{"5805 亿元"}, []string{"2022-02-28"}},
	} {
		t.Run(test.name+test.lang, func(t *testing.T) {
			c := config{warehouse: dir, lang: test.lang}
			db, err := c.open()
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var out bytes.Buffer
			s := c.newScreen(context.Background(), &out, db)
			s.width, s.campaign, s.home, s.homeName = test.width, "shanxi", "140000", "Shanxi"
			if err := test.draw(s); err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is missing in\n%s", want, &out)
				}
			}
			for _, not := range test.not {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q stands in\n%s", not, &out)
				}
			}
			for line := range strings.Lines(out.String()) {
				// Titles, notes and addresses are sentences, which a terminal breaks.
				if test.width > 0 && strings.HasPrefix(line, "20") && export.Width(strings.TrimSuffix(line, "\n")) > test.width {
					t.Errorf("wider than %d: %s", test.width, line)
				}
			}
		})
	}
}
