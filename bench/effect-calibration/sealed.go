package main

import (
	"math"
	"math/rand/v2"
)

// sealed returns a second set of kinds of series, drawn from what shops, apps, accounts,
// support desks and branches report, written by somebody who had not seen the methods and
// committed before any of them ran on it. The first eight are what most people bring, the
// last four are difficult; in all of them the future goes on by the law of the past. It is
// never changed: a set that was looked at while a method was improved is no test of it.
func sealed() []scenario {
	return []scenario{
		{"sealed", "orders with a pay day and a year, 390/45", payDay},
		{"sealed", "active users who saturate, 150/28", activeUsers},
		{"sealed", "B2B enquiries, search index as control, 130/12 weeks", enquiries},
		{"sealed", "visits after a fortnightly newsletter, mails sent as control, 182/28", newsletter},
		{"sealed", "kiosk, temperature and rain as controls, 270/21", kiosk},
		{"sealed", "branch with four sisters and public holidays, 120/14", sisterBranches},
		{"sealed", "reach of posts that fades, number of posts as control, 70/14", postReach},
		{"sealed", "net revenue, returns booked later, visits as control, 200/28", netRevenue},
		{"sealed", "open tickets of a support desk, new ones as control, 150/21", openTickets},
		{"sealed", "sessions with spells of bots, search clicks as control, 120/28", botSessions},
		{"sealed", "sales cut off by an empty shelf, page views as control, 84/14", emptyShelf},
		{"sealed", "region of shops, two shared movements, 6 regions as controls, 104/6 weeks", twoMovements},
	}
}

// countSD is the standard deviation of an overdispersed count whose mean itself moves by
// the share slow.
func countSD(mean, size, slow float64) float64 {
	return math.Sqrt(mean + mean*mean/size + slow*slow*mean*mean)
}

// sincePayDay is how many days ago the 25th of a month was on a day of the year.
func sincePayDay(day int) int {
	day %= 365
	since := day + 7 // 25 December to 1 January
	first := 0
	for _, length := range [12]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31} {
		if day >= first+24 {
			since = day - first - 24
		}
		first += length
	}
	return since
}

// payDay are orders that are most in the days after the 25th, when wages arrive, and few
// shortly before it; months have their real lengths. Over it lie a week, a mild year and
// a slow growth.
func payDay(rng *rand.Rand) sample {
	const n, m, size, slow = 390, 45, 25, .05
	start, peak := rng.IntN(365), .25+.2*rng.Float64()
	mood := autoregressive(rng, n+m, .6)
	week := [7]float64{1.1, 1.05, 1, .95, .9, .9, 1.1}
	y := make([]float64, n+m)
	sd := 0.0
	for t := range y {
		year := .1 * math.Cos(2*math.Pi*float64(t+start)/365)
		month := peak * math.Exp(-float64(sincePayDay(t+start))/5)
		mean := 60 * week[t%7] * math.Exp(.0006*float64(t)+year+month+slow*mood[t])
		y[t] = overdispersed(rng, mean, size)
		if t >= n {
			sd += countSD(mean, size, slow) / m
		}
	}
	return sample{table(y, n), sd}
}

// activeUsers open an app on a day. Those who have it are a stock: new ones come at an
// even rate and a share leaves every day, so that it grows more and more slowly towards
// where both are equal. The standard deviation is that of a day, given the stock.
func activeUsers(rng *rand.Rand) sample {
	const n, m, leaves, moves = 150, 28, .012, .03
	users, arrive := 1500+1500*rng.Float64(), 50+20*rng.Float64()
	ads, mood := autoregressive(rng, n+m, .8), autoregressive(rng, n+m, .3)
	week := [7]float64{.97, .95, .95, .96, 1, 1.1, 1.12}
	y := make([]float64, n+m)
	sd := 0.0
	for t := range y {
		users += overdispersed(rng, arrive*math.Exp(.2*ads[t]), 5) - poisson(rng, leaves*users)
		mean := .3 * users * week[t%7] * math.Exp(moves*mood[t])
		y[t] = poisson(rng, mean)
		if t >= n {
			sd += math.Sqrt(mean+moves*moves*mean*mean) / m
		}
	}
	return sample{table(y, n), sd}
}

