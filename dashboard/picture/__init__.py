"""The air picture: a pure reducer from events to what is on the screens."""
