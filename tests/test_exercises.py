"""Predictions, checks and quizzes: three states, and nothing a student types stops Run All."""

import builtins
import io
import linecache
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instructor.seal import seal_quizzes
from lab_utils import exercises
from lab_utils.exercises import check, compare, predict, quiz, seal, summary

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def fresh_record(monkeypatch):
    monkeypatch.setattr(exercises, "STRICT", False)
    for record in (exercises.EXERCISES, exercises.QUIZZES, exercises.PREDICTIONS):
        record.clear()


class Hostile:
    """Every way of looking at it raises."""

    def _no(self, *args):
        raise SystemExit("no")

    def __repr__(self):
        raise RuntimeError("no")

    __str__ = __eq__ = __bool__ = __float__ = __int__ = __index__ = __len__ = __iter__ = __hash__ = _no
    __format__ = __lt__ = __gt__ = __sub__ = __add__ = __contains__ = __getitem__ = _no


class HostileError(Exception):
    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __str__

    @property
    def args(self):
        raise SystemExit


def stub(counts):
    raise NotImplementedError("여기에 답을 쓰세요")


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_stub_is_not_started(capsys):
    with check("02-ppmi", points=3, hint="힌트입니다"):
        assert stub(1) == 1
    assert exercises.EXERCISES == {"02-ppmi": ("⏳", 3)}
    out = capsys.readouterr().out
    assert out.startswith("⏳ 02-ppmi (3점)") and "힌트입니다" not in out


def test_missing_name_is_not_started(capsys):
    with check("a"):
        assert all(never_defined(x) for x in [1])  # noqa: F821
    assert exercises.EXERCISES["a"][0] == "⏳"
    assert "`never_defined`" in capsys.readouterr().out


def test_typo_inside_the_answer_is_wrong_not_unstarted(capsys):
    def answer(counts):
        return cuonts + 1  # noqa: F821

    with check("a"):
        assert answer(1) == 2
    out = capsys.readouterr().out
    assert out.startswith("✗") and "`counts`" in out and "return cuonts + 1" in out


def run_cell(source, namespace):
    """Run source as IPython does: known to linecache under a name of its own."""
    name = f"<ipython-input-{len(linecache.cache)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)


def test_wrong_shows_line_and_hint(capsys):
    run_cell('with check("a", hint="분모를 보세요"):\n    assert abs(-1) == 2\n', {"check": check})
    assert capsys.readouterr().out.splitlines() == [
        "✗ a (1점): 아직 맞지 않습니다.", "   확인한 것: `assert abs(-1) == 2`", "   힌트: 분모를 보세요"]  # fmt: skip


def test_wrong_shows_the_whole_assert(capsys):
    for first, shown in (("x = 1", "assert (abs(-1) == 2)"), ("%time", "assert (abs(-1)")):
        name = f"<ipython-input-{first}>"
        source = f'{first}\nwith check("a"):\n    assert (abs(-1)\n            == 2)\n'
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source.replace("%time", "0"), name, "exec"), {"check": check})
        out = capsys.readouterr().out
        assert shown in out


def test_error_shows_the_line_of_the_answer_or_of_the_check(capsys):
    namespace = {"check": check}
    run_cell("def answer(x):\n    y = x + '1'\n    return y\n\ndef nothing(x):\n    x + 1\n", namespace)
    run_cell('with check("a"):\n    assert answer(1) == 2\n', namespace)
    assert "여러분의 코드 2번째 줄: `y = x + '1'`" in capsys.readouterr().out
    run_cell('with check("a"):\n    assert nothing(1)[0] == 2\n', namespace)
    out = capsys.readouterr().out
    assert "검사하던 줄: `assert nothing(1)[0] == 2`" in out and "return을 빠뜨리지" in out and "여러분의 코드" not in out
    run_cell("def answer(x):\n    assert x == 2\n", namespace)
    run_cell('with check("a"):\n    assert answer(1) is None\n', namespace)
    assert "여러분의 코드 2번째 줄: `assert x == 2`" in capsys.readouterr().out


