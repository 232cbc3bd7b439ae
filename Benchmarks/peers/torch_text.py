"""The CVAE of texts in PyTorch: a text is read in both directions and written token by token, with z and the label at
each step, as swift-cvae does it.

Texts come as rows [1 + steps]: the number of tokens, then the tokens, the end mark (the last index) among them. What
stands behind it is ignored. The LSTMs are PyTorch's own; what enters each step of the writer, z and the label, is put
beside the token, as PyTorch's LSTM takes nothing else.
"""

from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import torch_peer

MODES, GENERATION_MODES = torch_peer.MODES, {"eager", "frozen", "compiled"}
LEVELS, VOCABULARY, LATENT = 30, 2048, 32
EMBEDDING, HIDDEN, DENSE, PRIOR = 128, 256, 256, 128
COMPILE_LIMIT = 240  # seconds; unrolled steps take longest


def one_hot(labels):
    """One row for each label."""
    return np.eye(LEVELS, dtype=np.float32)[labels]


def read_split(path, _):
    """Texts and one-hot labels of an .npz file."""
    arrays = np.load(path)
    return arrays["x"], one_hot(arrays["label"])


def unrolled(layer, rows):
    """An LSTM's steps in Python, for the compiler to unroll: [steps, batch, in] → [steps, batch, HIDDEN]."""
    inputs = F.linear(rows, layer.weight_ih_l0, layer.bias_ih_l0)
    state = cell = inputs.new_zeros(rows.shape[1], HIDDEN)
    states = []
    for step in inputs:
        state, cell = cell_step(step + F.linear(state, layer.weight_hh_l0), cell)
        states.append(state)
    return torch.stack(states)


def cell_step(sums, cell):
    enter, keep, new, out = sums.chunk(4, 1)
    cell = torch.sigmoid(keep) * cell + torch.sigmoid(enter) * torch.tanh(new)
    return torch.sigmoid(out) * torch.tanh(cell), cell


def lstm(inputs):
    """PyTorch's LSTM with one bias: two would be trained twice as fast."""
    layer = nn.LSTM(inputs, HIDDEN)
    nn.init.zeros_(layer.bias_hh_l0).requires_grad_(False)
    return layer


