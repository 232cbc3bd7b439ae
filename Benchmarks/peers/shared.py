"""What both frameworks share: the model's layers, their initial weights, the data, the clock.

Layers are kept as pairs (weight [in, out], bias [out]); where a layer also reads the label, the
label's ten rows come last, as in `concatenate([input, label])`.
"""

import gzip
import math
import time
from pathlib import Path

import numpy as np

PIXELS, CLASSES, LATENT = 784, 10, 20
LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8

# Layer -> (inputs, outputs, the tensors of a weight file that make up its rows, in order).
LAYERS = {
    "recognition.hidden0": (PIXELS + CLASSES, 512, ("image.weight", "label.weight")),
    "recognition.hidden1": (512, 256, ("weight",)),
    "recognition.output": (256, 2 * LATENT, ("weight",)),
    "prior.hidden0": (CLASSES, 128, ("label.weight",)),
    "prior.output": (128, 2 * LATENT, ("weight",)),
    "decoder.hidden0": (LATENT + CLASSES, 256, ("weight", "label.weight")),
    "decoder.hidden1": (256 + CLASSES, 512, ("weight", "label.weight")),
    "decoder.image": (512 + CLASSES, PIXELS, ("weight", "label.weight")),
}


def initial_weights(seed):
    """Glorot-uniform weights and zero biases, the same numbers for every framework."""
    generator = np.random.default_rng(seed)
    layers = {}
    for name, (inputs, outputs, _) in LAYERS.items():
        limit = math.sqrt(6 / (inputs + outputs))
        weight = generator.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
        layers[name] = (weight, np.zeros(outputs, np.float32))
    return layers


def read_weights(path):
    """The layers of a safetensors file, each checked against the shape it must have."""
    from safetensors.numpy import load_file

    tensors = load_file(path)
    layers = {}
    for name, (inputs, outputs, parts) in LAYERS.items():
        keys = [f"{name}.{part}" for part in parts] + [f"{name}.bias"]
        missing = [key for key in keys if key not in tensors]
        if missing:
            raise ValueError(f"{path} lacks {', '.join(missing)}; it has {sorted(tensors)}")
        weight = np.concatenate([tensors[key] for key in keys[:-1]])
        bias = tensors[keys[-1]]
        if weight.shape != (inputs, outputs) or bias.shape != (outputs,):
            raise ValueError(
                f"{path}: expected {name} as [{inputs}, {outputs}] and [{outputs}], "
                f"got {list(weight.shape)} and {list(bias.shape)}")
        layers[name] = (weight.astype(np.float32), bias.astype(np.float32))
    return layers


def one_hot(labels):
    """One row of ten for each label."""
    return np.eye(CLASSES, dtype=np.float32)[labels]


def read_split(folder, prefix):
    """Images [n, 784] in [0, 1] and one-hot labels [n, 10] of the split `train` or `t10k`."""
    def read(kind, header):
        path = Path(folder) / f"{prefix}-{kind}-ubyte.gz"
        with gzip.open(path) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    images = read("images-idx3", 16).reshape(-1, PIXELS).astype(np.float32) / 255
    return images, one_hot(read("labels-idx1", 8))


def fastest(variants, steps):
    """The name of the fastest of `variants` (name -> function of a number of steps), and the
    milliseconds per step of each. They take turns, so that a passing disturbance hits all, and
    the best of five rounds counts."""
    best = {name: math.inf for name in variants}
    for run in variants.values():
        run(20)
    for _ in range(5):
        for name, run in variants.items():
            start = time.perf_counter()
            run(steps)
            best[name] = min(best[name], (time.perf_counter() - start) / steps * 1e3)
    return min(best, key=best.get), {name: round(value, 3) for name, value in best.items()}
