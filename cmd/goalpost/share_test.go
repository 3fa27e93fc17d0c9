package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"goalpost/assess"
	"goalpost/document"
)

// shopAnswers are those of customers of stores, chosen store by store.
var shopAnswers = exampleFile("customers.csv")

// exampleFile is a table of the docs.
func exampleFile(name string) string { return filepath.Join("..", "..", "docs", "examples", name) }

var shopDesign = []string{"--strata", "region", "--cluster", "store", "--nest", "--weight", "weight", "--fpc", "stores"}

func shopArgs(file string, more ...string) []string {
	return slices.Concat([]string{"share", file}, shopDesign, more)
}

// steady writes JSON with numbers of nine digits, so that the last bits of another machine
// change nothing.
func steady(t *testing.T, text string) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case json.Number:
			f, _ := v.Float64()
			if math.Abs(f) < 1e-12 {
				return json.Number("0")
			}
			return json.Number(strconv.FormatFloat(f, 'g', 9, 64))
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		}
		return v
	}
	out, err := json.MarshalIndent(walk(v), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out) + "\n"
}

// Golden: what the command prints, in both languages, and as JSON and CSV.
func TestShareGolden(t *testing.T) {
	margins := exampleFile("population.csv")
	waves := []string{"share", exampleFile("waves.csv"), "--question", "knows_us", "--by", "wave", "--person", "person", "--strata", "size", "--weight", "weight", "--sample-kind", "probability"}
	for name, args := range map[string][]string{
		"likes":   shopArgs(shopAnswers, "--question", "likes", "--margins", margins, "--cross", "age", "--sample-kind", "panel"),
		"offers":  shopArgs(shopAnswers, "--question", "fair_price,good_quality,nice_packaging", "--multiple", "--by", "region", "--sample-kind", "list", "--invited", "400"),
		"happy":   shopArgs(shopAnswers, "--question", "happy", "--scale", "5", "--sample-kind", "self-selected"),
		"spent":   shopArgs(shopAnswers, "--question", "spent", "--mean"),
		"nps":     shopArgs(shopAnswers, "--question", "recommend", "--nps", "--by", "age", "--sample-kind", "census"),
		"publish": shopArgs(shopAnswers, "--question", "likes", "--by", "age", "--publish", "--sample-kind", "probability"),
		"waves":   waves,
	} {
		for _, language := range []string{"en", "de"} {
			r := call(t, append(slices.Clone(args), "--language", language)...).expect(t, 0)
			golden(t, filepath.Join("testdata", "share-"+name+"-"+language+".txt"), r.stdout)
		}
		r := call(t, append(slices.Clone(args), "--output", "json")...).expect(t, 0)
		golden(t, filepath.Join("testdata", "share-"+name+".json"), steady(t, r.stdout))
		rows := strings.Split(strings.TrimSpace(call(t, append(slices.Clone(args), "--output", "csv")...).expect(t, 0).stdout), "\n")
		if len(rows) < 3 || strings.Count(rows[0], ",") != 23 {
			t.Errorf("%s as CSV: %q", name, rows)
		}
	}
}

// Semicolons and decimal commas give the same numbers as commas and points.
func TestShareDecimalCommas(t *testing.T) {
	flags := []string{"--question", "spent", "--mean", "--output", "json"}
	english := read[document.Share](t, call(t, shopArgs(shopAnswers, flags...)...).expect(t, 0))
	german := read[document.Share](t, call(t, shopArgs(filepath.Join("testdata", "customers-de.csv"), flags...)...).expect(t, 0))
	if *english.Mean != *german.Mean && english.Mean.Value != german.Mean.Value || *english.Mean.SE != *german.Mean.SE || english.Base == 0 {
		t.Errorf("\ngot:  %+v\nwant: %+v", german.Mean, english.Mean)
	}
}

