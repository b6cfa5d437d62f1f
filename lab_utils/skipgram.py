"""Word2vec with negative sampling: skip-gram and CBOW, as a fast kernel (numba) and as a readable model (torch)."""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np

from .checkpoint import CheckpointError, whole_file
from .cooccurrence import build_vocabulary, encode

CHUNK_WORDS = 100_000  # a thread trains so many words at a time; an interruption waits for no more
LIMIT = 6.0  # beyond it the sigmoid counts as 0 or 1
_SIGMOIDS = 1024


@dataclass
class SkipGram:
    """Word vectors from a corpus (Mikolov et al., 2013): tell real neighbours from randomly drawn words.

    Parameters
    ----------
    dimensions : int
    window : int
        Neighbours up to this many places away; the reach is drawn anew at each word from 1 to ``window``, so that near
        neighbours count more.
    negatives : int
        Randomly drawn words for each real neighbour, with probability ∝ count^0.75.
    epochs : int
    min_count, max_vocabulary : int
        See `cooccurrence.build_vocabulary`. Other words are removed before the windows are laid.
    subsample : float
        A word that makes up the share f of the corpus is kept with probability √(t/f) + t/f, t being this number; 0 keeps all.
    learning_rate : float
        Falls linearly to 0. (For torch: of AdaGrad, see `backend`.)
    seed : int
    method : {"skip-gram", "cbow"}
        "cbow" predicts the word from the mean of its neighbours. As in word2vec and gensim, each of them moves by the whole
        gradient of the mean and not by its share (İrsoy, Benton & Stratos, 2021, discuss this).
    backend : {"numba", "torch"}
        "numba": one pair after the other, threads without locks. "torch": for reading and for GPUs: batches, sparse
        gradients, AdaGrad.
    workers : int
        Threads (numba). The result is the same every time only with 1.
    device : str, optional
        For torch; a GPU where there is one if None.
    progress : bool
        Show a progress bar.

    Attributes
    ----------
    vectors_, context_vectors_ : (V, d) float32
        Each word as a word, and as a neighbour. After an interruption: as far as training came.
    vocabulary_ : Vocabulary
    seconds_ : float
        How long training took since it was last started, without reading the corpus and without checkpoints.

    Examples
    --------
    >>> model = SkipGram(dimensions=10, min_count=1, workers=1).fit([["나는", "밥을", "먹는다"]] * 10)
    >>> model.vectors_.shape
    (3, 10)
    """

    dimensions: int = 100
    window: int = 5
    negatives: int = 5
    epochs: int = 5
    min_count: int = 5
    max_vocabulary: int = 100_000
    subsample: float = 1e-3
    learning_rate: float = 0.025
    seed: int = 0
    method: str = "skip-gram"
    backend: str = "numba"
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, 8))
    device: str | None = None
    progress: bool = False

    def fit(self, sentences, checkpoint=None) -> "SkipGram":
        """Learn from a corpus.

        Parameters
        ----------
        sentences : list of list of str, TokenFile or Path
            A file holds one sentence per line, tokens separated by one space.
        checkpoint : str or Path, optional
            Written after every epoch. If it exists, training goes on from there: with one worker the result is the same as
            without the interruption, bit for bit. Delete it to start anew.

        Raises
        ------
        ValueError
            For settings out of range, or a corpus without two different words.
        CheckpointError
            If the checkpoint is damaged, or belongs to another corpus or other settings.
        """
        self._check()
        if hasattr(sentences, "__next__"):  # an iterator can be read once: it is needed for the vocabulary and to train
            sentences = list(sentences)
        vocabulary = build_vocabulary(sentences, self.max_vocabulary, self.min_count)
        if len(vocabulary) < 2:
            raise ValueError(f"{self.min_count}번 이상 나온 낱말이 {len(vocabulary)}개뿐입니다. min_count를 줄이거나 말뭉치를 늘려 주세요.")
        ids, offsets = encode(sentences, vocabulary)
        about = self._about(vocabulary, ids, offsets) if checkpoint else ""
        state = _load(checkpoint, about) if checkpoint else None
        if state is None:
            generator = np.random.default_rng(self.seed)
            first = generator.uniform(-1, 1, (len(vocabulary), self.dimensions)) / self.dimensions  # as gensim; word2vec.c: half of it
            state = {"epoch": np.array(0), "vectors": first.astype(np.float32), "contexts": np.zeros(first.shape, np.float32)}
        self.vocabulary_, self.vectors_, self.context_vectors_ = vocabulary, state["vectors"], state["contexts"]
        train = {"numba": _NumbaTraining, "torch": _TorchTraining}[self.backend](self, vocabulary, ids, offsets, state)
        start = int(state["epoch"])
        self.seconds_ = 0.0
        with closing(_bar(self, len(ids), start)) as bar:
            for epoch in range(start, self.epochs):
                began = time.perf_counter()
                for words in train.epoch(epoch):
                    bar.update(words)
                self.seconds_ += time.perf_counter() - began
                if checkpoint:
                    _save(checkpoint, about, train.state() | {"epoch": np.array(epoch + 1)})
        return self

    def _check(self):
        for name in ("dimensions", "window", "negatives", "epochs", "min_count", "max_vocabulary", "workers"):
            value = getattr(self, name)
            if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name}은(는) 1 이상의 정수여야 합니다: {value!r}.")
        if not self.subsample >= 0 or not 0 < self.learning_rate < np.inf:
            raise ValueError(f"subsample은 0 이상, learning_rate는 0보다 커야 합니다: {self.subsample}, {self.learning_rate}.")
        for name, choices in (("method", ("skip-gram", "cbow")), ("backend", ("numba", "torch"))):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name}은(는) {' 또는 '.join(map(repr, choices))}이어야 합니다: {getattr(self, name)!r}.")

    def _about(self, vocabulary, ids, offsets) -> str:
        """Everything on which the result depends."""
        settings = {name: value for name, value in asdict(self).items() if name not in ("workers", "device", "progress")}
        digest = blake2b("\n".join(vocabulary.words).encode("utf-8", "surrogatepass"), digest_size=16)
        digest.update(ids.tobytes())
        digest.update(offsets.tobytes())
        return json.dumps(settings | {"corpus": digest.hexdigest()}, sort_keys=True)


