package gptest

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// SchemaFaults checks a value against the part of JSON Schema that our schemas use, one
// sentence a fault. root is where references lead to, the schema itself if it has none.
func SchemaFaults(root, schema map[string]any, v any, at string) []string {
	var faults []string
	if ref, ok := schema["$ref"].(string); ok {
		named, found := referenced(root, ref)
		if !found {
			return []string{fmt.Sprintf("%s: nothing at %s", at, ref)}
		}
		return SchemaFaults(root, named, v, at)
	}
	if want, ok := schema["type"]; ok {
		names, several := want.([]any)
		if !several {
			names = []any{want}
		}
		got := kindOf(v)
		fits := slices.Contains(names, any(got)) || (got == "integer" && slices.Contains(names, any("number")))
		if !fits {
			return []string{fmt.Sprintf("%s: is %s, not %v", at, got, want)}
		}
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, v) {
		faults = append(faults, fmt.Sprintf("%s: %v is none of %v", at, v, list))
	}
	switch v := v.(type) {
	case float64:
		if least, ok := schema["minimum"].(float64); ok && v < least {
			faults = append(faults, fmt.Sprintf("%s: %v is too small", at, v))
		}
		if most, ok := schema["maximum"].(float64); ok && v > most {
			faults = append(faults, fmt.Sprintf("%s: %v is too large", at, v))
		}
	case string:
		if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(v) {
			faults = append(faults, fmt.Sprintf("%s: %s does not match %s", at, v, pattern))
		}
	case []any:
		if items, ok := schema["items"].(map[string]any); ok {
			for i, x := range v {
				faults = append(faults, SchemaFaults(root, items, x, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case map[string]any:
		faults = append(faults, objectFaults(root, schema, v, at)...)
	}
	return faults
}

func objectFaults(root, schema, v map[string]any, at string) []string {
	var faults []string
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			faults = append(faults, fmt.Sprintf("%s: %v is missing", at, name))
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, x := range v {
		if p, ok := properties[name].(map[string]any); ok {
			faults = append(faults, SchemaFaults(root, p, x, at+"."+name)...)
			continue
		}
		switch more := schema["additionalProperties"].(type) {
		case bool:
			if !more {
				faults = append(faults, fmt.Sprintf("%s: %s is not described", at, name))
			}
		case map[string]any:
			faults = append(faults, SchemaFaults(root, more, x, at+"."+name)...)
		}
	}
	return faults
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case float64:
		if v == math.Trunc(v) {
			return "integer"
		}
	}
	return "number"
}

// referenced finds what a reference like #/components/schemas/goal names.
func referenced(root map[string]any, ref string) (map[string]any, bool) {
	path, ok := strings.CutPrefix(ref, "#/")
	for part := range strings.SplitSeq(path, "/") {
		next, is := root[part].(map[string]any)
		root, ok = next, ok && is
	}
	return root, ok
}
