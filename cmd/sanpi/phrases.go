package main

// phrasebook is what the terminal says in one language.
type phrasebook struct {
	round, heldOn, signed, started, commissioned                                  string
	signedYi, startedYi, commissionedYi, yi                                       string
	trendTitle, spansTitle, span, together, marks                                 string
	conversionTitle, zonesTitle, citiesTitle                                      string
	area, period, universe, allRounds, unverified                                 string
	startRatio, commissionRatio, overallRatio                                     string
	coverageTitle, coverageLead, coverageLine, of                                 string
	level, stage, metric, seriesRounds, allKnown                                  string
	figures, figure, says, held, doubted                                          string
	publisher, published, address                                                 string
	conflictTitles                                                                map[string]string
	none, noSeries, noConflicts                                                   string
	others, files, bulletins, asOf, undated, leftOut                              string
	ledgersTitle, noLedgers, cohortsTitle, noCohorts, file, asOfDay, read, loaded string
	quarantined, duplicates, keptBack, marked, synthetic                          string
	startShare, commissionShare                                                   string
	kind, meaning, column, columnType, unit                                       string
	step, name, action, why                                                       string
	unchanged, reused, wouldPublish, wouldNot                                     string
	removed, removedRaw, wouldRemove, wouldRemoveRaw, inUse                       string
	mirrored, mirrorNewer, mirrorWhole                                            string
	siteMade, serving                                                             string
	statusGood, statusBad, statusVersion, statusRun, statusRunning                string
	statusRows, statusDisk, allGood, emptyWarehouse, runFailed                    string
	versionAge, sourceAge, editionAge, fall, rise, quarantinedShare, freeDisk     string
	relation, rowsNow, rowsBefore, fetched, failure, reason                       string

	words map[string]string
}

// word translates a code of a closed set; a code without a translation stands
// for itself.
func (p phrasebook) word(code string) string {
	if w, ok := p.words[code]; ok {
		return w
	}
	return code
}

