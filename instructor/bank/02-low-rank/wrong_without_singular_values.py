"""특이값을 곱하지 않음"""
def low_rank(A, k):
    U, S, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] @ Vt[:k]
