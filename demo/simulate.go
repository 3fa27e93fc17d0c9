package demo

import (
	"math"
	"math/rand/v2"
	"time"

	"goalpost"
)

// post is something published, with the counts that it will have in the end.
type post struct {
	id        string
	at        time.Time
	text      string
	kind      string
	permalink string
	final     goalpost.Counts
}

// day is what happened on one day.
type day struct {
	followers map[goalpost.Network]float64
	reach     map[goalpost.Network]float64 // people reached, over all posts
	views     map[goalpost.Network]float64
	follows   map[goalpost.Network]float64
	orders    map[cell]int
	revenue   map[cell]float64 // major units
	sessions  int
	social    int // sessions from social media
	leads     int
}

// cell is where something was sold.
type cell struct{ region, product string }

// Regions and products, in the order of the file.
var (
	regions  = []string{"North", "South", "West"}
	products = []string{"Desk lamp", "Floor lamp", "Wall lamp", "Sail lamp"}
)

// newProduct is sold from Company.Launch on.
const newProduct = "Sail lamp"

// ordersPerDay is how much a region orders on a usual day at the beginning.
var ordersPerDay = map[string]float64{"North": 42, "South": 58, "West": 24}

// share is a product's part of the orders; the new product comes on top.
var share = map[string]float64{"Desk lamp": 0.5, "Floor lamp": 0.2, "Wall lamp": 0.3, newProduct: 0.08}

// price is what a product costs, in euros.
var price = map[string]float64{"Desk lamp": 59, "Floor lamp": 149, "Wall lamp": 45, newProduct: 219}

// channel is how an account behaves.
type channel struct {
	network    goalpost.Network
	followers  float64 // at the beginning
	growth     float64 // of the followers, a day
	postsADay  float64
	reachShare float64 // of the followers, that a usual post reaches
	rate       float64 // engagements by reach
}

var channels = []channel{
	{goalpost.Facebook, 18400, 0.0004, 0.7, 0.16, 0.034},
	{goalpost.Instagram, 12100, 0.0011, 0.9, 0.31, 0.052},
	{goalpost.X, 5300, 0.0001, 1.1, 0.22, 0.018},
	{goalpost.LinkedIn, 3900, 0.0009, 0.45, 0.35, 0.041},
}

// Factors of a weekday, Sunday first.
var (
	salesWeek  = [7]float64{1.18, 1.05, 0.92, 0.90, 0.94, 1.00, 1.01}
	socialWeek = [7]float64{0.82, 1.02, 1.08, 1.12, 1.10, 1.00, 0.86}
)

// simulate fills days and posts.
func (w *world) simulate() {
	level := map[goalpost.Network]float64{}
	for _, c := range channels {
		level[c.network] = c.followers
	}
	for d := w.Period.Start; d < w.Period.End; d++ {
		today := day{followers: map[goalpost.Network]float64{}, reach: map[goalpost.Network]float64{},
			views: map[goalpost.Network]float64{}, follows: map[goalpost.Network]float64{}}
		for _, c := range channels {
			w.channelDay(c, d, level, &today)
		}
		w.shopDay(d, &today)
		w.days = append(w.days, today)
	}
}

// channelDay publishes the posts of a day and lets the followers grow.
func (w *world) channelDay(c channel, d goalpost.Day, level map[goalpost.Network]float64, today *day) {
	week := socialWeek[d.Weekday()]
	n := w.poisson(c.postsADay * week)
	reached := 0.0
	for range n {
		p := w.publish(c, d, level[c.network], week)
		w.posts[c.network] = append(w.posts[c.network], p)
		reached += float64(p.final[goalpost.Reach])
	}
	gained := float64(w.poisson(level[c.network]*c.growth*week*1.6 + reached*0.0004))
	lost := float64(w.poisson(level[c.network] * c.growth * 0.6))
	level[c.network] += gained - lost
	today.followers[c.network] = math.Round(level[c.network])
	today.follows[c.network] = gained
	// People are counted once a day: less than the sum over posts.
	today.reach[c.network] = math.Round(level[c.network]*0.03*week*w.around(0.12) + 0.8*reached)
	today.views[c.network] = math.Round(today.reach[c.network] * 1.7 * w.around(0.05))
}

