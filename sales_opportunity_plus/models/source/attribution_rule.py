"""A version of an attribution model as plain values, for SQL and for the engine."""

from typing import NamedTuple

from ...engine.attribution import Model

#: Settings that are weights of milestones, in hundredths of a percent.
MILESTONES = ("first", "lead", "opportunity", "last", "middle")


class Rule(NamedTuple):
    """A version of a model, as the statement needs it; see ``engine.attribution``."""

    model_id: int
    version_id: int
    version: int
    shape: str
    half_life: float
    first: int
    lead: int
    opportunity: int
    last: int
    middle: int
    lookback: int
    kind_ids: tuple
    company_id: int
    level: str
    #: Weight of channels that have none of their own.
    others: int = 0

    @classmethod
    def from_settings(cls, settings, **ids):
        """From what a version keeps; what its shape does not ask for is not there."""
        return cls(
            shape=settings["shape"],
            half_life=settings.get("half_life", 7.0),
            **{name: settings.get(name, 0) for name in MILESTONES},
            lookback=settings["lookback"],
            kind_ids=tuple(settings["kinds"]),
            company_id=settings["company"],
            level=settings.get("level", ""),
            **ids,
        )

    def engine_model(self, channels=()):
        """The same for the engine.

        :param channels: pairs of a channel and its weight, for a data-driven model
        """
        return Model(
            shape=self.shape,
            half_life=self.half_life,
            **{name: getattr(self, name) for name in MILESTONES},
            lookback=self.lookback,
            kinds=frozenset(self.kind_ids),
            channels=dict(channels),
        )
