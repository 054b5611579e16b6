"""The report reader: a text in, readings with character spans out."""
