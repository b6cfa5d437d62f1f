"""What a Python error means, in plain Korean: the cause, what to do, and the student's own line (standard library only)."""

import builtins
import linecache
import os
import re
import sys

# Folders of this package and of the standard library; Windows writes the same path in several ways.
_NOT_THEIRS = tuple(os.path.normcase(os.path.dirname(os.path.abspath(file)) + os.sep) for file in (__file__, os.__file__))

_NONE = ("어떤 값이 None입니다. 함수가 값을 돌려주지 않으면 결과는 None이 됩니다. "
         "함수 끝에 return을 빠뜨리지 않았는지, sort()나 append()처럼 None을 돌려주는 것을 다시 변수에 담지 않았는지 보세요.")  # fmt: skip
_SHAPE = "배열의 모양이 서로 맞지 않습니다: {0}. 두 배열의 .shape를 출력해 보고, 축을 바꾸거나(.T) [:, None]으로 축을 더해 맞추세요."

# (class name, pattern of the message, explanation with the groups of the pattern); the first match counts.
_RULES = [
    ("TypeError", r"'?NoneType'? object|type 'NoneType'|and 'NoneType'|'NoneType' and", _NONE),
    ("AttributeError", r"'NoneType' object", _NONE),
    ("UnboundLocalError", r"variable '(\w+)'",
     "변수 `{0}`의 값을 정하기 전에 썼습니다. 함수 안에서 값을 정하는 줄이 먼저 실행되는지(if나 for에 가려 건너뛰지 않는지) 보세요."),
    # TypeError
    ("TypeError", r"(\w+)\(\) missing \d+ required .*argument\w*: (.+)",
     "함수 `{0}`에 값을 다 넘기지 않았습니다. 빠진 것: {1}. 괄호 안에 그 값을 넣어 주세요."),
    ("TypeError", r"(\w+)\(\) takes .* but (\d+) .*given",
     "함수 `{0}`에 값을 {1}개 넘겼는데 받을 수 있는 개수와 다릅니다. def 줄의 괄호 안과 부르는 쪽을 나란히 비교해 보세요."),
    ("TypeError", r"(\w+)\(\) got an unexpected keyword argument '(\w+)'",
     "`{0}`에는 `{1}`라는 이름의 인자가 없습니다. 인자 이름의 철자를 확인하거나 `help({0})`로 이름을 찾아보세요."),
    ("TypeError", r"'(?:numpy\.)?(ndarray|list|dict|tuple|DataFrame|Series|csr_array|csr_matrix)' object is not callable",
     "{0} 값은 함수가 아니어서 괄호 ( )로 부를 수 없습니다. 원소를 꺼내려면 대괄호 [ ]를 쓰세요."),
    ("TypeError", r"'([\w.]+)' object is not callable",
     "{0} 값은 함수가 아닌데 괄호 ( )로 불렀습니다. 함수 이름에 다른 값을 담지 않았는지, 곱하기 *를 빠뜨리지 않았는지 보세요."),
    ("TypeError", r"'coo_(?:array|matrix)' object is not subscriptable|'coo_\w+' object does not support item",
     "COO 희소 행렬은 [i, j]로 읽고 쓸 수 없습니다. `.tocsr()`로 바꾼 뒤 꺼내세요."),
    ("TypeError", r"'([\w.]+)' object is not subscriptable",
     "{0}에서는 대괄호 [ ]로 원소를 꺼낼 수 없습니다. 리스트나 배열이라고 생각한 값의 type(...)을 출력해 보세요."),
    ("TypeError", r"'([\w.]+)' object is not iterable",
     "{0} 값은 하나뿐이라서 for로 돌거나 풀어 담을 수 없습니다. 수라면 range(...)를, 값 하나라면 [값]을 쓰려던 것인지 보세요."),
    ("TypeError", r"'([\w.]+)' object does not support item assignment",
     "{0} 값은 한 번 만들면 원소를 바꿀 수 없습니다. 리스트나 배열로 바꾸거나 새 값을 만들어 담으세요."),
    ("TypeError", r"unsupported operand type\(s\) for (.+): '(.+)' and '(.+)'",
     "종류가 {1}, {2}인 두 값 사이에는 {0} 계산을 할 수 없습니다. 같은 종류로 바꾸세요(예: int(...), np.array(...))."),
    ("TypeError", r"can only concatenate (\w+)|must be str, not",
     "글자와 다른 종류의 값은 +로 이을 수 없습니다. str(...)로 바꾸거나 f\"...{{값}}...\"처럼 쓰세요."),
    ("TypeError", r"'float' object cannot be interpreted as an integer|slice indices must be integers",
     "정수가 필요한 자리에 소수가 왔습니다. int(...)로 바꾸거나, 나눗셈에 / 대신 //를 쓰세요."),
    ("TypeError", r"(list|tuple|string) indices must be integers or slices, not (\w+)",
     "{0}의 자리는 0, 1, 2 같은 정수로 가리킵니다({1} 값으로는 안 됩니다). 이름으로 찾으려면 dict를, [행, 열]로 찾으려면 np.array를 쓰세요."),
    ("TypeError", r"unhashable type: '([\w.]+)'|cannot use '([\w.]+)' as",
     "list나 dict처럼 바뀔 수 있는 값은 dict의 이름(key)이나 set의 원소가 될 수 없습니다. tuple(...)로 바꾸어 쓰세요."),
    ("TypeError", r"sparse (?:array|matrix) length is ambiguous",
     "희소 행렬에는 len()을 쓸 수 없습니다. 행의 수는 `.shape[0]`, 0이 아닌 칸의 수는 `.nnz`입니다."),
    ("TypeError", r"object of type '([\w.]+)' has no len\(\)",
     "{0}에는 길이가 없어 len()을 쓸 수 없습니다. 하나의 수나 생성기(generator)라면 list(...)로 모은 뒤 세어 보세요."),
    ("TypeError", r"only (?:length-1|0-dimensional|integer scalar)",
     "배열 전체를 수 하나가 올 자리에 넣었습니다. 원소 하나를 꺼내거나(x[0]) math 대신 np의 함수를 쓰세요."),
    ("TypeError", r"not supported between instances of '(.+)' and '(.+)'",
     "종류가 {0}, {1}인 두 값은 크기를 비교할 수 없습니다. 두 값을 같은 종류로 바꾼 뒤 비교하세요."),
    # ValueError
    ("ValueError", r"operands could not be broadcast together with (?:remapped )?shapes (.+)", _SHAPE),
    ("ValueError", r"(shapes .+ not aligned.*)", _SHAPE),
    ("ValueError", r"mismatch in its core dimension .*?(size \d+ is different from \d+)", _SHAPE),
    ("ValueError", r"(dimension mismatch|inconsistent shapes.*|.*shape mismatch.*|all the input array dimensions.*|matmul:.*)", _SHAPE),
    ("RuntimeError", r"(mat1 and mat2 shapes cannot be multiplied.*|The size of tensor a .* must match.*|size mismatch.*)", _SHAPE),
    ("ValueError", r"truth value of (?:an array|a Series|a DataFrame)",
     "여러 값의 참·거짓을 한 번에 물을 수 없습니다. if에서는 .any()나 .all()을, 원소마다 묻는다면 &와 |를, 희소 행렬이라면 .nnz를 쓰세요."),
    ("ValueError", r"could not convert string to float: (.+)|invalid literal for int\(\) with base \d+: (.+)",
     "수로 바꿀 수 없는 글자입니다: {any}. 빈 칸이나 쉼표, 머리글 줄이 섞이지 않았는지 보세요."),
    ("ValueError", r"cannot reshape array of size (\d+) into shape (.+)",
     "원소가 {0}개인 배열은 {1} 모양이 될 수 없습니다. 모양의 곱이 원소 수와 같아야 합니다(모르는 축 하나는 -1)."),
    ("ValueError", r"setting an array element with a sequence|inhomogeneous shape",
     "길이가 서로 다른 줄을 한 배열에 넣었습니다. 줄마다 len(...)을 출력해 길이를 맞추거나 리스트로 두세요."),
    ("ValueError", r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)",
     "이름은 {0}개인데 값은 {1}개뿐입니다. 등호 왼쪽의 이름 수와 오른쪽의 값 수를 맞추세요."),
    ("ValueError", r"too many values to unpack",
     "값이 이름보다 많습니다. 등호 왼쪽(또는 for의) 이름 수를 늘리거나, dict라면 .items()를 썼는지 보세요."),
    ("ValueError", r"Input (?:X |y )?contains NaN|contains infinity|array must not contain infs or NaNs",
     "값 가운데 NaN이나 무한대가 있습니다. 0으로 나누거나 log(0)을 한 곳이 없는지, np.isnan(...).sum()으로 찾아보세요."),
    ("ValueError", r"inconsistent numbers of samples: (.+)",
     "행의 수가 서로 다릅니다: {0}. 두 배열의 .shape[0]을 맞추세요."),
    ("ValueError", r"Expected 2D array, got (\d)D array",
     "2차원 배열이 필요한데 {0}차원이 왔습니다. 값 하나의 묶음이면 .reshape(1, -1), 특성 하나면 .reshape(-1, 1)을 쓰세요."),
    ("ValueError", r"zero-size array to reduction|attempt to get arg\w+ of an empty|\w+\(\) (?:arg is an empty|iterable argument is empty)",
     "비어 있는 값에서 최댓값이나 최솟값을 찾았습니다. 그 앞에서 조건에 맞는 것이 하나도 남지 않았는지 len(...)을 출력해 보세요."),
    ("ValueError", r"math domain error|expected a positive input",
     "수학 함수가 받을 수 없는 값입니다(예: log(0), 음수의 제곱근). 계산하기 전에 0보다 큰 값만 고르세요."),
    ("ValueError", r"(.+) is not in list|substring not found",
     "찾는 값이 들어 있지 않습니다. 먼저 `값 in 목록`으로 있는지 확인하세요."),
    ("LinAlgError", r"Singular matrix",
     "역행렬이 없는 행렬입니다. 0으로만 된 줄이나 서로 같은 줄이 없는지 보세요."),
    ("LinAlgError", r"did not converge", "행렬 분해가 끝나지 못했습니다. NaN이나 무한대가 들어 있는지 np.isfinite(...).all()로 확인하세요."),
    # IndexError, KeyError
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
     "{1}번 축의 길이는 {2}인데 {0}번 자리를 찾았습니다. 자리는 0부터 세므로 마지막은 길이 − 1입니다."),
    ("IndexError", r"too many indices for array: array is (\d+)-dimensional, but (\d+)",
     "{0}차원 배열에 자리 번호를 {1}개 적었습니다. .shape를 출력해 차원을 확인하세요."),
    ("IndexError", r"only integers, slices|arrays used as indices must be of integer",
     "배열의 자리는 정수로 가리킵니다. 소수라면 int(...)나 .astype(int)로 바꾸세요."),
    ("IndexError", r"boolean index did not match",
     "고르는 조건(참·거짓 배열)의 길이가 배열의 길이와 다릅니다. 두 배열의 .shape를 맞추세요."),
    ("IndexError", r"", "없는 자리를 찾았습니다. 자리는 0부터 세므로 마지막은 길이 − 1입니다. len(...)을 출력해 보세요."),
    # others
    ("ZeroDivisionError", r"", "0으로 나누었습니다. 나누는 값이 0일 수 있는 경우(빈 목록, 세지 않은 낱말)를 먼저 걸러 내세요."),
    ("OverflowError", r"", "수가 너무 커져 나타낼 수 없습니다. exp(...) 안의 값이 크지 않은지, log로 바꾸어 계산할 수 있는지 보세요."),
    ("RecursionError", r"", "함수가 자기 자신을 끝없이 불렀습니다. 멈추는 조건(return)이 있는지 보세요."),
    ("OutOfMemoryError", r"", "GPU 메모리가 모자랍니다. 묶음(batch) 크기를 줄이거나 다른 노트북의 커널을 끈 뒤 다시 실행하세요."),
    ("MemoryError", r"", "메모리가 모자랍니다. 희소 행렬을 .toarray()로 펼치지 않았는지 보고, 자료를 나누어 처리하세요."),
    ("UnicodeDecodeError", r"", "파일의 글자 부호화(encoding)가 다릅니다. open(..., encoding=\"utf-8\") 또는 \"cp949\"로 열어 보세요."),
    ("UnicodeEncodeError", r"", "이 부호화(encoding)로는 쓸 수 없는 글자가 있습니다. open(..., encoding=\"utf-8\")로 쓰세요."),
    ("FileNotFoundError", r"", "파일이나 폴더가 없습니다: {file}. 이름과 위치를 확인하세요. 지금 폴더는 os.getcwd()로 볼 수 있습니다."),
    ("PermissionError", r"", "이 파일을 열 권한이 없습니다: {file}. 다른 프로그램이 쓰고 있지 않은지, 쓸 수 있는 폴더인지 보세요."),
    ("StopIteration", r"", "더 꺼낼 값이 없습니다. 반복자(iterator)를 이미 끝까지 썼다면 다시 만들거나 list(...)로 모아 두세요."),
    ("SystemExit", r"", "코드가 exit()나 sys.exit()로 실행을 끝내려고 했습니다. 그 줄을 지우고 return을 쓰세요."),
    ("TimeoutError", r"", "정해진 시간 안에 끝나지 않았습니다. 끝나지 않는 반복(while)이 없는지 보세요."),
    ("NotImplementedError", r"^$", "아직 채우지 않은 곳입니다. raise NotImplementedError 줄을 지우고 답을 쓰세요."),
    ("NotImplementedError", r"", "이 라이브러리가 하지 못하는 계산입니다: {message}. 다른 방법으로 바꾸어 보세요."),
    ("RuntimeError", r"Expected all tensors to be on the same device",
     "텐서들이 서로 다른 장치(CPU, GPU)에 있습니다. .to(device)로 같은 곳에 옮기세요."),
    ("RuntimeError", r"expected (?:m1 and m2|scalar type)|have the same dtype",
     "텐서의 자료형(dtype)이 서로 다릅니다. .float()이나 .long()으로 맞추세요."),
    ("RuntimeError", r"does not require grad",
     "기울기를 계산할 수 없는 텐서입니다. 학습할 값에 requires_grad=True가 있는지, .detach()나 .item()을 먼저 쓰지 않았는지 보세요."),
    ("RuntimeError", r"changed size during iteration",
     "반복하는 동안 그 dict나 set의 원소를 더하거나 지웠습니다. list(...)로 복사한 것을 돌며 바꾸세요."),
]  # fmt: skip

