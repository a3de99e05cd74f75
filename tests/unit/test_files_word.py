"""Templates of Word: what stands in a field stays a text, and a template that would do harm is refused."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest

from services.desk.actions.documents import our_template
from services.desk.rules.documents import DOCUMENTS, fields_of, sample_of
from services.desk.wording import LANGUAGES
from services.files.word_process import TemplateRefused, filled, look_into
from services.files.word_template import Facts, Listing, Part, Text, make_template

HOSTILE = "<w:p/>&amp;{{7*7}}{% raw %}=1+1\n第二行\x07"
DDE = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>D</w:instrText></w:r>'
    "<w:r><w:instrText>DEAUTO c</w:instrText></w:r>"
)
EXTERNAL = (
    '<Relationship Id="x9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
    ' Target="http://x/y" TargetMode="External"/></Relationships>'
)
DOCUMENT, TYPES, RELATIONS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"


def template(*texts: str) -> bytes:
    """A template with these paragraphs."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with a part that is another; one that is not there is added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == part else old.read(each))
        if part not in old.namelist():
            new.writestr(part, change(b""))
    return made.getvalue()


def words_of(content: bytes) -> str:
    """All that stands in a document."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_our_templates_name_every_field_and_none_besides(document: str, language: str) -> None:
    unknown: list[str] = []
    content = our_template(document, language)
    filled(content, sample_of(document), unknown)
    assert unknown == []
    made = words_of(content)
    for field, columns in fields_of(document).items():
        assert f"{{{{ {field} }}}}" in made or f"for each in {field} " in made
        assert all(f"{{{{ each.{column} }}}}" in made for column in columns)


def test_what_somebody_wrote_stays_a_text() -> None:
    parts: list[Part] = [Facts([("事项", "title")]), Text("诉求", "text"), Listing("清单", "rows", [("名", "name", 1)])]
    content = make_template("督办单", "number", parts)
    values = {"title": HOSTILE, "text": HOSTILE, "number": HOSTILE, "rows": [{"name": HOSTILE}, {"name": "乙"}]}
    made = words_of(filled(content, values))
    assert made.count("{{7*7}}{% raw %}=1+1\n第二行") == 4
    assert made.count("<w:p/>&amp;") == 4


@pytest.mark.parametrize(
    "code",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ title.__init__.__globals__ }}",
        "{{ title.upper() }}",
        "{{ cycler.__init__ }}{{ cycler() }}",
        "{{ range(9) }}",
        "{{ '%s'.format(title) }}",
        "{% import 'os' as os %}",
        "{% include '/etc/passwd' %}",
        "{% for a in title %}",
        "{{ 'x' * 10 ** 12 }}",
    ],
)
def test_a_template_that_tries_to_run_code_is_refused(code: str) -> None:
    unknown: list[str] = []
    try:
        made = filled(template(code), {"title": "题"}, unknown)
    except TemplateRefused:
        return
    assert unknown, words_of(made)
    assert "class" not in words_of(made)


def test_unknown_fields_are_named() -> None:
    unknown: list[str] = []
    filled(
        template("{{ titel }} {{ title }}", "{% for each in rows %}{{ each.nam }}{% endfor %}"),
        {"title": "题", "rows": [{"name": "甲"}]},
        unknown,
    )
    assert unknown == ["titel", "nam"]


def with_part(name: str, content: bytes) -> bytes:
    """A template with a part that no plain document has."""
    return changed(template("x"), name, lambda _old: content)


def replaced(name: str, old: str, new: str) -> bytes:
    """A template with something else in a part."""
    return changed(template("x"), name, lambda content: content.replace(old.encode(), new.encode(), 1))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"no archive", "unreadable"),
        (b"", "unreadable"),
        (bytes(5 << 20), "too_large"),
        (with_part("word/media/a.png", bytes(40 << 20)), "too_large"),
        (with_part("word/vbaProject.bin", b"x"), "program"),
        (with_part("word/embeddings/a.xlsx", b"x"), "program"),
        (with_part("../../x.xml", b"x"), "unreadable"),
        (replaced(TYPES, "document.main", "document.macroEnabled.main"), "program"),
        (replaced(RELATIONS, "</Relationships>", EXTERNAL), "external"),
        (replaced(DOCUMENT, "<w:p>", f"<w:p>{DDE}"), "program"),
        (replaced(DOCUMENT, "?>", "?><!DOCTYPE x [<!ENTITY a 'b'>]>"), "unreadable"),
    ],
    ids=["no archive", "nothing", "large", "bomb", "macro", "embedded", "path", "macros", "external", "dde", "doctype"],
)
def test_what_is_no_plain_document_is_refused(content: bytes, fault: str) -> None:
    with pytest.raises(TemplateRefused) as refused:
        look_into(content)
    assert str(refused.value) == fault


def test_what_is_missing_from_an_archive_is_no_document() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(TemplateRefused):
        look_into(made.getvalue())


def test_every_value_of_a_sample_is_filled_in() -> None:
    values: dict[str, Any] = sample_of("bulletin")
    made = words_of(filled(our_template("bulletin", "zh"), values))
    assert "{{" not in made
    assert "{%" not in made
