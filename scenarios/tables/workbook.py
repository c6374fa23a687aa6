"""Workbooks as archives of the least XML that XLSX allows, the same bytes every time."""

import datetime
import io
import zipfile

EPOCH = datetime.date(1899, 12, 30)


class Clock:
    def __init__(self, minutes):
        self.minutes = minutes


def archive(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts:
            out.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def xlsx(sheets):
    parts = []
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.worksheet+xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts.append(("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/'
        '2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override '
        'PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
        f"{kinds}</Types>"))
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts.append(("_rels/.rels", f'<?xml version="1.0"?><Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>'))
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, (name, _) in enumerate(sheets, 1)
    )
    parts.append(("xl/workbook.xml", f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{rel}"><sheets>{names}</sheets></workbook>'))
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{rel}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="rIdS" Type="{rel}/styles" Target="styles.xml"/>'
    parts.append(("xl/_rels/workbook.xml.rels", f'<?xml version="1.0"?><Relationships xmlns="{package}">{links}</Relationships>'))
    parts.append(("xl/styles.xml", f'<?xml version="1.0"?><styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills '
        'count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs '
        'count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="20" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>"))
    for number, (_, rows) in enumerate(sheets, 1):
        body = ""
        for row_number, row in enumerate(rows, 1):
            cells = ""
            for column, cell in enumerate(row):
                place = f"{chr(65 + column)}{row_number}"
                if cell is None:
                    continue
                if isinstance(cell, str):
                    cells += f'<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>'
                elif isinstance(cell, datetime.date):
                    cells += f'<c r="{place}" s="1"><v>{(cell - EPOCH).days}</v></c>'
                elif isinstance(cell, Clock):
                    cells += f'<c r="{place}" s="2"><v>{cell.minutes / 1440!r}</v></c>'
                else:
                    cells += f'<c r="{place}"><v>{cell!r}</v></c>'
            body += f'<row r="{row_number}">{cells}</row>'
        parts.append((f"xl/worksheets/sheet{number}.xml", f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'))
    return archive(parts)
