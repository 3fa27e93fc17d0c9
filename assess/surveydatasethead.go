package assess

import (
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/dataset"
)

// plain adds a variable that is no question's.
func (l *datasetLayout) plain(v dataset.Variable, of func(goalpost.Answer) dataset.Value) {
	if v.Label == "" {
		v.Label = l.Say.T("dataset.column." + strings.ReplaceAll(v.Name, "_", "-"))
	}
	l.variables = append(l.variables, v)
	l.values = append(l.values, func(a datasetAnswer) dataset.Value { return of(a.Answer) })
}

// head adds what is known of an answer beside what was answered: the columns of Table.
func (l *datasetLayout) head(anonymous bool) {
	number := func(name string, m dataset.Measure, of func(goalpost.Answer) float64) {
		l.plain(dataset.Variable{Name: name, Measure: m, Serial: name == "answer"}, func(x goalpost.Answer) dataset.Value { return dataset.Number(of(x)) })
	}
	text := func(name string, of func(goalpost.Answer) string) {
		l.plain(dataset.Variable{Name: name, Text: true, Measure: dataset.Nominal}, func(x goalpost.Answer) dataset.Value { return dataset.Text(of(x)) })
	}
	number("answer", dataset.Nominal, func(x goalpost.Answer) float64 { return float64(x.Seq) })
	text("id", func(x goalpost.Answer) string { return x.ID })
	var states []dataset.Label
	for i, s := range goalpost.AnswerStates() {
		states = append(states, dataset.Label{Value: dataset.Number(float64(i + 1)), Label: l.Say.T("survey.answer-state." + string(s))})
	}
	l.plain(dataset.Variable{Name: "state", Measure: dataset.Nominal, Values: states}, func(x goalpost.Answer) dataset.Value {
		return dataset.Number(float64(slices.Index(goalpost.AnswerStates(), x.State) + 1))
	})
	number("form_version", dataset.Ordinal, func(x goalpost.Answer) float64 { return float64(x.Version) })
	text("channel", func(x goalpost.Answer) string { return x.Channel })
	text("campaign", func(x goalpost.Answer) string { return x.Campaign })
	text("language", func(x goalpost.Answer) string { return x.Language })
	var devices []dataset.Label
	for _, d := range []goalpost.DeviceClass{goalpost.DevicePhone, goalpost.DeviceDesk, goalpost.DeviceProgram} {
		devices = append(devices, dataset.Label{Value: dataset.Text(string(d)), Label: l.Say.T("web.surveyanswers.device." + string(d))})
	}
	l.plain(dataset.Variable{Name: "device", Text: true, Measure: dataset.Nominal, Values: devices}, func(x goalpost.Answer) dataset.Value { return dataset.Text(string(x.Device)) })
	moment := func(name string, of func(goalpost.Answer) time.Time) {
		v := dataset.Variable{Name: name, Measure: dataset.Scale, Format: dataset.Moment}
		if anonymous {
			v.Format = dataset.Day
		}
		l.plain(v, func(x goalpost.Answer) dataset.Value { return dataset.Number(float64(of(x).Unix())) })
	}
	moment("begun_at", func(x goalpost.Answer) time.Time { return x.BegunAt })
	moment("changed_at", func(x goalpost.Answer) time.Time { return x.ChangedAt })
	l.plain(dataset.Variable{Name: "seconds", Measure: dataset.Scale}, func(x goalpost.Answer) dataset.Value {
		if x.Seconds <= 0 {
			return dataset.Nothing()
		}
		return dataset.Number(float64(x.Seconds))
	})
	text("flags", func(x goalpost.Answer) string { return strings.Join(x.Flags, " ") })
}

// weights add a column for each way of weighting.
func (l *datasetLayout) weights() {
	for _, w := range l.Weights {
		l.plain(dataset.Variable{Name: w.Name, Label: w.Label, Measure: dataset.Scale, Decimals: 6, Weight: true}, func(x goalpost.Answer) dataset.Value {
			if v, ok := w.Of[x.Seq]; ok {
				return dataset.Number(v)
			}
			return dataset.Nothing()
		})
	}
}
