"""순위를 0부터 셈"""
def fuse(first, second, k=60):
    ranks = [np.argsort(np.argsort(-scores)) for scores in (first, second)]
    return 1 / np.maximum(k + ranks[0], 1e-9) + 1 / np.maximum(k + ranks[1], 1e-9)
