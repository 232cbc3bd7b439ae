#!/usr/bin/env python3
"""Writes Debian's package descriptions, with their synopses, as tables.

    prepare.py PACKAGES TRANSLATION FOLDER

PACKAGES and TRANSLATION are apt's lists Packages and Translation-en, unpacked. One package stands for each source
package: the first by name whose description has 20 to 200 words and whose synopsis has 3 to 14. The md5 of the source's
name says where it goes: the first tenth is test.csv, the next twentieth validation.csv, the rest train.csv.

description  the long text, its paragraphs and lists joined by spaces
synopsis     the short one
section      without contrib/ or non-free/
role         debtags' role::, the first by name; empty where there is none
language     debtags' implemented-in::, likewise
interface    debtags' interface::, likewise
size         installed, in KiB
"""
import csv
import hashlib
import pathlib
import sys

COLUMNS = ["description", "synopsis", "section", "role", "language", "interface", "size"]
FACETS = {"role": "role", "language": "implemented-in", "interface": "interface"}


def paragraphs(path):
    """The entries of a list, each a dictionary. Further lines of a key keep their line breaks."""
    entry, key = {}, None
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if not line:
                if entry:
                    yield entry
                entry = {}
            elif line[0] in " \t":
                entry[key] += "\n" + line[1:]
            else:
                key, text = line.split(":", 1)
                entry[key] = text.strip()
    if entry:
        yield entry


def tag(tags, facet):
    """The facet's first tag, or nothing."""
    found = [name.split("::", 1)[1] for name in tags if name.startswith(facet + "::")]
    return min((name for name in found if name != "TODO"), default="")


def records(packages, translation):
    """A source's name and its row, in the order of packages' names."""
    descriptions = {entry["Package"]: entry["Description-en"] for entry in paragraphs(translation)}
    seen = set()
    for entry in sorted(paragraphs(packages), key=lambda entry: entry["Package"]):
        name = entry["Package"]
        source = entry.get("Source", name).split()[0]
        if source in seen or name not in descriptions:
            continue
        synopsis, _, rest = descriptions[name].partition("\n")
        words = [word for line in rest.split("\n") if line != "." for word in line.split()]
        synopsis = synopsis.split()
        if not (20 <= len(words) <= 200 and 3 <= len(synopsis) <= 14):
            continue
        seen.add(source)
        tags = entry.get("Tag", "").replace("\n", " ").split(", ")
        yield source, [
            " ".join(words),
            " ".join(synopsis),
            entry["Section"].split("/")[-1],
            *(tag(tags, facet) for facet in FACETS.values()),
            entry.get("Installed-Size", ""),
        ]


def split(source):
    share = int(hashlib.md5(("1/" + source).encode()).hexdigest()[:8], 16) / 2**32
    return "test" if share < 0.10 else "validation" if share < 0.15 else "train"


packages, translation, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
tables = {"train": [], "validation": [], "test": []}
for source, row in records(packages, translation):
    tables[split(source)].append(row)
for name, rows in tables.items():
    with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
(folder / "schema.yaml").write_text(
    "fields:\n  description: {kind: text, longest: 192}\n  synopsis: {kind: text, longest: 40}\n"
)
