package main

import (
	"regexp"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/locale"
)

var (
	amountText = regexp.MustCompile(`^[+-]?\d+([.,’']\d+)*(\.\d+)?([eE][+-]?\d+)?$`)
	// oneGroup could be a number with three decimals, or with thousands.
	oneGroup = regexp.MustCompile(`^[+-]?[1-9]\d{0,2}[.,]\d{3}$`)
)

// readAmount reads a number as people type it: 0.3 or 0,3, 1.200,50 or 1,200.50. It does not
// guess: "1,200" is refused, and in German "1.200" as well, which elsewhere is a number with
// three decimals as programs write it.
func readAmount(language locale.Language, text string) (v float64, ok bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), "−", "-")
	if !amountText.MatchString(text) || oneGroup.MatchString(text) && (strings.Contains(text, ",") || language == locale.German) {
		return 0, false
	}
	text = strings.NewReplacer("’", "", "'", "").Replace(text)
	decimal, thousands := ".", ","
	if strings.LastIndex(text, ",") > strings.LastIndex(text, ".") {
		decimal, thousands = ",", "."
	}
	if strings.Count(text, decimal) > 1 { // only thousands
		decimal, thousands = thousands, decimal
	}
	text = strings.Replace(strings.ReplaceAll(text, thousands, ""), decimal, ".", 1)
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// amounts reads the flags that are amounts; nil where a flag was not given.
func (c *effectCommand) amounts(language locale.Language) error {
	for _, a := range []struct {
		flag, text string
		share      bool // may be a percentage
		into       **float64
	}{{"--smallest-effect", c.SmallestEffect, false, &c.smallest}, {"--margin", c.Margin, true, &c.margin}, {"--cost", c.Cost, false, &c.cost}} {
		text, percent := strings.CutSuffix(strings.TrimSpace(a.text), "%")
		if text == "" && !percent {
			continue
		}
		v, ok := readAmount(language, text)
		if !ok || percent && !a.share {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.effect.amount", Flag: a.flag, Args: []goalpost.Arg{goalpost.TextArg(a.text)}}
		}
		if percent {
			v /= 100
		}
		*a.into = &v
	}
	return nil
}
