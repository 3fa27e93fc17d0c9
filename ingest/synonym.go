package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"goalpost"
)

// canonical are the headers that need no confirmation, by what they mean: the codes
// of Goalpost and their plain German words.
var canonical = map[string]string{
	"date": AsDate, "day": AsDate, "datum": AsDate, "tag": AsDate, "week": AsDate, "woche": AsDate,
	"region": AsRegion, "product": AsProduct, "produkt": AsProduct, "account": AsAccount, "konto": AsAccount, "network": AsNetwork, "netzwerk": AsNetwork,
	"currency": AsCurrency, "währung": AsCurrency,
	"id": AsID, "post_id": AsID, "text": AsText, "permalink": AsPermalink, "link": AsPermalink, "kind": AsKind, "art": AsKind, "published_at": AsDate, "published": AsDate, "veröffentlicht": AsDate,
	"name": AsName, "activity": AsName, "aktivität": AsName, "from": AsFrom, "von": AsFrom, "until": AsUntil, "bis": AsUntil, "to": AsUntil, "cost": AsCost, "kosten": AsCost,
	"media": AsMedia, "design": AsDesign,
	"orders": "orders", "bestellungen": "orders", "revenue": "revenue", "umsatz": "revenue", "sessions": "sessions", "sitzungen": "sessions", "leads": "leads", "tickets": "tickets",
	"spend": "spend", "ausgaben": "spend", "werbeausgaben": "spend", "followers": "followers", "follower": "followers", "conversions": "conversions",
	"applications": "applications", "bewerbungen": "applications", "new_customers": "new_customers", "neukunden": "new_customers", "sessions_social": "sessions_social",
	"attributed_revenue": "attributed_revenue", "users": "users", "nutzer": "users",
	"impressions": "impressions", "impressionen": "impressions", "views": "views", "aufrufe": "views", "reach": "reach", "reichweite": "reach", "likes": "likes", "reaktionen": "likes",
	"comments": "comments", "kommentare": "comments", "shares": "shares", "saves": "saves", "clicks": "clicks", "klicks": "clicks", "link_clicks": "link_clicks",
	"engagements": "engagements", "interaktionen": "engagements", "follows": "follows", "unfollows": "unfollows", "profile_visits": "profile_visits",
	"ideas_adopted": "ideas_adopted", "answers": "answers",
}

// probable are further words that a proposal understands and a person confirms.
var probable = map[string]string{
	"order count": "orders", "number of orders": "orders", "sales": "revenue", "turnover": "revenue", "total sales": "revenue", "net sales": "revenue", "umsatz netto": "revenue", "erlös": "revenue",
	"visits": "sessions", "besuche": "sessions", "total sessions": "sessions", "total users": "users", "new users": "new_users", "returning users": "returning_users", "total events": "events", "event count": "events",
	"amount spent": "spend", "ad spend": "spend", "budget": "spend", "total_reach": "reach", "total reach": "reach", "page engagement": "engagements", "engagement": "engagements", "interactions": "engagements",
	"reactions": "likes", "replies": "comments", "reposts": "shares", "retweets": "shares", "bookmarks": "saves", "new followers": "follows", "new follows": "follows", "total followers": "followers",
	"tickets opened": "tickets", "anfragen": "tickets", "support-anfragen": "tickets", "store": AsRegion, "filiale": AsRegion, "country": AsRegion, "land": AsRegion, "market": AsRegion, "city": AsRegion, "stadt": AsRegion,
	"item": AsProduct, "sku": AsProduct, "artikel": AsProduct, "channel": AsNetwork, "kanal": AsNetwork, "platform": AsNetwork, "plattform": AsNetwork, "profile": AsAccount, "page": AsAccount, "seite": AsAccount,
	"campaign": AsName, "campaign name": AsName, "kampagne": AsName, "start": AsFrom, "start date": AsFrom, "beginn": AsFrom, "end": AsUntil, "end date": AsUntil, "ende": AsUntil, "message": AsText, "caption": AsText,
	"title": AsText, "titel": AsText, "post text": AsText, "url": AsPermalink, "post link": AsPermalink, "post id": AsID, "type": AsKind, "post type": AsKind, "typ": AsKind, "post time": AsDate, "publish time": AsDate,
	"created": AsDate, "time": AsDate, "zeit": AsDate, "datum/zeit": AsDate, "timestamp": AsDate, "wk_strt_dt": AsDate,
}

// moneyMetrics are amounts, which need a currency.
var moneyMetrics = []string{"revenue", "attributed_revenue", "spend", AsCost}

// accountMetrics belong to a profile on a network; every other metric is own data.
var accountMetrics = []string{"impressions", "views", "reach", "likes", "comments", "shares", "saves", "clicks", "link_clicks", "engagements", "follows", "unfollows", "profile_visits", "followers", "share_menu", "media_views", "viewers"}