class Model(nn.Module):
    """Minus the evidence lower bound. `form` is packed (PackedSequence), padded or unrolled."""

    latent = LATENT

    def __init__(self, form):
        super().__init__()
        self.form = form
        self.forward_lstm, self.backward_lstm = lstm(EMBEDDING), lstm(EMBEDDING)
        self.hidden = nn.Linear(4 * HIDDEN + EMBEDDING + LEVELS, DENSE)
        self.posterior = nn.Linear(DENSE, 2 * LATENT)
        self.prior_hidden = nn.Linear(LEVELS, PRIOR)
        self.prior_output = nn.Linear(PRIOR, 2 * LATENT)
        self.tokens = nn.Embedding(VOCABULARY, EMBEDDING)
        self.writer = lstm(EMBEDDING + LATENT + LEVELS)
        self.output = nn.Linear(HIDDEN + LATENT + LEVELS, EMBEDDING)
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))

    def load(self, file):
        """Sets every parameter from the tensors of a file of swift-cvae; with nothing, keeps PyTorch's own."""
        if file is None:
            return
        def stacked(*names):
            return np.concatenate([file[name] for name in names]).T

        reader, decoder = "recognition.text", "decoder.text"
        values = {
            "tokens.weight": file[f"tokens.{VOCABULARY}"],
            "writer.weight_ih_l0": stacked(
                f"{decoder}.gates", f"{decoder}.start.weight", f"{decoder}.start.label.weight"),
            "writer.weight_hh_l0": stacked(f"{decoder}.weight"),
            "writer.bias_ih_l0": file[f"{decoder}.start.bias"],
            "output.weight": stacked(
                f"{decoder}.output", f"{decoder}.shift.weight", f"{decoder}.shift.label.weight"),
            "output.bias": file[f"{decoder}.shift.bias"], "bias": file[f"{decoder}.bias"],
            "hidden.weight": stacked(
                "recognition.hidden0.text.weight", "recognition.hidden0.label.weight"),
            "hidden.bias": file["recognition.hidden0.bias"],
            "posterior.weight": stacked("recognition.output.weight"),
            "posterior.bias": file["recognition.output.bias"],
            "prior_hidden.weight": stacked("prior.hidden0.label.weight"),
            "prior_hidden.bias": file["prior.hidden0.bias"],
            "prior_output.weight": stacked("prior.output.weight"),
            "prior_output.bias": file["prior.output.bias"],
        }
        for direction in ("forward", "backward"):
            own = f"{reader}.{direction}"
            values[f"{direction}_lstm.weight_ih_l0"] = stacked(f"{own}.gates")
            values[f"{direction}_lstm.weight_hh_l0"] = stacked(f"{own}.weight")
            values[f"{direction}_lstm.bias_ih_l0"] = file[f"{own}.bias"].ravel()
        parameters = {k: v for k, v in self.named_parameters() if not k.endswith("bias_hh_l0")}
        if parameters.keys() != values.keys():
            raise ValueError(f"parameters of one side only: {parameters.keys() ^ values.keys()}")
        with torch.no_grad():
            for name, parameter in parameters.items():
                value = torch.from_numpy(np.array(values[name], np.float32))
                if value.shape != parameter.shape:
                    raise ValueError(f"{name}: expected {parameter.shape}, got {value.shape}")
                parameter.copy_(value)

    @staticmethod
    def initial_weights(_):
        """Nothing to load: a step's time doesn't depend on the weights."""
        return None

    def states(self, layer, rows, lengths):
        """[steps, batch, HIDDEN]; anything behind a text's end."""
        if self.form == "unrolled":
            return unrolled(layer, rows)
        if self.form == "packed":
            packed = pack_padded_sequence(rows, lengths, enforce_sorted=False)
            return pad_packed_sequence(layer(packed)[0], total_length=len(rows))[0]
        return layer(rows)[0]

    def recognise(self, before, lengths, y):
        steps = torch.arange(len(before))[:, None]
        there = steps < lengths
        # A text that is read backwards begins with its own end.
        turned = torch.where(there, lengths - 1 - steps, steps)
        last = (lengths - 1).view(1, -1, 1).expand(1, -1, HIDDEN)
        def mean(rows):
            return (rows * there[:, :, None]).sum(0) / lengths[:, None]

        parts = []
        for layer, tokens in ((self.forward_lstm, before),
                              (self.backward_lstm, before.gather(0, turned))):
            rows = self.tokens(tokens)
            states = self.states(layer, rows, lengths.cpu())
            parts += [states.gather(0, last)[0], mean(states)]
        parts.append(mean(rows))  # in either order the same
        hidden = F.relu(self.hidden(torch.cat([*parts, y], 1)))
        return self.posterior(hidden).float().chunk(2, 1)

    def prior(self, y):
        return self.prior_output(F.relu(self.prior_hidden(y))).float().chunk(2, 1)

    def forward(self, x, y, noise):
        """Minus the evidence lower bound, the mean over the batch; always summed in float32."""
        lengths, tokens = x[:, 0], x[:, 1:].T
        there = torch.arange(len(tokens))[:, None] < lengths
        end = torch.full_like(tokens[:1], VOCABULARY - 1)
        before = torch.where(there, torch.cat([end, tokens[:-1]]), VOCABULARY - 1)
        mean, log_variance = self.recognise(before, lengths, y)
        prior_mean, prior_log_variance = self.prior(y)
        z = mean + torch.exp(log_variance / 2) * noise
        record = torch.cat([z, y], 1).expand(len(tokens), -1, -1)
        states = self.states(
            self.writer, torch.cat([self.tokens(before), record], 2), lengths.cpu())
        logits = F.linear(self.output(torch.cat([states, record], 2)), self.tokens.weight, self.bias)
        reconstruction = F.cross_entropy(
            logits.flatten(0, 1).float(), torch.where(there, tokens, -100).flatten(),
            ignore_index=-100, reduction="sum")
        divergence = 0.5 * torch.sum(
            prior_log_variance - log_variance - 1
            + (log_variance.exp() + (mean - prior_mean) ** 2) * torch.exp(-prior_log_variance))
        return (reconstruction + divergence) / len(x)


