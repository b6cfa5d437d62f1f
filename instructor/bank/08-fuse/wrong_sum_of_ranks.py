"""순위를 먼저 더한 뒤에 역수를 취함"""
def fuse(first, second, k=60):
    ranks = [np.argsort(np.argsort(-scores)) + 1 for scores in (first, second)]
    return 1 / (k + ranks[0] + ranks[1])
