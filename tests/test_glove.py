"""GloVe against a float64 reference in plain numpy, finite differences, and real interruptions."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from scipy import sparse

from lab_utils._glove_kernels import arrange
from lab_utils.cooccurrence import Vocabulary
from lab_utils.glove import GloVe, _shares, _strata


@pytest.fixture(autouse=True)
def one_torch_thread_and_no_gpu(monkeypatch):
    """Threads that wait in a spin make small batches very slow when the machine is busy; on a GPU sums differ from run to run."""
    import torch

    from lab_utils import runtime

    monkeypatch.setattr(runtime, "device", lambda: "cpu")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def random_counts(size=60, density=0.3, seed=0, symmetric=True):
    """Counts whose logarithms have a few strong directions, so that there is something to learn."""
    generator = np.random.default_rng(seed)
    factors = generator.normal(size=(size, 3))
    logs = factors @ factors.T + generator.normal(size=(size, size)) * 0.1
    counts = np.exp(logs) * (generator.random((size, size)) < density)
    return sparse.csr_array(counts + counts.T if symmetric else counts)


def cells_in_order(model, counts, blocks, size, epoch):
    """(row, column, X) of every cell in the order of an epoch, by word number."""
    seed = int(np.random.default_rng([model.seed, 1]).integers(1 << 62))
    counts = sparse.csr_array(counts)
    within, _, tiles = arrange(counts.indptr.astype(np.int64), counts.indices.astype(np.int32), counts.data, model._place, size, blocks,
                               model.x_max, model.alpha, seed)
    word_at = np.argsort(model._place)
    for tile in _strata(blocks, model.seed, epoch).ravel():
        for a, b in within[tiles[tile]:tiles[tile + 1]]:
            i, j = word_at[tile // blocks * size + a], word_at[tile % blocks * size + b]
            yield i, j, counts[i, j]


def reference_epoch(state, cells, model):
    """What Stanford's programme does, in its own form (η in the gradient, squares start at 1), in float64. Returns the cost."""
    w, c, bw, bc = (state[name].astype(float) for name in ("w", "c", "bw", "bc"))
    square = {name: np.ones_like(value) for name, value in (("w", w), ("c", c), ("bw", bw), ("bc", bc))}
    total = 0.0
    for i, j, x in cells:
        error = w[i] @ c[j] + bw[i] + bc[j] - np.log(x)
        g = min(1.0, (x / model.x_max) ** model.alpha) * error
        total += 0.5 * g * error
        step_w, step_c = model.learning_rate * g * c[j], model.learning_rate * g * w[i]
        w[i] -= step_w / np.sqrt(square["w"][i])
        c[j] -= step_c / np.sqrt(square["c"][j])
        square["w"][i] += step_w**2
        square["c"][j] += step_c**2
        bw[i] -= g / np.sqrt(square["bw"][i])
        bc[j] -= g / np.sqrt(square["bc"][j])
        square["bw"][i] += g**2
        square["bc"][j] += g**2
    return (w, c, bw, bc), total


def start_of(model):
    """The state before the first epoch, by word number."""
    generator = np.random.default_rng(model.seed)
    place = generator.permutation(len(model.vectors_))
    state, d = model._start(generator, len(place)), model.dimensions
    return {"w": state["words"][place, 0, :d], "c": state["contexts"][place, 0, :d],
            "bw": state["word_biases"][place, 0], "bc": state["context_biases"][place, 0]}


@pytest.mark.parametrize("dimensions, symmetric, alpha", [(8, True, 0.75), (16, False, 0.5), (33, True, 1.0)])
def test_one_epoch_against_the_reference_in_float64(dimensions, symmetric, alpha):
    counts = random_counts(symmetric=symmetric)
    model = GloVe(dimensions, epochs=1, alpha=alpha, x_max=5.0, learning_rate=0.5, seed=3).fit(counts)
    blocks, size = 15, 4  # 60 words, at least 16 blocks wanted: 4 words in a block
    (w, c, bw, bc), total = reference_epoch(start_of(model), cells_in_order(model, counts, blocks, size, 0), model)
    assert np.abs(w).max() > 0.05 and np.abs(bw).max() > 0.5, "a test of steps that are too small to see"
    for ours, theirs in ((model.word_vectors_, w), (model.context_vectors_, c), (model.word_biases_, bw), (model.context_biases_, bc)):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, atol=2e-5 * np.abs(theirs).max(), rtol=2e-4)
    assert model.costs_[0] == pytest.approx(total / counts.nnz, rel=1e-5)
    np.testing.assert_array_equal(model.vectors_, model.word_vectors_ + model.context_vectors_)


