"""Writes the tables of this folder: one week of volumes and its roster, in five forms each.

    pip install xlwt && python make_tables.py

The numbers are fixed, so the files are the same every time. XLSX and ODS
are written as archives of the least XML that these formats allow, XLS by xlwt.
"""

import datetime
import io
import sys

import xlwt

from workbook import EPOCH, Clock, archive, xlsx

FIRST = datetime.date(2026, 3, 2)
SKILLS = ["Billing", "Kündigung"]


def volumes():
    for day in range(7):
        for half in range(16, 36):
            for number, skill in enumerate(SKILLS):
                size = 12 if day < 5 else 5
                wave = 1 + (half % 7) / 4 + day / 8
                value = round(size * wave / (1 + 2 * number), 2)
                yield FIRST + datetime.timedelta(day), half * 30, skill, value


AGENTS = [
    ("Åsa", "Billing", 8 * 60, 16 * 60, 12 * 60),
    ("Bo", "Billing, Kündigung", 9 * 60, 17 * 60, 12 * 60 + 30),
    ("Cécile", "Kündigung", 10 * 60, 18 * 60 + 30, 13 * 60),
    ("Dan", "Billing, Kündigung", 8 * 60, 13 * 60, None),
]


def roster():
    for day in range(7):
        for name, skills, start, end, lunch in AGENTS[: 4 if day < 5 else 2]:
            date = FIRST + datetime.timedelta(day)
            yield date, name, skills, start, end, lunch, None if lunch is None else lunch + 30


def clock(minutes):
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def german(value):
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def text(heads, rows, separator, encoding):
    lines = [separator.join(heads)]
    for row in rows:
        cells = [f'"{cell}"' if separator in cell else cell for cell in row]
        lines.append(separator.join(cells))
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def ods(sheets):
    tables = ""
    for name, rows in sheets:
        body = ""
        for row in rows:
            cells = ""
            for cell in row:
                if cell is None:
                    cells += "<table:table-cell/>"
                elif isinstance(cell, str):
                    cells += f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                elif isinstance(cell, datetime.date):
                    cells += f'<table:table-cell office:value-type="date" office:date-value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
                elif isinstance(cell, Clock):
                    length = f"PT{cell.minutes // 60:02}H{cell.minutes % 60:02}M00S"
                    cells += f'<table:table-cell office:value-type="time" office:time-value="{length}"><text:p>{clock(cell.minutes)}</text:p></table:table-cell>'
                else:
                    cells += f'<table:table-cell office:value-type="float" office:value="{cell!r}"><text:p>{cell}</text:p></table:table-cell>'
            body += f"<table:table-row>{cells}</table:table-row>"
        tables += f'<table:table table:name="{name}">{body}</table:table>'
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:'
        'office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:'
        f'xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return archive([("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content)])


def xls(sheets):
    book = xlwt.Workbook(encoding="utf-8")
    date, time = xlwt.easyxf(num_format_str="YYYY-MM-DD"), xlwt.easyxf(num_format_str="hh:mm")
    for name, rows in sheets:
        sheet = book.add_sheet(name)
        for row_number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write(row_number, column, (cell - EPOCH).days, date)
                elif isinstance(cell, Clock):
                    sheet.write(row_number, column, cell.minutes / 1440, time)
                elif cell is not None:
                    sheet.write(row_number, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def at(minutes):
    return None if minutes is None else Clock(minutes)


def main(folder):
    volume_heads = ["date", "time", "skill", "volume"]
    roster_heads = ["date", "agent", "skills", "start", "end", "lunch start", "lunch end"]
    sheets = [
        ("Volumes", [volume_heads] + [[date, at(time), skill, value] for date, time, skill, value in volumes()]),
        ("Roster", [roster_heads] + [[date, name, skills, *map(at, times)] for date, name, skills, *times in roster()]),
    ]
    english = [[str(date), clock(time), skill, repr(value)] for date, time, skill, value in volumes()]
    shifts = [[str(date), name, skills, *map(clock, times)] for date, name, skills, *times in roster()]
    dotted = "%d.%m.%Y"
    volumen = [[date.strftime(dotted), clock(time), skill, german(value)] for date, time, skill, value in volumes()]
    dienste = [[date.strftime(dotted), name, skills, *map(clock, times)] for date, name, skills, *times in roster()]
    files = {
        "volumes.csv": text(volume_heads, english, ",", "utf-8"),
        "roster.csv": text(roster_heads, shifts, ",", "utf-8"),
        "volumen.csv": text(["Datum", "Beginn", "Warteschlange", "Kontakte"], volumen, ";", "cp1252"),
        "dienste.csv": text(
            ["Datum", "Mitarbeiter", "Kenntnisse", "von", "bis", "Mittagspause", "Mittagspause Ende"], dienste, ";", "cp1252"
        ),
        "plan.xlsx": xlsx(sheets),
        "plan.ods": ods(sheets),
        "plan.xls": xls(sheets),
    }
    for name, content in files.items():
        with open(f"{folder}/{name}", "wb") as out:
            out.write(content)


main(sys.argv[1] if len(sys.argv) > 1 else ".")
