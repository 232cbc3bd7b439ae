"""The MLP CVAE in PyTorch: trainers and generators, each in its best setting on a CPU."""

import contextlib
import itertools
import signal
import sys
import time
from functools import partial

import numpy as np
import torch
import torch._dynamo.config as dynamo
import torch._inductor.config as inductor
from torch import nn
from torch.nn import functional as F

import shared

MODES = {"eager", "compiled"}
GENERATION_MODES = {"eager", "frozen", "compiled"}
TUNING_LIMIT = 90  # seconds that "max-autotune-no-cudagraphs" may take to compile


def loss_of(mean, log_variance, prior_mean, prior_log_variance, noise, x, decode):
    """Minus the evidence lower bound, the mean over the batch, with one sample of z."""
    logits = decode(mean + torch.exp(log_variance / 2) * noise)
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    divergence = 0.5 * torch.sum(
        prior_log_variance - log_variance - 1
        + (log_variance.exp() + (mean - prior_mean) ** 2) * torch.exp(-prior_log_variance))
    return (reconstruction + divergence) / x.shape[0]


class Model(nn.Module):
    """`[x, y] → q(z)`, `y → p(z)`, `[z, y] → x`, with y entering every decoder layer."""

    latent = shared.LATENT
    initial_weights = staticmethod(shared.initial_weights)

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({
            name.replace(".", "_"): nn.Linear(inputs, outputs)
            for name, (inputs, outputs, _) in shared.LAYERS.items()})

    def load(self, layers):
        """Sets every parameter in place; `nn.Linear` keeps its weight as [out, in]."""
        with torch.no_grad():
            for name, (weight, bias) in layers.items():
                layer = self.layers[name.replace(".", "_")]
                layer.weight.copy_(torch.from_numpy(weight.T.copy()))
                layer.bias.copy_(torch.from_numpy(bias))

    def recognise(self, x, y):
        hidden = F.relu(self.layers["recognition_hidden0"](torch.cat([x, y], 1)))
        hidden = F.relu(self.layers["recognition_hidden1"](hidden))
        return self.layers["recognition_output"](hidden).float().chunk(2, 1)

    def prior(self, y):
        hidden = F.relu(self.layers["prior_hidden0"](y))
        return self.layers["prior_output"](hidden).float().chunk(2, 1)

    def decode(self, z, y):
        hidden = z.to(y.dtype)
        for name in ("decoder_hidden0", "decoder_hidden1"):
            hidden = F.relu(self.layers[name](torch.cat([hidden, y.to(hidden.dtype)], 1)))
        rows = torch.cat([hidden, y.to(hidden.dtype)], 1)  # bfloat16 stays bfloat16
        return self.layers["decoder_image"](rows).float()

    def forward(self, x, y, noise):
        """Minus the evidence lower bound, the mean over the batch; always summed in float32."""
        return loss_of(
            *self.recognise(x, y), *self.prior(y), noise, x, lambda z: self.decode(z, y))

    def generate(self, y, noise):
        mean, log_variance = self.prior(y)
        return torch.sigmoid(self.decode(mean + torch.exp(log_variance / 2) * noise, y))


def precision_scope(precision):
    """Float32 master weights either way; bfloat16 is PyTorch's own automatic mixed precision."""
    return torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16")


@contextlib.contextmanager
def time_limit(seconds):
    """Raises TimeoutError in the body after so many seconds."""
    def expire(*_):
        raise TimeoutError(f"gave up after {seconds} s")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


class TwoPartStep:
    """Backward pass by autograd, then one of PyTorch's own Adams; this is how people write it."""

    def __init__(self, model, precision, compiler=None, **adam):
        self.model = model
        self.adam = torch.optim.Adam(
            self.model.parameters(), shared.LEARNING_RATE, (shared.BETA1, shared.BETA2),
            shared.EPSILON, **adam)

        def loss(x, y, noise):
            with precision_scope(precision):
                return self.model(x, y, noise)

        self.loss = torch.compile(loss, dynamic=False, **compiler) if compiler else loss

    def __call__(self, x, y, noise):
        self.adam.zero_grad()
        loss = self.loss(x, y, noise)
        loss.backward()
        self.adam.step()
        return loss.detach()

    def reset(self, layers):
        self.model.load(layers)
        for state in self.adam.state.values():
            for tensor in state.values():
                tensor.zero_()


