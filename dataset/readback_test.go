package dataset

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"goalpost/gptest/need"
)

// savFile writes a system file.
func savFile(t *testing.T, x Table) string {
	t.Helper()
	var b bytes.Buffer
	if err := x.WriteSAV(&b); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "x.sav")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// readStat reads a system file with ReadStat, on which haven (R) and pyreadstat (Python)
// stand.
func readStat(t *testing.T, file string) (head string, rows [][]string) {
	t.Helper()
	program := need.Program(t, "readstat")
	told, err := exec.CommandContext(t.Context(), program, file).CombinedOutput()
	if err != nil {
		t.Fatalf("readstat: %v\n%s", err, told)
	}
	out := filepath.Join(t.TempDir(), "x.csv")
	if told, err := exec.CommandContext(t.Context(), program, "-f", file, out).CombinedOutput(); err != nil {
		t.Fatalf("readstat: %v\n%s", err, told)
	}
	b, err := os.ReadFile(out) //nolint:gosec // our own
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = csv.NewReader(bytes.NewReader(b)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	return string(told), rows
}

// compare holds what a program read against the table.
func compare(t *testing.T, x Table, rows [][]string) {
	t.Helper()
	if len(rows) != 1+len(x.Rows) {
		t.Fatalf("%d rows, not %d", len(rows)-1, len(x.Rows))
	}
	for k, name := range x.names() {
		if rows[0][k] != name {
			t.Errorf("variable %d is %q, not %q", k, rows[0][k], name)
		}
	}
	for i, r := range x.Rows {
		for k, v := range x.Variables {
			got := rows[i+1][k]
			if v.Text {
				if want := savText(r[k].Text); got != want {
					t.Errorf("row %d, %s: %q, not %q", i, v.Name, got, want)
				}
				continue
			}
			want := r[k]
			if v.Format != Plain {
				want.Number += savEpoch
			}
			n, err := strconv.ParseFloat(got, 64)
			if want.known() != (err == nil) || want.known() && n != want.Number {
				t.Errorf("row %d, %s: %q, not %v", i, v.Name, got, want.Number)
			}
		}
	}
}

func TestReadStat(t *testing.T) {
	empty := sample()
	empty.Rows = nil
	for name, x := range map[string]Table{"sample": sample(), "no rows": empty, "300 variables": wide(300, 40)} {
		head, rows := readStat(t, savFile(t, x))
		for _, want := range []string{"Rows: " + strconv.Itoa(len(x.Rows)), "Columns: " + strconv.Itoa(len(x.Variables)), "Table label: " + x.Title, "Text encoding: UTF-8"} {
			if !strings.Contains(head, want) {
				t.Errorf("%s: no %q in\n%s", name, want, head)
			}
		}
		compare(t, x, rows)
	}
}

// Other programs take any table, whatever it holds, without a word of warning.
func TestOthersReadAnyTable(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		b := make([]byte, 50+random.IntN(1500))
		for k := range b {
			b[k] = byte(random.IntN(256))
			if random.IntN(3) > 0 { // else nearly all numbers are extreme, and all texts broken
				b[k] %= 120
			}
		}
		x := tableOf(b)
		for k := range x.Variables { // PSPP before 2.0 misreads more than one missing value of a long string
			missing := 0
			for j, l := range x.Variables[k].Values {
				if l.Missing && x.Variables[k].Text {
					missing++
					x.Variables[k].Values[j].Missing = missing == 1
				}
			}
		}
		file := savFile(t, x)
		head, _ := readStat(t, file)
		if want := fmt.Sprintf("Columns: %d\nRows: %d\n", len(x.Variables), len(x.Rows)); !strings.Contains(head, want) {
			t.Errorf("table %d: no %q in\n%s", i, want, head)
		}
		back := filepath.Join(t.TempDir(), "back.sav")
		pspp(t, file, "SAVE OUTFILE='"+back+"'.\n")
		head, _ = readStat(t, back)
		if want := fmt.Sprintf("Columns: %d\nRows: %d\n", len(x.Variables), len(x.Rows)); !strings.Contains(head, want) {
			t.Errorf("table %d by PSPP: no %q in\n%s", i, want, head)
		}
	}
}

