"""What operators do on the screens, handed on to the intake's door; and what waits for them."""
