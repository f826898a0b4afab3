package sheet

import (
	"testing"
	"time"

	"github.com/sanpi-data/sanpi/transforms/amount"
	"github.com/sanpi-data/sanpi/transforms/date"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// The fast forms and the packages that decide must never differ where the fast
// form claims to know.
func agreeDate(t *testing.T, text string) (sure bool) {
	t.Helper()
	got, ok := fastDate([]byte(text))
	if !ok {
		return false
	}
	want, _, err := plainDate(text, date.Near{})
	if err != nil || got != want {
		t.Errorf("fastDate(%q) = %v, package date says %v, %v", text, got, want, err)
	}
	return true
}

func agreeMoney(t *testing.T, text, unit string) (sure bool) {
	t.Helper()
	u, err := amount.ParseMoneyUnit(unit)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := fastMoney([]byte(text), u.Exp)
	if !ok {
		return false
	}
	want := plainMoney(text, unit)
	if want != (money{value: got}) {
		t.Errorf("fastMoney(%q, %s) = %d, package amount says %+v", text, unit, got, want)
	}
	return true
}

func TestFastDate(t *testing.T) {
	for _, text := range []string{
		"2021-03-05", "2021-3-5", "2021/3/5", "2021.3.5", "2021.03.05", "20210305", "2021年3月5日", "2021年03月05日", "2021年3月5号",
		"2021年3月", "2021.3", "2021.10", "2021/3", "2021-03", "2024-02-29", "2000-02-29", "1999-12-31",
	} {
		if !agreeDate(t, text) {
			t.Errorf("fastDate(%q) is not sure", text)
		}
	}
	for _, text := range []string{
		"", "2021", "2021-3", "2021-02-29", "2021-13-01", "2021-00-10", "2021/3-5", "2021年13月", "2021-03-05 08:00", "3月5日", "２０２１年3月5日",
		"202103", "2021.3.", "计划2021年底", "1900-02-29", "2100-01-01", "2021年3月5", "2021.123",
	} {
		if got, ok := fastDate([]byte(text)); ok {
			t.Errorf("fastDate(%q) = %v, want it left to package date", text, got)
		}
	}
	for year := 1971; year <= 2099; year++ {
		for month := 1; month <= 12; month++ {
			for _, day := range []int{1, daysIn(year, month)} {
				if got, want := civil(year, month, day), record.NewDate(year, time.Month(month), day); got != want {
					t.Fatalf("civil(%d, %d, %d) = %d, want %d", year, month, day, got, want)
				}
			}
		}
	}
}

func TestFastMoney(t *testing.T) {
	for _, unit := range []string{"亿元", "万元", "元", "百万元"} {
		for _, text := range []string{
			"12", "12.5", "0.35", "1,250", "1,250.50", "12.5亿元", "125000万元", "12.5亿", "1250000元", "007", "0", "123456.01",
		} {
			if !agreeMoney(t, text, unit) {
				t.Errorf("fastMoney(%q, %s) is not sure", text, unit)
			}
		}
	}
	for _, text := range []string{
		"", ".5", "5.", "1,25", "1,2500", ",5", "约12", "12万", "12-15", "-5", "12.5亿美元", "1e5", "１２", "12 500", "12.5.1", "1234567890123456", "0.00000000001",
	} {
		if got, ok := fastMoney([]byte(text), 8); ok {
			t.Errorf("fastMoney(%q) = %d, want it left to package amount", text, got)
		}
	}
}

func FuzzFastDate(f *testing.F) {
	for _, text := range []string{"2021-03-05", "2021年3月5日", "2021.3", "20210305", "2021年3月"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { agreeDate(t, text) })
}

func FuzzFastMoney(f *testing.F) {
	for _, text := range []string{"12.5", "1,250.00", "12.5亿元", "125000万元", "0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		agreeMoney(t, text, "亿元")
		agreeMoney(t, text, "元")
	})
}

func FuzzPlainName(f *testing.F) {
	f.Add("年产20万吨ABC(一期)项目")
	f.Add("\xff项目")
	f.Add("风电项目（二期）ＡＢ１２ｃ～［］")
	f.Fuzz(func(t *testing.T, name string) {
		if got, want := string(appendPlain(nil, []byte(name))), plainRest([]byte(name)); got != want {
			t.Errorf("appendPlain(%q) = %q, want %q", name, got, want)
		}
	})
}