def test_wrong_shows_message_of_the_assert(capsys):
    with check("a"):
        assert False, "평균은 합을 개수로 나눈 것입니다."  # noqa: B011
    assert "   평균은 합을 개수로 나눈 것입니다." in capsys.readouterr().out


def test_passed(capsys):
    with check("a", points=2, hint="힌트"):
        assert True
    assert exercises.EXERCISES == {"a": ("✓", 2)}
    assert capsys.readouterr().out == "✓ a (2점): 통과했습니다.\n"


def test_not_implemented_by_a_library_is_wrong(capsys):
    np = pytest.importorskip("numpy")
    from scipy import sparse

    def answer(counts):
        return counts + 1  # scipy: NotImplementedError

    with check("a"):
        answer(sparse.csr_array(np.eye(2)))
    assert exercises.EXERCISES["a"][0] == "✗"
    assert "라이브러리" in capsys.readouterr().out


def recurse(n=0):
    return recurse(n + 1) + 1


def _raise(error):
    raise error


@pytest.mark.parametrize("answer", [
    lambda: sys.exit(3), lambda: exit(), recurse, lambda: _raise(HostileError()), lambda: _raise(HostileError),
    lambda: _raise(MemoryError()), lambda: _raise(GeneratorExit()), lambda: _raise(BaseException("x")), lambda: _raise(StopIteration()),
    lambda: _raise(AssertionError(Hostile())), lambda: _raise(NotImplementedError(Hostile())), lambda: _raise(NameError(Hostile())),
    lambda: _raise(KeyError(Hostile())), lambda: _raise(AttributeError("x", name=Hostile(), obj=Hostile())),
    lambda: _raise(ExceptionGroup("x", [ValueError()])), lambda: _raise(SyntaxError("x", ("f", Hostile(), 1, "y"))),
    lambda: _raise(UnicodeDecodeError("utf-8", b"x", 0, 1, "\ud800")), lambda: eval("1 +"), lambda: Hostile() == 1, lambda: bool(Hostile()),
    lambda: warnings.warn("x", stacklevel=1), lambda: _raise(type("Odd", (Exception,), {"__str__": lambda self: "x" * 10**7})()),
    lambda: _raise(type("Lying", (Exception,), {"__class__": property(lambda self: _raise(SystemExit()))})()),
])  # fmt: skip
def test_no_answer_ends_the_notebook(answer, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with check("a", hint="힌트"):
            assert answer() is NotImplemented
    assert exercises.EXERCISES["a"][0] in "✗⏳"
    out = capsys.readouterr().out
    assert out[0] in "✗⏳" and len(out) < 3000


def test_keyboard_interrupt_passes():
    with pytest.raises(KeyboardInterrupt), check("a"):
        raise KeyboardInterrupt


def test_low_recursion_limit_left_behind(capsys):
    limit = sys.getrecursionlimit()

    def answer():
        sys.setrecursionlimit(len(__import__("inspect").stack()) + 12)
        return recurse()

    try:
        with check("a"):
            answer()
    finally:
        sys.setrecursionlimit(limit)
    assert exercises.EXERCISES["a"][0] == "✗"


def test_patched_print_and_broken_stdout(monkeypatch):
    monkeypatch.setattr(builtins, "print", lambda *a, **k: _raise(SystemExit()))
    for broken in (None, io.TextIOWrapper(io.BytesIO(), encoding="cp949"), Hostile(), open(os.devnull)):
        monkeypatch.setattr(sys, "stdout", broken)
        with check("a"):
            assert False  # noqa: B011
        predict("p", mine=1)
        summary()
    monkeypatch.undo()
    assert exercises.EXERCISES["a"][0] == "✗"


def test_console_without_the_marks_shows_the_hangul(monkeypatch):
    raw = io.BytesIO()
    console = io.TextIOWrapper(raw, encoding="cp949", write_through=True)
    monkeypatch.setattr(sys, "stdout", console)
    with check("a"):
        pass
    monkeypatch.undo()
    assert raw.getvalue().decode("cp949").replace("\r", "") == "? a (1점): 통과했습니다.\n"


def test_checks_in_threads():
    def work(number):
        with check(f"t{number}"):
            assert number % 2 == 0

    threads = [threading.Thread(target=work, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: state for name, (state, _) in exercises.EXERCISES.items()} == {f"t{n}": "✗✓"[n % 2 == 0] for n in range(20)}


STRICT_SCRIPT = """
from lab_utils import check, quiz, predict
def attempt(body):
    try:
        body()
    except AssertionError as error:
        return str(error)[0]
    return "passes"
def checked(value):
    def body():
        with check("a"):
            if value is None:
                raise NotImplementedError("…")
            if value == "exit":
                raise SystemExit
            assert value == 1
    return body
found = [attempt(checked(v)) for v in (None, 2, "exit", 1)]
found += [attempt(lambda: quiz("q", "?", choices=["a", "b"], answer=1, mine=2)), attempt(lambda: quiz("q", "?", choices=["a", "b"], answer=1))]
found += [attempt(lambda: quiz("q", "?", choices=["a", "b"], answer=3)), attempt(lambda: predict("p", mine=None))]
import os
os.environ["LAB_STRICT"] = "1"
print(*found, file=__import__("sys").stderr)
"""


@pytest.mark.parametrize(("strict", "expected"), [("1", "⏳ ✗ ✗ passes ✗ passes ⚠ passes"), ("", " ".join(["passes"] * 8))])
def test_strict_mode_raises_ordinary_exceptions(strict, expected):
    run = subprocess.run([sys.executable, "-c", STRICT_SCRIPT], cwd=ROOT, env={**os.environ, "LAB_STRICT": strict, "PYTHONUTF8": "1"},
                         capture_output=True, encoding="utf-8")  # fmt: skip
    assert run.stderr.strip() == expected


def test_needs_only_the_standard_library_and_is_quick():
    code = (
        "import sys, time; before = set(sys.modules); t = time.process_time(); import lab_utils.exercises; t = time.process_time() - t\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(t, sorted(new - set(sys.stdlib_module_names) - {'lab_utils'}))"
    )
    runs = [subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(maxsplit=1)
            for _ in range(3)]  # fmt: skip
    assert runs[0][1].strip() == "[]"
    assert min(float(seconds) for seconds, _ in runs) < 0.05


# ── predict, compare ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mine, recorded", [
    (None, None), (2, 2), ("2", 2), ("나", 2), (2.0, 2), (" 나 ", 2), (0, None), (4, None), (-1, None), (True, None), ("하", None),
    (2.5, None), (float("nan"), None), ([1], None), (10**400, None), (b"2", 2), (Hostile(), None), ("", None),
])  # fmt: skip
def test_predict_with_choices(mine, recorded, capsys):
    predict("p", "무엇?", choices=["가", "나", "다"], mine=mine)
    assert exercises.PREDICTIONS["p"]["mine"] == recorded
    out = capsys.readouterr().out
    assert "   1. 가\n   2. 나\n   3. 다\n" in out
    if mine is None:
        assert "아직 예측하지 않았습니다: mine=에 번호를 적어 보세요" in out
    elif recorded:
        assert "여러분의 예측: 2. 나" in out
    else:
        assert "번호" in out