// Each fault is one sentence on stderr that names the file, where it is and what to do.
func TestShareRefusals(t *testing.T) {
	table := func(change func(lines []string) []string) string {
		data, err := os.ReadFile(shopAnswers)
		if err != nil {
			t.Fatal(err)
		}
		return fixture(t, "shop.csv", strings.Join(change(strings.Split(strings.TrimSpace(string(data)), "\n")), "\n")+"\n")
	}
	// cell changes one cell of a line of the file; columns count from 0.
	cell := func(line, column int, text string) func([]string) []string {
		return func(lines []string) []string {
			cells := strings.Split(lines[line-1], ",")
			cells[column] = text
			lines[line-1] = strings.Join(cells, ",")
			return lines
		}
	}
	same := func(lines []string) []string { return lines }
	margins := func(text string) []string {
		return []string{"--question", "likes", "--margins", fixture(t, "margins.csv", "margin,group,size\n"+text)}
	}
	likes := []string{"--question", "likes"}
	for name, c := range map[string]struct {
		change func([]string) []string
		flags  []string
		want   []string
	}{
		"no question":           {same, nil, []string{"--question", "likes"}},
		"missing column":        {same, []string{"--question", "taste"}, []string{"shop.csv", "“taste”", "likes", "--question"}},
		"missing weight column": {same, append([]string{"--weight", "pw"}, likes...), []string{"shop.csv", "“pw”", "region"}},
		"text in weights":       {cell(5, 4, "heavy"), likes, []string{"shop.csv", "line 5", "weight", "heavy"}},
		"negative weight":       {cell(6, 4, "-3"), likes, []string{"shop.csv", "line 6", "weight", "−3"}},
		"missing weight":        {cell(7, 4, ""), likes, []string{"shop.csv", "line 7", "weight"}},
		"lonely unit":           {cell(2, 1, "Island"), likes, []string{"shop.csv", "Island", "--lonely"}},
		"population varies":     {cell(4, 3, "41"), likes, []string{"shop.csv", "line 4", "stores", "41"}},
		"no stratum":            {cell(9, 1, ""), likes, []string{"shop.csv", "line 9", "region"}},
		"unknown value":         {cell(8, 7, "maybe"), []string{"--question", "fair_price,good_quality", "--multiple"}, []string{"shop.csv", "line 8", "fair_price", "maybe"}},
		"off the scale":         {cell(8, 14, "7"), []string{"--question", "happy", "--scale", "5"}, []string{"shop.csv", "line 8", "happy", "“7”", "1 to 5"}},
		"duplicate header":      {func(l []string) []string { l[0] = strings.Replace(l[0], "age", "likes", 1); return l }, likes, []string{"shop.csv", "“likes”", "Rename"}},
		"empty file":            {func([]string) []string { return nil }, likes, []string{"shop.csv"}},
		"header alone":          {func(l []string) []string { return l[:1] }, likes, []string{"shop.csv"}},
		"only where":            {same, append([]string{"--where", "region=East"}, likes...), []string{"shop.csv", "region=East", "--where"}},
		"contradiction":         {same, margins("region,North,5200\nregion,South,2600\nregion,West,4200\nage,18-34,3600\nage,35-54,4400\nage,55+,9000\n"), []string{"margins.csv", "12,000", "17,000", "“age”", "“region”"}},
		"empty group":           {same, margins("age,18-34,3600\nage,35-54,4400\nage,55+,4000\nage,90+,10\n"), []string{"margins.csv", "line 5", "90+"}},
		"group not in margins":  {same, margins("age,18-34,3600\nage,35-54,4400\n"), []string{"shop.csv", "“55+”", "margins.csv"}},
		"margin missing":        {cell(3, 5, ""), margins("age,18-34,3600\nage,35-54,4400\nage,55+,4000\n"), []string{"shop.csv", "line 3", "age", "--keep-missing"}},
		"margin no column":      {same, margins("colour,red,3\n"), []string{"margins.csv", "line 2", "colour"}},
		"group twice":           {same, margins("age,18-34,3600\nage,18-34,4400\n"), []string{"margins.csv", "line 3", "line 2"}},
		"out of reach":          {same, append(margins("age,18-34,11000\nage,35-54,500\nage,55+,500\n"), "--cap", "1.5"), []string{"margins.csv", "--cap", "“age”"}},
		"margin of replicates":  {same, append(margins("age,18-34,3600\nage,35-54,4400\nage,55+,4000\n"), "--by", "region", "--changes", "--bootstrap", "200"), []string{"margins.csv", "replicates"}},
		"trim":                  {same, append([]string{"--trim", "100,200"}, likes...), []string{"--trim"}},
		"too many values":       {func(l []string) []string { return many(l) }, []string{"--question", "id"}, []string{"shop.csv", "id", "--mean"}},
		"flags":                 {same, append([]string{"--nps", "--mean"}, likes...), []string{"--nps"}},
		"person without waves":  {same, append([]string{"--person", "id"}, likes...), []string{"--person", "--by"}},
		"replicates":            {same, append([]string{"--replicates", "rep*", "--replicate-type", "JK1"}, likes...), []string{"shop.csv", "rep*"}},
		"kind of sample":        {same, append([]string{"--sample-kind", "good"}, likes...), []string{"--sample-kind", "self-selected"}},
		"rscales":               {same, append([]string{"--replicates", "id,store", "--replicate-type", "JKn"}, likes...), []string{"--rscales"}},
	} {
		t.Run(name, func(t *testing.T) {
			args := slices.Concat([]string{"share", table(c.change)}, shopDesign, c.flags)
			for _, language := range []string{"en", "de"} {
				r := call(t, append(slices.Clone(args), "--language", language)...).expect(t, 2)
				for _, want := range c.want {
					if language == "en" && !strings.Contains(r.stderr, want) {
						t.Errorf("\ngot:  %s\nwant: %s", r.stderr, want)
					}
				}
				if strings.Contains(r.stderr, "error.") || strings.Contains(r.stderr, "{") || r.stdout != "" {
					t.Errorf("%s: %s%s", language, r.stderr, r.stdout)
				}
			}
		})
	}
	r := call(t, "share", shopAnswers, "--strata", "region", "--cluster", "store", "--weight", "weight", "--question", "likes").expect(t, 2)
	if !strings.Contains(r.stderr, "--nest") || !strings.Contains(r.stderr, "store") || !strings.Contains(r.stderr, "line ") {
		t.Errorf("a unit across strata\ngot: %s", r.stderr)
	}
}