var phrases = map[string]phrasebook{
	"en": {
		round: "Round", heldOn: "Held on", signed: "Signed", started: "Started", commissioned: "Commissioned",
		signedYi: "Signed 亿元", startedYi: "Started 亿元", commissionedYi: "Commiss. 亿元", yi: "亿元",
		trendTitle: "%s (%s): %d rounds, projects and investment in 亿元 (CNY 100 million); · is not known, never zero\n",
		spansTitle: "Published for a year or span, or derived from one: sums over rounds, no round's own figure",
		span:       "Period", together: "%s together", marks: "† sources disagree   ‡ derived: the published total less the rounds known   ? doubted",
		conversionTitle: "From signed to started to commissioned: flow ratios of figures published for one period; they may pass 1",
		zonesTitle:      "Zones: flow ratios of figures published for one period",
		citiesTitle:     "Cities: flow ratios of figures published for one period",
		area:            "Area", period: "Period", universe: "Counts", allRounds: "%d rounds", unverified: "(unverified)",
		startRatio: "start/sign", commissionRatio: "comm./start", overallRatio: "comm./sign",
		coverageTitle: "Coverage of %s: rounds for which at least one area of the level has the figure\n",
		coverageLead:  "Coverage, province level:",
		coverageLine:  "  %d of %d rounds of the series have %s (%d of all %d rounds)\n", of: "%d of %d",
		level: "Level", stage: "Stage", metric: "Metric", seriesRounds: "Series", allKnown: "All rounds", figures: "Figures",
		figure: "Figure", says: "Says", held: "held", doubted: "doubted", publisher: "Publisher", published: "Published", address: "Address",
		conflictTitles: map[string]string{
			"value":       "Sources disagree:",
			"round_label": "Papers number the rounds differently:",
			"definition":  "Figures that differ by what they count:",
		},
		none: "  none published", noSeries: "%[1]s: no round of a headline series is known; sanpi show coverage --campaign %[1]s shows what is\n",
		noConflicts: "No two sources disagree.",
		siteMade:    "%s\n%d pages, %d files, %s\n",
		serving:     "sanpi: serving %s, version %s\n",
		mirrored:    "%s shows version %s: %d files uploaded (%s), %d copied within the store, %d there already; %d old versions removed\n",
		mirrorNewer: "%s shows version %s, which is newer than %s here; it was left alone\n", mirrorWhole: "%s shows version %s, and every byte of it is right\n",
		statusGood:    "sanpi OK: version %s, last good run %s ago, %d rows loaded, %d quarantined",
		statusBad:     "sanpi ATTENTION (%d): %s",
		statusVersion: "version   %s, published %s UTC, %s ago\n", statusRun: "last run  %s: %s, in %.1f s\n", statusRunning: "running   %s\n",
		statusRows: "rows      %d read = %d loaded + %d quarantined + %d duplicates + %d without data; %d figures wait for a person\n",
		statusDisk: "disk      %s in %d versions; %s free\n", allGood: "All is as expected.", emptyWarehouse: "nothing is published yet",
		runFailed: "the run %s failed", versionAge: "no run has ended well for %s (at most %s is expected)",
		sourceAge: "%s was last fetched %s ago (at most %s is expected)", editionAge: "the newest ledger of %s speaks for a day %s ago (at most %s is expected)",
		fall: "%s fell by %.1f %% (at most %.0f %% is expected)", rise: "%s rose by %.1f %% (at most %.0f %% is expected)",
		quarantinedShare: "%.1f %% of the rows of ledgers are quarantined (at most %.0f %% is expected)", freeDisk: "%s of disk are free (at least %s is expected)",
		relation: "Table or mart", rowsNow: "Rows", rowsBefore: "Before", fetched: "Last fetched", failure: "Why it failed", reason: "Reason",
		step: "Step", name: "Name", action: "Would be", why: "Why",
		unchanged:    "Nothing has changed since version %s was published: no work was done, in %.2f s. sanpi show trend shows it.\n",
		reused:       "%d × %s would be taken over: nothing that they read has changed.\n",
		wouldPublish: "A version would be published; nothing was done.\n",
		wouldNot:     "Nothing would be published; nothing was done.\n",
		removed:      "removed version %s\n", removedRaw: "%d versions and %d files of raw bytes removed: %s\n",
		wouldRemove: "would remove version %s\n", wouldRemoveRaw: "%d versions and %d files of raw bytes would be removed: %s; nothing was done\n",
		inUse:  "version %s stays: somebody reads it\n",
		others: "Also loaded: %s; see them with sanpi show trend --campaign %s\n",
		files: `%d rows read = %d loaded + %d quarantined + %d duplicates + %d without data, in %.2f s; published as %s
  tables and marts   %s/{tables,marts}
  database           %s/sanpi.duckdb
  manifest           %s/manifest.json
Next: sanpi show conflicts | sanpi show zones | sanpi query "from trend_series"
`,
		bulletins:    "Bulletins: pages read %d (%d failed); figures claimed %d, each with its words; figures that wait for a person %d (sanpi review export FILE.xlsx).\n",
		asOf:         "This version is what was known on %s; a run without --as-of brings today's back.\n",
		undated:      "Left out of it: %d claims on pages without a date, of which nobody knows whether they were out by then.\n",
		leftOut:      "Not shown in this narrow terminal: %s",
		ledgersTitle: "Project ledgers", noLedgers: "No project ledger was loaded; sanpi run --ledger FILE loads one.",
		cohortsTitle: "Cohorts of the ledgers: of the projects signed, the share that had started and been commissioned by the day, with its 95 % Wilson interval",
		noCohorts:    "The ledgers hold no project that is known to be signed.",
		file:         "Ledger", asOfDay: "As of", read: "Rows", loaded: "Loaded", quarantined: "Quarantined", duplicates: "Duplicates",
		keptBack: "Kept in quarantine:", marked: "Marked in loaded rows:", synthetic: "[synthetic]", startShare: "Started of signed",
		commissionShare: "Commissioned of signed",
		kind:            "Kind", meaning: "Meaning", column: "Column", columnType: "Type", unit: "Unit",
		words: map[string]string{
			"projects": "projects", "investment": "investment", "annual_output": "expected output",
			"by_date": "by date", "by_title": "by title", "": "",
			"built": "made anew", "reused": "taken over", "asked": "asked for", "tables": "tables",
			"done": "done", "failed": "failed", "stopped": "stopped", "killed": "killed", "unchanged": "nothing new",
		},
	},
	"zh": {
		round: "期次", heldOn: "日期", signed: "签约", started: "开工", commissioned: "投产",
		signedYi: "签约亿元", startedYi: "开工亿元", commissionedYi: "投产亿元", yi: "亿元",
		trendTitle: "%s(%s):%d 期,项目个数与总投资(亿元);· 为未知,绝非零\n",
		spansTitle: "按年度或跨期公布的数字及由其推得的数字:为各期合计,不是某一期的数字",
		span:       "期间", together: "%s 合计", marks: "† 来源不一致   ‡ 推得:公布的合计减去已知各期   ? 存疑",
		conversionTitle: "签约→开工→投产:同一期间公布数字之比(流量比),可以大于 1",
		zonesTitle:      "开发区:同一期间公布数字之比(流量比)",
		citiesTitle:     "各市:同一期间公布数字之比(流量比)",
		area:            "地区", period: "期间", universe: "口径", allRounds: "%d 期合计", unverified: "(未核实)",
		startRatio: "开工/签约", commissionRatio: "投产/开工", overallRatio: "投产/签约",
		coverageTitle: "%s 的覆盖情况:该层级至少有一个地区有数字的期次\n",
		coverageLead:  "覆盖情况(省级):",
		coverageLine:  "  主序列 %[2]d 期中有 %[1]d 期公布%[3]s(全部 %[5]d 期中有 %[4]d 期)\n", of: "%d/%d",
		level: "层级", stage: "阶段", metric: "指标", seriesRounds: "主序列", allKnown: "全部期次", figures: "数字",
		figure: "指标", says: "数值", held: "采信", doubted: "存疑", publisher: "发布者", published: "发布日期", address: "网址",
		conflictTitles: map[string]string{
			"value":       "来源不一致:",
			"round_label": "各报对期次的编号不同:",
			"definition":  "口径不同的数字:",
		},
		none: "  没有公布的数字", noSeries: "%[1]s:没有已知的主序列期次;可用 sanpi show coverage --campaign %[1]s 查看\n",
		noConflicts: "没有互相矛盾的来源。",
		siteMade:    "%s\n%d 个页面，%d 个文件，%s\n",
		serving:     "sanpi：服务于 %s，版本 %s\n",
		mirrored:    "%s 现为版本 %s:上传 %d 个文件(%s),库内复制 %d 个,原已存在 %d 个;删除旧版本 %d 个\n",
		mirrorNewer: "%s 现为版本 %s,比本地的 %s 更新,未改动\n", mirrorWhole: "%s 现为版本 %s,逐字节核对无误\n",
		statusGood:    "sanpi 正常:版本 %s,上次成功运行于 %s 前,载入 %d 行,隔离 %d 行",
		statusBad:     "sanpi 请注意(%d 项):%s",
		statusVersion: "版本  %s,%s UTC 发布,%s 前\n", statusRun: "上次运行  %s:%s,用时 %.1f 秒\n", statusRunning: "正在运行  %s\n",
		statusRows: "行数  读入 %d = 载入 %d + 隔离 %d + 重复 %d + 非数据 %d;待人工核对 %d 条\n",
		statusDisk: "磁盘  %s,共 %d 个版本;剩余 %s\n", allGood: "一切如预期。", emptyWarehouse: "尚未发布任何版本",
		runFailed: "运行 %s 失败", versionAge: "已有 %s 没有成功运行(预期不超过 %s)",
		sourceAge: "%s 上次取得于 %s 前(预期不超过 %s)", editionAge: "%s 最新台账截至日在 %s 前(预期不超过 %s)",
		fall: "%s 减少 %.1f%%(预期不超过 %.0f%%)", rise: "%s 增加 %.1f%%(预期不超过 %.0f%%)",
		quarantinedShare: "台账行隔离占 %.1f%%(预期不超过 %.0f%%)", freeDisk: "磁盘剩余 %s(预期不少于 %s)",
		relation: "表或集市", rowsNow: "行数", rowsBefore: "上一版本", fetched: "上次取得", failure: "失败原因", reason: "原因",
		step: "步骤", name: "名称", action: "将", why: "原因",
		unchanged:    "自版本 %s 发布以来无任何变化:未做工作,用时 %.2f 秒。可用 sanpi show trend 查看。\n",
		reused:       "%d 项%s将沿用上一版本:所读内容均未变化。\n",
		wouldPublish: "将发布新版本;本次未做任何改动。\n",
		wouldNot:     "不会发布新版本;本次未做任何改动。\n",
		removed:      "已删除版本 %s\n", removedRaw: "已删除 %d 个版本、%d 个原始文件:%s\n",
		wouldRemove: "将删除版本 %s\n", wouldRemoveRaw: "将删除 %d 个版本、%d 个原始文件:%s;本次未做任何改动\n",
		inUse:  "版本 %s 保留:正被读取\n",
		others: "另已载入:%s;可用 sanpi show trend --campaign %s 查看\n",
		files: `读入 %d 行 = 载入 %d 行 + 隔离 %d 行 + 重复 %d 行 + 非数据 %d 行,用时 %.2f 秒;版本 %s
  表与集市   %s/{tables,marts}
  数据库     %s/sanpi.duckdb
  清单       %s/manifest.json
接着可用:sanpi show conflicts | sanpi show zones | sanpi query "from trend_series"
`,
		bulletins:    "网页:读取 %d 篇(失败 %d 篇);取得数字 %d 条,均附原文;待人工核对 %d 条(sanpi review export 文件.xlsx)。\n",
		asOf:         "此版本为 %s 当日所知;不带 --as-of 再运行一次即恢复今日所知。\n",
		undated:      "未计入:%d 条数字,其网页没有日期,无从知道当日是否已公布。\n",
		leftOut:      "终端较窄,未显示:%s",
		ledgersTitle: "项目推进台账", noLedgers: "尚未载入台账;可用 sanpi run --ledger 文件 载入。",
		cohortsTitle: "台账队列:已签约项目中,截至该日已开工、已投产的比例及其 95% Wilson 区间",
		noCohorts:    "台账中没有可确认已签约的项目。",
		file:         "台账", asOfDay: "截至", read: "行数", loaded: "载入", quarantined: "隔离", duplicates: "重复",
		keptBack: "隔离原因:", marked: "已载入行的标记:", synthetic: "[合成数据]", startShare: "开工占签约", commissionShare: "投产占签约",
		kind: "种类", meaning: "含义", column: "列", columnType: "类型", unit: "单位",
		words: map[string]string{
			"signed": "签约", "started": "开工", "commissioned": "投产", "on_target": "达效", "total": "合计",
			"projects": "项目数", "investment": "总投资", "annual_output": "预计年产值",
			"province": "省", "city": "市", "county": "县", "zone": "开发区", "zone_part": "片区", "cluster": "产业集聚区",
			"by_date": "按日期", "by_title": "按标题", "implied": "推得", "": "",
			"table": "数据表", "facts": "事实", "mart": "集市", "guide": "说明表",
			"built": "重做", "reused": "沿用", "asked": "请求", "source": "来源", "tables": "表", "ledgers": "台账", "model": "模型", "check": "检查",
			"database": "数据库", "version": "版本", "done": "完成", "failed": "失败", "stopped": "中止", "killed": "被强行结束", "unchanged": "无新内容",
		},
	},
}
