"""How often do two words stand near each other? Vocabulary, encoding, and the word–word matrix of counts."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

import numpy as np

BLOCK_BYTES = 1 << 18  # a corpus is read in blocks of this size
CHUNK_PAIRS = 80_000_000  # and counted in chunks with about so many pairs: 160 to 640 MB while a chunk is counted
FREQUENT_WORDS = 1_024  # their pairs, most of all pairs, are counted in a square that fits the processor's cache
_WORKERS = min(os.cpu_count() or 1, 8)


@dataclass(frozen=True)
class Vocabulary:
    """Words by descending frequency, equal ones in alphabetical order; a word's number is its row in every matrix.

    Attributes
    ----------
    words : list of str
    counts : (V,) int64
        How often each word occurs in the corpus.
    index : dict
        Word → number.
    """

    words: list[str]
    counts: np.ndarray

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word) -> bool:
        return word in self.index


def count_slowly(sentences: Iterable[list[str]], window: int = 5) -> Counter:
    """Count neighbours in plain Python: the definition, against which the fast version is checked.

    Returns
    -------
    Counter
        ``(word, neighbour)`` → how often ``neighbour`` stands at most ``window`` places before or after ``word``.
    """
    counts = Counter()
    for sentence in sentences:
        for place, word in enumerate(sentence):
            for neighbour in sentence[max(0, place - window):place] + sentence[place + 1:place + 1 + window]:
                counts[word, neighbour] += 1
    return counts


def build_vocabulary(sentences, max_size: int = 20_000, min_count: int = 1) -> Vocabulary:
    """The most frequent words of a corpus.

    Parameters
    ----------
    sentences : list of list of str, TokenFile or Path
        A file holds one sentence per line, tokens separated by one space.
    max_size : int
        Keep at most this many words.
    min_count : int
        Drop words that occur less often.
    """
    if max_size < 1 or min_count < 1:
        raise ValueError(f"max_size와 min_count는 1 이상이어야 합니다: max_size={max_size}, min_count={min_count}.")
    table = _WordTable()
    for block in _blocks(sentences):
        table.learn(block)
    counts = table.counts[:table.known]
    least = max(min_count, np.partition(counts, -max_size)[-max_size] if len(counts) > max_size else 1)
    ranked = sorted((-int(counts[word]), table.word(word)) for word in np.flatnonzero(counts >= least))[:max_size]
    return Vocabulary([word for _, word in ranked], np.array([-count for count, _ in ranked], np.int64))


def encode(sentences, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Replace words by their numbers; words outside the vocabulary vanish and their neighbours move together.

    Returns
    -------
    ids : (N,) int32
    offsets : (S + 1,) int64
        Sentence ``s`` is ``ids[offsets[s]:offsets[s + 1]]``.
    """
    from ._kernels import split_lines

    return split_lines(np.concatenate([np.empty(0, np.int32), *_streams(sentences, vocabulary)]))


def count_cooccurrences(sentences, *, window: int = 5, max_vocabulary: int = 20_000, min_count: int = 1,
                        weighting: str = "uniform"):
    """Count which words stand near each other; memory stays bounded by the matrix, not by the corpus.

    Parameters
    ----------
    sentences : list of list of str, TokenFile or Path
        Windows stop at the ends of a sentence (of a line, in a file).
    window : int
        How many places to the left and to the right.
    max_vocabulary, min_count : int
        See `build_vocabulary`. Words outside are removed before the windows are laid (as GloVe does).
    weighting : {"uniform", "harmonic"}
        Each neighbour counts 1, or 1/distance (as GloVe does).

    Returns
    -------
    counts : (V, V) scipy.sparse.csr_array of float64, symmetric
    vocabulary : Vocabulary

    Raises
    ------
    TypeError, ValueError
        For a string in place of a list of tokens, a window below 1, an unknown weighting.

    Examples
    --------
    >>> counts, vocabulary = count_cooccurrences([["나는", "밥을", "먹는다"]], window=1)
    >>> int(counts[vocabulary.index["밥을"], vocabulary.index["나는"]])
    1
    """
    from scipy import sparse

    weights = _weights(window, weighting)
    if hasattr(sentences, "__next__"):  # an iterator can be read once: it is needed for the vocabulary and to count
        sentences = list(sentences)
    vocabulary = build_vocabulary(sentences, max_vocabulary, min_count)
    upper = sparse.csr_array((len(vocabulary),) * 2)
    waiting, length = [np.empty(0, np.int32)], 0
    for stream in chain(_streams(sentences, vocabulary), [None]):  # None: the end
        if stream is not None:
            waiting.append(stream)
            length += len(stream)
        if stream is None or length * window >= CHUNK_PAIRS:
            chunk = np.concatenate(waiting)
            # Words look to their right, so the last few must wait for what comes next.
            ready = len(chunk) if stream is None else max(0, len(chunk) - window)
            upper = upper + _count(chunk, ready, len(vocabulary), window, weights)
            waiting, length = [chunk[ready:]], len(chunk) - ready
    return upper + upper.T.tocsr(), vocabulary


