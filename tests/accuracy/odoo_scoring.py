"""Odoo 19's predictive scoring, written anew as the yardstick: naive Bayes on counts.

Every count begins at .1. A stage counts as passed by deals that came at least so far,
won deals passed all. Values that no closed deal had say nothing.
"""

import math


class OdooScoring:
    def __init__(self, rows, outcomes, stages=None):
        """`rows` are tuples of values, the stage first where there are stages."""
        self.stages = {stage: k for k, stage in enumerate(stages or ())}
        self.won, self.lost = [{} for _ in rows[0]], [{} for _ in rows[0]]
        for row, won in zip(rows, outcomes, strict=True):
            counts = self.won if won else self.lost
            for place, value in enumerate(row):
                for passed in self._passed(place, value, won):
                    counts[place][passed] = counts[place].get(passed, 0.1) + 1.0
        self.team_won = 0.1 + sum(outcomes)
        self.team_lost = 0.1 + len(outcomes) - sum(outcomes)

    def _passed(self, place, value, won):
        if value is None:
            return []
        if place or not self.stages:
            return [value]
        last = len(self.stages) - 1 if won else self.stages[value]
        return [stage for stage, k in self.stages.items() if k <= last]

    def probability(self, row):
        total = self.team_won + self.team_lost
        won, lost = math.log(self.team_won / total), math.log(self.team_lost / total)
        for place, value in enumerate(row):
            ups, downs = self.won[place], self.lost[place]
            if value not in ups and value not in downs:
                continue
            is_stage = not place and self.stages
            all_won = self.team_won if is_stage else sum(ups.values())
            all_lost = self.team_lost if is_stage else sum(downs.values())
            won += math.log(ups.get(value, 0.1) / all_won)
            lost += math.log(downs.get(value, 0.1) / all_lost)
        odds = math.exp(min(max(lost - won, -50.0), 50.0))
        return min(max(1.0 / (1.0 + odds), 0.0001), 0.9999)
