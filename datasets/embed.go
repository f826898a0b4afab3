// Package datasets holds the campaigns as data: one folder a campaign, and the
// words and rules that they share, and what an operator expects of a warehouse. Its README says what each file means.
package datasets

import "embed"

// FS holds the shipped campaigns.
//
//go:embed words rules watch shanxi henan others
var FS embed.FS
