"""From texts to tokens: white space, or Korean morphemes with kiwipiepy (no JVM)."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache as remember
from hashlib import blake2b
from itertools import islice
from pathlib import Path

_RULE = 1  # raise when `_token` changes: cached token files carry it in their name


@dataclass(frozen=True)
class TokenFile:
    """A tokenised corpus on disk: UTF-8, one text per line, tokens separated by one space.

    Iterating gives one ``list[str]`` per text without reading the whole file; ``len`` counts the texts.
    """

    path: Path

    def __iter__(self) -> Iterator[list[str]]:
        with open(self.path, encoding="utf-8", newline="\n") as file:
            for line in file:
                yield [token for token in line.rstrip("\n").split(" ") if token]

    def __len__(self) -> int:
        with open(self.path, "rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def whitespace(texts: Iterable[str]) -> list[list[str]]:
    """Split each text at white space; Hangul is composed first (NFC), so that ㅎㅏㄴ and 한 become one word.

    NFC and not NFKC: NFKC would turn the ㅋ of "ㅋㅋㅋ" (U+314B) into another character (U+110F).

    Raises
    ------
    TypeError
        If ``texts`` is one string, or holds something else than strings.
    """
    return [text.split() for text in _composed(texts)]


def morphemes(texts: Iterable[str], *, keep: tuple[str, ...] | None = None, cache: str | None = None,
              workers: int | None = None, progress: bool = True) -> list[list[str]] | TokenFile:
    """Split each text into morphemes with kiwipiepy; verbs and adjectives get their dictionary ending (먹 → 먹다).

    Parameters
    ----------
    texts : iterable of str
        With ``cache``, something that can be read twice (a list, a column), because its content names the file.
    keep : tuple of str, optional
        Only morphemes whose tag starts with one of these, e.g. ``("NN", "VV", "VA")``; all if None.
    cache : str, optional
        A short name. The tokens are then written to a file in the cache folder, line by line, and a ``TokenFile``
        comes back: at once when the same texts were tokenised before, and after an interruption the work goes on
        where it stopped. Without it everything stays in memory.
    workers : int, optional
        Threads; one per core if None.
    progress : bool
        Show a progress bar.

    Returns
    -------
    list of list of str, or TokenFile
        One entry per text, empty texts included.

    Raises
    ------
    TypeError
        If ``texts`` is one string, holds something else than strings, or cannot be read twice though ``cache`` is set.
    """
    if cache is None:
        return list(_tokenise(texts, keep, workers, progress, done=0))
    if iter(texts) is texts:
        raise TypeError("cache를 쓰려면 두 번 읽을 수 있는 글 목록이 필요합니다. list(texts)로 바꾸어 넘겨 주세요.")
    from filelock import FileLock

    from .runtime import cache_folder

    folder = cache_folder() / "tokens"
    folder.mkdir(exist_ok=True)
    path = folder / f"{cache}-{_fingerprint(texts, keep)}.txt"
    with FileLock(f"{path}.lock"):  # a second notebook waits here and then finds the finished file
        if not path.exists():
            part = path.with_suffix(".part")
            done = _complete_lines(part)
            with open(part, "a", encoding="utf-8", newline="\n") as file:
                for number, tokens in enumerate(_tokenise(texts, keep, workers, progress, done)):
                    file.write(" ".join(tokens) + "\n")
                    if number % 1000 == 0:
                        file.flush()
            os.replace(part, path)
    return TokenFile(path)


def _tokenise(texts, keep, workers, progress, done) -> Iterator[list[str]]:
    from tqdm import tqdm

    analysed = _kiwi(workers or os.cpu_count() or 1).tokenize(
        islice(_composed(texts), done, None), compatible_jamo=True)  # compatible: ㄴ and not U+11AB, which fonts lack
    total = len(texts) if hasattr(texts, "__len__") else None
    for result in tqdm(analysed, "형태소 분석", total, initial=done, unit="글", disable=not progress, mininterval=1):
        yield [_token(morpheme) for morpheme in result if keep is None or morpheme.tag.startswith(keep)]


def _token(morpheme) -> str:
    # V*: verbs, adjectives, auxiliaries, copula; XSV and XSA: the 하 of 사랑+하, 행복+하. All are stems that need 다.
    ending = "다" if morpheme.tag[0] == "V" or morpheme.tag[:3] in ("XSV", "XSA") else ""
    return "_".join(morpheme.form.split()) + ending  # "에이지 오브 울트론" is one proper noun: one token


@remember
def _kiwi(workers: int):
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=workers)


def _composed(texts: Iterable[str]) -> Iterator[str]:
    if isinstance(texts, (str, bytes)):
        raise TypeError("글 하나가 아니라 글의 목록이 필요합니다. [글]처럼 대괄호로 감싸 주세요.")
    return map(_nfc, texts)


def _nfc(text) -> str:
    if not isinstance(text, str):
        raise TypeError(f"글이 있어야 할 자리에 {text!r}({type(text).__name__})이(가) 있습니다. "
                        "빈칸(NaN)이라면 dropna()로 지운 뒤 다시 실행하세요.")
    # Half of a surrogate pair, left by careless cutting of an emoji, cannot be written in UTF-8: it becomes "?".
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))


def _fingerprint(texts, keep) -> str:
    from importlib.metadata import version

    digest = blake2b(repr((_RULE, keep, version("kiwipiepy"), version("kiwipiepy_model"))).encode(), digest_size=8)
    for text in _composed(texts):
        content = text.encode()
        digest.update(b"%d:" % len(content) + content)
    return digest.hexdigest()


def _complete_lines(part: Path) -> int:
    """Number of whole lines that an interrupted run left; a torn last line is cut off."""
    if not part.exists():
        return 0
    lines = end = 0
    with open(part, "rb+") as file:
        for line in file:
            if line.endswith(b"\n"):
                lines, end = lines + 1, end + len(line)
        file.truncate(end)
    return lines
