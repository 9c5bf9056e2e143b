"""What happened to a case: stays in stages, outcome, owner and calls."""

from typing import NamedTuple

from ..records import Call, Past, Stay
from .log import FILE, utc
from .people import employee_key, team_key
from .process import CALLS, LOST, MOVES, STAGES, WON, WON_STAGE


class History(NamedTuple):
    past: Past
    stage: str
    status: str
    reason: str
    salesperson: str | None


class Historian:
    """Follows one case after the other."""

    def __init__(self, teams, findings):
        self.teams = teams
        self.findings = findings

    def follow(self, case):
        """The history of a case, or None when it never entered a stage."""
        moves = self._moves(case)
        if not moves or moves[0].activity not in STAGES:
            reason = "the case never entered a stage"
            self.findings.bad(FILE, case.row, reason, "case not loaded")
            return None
        owners = self._owners(case, moves)
        stays = self._stays(moves, owners)
        last = moves[-1].activity
        past = Past(
            created_at=self._registered(case),
            assigned_at=owners[0][0] if owners else None,
            closed_at=moves[-1].at if last in WON or last in LOST else None,
            stays=tuple(stays),
            calls=tuple(self._calls(case)),
        )
        reason = LOST[last][0] if last in LOST else ""
        owner = owners[-1][1] if owners else None
        return History(past, stays[-1].stage, stays[-1].status, reason, owner)

    def _moves(self, case):
        """Stage moves up to the first outcome, without repeats."""
        moves, ended = [], False
        for event in case.events:
            if event.activity not in MOVES:
                continue
            if ended:
                if event.activity in WON and moves[-1].activity in WON:
                    unused = FILE, "events that repeat an outcome"
                    self.findings.unused[unused] += 1
                else:
                    reason = f"{event.activity} after the outcome of the case"
                    self.findings.bad(
                        FILE, event.row, reason, "the first outcome counts"
                    )
            elif moves and moves[-1].activity == event.activity:
                self.findings.unused[FILE, "events that repeat a stage"] += 1
            else:
                moves.append(event)
                ended = event.activity not in STAGES
        return moves

    def _owners(self, case, moves):
        """(since when, salesperson): who called last, else who moved it last.

        Deciding the outcome makes nobody a salesperson, unless nobody else was.
        """
        calls = [(e.at, e.resource) for e in case.events if e.activity in CALLS]
        moved = [(e.at, e.resource) for e in moves if e.activity in STAGES]
        decided = [(e.at, e.resource) for e in moves if e.activity not in STAGES]
        for candidates in (calls, moved, decided):
            owners = [
                (at, employee_key(resource))
                for at, resource in candidates
                if resource in self.teams
            ]
            if owners:
                return owners
        return []

    def _stays(self, moves, owners):
        stays = []
        for move in moves:
            stage, status = self._position(move, stays)
            owner = next((who for at, who in reversed(owners) if at <= move.at), None)
            stays.append(
                Stay(
                    stage=stage,
                    entered_at=move.at,
                    status=status,
                    salesperson=owner,
                    team=self._team(owner),
                    moved_by=self._employee(move.resource),
                )
            )
        return stays

    def _position(self, move, stays):
        if move.activity in WON:
            return WON_STAGE, "won"
        if move.activity in LOST:
            return stays[-1].stage, "lost"
        return STAGES[move.activity].key, "open"

    def _employee(self, resource):
        return employee_key(resource) if resource in self.teams else None

    def _team(self, owner):
        if owner is None:
            return None
        return team_key(self.teams[owner.rpartition("_")[2]])

    def _registered(self, case):
        first = case.events[0].at
        try:
            return min(utc(case.registered), first)
        except ValueError:
            reason = f"“{case.registered}” is no time of registration"
            self.findings.bad(FILE, case.row, reason, "the first event counts")
            return first

    def _calls(self, case):
        """Each start of a call, with the next end of the same activity."""
        begun = {activity: [] for activity in CALLS}
        for event in case.events:
            if event.activity not in CALLS:
                continue
            if event.transition == "START":
                begun[event.activity].append(event)
            elif begun[event.activity]:
                yield self._call(begun[event.activity].pop(0), event)
            else:
                self.findings.unused[FILE, "ends of calls that were never begun"] += 1
        for start in sum(begun.values(), []):
            self.findings.bad(FILE, start.row, "the call has no end", "no duration")
            yield self._call(start, None)

    def _call(self, start, end):
        who = start.resource or (end.resource if end else "")
        if not who:
            self.findings.bad(FILE, start.row, "the call has no employee", "no author")
        return Call(
            made_at=(end or start).at,
            summary=CALLS[start.activity],
            seconds=round((end.at - start.at).total_seconds()) if end else None,
            employee=self._employee(who),
        )
