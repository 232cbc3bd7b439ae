#!/usr/bin/env python3
"""The judge of completed tables: how far filled cells are from the true ones, as one line of JSON.

    impute.py TRAIN.csv HOLED.csv TRUE.csv FILLED.csv [FILLED.csv …] [--no-neighbours]

HOLED has the rows of TRUE with cells emptied; each FILLED has the same rows in the same order, with
one answer for every empty cell. Judged are the cells that are empty in HOLED alone:

    numbers      root mean squared error of the mean of all answers, over the standard deviation of
                 the true ones: 1 is as good as the column's mean
    categories   share of cells where the most frequent answer is the true one

beside two others: the mean or most frequent level of the column in TRAIN, and the five nearest
neighbours (scikit-learn's KNNImputer) among at most 10,000 rows of TRAIN, numbers standardised,
categories one-hot, scaled so that two levels are 1 apart. --no-neighbours leaves these out.
"""

import argparse
import json
import os

import numpy
import pandas
from sklearn.impute import KNNImputer

import tables

NEIGHBOURS = 5
NEIGHBOUR_ROWS = 10_000


def answer_of(fills, name, is_number):
    """The mean of several fills of a column, or their most frequent level."""
    columns = pandas.concat([fill[name] for fill in fills], axis=1)
    return columns.mean(axis=1) if is_number else most_frequent(columns)


def most_frequent(columns):
    """Of each row; the first that occurs among equally frequent ones."""
    if columns.shape[1] == 1:
        return columns.iloc[:, 0]
    return columns.apply(
        lambda row: row.value_counts(sort=False).idxmax() if row.notna().any() else None, axis=1)


def central(train, rows, numbers):
    """Each column's mean or most frequent level, in every row."""
    values = {name: train[name].mean() if name in numbers else train[name].mode()[0]
              for name in train}
    return pandas.DataFrame(values, index=rows.index)


def neighbours(train, holed, numbers):
    """HOLED as its nearest neighbours would fill it."""
    known = train.sample(min(len(train), NEIGHBOUR_ROWS), random_state=1)
    parts, spans, start = [], {}, 0
    for name in train:
        if name in numbers:
            deviation = train[name].std() or 1
            block = [((frame[name] - train[name].mean()) / deviation).to_numpy()[:, None]
                     for frame in (known, holed)]
            spans[name] = start, None, deviation
        else:
            levels = train[name].dropna().unique()
            block = [numpy.where(frame[name].isna().to_numpy()[:, None], numpy.nan,
                                 frame[name].to_numpy()[:, None] == levels) / 2 ** 0.5
                     for frame in (known, holed)]
            spans[name] = start, levels, None
        start += block[0].shape[1]
        parts.append(block)
    imputer = KNNImputer(n_neighbors=NEIGHBOURS, keep_empty_features=True)
    imputer.fit(numpy.hstack([block[0] for block in parts]))
    filled = imputer.transform(numpy.hstack([block[1] for block in parts]))
    columns = {}
    for name, (start, levels, deviation) in spans.items():
        if levels is None:
            columns[name] = filled[:, start] * deviation + train[name].mean()
        else:
            columns[name] = levels[filled[:, start:start + len(levels)].argmax(1)]
    return pandas.DataFrame(columns, index=holed.index)


def errors(answers, holed, true, numbers):
    """Of each column, and the means over columns of numbers and of categories."""
    by_column = {}
    for name in true:
        asked = holed[name].isna() & true[name].notna()
        if not asked.any():
            continue
        got, wanted = answers[name][asked], true[name][asked]
        if got.isna().any():
            raise SystemExit(f"column {name}: {got.isna().sum()} cells to be filled are empty")
        if name in numbers:
            if wanted.nunique() > 1:  # else there is no deviation to measure by
                error = ((got - wanted) ** 2).mean() ** 0.5 / wanted.std(ddof=0)
                by_column[name] = round(float(error), 4)
        else:
            by_column[name] = round(float((got == wanted).mean()), 4)
    kinds = {"numberError": [by_column[name] for name in by_column if name in numbers],
             "categoryAccuracy": [by_column[name] for name in by_column if name not in numbers]}
    means = {key: round(float(numpy.mean(values)), 4) for key, values in kinds.items() if values}
    return means | {"columns": by_column}


def main():
    parser = argparse.ArgumentParser(description="Judges filled cells of a table.")
    parser.add_argument("train")
    parser.add_argument("holed")
    parser.add_argument("true")
    parser.add_argument("filled", nargs="*")
    parser.add_argument("--no-neighbours", action="store_true")
    arguments = parser.parse_args()
    frames, numbers = tables.read_alike(
        [arguments.train, arguments.holed, arguments.true, *arguments.filled])
    train, holed, true, *fills = frames
    for path, frame in zip([arguments.true, *arguments.filled], [true, *fills]):
        if len(frame) != len(holed):
            raise SystemExit(f"{path}: expected {len(holed)} rows as in {arguments.holed}, "
                             f"got {len(frame)}")

    answers = {"meanOrMode": central(train, holed, numbers)}
    if not arguments.no_neighbours:
        answers["neighbours"] = neighbours(train, holed, numbers)
    if fills:
        answers["filled"] = pandas.DataFrame(
            {name: answer_of(fills, name, name in numbers) for name in train})
    asked = int((holed.isna() & true.notna()).to_numpy().sum())
    print(json.dumps({
        "holed": os.path.basename(arguments.holed), "cells": asked, "fills": len(fills),
        **{key: errors(answer, holed, true, numbers) for key, answer in answers.items()}}))


if __name__ == "__main__":
    main()
