"""Which groups of words stand nearer to which? Association tests, a gender direction, hard debiasing and what remains after it."""

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from .evaluation import bootstrap_interval
from .similarity import unit_rows

MAX_EXACT = 200_000  # partitions that are all looked at; beyond, a random sample of them
SLOTS = {"{그}": ("그", "그녀"), "{남자}": ("남자", "여자"), "{아버지}": ("아버지", "어머니"), "{아들}": ("아들", "딸"),
         "{오빠}": ("오빠", "언니"), "{소년}": ("소년", "소녀"), "{삼촌}": ("삼촌", "이모"), "{할아버지}": ("할아버지", "할머니")}
PARTICLES = {"은는": ("은", "는"), "이가": ("이", "가"), "을를": ("을", "를"), "과와": ("과", "와"), "으로로": ("으로", "로")}


@dataclass(frozen=True)
class AssociationTest:
    """Result of `weat`.

    Attributes
    ----------
    effect : float
        d: difference of the two target groups' mean associations, in standard deviations of all of them; −2 to 2 for large
        groups of equal size. NaN if all associations are equal.
    low, high : float
        Ends of the 95 % bootstrap interval of d (target words drawn with replacement, within each group).
    p : float
        Share of the partitions of the target words whose difference is at least as large as the real one (one-sided).
    n_x, n_y, n_a, n_b : int
        Words in each group.
    partitions : int
        Partitions looked at.
    exact : bool
        True if these are all partitions there are.
    """

    effect: float
    low: float
    high: float
    p: float
    n_x: int
    n_y: int
    n_a: int
    n_b: int
    partitions: int
    exact: bool

    def __str__(self):
        how = "모든" if self.exact else "무작위"
        return (f"d = {self.effect:+.2f} [{self.low:+.2f}, {self.high:+.2f}], p = {self.p:.2g} ({how} 분할 {self.partitions:,}가지), "
                f"낱말 {self.n_x}+{self.n_y} × {self.n_a}+{self.n_b}")


def association(words, a, b) -> np.ndarray:
    """s(w, A, B): mean cosine of each word with the words of A, less that with the words of B.

    Parameters
    ----------
    words : (n, d) array
    a, b : (m, d) array

    Returns
    -------
    (n,) array
    """
    words, a, b = (unit_rows(np.asarray(group, dtype=np.float64)) for group in (words, a, b))
    return (words @ a.T).mean(axis=1) - (words @ b.T).mean(axis=1)


