"""Floor 2: what people and devices ask of the center. One file an area; `run` holds the one sequence."""
