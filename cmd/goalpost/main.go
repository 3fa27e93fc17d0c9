// Command goalpost is the whole product in one program: it serves the pages,
// imports files, judges goals and answers on the command line. It computes nothing
// itself: flags, environment and clock are read here and passed on as values.
package main

import (
	"context"
	"os"
	"os/signal"
	_ "time/tzdata" // time zones on machines without them
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	os.Exit(run(ctx, os.Args[1:], fromOutside()))
}