def effect_size(x, y) -> float:
    """d = (mean of x − mean of y) ÷ standard deviation of both together (n − 1 in the denominator); NaN if that is 0."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    spread = np.concatenate([x, y]).std(ddof=1)
    return float((x.mean() - y.mean()) / spread) if spread > 1e-12 else float("nan")


def weat(x, y, a, b, *, n_permutations: int = 10_000, seed: int = 0) -> AssociationTest:
    """Word Embedding Association Test: are the words of X nearer to A, and those of Y nearer to B?

    Parameters
    ----------
    x, y : (n, d) array
        Vectors of the target words, at least two each.
    a, b : (m, d) array
        Vectors of the attribute words.
    n_permutations : int
        Random partitions where there are more than 200,000; the real one is counted with them, so that p is never 0.
    seed : int

    Returns
    -------
    AssociationTest

    References
    ----------
    Caliskan, Bryson & Narayanan (2017), Semantics derived automatically from language corpora contain human-like biases. The
    p value exchanges the target words; it says nothing of another corpus or another training run.
    """
    sizes = [len(group) for group in (x, y, a, b)]
    if min(sizes[:2]) < 2 or min(sizes[2:]) < 1:
        raise ValueError("대상 낱말은 모둠마다 둘 이상, 속성 낱말은 하나 이상 필요합니다. "
                         f"X {sizes[0]}개, Y {sizes[1]}개, A {sizes[2]}개, B {sizes[3]}개입니다.\n"
                         "  원인: 목록의 낱말이 어휘에 거의 없습니다.\n  해결: 더 큰 말뭉치를 쓰거나 목록을 바꾸어 주세요.")
    scores = np.concatenate([association(x, a, b), association(y, a, b)])
    n_x, n = len(x), len(scores)
    exact = math.comb(n, n_x) <= MAX_EXACT
    if exact:
        chosen = np.array(list(combinations(range(n), n_x)))
    else:
        generator = np.random.default_rng(seed)
        chosen = np.argsort(generator.random((n_permutations - 1, n)), axis=1)[:, :n_x]
        chosen = np.vstack([np.arange(n_x), chosen])
    sums = scores[chosen].sum(axis=1)
    differences = sums / n_x - (scores.sum() - sums) / (n - n_x)
    generator = np.random.default_rng(seed)
    drawn_x, drawn_y = generator.choice(scores[:n_x], (1000, n_x)), generator.choice(scores[n_x:], (1000, n - n_x))
    spread = np.hstack([drawn_x, drawn_y]).std(axis=1, ddof=1)
    draws = (drawn_x.mean(axis=1) - drawn_y.mean(axis=1))[spread > 1e-12] / spread[spread > 1e-12]
    low, high = np.quantile(draws, [0.025, 0.975]) if len(draws) else (math.nan, math.nan)
    p = np.mean(differences >= differences[0] - 1e-12)  # the first partition is the real one
    return AssociationTest(effect_size(scores[:n_x], scores[n_x:]), float(low), float(high), float(p), *sizes, len(chosen), exact)


def gender_direction(male, female) -> tuple[np.ndarray, np.ndarray]:
    """First principal component of the differences within pairs.

    Parameters
    ----------
    male, female : (n, d) array
        Row i of one belongs to row i of the other.

    Returns
    -------
    direction : (d,) array
        Of length 1, towards the second of each pair.
    explained : (min(n, d),) array
        Share of the differences' sum of squares that lies in each component, descending.

    References
    ----------
    Bolukbasi et al. (2016), Man is to Computer Programmer as Woman is to Homemaker?
    """
    differences = unit_rows(female) - unit_rows(male)
    _, values, components = np.linalg.svd(differences, full_matrices=False)
    direction = components[0] * (1 if (differences @ components[0]).sum() >= 0 else -1)
    return direction, values**2 / (values**2).sum()


def neutralise(vectors, direction) -> np.ndarray:
    """Take the part along the direction away from each row, and bring the rows back to length 1."""
    vectors = unit_rows(vectors)
    direction = unit_rows(direction)
    return unit_rows(vectors - np.outer(vectors @ direction, direction))


def equalise(male, female, direction) -> tuple[np.ndarray, np.ndarray]:
    """Make the words of each pair differ along the direction only, equally far from every neutralised word.

    Parameters
    ----------
    male, female : (n, d) array
    direction : (d,) array

    Returns
    -------
    male, female : (n, d) array
        Rows of length 1.
    """
    male, female, direction = unit_rows(male), unit_rows(female), unit_rows(direction)
    middle = (male + female) / 2
    common = middle - np.outer(middle @ direction, direction)
    apart = np.sqrt(np.maximum(1 - (common**2).sum(axis=1, keepdims=True), 0)) * direction
    side = np.where((female - male) @ direction >= 0, 1, -1)[:, None]
    return common - side * apart, common + side * apart


@dataclass(frozen=True)
class Recovered:
    """Result of `recoverable`: shares of words put on their right side by a classifier, and by clustering without labels.

    Attributes
    ----------
    classified, low, high : float
        Cross-validated accuracy with its 95 % bootstrap interval over words.
    clustered : float
        Accuracy of two clusters, the better naming of the two; 0.5 to 1.
    n : int
        Words.
    each : (n,) float array
        1 where the classifier was right: subtract two of them for the interval of a difference.
    """

    classified: float
    low: float
    high: float
    clustered: float
    n: int
    each: np.ndarray


def recoverable(vectors, side, *, seed: int = 0) -> Recovered:
    """Can it be told from the vectors on which side each word was? A support vector machine (RBF), 5-fold, and 2-means.

    Parameters
    ----------
    vectors : (n, d) array
    side : (n,) array of 0 and 1
        At least five of each.
    seed : int
        Of the folds and the clusters.

    References
    ----------
    Gonen & Goldberg (2019), Lipstick on a Pig.
    """
    from sklearn.cluster import KMeans
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.svm import SVC

    vectors, side = unit_rows(vectors), np.asarray(side)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    each = (cross_val_predict(SVC(), vectors, side, cv=folds) == side).astype(float)
    clusters = KMeans(2, n_init=10, random_state=seed).fit_predict(vectors)
    agreement = float(np.mean(clusters == side))
    return Recovered(float(each.mean()), *bootstrap_interval(np.mean, each), max(agreement, 1 - agreement), len(side), each)


# ── a whole set of vectors ──────────────────────────────────────────────────────────────────────────────────────────


def rows_of(matrix, vocabulary, words) -> np.ndarray:
    """The rows of some words, float64."""
    return np.asarray(matrix[[vocabulary.index[word] for word in words]], dtype=np.float64)


def test_report(matrix, vocabulary, min_count: int = 5):
    """Every test of ``word_lists()["targets"]`` for which at least three words of X and of Y are frequent.

    Returns
    -------
    pandas.DataFrame
        Columns 시험, d, 아래, 위, p, 낱말 (numbers of words X+Y × A+B).
    """
    import pandas as pd

    rows = []
    for name in word_lists()["targets"]:
        groups = test_words(vocabulary, name, min_count)
        if min(map(len, groups)) >= 3:
            found = weat(*(rows_of(matrix, vocabulary, group) for group in groups))
            rows.append((name, found.effect, found.low, found.high, found.p, f"{found.n_x}+{found.n_y} × {found.n_a}+{found.n_b}"))
    return pd.DataFrame(rows, columns=["시험", "d", "아래", "위", "p", "낱말"])


def direction_report(matrix, vocabulary, min_count: int = 5, n_draws: int = 100, seed: int = 0) -> dict:
    """How much of the pairs' differences lies in one direction, beside two controls.

    Returns
    -------
    dict
        쌍 (pairs), 첫 방향 (share of the first component), and of ``n_draws`` draws the mean and the middle 95 % (아래, 위): 짝 섞기
        (the same words, partners exchanged) and 무작위 낱말 (any words).
    """
    male, female = map(list, zip(*frequent_pairs(vocabulary, min_count), strict=True))
    m, f = rows_of(matrix, vocabulary, male), rows_of(matrix, vocabulary, female)
    others = rows_of(matrix, vocabulary, [word for word in vocabulary.words[:3000] if word not in {*male, *female}])
    generator = np.random.default_rng(seed)
    mixed = [gender_direction(m, f[generator.permutation(len(f))])[1][0] for _ in range(n_draws)]
    drawn = [others[generator.choice(len(others), 2 * len(m), replace=False)] for _ in range(n_draws)]
    anything = [gender_direction(words[: len(m)], words[len(m):])[1][0] for words in drawn]
    report = {"쌍": len(m), "첫 방향": gender_direction(m, f)[1][0]}
    for name, shares in (("짝 섞기", mixed), ("무작위 낱말", anything)):
        low, high = np.quantile(shares, [0.025, 0.975])
        report |= {name: np.mean(shares), f"{name}, 아래": low, f"{name}, 위": high}
    return report


def sgns(sentences, seed: int = 0, *, dimensions: int = 100, epochs: int = 15, min_count: int = 5, max_vocabulary: int = 20_000,
         subsample: float = 1e-4):
    """Skip-gram vectors of lesson 03, by one thread (so that a seed means one result), as (matrix, vocabulary)."""
    from .skipgram import SkipGram

    model = SkipGram(dimensions, epochs=epochs, min_count=min_count, max_vocabulary=max_vocabulary, subsample=subsample, seed=seed, workers=1)
    model.fit(sentences)
    return model.vectors_, model.vocabulary_


def ppmi_svd(sentences, *, dimensions: int = 100, min_count: int = 5, max_vocabulary: int = 20_000):
    """Vectors of lesson 02 (PPMI with smoothing .75, SVD, p = ½), as (matrix, vocabulary)."""
    from . import cooccurrence, pmi, svd

    counts, vocabulary = cooccurrence.count_cooccurrences(sentences, window=5, max_vocabulary=max_vocabulary, min_count=min_count)
    U, S, _ = svd.truncated_svd(pmi.ppmi(counts, smoothing=0.75), k=dimensions)
    return svd.word_vectors(U, S, 0.5), vocabulary


# ── words and sentences of the lesson ────────────────────────────────────────────────────────────────────────────────


@cache
def word_lists() -> dict:
    """The lists in ``data/bias/words.toml``: ``pairs``, ``attribute_pairs``, ``gendered``, ``targets``."""
    import tomllib

    from .runtime import data_folder

    return tomllib.loads((data_folder() / "bias" / "words.toml").read_text("utf-8"))


def test_words(vocabulary, name: str, min_count: int = 5) -> tuple[list[str], list[str], list[str], list[str]]:
    """The words X, Y, A, B of a test that occur often enough; a gender word is left out with its partner.

    Parameters
    ----------
    vocabulary : Vocabulary
    name : str
        A key of ``word_lists()["targets"]``.
    min_count : int
    """
    lists = word_lists()
    target = lists["targets"][name]
    if "a" in target:
        a, b = frequent(vocabulary, target["a"], min_count), frequent(vocabulary, target["b"], min_count)
    else:
        a, b = map(list, zip(*frequent_pairs(vocabulary, min_count)[:lists["attribute_pairs"]], strict=True))
    return frequent(vocabulary, target["x"], min_count), frequent(vocabulary, target["y"], min_count), a, b


def frequent(vocabulary, words, min_count: int = 5) -> list[str]:
    """The words that occur at least ``min_count`` times, in their order."""
    return [word for word in words if word in vocabulary.index and vocabulary.counts[vocabulary.index[word]] >= min_count]


def frequent_pairs(vocabulary, min_count: int = 5) -> list[tuple[str, str]]:
    """The pairs (male, female) of ``word_lists()`` of which both words are frequent."""
    return [(m, f) for m, f in word_lists()["pairs"] if len(frequent(vocabulary, (m, f), min_count)) == 2]


def planted_sentences(jobs_x, jobs_y, lean: float, n: int = 3000, seed: int = 0) -> list[list[str]]:
    """Sentences about people at work in which a known association was planted.

    A job of X comes with the male word of a pair with probability ½ + lean, one of Y with probability ½ − lean.

    Parameters
    ----------
    jobs_x, jobs_y : list of str
    lean : float
        0 (no association) to ½ (always).
    n : int
    seed : int

    Returns
    -------
    list of list of str
        Morphemes of each sentence. Which frame, job and gender is drawn anew for each.
    """
    if not 0 <= lean <= 0.5:
        raise ValueError(f"lean은 0과 0.5 사이여야 합니다: {lean}.")
    frames, generator = _frames(), np.random.default_rng(seed)
    sentences = []
    for _ in range(n):
        frame = frames[generator.integers(len(frames))]
        of_x = generator.random() < 0.5
        jobs = jobs_x if of_x else jobs_y
        job = jobs[generator.integers(len(jobs))]
        female = int(generator.random() < (0.5 - lean if of_x else 0.5 + lean))
        tokens = []
        for token in frame:
            token = job if token == "{직업}" else SLOTS[token][female] if token in SLOTS else token
            tokens.append(PARTICLES[token][not _has_final(tokens[-1])] if token in PARTICLES else token)
        sentences.append(tokens)
    return sentences


@cache
def _frames() -> list[list[str]]:
    from .runtime import data_folder

    lines = (data_folder() / "bias" / "frames.txt").read_text("utf-8").splitlines()
    return [line.replace("/", " ").split() for line in lines if line and not line.startswith("#")]


def _has_final(word: str) -> bool:
    return (ord(word[-1]) - 0xAC00) % 28 > 0
