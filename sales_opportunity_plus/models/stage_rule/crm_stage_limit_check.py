from odoo import api, models
from odoo.exceptions import ValidationError


class CrmStageLimit(models.Model):
    """What makes a time limit a right one."""

    _name = "crm.stage.limit"
    _inherit = ["crm.stage.limit"]

    @api.constrains("duration")
    def _check_duration(self):
        for limit in self:
            if limit.duration <= 0:
                raise ValidationError(
                    self.env._(
                        "The time limit of the stage “%(stage)s” is %(duration)s. "
                        "Enter a duration above zero.",
                        stage=limit.stage_id.display_name,
                        duration=limit.duration,
                    )
                )

    @api.constrains("active", "stage_id")
    def _check_stage(self):
        for limit in self.filtered("active"):
            if limit.stage_id.is_won or limit.stage_id.pauses_limits:
                raise ValidationError(
                    self.env._(
                        "The stage “%(stage)s” cannot have a time limit: it is a won "
                        "stage or pauses the clock. Choose another stage, or change "
                        "that on the stage.",
                        stage=limit.stage_id.display_name,
                    )
                )

    @api.constrains("team_ids", "company_id", "stage_id")
    def _check_teams(self):
        for limit in self.sudo():
            stage, company = limit.stage_id, limit.company_id
            for team in limit.team_ids:
                if stage.team_ids and team not in stage.team_ids:
                    raise ValidationError(
                        self.env._(
                            "The sales team “%(team)s” does not use the stage "
                            "“%(stage)s”. Choose a stage of the team, or add the team "
                            "to the stage.",
                            team=team.display_name,
                            stage=stage.display_name,
                        )
                    )
                if company and team.company_id and team.company_id != company:
                    raise ValidationError(
                        self.env._(
                            "The sales team “%(team)s” belongs to “%(other)s”, but "
                            "the time limit to “%(company)s”. Choose a team of that "
                            "company, or leave the company empty.",
                            team=team.display_name,
                            other=team.company_id.display_name,
                            company=company.display_name,
                        )
                    )

    @api.constrains("calendar_id", "company_id")
    def _check_calendar(self):
        for limit in self.sudo():
            owner = limit.calendar_id.company_id
            if owner and limit.company_id and owner != limit.company_id:
                raise ValidationError(
                    self.env._(
                        "The working hours “%(calendar)s” belong to “%(other)s”, but "
                        "the time limit to “%(company)s”. Choose working hours of "
                        "that company, or none to take its own.",
                        calendar=limit.calendar_id.display_name,
                        other=owner.display_name,
                        company=limit.company_id.display_name,
                    )
                )

    @api.constrains("active", "stage_id", "clock", "team_ids", "company_id")
    def _check_alone(self):
        """Two limits that hold for the same opportunities would contradict."""
        for limit in self.sudo().filtered("active"):
            others = self.sudo().search(
                [
                    ("id", "!=", limit.id),
                    ("stage_id", "=", limit.stage_id.id),
                    ("clock", "=", limit.clock),
                    ("company_id", "=", limit.company_id.id),
                ]
            )
            for other in others:
                if limit.team_ids & other.team_ids or not (
                    limit.team_ids or other.team_ids
                ):
                    raise ValidationError(
                        self.env._(
                            "The stage has the time limit “%(other)s” already, for "
                            "the same opportunities and the same clock. Change that "
                            "one, or choose other sales teams.",
                            other=other.display_name,
                        )
                    )