def count_encoded(ids: np.ndarray, offsets: np.ndarray, size: int, *, window: int = 5, weighting: str = "uniform"):
    """Count neighbours in sentences of word numbers (see `encode`).

    Parameters
    ----------
    ids : (N,) int
        Numbers from 0 to ``size - 1``.
    offsets : (S + 1,) int
    size : int
        Number of words in the vocabulary.

    Returns
    -------
    (size, size) scipy.sparse.csr_array of float64, symmetric
    """
    from ._kernels import join_lines

    ids, offsets = np.asarray(ids, np.int32), np.asarray(offsets, np.int64)
    if len(ids) and (ids.min() < 0 or ids.max() >= size):
        raise ValueError(f"단어 번호는 0부터 {size - 1}까지여야 합니다: {ids.min()}부터 {ids.max()}까지 있습니다.")
    if offsets[0] != 0 or offsets[-1] != len(ids) or (np.diff(offsets) < 0).any():
        raise ValueError(f"offsets는 0에서 시작해 줄어들지 않고 {len(ids)}(ids의 길이)로 끝나야 합니다.")
    stream = join_lines(ids, offsets)
    upper = _count(stream, len(stream), size, window, _weights(window, weighting))
    return upper + upper.T.tocsr()


def _count(stream, ready, size, window, weights):
    """Count the pairs of the first ``ready`` places and their right neighbours: an upper triangle. Threads share the places."""
    from scipy import sparse

    from ._kernels import add_runs, pair_up

    kind_of_key = np.uint32 if size**2 * len(weights) < 1 << 32 else np.uint64

    def work(first, last):
        frequent = np.zeros((min(size, FREQUENT_WORDS),) * 2)
        keys = np.empty((last - first) * window, kind_of_key)
        return frequent, keys[:pair_up(stream, first, last, window, size, weights, frequent, keys)]

    cuts = np.linspace(0, ready, _WORKERS + 1).astype(np.int64)
    with ThreadPoolExecutor(_WORKERS) as threads:
        squares, keys = zip(*threads.map(work, cuts[:-1], cuts[1:]), strict=True)
    keys = np.concatenate(keys)
    keys.sort()
    values, columns, starts = add_runs(keys, size, weights)
    number = np.int32 if len(values) + size < 1 << 30 else np.int64  # half the memory traffic of all that comes after
    square = sparse.coo_array(sum(squares))
    square = sparse.csr_array((square.data, (square.row.astype(number), square.col.astype(number))), shape=(size, size))
    return square + sparse.csr_array((values, columns, starts.astype(number)), shape=(size, size))


def _weights(window, weighting):
    if not isinstance(window, (int, np.integer)) or window < 1:
        raise ValueError(f"window는 1 이상의 정수여야 합니다: {window!r}. 창은 좌우로 몇 단어를 볼지 정합니다.")
    distances = np.arange(1, window + 1)
    if weighting not in ("uniform", "harmonic"):
        raise ValueError(f"weighting은 'uniform'(모두 1) 또는 'harmonic'(1/거리)이어야 합니다: {weighting!r}.")
    return np.ones(1) if weighting == "uniform" else 1.0 / distances  # one weight for all, or one for each distance


