"""The 712,404 real movie reviews as morphemes, and what lessons 01 and 02 measure on them."""

WINDOW, MAX_VOCABULARY, MIN_COUNT = 5, 20_000, 5


def tokens(limit: int | None = None):
    """Morphemes of all reviews (NSMC with ratings), from the cache after the first time (minutes).

    Parameters
    ----------
    limit : int, optional
        Only so many reviews, drawn evenly over the corpus; all if None.

    Returns
    -------
    tokenization.TokenFile
        One review per line.
    """
    from . import datasets, tokenization

    texts = datasets.load("nsmc-stars").text
    if limit and limit < len(texts):
        texts = texts.iloc[:: len(texts) // limit].iloc[:limit]
        return tokenization.morphemes(texts, cache=f"nsmc-stars-{limit}")
    return tokenization.morphemes(texts, cache="nsmc-stars")


def counting_report(sentences):
    """What counting neighbours in the reviews shows: sizes, sparsity, and the company of some words.

    Returns
    -------
    pandas.DataFrame
        Columns 항목 (what), 값 (value, as text).
    """
    import time

    import numpy as np
    import pandas as pd

    from . import cooccurrence, similarity

    start = time.perf_counter()
    counts, vocabulary = cooccurrence.count_cooccurrences(sentences, window=WINDOW, max_vocabulary=MAX_VOCABULARY, min_count=MIN_COUNT)
    seconds = time.perf_counter() - start
    rows = [
        ("리뷰", f"{len(sentences):,}건"),
        ("어휘", f"{len(vocabulary):,}개 (횟수 {MIN_COUNT} 이상, 많아야 {MAX_VOCABULARY:,}개)"),
        ("센 쌍", f"{int(counts.sum()):,}개, {seconds:.1f}초"),
        ("0인 칸", f"{1 - counts.count_nonzero() / np.prod(counts.shape):.2%}"),
    ]
    for word in ("송강호", "감독", "눈물"):
        if word in vocabulary:
            row = counts[[vocabulary.index[word]]].tocoo()
            beside = [vocabulary.words[row.col[i]] for i in np.argsort(-row.data, kind="stable")[:8]]
            rows.append((f"{word}: 곁에 많이 온 말", " ".join(beside)))
            rows.append((f"{word}: 행이 비슷한 말", " ".join(w for w, _ in similarity.nearest(counts, vocabulary, word, n=8))))
    return pd.DataFrame(rows, columns=["항목", "값"])


def compare_count_models(sentences, pairs, *, k: int = 100):
    """Raw counts, PPMI and SVD against human similarity judgements, on the same pairs, with a shuffled corpus as control.

    Parameters
    ----------
    sentences : TokenFile or list of list of str
    pairs : pandas.DataFrame
        Columns ``word1``, ``word2``, ``score`` (WS353-ko).
    k : int
        Dimensions of the SVD.

    Returns
    -------
    pandas.DataFrame
        Columns 모델 (model), rho, 아래, 위 (95 % bootstrap interval over pairs), 기준 (the model it is compared with), 차이, 차이 아래,
        차이 위 (difference of ρ, paired interval), 쌍 (pairs covered), 전체 (pairs in the list).
    """
    import numpy as np
    import pandas as pd

    from . import cooccurrence, evaluation, pmi, svd

    size = {"window": WINDOW, "max_vocabulary": MAX_VOCABULARY, "min_count": MIN_COUNT}
    counts, vocabulary = cooccurrence.count_cooccurrences(sentences, **size)
    positive = pmi.ppmi(counts)
    smoothed = pmi.ppmi(counts, smoothing=0.75)
    U, S, Vt = svd.truncated_svd(smoothed, k=min(k, len(vocabulary) - 1))
    with_context = svd.word_vectors(U, S) + svd.word_vectors(Vt.T, S)
    ids, offsets = cooccurrence.encode(sentences, vocabulary)
    ids = np.random.default_rng(0).permutation(ids)  # words in random order, lengths of the reviews kept
    shuffled_counts = cooccurrence.count_encoded(ids, offsets, len(vocabulary), window=WINDOW)
    half = svd.word_vectors(U, S, 0.5)
    models = {  # name → (matrix, the model it is compared with)
        "횟수": (counts, None),
        "PPMI": (positive, "횟수"),
        "PPMI, α = 0.75": (smoothed, "PPMI"),
        f"SVD {k}차원, p = 1/2": (half, "PPMI, α = 0.75"),
        f"SVD {k}차원, p = 0": (svd.word_vectors(U, S, 0), f"SVD {k}차원, p = 1/2"),
        f"SVD {k}차원, p = 1": (svd.word_vectors(U, S, 1), f"SVD {k}차원, p = 1/2"),
        f"SVD {k}차원, p = 1/2, 낱말 + 문맥": (with_context, f"SVD {k}차원, p = 1/2"),
        "PPMI, α = 0.75, 뒤섞은 말뭉치": (pmi.ppmi(shuffled_counts, smoothing=0.75), "PPMI, α = 0.75"),
    }
    rows = []
    for name, (matrix, base) in models.items():
        result = evaluation.word_similarity(matrix, vocabulary, pairs)
        gain = evaluation.similarity_gain(matrix, models[base][0], vocabulary, pairs) if base else (np.nan,) * 3
        rows.append({"모델": name, "rho": result.rho, "아래": result.low, "위": result.high, "기준": base or "",
                     **dict(zip(("차이", "차이 아래", "차이 위"), gain, strict=True)), "쌍": result.n_covered, "전체": result.n_total})
    return pd.DataFrame(rows)
