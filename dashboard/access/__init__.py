"""Who may do what: accounts, roles, sessions and tickets, and the sign-in page."""
