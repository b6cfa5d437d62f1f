"""Association tests against a slow implementation, directions against scikit-learn, debiasing against its definition."""

import math
import unicodedata
from itertools import combinations
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from lab_utils import bias
from lab_utils.cooccurrence import Vocabulary


def groups(seed, *sizes, d=4):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(size, d)) for size in sizes]


def cosine(v, w):
    return sum(i * j for i, j in zip(v, w, strict=True)) / math.sqrt(sum(i * i for i in v) * sum(j * j for j in w))


def slow_weat(x, y, a, b):
    """Effect size and exact p as in the paper, in plain Python."""
    scores = [mean(cosine(w, v) for v in a) - mean(cosine(w, v) for v in b) for w in [*x, *y]]
    left, right = scores[: len(x)], scores[len(x):]

    def statistic(chosen):
        return mean(scores[i] for i in chosen) - mean(scores[i] for i in range(len(scores)) if i not in chosen)

    real = statistic(range(len(x)))
    partitions = list(combinations(range(len(scores)), len(x)))
    return (mean(left) - mean(right)) / stdev(scores), sum(statistic(c) >= real - 1e-12 for c in partitions) / len(partitions), len(partitions)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 4), st.integers(1, 3), st.integers(1, 3))
def test_weat_is_that_of_the_paper(seed, n_x, n_y, n_a, n_b):
    vectors = groups(seed, n_x, n_y, n_a, n_b)
    found = bias.weat(*vectors)
    effect, p, partitions = slow_weat(*[group.tolist() for group in vectors])
    assert found.effect == pytest.approx(effect) and found.p == pytest.approx(p)
    assert (found.exact, found.partitions) == (True, partitions)
    assert (found.n_x, found.n_y, found.n_a, found.n_b) == (n_x, n_y, n_a, n_b)


def test_weat_finds_what_is_there_and_its_opposite():
    x, y = np.eye(3)[[0] * 6] + groups(0, 6, d=3)[0] / 20, np.eye(3)[[1] * 6] + groups(1, 6, d=3)[0] / 20
    a, b = np.eye(3)[[0]], np.eye(3)[[1]]
    found = bias.weat(x, y, a, b)
    assert found.effect > 1.8 and found.low > 1.5 and found.p == pytest.approx(1 / math.comb(12, 6))
    turned = bias.weat(y, x, a, b)
    assert turned.effect == pytest.approx(-found.effect) and turned.p == 1


def test_sampled_p_agrees_with_the_exact_one(monkeypatch):
    vectors = [group.astype(np.float32) for group in groups(3, 6, 6, 4, 4)]
    exact = bias.weat(*vectors)
    monkeypatch.setattr(bias, "MAX_EXACT", 10)
    sampled = bias.weat(*vectors, n_permutations=5000)
    assert not sampled.exact and sampled.partitions == 5000
    assert 0.02 < exact.p < 0.98 and sampled.p == pytest.approx(exact.p, abs=0.03)


def test_sampled_p_is_never_zero():
    x, y = np.eye(2)[[0] * 12] + groups(0, 12, d=2)[0] / 50, np.eye(2)[[1] * 12] + groups(1, 12, d=2)[0] / 50
    for dtype in (np.float64, np.float32):
        assert bias.weat(x.astype(dtype), y.astype(dtype), np.eye(2)[[0]], np.eye(2)[[1]], n_permutations=500).p == 1 / 500


def test_p_is_uniform_where_nothing_is():
    ps = [bias.weat(*groups(seed, 4, 4, 3, 3)).p for seed in range(300)]
    assert np.mean(np.array(ps) <= 0.05) == pytest.approx(0.05, abs=0.035)
    assert np.mean(ps) == pytest.approx(0.5, abs=0.06)


def test_too_few_words_are_named():
    with pytest.raises(ValueError, match="X 1개"):
        bias.weat(*groups(0, 1, 3, 2, 2))
    assert math.isnan(bias.effect_size([1, 1], [1, 1]))


