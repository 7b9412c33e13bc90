"""FLOOR 2. Seeded, plainly fictional people, calls and days, as plain data, for demonstration and drills."""
