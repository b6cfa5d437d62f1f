"""Which words point in the same direction? Cosines between the rows of a matrix, sparse or dense."""

import numpy as np


def unit_rows(matrix):
    """Divide each row by its length; rows of zeros stay zeros (no NaN).

    Parameters
    ----------
    matrix : (V, d) array or sparse array

    Returns
    -------
    (V, d) array or scipy.sparse.csr_array
    """
    from scipy import sparse

    if sparse.issparse(matrix):
        matrix = sparse.csr_array(matrix, dtype=np.result_type(matrix.dtype, np.float32), copy=True)
        length = np.sqrt(matrix.multiply(matrix).sum(axis=1))
        matrix.data /= np.repeat(np.where(length > 0, length, 1), np.diff(matrix.indptr))
        return matrix
    matrix = np.asarray(matrix)
    length = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return matrix / np.where(length > 0, length, 1)


def cosine(a, b) -> float:
    """Cosine of the angle between two vectors, from −1 to 1; 0 if one of them is all zeros.

    Parameters
    ----------
    a, b : (d,) array, or (1, d) sparse array
    """
    a, b = (unit_rows(_dense_vector(v)) for v in (a, b))
    if a.shape != b.shape:
        raise ValueError(f"두 벡터의 길이가 다릅니다: {a.size}과(와) {b.size}. 같은 행렬의 행끼리 비교해 주세요.")
    return float(np.clip(a @ b, -1, 1))


def nearest(matrix, vocabulary, word: str, n: int = 10) -> list[tuple[str, float]]:
    """The n words whose rows have the largest cosine with the row of ``word``, without the word itself.

    Parameters
    ----------
    matrix : (V, d) array or sparse array
    vocabulary : Vocabulary
    word : str
    n : int

    Returns
    -------
    list of (word, cosine), descending

    Raises
    ------
    KeyError
        If the vocabulary lacks the word; the message names similar ones.
    """
    number = word_number(vocabulary, word)
    rows = unit_rows(matrix)
    return best(rows @ _dense_vector(rows[[number]]), vocabulary, n, without=[number])


def best(scores, vocabulary, n: int, without=()) -> list[tuple[str, float]]:
    """The n words with the highest scores, as (word, score); ``without`` lists numbers that are left out."""
    if n < 1:
        raise ValueError(f"n은 1 이상이어야 합니다: {n}.")
    scores = np.array(scores, dtype=float)
    scores[list(without)] = -np.inf
    order = np.argsort(-scores, kind="stable")[: min(n, len(scores) - len(set(without)))]
    return [(vocabulary.words[i], float(scores[i])) for i in order]


def word_number(vocabulary, word: str) -> int:
    """Row number of a word; an unknown word raises a KeyError that suggests similar ones."""
    if word in vocabulary.index:
        return vocabulary.index[word]
    from difflib import get_close_matches

    close = get_close_matches(str(word), vocabulary.words, n=3, cutoff=0.5)
    advice = f"혹시 {', '.join(close)}을(를) 찾으셨나요?" if close else "다른 낱말을 고르거나 max_vocabulary를 늘려 보세요."
    raise UnknownWord(f"'{word}'은(는) 어휘 {len(vocabulary.words):,}개에 없습니다. {advice}")


class UnknownWord(KeyError):
    """A KeyError whose message is shown as it is, without the quotation marks of KeyError."""

    def __str__(self):
        return self.args[0]


def _dense_vector(vector):
    return (vector.toarray() if hasattr(vector, "toarray") else np.asarray(vector)).ravel()
