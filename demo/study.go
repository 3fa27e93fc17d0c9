package demo

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// StudyTruth is what a simulated study was made from.
type StudyTruth struct {
	Waves []string  // ids, in order
	Mix   []float64 // [wave] share of brands among the respondents; the rest are agencies
	// Sales is the share of brands and of agencies that want to sell, by wave.
	Sales [][2]float64
	// Engagement is the same for engagement: it never changes within a group.
	Engagement [2]float64
	// Measured is how often those who want to sell measure sales.
	Measured float64
	Tables   []string // files, one row a respondent
	Maps     []string // files that say what the columns mean
}

// WriteStudy simulates three waves of a study with n respondents each and writes their
// tables and column maps into dir. Brands become more among the respondents; among
// brands and agencies alike the wish to sell falls by 20 points from the first to the
// second wave and then stays, engagement does not change, and the list of metrics is
// another one in the third wave. The same seed gives the same bytes.
func WriteStudy(dir string, seed uint64, n int) (StudyTruth, error) {
	truth := StudyTruth{Waves: []string{"2024", "2025", "2026"}, Mix: []float64{0.38, 0.46, 0.60}, Sales: [][2]float64{{0.80, 0.60}, {0.60, 0.40}, {0.60, 0.40}},
		Engagement: [2]float64{0.80, 0.45}, Measured: 0.6}
	rng := rand.New(rand.NewPCG(seed, 7))
	for i, wave := range truth.Waves {
		rows := [][]string{{"id", "weight", "business", "goal_sales", "goal_engagement", "goal_brand", "metrics", "understand", "e-mail"}}
		for k := range n {
			rows = append(rows, truth.respondent(rng, i, k))
		}
		table, plan := "wave-"+wave+".csv", "wave-"+wave+".map.json"
		if err := writeTable(filepath.Join(dir, table), rows); err != nil {
			return truth, err
		}
		data, err := json.MarshalIndent(waveMap(wave, i == 2), "", "  ")
		if err != nil {
			return truth, fmt.Errorf("demo: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, plan), data, 0o600); err != nil {
			return truth, fmt.Errorf("demo: %w", err)
		}
		truth.Tables, truth.Maps = append(truth.Tables, table), append(truth.Maps, plan)
	}
	return truth, nil
}

// respondent is one row of wave i.
func (t StudyTruth) respondent(rng *rand.Rand, i, k int) []string {
	group, name := 1, "Agency"
	if rng.Float64() < t.Mix[i] {
		group, name = 0, "Brand"
	}
	tick := func(p float64) (string, bool) {
		if rng.Float64() < p {
			return "x", true
		}
		return "0", false
	}
	sales, wants := tick(t.Sales[i][group])
	engagement, _ := tick(t.Engagement[group])
	brand, _ := tick(0.5)
	metrics := "followers"
	if wants && rng.Float64() < t.Measured {
		metrics += "; revenue"
	}
	if rng.Float64() < 0.7 {
		metrics += "; interactions"
	}
	understand := "no"
	if rng.Float64() < 0.77-0.07*float64(i) {
		understand = "yes"
	}
	weight := strconv.FormatFloat(0.7+0.6*rng.Float64(), 'f', 3, 64)
	return []string{strconv.Itoa(k + 1), weight, name, sales, engagement, brand, metrics, understand, fmt.Sprintf("person%d@example.org", k)}
}

func writeTable(path string, rows [][]string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		_ = f.Close() // the first error is the one to know
		return fmt.Errorf("demo: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// waveMap says what the columns mean; the last wave has another list of metrics.
func waveMap(wave string, changed bool) map[string]any {
	text := func(en, de string) map[string]string { return map[string]string{"en": en, "de": de} }
	option := func(code, en, de string) map[string]any {
		if en == "" {
			return map[string]any{"code": code}
		}
		return map[string]any{"code": code, "label": text(en, de)}
	}
	metrics := []any{option("followers", "Followers", "Follower"), option("interactions", "Interactions", "Interaktionen"), option("revenue", "Revenue", "Umsatz")}
	version := 1
	if changed {
		metrics = append(metrics, option("sentiment", "Sentiment", "Stimmung"))
		version = 2
	}
	return map[string]any{
		"study": "own-trade", "title": text("Our study of the trade (simulated)", "Unsere Branchenstudie (simuliert)"), "publisher": companyName, "weight": "weight",
		"wave": map[string]any{"id": wave, "fielded_from": wave + "-09", "fielded_to": wave + "-10", "n": 0, "sample_kind": "self_selected",
			"recruiting": text("By newsletter", "Über einen Newsletter"), "mode": text("On the internet", "Im Internet")},
		"questions": []any{
			map[string]any{"code": "goals", "version": 1, "type": "multiple", "wording": text("Which goals do you pursue on social media?", "Welche Ziele verfolgen Sie auf Social Media?"), "complete": true,
				"options": []any{option("sales", "", ""), option("engagement", "", ""), option("brand", "", "")},
				"columns": map[string]string{"sales": "goal_sales", "engagement": "goal_engagement", "brand": "goal_brand"}},
			map[string]any{"code": "metrics", "version": version, "type": "multiple", "wording": text("What do you measure?", "Was messen Sie?"), "complete": true, "options": metrics, "column": "metrics"},
			map[string]any{"code": "understand", "version": 1, "type": "single", "wording": text("Do you understand your customers?", "Verstehen Sie Ihre Kunden?"), "complete": true,
				"options": []any{option("yes", "Yes", "Ja"), option("no", "No", "Nein")}, "column": "understand"},
			map[string]any{"code": "business", "version": 1, "type": "single", "profile": true, "complete": true, "wording": text("Where do you work?", "Wo arbeiten Sie?"),
				"options": []any{option("brand", "Brand", "Marke"), option("agency", "Agency", "Agentur")}, "column": "business"},
		},
		"pairs": []any{map[string]any{"goals": "goals", "metrics": "metrics", "measures": map[string][]string{"sales": {"revenue"}, "engagement": {"interactions"}, "brand": {"sentiment", "followers"}}}},
	}
}
