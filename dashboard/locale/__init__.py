"""The words of the screens in other languages: one catalogue each (`fr.po`, `pl.po`, `uk.po`).

The English stands in `dashboard/views/words.py` and is the template. `python -m dashboard.locale` brings the
catalogues up to date with it.
"""
