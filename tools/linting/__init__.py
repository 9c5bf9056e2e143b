"""`make lint`: every linter at its pinned version, from PyPI and npm only.

Standard library only; the linters live in the cache, nothing goes to the checkout.
"""
