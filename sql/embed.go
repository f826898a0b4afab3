// Package sql holds the models and checks: one SELECT a file, no templating.
package sql

import "embed"

// FS holds macros, core, facts, marts and checks. The tests of the models stay
// outside the binary.
//
//go:embed core facts marts checks
var FS embed.FS
