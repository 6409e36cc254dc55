"""Make pytorch_batched.npz: what PyTorch's own cells, losses, gradients and Adam give for training in mini-batches.

Run it in an environment with ``torch numpy`` (not ours):

    python tests/golden/make_pytorch.py

For each case in ``CASES`` it trains 5 units on 6 sequences of 11 steps, 3 inputs and 2 targets, for two epochs, or
more where those have fewer than ten windows, once in float32 and once in float64, and writes beside itself, under
names such as ``10_gaussian/X``:

    config                                   JSON: the case, with its loss as in statecast.training.Loss
    X [6, 11, 3], y [6, 11, 2]               the data, float32, so that both trainings see the same numbers
    mask [6, 11], weights [6, 11, 2]         where a step is, what each target counts; left out where the case has none
    order [epochs, 6]                        of the sequences: np.random.default_rng([seed, epoch]).permutation(6)
    initial [P]                              all parameters in the order of Keras, float32
    gradient [P], gradient_loss              of the first window of the first mini-batch, float64
    float32/trained [P], float32/losses      after all epochs; for each the mean over its updates before each update
    float64/trained [P], float64/losses      the same in float64

and ``versions/torch``, ``versions/numpy``. The loss of a window is divided by the sum of mask times weight; a window in
which that is zero makes no update.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import NegativeBinomial, Normal, StudentT
from torch.nn.functional import softplus

SEQUENCES, STEPS, INPUTS, UNITS, TARGETS, WINDOWS = 6, 11, 3, 5, 2, 10

PLAIN = {
    "layers": 1,
    "residual": False,
    "skip": False,
    "bptt": None,
    "mask": "none",
    "weighted": False,
    "clip": None,
    "weight_decay": 0.0,
    "batch": 4,
    "learning_rate": 0.01,
}
SQUARED, ABSOLUTE, GAUSSIAN, STUDENT, COUNT = (
    {"kind": kind} for kind in ("squared", "absolute", "gaussian", "student_t", "negative_binomial")
)
HUBER = {"kind": "huber", "delta": 0.4}
THREE, ONE = ({"kind": "pinball", "quantiles": quantiles} for quantiles in ([0.1, 0.5, 0.9], [0.3]))
DECAY = {"weight_decay": 0.1}
CASES = [
    {"loss": SQUARED},
    {"loss": SQUARED, "layers": 2, "residual": True, "bptt": 3, "mask": "trailing", "clip": 0.05, "batch": 2},
    {"loss": SQUARED, "layers": 4, "skip": True, "mask": "middle", "weighted": True} | DECAY,
    {"loss": ABSOLUTE, "layers": 2, "skip": True, "bptt": 5, "mask": "leading", "clip": 0.05},
    {"loss": ABSOLUTE, "layers": 3, "residual": True, "mask": "trailing", "weighted": True} | DECAY,
    {"loss": HUBER, "bptt": 3, "mask": "middle", "weighted": True},
    {"loss": HUBER, "layers": 4, "residual": True, "skip": True, "bptt": 5, "clip": 0.02} | DECAY,
    {"loss": THREE, "layers": 2, "bptt": 5, "mask": "trailing"} | DECAY,
    {"loss": THREE, "layers": 4, "residual": True, "skip": True, "mask": "leading", "clip": 0.05, "batch": 6},
    {"loss": ONE, "skip": True, "bptt": 3, "mask": "leading", "weighted": True},
    {"loss": GAUSSIAN, "layers": 2, "residual": True, "mask": "middle", "clip": 0.5},
    {"loss": GAUSSIAN, "layers": 3, "skip": True, "bptt": 3, "mask": "trailing", "weighted": True} | DECAY,
    {"loss": STUDENT, "layers": 2, "residual": True, "skip": True, "bptt": 5, "mask": "leading", "weighted": True},
    {"loss": STUDENT, "layers": 3, "mask": "middle", "clip": 0.3} | DECAY,
    {"loss": COUNT, "layers": 2, "skip": True, "mask": "trailing", "clip": 0.3, "batch": 1},
    {"loss": COUNT, "layers": 4, "residual": True, "bptt": 5, "mask": "middle", "weighted": True} | DECAY,
]


class Network(nn.Module):
    """Stacked LSTM cells and a linear head, after the weights of Keras."""

    def __init__(self, config: dict, outputs: int) -> None:
        super().__init__()
        self.residual, self.skip = config["residual"], config["skip"]
        widths = [INPUTS] + [UNITS] * (config["layers"] - 1)
        self.cells = nn.ModuleList(nn.LSTMCell(width, UNITS) for width in widths)
        for cell in self.cells:
            nn.init.zeros_(cell.bias_hh)
            cell.bias_hh.requires_grad_(False)  # Keras has one bias
        self.head = nn.Linear(UNITS + (INPUTS if self.skip else 0), outputs)

    def arrays(self) -> list[tuple[Tensor, bool]]:
        """Return the parameters in the order of Keras, and whether Keras has each the other way round."""
        of_cells = [((c.weight_ih, True), (c.weight_hh, True), (c.bias_ih, False)) for c in self.cells]
        return [*(array for cell in of_cells for array in cell), (self.head.weight, True), (self.head.bias, False)]

    def read(self, flat: np.ndarray) -> None:
        """Take all parameters from one flat array."""
        with torch.no_grad():
            for array, turned in self.arrays():
                part, flat = flat[: array.numel()], flat[array.numel() :]
                shape = tuple(array.shape)
                values = part.reshape(shape[::-1]).T if turned else part.reshape(shape)
                array.copy_(torch.from_numpy(values.copy()))
        assert flat.size == 0

    def write(self, *, slopes: bool = False) -> np.ndarray:
        """Return all parameters, or their gradients, as one flat array."""
        pairs = [(array.grad if slopes else array.detach(), turned) for array, turned in self.arrays()]
        return np.concatenate([(a.T if turned else a).numpy().ravel() for a, turned in pairs])

    def forward(self, X: Tensor, mask: Tensor, states: list) -> tuple[Tensor, list]:
        """Return the outputs [M, T, O] and the states after the window; without a step the states pass through."""
        outputs = []
        for t in range(X.shape[1]):
            below = X[:, t]
            present = mask[:, t, None] > 0
            for layer, cell in enumerate(self.cells):
                new = cell(below, states[layer])
                states[layer] = tuple(
                    torch.where(present, after, before) for after, before in zip(new, states[layer], strict=True)
                )
                hidden = states[layer][0]
                below = hidden + below if self.residual and layer > 0 else hidden
            outputs.append(self.head(torch.cat([below, X[:, t]], dim=1) if self.skip else below))
        return torch.stack(outputs, dim=1), states


def costs(loss: dict, f: Tensor, y: Tensor) -> Tensor:
    """Return the loss of each target: f [M, T, Y, G], y [M, T, Y]."""
    kind = loss["kind"]
    of_one = {
        "squared": nn.MSELoss(reduction="none"),
        "absolute": nn.L1Loss(reduction="none"),
        "huber": nn.HuberLoss(reduction="none", delta=loss.get("delta", 1.0)),
    }
    if kind in of_one:
        return of_one[kind](f[..., 0], y)
    if kind == "pinball":
        q, e = torch.tensor(loss["quantiles"], dtype=f.dtype), y[..., None] - f
        return torch.maximum(q * e, (q - 1) * e).mean(dim=-1)
    positive = softplus(f) + 1e-6
    if kind == "gaussian":
        return -Normal(f[..., 0], positive[..., 1]).log_prob(y)
    if kind == "student_t":
        return -StudentT(2 + softplus(f[..., 2]), f[..., 0], positive[..., 1]).log_prob(y)
    mean, dispersion = positive.unbind(dim=-1)
    return -NegativeBinomial(1 / dispersion, logits=torch.log(mean * dispersion)).log_prob(y)


def outputs_per_target(loss: dict) -> int:
    """Return G."""
    many = {"pinball": len(loss.get("quantiles", [])), "gaussian": 2, "student_t": 3, "negative_binomial": 2}
    return many.get(loss["kind"], 1)


def window_loss(config: dict, outputs: Tensor, y: Tensor, part: Tensor) -> Tensor:
    """Return the loss of a window, given mask times weight."""
    of_targets = costs(config["loss"], outputs.unflatten(2, (TARGETS, -1)), y)
    return (part * of_targets).sum() / part.sum()


def data(config: dict) -> dict[str, np.ndarray]:
    """Draw X, y, mask and weights."""
    rng = np.random.default_rng([config["seed"], 1000])
    shape = (SEQUENCES, STEPS, TARGETS)
    X = rng.uniform(-1, 1, (SEQUENCES, STEPS, INPUTS))
    y = rng.poisson(2, shape) if config["loss"]["kind"] == "negative_binomial" else rng.uniform(-1, 1, shape)
    values = {"X": X.astype(np.float32), "y": y.astype(np.float32)}

    t, lengths = np.arange(STEPS), np.array([11, 2, 11, 3, 8, 11])[:, None]
    gaps = rng.uniform(0, 1, (SEQUENCES, STEPS)) < 0.4
    gaps[:, [0, -1]] = False
    masks = {"trailing": t < lengths, "leading": t >= STEPS - lengths, "middle": ~gaps}
    if config["mask"] in masks:
        values["mask"] = masks[config["mask"]].astype(np.float32)
    if config["weighted"]:
        values["weights"] = (rng.uniform(0, 2, shape) * (rng.uniform(0, 1, shape) > 0.2)).astype(np.float32)
    return values


def initial(config: dict) -> np.ndarray:
    """Draw all parameters, biases too."""
    network = Network(config, TARGETS * outputs_per_target(config["loss"]))
    rng = np.random.default_rng([config["seed"], 2000])
    count = sum(array.numel() for array, _ in network.arrays())
    return rng.uniform(-0.6, 0.6, count).astype(np.float32)


def train(config: dict, values: dict[str, np.ndarray], dtype: torch.dtype) -> dict[str, np.ndarray]:
    """Train from ``initial`` and return what came out, with the gradient of the first window."""
    X, y = (torch.from_numpy(values[name]).to(dtype) for name in ("X", "y"))
    mask = torch.from_numpy(values.get("mask", np.ones((SEQUENCES, STEPS), np.float32))).to(dtype)
    weights = torch.from_numpy(values.get("weights", np.ones(y.shape, np.float32))).to(dtype)
    network = Network(config, TARGETS * outputs_per_target(config["loss"])).to(dtype)
    network.read(values["initial"])
    trainable = [p for p in network.parameters() if p.requires_grad]
    kind = torch.optim.AdamW if config["weight_decay"] else torch.optim.Adam
    optimiser = kind(trainable, lr=config["learning_rate"], weight_decay=config["weight_decay"])
    window = config["bptt"] or STEPS
    result: dict[str, np.ndarray] = {}
    losses = []
    for order in values["order"]:
        of_updates = []
        for chosen in torch.from_numpy(order).split(config["batch"]):
            states = [tuple(torch.zeros(2, len(chosen), UNITS, dtype=dtype)) for _ in network.cells]
            for start in range(0, STEPS, window):
                at = (chosen, slice(start, start + window))
                states = [tuple(part.detach() for part in state) for state in states]
                outputs, states = network(X[at], mask[at], states)
                part = mask[at][..., None] * weights[at]
                if part.sum() == 0:
                    continue
                loss = window_loss(config, outputs, y[at], part)
                optimiser.zero_grad()
                loss.backward()
                if not result:
                    result["gradient"] = network.write(slopes=True)
                    result["gradient_loss"] = np.array(loss.item())
                if config["clip"]:
                    nn.utils.clip_grad_norm_(trainable, config["clip"])
                optimiser.step()
                of_updates.append(loss.item())
        losses.append(np.mean(of_updates))
    return result | {"trained": network.write(), "losses": np.array(losses)}


def golden(config: dict) -> dict[str, np.ndarray]:
    """Return all that is worth keeping of one case, by name."""
    values = data(config) | {"initial": initial(config)}
    orders = [np.random.default_rng([config["seed"], e]).permutation(SEQUENCES) for e in range(config["epochs"])]
    values["order"] = np.array(orders)
    single, wide = train(config, values, torch.float32), train(config, values, torch.float64)
    values |= {name: wide[name] for name in ("gradient", "gradient_loss")}
    for name, result in (("float32", single), ("float64", wide)):
        values |= {f"{name}/{key}": result[key] for key in ("trained", "losses")}
    return values | {"config": np.array(json.dumps(config))}


def main() -> None:
    """Write the file."""
    torch.set_num_threads(1)
    arrays = {"versions/torch": np.array(torch.__version__), "versions/numpy": np.array(np.__version__)}
    for number, case in enumerate(CASES):
        config = PLAIN | case | {"seed": number}
        windows = math.ceil(SEQUENCES / config["batch"]) * math.ceil(STEPS / (config["bptt"] or STEPS))
        config["epochs"] = max(2, math.ceil(WINDOWS / windows))
        name = f"{number}_{config['loss']['kind']}"
        arrays.update({f"{name}/{key}": value for key, value in golden(config).items()})
        print(name, "losses", arrays[f"{name}/float64/losses"])
    np.savez_compressed(Path(__file__).with_name("pytorch_batched.npz"), **arrays)


if __name__ == "__main__":
    main()