class _WordTable:
    """Word → number for words given as bytes, numbered in order of appearance (arrays for `_kernels.scan`)."""

    def __init__(self):
        self.known = 0
        self.slots = np.zeros(1 << 16, np.int32)
        self.hashes = np.empty(0, np.uint64)
        self.counts = np.zeros(0, np.int64)
        self.ends = np.zeros(1, np.int64)
        self.pool = np.empty(0, np.uint8)

    def learn(self, block) -> None:
        from ._kernels import rehash

        text, *_ = block
        words = self.known + len(text) // 2 + 1  # as many as the block could bring; arrays at least double
        if words > len(self.hashes):
            words = max(words, 2 * len(self.hashes))
            self.hashes, self.counts = _longer(self.hashes, words), _longer(self.counts, words)
            self.ends = _longer(self.ends, words + 1)
        if self.ends[self.known] + len(text) > len(self.pool):
            self.pool = _longer(self.pool, max(self.ends[self.known] + len(text), 2 * len(self.pool)))
        if 2 * words > len(self.slots):
            self.slots = np.zeros(1 << (2 * words).bit_length(), np.int32)
            rehash(self.slots, self.hashes, self.known)
        self.known = self._scan(block, True)[1]

    def look_up(self, block) -> np.ndarray:
        return self._scan(block, False)[0]

    def _scan(self, block, learn):
        from ._kernels import scan

        text, word_end, line_end = block
        return scan(np.frombuffer(text, np.uint8), word_end, line_end, learn,
                    self.slots, self.hashes, self.counts, self.ends, self.pool, self.known)

    def word(self, number: int) -> str:
        return self.pool[self.ends[number]:self.ends[number + 1]].tobytes().decode("utf-8", "surrogatepass")


def _longer(array, length):
    longer = np.zeros(length, array.dtype)
    longer[:len(array)] = array
    return longer


def _streams(sentences, vocabulary) -> Iterator[np.ndarray]:
    """Word numbers block by block, -1 at the end of each sentence; several blocks at a time in threads."""
    table = _WordTable()
    for block in _blocks([vocabulary.words]):
        table.learn(block)
    blocks = _blocks(sentences)
    with ThreadPoolExecutor(_WORKERS) as threads:
        while batch := list(islice(blocks, 4 * _WORKERS)):
            yield from threads.map(table.look_up, batch)


def _blocks(sentences) -> Iterator[tuple[bytes, int, int]]:
    """The corpus as bytes, with the byte that ends a word and the byte that ends a sentence."""
    path = getattr(sentences, "path", sentences)
    if isinstance(path, Path):
        yield from ((block, ord(" "), ord("\n")) for block in _file_blocks(path))
    elif isinstance(path, (str, bytes)):
        raise TypeError("토큰 목록의 목록이 필요한데 문자열 하나를 받았습니다. tokenization.whitespace([글])로 나누거나, "
                        "토큰 파일이라면 pathlib.Path(경로)로 넘겨 주세요.")
    else:
        yield from ((block, 0x1F, 0x1E) for block in _list_blocks(sentences))  # ASCII's own unit and record separators


def _file_blocks(path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        rest = b""
        while piece := file.read(BLOCK_BYTES):
            piece = rest + piece
            cut = max(piece.rfind(b" "), piece.rfind(b"\n")) + 1
            rest = piece[cut:]
            yield piece[:cut].replace(b"\r\n", b"\n")
        if rest:
            yield rest + b"\n"


def _list_blocks(sentences) -> Iterator[bytes]:
    sentences = iter(sentences)
    while batch := list(islice(sentences, 10_000)):
        for sentence in batch:
            if isinstance(sentence, (str, bytes)):
                raise TypeError(f"문장이 토큰 목록이 아니라 문자열입니다: {sentence[:20]!r}. "
                                "tokenization.whitespace(글들)로 먼저 나누어 주세요.")
        try:
            text = "".join("\x1f".join(sentence) + "\x1e" for sentence in batch)
        except TypeError as error:
            raise TypeError(f"토큰은 모두 문자열이어야 합니다({error}).") from None
        if text.count("\x1e") != len(batch) or text.count("\x1f") != sum(max(len(s) - 1, 0) for s in batch):
            raise ValueError("토큰 안에 제어 문자 U+001E 또는 U+001F가 있습니다. 그 글자를 지운 뒤 다시 실행하세요.")
        yield text.encode("utf-8", "surrogatepass")
