"""The student's own error in plain Korean: each kind that beginners meet names its cause and a way out."""

import linecache
import re

import pytest

from lab_utils.explain import explain, safe_text

SETUP = """
import math
import numpy as np
import pandas as pd
from scipy import sparse
counts = np.arange(12.0).reshape(3, 4)
table = pd.DataFrame({"word": ["가", "나"], "n": [1, 2]})
matrix = sparse.csr_array(np.eye(3))
def nothing(x):
    x + 1
def two(a, b):
    return a
class Word:
    colour = 1
"""

# (what the student wrote, words that the explanation must hold)
CASES = [
    ("cuonts + 1", "혹시 `counts` 아닌가요?"),
    ("plt.plot([1])", "from matplotlib import pyplot as plt"),
    ("nothing(1)[0]", "return을 빠뜨리지"), ("nothing(1) + 1", "return을 빠뜨리지"), ("1 * nothing(1)", "return을 빠뜨리지"),
    ("for x in nothing(1): pass", "return을 빠뜨리지"), ("a, b = nothing(1)", "return을 빠뜨리지"), ("len(nothing(1))", "return을 빠뜨리지"),
    ("nothing(1).shape", "return을 빠뜨리지"), ("nothing(1)()", "return을 빠뜨리지"),
    ("two(1)", "`two`"), ("two(1, 2, 3)", "3개"), ("two(1, 2, c=3)", "`c`"),
    ("counts(0)", "대괄호"), ("x = 3\nx(4)", "함수가 아닌데"), ("x = 3\nx[0]", "대괄호"), ("for i in 5: pass", "range"),
    ("(1, 2)[0] = 3", "바꿀 수 없습니다"), ("1 + 'a'", "같은 종류로"), ("'a' + 1", "str(...)"), ("range(2.5)", "//"), ("x = [1, 2]\nx[1.0]", "정수"),
    ("x = [1, 2]\nx['a']", "정수"), ("{[1]: 2}", "tuple"), ("{'a': 1, (1, [2]): 3}", "tuple"), ("len(matrix)", "shape[0]"), ("len(3)", "len()"),
    ("math.sqrt(counts)", "np의 함수"), ("1 < 'a'", "비교할 수 없습니다"),
    ("raise TypeError(\"'coo_matrix' object is not subscriptable\")", ".tocsr()"),
    ("counts + np.ones(3)", "모양"), ("counts @ counts", "모양"), ("np.dot(counts, counts)", "모양"), ("matrix @ counts.T", "모양"),
    ("np.vstack([counts, np.ones((1, 3))])", "모양"),
    ("if counts > 1: pass", ".any()"), ("if table.n > 1: pass", ".any()"), ("bool(matrix)", ".nnz"), ("float('삼')", "삼"), ("int('3.5')", "3.5"),
    ("counts.reshape(5, 2)", "12"), ("np.array([[1, 2], [3]])", "길이"), ("a, b, c = 1, 2", "3개인데 값은 2개"), ("a, b = 1, 2, 3", "값이 이름보다"),
    ("np.array([]).max()", "비어"), ("max([])", "비어"), ("math.log(0)", "log(0)"), ("[1].index(2)", "들어 있지"),
    ("np.linalg.inv(np.zeros((2, 2)))", "역행렬"), ("counts[5]", "길이는 3"), ("counts[0, 0, 0]", "2차원"), ("counts[0.5]", "정수"),
    ("counts[np.array([True, False])]", "길이"), ("[1][3]", "0부터"), ("{'a': 1}['b']", ".get"), ("table['wrod']", "wrod"),
    ("1 / 0", "0으로 나누"), ("math.exp(1000)", "log"), ("def f(): return f()\nf()", "끝없이"), ("raise MemoryError", ".toarray()"),
    ("b'\\xb0\\xa1'.decode('utf-8')", "cp949"), ("'가'.encode('ascii')", "utf-8"), ("open('no-such-file.txt')", "no-such-file.txt"),
    ("next(iter([]))", "더 꺼낼"), ("exit_now = 1\nraise SystemExit", "return"), ("def f():\n    n += 1\nn = 1\nf()", "`n`"),
    ("import no_such_package", "%pip install no_such_package"), ("from math import sqrtt", "`sqrt`"), ("np.lgo(1)", "`.lgo`"),
    ("np.zeross(3)", "`zeros`"), ("Word().color", "`colour`"), ("[1].appendd(2)", "`append`"), ("'a'.foo_bar", "`.foo_bar`"),
    ("assert 1 == 2", "거짓"), ("assert False, '까닭'", "까닭"), ("matrix + 1", "라이브러리"), ("raise NotImplementedError", "지우고 답을"),
    ("d = {1: 2}\nfor k in d: d[k + 1] = 3", "복사"), ("if True\n    x = 1", "콜론"), ("def f():\nx = 1", "들여쓰지"), ("  x = 1", "들여쓰기"),
    ("print((1)", "괄호"), ("print(1))", "괄호"), ("x = 'a", "따옴표"), ("if x = 1: pass", "=="), ("return 3", "함수 밖"), ("x = “a”", "따옴표"),
    ("f(1 2)", "쉼표"), ("x = = 1", "문법"), ("raise RuntimeError('낯선 말')", "낯선 말"),
    ("class Strange(Exception): pass\nraise Strange('x')", "Strange"),
]  # fmt: skip


