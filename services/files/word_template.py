"""Makes a Word template from a plain list of its parts, as a center finds it before it puts one of its own in place."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

FONT = "仿宋"
"""That of official documents; where it is missing a program takes another."""


class Facts(NamedTuple):
    """A table of two columns: what it is, and the name of the field."""

    rows: Sequence[tuple[str, str]]


class Text(NamedTuple):
    """A heading, and a field of several lines."""

    heading: str
    field: str


class Listing(NamedTuple):
    """A heading, and a table with a row for each of a field: the heads of the columns, and their fields."""

    heading: str
    field: str
    columns: Sequence[tuple[str, str]]


class Closing(NamedTuple):
    """A line at the right, of a label and a field."""

    label: str
    field: str


Part = Facts | Text | Listing | Closing


def make_template(title: str, subtitle_field: str, parts: Sequence[Part]) -> bytes:
    """The template as a file (docx)."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.6)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(20)
    below = document.add_paragraph(f"{{{{ {subtitle_field} }}}}")
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in parts:
        _add(document, part)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _add(document: DocumentObject, part: Part) -> None:
    match part:
        case Facts(rows):
            table = document.add_table(rows=0, cols=2, style="Table Grid")
            table.autofit = False
            table.columns[0].width, table.columns[1].width = Cm(4.4), Cm(11.4)
            for label, field in rows:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = label, f"{{{{ {field} }}}}"
                cells[0].width, cells[1].width = Cm(4.4), Cm(11.4)
        case Text(heading, field):
            _add_heading(document, heading)
            document.add_paragraph(f"{{{{ {field} }}}}")
        case Listing(heading, field, columns):
            _add_heading(document, heading)
            table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
            for place, (label, name) in enumerate(columns):
                table.rows[0].cells[place].paragraphs[0].add_run(label).bold = True
                table.rows[2].cells[place].text = f"{{{{ each.{name} }}}}"
            table.rows[1].cells[0].text = f"{{%tr for each in {field} %}}"
            table.rows[3].cells[0].text = "{%tr endfor %}"
        case Closing(label, field):
            line = document.add_paragraph(f"{label}{{{{ {field} }}}}")
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_heading(document: DocumentObject, heading: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(4)
    paragraph.add_run(heading).bold = True
