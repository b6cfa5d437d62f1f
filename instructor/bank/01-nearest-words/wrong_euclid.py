"""코사인이 아니라 유클리드 거리로 비교"""
def nearest_words(matrix, words, word, n):
    i = words.index(word)
    return [words[j] for j in np.argsort(np.linalg.norm(matrix - matrix[i], axis=1)) if j != i][:n]
