from . import test_stage_history_paths
from . import test_stage_history_actions
from . import test_stage_history_entry
from . import test_stage_history_protection
from . import test_stage_history_backfill
from . import test_stage_history_import
from . import test_stage_history_report
