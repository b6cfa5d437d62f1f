"""The shape of a cloud of vectors: against scikit-learn, brute force, and clouds whose shape is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import skew
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from lab_utils import geometry as geo
from lab_utils.similarity import unit_rows


def cloud(n=80, d=12, shift=0.0, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)) * np.linspace(3, 0.5, d) + shift


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(2, 30), st.integers(1, 6))
def test_mean_cosine_against_all_pairs(seed, n, d):
    vectors = cloud(n, d, 0.5, seed)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = [unit[i] @ unit[j] for i in range(n) for j in range(n) if i != j]
    assert geo.mean_cosine(vectors) == pytest.approx(np.mean(pairs), abs=1e-12)
    assert geo.mean_cosine(np.vstack([vectors, np.zeros(d)])) == pytest.approx(np.mean(pairs), abs=1e-12)


def test_isotropy_by_the_formula_and_its_bounds():
    vectors = cloud(200, 5, 0.3)
    directions = np.linalg.svd(vectors, full_matrices=False)[2]
    z = [np.exp(sign * vectors @ c).sum() for c in directions for sign in (1, -1)]
    assert geo.partition_isotropy(vectors) == pytest.approx(min(z) / max(z), rel=1e-9)
    even = np.random.default_rng(0).normal(size=(20_000, 4))
    narrow = even + [3, 0, 0, 0]
    assert geo.partition_isotropy(narrow) < 0.1 < 0.9 < geo.partition_isotropy(even) <= 1


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize("measure, name", [("cosine", "cosine"), ("euclid", "euclidean")])
def test_k_occurrence_against_scikit_learn(measure, name, k):
    vectors = cloud(1200, 12, 0.4)                                       # more rows than one block
    found = NearestNeighbors(n_neighbors=k, metric=name, algorithm="brute").fit(vectors).kneighbors(return_distance=False)
    expected = np.bincount(found.ravel(), minlength=len(vectors))
    result = geo.k_occurrence(vectors, k, measure)
    assert result.mean() == k and np.array_equal(result, expected)


def test_long_vectors_are_the_hubs_of_the_inner_product():
    vectors = unit_rows(cloud(300, 8))
    vectors[7] *= 50
    assert geo.k_occurrence(vectors, 5, "inner").argmax() == 7 and geo.k_occurrence(vectors, 5, "inner")[7] > 100
    assert geo.k_occurrence(vectors, 5, "cosine")[7] < 40


def test_hubs_appear_in_many_dimensions():
    generator = np.random.default_rng(0)
    flat, deep = (skew(geo.k_occurrence(generator.normal(size=(800, d)), 10, "euclid")) for d in (2, 100))
    assert flat < 0.5 < 2 < deep


def test_three_measures_agree_on_unit_rows_only():
    raw = cloud(60, 10) * np.random.default_rng(1).uniform(0.2, 5, size=(60, 1))
    for vectors, agree in ((unit_rows(raw), True), (raw, False)):
        orders = [np.argsort(-geo.similarity_scores(vectors, vectors, m), axis=1, kind="stable") for m in ("cosine", "inner", "euclid")]
        assert all(np.array_equal(orders[0], other) for other in orders[1:]) == agree
    assert geo.similarity_scores(raw, raw, "euclid")[3, 5] == pytest.approx(-np.sum((raw[3] - raw[5]) ** 2))


@pytest.mark.parametrize("n", [1, 3])
def test_all_but_the_top_against_scikit_learn(n):
    vectors = cloud(100, 12, 2.0)
    pca = PCA(n).fit(vectors)
    expected = vectors - vectors.mean(axis=0) - pca.transform(vectors) @ pca.components_
    result = geo.all_but_the_top(vectors, n)
    np.testing.assert_allclose(result, expected, atol=1e-9)
    assert np.linalg.matrix_rank(result) == 12 - n
    np.testing.assert_allclose(geo.all_but_the_top(vectors, 0), vectors - vectors.mean(axis=0))


def test_repair_makes_directions_even():
    vectors = cloud(400, 20, 2.0)
    before, after = geo.mean_cosine(vectors), geo.mean_cosine(geo.all_but_the_top(vectors, 1))
    assert before > 0.5 and abs(after) < 0.02
    assert geo.partition_isotropy(geo.all_but_the_top(vectors, 1)) > geo.partition_isotropy(vectors)


def test_contrast_by_hand_and_in_many_dimensions():
    assert geo.relative_contrast(np.array([[1.0, 0], [0, 3]]), np.zeros((1, 2))) == pytest.approx([2])
    generator = np.random.default_rng(0)
    contrast = [np.median(geo.relative_contrast(generator.random((500, d)), generator.random((30, d)))) for d in (2, 20, 500)]
    assert contrast[0] > 10 * contrast[1] > 30 * contrast[2]


@pytest.mark.parametrize("wrong", [
    lambda: geo.k_occurrence(np.eye(3), 3),
    lambda: geo.similarity_scores(np.eye(3), np.eye(3), "manhattan"),
    lambda: geo.all_but_the_top(np.eye(3), 3),
    lambda: geo.mean_cosine(np.array([[1.0, 0], [0, 0]])),
])
def test_wrong_input_is_explained_in_korean(wrong):
    with pytest.raises(ValueError, match="[가-힣]"):
        wrong()
