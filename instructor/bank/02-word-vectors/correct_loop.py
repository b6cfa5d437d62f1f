"""열마다 곱하는 반복문으로"""
def word_vectors(U, S, p):
    result = np.array(U, dtype=float)
    for j in range(len(S)):
        result[:, j] = U[:, j] * S[j] ** p
    return result
