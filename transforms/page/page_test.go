package page_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/sanpi-data/sanpi/transforms/page"
)

const (
	headline = "全省开发区2022年第二次“三个一批”活动在朔州举行"
	first    = "本报讯（记者 王青松）6月18日，全省开发区2022年第二次“三个一批”活动在朔州市举行，主会场设在朔州经济开发区，各市设分会场，省有关部门负责人出席并讲话。"
	second   = "这次活动共签约项目421个，总投资2876.4亿元；开工项目388个，总投资1902.7亿元；投产项目215个，总投资967.3亿元，各开发区的投资后劲进一步增强。"
	third    = "据了解，活动开展以来，各市把“三个一批”作为抓项目、稳投资的主要抓手，一批牵引性强、带动性好的项目落地建设，为全年经济发展打下了坚实的基础。"
)

// article is a page as an office's system writes it.
func article(head string) string {
	return `<!DOCTYPE html><html><head>` + head + `<title>` + headline + `_朔州新闻网</title></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/a">要闻</a></li><li><a href="/b">政务</a></li><li><a href="/c">项目</a></li></ul></div>
<div class="wrap"><h1>全省开发区2022年第二次<br>“三个一批”活动在朔州举行</h1>
<div class="info"><span>2022-06-20 08:15:33</span> <span>来源：朔州日报</span> <a href="#">分享</a></div>
<div id="content" class="article-content"><p>　　` + first + `</p>
<p>　　这次活动共签约项目<b>4</b><b>21</b>个，总投资2876.4亿元；
开工项目388个，总投资1902.7亿元；投产项目215个，总投资967.3亿元，各开发区的投资后劲进一步增强。</p>
<p style="display:none">签约项目999个，总投资9999亿元，这一段没有人看得见。</p>
<script>var a = "签约项目888个";</script>
<p>　　` + third + `</p></div></div>
<div class="related"><h3>相关新闻</h3><ul><li><a href="/1">上一次活动签约项目300个</a></li><li><a href="/2">市领导调研项目</a></li></ul></div>
<div class="footer">版权所有 朔州新闻网 晋ICP备00000000号</div></body></html>`
}

