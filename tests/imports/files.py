"""Files as people and attackers make them."""

import io
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
    return archive(parts({"One": sheet(rows, corner, raw)}))


def sheets(rows_by_name):
    """Return an XLSX file of several sheets."""
    return archive(parts({name: sheet(rows) for name, rows in rows_by_name.items()}))


def sheet(rows, corner="", raw=""):
    body = "".join(f'<row r="{i}">{_cells(i, row)}</row>' for i, row in enumerate(rows, 1))
    if corner:
        body += f'<row r="{corner.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{corner}"><v>1</v></c></row>'
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}{raw}</sheetData></worksheet>'.encode()


def archive(contents):
    """Return a zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in contents.items():
            packed.writestr(name, body)
    return out.getvalue()


def parts(sheets):
    """Return the parts of a workbook of these sheets (name → XML), each by its name in the archive."""
    numbers = range(1, len(sheets) + 1)
    office = f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
    each = (f'<Relationship Id="r{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    strings = f'<Relationship Id="s" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
    named = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    return {
        "[Content_Types].xml": _TYPES.format("".join(map(_SHEET_TYPE.format, numbers))),
        "_rels/.rels": _RELATIONS.format(office),
        "xl/_rels/workbook.xml.rels": _RELATIONS.format("".join(each) + strings),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{named}</sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"></sst>',
        **{f"xl/worksheets/sheet{n}.xml": body for n, body in enumerate(sheets.values(), 1)},
    }


def _cells(number, row):
    return "".join(_cell(f"{chr(65 + i)}{number}", value) for i, value in enumerate(row))


def _cell(place, value):
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'
