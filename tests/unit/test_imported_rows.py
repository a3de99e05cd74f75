"""What is personal in a row of an old ledger is hidden, whatever of the applicant the ledger says."""

from datetime import date

import pytest

from schemas.requests.imports import ImportedRow
from services.intake.actions.imports import masked

DAY = date(2024, 3, 5)


@pytest.mark.parametrize("phone", [None, "", "无", "-", "13812348000", "138 1234 8000", "5012", "000"])
@pytest.mark.parametrize("name", [None, " ", "张建国"])
def test_a_row_is_masked_with_and_without_a_name_and_a_phone(name: str | None, phone: str | None) -> None:
    text = f"{name or ''}电话{phone or ''}，另有13900001234。"
    row = masked(ImportedRow(registered_on=DAY, title=text, text=text, answer=text, applicant=name, phone=phone))
    said = str(row)
    assert "13900001234" not in said
    assert "13812348000" not in said
    assert "张建国" not in said
