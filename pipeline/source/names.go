package source

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
)

// kind is what a Finder looks for in folders, globs and prefixes.
type kind struct {
	one, many string
	endings   string // for people
	takes     func(name string) bool
}

var (
	ledgers   = &kind{"ledger", "ledgers", ".csv, .tsv, .txt (also .gz, .zst), .xlsx, .xlsm, .xls", isLedger}
	bulletins = &kind{"bulletin", "bulletins", ".html, .htm, .shtml, .txt, .pdf (also .gz)", isBulletin}
)

// none says that nothing of the kind is at an address.
func (k *kind) none(address, what string, others int) error {
	if others > 0 {
		what += fmt.Sprintf(" (%d other files)", others)
	}
	return &Error{
		Address: cleanName(address), What: what,
		Mend: k.many + " end in " + k.endings + "; name a file itself to read it whatever its ending",
	}
}

var bulletinEndings = []string{".html", ".htm", ".shtml", ".txt", ".pdf"}

// isBulletin says whether a file of a folder is a bulletin by its name.
func isBulletin(name string) bool {
	name = path.Base(name)
	return !isHidden(name) && !strings.HasPrefix(name, "~$") && slices.Contains(bulletinEndings, path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")))
}

// ledgerEndings are the endings that folders, globs and prefixes take.
var ledgerEndings = []string{".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"}

// isLedger says whether a file of a folder is a ledger by its name.
func isLedger(name string) bool {
	name = path.Base(name)
	lower := strings.ToLower(name)
	if isHidden(name) || strings.HasPrefix(name, "~$") {
		return false
	}
	base := lower
	for _, packed := range []string{".gz", ".zst"} {
		base = strings.TrimSuffix(base, packed)
	}
	if strings.HasSuffix(base, ".columns.csv") || strings.HasSuffix(base, ".truth.csv") {
		return false // how to read a ledger, and what a synthetic one means
	}
	end := path.Ext(base)
	for _, known := range ledgerEndings {
		// Workbooks are packed already; a packed one has another meaning.
		if end == known {
			return base == lower || !strings.HasPrefix(end, ".xls")
		}
	}
	return false
}

// isHidden says whether a file or folder is hidden from a listing.
func isHidden(name string) bool { return strings.HasPrefix(name, ".") && name != "." && name != ".." }

// ending gives the last ending of a name in lower case.
func ending(name string) string { return strings.ToLower(path.Ext(name)) }

// isGlob says whether an address has letters that only a glob has.
func isGlob(address string) bool { return strings.ContainsAny(address, `*?[{`) }

// secretNames are parameters whose value lets somebody in, and secretWords parts
// of such names. "code" is none: it mostly stands for a division's.
var (
	secretNames = []string{"auth", "key", "pass", "pwd", "sig", "sign"}
	secretWords = []string{
		"accesskey", "access_key", "apikey", "api_key", "authorization", "credential", "passwd", "password", "secret",
		"session", "signature", "ticket", "token",
	}
)

// withoutSecrets gives an address as it may be shown and stored: no user, no
// password, no fragment, and "***" for parameters that are secret by their name
// or look it.
func withoutSecrets(u *url.URL) string {
	shown := *u
	shown.User, shown.Fragment, shown.RawFragment = nil, "", ""
	if u.RawQuery != "" {
		parts := strings.Split(u.RawQuery, "&")
		for i, part := range parts {
			name, value, has := strings.Cut(part, "=")
			switch {
			case has && isSecret(name, value):
				parts[i] = name + "=***"
			case !has && isSecret("", name):
				parts[i] = "***"
			}
		}
		shown.RawQuery = strings.Join(parts, "&")
	}
	return shown.String()
}

func isSecret(name, value string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(name)
	if slices.Contains(secretNames, name) || slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) }) {
		return true
	}
	// A long run of letters and digits without a word's shape is a token.
	if len(value) < 20 {
		return false
	}
	digits, letters := 0, 0
	for _, r := range value {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r < unicode.MaxASCII && unicode.IsLetter(r), strings.ContainsRune("-_.~+/", r):
			letters++
		case r == '%', r == '=':
		default:
			return false
		}
	}
	return digits > 3 && letters > 3 && !strings.Contains(value, "%E")
}

// cleanName makes a name fit for tables and terminals: valid UTF-8, no control
// characters.
func cleanName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(name, string(unicode.ReplacementChar)))
}
