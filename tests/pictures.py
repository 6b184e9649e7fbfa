"""Small pictures of each kind that may be uploaded, as encoders write them."""

import struct
import zlib


def png(width=2, height=2):
    """Return a picture as an encoder writes it."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width, height):
    head = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    return head + b"\xff\xff\xc2" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)


def webp(width, height):
    def riff(body):
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body

    lossy = riff(b"VP8 " + bytes(7) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height))
    lossless = riff(b"VP8L" + bytes(4) + b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14))
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return [lossy, lossless, riff(b"VP8X" + bytes(8) + sides)]