@pytest.fixture(scope="module")
def namespace():
    space = {"__name__": "__main__"}
    exec(SETUP, space)
    return space


def error_of(source, namespace):
    name = "<ipython-input-explain>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    with pytest.raises(BaseException) as caught:  # noqa: B017, PT011
        exec(compile(source, name, "exec"), dict(namespace))
    return caught.value


@pytest.mark.parametrize("source, expected", CASES, ids=[source for source, _ in CASES])
def test_explanation_names_cause_and_way_out(source, expected, namespace):
    text = explain(error_of(source, namespace))
    assert expected in text
    first = text.splitlines()[0]
    assert re.search(r"(니다|세요|가요\?|보세요)", first) and first.rstrip().endswith((".", "?", ")")), first
    assert len(text.splitlines()) <= 4 and "{" not in first.replace("{값}", "").replace("{...", "")


def test_line_of_the_student(namespace):
    text = explain(error_of("x = 1\n\ny = np.linalg.inv(\n    np.zeros((2, 2)))\n", namespace))
    assert re.search(r"여러분의 코드 [34]번째 줄: `", text)  # the innermost line of the cell, not of NumPy
    assert "여러분의 코드 2번째 줄: `x = = 3`" in explain(error_of("y = 1\nx = = 3", namespace))


class Odd:
    def __str__(self):
        raise SystemExit("no")

    __repr__ = __str__

    def __dir__(self):
        raise RecursionError


class OddText(str):
    def __str__(self):
        return self

    def __getitem__(self, key):
        raise RuntimeError

    __len__ = __format__ = encode = __getitem__


class Silent(Exception):
    def __str__(self):
        raise SystemExit

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise RuntimeError

    args = name = obj = filename = property(__str__)


class MetaLiar(type):
    @property
    def __name__(cls):
        raise RuntimeError

    @property
    def __mro__(cls):
        raise RuntimeError


class NoName(Exception, metaclass=MetaLiar):
    pass


@pytest.mark.parametrize("error", [
    Silent(), NoName("x"), NameError(Odd(), name=Odd()), AttributeError(Odd(), name=Odd(), obj=Odd()), AttributeError("x", name="y", obj=Odd()),
    KeyError(Odd()), ImportError(Odd(), name=Odd()), OSError(2, Odd(), Odd()), FileNotFoundError(2, "x", Odd()), ValueError(OddText("x")),
    SyntaxError("invalid", (Odd(), Odd(), Odd(), Odd())), AssertionError(Odd()), ValueError("\ud800" * 10**6), ValueError("{0} {x} {"),
    TypeError("'{0}' object is not callable"), ExceptionGroup("x", [ValueError()]), ValueError(""), Exception(), BaseException(),
], ids=lambda error: type(error).__qualname__ if isinstance(error, Exception) else "error")  # fmt: skip
def test_hostile_exceptions_give_a_text(error):
    text = explain(error)
    assert isinstance(text, str) and text and len(text) < 1500
    text.encode("utf-8")


def test_safe_text_is_exact_and_short():
    assert type(safe_text(OddText("가"))) is str and safe_text(OddText("가")) == "가"
    assert safe_text("x" * 500, 10) == "x" * 10 + "…" and safe_text(Odd()).startswith("(")
