package round

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func number(n int32) *int32 { return &n }

var day = record.NewDate

// shanxi counts by year. The titles of 2020 and the dates quarrel: the fourth
// event is titled the second, so the third must be the first in that count.
func shanxi() *Index {
	return NewIndex(record.ByYear, []record.Round{
		{Round: "2020-1", Year: number(2020), Ordinal: number(1), HeldOn: day(2020, 2, 28)},
		{Round: "2020-2", Year: number(2020), Ordinal: number(2), HeldOn: day(2020, 6, 6)},
		{Round: "2020-3", Year: number(2020), Ordinal: number(3), HeldOn: day(2020, 8, 8)},
		{Round: "2020-4", Year: number(2020), Ordinal: number(4), HeldOn: day(2020, 10, 10), Label: "2020年第二期"},
		{Round: "2021-1", Ordinal: number(1), HeldOn: day(2021, 1, 1), Label: "2021年第一期"},
		{Round: "2021-2", Year: number(2021), Ordinal: number(2)},
		{Round: "2021-3", Year: number(2021), Ordinal: number(3), HeldOn: day(2021, 7, 16), Label: "2021年第三次"},
		{Round: "2023-2", Year: number(2023), Ordinal: number(2), HeldOn: day(2023, 5, 29)},
	}, []record.RoundLabel{
		{Round: "2020-3", Label: "2020年第一期", Ordinal: number(1), Counting: "implied"},
		{Round: "2020-3", Label: "third of 3期", Ordinal: number(3), Counting: "by_date"},
		{Round: "2020-4", Label: "2020年第二期", Ordinal: number(2), Counting: "by_title"},
		{Round: "2020-4", Label: "金秋专场", Counting: "by_title"},
		{Round: "2099-1", Label: "2099年第一次", Counting: "by_title"},
	})
}

// henan counts without a break.
func henan() *Index {
	return NewIndex(record.Running, []record.Round{
		{Round: "H-01", Year: number(2021), Ordinal: number(1), HeldOn: day(2021, 7, 10), Label: "第一期"},
		{Round: "H-03", Year: number(2022), Ordinal: number(3), HeldOn: day(2022, 1, 4), Label: "第三期"},
		{Round: "H-08", Year: number(2023), Ordinal: number(8), HeldOn: day(2023, 5, 8)},
	}, nil)
}

// others holds single events of several provinces; no count is common to them.
func others() *Index {
	return NewIndex(record.ByLabel, []record.Round{
		{Round: "anhui-1", Year: number(2022), Ordinal: number(1), HeldOn: day(2022, 2, 18), Label: "2022年第一批"},
		{Round: "hubei-1", Year: number(2022), Ordinal: number(1), HeldOn: day(2022, 2, 18), Label: "2022年一季度"},
		{Round: "hunan-1", Year: number(2022), Ordinal: number(1), HeldOn: day(2022, 3, 1), Label: "2022年一季度"},
		{Round: "hunan-2", Year: number(2022), HeldOn: day(2022, 4, 26), Label: "2022年二季度"},
	}, nil)
}

func TestResolve(t *testing.T) {
	for _, test := range []struct {
		index *Index
		label string
		on    record.Date
		want  record.RoundID
	}{
		// The text of an id.
		{shanxi(), "2020-3", 0, "2020-3"},
		{shanxi(), " ２０２０－３ ", 0, "2020-3"},
		{henan(), "H-08", 0, "H-08"},

		// The day decides.
		{shanxi(), "", day(2020, 8, 8), "2020-3"},
		{shanxi(), "2020年第一期", day(2020, 8, 8), "2020-3"},
		{shanxi(), "2020年第一期", day(2020, 2, 28), "2020-1"},
		{shanxi(), "2020年第二期", day(2020, 10, 10), "2020-4"},
		{shanxi(), "2020年第四次", day(2020, 10, 10), "2020-4"},
		{shanxi(), "2020年秋季", day(2020, 10, 10), "2020-4"},
		{shanxi(), "2020年四季度", day(2020, 10, 10), "2020-4"},
		{shanxi(), "第三次", day(2021, 7, 16), "2021-3"},
		{shanxi(), "2021年7月", day(2021, 7, 16), "2021-3"},
		{shanxi(), "二〇二一年七月", day(2021, 7, 16), "2021-3"},
		{henan(), "2023年第八期", day(2023, 5, 8), "H-08"},
		{others(), "第一批", day(2022, 2, 18), "anhui-1"},
		{others(), "2022年第一季度", day(2022, 3, 1), "hunan-1"},
		{others(), "2022年第一季度", day(2022, 2, 18), "hubei-1"},

		// A day on which no round was held says nothing.
		{shanxi(), "2021年第三次", day(2021, 7, 20), "2021-3"},

		// Printed labels come before numbers: this title is the round's own.
		{shanxi(), "2020年第二期", 0, "2020-4"},
		{shanxi(), "2020 年第二期", 0, "2020-4"},
		{shanxi(), "金秋专场", 0, "2020-4"},
		{shanxi(), "third of 3期", 0, "2020-3"},

		// Numbers, whatever the counter.
		{shanxi(), "2021年第一次", 0, "2021-1"},
		{shanxi(), "2021年第二期", 0, "2021-2"},
		{shanxi(), "2021年第三期", 0, "2021-3"},
		{shanxi(), "2023 second", 0, "2023-2"},
		{henan(), "第八期", 0, "H-08"},
		{henan(), "第8次", 0, "H-08"},
		{others(), "2022年第二季度", 0, "hunan-2"},
		{others(), "2022年首批", 0, "anhui-1"},
	} {
		got, err := test.index.Resolve(test.label, test.on)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q on %q: got %q, %v; want %q", test.label, test.on, got, err, test.want)
		}
	}
}