func read(t *testing.T, raw []byte, contentType, address string) *page.Page {
	t.Helper()
	p, err := page.Read(raw, contentType, address)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestArticle(t *testing.T) {
	p := read(t, []byte(article(`<meta charset="utf-8">`)), "text/html", "http://news.example/a.html")
	if p.Title != headline || p.Published.String() != "2022-06-20" || p.Publisher != "朔州日报" || p.Charset != "utf-8" || p.MediaType != "text/html" {
		t.Errorf("title %q, published %s, publisher %q, charset %q, media type %q", p.Title, p.Published, p.Publisher, p.Charset, p.MediaType)
	}
	lines := strings.Split(p.Text, "\n")
	if lines[0] != headline {
		t.Errorf("the first line is %q", lines[0])
	}
	for _, want := range []string{first, second, third} {
		found := 0
		for _, line := range lines {
			if line == want {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d paragraphs are %q in\n%s", found, want, p.Text)
		}
	}
	for _, not := range []string{"999", "888", "上一次", "版权", "首页"} {
		if strings.Contains(p.Text, not) {
			t.Errorf("the text holds %s:\n%s", not, p.Text)
		}
	}
}

var traditional = strings.NewReplacer("开发区", "開發區", "项目", "項目", "签约", "簽約", "总投资", "總投資", "亿", "億", "个", "個", "开工", "開工", "投产", "投產",
	"这次活动共", "這次活動共", "各開發區的投资后劲进一步增强", "各開發區的投資後勁進一步增強", "本报讯", "本報訊", "记者", "記者", "活动", "活動", "举行", "舉行",
	"经济", "經濟", "主会场设在", "主會場設在", "设分会场", "設分會場", "有关部门负责人", "有關部門負責人", "并讲话", "並講話", "据了解", "據了解", "开展以来", "開展以來",
	"作为抓", "作為抓", "稳投资", "穩投資", "牵引性强、带动", "牽引性強、帶動", "落地建设", "落地建設", "为全年", "為全年", "发展打下了坚实的基础", "發展打下了堅實的基礎",
	"新闻", "新聞", "闻", "聞", "来源", "來源", "相关", "相關", "调研", "調研", "领导", "領導", "权", "權", "备", "備", "号", "號", "务", "務", "页", "頁", "没", "沒", "见", "見", "区", "區",
	"后", "後", "劲", "勁", "进", "進", "强", "強", "资", "資", "条", "條", "动", "動")

func TestCharsets(t *testing.T) {
	encode := func(e encoding.Encoding, text string) []byte {
		t.Helper()
		raw, err := encoding.ReplaceUnsupported(e.NewEncoder()).Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	says := func(name string) string {
		return article(`<meta http-equiv="Content-Type" content="text/html; charset=` + name + `">`)
	}
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy) encoding.Encoding {
		return unicode.UTF16(order, bom)
	}
	for name, c := range map[string]struct {
		raw    []byte
		server string
		want   string
		words  string
	}{
		"utf-8":                     {[]byte(says("utf-8")), "text/html; charset=utf-8", "utf-8", second},
		"utf-8 with a mark":         {[]byte("\ufeff" + says("gbk")), "", "utf-8", second},
		"utf-8, the page says gbk":  {[]byte(says("gb2312")), "", "utf-8", second},
		"utf-8, the server too":     {[]byte(says("gb2312")), "text/html; charset=GBK", "utf-8", second},
		"utf-8, both say big5":      {[]byte(says("big5")), "text/html;charset=big5", "utf-8", second},
		"gbk":                       {encode(simplifiedchinese.GBK, says("gbk")), "", "gb18030", second},
		"gb18030":                   {encode(simplifiedchinese.GB18030, strings.ReplaceAll(says("gb18030"), "王青松", "王青㑇𠮷")), "", "gb18030", "王青㑇𠮷"},
		"gbk, the page says utf-8":  {encode(simplifiedchinese.GBK, says("utf-8")), "text/html; charset=utf-8", "gb18030", second},
		"gbk, nobody says":          {encode(simplifiedchinese.GBK, article("")), "", "gb18030", second},
		"gbk, the server says 1252": {encode(simplifiedchinese.GBK, article("")), "text/html; charset=iso-8859-1", "gb18030", second},
		"gbk, said to be big5":      {encode(simplifiedchinese.GBK, says("big5")), "", "gb18030", second},
		"traditional in gbk":        {encode(simplifiedchinese.GBK, traditional.Replace(says("gbk"))), "", "gb18030", "簽約項目421個，總投資2876.4億元"},
		"big5":                      {encode(traditionalchinese.Big5, traditional.Replace(says("big5"))), "", "big5", "簽約項目421個，總投資2876.4億元"},
		"big5, the page says utf-8": {encode(traditionalchinese.Big5, traditional.Replace(says("utf-8"))), "", "big5", "簽約項目421個，總投資2876.4億元"},
		"big5, nobody says":         {encode(traditionalchinese.Big5, traditional.Replace(article(""))), "", "big5", "簽約項目421個，總投資2876.4億元"},
		"big5, said to be gbk":      {encode(traditionalchinese.Big5, traditional.Replace(says("gb2312"))), "", "big5", "簽約項目421個，總投資2876.4億元"},
		"traditional in utf-8":      {[]byte(traditional.Replace(says("big5"))), "", "utf-8", "簽約項目421個，總投資2876.4億元"},
		"utf-16 with a mark":        {encode(utf16(unicode.LittleEndian, unicode.UseBOM), says("utf-8")), "", "utf-16le", second},
		"utf-16be with a mark":      {encode(utf16(unicode.BigEndian, unicode.UseBOM), says("utf-8")), "", "utf-16be", second},
		"utf-16 without":            {encode(utf16(unicode.LittleEndian, unicode.IgnoreBOM), says("gbk")), "text/html; charset=gbk", "utf-16le", second},
		"utf-16be without":          {encode(utf16(unicode.BigEndian, unicode.IgnoreBOM), says("gbk")), "", "utf-16be", second},
		"utf-8, a pasted line":      {append([]byte(says("utf-8")), encode(simplifiedchinese.GBK, "\n<p>相关链接</p>")...), "", "utf-8", second},
		"utf-8, cut":                {[]byte(says("utf-8") + "\n<p>末尾\xe5\xbc"), "", "utf-8", second},
		"two letters":               {encode(simplifiedchinese.GBK, "<html><meta charset=gbk><p>联通 5G 353</p>"), "", "gb18030", "联通"},
		"english": {encode(charmap.Windows1252, "<html><body><p>The province signed 353 projects worth 304.58 billion yuan – a “record”.</p>"), "",
			"windows-1252", "304.58 billion yuan – a “record”"},
		"latin": {encode(charmap.ISO8859_2, "<html><body><p>Čeští investoři přijeli do provincie Šan-si, kde podepsali smlouvy na více než pět nových projektů.</p>"), "text/html; charset=iso-8859-2",
			"iso-8859-2", "podepsali smlouvy"},
	} {
		p, err := page.Read(c.raw, c.server, "a.html")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Charset != c.want || !strings.Contains(p.Text, c.words) || strings.Contains(p.Text, "888") {
			t.Errorf("%s: read as %s:\n%.600s", name, p.Charset, p.Text)
		}
	}
}

func TestPublished(t *testing.T) {
	body := func(line string) string {
		return `<html><head><title>` + headline + `</title></head><body><h1>` + headline + `</h1>` + line + `<p>` + first + `</p><p>` + second + `</p><p>` + third + `</p></body></html>`
	}
	for name, c := range map[string]struct{ page, address, day, from string }{
		"office":                  {strings.Replace(body(""), "<title>", `<meta name="PubDate" content="2022-06-19 10:20"><meta name="ContentSource" content="山西省商务厅"><title>`, 1), "", "2022-06-19", "山西省商务厅"},
		"open graph":              {strings.Replace(body(""), "<title>", `<meta property="article:published_time" content="2022-06-18T18:30:00Z"><meta property="og:site_name" content="山西新闻网"><title>`, 1), "", "2022-06-19", "山西新闻网"},
		"ld+json":                 {strings.Replace(body(""), "<title>", `<script type="application/ld+json">{"datePublished": "2022-06-20T08:00:00+08:00", "publisher": {"@type": "Organization", "name": "长治日报"}}</script><title>`, 1), "", "2022-06-20", "长治日报"},
		"time":                    {body(`<time datetime="2022-06-21">昨天</time>`), "", "2022-06-21", ""},
		"xinhua":                  {body(`<div>2022年06月22日 07:46:21 来源: 山西日报 责任编辑：李某</div>`), "", "2022-06-22", "山西日报"},
		"glued":                   {body(`<div>发布时间：2022/6/3来源：晋中市人民政府网站【字体：大 中 小】</div>`), "", "2022-06-03", "晋中市人民政府网站"},
		"the day alone":           {body(`<div>2022.06.24</div>`), "", "2022-06-24", ""},
		"address":                 {body(""), "http://swt.example.cn/ztzl/202206/t20220625_6543210.shtml", "2022-06-25", ""},
		"folders":                 {body(""), "http://paper.example.cn/html/2022-06/26/content_1.htm", "2022-06-26", ""},
		"none":                    {body(""), "http://paper.example.cn/html/20229999/content_13.htm", "", ""},
		"an event's day is none":  {strings.Replace(body(""), "6月18日", "2022年6月18日", 1), "", "", ""},
		"no such day":             {body(`<div>发布时间：2022-02-30 来源：无</div>`), "", "", ""},
		"a source without a name": {body(`<div>来源：　2022-06-27 08:00</div>`), "", "2022-06-27", ""},
	} {
		p, err := page.Read([]byte(c.page), "text/html", c.address)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if p.Published.String() != c.day || p.Publisher != c.from {
			t.Errorf("%s: published %s by %q, want %s by %q", name, p.Published, p.Publisher, c.day, c.from)
		}
	}
}

func TestTitle(t *testing.T) {
	for in, want := range map[string]string{
		`<title>山西：滚动开展“三个一批”汇聚转型强劲动能-新华网</title>`:                              "山西：滚动开展“三个一批”汇聚转型强劲动能",
		`<title>我省第八期“三个一批”项目建设活动举行_河南日报_大河网</title>`:                           "我省第八期“三个一批”项目建设活动举行",
		`<title>签约-开工-投产，一季度项目建设提速</title>`:                                     "签约-开工-投产，一季度项目建设提速",
		`<title>太原：5G-A项目开工 | 山西要闻</title>`:                                     "太原：5G-A项目开工",
		`<title>首页 - 某某网</title><h1>全市“三个一批”项目集中开工</h1>`:                        "首页 - 某某网",
		`<title>山西省商务厅</title><meta name="ArticleTitle" content="全省开发区签约活动举行">`: "全省开发区签约活动举行",
		`<h1>没有标题的页面也有大字标题</h1>`:                                                "没有标题的页面也有大字标题",
	} {
		p := read(t, []byte("<html>"+in+"<p>"+first+"</p><p>"+second+"</p>"), "", "a.html")
		if p.Title != want || !strings.HasPrefix(p.Text, want+"\n") {
			t.Errorf("%s: title %q, text %.60q", in, p.Title, p.Text)
		}
	}
}

// Main texts as editors' systems leave them.
func TestShapes(t *testing.T) {
	around := func(text string) string {
		return `<html><head><title>` + headline + `-某某网</title></head><body><div class="nav"><ul><li><a href=1>首页</a></li><li><a href=2>要闻</a></li></ul></div>
<div class="position">当前位置：<a href=1>首页</a> &gt; <a href=2>要闻</a></div><div class=main><h1>` + headline + `</h1>` + text + `</div>
<div class="related"><h3>相关新闻</h3><ul><li><a href=1>2021年第四次活动签约项目300个</a></li><li><a href=2>另一条新闻说了别的事情</a></li></ul></div></body></html>`
	}
	all := strings.Join([]string{headline, first, second, third}, "\n")
	linked := strings.NewReplacer("活动", "<a href=1>活动</a>", "签约", "<a href=2>签约</a>", "开工", "<a href=3>开工</a>").Replace(second)
	for name, c := range map[string]struct{ html, want string }{
		"sections":    {`<div><section><p>` + first + `</p></section><section><p>` + second + `</p></section><section><p>` + third + `</p></section></div>`, all},
		"messenger":   {`<div id="js_content"><section><section><span>` + first + `</span></section></section><section><section><span><b>` + second + `</b></span></section></section><section><p><br></p></section><p>` + third + `</p></div>`, all},
		"breaks":      {`<div>　　` + first + `<br/><br/>　　` + second + `<br>　　` + third + `</div>`, all},
		"blocks":      {`<div class=content><div>` + first + `</div><div>` + second + `</div><div>` + third + `</div></div>`, all},
		"preformed":   {"<pre>　　" + first + "\n　　" + second + "\n　　" + third + "</pre>", all},
		"linked":      {`<div><p>` + first + `</p><p>` + linked + `</p><p>` + third + `</p></div>`, all},
		"named badly": {`<div class="sidebar comment share"><p>` + first + `</p><p>` + second + `</p><p>` + third + `</p></div>`, all},
		"an ad":       {`<div class=text><p>` + first + `</p><p>` + second + `</p></div><div class=ad><a href=x><img src=a></a></div><div class=text><p>` + third + `</p></div>`, all},
		"an editor's": {`<div class=TRS_Editor><style>.TRS_Editor P{}</style><div><p><font face="宋体">` + first + `</font></p><p>` + second + `</p><p>` + third + `</p></div></div>`, all},
		"a list":      {`<div><p>` + first + `</p><ul><li>签约项目421个</li><li>开工项目388个</li></ul><p>` + third + `</p></div>`, strings.Join([]string{headline, first, "签约项目421个\n开工项目388个", third}, "\n")},
		"short":       {`<div><p>签约项目421个，总投资2876.4亿元。</p></div>`, headline + "\n当前位置：首页 > 要闻\n签约项目421个，总投资2876.4亿元。\n相关新闻"},
	} {
		if p := read(t, []byte(around(c.html)), "text/html", "a.html"); p.Text != c.want {
			t.Errorf("%s:\n%s", name, p.Text)
		}
	}
}

func TestTables(t *testing.T) {
	table := `<table border=1><caption>各市“三个一批”情况</caption><thead><tr><th rowspan=2>市</th><th colspan=2>签约</th></tr><tr><th>个数</th><th>总投资（亿元）</th></tr></thead>
<tbody><tr><td>太原</td><td><p>52</p></td><td>610.3</td></tr><tr><td>大同</td><td>41</td><td></td></tr><tr><td></td></tr></tbody></table>`
	p := read(t, []byte(strings.Replace(article(""), `<p style="display:none">`, table+`<p style="display:none">`, 1)), "text/html", "a.html")
	want := [][]string{{"市", "签约", "签约"}, {"市", "个数", "总投资（亿元）"}, {"太原", "52", "610.3"}, {"大同", "41", ""}}
	if len(p.Tables) != 1 || !cmp.Equal(p.Tables[0].Rows, want) {
		t.Fatalf("tables: %+v", p.Tables)
	}
	if got := p.Text[p.Tables[0].From:p.Tables[0].To]; got != "市\t签约\n个数\t总投资（亿元）\n太原\t52\t610.3\n大同\t41" {
		t.Errorf("the table stands as %q", got)
	}
	if !strings.Contains(p.Text, second+"\n各市“三个一批”情况\n市\t签约\n") || !strings.Contains(p.Text, "41\n"+third) {
		t.Errorf("the table stands elsewhere:\n%s", p.Text)
	}

	// The whole page is placed by tables, as it was done in 2005.
	old := `<html><head><title>` + headline + `</title></head><body><table><tr><td width=200><a href=1>首页</a><br><a href=2>要闻</a></td><td><table><tr><td><b>` + headline + `</b></td></tr><tr><td>` +
		first + `<br><br>` + second + `<br><br>` + third + table + `</td></tr></table></td></tr></table></body></html>`
	p = read(t, []byte(old), "text/html", "a.html")
	if len(p.Tables) != 1 || !cmp.Equal(p.Tables[0].Rows, want) || p.Tables[0].From < 0 || !strings.Contains(p.Text, "\n"+second+"\n") {
		t.Errorf("tables %+v in\n%s", p.Tables, p.Text)
	}

	// Nothing but a table.
	p = read(t, []byte("<html><title>情况表</title>"+table), "text/html", "a.html")
	if len(p.Tables) != 1 || p.Tables[0].From < 0 || !strings.Contains(p.Text, "太原\t52\t610.3") {
		t.Errorf("tables %+v in\n%s", p.Tables, p.Text)
	}
}

func TestText(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(headline + "\r\n2022年06月22日 07:46:21 来源: 山西日报\r\n\r\n　　" + second + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(gbk))
	z.Close()
	for name, raw := range map[string][]byte{"a.txt": []byte(gbk), "a.txt.gz": packed.Bytes(), "无尾": []byte(gbk)} {
		p := read(t, raw, "", name)
		want := headline + "\n2022年06月22日 07:46:21 来源: 山西日报\n\n　　" + second
		if p.Text != want || p.Title != headline || p.Published.String() != "2022-06-22" || p.Publisher != "山西日报" || p.MediaType != "text/plain" || p.Charset != "gb18030" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	// Less-than signs make no page of a text, and a page is one whatever it is called.
	if p := read(t, []byte("增速<5%，投资>3亿元\n"), "text/plain", "a"); p.MediaType != "text/plain" || p.Text != "增速<5%，投资>3亿元" {
		t.Errorf("%+v", p)
	}
	if p := read(t, []byte(article("")), "text/plain", "a.txt"); p.MediaType != "text/html" || p.Title != headline {
		t.Errorf("%+v", p)
	}
}

func TestReadBad(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 100 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	for name, c := range map[string]struct {
		raw  []byte
		want []string
	}{
		"empty":        {nil, []string{"it is empty", "fetch it again"}},
		"white":        {[]byte(" \r\n\t"), []string{"it is empty"}},
		"no words":     {[]byte("<html><body><img src=a.png><script>write('签约项目3个')</script></body></html>"), []string{"shows no text", "script"}},
		"picture":      {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), []string{"a picture"}},
		"word":         {[]byte("PK\x03\x04\x14\x00"), []string{"a Word", "save what it says"}},
		"archive":      {[]byte("From: <Saved>\r\nSubject: a\r\nMIME-Version: 1.0\r\n"), []string{".mht"}},
		"binary":       {bytes.Repeat([]byte{0, 1, 2, 3, 0xfe, 0, 7, 0x80}, 1000), []string{"no text"}},
		"noise":        {noise(100_000), []string{"no text"}},
		"endless line": {bytes.Repeat([]byte("签约项目3个"), 100<<20/16), []string{"more than 32 MiB", "check the address"}},
		"bomb":         {bomb.Bytes(), []string{"more than 32 MiB"}},
		"damaged gzip": {bomb.Bytes()[:1000], []string{"compression is damaged"}},
		"gzip head":    {[]byte{0x1f, 0x8b, 8}, []string{"compression is damaged"}},
		"broken pdf":   {[]byte("%PDF-1.5\nnothing"), []string{"the PDF cannot be read", ".txt"}},
	} {
		p, err := page.Read(c.raw, "text/html", "http://a.example/"+name)
		var e *page.Error
		if !errors.As(err, &e) || e.Mend == "" || p != nil {
			t.Errorf("%s: %v, %+.100v", name, err, p)
			continue
		}
		for _, want := range append(c.want, "http://a.example/"+name) {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v; want %q", name, err, want)
			}
		}
	}
}

// noise is the same random bytes each time.
func noise(n int) []byte {
	raw := make([]byte, n)
	x := uint32(1)
	for i := range raw {
		x = x*1664525 + 1013904223
		raw[i] = byte(x >> 24)
	}
	return raw
}

// What is hostile is read all the same, with the words that stand in it.
func TestHostile(t *testing.T) {
	many := strings.Repeat
	for name, text := range map[string]string{
		"deep":           "<html><title>" + headline + "</title>" + many("<div>", 1_000_000) + second,
		"deep and wide":  many("<div><p>", 50_000) + second + many("</div>", 50_000),
		"deep tables":    many("<table><tr><td>", 100_000) + second,
		"deep lists":     many("<ul><li><b>", 100_000) + second,
		"formatting":     many("<b><i><font>", 50_000) + second,
		"attributes":     "<div " + many(`a1="b" `, 100_000) + ">" + second + "</div>",
		"own attributes": "<div " + distinct(100_000) + ">" + second + "</div>",
		"long attribute": `<div class="` + many("article content ", 100_000) + `">` + second + "</div>",
		"open quote":     "<p>" + second + `<a href="` + many("x", 1_000_000),
		"spans":          "<table><tr><td colspan=999999999 rowspan=999999999>a<td>b</tr>" + many("<tr><td rowspan=65535 colspan=1000>1<td>2</tr>", 3000) + "</table><p>" + second,
		"many tables":    many("<table><tr><td>a<td>b<tr><td>1<td>2</table>", 10_000) + "<p>" + second,
		"siblings":       many("<p>，，，</p>", 50_000) + "<p>" + second + "</p>",
		"entities":       "<p>" + many("&#x7B7E;&zwnj;&#0;", 50_000) + second,
		"zeros":          "<p>\x00\x00" + second + "\x00",
		"our own mark":   `<p data-sanpi-table="0">` + second + `</p><p data-sanpi-table="-1">b</p><p data-sanpi-table="99999999999999999999">c<table><tr><td>a<td>b<tr><td>1<td>2</table>`,
		"comment":        "<p>" + second + "<!--" + many("-", 1_000_000),
		"cdata":          "<svg><![CDATA[" + many("]", 100_000) + "]]></svg><p>" + second,
		"endless line":   "<p>" + second + many("项目建设", 200_000),
		"frames":         "<frameset><frame src=a></frameset><noframes>" + second + "</noframes><p>" + second,
	} {
		p, err := page.Read([]byte(text), "text/html", "a.html")
		if err != nil {
			if name != "frames" {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !strings.Contains(p.Text, second) {
			t.Errorf("%s: the words are lost: %.200q", name, p.Text)
		}
	}
}

func distinct(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a")
		for ; i > 0; i /= 26 {
			b.WriteByte(byte('a' + i%26))
		}
		b.WriteString("=1 ")
	}
	return b.String()
}
