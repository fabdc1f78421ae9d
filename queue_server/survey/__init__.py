"""The satisfaction survey (SKM, PermenPANRB 14/2017): questions, ballots, index, report.

Pure: `elements` (what is asked), `index` (the arithmetic), `sample` (how many to ask), `sheet`
(answers in a CSV or XLSX), `periods`, `clocks` (of complaints), `report` (what is published) and
its files `csv_file`, `xlsx_file`, `pdf_file`. With a disk: `ballots` (today's box and who has
answered), `archive` (answers, remarks, published periods), `room` (both, as surfaces see them).
"""