// publish makes one post with its final counts.
func (w *world) publish(c channel, d goalpost.Day, followers, week float64) post {
	hour := 7 + w.rng.IntN(13)
	at := time.Date(d.Time().Year(), d.Time().Month(), d.Time().Day(), hour, w.rng.IntN(60), w.rng.IntN(60), 0, w.zone).UTC()
	p := post{at: at, text: w.caption(), kind: w.kind(c.network)}
	reach := followers * c.reachShare * week * w.around(0.45)
	engaged := reach * c.rate * w.around(0.35)
	likes, comments := engaged*0.78, engaged*0.09
	shares, saves := engaged*0.07, engaged*0.06
	p.final = goalpost.Counts{
		goalpost.Reach:       int64(reach),
		goalpost.Views:       int64(reach * 1.45 * w.around(0.1)),
		goalpost.Impressions: int64(reach * 1.3),
		goalpost.Likes:       int64(w.poisson(likes)),
		goalpost.Comments:    int64(w.poisson(comments)),
		goalpost.Shares:      int64(w.poisson(shares)),
		goalpost.Saves:       int64(w.poisson(saves)),
		goalpost.LinkClicks:  int64(w.poisson(reach * 0.009)),
		goalpost.Follows:     int64(w.poisson(reach * 0.0004)),
	}
	w.identify(&p, c.network)
	return p
}

// shopDay is what was sold and who came to the website.
func (w *world) shopDay(d goalpost.Day, today *day) {
	today.orders, today.revenue = map[cell]int{}, map[cell]float64{}
	week := salesWeek[d.Weekday()]
	grown := math.Exp(0.0004 * float64(d-w.Period.Start))
	common := w.around(0.05)
	for _, r := range regions {
		mean := ordersPerDay[r] * week * grown * common * w.around(0.05) * (1 + w.effectOn(r, d))
		for _, p := range products {
			if p == newProduct && d < w.Launch {
				continue
			}
			n := w.poisson(mean * share[p])
			basket := price[p] * (1 + 0.05*w.rng.NormFloat64()/math.Sqrt(float64(max(n, 1))))
			today.orders[cell{r, p}] = n
			today.revenue[cell{r, p}] = math.Round(float64(n)*basket*100) / 100
		}
	}
	today.sessions = w.poisson(1900 * week * grown * common * w.around(0.06))
	today.social = w.poisson(310 * socialWeek[d.Weekday()] * grown * w.around(0.10))
	today.leads = w.poisson(9 * socialWeek[d.Weekday()] * grown * w.around(0.08))
}

// effectOn is the true relative effect of the activities on a region's day.
func (c Company) effectOn(region string, d goalpost.Day) float64 {
	sum := 0.0
	for _, e := range c.Effects {
		if e.Region == region && e.Period.Contains(d) {
			sum += e.Relative
		}
	}
	return sum
}

// around draws a factor with median 1 and spread sd on the log scale.
func (w *world) around(sd float64) float64 { return math.Exp(sd * w.rng.NormFloat64()) }

// poisson draws a count. Large means use the normal approximation, which is enough
// for a simulation.
func (w *world) poisson(mean float64) int { return poisson(w.rng, mean) }

func poisson(rng *rand.Rand, mean float64) int {
	const large = 60
	if mean <= 0 {
		return 0
	}
	if mean > large {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*rng.NormFloat64())))
	}
	limit, product, n := math.Exp(-mean), rng.Float64(), 0
	for product > limit {
		product *= rng.Float64()
		n++
	}
	return n
}

// countedBy returns the counts that a post shows at an instant: most come within
// two days.
func (p post) countedBy(at time.Time) goalpost.Counts {
	age := at.Sub(p.at).Hours() / 24
	part := 1 - math.Exp(-max(age, 0)/0.9)
	counts := goalpost.Counts{}
	for m, v := range p.final {
		counts[m] = int64(math.Round(float64(v) * part))
	}
	return counts
}
