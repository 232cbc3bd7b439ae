#!/usr/bin/env python3
"""The peer of tables: the TVAE of PyPI's `ctgan`, at its default settings.

    tvae.py TRAIN.csv SYNTHETIC.csv [--rows N] [--missing mark|drop] [--seed 1] [--epochs N]

fits it on the rows of TRAIN.csv and writes as many rows as those, or --rows of them. Text columns
and columns of at most 20 different whole numbers are discrete. What TVAE can't do by itself is done
around it:

* it takes no missing values. One of a discrete column is one more level; one of a column of numbers
  is filled with the column's mean, and a discrete column beside it marks which ones were
  (`--missing mark`). Or the rows with missing values are left out (`--missing drop`);
* it doesn't know how numbers were rounded. They are rounded to the column's decimals and kept
  within the training rows' range, as SDV, the library around ctgan, does by default.

Prints one line of JSON: seconds of the fit (`fitSeconds`), of the whole process (`processSeconds`),
rows that were sampled in a second, peak memory, versions.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import time

started = time.perf_counter()

import numpy
import pandas
import torch
from ctgan import TVAE

import tables

DISCRETE_LIMIT = 20
MARK = " is missing"  # behind the column's name


def is_discrete(cells):
    present = cells[cells != ""]
    return not tables.is_number(cells) or (
        tables.decimals(present) == 0 and present.nunique() <= DISCRETE_LIMIT)


def to_peer(text):
    """What TVAE sees, and the names of its discrete columns."""
    columns, discrete = {}, []
    for name in text:
        if is_discrete(text[name]):
            columns[name] = text[name]
            discrete.append(name)
            continue
        values = pandas.to_numeric(text[name].replace("", numpy.nan)).astype(float)
        columns[name] = values.fillna(values.mean())
        if values.isna().any():
            columns[name + MARK] = values.isna().map({True: "yes", False: "no"})
            discrete.append(name + MARK)
    return pandas.DataFrame(columns), discrete


def from_peer(sampled, text):
    """The cells of sampled rows, written as in the training rows."""
    columns = {}
    for name in text:
        if is_discrete(text[name]):
            columns[name] = sampled[name]
            continue
        present = text[name][text[name] != ""]
        numbers, digits = pandas.to_numeric(present), tables.decimals(present)
        values = sampled[name].clip(numbers.min(), numbers.max())
        cells = pandas.Series([f"{value:.{digits}f}" for value in values])
        if name + MARK in sampled:
            cells = cells.where(sampled[name + MARK] == "no", "")
        columns[name] = cells
    return pandas.DataFrame(columns)


def main():
    parser = argparse.ArgumentParser(description="Fits ctgan's TVAE and samples rows.")
    parser.add_argument("train")
    parser.add_argument("synthetic")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--missing", choices=["mark", "drop"], default="mark")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, help="TVAE's own default if left out")
    arguments = parser.parse_args()

    text = tables.read(arguments.train)
    rows = arguments.rows or len(text)
    whole = (text != "").all(axis=1)
    if arguments.missing == "drop":
        text = text[whole].reset_index(drop=True)
    numpy.random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)
    data, discrete = to_peer(text)
    settings = {} if arguments.epochs is None else {"epochs": arguments.epochs}
    model = TVAE(enable_gpu=False, **settings)

    fit_started = time.perf_counter()
    model.fit(data, discrete)
    fit_seconds = time.perf_counter() - fit_started
    sample_started = time.perf_counter()
    sampled = model.sample(rows)
    sample_seconds = time.perf_counter() - sample_started
    from_peer(sampled, text).to_csv(arguments.synthetic, index=False)

    print(json.dumps({
        "peer": "ctgan TVAE", "table": os.path.basename(arguments.train),
        "trainingRows": len(text), "columns": text.shape[1], "discreteColumns": len(discrete),
        "rowsWithMissingCells": int((~whole).sum()),
        "missing": arguments.missing if not whole.all() else "none",
        "fitSeconds": round(fit_seconds, 2),
        "rowsPerSecond": round(rows / sample_seconds),
        "processSeconds": round(time.perf_counter() - started, 2),
        "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "epochs": model.epochs, "batch": model.batch_size, "seed": arguments.seed,
        "threads": torch.get_num_threads(), "python": platform.python_version(),
        **{package: importlib.metadata.version(package)
           for package in ("ctgan", "rdt", "torch", "numpy", "pandas")}}))


if __name__ == "__main__":
    main()
