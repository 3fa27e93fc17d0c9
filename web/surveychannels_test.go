package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image/png"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"goalpost"
	"goalpost/browsertest"
	"goalpost/locale"
	"goalpost/store"
)

// readQR reads a QR code with a decoder that has nothing in common with what made it.
func readQR(t *testing.T, file string) string {
	t.Helper()
	img, err := png.Decode(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	// The picture is no photograph: without the hint the decoder looks for the code in it, and
	// finds another place in about 2 of 100.
	r, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		t.Fatal(err)
	}
	return r.GetText()
}

// Several links are made at once, each with a short name of its own, and everything that
// belongs to a link leads to it.
func TestChannels(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) { x.Settings.Channels = nil })
	a := s.post("/en/surveys/1/channels", url.Values{"channel": {"fb", "ig", "mail", "paper"}, "campaign": {"Spring"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	if a := s.post("/en/surveys/1/channels", url.Values{"channel": {"ig"}}); a.status != http.StatusSeeOther {
		t.Fatalf("a second link of a place: %d\n%s", a.status, textOf(a.body))
	}
	if a := s.post("/en/surveys/1/channels", url.Values{"channel": {"x"}, "code": {"news"}}); a.status != http.StatusSeeOther {
		t.Fatalf("a name of its own: %d\n%s", a.status, textOf(a.body))
	}
	var codes []string
	kept, err := s.server.DB.Survey(t.Context(), 1, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range kept.Settings.Channels {
		codes = append(codes, c.Code+" "+string(c.Network)+" "+c.Campaign)
	}
	if got, want := strings.Join(codes, ", "), "fb facebook Spring, ig instagram Spring, mail other Spring, paper other Spring, ig-2 instagram , news x "; got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
	page := s.page("/en/surveys/1/channels")
	for _, want := range []string{s.base + "/s/wishes/ig", s.base + "/s/wishes/ig-2", "Newsletter", "Campaign: Spring", "Links in Instagram posts cannot be clicked"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, c := range []struct {
		form url.Values
		want string
	}{
		{url.Values{}, "Tick at least one place"},
		{url.Values{"channel": {"x", "fb"}, "code": {"a"}}, "fits one place only"},
		{url.Values{"channel": {"x"}, "code": {"news"}}, "is the short name of two channels"},
		{url.Values{"channel": {"x"}, "code": {"receipt"}}, "cannot stand at the end of a link"},
		{url.Values{"channel": {"x"}, "campaign": {strings.Repeat("x", 61)}}, "at most 60 letters"},
	} {
		if a := s.post("/en/surveys/1/channels", c.form); a.status != http.StatusUnprocessableEntity || !strings.Contains(textOf(a.body), c.want) {
			t.Errorf("%v: %d, without %q", c.form, a.status, c.want)
		}
	}
	if got := readQR(t, s.page("/en/surveys/1/channels/qr.png?channel=ig")); got != s.base+"/s/wishes/ig" {
		t.Errorf("the QR code leads to %s", got)
	}
	if got := readQR(t, s.page("/s/wishes/qr.png")); got != s.base+"/s/wishes" {
		t.Errorf("the QR code leads to %s", got)
	}
	if a := s.get("/s/wishes/qr.svg?channel=paper"); a.status != 200 || a.header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(a.body, "/s/wishes/paper</title>") {
		t.Errorf("%d %s", a.status, a.header.Get("Content-Type"))
	}
	for _, path := range []string{"/s/wishes/qr.png?channel=none", "/en/surveys/1/channels/qr.svg?channel=none", "/s/none/qr.png", "/s/none/image.png", "/s/none/print"} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := s.post("/en/surveys/1/channels/remove", url.Values{"code": {"ig-2"}}); a.status != http.StatusSeeOther {
		t.Errorf("remove: %d", a.status)
	}
	if a := s.get("/s/wishes/ig-2"); a.status != http.StatusNotFound {
		t.Errorf("a link that was removed: %d", a.status)
	}
}

// The picture and the words that other sites show of a link say nothing of who opens it.
func TestPreviewPicture(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, nil)
	a := s.get("/s/wishes/image.png?lang=de")
	img, err := png.DecodeConfig(strings.NewReader(a.body))
	if err != nil || img.Width != 1200 || img.Height != 630 || a.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("%v %v %v", img, err, a.header)
	}
	if a.body == s.get("/s/wishes/image.png?lang=en").body {
		t.Error("both languages have one picture")
	}
	page := s.page("/s/wishes/ig?lang=de")
	for _, want := range []string{`<meta property="og:title" content="Was wünschen Sie sich von uns?">`, `<meta property="og:image" content="` + s.base + `/s/wishes/image.png?lang=de">`,
		`<meta name="twitter:card" content="summary_large_image">`, `<link rel="canonical" href="` + s.base + `/s/wishes?lang=de">`, "Dauert etwa"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// Only the sites that are named may show the survey inside their pages; without any nobody
// may.
func TestSurveyEmbed(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, nil)
	ancestors := func() (string, string) {
		a := s.get("/s/wishes/embed")
		_, rest, _ := strings.Cut(a.header.Get("Content-Security-Policy"), "frame-ancestors ")
		return rest, a.header.Get("X-Frame-Options")
	}
	if sites, options := ancestors(); sites != "'none'" || options != "DENY" {
		t.Errorf("%q %q", sites, options)
	}
	send := func(sites string) answer {
		page := s.page("/en/surveys/1/channels")
		revision := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(page)[1]
		return s.post("/en/surveys/1/channels/sites", url.Values{"revision": {revision}, "sites": {sites}})
	}
	if a := send("www.Example.org/blog/page\r\nhttp://other.example:8080\r\n"); a.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	if sites, options := ancestors(); sites != "https://www.example.org http://other.example:8080" || options != "" {
		t.Errorf("%q %q", sites, options)
	}
	if page := s.page("/en/surveys/1/channels"); !strings.Contains(page, "&lt;iframe src=&#34;"+s.base+"/s/wishes/embed&#34;") {
		t.Error("the code to put into a page is missing")
	}
	for _, bad := range []string{"https://a.example;script-src *", "https://user@a.example", "'self'", "*"} {
		if a := send(bad); a.status != http.StatusUnprocessableEntity || !strings.Contains(textOf(a.body), "is no site") {
			t.Errorf("%q: %d", bad, a.status)
		}
	}
	if a := s.post("/en/surveys/1/channels/sites", url.Values{"revision": {"1"}, "sites": {""}}); a.status != http.StatusConflict && a.status != http.StatusUnprocessableEntity {
		t.Errorf("an old page: %d", a.status)
	}
	if sites, _ := ancestors(); sites != "https://www.example.org http://other.example:8080" {
		t.Errorf("a refused change was kept: %q", sites)
	}
}

// A link in a mail chooses an answer and keeps nothing, whoever opens it how often.
func TestSurveyFromMail(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.Channels = append(x.Settings.Channels, goalpost.Channel{Code: "mail", Network: goalpost.Other})
	})
	page := s.page("/en/surveys/1/channels")
	link := "/s/wishes/e/why/news?lang=en"
	if !strings.Contains(page, "href=&#34;"+s.base+link+"&#34;") || !strings.Contains(page, s.base+"/s/wishes/e/why/offers?lang=de") {
		t.Error("the links for a mail are missing")
	}
	before := s.dump(t)
	for _, path := range []string{link, "/s/wishes/e/why/none", "/s/wishes/e/none/news", "/s/wishes/e/nps/7", "/s/wishes/e/nps/11", "/s/wishes/ig", "/s/wishes/qr.svg", "/s/wishes/image.png", "/s/wishes/print?lang=de"} {
		for range 3 {
			s.page(path)
		}
		r, err := http.NewRequest(http.MethodHead, s.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a := s.do(r); a.status != 200 {
			t.Errorf("HEAD %s: %d", path, a.status)
		}
	}
	if s.dump(t) != before {
		t.Error("looking at pages has written something")
	}
	got := s.page(link)
	if boxes := checkedBox.FindAllStringSubmatch(got, -1); len(boxes) != 1 || boxes[0][2] != "news" {
		t.Errorf("chosen are %v", boxes)
	}
	if boxes := checkedBox.FindAllStringSubmatch(s.page("/s/wishes/e/why/none"), -1); len(boxes) != 0 {
		t.Errorf("an answer that there is none of chooses %v", boxes)
	}
	s.step(t, got, "next")
	if list := s.answersOf(t, x.ID); len(list) != 1 || list[0].Channel != "mail" || list[0].Replies["why"].Choices[0] != "news" {
		t.Errorf("%+v", list)
	}
}

// Each text fits its network, however long the title is, and holds the link where it can be
// clicked.
func TestPostTexts(t *testing.T) {
	const link = "https://umfragen.musterwerk.example/s/what-do-you-want/ig"
	for _, title := range []string{"What do you want?", strings.Repeat("Sehr lange Überschriften ", 300), strings.Repeat("x", 3000)} {
		for _, anonymous := range []bool{true, false} {
			x := customerSurvey()
			x.Form.Title = goalpost.Text{"en": title, "de": title}
			x.Settings.Anonymous = anonymous
			for _, n := range goalpost.Networks() {
				for _, lang := range locale.Languages() {
					for _, form := range []string{goalpost.FormalAddress, goalpost.FamiliarAddress} {
						x.Settings.Address = form
						text := postText(locale.New(lang, ""), n, x, link)
						most := readable
						if m := postRules[n].most; m > 0 && m < most {
							most = m
						}
						if got := postLength(n, text, link); got > most {
							t.Errorf("%s %s: %d of %d letters: %q", n, lang, got, most, text)
						}
						if strings.Contains(text, link) == postRules[n].profile || strings.Contains(text, "{0}") || strings.Contains(text, "web.") {
							t.Errorf("%s %s: %q", n, lang, text)
						}
					}
				}
			}
		}
	}
}

// people is a list with a column that nobody asked to keep, a formula, and rows that
// cannot be invited.
const people = "Name,E-Mail,Group,Salary\nAda,ada@example.com,north,90000\n=HYPERLINK(1),bob@example.com,south,80000\nCy,cy@example.com,north,1\nDouble,ADA@example.com,x,1\nNobody,,x,1\nBroken,not an address,x,1\n"

// peopleColumns are what is used of them.
var peopleColumns = url.Values{"use-0": {"keep"}, "use-1": {"email"}, "use-2": {"ignore"}, "use-3": {"ignore"}}

var planted = []string{"ada@example.com", "bob@example.com", "cy@example.com", "ADA@example.com"}

// sendList uploads a list of people and returns the page that asks about its columns.
func (s *site) sendList(t *testing.T, text string) string {
	t.Helper()
	b, kind := s.form(map[string]string{"people.csv": text})
	r, err := http.NewRequest(http.MethodPost, s.base+"/en/surveys/1/invitations", b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	a := s.do(r)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
	return a.header.Get("Location")
}

// invite puts people on the list.
func (s *site) invite(t *testing.T, list string, columns url.Values) {
	t.Helper()
	at := s.sendList(t, list)
	if a := s.post(at, columns); a.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.status, textOf(a.body))
	}
}

// links makes links for the mail tool: rows with the header first.
func (s *site) links(t *testing.T, who string) [][]string {
	t.Helper()
	a := s.post("/en/surveys/1/invitations/links", url.Values{"who": {who}, "confirm": {"1"}})
	if a.status != 200 || a.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v\n%s", a.status, a.header, textOf(a.body))
	}
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func invitedSite(t *testing.T, change func(*goalpost.Survey)) *site {
	t.Helper()
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.Invited = true
		q := question("why", goalpost.SingleChoice, "Why?", "Warum?")
		q.Options = []goalpost.Item{{Code: "a", Label: said("A", "A")}, {Code: "b", Label: said("B", "B")}}
		x.Form.Questions = []goalpost.SurveyQuestion{q}
		if change != nil {
			change(x)
		}
	})
	return s
}