def keep_probability(counts, subsample: float) -> np.ndarray:
    """With what probability a place of the corpus survives subsampling.

    Parameters
    ----------
    counts : (V,) int
    subsample : float
        t; 0 keeps all.

    Returns
    -------
    (V,) float64
        min(1, √(t/f) + t/f), f being the word's share of the corpus: the formula of word2vec's code. (Its paper has √(t/f) alone.)
    """
    share = np.asarray(counts, float) / np.sum(counts)
    if subsample == 0:
        return np.ones(len(share))
    return np.minimum(1, np.sqrt(subsample / share) + subsample / share)


def noise_distribution(counts, power: float = 0.75) -> np.ndarray:
    """With what probability a word is drawn as a negative sample: ∝ count^power.

    Returns
    -------
    (V,) float64, sum 1
    """
    raised = np.asarray(counts, float) ** power
    return raised / raised.sum()


class _NumbaTraining:
    """Chunks of sentences go to threads, which all move the same two matrices."""

    def __init__(self, model, vocabulary, ids, offsets, state):
        from ._skipgram_kernels import alias_table

        self.model, self.ids, self.offsets = model, ids, offsets
        self.vectors, self.contexts = state["vectors"], state["contexts"]
        self.tables = (keep_probability(vocabulary.counts, model.subsample).astype(np.float32),
                       *alias_table(noise_distribution(vocabulary.counts)))
        middles = (np.arange(_SIGMOIDS) + 0.5) / _SIGMOIDS * 2 * LIMIT - LIMIT
        self.sigmoids = (1 / (1 + np.exp(-middles))).astype(np.float32)

    def state(self):
        return {"vectors": self.vectors, "contexts": self.contexts}

    def epoch(self, epoch: int) -> Iterator[int]:
        """Yields how many words each finished chunk had."""
        cuts = _cuts(self.offsets)
        threads = ThreadPoolExecutor(self.model.workers)
        try:
            running = [threads.submit(self._chunk, epoch, first, last) for first, last in zip(cuts[:-1], cuts[1:], strict=True)]
            for chunk in as_completed(running):
                yield chunk.result()
        finally:
            threads.shutdown(cancel_futures=True)

    def _chunk(self, epoch, first, last):
        from ._skipgram_kernels import train

        model, words = self.model, len(self.ids)
        train(self.ids, self.offsets, first, last, *self.tables, model.window, model.negatives, self.sigmoids, LIMIT,
              self.vectors, self.contexts, model.learning_rate, words * model.epochs, words * epoch,
              _seed(model.seed, epoch, first), model.method == "cbow")
        return int(self.offsets[last] - self.offsets[first])


