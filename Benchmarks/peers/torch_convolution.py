"""The convolutional CVAE in PyTorch, layer for layer that of swift-cvae for 28 × 28
pictures, in both of PyTorch's memory formats.

Parameters have the names of swift-cvae's files, so that a file is read by name. Dense weights are
kept as there, [in, out], and convolutions' as [out, in, height, width], where the file has
[height, width, in, out]. The file's flattened pictures have their channels last; a contiguous
network reorders the dense weights that meet them once, when it reads the file, and no activation.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import shared
import torch_peer

MODES, GENERATION_MODES = torch_peer.MODES, set()
WIDTHS, DENSE, PRIOR, LATENT = (16, 32, 64), 256, 128, 32
SIDE, COARSEST = 28, 7
ROWS = COARSEST * COARSEST * WIDTHS[-1]


class FieldLinear(nn.Module):
    """`rows · weight + label's row of a table + bias`; without rows, the label alone."""

    def __init__(self, inputs, outputs, sees_label=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs)) if inputs else None
        if sees_label:
            self.label = nn.Module()
            self.label.weight = nn.Parameter(torch.empty(shared.CLASSES, outputs))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, rows, y=None):
        # A product with ten one-hot columns is quicker than a gather and its gradient.
        total = self.bias if y is None else torch.addmm(self.bias, y, self.label.weight)
        return total if rows is None else torch.addmm(total, rows, self.weight)


def convolution(inputs, outputs, kernel=3, stride=1):
    """Padded so that only the stride changes extents."""
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2)


class ResidualBlock(nn.Module):
    """`x + second(relu(first(x)) · (1 + scale) + shift)`, scale and shift from rows and label."""

    def __init__(self, width, rows):
        super().__init__()
        self.first = convolution(width, width)
        self.modulation = FieldLinear(rows, 2 * width)
        self.second = convolution(width, width)

    def forward(self, x, rows, y):
        scale, shift = self.modulation(rows, y)[:, :, None, None].chunk(2, 1)
        return x + self.second(F.relu(self.first(x)) * (1 + scale) + shift)


class Scale(nn.Module):
    """The blocks at one scale: one."""

    def __init__(self, width, rows):
        super().__init__()
        self.block0 = ResidualBlock(width, rows)

    def forward(self, x, rows, y):
        return self.block0(x, rows, y)


class DenseStack(nn.Module):
    """Two dense layers, which both see the label."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.hidden0 = FieldLinear(inputs, hidden)
        self.output = FieldLinear(hidden, outputs)

    def forward(self, rows, y):
        return self.output(F.relu(self.hidden0(rows, y)), y)


class Recognition(DenseStack):
    """Convolutions down to 7 × 7, then dense layers."""

    def __init__(self):
        super().__init__(ROWS, DENSE, 2 * LATENT)
        self.stem = convolution(1, WIDTHS[0])
        for scale, width in enumerate(WIDTHS):
            self.add_module(f"scale{scale}", Scale(width, None))
            if scale > 0:
                self.add_module(f"down{scale}", convolution(WIDTHS[scale - 1], width, stride=2))

    def features(self, x, y):
        x = self.stem(x)
        for scale in range(len(WIDTHS)):
            if scale > 0:
                x = self.get_submodule(f"down{scale}")(x)
            x = self.get_submodule(f"scale{scale}")(x, None, y)
        return x


class Prior(nn.Module):
    """`y → p(z)`; only the first layer sees the label."""

    def __init__(self):
        super().__init__()
        self.hidden0 = FieldLinear(None, PRIOR)
        self.output = FieldLinear(PRIOR, 2 * LATENT, sees_label=False)

    def forward(self, y):
        return self.output(F.relu(self.hidden0(None, y)))


