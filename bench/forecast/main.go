// Command forecast measures what one forecast costs: three years of daily history,
// 90 days ahead, on one core.
//
//	go run ./bench/forecast
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"goalpost/forecast"
	"goalpost/infer"
)

func main() {
	runtime.GOMAXPROCS(1)
	rng := infer.Rand(1, 1)
	h := forecast.History{Y: make([]float64, 1095)}
	for i := range h.Y {
		h.Y[i] = math.Round(300 * math.Exp(.3*rng.NormFloat64()) * (1 + .3*math.Sin(float64(i)*2*math.Pi/7)))
	}
	fmt.Printf("%-8s %8s %8s %10s\n", "kind", "p50 ms", "p95 ms", "KB a goal")
	for name, f := range map[string]func(seed uint64) error{
		"sum": func(s uint64) error {
			_, err := forecast.Sum(h, forecast.Horizon{Days: 90}, forecast.Realised{Days: 30}, infer.Rand(s, 0))
			return err
		},
		"level": func(s uint64) error {
			_, err := forecast.Level(h, 1000, forecast.Horizon{Days: 90}, infer.Rand(s, 0))
			return err
		},
	} {
		var took []time.Duration
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		const runs = 200
		for i := range runs {
			start := time.Now()
			if err := f(uint64(i)); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			took = append(took, time.Since(start))
		}
		runtime.ReadMemStats(&after)
		slices.Sort(took)
		fmt.Printf("%-8s %8.1f %8.1f %10d\n", name, took[runs/2].Seconds()*1000, took[runs*95/100].Seconds()*1000, (after.TotalAlloc-before.TotalAlloc)/runs/1024)
	}
}
