"""The assistant: it detects the language, gathers evidence, lets Rasa decide, and composes a cited answer."""