class _TorchTraining:
    """The same model as torch writes it: look up rows, inner products, loss, backward; only the rows looked up get a gradient."""

    BATCH = {"cuda": 65_536}  # pairs (skip-gram) or words (CBOW): a GPU must have much to do at a time; elsewhere 4,096

    def __init__(self, model, vocabulary, ids, offsets, state):
        import torch

        from .runtime import device

        self.model, self.offsets = model, offsets
        self.device = model.device or device()
        self.ids = torch.as_tensor(ids)
        self.sentence = torch.as_tensor(np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)))
        self.keep = torch.as_tensor(keep_probability(vocabulary.counts, model.subsample), dtype=torch.float32, device=self.device)
        self.noise = torch.as_tensor(np.cumsum(noise_distribution(vocabulary.counts)), device=self.device)
        self.words, self.contexts = (  # the CPU's tables share their memory with state, and so with the model's attributes
            torch.nn.Embedding.from_pretrained(torch.from_numpy(state[name]).to(self.device), freeze=False, sparse=True)
            for name in ("vectors", "contexts"))
        self.parameters = [self.words.weight, self.contexts.weight]
        self.optimiser = torch.optim.Adagrad(self.parameters, lr=model.learning_rate, initial_accumulator_value=1e-2)
        for number, parameter in enumerate(self.parameters):
            if f"squares{number}" in state:
                self.optimiser.state[parameter]["sum"].copy_(torch.from_numpy(state[f"squares{number}"]))

    def state(self):
        arrays = {"vectors": self.words.weight, "contexts": self.contexts.weight}
        arrays |= {f"squares{number}": self.optimiser.state[parameter]["sum"] for number, parameter in enumerate(self.parameters)}
        return {name: array.detach().cpu().numpy() for name, array in arrays.items()}

    def epoch(self, epoch: int) -> Iterator[int]:
        import torch

        try:
            cuts = _cuts(self.offsets)
            for first, last in zip(cuts[:-1], cuts[1:], strict=True):
                generator = torch.Generator(self.device).manual_seed(_seed(self.model.seed, epoch, first))
                places = slice(self.offsets[first], self.offsets[last])
                share = (epoch + self.offsets[first] / len(self.ids)) / self.model.epochs
                self.optimiser.param_groups[0]["lr"] = self.model.learning_rate * max(1 - share, 1e-4)
                with torch.sparse.check_sparse_tensor_invariants(False):  # said aloud, or torch warns that it does not check
                    for word, context in self.batches(places, generator):
                        self.optimiser.zero_grad(set_to_none=True)
                        self.loss(word, context, generator).backward()
                        self.optimiser.step()
                yield int(self.offsets[last] - self.offsets[first])
        finally:
            self.model.vectors_, self.model.context_vectors_ = (self.state()[name] for name in ("vectors", "contexts"))

    def batches(self, places, generator):
        """Words (B,) and what is predicted from or for them: a context (B,), or for CBOW all contexts (B, 2·window), -1 for none."""
        import torch

        words, contexts = windows(self.ids[places].to(self.device), self.sentence[places].to(self.device), self.keep,
                                  self.model.window, generator)
        if self.model.method == "skip-gram":
            row, column = torch.nonzero(contexts >= 0, as_tuple=True)
            words, contexts = words[row], contexts[row, column]                       # (P,), (P,)
        order = torch.randperm(len(words), generator=generator, device=self.device)
        for batch in order.split(self.BATCH.get(torch.device(self.device).type, 4096)):
            yield words[batch], contexts[batch]

    def loss(self, word, context, generator):
        """−log σ(right) − Σ log σ(−wrong), summed over the batch."""
        import torch
        from torch.nn.functional import logsigmoid

        chance = torch.rand(len(word), self.model.negatives, generator=generator, device=self.device, dtype=torch.float64)
        wrong = torch.searchsorted(self.noise, chance).clamp(max=len(self.noise) - 1)   # (B, k)
        if self.model.method == "skip-gram":
            right, given = context, self.words(word)                                  # (B,), (B, d)
        else:
            present = (context >= 0)[..., None]
            right = word
            given = (self.words(context.clamp(min=0)) * present).sum(1) / present.sum(1).clamp(min=1)
        score_right = (given * self.contexts(right)).sum(-1)                          # (B,)
        score_wrong = (self.contexts(wrong) @ given[..., None]).squeeze(-1)           # (B, k)
        hit = wrong == right[:, None]  # the right word drawn as a wrong one: left out, as in word2vec
        return -logsigmoid(score_right).sum() - logsigmoid(-score_wrong).masked_fill(hit, 0).sum()


