"""외적 k개의 합으로"""
def low_rank(A, k):
    U, S, Vt = np.linalg.svd(A, full_matrices=False)
    return sum(S[i] * np.outer(U[:, i], Vt[i]) for i in range(k))
