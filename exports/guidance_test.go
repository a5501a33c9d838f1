package exports_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"soundings/exports"
	"soundings/surveys"
)

// checkGuidance looks through a workbook for the points that the UK government's
// checklist for releasing statistics in spreadsheets calls essential, and prints each
// that is not kept. Charts, frozen headings and filters on sheets of data are where the
// workbook departs knowingly; a publication has no frozen rows and no filters.
const checkGuidance = `
import html, re, sys, zipfile, openpyxl
path, public = sys.argv[1], sys.argv[2] == "public"
book = openpyxl.load_workbook(path)
data = ("Matched pairs", "Responses (labels)", "Responses (codes)", "Codebook", "Decisions")
def say(*words): print(*words)
p = book.properties
if not p.title or not p.language: say("no title or language in the properties")
if public and (p.creator != "Soundings" or p.lastModifiedBy != "Soundings"): say("the properties name", p.creator, p.lastModifiedBy)
if book.active.title != book.sheetnames[0]: say("opens on", book.active.title)
if len({s.lower() for s in book.sheetnames}) != len(book.sheetnames): say("two sheets of one name")
names = []
for sheet in book:
    t = sheet.title
    if len(t) > 31: say("long name", t)
    if sheet.sheet_state != "visible": say(t, "is hidden")
    if sheet.merged_cells.ranges: say(t, "has merged cells")
    if len(sheet.tables) != 1: say(t, "has", len(sheet.tables), "tables")
    if sheet.max_row < 1 or sheet["A1"].value in (None, ""): say(t, "has nothing in A1")
    view = sheet.sheet_view
    for pane in view.selection:
        if not sheet.freeze_panes and pane.activeCell not in (None, "A1"): say(t, "has the cursor in", pane.activeCell)
    if any(d.hidden for d in sheet.column_dimensions.values()) or any(d.hidden for d in sheet.row_dimensions.values()): say(t, "has hidden rows or columns")
    for part in (sheet.oddHeader, sheet.oddFooter):
        if part.left.text or part.center.text or part.right.text: say(t, "has a header or footer")
    if sheet.protection.sheet: say(t, "is protected")
    if t not in data:
        if sheet["A1"].style != "Heading 1": say(t, "A1 is no heading but", sheet["A1"].style)
        if sheet.freeze_panes: say(t, "is frozen")
    for table in sheet.tables.values():
        names.append(table.displayName.lower())
        if re.fullmatch(r"table\d*", table.displayName.lower()): say(t, "has a table without a meaningful name")
        if not table.headerRowCount and table.headerRowCount is not None: say(t, "table without a heading")
        if not table.ref.startswith("A"): say(t, "table away from the left edge", table.ref)
        if public and table.autoFilter is not None: say(t, "has filters")
        rows = sheet[table.ref]
        heads = [c.value for c in rows[0]]
        if any(h in (None, "") for h in heads): say(t, "has an empty heading")
        if len({str(h).lower() for h in heads}) != len(heads): say(t, "has a heading twice")
        for row in rows[1:]:
            if all(c.value in (None, "") for c in row) and sheet.max_row > rows[0][0].row: say(t, "has a blank row", row[0].row)
        last = rows[-1][0].row
        for row in sheet.iter_rows(min_row=last + 1):
            if any(c.value not in (None, "") for c in row): say(t, "has cells below its table", row[0].row)
        if public:
            worded = {i for i, h in enumerate(heads) if h.startswith(("Why", "Answer ", "What must", "Themes", "Outcome", "How it", "Effect that", "Test of", "Possible"))}
            for row in rows[1:]:
                for i, c in enumerate(row):
                    if c.value is None and i not in worded and row[0].value != "Nothing to show": say(t, c.coordinate, "is an empty cell under", heads[i])
        if t not in data:
            for row in rows:
                for c in row:
                    if c.value is not None and c.font.name != "Arial": say(t, c.coordinate, "is in", c.font.name)
                    if c.value is not None and c.font.sz < 11: say(t, c.coordinate, "is small", c.font.sz)
                    if c.data_type != "f" and isinstance(c.value, str) and len(c.value) > 60 and not c.alignment.wrap_text: say(t, c.coordinate, "does not wrap")
                    if isinstance(c.value, str) and c.value in ("#DIV/0!", "#N/A", "nan", "NaN") or re.search("0xc0|%!", str(c.value)): say(t, c.coordinate, "holds", c.value)
    for row in sheet.iter_rows():
        for c in row:
            if c.hyperlink is not None and c.hyperlink.target: say(t, c.coordinate, "leads out of the workbook")
            if public and isinstance(c.value, str) and re.search(r"[¹²³†‡*]", c.value): say(t, c.coordinate, "points to a note by a sign")
if len(set(names)) != len(names): say("two tables of one name")
contents = book["Contents" if public else "Cover"]
listed = " ".join(str(c.value) for row in contents.iter_rows() for c in row)
for s in book.sheetnames:
    if s not in listed and s not in ("Cover", "Contents"): say("the contents lack", s)
z = zipfile.ZipFile(path)
for n in z.namelist():
    if "vbaProject" in n or "externalLink" in n or "/media/" in n: say("holds", n)
    if n.startswith("xl/drawings/drawing"):
        xml = z.read(n).decode()
        for frame in re.findall(r"<xdr:cNvPr [^>]*>", xml):
            if not re.search(r'descr="[^"]{20,}', frame): say(n, "has a chart without alternative text")
    if n.startswith("xl/charts/chart"):
        xml = z.read(n).decode()
        refs = re.findall(r"<f>(.*?)</f>", xml)
        if not refs: say(n, "refers to no cell")
        for ref in refs:
            if "Item distributions" in ref: continue # its hidden answers are no width, and the grey part "Not shown"
            sheet, cells = re.match(r"'?(.*?)'?!(.*)", html.unescape(ref)).groups()
            for row in book[sheet.replace("''", "'")][cells.replace("$", "")] if ":" in cells else [(book[sheet][cells.replace("$", "")],)]:
                for c in row:
                    if public and c.value in ("[c]", "[x]", "[z]"): say(n, "draws", c.value, "of", sheet, c.coordinate)
`

