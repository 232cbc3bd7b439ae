"""The MLP CVAE in PyTorch: trainers and generators, each in its best setting on a CPU."""

import contextlib
import itertools
import signal
import sys
import time

import numpy as np
import torch
import torch._inductor.config as inductor
from torch import nn
from torch.nn import functional as F

import shared

MODES = {"eager", "compiled"}
GENERATION_MODES = {"eager", "frozen", "compiled"}
TUNING_LIMIT = 90  # seconds that "max-autotune-no-cudagraphs" may take to compile


class Model(nn.Module):
    """`[x, y] → q(z)`, `y → p(z)`, `[z, y] → x`, with y entering every decoder layer."""

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
        hidden = z
        for name in ("decoder_hidden0", "decoder_hidden1"):
            hidden = F.relu(self.layers[name](torch.cat([hidden.to(y.dtype), y], 1)))
        return self.layers["decoder_image"](torch.cat([hidden, y], 1)).float()

    def forward(self, x, y, noise):
        """Minus the evidence lower bound, the mean over the batch; always summed in float32."""
        mean, log_variance = self.recognise(x, y)
        prior_mean, prior_log_variance = self.prior(y)
        logits = self.decode(mean + torch.exp(log_variance / 2) * noise, y)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        divergence = 0.5 * torch.sum(
            prior_log_variance - log_variance - 1
            + (log_variance.exp() + (mean - prior_mean) ** 2) * torch.exp(-prior_log_variance))
        return (reconstruction + divergence) / x.shape[0]

    def generate(self, y, noise):
        mean, log_variance = self.prior(y)
        return torch.sigmoid(self.decode(mean + torch.exp(log_variance / 2) * noise, y))
