"""BPI Challenge 2012: a log of loan applications, read as a sales process."""

from .dataset import FILES, read
