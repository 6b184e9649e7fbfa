"""Files made to harm whoever reads them: a name → what makes the bytes. Nothing here is random but by a fixed seed."""

import base64
import gzip
import io
import random
import struct
import zipfile
import zlib

from tests.imports.files import archive, parts, sheet, workbook

ROWS = [["Company id", "Name"], ["acme", "Acme"]]
GOOD = workbook(ROWS)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
CENTRAL_MAGIC = b"PK\x01\x02"


def book(body=None, **replaced):
    """Return a workbook of one sheet, of this XML, with some of PARTS replaced."""
    everything = parts({"One": sheet(ROWS) if body is None else body})
    for name, content in replaced.items():
        everything[PARTS[name]] = content
    return archive(everything)


PARTS = {
    "strings": "xl/sharedStrings.xml",
    "relations": "xl/_rels/workbook.xml.rels",
    "workbook": "xl/workbook.xml",
    "types": "[Content_Types].xml",
}


def rows(raw):
    return sheet(ROWS, raw=raw)


def near(cell):
    """Return a sheet with one cell more, written so."""
    return book(rows(f"<row>{cell}</row>"))


def strings(xml):
    return f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{xml}</sst>'


def of_string(xml, before=""):
    """Return a workbook whose second row names a shared string, of this XML."""
    body = rows('<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3"/></row>')
    return book(body, strings=f"{before}{strings(xml)}")


def relation(target, mode=""):
    return parts({"One": b""})["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets/sheet1.xml"', f'Target="{target}" {mode}'
    )


def with_directory(change, body=GOOD):
    """Return the archive with each entry of its directory changed: `change` takes and returns a list of its numbers."""
    out, at = bytearray(body), body.find(CENTRAL_MAGIC)
    while at >= 0:
        fields = list(_CENTRAL.unpack_from(body, at))
        _CENTRAL.pack_into(out, at, *change(fields))
        at = body.find(CENTRAL_MAGIC, at + 4)
    return bytes(out)


def at(place, value):
    def change(fields):
        fields[place] = value
        return fields

    return change


# Places in an entry of the directory: magic, versions (4 bytes), flags, method, time, date, CRC, packed, size, ...
FLAGS, METHOD, CRC, PACKED, SIZE, OFFSET = 5, 6, 9, 10, 11, 18


