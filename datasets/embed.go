// Package datasets holds the campaigns as data: one folder a campaign, and the
// words and rules that they share. Its README says what each file means.
package datasets

import "embed"

// FS holds the shipped campaigns.
//
//go:embed words rules shanxi henan others
var FS embed.FS
