#!/usr/bin/env python3
"""The judge of tables: how good any CSV file of synthetic rows is, as one line of JSON.

    score.py TRAIN.csv TEST.csv SYNTHETIC.csv [--target price:log] [--target cut]
    score.py TRAIN.csv TEST.csv SYNTHETIC.csv --condition cut=Fair

TRAIN has the rows that the model learned from, TEST rows that it has never seen. A column is one of
numbers if every cell of TRAIN is a number, else one of categories. A measure whose name ends with
`OfTraining` is that of as many rows of TRAIN in place of synthetic ones. They differ from TEST by
chance alone, so that nothing can be expected to be better.

    columnDistance          mean over columns of the distance to TEST: Kolmogorov and Smirnov's for
                            numbers, total variation for categories; of the cells that are there
    associationDifference   mean over pairs of columns of how much their association differs from
                            that in TEST: Pearson's r of numbers, Cramér's V of categories, the
                            correlation ratio of one of each
    missingDifference       mean over columns that have missing cells in TRAIN of how much the share
                            of missing cells differs from TEST's
    detectionAUC            how well gradient-boosted trees tell synthetic rows from as many rows of
                            TEST and TRAIN: 0.5 not at all, 1 always. Three folds, each judged by
                            trees that have seen the other two. (Copies of TRAIN get less than 0.5)
    detectionAUCOfWhole     the same of rows without missing cells alone
    nearerToTraining        share of synthetic rows that are nearer to a training row than to any of
                            as many held-out rows; 0.5 is what rows get that remember nothing.
                            Distance: numbers as quantiles, |a - b|, categories 0 or 1, summed.
                            `nearerToTrainingError` is of the synthetic rows alone; which rows were
                            held out moves the share by as much again
    copies, copiesOfTest    share of rows that equal a training row in every cell; of TEST's rows
    targets                 what gradient-boosted trees predict of TEST after learning from
                            synthetic rows alone, and after learning from as many of TRAIN: R² of a
                            number (of its logarithm with `:log`), balanced accuracy of a category

With --condition, for rows that were drawn under it: the share that honours it (`honoured`), and of
the other columns the distance to those rows of TEST that have it. `columnDistanceOfHonouring`
leaves out the rows that don't honour it, as rejection sampling from an unconditional model would;
`columnDistanceOfTraining` is that of TRAIN's rows that have it.
"""

import argparse
import itertools
import json
import math
import os

import numpy
import pandas
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import balanced_accuracy_score, r2_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

import tables

DETECTION_ROWS = 20_000  # at most, of each side
NEAR_ROWS = 5_000  # synthetic rows whose neighbours are looked for
MOST_LEVELS = 250  # scikit-learn's trees take no more; rarer levels count as missing there


def sample(frame, rows):
    """So many rows, without repetition, the same at each call; all of them if there are fewer."""
    if len(frame) <= rows:
        return frame
    return frame.iloc[numpy.random.default_rng(1).permutation(len(frame))[:rows]]


def distance(a, b):
    """Between two columns: Kolmogorov and Smirnov's, or total variation; missing cells left out."""
    a, b = a.dropna(), b.dropna()
    if len(a) == 0 or len(b) == 0:
        return 0.0 if len(a) == len(b) else 1.0
    if a.dtype == object:
        shares = a.value_counts(normalize=True), b.value_counts(normalize=True)
        return float(shares[0].sub(shares[1], fill_value=0).abs().sum() / 2)
    a, b = numpy.sort(a), numpy.sort(b)
    steps = numpy.concatenate([a, b])
    below = [numpy.searchsorted(side, steps, side="right") / len(side) for side in (a, b)]
    return float(numpy.abs(below[0] - below[1]).max())


def distances(a, b, leaving_out=()):
    return {name: distance(a[name], b[name]) for name in a if name not in leaving_out}


def mean(values):
    values = list(values)
    return float(numpy.mean(values)) if values else None


def association(a, b):
    """Pearson's r, Cramér's V or the correlation ratio of two columns; 0 where one is constant."""
    present = a.notna() & b.notna()
    a, b = a[present], b[present]
    if a.nunique() < 2 or b.nunique() < 2:
        return 0.0
    if a.dtype != object and b.dtype != object:
        return float(numpy.corrcoef(a, b)[0, 1])
    if a.dtype == object and b.dtype == object:
        counts = pandas.crosstab(a, b).to_numpy()
        expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / counts.sum()
        chi_squared = ((counts - expected) ** 2 / expected).sum()
        return math.sqrt(chi_squared / counts.sum() / (min(counts.shape) - 1))
    numbers, levels = (b, a) if a.dtype == object else (a, b)
    between = ((numbers.groupby(levels).transform("mean") - numbers.mean()) ** 2).sum()
    return math.sqrt(between / ((numbers - numbers.mean()) ** 2).sum())


