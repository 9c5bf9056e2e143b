"""Pure Python: what the addon knows about selling, without Odoo.

Nothing here imports Odoo or another part of the addon; frozen values go in and
come out, so that every rule can be tested and reused outside a database.
"""
