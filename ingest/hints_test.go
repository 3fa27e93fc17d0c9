package ingest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"goalpost"
)

// A title of two cells above the table is no header, in a text as in a workbook; day
// numbers of a script are shown as dates.
func TestTitleAboveTheHeader(t *testing.T) {
	book := workbook(t, map[string][][]any{"S": {{"Umsätze 2024", nil, "Stand: März"}, {"Datum", "Anzahl Verkäufe", "Notizen"}, {45658, 3, "a"}, {45659, 4, "b"}}})
	for name, data := range map[string][]byte{"workbook": book, "csv": []byte("Umsätze 2024;;Stand: März\nDatum;Anzahl Verkäufe;Notizen\n2025-01-01;3;a\n2025-01-02;4;b\n")} {
		p, err := Inspect(context.Background(), Source{Name: "x", R: strings.NewReader(string(data)), Size: int64(len(data))}, Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := strings.Join(p.Header, "|"); got != "Datum|Anzahl Verkäufe|Notizen" {
			t.Errorf("%s\ngot:  %s", name, got)
		}
		if p.Sample[0][0] != "2025-01-01" {
			t.Errorf("%s: the first date is shown as %q", name, p.Sample[0][0])
		}
	}
	// A header with an unnamed column stays the header.
	head := []record{{line: 1, fields: []string{"date", "", "orders"}}, {line: 2, fields: []string{"2025-01-01", "x", "3"}}}
	if titleAbove(head, 0) {
		t.Error("the row below is data")
	}
}

// Longer headers are understood by their words, for a person to confirm.
func TestLikelyHeaders(t *testing.T) {
	for header, want := range map[string]string{"Follower Insta": "followers instagram", "Sessions from Facebook": "sessions_social ", "Besuche Social Media": "sessions_social ",
		"New followers Instagram": " ", "Kosten je Follower Facebook": " ", "Umsatz Nord": " "} {
		as, network := likely(header)
		if got := as + " " + string(network); got != want {
			t.Errorf("%q\ngot:  %q\nwant: %q", header, got, want)
		}
	}
}

// A row of eight million cells is refused before it is cut into them; a row as wide as a
// sheet is read.
func TestRowOfCommas(t *testing.T) {
	wide := "date,orders\n" + strings.Repeat(",", 4<<20) + "\n"
	_, err := Inspect(context.Background(), Source{Name: "x.csv", R: strings.NewReader(wide), Size: int64(len(wide))}, Options{})
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok || e.Key != "error.import.too-many-columns" {
		t.Errorf("got: %v", err)
	}
	allocated := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			_, _ = Inspect(context.Background(), Source{Name: "x.csv", R: strings.NewReader(wide), Size: int64(len(wide))}, Options{})
		}
	}).AllocedBytesPerOp()
	if allocated > 100<<20 {
		t.Errorf("%d MB for a file of 4 MB", allocated>>20)
	}
}

// Nobody waits any more: the parts of a workbook are not read to their end.
func TestPartsWatchTheContext(t *testing.T) {
	book := workbook(t, map[string][][]any{"S": {{"date", "orders"}, {"2025-01-01", 1}}})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := sheets(ctx, Source{Name: "x.xlsx", R: strings.NewReader(string(book)), Size: int64(len(book))}); !errors.Is(err, context.Canceled) {
		t.Errorf("got: %v", err)
	}
}

// Texts and web pages are no tables.
func TestNoTable(t *testing.T) {
	for name, text := range map[string]string{"README.md": "# A, b\n\nc, d\n", "page.csv": "<!DOCTYPE html><p>a,b</p>\nc,d\n"} {
		_, err := Inspect(context.Background(), Source{Name: name, R: strings.NewReader(text), Size: int64(len(text))}, Options{})
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.import.not-a-table" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
