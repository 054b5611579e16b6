"""The Dash app: it lays out the page; live data comes through the gateway."""
