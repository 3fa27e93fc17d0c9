package main

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"goalpost/document"
	"goalpost/gptest"
)

// Every published schema describes what the command really prints.
func TestOutputFitsItsSchema(t *testing.T) {
	data := demoData(t).dir
	broken := fixture(t, "sales.csv", brokenSales())
	calls := map[string][]string{
		"import":         {"import", broken, "--currency", "EUR", "--data", filepath.Join(t.TempDir(), "data")},
		"goals":          {"goals", "--data", data},
		"activities":     {"activities", "--data", data},
		"effects":        {"effects", "--data", looked(t)},
		"effects-show":   {"effects", "new", "1", "--kpi", "orders", "--margin", "12", "--smallest-effect", "5%", "--method", "causalimpact", "--lag", "2", "--confirm", "--data", demoCopy(t)},
		"effects-new":    {"effects", "new", "1", "--data", data},
		"kpi":            {"kpi", "--data", data},
		"posts":          {"posts", "--data", data},
		"study":          {"study", "show", "pivot-sosm"},
		"study-own":      {"study", "own", "pivot-sosm", "--data", data},
		"surveys":        {"survey", "--data", surveyed(t)},
		"survey":         {"survey", "show", "wishes", "--data", surveyed(t)},
		"survey-import":  {"survey", "import", fixture(t, "wishes.yaml", otherWishes), "--replace", "wishes", "--data", surveyed(t)},
		"survey-answers": {"survey", "answers", "1", "--data", surveyed(t)},
		"export":         {"export", "--email", privateAddress, "--data", commented(t)},
		"erase":          {"erase", "--email", privateAddress, "--data", commented(t)},
		"share":          shopArgs(shopAnswers, "--question", "likes,happy", "--by", "region", "--changes", "--cross", "region", "--margins", fixture(t, "margins.csv", "margin,group,size\nage,18-34,3600\nage,35-54,4400\nage,55+,4000\n"), "--sample-kind", "list", "--invited", "500", "--publish"),
		"understanding":  understandingArgs,
		"effect":         {"effect", fixture(t, "shop.csv", shop(15, nil)), "--date", "date", "--y", "orders", "--method", "causalimpact", "--iterations", "100", "--x", "visits", "--from", dayFrom(91), "--margin", "2", "--cost", "3", "--currency", "EUR"},
	}
	for name, args := range calls {
		t.Run(name, func(t *testing.T) {
			schema := read[map[string]any](t, call(t, "schema", name).expect(t, 0))
			r := call(t, append(args, "--output", "json")...).expect(t, 0)
			for _, fault := range gptest.SchemaFaults(schema, schema, read[any](t, r), "$") {
				t.Error(fault)
			}
		})
	}
	if len(calls) != len(schemaNames(t)) {
		t.Errorf("\ngot:  %v\nwant: a call for each schema", schemaNames(t))
	}
}

// Every kind of question, and a result without a score, is described as well.
func TestSchemaOfShares(t *testing.T) {
	few := fixture(t, "few.csv", "item,guess,low,high\nfair_price,no idea,,\n")
	shares := fixture(t, "shares.csv", "item,share,n\nfair_price,40,100\n")
	for _, args := range [][]string{
		shopArgs(shopAnswers, "--question", "happy", "--scale", "5", "--trim", "50,200"), shopArgs(shopAnswers, "--question", "recommend", "--nps"), shopArgs(shopAnswers, "--question", "spent", "--mean", "--by", "age", "--changes"),
		shopArgs(shopAnswers, "--question", "fair_price,easy_returns", "--multiple", "--bootstrap", "50"), {"understanding", few, shares},
	} {
		schema := read[map[string]any](t, call(t, "schema", args[0]).expect(t, 0))
		r := call(t, append(slices.Clone(args), "--output", "json")...).expect(t, 0)
		for _, fault := range gptest.SchemaFaults(schema, schema, read[any](t, r), "$") {
			t.Errorf("%v: %s", args, fault)
		}
	}
}

// What goalpost effects show prints is described also for an analysis that could compute
// nothing, and its report is what goalpost effect prints.
func TestSchemaOfAnAnalysis(t *testing.T) {
	schema := read[map[string]any](t, call(t, "schema", "effects-show").expect(t, 0))
	data := demoCopy(t)
	call(t, "activities", "add", "--name", "Later", "--run", "2027-03-01..2027-03-07", "--data", data).expect(t, 0)
	r := call(t, "effects", "new", "4", "--kpi", "orders", "--confirm", "--data", data, "--output", "json").expect(t, 0)
	for _, fault := range gptest.SchemaFaults(schema, schema, read[any](t, r), "$") {
		t.Error(fault)
	}
	if d := read[struct {
		Report struct{ Headline, Reason string }
	}](t, r); d.Report.Headline == "" || d.Report.Reason == "" {
		t.Errorf("an answer without a sentence or a reason: %+v", d)
	}
	report, _ := schema["properties"].(map[string]any)["report"].(map[string]any)
	single := read[map[string]any](t, call(t, "schema", "effect").expect(t, 0))
	for _, part := range []string{"properties", "required", "additionalProperties"} {
		if !reflect.DeepEqual(report[part], single[part]) {
			t.Errorf("%s of the report are not those of goalpost effect", part)
		}
	}
}

func schemaNames(t *testing.T) []string {
	t.Helper()
	names, err := document.Schemas()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// The checker of this test finds what is wrong.
func TestValidateFindsFaults(t *testing.T) {
	schema := map[string]any{}
	if err := json.Unmarshal([]byte(`{"type":"object","required":["a"],"additionalProperties":false,"properties":{"a":{"type":["integer","null"],"minimum":1},"b":{"enum":["x"]},"c":{"type":"array","items":{"type":"string","pattern":"^z"}}}}`), &schema); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{"a":1,"b":"x","c":["z"]}`: "", `{"a":null}`: "", `[]`: "$: is array", `{}`: "$: a is missing", `{"a":0}`: "$.a: 0 is too small", `{"a":1.5}`: "$.a: is number",
		`{"a":1,"b":"y"}`: "$.b: y is none of", `{"a":1,"c":[1]}`: "$.c[0]: is integer", `{"a":1,"c":["y"]}`: "$.c[0]: y does not match", `{"a":1,"d":1}`: "$: d is not described",
	} {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(gptest.SchemaFaults(schema, schema, v, "$"), "; ")
		if (want == "") != (got == "") || !strings.HasPrefix(got, want) {
			t.Errorf("%s\ngot:  %q\nwant: %q", text, got, want)
		}
	}
}