def elsewhere():
    contents = parts({"One": rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')})
    contents["xl/elsewhere/s.xml"] = contents.pop("xl/worksheets/sheet1.xml")
    contents["xl/_rels/workbook.xml.rels"] = relation("elsewhere/s.xml")
    return archive(contents)


def with_entry(name, content=b"x", mode=0):
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as packed:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        packed.writestr(entry, content)
    return out.getvalue()


def many_entries(number):
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as packed:
        for i in range(number):
            packed.writestr(f"xl/media/{i}", b"")
    return out.getvalue()


def overlapping(number=2_000):
    """Return an archive in which every entry is the same megabytes: its directory names one place again and again."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = sheet(ROWS) + b" " * 4_000_000
    data = packed.compress(plain) + packed.flush()
    crc, name = zlib.crc32(plain), b"xl/worksheets/sheet1.xml"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(data), len(plain), len(name), 0)
    body = local + name + data
    directory = b""
    for i in range(number):
        entry = name if i == 0 else b"xl/worksheets/x%d.xml" % i
        directory += _CENTRAL.pack(
            CENTRAL_MAGIC, 20, 0, 20, 0, 0, 8, 0, 33, crc, len(data), len(plain), len(entry), 0, 0, 0, 0, 0, 0
        )
        directory += entry
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number, number, len(directory), len(body), 0)
    return body + directory + end


def zip64():
    """Return an archive whose directory says that all sizes and places stand in 64-bit fields, and they are huge."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in parts({"One": sheet(ROWS)}).items():
            entry = zipfile.ZipInfo(name)
            entry.extra = struct.pack("<2H3Q", 1, 24, 2**63 - 1, 2**63 - 1, 2**62)
            packed.writestr(entry, content)

    def change(fields):
        fields[PACKED] = fields[SIZE] = fields[OFFSET] = 2**32 - 1
        return fields

    return with_directory(change, out.getvalue())


def open_document(repeated):
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="One"><table:table-row table:number-rows-repeated="{repeated}">'
        f'<table:table-cell table:number-columns-repeated="{repeated}"'
        ' office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return archive({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def laughs():
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE sst [<!ENTITY l0 "ha">{levels}]>'


def noise(length, seed):
    return random.Random(seed).randbytes(length)


def one_text_everywhere():
    """Return a small file whose sheet reads out to gigabytes: a long text, named by every cell."""
    row = "".join(f'<c r="{chr(65 + i)}{{0}}" t="s"><v>0</v></c>' for i in range(20))
    body = "".join(f'<row r="{i}">{row.format(i)}</row>' for i in range(3, 2_000))
    return book(rows(body), strings=strings(f"<si><t>{'x' * 30_000}</t></si>"))


WORKBOOKS = {
    # The three that killed a web server, and their kin
    "spaces round the equals sign": lambda: near('<c  r = "XFD1048576" ><v>1</v></c>'),
    "lower case place": lambda: near('<c r="xfd1048576"><v>1</v></c>'),
    "sheet stored elsewhere": elsewhere,
    "cell in the far corner": lambda: workbook(ROWS, corner="XFD1048576"),
    "cell halfway to the corner": lambda: workbook(ROWS, corner="XFD900"),
    "cell beyond the corner": lambda: near('<c r="ZZZZZZZ99999999999"><v>1</v></c>'),
    "row beyond the last": lambda: book(rows('<row r="4294967295"><c><v>1</v></c></row>')),
    "row before the first": lambda: book(rows('<row r="-1"><c r="A-1"><v>1</v></c></row>')),
    "row nought": lambda: book(rows('<row r="0"><c r="A0"><v>1</v></c></row>')),
    "place without a number": lambda: near('<c r="XFD"><v>1</v></c>'),
    "dimension of billions": lambda: book(
        rows("").replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    ),
    "dimension turned round": lambda: book(rows("").replace(b"<sheetData>", b'<dimension ref="XFD9:A1"/><sheetData>')),
    # Size
    "bomb of spaces": lambda: book(sheet(ROWS) + b" " * 300_000_000),
    "bomb in a cell": lambda: near(f'<c r="A3" t="inlineStr"><is><t>{"x" * 200_000_000}</t></is></c>'),
    "bomb of empty rows": lambda: book(rows("<row/>" * 10_000_000)),
    "bomb that says it is small": lambda: with_directory(at(SIZE, 100), book(sheet(ROWS) + b" " * 100_000_000)),
    "two gigabytes by its directory": lambda: with_directory(at(SIZE, 2**31 - 1)),
    "64-bit sizes": zip64,
    "entries that overlap": overlapping,
    "many entries": lambda: many_entries(20_000),
    "a million shared strings": lambda: book(strings=strings("<si><t>a</t></si>" * 1_000_000)),
    "shared strings that say they are billions": lambda: book(
        strings=strings("<si><t>a</t></si>").replace(">", ' count="4000000000" uniqueCount="4000000000">', 1)
    ),
    "one long text in every cell": one_text_everywhere,
    "row of more than a line may have": lambda: near(f'<c t="inlineStr"><is><t>{"x" * 30_000}</t></is></c>' * 40),
    "cell that is too long": lambda: near(f'<c t="inlineStr"><is><t>{"x" * 40_000}</t></is></c>'),
    "row of many cells": lambda: near("<c><v>1</v></c>" * 16_384),
    "many sheets": lambda: archive(parts({f"S{i}": sheet(ROWS) for i in range(3_000)})),
    # XML
    "a billion laughs": lambda: of_string("<si><t>&l9;</t></si>", before=laughs()),
    "external entity": lambda: of_string(
        "<si><t>&x;</t></si>", before='<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "external document type": lambda: of_string(
        "<si><t>a</t></si>", before='<!DOCTYPE sst SYSTEM "http://192.0.2.1/a.dtd">'
    ),
    "deep elements": lambda: book(rows("<a>" * 1_000_000)),
    "deep texts": lambda: of_string(f"<si>{'<r><t>' * 300_000}</si>"),
    "huge attribute": lambda: near(f'<c r="A3" s="{"9" * 20_000_000}"><v>1</v></c>'),
    "a million attributes": lambda: near("<c " + " ".join(f"a{i}='b'" for i in range(300_000)) + "><v>1</v></c>"),
    "NUL bytes": lambda: book(sheet(ROWS).replace(b"Acme", b"A\0me")),
    "NUL in a name": lambda: book(workbook=parts({"One": b""})["xl/workbook.xml"].replace("One", "O&#0;ne")),
    "no UTF-8": lambda: book(sheet(ROWS).replace(b"Acme", b"A\xff\xfe\xc3me")),
    "UTF-16": lambda: book(('<?xml version="1.0" encoding="UTF-16"?>' + sheet(ROWS).decode()).encode("utf-16")),
    "XML cut off": lambda: book(sheet(ROWS)[:150]),
    "no XML": lambda: book(noise(5_000, 1)),
    "number of no string": lambda: near('<c r="A3" t="s"><v>99999999999999999999</v></c>'),
    "string that is not there": lambda: near('<c r="A3" t="s"><v>4000000000</v></c>'),
    "numbers beyond numbers": lambda: near("<c><v>1e999</v></c><c><v>nan</v></c>"),
    "number of many digits": lambda: near(f"<c><v>{'9' * 1_000_000}</v></c>"),
    # Parts
    "wrong types of contents": lambda: book(types="<Types/>"),
    "relation to nowhere": lambda: book(relations=relation("worksheets/none.xml")),
    "relation out of the archive": lambda: book(relations=relation("../../../../../etc/passwd")),
    "relation to another machine": lambda: book(relations=relation("http://192.0.2.1/s.xml", 'TargetMode="External"')),
    "relation to itself": lambda: book(relations=relation("workbook.xml")),
    "relations in a circle": lambda: book(relations=relation("_rels/workbook.xml.rels")),
    "no sheets": lambda: book(workbook=parts({})["xl/workbook.xml"]),
    "sheet of an endless name": lambda: archive(parts({"N" * 1_000_000: sheet(ROWS)})),
    # Archives
    "cut off": lambda: GOOD[: len(GOOD) // 2],
    "end cut off": lambda: GOOD[:-10],
    "wrong CRC": lambda: with_directory(at(CRC, 1)),
    "encrypted": lambda: with_directory(at(FLAGS, 1)),
    "method nobody knows": lambda: with_directory(at(METHOD, 99)),
    "places beyond its end": lambda: with_directory(at(OFFSET, 2**32 - 2)),
    "empty archive": lambda: archive({}),
    "archive in an archive": lambda: archive({"book.xlsx": GOOD, "again.zip": archive({"book.xlsx": GOOD})}),
    "archive in gzip": lambda: gzip.compress(GOOD, mtime=0),
    "archive of CSV": lambda: archive({"customers.csv": b"id,name\na,b\n"}),
    "names that climb": lambda: with_entry("../../../../../../tmp/climbed"),
    "absolute name": lambda: with_entry("/tmp/climbed"),
    "symbolic link": lambda: with_entry("xl/worksheets/sheet9.xml", b"/etc/passwd", mode=0o120777),
    "noise with an archive's beginning": lambda: b"PK\x03\x04" + noise(100_000, 2),
    "noise before an archive": lambda: noise(1_000, 3) + GOOD,
    # Other formats
    "old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(5_000, 4),
    "binary workbook": lambda: archive({**parts({"One": b""}), "xl/workbook.bin": noise(5_000, 5)}),
    "open document that repeats": lambda: open_document(2_000_000_000),
    "open document that repeats less": lambda: open_document(5_000),
}

_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TEXTS = {
    "one line": lambda: b"id,name\n" + b"x" * 20_000_000,
    "one row of quoted lines": lambda: b"id,name\n" + b'"a\n1",' * 3_000_000,
    "row of a million cells": lambda: b"id,name\n" + b"," * 900_000 + b"\na,b\n",
    "header of a million cells": lambda: b"," * 900_000 + b"\na,b\n",
    "long first lines": lambda: b"id,name\n" + (b"ab," * 300_000 + b"\n") * 20,
    "quote that never closes": lambda: b'id,name\n"' + b"x" * 5_000_000,
    "half a UTF-16": lambda: "id,name\na,b\n".encode("utf-16") + b"\x00",
    "UTF-16 of noise": lambda: b"\xff\xfe" + noise(50_001, 6),
    "UTF-32 of noise": lambda: b"\xff\xfe\x00\x00" + noise(50_000, 7),
    "UTF-8 of noise": lambda: b"\xef\xbb\xbf" + noise(50_000, 8),
    "lone surrogates": lambda: b"\xff\xfe" + "id,name\na,\ud800\n".encode("utf-16-le", "surrogatepass"),
    "NULs": lambda: b"id,name\n\0\0,\0\n",
    "only NULs": lambda: b"\0" * 100_000,
    "picture": lambda: base64.b64decode(_PNG),
    "CSV in gzip": lambda: gzip.compress(b"id,name\na,b\n", mtime=0),
}

FILES = {**WORKBOOKS, **TEXTS}
