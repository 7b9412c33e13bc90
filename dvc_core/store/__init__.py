"""Floor 2: the only place that knows DuckDB or PostgreSQL."""
