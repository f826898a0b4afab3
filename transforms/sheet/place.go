package sheet

import (
	"errors"
	"strings"

	"github.com/sanpi-data/sanpi/transforms/area"
	"github.com/sanpi-data/sanpi/transforms/record"
	"github.com/sanpi-data/sanpi/transforms/round"
)

var (
	zoneLevels   = []record.AreaLevel{record.Zone, record.ZonePart, record.Cluster}
	cityLevels   = []record.AreaLevel{record.City}
	countyLevels = []record.AreaLevel{record.County}
)

// readPlaces resolves zone, city and county, each within the one above. A row
// without a column of zones takes the zone of its sheet, if the mapping or the
// title names one.
func (r *Reader) readPlaces(p *record.Project) {
	p.CityID = r.area(City, r.at.city, r.text(r.at.city), r.ctx.Home, cityLevels, "unknown_area", p.AsOf)
	within := p.CityID
	if within == "" {
		within = r.ctx.Home
	}
	p.CountyID = r.area(County, r.at.county, r.text(r.at.county), within, countyLevels, "unknown_area", p.AsOf)
	text := r.text(r.at.zone)
	p.ZoneID = r.area(Zone, r.at.zone, text, within, zoneLevels, "unknown_zone", p.AsOf)
	if p.ZoneID == "" && text == "" {
		r.placeOfSheet(p)
	}
	if p.ZoneID != "" {
		r.placeOfZone(p)
		return
	}
	if p.CityID == "" && p.CountyID == "" && text == "" {
		r.placeOfAddress(p)
	}
	if p.CityID == "" && p.CountyID != "" {
		p.CityID = r.memory.cityOf(r.ctx.Areas, p.CountyID)
	}
}

// placeOfZone takes the city of the project's zone. What the row says otherwise is
// left out.
func (r *Reader) placeOfZone(p *record.Project) {
	city := r.memory.cityOf(r.ctx.Areas, p.ZoneID)
	switch {
	case city == "":
		return
	case p.CityID != "" && p.CityID != city:
		r.flag(City, r.at.city, "place_conflict", "")
		p.CountyID = ""
	case p.CountyID != "" && r.memory.cityOf(r.ctx.Areas, p.CountyID) != city:
		r.flag(County, r.at.county, "place_conflict", "")
		p.CountyID = ""
	}
	p.CityID = city
}

// placeOfAddress takes the smallest place that an address names, if it names one:
// 长治市襄垣县王桥镇.
func (r *Reader) placeOfAddress(p *record.Project) {
	address := r.text(r.at.place)
	if address == "" {
		return
	}
	found, ok := r.memory.addresses[address]
	if !ok {
		for i, levels := range [][]record.AreaLevel{zoneLevels, countyLevels, cityLevels} {
			if id, ok := r.ctx.Areas.Mentioned(address, r.ctx.Home, levels); ok {
				found[i] = id
				break
			}
		}
		keep(r.memory.addresses, address, found)
	}
	p.ZoneID, p.CountyID, p.CityID = found[0], found[1], found[2]
	if p.ZoneID != "" {
		p.CityID = r.memory.cityOf(r.ctx.Areas, p.ZoneID)
	}
}

// placeOfSheet takes what the mapping or the title says of all rows.
func (r *Reader) placeOfSheet(p *record.Project) {
	if name := r.layout.mapping.constant(Zone); name != "" {
		p.ZoneID = r.area(Zone, r.at.zone, name, r.ctx.Home, zoneLevels, "unknown_zone", p.AsOf)
	} else if r.at.zone < 0 {
		if r.memory.titleZone == nil {
			id, _ := r.ctx.Areas.Mentioned(r.layout.Title+" "+r.ctx.File, r.ctx.Home, zoneLevels)
			r.memory.titleZone = &id
		}
		p.ZoneID = *r.memory.titleZone
	}
	if name := r.layout.mapping.constant(City); name != "" && p.CityID == "" {
		p.CityID = r.area(City, r.at.city, name, r.ctx.Home, cityLevels, "unknown_area", p.AsOf)
	}
}

// area resolves one name; "" when there is none or it went wrong.
func (r *Reader) area(f Field, at int, name string, within record.AreaID, levels []record.AreaLevel, unknown record.Reason, on record.Date) record.AreaID {
	if name == "" {
		return ""
	}
	key := placeKey{within, levels[0], on}
	found, ok := r.memory.place(key, name)
	if !ok {
		found = findArea(r.ctx.Areas, area.Query{Name: name, On: on, Within: within, Levels: levels}, unknown)
		if found.reason != "" && within != r.ctx.Home {
			// In another city than the row says, perhaps: that is told by a flag.
			if wide := findArea(r.ctx.Areas, area.Query{Name: name, On: on, Within: r.ctx.Home, Levels: levels}, unknown); wide.reason == "" && f == Zone {
				found = wide
			}
		}
		r.memory.keepPlace(key, name, found)
	}
	if found.reason != "" {
		r.problem(f, at, found.reason, found.detail)
		problem := &r.result.Problems[len(r.result.Problems)-1]
		problem.Candidates = found.candidates
		if problem.Raw == "" {
			problem.Raw = strings.Clone(name) // of the mapping
		}
	}
	return found.id
}

func findArea(areas *area.Resolver, q area.Query, unknown record.Reason) foundArea {
	q.Name = string([]byte(q.Name))
	id, err := areas.Resolve(q)
	if err == nil {
		return foundArea{id: id}
	}
	var ambiguous *area.AmbiguousError
	var missing *area.UnknownError
	f := foundArea{reason: unknown}
	switch {
	case errors.As(err, &ambiguous):
		f.reason = record.AmbiguousArea
		for _, id := range ambiguous.Candidates {
			f.candidates = append(f.candidates, string(id))
		}
	case errors.As(err, &missing):
		f.candidates = missing.Nearest
	}
	return f
}

func findRound(rounds *round.Index, label string) foundRound {
	label = string([]byte(label))
	id, err := rounds.Resolve(label, 0)
	if err == nil {
		return foundRound{id: id}
	}
	var ambiguous *round.AmbiguousError
	if errors.As(err, &ambiguous) {
		f := foundRound{reason: record.AmbiguousRound}
		for _, id := range ambiguous.Candidates {
			f.candidates = append(f.candidates, string(id))
		}
		return f
	}
	return foundRound{reason: "unknown_round", detail: cause(err)}
}
