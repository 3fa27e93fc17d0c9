package demo

import (
	"fmt"
	"strconv"

	"goalpost"
)

// What posts are about. Commas, quotation marks and line breaks are meant: real
// captions have them.
var (
	openings = []string{"New in the window:", "From our workshop:", "Light for long evenings,", "You asked, we built it:",
		"Monday idea.", "Behind the scenes:", "“Where do you put yours?”", "Small repair, big difference:"}
	subjects = []string{"a desk lamp that follows your chair", "the wall lamp with a brass arm", "the floor lamp, now in sea green",
		"how we test cables, twice", "three ways to light a hallway", "the shade that grandmother knew", "our repair day on Saturday"}
	closings = []string{"Tell us what you think.", "Link in our profile.", "Which one is yours?\n\n#hafenlicht #lamps", "See you in the shop!", "#repair #light", ""}
)

func (w *world) caption() string {
	pick := func(list []string) string { return list[w.rng.IntN(len(list))] }
	s := pick(openings) + " " + pick(subjects) + "."
	if end := pick(closings); end != "" {
		s += "\n" + end
	}
	return s
}

func (w *world) kind(n goalpost.Network) string {
	kinds := map[goalpost.Network][]string{
		goalpost.Facebook:  {"Photos", "Photos", "Links", "Reels"},
		goalpost.Instagram: {"IG image", "IG carousel", "IG reel"},
		goalpost.X:         {"text"},
		goalpost.LinkedIn:  {"image", "article", "video"},
	}[n]
	return kinds[w.rng.IntN(len(kinds))]
}

// Epochs, in milliseconds since 1970, from which the networks count the time that
// is part of a post's id.
const (
	xEpoch         = 1288834974657
	instagramEpoch = 1314220021721
)

// identify gives a post its id and link. As in reality, ids of X and short codes
// of Instagram carry the instant of publication.
func (w *world) identify(p *post, n goalpost.Network) {
	ms := p.at.UnixMilli()
	noise := w.rng.Int64N(1 << 20)
	switch n {
	case goalpost.X:
		p.id = strconv.FormatInt((ms-xEpoch)<<22|noise, 10)
		p.permalink = "https://x.com/hafenlicht/status/" + p.id
	case goalpost.Instagram:
		code := (ms-instagramEpoch)<<23 | noise
		p.id = strconv.FormatInt(17_800_000_000_000_000+noise*1_000_003+int64(len(w.posts[n])), 10)
		p.permalink = "https://www.instagram.com/p/" + shortCode(code) + "/"
	case goalpost.LinkedIn:
		p.id = strconv.FormatInt(7_100_000_000_000_000_000+(ms%1_000_000_000_000)*1000+noise%1000, 10)
		p.permalink = "https://www.linkedin.com/feed/update/urn:li:share:" + p.id
	default:
		p.id = strconv.FormatInt(1_100_000_000_000_000+noise*100_003+int64(len(w.posts[n])), 10)
		p.permalink = fmt.Sprintf("https://www.facebook.com/%s/posts/%s", pageID, p.id)
	}
}

// shortCode writes a number in Instagram's alphabet of 64 signs.
func shortCode(n int64) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var b []byte
	for ; n > 0; n /= 64 {
		b = append([]byte{alphabet[n%64]}, b...)
	}
	return string(b)
}
