"""Hide the answers of a lesson's quizzes in the student edition."""

import ast
import io
import tokenize

from lab_utils.exercises import seal


def seal_quizzes(source: str) -> str:
    """Replace ``answer=`` and ``why=`` of every ``quiz(...)`` call by ``mine=None`` and ``sealed="…"``.

    Parameters
    ----------
    source : str
        Source of one code cell.

    Returns
    -------
    str
        The source with the same layout; unchanged where it holds no quiz with an answer.

    Raises
    ------
    ValueError
        If a quiz cannot be sealed for certain: arguments that are no literals, a missing answer, ``**arguments``, a ``mine=``
        of its own, a comment beside the call (it could tell the answer), or a cell that is not plain Python.
    """
    if "quiz(" not in source:
        return source
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if _is_quiz(node)]
    except SyntaxError as error:
        raise ValueError(f"퀴즈가 있는 셀을 파이썬으로 읽지 못했습니다({error}). %로 시작하는 줄은 다른 셀로 옮기세요.") from None
    comments = {token.start[0] for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type == tokenize.COMMENT}
    edits = []
    for call in calls:
        arguments = {keyword.arg: keyword for keyword in call.keywords}
        if "sealed" in arguments and not {"answer", "why"} & set(arguments):
            continue
        where = f"{call.lineno}번째 줄의 quiz(...)"
        if None in arguments:
            raise ValueError(f"{where}: **로 넘긴 인자는 봉인할 수 없습니다. 인자를 하나씩 적으세요.")
        if "answer" not in arguments:
            raise ValueError(f"{where}: answer=가 없습니다.")
        if {"mine", "sealed"} & set(arguments):
            raise ValueError(f"{where}: mine=과 sealed=는 빌드가 넣습니다. 원본에는 answer=와 why=만 적으세요.")
        if comments & set(range(call.lineno, call.end_lineno + 1)):
            raise ValueError(f"{where}: 곁의 주석이 답을 드러낼 수 있습니다. 주석을 지우거나 다른 줄로 옮기세요.")
        quiz_id = _literal(call.args[0] if call.args else getattr(arguments.get("quiz_id"), "value", None), where, "id")
        values = {name: _literal(arguments[name].value, where, name) for name in ("answer", "why", "choices", "digits") if name in arguments}
        token = seal(quiz_id, values.pop("answer"), values.pop("why", ""), **values)
        if "why" in arguments:
            edits += [(arguments["answer"], "mine=None"), (arguments["why"], f'sealed="{token}"')]
        else:
            edits.append((arguments["answer"], f'mine=None, sealed="{token}"'))
    return _replace(source, edits)


def _is_quiz(node) -> bool:
    return isinstance(node, ast.Call) and "quiz" in (getattr(node.func, "id", None), getattr(node.func, "attr", None))


def _literal(node, where: str, name: str):
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise ValueError(f"{where}: {name}에는 계산식이 아니라 값을 그대로 적어야 봉인할 수 있습니다.") from None


def _replace(source: str, edits) -> str:
    # Positions in the syntax tree count the UTF-8 bytes of a line.
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    data = b"".join(lines)
    spans = [(starts[n.lineno - 1] + n.col_offset, starts[n.end_lineno - 1] + n.end_col_offset, text) for n, text in edits]
    for start, end, text in sorted(spans, reverse=True):
        data = data[:start] + text.encode() + data[end:]
    return data.decode()
