"""What the front door does itself: start everything, keep it running, and say what is wrong."""
