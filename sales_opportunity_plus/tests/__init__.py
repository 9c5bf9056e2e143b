from . import test_stage_history_paths
from . import test_stage_history_actions
from . import test_stage_history_entry
from . import test_stage_history_protection
from . import test_stage_history_backfill
from . import test_stage_history_import
from . import test_stage_history_report
from . import test_forecast_category
from . import test_demo_company
from . import test_forecast_report
from . import test_query_counts
from . import test_views
from . import test_tours
from . import test_stage_find
from . import test_stage_rule_guard
from . import test_stage_rule_js, test_stage_rule_tours
from . import test_stage_rule_paths
