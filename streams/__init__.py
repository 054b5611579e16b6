"""The contract: event types and codec, stream names, publish-once, read-from-position."""