def test_compare_with_choices(capsys):
    predict("p", choices=["가", "나"], mine=2)
    for actual, verdict in (("나", "맞았습니다"), (2, "맞았습니다"), ("가", "달랐습니다"), (1, "달랐습니다"), (7, "달랐습니다")):
        compare("p", actual)
        assert verdict in capsys.readouterr().out
        assert exercises.PREDICTIONS["p"]["right"] is (verdict == "맞았습니다")


def test_compare_numbers_shows_the_difference(capsys):
    np = pytest.importorskip("numpy")
    predict("p", mine="120")
    compare("p", np.float32(100))
    assert "예측이 결과보다 20 큽니다 (결과의 20%)" in capsys.readouterr().out
    compare("p", np.int64(120))
    assert "맞았습니다" in capsys.readouterr().out
    compare("p", 0)
    assert "120 큽니다." in capsys.readouterr().out


def test_compare_without_a_prediction(capsys):
    compare("never", 3)
    predict("unset", choices=["가", "나"], mine=None)
    compare("unset", "나")
    out = capsys.readouterr().out
    assert out.count("결과:") == 2 and "2. 나" in out and "⚠" not in out


anything = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.complex_numbers(), st.builds(Hostile),
                     st.lists(st.integers()), st.decimals())  # fmt: skip


