"""Exact search against scikit-learn's; the approximate ones against exact search; files that are whole or not there."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from lab_utils import search_index
from lab_utils.search_index import BruteForce, IndexFileError, InvertedLists, NeighbourGraph, recall


@pytest.fixture(scope="module")
def clustered():
    """2,000 vectors of very different lengths around 25 centres, and 60 queries near some of them."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(25, 24))
    points = centres[rng.integers(25, size=2060)] + 0.4 * rng.normal(size=(2060, 24))
    points *= rng.uniform(0.01, 100, size=(2060, 1))
    return points[:2000], points[2000:]


def test_brute_force_is_what_scikit_learn_finds(clustered):
    vectors, queries = clustered
    numbers, cosines = BruteForce(vectors).search(queries, 7, batch=17)
    distances, expected = NearestNeighbors(n_neighbors=7, metric="cosine", algorithm="brute").fit(vectors).kneighbors(queries)
    assert numbers.dtype == np.int64 and (numbers == expected).all()
    np.testing.assert_allclose(1 - cosines, distances, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 6), st.integers(1, 12))
def test_every_list_together_is_exact_whatever_the_sizes(seed, n, d, n_lists):
    rng = np.random.default_rng(seed)
    vectors, queries = rng.normal(size=(n, d)), rng.normal(size=(3, d))
    n_lists, k = min(n_lists, n), int(rng.integers(1, n + 1))
    index = InvertedLists(vectors, n_lists, seed=seed)
    assert sorted(index.order) == list(range(n)) and index.starts[0] == 0 and index.starts[-1] == n
    _, cosines = index.search(queries, k, n_probes=n_lists)
    np.testing.assert_allclose(cosines, BruteForce(vectors).search(queries, k)[1], atol=1e-5)


def test_a_vector_lies_in_the_list_of_its_nearest_centre(clustered):
    vectors, _ = clustered
    index = InvertedLists(vectors, 30, seed=3)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for number in range(30):
        rows = index.order[index.starts[number]:index.starts[number + 1]]
        cosines = unit[rows] @ index.centres.T
        assert (cosines[:, number] >= cosines.max(axis=1) - 1e-5).all()
    np.testing.assert_allclose(np.linalg.norm(index.centres, axis=1), 1, atol=1e-5)


def test_more_probes_find_more_and_compare_more(clustered):
    vectors, queries = clustered
    right = BruteForce(vectors).search(queries, 10)[0]
    index = InvertedLists(vectors, 40)
    found = [recall(index.search(queries, 10, n_probes=probes)[0], right).mean() for probes in (1, 2, 5, 40)]
    assert found == sorted(found) and found[0] < 0.95 and found[-1] == 1
    compared = [index.compared(queries, probes) for probes in (1, 5, 40)]
    assert (compared[0] < compared[1]).all() and (compared[2] == 2000 + 40).all()


def test_lists_that_hold_too_few_say_so():
    vectors = np.eye(4)
    numbers, cosines = InvertedLists(vectors, 4, seed=0).search(vectors[:1], 3, n_probes=1)
    assert numbers[0, 0] == 0 and (numbers[0, 1:] == -1).all() and np.isneginf(cosines[0, 1:]).all()


def test_the_graph_finds_nearly_all_and_more_with_more_candidates(clustered):
    vectors, queries = clustered
    right, cosines = BruteForce(vectors).search(queries, 10)
    graph = NeighbourGraph(vectors, connectivity=4, expansion=16)
    few, many = (recall(graph.search(queries, 10, expansion=size)[0], right).mean() for size in (10, 400))
    assert few < many and many > 0.97
    numbers, found = NeighbourGraph(vectors).search(queries, 10, expansion=400)
    assert numbers.dtype == np.int64 and recall(numbers, right).mean() > 0.99
    np.testing.assert_allclose(found[:, 0], cosines[:, 0], atol=1e-4)
    assert (np.diff(found, axis=1) <= 1e-6).all()


def test_one_query_has_the_shape_of_many(clustered):
    vectors, queries = clustered
    for index in (BruteForce(vectors), InvertedLists(vectors, 9), NeighbourGraph(vectors)):
        one, several = index.search(queries[:1], 5), index.search(queries[:4], 5)
        assert one[0].shape == one[1].shape == (1, 5) and (several[0][0] == one[0][0]).all()


def test_recall_counts_each_query_whatever_the_order():
    assert recall([[3, 1, 2], [7, -1, -1]], [[1, 2, 3], [7, 8, 9]]).tolist() == [1, 1 / 3]
    with pytest.raises(ValueError, match="모양"):
        recall([[1, 2]], [[1, 2, 3]])


@pytest.mark.parametrize("kind", [InvertedLists, NeighbourGraph])
def test_a_saved_index_answers_the_same(kind, clustered, tmp_path):
    vectors, queries = clustered
    index, path = kind(vectors), tmp_path / "색인 파일.bin"
    index.save(path)
    again = kind.load(path)
    for mine, theirs in zip(index.search(queries, 10), again.search(queries, 10), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", [InvertedLists, NeighbourGraph])
def test_a_failed_save_leaves_the_old_file(kind, clustered, tmp_path, monkeypatch):
    vectors, queries = clustered
    path = tmp_path / "index"
    kind(vectors[:500]).save(path)
    before = path.read_bytes()

    def killed(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lab_utils.checkpoint.os.replace", killed)
    with pytest.raises(OSError, match="해결"):
        kind(vectors).save(path)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("kind", [InvertedLists, NeighbourGraph])
@pytest.mark.parametrize("content", [None, b"", b"not an index at all" * 20, "half"])
def test_a_damaged_file_is_refused_in_korean(kind, content, clustered, tmp_path):
    path = tmp_path / "index"
    if content == "half":
        kind(clustered[0]).save(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexFileError, match="해결"):
        kind.load(path)


def test_what_cannot_be_searched_is_refused(clustered):
    vectors, queries = clustered
    broken = vectors.copy()
    broken[5] = 0
    for make in (BruteForce, InvertedLists, NeighbourGraph):
        with pytest.raises(ValueError, match="5번째"):
            make(broken)
        with pytest.raises(ValueError, match="배열"):
            make(vectors[0])
        index = make(vectors[:50])
        with pytest.raises(ValueError, match="차원"):
            index.search(queries[:, :7])
        for k in (0, 51):
            with pytest.raises(ValueError, match="k는"):
                index.search(queries, k)
        with pytest.raises(ValueError, match="0번째"):
            index.search(np.full((1, 24), np.nan))
    with pytest.raises(ValueError, match="n_lists"):
        InvertedLists(vectors, 0)
    with pytest.raises(ValueError, match="n_probes"):
        InvertedLists(vectors, 5).search(queries, n_probes=6)
    with pytest.raises(ValueError, match="expansion"):
        NeighbourGraph(vectors).search(queries, 10, expansion=9)


def test_the_same_seed_gives_the_same_lists(clustered):
    one, two, three = (InvertedLists(clustered[0], 20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.order, two.order)
    assert not np.array_equal(one.order, three.order)


def test_importing_is_cheap():
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", "import lab_utils.search_index, sys; print('usearch' in sys.modules, 'torch' in sys.modules)"],
                          capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
    assert search_index.__doc__
