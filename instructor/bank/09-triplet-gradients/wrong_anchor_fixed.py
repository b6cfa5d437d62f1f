"""기준은 움직이지 않는다고 여김"""
def triplet_gradients(a, p, n, margin):
    on = 2.0 * (((a - p) ** 2).sum() - ((a - n) ** 2).sum() + margin > 0)
    return np.zeros_like(a), on * (p - a), on * (a - n)
