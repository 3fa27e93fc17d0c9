package store

import "testing"

// The first change that is missing is made next, also when a later one was made before it
// and when a number was left out.
func TestFirstMissing(t *testing.T) {
	db := open(t, Options{})
	conn, err := db.read.Conn(ctx) // the writer keeps its own
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	all, err := migrations("")
	if err != nil {
		t.Fatal(err)
	}
	last := all[len(all)-1].number
	for _, c := range []struct {
		list []migration
		want int
	}{
		{all, -1},
		{append(append([]migration{}, all...), migration{number: last + 2}), len(all)},
		{append([]migration{{number: last + 1}}, all...), 0},
		{nil, -1},
	} {
		if got, err := firstMissing(ctx, conn, c.list); err != nil || got != c.want {
			t.Errorf("\ngot:  %d %v\nwant: %d", got, err, c.want)
		}
	}
}
