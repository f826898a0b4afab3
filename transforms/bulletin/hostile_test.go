package bulletin

import (
	"strings"
	"testing"

	"github.com/sanpi-data/sanpi/transforms/record"
)

// TestHostileText reads long texts that are made of one thing, which a rule that looks
// back or ahead without bound would take hours for.
func TestHostileText(t *testing.T) {
	for _, unit := range []string{
		"签约", "7个", "7个项目", "7个项目签约", "签约7个", "签约7个项目", "签约、", "7个、", "总投资7亿元", "7亿元、", "总投资7亿元的7个项目", "（", "“", "太原", "太原、", "太原市签约7个，",
		"开工率", "7%、", "1", "1 ", "一", "第", "第一期", "2021年", "1月1日至", "1—", "的", "一批", "涉及新材料等", "项目、", "总投资7亿元的某某项目、", "以上数据不含综改示范区",
		"不含综改示范区", "其中", "其中签约7个", "目标", "目标，", "signed 7 projects, ", "(", "a(á)", "\u200b", "签约\t", "上次", "那一次", "截至", "今年", "自", "与", "；", "，，",
		"7个第一次7个第二次", "太原市分别为7个、7个；", "太原市占7个", "签约项目中，太原市占7个，", "总投资分别为7、", "签约四次分别为7个、7个、7个、7个，", "经开区", "过去一年", "签约已",
	} {
		for _, sep := range []string{"", "，", "。", "\n"} {
			text := "太原市2022年第一次“三个一批”\n" + strings.Repeat(unit+sep, 120_000/(len(unit)+len(sep)))
			got := testReader(t, "shanxi").Read(Text{Body: text, Published: record.NewDate(2022, 2, 27)})
			if len(got.Claims) > 60_000 {
				t.Errorf("%q: %d claims", unit+sep, len(got.Claims))
			}
		}
	}
}
