"""np.linalg.svd의 셋째 값을 V로 알고 다시 전치함"""
def low_rank(A, k):
    U, S, V = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * S[:k]) @ V[:, :k].T
