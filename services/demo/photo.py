"""The photo that a citizen of the story sends: a paper with lines of writing and a red stamp, on a table. Invented."""

from io import BytesIO

from PIL import Image, ImageDraw

_TABLE, _PAPER, _INK, _STAMP = (150, 126, 102), (250, 248, 242), (70, 74, 82), (192, 44, 40)
_WIDTH, _HEIGHT = 600, 800


def photo_of_a_paper() -> bytes:
    """A PNG, the same bytes every time."""
    photo = Image.new("RGB", (_WIDTH, _HEIGHT), _TABLE)
    draw = ImageDraw.Draw(photo)
    draw.polygon([(58, 44), (556, 60), (544, 762), (42, 744)], fill=_PAPER)
    draw.line([(210, 130), (390, 134)], fill=_INK, width=14)
    for nth in range(12):
        draw.line([(110, 210 + 36 * nth), (490 - 70 * (nth % 3), 214 + 36 * nth)], fill=_INK, width=5)
    draw.ellipse([(350, 560), (480, 690)], outline=_STAMP, width=8)
    draw.regular_polygon((415, 625, 28), 5, fill=_STAMP)
    written = BytesIO()
    photo.save(written, format="PNG", optimize=True)
    return written.getvalue()
