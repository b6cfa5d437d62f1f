"""GloVe: vectors whose inner products, plus two biases, are the logarithms of co-occurrence counts."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import numpy as np

from .checkpoint import whole_file

BLOCK_BYTES = 1 << 19  # the words of a block, and as many contexts, fit together in a core's own cache
MIN_BLOCKS = 16  # so that up to 16 cores have work
_LANES = 16  # float32 numbers in the widest vector register: rows are padded with zeros


class GloVe:
    """Minimise Σ f(X_ij) (w_i·c_j + b_i + b'_j − log X_ij)² over the non-zero counts with AdaGrad (Pennington et al., 2014).

    Parameters
    ----------
    dimensions : int
    x_max, alpha : float
        f(x) = min(1, (x / x_max)^alpha). The paper's 100 was chosen for billions of words; in a corpus of millions hardly a
        cell reaches it, so the default is 10.
    epochs : int
        Passes over the non-zero cells.
    learning_rate : float
        A vector's step is learning_rate · g / sqrt(1 + Σ (learning_rate · g)²) over the gradients so far, which equals
        g / sqrt(1 / learning_rate² + Σ g²). Biases step as if the rate were 1, as in the authors' programme.
    seed : int
    backend : {"numba", "torch"}
        "numba" runs on all cores, in float32. "torch" sums the gradients of a batch of cells before each step, on a GPU if
        there is one (where sums of floats, and so the last digits, differ from run to run).
    workers : int, optional
        Threads of the numba backend; one per core if None. The result does not depend on it.
    progress : bool
        Show a progress bar.

    Attributes
    ----------
    vectors_ : (V, d) float32
        Word plus context vectors, as in the paper.
    word_vectors_, context_vectors_ : (V, d) float32
    word_biases_, context_biases_ : (V,) float32
    vocabulary_ : Vocabulary or None
        What was given to `fit`.
    costs_ : (epochs,) float64
        Mean over the cells of ½ f(X) error², each cell's error taken just before its step (as the authors' programme reports).

    Notes
    -----
    Stanford's programme lets threads overwrite each other's vectors ("hogwild"). Here words and contexts are divided at random into
    blocks, and threads work at the same time only on tiles that share no block (Gemulla et al., 2011): no core waits for
    another's memory, a tile's vectors stay in the cache, and every number of threads gives the same result, bit for bit.

    References
    ----------
    Pennington, Socher & Manning (2014), "GloVe: Global Vectors for Word Representation", EMNLP. Gemulla, Nijkamp, Haas &
    Sismanis (2011), "Large-scale matrix factorization with distributed stochastic gradient descent", KDD.
    """

    def __init__(self, dimensions: int = 100, *, x_max: float = 10.0, alpha: float = 0.75, epochs: int = 25,
                 learning_rate: float = 0.05, seed: int = 0, backend: str = "numba", workers: int | None = None,
                 progress: bool = False):
        for name, value in {"dimensions": dimensions, "epochs": epochs, "workers": 1 if workers is None else workers}.items():
            if not isinstance(value, (int, np.integer)) or value < 1:
                raise ValueError(f"{name}은(는) 1 이상의 정수여야 합니다: {value!r}.")
        for name, value in {"x_max": x_max, "learning_rate": learning_rate}.items():
            if not 0 < value < np.inf:
                raise ValueError(f"{name}은(는) 0보다 큰 수여야 합니다: {value!r}.")
        if not 0 <= alpha < np.inf:
            raise ValueError(f"alpha는 0 이상이어야 합니다: {alpha!r}. 논문의 값은 0.75이고, 0이면 모든 칸의 무게가 같습니다.")
        if backend not in ("numba", "torch"):
            raise ValueError(f"backend는 'numba' 또는 'torch'여야 합니다: {backend!r}.")
        self.dimensions, self.x_max, self.alpha, self.epochs = dimensions, x_max, alpha, epochs
        self.learning_rate, self.seed, self.backend, self.workers, self.progress = learning_rate, seed, backend, workers, progress

    def fit(self, counts, vocabulary=None, *, checkpoint: str | Path | None = None) -> "GloVe":
        """Learn vectors from a matrix of counts.

        Parameters
        ----------
        counts : (V, V) sparse array
            Not negative; only the non-zero cells count. Usually with harmonic weights (see `cooccurrence`).
        vocabulary : Vocabulary, optional
            Kept as ``vocabulary_``.
        checkpoint : path, optional
            Written after every epoch, in one step. If it exists, training goes on after its last epoch, with the same result as
            without the interruption; more ``epochs`` than last time continue a finished model.

        Returns
        -------
        GloVe
            Itself. After an interruption (Ctrl-C, ■) the vectors learnt so far are in it too.

        Raises
        ------
        ValueError
            For counts that are not a square matrix of finite numbers ≥ 0 with at least one positive, or a checkpoint of other
            counts or settings, or a damaged one.
        FloatingPointError
            If the vectors grow without bound: the learning rate is too large.
        """
        from tqdm import tqdm

        counts = _checked(counts, vocabulary)
        generator = np.random.default_rng(self.seed)
        size = counts.shape[0]
        self._place = generator.permutation(size).astype(np.int32)  # words are told to blocks at random: equal work for all
        self._state = self._start(generator, size)
        identity, done = self._identity(counts), 0
        self.vocabulary_, self.costs_ = vocabulary, np.zeros(0)
        if checkpoint is not None:
            done = self._load(Path(checkpoint), identity)
        run_epoch = (self._prepare_numba if self.backend == "numba" else self._prepare_torch)(counts) if done < self.epochs else None
        try:
            for epoch in tqdm(range(done, self.epochs), "GloVe", self.epochs, unit="회", initial=done, disable=not self.progress, leave=False):
                cost = run_epoch(epoch) / counts.nnz
                if not np.isfinite(cost):
                    raise FloatingPointError(f"{epoch + 1}번째 에폭에서 벡터가 끝없이 커졌습니다.\n"
                                             f"  원인: 학습률 {self.learning_rate}이(가) 너무 큽니다.\n"
                                             "  해결: learning_rate를 0.05 안팎으로 낮추어 다시 실행하세요.")
                self.costs_ = np.append(self.costs_, cost)
                if checkpoint is not None:
                    self._save(Path(checkpoint), identity)
        finally:
            self._publish()
        return self

    def cost(self, counts) -> float:
        """Mean over the non-zero cells of ½ f(X) error² with the vectors as they are now, in float64."""
        counts = _checked(counts, None)
        total = 0.0
        words, contexts = self.word_vectors_.astype(np.float64), self.context_vectors_.astype(np.float64)
        for first in range(0, counts.nnz, 1 << 16):
            cells = slice(first, first + (1 << 16))
            columns = counts.indices[cells]
            rows = np.searchsorted(counts.indptr, np.arange(first, first + len(columns)), side="right") - 1
            error = (np.einsum("nd,nd->n", words[rows], contexts[columns]) + self.word_biases_[rows] + self.context_biases_[columns]
                     - np.log(counts.data[cells]))
            total += 0.5 * np.sum(np.minimum(1, (counts.data[cells] / self.x_max) ** self.alpha) * error**2)
        return total / counts.nnz

    # ── state ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self, generator, size) -> dict[str, np.ndarray]:
        """Numbers between ∓ 1 / 2d, and squared gradients of 0 (what they start from is added where they are used)."""
        d = self.dimensions
        state = {}
        for name in ("words", "contexts"):
            state[name] = np.zeros((size, 2, -(-d // _LANES) * _LANES), np.float32)
            state[name][:, 0, :d] = (generator.random((size, d), np.float32) - 0.5) / d
        for name in ("word_biases", "context_biases"):
            state[name] = np.zeros((size, 2), np.float32)
            state[name][:, 0] = (generator.random(size, np.float32) - 0.5) / d
        return state

    def _publish(self) -> None:
        state, d = self._state, self.dimensions
        self.word_vectors_, self.context_vectors_ = (state[name][self._place, 0, :d] for name in ("words", "contexts"))
        self.word_biases_, self.context_biases_ = (state[name][self._place, 0] for name in ("word_biases", "context_biases"))
        self.vectors_ = self.word_vectors_ + self.context_vectors_

    def _identity(self, counts) -> str:
        """What a checkpoint must share with the call that continues it."""
        settings = (self.dimensions, float(self.x_max), float(self.alpha), float(self.learning_rate), self.seed, self.backend)
        content = 0
        for array in (counts.indptr, counts.indices, counts.data):
            content = crc32(array, content)
        return repr((settings, counts.shape, content))

    def _save(self, path, identity) -> None:
        with whole_file(path) as part, open(part, "wb") as file:  # a name would get the ending .npz
            np.savez(file, identity=np.array(identity), costs=self.costs_, **self._state)

    def _load(self, path, identity) -> int:
        """Take over the checkpoint's state; how many epochs it has done (0: there is none)."""
        try:
            with np.load(path, allow_pickle=False) as stored:  # a zip file: its checksums find damage
                arrays = {name: stored[name] for name in stored.files}
            found, costs = str(arrays.pop("identity")), arrays.pop("costs")
        except FileNotFoundError:
            return 0
        except Exception as error:  # what numpy and zipfile raise for a damaged file is not documented
            raise ValueError(f"체크포인트 {path} 를 읽지 못했습니다.\n  원인: 파일이 손상되었습니다({error}).\n"
                             "  해결: 그 파일을 지우고 다시 실행하면 처음부터 학습합니다.") from error
        if found != identity:
            raise ValueError(f"{path} 는 다른 설정이나 다른 횟수 행렬로 학습하던 것입니다.\n"
                             "  해결: 다른 파일 이름을 고르거나, 새로 시작하려면 그 파일을 지우세요.")
        self._state, self.costs_ = arrays, costs
        return len(costs)

    # ── one epoch ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _prepare_numba(self, counts):
        from ._glove_kernels import arrange, descend

        row_bytes = self._state["words"][0].nbytes
        size = max(1, min(BLOCK_BYTES // row_bytes, -(-counts.shape[0] // MIN_BLOCKS), 1 << 16))  # 16 bits number a block's words
        blocks = -(-counts.shape[0] // size)
        seed = int(np.random.default_rng([self.seed, 1]).integers(1 << 62))
        within, targets, tiles = arrange(counts.indptr, counts.indices, counts.data, self._place, size, blocks,
                                         float(self.x_max), float(self.alpha), seed)
        workers = min(self.workers or os.cpu_count() or 1, blocks, 1 + counts.nnz // 50_000)
        costs = np.zeros(blocks * blocks)
        first_square = np.float32(self.learning_rate**-2)

        def work(chosen):
            descend(within, targets, tiles, chosen, size, blocks, *self._state.values(), first_square, costs)

        def run_epoch(epoch):
            strata = _strata(blocks, self.seed, epoch)
            if workers == 1:
                work(strata.ravel())
            else:
                with ThreadPoolExecutor(workers) as threads:
                    for stratum in strata:
                        list(threads.map(work, _shares(stratum, np.diff(tiles)[stratum], workers)))
            return costs.sum()

        return run_epoch

    def _prepare_torch(self, counts):
        import torch

        from .runtime import device

        where = device()
        cells = counts.tocoo()
        rows, columns = (torch.from_numpy(self._place[index].astype(np.int64)).to(where) for index in cells.coords)
        values = torch.from_numpy(cells.data)
        logs = torch.log(values).float().to(where)
        weights = torch.clamp((values / self.x_max) ** self.alpha, max=1).float().to(where)
        batch = int(np.clip(counts.nnz // 256, 256, 1 << 16))
        first_square = float(self.learning_rate**-2)

        def run_epoch(epoch):
            words, contexts, word_biases, context_biases = (torch.from_numpy(array).to(where) for array in self._state.values())
            order = np.random.default_rng([self.seed, epoch]).permutation(counts.nnz)
            costs = []
            for chosen in torch.from_numpy(order).to(where).split(batch):
                i, j, weight = rows[chosen], columns[chosen], weights[chosen]
                w, c = words[i, 0], contexts[j, 0]  # (n, D)
                error = (w * c).sum(1) + word_biases[i, 0] + context_biases[j, 0] - logs[chosen]
                g = weight * error
                costs.append((g * error).sum() / 2)
                for table, index, gradient, start in ((words, i, g[:, None] * c, first_square), (contexts, j, g[:, None] * w, first_square),
                                                      (word_biases, i, g, 1.0), (context_biases, j, g, 1.0)):
                    summed = torch.zeros_like(table[:, 0]).index_add_(0, index, gradient)
                    table[:, 1] += summed**2
                    table[:, 0] -= summed / torch.sqrt(start + table[:, 1])
            self._state = dict(zip(self._state, (table.cpu().numpy() for table in (words, contexts, word_biases, context_biases)), strict=True))
            return float(torch.stack(costs).cpu().double().sum())

        return run_epoch


def _strata(blocks, seed, epoch) -> np.ndarray:
    """(blocks, blocks) numbers of tiles; those of one row share neither words nor contexts. Rows in random order."""
    shift = np.random.default_rng([seed, epoch]).permutation(blocks)[:, None]
    block = np.arange(blocks)
    return block * blocks + (block + shift) % blocks


def _shares(tiles, cells, workers) -> list[np.ndarray]:
    """Tiles for each worker, with about as many cells: the largest first, each to whoever has least."""
    shares, load = [[] for _ in range(workers)], [0] * workers
    for n in np.argsort(-cells, kind="stable"):
        least = load.index(min(load))
        shares[least].append(tiles[n])
        load[least] += int(cells[n])
    return [np.array(share, np.int64) for share in shares]


def _checked(counts, vocabulary):
    """The counts as compressed rows in the types that the kernels take, without stored zeros."""
    from scipy import sparse

    if not sparse.issparse(counts):
        counts = np.asarray(counts, np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"정사각 행렬이 필요합니다: {counts.shape}. count_cooccurrences가 돌려준 행렬을 그대로 넘겨 주세요.")
    if vocabulary is not None and len(vocabulary) != counts.shape[0]:
        raise ValueError(f"어휘의 낱말 수({len(vocabulary)})와 행렬의 크기({counts.shape[0]})가 다릅니다. 같은 말뭉치에서 센 것을 함께 넘겨 주세요.")
    counts = sparse.csr_array(counts, dtype=np.float64)
    if not counts.has_canonical_format or (counts.data == 0).any():
        counts = counts.copy()
        counts.sum_duplicates()
        counts.eliminate_zeros()
    if not counts.nnz:
        raise ValueError("횟수가 모두 0입니다. 말뭉치나 창의 크기를 확인해 주세요.")
    if not (counts.data.min() > 0 and np.isfinite(counts.data.sum())):
        raise ValueError("횟수 행렬에 음수나 무한대(NaN)가 있습니다. PMI가 아니라 횟수를 넘겨 주세요.")
    return sparse.csr_array((counts.data, counts.indices.astype(np.int32, copy=False), counts.indptr.astype(np.int64, copy=False)),
                            shape=counts.shape)