func TestResolveAmbiguous(t *testing.T) {
	for _, test := range []struct {
		index *Index
		label string
		on    record.Date
		want  []record.RoundID
	}{
		{shanxi(), "2020年第一期", 0, []record.RoundID{"2020-1", "2020-3"}},
		{shanxi(), "2020年第二次", 0, []record.RoundID{"2020-2", "2020-4"}},
		{shanxi(), "2020年第一期", day(2020, 9, 1), []record.RoundID{"2020-1", "2020-3"}},

		// The label says one round and the day another.
		{shanxi(), "2021年第一期", day(2021, 7, 16), []record.RoundID{"2021-1", "2021-3"}},
		{shanxi(), "2020年第一期", day(2020, 10, 10), []record.RoundID{"2020-1", "2020-3", "2020-4"}},
		{henan(), "第一期", day(2023, 5, 8), []record.RoundID{"H-01", "H-08"}},

		// Two rounds on a day, or with a label.
		{others(), "", day(2022, 2, 18), []record.RoundID{"anhui-1", "hubei-1"}},
		{others(), "2022年一季度", 0, []record.RoundID{"hubei-1", "hunan-1"}},
	} {
		got, err := test.index.Resolve(test.label, test.on)
		var ambiguous *AmbiguousError
		if !errors.As(err, &ambiguous) || got != "" {
			t.Errorf("%q on %q: got %q, %v; want an AmbiguousError", test.label, test.on, got, err)
			continue
		}
		if ambiguous.Label != test.label || !slices.Equal(ambiguous.Candidates, test.want) {
			t.Errorf("%q on %q: got %v, want %v", test.label, test.on, ambiguous, test.want)
		}
		for _, id := range test.want {
			if !strings.Contains(err.Error(), string(id)) {
				t.Errorf("%q: the message does not name %s: %v", test.label, id, err)
			}
		}
	}
}

func TestResolveUnknown(t *testing.T) {
	for _, test := range []struct {
		index *Index
		label string
		on    record.Date
		want  error // in the chain; nil for none
	}{
		{shanxi(), "", 0, nil},
		{shanxi(), "", day(2021, 7, 17), nil},
		{shanxi(), "2021年第九次", 0, nil},
		{shanxi(), "2099年第一次", 0, nil},
		{shanxi(), "第三次", 0, nil},
		{shanxi(), "第三次", day(2021, 7, 17), nil},
		{shanxi(), "2021年三季度", 0, nil},
		{shanxi(), "2021年春季", 0, ErrNoNumber},
		{shanxi(), "2021年4次", 0, ErrSpan},
		{henan(), "2022年第三期", 0, nil},
		{others(), "2022年第一次", 0, nil},

		// The label speaks against the round of the day.
		{shanxi(), "2021年第九次", day(2021, 7, 16), nil},
		{shanxi(), "第九次", day(2021, 7, 16), nil},
		{shanxi(), "2021年二季度", day(2021, 7, 16), nil},
		{shanxi(), "2022年秋季", day(2021, 7, 16), ErrNoNumber},
		{shanxi(), "全省2022年签约", day(2021, 7, 16), ErrNoNumber},
		{shanxi(), "2021年6月", day(2021, 7, 16), ErrNoNumber},
		{shanxi(), "四期", day(2021, 7, 16), ErrSpan},
		{shanxi(), "和顺县2023年度第一期", day(2023, 5, 29), nil},
		{henan(), "2022年第八期", day(2023, 5, 8), nil},
	} {
		got, err := test.index.Resolve(test.label, test.on)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || got != "" {
			t.Errorf("%q on %q: got %q, %v; want an UnknownError", test.label, test.on, got, err)
			continue
		}
		if unknown.Label != test.label || unknown.On != test.on || err.Error() == "" {
			t.Errorf("%q on %q: got %+v", test.label, test.on, unknown)
		}
		for _, sentinel := range []error{ErrSpan, ErrNoNumber} {
			if errors.Is(err, sentinel) != (test.want == sentinel) {
				t.Errorf("%q on %q: got %v, want %v", test.label, test.on, err, test.want)
			}
		}
	}
}

// Whatever the label, an answer is a round of the campaign, and an error is one
// of two with at least two candidates or none.
func FuzzResolve(f *testing.F) {
	for _, test := range goodLabels {
		f.Add(test.text, int32(0))
	}
	f.Add("2020年第一期", int32(day(2020, 10, 10)))
	f.Add("", int32(day(2020, 8, 8)))
	index := shanxi()
	f.Fuzz(func(t *testing.T, label string, on int32) {
		id, err := index.Resolve(label, record.Date(on))
		var ambiguous *AmbiguousError
		var unknown *UnknownError
		switch {
		case err == nil:
			if _, ok := index.byID[string(id)]; !ok {
				t.Errorf("%q: got %q, which is no round", label, id)
			}
		case errors.As(err, &ambiguous):
			if len(ambiguous.Candidates) < 2 || id != "" {
				t.Errorf("%q: %q, %v", label, id, err)
			}
		case !errors.As(err, &unknown) || id != "":
			t.Errorf("%q: %q, %v", label, id, err)
		}
	})
}

func ExampleIndex_Resolve() {
	index := shanxi()
	fmt.Println(index.Resolve("2021年第三次", 0))
	fmt.Println(index.Resolve("2020年第一期", record.NewDate(2020, 8, 8)))
	_, err := index.Resolve("2020年第一期", 0)
	fmt.Println(err)
	// Output:
	// 2021-3 <nil>
	// 2020-3 <nil>
	// round label "2020年第一期" is ambiguous: it may be any of [2020-1 2020-3]; write the round's id, or add the label as printed to round_labels.csv
}
