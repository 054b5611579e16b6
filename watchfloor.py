"""The front door: one command, each subcommand a call into a room."""
