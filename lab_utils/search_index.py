"""The nearest vectors, exactly or nearly: brute force, inverted lists (IVF), and a graph of neighbours (HNSW).

All three answer the same call, ``search(queries, k)`` → (row numbers, cosines), so that they can be compared. IVF is written out here
because it is taught; the graph is usearch's, in C++ (chosen over faiss, whose OpenMP library crashes beside torch's on macOS).
"""

from pathlib import Path

import numpy as np

from .checkpoint import whole_file
from .similarity import unit_rows


class IndexFileError(ValueError):
    """A saved index cannot be read; the message is Korean and says what to do."""


def recall(found, right) -> np.ndarray:
    """Share of the right neighbours that were found, for each query.

    Parameters
    ----------
    found, right : (Q, k) int
        Row numbers; their order does not count. −1 stands for nothing.

    Returns
    -------
    (Q,) float
    """
    found, right = np.asarray(found), np.asarray(right)
    if found.shape != right.shape:
        raise ValueError(f"찾은 이웃 {found.shape}과 정답 {right.shape}의 모양이 다릅니다. 같은 질의, 같은 k로 찾아 주세요.")
    return (right[:, :, None] == found[:, None, :]).any(axis=2).mean(axis=1)


class BruteForce:
    """Compares a query with every vector: exact, and slow in proportion to their number.

    Parameters
    ----------
    vectors : (n, d) array
        Any length but zero: rows are divided by their length.
    """

    def __init__(self, vectors):
        self.vectors = _prepared(vectors)

    def search(self, queries, k: int = 10, *, batch: int = 256) -> tuple[np.ndarray, np.ndarray]:
        """The k rows with the largest cosine, best first.

        Parameters
        ----------
        queries : (Q, d) array
        k : int
        batch : int
            Queries that share one matrix product; memory is batch × n.

        Returns
        -------
        numbers : (Q, k) int64
        cosines : (Q, k) float32
        """
        queries = _queries(queries, k, *self.vectors.shape)
        parts = [_top(queries[start:start + batch] @ self.vectors.T, k) for start in range(0, len(queries), batch)]
        return np.concatenate([numbers for numbers, _ in parts]), np.concatenate([cosines for _, cosines in parts])


