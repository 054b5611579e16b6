"""What an operator does: an act that was asked for, and what is known, to the events that it makes."""
