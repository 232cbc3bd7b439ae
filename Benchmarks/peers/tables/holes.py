#!/usr/bin/env python3
"""Removes cells of a CSV file at random; the others stay as they are written.

    holes.py TRUE.csv --share 0.2 --seed 1 --output HOLED.csv
"""

import argparse
import csv
import random


def main():
    parser = argparse.ArgumentParser(description="Removes cells of a CSV file at random.")
    parser.add_argument("true")
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with open(arguments.true, newline="") as true, open(arguments.output, "w", newline="") as holed:
        rows = csv.reader(true)
        writer = csv.writer(holed, lineterminator="\n")
        writer.writerow(next(rows))
        for row in rows:
            writer.writerow("" if chance.random() < arguments.share else cell for cell in row)


if __name__ == "__main__":
    main()
