"""Sets up Odoo 19, its Python and a private PostgreSQL, and serves the addon.

Standard library only: it runs before anything is installed.
"""
