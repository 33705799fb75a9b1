"""One module for each schema revision, numbered in order."""
