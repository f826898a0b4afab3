package main

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the expected output of the scripts anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sanpi": main})
}

// TestScripts runs testdata/script: real command lines, their exit codes, output
// and what they leave behind.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			// The reader's locale must not decide what a test sees.
			env.Setenv("LC_ALL", "C.UTF-8")
			datasets, err := filepath.Abs("../../datasets")
			env.Setenv("DATASETS", datasets) // the shipped records
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}
