"""Syllables with and without a final, compound letters, and characters that are no syllables."""

NAMES = ("letters",)


def inputs(rng):
    drawn = [chr(0xAC00 + int(number)) for number in rng.integers(0, 11172, 40)]
    return [{"character": character} for character in [*drawn, "가", "힣", "뷁", "ㅋ", "ㅏ", "a", "1", "龍"]]


def call(namespace, case):
    return list(namespace["letters"](case["character"]))
