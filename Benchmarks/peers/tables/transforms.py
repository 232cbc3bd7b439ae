#!/usr/bin/env python3
"""Three ways of modelling one column of numbers, judged by held-out values, as lines of JSON.

    transforms.py TRAIN.csv TEST.csv [--column NAME …] [--digits N] [--seed 1]

Each way is fitted to a column of TRAIN and gives the values of the same column of TEST a
probability. A column is one of numbers if every cell of TRAIN is a number; missing cells are left
out. If its cells have at most d digits behind the point, zeros at the end included, its grid is
10^-d, and what is judged is the probability of the value's own grid cell,

    P(x) = F(x + half a cell) - F(x - half a cell),

so that densities and spikes compare, in the column's own units. --digits takes at most so many
digits, and rounds the values of TRAIN and TEST to them first. Where values repeat, each digit of
the grid adds up to log 10 = 2.3 nats to the lead of jumps over densities, also a digit that nobody
meant, such as the last ones of a program's output: the columns' own lines say more than the means.

    modes       mode-specific normalisation as in CTGAN and TVAE (Xu, Skoularidou, Cuesta-Infante,
                Veeramachaneni, Modeling Tabular Data using Conditional GAN, 2019): a mixture of at
                most 10 normal distributions by variational inference under a Dirichlet process
                (scikit-learn's BayesianGaussianMixture, weight concentration 0.001) on the numbers
                as they are; components of weights above 0.005 are kept, and their weights scaled to
                1. Judged is the mixture itself, its tails unbounded; CTGAN cuts each component at 4
                standard deviations
    quantiles   swift-cvae's QuantileMap followed by N(0, 1): a distribution that is linear between
                knots, and jumps at values that many rows share. Numbers are of 32 bits, as there.
                Each gap between knots where no row lies, and the outside, have half a row's share,
                and all is scaled to 1. Of a shared value, the package counts the jump alone; its
                cell has a part of both neighbouring gaps, too
    logistics   a mixture of 8 discretised logistic distributions (Salimans, Karpathy, Chen, Kingma,
                PixelCNN++, 2017) on the standardised column, without PixelCNN++'s open cells at
                both ends. Maximum likelihood of the cells by L-BFGS, the best on TRAIN of eight
                fits: from quantiles; from the 2, 4, 6 or 7 most frequent values as spikes, and
                quantiles; and thrice from values drawn at random. After 60 steps the three most
                likely go on, to 600 more. Scales are at least a 40th of a cell

Modes and quantiles see all values of TRAIN, logistics the distinct ones with their counts, which is
the same. A line for each column:

    grid, distinct, trainingValues, testValues
                            distinct values are TRAIN's
    modes, quantiles, logistics
                            mean log P of TEST's values, in nats; more is better
    errors                  the standard errors of these
    best, lead, leadError   the best way, its lead over the second, and the standard error of that:
                            of the differences value by value, which is less than the errors suggest
    floored                 how many of TEST's values had P < 1e-12, which counts as 1e-12
    components              of modes, those that were kept

and one for the table, with the means over its columns, and for how many of them each way is best;
`clearlyBest` counts those alone where the lead is more than two standard errors. Standard errors
are of the draw of TEST; another TRAIN would move the fits as well.
"""

import argparse
import json
import os
import warnings

import numpy
import scipy.optimize
import scipy.special
from sklearn.mixture import BayesianGaussianMixture

import tables

FLOOR = 1e-12  # the least probability
MODES = 10
LEAST_WEIGHT = 0.005  # of a mode that is kept
FINEST = 1024  # a value is a jump where at least one of so many rows has it
ROWS_OF_TAIL = 8  # every value among so many rows at either end is a knot
LOGISTICS = 8
LEAST_SCALE = 1 / 40  # of a logistic, in cells
WIDEST = 3  # the log of the largest scale, in standard deviations
SPIKES = (0, 2, 4, 6, 7)  # of the starts of a fit
RANDOM_STARTS = 3
KEPT = 3  # of the fits, after so many iterations
FIRST_ITERATIONS = 60
ROUNDS, ITERATIONS = 2, 300