class WholeStep:
    """Loss, gradient and Adam as one compiled function, for the compiler to fuse as it likes."""

    def __init__(self, model, precision, compiler):
        self.model = model.requires_grad_(False)
        self.parameters = dict(self.model.named_parameters())
        self.first = {name: torch.zeros_like(p) for name, p in self.parameters.items()}
        self.second = {name: torch.zeros_like(p) for name, p in self.parameters.items()}
        self.count = torch.zeros(())

        def loss(parameters, x, y, noise):
            with precision_scope(precision):
                return torch.func.functional_call(self.model, parameters, (x, y, noise))

        def step(parameters, first, second, count, x, y, noise):
            gradients, value = torch.func.grad_and_value(loss)(parameters, x, y, noise)
            count.add_(1)
            rate = shared.LEARNING_RATE / (1 - shared.BETA1 ** count)
            correction = (1 - shared.BETA2 ** count).sqrt()
            for name, gradient in gradients.items():
                first[name].lerp_(gradient, 1 - shared.BETA1)
                second[name].mul_(shared.BETA2).addcmul_(
                    gradient, gradient, value=1 - shared.BETA2)
                root = second[name].sqrt() / correction + shared.EPSILON
                parameters[name].sub_(rate * first[name] / root)
            return value

        self.step = torch.compile(step, dynamic=False, **compiler)

    def __call__(self, x, y, noise):
        return self.step(
            self.parameters, self.first, self.second, self.count, x, y, noise)

    def reset(self, layers):
        self.model.load(layers)
        for tensor in [*self.first.values(), *self.second.values(), self.count]:
            tensor.zero_()


class Trainer:
    """The fastest of several ways to take a step, over a cycled pool of batches."""

    def __init__(self, models, pool, precision, mode):
        self.pool = itertools.cycle(pool)
        variants, self.failures, started = {}, {}, time.perf_counter()
        for name, limit, make in self.candidates(models, precision, mode):
            try:
                with time_limit(limit):
                    step = make()
                    step.reset(step.model.initial_weights(0))
                    self.run_with(step, 3)
                variants[name] = step
            except Exception as error:  # a missing compiler, a time limit, an unsupported option
                self.failures[name] = f"{type(error).__name__}: {error}"[:400]
                print(f"torch: {name} left out: {self.failures[name]}", file=sys.stderr)
        if not variants:
            raise RuntimeError(f"no variant of mode {mode} works: {self.failures}")
        runs = {name: lambda n, s=step: self.run_with(s, n) for name, step in variants.items()}
        self.variant, self.milliseconds = shared.fastest(runs, 20)
        self.step = variants[self.variant]
        self.setup_seconds = time.perf_counter() - started

    @staticmethod
    def candidates(models, precision, mode):
        """Name, seconds allowed for compilation, and maker of each variant worth trying."""
        for name, model in models.items():
            for variant, limit, make in Trainer.variants(precision, mode):
                yield f"{name}{', ' if name else ''}{variant}", limit, partial(make, model)

    @staticmethod
    def variants(precision, mode):
        """The same for one model, which the maker gets."""
        if mode == "eager":
            yield "fused Adam", 600, lambda model: TwoPartStep(model(), precision, fused=True)
            yield "foreach Adam", 600, lambda model: TwoPartStep(model(), precision, foreach=True)
            return
        plain, tuned = {"mode": "default"}, {"mode": "max-autotune-no-cudagraphs"}
        yield ("compiled loss, fused Adam", 600,
               lambda model: TwoPartStep(model(), precision, plain, fused=True))
        yield "compiled whole step", 600, lambda model: WholeStep(model(), precision, plain)
        yield ("compiled whole step, max-autotune", TUNING_LIMIT,
               lambda model: WholeStep(model(), precision, tuned))

    def run_with(self, step, steps):
        for _ in range(steps):
            x, y = next(self.pool)
            loss = step(x, y, torch.randn(len(x), step.model.latent))
        return loss

    def run(self, steps):
        """Takes `steps` steps; on a CPU, PyTorch has finished when the call returns."""
        self.run_with(self.step, steps)

    def details(self):
        return {"variant": self.variant, "milliseconds": self.milliseconds,
                "failures": self.failures, "setupSeconds": round(self.setup_seconds, 2)}


