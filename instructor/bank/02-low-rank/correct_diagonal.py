"""대각 행렬을 만들어 곱함"""
def low_rank(A, k):
    U, S, Vt = np.linalg.svd(A)
    return U[:, :k] @ np.diag(S[:k]) @ Vt[:k, :]
