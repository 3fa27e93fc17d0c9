package locale

import (
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is a country by its code (ISO 3166-1) with its name.
type Country struct{ Code, Name string }

// Countries returns all countries by name.
func (p *Printer) Countries() []Country {
	var list []Country
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.Canonicalize().String() != code {
				continue
			}
			if name := p.CountryName(code); name != "" && name != code {
				list = append(list, Country{code, name})
			}
		}
	}
	c := collate.New(p.tag)
	c.Sort(byName(list))
	return list
}

// CountryName returns the name of a country, empty for a code that is none.
func (p *Printer) CountryName(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return ""
	}
	if p.lang == German {
		return display.German.Regions().Name(r)
	}
	return display.English.Regions().Name(r)
}

// byName lets a collator sort countries.
type byName []Country

// Len, Swap and Bytes are what a collator needs.
func (l byName) Len() int           { return len(l) }
func (l byName) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l byName) Bytes(i int) []byte { return []byte(l[i].Name) }
