package goalpost

import "time"

// PostID is a post.
type PostID int64

// Post is something published.
type Post struct {
	ID          PostID
	Account     AccountID
	ExternalID  string // the network's id, as text
	Text        string
	Permalink   string
	Kind        string    // photo, video, reel, text, link, … as the network says, lower case
	PublishedAt time.Time // UTC; zero when the file does not say
	PublishedOn Day       // in the organisation's zone; NoDay when unknown
	DayOnly     bool      // the file gives the day but no time
}

// NoDay is the day of a post whose date is not known.
const NoDay Day = -1 << 31

// Metric is a counted quantity, by its stable code.
type Metric string

// Metrics of posts, and of accounts per day. A custom series may have any other code.
const (
	Impressions   Metric = "impressions"
	Views         Metric = "views"
	Reach         Metric = "reach"
	Likes         Metric = "likes"    // all reactions
	Comments      Metric = "comments" // replies
	Shares        Metric = "shares"   // reposts and quotes; X's share menu is ShareMenu
	Saves         Metric = "saves"    // bookmarks
	Clicks        Metric = "clicks"
	LinkClicks    Metric = "link_clicks"
	Engagements   Metric = "engagements"
	Follows       Metric = "follows"
	ProfileVisits Metric = "profile_visits"
	ShareMenu     Metric = "share_menu"
	MediaViews    Metric = "media_views"
	DurationS     Metric = "duration_s"

	Unfollows   Metric = "unfollows"
	Followers   Metric = "followers"
	Sessions    Metric = "sessions"
	Users       Metric = "users"
	Leads       Metric = "leads"
	Tickets     Metric = "tickets"
	Spend       Metric = "spend"
	Orders      Metric = "orders"
	Revenue     Metric = "revenue"
	SeriesPosts Metric = "posts"
)

// PostMetrics returns the metrics that a snapshot can hold, in the order of the
// store's columns.
func PostMetrics() []Metric {
	return []Metric{Impressions, Views, Reach, Likes, Comments, Shares, Saves, Clicks, LinkClicks,
		Engagements, Follows, ProfileVisits, ShareMenu, MediaViews, DurationS}
}

// Counts are the counted quantities of one post. A metric that is absent was not
// measured; that is not zero.
type Counts map[Metric]int64

// Snapshot is what was counted on a post up to ObservedAt. Counts are cumulative
// and may fall.
type Snapshot struct {
	Post       PostID
	ObservedAt time.Time
	Counts     Counts
	// EngagementsDerived is true where the network states no total, and
	// Engagements is the sum of the parts that it gives.
	EngagementsDerived bool
}

// DeriveEngagements adds Engagements as the sum of likes, comments, shares and
// saves when the network states no total and at least one part was measured. It
// reports whether it did. Source: reference definition of the catalogue, part 2.
func DeriveEngagements(c Counts) bool {
	if _, stated := c[Engagements]; stated {
		return false
	}
	sum, any := int64(0), false
	for _, m := range []Metric{Likes, Comments, Shares, Saves} {
		if v, ok := c[m]; ok {
			sum, any = sum+v, true
		}
	}
	if any {
		c[Engagements] = sum
	}
	return any
}
