package store

import (
	"database/sql"

	"goalpost"
)

// said is what an import says of a post besides the counts.
type said struct {
	text, permalink, kind string
	at                    sql.NullInt64 // microseconds
	on                    goalpost.Day
	dayOnly               bool
}

// everyone stands in the place of an import's id for what the imports say that have
// no row of their own in post_said.
const everyone goalpost.ImportID = 0

func saidOf(p *goalpost.Post) said {
	s := said{text: p.Text, permalink: p.Permalink, kind: p.Kind, on: p.PublishedOn, dayOnly: p.DayOnly}
	if !p.PublishedAt.IsZero() {
		s.at = sql.NullInt64{Int64: p.PublishedAt.UnixMicro(), Valid: true}
	}
	return s
}

// over returns s with what a newer import says; an empty field never overwrites.
func (s said) over(older said) said {
	if s.text == "" {
		s.text = older.text
	}
	if s.permalink == "" {
		s.permalink = older.permalink
	}
	if s.kind == "" {
		s.kind = older.kind
	}
	if s.on == goalpost.NoDay {
		s.on, s.dayOnly = older.on, older.dayOnly
	}
	if !s.at.Valid {
		s.at = older.at
	}
	return s
}

// saidOf returns what imports say of a post, by import: everyone's row is the post's
// own where all agree.
func (t *tx) saidOf(org goalpost.OrgID, post int64) (map[goalpost.ImportID]said, error) {
	all := map[goalpost.ImportID]said{}
	err := t.rows("SELECT import_id, text, permalink, kind, published_at, published_on, day_only FROM post_said WHERE org_id = $1 AND post_id = $2", func(r *sql.Rows) error {
		var id goalpost.ImportID
		var s said
		err := r.Scan(&id, &s.text, &s.permalink, &s.kind, &s.at, &s.on, &s.dayOnly)
		all[id] = s
		return err
	}, org, post)
	return all, err
}

// disagree keeps what an import says of a post that is there if it differs from what
// the others say, so that undoing either goes back to the other.
func (a *appender) disagree(post int64, r *goalpost.PostRecord) error {
	var now said
	if _, err := a.row("SELECT text, permalink, kind, published_at, published_on, day_only FROM post WHERE org_id = $1 AND id = $2", []any{a.org, post},
		&now.text, &now.permalink, &now.kind, &now.at, &now.on, &now.dayOnly); err != nil {
		return err
	}
	all, err := a.saidOf(a.org, post)
	if err != nil {
		return err
	}
	common, several := all[everyone]
	if !several {
		common = now
	}
	mine := saidOf(&r.Post)
	if mine == common {
		return nil
	}
	if !several {
		if err := a.addSaid(a.org, post, everyone, common); err != nil {
			return err
		}
	}
	return a.addSaid(a.org, post, a.id, mine)
}

func (t *tx) addSaid(org goalpost.OrgID, post int64, id goalpost.ImportID, s said) error {
	_, err := t.exec("post.AddSaid", org, post, id, s.text, s.permalink, s.kind, s.at, s.on, bit(s.dayOnly))
	return err
}

// resay makes a post's text, address and date from what the imports that it has
// snapshots of say, in the order in which they were seen.
func (t *tx) resay(org goalpost.OrgID, post int64, snapshots []snapshotRow) error {
	all, err := t.saidOf(org, post)
	if err != nil || len(all) == 0 || len(snapshots) == 0 {
		return err
	}
	s, at := said{on: goalpost.NoDay}, int64(0)
	for _, n := range snapshots {
		own, ok := all[n.imp]
		if !ok {
			own = all[everyone]
		}
		s, at = own.over(s), n.at
	}
	_, err = t.exec("post.Update", org, post, s.text, s.permalink, s.kind, s.at, s.on, bit(s.dayOnly), at)
	return err
}
