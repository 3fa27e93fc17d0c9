package assess

import (
	"math"
	"slices"

	"goalpost"
)

// publish hides cells from which one could tell what single people answered, and those that
// would give them away by subtraction.
func (r *ShareReport) publish() {
	hidden := r.ShareResult.publish()
	for k := range r.Further {
		hidden = r.Further[k].publish() || hidden
	}
	if hidden {
		r.Warnings = append(r.Warnings, goalpost.NewNote("share.note.hidden", goalpost.NumberArg(publicBase), goalpost.NumberArg(publicCell)))
	}
}

func (r *ShareResult) publish() (hidden bool) {
	addUp := r.Kind != string(kindMultiple)
	hidden = hideSmall([]*ShareDomain{&r.ShareDomain}, addUp, false)
	var groups []*ShareDomain
	for k := range r.Groups {
		groups = append(groups, &r.Groups[k])
	}
	hidden = hideSmall(groups, addUp, true) || hidden
	hidden = hideSmall(r.Cross.domains(), addUp, true) || hidden
	hides := func(key, option string) bool {
		return slices.ContainsFunc(r.Groups, func(d ShareDomain) bool {
			return d.Key == key && (d.Hidden || slices.ContainsFunc(d.Options, func(o ShareOption) bool { return o.Key == option && o.Hidden }))
		})
	}
	for k := range r.Changes {
		c := &r.Changes[k]
		if hides(c.From, c.Option) || hides(c.To, c.Option) {
			*c = ShareChange{From: c.From, To: c.To, Option: c.Option, Unit: c.Unit, Hidden: true}
		}
	}
	for _, d := range append(append([]*ShareDomain{&r.ShareDomain}, groups...), r.Cross.domains()...) {
		d.round()
	}
	return hidden
}

// domains are the columns of a table; none without one.
func (c *ShareCross) domains() (out []*ShareDomain) {
	if c == nil {
		return nil
	}
	for k := range c.Groups {
		out = append(out, &c.Groups[k])
	}
	return out
}

// hideSmall hides small cells of a table of groups and options. Where one hidden cell stands
// alone among cells that add up to a known number, the smallest of the others goes with it,
// until no hidden cell can be computed.
func hideSmall(groups []*ShareDomain, optionsAddUp, groupsAddUp bool) bool {
	some := false
	hide := func(o *ShareOption) { *o, some = ShareOption{Key: o.Key, Hidden: true}, true }
	for _, d := range groups {
		if d.Base < publicBase && d.Base > 0 {
			for k := range d.Options {
				hide(&d.Options[k])
			}
			*d, some = ShareDomain{Key: d.Key, Options: d.Options, Hidden: true}, true
		}
		for k := range d.Options {
			if o := &d.Options[k]; !o.Hidden && o.N != nil && tooFew(*o.N, *o.Base) {
				hide(o)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, d := range groups {
			var row []*ShareOption
			for k := range d.Options {
				row = append(row, &d.Options[k])
			}
			changed = optionsAddUp && hideAnother(row, hide) || changed
		}
		for k := 0; groupsAddUp && len(groups) > 0 && k < len(groups[0].Options); k++ {
			var column []*ShareOption
			for _, d := range groups {
				column = append(column, &d.Options[k])
			}
			changed = hideAnother(column, hide) || changed
		}
	}
	return some
}

// tooFew is isSmall with counts; nobody and everybody are few too.
func tooFew(n, base int) bool {
	return base < publicBase || n < publicCell || base-n < publicCell
}

// hideAnother hides the smallest cell beside one that is hidden alone.
func hideAnother(cells []*ShareOption, hide func(*ShareOption)) bool {
	hidden := 0
	var least *ShareOption
	for _, o := range cells {
		switch {
		case o.Hidden:
			hidden++
		case o.N != nil && (least == nil || *o.N < *least.N):
			least = o
		}
	}
	if hidden != 1 || least == nil {
		return false
	}
	hide(least)
	return true
}

// wholeBelow is below which base percentages are published as whole numbers: finer ones
// would tell how many people stand behind them, and promise more than is known.
const wholeBelow = 100

func (d *ShareDomain) round() {
	if d.Base >= wholeBelow {
		return
	}
	for k := range d.Options {
		o := &d.Options[k]
		for _, v := range []**float64{&o.Share, &o.Lo, &o.Hi, &o.Unweighted, &o.Mentions, &o.BoundLo, &o.BoundHi} {
			if *v != nil {
				x := math.Round(**v*100) / 100
				*v = &x
			}
		}
	}
}
