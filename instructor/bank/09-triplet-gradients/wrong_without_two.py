"""제곱을 미분할 때 나오는 2를 빠뜨림"""
def triplet_gradients(a, p, n, margin):
    on = float(((a - p) ** 2).sum() - ((a - n) ** 2).sum() + margin > 0)
    return on * (n - p), on * (p - a), on * (a - n)
