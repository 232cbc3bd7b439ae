"""The MLP CVAE in JAX: the whole step under one `jit`, with the state's buffers donated."""

import functools
import itertools
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax

import shared

MODES = GENERATION_MODES = {"compiled"}  # dispatching each operation by itself isn't JAX's way


def linear(layers, name, rows, precision):
    """`rows · weight + bias`; in bfloat16 the two operands are cast and the sum stays float32."""
    weight, bias = layers[name]
    if precision == "bfloat16":
        rows, weight = rows.astype(jnp.bfloat16), weight.astype(jnp.bfloat16)
    return jnp.matmul(rows, weight, preferred_element_type=jnp.float32) + bias


def prior(layers, y, precision):
    hidden = jax.nn.relu(linear(layers, "prior.hidden0", y, precision))
    return jnp.split(linear(layers, "prior.output", hidden, precision), 2, axis=1)


def decode(layers, z, y, precision):
    hidden = z
    for name in ("decoder.hidden0", "decoder.hidden1"):
        rows = jnp.concatenate([hidden, y], axis=1)
        hidden = jax.nn.relu(linear(layers, name, rows, precision))
    return linear(layers, "decoder.image", jnp.concatenate([hidden, y], axis=1), precision)


def loss_of(layers, x, y, noise, precision):
    """Minus the evidence lower bound, the mean over the batch."""
    rows = jnp.concatenate([x, y], axis=1)
    for name in ("recognition.hidden0", "recognition.hidden1"):
        rows = jax.nn.relu(linear(layers, name, rows, precision))
    mean, log_variance = jnp.split(linear(layers, "recognition.output", rows, precision), 2, 1)
    prior_mean, prior_log_variance = prior(layers, y, precision)
    logits = decode(layers, mean + jnp.exp(log_variance / 2) * noise, y, precision)
    reconstruction = jnp.sum(optax.sigmoid_binary_cross_entropy(logits, x))
    divergence = 0.5 * jnp.sum(
        prior_log_variance - log_variance - 1
        + (jnp.exp(log_variance) + (mean - prior_mean) ** 2) * jnp.exp(-prior_log_variance))
    return (reconstruction + divergence) / x.shape[0]


def plain_adam():
    """Adam by hand, as an (init, update) pair like optax's, with the two corrections as scalars."""
    def start(layers):
        zeros = jax.tree.map(jnp.zeros_like, layers)
        return zeros, jax.tree.map(jnp.zeros_like, layers), jnp.zeros((), jnp.int32)

    def update(gradients, state, layers):
        first, second, count = state
        count += 1
        power = count.astype(jnp.float32)
        rate = shared.LEARNING_RATE / (1 - shared.BETA1 ** power)
        correction = jnp.sqrt(1 - shared.BETA2 ** power)
        first = jax.tree.map(
            lambda m, g: shared.BETA1 * m + (1 - shared.BETA1) * g, first, gradients)
        second = jax.tree.map(
            lambda v, g: shared.BETA2 * v + (1 - shared.BETA2) * g * g, second, gradients)
        change = jax.tree.map(
            lambda m, v: -rate * m / (jnp.sqrt(v) / correction + shared.EPSILON), first, second)
        return change, (first, second, count)

    return optax.GradientTransformation(start, update)


class Step:
    """Parameters, optimiser state and the compiled step that replaces both."""

    def __init__(self, precision, adam):
        self.adam = adam

        def step(state, x, y, noise):
            layers, moments = state
            loss, gradients = jax.value_and_grad(loss_of)(layers, x, y, noise, precision)
            change, moments = adam.update(gradients, moments, layers)
            return (optax.apply_updates(layers, change), moments), loss

        def drawn(state, key, x, y):
            key, used = jax.random.split(key)
            state, loss = step(state, x, y, jax.random.normal(used, (len(x), shared.LATENT)))
            return state, key, loss

        self.given_noise = jax.jit(step, donate_argnums=0)
        self.own_noise = jax.jit(drawn, donate_argnums=(0, 1))
        self.reset(shared.initial_weights(0), 0)

    def reset(self, layers, seed):
        layers = jax.tree.map(jnp.array, layers)
        self.state = layers, self.adam.init(layers)
        self.key = jax.random.key(seed)

    def __call__(self, x, y):
        self.state, self.key, loss = self.own_noise(self.state, self.key, x, y)
        return loss