def windows(ids, sentence, keep, window: int, generator):
    """Which words stand around which, after subsampling, with a reach drawn anew at each word.

    Parameters
    ----------
    ids, sentence : (n,) int tensor
        Word numbers of the corpus, and in which sentence each stands.
    keep : (V,) float tensor
        See `keep_probability`.

    Returns
    -------
    words : (m,) int tensor
        The words that survive and have a neighbour.
    contexts : (m, 2·window) int tensor
        Their neighbours; -1 where there is none.
    """
    import torch

    kept = torch.rand(len(ids), generator=generator, device=ids.device) < keep[ids]
    ids, sentence = ids[kept].long(), sentence[kept]
    reach = torch.randint(1, window + 1, (len(ids),), generator=generator, device=ids.device)
    contexts = ids.new_full((len(ids), 2 * window), -1)
    for distance in range(1, min(window, len(ids) - 1) + 1):
        together = sentence[distance:] == sentence[:-distance]
        contexts[:-distance, distance - 1] = torch.where(together & (reach[:-distance] >= distance), ids[distance:], -1)
        contexts[distance:, window + distance - 1] = torch.where(together & (reach[distance:] >= distance), ids[:-distance], -1)
    some = (contexts >= 0).any(1)
    return ids[some], contexts[some]


def _cuts(offsets):
    """Numbers of the sentences at which chunks of about CHUNK_WORDS begin, and the end."""
    wanted = np.arange(0, offsets[-1], CHUNK_WORDS)
    return np.unique(np.append(np.searchsorted(offsets, wanted), len(offsets) - 1))


def _seed(*numbers) -> int:
    return int(np.random.SeedSequence([int(number) for number in numbers]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def _bar(model, words, epoch):
    from tqdm import tqdm

    return tqdm(desc=model.method, total=words * model.epochs, initial=words * epoch, unit="낱말", unit_scale=True,
                disable=not model.progress, mininterval=1)


def _save(path, about, arrays):
    with whole_file(path) as part, open(part, "wb") as file:
        np.savez(file, about=np.array(about), **arrays)


def _load(path, about) -> dict | None:
    """The arrays of a checkpoint; None if there is none."""
    import zipfile
    import zlib

    if not Path(path).exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}  # every member's checksum is verified
        found = str(arrays.pop("about"))
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise CheckpointError(f"체크포인트 {path} 를 읽지 못했습니다.\n  원인: 파일이 손상되었습니다({error}).\n"
                              "  해결: 그 파일을 지우고 다시 실행하면 처음부터 학습합니다.") from error
    if found != about:
        before, now = json.loads(found), json.loads(about)
        other = [name for name in now if before.get(name) != now[name]]
        raise CheckpointError(f"체크포인트 {path} 는 다른 학습의 것입니다.\n  원인: 다음이 다릅니다: {', '.join(other)}.\n"
                              "  해결: 설정을 되돌리거나, 다른 경로를 쓰거나, 그 파일을 지우고 처음부터 학습하세요.")
    return arrays
