"""The whole center in one walk, on the real program in a real browser: from the manual to the last one home.

What people do at a desk, a door or on the telephone is done on the screens and at the kiosk. Bulk (eight of
the registrations, nine of the houses) goes through the command line of the running program, which sends the
very commands of the screens. The steps stand in `walk_*.py`, in the order in which a day has them.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import NewContext
from tests.support.server import NewProgram
from tests.walk import (
    walk_beside,
    walk_board,
    walk_closing,
    walk_needs,
    walk_opening,
    walk_reception,
    walk_teams,
)
from tests.walk.walk_center import Walk


# A minute and a half on an idle machine; the limit only ends what hangs on a busy one.
@pytest.mark.timeout(900)
def test_from_the_manual_to_the_last_volunteer_home(
    new_program: NewProgram, new_context: NewContext, desk: Page, tmp_path: Path
) -> None:
    walk = Walk(new_program().start(), desk, new_context, new_program, tmp_path)
    walk_opening.begin(walk)
    walk_reception.people_come(walk)
    walk_needs.needs_come(walk)
    walk_teams.teams_are_made(walk)
    walk_teams.teams_go(walk)
    walk_teams.teams_come_home(walk)
    walk_reception.people_leave(walk)
    walk_beside.bcp_runs(walk)
    walk_board.board_goes_round(walk)
    walk_closing.day_closes(walk)
    walk_closing.center_closes(walk)
    walk_closing.chronology_is_printed(walk)
    walk_closing.stands_up_again(walk)
