"""Loads real sales data into Odoo: its shapes, Odoo's own import, the past."""
