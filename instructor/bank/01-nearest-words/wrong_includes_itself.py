"""자기 자신을 1등으로 돌려줌"""
def nearest_words(matrix, words, word, n):
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit = matrix / np.where(lengths == 0, 1, lengths)
    return [words[j] for j in np.argsort(-(unit @ unit[words.index(word)]))[:n]]
