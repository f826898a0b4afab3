package main

import (
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every knob stands in the README's table with its flag, its variable and, where
// it has one, its default; nothing stands there that is no knob.
func TestREADMEListsEveryFlag(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "| `--"); ok {
			name, _, _ = strings.Cut(name, "`")
			rows[name] = line
		}
	}
	seen := map[string]bool{}
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		check := func(f *pflag.Flag) {
			if f.Name == "help" || f.Name == "version" {
				return
			}
			seen[f.Name] = true
			if f.Value.String() != f.DefValue {
				t.Errorf("--%s of %s begins as %q, which another command's default made of %q", f.Name, cmd.CommandPath(), f.Value, f.DefValue)
			}
			row, ok := rows[f.Name]
			if !ok {
				t.Errorf("--%s of %s is not in the README's table", f.Name, cmd.CommandPath())
				return
			}
			if !strings.Contains(row, "`"+environmentName(f.Name)+"`") {
				t.Errorf("the README does not name %s", environmentName(f.Name))
			}
			if f.Name == "warehouse" || f.Name == "log" || f.Name == "format" {
				if !strings.Contains(row, "`"+f.DefValue+"`") {
					t.Errorf("the README does not give the default of --%s, %s", f.Name, f.DefValue)
				}
			}
		}
		cmd.PersistentFlags().VisitAll(check)
		cmd.LocalFlags().VisitAll(check)
		for _, sub := range cmd.Commands() {
			if sub.Name() != "completion" && sub.Name() != "help" {
				visit(sub)
			}
		}
	}
	visit(newRoot())
	for name := range rows {
		if !seen[name] {
			t.Errorf("the README lists --%s, which no command has", name)
		}
	}
}