class Pictures(nn.Module):
    """Dense layers to 7 × 7, then convolutions up; latent and label enter every block."""

    def __init__(self):
        super().__init__()
        self.seed = DenseStack(LATENT, DENSE, ROWS)
        for scale, width in enumerate(WIDTHS):
            self.add_module(f"scale{scale}", Scale(width, LATENT))
            if scale > 0:
                self.add_module(f"up{scale}", convolution(width, WIDTHS[scale - 1], kernel=1))
        self.picture = convolution(WIDTHS[0], 1)

    def draw(self, x, z, y):
        for scale in reversed(range(len(WIDTHS))):
            x = self.get_submodule(f"scale{scale}")(x, z, y)
            if scale > 0:
                x = F.interpolate(self.get_submodule(f"up{scale}")(x), scale_factor=2)
        return self.picture(x)


class Model(nn.Module):
    """The three networks in one memory format."""

    latent = LATENT

    def __init__(self, channels_last):
        super().__init__()
        self.channels_last = channels_last
        self.recognition, self.prior = Recognition(), Prior()
        self.decoder = nn.Module()
        self.decoder.pictures = Pictures()
        if channels_last:
            self.to(memory_format=torch.channels_last)
        self.load(self.initial_weights(0))

    def load(self, tensors):
        """Sets every parameter in place from arrays of a file's names and layouts."""
        parameters = dict(self.named_parameters())
        if parameters.keys() != tensors.keys():
            raise ValueError(f"parameters of one side only: {parameters.keys() ^ tensors.keys()}")
        with torch.no_grad():
            for name, parameter in parameters.items():
                value = torch.from_numpy(np.asarray(tensors[name], np.float32))
                value = value.permute(3, 2, 0, 1) if value.ndim == 4 else self.reordered(value)
                if value.shape != parameter.shape:
                    raise ValueError(f"{name}: expected {parameter.shape}, got {value.shape}")
                parameter.copy_(value)

    def reordered(self, value):
        """A dense tensor with channels before pixels along each axis of a flattened picture."""
        if self.channels_last:
            return value
        for axis in range(value.ndim):
            if value.shape[axis] == ROWS:
                value = value.unflatten(axis, (COARSEST**2, WIDTHS[-1]))
                value = value.transpose(axis, axis + 1).flatten(axis, axis + 1)
        return value

    def initial_weights(self, seed):
        """First weights by the rule of swift-cvae, `second` convolutions zero."""
        generator = np.random.default_rng(seed)
        tensors = {}
        for name, parameter in self.named_parameters():
            shape = tuple(parameter.shape)
            if len(shape) == 4:
                shape = (*shape[2:], shape[1], shape[0])
            limit = 0 if ".second." in name else 1 / math.sqrt(max(10, math.prod(shape[:-1])))
            tensors[name] = generator.uniform(-limit, limit, shape).astype(np.float32)
        return tensors

    def recognise(self, x, y):
        # Also with one channel, a picture's strides tell the memory format.
        x = (x.view(-1, SIDE, SIDE, 1).permute(0, 3, 1, 2) if self.channels_last
             else x.view(-1, 1, SIDE, SIDE))
        x = self.recognition.features(x, y)
        rows = (x.permute(0, 2, 3, 1) if self.channels_last else x).flatten(1)
        return self.recognition(rows, y).float().chunk(2, 1)

    def decode(self, z, y):
        rows = self.decoder.pictures.seed(z, y)
        x = (rows.unflatten(1, (COARSEST, COARSEST, WIDTHS[-1])).permute(0, 3, 1, 2)
             if self.channels_last else rows.unflatten(1, (WIDTHS[-1], COARSEST, COARSEST)))
        return self.decoder.pictures.draw(x, z, y).reshape(len(z), SIDE * SIDE).float()

    def forward(self, x, y, noise):
        """Minus the evidence lower bound, the mean over the batch; always summed in float32."""
        return torch_peer.loss_of(
            *self.recognise(x, y), *self.prior(y).float().chunk(2, 1), noise, x,
            lambda z: self.decode(z, y))


class Peer(torch_peer.Peer):
    """What `peer.py` calls."""

    models = {"channels last": lambda: Model(True), "contiguous": lambda: Model(False)}

    @staticmethod
    def read_weights(path):
        """The tensors of a safetensors file by name; `Model.load` checks them."""
        from safetensors.numpy import load_file

        return load_file(path)
