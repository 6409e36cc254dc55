"""Training: online, in time order with the state carried on, and batched, over many sequences."""

from __future__ import annotations

from statecast.series import Progress as Progress
from statecast.training._adam import Adam as Adam
from statecast.training._adam import Schedule as Schedule
from statecast.training._batched import batched_gradient as batched_gradient
from statecast.training._batched import batched_loss as batched_loss
from statecast.training._batched import train_batched as train_batched
from statecast.training._dropout import Dropout as Dropout
from statecast.training._loss import Loss as Loss
from statecast.training._online import Online as Online
from statecast.training._online import train_networks as train_networks
from statecast.training._online import train_online as train_online
from statecast.training._trained import Trained as Trained
from statecast.training._trained import TrainedNetworks as TrainedNetworks

__all__ = [
    "Adam",
    "Dropout",
    "Loss",
    "Online",
    "Progress",
    "Schedule",
    "Trained",
    "TrainedNetworks",
    "batched_gradient",
    "batched_loss",
    "train_batched",
    "train_networks",
    "train_online",
]
