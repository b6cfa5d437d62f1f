"""Is it better, and how sure are we? Word similarity, category precision, analogies, intervals, a shuffled control."""

from dataclasses import dataclass, field

import numpy as np

from .similarity import best, unit_rows, word_number


@dataclass(frozen=True)
class WordSimilarity:
    """Agreement of cosines with human judgement.

    Attributes
    ----------
    rho : float
        Spearman's rank correlation over the pairs of which both words are in the vocabulary; other pairs are left out
        and not guessed. NaN if fewer than three pairs remain, or if all cosines are equal.
    low, high : float
        Ends of the 95 % bootstrap interval (pairs drawn with replacement).
    n_covered, n_total : int
        Pairs used, and pairs in the list. Compare two matrices only on the same pairs.
    """

    rho: float
    low: float
    high: float
    n_covered: int
    n_total: int

    def __str__(self):
        return f"ρ = {self.rho:.3f} [{self.low:.3f}, {self.high:.3f}] ({self.n_covered}/{self.n_total}쌍)"


@dataclass(frozen=True)
class CategoryPrecision:
    """Share of the n nearest neighbours, among the listed words, that belong to the same category.

    Attributes
    ----------
    precision : float
        Mean over the words.
    low, high : float
        Ends of the 95 % bootstrap interval (words drawn with replacement).
    chance : float
        What random neighbours would reach.
    n_covered, n_total : int
        Words used, and words in the list; words outside the vocabulary are left out.
    each : (n_covered,) float array
        The share of each word, in the order of the list: subtract two of them for the interval of a difference.
    """

    precision: float
    low: float
    high: float
    chance: float
    n_covered: int
    n_total: int
    each: np.ndarray = field(repr=False, compare=False)

    def __str__(self):
        return (f"{self.precision:.3f} [{self.low:.3f}, {self.high:.3f}] (우연 {self.chance:.3f}, "
                f"{self.n_covered}/{self.n_total}낱말)")


def bootstrap_interval(statistic, *arrays, n: int = 1000, level: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """Percentile interval of a statistic: draw the items again and again with replacement (Efron, 1979).

    Parameters
    ----------
    statistic : callable
        Takes as many arrays as are given here, returns a number.
    *arrays : (m, …) array
        Items that belong together have the same position in each.
    n : int
        Number of draws.
    level : float
        Share of the draws inside the interval.

    Returns
    -------
    (low, high) : float
        NaN where no draw gave a number.
    """
    arrays = [np.asarray(array) for array in arrays]
    sizes = {len(array) for array in arrays}
    if len(sizes) != 1 or sizes == {0}:
        raise ValueError(f"길이가 같고 비어 있지 않은 배열이 필요합니다: 길이 {sorted(sizes)}.")
    if n < 1 or not 0 < level < 1:
        raise ValueError(f"n은 1 이상, level은 0과 1 사이여야 합니다: n={n}, level={level}.")
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, sizes.pop(), (n, len(arrays[0])))
    values = np.array([statistic(*(array[draw] for array in arrays)) for draw in draws], dtype=float)
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def spearman(a, b) -> float:
    """Spearman's rank correlation (ties share their mean rank); NaN if one side is constant or has under 2 values."""
    from scipy.stats import rankdata

    a, b = rankdata(a), rankdata(b)
    a, b = a - a.mean(), b - b.mean()
    length = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / length) if length > 0 else float("nan")


def word_similarity(matrix, vocabulary, pairs) -> WordSimilarity:
    """Do cosines order pairs of words as people do?

    Parameters
    ----------
    matrix : (V, d) array or sparse array
    vocabulary : Vocabulary
    pairs : pandas.DataFrame
        Columns ``word1``, ``word2``, ``score``.
    """
    cosines, scores = pair_cosines(matrix, vocabulary, pairs)
    if len(cosines) < 3:
        return WordSimilarity(float("nan"), float("nan"), float("nan"), len(cosines), len(pairs))
    low, high = bootstrap_interval(spearman, cosines, scores)
    return WordSimilarity(spearman(cosines, scores), low, high, len(cosines), len(pairs))


