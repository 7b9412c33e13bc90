"""Floor 2: who may do what. Roles as data, passwords, sessions."""