// enquiries reach a business by its page, a dozen or two a week: few in August and hardly
// any over Christmas, more when a quarter ends. The control is an index of searches for
// the trade, whole numbers of which the largest is 100, that sees half of those dips.
func enquiries(rng *rand.Rand) sample {
	const n, m, size = 130, 12, 12
	start := rng.IntN(52)
	interest := autoregressive(rng, n+m, .9)
	x, y := make([]float64, n+m), make([]float64, n+m)
	top, sd := 0.0, 0.0
	for t := range y {
		season := 0.0
		switch week := (t + start) % 52; week {
		case 51, 0:
			season = -.8
		case 31, 32, 33:
			season = -.35
		case 11, 12, 24, 25, 37, 38:
			season = .18
		}
		mean := 15 * math.Exp(.0015*float64(t)+.15*interest[t]+season)
		y[t] = overdispersed(rng, mean, size)
		x[t] = math.Exp(.15*interest[t] + season/2 + .05*rng.NormFloat64())
		top = max(top, x[t])
		if t >= n {
			sd += countSD(mean, size, 0) / m
		}
	}
	for t := range x {
		x[t] = math.Round(100 * x[t] / top)
	}
	return sample{weeks(table(y, n, x)), sd}
}

// newsletter are visits to a page. On every other Thursday a letter goes to a list that
// grows, and brings visits on that day and the two after it, with one subject line more
// than with another; one letter of ten is left out. The control is how many were sent.
func newsletter(rng *rand.Rand) sample {
	const n, m, usual, moves, opens, subject = 182, 28, 400, .06, .04, .25
	mood := autoregressive(rng, n+m, .6)
	day := 3 + 7*rng.IntN(2)
	week := [7]float64{1.1, 1.1, 1.05, 1.05, 1, .8, .9}
	fades := [3]float64{1, .35, .12}
	letters, sent, y := make([]float64, n+m+len(fades)), make([]float64, n+m), make([]float64, n+m)
	variance := 0.0
	for t := range y {
		list := 8000 * math.Exp(.001*float64(t))
		if t%14 == day && rng.Float64() >= .1 {
			sent[t] = math.Round(list)
			reached := opens * list * math.Exp(subject*rng.NormFloat64())
			for late, share := range fades {
				letters[t+late] += share * reached
			}
		}
		mean := usual*week[t%7]*math.Exp(moves*mood[t]) + letters[t]
		y[t] = poisson(rng, mean)
		if t >= n {
			variance += (mean + usual*usual*moves*moves) / m
			for _, share := range fades {
				variance += math.Pow(list*opens*subject*share, 2) / 14 / m
			}
		}
	}
	return sample{table(y, n, sent), math.Sqrt(variance)}
}

// kiosk sells more by the degree, in proportion, and less on a day of rain, up to a limit:
// six millimetres keep away as many as twenty. Temperature and rain are what the weather
// station reports; the start falls anywhere in the year.
func kiosk(rng *rand.Rand) sample {
	const n, m, size, slow = 270, 21, 30, .06
	start := rng.Float64() * 365
	air, mood := autoregressive(rng, n+m, .75), autoregressive(rng, n+m, .5)
	week := [7]float64{.85, .85, .9, .95, 1.1, 1.25, 1.1}
	warmth, rain, y := make([]float64, n+m), make([]float64, n+m), make([]float64, n+m)
	sd := 0.0
	for t := range y {
		warmth[t] = 10 + 9*math.Sin(2*math.Pi*(float64(t)+start)/365) + 3.5*air[t]
		if rng.Float64() < .4 {
			rain[t] = 5 * rng.ExpFloat64()
		}
		mean := 70 * week[t%7] * math.Exp(.035*(warmth[t]-10)-.3*min(1, rain[t]/6)+slow*mood[t])
		y[t] = overdispersed(rng, mean, size)
		if t >= n {
			sd += countSD(mean, size, slow) / m
		}
	}
	return sample{table(y, n, warmth, rain), sd}
}

// sisterBranches are receipts of a branch; four others in the same town have the same
// week, the same weather and the same public holidays, about ten a year, on which a
// quarter of the customers come. One of the four was closed for six days to be refitted,
// long before the start.
func sisterBranches(rng *rand.Rand) sample {
	const n, m, k, moves = 120, 14, 4, .05
	town, weather := autoregressive(rng, n+m, .8), white(rng, n+m)
	week := [7]float64{.9, .85, .9, 1, 1.25, 1.5, .35}
	common := make([]float64, n+m)
	for t := range common {
		common[t] = week[t%7] * math.Exp(.1*town[t]+.06*weather[t])
	}
	for monday := 0; monday+7 <= n+m; monday += 7 {
		if rng.Float64() < .2 {
			common[monday+rng.IntN(5)] *= .25
		}
	}
	branch := func() (receipts []float64, sd float64) {
		level, own := 250*math.Exp(.4*rng.NormFloat64()), autoregressive(rng, n+m, .4)
		receipts = make([]float64, n+m)
		for t := range receipts {
			mean := level * common[t] * math.Exp(moves*own[t])
			receipts[t] = poisson(rng, mean)
			if t >= n {
				sd += math.Sqrt(mean+moves*moves*mean*mean) / m
			}
		}
		return receipts, sd
	}
	y, sd := branch()
	controls := make([][]float64, k)
	for j := range controls {
		controls[j], _ = branch()
	}
	from := 15 + rng.IntN(60)
	clear(controls[rng.IntN(k)][from : from+6])
	return sample{table(y, n, controls...), sd}
}

