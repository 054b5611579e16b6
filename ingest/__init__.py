"""Everything between the world and a stream: transports, decoders, the report reader, supervision."""