// many repeats the rows until the numbers are more than answers can be.
func many(lines []string) []string {
	out := lines[:1:1]
	for i := range 300 {
		cells := strings.SplitN(lines[1+i%(len(lines)-1)], ",", 2)
		out = append(out, strconv.Itoa(i)+","+cells[1])
	}
	return out
}

// What nobody answered is counted as such: who was asked and who answered, the limits that
// hold whatever the others would have said, and a warning below seven in ten.
func TestShareUnanswered(t *testing.T) {
	d := shareCall(t, shopArgs(shopAnswers, "--question", "happy", "--scale", "5")[1:]...)
	if d.Asked != 77 || d.Base >= d.Asked || !(d.Answered < 1) || slices.Contains(d.WarningCodes, "share.note.answered") {
		t.Errorf("got: asked %d, answered %d (%.3f), %v", d.Asked, d.Base, d.Answered, d.WarningCodes)
	}
	for _, o := range d.Options {
		if math.Abs(*o.BoundLo-*o.Share*d.Answered) > 1e-12 || math.Abs(*o.BoundHi-*o.BoundLo-(1-d.Answered)) > 1e-12 {
			t.Errorf("%s: bounds %v to %v of %v with %v answered", o.Key, *o.BoundLo, *o.BoundHi, *o.Share, d.Answered)
		}
	}
	d = shareCall(t, shopArgs(shopAnswers, "--question", "spent", "--mean")[1:]...)
	if !slices.Contains(d.WarningCodes, "share.note.answered") || !(d.Answered < 0.7) {
		t.Errorf("got: %v answered, %v", d.Answered, d.WarningCodes)
	}
}

// Ticks alone do not say whether an empty cell is a no: the command asks.
func TestShareTicks(t *testing.T) {
	file := fixture(t, "ticks.csv", "id,a,b\n1,x,\n2,,x\n3,x,x\n4,,\n5,x,\n")
	r := call(t, "share", file, "--question", "a,b", "--multiple").expect(t, 2)
	if !strings.Contains(r.stderr, "--blank") {
		t.Errorf("got: %s", r.stderr)
	}
	d := shareCall(t, file, "--question", "a,b", "--multiple", "--blank", "no")
	if d.Base != 5 || *d.Options[0].Share != 0.6 {
		t.Errorf("got: %d, %v", d.Base, *d.Options[0].Share)
	}
	d = shareCall(t, file, "--question", "a,b", "--multiple", "--blank", "missing")
	if d.Base != 4 || *d.Options[0].Share != 1 || *d.Options[0].Lo >= 1 {
		t.Errorf("got: %d, %+v", d.Base, d.Options[0])
	}
}

