"""The shared recipe: one network learns from all series, and forecasts each, those that it has never seen too."""

from __future__ import annotations

from dataclasses import dataclass, replace

from statecast.checks import choice, number, positive, whole_number
from statecast.errors import DataError, ParameterError
from statecast.intervals import Common
from statecast.recipes._ensemble import Work
from statecast.recipes._fitted_shared import FittedShared
from statecast.recipes._shared_model import Model
from statecast.recipes._shared_training import Network, go_on, learn
from statecast.series import MAX_HORIZON, Origin, Panel, Progress, read
from statecast.storage import storable
from statecast.training import Loss

SHORTEST = 3
"""Observations that a series must have: one change to learn from, and its size."""

LOSSES = ("absolute", "squared", "huber", "pinball")
_LAGS = 5  # where there is no season


@storable
@dataclass(frozen=True)
class Shared:
    """One LSTM for all series of a panel: each is short, together they are many.

    A series that is above zero is logged, one whose autocorrelation says so is freed of its seasons, whose indices
    move in a long one, and it is smoothed to a level. From there a line goes on by half the slope so far, which is
    the forecast of the Theta method (Assimakopoulos and Nikolopoulos, 2000, "The theta model: a decomposition
    approach to forecasting"). What the network sees at a step is how far the last values are from the level, in
    mean changes of the series, so that all series look alike to it; it gives how far the next ``horizon`` values
    will be from the line. After Smyl (2020, "A hybrid method of exponential smoothing and recurrent neural networks
    for time series forecasting") and Hewamalage, Bergmeir and Bandara (2021, "Recurrent neural networks for time
    series forecasting: current status and future directions"). The state is carried from the first observation of a
    series to the last, and on with new ones.

    A few networks are averaged. How long they are trained, and the share of them that is believed beside the line, is
    found with networks that have not seen the last two horizons of the series.

    Parameters
    ----------
    units : int
        Hidden units of a layer.
    layers : int
        LSTM layers; those after the first add what they are given (a residual network).
    lags : int, optional
        Values that a network sees at a step; a season and one, or 5, if None.
    loss : {"absolute", "squared", "huber", "pinball"}
        What training makes small; the pinball loss makes the forecast a quantile.
    quantile : float
        Of the pinball loss, between 0 and 1.
    epochs : int, optional
        Passes over all series; at most 100, found out if None.
    batch : int
        Series of an update.
    learning_rate : float
        At the start; it falls to zero along half a cosine.
    trust : float, optional
        Between 0, the line alone, and 1, the networks alone; found out if None.
    members : int
        Independent networks with the seeds seed, seed + 1, ..; their forecasts are averaged.
    seed : int
        Of the first member.
    horizon : int, optional
        Steps that are forecast at once; one season, or 6, if None.
    sample : int
        Observations that are learnt from; of a larger panel a sample of whole series.

    Raises
    ------
    ParameterError
        If a value is out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> from statecast.recipes import Shared
    >>> shops = pd.DataFrame({"unique_id": ["a"] * 6 + ["b"] * 6, "ds": [*range(6)] * 2, "y": [3.0, 5, 4, 6, 5, 7] * 2})
    >>> fitted = Shared(horizon=2, epochs=10).fit(shops)
    >>> fitted.forecast().mean.shape
    (2, 2)
    >>> fitted.pretrained.fit([30.0, 50.0, 40.0, 60.0]).forecast().mean.shape  # a series that it has never seen
    (1, 2)
    """

    units: int = 24
    layers: int = 1
    lags: int | None = None
    loss: str = "absolute"
    quantile: float = 0.5
    epochs: int | None = None
    batch: int = 16
    learning_rate: float = 0.015
    trust: float | None = None
    members: int = 5
    seed: int = 1
    horizon: int | None = None
    sample: int = 1_000_000

    def __post_init__(self) -> None:
        whole_number("units", self.units, 1, 512)
        whole_number("layers", self.layers, 1, 4)
        if self.lags is not None:
            whole_number("lags", self.lags, 1, 1000)
        choice("loss", self.loss, LOSSES)
        if not 0 < number("quantile", self.quantile) < 1:
            raise ParameterError(f"quantile must be between 0 and 1, got {self.quantile!r}.")
        if self.epochs is not None:
            whole_number("epochs", self.epochs, 1, 10_000_000)
        whole_number("batch", self.batch, 1, 10_000_000)
        positive("learning_rate", self.learning_rate, 100.0)
        if self.trust is not None and not 0 <= number("trust", self.trust) <= 1:
            raise ParameterError(f"trust must be from 0 to 1, got {self.trust!r}.")
        whole_number("members", self.members, 1, 100_000)
        whole_number("seed", self.seed, 0, 2**62)
        if self.horizon is not None:
            whole_number("horizon", self.horizon, 1, MAX_HORIZON)
        whole_number("sample", self.sample, 1, 2**62)

    @property
    def name(self) -> str:
        """``shared``."""
        return "shared"

    @property
    def description(self) -> str:
        """What it does, in a line."""
        members = "1 network" if self.members == 1 else f"{self.members} networks"
        return (
            f"{members} of {self.units} units from seed {self.seed} on, each for all series; log, seasons and smoothed "
            "level found for each series; all steps are forecast at once"
        )

    @property
    def seeds(self) -> range:
        """The seed of every member."""
        return range(self.seed, self.seed + self.members)

    @property
    def finds_season(self) -> bool:
        """True: whether a series has a season is decided from it."""
        return True

    @property
    def shared(self) -> bool:
        """The networks learn from all series together."""
        return True

    @property
    def shortest(self) -> int:
        """Observations that a series must have at least."""
        return SHORTEST

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedShared:
        """Train networks on all series, and run them to the end of each.

        Parameters
        ----------
        data
            What ``read`` takes: a panel, a path, a frame or an array.
        threads : int
            Members are spread over so many; the numbers do not depend on it, nor on the order of the series.
        progress : callable, optional
            Gets the epochs done and all epochs at most.

        Raises
        ------
        DataError
            If a series has less than 3 observations.
        TrainingError
            If the loss is not finite.
        """
        panel = _checked(read(data))
        network = self._network(panel)
        model = learn(self._sampled(panel), network, self.seeds, Work(threads, progress))
        return FittedShared.over(Pretrained(self, model), panel, self, threads)

    def _network(self, panel: Panel) -> Network:
        season = panel.frequency.season
        return Network(
            self.units,
            self.layers,
            self.lags or (season + 1 if season > 1 else _LAGS),
            Origin.of(panel).steps(self.horizon),
            Loss("pinball", (self.quantile,)) if self.loss == "pinball" else Loss(self.loss),
            self.epochs,
            self.batch,
            self.learning_rate,
            self.trust,
        )

    def _sampled(self, panel: Panel) -> Panel:
        """Return so many whole series, drawn, that they have the observations that are learnt from."""
        import numpy as np

        if len(panel.values) <= self.sample:
            return panel
        by_id = np.argsort(np.array(panel.ids), kind="stable")
        drawn = by_id[np.random.default_rng([self.seed, len(panel)]).permutation(len(panel))]
        count = int(np.searchsorted(np.cumsum(panel.lengths[drawn]), self.sample, side="right"))
        return panel.select(np.sort(drawn[: max(count, 1)]))


