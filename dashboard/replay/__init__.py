"""The replay: the picture again, of any instant past, as it was known then or as it is known now."""
