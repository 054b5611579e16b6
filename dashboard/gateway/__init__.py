"""The gateway: the picture to every browser, over WebSocket."""
