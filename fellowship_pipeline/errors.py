"""Errors that a user can cause: one line, no traceback."""

from __future__ import annotations


class UserError(Exception):
    """Bad configuration or input. One line: file, line, what was found, what was expected, what to do."""