_SYNTAX = [
    (r"expected an indented block", "콜론(:) 다음 줄을 들여쓰지 않았습니다. 빈칸 네 개를 넣으세요."),
    (r"unexpected indent|unindent does not match", "들여쓰기가 위아래 줄과 맞지 않습니다. 같은 묶음의 줄은 빈칸 수를 똑같이 맞추세요."),
    (r"inconsistent use of tabs", "들여쓰기에 탭과 빈칸이 섞여 있습니다. 빈칸 네 개로 통일하세요."),
    (r"'(.)' was never closed", "여는 괄호 `{0}`를 닫지 않았습니다. 짝이 되는 괄호를 넣으세요."),
    (r"unmatched '(.)'|closing parenthesis '(.)'", "닫는 괄호 `{any}`의 짝이 맞지 않습니다. 여는 괄호와 짝을 맞추세요."),
    (r"unterminated|EOL while scanning", "따옴표를 닫지 않았습니다. 글자의 양 끝에 같은 따옴표를 넣으세요."),
    (r"expected ':'", "줄 끝에 콜론(:)이 빠졌습니다. def, if, for, while 줄은 콜론으로 끝납니다."),
    (r"Maybe you meant '=='|cannot assign to", "값을 담는 =와 같은지 묻는 ==를 바꾸어 쓴 것 같습니다. 비교라면 ==로 고치세요."),
    (r"forgot a comma", "값 사이에 쉼표(,)가 빠진 것 같습니다."),
    (r"'return' outside function", "return이 함수 밖에 있습니다. def 아래로 들여쓰세요."),
    (r"invalid (?:non-printable )?character", "파이썬이 읽지 못하는 글자가 있습니다. 복사해 온 둥근 따옴표나 특수한 빈칸을 지우고 다시 입력하세요."),
    (r"", "파이썬 문법에 맞지 않습니다. 괄호, 콜론(:), 쉼표, 따옴표가 빠지지 않았는지 그 줄과 바로 윗줄을 보세요."),
]  # fmt: skip

