"""Files as people and attackers make them."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "{}</Types>"
)
_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{}.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv_file(header, *rows, separator=","):
    lines = [header, *(row if isinstance(row, str) else separator.join(map(str, row)) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def workbook(rows, corner="", raw=""):
    """Return an XLSX file of one sheet; `corner` adds a cell there, `raw` adds XML below the rows."""
    return _archive({"One": _sheet(rows, corner, raw)})


def sheets(rows_by_name):
    """Return an XLSX file of several sheets."""
    return _archive({name: _sheet(rows) for name, rows in rows_by_name.items()})


def _sheet(rows, corner="", raw=""):
    body = "".join(f'<row r="{i}">{_cells(i, row)}</row>' for i, row in enumerate(rows, 1))
    if corner:
        body += f'<row r="{corner.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{corner}"><v>1</v></c></row>'
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}{raw}</sheetData></worksheet>'.encode()


def bomb(size, says=None):
    """Return a workbook whose sheet unpacks to `size` bytes; its directory says `says`."""
    body = _archive({"One": b" " * size})
    if says is not None:
        body = body.replace(struct.pack("<L", size), struct.pack("<L", says))
    return body


def _archive(sheets):
    out, numbers = io.BytesIO(), range(1, len(sheets) + 1)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.format("".join(map(_SHEET_TYPE.format, numbers))))
        office = f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", _RELATIONS.format(office))
        each = (
            f'<Relationship Id="r{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        archive.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format("".join(each)))
        named = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{named}</sheets></workbook>',
        )
        for n, sheet in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", sheet)
    return out.getvalue()


def _cells(number, row):
    return "".join(_cell(f"{chr(65 + i)}{number}", value) for i, value in enumerate(row))


def _cell(place, value):
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'
