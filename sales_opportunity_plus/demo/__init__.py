"""The demo company: a seeded generator of a believable firm's past and present.

Plain Python without Odoo: :func:`.generator.generate` returns frozen values for one
seed and one day, and ``models/demo`` writes them. Imported only while the
demonstration data is built.
"""
