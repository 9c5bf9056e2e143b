"""CRM Sales Opportunities: accounts, products, sales teams and their pipeline."""

from .dataset import FILES, read
