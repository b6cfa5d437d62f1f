"""행렬의 앞 k행만 남기고 나머지를 0으로 채움"""
def low_rank(A, k):
    result = np.zeros_like(A, dtype=float)
    result[:k] = A[:k]
    return result