@pytest.mark.parametrize("backend", ["numba", "torch"])
def test_the_step_is_the_negative_gradient_of_the_cost(backend):
    """One cell, a tiny learning rate: the change divided by the rate is −∂J/∂w, here by central differences of `cost`."""
    counts = sparse.csr_array(([7.0], ([1], [2])), shape=(4, 4))
    rate = 1e-3
    model = GloVe(5, epochs=1, learning_rate=rate, backend=backend, seed=1).fit(counts)
    before, after = start_of(model), {"w": model.word_vectors_, "c": model.context_vectors_}

    def cost_with(name, row, k, change):
        probe = GloVe(5)
        parts = {part: value.astype(float).copy() for part, value in before.items()}
        parts[name][row, k] += change
        probe.word_vectors_, probe.context_vectors_, probe.word_biases_, probe.context_biases_ = parts.values()
        return probe.cost(counts)

    assert cost_with("w", 0, 0, 0) == pytest.approx(model.costs_[0], rel=1e-6)
    for name, row in (("w", 1), ("c", 2)):
        gradient = [(cost_with(name, row, k, 1e-4) - cost_with(name, row, k, -1e-4)) / 2e-4 for k in range(5)]
        moved = (after[name][row].astype(float) - before[name][row]) / rate
        np.testing.assert_allclose(moved, -np.array(gradient), rtol=1e-3, atol=1e-5)
        others = np.delete(np.arange(4), row)
        np.testing.assert_array_equal(after[name][others], before[name][others])


def test_the_result_does_not_depend_on_the_number_of_threads():
    counts = random_counts(600, 0.9)  # enough cells for 4 threads
    models = [GloVe(12, epochs=3, workers=workers).fit(counts) for workers in (1, 2, 4)]
    assert counts.nnz > 150_000
    for other in models[1:]:
        np.testing.assert_array_equal(other.vectors_, models[0].vectors_)
        np.testing.assert_array_equal(other.costs_, models[0].costs_)
    assert not np.array_equal(GloVe(12, epochs=3, seed=1).fit(counts).vectors_, models[0].vectors_)


