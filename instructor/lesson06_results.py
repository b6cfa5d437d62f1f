"""Tables of lesson 06 on the real movie reviews: units of text, vectors for unknown words, association tests, hard debiasing.

``python -m instructor.results 06`` writes them to ``data/results/``.
"""

import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pandas as pd

from lab_utils import bias, subwords
from lab_utils.similarity import unit_rows

# What people write in reviews, and what the dictionary has.
MISSPELLINGS = (
    ("재밋다", "재밌다"), ("재밋어요", "재밌어요"), ("재밋네요", "재밌네요"), ("재미잇다", "재미있다"), ("재미잇어요", "재미있어요"),
    ("멋잇다", "멋있다"), ("됬다", "됐다"), ("어의없다", "어이없다"), ("어의없는", "어이없는"), ("왠만하면", "웬만하면"), ("왠만한", "웬만한"),
    ("몇일", "며칠"), ("오랫만에", "오랜만에"), ("역활", "역할"), ("희안한", "희한한"), ("설레임", "설렘"), ("모르겟다", "모르겠다"),
    ("모르겟네", "모르겠네"), ("최고에요", "최고예요"), ("영화에요", "영화예요"), ("되요", "돼요"), ("되서", "돼서"), ("어떻해", "어떡해"),
    ("갠적으로", "개인적으로"), ("않좋다", "안좋다"), ("않되는", "안되는"), ("금새", "금세"), ("궂이", "굳이"), ("문안한", "무난한"),
)


def tables() -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of lesson 06, each as soon as it is there: (name of the file, table)."""
    yield "lesson06_units", subwords.compare_units(*subwords.review_texts(50_000), size=8000)
    yield "lesson06_unknown_words", unknown_words()
    tests, directions = associations()
    yield "lesson06_bias", tests
    yield "lesson06_directions", directions


# ── words that nobody has seen ───────────────────────────────────────────────────────────────────────────────────────


def unknown_words(n_reviews: int = 15_000, seeds=(1, 2, 3)) -> pd.DataFrame:
    """Made and real misspellings, and unseen forms: which models find the right word?

    Parameters
    ----------
    n_reviews : int
        Four fifths to train on; the unseen forms are those of a twentieth.
    seeds : sequence of int
        Each model is trained once with each.

    Returns
    -------
    pandas.DataFrame
        See `subwords.trial_summary`; with 리뷰 (reviews) and seed.
    """
    train, held = ([subwords.eojeols(text) for text in texts] for texts in subwords.review_texts(n_reviews)[:2])
    items = subwords.unknown_word_items(train, held[: len(held) // 4]) + misspelling_items(train)
    parts = []
    for kind in subwords.KINDS:
        began = time.perf_counter()
        parts.append(subwords.word_trials(train, items, seeds=seeds, kinds=(kind,)))
        _say(f"{kind}, {len(seeds)} seeds", began)
    return subwords.trial_summary(pd.concat(parts, ignore_index=True)).assign(리뷰=n_reviews, seed=" ".join(map(str, seeds)))


def misspelling_items(train) -> list[tuple[str, str, set[str]]]:
    """The pairs of `MISSPELLINGS` of which the right form is known, as items for `subwords.word_trials`.

    The test is "아는 오타" where the misspelling is in the vocabulary, too (and so has a vector in every model), else "모르는 오타".
    """
    counts = Counter(word for sentence in train for word in sentence)
    return [("아는 오타" if counts[wrong] >= 2 else "모르는 오타", wrong, {right}) for wrong, right in MISSPELLINGS if counts[right] >= 2]


# ── association tests and debiasing ──────────────────────────────────────────────────────────────────────────────────


def associations(n_parts: int = 4, parts=(0, 1, 2), min_count: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Association tests and debiasing on the reviews: two models on all of them, and on disjoint parts.

    Parameters
    ----------
    n_parts : int
        Part i holds every ``n_parts``-th review, from the i-th on.
    parts : sequence of int
        Parts to use; each gives skip-gram another seed, too.
    min_count : int
        Words of the lists must occur so often in a part, four times as often in all reviews.

    Returns
    -------
    tests : pandas.DataFrame
        `bias.test_report` with 모델, 자료 (all or which part) and seed.
    directions : pandas.DataFrame
        `bias.direction_report` and `debiasing`, one row a model and part.
    """
    from lab_utils import movie_reviews

    everything = movie_reviews.tokens()
    corpora = [("전체", everything, 0, 4 * min_count)]
    corpora += [(f"{part + 1}/{n_parts}", list(islice(everything, part, None, n_parts)), part + 1, min_count) for part in parts]
    models = {"PPMI + SVD": lambda sentences, seed: bias.ppmi_svd(sentences), "스킵그램": bias.sgns}
    tests, directions = [], []
    for name, sentences, seed, least in corpora:
        for kind, train in models.items():
            began = time.perf_counter()
            matrix, vocabulary = train(sentences, seed)
            about = {"모델": kind, "자료": name, "seed": seed}
            tests.append(bias.test_report(matrix, vocabulary, least).assign(**about))
            directions.append({**about, **bias.direction_report(matrix, vocabulary, least), **debiasing(matrix, vocabulary, min_count=least)})
            _say(f"{kind}, {name}", began)
    return pd.concat(tests, ignore_index=True), pd.DataFrame(directions)


