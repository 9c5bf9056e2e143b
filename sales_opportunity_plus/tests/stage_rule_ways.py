"""Every way to move an opportunity: how it begins, how it moves, what it is."""

from typing import NamedTuple

from ..exceptions import StageRuleError

WRITE, CREATE, NOTED, WON, LOST = (
    "_stage_rule_after_write",
    "_stage_rule_after_create",
    "_stage_rule_record_noted",
    "action_set_won",
    "action_set_lost",
)


class Way(NamedTuple):
    """``kinds``: what a rule may call the move. ``again``: the refusal says how to
    try it again with a reason."""

    through: str
    kinds: frozenset
    start: dict
    again: bool = True


def _way(through, kinds, again=True, **start):
    return Way(through, frozenset(kinds.split()) | {"any"}, start, again)


LOST_LEAD = {"active": False, "probability": 0}
WAYS = {
    "write": _way(WRITE, "stage forward skip"),
    "write_back": _way(WRITE, "stage backward", stage_id="stage_offer"),
    "web_save": _way(WRITE, "stage forward skip"),
    "web_save_multi": _way(WRITE, "stage forward skip"),
    "superuser": _way(WRITE, "stage forward skip"),
    "server_action": _way(WRITE, "stage forward skip"),
    "server_action_code": _way(WRITE, "stage forward skip"),
    "import_update": _way(WRITE, "stage forward skip", again=False),
    "probability_zero": _way(WRITE, "lost"),
    "archive": _way(WRITE, "archived"),
    "unarchive": _way(WRITE, "reopened stage", active=False),
    "restore": _way(WRITE, "reopened stage", **LOST_LEAD),
    "won_stage": _way(WRITE, "won forward stage", stage_id="stage_offer"),
    "stage_becomes_won": _way(WRITE, "won stage", again=False),
    "merge": _way(
        WRITE,
        "stage backward",
        again=False,
        team_id="team_own",
        stage_id="stage_trial",
    ),
    "won": _way(WON, "won forward stage", stage_id="stage_offer"),
    "rainbowman": _way(WON, "won forward stage", stage_id="stage_offer"),
    "lost": _way(LOST, "lost"),
    "lost_wizard": _way(LOST, "lost"),
    "create": _way(CREATE, "created stage", again=False),
    "import_create": _way(CREATE, "created stage", again=False),
    "copy": _way(CREATE, "created stage", again=False),
    "team": _way(NOTED, "stage backward", team_id="team_own", stage_id="stage_trial"),
    "convert": _way(WRITE, "stage", type="lead"),
    "flush": _way(NOTED, "stage forward skip", again=False, stage_id="stage_offer"),
}


class WaysMixin:
    """The ways themselves: ``_way_<name>(lead)`` moves an opportunity of a seller."""

    def _start(self, name):
        """An opportunity, where the way begins."""
        values = {
            key: getattr(self, value).id if key in ("stage_id", "team_id") else value
            for key, value in WAYS[name].start.items()
        }
        self.further = self._lead() if name == "merge" else None
        return self._lead(**values).with_user(self.seller)

    def _go(self, name, lead):
        getattr(self, f"_way_{name}")(lead)
        self.env.flush_all()
        self.env["crm.lead"]._stage_rule_record_noted()

    def _way_write(self, lead):
        lead.write({"stage_id": self.stage_offer.id})

    def _way_write_back(self, lead):
        lead.write({"stage_id": self.stage_new.id})

    def _way_web_save(self, lead):
        lead.web_save({"stage_id": self.stage_offer.id}, {"stage_id": {}})

    def _way_web_save_multi(self, lead):
        lead.web_save_multi([{"stage_id": self.stage_offer.id}], {"stage_id": {}})

    def _way_superuser(self, lead):
        lead.sudo().write({"stage_id": self.stage_offer.id})

    def _way_server_action(self, lead):
        self._run_server_action(
            lead,
            state="object_write",
            update_path="stage_id",
            resource_ref=f"crm.stage,{self.stage_offer.id}",
        )

    def _way_server_action_code(self, lead):
        code = f"record.write({{'stage_id': {self.stage_offer.id}}})"
        self._run_server_action(lead, state="code", code=code)

    def _run_server_action(self, lead, **values):
        model = self.env["ir.model"]._get("crm.lead")
        action = self.env["ir.actions.server"].create(
            {"name": "Test Move", "model_id": model.id, **values}
        )
        action.with_user(self.seller).with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).run()

    def _way_import_update(self, lead):
        self.env["ir.model.data"].create(
            {
                "module": "test_stage_rule",
                "name": "lead",
                "model": "crm.lead",
                "res_id": lead.id,
            }
        )
        self._import(lead, ["id", "stage_id/.id"], ["test_stage_rule.lead"])

    def _way_import_create(self, lead):
        self._import(lead, ["name", "stage_id/.id"], ["Test New Deal"])

    def _import(self, lead, names, row):
        """The importer answers with messages, a row each; none of it is kept."""
        row = [*row, str(self.stage_offer.id)]
        done = lead.with_context(import_file=True).load(names, [row])
        if done["messages"]:
            raise StageRuleError(done["messages"][0]["message"])

    def _way_probability_zero(self, lead):
        lead.write({"active": False, "probability": 0})

    def _way_archive(self, lead):
        lead.action_archive()

    def _way_unarchive(self, lead):
        lead.action_unarchive()

    def _way_restore(self, lead):
        lead.action_restore()

    def _way_won_stage(self, lead):
        lead.write({"stage_id": self.stage_won.id})

    def _way_stage_becomes_won(self, lead):
        self.stage_new.with_user(self.manager).is_won = True

    def _way_merge(self, lead):
        leads = (lead | self.further).with_user(self.manager)
        leads.merge_opportunity(team_id=self.team.id)

    def _way_won(self, lead):
        lead.action_set_won()

    def _way_rainbowman(self, lead):
        lead.action_set_won_rainbowman()

    def _way_lost(self, lead):
        lead.action_set_lost()

    def _way_lost_wizard(self, lead):
        wizard = self.env["crm.lead.lost"].with_user(self.seller)
        wizard.create({"lead_ids": [(6, 0, lead.ids)]}).action_lost_reason_apply()

    def _way_create(self, lead):
        lead.create(self._lead_values())

    def _way_copy(self, lead):
        lead.copy()

    def _way_team(self, lead):
        lead.write({"team_id": self.team.id})

    def _way_convert(self, lead):
        lead.convert_opportunity(lead.partner_id)

    def _way_flush(self, lead):
        """Odoo recomputes a stage where nobody writes on the opportunity."""
        lead.sudo()._stage_rule_note(self.stage_new.id)
