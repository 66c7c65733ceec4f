from .constants import ANSWER


def answer() -> int:
    from . import constants

    assert constants.ANSWER is ANSWER
    return ANSWER
