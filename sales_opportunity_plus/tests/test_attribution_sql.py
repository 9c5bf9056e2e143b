"""The SQL gives what the engine gives: to the cent, and to nine digits."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import attribution
from ..engine.attribution import SCALE
from ..models.source import attribution_sql
from ..models.source.attribution_journey_sql import among
from ..models.source.attribution_rule import Rule
from .attribution_common import AttributionCase, day

KINDS, CHANNELS, LEADS = (1, 2, 3), (0, 1, 2), 3
days = st.integers(0, 60) | st.floats(0, 60, allow_nan=False)
touches = st.lists(
    st.tuples(days, st.sampled_from(KINDS), st.sampled_from(CHANNELS)), max_size=7
)
amounts = st.decimals(-(10**7), 10**7, places=2) | st.sampled_from(
    [Decimal(x) for x in ("0", "0.005", "1e13", "-33333333333.33", "98765432109876.5")]
)
deals = st.tuples(touches, amounts, days, st.none() | days, st.none() | days)
hundredths = st.sampled_from([0, 0, 1, 1000, 2250, 3333, 4000])
rules = st.builds(
    Rule,
    model_id=st.just(0),
    version_id=st.just(0),
    version=st.just(1),
    shape=st.sampled_from(attribution.RULES + ("position", "decay")),
    half_life=st.floats(0.05, 400),
    first=hundredths,
    lead=hundredths,
    opportunity=hundredths,
    last=hundredths,
    middle=hundredths,
    lookback=st.sampled_from([0, 0, 1, 7, 30]),
    kind_ids=st.sampled_from([(1, 2, 3), (1, 2, 3), (1, 2), (3,)]),
    company_id=st.just(0),
    level=st.just("medium"),
    others=st.sampled_from([0, 5, SCALE // 3]),
)
by_rule = st.lists(rules, min_size=1, max_size=4)
weights = st.dictionaries(st.sampled_from(CHANNELS), st.integers(0, SCALE), max_size=3)


def some(examples):
    """Each example writes: none is too slow, and the data are not the test's own."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )


@tagged("post_install", "-at_install")
class TestAttributionSql(AttributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls._leads(LEADS)
        cls.env["crm.touch.kind"].create(
            [{"name": f"Kind {n}", "code": f"test_{n}"} for n in KINDS]
        )
        cls.kinds = {
            n: cls.env["crm.touch.kind"].search([("code", "=", f"test_{n}")]).id
            for n in KINDS
        }
        cls.mediums = [
            cls.env["utm.medium"].create({"name": name}).id
            for name in ("test a", "test b")
        ]
        cls.version = cls._model("markov").version_ids

    def _write(self, ledger):
        """Write a ledger; its deals and touches as the engine has them."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM crm_touchpoint"))
        return [
            self._write_deal(lead, *deal)
            for lead, deal in zip(self.leads, ledger, strict=False)
        ]

    def _write_deal(self, lead, found, value, created, converted, closed):
        is_lead = converted is None
        self._move_dates(
            lead,
            expected_revenue=value,
            create_date=day(created),
            type="lead" if is_lead else "opportunity",
            date_conversion=None if is_lead else day(converted),
            date_closed=None if closed is None else day(closed),
            won_status="pending" if closed is None else "lost",
        )
        mine = []
        for moment, kind, channel in found:
            medium = channel and self.mediums[channel - 1]
            (row,) = self._touch(lead, moment, kind=f"test_{kind}", medium_id=medium)
            mine.append(
                attribution.Touch(
                    row, day(moment), self.kinds[kind], not medium, medium
                )
            )
        deal = attribution.Deal(
            value,
            day(created),
            None if is_lead else day(converted),
            None if closed is None else day(closed),
        )
        return lead, deal, mine

    def _check(self, ledger, found, channels=None):
        """Compare what both give each deal under each rule."""
        for number, rule in enumerate(found, 1):
            kinds = tuple(self.kinds[kind] for kind in rule.kind_ids)
            found[number - 1] = rule._replace(
                model_id=-number, version_id=self.version.id, kind_ids=kinds
            )
        leads = among(self.leads.ids)
        self.env.cr.execute(attribution_sql.forget(leads))
        self.env.cr.execute(attribution_sql.credit(found, leads, self.company.id))
        for lead, deal, mine in ledger:
            for rule in found:
                if channels is not None:
                    channels[attribution.OTHERS] = rule.others
                expected = attribution.credit(
                    mine, deal, rule.engine_model(channels or {})
                )
                self.env.cr.execute(
                    SQL(
                        """SELECT touchpoint_id, fraction::text, amount::text
                             FROM crm_attribution_credit
                            WHERE lead_id = %s AND model_id = %s""",
                        lead.id,
                        rule.model_id,
                    )
                )
                got = {row[0]: row[1:] for row in self.env.cr.fetchall()}
                self.assertEqual(
                    {touch: (Decimal(a), Decimal(b)) for touch, (a, b) in got.items()},
                    {part.touch_id: (part.fraction, part.amount) for part in expected},
                    (rule, deal, mine),
                )

    def test_rules_give_what_the_engine_gives(self):
        @some(60)
        @given(st.lists(deals, min_size=1, max_size=LEADS), by_rule)
        def check(ledger, found):
            self._check(self._write(ledger), found)

        check()

    def test_channels_give_what_the_engine_gives(self):
        @some(30)
        @given(st.lists(deals, min_size=1, max_size=LEADS), by_rule, weights)
        def check(ledger, found, given_weights):
            ids = (0, *self.mediums)
            channels = {ids[key]: weight for key, weight in given_weights.items()}
            self.env["crm.attribution.weight"].search([]).unlink()
            self.env["crm.attribution.weight"].create(
                [
                    {"version_id": self.version.id, "channel": key, "weight": weight}
                    for key, weight in channels.items()
                ]
            )
            self.env.flush_all()
            found = [rule._replace(shape="markov") for rule in found]
            self._check(self._write(ledger), found, channels)

        check()