// pspp runs commands on a system file and returns what it says, as CSV.
func pspp(t *testing.T, file, commands string) string {
	t.Helper()
	program := need.Program(t, "pspp")
	script := filepath.Join(t.TempDir(), "x.sps")
	if err := os.WriteFile(script, []byte("GET FILE='"+file+"'.\n"+commands), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-O", "format=csv", "-o", "-", script)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("warning:")) || bytes.Contains(out, []byte("error:")) {
		t.Fatalf("pspp: %v\n%s", err, out)
	}
	return string(out)
}

func TestPSPP(t *testing.T) {
	out := pspp(t, savFile(t, sample()), "DISPLAY DICTIONARY.\nMRSETS /DISPLAY NAME=ALL.\nFREQUENCIES why where.ig device source spent.\n")
	for _, want := range []string{
		"why,2,Warum folgen Sie uns? 🐕,Nominal,Input,10,Right,F8.0,F8.0,991 THRU 994",
		"v_by,5,", ",Ordinal,Input,10,Right,F8.0,F8.0,9\n",
		fmt.Sprintf("more,6,Mehr?,Nominal,Input,40,Left,A%d,A%d,", len(longText), len(longText)),
		"begun_at,10,Begonnen,Scale,Input,10,Right,DATETIME20.0,DATETIME20.0,",
		"day,11,Tag,Scale,Input,10,Right,DATE11,DATE11,",
		"991[a],not asked", "newsletter,Rundbrief", "Neues & Überraschendes",
		"$where,Wo folgen Sie uns?,Dichotomies,1,where.ig\nwhere.shop\n",
		"Instagram,1.2500,45.5%,55.6%,100.0%", // it counts by the weights
		"Missing,not asked,.5000,18.2%",
		"Missing,unbekannt,.5000,18.2%",
	} {
		if !strings.Contains(strings.ReplaceAll(out, `"`, ""), want) {
			t.Errorf("no %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
	// All values, as another program writes them.
	for name, x := range map[string]Table{"sample": sample(), "300 variables": wide(300, 40)} {
		back := filepath.Join(t.TempDir(), "back.sav")
		pspp(t, savFile(t, x), "SAVE OUTFILE='"+back+"'.\n")
		_, rows := readStat(t, back)
		t.Run(name, func(t *testing.T) { compare(t, x, rows) })
	}
	empty := sample()
	empty.Rows = nil
	if out := pspp(t, savFile(t, empty), "DISPLAY DICTIONARY.\n"); !strings.Contains(out, "Instagram") {
		t.Errorf("without rows:\n%s", out)
	}
}

// The description of DDI counts what is in the table.
func TestDDI(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteDDI(&b); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, b.Bytes())
	for _, want := range []string{
		`<codeBook xmlns="ddi:codebook:2_5" version="2.5" xml:lang="de">`,
		"<titl>Wünsche &amp; Träume &lt;2026&gt;</titl>",
		"<fileName>wishes-2026.sav</fileName>", "<caseQnty>3</caseQnty>",
		`<varGrp ID="G1" type="multipleResp" var="V3 V4" name="where">`,
		`<var ID="V13" name="weight" files="F1" wgt="wgt"`,
		`<var ID="V2" name="why" files="F1" wgt-var="V13" dcml="0" intrvl="discrete" nature="nominal">`,
		`<catValu>2</catValu>
    <labl>Neues &amp; Überraschendes</labl>
    <catStat type="freq">1</catStat>
    <catStat type="freq" wgtd="wgtd" wgt-var="V13">1.25</catStat>`,
		`<catgry missing="Y">
    <catValu>993</catValu>
    <labl>don’t know</labl>
    <catStat type="freq">1</catStat>
    <catStat type="freq" wgtd="wgtd" wgt-var="V13">0.5</catStat>`,
		`<item VALUE="991"/>`,
		`<sumStat type="vald">1</sumStat>
   <sumStat type="invd">2</sumStat>`,
		`<range min="2026-03-14" max="2026-03-14"/>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s", want)
		}
	}
	if t.Failed() {
		t.Log(b.String())
	}
}
