#!/usr/bin/env python3
"""A whole process that draws 64 pictures with PyTorch, for comparing start-up and all.

    generate_once.py OUTPUT.png

Imports torch, builds prior network and decoder, draws random weights, generates a sheet of eight
by eight and writes it. Nothing else is imported: a fast start is the point.
"""

import struct
import sys
import zlib

import torch
from torch.nn import functional as F

LATENT, CLASSES, COUNT, SIDE, COLUMNS = 20, 10, 64, 28, 8


def layer(inputs, outputs):
    """Random weight [out, in] and bias [out]."""
    return torch.randn(outputs, inputs) / inputs ** 0.5, torch.zeros(outputs)


def generate(y):
    """z from the prior network, then pixels in [0, 1]; y enters every layer of the decoder."""
    hidden = F.relu(F.linear(y, *layer(CLASSES, 128)))
    mean, log_variance = F.linear(hidden, *layer(128, 2 * LATENT)).chunk(2, 1)
    hidden = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
    hidden = F.relu(F.linear(torch.cat([hidden, y], 1), *layer(LATENT + CLASSES, 256)))
    hidden = F.relu(F.linear(torch.cat([hidden, y], 1), *layer(256 + CLASSES, 512)))
    return torch.sigmoid(
        F.linear(torch.cat([hidden, y], 1), *layer(512 + CLASSES, SIDE * SIDE)))


def write_png(path, rows, width, height):
    """An 8-bit grey PNG, through Pillow if it is there."""
    try:
        from PIL import Image

        Image.frombytes("L", (width, height), rows).save(path)
        return
    except ImportError:
        pass

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = b"".join(  # every line begins with its filter, 0 for none
        b"\0" + rows[start:start + width] for start in range(0, len(rows), width))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                   + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def main():
    if len(sys.argv) != 2:
        sys.exit(f"expected one argument, the picture to write, got {sys.argv[1:]}")
    torch.manual_seed(1)
    with torch.inference_mode():
        pictures = generate(torch.eye(CLASSES)[torch.arange(COUNT) % CLASSES])
        sheet = pictures.view(COUNT // COLUMNS, COLUMNS, SIDE, SIDE).transpose(1, 2)
        pixels = (sheet.reshape(-1) * 255).round().to(torch.uint8)
    write_png(sys.argv[1], bytes(pixels.tolist()), COLUMNS * SIDE, COUNT // COLUMNS * SIDE)


if __name__ == "__main__":
    main()
