"""
Excel workbooks whose days are cells of dates.
"""

from datetime import datetime

import xlsxwriter


def write_workbook(file, *rows):
    """
    Write a workbook of one sheet to a path or a file; days are shown as in Germany.
    """
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        as_day = book.add_format({"num_format": "dd.mm.yyyy"})
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(place, column, cell, as_day)
                else:
                    sheet.write(place, column, cell)
