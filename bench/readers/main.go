// Command readers is a crowd of readers against the real program: votes and
// comments with spam, pages sent twice, and kill -9 in between. At the end everything
// that was acknowledged must be there once, as it was sent; readers must see approved
// comments only, and nobody an e-mail address.
//
//	go run ./bench/readers [-n 10000] [-clients 16] [-kills 20] [-seed 1]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

func main() {
	o := Options{}
	flag.IntVar(&o.N, "n", 10_000, "votes and comments together")
	flag.IntVar(&o.Clients, "clients", 16, "readers at the same time")
	flag.IntVar(&o.Kills, "kills", 20, "how often the program is killed")
	flag.Uint64Var(&o.Seed, "seed", 1, "of the readers' choices")
	flag.Parse()
	r, err := Run(context.Background(), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(r)
	if len(r.Faults) > 0 {
		os.Exit(1)
	}
}