def test_gender_direction_is_pca_of_centred_pairs():
    male, female = groups(5, 7, 7, d=10)
    unit = [group / np.linalg.norm(group, axis=1, keepdims=True) for group in (male, female)]
    middle = (unit[0] + unit[1]) / 2
    pca = PCA().fit(np.vstack([unit[0] - middle, unit[1] - middle]))
    direction, explained = bias.gender_direction(male, female)
    assert abs(direction @ pca.components_[0]) == pytest.approx(1)
    assert explained == pytest.approx(pca.explained_variance_ratio_[:7])
    assert ((unit[1] - unit[0]) @ direction).sum() > 0


def test_neutralised_words_have_no_part_along_the_direction():
    vectors, direction = groups(2, 20, 1, d=6)
    neutral = bias.neutralise(vectors, 3 * direction[0])
    assert np.allclose(neutral @ direction[0], 0) and np.allclose(np.linalg.norm(neutral, axis=1), 1)
    unit = direction[0] / np.linalg.norm(direction[0])
    for before, after in zip(vectors, neutral, strict=True):  # nothing else has turned
        rest = before - (before @ unit) * unit
        assert np.allclose(after, rest / np.linalg.norm(rest))


def test_equalised_pairs_follow_bolukbasi():
    male, female, direction, others = groups(9, 5, 5, 1, 8, d=6)
    unit = direction[0] / np.linalg.norm(direction[0])
    m, f = bias.equalise(male, female, direction[0])
    for i in range(5):
        w = [v / np.linalg.norm(v) for v in (male[i], female[i])]
        middle = (w[0] + w[1]) / 2
        middle_on = (middle @ unit) * unit
        nu = middle - middle_on
        for v, found in zip(w, (m[i], f[i]), strict=True):
            on = (v @ unit) * unit - middle_on
            assert np.allclose(found, nu + math.sqrt(1 - nu @ nu) * on / np.linalg.norm(on))
    neutral = bias.neutralise(others, direction[0])
    assert np.allclose(neutral @ m.T, neutral @ f.T)
    assert np.allclose(bias.association(neutral, m, f), 0)


def test_sides_are_recovered_only_if_they_are_there():
    rng = np.random.default_rng(0)
    side = np.repeat([0, 1], 30)
    noise = rng.normal(size=(60, 8))
    found = bias.recoverable(noise + 3 * side[:, None] * np.eye(8)[0] - 1.5 * np.eye(8)[0], side)
    assert found.classified > 0.85 and found.low > 0.7 and found.n == 60 and found.each.mean() == found.classified
    assert np.mean([bias.recoverable(rng.normal(size=(60, 8)), side, seed=seed).classified for seed in range(10)]) == pytest.approx(0.5, abs=0.09)
    far = bias.recoverable(noise / 20 + np.eye(8)[side], side)
    assert (far.classified, far.clustered) == (1, 1)


@pytest.mark.parametrize("lean", [0, 0.3, 0.5])
def test_planted_sentences_lean_as_asked(lean):
    x, y = ["군인", "의사"], ["가수", "사서"]
    female = {w for _, w in bias.SLOTS.values()}
    male = {w for w, _ in bias.SLOTS.values()}
    sentences = bias.planted_sentences(x, y, lean, n=4000, seed=1)
    assert sentences == bias.planted_sentences(x, y, lean, n=4000, seed=1) != bias.planted_sentences(x, y, lean, n=4000, seed=2)
    for jobs, expected in ((x, 0.5 - lean), (y, 0.5 + lean)):
        of_jobs = [set(s) for s in sentences if set(jobs) & set(s)]
        assert len(of_jobs) == pytest.approx(2000, abs=150)
        assert all((s & female) or (s & male) for s in of_jobs) and not any((s & female) and (s & male) for s in of_jobs)
        assert np.mean([bool(s & female) for s in of_jobs]) == pytest.approx(expected, abs=0.04)
    assert not any("{" in token or "/" in token or token in bias.PARTICLES for s in sentences for token in s)


