package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
)

// Posts are some posts, and how many there are in all.
type Posts struct {
	Posts []Post `json:"posts"`
	Total int    `json:"total"`
}

// Post is a post with its newest counts. Counts that were not measured are left out.
type Post struct {
	ID          string          `json:"id"`
	Network     string          `json:"network"`
	Account     string          `json:"account"`
	PublishedOn *goalpost.Day   `json:"published_on"` // null if the date is not known
	PublishedAt *time.Time      `json:"published_at"` // null if only the day is known
	Kind        string          `json:"kind"`
	Text        string          `json:"text"`
	Permalink   string          `json:"permalink"`
	Counts      goalpost.Counts `json:"counts"`
	Derived     bool            `json:"engagements_derived"`
	ObservedAt  time.Time       `json:"observed_at"`
}

// PostsOf makes the document of posts.
func PostsOf(list []assess.PostRow, total int) Posts {
	d := Posts{Posts: []Post{}, Total: total}
	for _, row := range list {
		d.Posts = append(d.Posts, PostOf(row))
	}
	return d
}

// PostOf makes the document of a post.
func PostOf(row assess.PostRow) Post {
	e := Post{ID: row.ExternalID, Network: string(row.Network), Account: row.AccountName, Kind: row.Kind, Text: row.Text, Permalink: row.Permalink,
		Counts: row.Counts, Derived: row.Derived, ObservedAt: row.ObservedAt.UTC()}
	if e.Counts == nil {
		e.Counts = goalpost.Counts{}
	}
	if row.PublishedOn != goalpost.NoDay {
		e.PublishedOn = &row.PublishedOn
	}
	if !row.PublishedAt.IsZero() && !row.DayOnly {
		e.PublishedAt = &row.PublishedAt
	}
	return e
}
