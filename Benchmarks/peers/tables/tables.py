"""What peer and judge share: how a CSV file is read, and which of its columns are numbers.

Cells are read as the text they are, and an empty cell is the only sign of a missing value, so that
levels such as "NA" or "None" stay levels.
"""

import numpy
import pandas


def read(path):
    """The cells as text; a missing one is an empty text."""
    return pandas.read_csv(path, dtype=str, keep_default_na=False)


def number_columns(text):
    """The columns whose cells are numbers throughout, apart from missing ones."""
    return [name for name in text if is_number(text[name])]


def is_number(cells):
    present = cells[cells != ""]
    return len(present) > 0 and pandas.to_numeric(present, errors="coerce").notna().all()


def decimals(cells):
    """The most digits that a cell has behind its point."""
    return max((len(cell.partition(".")[2]) for cell in cells), default=0)


def typed(text, numbers, where):
    """Numbers as float64, missing ones NaN, and categories as text, missing ones None.

    A cell that should be a number and is none is an error; `where` names the file.
    """
    columns = {}
    for name in text:
        if name in numbers:
            values = pandas.to_numeric(text[name].replace("", numpy.nan), errors="coerce")
            wrong = text[name][values.isna() & (text[name] != "")]
            if len(wrong):
                raise SystemExit(f"{where}: expected numbers in column {name}, got {wrong.iloc[0]}")
            columns[name] = values.astype(float)
        else:
            columns[name] = text[name].astype(object).where(text[name] != "", None)
    return pandas.DataFrame(columns)


def read_alike(paths):
    """Frames of the first file's columns, in its order, with the first file's kinds of columns."""
    texts = [read(path) for path in paths]
    names, numbers = list(texts[0]), number_columns(texts[0])
    for path, text in zip(paths, texts):
        lacking = [name for name in names if name not in text]
        if lacking:
            raise SystemExit(f"{path}: expected the columns of {paths[0]}, lacks {lacking}")
    return [typed(text[names], numbers, path) for path, text in zip(paths, texts)], numbers
