"""Finding the plan's facts for a question: language, passages, lexical and dense indexes, and their fusion."""
