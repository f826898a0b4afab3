package ledger

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// entry is a row of a bucket in hand: where it lies, and what orders it.
type entry struct {
	head
	group uint64 // the project
	at    int    // where its row begins
}

// index lists the rows of encoded data.
func index(data []byte, entries []entry) []entry {
	for at := 0; at < len(data); {
		entries = append(entries, entry{head: readHead(data[at:]), at: at})
		at += 4 + int(binary.LittleEndian.Uint32(data[at:]))
	}
	return entries
}

// earlier orders rows by when and where they were written.
func earlier(a, b entry) int {
	return cmp.Or(cmp.Compare(a.asOf, b.asOf), cmp.Compare(a.sheet, b.sheet), cmp.Compare(a.line, b.line))
}

// group gives each row its project: rows of one code are one project, and so
// are rows of one name, place and investor that no two codes tell apart. A
// project bears the key of its earliest row, so that its id stays when it is
// renamed or gets a code later.
func group(entries []entry) {
	coded := false
	for i := range entries {
		entries[i].group = entries[i].key
		coded = coded || entries[i].code != 0
	}
	if !coded {
		return
	}
	n := len(entries)
	first := newTable(n)  // code → its earliest row
	codeOf := newTable(n) // key → a row of the one code that bears it; several where that is not one
	for i, e := range entries {
		if e.code == 0 {
			continue
		}
		if j := first.at(e.code); *j == none || earlier(e, entries[*j]) < 0 {
			*j = i
		}
		switch j := codeOf.at(e.key); {
		case *j == none:
			*j = i
		case *j != several && entries[*j].code != e.code:
			*j = several
		}
	}
	// Two codes whose earliest rows bear one name are two projects: the earlier
	// keeps the key.
	owner := newTable(n) // key → the earliest of those rows
	for i, e := range entries {
		if e.code == 0 || *first.at(e.code) != i {
			continue
		}
		if j := owner.at(e.key); *j == none || cmp.Or(earlier(e, entries[*j]), cmp.Compare(e.code, entries[*j].code)) < 0 {
			*j = i
		}
	}
	for i := range entries {
		e := entries[i]
		if e.code == 0 {
			j := *codeOf.at(e.key)
			if j < 0 {
				continue
			}
			e = entries[j]
		}
		k := *first.at(e.code)
		entries[i].group = entries[k].key
		if *owner.at(entries[k].key) != k {
			entries[i].group ^= e.code
		}
	}
}

// sortEntries puts rows in the order of the table: by place, project, day, and
// then as they were read.
func sortEntries(entries []entry) {
	// Nearly all is decided by one number, so short keys are sorted in the place
	// of rows: the place's rank above the first bits of the project's key.
	keys := make([]sortKey, len(entries))
	for i, e := range entries {
		keys[i] = sortKey{uint64(e.place)<<44 | e.group>>20, int32(i)}
	}
	slices.SortFunc(keys, func(a, b sortKey) int { return cmp.Compare(a.key, b.key) })
	sorted := make([]entry, len(entries))
	for i, k := range keys {
		sorted[i] = entries[k.row]
	}
	for i := 0; i < len(keys); {
		n := i + 1
		for n < len(keys) && keys[n].key == keys[i].key {
			n++
		}
		if n-i > 1 {
			slices.SortFunc(sorted[i:n], func(a, b entry) int {
				return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.group, b.group), earlier(a, b))
			})
		}
		i = n
	}
	copy(entries, sorted)
}

type sortKey struct {
	key uint64
	row int32
}

const (
	none    = -1
	several = -2
)

// table maps keys, which are hashes already, to rows. A map of the language does
// the same at several times the cost, which is that of the whole joining.
type table struct {
	keys []uint64 // 0 is free
	rows []int
	zero int // the row of key 0
	mask uint64
}

// newTable has room for n keys.
func newTable(n int) *table {
	size := 1 << bits.Len(uint(2*n))
	t := &table{keys: make([]uint64, size), rows: make([]int, size), zero: none, mask: uint64(size - 1)}
	for i := range t.rows {
		t.rows[i] = none
	}
	return t
}

// at is the row of a key, none when it is new.
func (t *table) at(key uint64) *int {
	if key == 0 {
		return &t.zero
	}
	for i := key & t.mask; ; i = (i + 1) & t.mask {
		if t.keys[i] == 0 {
			t.keys[i] = key
		}
		if t.keys[i] == key {
			return &t.rows[i]
		}
	}
}
