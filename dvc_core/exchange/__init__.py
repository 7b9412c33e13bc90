"""Files that councils of a block give each other (情報共有): the signed status file `tasuki-board/1`.

Plain data in and out: signing and verifying is done by `dvc_core.tokens.signing`, and whoever serves a person
(floor 4) puts both together. The format stands in this folder's README.
"""