def test_tiles_of_a_stratum_share_nothing_and_an_epoch_visits_each_once():
    for blocks in (1, 2, 7):
        strata = _strata(blocks, 0, 5)
        assert sorted(strata.ravel()) == list(range(blocks**2))
        for stratum in strata:
            assert len(set(stratum // blocks)) == len(set(stratum % blocks)) == blocks
    shares = _shares(np.arange(5), np.array([9, 1, 5, 4, 8]), 2)
    assert sorted(np.concatenate(shares)) == list(range(5)) and len(shares) == 2
    assert {sum([9, 1, 5, 4, 8][t] for t in share) for share in shares} <= {13, 14}


@pytest.mark.parametrize("size, blocks, block", [(5, 2, 3), (100, 16, 7), (33, 33, 1)])
def test_arranging_keeps_every_cell(size, blocks, block):
    counts = random_counts(size)
    place = np.random.default_rng(0).permutation(size).astype(np.int32)
    within, targets, tiles = arrange(counts.indptr.astype(np.int64), counts.indices.astype(np.int32), counts.data, place, block, blocks, 2.0, 0.75, 9)
    tile = np.repeat(np.arange(blocks**2), np.diff(tiles))
    rows, columns = (np.argsort(place)[part] for part in (tile // blocks * block + within[:, 0], tile % blocks * block + within[:, 1]))
    back = sparse.coo_array((np.exp(targets[:, 0].astype(float)), (rows, columns)), shape=counts.shape).tocsr()
    np.testing.assert_allclose(back.toarray(), counts.toarray(), rtol=1e-6)
    np.testing.assert_allclose(targets[:, 1], np.minimum(1, (np.exp(targets[:, 0].astype(float)) / 2) ** 0.75), rtol=1e-5)
    again = arrange(counts.indptr.astype(np.int64), counts.indices.astype(np.int32), counts.data, place, block, blocks, 2.0, 0.75, 10)[0]
    assert block == 1 or not np.array_equal(again, within), "another seed, another order"


def test_it_learns_what_generated_the_counts():
    """Counts exp(u·v + a + b) exactly of rank 3: the cost goes to 0 and the inner products are recovered."""
    generator = np.random.default_rng(0)
    u, v, a, b = generator.normal(size=(50, 3)), generator.normal(size=(50, 3)), generator.normal(size=50), generator.normal(size=50)
    logs = u @ v.T + a[:, None] + b
    model = GloVe(3, epochs=400, alpha=0, x_max=1, learning_rate=0.2).fit(np.exp(logs))
    assert model.cost(np.exp(logs)) < 1e-3 < 0.5 < model.costs_[0]
    fitted = model.word_vectors_ @ model.context_vectors_.T + model.word_biases_[:, None] + model.context_biases_
    assert np.corrcoef(fitted.ravel(), logs.ravel())[0, 1] > 0.999
    assert np.abs(fitted - logs).max() < 0.5


def test_torch_reaches_the_cost_of_numba():
    counts = random_counts(200)
    fast = GloVe(10, epochs=30).fit(counts)
    torch = GloVe(10, epochs=30, backend="torch").fit(counts)
    assert torch.costs_[-1] < torch.costs_[0] / 5
    assert torch.cost(counts) == pytest.approx(fast.cost(counts), rel=0.25)
    np.testing.assert_array_equal(GloVe(10, epochs=30, backend="torch").fit(counts).vectors_, torch.vectors_)


def test_torch_on_a_gpu(monkeypatch):
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no GPU")
    counts = random_counts(200)
    on_cpu = GloVe(10, epochs=30, backend="torch").fit(counts)
    monkeypatch.undo()
    on_gpu = GloVe(10, epochs=30, backend="torch").fit(counts)
    assert on_gpu.cost(counts) == pytest.approx(on_cpu.cost(counts), rel=0.01)
    assert np.abs(on_gpu.vectors_ - on_cpu.vectors_).max() < 0.05


def test_costs_are_near_those_of_the_finished_model():
    counts = random_counts(200)
    model = GloVe(10, epochs=30).fit(counts)
    dense, weight = counts.toarray(), np.minimum(1, (counts.toarray() / 10) ** 0.75)
    with np.errstate(divide="ignore"):
        error = model.word_vectors_.astype(float) @ model.context_vectors_.T + model.word_biases_[:, None] + model.context_biases_ - np.log(dense)
    exact = 0.5 * np.sum(weight[dense > 0] * error[dense > 0] ** 2) / counts.nnz
    assert model.cost(counts) == pytest.approx(exact, rel=1e-9)
    assert model.cost(counts) == pytest.approx(model.costs_[-1], rel=0.2)
    assert (np.diff(model.costs_) < 0).all() and len(model.costs_) == 30 and model.costs_.dtype == np.float64


SCRIPT = textwrap.dedent("""
    import sys
    from pathlib import Path
    sys.path[:0] = [str(Path({tests!r}).parent), {tests!r}]
    from test_glove import random_counts
    from lab_utils.glove import GloVe
    import numpy as np
    model = GloVe(20, epochs=int(sys.argv[2]), seed=2, backend={backend!r}).fit(random_counts(300), checkpoint=sys.argv[1])
    np.save(sys.argv[1] + ".npy", model.vectors_)
""")


@pytest.mark.parametrize("backend", ["numba", "torch"])
def test_a_killed_run_goes_on_with_the_same_result(tmp_path, backend):
    checkpoint = tmp_path / "glove.npz"
    script = tmp_path / "run.py"
    script.write_text(SCRIPT.format(tests=os.path.dirname(os.path.abspath(__file__)), backend=backend), encoding="utf-8")
    environment = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    process = subprocess.Popen([sys.executable, str(script), str(checkpoint), "100000"], env=environment)
    deadline = time.monotonic() + 60
    while not checkpoint.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    process.kill() if sys.platform == "win32" else process.send_signal(signal.SIGKILL)
    assert process.wait() != 0
    counts = random_counts(300)
    with np.load(checkpoint) as stored:
        done = len(stored["costs"])
    assert done >= 1
    model = GloVe(20, epochs=done + 4, seed=2, backend=backend).fit(counts, checkpoint=checkpoint)
    whole = GloVe(20, epochs=done + 4, seed=2, backend=backend).fit(counts)
    np.testing.assert_array_equal(model.vectors_, whole.vectors_)
    np.testing.assert_array_equal(model.costs_, whole.costs_)
    finished = GloVe(20, epochs=done + 4, seed=2, backend=backend).fit(counts, checkpoint=checkpoint)  # nothing left to do
    np.testing.assert_array_equal(finished.vectors_, whole.vectors_)


def test_an_interruption_keeps_the_model(monkeypatch, tmp_path):
    counts = random_counts()
    prepare = GloVe._prepare_numba

    def interrupted(self, counts):
        run_epoch = prepare(self, counts)

        def run(epoch):
            if epoch == 3:
                raise KeyboardInterrupt
            return run_epoch(epoch)

        return run

    monkeypatch.setattr(GloVe, "_prepare_numba", interrupted)
    model = GloVe(6, epochs=8)
    with pytest.raises(KeyboardInterrupt):
        model.fit(counts, checkpoint=tmp_path / "c")
    monkeypatch.undo()
    assert len(model.costs_) == 3
    np.testing.assert_array_equal(model.vectors_, GloVe(6, epochs=3).fit(counts).vectors_)
    np.testing.assert_array_equal(model.fit(counts, checkpoint=tmp_path / "c").vectors_, GloVe(6, epochs=8).fit(counts).vectors_)
    assert [file.name for file in tmp_path.iterdir()] == ["c"]


def test_checkpoints_of_something_else_are_refused(tmp_path):
    counts, path = random_counts(), tmp_path / "c"
    GloVe(6, epochs=1).fit(counts, checkpoint=path)
    for model, matrix in ((GloVe(7), counts), (GloVe(6, seed=1), counts), (GloVe(6, x_max=9), counts), (GloVe(6), counts * 2)):
        with pytest.raises(ValueError, match="다른 설정"):
            model.fit(matrix, checkpoint=path)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(ValueError, match="손상"):
        GloVe(6).fit(counts, checkpoint=path)


def test_zeros_and_duplicates_do_not_count():
    counts = random_counts().tocoo()
    row, column = counts.coords
    i, j = np.argwhere(counts.toarray() == 0)[5]
    messy = sparse.coo_array((np.r_[counts.data / 2, counts.data / 2, 0.0], (np.r_[row, row, i], np.r_[column, column, j])), shape=counts.shape)
    np.testing.assert_array_equal(GloVe(6, epochs=2).fit(messy).vectors_, GloVe(6, epochs=2).fit(counts).vectors_)
    np.testing.assert_array_equal(GloVe(6, epochs=2).fit(counts.toarray()).vectors_, GloVe(6, epochs=2).fit(counts).vectors_)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_tiny_vocabularies(size):
    model = GloVe(4, epochs=200, learning_rate=0.2).fit(np.full((size, size), 3.0))
    assert model.vectors_.shape == (size, 4) and model.cost(np.full((size, size), 3.0)) < 1e-3


def test_vocabulary_is_kept():
    vocabulary = Vocabulary(["가", "나"], np.array([2, 1]))
    assert GloVe(2, epochs=1).fit(np.ones((2, 2)), vocabulary).vocabulary_ is vocabulary
    with pytest.raises(ValueError, match="어휘의 낱말 수"):
        GloVe(2).fit(np.ones((3, 3)), vocabulary)


@pytest.mark.parametrize("counts, message", [
    (np.ones((2, 3)), "정사각"), (np.zeros((3, 3)), "모두 0"), (np.array([[0, -1.0], [1, 1]]), "음수"), (np.array([[0, np.nan], [1, 1]]), "NaN"),
])
def test_counts_that_are_none(counts, message):
    with pytest.raises(ValueError, match=message):
        GloVe(2).fit(counts)


@pytest.mark.parametrize("options", [
    {"dimensions": 0}, {"epochs": 0}, {"epochs": 1.5}, {"x_max": 0}, {"learning_rate": -1}, {"learning_rate": float("nan")},
    {"alpha": -0.1}, {"backend": "cuda"}, {"workers": 0},
])
def test_settings_that_make_no_sense(options):
    with pytest.raises(ValueError, match="[가-힣]"):
        GloVe(**options)


def test_divergence_is_named():
    with pytest.raises(FloatingPointError, match="학습률"):
        GloVe(4, epochs=50, learning_rate=1e18).fit(random_counts(50, 0.9))


def test_the_sentences_about_ice_and_steam_show_what_the_papers_table_shows():
    from lab_utils import datasets
    from lab_utils.cooccurrence import count_cooccurrences
    from lab_utils.tokenization import morphemes

    frame = datasets.load("ice-and-steam")
    assert datasets.status("ice-and-steam") == "embedded"
    assert frame["sentence"].is_unique and len(frame) >= 100 and set(frame["topic"]) == {"ice", "steam", "water", "fashion"}
    counts, vocabulary = count_cooccurrences(morphemes(frame["sentence"], keep=("NN", "VV", "VA"), progress=False), window=10)

    def ratio(probe):
        ice, steam = (counts[[vocabulary.index[word]]].toarray().ravel() for word in ("얼음", "수증기"))
        return (ice / ice.sum())[vocabulary.index[probe]] / (steam / steam.sum())[vocabulary.index[probe]]

    assert ratio("고체") > 3 and ratio("기체") < 1 / 3
    assert all(0.5 < ratio(probe) < 2 for probe in ("물", "패션"))
