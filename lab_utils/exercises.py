"""Predictions, exercises and quizzes of the lessons: they print, they remember, and they never stop *Run All*.

Everything here needs the standard library only. With ``LAB_STRICT=1`` in the environment (read once, at import) whatever
is not passed raises an ``AssertionError`` instead of only being printed: CI runs the solved edition that way.
"""

import base64
import functools
import hashlib
import math
import os
import re
import sys
from decimal import ROUND_HALF_EVEN, Decimal

from .explain import deepest_frame, explain, is_own_code, safe_text, source_line

STRICT = os.environ.get("LAB_STRICT", "") == "1"
NOT_STARTED, WRONG, PASSED = "⏳", "✗", "✓"

EXERCISES: dict[str, tuple[str, float]] = {}  # exercise id → (state, points)
QUIZZES: dict[str, str] = {}  # quiz id → state
PREDICTIONS: dict[str, dict] = {}  # prediction id → {"choices": [text], "mine": value or None, "right": bool or None}


def _say(text: str) -> None:
    # Not print(): an answer may have replaced it, as it may have replaced or closed stdout. A console that lacks a
    # character (cp949) shows "?" in its place.
    try:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: S110  there is nowhere left to say it
        pass


def _indent(text: str) -> str:
    return "\n".join("   " + line for line in text.splitlines())


