"""Word vectors in files: what is written comes back exactly, gensim agrees, damage is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_utils import vectors
from lab_utils.cooccurrence import Vocabulary

gensim = pytest.importorskip("gensim.models")
WORDS = st.lists(st.text(st.characters(exclude_categories=("Cs", "Z", "C")), min_size=1, max_size=8), min_size=1, max_size=12, unique=True)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


def example(words=("영화", "배우", "감독", "ㅋㅋㅋ"), size=5, seed=0):
    matrix = np.random.default_rng(seed).normal(size=(len(words), size)).astype(np.float32)
    return matrix, Vocabulary(list(words), np.arange(10, 10 + len(words), dtype=np.int64))  # counts ascend: the order must survive


@settings(max_examples=40, deadline=None)
@given(words=WORDS, data=st.data(), binary=st.booleans())
def test_file_comes_back_exactly(words, data, binary, tmp_path_factory):
    rows = data.draw(st.lists(st.lists(FLOATS, min_size=3, max_size=3), min_size=len(words), max_size=len(words)))
    matrix, path = np.array(rows, np.float32), tmp_path_factory.mktemp("v") / "a.vec"
    vectors.save_word2vec(path, matrix, Vocabulary(words, np.zeros(len(words), np.int64)), binary=binary)
    back, vocabulary = vectors.load_word2vec(path)
    assert vocabulary.words == words and back.dtype == np.float32
    assert (back == matrix).all()
    assert [file.name for file in path.parent.iterdir()] == ["a.vec"]


@pytest.mark.parametrize("binary", [False, True])
def test_gensim_reads_ours_and_we_read_gensims(binary, tmp_path):
    matrix, vocabulary = example()
    vectors.save_word2vec(tmp_path / "ours", matrix, vocabulary, binary=binary)
    keyed = gensim.KeyedVectors.load_word2vec_format(str(tmp_path / "ours"), binary=binary)
    assert keyed.index_to_key == vocabulary.words and (keyed.vectors == matrix).all()
    keyed.save_word2vec_format(str(tmp_path / "theirs"), binary=binary)
    back, read = vectors.load_word2vec(tmp_path / "theirs")
    assert read.words == vocabulary.words and (back == matrix).all()


def test_keyed_vectors_and_back():
    matrix, vocabulary = example()
    keyed = vectors.to_keyed_vectors(matrix, vocabulary)
    assert keyed.get_vecattr("배우", "count") == 11
    cosine = matrix[0] @ matrix[2] / np.linalg.norm(matrix[0]) / np.linalg.norm(matrix[2])
    assert np.isclose(keyed.similarity("영화", "감독"), cosine)
    back, read = vectors.from_keyed_vectors(keyed)
    assert read.words == vocabulary.words and (read.counts == vocabulary.counts).all() and (back == matrix).all()
    back[:] = 0
    assert keyed.vectors.any(), "a copy, not a window into gensim's array"


def test_a_trained_gensim_model_becomes_a_matrix():
    model = gensim.Word2Vec([["나", "밥", "먹다"]] * 9 + [["나"]], vector_size=4, min_count=1, epochs=1, workers=1)
    matrix, vocabulary = vectors.from_keyed_vectors(model.wv)
    assert (vocabulary.words[0], vocabulary.counts[0]) == ("나", 10)
    assert (matrix[vocabulary.index["밥"]] == model.wv["밥"]).all()


@pytest.mark.parametrize("binary", [False, True])
def test_every_cut_is_noticed(binary, tmp_path):
    vectors.save_word2vec(tmp_path / "whole", *example(size=3), binary=binary)
    content = (tmp_path / "whole").read_bytes()
    for length in range(len(content)):
        (tmp_path / "cut").write_bytes(content[:length])
        with pytest.raises(vectors.VectorFileError, match="원인.*\n.*해결"):
            vectors.load_word2vec(tmp_path / "cut")


DAMAGE = {
    "no header": lambda b: b[b.index(b"\n") + 1:],
    "header is text": lambda b: b"words vectors\n" + b[b.index(b"\n") + 1:],
    "huge header": lambda b: b"999999999 300\n" + b[b.index(b"\n") + 1:],
    "more words promised": lambda b: b.replace(b"4 5\n", b"5 5\n", 1),
    "other size promised": lambda b: b.replace(b"4 5\n", b"4 6\n", 1),
    "negative": lambda b: b.replace(b"4 5\n", b"-4 5\n", 1),
    "twice the same word": lambda b: b.replace("배우".encode(), "영화".encode()),
    "not utf-8": lambda b: b.replace("배우".encode(), b"\xff\xfe\xfd"),
    "nothing": lambda b: b"",
    "zeros": lambda b: bytes(1000),
}


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named(damage, binary, tmp_path):
    vectors.save_word2vec(tmp_path / "a", *example(), binary=binary)
    (tmp_path / "a").write_bytes(DAMAGE[damage]((tmp_path / "a").read_bytes()))
    with pytest.raises(vectors.VectorFileError, match="원인.*\n.*해결"):
        vectors.load_word2vec(tmp_path / "a")


def test_nan_in_a_file(tmp_path):
    (tmp_path / "a").write_text("2 2\n가 1.0 2.0\n나 nan 1.0\n", encoding="utf-8")
    with pytest.raises(vectors.VectorFileError, match="NaN"):
        vectors.load_word2vec(tmp_path / "a")


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="save_word2vec"):
        vectors.load_word2vec(tmp_path / "none")


@pytest.mark.parametrize("word", ["에이지 오브", "", "줄\n바꿈", "탭\t", " 앞", "넓은\u3000칸"])
def test_words_that_the_format_cannot_hold(word, tmp_path):
    with pytest.raises(ValueError, match="공백"):
        vectors.save_word2vec(tmp_path / "a", *example(("영화", word)))
    assert not list(tmp_path.iterdir())


def test_what_must_not_be_saved(tmp_path):
    matrix, vocabulary = example()
    matrix[1, 1] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        vectors.save_word2vec(tmp_path / "a", matrix, vocabulary)
    with pytest.raises(ValueError, match="행렬의 행"):
        vectors.save_word2vec(tmp_path / "a", np.ones((3, 2)), vocabulary)
    with pytest.raises(ValueError, match="두 번"):
        vectors.to_keyed_vectors(np.ones((2, 2)), Vocabulary(["가", "가"], np.ones(2, np.int64)))


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a"
    vectors.save_word2vec(path, *example(seed=1))
    before = path.read_bytes()

    def full(self, part, **options):
        with open(part, "wb") as file:
            file.write(b"4 5\n")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gensim.KeyedVectors, "save_word2vec_format", full)
    with pytest.raises(OSError, match="원인.*\n.*해결"):
        vectors.save_word2vec(path, *example(seed=2))
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["a"]


def test_importing_is_cheap():
    import subprocess
    import sys

    code = "import sys, lab_utils.vectors, lab_utils.skipgram; print([m for m in ('gensim', 'torch', 'numba', 'pandas') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
