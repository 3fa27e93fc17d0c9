package assess

import (
	"bytes"
	"errors"
	"testing"

	"goalpost"
	"goalpost/ingest"
)

// Any table is read or refused with a sentence; what is read is a calendar whose rows,
// controls and periods fit each other.
func FuzzEffectTable(f *testing.F) {
	for _, s := range []string{
		"date,y,x\n2026-01-05,1,2\n2026-01-06,2,3\n2026-01-07,2,3\n", "date;y;x\n05.01.2026;1,5;2\n07.01.2026;2,5;3\n", "t,y,x\n1,1,2\n3,4,5\n2,6,7\n",
		"date,y,x\n2026-01-01,1,2\n2026-02-01,2,3\n2026-04-01,,3\n", "\ufeffdate\ty\tx\n20260105\t1\t2\n20260112\t2\t3\n", "date,y,x\n9007199254740992,1,2\n-9007199254740992,1,2\n", "sep=;\ndate;y;x\n1;1;1\n2;2;2",
	} {
		f.Add([]byte(s), "date", "2", "")
		f.Add([]byte(s), "", "2", "x")
		f.Add([]byte(s), "date", "2026-01-06", "x")
	}
	f.Fuzz(func(t *testing.T, data []byte, date, from, active string) {
		table := EffectTable{Date: date, Y: "y", X: []string{"x"}, From: from, Active: active, EveryControl: true}
		if active == "x" {
			table.X = nil
		}
		in, err := ReadEffectTable(t.Context(), ingest.Source{Name: "a.csv", R: bytes.NewReader(data), Size: int64(len(data))}, table)
		if err != nil {
			if _, ok := errors.AsType[*goalpost.Error](err); !ok {
				t.Fatalf("no sentence: %v", err)
			}
			return
		}
		if _, err := in.series(); err != nil && in.computable() {
			t.Fatal(err)
		}
		rows := len(in.Y)
		if len(in.Missing) != rows || in.Active != nil && len(in.Active) != rows || in.Pre.Until > in.Post.From || in.Post.Until > rows {
			t.Fatalf("%d rows: %+v %+v", rows, in.Pre, in.Post)
		}
	})
}

// Rows of one date are added or taken by their cells, or refused with a sentence; what is
// added is no more than what stands in the table.
func FuzzEffectTableRows(f *testing.F) {
	f.Add([]byte("date,region,y\n2026-01-05,a,1\n2026-01-05,b,2\n2026-01-06,a,3\n2026-01-06,b,\n"), "region=a", true)
	f.Add([]byte("date;region;y\n2026-01-05;a;1\n2026-01-05;total;1\n2026-01-06;a;3\n"), "region!=total", false)
	f.Add([]byte("date,region,y,on\n2026-01-05,a,1,1\n2026-01-06,b,2,0\n2026-01-07,b,2,1\n"), "=", true)
	f.Fuzz(func(t *testing.T, data []byte, where string, sum bool) {
		table := EffectTable{Date: "date", Y: "y", From: "2026-01-06", Where: []string{where}, Sum: sum}
		in, err := ReadEffectTable(t.Context(), ingest.Source{Name: "a.csv", R: bytes.NewReader(data), Size: int64(len(data))}, table)
		if err != nil {
			if _, ok := errors.AsType[*goalpost.Error](err); !ok {
				t.Fatalf("no sentence: %v", err)
			}
			return
		}
		if _, err := in.series(); err != nil {
			t.Fatal(err)
		}
		known := 0
		for _, m := range in.Missing {
			if !m {
				known++
			}
		}
		if lines := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")); known > lines {
			t.Fatalf("%d rows are known of %d lines", known, lines)
		}
	})
}
