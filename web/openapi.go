package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"goalpost/dataset"
	"goalpost/document"
)

// schemaRef is where the description keeps schemas.
const schemaRef = "#/components/schemas/"

// publishedSchemas are the documents that "goalpost schema" describes and the API answers
// with; a list also gives a name to what is in it.
var publishedSchemas = []struct{ name, item string }{
	{"goals", "goal"}, {"kpi", ""}, {"posts", ""}, {"import", ""}, {"activities", "activity"}, {"effects", "effects-entry"}, {"effects-show", ""}, {"effects-new", ""}, {"study", ""}, {"study-own", ""},
	{"surveys", ""}, {"survey", ""}, {"survey-import", ""}, {"survey-answers", ""}, {"survey-beliefs", ""}, {"survey-understanding", ""},
}

// problemSchema describes a problem document.
const problemSchema = `{"type":"object","required":["type","title","status","detail","key"],"additionalProperties":false,"properties":{
"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string","description":"One sentence for a person, in the language of Accept-Language."},
"field":{"type":"string","description":"What of the request is wrong."},"key":{"type":"string","description":"Stable, the same in every language."}}}`

// responses are what an operation can answer.
func (a *apiBuilder) responses(x operation) map[string]*huma.Response {
	schema, kind := &huma.Schema{}, "application/json"
	formats, files := x.answer.([]dataset.FileFormat)
	switch answer := x.answer.(type) {
	case string:
		schema.Ref = schemaRef + answer
	case csvAnswer:
		schema.Type, kind = huma.TypeString, "text/csv"
	case []dataset.FileFormat:
		schema.Type, schema.Format = huma.TypeString, "binary"
	default:
		t := reflect.TypeOf(x.answer)
		schema = a.api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
	}
	success := func(status int) *huma.Response {
		if files {
			r := &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{}}
			for _, f := range formats {
				r.Content[f.MediaType()] = &huma.MediaType{Schema: schema}
			}
			return r
		}
		return &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{kind: {Schema: schema}}}
	}
	status := max(x.status, http.StatusOK)
	out := map[string]*huma.Response{
		strconv.Itoa(status): success(status),
		"default":            {Description: "What is wrong", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: schemaRef + "problem"}}}},
	}
	if status == http.StatusCreated && x.tag != "effects" && x.tag != "hooks" { // it was there already
		out["200"] = success(http.StatusOK)
	}
	return out
}

// importBody describes the form that carries a file.
func importBody() *huma.RequestBody {
	text := func(help string) *huma.Schema { return &huma.Schema{Type: "string", Description: help} }
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{
		"account":     text("Whose figures these are, where the file does not say it."),
		"network":     text("The network of the account."),
		"time_zone":   text("Of the times in the file."),
		"date_order":  text("dmy, mdy or ymd."),
		"currency":    text("ISO 4217."),
		"observed_at": text("The day as of which the counts stand."),
		"sheet":       text("Of a workbook."),
		"map":         text("A column map as JSON, as goalpost import --dry-run writes it."),
		"file":        {Type: "string", Format: "binary", Description: "The file; it comes last."},
	}}}}}
}

// describe writes the description of the API with the published schemas in it.
func describe(api huma.API) ([]byte, error) {
	raw, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("web: description of the API: %w", err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("web: description of the API: %w", err)
	}
	components, _ := all["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	delete(schemas, "ErrorModel") // never answered
	delete(schemas, "ErrorDetail")
	if schemas["problem"], err = schemaOf([]byte(problemSchema)); err != nil {
		return nil, err
	}
	for _, p := range publishedSchemas {
		data, err := document.Schema(p.name)
		if err != nil {
			return nil, fmt.Errorf("web: description of the API: %w", err)
		}
		schema, err := schemaOf(data)
		if err != nil {
			return nil, err
		}
		if p.item != "" {
			schemas[p.item] = schema["items"]
			schema["items"] = map[string]any{"$ref": schemaRef + p.item}
		}
		schemas[p.name] = schema
	}
	if err := referToSurvey(schemas); err != nil {
		return nil, err
	}
	if err := addState(schemas); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(all); err != nil {
		return nil, fmt.Errorf("web: description of the API: %w", err)
	}
	return b.Bytes(), nil
}

// stateSchemas describe what apiAnalysis adds to the command line's document.
var stateSchemas = map[string]string{
	"state": `{"enum":["open","computing","computed","failed"],"description":"Whether there is a result, or will be one."}`,
	"done":  `{"type":"integer","minimum":0,"maximum":100,"description":"How much is worked out, in per cent."}`,
}

func addState(schemas map[string]any) error {
	analysis, _ := schemas["effects-show"].(map[string]any)
	properties, ok := analysis["properties"].(map[string]any)
	if !ok {
		return errors.New("web: the schema of an analysis has no properties")
	}
	for name, text := range stateSchemas {
		schema, err := schemaOf([]byte(text))
		if err != nil {
			return err
		}
		properties[name] = schema
	}
	return nil
}

// referToSurvey names the survey in what became of one, where the published schema, which
// stands alone, repeats it.
func referToSurvey(schemas map[string]any) error {
	change, _ := schemas["survey-import"].(map[string]any)
	properties, ok := change["properties"].(map[string]any)
	if !ok {
		return errors.New("web: the schema of a changed survey has no properties")
	}
	properties["survey"] = map[string]any{"$ref": schemaRef + "survey"}
	return nil
}

func schemaOf(data []byte) (map[string]any, error) {
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		return nil, fmt.Errorf("web: schema: %w", err)
	}
	delete(schema, "$schema")
	return schema, nil
}

// OpenAPI is the description of the API for programs, as OpenAPI 3.1.
func OpenAPI() ([]byte, error) {
	s := &Server{}
	return describe(s.describedAPI(http.NewServeMux()))
}
