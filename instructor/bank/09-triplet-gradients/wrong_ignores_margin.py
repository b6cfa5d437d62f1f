"""마진을 잊고 순서가 틀린 삼중항에만 기울기를 줌: 세미하드를 놓침"""
def triplet_gradients(a, p, n, margin):
    on = 2.0 * (((a - p) ** 2).sum() > ((a - n) ** 2).sum())
    return on * (n - p), on * (p - a), on * (a - n)
