package main

import (
	"fmt"
	"testing"
)

// A proxy is a network or one address, and nothing else.
func TestReadProxies(t *testing.T) {
	got, err := readProxies([]string{"10.0.0.0/8", "192.0.2.7", "2001:db8::1"})
	if want := "[10.0.0.0/8 192.0.2.7/32 2001:db8::1/128]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("\ngot:  %v, %v\nwant: %s", got, err, want)
	}
	for _, bad := range []string{"", "proxy", "10.0.0.0/99", "10.0.0"} {
		if _, err := readProxies([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
