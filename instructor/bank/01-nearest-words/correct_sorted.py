"""sorted와 key로"""
def nearest_words(matrix, words, word, n):
    target = matrix[words.index(word)]

    def cosine(other):
        length = np.linalg.norm(other) * np.linalg.norm(target)
        return float(other @ target / length) if length > 0 else 0.0

    others = [i for i in range(len(words)) if words[i] != word]
    others.sort(key=lambda i: cosine(matrix[i]), reverse=True)
    return [words[i] for i in others[:n]]
