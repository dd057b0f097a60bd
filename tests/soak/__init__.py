"""Runs that are killed, starved of disk or rights, or met by others: what is left must be as if nothing had been."""
