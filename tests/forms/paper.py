"""What all sample sheets share."""

from datetime import UTC, date, datetime

MORNING = datetime(2026, 8, 1, 0, 30, tzinfo=UTC)
"""9:30 in Tokyo."""
DAY = date(2026, 8, 1)
PAPER = {
    "council": "見本市社会福祉協議会",
    "center": "見本市災害ボランティアセンター",
    "printed_at": MORNING,
    "printed_by": "受付1",
}
PHONE = "000-0000-0000"
HASH = "0123456789abcdef" * 4