def test_particles_fit_the_word_before():
    for sentence in bias.planted_sentences(["군인"], ["가수"], 0.2, n=300):
        for before, token in zip(sentence, sentence[1:], strict=False):
            if token in ("을", "를"):
                assert (token == "을") == (len(unicodedata.normalize("NFD", before[-1])) == 3), sentence
            if before in ("군인", "가수") and token in ("은", "는", "이", "가", "을", "를", "으로", "로"):
                assert (token in ("은", "이", "을", "으로")) == (before == "군인"), sentence
    with pytest.raises(ValueError, match="0과 0.5"):
        bias.planted_sentences(["군인"], ["가수"], 0.6)


def test_word_lists_are_consistent():
    lists = bias.word_lists()
    paired = [word for pair in lists["pairs"] for word in pair]
    assert len(set(paired)) == len(paired) and lists["attribute_pairs"] <= len(lists["pairs"])
    for name, target in lists["targets"].items():
        together = target["x"] + target["y"]
        assert len(set(together)) == len(together) >= 12, name
        assert not set(together) & set(paired + lists["gendered"]), name
        assert ("a" in target) == ("b" in target)


def test_only_frequent_words_and_whole_pairs_are_used():
    words = ["남자", "여자", "아버지", "어머니", "의사", "군인", "가수", "교사", "형", "누나"]
    vocabulary = Vocabulary(words, np.array([50, 40, 30, 3, 20, 20, 9, 8, 7, 6]))
    assert bias.frequent_pairs(vocabulary, 5) == [("남자", "여자"), ("형", "누나")]
    assert bias.test_words(vocabulary, "occupations", 9) == (["군인", "의사"], ["가수"], ["남자"], ["여자"])


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def space():
    """Vectors in which gender is one direction, and the jobs lean along it."""
    rng = np.random.default_rng(4)
    lists = bias.word_lists()
    target = lists["targets"]["occupations"]
    words = [w for pair in lists["pairs"] for w in pair] + target["x"] + target["y"] + [f"낱말{i}" for i in range(400)]
    matrix = rng.normal(size=(len(words), 20))
    for place, word in enumerate(words):
        gender = {0: -1, 1: 1}.get(next((pair.index(word) for pair in lists["pairs"] if word in pair), None), 0)
        lean = -1 if word in target["x"] else 1 if word in target["y"] else rng.normal()
        matrix[place, 0] = 4 * gender or 2 * lean
    for male, female in lists["pairs"]:  # partners share everything else
        matrix[words.index(female), 1:] = matrix[words.index(male), 1:] + rng.normal(size=19) / 3
    return matrix, Vocabulary(words, np.full(len(words), 50))


def test_reports_find_a_direction_that_is_there(space):
    matrix, vocabulary = space
    tests = bias.test_report(matrix, vocabulary).set_index("시험")
    assert list(tests.index) == ["occupations"] and tests.loc["occupations", "p"] < 0.001 and tests.loc["occupations", "d"] > 1
    found = bias.direction_report(matrix, vocabulary, n_draws=20)
    assert found["첫 방향"] > 0.8 > found["짝 섞기"] > found["무작위 낱말"]
    for control in ("짝 섞기", "무작위 낱말"):
        assert found[f"{control}, 아래"] < found[control] < found[f"{control}, 위"]


def test_models_are_matrix_and_vocabulary():
    sentences = [["가", "나", "다", "라"], ["가", "다", "마", "나"], ["바", "라", "마", "가"]] * 20
    for matrix, vocabulary in (bias.ppmi_svd(sentences, dimensions=3, min_count=1), bias.sgns(sentences, dimensions=3, min_count=1, subsample=0)):
        assert matrix.shape == (6, 3) and set(vocabulary.words) == set("가나다라마바") and vocabulary.counts[vocabulary.index["가"]] == 60
    first, second, other = (bias.sgns(sentences, seed, dimensions=3, min_count=1, subsample=0)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, second) and not np.array_equal(first, other)
