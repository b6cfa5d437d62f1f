"""행의 길이를 1로 만들어 특이값의 크기를 지움"""
def word_vectors(U, S, p):
    rows = U * S**p
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