class Peer:
    """What `peer.py` calls."""

    models = {"": Model}
    read_weights = staticmethod(shared.read_weights)

    def __init__(self, threads):
        torch.set_num_threads(threads)
        torch.set_flush_denormal(True)
        # Every shape and precision gets code of its own, however many are asked for.
        dynamo.recompile_limit, dynamo.accumulated_recompile_limit = 256, 1024
        # The exhaustive search of max-autotune includes inductor's own C++ products.
        inductor.max_autotune_gemm_backends = "CPP,ATEN"

    def describe(self):
        return {"torch": torch.__version__, "threads": torch.get_num_threads(),
                "device": torch.backends.cpu.get_cpu_capability(),
                "oneDNN": torch.backends.mkldnn.is_available()}

    def trainer(self, x, y, batch, precision, mode):
        """A trainer over a pool of ready batches, cut from the given pictures."""
        pool = list(zip(torch.from_numpy(x).split(batch), torch.from_numpy(y).split(batch)))
        return Trainer(self.models, pool, precision, mode)

    def losses(self, layers, x, y, noise, mode):
        """The loss before each update, one batch of the arrays for each step; of several models,
        the first one's, and all must agree."""
        answers = {}
        for name, model in self.models.items():
            step = (TwoPartStep(model(), "float32", fused=True) if mode == "eager"
                    else WholeStep(model(), "float32", {"mode": "default"}))
            step.reset(layers)
            answers[name] = [
                float(step(*map(torch.from_numpy, batch))) for batch in zip(x, y, noise)]
        first = next(iter(answers.values()))
        for name, losses in answers.items():
            if not np.allclose(losses, first, rtol=1e-4):
                raise ValueError(f"the losses of {name} are {losses}, others' {first}")
        return first

    def train(self, trainer, train, test, batch, epochs, seed):
        """Seconds of training, and the test bound with one posterior sample for each picture."""
        torch.manual_seed(seed)
        trainer.step.reset(shared.initial_weights(seed))
        x, y = map(torch.from_numpy, train)
        start = time.perf_counter()
        for _ in range(epochs):
            order = torch.randperm(len(x))
            for rows in order[:len(x) // batch * batch].split(batch):
                trainer.step(x[rows], y[rows], torch.randn(batch, shared.LATENT))
        seconds = time.perf_counter() - start
        x, y = map(torch.from_numpy, test)
        with torch.inference_mode():
            return -float(trainer.step.model(x, y, torch.randn(len(x), shared.LATENT))), seconds

    def generator(self, batch, precision, mode):
        """A call without arguments that draws `batch` pictures for labels fixed beforehand."""
        kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
        model = Model().requires_grad_(False).eval()
        model.load(shared.initial_weights(0))
        model = model.to(kind)  # quicker here than autocast, which would cast at every call
        y = torch.from_numpy(shared.one_hot(np.arange(batch) % shared.CLASSES)).to(kind)
        noise = torch.randn(batch, shared.LATENT)
        draw = model.generate
        if mode == "frozen":
            class Generator(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.inner = model

                def forward(self, y, noise):
                    return self.inner.generate(y, noise)

            with torch.inference_mode(False), torch.no_grad():
                traced = torch.jit.trace(Generator().eval(), (y, noise), check_trace=False)
                draw = torch.jit.optimize_for_inference(torch.jit.freeze(traced))
        elif mode == "compiled":
            inductor.freezing = True  # constant weights, repacked once for oneDNN
            draw = torch.compile(model.generate, dynamic=False)

        @torch.inference_mode()
        def generate():
            return draw(y, torch.randn(batch, shared.LATENT))

        for _ in range(20):
            pictures = generate()
        if mode == "compiled":
            inductor.freezing = False
        return generate, [float(pictures.float().mean()), list(pictures.shape)]
