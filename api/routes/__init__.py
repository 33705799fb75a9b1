"""The HTTP contract, one module per resource."""
