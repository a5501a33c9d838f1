package exports_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"soundings/exports"
)

func TestRGolden(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "kinds": kinds} {
		golden(t, "testdata/"+name+".r.golden", unzip(t, make(t).write("r.zip", exports.Options{}))["soundings.R"])
	}
}

// lookInR says what R finds, and writes both tables again as they were.
const lookInR = `
source("soundings.R")
write.csv(missing, "missing_back.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
for (name in names(responses)) if (!is.null(attr(responses[[name]], "labels"))) {
  known <- responses[[name]]
  if (any(is.na(labelled(known)) & !is.na(known))) cat("a code of", name, "has no word\n")
}
cat(nrow(responses), "responses", ncol(responses), "columns\n")
if ("w1" %in% names(responses)) {
  print(table(labelled(responses$w1)))
  cat(attr(responses$w1, "label"), class(responses$w1), class(responses$submitted)[1], format(responses$submitted[1]), "\n")
}
responses[] <- lapply(responses, function(x) if (inherits(x, "POSIXct")) format(x, "%Y-%m-%d %H:%M:%S") else as.character(x))
write.csv(responses, "back.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
`

// TestRReadsTheData has R run the script, which works figures of the report out
// again, and give every cell back.
func TestRReadsTheData(t *testing.T) {
	r, err := exec.LookPath("Rscript")
	if err != nil || testing.Short() {
		t.Skip("R (Rscript) is not installed, or -short: nothing has run the script")
	}
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "kinds": kinds, "naughty": naughtyWorld, "then_now": thenNow} {
		folder := t.TempDir()
		files := unzip(t, make(t).write("r.zip", exports.Options{}))
		files["look.R"] = lookInR
		for file, text := range files {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		run := exec.CommandContext(t.Context(), r, "--vanilla", "look.R")
		run.Dir, run.Env = folder, append(os.Environ(), "LC_ALL=C.UTF-8")
		out, err := run.CombinedOutput()
		said := string(out)
		if err != nil || strings.Contains(said, "Warning") || strings.Contains(said, "has no word") {
			t.Fatalf("%s: %v\n%s", name, err, said)
		}
		sameCells(t, name, readCSV(t, files["responses_codes.csv"]), readCSV(t, string(must(os.ReadFile(filepath.Join(folder, "back.csv"))))))
		sameCells(t, name+" missing", readCSV(t, files["missing_reasons.csv"]), readCSV(t, string(must(os.ReadFile(filepath.Join(folder, "missing_back.csv"))))))
		if name == "pre_post" && (!strings.Contains(said, "came out again") || !strings.Contains(said, "Disagree") || !strings.Contains(said, "numeric POSIXct 2026-03-28 23:30")) {
			t.Errorf("R says:\n%s", said)
		}
	}
}
