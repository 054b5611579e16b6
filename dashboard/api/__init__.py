"""The picture for other programs: over HTTP and on the command line, as JSON of a published shape."""