class InvertedLists:
    """Vectors sorted into lists around centres (IVF); a query looks only into the lists of the nearest centres.

    Parameters
    ----------
    vectors : (n, d) array
        Any length but zero.
    n_lists : int, optional
        Default √n: then centres and the vectors of one list are equally many.
    seed : int
        For the first centres, and for the vectors that they are learnt from (at most 64 a list).

    Attributes
    ----------
    centres : (n_lists, d) float32
    order : (n,) int64
        Row numbers, list after list.
    starts : (n_lists + 1,) int64
        Where in ``order`` each list begins.
    vectors : (n, d) float32
        Unit rows in the order of the lists, so that a list is one block of memory.

    References
    ----------
    Sivic & Zisserman (2003), "Video Google". Jégou, Douze & Schmid (2011), "Product quantization for nearest neighbor search".
    """

    def __init__(self, vectors, n_lists: int | None = None, *, seed: int = 0):
        vectors = _prepared(vectors)
        n_lists = max(1, round(len(vectors) ** 0.5)) if n_lists is None else n_lists
        if not 1 <= n_lists <= len(vectors):
            raise ValueError(f"n_lists는 1 이상이고 벡터의 수({len(vectors):,}) 이하여야 합니다: {n_lists}.")
        self.centres = _spherical_k_means(vectors, n_lists, np.random.default_rng(seed))
        nearest = _nearest_centre(vectors, self.centres)
        self.order = np.argsort(nearest, kind="stable")
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(nearest, minlength=n_lists))])
        self.vectors = vectors[self.order]

    def search(self, queries, k: int = 10, *, n_probes: int = 8) -> tuple[np.ndarray, np.ndarray]:
        """The best k rows of the ``n_probes`` lists whose centres are nearest; all lists give the exact answer.

        Returns
        -------
        numbers : (Q, k) int64
            −1 where the lists held fewer than k vectors.
        cosines : (Q, k) float32
            −inf there.
        """
        queries = _queries(queries, k, *self.vectors.shape)
        if not 1 <= n_probes <= len(self.centres):
            raise ValueError(f"n_probes는 1 이상이고 목록의 수({len(self.centres):,}) 이하여야 합니다: {n_probes}.")
        numbers, cosines = np.full((len(queries), k), -1, np.int64), np.full((len(queries), k), -np.inf, np.float32)
        for q, query in enumerate(queries):
            probed = _top((self.centres @ query)[None], n_probes)[0][0]
            blocks = [slice(self.starts[number], self.starts[number + 1]) for number in probed]
            scores = np.concatenate([self.vectors[block] @ query for block in blocks])
            rows = np.concatenate([self.order[block] for block in blocks])
            found = min(k, len(rows))
            if found:
                best, cosines[q, :found] = (part[0] for part in _top(scores[None], found))
                numbers[q, :found] = rows[best]
        return numbers, cosines

    def compared(self, queries, n_probes: int) -> np.ndarray:
        """How many vectors each query is compared with, centres included: (Q,) int."""
        probed = _top(unit_rows(np.asarray(queries, np.float32)) @ self.centres.T, n_probes)[0]
        return np.diff(self.starts)[probed].sum(axis=1) + len(self.centres)

    def save(self, path) -> None:
        """Write the index in one step (an .npz file): an interruption leaves the old file, or none."""
        with whole_file(path) as part, open(part, "wb") as file:
            np.savez(file, centres=self.centres, order=self.order, starts=self.starts, vectors=self.vectors)

    @classmethod
    def load(cls, path) -> "InvertedLists":
        """Read what `save` wrote.

        Raises
        ------
        IndexFileError
            If the file is missing, damaged or something else.
        """
        index = cls.__new__(cls)
        try:
            with np.load(path, allow_pickle=False) as stored:
                for name in ("centres", "order", "starts", "vectors"):
                    setattr(index, name, stored[name])
        except Exception as error:  # what numpy and zipfile raise for a damaged file is not documented
            raise _unreadable(path, error) from error
        if not len(index.order) == len(index.vectors) == index.starts[-1] or len(index.starts) != len(index.centres) + 1:
            raise _unreadable(path, "배열의 크기가 서로 맞지 않습니다")
        return index


