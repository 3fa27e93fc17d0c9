// Package locale writes results for people: words, sentences, numbers, money and
// dates in English and German. It computes nothing: every number comes in from
// its caller and is only rounded to what its interval carries.
//
// The texts stand in text/<language>/<area>.json, one flat object a file, and are
// merged; a key belongs to one file. A value is a string or, for a sentence that
// depends on the number of argument 0, an object of plural forms:
//
//	"import.kept": "{0} rows kept."
//	"import.kept": {"one": "{0} row kept.", "other": "{0} rows kept."}
//
// {0}, {1} … stand for the arguments. {1:day|days} writes the first text when the
// plural form of argument 1 is "one", else the second; so a sentence can depend
// on two numbers. {1? of } writes the text behind the question mark only where
// argument 1 is not empty.
package locale
