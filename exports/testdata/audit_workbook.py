#!/usr/bin/python3
"""What can be worked out of published workbooks.
    /usr/bin/python3 audit_workbook.py case.json
case.json: {"files": ["first.xlsx", "second.xlsx"], "filter": {"by": "Institution", "group": "Elm"},
            "places": {"Class 6": {"Institution": "Elm", "Phase": "Primary", "Area": "North"}}}
 files   publications of one strand, oldest first; filter says which group the last one is of, if it is
 places  what a reader may know: where each cohort is
openpyxl reads the finished files. Every count, and every count that a percentage and its base stand for, becomes a
cell; every margin, roll-up and partition a sum; the second file is the first and those who came since. For each cell
that is hidden ([c]) the least and the greatest whole number that fit are found by integer programming, as the
reference data's audit_suppression.py does (its function audit is taken over below; the cells of one problem are those
that sums join). EXACT = known; NARROW = fewer than 3 numbers possible. Exit 1 if any."""
import json, sys
import numpy as np
import openpyxl
from scipy.optimize import milp, LinearConstraint, Bounds

HALF, MIN_WIDTH, MOST = 2, 3, 1e6
COUNTS = ["Answered before", "Answered after", "Matched", "Rated then", "Rated now", "Rated both", "Answers"]
BASES = ["Matched", "Rated both", "Answers"]
SHARES = ["Improved", "The same", "Got worse", "Good answers", "Promoters", "Passives", "Detractors"]
PARTITIONS = [["Improved", "The same", "Got worse"], ["Promoters", "Passives", "Detractors"]]
YES = ["Mean before", "Mean after", "Then (from memory)", "Now"]
low, high, hidden, sums = {}, {}, [], []


def put(name, value):
    """One cell as it is printed; True if it is a count or hidden."""
    if value == "[c]":
        low.setdefault(name, 0), high.setdefault(name, MOST)
        hidden.append(name)
        return True
    if isinstance(value, (int, float)):
        n = int(round(value))
        assert abs(value - n) < 1e-6 and n % 5 == 0, f"{name} = {value} is not to the nearest 5"
        low[name] = max(low.get(name, 0), n - HALF)
        high[name] = min(high.get(name, MOST), n + HALF)
        return True
    return False


def rows(book, sheet, first):
    found, heads = [], None
    for row in book[sheet].iter_rows(values_only=True):
        if heads:
            found.append(dict(zip(heads, row)))
        elif row and row[0] == first:
            heads = row
    assert heads, f"{sheet} has no row that begins with {first}"
    return [r for r in found if r[heads[0]]]


def add_sums(of, kind, everyone, groups, places):
    for by, names in groups.items():
        if by == "Everyone" or by in ("Institution", "Phase", "Area") and not all(p.get(by) for p in places.values()):
            continue
        sums.append([f"{of}{kind}/{everyone}"] + [f"{of}{kind}/{by}/{n}" for n in names])
    for by in ("Institution", "Phase", "Area"):
        for name in groups.get(by, []):
            inner = [f"{of}{kind}/Cohort/{c}" for c in groups.get("Cohort", []) if places.get(c, {}).get(by) == name]
            if inner:
                sums.append([f"{of}{kind}/{by}/{name}"] + inner)


def read(path, of, places):
    book = openpyxl.load_workbook(path, read_only=False, data_only=True)
    reach = rows(book, "Reach", "Breakdown")
    for head in ["Answered before", "Answered after", "Matched", "Responses", "Present in them"]:
        groups = {}
        for r in reach:
            if put(f"{of}reach/{head}/{r['Breakdown']}/{r['Group']}", r.get(head)):
                groups.setdefault(r["Breakdown"], []).append(r["Group"])
        add_sums(of, f"reach/{head}", "Everyone/All responses", groups, places)
    kinds = {}
    everyone = [dict(r, By="Everyone", Group="Everyone") for r in rows(book, "Outcomes", "Measure")]
    for r in everyone + rows(book, "Breakdowns", "Measure"):
        where = f"/{r['By']}/{r['Group']}"
        for head in COUNTS:
            if put(f"{of}{r['Measure']}/{head}{where}", r.get(head)):
                kinds.setdefault(f"{r['Measure']}/{head}", {}).setdefault(r["By"], []).append(r["Group"])
        base = next((h for h in BASES if r.get(h) not in (None, "", "[z]")), None)
        if base is None:
            continue
        shares = {h: r.get(h) for h in SHARES}
        if str(r.get("Figures are", "")).startswith("%"):
            shares.update({"% " + h: v / 100 if isinstance(v, (int, float)) else v for h in YES for v in [r.get(h)]})
        parts = []
        for head, v in shares.items():
            if isinstance(v, (int, float)):
                v = v * r[base]
            if put(f"{of}{r['Measure']}/{head}{where}", v):
                parts.append(head)
                kinds.setdefault(f"{r['Measure']}/{head}", {}).setdefault(r["By"], []).append(r["Group"])
        for whole in PARTITIONS:
            if all(h in parts for h in whole):
                sums.append([f"{of}{r['Measure']}/{base}{where}"] + [f"{of}{r['Measure']}/{h}{where}" for h in whole])
    for kind, groups in kinds.items():
        add_sums(of, kind, "Everyone/Everyone", groups, places)
    for r in rows(book, "Item distributions", "Item and when"):
        whole = f"{of}item/{r['Item and when']}"
        put(whole, r["People"])
        if r["People"] == "[c]":
            continue
        bars, i = [], 1
        while r.get(f"Answer {i}"):
            v = r[f"Share of answer {i}"]
            if put(f"{whole}/{i}", v * r["People"] if isinstance(v, (int, float)) else v):
                bars.append(f"{whole}/{i}")
            i += 1
        sums.append([whole] + bars)


