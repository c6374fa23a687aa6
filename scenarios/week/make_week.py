"""Writes plan.xlsx: a week of a centre of 33, with a public holiday on Wednesday and a clock change on Sunday.

    python make_week.py

The numbers are fixed, so the file is the same every time.
"""

import datetime
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tables"))

from workbook import Clock, xlsx  # noqa: E402

FIRST = datetime.date(2026, 3, 23)
HOLIDAY = datetime.date(2026, 3, 25)
CLOCK_CHANGE = datetime.date(2026, 3, 29)

# Contacts an hour, from 00:00, on a weekday.
ORDERS = [6, 4, 3, 3, 4, 8, 16, 30, 46, 56, 60, 58, 52, 50, 54, 56, 58, 62, 64, 58, 44, 30, 18, 10]
BILLING = [0] * 8 + [18, 26, 28, 26, 20, 22, 26, 24, 20, 16, 12, 8] + [0] * 4
MAIL = [1] * 6 + [3, 6, 10, 12, 12, 11, 9, 9, 10, 10, 9, 7, 6, 5, 4, 3, 2, 1]
# Of each day against a weekday.
DAYS = [1.1, 1.0, 0.55, 1.0, 1.05, 0.6, 0.45]

EARLY = ["Aris", "Beata", "Carlo", "Dora", "Emil", "Fanny", "Goran", "Hilda", "Ines", "Jan", "Karin", "Lev"]
LATE = ["Mara", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tara", "Udo"]
NIGHT = ["Vera", "Walt", "Xenia"]
PART_TIME = ["Yara", "Zeno", "Alma", "Boris", "Clara"]
MAIL_DESK = ["Dario", "Edda", "Felix", "Gisela", "Hugo"]


def date(day):
    return FIRST + datetime.timedelta(day)


def volumes():
    for day, size in enumerate(DAYS):
        for half in range(48):
            if date(day) == CLOCK_CHANGE and half in (6, 7):
                continue  # Clocks go from 03:00 to 04:00.
            for skill, hours in (("Orders", ORDERS), ("Billing", BILLING), ("Mail", MAIL)):
                volume = hours[half // 2] / 2 * size
                if day == 4 and 34 <= half < 42 and skill == "Orders":
                    volume *= 1.1  # Friday evening.
                if skill == "Billing" and day >= 5:
                    continue
                yield [date(day), Clock(half * 30), skill, round(volume, 2)]


def shift(day, name, skills, start, end, lunch=None, training=None, speed=1.0):
    hour = lambda hours: None if hours is None else Clock(round(hours * 60))
    after = lambda hours, length: None if hours is None else hours + length
    times = [start, end, lunch, after(lunch, 0.5), training, after(training, 2)]
    return [date(day), name, skills, *map(hour, times), speed]


def roster():
    # The night before the week reaches into it.
    for day in range(-1, 7):
        for number, name in enumerate(NIGHT):
            if number != day % 3:
                yield shift(day, name, "Orders", 22, 7)
        if day < 0:
            continue
        is_working_day = day < 5 and date(day) != HOLIDAY
        for number, name in enumerate(EARLY):
            if is_working_day or number % 3 == day % 3:
                start = 7 + number // 3 % 3
                speed = 0.8 if number >= 10 else 1.0
                yield shift(day, name, "Orders, Billing", start, start + 8.5, start + 4, speed=speed)
        for number, name in enumerate(LATE):
            if is_working_day or number % 2 == day % 2:
                training = 14.5 if day == 1 and number < 2 else None
                yield shift(day, name, "Orders, Billing", 13.5, 22, 17 + number % 4 / 2, training)
        for name in PART_TIME:
            if is_working_day:
                yield shift(day, name, "Orders", 10, 14)
        for number, name in enumerate(MAIL_DESK):
            if is_working_day:
                training = 14 if day == 1 and number < 2 else None
                yield shift(day, name, "Mail, Billing", 9, 17, 12 + number % 3 / 2, training)


HEADS = ["date", "agent", "skills", "start", "end", "lunch start", "lunch end", "training start", "training end", "speed"]
SHEETS = [
    ("Volumes", [["date", "time", "skill", "volume"], *volumes()]),
    ("Roster", [HEADS, *roster()]),
]
(HERE / "plan.xlsx").write_bytes(xlsx(SHEETS))
