"""Floor 2: what pages, routes and the command line read. SQL in, frozen rows out, paged by key."""
