"""근사 행렬이 아니라 줄인 벡터(U_k S_k)를 돌려줌"""
def low_rank(A, k):
    U, S, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] * S[:k]
