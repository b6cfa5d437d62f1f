"""코사인이 작은 것부터 고름 (argsort는 오름차순)"""
def nearest_words(matrix, words, word, n):
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit = matrix / np.where(lengths == 0, 1, lengths)
    i = words.index(word)
    return [words[j] for j in np.argsort(unit @ unit[i]) if j != i][:n]
