package synthetic

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func options(rows int, mess float64, kinds ...Kind) Options {
	return Options{
		Rows: rows, Mess: mess, Kinds: kinds, AsOf: record.NewDate(2023, 6, 30), Ambiguous: []string{"开发区"},
		Zones: []Zone{
			{"140122-Z1", "阳曲现代农业产业示范区", []string{"阳曲示范区", "示范区"}, "140100", "太原市"},
			{"140200-Z1", "大同经济技术开发区", []string{"大同经开区", "大同开发区"}, "140200", "大同市"},
			{"140200-Z2", "云冈(大同)产业园", []string{"云冈园"}, "140200", "大同市"},
			{"140400-Z1", "襄垣经济技术开发区", []string{"襄垣示范区", "示范区"}, "140400", "长治市"},
		},
		Rounds: []Round{
			{"2020-4", "2020年第二期", record.NewDate(2020, 10, 10)}, {"2021-1", "2021年第一期", record.NewDate(2021, 1, 1)},
			{"2021-3", "2021年第三次", record.NewDate(2021, 7, 16)}, {"2022-1", "2022年第一次", record.NewDate(2022, 2, 26)},
			{"2022-2", "", record.NewDate(2022, 6, 22)}, {"2022-4", "2022年第四次", 0}, {"2024-3", "2024年第三次", record.NewDate(2024, 8, 19)},
		},
	}
}

func TestPeek(t *testing.T) {
	g, _ := New(1, options(40, 0.4))
	var truth bytes.Buffer
	g.Write(os.Stdout, &truth, Format{})
	os.Stdout.Write(truth.Bytes()[:6000])
}

func BenchmarkRows(b *testing.B) {
	for _, mess := range []float64{0, 0.3} {
		g, err := New(1, options(100_000, mess))
		if err != nil {
			b.Fatal(err)
		}
		b.Run("ledger", func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				c, err := g.Write(io.Discard, nil, Format{})
				if err != nil {
					b.Fatal(err)
				}
				rows += c.Rows
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run("with truth", func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				c, err := g.Write(io.Discard, io.Discard, Format{})
				if err != nil {
					b.Fatal(err)
				}
				rows += c.Rows
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
