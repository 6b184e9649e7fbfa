"""How much a file may hold. Anything beyond is refused with these numbers, before it costs memory."""

MOST_BYTES = 50_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
LONGEST_CELL = 32 * 1024
LONGEST_LINE = 1_000_000  # characters
MOST_UNPACKED = 400_000_000  # bytes of all parts of a workbook
MOST_SHEET_CELLS = 5_000_000  # a sheet is read into memory whole, empty cells included
BLOCK = 256 * 1024  # bytes a file is kept and read by
