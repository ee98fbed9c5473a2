"""What the spreadsheets of this world would calculate of a table."""

import csv
from io import StringIO

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def formulas(table: str) -> list[str]:
    """Cells that a reader takes for a formula, who parts them at commas, semicolons or tabs, and knows quotation marks or not."""
    found = [cell for row in csv.reader(StringIO(table, newline="")) for cell in row if cell.lstrip(' "').startswith(FORMULA)]
    for separator in ";\t":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            rows = csv.reader(StringIO(table, newline=""), delimiter=separator, quoting=quoting)
            found += [cell for row in rows for cell in row if cell.lstrip(' "').startswith(FORMULA)]
    return found
