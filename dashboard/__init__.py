"""Everything between a stream and a person: the picture, the gateway, the Dash app."""
