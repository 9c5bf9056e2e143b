from ..lead_part import LeadPart


class LeadDescribe(LeadPart):
    """Decisions in words, each missing thing with the way to mend it."""

    __slots__ = ()

    def _stage_rule_describe_decisions(self, decisions):
        """Decisions as the dialog and the panel show them."""
        rules = self.env["crm.stage.rule"].sudo().with_context(active_test=False)
        return [
            self._stage_rule_describe_decision(rules.browse(one.rule.id), one)
            for one in decisions
        ]

    def _stage_rule_describe_decision(self, rule, decision):
        return {
            "rule_id": rule.id,
            "name": rule.name,
            "sentence": rule.sentence,
            "severity": decision.rule.severity,
            "result": decision.result,
            "guidance": rule.guidance or "",
            "may_bypass": decision.rule.severity == "block" and decision.may_bypass,
            "may_confirm": decision.rule.severity == "warn" or decision.may_bypass,
            "failures": [
                self._stage_rule_describe_failure(rule, failure)
                for failure in decision.failures
            ],
        }

    def _stage_rule_describe_failure(self, rule, failure):
        if failure.kind == "who":
            return {"kind": "who", "message": rule._who_message(), "fix": None}
        if failure.kind == "approval":
            return {
                "kind": "approval",
                "message": rule._approval_message(failure.waiting),
                "state": "open" if failure.waiting else "none",
                "fix": {"type": "approval"},
            }
        requirement = rule.requirement_ids.browse(failure.requirement_id)
        return self._stage_rule_describe_requirement(requirement)

    def _stage_rule_describe_requirement(self, requirement):
        return {
            "kind": requirement.kind,
            "requirement_id": requirement.id,
            "message": requirement._get_message(),
            "fix": requirement._get_fix(self),
        }
