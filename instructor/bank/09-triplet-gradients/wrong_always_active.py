"""손실이 0인 삼중항에도 기울기를 줌"""
def triplet_gradients(a, p, n, margin):
    return 2 * (n - p), 2 * (p - a), 2 * (a - n)
