"""길이가 0인 행을 0으로 나눔: NaN이 맨 앞에 옵니다"""
def nearest_words(matrix, words, word, n):
    with np.errstate(all="ignore"):
        unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    i = words.index(word)
    return [words[j] for j in np.argsort(unit @ unit[i])[::-1] if j != i][:n]
