package sheet

import (
	"strings"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/record"
)

// memory keeps what texts were found to mean, since ledgers repeat themselves:
// a few hundred zones and dates over millions of rows. Each part is bounded and
// begins anew when it is full.
type memory struct {
	specials  map[string]Outcome // of the first text in a row
	lone      map[string]Outcome // where the row holds one more at most
	stages    map[string]record.Stage
	rounds    map[string]foundRound
	dates     map[string]foundDate
	amounts   map[string]money
	places    map[placeKey]map[string]foundArea
	addresses map[string][3]record.AreaID // zone, county or city
	cities    map[record.AreaID]record.AreaID
	titleZone *record.AreaID
	made      map[string]bool // remarks that call the row synthetic
}

const most = 1 << 14 // entries of one part

type foundRound struct {
	id         record.RoundID
	reason     record.Reason
	detail     string
	candidates []string
}

type foundDate struct {
	span   span
	reason record.Reason
	detail string
}

type foundArea struct {
	id         record.AreaID
	reason     record.Reason
	detail     string
	candidates []string
}

type placeKey struct {
	within record.AreaID
	level  record.AreaLevel
	on     record.Date // names have their time
}

func (m *memory) init() {
	*m = memory{
		specials: map[string]Outcome{}, lone: map[string]Outcome{}, stages: map[string]record.Stage{}, rounds: map[string]foundRound{}, dates: map[string]foundDate{},
		amounts: map[string]money{}, places: map[placeKey]map[string]foundArea{}, cities: map[record.AreaID]record.AreaID{},
		made: map[string]bool{}, addresses: map[string][3]record.AreaID{},
	}
}

// keep stores an entry, in an emptied part when it is full.
func keep[V any](part map[string]V, key string, value V) {
	if len(part) >= most {
		clear(part)
	}
	part[strings.Clone(key)] = value
}

func (m *memory) keepStage(text string, s record.Stage)   { keep(m.stages, text, s) }
func (m *memory) keepRound(text string, found foundRound) { keep(m.rounds, text, found) }
func (m *memory) keepDate(text string, found foundDate)   { keep(m.dates, text, found) }
func (m *memory) keepMoney(text string, found money)      { keep(m.amounts, text, found) }
func (m *memory) place(k placeKey, n string) (foundArea, bool) {
	found, ok := m.places[k][n]
	return found, ok
}

func (m *memory) keepPlace(k placeKey, name string, found foundArea) {
	k.within = record.AreaID(strings.Clone(string(k.within)))
	if m.places[k] == nil {
		if len(m.places) >= most {
			clear(m.places)
		}
		m.places[k] = map[string]foundArea{}
	}
	keep(m.places[k], name, found)
}

func (m *memory) cityOf(areas *area.Resolver, id record.AreaID) record.AreaID {
	city, ok := m.cities[id]
	if !ok {
		city = areas.CityOf(id)
		m.cities[id] = city
	}
	return city
}

func (m *memory) isSynthetic(words *Words, note string) bool {
	made, ok := m.made[note]
	if !ok {
		made = words.IsSynthetic(note)
		keep(m.made, note, made)
	}
	return made
}
