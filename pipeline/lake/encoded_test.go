package lake

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/sanpi-data/sanpi/transforms/record"
)

func projectCodec(t testing.TB) *Codec[record.Project] {
	t.Helper()
	c, err := NewCodec[record.Project]()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// randomProject sets each field to nothing, its zero where that is known, or a
// value, at its bounds and between.
func randomProject(r *rand.Rand) record.Project {
	var p record.Project
	v := reflect.ValueOf(&p).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Name == "Campaign" {
			continue // it stands in the path
		}
		f := v.Field(i)
		if f.Kind() == reflect.Pointer {
			if r.IntN(3) == 0 {
				continue
			}
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString([]string{"", "甲", "年产2万吨铝材项目", "\x00\xff", strings.Repeat("长", 42), strings.Repeat("x", 127), strings.Repeat("x", 128), strings.Repeat("长", 9000)}[r.IntN(8)])
		case reflect.Int32:
			f.SetInt([]int64{0, 1, -1, math.MinInt32, math.MaxInt32, r.Int64N(math.MaxInt32)}[r.IntN(6)])
		case reflect.Int64:
			f.SetInt([]int64{0, 1, -1, math.MinInt64, math.MaxInt64, r.Int64()}[r.IntN(6)])
		case reflect.Bool:
			f.SetBool(r.IntN(2) == 0)
		}
	}
	return p
}

func TestCodec(t *testing.T) {
	c := projectCodec(t)
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		want := randomProject(r)
		prefix := []byte("what stands before")
		data := c.Append(prefix, &want)
		if string(data[:len(prefix)]) != string(prefix) {
			t.Fatal("what stood before the row is another now")
		}
		got := randomProject(r) // of which nothing may stay
		c.Decode(data[len(prefix):], &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		// What follows a row is none of its business.
		c.Decode(append(data[len(prefix):len(data):len(data)], "what follows"...), &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

// Decoded numbers are the row's own: two rows of one codec do not share them.
func TestDecodedRowsAreApart(t *testing.T) {
	c := projectCodec(t)
	one, two := record.CNY(1), record.CNY(2)
	var a, b record.Project
	c.Decode(c.Append(nil, &record.Project{Name: "甲", InvestmentCNY: &one}), &a)
	c.Decode(c.Append(nil, &record.Project{Name: "乙", InvestmentCNY: &two}), &b)
	if *a.InvestmentCNY != 1 || *b.InvestmentCNY != 2 || a.Name != "甲" {
		t.Errorf("%+v %+v", a, b)
	}
}

// Encoded rows make the same file as the structs do.
func TestWriteEncoded(t *testing.T) {
	c := projectCodec(t)
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 63, 64, 65, 300} {
		var rows []record.Project
		var encoded [][]byte
		for range n {
			p := randomProject(r)
			for _, text := range []*string{&p.Name, &p.Note} {
				*text = strings.ToValidUTF8(*text, "")
			}
			rows = append(rows, p)
			encoded = append(encoded, c.Append(nil, &p))
		}
		root := t.TempDir()
		want, err := WriteTable(root, "projects", "structs", rows)
		if err != nil {
			t.Fatal(err)
		}
		w, err := NewWriter[record.Project](root, "projects", "encoded")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteEncoded(encoded); err != nil {
			t.Fatal(err)
		}
		got, err := w.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got.Rows != int64(n) || want.Rows != int64(n) {
			t.Errorf("%d and %d rows of %d", got.Rows, want.Rows, n)
		}
		fromStructs, err := parquet.ReadFile[record.Project](filepath.Join(root, want.Path))
		if err != nil {
			t.Fatal(err)
		}
		fromBytes, err := parquet.ReadFile[record.Project](filepath.Join(root, got.Path))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fromStructs, fromBytes); diff != "" {
			t.Errorf("%d rows: %s", n, diff)
		}
		if diff := cmp.Diff(rows, fromBytes); n > 0 && diff != "" {
			t.Errorf("%d rows: %s", n, diff)
		}
	}
}

func TestCodecRefuses(t *testing.T) {
	type lists struct {
		Texts []string `parquet:"texts,list"`
	}
	type floats struct {
		Share float64 `parquet:"share"`
	}
	type times struct {
		At uint16 `parquet:"at"`
	}
	for name, err := range map[string]error{
		"lists": second(NewCodec[lists]()), "floats": second(NewCodec[floats]()), "times": second(NewCodec[times]()),
	} {
		if err == nil {
			t.Errorf("a codec of %s", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func FuzzCodec(f *testing.F) {
	f.Add("铝材项目", "甲公司", int64(12), int64(-1), int32(18000), true, uint8(0xff))
	f.Add("", "\xff\x00", int64(0), int64(0), int32(0), false, uint8(0))
	c, err := NewCodec[record.Project]()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name, note string, amount, low int64, day int32, mark bool, known uint8) {
		want := record.Project{Name: name, Note: note, Investor: note + name, SignedOn: record.Date(day), AsOf: record.Date(-day), Line: day, Approximate: mark}
		if known&1 > 0 {
			want.InvestmentCNY = (*record.CNY)(&amount)
		}
		if known&2 > 0 {
			want.InvestmentLowCNY = (*record.CNY)(&low)
		}
		if known&4 > 0 {
			want.Commitment = &mark
		}
		var got record.Project
		data := c.Append(nil, &want)
		c.Decode(data, &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(fmt.Sprint(diff))
		}
	})
}