_ALIASES = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "from matplotlib import pyplot as plt",
    "sparse": "from scipy import sparse",
    "torch": "import torch",
    "math": "import math",
    "Counter": "from collections import Counter",
}


def explain(exception: BaseException, check_code=None) -> str:
    """Say in plain Korean what an exception means, what to do, and where it arose.

    Parameters
    ----------
    exception : BaseException
        Usually one that was just caught. It is only read; whatever its own methods do, this function returns a text.
    check_code : types.CodeType, optional
        Code object of a check cell, whose lines are not the student's.

    Returns
    -------
    str
        One to three lines: cause and advice; Python's own message; the deepest line of code that is no library's.
    """
    try:
        name = type(exception).__name__
        message = safe_text(exception)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return "내용을 읽을 수 없는 오류가 났습니다. 답 셀을 한 줄씩 나누어 실행해 보세요."
    parts = []
    for part in (_meaning, _original, _location):
        try:
            parts.append(part(exception, name, message, check_code))
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: S112  an exception whose attributes misbehave: the other parts still help
            continue
    return "\n".join(part for part in parts if part) or "알 수 없는 오류가 났습니다. 답 셀을 한 줄씩 나누어 실행해 보세요."


def _meaning(exception, name, message, check_code) -> str:
    kinds = [kind.__name__ for kind in type(exception).__mro__]
    if isinstance(exception, SyntaxError):
        return _apply(_SYNTAX, message)
    if isinstance(exception, NameError) and "UnboundLocalError" not in kinds:
        return _unknown_name(exception)
    if isinstance(exception, ImportError):
        return _import_failed(exception, message)
    if isinstance(exception, KeyError):
        return f"dict나 표에 없는 이름(key)입니다: {message}. 철자를 확인하세요. 없을 수 있는 낱말이라면 .get(낱말, 0)을 쓰세요."
    if isinstance(exception, AssertionError):
        return "assert로 확인한 조건이 거짓입니다" + (f"({message})." if message else ". 확인하는 값을 print로 출력해 보세요.")
    text = _apply([(pattern, text) for kind, pattern, text in _RULES if kind in kinds], message,
                  file=safe_text(getattr(exception, "filename", None) or "?"))  # fmt: skip
    if text:
        return text
    if isinstance(exception, AttributeError):
        return _unknown_attribute(exception, message)
    return f"{name} 오류가 났습니다. 아래 줄에서 쓰는 값들을 하나씩 print로 출력해 보세요."