@storable
@dataclass(frozen=True, eq=False)
class Pretrained:
    """The networks of a fitted shared recipe as a recipe of their own: they forecast any series of the same kind.

    Nothing is trained, so it takes a series that was never seen (cold start), and each as if it were alone. With
    ``epochs`` the networks are trained on with the series that they are given (fine-tuning).

    Parameters
    ----------
    recipe : Shared
    model : Model
    epochs : int
        Passes over the series given; 0 for none.
    learning_rate : float, optional
        A third of the recipe's if None.
    common : Common, optional
        What the errors on all series said together, for intervals that need no walk over series that it learnt from.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import numpy as np
    >>> import statecast as sc
    >>> waves = np.sin(np.arange(40) / 3) + np.arange(40) / 10
    >>> pretrained = sc.shared(epochs=5, horizon=3).fit(waves).pretrained
    >>> pretrained.fit(10 + waves[::-1]).forecast().mean.shape
    (1, 3)
    >>> replace(pretrained, epochs=5).fit(10 + waves[::-1]).forecast().mean.shape
    (1, 3)
    """

    recipe: Shared
    model: Model
    epochs: int = 0
    learning_rate: float | None = None
    common: Common | None = None

    def __post_init__(self) -> None:
        whole_number("epochs", self.epochs, 0, 10_000_000)
        if self.learning_rate is not None:
            positive("learning_rate", self.learning_rate, 100.0)

    @property
    def name(self) -> str:
        """``shared``, as it is the same method."""
        return self.recipe.name

    @property
    def description(self) -> str:
        """What it does, in a line."""
        more = f", trained on for {self.epochs} epochs" if self.epochs else ""
        return f"{self.recipe.description}; the networks are given{more}"

    @property
    def seeds(self) -> range:
        """The seed of every member."""
        return self.recipe.seeds

    @property
    def horizon(self) -> int:
        """Steps that are forecast at once."""
        return self.model.horizon

    @property
    def finds_season(self) -> bool:
        """True: whether a series has a season is decided from it."""
        return True

    @property
    def shared(self) -> bool:
        """Whether the networks are trained on, with all series together."""
        return self.epochs > 0

    @property
    def shortest(self) -> int:
        """Observations that a series must have at least."""
        return 1

    def fit(self, data: object, *, threads: int = 1, progress: Progress | None = None) -> FittedShared:
        """Run the networks over the series to the end of each, trained on before if that is asked for.

        Raises
        ------
        DataError
            If the series have other covariates than those that were learnt from, or a category another value.
        """
        panel: Panel = read(data)
        model = self.model
        if model.columns is not None:
            panel = model.columns.recode(panel)
        if self.epochs:
            network = replace(
                self.recipe._network(panel),
                horizon=model.horizon,
                lags=model.lags,
                learning_rate=self.learning_rate or self.recipe.learning_rate / 3,
            )
            model = go_on(model, panel, network, self.seeds, self.epochs, Work(threads, progress))
        return FittedShared.over(replace(self, model=model, epochs=0), panel, self, threads)


def _checked(panel: Panel) -> Panel:
    if (shortest := int(panel.lengths.min())) < SHORTEST:
        name = panel.ids[int(panel.lengths.argmin())]
        raise DataError(f"the recipe takes at least {SHORTEST} observations, got {shortest} in series {name!r}.")
    return panel
