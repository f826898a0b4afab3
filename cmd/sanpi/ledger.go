package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/datasets"
	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/ledger"
	"github.com/sanpi-data/sanpi/transforms/sheet"
)

func newLedger(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ledger",
		Short: "Check, make and convert project ledgers (项目推进台账)",
		Long: `ledger helps the people who keep project ledgers: check says what is understood
of a spreadsheet and what is not, row by row; template makes one that is understood
whole; generate makes synthetic ones to try things with; convert writes ledgers as
Parquet without a warehouse.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, sub := range []*cobra.Command{newLedgerCheck(c), newLedgerTemplate(c), newLedgerGenerate(c), newLedgerConvert(c)} {
		wrapArgs(sub)
		cmd.AddCommand(sub)
	}
	return cmd
}

func newLedgerCheck(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check FILE…",
		Short: "Say what is understood of a ledger and what is not, row by row",
		Long: `check reads ledgers as run does and writes nothing. It says how each column was
understood, which rows would be kept in quarantine and why, and what is left out of
rows that are loaded. With --lang zh it speaks Chinese.

A header that it does not know, or takes for something else, is put right by a
mapping file beside the ledger, 台账.xlsx.columns.csv, with the lines

    header,field,unit
    合同额,investment,万元
    =襄垣经济技术开发区,zone,

where "=" says something of all rows. Exit code 3 says that rows would be kept in
quarantine, 1 that a file cannot be read at all.`,
		Example: `  sanpi ledger check 台账.xlsx
  sanpi ledger check --lang zh 台账/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.ledgerCheck(cmd, args) },
	}
	c.addLedger(cmd)
	cmd.Flags().IntVar(&c.rowsShown, "limit", 200, "rows shown of each file; 0 for all")
	return cmd
}

func newLedgerConvert(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "convert FILE… DIR",
		Short: "Write ledgers as Parquet, without a warehouse",
		Long: `convert reads ledgers as run does and writes their tables into a folder: projects,
sorted by zone, and what could not be taken or looks wrong, quarantine and flags,
the rows that were joined, duplicates, and the account of each sheet.`,
		Example: `  sanpi ledger convert 台账.csv out`,
		Args:    cobra.MinimumNArgs(2),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.ledgerConvert(cmd, args) },
	}
	c.addLedger(cmd)
	return cmd
}

// addLedger adds the flags of the commands that read ledgers.
func (c *config) addLedger(cmd *cobra.Command) {
	c.addCampaign(cmd, "campaign whose zones and rounds the ledgers name (default: the main one)")
	cmd.Flags().StringArrayVar(&c.datasets, "datasets", nil, "folder of campaigns to add to the shipped ones")
	c.addPrivate(cmd)
	cmd.Flags().IntVar(&c.workers, "workers", defaultWorkers(), "goroutines that read rows")
}

// ledgerPlan is the plan for reading files without a run.
func (c *config) ledgerPlan(files []string) (pipeline.Plan, error) {
	sources := []fs.FS{datasets.FS}
	for _, path := range c.datasets {
		fsys, err := folder(path)
		if err != nil {
			return pipeline.Plan{}, err
		}
		sources = append(sources, fsys)
	}
	c.ledgers = files
	return pipeline.Plan{Datasets: sources, Campaigns: c.campaigns, Ledgers: c.ledgerAddresses(), Finder: c.finder(nil), Workers: c.workers, Now: time.Now()}, nil
}

// quarantineError says that rows would be kept in quarantine.
type quarantineError struct{ rows int64 }

func (e *quarantineError) Error() string {
	return fmt.Sprintf("%d rows would be kept in quarantine", e.rows)
}

func (c *config) ledgerCheck(cmd *cobra.Command, files []string) error {
	plan, err := c.ledgerPlan(files)
	if err != nil {
		return err
	}
	plan.Meter = &ledger.Meter{}
	stop := c.progress(cmd.ErrOrStderr(), plan.Meter)
	found := &findings{remarks: map[*ledger.Sheet][]ledger.Remark{}, limit: c.rowsShown}
	sheets, words, err := pipeline.CheckLedgers(cmd.Context(), plan, found)
	stop()
	if err != nil {
		return err
	}
	p := checkPrinter{out: cmd.OutOrStdout(), words: words, lang: c.lang, say: checkPhrases[c.lang]}
	var kept int64
	for _, s := range sheets {
		p.sheet(s, found.remarks[s])
		kept += s.Counts.Quarantined
	}
	if p.err == nil && kept > 0 {
		return &quarantineError{kept}
	}
	return p.err
}