// postReach is how many an account reached on a day. A post reaches a share of the
// followers, one far more than another, and now and then six times as many, over four
// days; besides, some come every day. The control is the number of posts of the day.
func postReach(rng *rand.Rand) sample {
	const n, m, before = 70, 14, 3
	fades := [4]float64{.6, .25, .1, .05}
	posts, y := make([]float64, n+m), make([]float64, n+m)
	reach := make([]float64, n+m+before+len(fades))
	for t := -before; t < n+m; t++ { // posts of the days before the first still reach some
		chance := .3
		if (t+7)%7 >= 5 {
			chance = .12
		}
		for range 2 {
			if rng.Float64() >= chance {
				continue
			}
			r := followers(t) * .25 * math.Exp(.7*rng.NormFloat64()-.245)
			if rng.Float64() < .015 {
				r *= 6
			}
			for late, share := range fades {
				reach[t+before+late] += r * share
			}
			if t >= 0 {
				posts[t]++
			}
		}
	}
	for t := range y {
		y[t] = poisson(rng, 150+reach[t+before])
	}
	// A post's reach has variance 1.33 in units of its usual reach squared; half a post a
	// day comes, and the squares of the four shares add up to .435.
	return sample{table(y, n, posts), followers(n+m/2) * .25 * math.Sqrt(.5*1.33*.435)}
}

// followers of an account that grows by .15 % a day.
func followers(t int) float64 { return 3000 * math.Exp(.0015*float64(t)) }

// netRevenue is what a fashion shop took on a day less what it paid back on it. Baskets
// differ in value; three orders of ten come back in part after one to three weeks, and are
// booked on working days only. The visits that serve as control know nothing of returns.
func netRevenue(rng *rand.Rand) sample {
	const n, m, early, longest = 200, 28, 28, 24 // early days are whole weeks
	demand, shop := autoregressive(rng, n+m+early, .85), autoregressive(rng, n+m+early, .3)
	week := [7]float64{1.1, 1, .95, .95, .9, .95, 1.15}
	x, net := make([]float64, n+m+early), make([]float64, n+m+early+longest)
	for t := range x {
		x[t] = poisson(rng, 1500*week[t%7]*math.Exp(.12*demand[t]+.03*rng.NormFloat64()))
		for range int(poisson(rng, 45*week[t%7]*math.Exp(.12*demand[t]+.08*shop[t]))) {
			basket := 60 * math.Exp(.6*rng.NormFloat64()-.18)
			net[t] += basket
			if rng.Float64() >= .3 {
				continue
			}
			booked := t + 7 + rng.IntN(14)
			for booked%7 >= 5 {
				booked++
			}
			net[booked] -= basket * (.4 + .6*rng.Float64())
		}
	}
	// Orders and returns are sums of 45 and 13.5 baskets whose squares are 5160 on average;
	// of a return's square .52 is paid back.
	sd := math.Sqrt(45*5160 + math.Pow(45*60*.08, 2) + 13.5*5160*.52)
	return sample{table(net[early:early+n+m], n, x[early:]), sd}
}

// openTicketsSD is the standard deviation of openTickets around the line that its control
// gives on a weekday, from a million days.
const openTicketsSD = 17.9

// openTickets are those of a support desk that wait in the evening: yesterday's and the
// new ones of the day less those that the staff could answer. The staff is there on
// working days, fewer when somebody is ill; on one day of forty a fault of the product
// doubles what comes in. A heap of work takes days or weeks to go away. The control are
// the new tickets of the day, which do not say how large the heap is.
func openTickets(rng *rand.Rand) sample {
	const n, m, early = 150, 21, 84 // early days are whole weeks
	mood := autoregressive(rng, n+m+early, .7)
	week := [7]float64{1.25, 1.05, 1, .95, .9, .35, .3}
	arrived, y := make([]float64, n+m+early), make([]float64, n+m+early)
	heap := 0.0
	for t := range y {
		mean := 30 * week[t%7] * math.Exp(.15*mood[t])
		if rng.Float64() < .025 {
			mean *= 2
		}
		arrived[t] = overdispersed(rng, mean, 20)
		answers := 10.0
		if t%7 < 5 {
			answers = 40
			if rng.Float64() < .15 {
				answers = 32
			}
		}
		heap = max(0, heap+arrived[t]-answers)
		y[t] = heap + poisson(rng, 12) // these wait for the customer
	}
	return sample{table(y[early:], n, arrived[early:]), openTicketsSD}
}

