"""가장 작은 특이값 k개를 남김"""
def low_rank(A, k):
    U, S, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, -k:] * S[-k:]) @ Vt[-k:]