def across(case):
    last = len(case["files"])
    if case.get("filter"):
        f, own = case["filter"], f"{last}:"
        for name in list(low):
            for everyone in ("/Everyone/Everyone", "/Everyone/All responses"):
                if name.startswith(own) and name.endswith(everyone):
                    group = f"{last - 1}:{name[len(own):-len(everyone)]}/{f['by']}/{f['group']}"
                    if group in low:
                        sums.append([name, group])
        last -= 1
    if last < 2:
        return
    for name in list(low):
        rest = name[2:]
        counts = rest.startswith("reach/") or any(f"/{h}/" in rest for h in COUNTS)
        if name.startswith("1:") and not rest.startswith("item/") and counts and "2:" + rest in low:
            put("came:" + rest, "[c]")
            sums.append(["2:" + rest, name, "came:" + rest])


def audit(names, sums):
    """By hidden cell of one problem its bounds and verdict."""
    ix = {n: i for i, n in enumerate(names)}
    A = np.zeros((len(sums), len(names)))
    for k, s in enumerate(sums):
        A[k, ix[s[0]]] -= 1
        for p in s[1:]:
            A[k, ix[p]] += 1
    limits = Bounds([low[n] for n in names], [high[n] for n in names])
    out = {}
    for n in (n for n in names if n in secret):
        lim = []
        for sg in (1, -1):
            c = np.zeros(len(names)); c[ix[n]] = sg
            res = milp(c, constraints=LinearConstraint(A, 0, 0) if len(A) else None, bounds=limits, integrality=np.ones(len(names)))
            if res.status != 0:
                raise SystemExit(f"the published figures contradict one another: {n}")
            lim.append(int(round(res.x[ix[n]])))
        w = lim[1] - lim[0] + 1
        out[n] = (lim[0], lim[1], "EXACT" if w == 1 else ("NARROW" if w < MIN_WIDTH else "ok"))
    return out


def problems():
    """The cells that sums join, and their sums."""
    root = {n: n for n in low}
    def find(n):
        while root[n] != n:
            root[n] = root[root[n]]; n = root[n]
        return n
    for s in sums:
        for p in s[1:]:
            root[find(p)] = find(s[0])
    cells, own = {}, {}
    for n in low:
        cells.setdefault(find(n), []).append(n)
    for s in sums:
        own.setdefault(find(s[0]), []).append(s)
    return [(names, own.get(r, [])) for r, names in cells.items()]


case = json.load(open(sys.argv[1]))
for number, path in enumerate(case["files"], 1):
    read(path, f"{number}:", case["places"])
across(case)
for s in sums:
    for n in s:
        low.setdefault(n, 0), high.setdefault(n, MOST)
secret, bad = set(hidden), 0
for names, joined in problems():
    for n, (a, b, verdict) in audit(names, joined).items():
        # A group that both files show is of the same people, or of ten more: that nobody came may be seen. What the
        # first file showed and the second hides, since few came, is known from the first.
        if n.startswith("2:") and "1:" + n[2:] in low and "1:" + n[2:] not in secret:
            continue
        if a >= 10:  # a group hidden for another's sake may be known to be large
            continue
        if verdict != "ok" and not (n.startswith("came:") and a == 0):
            print(f"{verdict:7s} {n}: {a} to {b}"); bad = 1
print(f"{len(low)} counts, {len(secret)} hidden, {len(sums)} sums of {len(case['files'])} files")
sys.exit(bad)
