"""Is it better, and how sure are we? Word similarity, categories, analogies, retrieval, intervals, a shuffled control."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .similarity import best, unit_rows, word_number

if TYPE_CHECKING:
    import pandas as pd


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


@dataclass(frozen=True)
class AnalogyScore:
    """How many of the items "a is to b as c is to …?" are answered with d.

    Attributes
    ----------
    accuracy : float
        Share of right answers among the covered items; NaN if none is covered.
    low, high : float
        Ends of the 95 % bootstrap interval that draws the *first pairs* (a, b), each with all its items: items that share a pair
        succeed or fail together, so that drawing single items would make the interval too narrow.
    n_covered, n_total : int
        Items of which all four words are in the vocabulary, and items in the list.
    n_unsolvable : int
        Covered items whose answer d is one of a, b, c: wrong for sure when the inputs are excluded.
    echoes : float
        Share of the covered items answered with a, b or c themselves; 0 when the inputs are excluded.
    by_section : pandas.DataFrame
        One row a section: ``section``, ``accuracy``, ``low``, ``high``, ``covered``, ``total``, ``unsolvable``, ``echoes``.
    each : (n_covered,) bool array
        Right or wrong, in the order of the list.
    pair : (n_covered,) int array
        Number of the first pair of each item: what `clustered_interval` wants for the difference of two models.
    answers : list of str
        The answer given to each covered item.
    """

    accuracy: float
    low: float
    high: float
    n_covered: int
    n_total: int
    n_unsolvable: int
    echoes: float
    by_section: "pd.DataFrame" = field(repr=False, compare=False)
    each: np.ndarray = field(repr=False, compare=False)
    pair: np.ndarray = field(repr=False, compare=False)
    answers: list[str] = field(repr=False, compare=False)

    def __str__(self):
        return (f"{self.accuracy:.3f} [{self.low:.3f}, {self.high:.3f}] ({self.n_covered}/{self.n_total}문제, "
                f"답이 a, b, c 안에 있는 것 {self.n_unsolvable})")


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


def clustered_interval(values, clusters, **options) -> tuple[float, float]:
    """Percentile interval of a mean when values come in clusters: whole clusters are drawn, not single values.

    Parameters
    ----------
    values : (m,) array
    clusters : (m,) array
        Which cluster each value belongs to.
    **options
        ``n``, ``level`` and ``seed`` of `bootstrap_interval`.

    Returns
    -------
    (low, high) : float
    """
    values, clusters = np.asarray(values, float), np.asarray(clusters)
    if len(values) != len(clusters):
        raise ValueError(f"값과 묶음 번호의 개수가 다릅니다: {len(values)}개와 {len(clusters)}개.")
    _, number = np.unique(clusters, return_inverse=True)
    sums, sizes = np.bincount(number, values), np.bincount(number)
    return bootstrap_interval(lambda s, n: s.sum() / n.sum(), sums, sizes, **options)


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


def analogy(matrix, vocabulary, a: str, b: str, c: str, n: int = 5, *, method: str = "add",
            exclude_inputs: bool = True) -> list[tuple[str, float]]:
    """a is to b as c is to …? The n words with the highest score.

    Parameters
    ----------
    matrix : (V, d) array or sparse array
    vocabulary : Vocabulary
    a, b, c : str
    n : int
    method : {"add", "mul"}
        "add" (3CosAdd): cosine with the direction of b − a + c, rows being of unit length. "mul" (3CosMul): the product of the
        similarities to b and c divided by the one to a, each moved from [−1, 1] to [0, 1] first.
    exclude_inputs : bool
        Whether a, b and c are out of the question. Without this the answer is mostly b or c (Linzen, 2016).

    Returns
    -------
    list of (word, score), descending

    References
    ----------
    Mikolov, Yih & Zweig (2013). Levy & Goldberg (2014), "Linguistic regularities in sparse and explicit word representations".
    """
    rows = unit_rows(matrix)
    numbers = [word_number(vocabulary, word) for word in (a, b, c)]
    cosines = _dense(rows[numbers] @ rows.T)                              # (3, V)
    scores = _analogy_scores(*cosines, method)
    if method == "add":  # the length of b − a + c makes a cosine of it; no order changes
        target = rows[[numbers[1]]] - rows[[numbers[0]]] + rows[[numbers[2]]]
        length = float(np.sqrt(_dense(target @ target.T).item()))
        scores = scores / length if length > 0 else scores
    return best(scores, vocabulary, n, without=numbers if exclude_inputs else ())


def analogy_accuracy(matrix, vocabulary, items, *, method: str = "add", exclude_inputs: bool = True) -> AnalogyScore:
    """Share of analogies whose best-scored word of the whole vocabulary is d.

    Items with a word outside the vocabulary are left out and counted; compare two matrices only on the same vocabulary.

    Parameters
    ----------
    matrix : (V, d) array or sparse array
    vocabulary : Vocabulary
    items : pandas.DataFrame
        Columns ``a``, ``b``, ``c``, ``d``; ``section`` where there are sections.
    method, exclude_inputs
        See `analogy`.
    """
    import pandas as pd

    _require(items, *"abcd")
    section = items["section"] if "section" in items else pd.Series("", index=items.index)
    known = items[list("abcd")].isin(vocabulary.words).all(axis=1).to_numpy()
    words = items.loc[known, list("abcd")]
    numbers = words.map(vocabulary.index.__getitem__).to_numpy(np.int64).reshape(-1, 4)  # (m, 4)
    found = _analogy_answers(unit_rows(matrix), numbers[:, :3], method, exclude_inputs)
    frame = pd.DataFrame({
        "section": section[known].to_numpy(),
        "pair": pd.factorize(words["a"].str.cat(words["b"], sep="\t"))[0] if len(words) else [],
        "right": found == numbers[:, 3],
        "unsolvable": (numbers[:, :3] == numbers[:, 3:]).any(axis=1),
        "echo": (numbers[:, :3] == found[:, None]).any(axis=1),
    })

    def measured(part):
        low, high = clustered_interval(part["right"], part["pair"]) if len(part) else (np.nan, np.nan)
        return {"accuracy": part["right"].mean() if len(part) else np.nan, "low": low, "high": high, "covered": len(part),
                "unsolvable": int(part["unsolvable"].sum()), "echoes": part["echo"].mean() if len(part) else np.nan}

    by_section = pd.DataFrame([{"section": name, "total": int((section == name).sum())} | measured(frame[frame["section"] == name])
                               for name in section.unique()])
    whole = measured(frame)
    return AnalogyScore(float(whole["accuracy"]), whole["low"], whole["high"], len(frame), len(items), whole["unsolvable"],
                        float(whole["echoes"]), by_section, frame["right"].to_numpy(), frame["pair"].to_numpy(),
                        [vocabulary.words[i] for i in found])


def _analogy_scores(to_a, to_b, to_c, method):
    if method == "add":
        return to_b - to_a + to_c
    if method == "mul":
        return (to_b + 1) / 2 * (to_c + 1) / 2 / ((to_a + 1) / 2 + 0.001)
    raise ValueError(f"method는 'add'(3CosAdd)나 'mul'(3CosMul)이어야 합니다: {method!r}.")


def _analogy_answers(rows, inputs, method, exclude_inputs, batch=256):
    """Number of the best word for each (a, b, c); cosines are computed once for each word of a batch."""
    answers = np.empty(len(inputs), np.int64)
    for start in range(0, len(inputs), batch):
        asked = inputs[start:start + batch]
        words, place = np.unique(asked, return_inverse=True)
        cosines = _dense(rows[words] @ rows.T)                            # (words of the batch, V)
        scores = _analogy_scores(*(cosines[column] for column in place.reshape(asked.shape).T), method)
        if exclude_inputs:
            scores[np.arange(len(asked))[:, None], asked] = -np.inf
        answers[start:start + batch] = scores.argmax(axis=1)
    return answers


def retrieval_metrics(scores, relevant, k: int = 10, seed: int = 0) -> "pd.DataFrame":
    """How well does a ranking of documents serve each query?

    Parameters
    ----------
    scores : (Q, D) array
        Higher is better. Documents with equal scores are put in random order: keyword search gives 0 to most documents, and
        their order in the file must not count.
    relevant : (Q, D) array
        0 or False: not relevant. Larger values count as more relevant in nDCG only.
    k : int
    seed : int
        Of the random order among equals.

    Returns
    -------
    pandas.DataFrame
        One row a query: ``precision`` and ``recall`` of the first k, ``reciprocal_rank`` of the first relevant document,
        ``average_precision`` over the whole ranking (scikit-learn), ``ndcg`` of the first k (scikit-learn; averages over equal
        scores). All lie between 0 and 1; their means are P@k, R@k, MRR, MAP and nDCG@k.

    Raises
    ------
    ValueError
        For unequal shapes, NaN, a query without a relevant document, or a k outside 1 … D.
    """
    import pandas as pd
    from sklearn.metrics import average_precision_score, ndcg_score

    scores, relevant = np.asarray(scores, float), np.asarray(relevant, float)
    if scores.ndim != 2 or scores.shape != relevant.shape:
        raise ValueError(f"scores와 relevant는 (질의, 문서) 모양이 같아야 합니다: {scores.shape}와 {relevant.shape}.")
    if np.isnan(scores).any() or (relevant < 0).any():
        raise ValueError("scores에 NaN이 있거나 relevant에 음수가 있습니다. 길이가 0인 벡터로 나누지 않았는지 확인하세요.")
    if not 1 <= k <= scores.shape[1]:
        raise ValueError(f"k는 1 이상 {scores.shape[1]}(문서 수) 이하여야 합니다: {k}.")
    hit = relevant > 0
    if not hit.any(axis=1).all():
        raise ValueError(f"맞는 문서가 하나도 없는 질의가 {int((~hit.any(axis=1)).sum())}개 있습니다. 그 질의는 빼고 재세요.")
    random_order = np.random.default_rng(seed).random(scores.shape)
    order = np.lexsort((random_order, -scores), axis=1)                   # (Q, D): best first
    hit_at = np.take_along_axis(hit, order, axis=1)
    first = hit_at[:, :k].sum(axis=1)
    return pd.DataFrame({
        "precision": first / k,
        "recall": first / hit.sum(axis=1),
        "reciprocal_rank": 1 / (hit_at.argmax(axis=1) + 1),
        "average_precision": [average_precision_score(h, s) for h, s in zip(hit, scores, strict=True)],
        "ndcg": [ndcg_score([r], [s], k=k) for r, s in zip(relevant, scores, strict=True)] if scores.shape[1] > 1 else 1.0,
    })


def shuffled_corpus(sentences, seed: int = 0) -> list[list[str]]:
    """The control: all tokens of the corpus in random order, sentence lengths kept. Frequencies stay, company goes."""
    sentences = list(sentences)
    tokens = [token for sentence in sentences for token in sentence]
    order = iter(np.random.default_rng(seed).permutation(len(tokens)).tolist())
    return [[tokens[next(order)] for _ in sentence] for sentence in sentences]


def _dense(product):
    return product.toarray() if hasattr(product, "toarray") else product


def _require(frame, *columns):
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"표에 {', '.join(missing)} 열이 없습니다. 있는 열: {', '.join(map(str, frame.columns))}.")
