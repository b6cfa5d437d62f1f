"""기울기가 아니라 내려가는 방향(기울기의 반대)을 돌려줌"""
def triplet_gradients(a, p, n, margin):
    on = 2.0 * (((a - p) ** 2).sum() - ((a - n) ** 2).sum() + margin > 0)
    return on * (p - n), on * (a - p), on * (n - a)
