package ingest

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"goalpost"
)

// fixtures are small files of every dialect, made for these tests.
func fixtures(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"facebook.csv":  facebook(fbRow, `120002,900,Harbour,,x,0,07/16/2025 21:30,,Photos,,Lifetime,1,1,1,1,0,0,1,1`),
		"instagram.csv": []byte(instagramHead + "17900,5,harbour,Harbour,Tide,12,12/31/2024 20:00,https://instagram.com/p/a,IG reel,,Lifetime,10,9,3,1,2,4,1\n"),
		"daily.csv":     utf16le("sep=,\n\"Facebook reach\"\n\"Date\",\"Primary\"\n\"2025-03-09T01:00:00\",\"7\"\n\n\"Instagram reach\"\n\"Date\",\"Primary\"\n\"2025-03-09T01:00:00\",\"2\"\n"),
		"tweets.csv":    []byte(tweetHead + tweetRow),
		"x.csv":         []byte(xContentHead + `2074000000000000001,"Tue, Jul 14, 2026",Tide,https://x.com/harbour/status/2074000000000000001,122978,12,300,1,4,2,3,5,129,200,66,0,0` + "\n"),
		"overview.csv":  []byte(xOverviewFile),
		"sales.csv":     []byte("date,orders,revenue,region,product\n2025-01-01,3,59.97,north,shoes\n2025-01-01,1,10,south,hats\n2025-01-02,0,0,north,shoes\n"),
		"umsatz.csv":    cp(charmap.Windows1252, "Datum;Umsatz;Bestellungen;Region\n01.03.2025;1.234,50;12;Köln\n02.03.2025;99,00;3;Köln\nSumme;1.333,50;15;\n"),
		"tun.csv":       []byte("name,from,until,network,region,cost\nSpring sale,2025-03-01,2025-03-14,Instagram,north,\"1,250.50\"\n"),
		"nested.csv":    nested(string(facebook(`120001,900,Harbour,,Tide,0,07/14/2025 21:30,https://f.co/1,Photos,,Lifetime,500,400,12,9,2,1,30,4`))),
		"book.xlsx":     workbook(t, map[string][][]any{"Daily": {{"date", "sessions", "orders"}, {45658, 10, 1}, {45659, 34759, 2}}}, "A2", "A3", "B3"),
	}
}

// sound checks what must hold for any bytes at all: no panic, a refusal with a key
// of ours, or a report whose rows add up.
func sound(t *testing.T, name string, data []byte) (refused bool) {
	t.Helper()
	r := read(name, data, Options{Answers: goalpost.Answers{Account: "a", Network: goalpost.Facebook, Currency: "EUR"}})
	if r.err != nil {
		var e *goalpost.Error
		if !errors.As(r.err, &e) || !strings.HasPrefix(e.Key, "error.import.") || e.File == "" {
			t.Errorf("no refusal that a person can read: %v", r.err)
		}
		return true
	}
	if r.report.Rows != r.report.Kept+r.report.Reported || r.report.Kept < 1 || len(r.posts)+len(r.values)+len(r.acts) < 1 && r.report.Kept == 0 {
		t.Errorf("rows %d, kept %d, reported %d", r.report.Rows, r.report.Kept, r.report.Reported)
	}
	counted := 0
	for _, x := range r.report.Reasons {
		counted += x.Count
	}
	if counted != r.report.Reported {
		t.Errorf("%d rows reported, %d with a reason", r.report.Reported, counted)
	}
	for m, v := range r.report.Totals {
		if v != v || v-v != 0 {
			t.Errorf("%s is %v", m, v)
		}
	}
	for _, p := range r.posts {
		if p.Post.ExternalID == "" || p.Account.Network == "" || len(p.Counts) > 0 && p.Line < 1 {
			t.Errorf("%+v", p)
		}
	}
	return false
}

