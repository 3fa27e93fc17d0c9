package ingest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"goalpost"
)

func populationOf(t testing.TB, text string) ([]PopulationRow, error) {
	t.Helper()
	return Population(t.Context(), Source{R: strings.NewReader(text), Size: int64(len(text))})
}

// Tables as people in both countries write them.
func TestPopulation(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"question,option,size\nage,18-34,220\nage,35-54,380.5\n", "2 age 18-34 220 false, 3 age 35-54 380.5 false"},
		{"Frage;Antwort;Anteil\nAlter;18 bis 34;22,5\n;35 bis 54;38\n", "2 Alter 18 bis 34 22.5 true, 3 Alter 35 bis 54 38 true"},
		{"\ufeffGruppe\tAnzahl\tMerkmal\nunter 30\t1.234\tAlter\nab 30\t2.345\tAlter\n", "2 Alter unter 30 1234 false, 3 Alter ab 30 2345 false"},
		{"question,option,size\nage,a,\"1,234\"\nage,b,\"12,345\"\n", "2 age a 1234 false, 3 age b 12345 false"},
		{"question;option;size\nage;a;12,345 %\nage;b;87,655%\n", "2 age a 12.345 true, 3 age b 87.655 true"},
		{"age,a,40%\nage,b,60%\n", "1 age a 40 true, 2 age b 60 true"},
		{"age;a;40,5\nage;b;59,5\n", "1 age a 40.5 false, 2 age b 59.5 false"},
	} {
		list, err := populationOf(t, c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		var got []string
		for _, x := range list {
			got = append(got, fmt.Sprint(x.Line, " ", x.Question, " ", x.Option, " ", x.Size, " ", x.Percent))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q\ngot:  %s\nwant: %s", c.text, s, c.want)
		}
	}
}

// What is wrong is named by line and column.
func TestPopulationRefuses(t *testing.T) {
	for _, c := range []struct {
		text, key, field string
		line             int
	}{
		{"question,option,size\nage,a,many\n", "size", "size", 2},
		{"question,option,size\nage,a,3\nage,b,-1\n", "size", "size", 3},
		{"question,option,size\n,a,3\n", "question", "question", 2},
		{"question,option,size\nage,,3\n", "option", "option", 2},
		{"question,option,size\nage,a,\"3,25\"\nage,b,4.25\n", "decimal", "size", 2},
		{"question,option,weight\nage,a,3\n", "header", "size", 1},
		{"question,option,size\n", "empty", "", 0},
	} {
		_, err := populationOf(t, c.text)
		e, ok := errors.AsType[*goalpost.Error](err)
		if !ok || e.Key != "error.population-file."+c.key || e.Field != c.field || e.Line != c.line {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

// Whatever stands in a file, sizes are numbers that are not below zero, and rows name a
// question and an option.
func FuzzPopulation(f *testing.F) {
	f.Add("question,option,size\nage,18-34,\"1,234\"\n")
	f.Add("Frage;Antwort;Anteil\nAlter;18 bis 34;22,5 %\n")
	f.Add("a\tb\t1e309\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := populationOf(t, text)
		if err != nil {
			if _, ok := errors.AsType[*goalpost.Error](err); !ok {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		for _, x := range list {
			if !(x.Size >= 0) || x.Size > 1e308 || x.Question == "" || x.Option == "" || x.Line < 1 {
				t.Errorf("%q: %+v", text, x)
			}
		}
	})
}