class Writer(nn.Module):
    """Draws texts of a fixed number of tokens. What a record adds is computed once, not at each step."""

    def __init__(self, model, steps: int):
        super().__init__()
        self.steps = steps
        parts = (EMBEDDING, LATENT + LEVELS)
        gates, start = model.writer.weight_ih_l0.split(parts, 1)
        output, shift = model.output.weight.split((HIDDEN, LATENT + LEVELS), 1)
        for name, value in {
            "gates": gates, "start": start, "start_bias": model.writer.bias_ih_l0,
            "weight": model.writer.weight_hh_l0, "output": output, "shift": shift,
            "shift_bias": model.output.bias, "tokens": model.tokens.weight, "bias": model.bias,
            "prior0": model.prior_hidden.weight, "prior0_bias": model.prior_hidden.bias,
            "prior1": model.prior_output.weight, "prior1_bias": model.prior_output.bias,
        }.items():
            self.register_buffer(name, value.detach().clone())

    def forward(self, y: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        prior = F.linear(F.relu(F.linear(y, self.prior0, self.prior0_bias)), self.prior1, self.prior1_bias)
        mean, log_variance = prior.chunk(2, 1)
        record = torch.cat([mean + torch.exp(log_variance / 2) * noise, y], 1)
        start = F.linear(record, self.start, self.start_bias)
        shift = F.linear(record, self.shift, self.shift_bias)
        state = torch.zeros(len(y), 256, dtype=y.dtype)
        cell = torch.zeros(len(y), 256, dtype=y.dtype)
        token = torch.full((len(y),), 2047, dtype=torch.long)
        texts = []
        for _ in range(self.steps):
            sums = torch.addmm(start, self.tokens[token], self.gates.t()) + F.linear(state, self.weight)
            enter, keep, new, out = sums.chunk(4, 1)
            cell = torch.sigmoid(keep) * cell + torch.sigmoid(enter) * torch.tanh(new)
            state = torch.sigmoid(out) * torch.tanh(cell)
            logits = F.linear(F.linear(state, self.output) + shift, self.tokens, self.bias)
            token = torch.multinomial(torch.softmax(logits.float(), 1), 1)[:, 0]
            texts.append(token)
        return torch.stack(texts, 1)


class Trainer(torch_peer.Trainer):
    """PyTorch's LSTM as it is, and its steps unrolled for the compiler."""

    @staticmethod
    def candidates(models, precision, mode):
        plain = {"mode": "default"}
        for name, model in models.items():
            if mode == "eager" and name != "unrolled":
                yield (f"{name}, fused Adam", 600,
                       partial(torch_peer.TwoPartStep, model(), precision, fused=True))
            elif mode == "compiled" and name != "packed":  # the compiler takes no PackedSequence
                yield (f"{name}, compiled loss, fused Adam", COMPILE_LIMIT,
                       partial(torch_peer.TwoPartStep, model(), precision, plain, fused=True))


class Peer(torch_peer.Peer):
    """What `peer.py` calls."""

    models = {form: partial(Model, form) for form in ("packed", "padded", "unrolled")}

    @staticmethod
    def read_weights(path):
        """The tensors of a safetensors file by name; `Model.load` checks them."""
        from safetensors.numpy import load_file

        return load_file(path)

    def trainer(self, x, y, batch, precision, mode):
        pool = list(zip(torch.from_numpy(x).split(batch), torch.from_numpy(y).split(batch)))
        return Trainer(self.models, pool, precision, mode)

    def generator(self, batch, precision, mode):
        """A call without arguments that draws `batch` texts of 24 tokens."""
        kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
        writer = Writer(Model("padded"), 24).requires_grad_(False).eval().to(kind)
        y = torch.from_numpy(one_hot(np.arange(batch) % LEVELS)).to(kind)
        draw = writer
        if mode == "frozen":
            draw = torch.jit.freeze(torch.jit.script(writer))
        elif mode == "compiled":
            draw = torch.compile(writer, dynamic=False)

        @torch.inference_mode()
        def generate():
            return draw(y, torch.randn(batch, LATENT, dtype=kind))

        with torch_peer.time_limit(COMPILE_LIMIT):
            for _ in range(3):
                texts = generate()
        return generate, [float(texts.float().mean()), list(texts.shape)]