def _never_raises(function):
    """Turn any exception of ``function`` into a printed line; in strict mode raise for it, or for what it returns."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            failure = function(*args, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            cause = safe_text(error) if isinstance(error, ValueError) else explain(error)
            failure = f"⚠ {function.__name__}(...)에 적은 값을 확인해 주세요.\n{_indent(cause)}"
            _say(failure)
        if STRICT and failure:
            raise AssertionError(failure)

    return wrapper


# ── exercises ────────────────────────────────────────────────────────────────────────────────────────────────────────


class check:
    """Check an answer: ``with check("02-ppmi", points=3, hint="…"): assert ppmi(tiny)[0, 1] == …``.

    Prints ⏳ (stub still there, or the name not defined yet), ✗ (with the failed line or the student's own error in plain
    Korean, and the hint) or ✓. Only ``KeyboardInterrupt`` leaves the block; in strict mode ⏳ and ✗ raise.

    Parameters
    ----------
    exercise_id : str
        The ``grade_id`` of the answer cell.
    points : float
        The ``points`` of the test cell's nbgrader metadata (the build compares the two).
    hint : str
        One sentence, shown with ✗.

    Raises
    ------
    AssertionError
        In strict mode only, with the printed message.
    """

    def __init__(self, exercise_id: str, *, points: float = 1, hint: str = ""):
        self.exercise_id, self.points, self.hint = safe_text(exercise_id), points, safe_text(hint)

    def __enter__(self):
        self._body = sys._getframe(1).f_code
        return self

    def __exit__(self, kind, error, trace) -> bool:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            return False
        try:
            state, text = _judge(error, self._body)
        except KeyboardInterrupt:
            raise
        except BaseException:
            state, text = WRONG, "오류가 났지만 그 내용을 읽지 못했습니다. 답 셀을 한 줄씩 나누어 실행해 보세요."
        EXERCISES[self.exercise_id] = (state, self.points)
        message = f"{state} {self.exercise_id} ({self.points}점): {text}"
        if state == WRONG and self.hint:
            message += f"\n   힌트: {self.hint}"
        _say(message)
        if STRICT and state != PASSED:
            raise AssertionError(message) from None
        return True


def _judge(error, body) -> tuple[str, str]:
    """State and text for what the body of a check raised (None: nothing). ``body`` is the code object around it."""
    if error is None:
        return PASSED, "통과했습니다."
    if is_stub(error):
        return NOT_STARTED, "아직 시작하지 않았습니다. 답 셀의 raise NotImplementedError 줄을 지우고 답을 써 보세요."
    frame, line = deepest_frame(error, lambda frame: is_own_code(frame.f_code.co_filename))
    in_body = frame is None or _belongs_to(frame.f_code, body)
    if in_body and isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return NOT_STARTED, f"아직 정의되지 않은 이름입니다: `{safe_text(error.name)}`. 위의 답 셀을 먼저 실행하세요."
    if in_body and isinstance(error, AssertionError):
        said = safe_text(error, 600).strip()
        return WRONG, "아직 맞지 않습니다.\n" + _indent(said or f"확인한 것: `{_statement(frame, line)}`")
    return WRONG, "실행하다가 멈췄습니다.\n" + _indent(explain(error, check_code=body))


def _statement(frame, line: int) -> str:
    """The whole ``assert`` of which ``line`` is a part, on one line."""
    import ast
    import linecache

    lines = linecache.getlines(frame.f_code.co_filename)
    try:
        nodes = [node for node in ast.walk(ast.parse("".join(lines))) if isinstance(node, ast.Assert) and node.lineno <= line <= node.end_lineno]
    except SyntaxError:  # a cell with % or !
        nodes = []
    if not nodes:
        return source_line(frame, line)
    return " ".join(text.strip() for text in lines[nodes[-1].lineno - 1 : nodes[-1].end_lineno])


def _belongs_to(code, body) -> bool:
    # A generator expression or lambda inside the check has its own code object in the same cell.
    return code is body or (code.co_filename == body.co_filename and code.co_name in ("<genexpr>", "<listcomp>", "<lambda>"))


def is_stub(error) -> bool:
    """True if ``error`` comes from an untouched stub, not from a library that lacks something (scipy, torch do that)."""
    if not isinstance(error, NotImplementedError):
        return False
    frame, line = deepest_frame(error)
    if frame is None:
        return True
    text = source_line(frame, line)
    return is_own_code(frame.f_code.co_filename) and (not text or "NotImplementedError" in text)


# ── predictions ──────────────────────────────────────────────────────────────────────────────────────────────────────


@_never_raises
def predict(prediction_id: str, question: str = "", choices=None, mine=None) -> None:
    """Record what the student expects before the experiment: ``predict("02-rank", "…?", choices=["가", "나"], mine=None)``.

    Parameters
    ----------
    prediction_id : str
        ASCII, unique; ``compare`` uses it.
    question : str
        Printed; may be empty where the cell above asks.
    choices : sequence of str, optional
        Printed with numbers from 1. Without choices ``mine`` is a free number or text.
    mine : int, str, float, optional
        The student's prediction: the number (or the text) of a choice, or a free value. None: not yet.
    """
    texts = [safe_text(choice) for choice in choices] if choices is not None else []
    _say(f"🔮 예측 {safe_text(prediction_id)}{_question(question)}")
    _list(texts)
    entry = PREDICTIONS[safe_text(prediction_id)] = {"choices": texts, "mine": None, "right": None}
    if mine is None:
        _say(f"   → 아직 예측하지 않았습니다: mine=에 {'번호를' if texts else '값을'} 적어 보세요.")
        return
    value = _choice(mine, texts) if texts else mine
    if value is None:
        _say(f"   → mine={_brief(mine)}: 고를 수 있는 것은 1부터 {len(texts)}까지의 번호입니다. 번호를 다시 적어 보세요.")
        return
    entry["mine"] = value
    _say(f"   → 여러분의 예측: {_show(value, texts)} (기록했습니다)")


@_never_raises
def compare(prediction_id: str, actual) -> None:
    """Print the student's prediction beside the measured result; works without a prediction, too.

    Parameters
    ----------
    prediction_id : str
    actual : int, str, float
        With choices: the number or the text of the right one. Without: the measured value (numbers show the difference).
    """
    entry = PREDICTIONS.setdefault(safe_text(prediction_id), {"choices": [], "mine": None, "right": None})
    texts, mine = entry["choices"], entry["mine"]
    measured = (_choice(actual, texts) or actual) if texts else actual
    _say(f"🔍 예측과 결과 {safe_text(prediction_id)}")
    _say(f"   예측: {_show(mine, texts) if mine is not None else '(아직 없습니다. 다음에는 먼저 예측해 보세요)'}")
    _say(f"   결과: {_show(measured, texts)}")
    if mine is None:
        return
    entry["right"], verdict = _verdict(mine, measured, texts)
    _say(f"   → {verdict}")


def _verdict(mine, measured, texts) -> tuple[bool, str]:
    expected, got = _number(mine), _number(measured)
    if texts or expected is None or got is None:
        if (mine == measured) if texts else safe_text(mine).strip().casefold() == safe_text(measured).strip().casefold():
            return True, "맞았습니다."
        return False, "달랐습니다: 무엇이 예상과 달랐는지 아래 설명을 읽기 전에 한 번 생각해 보세요."
    if math.isclose(expected, got, rel_tol=1e-9, abs_tol=1e-12):
        return True, "맞았습니다."
    gap = expected - got
    share = f" (결과의 {abs(gap / got):.0%})" if got and math.isfinite(gap / got) else ""
    return False, f"달랐습니다: 예측이 결과보다 {_figure(abs(gap))} {'큽니다' if gap > 0 else '작습니다'}{share}."


# ── quizzes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@_never_raises
def quiz(quiz_id: str, question: str, *, choices=None, unit: str = "", digits: int | None = None, mine=None,
         sealed: str | None = None, answer=None, why: str = ""):  # fmt: skip
    """Ask one question and check the student's ``mine`` at once.

    In the lesson source the author writes ``answer=`` and ``why=`` (shown as solved); ``instructor.seal`` turns them into
    ``mine=None, sealed="…"`` for the student edition, where a right ``mine`` opens the explanation.

    Parameters
    ----------
    quiz_id : str
        ASCII, unique.
    question : str
    choices : sequence of str, optional
        Then the answer is a number from 1. Without choices the answer is a number.
    unit : str
        Shown after a numeric answer and ignored when the student types it.
    digits : int, optional
        Decimals to which a numeric answer is rounded; one unit more or less in the last digit is accepted. None: exact.
    mine : int, float, str, optional
        The student's answer.
    sealed : str, optional
        What ``seal`` returned.
    answer, why
        The right answer and its explanation (lesson source only).

    Raises
    ------
    AssertionError
        In strict mode only: unless the question is answered rightly.
    """
    name, texts = safe_text(quiz_id), [safe_text(choice) for choice in choices] if choices is not None else []
    if answer is not None:
        sealed, mine = seal(name, answer, why, choices=texts or None, digits=digits), answer if mine is None else mine
    if not isinstance(sealed, str):
        raise ValueError("quiz에 sealed= 또는 answer= 가 필요합니다. 이 셀을 원래대로 되돌려 주세요.")
    _say(f"❓ 퀴즈 {name}{_question(question)}")
    _list(texts)
    state, text = _answered(name, mine, sealed, texts, safe_text(unit), digits)
    QUIZZES[name] = state
    _say(f"   {state} {text}")
    return None if state == PASSED else f"{state} {name}: {text}"


def _answered(name, mine, sealed, texts, unit, digits) -> tuple[str, str]:
    asked = f"1부터 {len(texts)}까지의 번호" if texts else "수"
    if mine is None:
        return NOT_STARTED, f"mine=에 {asked}를 적어 보세요."
    if texts:
        candidates = [_choice(mine, texts)]
    else:
        typed = mine.strip().removesuffix(unit).strip() if isinstance(mine, str) else mine
        candidates = _keys(typed, digits, (0, -1, 1) if digits is not None else (0,))
    if candidates[0] is None:
        return WRONG, f"mine={_brief(mine)}: 읽을 수 없는 답입니다. {asked}를 적어 주세요."
    for candidate in candidates:
        opened = _unseal(name, str(candidate), sealed)
        if opened is not None:
            right, _, why = opened.partition("\n")
            shown = f"{right}. {texts[int(right) - 1]}" if texts else right + (f" {unit}" if unit else "")
            return PASSED, f"정답입니다: {shown}" + (f"\n{_indent(why)}" if why else "")
    return WRONG, f"mine={_brief(mine)}: 다시 생각해 보세요."


def seal(quiz_id: str, answer, why: str = "", *, choices=None, digits: int | None = None) -> str:
    """Hide an answer and its explanation behind the answer itself: who answers rightly can read them, others cannot.

    This keeps a student from *seeing* the solution, not from trying all choices; nothing is graded with it.
    The key is sha256 of quiz id and answer, the key stream sha256 of key and counter.

    Parameters
    ----------
    quiz_id : str
    answer : int or float
        Number of the right choice from 1, or the right value.
    why : str
    choices : sequence, optional
    digits : int, optional
        As in ``quiz``.

    Returns
    -------
    str
        ASCII (base64), the same for the same arguments on every machine.

    Raises
    ------
    ValueError
        If the answer is no choice, or is not a whole number though ``digits`` is not given.
    """
    if choices is not None:
        key = _choice(answer, [safe_text(choice) for choice in choices])
        shown = str(key)
    else:
        key = _keys(answer, digits, (0,))[0]
        shown = f"{answer:.{max(digits or 0, 0)}f}" if isinstance(answer, (int, float)) else str(answer)
    if key is None:
        raise ValueError(f"퀴즈 {quiz_id}의 answer={answer!r}: 보기의 번호이거나 수여야 합니다(정수가 아니면 digits=를 적으세요).")
    plain = f"{shown}\n{why}".encode()
    secret = _secret(quiz_id, str(key))
    return base64.b64encode(hashlib.sha256(b"check" + secret).digest()[:6] + _stream(plain, secret)).decode("ascii")


def _unseal(quiz_id: str, key: str, sealed: str) -> str | None:
    try:
        raw, secret = base64.b64decode(sealed, validate=True), _secret(quiz_id, key)
    except ValueError:
        raise ValueError("sealed= 의 글자가 바뀌었습니다. 이 셀을 원래대로 되돌려 주세요.") from None
    if raw[:6] != hashlib.sha256(b"check" + secret).digest()[:6]:
        return None
    return _stream(raw[6:], secret).decode()


def _secret(quiz_id: str, key: str) -> bytes:
    return hashlib.sha256(f"{quiz_id}\0{key}".encode()).digest()


def _stream(data: bytes, secret: bytes) -> bytes:
    blocks = (hashlib.sha256(secret + i.to_bytes(4, "big")).digest() for i in range(len(data) // 32 + 1))
    return bytes(a ^ b for a, b in zip(data, b"".join(blocks), strict=False))


# ── reading what was typed, showing what was read ────────────────────────────────────────────────────────────────────


def _number(value) -> float | None:
    """A finite number from int, float, NumPy scalar or text like "3.5" and "20,000"; None for anything else."""
    if isinstance(value, str):
        value = value.strip().replace("−", "-")
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", value):
            value = value.replace(",", "")
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return None
    try:
        number = float(value)
    except KeyboardInterrupt:
        raise
    except BaseException:  # not only ValueError and its like: whatever an object does in __float__
        return None
    return number if math.isfinite(number) else None


def _choice(value, texts) -> int | None:
    """The number of a choice from its number or its text."""
    if isinstance(value, str) and value.strip() in texts:
        return texts.index(value.strip()) + 1
    number = _number(value)
    if number is not None and number == int(number) and 1 <= number <= len(texts):
        return int(number)
    text = safe_text(value).strip()
    return texts.index(text) + 1 if text in texts else None


def _keys(value, digits, offsets) -> list:
    """The value in whole units of its last digit, and that shifted by ``offsets``; ``[None]`` if it is no number."""
    number = _number(value)
    if number is None or (digits is None and number != int(number)):
        return [None]
    units = int(Decimal(repr(number)).scaleb(digits or 0).to_integral_value(rounding=ROUND_HALF_EVEN))
    return [units + offset for offset in offsets]


def _brief(value) -> str:
    return repr(safe_text(value, 40)) if isinstance(value, str) else safe_text(value, 40)


def _figure(number: float) -> str:
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    return f"{number:,.0f}" if 1e4 <= abs(number) < 1e15 else f"{number:.4g}"


def _show(value, texts) -> str:
    if texts and isinstance(value, int) and 1 <= value <= len(texts):
        return f"{value}. {texts[value - 1]}"
    number = None if isinstance(value, str) else _number(value)
    return safe_text(value) if number is None else _figure(number)


def _question(question) -> str:
    text = safe_text(question, 1000).strip()
    return f": {text}" if text else ""


def _list(texts) -> None:
    for number, text in enumerate(texts, 1):
        _say(f"   {number}. {text}")


# ── the end of a lesson ──────────────────────────────────────────────────────────────────────────────────────────────


@_never_raises
def summary() -> None:
    """Print what was passed, answered and predicted so far in this session."""
    _say("── 여기까지의 기록 " + "─" * 40)
    width = max(map(len, [*EXERCISES, *QUIZZES, "-" * 12]))
    labels = {NOT_STARTED: "⏳ 남아 있습니다", WRONG: "✗ 거의 다 왔습니다", PASSED: "✓ 통과"}
    for name, (state, points) in EXERCISES.items():
        _say(f"연습  {name:<{width}}  {points if state == PASSED else 0} / {points}점  {labels[state]}")
    for name, state in QUIZZES.items():
        _say(f"퀴즈  {name:<{width}}  {state}")
    if PREDICTIONS:
        made = [entry for entry in PREDICTIONS.values() if entry["mine"] is not None]
        right = sum(entry["right"] is True for entry in made)
        _say(f"예측  {len(PREDICTIONS)}개 가운데 {len(made)}개를 기록했고, 그중 {right}개가 맞았습니다.")
    earned = sum(points for state, points in EXERCISES.values() if state == PASSED)
    total = sum(points for _, points in EXERCISES.values())
    _say(f"합계  {earned} / {total}점")
    if total and earned == total:
        _say("모두 통과했습니다. 수고하셨습니다!")
    elif earned:
        _say("잘하고 있습니다. 남은 것은 힌트를 열어 보고 한 문제씩 이어 가세요.")
    else:
        _say("하나씩 시작해 보세요. 몇 번이든 다시 풀 수 있고, 풀 때마다 이 셀을 다시 실행하면 기록이 바뀝니다.")
