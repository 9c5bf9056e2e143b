from . import source_api
from . import forecast_board
from . import forecast_waterfall
