#!/usr/bin/env python3
"""Draws the letters and digits of typefaces into an .npz for cvae.

    python3 prepare.py FOLDER_OF_TTF fonts.npz [VARIANTS]

Each face is drawn at the size at which its tallest and widest characters fill the picture, all on
one baseline, white on black, 32 x 32. A face is left out whose characters are empty or boxes: one of
them without ink, or fewer than 30 different pictures among the 62. Fields: image, character, face (the
file's name), design (its first four letters: variants of one design share them).

VARIANTS further faces are made out of each, named face+1, face+2, …: all of its characters slanted,
narrowed or widened, lowered or raised, and thinned or thickened alike, by amounts that the name decides.
"""

import pathlib
import random
import string
import sys

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = 32
ROOM = 30
# Variants are made out of characters this many times as large.
FINE = 4
CHARACTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits


def extents(font):
    boxes = [font.getbbox(character, anchor="ls") for character in CHARACTERS]
    top = min(box[1] for box in boxes)
    bottom = max(box[3] for box in boxes)
    width = max(box[2] - box[0] for box in boxes)
    return top, bottom, width


def fitting_font(path, room=ROOM):
    font = ImageFont.truetype(str(path), 100)
    top, bottom, width = extents(font)
    points = int(100 * room / max(bottom - top, width, 1))
    while points > 3:
        font = ImageFont.truetype(str(path), points)
        top, bottom, width = extents(font)
        if max(bottom - top, width) <= room:
            return font, top, bottom
        points -= 1
    return None


def draw(font, top, bottom, character, size=SIZE):
    picture = Image.new("L", (size, size), 0)
    left, _, right, _ = font.getbbox(character, anchor="ls")
    x = (size - (right - left)) / 2 - left
    y = (size - (bottom - top)) / 2 - top
    ImageDraw.Draw(picture).text((round(x), round(y)), character, font=font, fill=255, anchor="ls")
    return picture


def variant(large, name):
    """All characters of a face, drawn FINE times as large, changed alike."""
    choice = random.Random(name)
    slant = choice.uniform(-0.3, 0.3)
    across, down = choice.uniform(0.7, 1.25), choice.uniform(0.75, 1.1)
    weight = choice.choice([-3, 0, 0, 3, 5])
    size = SIZE * FINE
    pictures = []
    for picture in large:
        if weight > 0:
            picture = picture.filter(ImageFilter.MaxFilter(weight))
        elif weight < 0:
            picture = picture.filter(ImageFilter.MinFilter(-weight))
        # From a place in the result to the place that it is read at, about the middle.
        a, b, e = 1 / across, slant / across, 1 / down
        middle = size / 2
        picture = picture.transform(
            (size, size), Image.Transform.AFFINE,
            (a, b, middle - (a + b) * middle, 0, e, middle - e * middle), Image.Resampling.BILINEAR)
        pictures.append(picture.resize((SIZE, SIZE), Image.Resampling.BOX))
    return pictures


def is_alphabet(pictures):
    # Ink well inside the range of grey: a speck is no letter.
    inked = all((picture > 128).sum() >= 4 for picture in pictures)
    return inked and len({picture.tobytes() for picture in pictures}) >= 30


def main(folder, output, variants):
    images, faces, designs, dropped = [], [], [], []

    def add(face, pictures):
        pictures = [numpy.asarray(picture) for picture in pictures]
        if not pictures or not is_alphabet(pictures):
            return False
        images.extend(pictures)
        faces.append(face)
        designs.append(face[:4])
        return True

    for path in sorted(pathlib.Path(folder).glob("*.ttf")):
        try:
            found = fitting_font(path)
            if not found or not add(path.stem, [draw(*found, c) for c in CHARACTERS]):
                dropped.append(path.stem)
                continue
            fine = fitting_font(path, ROOM * FINE)
            large = [draw(*fine, c, SIZE * FINE) for c in CHARACTERS]
            for number in range(1, variants + 1):
                name = f"{path.stem}+{number}"
                add(name, variant(large, name))
        except OSError:
            dropped.append(path.stem)
    count = len(CHARACTERS)
    numpy.savez(
        output, image=numpy.stack(images), character=numpy.array(list(CHARACTERS) * len(faces)),
        face=numpy.repeat(faces, count), design=numpy.repeat(designs, count))
    print(
        f"{sum('+' not in face for face in faces)} faces and {sum('+' in face for face in faces)} "
        f"variants of {len(set(designs))} designs; left out: {' '.join(dropped)}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) == 4 else 0)
