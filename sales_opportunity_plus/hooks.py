def post_init_hook(env):
    """Give a database that has lived before us its past, in set-based SQL."""
    env["crm.stage.history"]._backfill()
