package assess

import (
	"strconv"

	"goalpost"
)

// StudyTemplate is a small made-up study that shows what a file can say.
func StudyTemplate() goalpost.Study {
	text := func(en, de string) goalpost.Text { return goalpost.Text{"en": en, "de": de} }
	source := "https://example.org/report-2026"
	return goalpost.Study{ID: "example-2026", Title: text("An example study", "Eine Beispielstudie"), Publisher: "Example Institute",
		Waves: []goalpost.Wave{
			{ID: "2025", FieldFrom: "2025-10", FieldTo: "2025-11", N: 240, Sample: goalpost.SampleSelfSelected, Recruiting: text("By newsletter", "Über einen Newsletter"), Mode: text("On the internet", "Im Internet")},
			{ID: "2026", FieldFrom: "2026-10-01", FieldTo: "2026-10-31", N: 310, Sample: goalpost.SampleSelfSelected, Recruiting: text("By newsletter", "Über einen Newsletter"), Mode: text("On the internet", "Im Internet")}},
		References: []goalpost.Reference{{ID: "2025", Wave: "2025", Kind: goalpost.ReferenceCurrent}, {ID: "2026", Wave: "2026", Kind: goalpost.ReferenceCurrent}, {ID: "2027 expected", Wave: "2026", Kind: goalpost.ReferenceExpected}},
		Questions: []goalpost.Question{{Code: "goals", Version: 1, Type: goalpost.MultipleChoice, Wording: text("Which goals do you pursue on social media?", "Welche Ziele verfolgen Sie auf Social Media?"),
			Options: []goalpost.Item{{Code: "sales"}, {Code: "engagement"}, {Code: "community", Label: text("Build a community", "Eine Gemeinschaft aufbauen")}}}},
		Figures: []goalpost.Figure{
			{Question: "goals", Reference: "2025", Option: "sales", Percent: "58.3", Base: 240, Kind: goalpost.BaseStated, Quality: goalpost.QualitySeen, Source: source},
			{Question: "goals", Reference: "2025", Option: "engagement", About: "50", Kind: goalpost.BaseUnknown, Quality: goalpost.QualitySecondary, Source: source, Note: text("Quoted in a newspaper", "In einer Zeitung zitiert")},
			{Question: "goals", Reference: "2026", Option: "sales", Percent: "51.6", Base: 310, Kind: goalpost.BaseAssumed, Quality: goalpost.QualitySeen, Source: source},
			{Question: "goals", Reference: "2026", Option: "community", Below: "20", Kind: goalpost.BaseUnknown, Quality: goalpost.QualitySeen, Source: source},
			{Question: "goals", Reference: "2027 expected", Option: "sales", Percent: "63.5", Base: 310, Kind: goalpost.BaseAssumed, Quality: goalpost.QualitySeen, Source: source}}}
}

// StudyRows writes a study as the rows of a table, one a figure, in the order of
// StudyColumns.
func StudyRows(s goalpost.Study) [][]string {
	var rows [][]string
	for _, f := range s.Figures {
		ref, _ := s.Reference(f.Reference)
		w, _ := s.Wave(ref.Wave)
		q, _ := s.Question(f.Question, f.Version)
		o, _ := q.Option(f.Option)
		cells := map[string]string{"study": s.ID, "publisher": s.Publisher, "wave": w.ID, "fielded_from": w.FieldFrom, "fielded_to": w.FieldTo, "n": count(w.N), "sample_kind": string(w.Sample),
			"reference": ref.ID, "reference_kind": string(ref.Kind), "question": q.Code, "version": strconv.Itoa(q.Version), "type": string(q.Type), "option": o.Code,
			"percent": string(f.Percent), "below": string(f.Below), "about": string(f.About), "mean": string(f.Mean), "base": count(f.Base), "base_kind": string(f.Kind), "quality": string(f.Quality), "source": f.Source}
		for column, t := range map[string]goalpost.Text{"title": s.Title, "recruiting": w.Recruiting, "mode": w.Mode, "wording": q.Wording, "label": o.Label, "note": f.Note} {
			cells[column+"_en"], cells[column+"_de"] = t["en"], t["de"]
		}
		var row []string
		for _, column := range StudyColumns() {
			row = append(row, cells[column])
		}
		rows = append(rows, row)
	}
	return rows
}

// count writes a number of people; one that is not known is an empty cell.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