@given(mine=anything, actual=anything, choices=st.one_of(st.none(), st.lists(anything, max_size=4), anything))
def test_nothing_typed_raises(mine, actual, choices):
    predict("p", mine, choices=choices, mine=mine)
    compare("p", actual)
    quiz("q", "?", choices=choices, mine=mine, answer=1)
    quiz("q", "?", digits=2, mine=mine, sealed=seal("q", 1.5, "왜", digits=2))
    quiz("q", "?", digits=mine, mine=actual, sealed=mine, unit=actual)
    summary()


def test_wrong_calls_do_not_raise(capsys):
    predict()
    compare("p")
    quiz("q")
    quiz("q", "?")
    quiz("q", "?", sealed="%%%", mine=1)
    predict(Hostile(), Hostile(), choices=Hostile(), mine=Hostile())
    assert capsys.readouterr().out.count("⚠") == 6


# ── quiz ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

CHOICES = ["문서", "낱말", "쌍"]


@pytest.mark.parametrize("mine, state", [
    (None, "⏳"), (3, "✓"), ("3", "✓"), ("쌍", "✓"), (3.0, "✓"), (1, "✗"), (2, "✗"), (4, "✗"), ("x", "✗"), (True, "✗"), (Hostile(), "✗"),
])  # fmt: skip
def test_choice_quiz(mine, state, capsys):
    quiz("q", "N은?", choices=CHOICES, mine=mine, sealed=seal("q", 3, "쌍의 수입니다.", choices=CHOICES))
    out = capsys.readouterr().out
    assert exercises.QUIZZES["q"] == state and f"   {state} " in out
    assert ("쌍의 수입니다." in out) == (state == "✓")


@pytest.mark.parametrize("mine, state", [
    (1.39, "✓"), ("1.39", "✓"), (1.4, "✓"), (1.38, "✓"), (1.386294, "✓"), (1.41, "✗"), (1.37, "✗"), ("1.39 nat", "✓"), ("1,39", "✗"), ("−1.39", "✗"),
    (float("inf"), "✗"), (1.39 + 0j, "✗"), (None, "⏳"), (-1.39, "✗"),
])  # fmt: skip
def test_numeric_quiz(mine, state):
    quiz("q", "PMI는?", digits=2, unit="nat", mine=mine, sealed=seal("q", 1.39, "ln 4", digits=2))
    assert exercises.QUIZZES["q"] == state


@pytest.mark.parametrize("answer, digits, mine, state", [
    (48, None, 48, "✓"), (48, None, 47, "✗"), (48, 0, 47, "✓"), (20000, None, "20,000", "✓"), (712404, -3, 711900, "✓"), (712404, -3, 710000, "✗"),
    (0.005, 2, 0, "✓"), (-0.5, 1, "-0.5", "✓"), (-0.5, 1, "−0.5", "✓"),
])  # fmt: skip
def test_numeric_precision(answer, digits, mine, state):
    quiz("q", "?", digits=digits, mine=mine, sealed=seal("q", answer, digits=digits))
    assert exercises.QUIZZES["q"] == state


def test_author_sees_the_solved_quiz(capsys):
    quiz("q", "N은?", choices=CHOICES, answer=3, why="쌍의 수입니다.")
    assert "✓ 정답입니다: 3. 쌍\n   쌍의 수입니다." in capsys.readouterr().out


def test_seal_hides_and_depends_on_the_quiz():
    import base64

    token = seal("q", 3, "쌍의 수입니다.", choices=CHOICES)
    assert token == seal("q", 3, "쌍의 수입니다.", choices=tuple(CHOICES)) and token.isascii()
    assert token != seal("r", 3, "쌍의 수입니다.", choices=CHOICES)
    assert "쌍".encode() not in base64.b64decode(token)
    assert seal("q", 1, "같은 길이", choices=CHOICES)[:8] != seal("q", 2, "같은 길이", choices=CHOICES)[:8]


