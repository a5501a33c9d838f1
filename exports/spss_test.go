package exports_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"soundings/exports"
)

func TestSPSSGolden(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "kinds": kinds} {
		files := unzip(t, make(t).write("spss.zip", exports.Options{}))
		var got strings.Builder
		for _, file := range []string{"README.txt", "responses_codes.sps", "responses_codes.csv", "matched_pairs.sps"} {
			got.WriteString("== " + file + "\n" + strings.ReplaceAll(strings.TrimPrefix(files[file], "\ufeff"), "\r\n", "\n"))
		}
		golden(t, "testdata/"+name+".spss.golden", got.String())
	}
}

// TestPSPPReadsTheData has PSPP, the free twin of SPSS, run the syntax, save the data
// and give them back: every cell is that of the CSV.
func TestPSPPReadsTheData(t *testing.T) {
	pspp, err := exec.LookPath("pspp")
	if err != nil || testing.Short() {
		t.Skip("PSPP (pspp) is not installed, or -short: nothing has run the syntax")
	}
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "kinds": kinds, "naughty": naughtyWorld, "then_now": thenNow} {
		folder := t.TempDir()
		files := unzip(t, make(t).write("spss.zip", exports.Options{}))
		for file, text := range files {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, table := range []string{"responses_codes", "matched_pairs"} {
			if _, ok := files[table+".sps"]; !ok {
				continue
			}
			back := "GET FILE='" + table + ".sav'.\nSAVE TRANSLATE /OUTFILE='back.csv' /TYPE=CSV /FIELDNAMES /CELLS=VALUES /REPLACE.\nDISPLAY DICTIONARY.\n"
			if err := os.WriteFile(filepath.Join(folder, "back.sps"), []byte(back), 0o600); err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, syntax := range []string{table + ".sps", "back.sps"} {
				run := exec.CommandContext(t.Context(), pspp, "-O", "format=csv", "-o", "-", syntax)
				run.Dir, run.Env = folder, append(os.Environ(), "LC_ALL=C.UTF-8")
				out, err := run.CombinedOutput()
				if said = string(out); err != nil || strings.Contains(said, "error:") || strings.Contains(said, "warning:") {
					t.Fatalf("%s: %s: %v\n%.3000s", name, syntax, err, said)
				}
			}
			sameCells(t, name+" "+table, readCSV(t, files[table+".csv"]), readCSV(t, string(must(os.ReadFile(filepath.Join(folder, "back.csv"))))))
			if table == "responses_codes" && name == "pre_post" {
				for _, want := range []string{"How did you hear about it?", "A friend", "Passed over", "Preferred not to say", "Disagree", "Not ticked"} {
					if !strings.Contains(said, want) {
						t.Errorf("the dictionary does not say %q:\n%s", want, said)
					}
				}
			}
		}
	}
}

// ofPSPP is a day or a time as PSPP writes it, as the product does.
func ofPSPP(text string) string {
	for layout, ours := range map[string]string{"01/02/2006 15:04:05": time.DateTime, "01/02/2006": time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.Format(ours)
		}
	}
	return text
}

// sameCells compares what was written with what another program gives back of it.
func sameCells(t *testing.T, name string, want, got [][]string) {
	t.Helper()
	if len(got) != len(want) || !slices.EqualFunc(want[0], got[0], strings.EqualFold) {
		t.Errorf("%s: %d rows %v, want %d rows %v", name, len(got), got[0], len(want), want[0])
		return
	}
	for i := range want {
		for j := range want[i] {
			w, g := want[i][j], strings.TrimSpace(got[i][j])
			a, errA := strconv.ParseFloat(w, 64)
			b, errB := strconv.ParseFloat(g, 64)
			if errA == nil && errB == nil && near(a, b) || g == strings.TrimSpace(w) || ofPSPP(g) == w {
				continue
			}
			if len(w) > 32767 && strings.HasPrefix(w, g[:min(len(g), 100)]) {
				continue // SPSS holds no longer text
			}
			t.Errorf("%s: row %d, %s = %q, want %q", name, i+1, want[0][j], g, w)
		}
	}
}

func TestJSONLines(t *testing.T) {
	files := unzip(t, prePost(t).write("json.zip", exports.Options{}))
	golden(t, "testdata/pre_post.jsonl.golden", files["responses_codes.jsonl"]+files["matched_pairs.jsonl"]+files["missing_reasons.jsonl"]+files["codebook.jsonl"])
}
