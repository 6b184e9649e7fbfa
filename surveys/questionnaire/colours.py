"""A survey's colour, and a colour of text that is readable on it. Pure."""

WHITE, BLACK = "#ffffff", "#111111"
READABLE = 4.5  # WCAG AA


def shades(colour: str) -> dict[str, str]:
    """Return `colour` and `ink`, the text on it: white, or black where white could not be read."""
    return {"colour": colour, "ink": WHITE if contrast(colour, WHITE) >= READABLE else BLACK}


def contrast(colour: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it: 1 to 21."""
    bright, dark = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
