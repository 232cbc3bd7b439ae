#!/usr/bin/env python3
"""Scores transfers of skin tone against the true pictures.

    python3 judge.py DATA TRANSFERRED TONE

DATA is the folder that prepare.py wrote. TRANSFERRED is an .npz that `cvae transfer … --given tone=TONE` wrote: pictures,
and the records that they come from. Counted are pictures of another single tone of which DATA holds the
same one in TONE: the same name but for the tone. Prints the root mean square, of 255, between result and truth, and
between the picture left as it is and the truth.
"""

import csv
import pathlib
import sys

import numpy
from PIL import Image

TONES = ["light", "medium-light", "medium", "medium-dark", "dark"]
CODES = dict(zip(["1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff"], TONES))


def without_tone(file):
    """The code points but those of tones."""
    return "-".join(code for code in file.removesuffix(".png").split("-") if code not in CODES)


def picture(path):
    return numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.float64)


def rms(differences):
    return float(numpy.sqrt(numpy.mean(numpy.square(differences))))


def main():
    folder, transferred, wanted = pathlib.Path(sys.argv[1]), numpy.load(sys.argv[2]), sys.argv[3]
    with open(folder / "metadata.csv", newline="", encoding="utf-8") as source:
        # Records are in the order of the pictures' paths.
        rows = sorted(csv.DictReader(source), key=lambda row: row["file_name"])
    truth = {without_tone(row["file_name"]): row["file_name"] for row in rows if row["tone"] == wanted}
    results, sources, targets = [], [], []
    for record, result in zip(transferred["input"], transferred["image"]):
        row = rows[int(record)]
        name = without_tone(row["file_name"])
        if row["tone"] not in TONES or row["tone"] == wanted or name not in truth:
            continue
        results.append(result)
        sources.append(picture(folder / row["file_name"]))
        targets.append(picture(folder / truth[name]))
    results, sources, targets = (numpy.array(part, dtype=numpy.float64) for part in (results, sources, targets))
    if results.max() <= 1:
        results *= 255
    own, unchanged = rms(results - targets), rms(sources - targets)
    print(f"{wanted}: {len(results)} pictures; rms to the true one {own:.1f}, "
          f"of the picture left unchanged {unchanged:.1f}, ratio {own / unchanged:.2f}")


if __name__ == "__main__":
    main()
