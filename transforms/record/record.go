// Package record is sanpi's vocabulary: the rows that travel along the data's
// path and the closed sets they are made of. It imports the standard library
// only and does nothing but name things; every other package is a word or two
// in this language.
//
// The path, in these words:
//
//	Source ──▶ Claim ──▶ Fact ──▶ marts (SQL)
//	        └▶ Project ──────────▶ marts (SQL)
//	        └▶ Quarantined          what could not be taken, and why
//
// A Claim is one published figure. A Fact is what is held true for one figure
// after its claims have been weighed. A Project is the subject of one ledger
// row. Area, Round and Source are the dimensions they refer to.
//
// # Unknown is never zero
//
// A string "", a Date 0 and a nil pointer mean "not known" and become NULL. A
// number that may be unknown is therefore a pointer; a plain number is known.
package record

// AreaID identifies a division by its GB/T 2260 code ("140000" is Shanxi), or a
// zone (开发区) by the code of its county or city and a number ("141122-Z1").
// The prefix helps a reader; only areas.parent_id says where a zone lies.
type AreaID string

// RoundID identifies a round (期, 批, 次) within its campaign: "2021-1" by year
// and order of date, "H-08" by running number.
type RoundID string

// SourceID identifies one page or one ledger edition.
type SourceID string

// ClaimID is the content hash of a claim: the same figure from the same page
// has the same id in every run.
type ClaimID string

// ProjectID is the content hash of a project's name, place and investor.
type ProjectID string
