"""Take-away: what a person carries off from a night: a page, slides, a document, tables, the night report."""