// botSessions are the sessions that a counter of visits shows: people, a crawler that
// calls every day, and spells of bots that come on one day of thirty, stay for five days
// on average and bring an even number a day. They are spread over the whole series. The
// clicks from search that serve as control are people's.
func botSessions(rng *rand.Rand) sample {
	const n, m, comes, goes = 120, 28, .03, .2
	const share = comes / (comes + goes)
	demand, own := autoregressive(rng, n+m, .8), autoregressive(rng, n+m, .4)
	week := [7]float64{1.1, 1.1, 1.1, 1.05, .95, .8, .9}
	x, y := make([]float64, n+m), make([]float64, n+m)
	spell := func() float64 { return 150 + 450*rng.Float64() }
	bots := 0.0
	if rng.Float64() < share {
		bots = spell()
	}
	for t := range y {
		people := 800 * week[t%7] * math.Exp(.1*demand[t]+.05*own[t])
		y[t] = poisson(rng, people+60+bots*(1+.1*rng.NormFloat64()))
		x[t] = poisson(rng, 300*week[t%7]*math.Exp(.1*demand[t]+.03*rng.NormFloat64()))
		switch {
		case bots > 0 && rng.Float64() < goes:
			bots = 0
		case bots == 0 && rng.Float64() < comes:
			bots = spell()
		}
	}
	square := 375.*375 + 450.*450/12 // of a spell's size, on average
	ofBots := share*square*1.01 - share*share*375*375
	return sample{table(y, n, x), math.Sqrt(ofBots + 40*40 + 860 + share*375)}
}

// emptyShelfSD is the standard deviation of emptyShelf around the line that its control
// gives on a weekday, from a million days.
const emptyShelfSD = 4.5

// emptyShelf are sales of a product of which the shelf is filled up once a week, on Monday
// or, one week in twelve, on Wednesday: in a good week nothing is left at its end.
// The views of its page that serve as control go on.
func emptyShelf(rng *rand.Rand) sample {
	const n, m, full = 84, 14, 105
	demand := autoregressive(rng, n+m, .6)
	week := [7]float64{.9, .85, .9, .95, 1.1, 1.25, 1.05}
	x, y := make([]float64, n+m), make([]float64, n+m)
	shelf, delivery := 10.0, 0
	for t := range y {
		if t%7 == 0 {
			delivery = 0
			if rng.Float64() < 1./12 {
				delivery = 2
			}
		}
		if t%7 == delivery {
			shelf = full
		}
		level := week[t%7] * math.Exp(.2*demand[t])
		x[t] = poisson(rng, 400*level*math.Exp(.04*rng.NormFloat64()))
		y[t] = min(shelf, poisson(rng, 14*level))
		shelf -= y[t]
	}
	return sample{table(y, n, x), emptyShelfSD}
}

// twoMovements are regions, each a sum of some shops and the noisier the fewer they are.
// All follow two movements, that of the towns, which wanders, and that of the guests, which
// has a year and sudden weeks, each region by a measure of its own; on one week of 25 a
// storm takes sales from all of them, from some more than from others.
func twoMovements(rng *rand.Rand) sample {
	const n, m, k, ofShop = 104, 6, 6, .12
	start := rng.Float64() * 52
	towns, guests, storm := autoregressive(rng, n+m, .95), autoregressive(rng, n+m, .5), make([]float64, n+m)
	for t := range guests {
		guests[t] = .2*math.Sin(2*math.Pi*(float64(t)+start)/52) + .05*guests[t]
		if rng.Float64() < .04 {
			storm[t] = .15 + .2*rng.Float64()
		}
	}
	region := func(byTowns, byGuests float64, shops int) (sales []float64, sd float64) {
		sales = make([]float64, n+m)
		noise, exposed := ofShop/math.Sqrt(float64(shops)), .5+rng.Float64()
		for t := range sales {
			mean := 5000 * float64(shops) * math.Exp(.001*float64(t)+.07*byTowns*towns[t]+byGuests*guests[t]-exposed*storm[t])
			sales[t] = mean * (1 + noise*rng.NormFloat64())
			if t >= n {
				sd += noise * mean / m
			}
		}
		return sales, sd
	}
	y, sd := region(.5+.7*rng.Float64(), .3+.7*rng.Float64(), 6)
	controls := make([][]float64, k)
	for j := range controls {
		controls[j], _ = region(.3+rng.Float64(), 1.3*rng.Float64(), 3+rng.IntN(10))
	}
	return sample{weeks(table(y, n, controls...)), sd}
}