@pytest.mark.parametrize("arguments", [
    {"answer": 4, "choices": CHOICES}, {"answer": "x", "choices": CHOICES}, {"answer": 1.5}, {"answer": "x"}, {"answer": True},
    {"answer": float("nan")},
])  # fmt: skip
def test_seal_refuses_what_nobody_could_answer(arguments):
    with pytest.raises(ValueError, match="q"):
        seal("q", **arguments)


# ── sealing the source ───────────────────────────────────────────────────────────────────────────────────────────────

CELL = '''앞 = "한글"; quiz("q1", "한글 질문?", choices=[
    "문서", "낱말", "쌍",
], answer=3,
     why=("분모는 "
          "쌍의 수"))
quiz("q2", f"길이 {앞}?", digits=0, answer=5)   # 다른 줄이 아닌 곳의 주석은 안 됩니다
print("끝")
'''


def test_seal_quizzes_keeps_the_rest(capsys):
    sealed = seal_quizzes(CELL.replace("   # 다른 줄이 아닌 곳의 주석은 안 됩니다", ""))
    q1, q2 = seal("q1", 3, "분모는 쌍의 수", choices=CHOICES), seal("q2", 5, digits=0)
    assert sealed == (
        f'앞 = "한글"; quiz("q1", "한글 질문?", choices=[\n    "문서", "낱말", "쌍",\n], mine=None,\n     sealed="{q1}")\n'
        f'quiz("q2", f"길이 {{앞}}?", digits=0, mine=None, sealed="{q2}")\nprint("끝")\n'
    )
    assert seal_quizzes(sealed) == sealed
    exec(sealed, {"quiz": quiz})
    assert exercises.QUIZZES == {"q1": "⏳", "q2": "⏳"}
    exec(sealed.replace("mine=None", "mine=3", 1).replace("mine=None", "mine='5'"), {"quiz": quiz})
    assert exercises.QUIZZES == {"q1": "✓", "q2": "✓"}
    assert "분모는 쌍의 수" in capsys.readouterr().out


@pytest.mark.parametrize("call", [
    'quiz("q", "?", choices=["a"], answer=1 + 0 * x)', 'quiz("q", "?", answer=ANSWER)', 'quiz("q", "?", answer=1, why=f"{x}")', 'quiz("q", "?")',
    'quiz(name, "?", answer=1)', 'quiz("q", "?", **rest)', 'quiz("q", "?", answer=1, mine=None)', 'quiz("q", "?", answer=1)  # 정답은 1',
    'quiz("q", "?",\n     # 1번\n     answer=1)', '%time quiz("q", "?", answer=1)', 'quiz("q", "?", choices=["a", "b"], answer=3)',
    'lab_utils.quiz("q", "?", answer=x)', 'quiz("q", "?", answer=1.5)', 'quiz("q", "?", sealed="x", answer=1)',
])  # fmt: skip
def test_seal_quizzes_fails_loudly(call):
    with pytest.raises(ValueError, match=r"quiz|퀴즈"):
        seal_quizzes(call)


def test_cells_without_quizzes_stay():
    for cell in ("%matplotlib inline\n!ls", "x = 1  # quiz", ""):
        assert seal_quizzes(cell) is cell


# ── summary ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_summary_counts(capsys):
    summary()
    with check("02-ppmi", points=3):
        pass
    with check("02-smoothing", points=2):
        assert False  # noqa: B011
    predict("p", choices=["가", "나"], mine=1)
    compare("p", 1)
    predict("r", mine=None)
    quiz("02-q", "?", answer=1)
    capsys.readouterr()
    summary()
    out = capsys.readouterr().out
    assert "02-ppmi       3 / 3점  ✓" in out and "02-smoothing  0 / 2점  ✗" in out and "02-q          ✓" in out
    assert "2개 가운데 1개를 기록했고, 그중 1개가 맞았습니다" in out and "합계  3 / 5점" in out
    with check("02-smoothing", points=2):
        pass
    summary()
    assert "합계  5 / 5점\n모두 통과했습니다" in capsys.readouterr().out
