#!/usr/bin/env python3
"""Judges generated molecules by RDKit.

    judge.py GENERATED TRAIN

Both are tables with the columns smiles and rings. Prints

valid     the share of texts that RDKit reads as a molecule
rings     of the valid ones, the share with as many rings as their row says
unique    of the valid ones, the share of different molecules
novel     of these, the share that TRAIN lacks
"""
import csv
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem.rdMolDescriptors import CalcNumRings

RDLogger.DisableLog("rdApp.*")


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def molecule(row):
    return Chem.MolFromSmiles(row["smiles"]) if row["smiles"] else None


def share(count, of):
    return f"{count / of:.4f} ({count:,} of {of:,})" if of else "none to judge"


generated = rows(sys.argv[1])
valid = [(found, row) for row in generated if (found := molecule(row)) is not None]
asked = sum(CalcNumRings(found) == int(row["rings"]) for found, row in valid)
different = {Chem.MolToSmiles(found) for found, _ in valid}
known = {Chem.MolToSmiles(molecule(row)) for row in rows(sys.argv[2])}
print("valid ", share(len(valid), len(generated)))
print("rings ", share(asked, len(valid)))
print("unique", share(len(different), len(valid)))
print("novel ", share(len(different - known), len(different)))