def _apply(rules, message, **known) -> str:
    for pattern, text in rules:
        found = re.search(pattern, message)
        if found:
            groups = [group or "" for group in found.groups()]
            return text.format(*groups, any=next(filter(None, groups), ""), message=message, **known)
    return ""


def _original(exception, name, message, check_code) -> str:
    first = message.strip().splitlines()[0] if message.strip() else ""
    return f"(파이썬의 말: {name}{': ' + first if first else ''})"


def _location(exception, name, message, check_code) -> str:
    if isinstance(exception, SyntaxError) and exception.lineno:
        text = safe_text(exception.text or "").strip()
        return f"여러분의 코드 {exception.lineno}번째 줄" + (f": `{text}`" if text else "")
    frame, line = deepest_frame(
        exception, lambda frame: is_own_code(frame.f_code.co_filename) and frame.f_code is not check_code
    )
    if frame is not None:
        text = source_line(frame, line)
        return f"여러분의 코드 {line}번째 줄" + (f": `{text}`" if text else "")
    frame, line = deepest_frame(exception, lambda frame: frame.f_code is check_code)
    text = source_line(frame, line) if frame is not None else ""
    return f"검사하던 줄: `{text}`" if text else ""


def _unknown_name(exception) -> str:
    name = safe_text(exception.name or "")
    text = f"정의되지 않은 이름입니다: `{name}`."
    if name in _ALIASES:
        return f"{text} 맨 위의 준비 셀(`{_ALIASES[name]}`)을 먼저 실행하세요."
    frame, _ = deepest_frame(exception)
    known = {*frame.f_locals, *frame.f_globals, *dir(builtins)} if frame is not None else dir(builtins)
    return f"{text}{_did_you_mean(name, known)} 철자를 확인하고, 이 이름을 만드는 셀을 먼저 실행했는지 보세요."