// From the list to the answer: only what was chosen is kept, links are handed out once, an
// invitation is spent by the answer and by nothing else, and no page shows an address.
func TestInvitations(t *testing.T) {
	s := invitedSite(t, nil)
	at := s.sendList(t, people)
	shown := s.page(at)
	if !strings.Contains(textOf(shown), "E-Mail *** · *** · ***") {
		t.Errorf("the columns are not shown:\n%s", textOf(shown))
	}
	if a := s.post(at, url.Values{"use-0": {"email"}, "use-1": {"email"}, "use-2": {"ignore"}, "use-3": {"ignore"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("two columns with addresses: %d", a.status)
	}
	for range 2 { // sent twice is done once
		if a := s.post(at, peopleColumns); a.status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.status, textOf(a.body))
		}
	}
	report := textOf(s.page(at))
	for _, want := range []string{"3 people added", "1 row with an address that stands in the file twice, first line 5", "1 row without an e-mail address, first line 6", "1 row without a valid e-mail address, first line 7"} {
		if !strings.Contains(report, want) {
			t.Errorf("%q is missing in\n%s", want, report)
		}
	}
	if a := s.post("/en/surveys/1/invitations/links", url.Values{"who": {"new"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("links without confirmation: %d", a.status)
	}
	rows := s.links(t, "new")
	link := map[string]string{}
	if len(rows) != 4 || strings.Join(rows[0], ",") != "email,Name,survey_link" {
		t.Fatalf("%q", rows)
	}
	for _, r := range rows[1:] {
		link[r[0]] = strings.TrimPrefix(r[2], s.base)
		if r[0] == "bob@example.com" && r[1] != "'=HYPERLINK(1)" {
			t.Errorf("a formula is not escaped: %q", r[1])
		}
	}
	if again := s.links(t, "new"); len(again) != 1 {
		t.Errorf("people with a link are not new: %q", again)
	}
	before := s.dump(t)
	for range 3 {
		s.page(link["ada@example.com"])
		s.page(link["ada@example.com"] + "/why/b")
	}
	if s.dump(t) != before {
		t.Error("looking at an invitation has written something")
	}
	page := s.page(link["ada@example.com"] + "/why/b")
	if boxes := checkedBox.FindAllStringSubmatch(page, -1); len(boxes) != 1 || boxes[0][2] != "b" {
		t.Errorf("chosen are %v", boxes)
	}
	reminder := s.links(t, "open")
	if len(reminder) != 4 {
		t.Fatalf("%q", reminder)
	}
	s.step(t, page, "send", "c.why", "a") // with the first link
	list := s.answersOf(t, 1)
	if len(list) != 1 || list[0].State != goalpost.AnswerComplete {
		t.Fatalf("%+v", list)
	}
	for _, r := range reminder[1:] {
		want := http.StatusOK
		if r[0] == "ada@example.com" {
			want = http.StatusGone
		}
		if a := s.get(strings.TrimPrefix(r[2], s.base)); a.status != want {
			t.Errorf("the second link of %s: %d", r[0], a.status)
		}
	}
	if a := s.get(link["ada@example.com"]); a.status != http.StatusGone || !strings.Contains(textOf(a.body), "works once") || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("a used link: %d %v %s", a.status, a.header, textOf(a.body))
	}
	if a := s.get("/s/wishes/i/nothing"); a.status != http.StatusNotFound || !strings.Contains(textOf(a.body), "from the mail once more") {
		t.Errorf("an unknown link: %d %s", a.status, textOf(a.body))
	}
	if rows := s.links(t, "open"); len(rows) != 3 {
		t.Errorf("who has answered is reminded: %q", rows)
	}
	if text := textOf(s.page("/en/surveys/1/invitations")); !strings.Contains(text, "Invited 3") || !strings.Contains(text, "Answered 1 (33% of the list)") {
		t.Error(text)
	}
	s.noAddresses(t, at)
	if a := s.post("/en/surveys/1/invitations/forget", url.Values{"confirm": {"1"}}); a.status != http.StatusSeeOther {
		t.Errorf("forget: %d", a.status)
	}
	if a := s.get(link["bob@example.com"]); a.status != 200 {
		t.Errorf("a link after names and addresses were deleted: %d", a.status)
	}
	if text := textOf(s.page("/en/surveys/1/invitations")); !strings.Contains(text, "Invited 3") || !strings.Contains(text, "Names and addresses deleted 3") {
		t.Error(text)
	}
}

// onDisk is all that is stored, as it lies on disk.
func (s *site) onDisk(t *testing.T) []byte {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(s.server.DataDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(all, b...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// noAddresses looks for addresses and kept-out columns on all pages, in the log and on disk.
func (s *site) noAddresses(t *testing.T, at string) {
	t.Helper()
	all := s.log.String()
	for _, path := range []string{at, "/en/surveys/1/invitations", "/de/surveys/1/invitations", "/en/surveys/1/channels", "/s/wishes"} {
		all += s.page(path)
	}
	disk := s.onDisk(t)
	for _, secret := range append([]string{"90000"}, planted...) {
		if strings.Contains(all, secret) {
			t.Errorf("%s stands on a page or in the log", secret)
		}
		if bytes.Contains(disk, []byte(secret)) {
			t.Errorf("%s stands on disk", secret)
		}
	}
	if !bytes.Contains(disk, []byte("HYPERLINK")) {
		t.Error("what was kept is not found on disk, so this test shows nothing")
	}
}

// One invitation is one answer, also when ten are sent at the same moment.
func TestInvitationIsSpentOnce(t *testing.T) {
	s := invitedSite(t, func(x *goalpost.Survey) { x.Settings.Anonymous = false })
	s.invite(t, people, peopleColumns)
	link := strings.TrimPrefix(s.links(t, "new")[1][2], s.base)
	pages := make([]url.Values, 10)
	for i := range pages {
		pages[i] = formOf(s.page(link))
		pages[i].Set("c.why", "a")
		pages[i].Set("do", "send")
	}
	var all sync.WaitGroup
	for _, form := range pages {
		all.Go(func() {
			if a := s.post("/s/wishes/r/"+form.Get("rid"), form); a.status != http.StatusSeeOther {
				t.Errorf("%d", a.status)
			}
		})
	}
	all.Wait()
	states := map[goalpost.AnswerState]int{}
	for _, a := range s.answersOf(t, 1) {
		states[a.State]++
	}
	if states[goalpost.AnswerComplete] != 1 || states[goalpost.AnswerUninvited] != 9 {
		t.Errorf("%v", states)
	}
}

// Nobody but the organisation's people sees or changes anything, viewers change nothing,
// and only owners get addresses.
func TestChannelsOfOthers(t *testing.T) {
	s := invitedSite(t, nil)
	s.invite(t, people, peopleColumns)
	file := s.sendList(t, people)
	s.addUser(t, 1, "vera", goalpost.RoleViewer)
	s.addUser(t, 1, "ed", goalpost.RoleEditor)
	s.secondOrganisation(t)
	pages := []string{"/en/surveys/1/channels", "/en/surveys/1/channels/qr.svg", "/en/surveys/1/channels/qr.png", "/en/surveys/1/channels/image.png", "/en/surveys/1/channels/print", "/en/surveys/1/invitations"}
	posts := []string{"/en/surveys/1/channels", "/en/surveys/1/channels/remove", "/en/surveys/1/channels/sites", "/en/surveys/1/invitations", file, file + "/discard", "/en/surveys/1/invitations/links", "/en/surveys/1/invitations/forget"}
	form := url.Values{"channel": {"x"}, "code": {"ig"}, "revision": {"2"}, "confirm": {"1"}, "who": {"open"}, "use-0": {"keep"}, "use-1": {"email"}}
	for who, want := range map[string]struct{ get, post, owners int }{"eve": {404, 404, 404}, "vera": {200, 403, 403}, "ed": {200, 0, 403}, "": {303, 303, 303}} {
		s.client = newClient()
		if who != "" {
			s.loginAs(t, who)
		}
		for _, path := range pages {
			if a := s.get(path); a.status != want.get {
				t.Errorf("%s GET %s: %d, want %d", who, path, a.status, want.get)
			}
		}
		for _, path := range posts {
			status := want.post
			if strings.HasSuffix(path, "/links") || strings.HasSuffix(path, "/forget") {
				status = want.owners
			}
			if status == 0 {
				continue // editors may, and the tests above do it
			}
			a := s.post(path, form)
			if a.status != status {
				t.Errorf("%s POST %s: %d, want %d", who, path, a.status, status)
			}
			for _, address := range planted {
				if strings.Contains(a.body, address) {
					t.Errorf("%s POST %s shows an address", who, path)
				}
			}
		}
	}
	s.loginAs(t, "anna")
	for _, path := range []string{"/en/surveys/9/channels", "/en/surveys/x/channels", "/en/surveys/9/invitations", "/en/surveys/1/invitations/none", strings.Replace(file, "/1/", "/9/", 1), strings.Replace(file, "/surveys/1/invitations/", "/studies-wave/", 1)} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// A draft is prepared by its team and seen by nobody else.
func TestChannelsOfADraft(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	x := s.askCustomers(t, nil)
	s.changeSurvey(t, x.ID, func(c *store.SurveyChange) { draft := goalpost.SurveyDraft; c.State = &draft })
	if text := textOf(s.page("/en/surveys/1/channels")); !strings.Contains(text, "still a draft") {
		t.Error(text)
	}
	for _, path := range []string{"/en/surveys/1/channels/qr.png", "/en/surveys/1/channels/image.png", "/en/surveys/1/channels/print"} {
		s.page(path)
	}
	for _, path := range []string{"/s/wishes/qr.png", "/s/wishes/image.png", "/s/wishes/print", "/s/wishes/e/why/news", "/s/wishes/i/x"} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// All question types and conditions are there on paper, with a code that leads to the
// survey.
func TestSurveyOnPaper(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.Channels = append(x.Settings.Channels, goalpost.Channel{Code: "paper", Network: goalpost.Other})
	})
	page := s.page("/s/wishes/print?lang=de")
	text := textOf(page)
	for i, q := range customerSurvey().Form.Questions {
		if want := fmt.Sprintf("%d. %s", i+1, q.Wording["de"]); !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, want := range []string{"Bitte antworten Sie nur, wenn bei Frage 1 „Angebote“ angekreuzt ist.", "Bitte antworten Sie nur, wenn die Antwort auf Frage 6 höchstens 6 ist.", s.base + "/s/wishes/paper", "Musterwerk"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if !strings.Contains(page, `src="/s/wishes/qr.svg?channel=paper"`) {
		t.Error("the QR code of the page does not lead by the channel")
	}
}

// The pages of the team, in both languages, on a desk, a phone and without scripts.
func TestBrowserChannels(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askCustomers(t, func(x *goalpost.Survey) {
		x.Settings.Channels = append(x.Settings.Channels, goalpost.Channel{Code: "x", Network: goalpost.X}, goalpost.Channel{Code: "paper", Network: goalpost.Other}, goalpost.Channel{Code: "web", Network: goalpost.Web})
		x.Settings.Frames = []string{"https://www.example.org"}
	})
	s.invite(t, people, peopleColumns)
	s.links(t, "new")
	waiting := s.sendList(t, people)
	b := browsertest.New(t)
	enter(b, s)
	for _, lang := range languages {
		for name, path := range map[string]string{"channels": "/surveys/1/channels", "invitations": "/surveys/1/invitations", "invitedmap": waiting[3:], "paper": "/surveys/1/channels/print?lang=" + lang} {
			for _, size := range []struct {
				name          string
				width, height int
				phone         bool
			}{{"desk", 1280, 900, false}, {"phone", 390, 844, true}, {"small", 320, 640, true}} {
				b.Viewport(size.width, size.height, size.phone)
				for _, dark := range []bool{false, true} {
					b.Dark(dark)
					browse(t, b, s, "/"+lang+path)
					if !dark {
						picture(b, name+"-"+lang+"-"+size.name)
					}
				}
			}
			b.Dark(false)
			var small []string
			b.Eval(`[...document.querySelectorAll("button, .button, .links a, select, summary, textarea, input:not([type=checkbox]):not([type=radio]):not([type=hidden])")]
				.filter(e => e.getClientRects().length && !e.closest(".hide") && e.getBoundingClientRect().height < 43.5).map(e => e.tagName + " " + (e.innerText || e.name))`, &small)
			if len(small) > 0 {
				t.Errorf("%s: lower than 44 px: %v", path, small)
			}
		}
	}
	b.Viewport(794, 1123, false)
	b.PrintMedia(true)
	browse(t, b, s, "/de/surveys/1/channels/print?lang=de")
	picture(b, "paper-de-print")
	b.PrintMedia(false)
}

// By hand: a link is made and a list is put in, with scripts and without.
func TestBrowserChannelsByHand(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		s := newSite(t, nil)
		s.setUp("de")
		s.askCustomers(t, func(x *goalpost.Survey) { x.Settings.Channels = nil })
		b := browsertest.New(t)
		if !scripts {
			b.ScriptsOff()
		}
		enter(b, s)
		b.Open(s.base + "/de/surveys/1/channels")
		b.Click("#channel-1")
		b.Click("#channel-2")
		b.Follow("details.card form button")
		if text := b.Text("main"); !strings.Contains(text, "Fertig") {
			t.Fatalf("scripts %v:\n%s", scripts, text)
		}
		check(t, b, "channels")
		if scripts {
			b.Click("[data-copy=c-ig-link]")
			b.WaitText("[data-copy=c-ig-link]", "Kopiert")
		}
		b.Open(s.base + "/de/surveys/1/invitations")
		b.Upload("#file", write(t, "people.csv", people))
		b.Follow("main form button")
		b.Select("#use-0", "keep")
		b.Follow("main form button")
		if text := b.Text("main"); !strings.Contains(text, "3 Personen auf die Liste gesetzt") {
			t.Fatalf("scripts %v:\n%s", scripts, text)
		}
		check(t, b, "list taken over")
		b.Follow("main .button")
		check(t, b, "list")
	}
}