// Shares of all and of nobody have a range, whatever the method.
func TestShareOfAllAndNone(t *testing.T) {
	text := "a,b\n"
	for range 40 {
		text += "yes,0\n"
	}
	file := fixture(t, "agreed.csv", text)
	for _, method := range []string{"auto", "wilson", "beta", "logit", "asin", "wald", "likelihood"} {
		d := shareCall(t, file, "--question", "a,b", "--multiple", "--interval", method)
		all, none := d.Options[0], d.Options[1]
		if *all.Share != 1 || *all.Hi != 1 || !(*all.Lo > 0.8 && *all.Lo < 1) || *none.Share != 0 || *none.Lo != 0 || !(*none.Hi > 0 && *none.Hi < 0.2) {
			t.Errorf("%s: %+v %+v", method, all, none)
		}
	}
}

// What is published tells nothing about single people: small cells are hidden, and none that
// is hidden can be computed from the others.
func TestSharePublish(t *testing.T) {
	args := shopArgs(shopAnswers, "--question", "likes", "--by", "age", "--cross", "region")[1:]
	open := shareCall(t, args...)
	d := shareCall(t, append(args, "--publish")...)
	for at, groups := range map[string][]assess.ShareDomain{"by": d.Groups, "cross": d.Cross.Groups} {
		hidden := 0
		for k := range d.Options {
			column := 0
			for _, g := range groups {
				if g.Options[k].Hidden {
					column++
				}
			}
			if column == 1 {
				t.Errorf("%s: %s can be computed from the other groups", at, d.Options[k].Key)
			}
			hidden += column
		}
		for _, g := range groups {
			row := 0
			for _, o := range g.Options {
				switch {
				case o.Hidden:
					row++
					if o.Share != nil || o.N != nil || o.BoundLo != nil || o.SE != nil {
						t.Errorf("%s: hidden, but %+v", at, o)
					}
				case *o.N < 3 || *o.Base-*o.N < 3 || *o.Base < 10:
					t.Errorf("%s: too small, but shown: %+v", at, o)
				case math.Abs(*o.Share*100-math.Round(*o.Share*100)) > 1e-9:
					t.Errorf("%s: %v is finer than a percent of %d", at, *o.Share, *o.Base)
				}
			}
			if row == 1 {
				t.Errorf("%s: the hidden option of %s can be computed", at, g.Key)
			}
		}
		if hidden == 0 {
			t.Errorf("%s: nothing is hidden, so this test shows nothing", at)
		}
	}
	if *d.NEff > float64(d.Base) || !(*open.NEff > 0) || !slices.Contains(d.WarningCodes, "share.note.hidden") || !d.Published {
		t.Errorf("got: %v of %d, %v", *d.NEff, d.Base, d.WarningCodes)
	}
	for _, o := range d.Options {
		if !o.Hidden && *o.NEff > float64(*o.Base) {
			t.Errorf("%s promises %v effective of %d", o.Key, *o.NEff, *o.Base)
		}
	}
}

// Only a random sample has a margin of sampling error. What is said of the others says that
// they are none.
func TestShareSaysWhatARangeIs(t *testing.T) {
	for kind, want := range map[string]string{"census": "Everybody was asked", "probability": "sampling error", "list": "Everybody on a list", "panel": "They are not", "self-selected": "They are not", "unknown": "--sample-kind", "": "--sample-kind"} {
		args := shopArgs(shopAnswers, "--question", "likes")
		if kind != "" {
			args = append(args, "--sample-kind", kind)
		}
		r := call(t, args...).expect(t, 0)
		said := strings.Join(strings.Fields(r.stdout), " ")
		if !strings.Contains(said, want) {
			t.Errorf("%s\ngot:  %s\nwant: %s", kind, said, want)
		}
		if kind != "probability" && strings.Contains(said, "sampling error") {
			t.Errorf("%s is called sampling error: %s", kind, said)
		}
	}
	d := shareCall(t, shopArgs(shopAnswers, "--question", "likes", "--sample-kind", "list", "--invited", "770")[1:]...)
	if d.Response == nil || math.Abs(d.Response.Rate-0.1) > 1e-12 || math.Abs(d.Response.Moves-9) > 1e-12 || d.SampleKind != "list" {
		t.Errorf("got: %+v", d.Response)
	}
}

