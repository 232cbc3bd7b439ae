#!/usr/bin/env python3
"""Writes the glosses of WordNet's nouns, with their categories, as tables.

    prepare.py DATA_NOUN FOLDER

A gloss is what stands before the examples. Its category is the file in which lexicographers keep it, such as animal.
Glosses of one wording stay together: those whose md5 falls into the first tenth are test.csv, the others train.csv.
"""
import csv
import hashlib
import pathlib
import sys

CATEGORIES = dict(
    enumerate(
        "Tops act animal artifact attribute body cognition communication event feeling food group location motive "
        "object person phenomenon plant possession process quantity relation shape state substance time".split(),
        start=3,
    )
)


def glosses(path):
    with open(path, encoding="latin-1") as lines:
        for line in lines:
            if line.startswith("  "):
                continue
            data, gloss = line.split("|", 1)
            category = CATEGORIES[int(data.split()[1])]
            if category != "Tops":
                yield gloss.split('; "')[0].strip(), category


def share(text):
    return int(hashlib.md5(("1/" + text).encode()).hexdigest()[:8], 16) / 2**32


source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
rows = list(glosses(source))
for name, isTest in (("train", False), ("test", True)):
    with open(folder / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["gloss", "category"])
        writer.writerows(row for row in rows if (share(row[0]) < 0.1) == isTest)
(folder / "schema.yaml").write_text("fields: {gloss: {kind: text, longest: 128, tokens: pairs}}\n")
