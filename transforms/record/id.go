package record

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
)

// contentHash is the first 16 hex digits (64 bits) of the SHA-256 of the parts,
// parted by a byte that no text holds.
func contentHash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	return hex.EncodeToString(sum[:8])
}

// NewClaimID identifies a claim by what it says and where: notes, doubts and
// locators may be mended without a new id.
func NewClaimID(c Claim) ClaimID {
	return ClaimID("c" + contentHash(c.Campaign, string(c.SourceID), string(c.Period), c.PeriodID,
		string(c.AreaID), c.Universe, string(c.Stage), string(c.Metric), c.Method, c.Value.String()))
}

// PeriodID is the key of a period: the round's id, the year, a day, or the first and
// the last day.
func PeriodID(kind PeriodKind, round RoundID, from, to Date) string {
	switch {
	case kind == OfRound:
		return string(round)
	case from == 0 && to == 0:
		return ""
	case kind == Annual:
		return strconv.Itoa(max(to.Year(), from.Year()))
	case from == to:
		return to.String()
	}
	return from.String() + ".." + to.String()
}

// NewReviewID identifies what was read in which words, wherever they stand, so that
// a decision on it holds for every copy of the page and for every later run.
func NewReviewID(r Review) string {
	return "v" + contentHash(r.Campaign, r.Reason, r.Quote, string(r.Round), string(r.AreaID), r.Universe, string(r.Stage), r.TotalOf,
		string(r.Metric), r.Method, r.Value.String(), PeriodID(r.Period, r.Round, r.PeriodFrom, r.PeriodTo))
}

// NewProjectID identifies a project by its name, place and investor, each
// already normalised.
func NewProjectID(campaign, name, place, investor string) ProjectID {
	return ProjectID("p" + contentHash(campaign, name, place, investor))
}

// AppendProjectID appends the id that NewProjectID gives, without making a
// string of it, and returns it as a number too. key is the four parts parted by
// "\x1f".
func AppendProjectID(dst, key []byte) ([]byte, uint64) {
	sum := sha256.Sum256(key)
	return hex.AppendEncode(append(dst, 'p'), sum[:8]), binary.BigEndian.Uint64(sum[:8])
}
