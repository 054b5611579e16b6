"""History from tables: read once by hand, published like anything else, and never twice."""
