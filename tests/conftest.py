"""What all tests share: the fixtures of `tests/support`, bounded properties, no way off this machine."""

import os

from hypothesis import settings

from tests.support.network_hook.tasuki_network_hook import watch

pytest_plugins = (
    "pytester",
    "tests.support.postgres",
    "tests.support.browser",
    "tests.support.server",
    "tests.support.center",
)

# The same examples in every run, few enough for a quick suite; `TASUKI_EXPLORE=1` looks further, at random.
settings.register_profile("bounded", max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile("explore", max_examples=2000, deadline=None, database=None)
settings.load_profile("explore" if os.environ.get("TASUKI_EXPLORE") else "bounded")

# The tests' own process may talk to this machine only; what it starts is recorded where a test asks for it.
watch(lambda *_contact: None)
