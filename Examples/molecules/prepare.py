#!/usr/bin/env python3
"""Writes molecules as SMILES, with the number of their rings, as tables.

    prepare.py WHEEL FOLDER

WHEEL is that of molsets 0.3.1, which holds the MOSES set (Polykovskiy et al., 2020). train.csv has 100,000 molecules
of its training split, validation.csv 2,000 and test.csv 5,000 of its test split. The set is partly sorted, so they are
drawn from all of it. RDKit counts the rings.
"""
import csv
import gzip
import pathlib
import random
import sys
import zipfile

from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcNumRings


def molecules(wheel, split):
    with zipfile.ZipFile(wheel) as archive:
        table = archive.read(f"moses/dataset/data/{split}.csv.gz")
    return gzip.decompress(table).decode().split()[1:]


wheel, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
held_out = random.Random(1).sample(molecules(wheel, "test"), 7_000)
tables = {
    "train": random.Random(1).sample(molecules(wheel, "train"), 100_000),
    "validation": held_out[:2_000],
    "test": held_out[2_000:],
}
for name, texts in tables.items():
    with open(folder / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["smiles", "rings"])
        writer.writerows((text, CalcNumRings(Chem.MolFromSmiles(text))) for text in texts)
(folder / "schema.yaml").write_text(
    "fields: {smiles: {kind: text, longest: 64, tokens: bytes}, rings: {kind: category}}\n"
)
