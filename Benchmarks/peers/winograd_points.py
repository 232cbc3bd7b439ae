#!/usr/bin/env python3
"""How much Winograd's algorithm F(4 x 4, 3 x 3) rounds in float32, by the points ±a, ±b (beside 0 and infinity).

    python3 winograd_points.py

Prints, for pairs of points, the root mean square and the largest error of convolutions over 64 channels of
normal numbers, over those of the plain sum in the same order. The pictures are normal, the weights too.
"""

import numpy

PAIRS = [(1, 2), (1, 0.5), (2 ** 0.5, 0.5 ** 0.5), (1.5, 0.5), (1.5, 2 / 3), (1.2, 0.6)]
CHANNELS = 64
TILES = 2000


def matrices(a, b):
    """Bᵀ, G and Aᵀ from the polynomial x (x² − a²) (x² − b²)."""
    a2, b2 = a * a, b * b
    input_side = [
        [a2 * b2, 0, -(a2 + b2), 0, 1, 0],
        [0, -a * b2, -b2, a, 1, 0],
        [0, a * b2, -b2, -a, 1, 0],
        [0, -b * a2, -a2, b, 1, 0],
        [0, b * a2, -a2, -b, 1, 0],
        [0, a2 * b2, 0, -(a2 + b2), 0, 1],
    ]
    kernel_side = [[1 / (a2 * b2), 0, 0]]
    for point, square, other in [(a, a2, b2), (b, b2, a2)]:
        scale = 2 * square * (square - other)
        for sign in (1, -1):
            kernel_side.append([1 / scale, sign * point / scale, square / scale])
    kernel_side.append([0, 0, 1])
    result_side = [
        [1, 1, 1, 1, 1, 0],
        [0, a, -a, b, -b, 0],
        [0, a2, a2, b2, b2, 0],
        [0, a**3, -(a**3), b**3, -(b**3), 1],
    ]
    return [numpy.array(m, numpy.float32) for m in (input_side, kernel_side, result_side)]


def main():
    random = numpy.random.default_rng(1)
    pixels = random.standard_normal((TILES, CHANNELS, 6, 6)).astype(numpy.float32)
    weights = random.standard_normal((TILES, CHANNELS, 3, 3)).astype(numpy.float32)
    exact = numpy.zeros((TILES, 4, 4))
    plain = numpy.zeros((TILES, 4, 4), numpy.float32)
    for channel in range(CHANNELS):
        for p in range(3):
            for q in range(3):
                window = pixels[:, channel, p : p + 4, q : q + 4]
                weight = weights[:, channel, p, q][:, None, None]
                plain += window * weight
                exact += window.astype(float) * weight
    def errors(result):
        difference = numpy.abs(result - exact)
        return numpy.sqrt((difference**2).mean()), difference.max()
    of_sum = errors(plain)
    for a, b in PAIRS:
        input_side, kernel_side, result_side = matrices(a, b)
        transformed = input_side @ pixels @ input_side.T
        kernels = kernel_side @ weights @ kernel_side.T
        products = numpy.zeros((TILES, 6, 6), numpy.float32)
        for channel in range(CHANNELS):
            products += transformed[:, channel] * kernels[:, channel]
        found = errors(result_side @ products @ result_side.T)
        print(
            f"±{a:.4g}, ±{b:.4g}: root mean square {found[0] / of_sum[0]:.2f}, "
            f"largest {found[1] / of_sum[1]:.2f} times the plain sum's")


if __name__ == "__main__":
    main()
