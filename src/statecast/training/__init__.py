"""Training: online, in time order, with the state carried from row to row."""

from __future__ import annotations

from statecast.training._online import Online as Online
from statecast.training._online import Progress as Progress
from statecast.training._online import Trained as Trained
from statecast.training._online import train_networks as train_networks
from statecast.training._online import train_online as train_online

__all__ = ["Online", "Progress", "Trained", "train_networks", "train_online"]
