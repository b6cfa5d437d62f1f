"""Word vectors to and from gensim's KeyedVectors and word2vec's file format (gensim reads and writes the format)."""

import os
from pathlib import Path

import numpy as np

from .checkpoint import whole_file
from .cooccurrence import Vocabulary


class VectorFileError(ValueError):
    """A file of word vectors cannot be read; the message is Korean and says what to do."""


def to_keyed_vectors(matrix, vocabulary: Vocabulary):
    """A matrix of word vectors as gensim's KeyedVectors.

    Parameters
    ----------
    matrix : (V, d) array
        Converted to float32.
    vocabulary : Vocabulary

    Returns
    -------
    gensim.models.KeyedVectors
        With the attribute ``count`` of each word.
    """
    from gensim.models import KeyedVectors

    matrix = np.asarray(matrix, np.float32)
    if matrix.ndim != 2 or len(matrix) != len(vocabulary):
        raise ValueError(f"행렬의 행은 낱말 하나씩이어야 합니다: 모양 {matrix.shape}, 낱말 {len(vocabulary):,}개.")
    keyed = KeyedVectors(matrix.shape[1], count=0)
    keyed.add_vectors(vocabulary.words, matrix)
    if len(keyed.key_to_index) != len(vocabulary):
        raise ValueError("어휘에 같은 낱말이 두 번 있습니다. 낱말마다 벡터는 하나여야 합니다.")
    keyed.expandos["count"] = np.asarray(vocabulary.counts, np.int64)
    return keyed


def from_keyed_vectors(keyed) -> tuple[np.ndarray, Vocabulary]:
    """The opposite of `to_keyed_vectors`: rows in the order of ``keyed``, counts 0 where ``keyed`` knows none.

    Returns
    -------
    matrix : (V, d) float32
    vocabulary : Vocabulary
    """
    words = list(keyed.index_to_key)
    counts = keyed.expandos.get("count")
    counts = np.zeros(len(words), np.int64) if counts is None else np.asarray(counts, np.int64)
    return np.array(keyed.vectors[:len(words)], np.float32), Vocabulary(words, counts[:len(words)])


def save_word2vec(path, matrix, vocabulary: Vocabulary, binary: bool = False) -> None:
    """Write word2vec's format in one step: a file of that name is always whole.

    Parameters
    ----------
    path : str or Path
    matrix : (V, d) array
    vocabulary : Vocabulary
        The format holds no counts: they are lost.
    binary : bool
        float32 bytes (exact, smaller) in place of decimal digits (exact too, readable).

    Raises
    ------
    ValueError
        For a word with white space, which the format cannot hold, and for NaN or infinity.
    OSError
        If the file cannot be written; what stood there before is untouched.
    """
    matrix = np.asarray(matrix, np.float32)
    if not np.isfinite(matrix).all():
        raise ValueError("벡터에 NaN이나 무한대가 있습니다. 학습률을 줄여 다시 학습한 뒤 저장하세요.")
    bad = [word for word in vocabulary.words if not word or word.split() != [word]]
    if bad:
        raise ValueError(f"word2vec 형식에는 빈 낱말이나 공백이 든 낱말을 쓸 수 없습니다: {bad[0]!r} 등 {len(bad)}개. 공백을 _로 바꾸세요.")
    keyed = to_keyed_vectors(matrix, vocabulary)
    keyed.expandos["count"] = np.arange(len(vocabulary), 0, -1)  # gensim writes by descending count: keep the order of the rows
    with whole_file(path) as part:
        keyed.save_word2vec_format(str(part), binary=binary)


def load_word2vec(path) -> tuple[np.ndarray, Vocabulary]:
    """Read a file in word2vec's format, text or binary (told apart by its second line).

    Returns
    -------
    matrix : (V, d) float32
    vocabulary : Vocabulary
        In the order of the file; all counts are 0, because the format holds none.

    Raises
    ------
    FileNotFoundError
    VectorFileError
        If the file is not in this format, cut off or damaged.
    """
    from gensim.models import KeyedVectors

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"벡터 파일 {path} 이(가) 없습니다. 경로를 확인하거나 먼저 save_word2vec으로 저장하세요.")
    try:
        number, size, binary = _look_at(path)
        keyed = KeyedVectors.load_word2vec_format(str(path), binary=binary)
    except (ValueError, EOFError, IndexError, OverflowError, MemoryError) as error:
        raise _damaged(path, error) from error
    if keyed.vectors.shape != (number, size) or len(keyed.key_to_index) != number:
        raise _damaged(path, f"첫 줄은 {number}×{size}인데 서로 다른 낱말은 {len(keyed.key_to_index)}개입니다")
    if not np.isfinite(keyed.vectors).all():
        raise _damaged(path, "벡터에 NaN이나 무한대가 있습니다")
    return np.array(keyed.vectors, np.float32), Vocabulary(list(keyed.index_to_key), np.zeros(number, np.int64))


def _look_at(path) -> tuple[int, int, bool]:
    """Number of words and dimensions from the first line, and whether the rest is binary."""
    length = path.stat().st_size
    with open(path, "rb") as file:
        header = file.readline(100)
        number, size = (int(part) for part in header.split())
        if number < 1 or size < 1 or number * (size + 1) > length:  # not even a byte a number: do not reserve memory for it
            raise ValueError(f"첫 줄 {header[:40]!r}이 파일의 크기 {length:,}바이트와 맞지 않습니다")
        line = file.readline(64 * size + 1000).split(b" ")
        try:
            binary = len([float(part) for part in line[1:]]) != size
        except ValueError:
            binary = True
        if not binary:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                raise ValueError("마지막 줄이 끝나지 않았습니다")
    return number, size, binary


def _damaged(path, reason) -> VectorFileError:
    return VectorFileError(f"벡터 파일 {path.name} 을(를) 읽지 못했습니다.\n  원인: word2vec 형식이 아니거나 손상되었습니다({reason}).\n"
                           "  해결: 파일을 다시 받거나 save_word2vec으로 다시 저장하세요.")