def associations(frame):
    return numpy.array(
        [association(frame[a], frame[b]) for a, b in itertools.combinations(frame, 2)])


def for_trees(frame, train):
    """Numbers as they are, categories as such, with the most frequent levels of TRAIN."""
    result = frame.copy()
    for name in frame:
        if frame[name].dtype == object:
            levels = train[name].value_counts().index[:MOST_LEVELS]
            result[name] = pandas.Categorical(frame[name], categories=levels)
    return result


def detection(real, synthetic, train):
    """The area under the curve, of scores by trees that haven't seen the row they score."""
    rows = min(len(real), len(synthetic), DETECTION_ROWS)
    if rows < 10:
        return None
    both = pandas.concat([sample(real, rows), sample(synthetic, rows)], ignore_index=True)
    both = for_trees(both, train)
    is_synthetic = numpy.repeat([0, 1], rows)
    scores = numpy.empty(2 * rows)
    for seen, judged in StratifiedKFold(3, shuffle=True, random_state=1).split(both, is_synthetic):
        trees = HistGradientBoostingClassifier(early_stopping=False, random_state=1)
        trees.fit(both.iloc[seen], is_synthetic[seen])
        scores[judged] = trees.predict_proba(both.iloc[judged])[:, 1]
    return roc_auc_score(is_synthetic, scores)


def quantiles(frame, train):
    """An array with a line for each column: numbers as TRAIN's quantiles, categories as indices.

    Missing cells are NaN.
    """
    lines = []
    for name in frame:
        if frame[name].dtype == object:
            levels = pandas.Index(pandas.concat([train[name], frame[name]]).dropna().unique())
            indices = levels.get_indexer(frame[name]).astype(numpy.float32)
            lines.append(numpy.where(indices < 0, numpy.nan, indices))
        else:
            known = numpy.sort(train[name].dropna())
            ranks = sum(numpy.searchsorted(known, frame[name], side=side)
                        for side in ("left", "right")) / (2 * max(len(known), 1))
            lines.append(numpy.where(frame[name].isna(), numpy.nan, ranks))
    return numpy.array(lines, numpy.float32)


def nearest(rows, others, categories):
    """The distance of each row to the nearest of the others."""
    result = []
    for start in range(0, rows.shape[1], 250):
        total = 0
        for line, others_line, is_category in zip(rows[:, start:start + 250], others, categories):
            apart = numpy.abs(line[:, None] - others_line[None, :])
            if is_category:
                apart = (apart > 0).astype(numpy.float32) + apart * 0  # keeps NaN
            gaps = numpy.isnan(line)[:, None], numpy.isnan(others_line)[None, :]
            if gaps[0].any() or gaps[1].any():
                apart = numpy.where(gaps[0] | gaps[1], gaps[0] != gaps[1], apart)
            total = total + apart
        result.append(total.min(1))
    return numpy.concatenate(result)


def nearer_to_training(train, test, synthetic):
    """The share, ties as one half, and its standard error if it were one half."""
    rows = min(len(train), len(test))
    kinds = [train[name].dtype == object for name in train]
    everything = pandas.concat(
        [sample(synthetic, NEAR_ROWS), sample(train, rows), sample(test, rows)])
    lines = quantiles(everything, train)
    cut = len(everything) - 2 * rows
    drawn, known, unknown = lines[:, :cut], lines[:, cut:cut + rows], lines[:, cut + rows:]
    difference = nearest(drawn, unknown, kinds) - nearest(drawn, known, kinds)
    share = (difference > 1e-6).mean() + (numpy.abs(difference) <= 1e-6).mean() / 2
    return share, 0.5 / math.sqrt(cut)


def copies(frame, train):
    hashes = [pandas.util.hash_pandas_object(rows, index=False) for rows in (frame, train)]
    return float(hashes[0].isin(hashes[1]).mean())


