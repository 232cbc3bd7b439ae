#!/usr/bin/env python3
"""Draws the letters and digits of typefaces into an .npz for cvae.

    python3 prepare.py FOLDER_OF_TTF fonts.npz

Each face is drawn at the size at which its tallest and widest characters fill the picture, all on
one baseline, white on black, 32 x 32. A face is left out whose characters are empty or boxes: one of
them without ink, or fewer than 30 different pictures among the 62. Fields: image, character, face (the
file's name), design (its first four letters: variants of one design share them).
"""

import pathlib
import string
import sys

import numpy
from PIL import Image, ImageDraw, ImageFont

SIZE = 32
ROOM = 30
CHARACTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits


def extents(font):
    boxes = [font.getbbox(character, anchor="ls") for character in CHARACTERS]
    top = min(box[1] for box in boxes)
    bottom = max(box[3] for box in boxes)
    width = max(box[2] - box[0] for box in boxes)
    return top, bottom, width


def fitting_font(path):
    font = ImageFont.truetype(str(path), 100)
    top, bottom, width = extents(font)
    points = int(100 * ROOM / max(bottom - top, width, 1))
    while points > 3:
        font = ImageFont.truetype(str(path), points)
        top, bottom, width = extents(font)
        if max(bottom - top, width) <= ROOM:
            return font, top, bottom
        points -= 1
    return None


def draw(font, top, bottom, character):
    picture = Image.new("L", (SIZE, SIZE), 0)
    left, _, right, _ = font.getbbox(character, anchor="ls")
    x = (SIZE - (right - left)) / 2 - left
    y = (SIZE - (bottom - top)) / 2 - top
    ImageDraw.Draw(picture).text((round(x), round(y)), character, font=font, fill=255, anchor="ls")
    return numpy.asarray(picture)


def main(folder, output):
    images, characters, faces, designs, dropped = [], [], [], [], []
    for path in sorted(pathlib.Path(folder).glob("*.ttf")):
        try:
            found = fitting_font(path)
        except OSError:
            found = None
        pictures = [draw(*found, character) for character in CHARACTERS] if found else []
        # Ink well inside the range of grey: a speck is no letter.
        inked = all((picture > 128).sum() >= 4 for picture in pictures)
        if not pictures or not inked or len({picture.tobytes() for picture in pictures}) < 30:
            dropped.append(path.stem)
            continue
        images += pictures
        characters += CHARACTERS
        faces += [path.stem] * len(CHARACTERS)
        designs += [path.stem[:4]] * len(CHARACTERS)
    numpy.savez(
        output, image=numpy.stack(images), character=numpy.array(characters),
        face=numpy.array(faces), design=numpy.array(designs))
    print(f"{len(set(faces))} faces of {len(set(designs))} designs; left out: {' '.join(dropped)}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
