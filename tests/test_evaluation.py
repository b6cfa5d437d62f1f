"""Numbers with intervals: against scipy, against hand-made cases, and coverage that says what was left out."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.stats import spearmanr

from lab_utils import evaluation as ev
from lab_utils.cooccurrence import Vocabulary

values = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=3, max_size=20)


@settings(deadline=None)
@given(values)
@pytest.mark.filterwarnings("ignore:.*constant")
def test_spearman_against_scipy(pairs):
    a, b = np.array(pairs, float).T
    np.testing.assert_allclose(ev.spearman(a, b), spearmanr(a, b).statistic, atol=1e-12)


def test_interval_covers_as_often_as_it_says():
    generator = np.random.default_rng(0)
    inside = 0
    for seed in range(200):
        low, high = ev.bootstrap_interval(np.mean, generator.normal(3, 1, 60), n=400, level=0.9, seed=seed)
        inside += low <= 3 <= high
    assert 0.83 < inside / 200 < 0.95


def test_interval_keeps_pairs_together_and_repeats():
    a = np.arange(30.0)
    assert ev.bootstrap_interval(ev.spearman, a, 2 * a) == (pytest.approx(1), pytest.approx(1))
    noise = np.random.default_rng(1).normal(size=30)
    first = ev.bootstrap_interval(ev.spearman, a, noise, seed=5)
    assert first == ev.bootstrap_interval(ev.spearman, a, noise, seed=5) != ev.bootstrap_interval(ev.spearman, a, noise, seed=6)
    assert first[0] < ev.spearman(a, noise) < first[1]


def vocabulary(*words):
    return Vocabulary(list(words), np.ones(len(words), np.int64))


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_word_similarity_and_coverage(form):
    rows = np.random.default_rng(0).random((6, 4))
    words = vocabulary(*"가나다라마바")
    pairs = pd.DataFrame({"word1": list("가가가나다라모"), "word2": list("나다라다라마가"), "score": [9.0, 3, 5, 1, 7, 4, 8]})
    result = ev.word_similarity(form(rows), words, pairs)
    index = words.index
    cosines = [rows[index[a]] @ rows[index[b]] / np.linalg.norm(rows[index[a]]) / np.linalg.norm(rows[index[b]])
               for a, b in zip(pairs.word1[:6], pairs.word2[:6], strict=True)]
    assert result.rho == pytest.approx(spearmanr(cosines, pairs.score[:6]).statistic)
    assert (result.n_covered, result.n_total) == (6, 7) and "6/7" in str(result)
    assert result.low <= result.rho <= result.high


def test_too_few_pairs_give_nan_and_no_error():
    pairs = pd.DataFrame({"word1": ["가", "모름"], "word2": ["나", "나"], "score": [1.0, 2.0]})
    result = ev.word_similarity(np.eye(2), vocabulary("가", "나"), pairs)
    assert np.isnan(result.rho) and (result.n_covered, result.n_total) == (1, 2)
    constant = ev.word_similarity(np.zeros((2, 2)), vocabulary("가", "나"), pd.concat([pairs] * 3))
    assert np.isnan(constant.rho) and np.isnan(constant.low)


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_category_precision_by_hand(form):
    rows = np.array([[1, 0], [1, 0.1], [1, 0.2], [0, 1], [0.1, 1], [0.2, 1], [1, 0.05]])
    words = vocabulary("개", "소", "말", "빵", "밥", "떡", "죽")  # 죽 (porridge) points where the animals point
    table = pd.DataFrame({"word": [*words.words, "모름"], "category": ["동물"] * 3 + ["음식"] * 5})
    result = ev.category_precision(form(rows), words, table, n=2)
    assert result.precision == pytest.approx((0.5 + 0.5 + 0.5 + 1 + 1 + 1 + 0) / 7)
    assert (result.n_covered, result.n_total) == (7, 8)
    assert result.chance == pytest.approx((3 * 2 + 4 * 3) / 7 / 6)
    assert result.low < result.precision < result.high


def test_random_rows_reach_chance_only():
    generator = np.random.default_rng(0)
    words = vocabulary(*(f"w{i}" for i in range(300)))
    table = pd.DataFrame({"word": words.words, "category": generator.integers(0, 5, 300)})
    result = ev.category_precision(generator.normal(size=(300, 20)), words, table)
    assert result.low - 0.02 < result.chance < result.high + 0.02


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_analogy_excludes_its_inputs(form):
    words = vocabulary("왕", "여왕", "남자", "여자", "밥")
    rows = np.array([[3, 1, 0], [3, 0, 1], [0, 1, 0], [0, 0, 1], [-1, 1, 1.0]])
    result = ev.analogy(form(rows), words, "남자", "왕", "여자", n=5)
    assert result[0][0] == "여왕" and {word for word, _ in result} == {"여왕", "밥"}
    with pytest.raises(KeyError):
        ev.analogy(form(rows), words, "남자", "왕", "공주")


@given(st.lists(st.lists(st.sampled_from("가나다라마바사"), max_size=8), max_size=8))
def test_shuffling_keeps_words_and_lengths(sentences):
    shuffled = ev.shuffled_corpus(sentences, seed=1)
    assert [len(s) for s in shuffled] == [len(s) for s in sentences]
    assert Counter(w for s in shuffled for w in s) == Counter(w for s in sentences for w in s)
    assert shuffled == ev.shuffled_corpus(sentences, seed=1)


def test_shuffling_crosses_sentences():
    sentences = [["가"] * 50, ["나"] * 50]
    assert 10 < ev.shuffled_corpus(sentences)[0].count("나") < 40


@pytest.mark.parametrize("wrong", [
    lambda: ev.bootstrap_interval(np.mean, []),
    lambda: ev.bootstrap_interval(np.mean, [1], [1, 2]),
    lambda: ev.bootstrap_interval(np.mean, [1], level=95),
    lambda: ev.word_similarity(np.eye(2), vocabulary("가", "나"), pd.DataFrame({"a": ["가"]})),
    lambda: ev.category_precision(np.eye(2), vocabulary("가", "나"), pd.DataFrame({"word": ["가"], "category": ["ㄱ"]})),
])
def test_wrong_input_is_explained_in_korean(wrong):
    with pytest.raises(ValueError, match="[가-힣]"):
        wrong()


def test_gain_is_zero_against_itself_and_paired():
    generator = np.random.default_rng(0)
    words = [f"낱말{i}" for i in range(60)]
    known = Vocabulary(words, np.arange(60, 0, -1))
    good = generator.normal(size=(60, 8))
    order = generator.permutation(60)
    pairs = pd.DataFrame({"word1": [words[i] for i in order[:30]] + ["없는말"], "word2": [words[i] for i in order[30:]] + [words[0]]})
    unit = good / np.linalg.norm(good, axis=1, keepdims=True)
    truth = (unit[order[:30]] * unit[order[30:]]).sum(axis=1)
    pairs["score"] = [*truth, 5.0]
    assert ev.similarity_gain(good, good, known, pairs) == (0, 0, 0)
    noisy = good + 0.8 * generator.normal(size=good.shape)
    gain, low, high = ev.similarity_gain(good, noisy, known, pairs)
    assert low <= gain <= high and low > 0
    a, b = ev.word_similarity(good, known, pairs), ev.word_similarity(noisy, known, pairs)
    assert np.isclose(gain, a.rho - b.rho) and a.n_covered == 30


def test_no_pair_in_the_vocabulary():
    known = Vocabulary(["가", "나"], np.array([2, 1]))
    pairs = pd.DataFrame({"word1": ["다"], "word2": ["라"], "score": [1.0]})
    assert ev.word_similarity(np.eye(2), known, pairs).n_covered == 0
