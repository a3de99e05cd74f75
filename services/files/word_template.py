"""Makes a Word template from a plain list of its parts, as a center finds it before it puts one of its own in place."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

FONT, LATIN_FONT = "仿宋", "Times New Roman"
"""Those of official documents; where they are missing a program takes others."""
WIDTH, LABEL_WIDTH = 15.8, 5.6
"""Of a table, and of its labels, in centimetres."""
_CELL_MARGIN = 60
"""Above and below the words of a cell, in twentieths of a point."""


class Facts(NamedTuple):
    """A table of two columns: what it is, and the name of the field."""

    rows: Sequence[tuple[str, str]]


class Text(NamedTuple):
    """A heading, and a field of several lines."""

    heading: str
    field: str


class Listing(NamedTuple):
    """A heading, and a table with a row for each of a field: the heads of the columns, their fields, and how wide each
    is beside the others.
    """

    heading: str
    field: str
    columns: Sequence[tuple[str, str, int]]


class Closing(NamedTuple):
    """A line at the right, of a label and a field."""

    label: str
    field: str


Part = Facts | Text | Listing | Closing


def make_template(title: str, subtitle_field: str, parts: Sequence[Part]) -> bytes:
    """The template as a file (docx)."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.line_spacing, style.paragraph_format.space_after = 1.2, Pt(4)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.6)
        section.top_margin = section.bottom_margin = Cm(2.0)
        _number_pages(section.footer.paragraphs[0])
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
            table = _table(document, len(rows), (LABEL_WIDTH, WIDTH - LABEL_WIDTH))
            for row, (label, field) in zip(table.rows, rows, strict=True):
                row.cells[0].text, row.cells[1].text = label, f"{{{{ {field} }}}}"
            _set_widths(table, (LABEL_WIDTH, WIDTH - LABEL_WIDTH))
        case Text(heading, field):
            _add_heading(document, heading)
            document.add_paragraph(f"{{{{ {field} }}}}").paragraph_format.keep_with_next = True
        case Listing(heading, field, columns):
            _add_heading(document, heading)
            whole = sum(weight for _label, _name, weight in columns)
            widths = [WIDTH * weight / whole for _label, _name, weight in columns]
            table = _table(document, 4, widths)
            for place, (label, name, _weight) in enumerate(columns):
                table.rows[0].cells[place].paragraphs[0].add_run(label).bold = True
                table.rows[2].cells[place].text = f"{{{{ each.{name} }}}}"
            table.rows[1].cells[0].text = f"{{%tr for each in {field} %}}"
            table.rows[3].cells[0].text = "{%tr endfor %}"
            _set_widths(table, widths)
            table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # on each page anew
        case Closing(label, field):
            line = document.add_paragraph(f"{label}{{{{ {field} }}}}")
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.space_before = Pt(24)


def _add_heading(document: DocumentObject, heading: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(heading).bold = True


def _table(document: DocumentObject, rows: int, widths: Sequence[float]) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths), style="Table Grid")
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(_CELL_MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    return table


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    """Some programs go by the columns, others by the cells."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].paragraph_format.line_spacing = 1.0


def _number_pages(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")