// Limits: files broken in every way that files break. 200 of them, 5,000 in the long
// tier.
func TestBrokenFiles(t *testing.T) {
	n := 200
	if os.Getenv("GOALPOST_LONG") == "1" {
		n = 5000
	}
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, 0))
	files := fixtures(t)
	names := []string{"facebook.csv", "instagram.csv", "daily.csv", "tweets.csv", "x.csv", "overview.csv", "sales.csv", "umsatz.csv", "tun.csv", "nested.csv", "book.xlsx"}
	refused := 0
	for i := range n {
		name := names[i%len(names)]
		data := damage(rng, files[name])
		if sound(t, name, data) {
			refused++
		}
		if t.Failed() {
			path := filepath.Join(t.TempDir(), name)
			_ = os.WriteFile(path, data, 0o600)
			t.Fatalf("seed %d, file %d: %q", seed, i, data[:min(len(data), 300)])
		}
	}
	if refused == 0 || refused == n {
		t.Errorf("%d of %d refused: the damage is no test", refused, n)
	}
}

// damage breaks a file: cut, bytes changed, lines lost or doubled, another encoding,
// signs of the format taken or added.
func damage(rng *rand.Rand, data []byte) []byte {
	data = append([]byte(nil), data...)
	for range 1 + rng.IntN(3) {
		if len(data) == 0 {
			return data
		}
		at := rng.IntN(len(data))
		switch rng.IntN(9) {
		case 0:
			data = data[:at]
		case 1:
			data[at] = byte(rng.IntN(256))
		case 2:
			data = append(data[:at], data[min(len(data), at+rng.IntN(40)):]...)
		case 3:
			data = append(data[:at:at], append([]byte(`",;` + "\t\n\x00\"")[rng.IntN(6):], data[at:]...)...)
		case 4:
			lines := strings.SplitAfter(string(data), "\n")
			i := rng.IntN(len(lines))
			lines = append(lines[:i:i], append([]string{lines[i], lines[rng.IntN(len(lines))]}, lines[i+1:]...)...)
			data = []byte(strings.Join(lines, ""))
		case 5:
			data = utf16le(string(data))
		case 6:
			data = append(data, data[at:]...)
		case 7:
			data = []byte(strings.ReplaceAll(string(data), ",", ";"))
		case 8:
			for i := range min(20, len(data)-at) {
				data[at+i] = byte(0x80 + rng.IntN(128))
			}
		}
	}
	return data
}

func FuzzInspectRead(f *testing.F) {
	for name, data := range fixtures(f) {
		if name != "book.xlsx" {
			f.Add(data)
		}
	}
	f.Add([]byte("sep=;\n\"a\";\"b\n"))
	f.Add([]byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "fuzz.csv", data) })
}

func FuzzWorkbook(f *testing.F) {
	f.Add(fixtures(f)["book.xlsx"])
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4 || string(data[:4]) != "PK\x03\x04" {
			return
		}
		sound(t, "fuzz.xlsx", data)
	})
}

func FuzzMap(f *testing.F) {
	for _, m := range columnMaps {
		f.Add([]byte(m))
	}
	f.Add([]byte(`{"kind":"posts","columns":[{"column":"a","as":"id"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseMap(data)
		if err != nil {
			var e *goalpost.Error
			if !errors.As(err, &e) {
				t.Fatalf("no refusal that a person can read: %v", err)
			}
			return
		}
		again, err := ParseMap(m.JSON())
		if err != nil || string(again.JSON()) != string(m.JSON()) {
			t.Fatalf("a map does not survive its own JSON: %v\n%s", err, m.JSON())
		}
		file := fixtures(t)["sales.csv"]
		p, err := Inspect(context.Background(), Source{Name: "x", R: strings.NewReader(string(file)), Size: int64(len(file))}, Options{Map: m, Now: seenAt})
		if err == nil {
			_, _ = p.Read(context.Background(), func(goalpost.Batch) error { return nil })
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1,234.5", "1.234,5", "-5", "1938.0", "1e5", "3.апр", "€ 5", ".", ",", "1'000"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, comma bool) {
		sign := byte('.')
		if comma {
			sign = ','
		}
		if x, ok := number(s, sign); ok && (x != x || x-x != 0) {
			t.Errorf("%q is %v", s, x)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2025-01-31", "31.1.2025", "Tue, Aug 26, 2025", "2016-12-23 18:50 +0000", "1/2/25 3:04 PM", "20231010", "45658"} {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, serial bool) {
		for _, order := range []string{"dmy", "mdy", "ymd"} {
			if m, ok := date(s, order, serial); ok && (m.year < 1900 || m.year > 2300 || m.day < 1 || m.day > 31) {
				t.Errorf("%q %s is %+v", s, order, m)
			}
		}
	})
}