def pair_cosines(matrix, vocabulary, pairs) -> tuple[np.ndarray, np.ndarray]:
    """Cosine and human score of every pair of which both words are in the vocabulary.

    Returns
    -------
    cosines, scores : (m,) float
    """
    _require(pairs, "word1", "word2", "score")
    known = pairs[pairs["word1"].isin(vocabulary.index) & pairs["word2"].isin(vocabulary.index)]
    if known.empty:
        return np.empty(0), np.empty(0)
    first = unit_rows(matrix[[vocabulary.index[word] for word in known["word1"]]])
    second = unit_rows(matrix[[vocabulary.index[word] for word in known["word2"]]])
    product = first.multiply(second) if hasattr(first, "multiply") else first * second
    return np.asarray(product.sum(axis=1)).ravel(), known["score"].to_numpy(float)


def similarity_gain(matrix, baseline, vocabulary, pairs) -> tuple[float, float, float]:
    """By how much ρ is larger with ``matrix`` than with ``baseline``, with the interval of the *difference*.

    Both are measured on the same pairs, and the bootstrap draws the same pairs for both: what makes a pair hard for either
    cancels, so that this interval is narrower than the two separate ones suggest.

    Returns
    -------
    gain, low, high : float
    """
    cosines, scores = pair_cosines(matrix, vocabulary, pairs)
    before, _ = pair_cosines(baseline, vocabulary, pairs)

    def difference(a, b, c):
        return spearman(a, c) - spearman(b, c)

    return (difference(cosines, before, scores), *bootstrap_interval(difference, cosines, before, scores))


def category_precision(matrix, vocabulary, categories, n: int = 5) -> CategoryPrecision:
    """Are the nearest neighbours of a word, among the listed words, of its own category?

    Parameters
    ----------
    matrix : (V, d) array or sparse array
    vocabulary : Vocabulary
    categories : pandas.DataFrame
        Columns ``word``, ``category``; a word occurs once.
    n : int
        Neighbours per word. A category of m < n + 1 words can reach (m − 1) / n at best.
    """
    _require(categories, "word", "category")
    known = categories[categories["word"].isin(vocabulary.index)].drop_duplicates("word")
    if not 1 <= n < len(known):
        raise ValueError(f"n은 1 이상이고 어휘에 있는 낱말 수({len(known)})보다 작아야 합니다: {n}.")
    rows = unit_rows(matrix[[vocabulary.index[word] for word in known["word"]]])
    cosines = rows @ rows.T
    cosines = cosines.toarray() if hasattr(cosines, "toarray") else cosines
    np.fill_diagonal(cosines, -np.inf)
    label = known["category"].to_numpy()
    same = label[:, None] == label[np.argsort(-cosines, axis=1, kind="stable")[:, :n]]
    each = same.mean(axis=1)
    low, high = bootstrap_interval(np.mean, each)
    chance = ((label[:, None] == label).sum(axis=1) - 1).mean() / (len(known) - 1)
    return CategoryPrecision(float(each.mean()), low, high, float(chance), len(known), len(categories), each)


def analogy(matrix, vocabulary, a: str, b: str, c: str, n: int = 5) -> list[tuple[str, float]]:
    """a is to b as c is to …? Words nearest to b − a + c on unit rows (3CosAdd), never a, b or c themselves.

    References
    ----------
    Mikolov, Yih & Zweig (2013). Without excluding the inputs the answer is mostly b or c (Linzen, 2016).
    """
    rows = unit_rows(matrix)
    numbers = [word_number(vocabulary, word) for word in (a, b, c)]
    first, second, third = (rows[[number]] for number in numbers)
    target = unit_rows(second - first + third)
    scores = rows @ target.T
    scores = scores.toarray() if hasattr(scores, "toarray") else scores
    return best(scores.ravel(), vocabulary, n, without=numbers)


def shuffled_corpus(sentences, seed: int = 0) -> list[list[str]]:
    """The control: all tokens of the corpus in random order, sentence lengths kept. Frequencies stay, company goes."""
    sentences = list(sentences)
    tokens = [token for sentence in sentences for token in sentence]
    order = iter(np.random.default_rng(seed).permutation(len(tokens)).tolist())
    return [[tokens[next(order)] for _ in sentence] for sentence in sentences]


def _require(frame, *columns):
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"표에 {', '.join(missing)} 열이 없습니다. 있는 열: {', '.join(map(str, frame.columns))}.")
