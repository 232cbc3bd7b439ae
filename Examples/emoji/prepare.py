#!/usr/bin/env python3
"""Draws the emoji of Noto Color Emoji into a folder of pictures for cvae.

    python3 prepare.py FONT emoji-test.txt FOLDER [SIZE]

Each fully qualified emoji of Unicode's list that the font draws as one glyph becomes a picture of SIZE x SIZE pixels
(64) on white. metadata.csv has the columns file_name, group and subgroup, as in the list, tone (of the skin: none,
light … dark, or mixed), gender (none, man, woman), and base: the name without tone and gender, which is the same for
pictures that differ in those alone. With splitBy: base, what is held out was seen in no tone and no gender. Needs Pillow
with RAQM, which joins sequences (Debian's python3-pil has it).
"""

import csv
import pathlib
import re
import sys

from PIL import Image, ImageDraw, ImageFont, features

GLYPH = 109  # the one size that the font has, in pixels
TONES = {0x1F3FB: "light", 0x1F3FC: "medium-light", 0x1F3FD: "medium", 0x1F3FE: "medium-dark", 0x1F3FF: "dark"}
MAN, WOMAN, MALE, FEMALE = 0x1F468, 0x1F469, 0x2642, 0x2640
TONE_NAMES = re.compile(r"(medium-light|medium-dark|light|medium|dark) skin tone")


def emoji(path):
    """Yields (code points, name, group, subgroup) of each fully qualified emoji."""
    group = subgroup = ""
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("# group: "):
            group = line[len("# group: "):]
        elif line.startswith("# subgroup: "):
            subgroup = line[len("# subgroup: "):]
        elif "; fully-qualified" in line:
            codes = [int(code, 16) for code in line.split(";")[0].split()]
            name = re.split(r" E\d+\.\d+ ", line.split("#", 1)[1])[1]
            yield codes, name, group, subgroup


def tone(codes):
    found = {TONES[code] for code in codes if code in TONES}
    return found.pop() if len(found) == 1 else "mixed" if found else "none"


def gender(codes):
    found = {"man" if code in (MAN, MALE) else "woman" for code in codes if code in (MAN, WOMAN, MALE, FEMALE)}
    return found.pop() if len(found) == 1 else "none"


def base(name, group):
    """The name without tone, and among people without gender."""
    head, _, rest = name.partition(": ")
    rest = ", ".join(part for part in rest.split(", ") if part and not TONE_NAMES.fullmatch(part))
    if group == "People & Body":
        head = re.sub(r"\b(man|woman|men|women)\b", "person", head)
    return f"{head}: {rest}" if rest else head


def draw(font, text, size):
    """The picture on white; None where the font has no single glyph."""
    if font.getlength(text) > 1.5 * GLYPH:
        return None
    left, top, right, bottom = font.getbbox(text)
    if right <= left or bottom <= top:
        return None
    extent = max(right - left, bottom - top)
    picture = Image.new("RGBA", (extent, extent), (255, 255, 255, 255))
    layer = Image.new("RGBA", (extent, extent), (255, 255, 255, 0))
    ImageDraw.Draw(layer).text(
        ((extent - right + left) / 2 - left, (extent - bottom + top) / 2 - top), text, font=font, embedded_color=True)
    picture.alpha_composite(layer)
    return picture.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)


def main():
    if not features.check("raqm"):
        sys.exit("Pillow lacks RAQM: install Debian's python3-pil and run /usr/bin/python3.")
    path, listing, folder = sys.argv[1:4]
    size = int(sys.argv[4]) if len(sys.argv) > 4 else 64
    font = ImageFont.truetype(path, GLYPH, layout_engine=ImageFont.Layout.RAQM)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for codes, name, group, subgroup in emoji(listing):
        picture = draw(font, "".join(map(chr, codes)), size)
        if picture is None:
            continue
        file = "-".join(f"{code:x}" for code in codes) + ".png"
        picture.save(folder / file)
        rows.append([file, group, subgroup, tone(codes), gender(codes), base(name, group)])
    with open(folder / "metadata.csv", "w", newline="", encoding="utf-8") as output:
        writer = csv.writer(output)
        writer.writerow(["file_name", "group", "subgroup", "tone", "gender", "base"])
        writer.writerows(rows)
    # Most bases are one picture's own, which would else be left out as a name.
    (folder / "schema.yaml").write_text("fields:\n  base: {kind: category}\n")
    print(f"{len(rows)} pictures of {len({row[-1] for row in rows})} bases in {folder}")


if __name__ == "__main__":
    main()