class NeighbourGraph:
    """Every vector knows some near ones, on several levels; a query walks from neighbour to neighbour (HNSW, by usearch).

    Parameters
    ----------
    vectors : (n, d) array
        Any length but zero.
    connectivity : int
        Neighbours a vector keeps (M in the paper).
    expansion : int
        Candidates looked at while a vector is put in (ef_construction): more is slower to build and finds better.
    threads : int
        0: all cores. With several, the graph differs a little from run to run.
    progress : bool

    References
    ----------
    Malkov & Yashunin (2020), "Efficient and robust approximate nearest neighbor search using hierarchical navigable small world graphs".
    """

    def __init__(self, vectors, *, connectivity: int = 16, expansion: int = 128, threads: int = 1, progress: bool = False):
        from usearch.index import Index

        vectors = _prepared(vectors)
        self.threads = threads
        self.index = Index(ndim=vectors.shape[1], metric="ip", dtype="f32", connectivity=connectivity, expansion_add=expansion)
        self.index.add(np.arange(len(vectors)), vectors, threads=threads, log="그래프 만들기" if progress else False)

    def search(self, queries, k: int = 10, *, expansion: int = 64) -> tuple[np.ndarray, np.ndarray]:
        """The k best rows that the walk met, best first.

        Parameters
        ----------
        queries : (Q, d) array
        k : int
        expansion : int
            Candidates kept on the way (ef): more is slower and finds better. At least k.

        Returns
        -------
        numbers : (Q, k) int64
        cosines : (Q, k) float32
        """
        queries = _queries(queries, k, len(self.index), self.index.ndim)
        if expansion < k:
            raise ValueError(f"expansion은 k({k}) 이상이어야 합니다: {expansion}.")
        self.index.expansion_search = expansion
        found = self.index.search(queries, k, threads=self.threads)
        return np.asarray(found.keys).astype(np.int64).reshape(-1, k), 1 - np.asarray(found.distances, np.float32).reshape(-1, k)

    def save(self, path) -> None:
        """Write the index in one step (usearch's own format): an interruption leaves the old file, or none."""
        with whole_file(path) as part:
            self.index.save(str(part))

    @classmethod
    def load(cls, path) -> "NeighbourGraph":
        """Read what `save` wrote.

        Raises
        ------
        IndexFileError
            If the file is missing, damaged or something else.
        """
        from usearch.index import Index

        graph = cls.__new__(cls)
        graph.threads = 1
        try:
            graph.index = Index.restore(str(path))
        except Exception as error:  # usearch raises several kinds
            raise _unreadable(path, error) from error
        if graph.index is None:
            raise _unreadable(path, "파일이 없거나 usearch의 색인이 아닙니다")
        return graph


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _prepared(vectors) -> np.ndarray:
    """Unit rows in float32, after a look at what cannot be searched."""
    vectors = np.asarray(vectors, dtype=np.float32)
    if vectors.ndim != 2 or not len(vectors):
        raise ValueError(f"벡터가 한 줄에 하나씩 든 (n, d) 배열이 필요합니다: 모양 {vectors.shape}.")
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.isfinite(lengths).all() or not lengths.all():
        row = int(np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))[0])
        raise ValueError(f"{row}번째 벡터는 길이가 {lengths[row]}이라서 방향이 없습니다. 0이거나 NaN이 든 행을 빼 주세요.")
    return np.ascontiguousarray(vectors / lengths[:, None])


def _queries(queries, k, n, d) -> np.ndarray:
    queries = _prepared(queries)
    if queries.shape[1] != d:
        raise ValueError(f"질의는 {queries.shape[1]}차원, 색인은 {d}차원입니다. 같은 모델로 만든 벡터로 찾아 주세요.")
    if not 1 <= k <= n:
        raise ValueError(f"k는 1 이상이고 벡터의 수({n:,}) 이하여야 합니다: {k}.")
    return queries


def _top(scores, k) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the k largest scores of each row, largest first, and those scores."""
    some = np.argpartition(-scores, k - 1, axis=1)[:, :k] if k < scores.shape[1] else np.tile(np.arange(scores.shape[1]), (len(scores), 1))
    values = np.take_along_axis(scores, some, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1), np.take_along_axis(values, order, axis=1)


def _nearest_centre(vectors, centres, batch=8192) -> np.ndarray:
    return np.concatenate([(vectors[start:start + batch] @ centres.T).argmax(axis=1) for start in range(0, len(vectors), batch)])


def _spherical_k_means(vectors, n_lists, generator, rounds=10, a_list=64) -> np.ndarray:
    """Centres of unit length: each becomes, again and again, the mean direction of the vectors nearest to it."""
    sample = vectors[np.sort(generator.choice(len(vectors), min(len(vectors), a_list * n_lists), replace=False))]
    centres = sample[generator.choice(len(sample), n_lists, replace=False)]
    for _ in range(rounds):
        nearest = _nearest_centre(sample, centres)
        order = np.argsort(nearest, kind="stable")
        filled, first = np.unique(nearest[order], return_index=True)
        centres = centres.copy()  # a centre that lost all its vectors stays where it was
        centres[filled] = unit_rows(np.add.reduceat(sample[order], first, axis=0))
    return np.ascontiguousarray(centres, dtype=np.float32)


def _unreadable(path, cause) -> IndexFileError:
    return IndexFileError(f"색인 파일 {Path(path).name} 을(를) 읽지 못했습니다.\n  원인: {cause}\n"
                          "  해결: 파일을 지우고 색인을 다시 만들어 저장하세요.")
