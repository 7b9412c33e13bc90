"""The manual: numbered editions of what is done, by which 班, by when, and how one knows that it was done.

Serves every step of the field from 発災 to 閉所, and the BCP beside it. An edition is a folder of TOML and
Markdown that officers edit themselves, so whatever is wrong in it is a list of `Problem`s and never an error.

- `library.read`, `library.check`, `library.library`: editions from folders, with their problems and digest
- `compare.diff`: what a new edition adds, removes, changes and moves
- `render.render`: a step's text for the screen, without raw HTML and without ways to the outside
"""