def _unknown_attribute(exception, message) -> str:
    if exception.name is None:
        return f"그 값에 없는 속성이나 함수입니다: {message}. dir(...)로 무엇이 있는지 볼 수 있습니다."
    name = safe_text(exception.name)
    kind = "모듈" if isinstance(exception.obj, type(sys)) else type(exception.obj).__name__
    suggestion = _did_you_mean(name, dir(exception.obj))
    return f"{kind}에 없는 속성이나 함수입니다: `.{name}`.{suggestion} 철자와 값의 종류(type)를 확인하세요."


def _import_failed(exception, message) -> str:
    found = re.search(r"cannot import name '(\w+)' from '([\w.]+)'", message)
    if found:
        suggestion = _did_you_mean(found[1], dir(sys.modules.get(found[2])))
        return f"`{found[2]}`에 `{found[1]}` 이름이 없습니다.{suggestion} 철자와 버전을 확인하세요."
    name = safe_text(exception.name or message)
    return f"패키지를 찾을 수 없습니다: `{name}`. 철자를 확인하고, 설치하지 않았다면 새 셀에서 `%pip install {name}`을 실행하세요."


def _did_you_mean(name: str, known) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, [k for k in known if isinstance(k, str) and k != name and k[:1] != "_"], n=1, cutoff=0.7)
    return f" 혹시 `{close[0]}` 아닌가요?" if close else ""