def predictability(target, train, test, synthetic):
    """What trees that learned from each of the two predict of TEST."""
    name, _, scale = target.partition(":")
    if name not in train or scale not in ("", "log"):
        raise SystemExit(f"--target: expected a column, or column:log, got {target}")
    is_category = train[name].dtype == object
    others = [column for column in train if column != name]

    def parts(frame):
        frame = frame[frame[name] > 0] if scale == "log" else frame[frame[name].notna()]
        values = frame[name]
        return for_trees(frame, train)[others], numpy.log(values) if scale == "log" else values

    x, y = parts(test)
    rows = min(len(train), len(synthetic))
    result = {"measure": "balanced accuracy" if is_category else "R²"}
    for key, frame in (("ofSynthetic", synthetic), ("ofTraining", train)):
        known_x, known_y = parts(sample(frame, rows))
        if known_y.nunique() == 1:
            predicted = numpy.repeat(known_y.iloc[0], len(y))  # one level is all there is to learn
        else:
            trees = HistGradientBoostingClassifier if is_category else HistGradientBoostingRegressor
            trees = trees(early_stopping=False, random_state=1).fit(known_x, known_y)
            predicted = trees.predict(x)
        measure = balanced_accuracy_score if is_category else r2_score
        result[key] = measure(y, predicted)
    return result


def score(train, test, synthetic, targets):
    rows = min(len(test), len(train), len(synthetic))
    drawn, known, unknown = sample(synthetic, rows), sample(train, rows), sample(test, rows)
    by_column = distances(drawn, unknown)
    real_associations = associations(unknown)
    difference = [numpy.abs(associations(frame) - real_associations).mean()
                  for frame in (drawn, known)]
    result = {
        "syntheticRows": len(synthetic), "comparedRows": rows,
        "columnDistance": mean(by_column.values()),
        "columnDistanceOfTraining": mean(distances(known, unknown).values()),
        "associationDifference": difference[0],
        "associationDifferenceOfTraining": difference[1]}

    gaps = [name for name in train if train[name].isna().any()]
    real = pandas.concat([test, sample(train, max(len(synthetic) - len(test), 0))])
    result["detectionAUC"] = detection(real, synthetic, train)
    if gaps:
        result["detectionAUCOfWhole"] = detection(real.dropna(), synthetic.dropna(), train)
        shares = [frame[gaps].isna().mean() for frame in (drawn, known, unknown)]
        result["missingDifference"] = float((shares[0] - shares[2]).abs().mean())
        result["missingDifferenceOfTraining"] = float((shares[1] - shares[2]).abs().mean())

    share, error = nearer_to_training(train, test, synthetic)
    result |= {"nearerToTraining": share, "nearerToTrainingError": error,
               "copies": copies(synthetic, train), "copiesOfTest": copies(test, train)}
    if targets:
        result["targets"] = {
            target: predictability(target, train, test, synthetic) for target in targets}
    return result | {"columnDistances": by_column}


def having(frame, name, value, numbers):
    if name not in frame:
        raise SystemExit(f"--condition: expected one of {list(frame)}, got {name}")
    return frame[name] == (float(value) if name in numbers else value)


def score_condition(train, test, synthetic, condition, numbers):
    name, _, value = condition.partition("=")
    honours = having(synthetic, name, value, numbers)
    train, test = (frame[having(frame, name, value, numbers)] for frame in (train, test))
    rows = min(len(synthetic), len(train))
    result = {"syntheticRows": len(synthetic), "trainingRows": len(train), "testRows": len(test),
              "comparedRows": rows, "honoured": float(honours.mean())}
    compared = [("columnDistance", sample(synthetic, rows)),
                ("columnDistanceOfHonouring", sample(synthetic[honours], rows)),
                ("columnDistanceOfTraining", sample(train, rows))]
    for key, frame in compared:
        result[key] = mean(distances(frame, test, [name]).values()) if len(frame) else None
    return {condition: result}


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return round(float(value), 4) if isinstance(value, (float, numpy.floating)) else value


def main():
    parser = argparse.ArgumentParser(description="Judges synthetic rows of a table.")
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("synthetic")
    parser.add_argument("--target", action="append", default=[], metavar="COLUMN[:log]")
    parser.add_argument("--condition", metavar="COLUMN=VALUE")
    arguments = parser.parse_args()
    paths = [arguments.train, arguments.test, arguments.synthetic]
    frames, numbers = tables.read_alike(paths)
    result = {"synthetic": os.path.basename(arguments.synthetic)}
    if arguments.condition:
        result |= score_condition(*frames, arguments.condition, numbers)
    else:
        result |= score(*frames, arguments.target)
    print(json.dumps(rounded(result), ensure_ascii=False))


if __name__ == "__main__":
    main()
