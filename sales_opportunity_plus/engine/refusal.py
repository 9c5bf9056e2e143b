"""Why one item of a call is not taken."""


class Refusal(Exception):
    """One item is refused; its neighbours are not.

    ``code`` is for programs, ``reason`` for people: it says what to do about it and
    nothing of how this side works.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
