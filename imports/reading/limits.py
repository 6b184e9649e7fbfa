"""How much a file may hold. Anything beyond is refused with these numbers, before it costs memory."""

MOST_BYTES = 50_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
LONGEST_CELL = 32 * 1024
LONGEST_LINE = 1_000_000  # characters
MOST_SHEET_CELLS = 5_000_000  # of the rectangle that holds them all, empty ones included
MOST_TEXT = 200_000_000  # characters of a sheet: four times the largest file of text
MOST_HELD = 32_000_000  # bytes, roughly, of the rows that are worked on together
MEMORY = 1_500_000_000  # bytes a process may take to read a workbook; the largest that is allowed takes 0.9 billion
SECONDS = 60  # of processor time, and of our waiting for it; the largest takes ten
TURN = 10  # seconds to wait while another workbook is read: whoever waits holds a thread that pages need
LONGEST_OUTPUT = 7 * LONGEST_LINE  # bytes of a row as JSON, in which a character takes six at most
BLOCK = 256 * 1024  # bytes a file is kept and read by
