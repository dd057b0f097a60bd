"""The crawl: what to fetch, politely, and what came of it."""
