# Every target is a task of tasks.py, which does its own set-up. Without make: python3 tasks.py run
PYTHON ?= python3

.DEFAULT_GOAL := run
.PHONY: setup run test check bench endurance wheels demo dev pin

setup run test check bench endurance wheels demo dev pin:
	@$(PYTHON) tasks.py $@ $(ARGS)
