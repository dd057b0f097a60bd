"""The explorer: a local web view of published tables, and of the archived page behind each number. Read-only."""
