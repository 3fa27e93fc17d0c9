package web

import (
	"fmt"
	"runtime/debug"
)

// caught, deferred, turns a fault of the program into an error: one file or one analysis
// fails then, and not the server for everybody, again at each start.
func caught(what string, err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("web: %s: %v\n%s", what, fault, debug.Stack())
	}
}
