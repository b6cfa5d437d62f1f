"""길이로 나누지 않고 내적으로 비교: 긴 벡터가 이깁니다"""
def nearest_words(matrix, words, word, n):
    i = words.index(word)
    return [words[j] for j in np.argsort(-(matrix @ matrix[i])) if j != i][:n]
