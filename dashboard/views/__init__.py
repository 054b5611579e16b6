"""What the screens are made of: their layouts, their map and their words; no data of the night."""
