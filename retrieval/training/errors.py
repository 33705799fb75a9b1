"""The one error that the training steps raise for what their caller can mend."""


class TrainingError(Exception):
    """A folder, file or setting is not what a step needs; the message is one sentence for the user."""