var inBrackets = regexp.MustCompile(`\s*[\(\[]([^\)\]]*)[\)\]]\s*$`)
var currencyWord = regexp.MustCompile(`^[A-Z]{3}$`)

var currencySigns = map[string]string{"€": "EUR", "$": "USD", "£": "GBP", "₴": "UAH", "CHF": "CHF"}

// currencyIn finds the currency that a header states: "Amount spent (UAH)", "Umsatz in EUR".
func currencyIn(header string) (base, currency string) {
	base = normalHeader(header)
	if m := inBrackets.FindStringSubmatch(header); m != nil {
		word := strings.TrimSpace(m[1])
		if c, ok := currencySigns[word]; ok {
			word = c
		}
		if currencyWord.MatchString(word) {
			return normalHeader(inBrackets.ReplaceAllString(header, "")), word
		}
	}
	fields := strings.Fields(header)
	if n := len(fields); n > 1 {
		word := fields[n-1]
		if c, ok := currencySigns[word]; ok {
			word = c
		}
		if slices.Contains([]string{"EUR", "USD", "GBP", "CHF", "UAH", "PLN", "SEK", "NOK", "DKK", "JPY", "CZK"}, word) {
			base := normalHeader(strings.Join(fields[:n-1], " "))
			return strings.TrimSuffix(base, " in"), word
		}
	}
	return base, ""
}

// meaning returns what a header means; sure says that nobody needs to confirm it.
func meaning(header string) (as, currency string, sure bool) {
	base, currency := currencyIn(header)
	if as, ok := canonical[base]; ok {
		return as, currency, true
	}
	if as, ok := canonical[strings.ReplaceAll(base, " ", "_")]; ok {
		return as, currency, true
	}
	if as, ok := probable[base]; ok {
		return as, currency, false
	}
	return "", currency, false
}

// likely guesses what a longer header means by the words in it: "Follower Insta", "Sessions
// from Facebook". A person confirms it.
func likely(header string) (as string, network goalpost.Network) {
	base, _ := currencyIn(header)
	words := strings.FieldsFunc(base, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	social := false
	for _, w := range words {
		if n, ok := networkOf(w); ok && n != goalpost.Web && n != goalpost.Shop && n != goalpost.Other {
			network, social = n, true
		}
		social = social || w == "social"
	}
	has := func(list ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case has("new", "neue", "lost", "verlorene", "growth", "zuwachs", "wachstum", "rate", "quote", "cost", "kosten", "per", "je", "pro"):
		return "", "" // a change or a ratio is another number
	case has("sessions", "visits", "sitzungen", "besuche") && social:
		return "sessions_social", ""
	case has("follower", "followers", "fans") && network != "":
		return "followers", network
	}
	return "", ""
}

// MetricNamed returns the metric that a name means, in English or German; "" if none does.
func MetricNamed(name string) string {
	as, _, _ := meaning(name)
	if isRole(as) {
		return ""
	}
	return as
}

// MetricCode makes the code of an own series of the name that a person gave it; "" where no
// letter is left.
func MetricCode(name string) string { return seriesMetric(name) }

// kindOfTable guesses what a table holds from the meanings of its columns.
func kindOfTable(as []string) string {
	has := func(x string) bool { return slices.Contains(as, x) }
	switch {
	case has(AsFrom) && has(AsName):
		return KindActivities
	case has(AsID) || has(AsPermalink) || has(AsText):
		return KindPosts
	}
	return KindSeries
}

// seriesMetric makes a code of a header, for a custom series; it begins with a letter.
func seriesMetric(header string) string {
	base, _ := currencyIn(header)
	code := strings.TrimLeft(CodeOf(base), "0123456789_")
	return strings.Trim(code[:min(len(code), maxMetricCode)], "_")
}

// CodeOf makes a code of words, of a to z, digits and underscores: "Größe der Firma" is
// "groesse_der_firma", however its file writes the ö, and "Café" is "cafe".
func CodeOf(words string) string {
	var b strings.Builder
	spelt := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(norm.NFC.String(strings.ToLower(strings.TrimSpace(words))))
	for _, r := range norm.NFD.String(spelt) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.IsMark(r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.Trim(b.String(), "_")
}

// networkOf reads the name of a network.
func networkOf(s string) (goalpost.Network, bool) {
	n := goalpost.Network(strings.ToLower(strings.TrimSpace(s)))
	switch n {
	case "fb", "meta":
		n = goalpost.Facebook
	case "ig", "insta":
		n = goalpost.Instagram
	case "twitter", "x (twitter)":
		n = goalpost.X
	case "yt":
		n = goalpost.YouTube
	case "website", "webseite":
		n = goalpost.Web
	default:
	}
	return n, n.Valid()
}