def debiasing(matrix, vocabulary, *, min_count: int = 5, most: int = 5000, n_biased: int = 250, seed: int = 0) -> dict:
    """What neutralising takes away, and what can still be told afterwards, beside the same done to directions of no meaning.

    The ``n_biased`` words farthest along each side of the gender direction, gender words left out, among the ``most`` frequent words,
    are the two sides that `bias.recoverable` has to tell apart, before and after the direction is removed.

    Returns
    -------
    dict
        Of numbers; keys in Korean: d before and after (occupations), accuracy before and after, for gender and for random directions.
    """
    lists = bias.word_lists()
    male, female = map(list, zip(*bias.frequent_pairs(vocabulary, min_count), strict=True))
    direction, _ = bias.gender_direction(bias.rows_of(matrix, vocabulary, male), bias.rows_of(matrix, vocabulary, female))
    x, y, a, b = (bias.rows_of(matrix, vocabulary, words) for words in bias.test_words(vocabulary, "occupations", min_count))
    before, after = bias.weat(x, y, a, b), bias.weat(bias.neutralise(x, direction), bias.neutralise(y, direction), a, b)
    gendered = {*male, *female, *lists["gendered"], *(word for pair in lists["pairs"] for word in pair)}
    neutral = unit_rows(bias.rows_of(matrix, vocabulary, [word for word in vocabulary.words[:most] if word not in gendered]))
    found = {"직업 d, 전": before.effect, "직업 p, 전": before.p, "직업 d, 뒤": after.effect, "직업 p, 뒤": after.p}
    generator = np.random.default_rng(seed)
    n_biased = min(n_biased, len(neutral) // 4)
    side = np.repeat([0, 1], n_biased)
    for name, directions in (("성별 방향", [direction]), ("무작위 방향", generator.normal(size=(5, matrix.shape[1])))):
        results = []
        for way in directions:
            order = np.argsort(neutral @ unit_rows(way))
            words = neutral[np.concatenate([order[:n_biased], order[-n_biased:]])]
            results.append((bias.recoverable(words, side, seed=seed), bias.recoverable(bias.neutralise(words, way), side, seed=seed)))
        for when, column in (("전", 0), ("뒤", 1)):
            found[f"{name}: 분류 {when}"] = np.mean([result[column].classified for result in results])
            found[f"{name}: 군집 {when}"] = np.mean([result[column].clustered for result in results])
    return found | {"낱말": 2 * n_biased}


def _say(what, began):
    print(f"  {what}: {time.perf_counter() - began:.0f} s", flush=True)
