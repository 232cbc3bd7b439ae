#!/usr/bin/env python3
"""A worker that trains and samples a CVAE in PyTorch or JAX, one command at a time.

    peer.py --framework torch|jax --data FOLDER --threads 2 --network mlp|convolution|text

The convolutional network and that of texts are PyTorch's alone. They can `prepare`, `time` and tell their `losses`; that
of texts can `generate`, too. Its DATA is an .npz file with the arrays x (see torch_text.py) and label.

Reads one JSON object per line from standard input and answers each with one line of JSON on
standard output, so that a benchmark can alternate between this process and its own work.
Everything else goes to standard error. An answer has either an "error" or what is listed here:

    {"cmd": "hello"}
        versions, threads, device
    {"cmd": "prepare", "batch": 128, "precision": "float32", "mode": "compiled"}
        key, and the variant that was chosen with the milliseconds of all that were tried.
        precision: float32 | bfloat16; mode: eager | compiled (JAX: compiled only).
    {"cmd": "time", "key": KEY, "steps": 200}
        seconds, steps
    {"cmd": "losses", "weights": "w.safetensors", "batches": "b.npz", "steps": 20}
        losses, each before its update; float32; mode as above, may be left out.
        The arrays of b.npz: x [steps, batch, 784] (texts: see torch_text.py),
        label [steps, batch], noise [steps, batch, latent].
    {"cmd": "generate", "batch": 64, "precision": "float32", "mode": "frozen"}
        key. mode: eager | frozen | compiled (JAX: compiled only)
    {"cmd": "time_generate", "key": KEY, "repeats": 100}
        seconds, one for each call
    {"cmd": "train", "epochs": 12, "batch": 128, "seed": 1}
        testELBO in nats per picture, seconds of training without compilation and evaluation;
        precision and mode as in prepare, may be left out.
"""

import argparse
import importlib
import json
import os
import sys
import time
import traceback

# One heap that never returns its pages: glibc would otherwise map and unmap every large tensor.
# Both frameworks gain from it; what tcmalloc or jemalloc add beyond it was within the noise.
ENVIRONMENT = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30), "MALLOC_TRIM_THRESHOLD_": str(2**30),
    "MALLOC_TOP_PAD_": str(2**26),
    "TORCHINDUCTOR_COMPILE_THREADS": "1",  # no compiler processes left idling beside the timing
    "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "",
}
POOL_BATCHES = 24


class Worker:
    """The commands; each method's name is the command's."""

    def __init__(self, framework, network, data, threads):
        import shared

        self.framework = framework
        self.data = data
        suffix = "peer" if network == "mlp" else network
        self.module = importlib.import_module(f"{framework}_{suffix}")
        # Where a network has data of its own, its module reads them.
        self.source = self.module if hasattr(self.module, "read_split") else shared
        self.peer = self.module.Peer(threads)
        self.trainers, self.generators, self.splits = {}, {}, {}

    def split(self, prefix):
        if prefix not in self.splits:
            self.splits[prefix] = self.source.read_split(self.data, prefix)
        return self.splits[prefix]

    def trainer(self, batch, precision, mode):
        """The trainer for these settings, made and warmed up at the first request."""
        check("precision", precision, {"float32", "bfloat16"})
        check("mode", mode, self.module.MODES)
        key = f"train/{batch}/{precision}/{mode}"
        if key not in self.trainers:
            count = batch * POOL_BATCHES
            x, y = (array[:count] for array in self.split("train"))
            self.trainers[key] = self.peer.trainer(x, y, batch, precision, mode)
            self.trainers[key].run(20)
        return key, self.trainers[key]

    def hello(self):
        import numpy

        return {"framework": self.framework, "python": sys.version.split()[0],
                "numpy": numpy.__version__, **self.peer.describe()}

    def prepare(self, batch, precision="float32", mode="compiled"):
        key, trainer = self.trainer(batch, precision, mode)
        return {"key": key, **trainer.details()}

    def time(self, key, steps):
        check("key", key, self.trainers)
        start = time.perf_counter()
        self.trainers[key].run(steps)
        return {"seconds": time.perf_counter() - start, "steps": steps}

    def losses(self, weights, batches, steps=20, mode="compiled"):
        import numpy

        check("mode", mode, self.module.MODES)
        arrays = numpy.load(batches)
        x = arrays["x"][:steps]
        y = self.source.one_hot(arrays["label"][:steps])
        noise = arrays["noise"][:steps].astype(numpy.float32)
        if len(x) < steps:
            raise ValueError(f"{batches} holds {len(x)} batches, but {steps} are needed")
        layers = self.peer.read_weights(weights)
        return {"losses": self.peer.losses(layers, x, y, noise, mode)}

    def generate(self, batch, precision="float32", mode="compiled"):
        check("precision", precision, {"float32", "bfloat16"})
        check("mode", mode, self.module.GENERATION_MODES)
        key = f"generate/{batch}/{precision}/{mode}"
        if key not in self.generators:
            self.generators[key] = self.peer.generator(batch, precision, mode)
        _, (mean, shape) = self.generators[key]
        return {"key": key, "mean": mean, "shape": shape}

    def time_generate(self, key, repeats):
        check("key", key, self.generators)
        generate, _ = self.generators[key]
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            generate()
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds}

    def train(self, epochs=12, batch=128, seed=1, precision="float32", mode="compiled"):
        _, trainer = self.trainer(batch, precision, mode)
        bound, seconds = self.peer.train(
            trainer, self.split("train"), self.split("t10k"), batch, epochs, seed)
        return {"testELBO": bound, "seconds": seconds, "epochs": epochs,
                "variant": trainer.variant}


def check(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name} must be one of {sorted(allowed)}, got {value!r}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--framework", choices=["torch", "jax"], required=True)
    parser.add_argument("--data", required=True, help="folder of Fashion-MNIST's four IDX files, or an .npz file of texts")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--network", choices=["mlp", "convolution", "text"], default="mlp")
    options = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in ENVIRONMENT.items()):
        # The heap's settings are read when a process starts, so start again with them.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ENVIRONMENT})
    # Both frameworks size their pools by the processors that the process may use.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:options.threads])
    # Libraries and compilers may print; only answers may reach the real standard output.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    worker = Worker(options.framework, options.network, options.data, options.threads)
    commands = {"hello", "prepare", "time", "losses", "generate", "time_generate", "train"}
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            arguments = json.loads(line)
            name = arguments.pop("cmd", None)
            check("cmd", name, commands)
            answer = getattr(worker, name)(**arguments)
        except Exception as error:  # the benchmark decides whether to go on
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
