package main

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sanpi-data/sanpi/pipeline"
	"github.com/sanpi-data/sanpi/pipeline/review"
	"github.com/sanpi-data/sanpi/pipeline/warehouse"
	"github.com/sanpi-data/sanpi/transforms/campaign"
)

//go:embed review.sql
var reviewSQL string

func newReview(c *config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "review",
		Short: "Settle the figures that were read on pages without certainty",
		Long: `review hands the figures that wait for a person to a spreadsheet and takes the
decisions back. export writes what waits in the published version. In the column
decision write accept (采纳) for a row as it stands, mended where that is needed, or
reject (否决). import keeps the decisions in the warehouse; the next run heeds them,
and so does every later one in which the same words say the same.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	export := &cobra.Command{
		Use:     "export FILE.csv|FILE.xlsx",
		Short:   "Write the figures that wait to a spreadsheet",
		Example: "  sanpi review export 待核.xlsx",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.reviewExport(cmd, args[0]) },
	}
	c.addCampaign(export, "campaign whose figures to write (default: the main one)")
	take := &cobra.Command{
		Use:     "import FILE.csv|FILE.xlsx",
		Short:   "Keep the decisions of a spreadsheet for the next runs",
		Example: "  sanpi review import 待核.xlsx && sanpi run --bulletin pages/",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.reviewImport(cmd, args[0]) },
	}
	c.addCampaign(take, "campaign whose figures they are (default: the main one)")
	for _, sub := range []*cobra.Command{export, take} {
		wrapArgs(sub)
		cmd.AddCommand(sub)
	}
	return cmd
}

// mainCampaign is the campaign named, or the main one.
func (c *config) mainCampaign() (*campaign.Campaign, error) {
	plan, err := c.ledgerPlan(nil)
	if err != nil {
		return nil, err
	}
	return pipeline.ReadCampaign(plan)
}

func (c *config) reviewExport(cmd *cobra.Command, path string) error {
	of, err := c.mainCampaign()
	if err != nil {
		return err
	}
	db, err := c.open()
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryContext(cmd.Context(), reviewSQL, of.ID)
	if err != nil {
		return fmt.Errorf("read the figures that wait: %w", err)
	}
	defer rows.Close()
	table := [][]string{campaign.ReviewColumns}
	for rows.Next() {
		row := make([]string, len(campaign.ReviewColumns))
		cells := make([]any, len(row))
		for i := range row {
			cells[i] = &row[i]
		}
		if err := rows.Scan(cells...); err != nil {
			return fmt.Errorf("read the figures that wait: %w", err)
		}
		table = append(table, row)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the figures that wait: %w", err)
	}
	if err := review.Write(path, table); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), reviewPhrases[c.lang].exported, len(table)-1, path)
	return err
}

func (c *config) reviewImport(cmd *cobra.Command, path string) error {
	of, err := c.mainCampaign()
	if err != nil {
		return err
	}
	table, err := review.Read(path)
	if err != nil {
		return err
	}
	w, err := warehouse.Open(c.warehouse)
	if err != nil {
		return err
	}
	defer w.Close()
	decisions, err := warehouse.Decisions(c.warehouse)
	if err != nil {
		return err
	}
	kept, err := review.Kept(decisions, of.ID)
	if err != nil {
		return err
	}
	merged, n, err := review.Merge(kept, table)
	if err != nil {
		return fmt.Errorf("take the decisions of %s: %w", path, err)
	}
	text, err := review.Encode(merged)
	if err != nil {
		return err
	}
	if err := w.Decide(of.ID, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), reviewPhrases[c.lang].imported, n, c.warehouse)
	return err
}

var reviewPhrases = map[string]struct{ exported, imported string }{
	"en": {"%d figures wait; fill the column decision of %s and give it to sanpi review import\n", "%d decisions kept in %s; sanpi run heeds them\n"},
	"zh": {"%d 条待核;请填写 %s 的 decision 列,再用 sanpi review import 导入\n", "已保存 %d 条结论(%s);sanpi run 时生效\n"},
}
