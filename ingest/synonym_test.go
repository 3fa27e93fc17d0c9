package ingest

import "testing"

// A code spells umlauts out, also those that a file writes as a letter and a mark; a series
// of one's own begins with a letter.
func TestCodeOf(t *testing.T) {
	for _, c := range []struct{ words, code, metric string }{
		{"Größe der Firma", "groesse_der_firma", "groesse_der_firma"},
		{" Newsletter-Abos (neu) ", "newsletter_abos_neu", "newsletter_abos_neu"},
		{"Gro\u0308ße", "groesse", "groesse"},
		{"Cafe\u0301", "cafe", "cafe"},
		{"Café", "cafe", "cafe"},
		{"2. Filiale", "2_filiale", "filiale"},
		{"ÄÖÜ ß", "aeoeue_ss", "aeoeue_ss"},
		{"!?", "", ""},
	} {
		if got, metric := CodeOf(c.words), MetricCode(c.words); got != c.code || metric != c.metric {
			t.Errorf("%q\ngot:  %q %q\nwant: %q %q", c.words, got, metric, c.code, c.metric)
		}
	}
}
