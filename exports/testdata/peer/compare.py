"""Compares the product's workbook with libxlsxwriter's; see .ci/benchmark.

compare.py WORK ROUNDS RESPONSES: WORK holds ours.xlsx, app.test and peer. The cells of
both sheets of responses are taken out of ours.xlsx, so that the peer writes the same;
the summaries, which the product writes besides, it does not have to. Rounds alternate.
"""
import html, os, re, statistics, struct, subprocess, sys, time, zipfile

work, rounds, responses = sys.argv[1], int(sys.argv[2]), sys.argv[3]
CELL = re.compile(rb'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.S)


def column(name):
    n = 0
    for letter in name:
        n = n * 26 + letter - 64
    return n


def texts(content):
    return html.unescape(b"".join(re.findall(rb"<t[^>]*>(.*?)</t>", content, re.S)).decode()).encode()


def shared(book):
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    return [texts(one) for one in re.findall(rb"<si>(.*?)</si>", book.read("xl/sharedStrings.xml"), re.S)]


def cells_of(row, strings):
    """The cells of one row as the peer reads them."""
    out, last = [b"R"], 0
    for name, attributes, content in CELL.findall(row):
        at = column(name)
        out.append(b"B" * (at - last - 1))
        last = at
        value = re.search(rb"<v>(.*?)</v>", content or b"")
        if b't="s"' in attributes:
            text = strings[int(value.group(1))]
        elif b't="inlineStr"' in attributes:
            text = texts(content)
        elif b't="str"' in attributes:
            text = html.unescape(value.group(1).decode()).encode()
        elif value:
            number = float(value.group(1))
            out.append((b"D" if 40000 < number < 60000 else b"N") + struct.pack("d", number))
            continue
        else:
            out.append(b"B")
            continue
        out.append(b"T" + struct.pack("I", len(text)) + text)
    return b"".join(out)


def extract():
    """Writes the cells of the large sheets; returns how many rows and cells."""
    rows = cells = 0
    with zipfile.ZipFile(f"{work}/ours.xlsx") as book, open(f"{work}/cells", "wb") as to:
        strings, sheets = shared(book), 0
        for name in sorted(n for n in book.namelist() if n.startswith("xl/worksheets/sheet")):
            if book.getinfo(name).file_size < 200 * int(responses):
                continue
            sheets += 1
            title = b"Sheet%d" % sheets
            to.write(b"S" + struct.pack("I", len(title)) + title)
            with book.open(name) as part:
                left = b""
                while piece := part.read(1 << 22):
                    done = (left + piece).split(b"</row>")
                    left = done.pop()
                    for row in done:
                        rows += 1
                        line = cells_of(row, strings)
                        cells += len(CELL.findall(row))
                        to.write(line)
    return sheets, rows, cells


def run(command, cwd):
    """Wall and processor time in seconds, and peak memory in MB, of one process."""
    began = time.monotonic()
    p = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True)
    said = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed: {said}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said


def bench(package, name):
    wall, cpu, rss, said = run([f"{work}/{package}.test", "-test.run", "^$", "-test.bench", name, "-test.benchtime", "1x"], package)
    line = next(l for l in said.splitlines() if l.startswith("Benchmark"))
    measures = {unit: float(value) for value, unit in re.findall(r"([\d.]+) (\S+)", line)}
    # The time between the start and the end of the work; signing in and, for the writing
    # alone, the report are before it.
    return measures["ns/op"] / 1e9, measures["cpu-s"], rss, measures["MB-heap"]


sheets, rows, cells = extract()
print(f"== {sheets} sheets of responses, {rows:,} rows, {cells:,} cells; {rounds} rounds, load {os.getloadavg()[0]:.1f} before them", flush=True)
# The whole way: asked for, read from the store twice, the report, the file in the store and
# back. Store to file: without the report. Writing: responses that are made up as they are
# written, so without a store, as the peer has none.
taken = {"libxlsxwriter": [], "whole way": [], "store to file": [], "writing": []}
for _ in range(rounds):
    taken["libxlsxwriter"].append(run([f"{work}/peer", f"{work}/cells", f"{work}/peer.xlsx"], ".")[:3] + (0,))
    taken["whole way"].append(bench("app", "^BenchmarkExport$"))
    taken["store to file"].append(bench("app", "^BenchmarkWriteFile$"))
    taken["writing"].append(bench("exports", f"^BenchmarkWorkbook$/^{responses}$"))
base = [r[1] for r in taken["libxlsxwriter"]]
print(f"{'median (best)':16}{'wall s':>16}{'CPU s':>16}{'peak RSS MB':>13}{'heap MB':>9}   CPU / libxlsxwriter")
ratios = {}
for name, all_ in taken.items():
    wall, cpu, rss, heap = zip(*all_)
    ratios[name] = statistics.median(c / b for c, b in zip(cpu, base))
    print(f"{name:16}{statistics.median(wall):9.2f} ({min(wall):.2f}){statistics.median(cpu):9.2f} ({min(cpu):.2f}){max(rss):13.0f}{max(heap):9.0f}   {ratios[name]:.2f} ({min(cpu) / min(base):.2f})")
print("file: ours %.1f MB, peer %.1f MB" % (os.path.getsize(f"{work}/ours.xlsx") / 1e6, os.path.getsize(f"{work}/peer.xlsx") / 1e6))
wrong = []
if ratios["writing"] > 0.3:
    wrong.append("processor time of the writing above 0.3 of libxlsxwriter's")
if statistics.median(r[0] for r in taken["whole way"]) >= 7.8:
    wrong.append("the whole way takes 7.8 s or more")
if max(r[3] for r in taken["writing"]) > 100:
    wrong.append("the writing needs more than 100 MB")
print("budgets:", "; ".join(wrong) or "kept")
sys.exit(bool(wrong))
