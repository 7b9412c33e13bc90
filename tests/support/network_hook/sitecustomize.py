"""Run by Python itself at the start of every process that has this folder on PYTHONPATH."""

import os

import tasuki_network_hook  # type: ignore[import-not-found] # on the path only where the hook is

if log := os.environ.get(tasuki_network_hook.VARIABLE):
    tasuki_network_hook.install(log)
