"""scikit-learn으로"""
from sklearn.metrics.pairwise import cosine_similarity


def nearest_words(matrix, words, word, n):
    i = words.index(word)
    similarity_to_word = cosine_similarity(matrix[[i]], matrix).ravel()
    similarity_to_word[i] = -np.inf
    return [words[j] for j in similarity_to_word.argsort()[::-1][:n]]