class Modes:
    """A mixture of normal distributions."""

    def __init__(self, numbers, grid, seed):
        self.half = grid / 2
        mixture = BayesianGaussianMixture(
            n_components=min(MODES, len(numbers)), random_state=seed,
            weight_concentration_prior_type="dirichlet_process", weight_concentration_prior=0.001)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # fewer distinct values than modes; 100 steps are over
            mixture.fit(numbers[:, None])
        kept = mixture.weights_ > LEAST_WEIGHT
        self.weights = mixture.weights_[kept] / mixture.weights_[kept].sum()
        self.means = mixture.means_[kept, 0]
        self.deviations = numpy.sqrt(mixture.covariances_[kept, 0, 0])

    def probabilities(self, numbers):
        away = numpy.abs(numbers[:, None] - self.means) / self.deviations
        half = self.half / self.deviations
        # In the lower half, where small shares have all their digits.
        shares = scipy.special.ndtr(half - away) - scipy.special.ndtr(-half - away)
        densities = numpy.exp(-away ** 2 / 2) / numpy.sqrt(2 * numpy.pi) * 2 * half
        return numpy.where(half < 1e-6, densities, shares) @ self.weights


class Quantiles:
    """The distribution of a QuantileMap.

    It has `jumps` at the knots, and between them, and on either side of them, shares that are
    spread evenly, outside exponentially.
    """

    def __init__(self, numbers, grid):
        self.half = grid / 2
        distinct, counts = numpy.unique(numbers.astype(numpy.float32), return_counts=True)
        count, last = len(numbers), len(distinct) - 1
        least_shared = max(2, count // FINEST)
        knots, start, following = [], 0, 0

        def spacing(end):
            return min(least_shared, max(1, min(end, count - end) // ROWS_OF_TAIL))

        for index, rows in enumerate(counts.tolist()):
            end = start + rows
            if rows >= least_shared:
                knots.append((index, start / count, end / count))
                following = end + spacing(end)
            elif start == 0 or end >= following or index == last:
                share = 0 if start == 0 else 1 if index == last else (start + end) / 2 / count
                knots.append((index, share, share))
                following = end + spacing(end)
            start = end
        indices, below, up_to = map(numpy.array, zip(*knots))
        least = 0.5 / count
        self.values = distinct[indices].astype(float)
        self.gaps = numpy.maximum(below[1:] - up_to[:-1], least)
        self.jumps = up_to - below
        self.tail = least / 2
        self.total = 1 + least * ((below[1:] <= up_to[:-1]).sum() + 1)
        self.below = self.tail + numpy.concatenate(
            [[0], numpy.cumsum(self.gaps + self.jumps[:-1])])
        self.width = self.values[-1] - self.values[0] or 1.0

    def cumulative(self, numbers, side):
        """Of each number the share below it, with a jump at it on the right side alone."""
        knot = numpy.searchsorted(self.values, numbers, side=side) - 1
        left = numpy.clip(knot, 0, max(len(self.gaps) - 1, 0))
        result = (self.below + self.jumps)[left]
        if len(self.gaps):
            part = (numbers - self.values[left]) / (self.values[left + 1] - self.values[left])
            result = result + numpy.clip(part, 0, 1) * self.gaps[left]
        outside = numpy.maximum(self.values[0] - numbers, numbers - self.values[-1])
        tails = self.tail * numpy.exp(-numpy.maximum(outside, 0) / self.width)
        result = numpy.where(knot < 0, tails, result)
        return numpy.where(knot == len(self.values) - 1, self.total - tails, result)

    def probabilities(self, numbers):
        centres = numbers.astype(numpy.float32).astype(float)
        upper = self.cumulative(centres + self.half, "right")
        return (upper - self.cumulative(centres - self.half, "left")) / self.total


class Logistics:
    """A mixture of discretised logistic distributions."""

    def __init__(self, numbers, grid, seed):
        self.mean, self.deviation = numbers.mean(), numbers.std() or 1.0
        self.half = grid / 2 / self.deviation
        distinct, counts = numpy.unique(numbers, return_counts=True)
        distinct = (distinct - self.mean) / self.deviation
        shares = counts / counts.sum()
        starts = [self.start(distinct, shares, spikes) for spikes in SPIKES]
        random = numpy.random.default_rng(seed)
        starts += [self.start_at_random(distinct, shares, random) for _ in range(RANDOM_STARTS)]
        fits = [self.climb(start, distinct, shares, FIRST_ITERATIONS) for start in starts]
        fits = sorted(fits, key=lambda fit: fit[1])[:KEPT]
        for _ in range(ROUNDS):
            fits = [self.climb(fit[0], distinct, shares, ITERATIONS) for fit in fits]
        self.parameters = min(fits, key=lambda fit: fit[1])[0]

    def start(self, distinct, shares, spikes):
        """From so many of the most frequent values, as spikes, and quantiles for the rest.

        A start is an array of the weights' logits, then the means, then the logs of the scales.
        """
        frequent = numpy.argsort(-shares, kind="stable")[:spikes]
        count = LOGISTICS - len(frequent)
        edges = numpy.arange(2 * count + 1) / (2 * count)
        places = numpy.searchsorted(numpy.cumsum(shares), edges - 1e-9)
        points = distinct[numpy.minimum(places, len(distinct) - 1)]
        # As if each part's ends were a logistic's quartiles, which are 2 log 3 scales apart.
        scales = numpy.maximum((points[2::2] - points[:-2:2]) / (2 * numpy.log(3)), 2 * self.half)
        rest = max(1 - shares[frequent].sum(), 0.01) / count
        return numpy.concatenate([
            numpy.log(shares[frequent]), numpy.repeat(numpy.log(rest), count),
            distinct[frequent], points[1::2],
            numpy.repeat(numpy.log(self.half / 2), len(frequent)), numpy.log(scales)])

    def start_at_random(self, distinct, shares, random):
        means = random.choice(distinct, LOGISTICS, p=shares)
        log_scales = numpy.maximum(random.uniform(-4, 0, LOGISTICS), numpy.log(self.half))
        return numpy.concatenate([numpy.zeros(LOGISTICS), means, log_scales])

    def climb(self, start, distinct, shares, iterations):
        """Parameters of more likelihood than those of the start, and their loss.

        Means are moved in units of the start's scales, which differ by orders of magnitude.
        """
        scales, middle = numpy.exp(start[-LOGISTICS:]), slice(LOGISTICS, -LOGISTICS)
        narrowest = numpy.log(2 * self.half * LEAST_SCALE)
        bounds = ([(-30, 30)] * LOGISTICS + [(None, None)] * LOGISTICS
                  + [(narrowest, WIDEST)] * LOGISTICS)

        def moved(steps):
            parameters = steps.copy()
            parameters[middle] = start[middle] + steps[middle] * scales
            return parameters

        def loss(steps):
            value, slopes = self.loss(moved(steps), distinct, shares)
            slopes[middle] *= scales
            return value, slopes

        steps = start.copy()
        steps[middle] = 0
        fit = scipy.optimize.minimize(
            loss, steps, method="L-BFGS-B", jac=True, bounds=bounds,
            options={"maxiter": iterations, "maxfun": 2 * iterations})
        return moved(fit.x), fit.fun

    def terms(self, parameters, numbers):
        """Logs of each number's P and of each component's part in it, and what slopes need.

        With u = (x - mean) / scale and h = half a cell / scale, σ(u + h) - σ(u - h)
        = sinh h / (2 cosh((u + h) / 2) cosh((u - h) / 2)), which loses no digits.
        """
        logits, means, log_scales = numpy.split(parameters, 3)
        u, h = ((of / numpy.exp(log_scales)) for of in (numbers[:, None] - means, self.half))
        joint = scipy.special.log_softmax(logits) + h + numpy.log(-numpy.expm1(-2 * h))
        tangents = []
        for a in ((u + h) / 2, (u - h) / 2):
            small = numpy.exp(-2 * numpy.abs(a))
            joint = joint - numpy.abs(a) - numpy.log1p(small)
            tangents.append(numpy.copysign((1 - small) / (1 + small), a))
        return scipy.special.logsumexp(joint, axis=1), joint, u, h, tangents

    def loss(self, parameters, numbers, shares):
        """-mean log P of the numbers, and its slopes."""
        logs, joint, u, h, (upper, lower) = self.terms(parameters, numbers)
        parts = numpy.exp(joint - logs[:, None]) * shares[:, None]
        by_u = parts * (upper + lower) / -2
        by_h = parts * (1 / numpy.tanh(h) - (upper - lower) / 2)
        logits, _, log_scales = numpy.split(parameters, 3)
        slopes = numpy.concatenate([
            parts.sum(0) - scipy.special.softmax(logits), -by_u.sum(0) / numpy.exp(log_scales),
            -(by_u * u + by_h * h).sum(0)])
        return -shares @ logs, -slopes

    def probabilities(self, numbers):
        return numpy.exp(self.terms(self.parameters, (numbers - self.mean) / self.deviation)[0])


def standard_error(values):
    return float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else None


def judge(known, unknown, grid, seed):
    """What a column's line says of three fits to the known values."""
    modes = Modes(known, grid, seed)
    ways = {"modes": modes, "quantiles": Quantiles(known, grid),
            "logistics": Logistics(known, grid, seed)}
    probabilities = {name: way.probabilities(unknown) for name, way in ways.items()}
    logs = {name: numpy.log(numpy.maximum(of, FLOOR)) for name, of in probabilities.items()}
    means = {name: float(of.mean()) for name, of in logs.items()}
    best, second = sorted(means, key=means.get, reverse=True)[:2]
    return {
        "grid": grid, "distinct": len(numpy.unique(known)), "trainingValues": len(known),
        "testValues": len(unknown), **means,
        "errors": {name: standard_error(of) for name, of in logs.items()},
        "best": best, "lead": means[best] - means[second],
        "leadError": standard_error(logs[best] - logs[second]),
        "floored": {name: int((of < FLOOR).sum()) for name, of in probabilities.items()},
        "components": len(modes.weights)}


def summary(lines):
    names = ("modes", "quantiles", "logistics")
    clear = [line["best"] for line in lines if line["lead"] > 2 * (line["leadError"] or 0)]
    best = [line["best"] for line in lines]
    return {
        "columns": len(lines),
        **{name: float(numpy.mean([line[name] for line in lines])) for name in names},
        "best": {name: best.count(name) for name in names},
        "clearlyBest": {name: clear.count(name) for name in names},
        "floored": {name: sum(line["floored"][name] for line in lines) for name in names}}


def rounded(value):
    """To four digits behind the point; grids are left as they are."""
    if isinstance(value, dict):
        return {key: item if key == "grid" else rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def main():
    parser = argparse.ArgumentParser(description="Compares models of single columns of numbers.")
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--column", action="append", metavar="NAME", help="these alone")
    parser.add_argument("--digits", type=int, choices=range(16), metavar="N",
                        help="at most so many, of each cell")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    (train, test), numbers = tables.read_alike([arguments.train, arguments.test])
    texts = tables.read(arguments.train)
    for name in arguments.column or []:
        if name not in numbers:
            raise SystemExit(f"--column: expected one of {numbers}, got {name}")

    table = os.path.basename(arguments.train).removesuffix(".csv").removesuffix("-train")
    lines = []
    for name in arguments.column or numbers:
        digits = tables.decimals(texts[name])
        if arguments.digits is not None:
            digits = min(digits, arguments.digits)
        known, unknown = (frame[name].dropna().round(digits).to_numpy() for frame in (train, test))
        if len(unknown) == 0:
            continue
        lines.append(judge(known, unknown, float(f"1e-{digits}"), arguments.seed))
        print(json.dumps(rounded({"table": table, "column": name} | lines[-1]),
                         ensure_ascii=False), flush=True)
    if lines:
        print(json.dumps(rounded({"table": table} | summary(lines))))


if __name__ == "__main__":
    main()
