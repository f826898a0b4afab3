package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/robfig/cron/v3"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

func deployed(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../deploy", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A schedule is of use only as long as the command takes what it gives: every command
// line and every variable of deploy/ is one that sanpi knows.
func TestDeployedCommands(t *testing.T) {
	var commands [][]string
	for line := range strings.Lines(deployed(t, "systemd/sanpi.service")) {
		if rest, ok := strings.CutPrefix(line, "ExecStart=/usr/local/bin/sanpi "); ok {
			commands = append(commands, strings.Fields(rest))
		}
	}
	for line := range strings.Lines(deployed(t, "crontab")) {
		if strings.HasPrefix(line, "#") || strings.Contains(strings.Fields(line + " .")[0], "=") {
			continue
		}
		fields := strings.Fields(line)
		if _, err := cron.ParseStandard(strings.Join(fields[:5], " ")); err != nil {
			t.Errorf("%q: %v", line, err)
		}
		command, _, _ := strings.Cut(strings.Join(fields[6:], " "), " >")
		commands = append(commands, strings.Fields(strings.TrimPrefix(command, "sanpi ")))
	}
	commands = append(commands, cronJobArgs(t))
	if len(commands) != 4 {
		t.Errorf("%d commands: %q", len(commands), commands)
	}
	for _, args := range commands {
		var out bytes.Buffer
		if code := execute(context.Background(), append(slices.Clone(args), "--help"), strings.NewReader(""), &out, &out); code != exitDone {
			t.Errorf("sanpi %s: exit %d: %s", strings.Join(args, " "), code, out.String())
		}
	}
	known := map[string]bool{}
	root := newRoot()
	for _, cmd := range append(root.Commands(), root) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { known[environmentName(f.Name)] = true })
	}
	for _, file := range []string{"sanpi.env", "crontab", "Containerfile", "kubernetes/cronjob.yaml", "systemd/sanpi.service"} {
		for _, name := range regexp.MustCompile(`SANPI_[A-Z_]+`).FindAllString(deployed(t, file), -1) {
			if !known[name] {
				t.Errorf("%s sets %s, and there is no such flag", file, name)
			}
		}
	}
}

// cronJobArgs are those of the container of the CronJob, whose schedule must be one.
func cronJobArgs(t *testing.T) []string {
	t.Helper()
	var job struct {
		Kind string
		Spec struct {
			Schedule    string
			JobTemplate struct {
				Spec struct {
					Template struct {
						Spec struct {
							Containers []struct{ Args []string }
						}
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	if err := yaml.NewDecoder(strings.NewReader(deployed(t, "kubernetes/cronjob.yaml"))).Decode(&job); err != nil {
		t.Fatal(err)
	}
	if _, err := cron.ParseStandard(job.Spec.Schedule); err != nil || job.Kind != "CronJob" {
		t.Errorf("%s: %v", job.Kind, err)
	}
	return job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Args
}