func (c *config) ledgerConvert(cmd *cobra.Command, args []string) error {
	files, dir := args[:len(args)-1], args[len(args)-1]
	plan, err := c.ledgerPlan(files)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("convert ledgers: %w", err)
	}
	plan.Meter = &ledger.Meter{}
	stop := c.progress(cmd.ErrOrStderr(), plan.Meter)
	loaded, err := pipeline.ConvertLedgers(cmd.Context(), plan, dir)
	stop()
	if err != nil {
		return err
	}
	var sum ledger.Counts
	for _, s := range loaded.Sheets {
		sum.Read += s.Counts.Read
		sum.Loaded += s.Counts.Loaded
		sum.Quarantined += s.Counts.Quarantined
		sum.Duplicates += s.Counts.Duplicates
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), checkPhrases[c.lang].converted, sum.Read, sum.Loaded, sum.Quarantined, sum.Duplicates,
		sum.Read-sum.Loaded-sum.Quarantined-sum.Duplicates, dir)
	return err
}

// findings keeps the remarks on each sheet, up to a limit.
type findings struct {
	remarks map[*ledger.Sheet][]ledger.Remark
	limit   int
}

func (f *findings) Loaded(int, *ledger.Sheet, *sheet.Result) error { return nil }

func (f *findings) Remarked(s *ledger.Sheet, remarks []ledger.Remark) error {
	for _, m := range remarks {
		if f.limit == 0 || len(f.remarks[s]) < f.limit {
			f.remarks[s] = append(f.remarks[s], m)
		}
	}
	return nil
}

// checkPrinter tells the keeper of a ledger what was understood.
type checkPrinter struct {
	out   io.Writer
	words *sheet.Words
	lang  string
	say   checkBook
	err   error
}