// TestGuidance has another reader look through both workbooks, of few people and of many.
func TestGuidance(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what is long and of one goroutine")
	}
	python := needsPython(t, "openpyxl")
	worlds := map[string]func(testing.TB) *world{"pre_post": prePost, "then_now": thenNow, "rating": rating, "kinds": kinds, "many": manyPairs}
	for name, make := range worlds {
		t.Run(name, func(t *testing.T) {
			w := make(t)
			for kind, file := range map[string][]byte{
				"analysis": w.workbook(exports.Options{By: "A. Evaluator"}), "public": w.publication(surveys.ProfilePublished), "public internal": w.publication(surveys.ProfileInternal),
			} {
				path := filepath.Join(t.TempDir(), "book.xlsx")
				if err := os.WriteFile(path, file, 0o600); err != nil {
					t.Fatal(err)
				}
				got, err := exec.CommandContext(t.Context(), python, "-c", checkGuidance, path, kind[:min(len(kind), 6)]).CombinedOutput()
				if err != nil || len(got) > 0 {
					t.Errorf("%s, %s (%v):\n%s", name, kind, err, got)
				}
			}
		})
	}
}

// readWithPandas reads every table as an analyst does, and prints what is odd.
const readWithPandas = `
import sys, pandas
book = pandas.read_excel(sys.argv[1], sheet_name=None)
codes, labels = book["Responses (codes)"], book["Responses (labels)"]
if len(codes) != len(labels): print("rows", len(codes), len(labels))
if list(codes["response_id"]) != list(labels["Response"]): print("ids differ")
if codes.columns.duplicated().any(): print("columns twice")
for name in ("stress", "w1", "w2"):
    if not pandas.api.types.is_numeric_dtype(codes[name]): print(name, "is", codes[name].dtype)
if codes["stress"].count() != sum(1 for v in labels.iloc[:, list(codes.columns).index("stress")] if not str(v).startswith("[")): print("stress is counted wrongly")
if not pandas.api.types.is_datetime64_any_dtype(codes["submitted"]): print("submitted is", codes["submitted"].dtype)
pairs = book["Matched pairs"]
if abs((pairs["stress_after"] - pairs["stress_before"] - pairs["stress_change"]).sum()) > 1e-9: print("change is not after minus before")
print("read", len(codes), len(pairs))
`

// TestPandas: codes are numbers, blanks are missing, times are times.
func TestPandas(t *testing.T) {
	python := needsPython(t, "pandas")
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, prePost(t).workbook(exports.Options{}), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := exec.CommandContext(t.Context(), python, "-c", readWithPandas, path).CombinedOutput()
	if want := "read 9 3\n"; err != nil || string(got) != want {
		t.Errorf("pandas says (%v):\n%swant %s", err, got, want)
	}
}

// needsPython returns a Python that has a module; without one the test is skipped,
// unless it runs where everything is to be checked.
func needsPython(t *testing.T, module string) string {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.CommandContext(t.Context(), python, "-c", "import "+module).Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s has no %s (apt-get install python3-%s)", python, module, module)
		}
		t.Skipf("%s has no %s (apt-get install python3-%s): a second reader has not checked the workbook", python, module, module)
	}
	return python
}
