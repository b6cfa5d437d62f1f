"""모든 높이를 한꺼번에 이분"""
def adaptive_alphas(score, n):
    start, end = score(0), score(1)
    levels = np.linspace(start, end, n)[1:-1]
    low, high = np.zeros(len(levels)), np.ones(len(levels))
    for _ in range(40):
        middle = (low + high) / 2
        values = np.array([score(m) for m in middle])
        before = values < levels if end > start else values > levels
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.concatenate([[0], (low + high) / 2, [1]])