class Trainer:
    """The faster of two Adams, over a cycled pool of batches."""

    def __init__(self, pool, precision):
        started = time.perf_counter()
        self.pool = itertools.cycle(pool)
        variants = {
            "optax.adam": Step(precision, optax.adam(
                shared.LEARNING_RATE, shared.BETA1, shared.BETA2, shared.EPSILON)),
            "Adam by hand": Step(precision, plain_adam())}
        runs = {name: functools.partial(self.run_with, step) for name, step in variants.items()}
        self.variant, self.milliseconds = shared.fastest(runs, 20)
        self.step = variants[self.variant]
        self.setup_seconds = time.perf_counter() - started

    def run_with(self, step, steps):
        for _ in range(steps):
            step(*next(self.pool))
        jax.block_until_ready(step.state)

    def run(self, steps):
        self.run_with(self.step, steps)

    def details(self):
        return {"variant": self.variant, "milliseconds": self.milliseconds, "failures": {},
                "setupSeconds": round(self.setup_seconds, 2)}


class Peer:
    """What `peer.py` calls."""

    read_weights = staticmethod(shared.read_weights)

    def __init__(self, threads):
        self.threads = threads  # peer.py has bound the process to so many processors
        # XLA's own generator; the default, threefry, is slower on a CPU.
        jax.config.update("jax_default_prng_impl", "unsafe_rbg")

    def describe(self):
        return {"jax": jax.__version__, "optax": optax.__version__, "threads": self.threads,
                "device": str(jax.devices()[0])}

    def trainer(self, x, y, batch, precision, mode):
        """A trainer over a pool of ready batches, cut from the given pictures."""
        cuts = range(batch, len(x), batch)
        pool = [(jnp.array(a), jnp.array(b)) for a, b in zip(np.split(x, cuts), np.split(y, cuts))]
        return Trainer(pool, precision)

    def losses(self, layers, x, y, noise, mode):
        """The loss before each update, one batch of the arrays for each step."""
        step = Step("float32", plain_adam())
        step.reset(layers, 0)
        losses = []
        for batch in zip(x, y, noise):
            step.state, loss = step.given_noise(step.state, *batch)
            losses.append(float(loss))
        return losses

    def train(self, trainer, train, test, batch, epochs, seed):
        """Seconds of training, and the test bound with one posterior sample for each picture."""
        step = trainer.step
        step.reset(shared.initial_weights(seed), seed)
        generator = np.random.default_rng(seed)
        x, y = train
        start = time.perf_counter()
        for _ in range(epochs):
            order = generator.permutation(len(x))[:len(x) // batch * batch]
            for rows in order.reshape(-1, batch):
                step(x[rows], y[rows])
        jax.block_until_ready(step.state)
        seconds = time.perf_counter() - start
        noise = jax.random.normal(step.key, (len(test[0]), shared.LATENT))
        return -float(loss_of(step.state[0], *test, noise, "float32")), seconds

    def generator(self, batch, precision, mode):
        """A call without arguments that draws `batch` pictures for labels fixed beforehand."""
        layers = jax.tree.map(jnp.array, shared.initial_weights(0))
        if precision == "bfloat16":  # cast once, not at every call
            layers = {k: (w.astype(jnp.bfloat16), b) for k, (w, b) in layers.items()}
        y = jnp.array(shared.one_hot(np.arange(batch) % shared.CLASSES))

        @jax.jit
        def draw(layers, key, y):
            mean, log_variance = prior(layers, y, precision)
            key, used = jax.random.split(key)
            noise = jax.random.normal(used, mean.shape)
            z = mean + jnp.exp(log_variance / 2) * noise
            return jax.nn.sigmoid(decode(layers, z, y, precision)), key

        key = jax.random.key(0)

        def generate():
            nonlocal key
            pictures, key = draw(layers, key, y)
            return pictures.block_until_ready()

        for _ in range(20):
            pictures = generate()
        return generate, [float(pictures.mean()), list(pictures.shape)]
