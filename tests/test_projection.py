"""Pictures of vectors, and what is stable in them."""

from importlib.util import find_spec

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from sklearn.manifold import trustworthiness

from lab_utils import projection as pro
from lab_utils.similarity import unit_rows


@pytest.fixture(scope="module")
def clusters():
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(4, 20)) * 3
    return np.vstack([c + generator.normal(size=(25, 20)) for c in centres]), np.repeat(range(4), 25)


def purity(points, label):
    near = pro._neighbours(points, 5)
    return np.mean(label[near] == label[:, None])


@pytest.mark.parametrize("method", pro.METHODS)
def test_clusters_stay_together(clusters, method):
    if method == "umap" and not find_spec("umap"):
        pytest.skip("umap-learn is not installed")
    points = pro.project(clusters[0], method, seed=1)
    assert points.shape == (100, 2) and np.isfinite(points).all()
    assert purity(points, clusters[1]) > 0.9
    np.testing.assert_array_equal(points, pro.project(clusters[0], method, seed=1))


def test_pca_is_that_of_unit_rows_and_has_no_seed(clusters):
    points = pro.project(clusters[0], "pca", seed=3)
    rows = unit_rows(clusters[0].astype(np.float32))
    rows -= rows.mean(axis=0)
    U, S, _ = np.linalg.svd(rows, full_matrices=False)
    np.testing.assert_allclose(np.abs(points), np.abs(U[:, :2] * S[:2]), atol=1e-4)
    np.testing.assert_array_equal(points, pro.project(clusters[0], "pca", seed=4))
    np.testing.assert_allclose(points, pro.project(clusters[0] * 7, "pca"), atol=1e-4)


def test_random_start_moves_the_picture_and_an_informed_one_does_not(clusters):
    random = [pro.project(clusters[0], "tsne", seed=seed) for seed in (0, 1)]
    informed = [pro.project(clusters[0], "tsne", seed=seed, start="informed") for seed in (0, 1)]
    assert pro.procrustes_distance(*random) > 0.05 > 0.01 > pro.procrustes_distance(*informed)


def test_overlap_by_hand():
    line = np.array([[0.0], [1], [2.1], [3.3], [4.6]])
    assert pro.neighbour_overlap(line, -5 * line, 2) == 1
    swapped = line[[0, 4, 2, 3, 1]]
    near = [{1, 2}, {0, 2}, {1, 3}, {2, 4}, {2, 3}]                      # the two nearest on the line …
    other = [{2, 4}, {2, 3}, {3, 4}, {1, 2}, {0, 2}]                     # … and after 1 and 4 changed places
    expected = np.mean([len(a & b) / 2 for a, b in zip(near, other, strict=True)])
    assert pro.neighbour_overlap(line, swapped, 2) == pytest.approx(expected)


def test_unrelated_points_overlap_by_chance():
    generator = np.random.default_rng(0)
    overlap = pro.neighbour_overlap(generator.normal(size=(400, 3)), generator.normal(size=(400, 2)), 10)
    assert overlap == pytest.approx(10 / 399, abs=0.01)


def test_procrustes_forgives_turning_scaling_and_mirroring():
    points = np.random.default_rng(0).normal(size=(30, 3))
    turned = 4 * points @ Rotation.from_euler("xyz", [0.3, 1, 2]).as_matrix() * [1, 1, 1] + 9
    assert pro.procrustes_distance(points, turned) == pytest.approx(0, abs=1e-12)
    assert pro.procrustes_distance(points, turned * [-1, 1, 1]) == pytest.approx(0, abs=1e-12)
    assert 0.5 < pro.procrustes_distance(points, np.random.default_rng(1).normal(size=(30, 3))) <= 1


def test_stability_takes_means_over_pairs_and_pictures(clusters):
    vectors = clusters[0]
    generator = np.random.default_rng(2)
    pictures = [pro.project(vectors, "pca") + generator.normal(scale=s, size=(100, 2)) for s in (0, 0.1, 0.3)]
    found = pro.stability(pictures, vectors, k=7)
    pairs = [(0, 1), (0, 2), (1, 2)]
    assert found["neighbours"] == pytest.approx(np.mean([pro.neighbour_overlap(pictures[i], pictures[j], 7) for i, j in pairs]))
    assert found["procrustes"] == pytest.approx(np.mean([pro.procrustes_distance(pictures[i], pictures[j]) for i, j in pairs]))
    trust = [trustworthiness(vectors, picture, n_neighbors=7, metric="cosine") for picture in pictures]
    assert found["trustworthiness"] == pytest.approx(np.mean(trust), abs=1e-6)
    same = pro.stability([pictures[0]] * 2, vectors)
    assert same["neighbours"] == 1 and same["procrustes"] == pytest.approx(0, abs=1e-12) and same["kept"] < 1


@pytest.mark.parametrize("wrong", [
    lambda: pro.project(np.eye(40), "isomap"),
    lambda: pro.project(np.eye(40), "tsne", start="lucky"),
    lambda: pro.project(np.eye(10), "tsne", neighbours=15),
    lambda: pro.neighbour_overlap(np.eye(4), np.eye(5)),
    lambda: pro.neighbour_overlap(np.eye(4), np.eye(4), 4),
    lambda: pro.stability([np.eye(4)], np.eye(4)),
])
def test_wrong_input_is_explained_in_korean(wrong):
    with pytest.raises(ValueError, match="[가-힣]"):
        wrong()
