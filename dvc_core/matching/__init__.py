"""Floor 2: proposals of マッチング. A pure model of the day in, a plan that explains itself out.

Nothing here opens the database, and a plan is never a fact: a person confirms it team by team, and the rules
of `dvc_core.domain.teaming` are checked again then. See README.md for the model, the formula and the format.
"""
