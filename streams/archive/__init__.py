"""The archive: what the streams held, for ever, in verified segments; and both read as one."""