// Draws with a seed are the same again, and others with another; leaving units out is what
// linearisation approximates.
func TestShareReplicates(t *testing.T) {
	args := shopArgs(shopAnswers, "--question", "likes")[1:]
	plain := shareCall(t, args...)
	first := shareCall(t, append(slices.Clone(args), "--bootstrap", "300", "--seed", "4")...)
	again := shareCall(t, append(slices.Clone(args), "--bootstrap", "300", "--seed", "4")...)
	other := shareCall(t, append(slices.Clone(args), "--bootstrap", "300", "--seed", "5")...)
	jackknife := shareCall(t, append(slices.Clone(args), "--jackknife")...)
	if *first.Options[0].SE != *again.Options[0].SE || *first.Options[0].SE == *other.Options[0].SE || *first.Design.Seed != 4 || first.Design.Replicates != 300 {
		t.Errorf("got: %v, %v, %v", *first.Options[0].SE, *again.Options[0].SE, *other.Options[0].SE)
	}
	for name, d := range map[string]document.Share{"bootstrap": first, "jackknife": jackknife} {
		if r := *d.Options[0].SE / *plain.Options[0].SE; r < 0.8 || r > 1.35 || d.Design.Variance != "replicates" {
			t.Errorf("%s: %v times the linearised error", name, r)
		}
	}
}

// Margins may be shares; trimmed weights keep their limits, and what they no longer fit is said.
func TestShareMarginShares(t *testing.T) {
	counts := fixture(t, "counts.csv", "margin,group,size\nage,18-34,3600\nage,35-54,4400\nage,55+,4000\n")
	parts := fixture(t, "parts.csv", "margin;group;size\nage;18-34;30\nage;35-54;36,7\nage;55+;33,3\n")
	args := shopArgs(shopAnswers, "--question", "likes")[1:]
	a, b := shareCall(t, append(slices.Clone(args), "--margins", counts)...), shareCall(t, append(slices.Clone(args), "--margins", parts)...)
	for k := range a.Options {
		if math.Abs(*a.Options[k].Share-*b.Options[k].Share) > 1e-3 || *a.Options[k].Share == *shareCall(t, args...).Options[k].Share {
			t.Errorf("%s\ngot:  %v\nwant: %v", a.Options[k].Key, *b.Options[k].Share, *a.Options[k].Share)
		}
	}
	if !b.Weights.AsShares || a.Weights.AsShares || math.Abs(a.Weights.Sum-12000) > 1e-6 {
		t.Errorf("got: %+v", b.Weights)
	}
	d := shareCall(t, append(slices.Clone(args), "--margins", counts, "--trim", "100,200")...)
	if d.Weights.Min < 100-1e-9 || d.Weights.Max > 200+1e-9 || d.Weights.Trimmed == 0 || math.Abs(d.Weights.Sum-12000) > 1e-6 {
		t.Errorf("got: %+v", d.Weights)
	}
	d = shareCall(t, append(slices.Clone(args), "--margins", counts, "--cap", "1.5")...)
	if d.Weights.Max > 1.5*d.Weights.Mean*(1+1e-9) || d.Weights.Worst > 1e-9 || d.Weights.AtCap == 0 {
		t.Errorf("got: %+v", d.Weights)
	}
}

// Every wave is weighted to the margins by itself, and a person who moves keeps the stratum in
// which they were drawn.
func TestShareWaveMargins(t *testing.T) {
	file := exampleFile("waves.csv")
	margins := fixture(t, "m.csv", "margin,group,size\nsize,small,700\nsize,large,300\n")
	d := shareCall(t, file, "--question", "size", "--by", "wave", "--weight", "weight", "--margins", margins)
	for _, g := range d.Groups {
		if math.Abs(*g.Options[0].Share-0.3) > 1e-9 {
			t.Errorf("%s: %v are large, the margin says 0.3", g.Key, *g.Options[0].Share)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	moved := fixture(t, "moved.csv", strings.Replace(string(text), "2026,3,large", "2026,3,small", 1))
	d = shareCall(t, moved, "--question", "knows_us", "--by", "wave", "--person", "person", "--strata", "size", "--weight", "weight")
	if !slices.Contains(d.WarningCodes, "share.note.moved") || len(d.Changes) != 4 {
		t.Errorf("got: %v, %d changes", d.WarningCodes, len(d.Changes))
	}
}