def safe_text(value, limit: int = 300) -> str:
    """``str(value)`` as an exact, printable ``str`` of at most ``limit`` characters, whatever ``__str__`` does."""
    try:
        text = str.__getitem__(str(value), slice(0, limit + 1))
        text = text.encode("utf-8", "replace").decode("utf-8")
        return text if len(text) <= limit else text[:limit] + "…"
    except KeyboardInterrupt:
        raise
    except BaseException:
        return "(글자로 나타낼 수 없는 값)"


def is_own_code(filename: str) -> bool:
    """True for a notebook cell or a script of the user: not the standard library, an installed package or this one."""
    if filename.startswith("<"):
        return not filename.startswith(("<frozen", "<__array_function__"))
    path = os.path.normcase(os.path.abspath(filename))
    if "site-packages" in path or "dist-packages" in path:
        return False
    return not path.startswith(_NOT_THEIRS)


def deepest_frame(exception, wanted=lambda frame: True):
    """The innermost frame of the traceback that is ``wanted``, and its line number; ``(None, 0)`` if there is none."""
    found = (None, 0)
    trace = exception.__traceback__
    while trace is not None:
        if wanted(trace.tb_frame):
            found = (trace.tb_frame, trace.tb_lineno)
        trace = trace.tb_next
    return found


def source_line(frame, line: int) -> str:
    """The source of one line of a frame's file or notebook cell, without indentation; "" if it is not known."""
    return linecache.getline(frame.f_code.co_filename, line).strip() if frame is not None else ""
