"""A rule that wants moves to Offer approved, and the people who approve."""

from ..exceptions import StageRuleError
from .stage_rule_common import StageRuleCase


class ApprovalCase(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the database has of its own would ask for more.
        cls.env["crm.stage.rule"].search([("active", "=", True)]).active = False
        cls.controllers = cls.env["res.groups"].create({"name": "Test Controllers"})
        # Nobody of sales: an approver who cannot see opportunities.
        cls.controller = cls._user("test_controller", "base.group_user", cls.company)
        cls.controller.group_ids += cls.controllers
        cls.leader = cls.all_leads
        cls.team.user_id = cls.leader
        cls.rule = cls._approval_rule(approver_leader=True)
        cls.lead = cls._lead()

    @classmethod
    def _approval_rule(cls, *requirements, **values):
        return cls._rule(
            *requirements,
            **{
                "name": "Big Deals",
                "approval": True,
                "to_stage_ids": [(6, 0, cls.stage_offer.ids)],
                **values,
            },
        )

    @classmethod
    def _replay(cls, leads, stage=None, **values):
        values["stage_id"] = (stage or cls.stage_offer).id
        return {"ids": leads.ids, "method": "write", "values": values}

    @classmethod
    def _ask(cls, lead=None, user=None, note=None, **replay):
        """The requests that somebody makes for a move, as the superuser sees them."""
        lead = (lead or cls.lead).with_user(user or cls.seller)
        answer = lead.action_stage_rule_request_approval(
            cls._replay(lead, **replay), note
        )
        return cls.env["crm.stage.approval"].browse(answer["ids"])

    def _move(self, lead=None, user=None, stage=None):
        lead = (lead or self.lead).with_user(user or self.seller)
        lead.write({"stage_id": (stage or self.stage_offer).id})

    def _assert_held(self, *args, **kwargs):
        with self.assertRaises(StageRuleError) as caught, self.env.cr.savepoint():
            self._move(*args, **kwargs)
        return caught.exception

    @classmethod
    def _activities(cls, request):
        return cls.env["mail.activity"].search(
            [("res_model", "=", request._name), ("res_id", "in", request.ids)]
        )

    @classmethod
    def _said(cls, lead=None):
        """What the chatter of the opportunity says, newest first."""
        return " ".join(
            str(body) for body in (lead or cls.lead).message_ids.mapped("body")
        )
