// Package web holds the built front end, when there is one: npm run build writes it into
// dist, and the program that is built afterwards carries it. Without it the site's pages
// are whole, and have no script.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Built is the built front end, or nil.
func Built() fs.FS {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(built, "site.js"); err != nil {
		return nil
	}
	return built
}
