"""Counting: fast against slow, streams against one piece, and what must never happen at the ends of sentences."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_utils import cooccurrence as co
from lab_utils.tokenization import TokenFile

# Hangul, jamo that NFKC would change, emoji beyond the basic plane, a no-break space, a space inside a token, control
# characters, half of a surrogate pair: whatever a Python string can hold.
WORDS = ["나", "밥", "ㅋㅋㅋ", "ᄏ", "😀", "가\u00a0나", "뉴 욕", "\t", "\n", "a", "aa", "\ud800", "\x00", "한", "각"]
corpora = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=12)
windows = st.integers(1, 7)


def dense_by_definition(sentences, vocabulary, window, weighting="uniform"):
    matrix = np.zeros((len(vocabulary), len(vocabulary)))
    for sentence in sentences:
        numbers = [vocabulary.index[word] for word in sentence if word in vocabulary]
        for i, a in enumerate(numbers):
            for j, b in enumerate(numbers):
                if 0 < abs(i - j) <= window:
                    matrix[a, b] += 1 if weighting == "uniform" else 1 / abs(i - j)
    return matrix


@settings(deadline=None)
@given(corpora, windows)
def test_fast_counts_are_the_slow_ones(sentences, window):
    counts, vocabulary = co.count_cooccurrences(sentences, window=window)
    slow = co.count_slowly(sentences, window)
    cells = counts.tocoo()
    fast = {(vocabulary.words[i], vocabulary.words[j]): n for i, j, n in zip(*cells.coords, cells.data, strict=True)}
    assert fast == slow
    assert (counts != counts.T).nnz == 0
    assert counts.sum() == sum(2 * max(len(s) - d, 0) for s in sentences for d in range(1, window + 1))


@settings(deadline=None)
@given(corpora, windows, st.integers(1, 5), st.sampled_from(["uniform", "harmonic"]))
def test_windows_close_over_removed_words(sentences, window, size, weighting):
    counts, vocabulary = co.count_cooccurrences(sentences, window=window, max_vocabulary=size, weighting=weighting)
    assert len(vocabulary) <= size
    np.testing.assert_allclose(counts.toarray(), dense_by_definition(sentences, vocabulary, window, weighting))
    assert (counts != counts.T).nnz == 0
    encoded = co.count_encoded(*co.encode(sentences, vocabulary), len(vocabulary), window=window, weighting=weighting)
    np.testing.assert_allclose(encoded.toarray(), counts.toarray())


def natural_corpus(seed=0, sentences=600):
    """Word frequencies like in a language: many rare words, some beyond the square of frequent ones."""
    generator = np.random.default_rng(seed)
    return [[f"낱말{min(rank, 4_000)}" for rank in generator.zipf(1.2, generator.integers(0, 30))] for _ in range(sentences)]


@pytest.mark.parametrize("weighting", ["uniform", "harmonic"])
def test_rare_words_beyond_the_frequent_square(monkeypatch, weighting):
    sentences = natural_corpus()
    vocabulary = co.build_vocabulary(sentences)
    expected = dense_by_definition(sentences, vocabulary, 4, weighting)
    for frequent in (1, 7, 100_000):
        monkeypatch.setattr(co, "FREQUENT_WORDS", frequent)
        counts, _ = co.count_cooccurrences(sentences, window=4, weighting=weighting)
        np.testing.assert_allclose(counts.toarray(), expected)
    assert counts.has_canonical_format and counts.dtype == np.float64


@pytest.mark.parametrize("lines", ["many", "one"])
def test_chunks_and_files_count_the_same_as_one_piece(monkeypatch, tmp_path, lines):
    sentences = natural_corpus(1) if lines == "many" else [[word for s in natural_corpus(1) for word in s]]
    whole, vocabulary = co.count_cooccurrences(sentences, window=3)
    file = tmp_path / "tokens.txt"
    file.write_text("".join(" ".join(sentence) + "\n" for sentence in sentences), "utf-8", newline="\n")
    monkeypatch.setattr(co, "BLOCK_BYTES", 100)
    monkeypatch.setattr(co, "CHUNK_PAIRS", 200)
    counted = []
    count = co._count
    monkeypatch.setattr(co, "_count", lambda stream, *rest: counted.append(len(stream)) or count(stream, *rest))
    for corpus in (file, TokenFile(file), sentences, iter(sentences)):
        counted.clear()
        pieces, again = co.count_cooccurrences(corpus, window=3)
        assert again.words == vocabulary.words and (again.counts == vocabulary.counts).all()
        assert (pieces != whole).nnz == 0
        if corpus is file:
            assert len(counted) > 50 and max(counted) < 1_000, "the chunks were not small"


def test_file_with_windows_line_ends_double_spaces_and_no_last_newline(tmp_path):
    file = tmp_path / "tokens.txt"
    file.write_bytes("나는  밥을\r\n\r\n 밥을 먹는다".encode())
    counts, vocabulary = co.count_cooccurrences(file, window=2)
    assert vocabulary.words == ["밥을", "나는", "먹는다"]
    assert counts.toarray().tolist() == [[0, 1, 1], [1, 0, 0], [1, 0, 0]]


@settings(deadline=None)
@given(corpora, st.integers(1, 15), st.integers(1, 3))
def test_vocabulary_is_by_count_then_word(sentences, size, least):
    counter = Counter(word for sentence in sentences for word in sentence)
    expected = sorted((-n, word) for word, n in counter.items() if n >= least)[:size]
    vocabulary = co.build_vocabulary(sentences, size, least)
    assert vocabulary.words == [word for _, word in expected]
    assert vocabulary.counts.tolist() == [-n for n, _ in expected] and vocabulary.counts.dtype == np.int64
    assert all(vocabulary.words[number] == word for word, number in vocabulary.index.items())


def test_vocabulary_grows_past_its_first_table():
    words = [f"{number:x}" for number in range(60_000)]
    vocabulary = co.build_vocabulary([words[i:i + 100] for i in range(0, len(words), 100)] + [words[:1]], 70_000)
    assert vocabulary.words == ["0", *sorted(words[1:])]


@settings(deadline=None)
@given(corpora)
def test_encoding_and_back(sentences):
    vocabulary = co.build_vocabulary(sentences)
    ids, offsets = co.encode(sentences, vocabulary)
    assert ids.dtype == np.int32 and offsets.dtype == np.int64
    decoded = [[vocabulary.words[i] for i in ids[a:b]] for a, b in zip(offsets[:-1], offsets[1:], strict=True)]
    assert decoded == sentences


def test_unknown_words_leave_no_trace_but_sentences_stay():
    ids, offsets = co.encode([["가", "모름", "나"], ["모름"], []], co.Vocabulary(["나", "가"], np.array([2, 1])))
    assert ids.tolist() == [1, 0] and offsets.tolist() == [0, 2, 2, 2]


@pytest.mark.parametrize("sentences", [[], [[]], [[], []]])
def test_nothing_to_count(sentences):
    counts, vocabulary = co.count_cooccurrences(sentences)
    assert counts.shape == (0, 0) and len(vocabulary) == 0


def test_one_word_and_a_repeated_word():
    counts, _ = co.count_cooccurrences([["가"]])
    assert counts.shape == (1, 1) and counts.nnz == 0
    counts, _ = co.count_cooccurrences([["가", "가", "가"]], window=1)
    assert counts[0, 0] == 4, "each of the two pairs is seen from both sides"


def test_harmonic_weights_by_hand():
    counts, vocabulary = co.count_cooccurrences([["가", "나", "다", "라"]], window=3, weighting="harmonic")
    row = counts[[vocabulary.index["가"]]].toarray().ravel()
    assert [row[vocabulary.index[word]] for word in "나다라"] == [1, 1 / 2, 1 / 3]


def test_large_vocabulary_needs_64_bit_keys():
    size = 70_000
    counts = co.count_encoded([size - 2, size - 1, 0], [0, 2, 3], size, window=2)
    assert counts.nnz == 2 and counts[size - 2, size - 1] == counts[size - 1, size - 2] == 1


def test_words_are_compared_by_their_letters_not_by_their_hash_alone():
    table = co._WordTable()
    block = "가 나\n".encode(), ord(" "), ord("\n")
    table.learn(block)
    assert table.look_up(block).tolist() == [0, 1, -1]
    table.pool[2] += 1  # now the first word has other letters under the same hash
    assert table.look_up(block).tolist() == [1, -1]


def test_a_total_of_pairs_beyond_float32():
    ids = np.zeros(10_000_000, np.int32)
    counts = co.count_encoded(ids, [0, len(ids)], 1, window=2)
    assert counts[0, 0] == 2 * (len(ids) - 1 + len(ids) - 2)  # 4 · 10⁷, odd part would be lost in float32


@pytest.mark.parametrize("wrong, error", [
    (lambda: co.count_cooccurrences("나는 밥을 먹는다"), TypeError),
    (lambda: co.count_cooccurrences(["나는 밥을", "먹는다"]), TypeError),
    (lambda: co.count_cooccurrences([["나", 1]]), TypeError),
    (lambda: co.count_cooccurrences([["나"]], window=0), ValueError),
    (lambda: co.count_cooccurrences([["나"]], window=-1), ValueError),
    (lambda: co.count_cooccurrences([["나"]], window=1.5), ValueError),
    (lambda: co.count_cooccurrences([["나"]], weighting="linear"), ValueError),
    (lambda: co.build_vocabulary([["나"]], max_size=0), ValueError),
    (lambda: co.build_vocabulary([["나\x1f"]]), ValueError),
    (lambda: co.count_encoded([0, 3], [0, 2], 3), ValueError),
    (lambda: co.count_encoded([0, -1], [0, 2], 3), ValueError),
    (lambda: co.count_encoded([0, 1], [0, 1], 3), ValueError),
    (lambda: co.count_encoded([0, 1], [0, 2, 1, 2], 3), ValueError),
])
def test_wrong_input_is_explained_in_korean(wrong, error):
    with pytest.raises(error) as caught:
        wrong()
    assert any("가" <= letter <= "힣" for letter in str(caught.value))


def test_compiles_where_nothing_can_be_cached(monkeypatch):
    from lab_utils import _kernels

    def refuse(function, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return function

    monkeypatch.setattr(_kernels, "njit", refuse)
    assert _kernels._compiled(math.sqrt) is math.sqrt
