package locale

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
)

//go:embed text/*/*.json
var fragments embed.FS

// text is one entry of the catalogue by plural form; a plain string stands under
// plural.Other.
type text map[plural.Form]string

// catalogue is all texts of one language by key.
type catalogue map[string]text

// forms are the names of plural forms in the JSON.
var forms = map[string]plural.Form{"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other}

// texts merges the fragments once. What is wrong with them fails the package's
// test; a program that runs shows what could be read.
var texts = sync.OnceValue(func() map[Language]catalogue {
	all, _ := load(fragments)
	return all
})

// Keys returns all keys of a language, sorted.
func Keys(lang Language) []string {
	var keys []string
	for k := range texts()[lang] {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// load merges text/<language>/<area>.json and lists what is wrong with them:
// unreadable files, and keys that occur twice.
func load(files fs.FS) (all map[Language]catalogue, problems []string) {
	all = map[Language]catalogue{}
	for _, lang := range Languages() {
		all[lang] = catalogue{}
		names, err := fs.Glob(files, path.Join("text", string(lang), "*.json"))
		if err != nil {
			problems = append(problems, err.Error())
		}
		for _, name := range names {
			data, err := fs.ReadFile(files, name)
			if err != nil {
				problems = append(problems, err.Error())
				continue
			}
			for _, p := range all[lang].add(data) {
				problems = append(problems, name+": "+p)
			}
		}
	}
	return all, problems
}

// add reads one fragment token by token, because encoding/json hides a key that
// occurs twice.
func (c catalogue) add(data []byte) (problems []string) {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return []string{"is not a JSON object"}
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return append(problems, err.Error())
		}
		key, _ := t.(string)
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return append(problems, fmt.Sprintf("%s: %v", key, err))
		}
		value, err := parseText(raw)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", key, err))
			continue
		}
		if _, twice := c[key]; twice {
			problems = append(problems, key+" occurs twice")
			continue
		}
		c[key] = value
	}
	if _, err := d.Token(); err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

func parseText(raw json.RawMessage) (text, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil {
		return text{plural.Other: s}, nil
	}
	var byForm map[string]string
	if err := json.Unmarshal(raw, &byForm); err != nil {
		return nil, fmt.Errorf("a text is a string or an object of plural forms")
	}
	t := text{}
	for name, s := range byForm {
		form, ok := forms[name]
		if !ok {
			return nil, fmt.Errorf("%q is no plural form", name)
		}
		t[form] = s
	}
	if _, ok := t[plural.Other]; !ok {
		return nil, fmt.Errorf("the plural form \"other\" is missing")
	}
	return t, nil
}

// swiss writes a text as in Switzerland, where there is no ß.
func swiss(s string) string { return strings.ReplaceAll(s, "ß", "ss") }
