"""손실이 0이면 먼저 0을 돌려줌"""
def triplet_gradients(a, p, n, margin):
    if np.sum((a - p) ** 2) - np.sum((a - n) ** 2) + margin <= 0:
        return np.zeros_like(a), np.zeros_like(a), np.zeros_like(a)
    return 2 * (n - p), -2 * (a - p), 2 * (a - n)
