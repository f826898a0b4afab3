package main

import (
	"database/sql"
	"strings"
	"time"

	"github.com/sanpi-data/sanpi/pipeline/report"
)

// reportMonth is a month end of the bulletin.
type reportMonth struct {
	end      time.Time
	reported bool
}

func (s reportScreen) months() ([]reportMonth, error) {
	return query(s.screen, "bulletin_months", func(scan scanner) (reportMonth, error) {
		var m reportMonth
		return m, scan(&m.end, &m.reported)
	}, s.kind())
}

// kind binds which ledgers a report is on.
func (s reportScreen) kind() sql.NamedArg { return sql.Named("synthetic", s.synthetic) }

// readBulletin reads the rows of the month and level of a bulletin.
func (s reportScreen) readBulletin(b *report.Bulletin) error {
	month, level := sql.Named("month", b.Month.Format(time.DateOnly)), sql.Named("level", b.Level)
	type row struct {
		level string
		report.BulletinArea
	}
	rows, err := query(s.screen, "bulletin", func(scan scanner) (row, error) {
		var r row
		a := &r.BulletinArea
		return r, scan(&r.level, &a.Name, text(&a.NameEN), text(&a.Type), &a.Part, &a.Reported, &a.Revised, &a.Projects, &a.Carried, &a.Signed, &a.StartedOfSigned,
			&a.Started, &a.Commissioned, &a.Outputs, &a.ExpectedYi, &a.ActualYi, &a.StartRate, &a.CommissionRate, &a.TargetRate, &a.Before,
			&a.StartChange, &a.CommissionChange, &a.TargetChange, &a.StartRank, &a.CommissionRank, &a.TargetRank, &a.RevisedStartRate, &a.RevisedCommissionRate)
	}, s.kind(), month, level)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.level == b.Level {
			b.Areas = append(b.Areas, r.BulletinArea)
		} else {
			b.Whole = append(b.Whole, r.BulletinArea)
		}
	}
	b.Moves, err = query(s.screen, "bulletin_moves", func(scan scanner) (report.Move, error) {
		var m report.Move
		var codes string
		err := scan(&m.Key, &m.Area, text(&m.AreaEN), &m.InArea, &m.Project, &codes, &m.InvestmentYi, &m.AsOf)
		m.Moves = strings.Split(codes, ",")
		return m, err
	}, s.kind(), month, level, sql.Named("most", b.MovesShown))
	if err != nil {
		return err
	}
	type zone struct {
		name, nameEN string
		silent       bool
	}
	zones, err := query(s.screen, "bulletin_silent", func(scan scanner) (zone, error) {
		var z zone
		return z, scan(&z.name, text(&z.nameEN), &z.silent)
	}, s.kind(), month)
	if err != nil {
		return err
	}
	b.Zones = len(zones)
	for _, z := range zones {
		if z.silent {
			b.Silent = append(b.Silent, s.name(z.name, z.nameEN))
		}
	}
	return nil
}

// readStalled reads the projects of a list.
func (s reportScreen) readStalled(list *report.Stalled) (err error) {
	list.Projects, err = query(s.screen, "stalled", func(scan scanner) (report.StalledProject, error) {
		var p report.StalledProject
		return p, scan(&p.Transition, &p.InTransition, &p.AtStakeInTransition, &p.Position, &p.Name, text(&p.Zone), text(&p.ZoneEN), text(&p.City), text(&p.CityEN),
			text(&p.Industry), text(&p.Investor), &p.InvestmentYi, &p.Stake, &p.Approximate, &p.Since, &p.Waiting, &p.Limit, &p.Over, &p.OverRatio,
			&p.LimitBasis, text(&p.Obstacle), text(&p.File), text(&p.Sheet), &p.Line)
	}, s.kind(), sql.Named("most", list.Limit))
	return err
}

func (s reportScreen) years() ([]int, error) {
	return query(s.screen, "scorecard_years", func(scan scanner) (year int, err error) { return year, scan(&year) }, s.kind())
}

// readScorecard reads the zones of a year.
func (s reportScreen) readScorecard(card *report.Scorecard) (err error) {
	card.Zones, err = query(s.screen, "scorecard", func(scan scanner) (report.ScoredZone, error) {
		var z report.ScoredZone
		return z, scan(&z.Name, text(&z.NameEN), text(&z.City), text(&z.CityEN), text(&z.Type), &z.Assessed, text(&z.Reason), &z.Projects, &z.Score,
			&z.Rank, &z.RankedOf, &z.RankLow, &z.RankHigh, &z.Reserve, &z.Recruitment, &z.Construction, &z.Service, &z.Coverage, &z.Observed)
	}, s.kind(), sql.Named("year", card.Year))
	return err
}
