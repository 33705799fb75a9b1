"""Text messages: how they are written, counted, cut, and answered."""
