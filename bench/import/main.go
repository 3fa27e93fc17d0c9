// Command import measures how fast files become rows: 1 M sales rows and 200,000
// posts as a Meta export, beside the raw driver's bulk insert of the same rows into
// the same tables in the same run, with peak memory and the longest wait of a page.
//
//	go run ./bench/import [-sales 1000000] [-posts 200000] [-gigabyte]
package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

func main() {
	sales := flag.Int("sales", 1_000_000, "rows of the sales table")
	posts := flag.Int("posts", 200_000, "rows of the Meta export")
	gigabyte := flag.Bool("gigabyte", false, "also a sales table of 1 GB")
	child := flag.String("child", "", "only import this file into -data (used by the program itself)")
	data := flag.String("data", "", "data directory of -child")
	flag.Parse()
	if *child != "" {
		must(importFile(*data, *child))
		return
	}
	dir, err := os.MkdirTemp("", "goalpost-bench-")
	must(err)
	defer func() { _ = os.RemoveAll(dir) }()
	fmt.Printf("%-14s %10s %9s %11s %9s %6s %9s %10s %10s\n", "file", "rows", "import s", "rows/s", "raw s", "ratio", "again ms", "wait ms", "peak MB")
	one(dir, "sales.csv", *sales, writeSales)
	one(dir, "Jan-01-2023_Dec-31-2025_1.csv", *posts, writePosts)
	if *gigabyte {
		one(dir, "gigabyte.csv", 24_000_000, writeSales)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// one measures one file.
func one(dir, name string, rows int, write func(io.Writer, int)) {
	path := filepath.Join(dir, name)
	f, err := os.Create(path)
	must(err)
	b := bufio.NewWriterSize(f, 1<<20)
	write(b, rows)
	must(b.Flush())
	must(f.Close())

	target := filepath.Join(dir, name+"-data")
	self, err := os.Executable()
	must(err)
	cmd := exec.Command(self, "-child", path, "-data", target)
	cmd.Stderr = os.Stderr
	stop, wait := make(chan struct{}), make(chan time.Duration, 1)
	must(os.MkdirAll(target, 0o700))
	prepare(target)
	go func() { wait <- longestWait(target, stop) }()
	start := time.Now()
	must(cmd.Run())
	took := time.Since(start)
	close(stop)
	waited := <-wait
	peak := peakMB(cmd.ProcessState)
	again := time.Now()
	must(importFile(target, path))
	known := time.Since(again) - hashing(path)
	raw := rawInsert(target, filepath.Join(dir, name+"-raw"))
	fmt.Printf("%-14.14s %10d %9.2f %11.0f %9.2f %6.2f %9.0f %10.0f %10.0f\n", name, rows, took.Seconds(), float64(rows)/took.Seconds(), raw.Seconds(),
		raw.Seconds()/took.Seconds(), known.Seconds()*1000, waited.Seconds()*1000, peak)
	_ = os.Remove(path)
}

// peakMB returns the largest resident size of a finished process.
func peakMB(p *os.ProcessState) float64 {
	if u, ok := p.SysUsage().(*syscall.Rusage); ok {
		return float64(u.Maxrss) / 1024
	}
	return 0
}

// prepare makes the organisation.
func prepare(dir string) {
	db, err := store.Open(context.Background(), dir, store.Options{})
	must(err)
	_, err = db.CreateOrganisation(context.Background(), goalpost.Organisation{Name: "Bench", Language: "en", TimeZone: "UTC", Currency: "EUR", Adopted: true})
	must(err)
	must(db.Close())
}

func importFile(dir, path string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	org, err := db.Organisation(ctx, 1)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = assess.Import(ctx, db, org, assess.Input{Name: filepath.Base(path), R: f, Size: info.Size(), By: "bench", Now: time.Now()}, nil)
	return err
}

func hashing(path string) time.Duration {
	f, err := os.Open(path)
	must(err)
	defer func() { _ = f.Close() }()
	start := time.Now()
	_, err = io.Copy(sha256.New(), f)
	must(err)
	return time.Since(start)
}

// longestWait reads as a page does, in a process beside the import, and returns the
// longest time that one read took.
func longestWait(dir string, stop chan struct{}) time.Duration {
	ctx := context.Background()
	db, err := store.Open(ctx, dir, store.Options{})
	must(err)
	defer func() { _ = db.Close() }()
	var longest time.Duration
	year := goalpost.Period{Start: goalpost.NewDay(2023, 1, 1), End: goalpost.NewDay(2023, 2, 1)}
	for {
		select {
		case <-stop:
			return longest
		case <-time.After(5 * time.Millisecond):
		}
		start := time.Now()
		_, err := db.PostDays(ctx, 1, store.PostFilter{Period: year, Numerator: goalpost.Engagements})
		must(err)
		_, err = db.Goals(ctx, 1)
		must(err)
		_, err = db.Imports(ctx, 1)
		must(err)
		longest = max(longest, time.Since(start))
	}
}

// rawInsert inserts the rows that an import made into empty tables of the same
// schema, with prepared statements of the plain driver, 2,000 rows a transaction, in
// the order of the keys. Reading them is not counted.
func rawInsert(from, into string) time.Duration {
	prepare(into)
	src, err := sql.Open("sqlite", "file:"+filepath.Join(from, store.File)+"?mode=ro")
	must(err)
	defer func() { _ = src.Close() }()
	dst, err := sql.Open("sqlite", "file:"+filepath.Join(into, store.File)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-32768)&_pragma=wal_autocheckpoint(4000)")
	must(err)
	dst.SetMaxOpenConns(1)
	defer func() { _ = dst.Close() }()
	var total time.Duration
	for _, table := range []string{"series", "post", "snapshot", "post_latest", "series_value", "raw_chunk"} {
		total += copyTable(src, dst, table)
	}
	return total
}

const chunk = 2000

func copyTable(src, dst *sql.DB, table string) (took time.Duration) {
	rows, err := src.Query("SELECT * FROM " + table)
	must(err)
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	must(err)
	marks := strings.TrimSuffix(strings.Repeat("?,", len(names)), ",")
	insert, err := dst.Prepare("INSERT INTO " + table + " VALUES (" + marks + ")")
	must(err)
	defer func() { _ = insert.Close() }()
	var batch [][]any
	write := func() {
		start := time.Now()
		tx, err := dst.Begin()
		must(err)
		in := tx.Stmt(insert)
		defer func() { _ = in.Close() }() // the commit closes it as well
		for _, v := range batch {
			_, err := in.Exec(v...)
			must(err)
		}

		must(tx.Commit())
		took += time.Since(start)
		batch = batch[:0]
	}
	for rows.Next() {
		v, p := make([]any, len(names)), make([]any, len(names))
		for i := range v {
			p[i] = &v[i]
		}
		must(rows.Scan(p...))
		if batch = append(batch, v); len(batch) == chunk {
			write()
		}
	}
	must(rows.Err())
	write()
	return took
}

// writeSales writes sales of 30 regions and 30 products, day by day.
func writeSales(w io.Writer, n int) {
	_, _ = io.WriteString(w, "date,orders,revenue,region,product\n")
	first := goalpost.NewDay(2000, 1, 1)
	var day string
	for i := range n {
		if i%900 == 0 {
			day = (first + goalpost.Day(i/900)).String()
		}
		_, _ = fmt.Fprintf(w, "%s,%d,%d.%02d,region %d,product %d\n", day, i*7%50, 5+i*13%500, i%100, i/30%30, i%30)
	}
}

// writePosts writes a content export of a page that posts around the clock.
func writePosts(w io.Writer, n int) {
	_, _ = io.WriteString(w, "\ufeff"+`"Post ID","Page ID","Page name",Title,Description,"Duration (sec)","Publish time",Permalink,"Post type","Data comment",Date,Views,Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares,"Total clicks","Link Clicks"`+"\n")
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		at := start.Add(time.Duration(i) * 7 * time.Minute)
		likes, comments, shares := i*7%900, i*3%40, i%25
		_, _ = fmt.Fprintf(w, "%d,900,Harbour,,\"Post %d, with a text of\ntwo lines\",0,%s,https://facebook.com/p/%d,Photos,,Lifetime,%d,%d,%d,%d,%d,%d,%d,%d\n",
			1_000_000_000_000_000+i, i, at.Format("01/02/2006 15:04"), i, i%9000+likes, i%7000+likes, likes+comments+shares, likes, comments, shares, i%300, i%90)
	}
}