func (p *checkPrinter) print(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

func (p *checkPrinter) sheet(s *ledger.Sheet, remarks []ledger.Remark) {
	name := s.Ledger.File
	if s.Info.Name != "" {
		name += " / " + s.Info.Name
	}
	if s.Info.Hidden {
		name += " " + p.say.hidden
	}
	p.print("%s\n", name)
	c := s.Counts
	p.print(p.say.counts, c.Read, c.Loaded, c.Quarantined, c.Titles+c.Headers, c.Totals, c.Blanks, c.Notes)
	switch {
	case s.Found:
		p.columns(s)
	case s.Layout.Remarks:
		p.print("  %s\n", p.say.noTable)
	default:
		p.print("  %s\n", p.say.noHeader)
	}
	for _, m := range remarks {
		p.remark(m)
	}
	if rest := c.Quarantined - countQuarantined(remarks); rest > 0 {
		p.print(p.say.more, rest)
	}
	p.print("\n")
}

func countQuarantined(remarks []ledger.Remark) int64 {
	n := int64(0)
	for _, m := range remarks {
		if m.Quarantined {
			n++
		}
	}
	return n
}

func (p *checkPrinter) columns(s *ledger.Sheet) {
	l := s.Layout
	day := p.say.unknownDay
	if l.AsOf != 0 {
		day = l.AsOf.String()
	} else if s.Ledger.AsOf != 0 {
		day = s.Ledger.AsOf.String()
	}
	p.print(p.say.header, l.From, day)
	for _, c := range l.Columns {
		what := ""
		switch c.Status {
		case sheet.Dropped:
			what = p.say.dropped
		case sheet.Unknown:
			what = p.say.unknown
			if c.Nearest != "" {
				what += fmt.Sprintf(p.say.nearest, c.Nearest)
			}
		case sheet.Second:
			what = fmt.Sprintf(p.say.second, p.field(c.Field))
		default:
			if what = p.field(c.Field); c.Unit != "" {
				what += "(" + c.Unit + ")"
			}
			if c.Status == sheet.Mapped {
				what += " " + p.say.mapped
			}
		}
		mark := " "
		if c.Status == sheet.Unknown || c.Status == sheet.Second {
			mark = "?"
		}
		p.print("  %s %-3s %s → %s\n", mark, letter(c.Position), c.Header, what)
	}
}

// field is the name of a field for people.
func (p *checkPrinter) field(f sheet.Field) string {
	if name := p.say.fields[f]; name != "" {
		return name
	}
	return string(f)
}

func (p *checkPrinter) remark(m ledger.Remark) {
	mark := p.say.flagged
	if m.Quarantined {
		mark = p.say.kept
	}
	for _, f := range m.Findings {
		where := fmt.Sprintf(p.say.line, m.Line)
		if f.Column >= 0 {
			where += fmt.Sprintf(p.say.column, letter(f.Column), p.field(f.Field))
		}
		raw := []rune(strings.Join(strings.Fields(f.Raw), " "))
		if len(raw) > 60 {
			raw = append(raw[:60], '…')
		}
		p.print("  %s %s: “%s” %s [%s]\n", mark, where, string(raw), p.words.Message(f, p.lang), f.Reason)
		if len(f.Candidates) > 0 {
			p.print("      %s %s\n", p.say.candidates, strings.Join(f.Candidates, ", "))
		}
	}
}

// letter is a column's name in a spreadsheet: A, Z, AA.
func letter(at int) string {
	name := ""
	for at++; at > 0; at = (at - 1) / 26 {
		name = string(rune('A'+(at-1)%26)) + name
	}
	return name
}

// checkBook is what ledger check says in one language.
type checkBook struct {
	counts, header, unknownDay, hidden, noTable, noHeader, dropped, unknown, nearest, second, mapped string
	line, column, kept, flagged, candidates, more, converted                                         string
	fields                                                                                           map[sheet.Field]string
}

var checkPhrases = map[string]checkBook{
	"en": {
		counts:     "  %d rows = %d would be loaded + %d kept in quarantine + %d titles and headers + %d sums + %d blank + %d notes\n",
		header:     "  header on row %d; the ledger speaks for %s; columns:\n",
		unknownDay: "a day that is not known (put 截至2021年6月30日 into the title or the file's name)",
		hidden:     "(hidden)", noTable: "a sheet of explanations: no row of it is a project",
		noHeader: "no header with a project name (项目名称) was found: all its rows are kept in quarantine",
		dropped:  "left out: no column of projects", unknown: "NOT UNDERSTOOD, read by nobody", nearest: "; nearest known header: %s",
		second: "second column of %s, left out", mapped: "(by the mapping)",
		line: "row %d", column: ", column %s (%s)", kept: "✗", flagged: "!", candidates: "may be:",
		more:      "  … and %d more rows for quarantine; --limit 0 shows all\n",
		converted: "%d rows read = %d loaded + %d quarantined + %d duplicates + %d without data; written to %s/tables\n",
		fields:    map[sheet.Field]string{},
	},
	"zh": {
		counts:     "  共 %d 行 = 可载入 %d + 隔离 %d + 标题表头 %d + 合计 %d + 空行 %d + 注释 %d\n",
		header:     "  表头在第 %d 行;数据截至 %s;各列识别如下:\n",
		unknownDay: "(未知:请在标题或文件名中写明,如“截至2021年6月30日”)",
		hidden:     "(隐藏)", noTable: "说明性工作表,没有项目行",
		noHeader: "未找到含“项目名称”的表头,全部行将被隔离",
		dropped:  "不采用(与项目表无对应)", unknown: "未识别,内容未被读取", nearest: ";最接近的表头:%s",
		second: "与左侧列同为“%s”,不采用", mapped: "(按对照文件)",
		line: "第 %d 行", column: " %s 列(%s)", kept: "✗", flagged: "!", candidates: "可能是:",
		more:      "  …… 另有 %d 行将被隔离;加 --limit 0 可全部列出\n",
		converted: "读入 %d 行 = 载入 %d + 隔离 %d + 重复 %d + 非数据 %d;已写入 %s/tables\n",
		fields: map[sheet.Field]string{
			sheet.Code: "项目代码", sheet.Name: "项目名称", sheet.Zone: "开发区", sheet.City: "市", sheet.County: "县(市、区)", sheet.Place: "地址",
			sheet.Industry: "行业", sheet.Investor: "投资方", sheet.Content: "建设内容", sheet.Investment: "总投资", sheet.Expected: "预计年产值",
			sheet.Actual: "实际年产值", sheet.InvestUnit: "投资单位", sheet.Currency: "币种", sheet.StageNow: "项目阶段", sheet.SignedOn: "签约日期",
			sheet.StartedOn: "开工日期", sheet.Commissioned: "投产日期", sheet.OnTargetOn: "达效日期", sheet.SignedRound: "签约期次", sheet.Round: "期次",
			sheet.StandardLand: "标准地", sheet.Commitment: "承诺制", sheet.FullAgency: "全代办", sheet.ChainLeader: "链主企业",
			sheet.Obstacle: "存在问题", sheet.AsOf: "截至日期", sheet.Note: "备注",
		},
	},
}

// progress shows on a terminal how far the reading of ledgers is, until the
// returned function is called.
func (c *config) progress(w io.Writer, m *ledger.Meter) func() {
	if width(w) == 0 || c.log != "text" {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		began, shown := time.Now(), false
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case <-tick.C:
				if took := time.Since(began); took > time.Second && m.Rows.Load() > 0 {
					shown = true
					fmt.Fprint(w, "\r\x1b[K", progressLine(m, took))
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

func progressLine(m *ledger.Meter, took time.Duration) string {
	rows, bytes, total := m.Rows.Load(), m.Bytes.Load(), max(m.Total.Load(), 1)
	share := min(float64(bytes)/float64(total), 1)
	text := fmt.Sprintf("reading ledgers: %d rows, %.0f rows/s, %.0f %%", rows, float64(rows)/took.Seconds(), 100*share)
	if share > 0.02 && share < 1 {
		text += fmt.Sprintf(", %s left", (time.Duration(float64(took) * (1 - share) / share)).Round(time.Second))
	} else if share == 1 {
		text += ", joining and writing"
	}
	return text
}

// isQuarantine reports whether a check found rows for quarantine.
func isQuarantine(err error) bool {
	var q *quarantineError
	return errors.As(err, &q)
}
